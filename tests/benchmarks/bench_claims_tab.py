"""How long the Claims tab holds up the screen: while it is first shown, and while claims are opened.

What a biller feels is the longest time in which no key of hers is looked at. So the event loop is turned
round by round, as the program's own is, until everything that was begun is there; each row is the longest
of its rounds. A round also does what a worker thread has brought back, and waits where that thread holds
Python's lock, which is the program's own cost and counts. Beside it stands the longest round in processor
time of the screen's thread alone, which other work on the machine spoils less.

The practice has a list of HCPCS as long as CMS’s. Claims have three services each, every second one
another insurance and its answer, so that the form has much to show. The floor is the processor time of the
form made and filled in one go, as it would be without slices: a hold-up is a small part of it, however busy
the machine. The first show is measured in a window made anew each time; the first of all, which also
reads the modules in, stands apart.
"""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from medsec_desktop.domain.claims.claim import Claim
from medsec_desktop.domain.clock import FixedClock
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.services.office import Office
from medsec_desktop.services.session import Session
from medsec_desktop.store.database import close_practice
from medsec_desktop.ui.claims.editor import ClaimEditor
from medsec_desktop.ui.desk import Desk, make_desk
from medsec_desktop.ui.main_window import MainWindow
from medsec_desktop.ui.theme import Theme
from tests.benchmarks.rows import Row, percentile
from tests.ready_made import OWNER, a_staffed_practice
from tests.services.claims.practice import Billing, a_billing_clinic

_NOW = FixedClock(datetime(2026, 3, 11, 9, 0))
_VERY_FIRST = "Claims tab, the very first show"
_FIRST = "Claims tab, first shown in a window"
_WALKED = "next claim by the arrow key"
_OPENED = "claim opened"
_LED = "to a field of a group folded away"
_LONGEST_MS = 50.0
_PART_OF_IT = 0.25
_CODES = 8_500
_QUIET_ROUNDS = 25  # of a millisecond, in which nothing was left to do
_SHOWN_S = 0.25  # at least so long it is looked at what an act brings with it
_SETTLED_S, _MODULES_S = 0.3, 5.0  # what the window still reads after its first paint


def run(times: int = 12, claims: int = 60) -> list[Row]:
    """Rows for the table: a practice with so many claims, its tab shown `times` times."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    with tempfile.TemporaryDirectory(prefix="medsec-bench-") as folder:
        database = a_staffed_practice(Path(folder), _NOW.now())
        office = Office(Session(database, _NOW, OWNER, "bench"))
        try:
            _fill(a_billing_clinic(office), claims)
            _list_codes(office)
            return _measure(office, app, times)
        finally:
            close_practice(database)


def _fill(billing: Billing, claims: int) -> None:
    lines: list[dict[str, Any]] = [{}, {"code": "81003"}, {"code": "99214", "modifiers": "25"}]
    for number in range(claims):
        at = f"2026-03-{2 + number // 10:02}T{8 + number % 10:02}:00"
        billing.office.claims.build(billing.visit(at, lines=lines))


def _list_codes(office: Office) -> None:
    """As many codes as HCPCS has, all invented."""
    with office.session.change("List codes", Permission.EDIT_SETTINGS, sealed=True):
        for number in range(_CODES):
            office.session.db.execute(
                "INSERT INTO listed_code (kind, code, words, starts_on)"
                " VALUES ('hcpcs', ?, 'Invented', '2020-01-01')",
                (f"{chr(65 + number // 1000)}X{number % 1000:03}",),
            )


@dataclass(slots=True)
class _Longest:
    """The longest round of each run, on the wall clock and of this thread's processor time."""

    wall: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    def rows(self, name: str, at_once_ms: float) -> list[Row]:
        wall, processor = percentile(self.wall, 0.95), percentile(self.processor, 0.95)
        return [
            Row(f"{name}: longest hold-up p95", wall, "ms", _LONGEST_MS),
            Row(f"{name}, processor p95", processor, "ms", _PART_OF_IT, floor=at_once_ms),
        ]


def _measure(office: Office, app: QApplication, times: int) -> list[Row]:
    theme = Theme()
    theme.apply(app)
    found = {name: _Longest() for name in (_VERY_FIRST, _FIRST, _WALKED, _OPENED, _LED)}
    at_once: list[float] = []
    for number in range(times + 1):
        settles_s = _SETTLED_S if number or not times else _MODULES_S
        at_once.append(_once(office, app, theme, found, number, settles_s))
    floor = percentile(at_once, 0.5)
    return [
        row for name, longest in found.items() if longest.wall for row in longest.rows(name, floor)
    ]


def _once(
    office: Office,
    app: QApplication,
    theme: Theme,
    found: dict[str, _Longest],
    number: int,
    settles_s: float,
) -> float:
    """One window: the tab shown, the next claim walked to, another opened, a field gone to.

    Gives the milliseconds that the form takes in one go.
    """
    desk = make_desk(office, theme)
    window = _a_window(desk, app, settles_s)
    gc.collect()
    gc.freeze()  # the windows before it are no part of the program, and looking through them takes long
    shown = found[_FIRST if number else _VERY_FIRST]
    _turn(app, desk, shown, lambda: window.show_tab("claims"))
    tab: Any = window.tab_named("claims")
    tab.show_list("drafts")
    _turn(app, desk, _Longest(), _nothing)
    rows = tab.table.view.shown_rows()
    at = 2 * number % (len(rows) - 3)
    tab.table.select(rows[at].id)
    _turn(app, desk, _Longest(), _nothing)
    _turn(app, desk, found[_WALKED], lambda: QTest.keyClick(tab.table.view, Qt.Key.Key_Down))
    assert tab.panel.claim_id == rows[at + 1].id
    _turn(app, desk, found[_OPENED], lambda: tab.show_claim(rows[at + 3].id))
    _turn(app, desk, found[_LED], lambda: tab.panel.editor.form.go_to("note.text"))
    took = _form_at_once(desk, app, tab.panel.detail.content)
    window.close()
    desk.jobs.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    return took


def _form_at_once(desk: Desk, app: QApplication, claim: Claim) -> float:
    """Processor time of making, filling, styling and showing all of a form together."""
    started = time.thread_time()
    editor = ClaimEditor(desk, lambda _: "")
    editor.resize(720, 480)
    editor.show_claim(claim, None)
    editor.form.finish_all()
    editor.show()
    app.processEvents()
    took = (time.thread_time() - started) * 1000
    editor.close()
    editor.deleteLater()
    return took


def _a_window(desk: Desk, app: QApplication, settles_s: float) -> MainWindow:
    window = MainWindow(desk, unlock=lambda *_: None)
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    settled = time.monotonic() + settles_s
    while time.monotonic() < settled:
        app.processEvents()
    return window


def _turn(app: QApplication, desk: Desk, into: _Longest, act: Callable[[], object]) -> None:
    """Do something, then turn the event loop until nothing is left to do."""
    longest = processor = 0.0
    quiet, act_now = 0, act
    ends = time.monotonic() + _SHOWN_S
    while quiet < _QUIET_ROUNDS or desk.jobs.active or time.monotonic() < ends:
        started, used = time.perf_counter(), time.thread_time()
        act_now()
        app.processEvents()
        took, used = (time.perf_counter() - started) * 1000, (time.thread_time() - used) * 1000
        longest, processor = max(longest, took), max(processor, used)
        act_now = _nothing
        quiet = quiet + 1 if took < 1 else 0
        time.sleep(0.001)
    into.wall.append(longest)
    into.processor.append(processor)


def _nothing() -> None:
    pass
