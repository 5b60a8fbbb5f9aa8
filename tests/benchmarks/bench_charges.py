"""Opening a visit's charges, and the search over what it is coded with, at each key."""

from __future__ import annotations

import tempfile
import time
from datetime import date, datetime
from pathlib import Path
from statistics import median

from PySide6.QtWidgets import QApplication, QDialog, QWidget

from medsec_desktop.domain.clock import FixedClock
from medsec_desktop.services.claims.charge_records import DIAGNOSIS
from medsec_desktop.services.demo import open_demo
from medsec_desktop.services.office import Office
from medsec_desktop.store.keys import ArgonCost
from medsec_desktop.ui.claims.charges.charge_window import open_charges
from medsec_desktop.ui.desk import make_desk
from medsec_desktop.ui.jobs import InlineJobs
from medsec_desktop.ui.main_window import MainWindow
from medsec_desktop.ui.theme import Theme
from tests.benchmarks.rows import Row, percentile

_NOW = FixedClock(datetime(2026, 3, 11, 9, 0))
_TYPED = (
    "hypertension", "i10", "htn", "99213", "low back pain", "dm2", "fx radius", "e11.9", "flu shot",
    "j1885", "uri", "throat swab", "knee pain left", "213",
)  # fmt: skip


def run(times: int = 20, patients: int = 300) -> list[Row]:
    """On the demo clinic, whose visits have been charged for weeks."""
    app = QApplication.instance() or QApplication([])
    with tempfile.TemporaryDirectory(prefix="medsec-bench-") as folder:
        cost = ArgonCost(memory_kib=64, passes=1, lanes=1)
        office = open_demo(Path(folder) / "demo", _NOW, patients=patients, cost=cost)
        try:
            office.code_search.warm()
            return [*_opening(office, app, times), *_searching(office)]
        finally:
            office.close()


def _opening(office: Office, app: object, times: int) -> list[Row]:
    assert isinstance(app, QApplication)
    theme = Theme()
    theme.apply(app)
    desk = make_desk(office, theme, jobs=InlineJobs())
    window = MainWindow(desk, unlock=lambda *_: None)
    window.resize(1366, 768)
    window.show()
    app.processEvents()
    visits = [row.appointment_id for row in office.charges.uncharged(times)]
    bare, ours = [], []
    for number in range(times):
        bare.append(_milliseconds(lambda: _bare(window, app)))
        visit = visits[number % len(visits)]
        ours.append(_milliseconds(lambda visit=visit: _ours(desk, window, visit, app)))
    window.close()
    app.processEvents()
    return [
        Row("charges of a visit, open p95", percentile(ours, 0.95), "ms", 100.0),
        Row("charges of a visit, open, of a bare dialog", median(ours), "ms", 40.0, median(bare)),
    ]


def _bare(window: QWidget, app: QApplication) -> None:
    dialog = QDialog(window)
    dialog.resize(1180, 720)
    dialog.show()
    app.processEvents()
    dialog.repaint()
    dialog.close()
    dialog.deleteLater()


def _ours(desk: object, window: QWidget, visit: int, app: QApplication) -> None:
    dialog = open_charges(desk, window, visit)  # type: ignore[arg-type]
    assert dialog is not None
    app.processEvents()
    dialog.repaint()
    dialog.close()
    dialog.setParent(None)  # the next one is made anew
    dialog.deleteLater()


def _searching(office: Office) -> list[Row]:
    provider = office.practice.providers(bookable_only=True)[0].id
    day = date(2026, 3, 11)
    took = []
    for words in _TYPED:
        for end in range(1, len(words) + 1):
            took.append(
                _milliseconds(
                    lambda text=words[:end]: office.code_search.search(text, provider, day)
                )
            )
    favourites = office.favourites.of(provider, DIAGNOSIS)
    assert favourites, "the demo clinic has favourites"
    return [Row("code search at each key p95", percentile(took, 0.95), "ms", 10.0)]


def _milliseconds(act: object) -> float:
    started = time.perf_counter()
    act()  # type: ignore[operator]
    return (time.perf_counter() - started) * 1000
