"""Opening a visit's charges, and the search over what it is coded with, at each key."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from statistics import median

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from medsec_desktop.domain.clock import FixedClock
from medsec_desktop.services.claims.charge_records import DIAGNOSIS, PROCEDURE, ProcedureDraft
from medsec_desktop.services.office import Office
from medsec_desktop.services.session import Session
from medsec_desktop.store.database import close_practice
from medsec_desktop.ui.claims.charges.charge_window import open_charges
from medsec_desktop.ui.desk import Desk, make_desk
from medsec_desktop.ui.jobs import InlineJobs
from medsec_desktop.ui.main_window import MainWindow
from medsec_desktop.ui.theme import Theme
from tests.benchmarks.rows import Row, percentile
from tests.ready_made import OWNER, a_staffed_practice
from tests.services.claims.conftest import Clinic, a_clinic

_NOW = FixedClock(datetime(2026, 3, 11, 9, 0))
_DAY = date(2026, 3, 11)
_FAVOURITES = (
    "I10", "E119", "E785", "J069", "M5450", "F411", "N390", "E039", "K219", "J309", "R5383", "Z0000",
)  # fmt: skip
_TYPED = (
    "hypertension", "i10", "htn", "99213", "low back pain", "dm2", "fx radius", "e11.9", "flu shot",
    "j1885", "uri", "throat swab", "knee pain left", "213",
)  # fmt: skip
_OWN = 200  # procedures of the practice
_SETTLES_S = 1.0


def run(times: int = 40) -> list[Row]:
    """In a practice with favourites, two hundred procedures, and a visit charged before."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    with tempfile.TemporaryDirectory(prefix="medsec-bench-") as folder:
        database = a_staffed_practice(Path(folder), _NOW.now())
        office = Office(Session(database, _NOW, OWNER, "bench"))
        try:
            clinic = _filled(a_clinic(office))
            office.code_search.warm()
            return [*_opening(clinic, app, times), *_searching(clinic)]
        finally:
            close_practice(database)


def _filled(clinic: Clinic) -> Clinic:
    office = clinic.office
    for number in range(_OWN):
        office.procedures.save(ProcedureDraft(f"{10_000 + number}", words=f"Service {number}"))
    for code in _FAVOURITES:
        office.favourites.add(clinic.provider, DIAGNOSIS, code)
    office.favourites.add(clinic.provider, PROCEDURE, "99213")
    detail = office.charges.open(clinic.earlier)
    line = office.charges.line_for(
        office.code_search.hit(PROCEDURE, "99213", "", _DAY), clinic.payer, _DAY, (1,)
    )
    office.charges.save(replace(detail.draft, diagnoses=("I10", "E785"), lines=(line,)))
    return clinic


def _opening(clinic: Clinic, app: QApplication, times: int) -> list[Row]:
    theme = Theme()
    theme.apply(app)
    desk = make_desk(clinic.office, theme, jobs=InlineJobs())
    window = MainWindow(desk, unlock=lambda *_: None)
    window.resize(1366, 768)
    window.show()
    settled = time.monotonic() + _SETTLES_S
    while time.monotonic() < settled:  # what the window still reads after its first paint
        app.processEvents()
    _ours(desk, window, clinic.visit, app)
    _close(window)
    bare, ours = [], []
    for _ in range(times):  # by turns, so that what else goes on at the machine meets both
        bare.append(_milliseconds(lambda: _bare(window, app)))
        _close(window)
        ours.append(_milliseconds(lambda: _ours(desk, window, clinic.visit, app)))
        _close(window)
    window.close()
    app.processEvents()
    return [
        Row("charges of a visit, open p95", percentile(ours, 0.95), "ms", 100.0),
        Row("charges of a visit, open, of a bare dialog", median(ours), "ms", 15.0, median(bare)),
    ]


def _bare(window: QWidget, app: QApplication) -> None:
    dialog = QDialog(window)
    dialog.resize(1180, 720)
    dialog.show()
    app.processEvents()
    dialog.repaint()


def _ours(desk: Desk, window: QWidget, visit: int, app: QApplication) -> None:
    dialog = open_charges(desk, window, visit)
    assert dialog is not None
    app.processEvents()
    dialog.repaint()


def _close(window: QWidget) -> None:
    """Take the dialog away, so that the next one is made anew."""
    for dialog in window.findChildren(QDialog):
        dialog.close()
        dialog.setParent(None)
        dialog.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def _searching(clinic: Clinic) -> list[Row]:
    search = clinic.office.code_search.search
    took = [
        _milliseconds(lambda text=words[:end]: search(text, clinic.provider, _DAY))
        for words in _TYPED
        for end in range(1, len(words) + 1)
    ]
    return [Row("code search at each key p95", percentile(took, 0.95), "ms", 10.0)]


def _milliseconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000
