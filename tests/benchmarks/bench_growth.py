"""What a hundred times as many patients cost: finding, opening, saving, the day, and each keystroke.

Every size is built once, encrypted, with visits and a person at work; the window is the real one, its
keys are real key events, and a keystroke counts until the rows it asked for are painted.
"""

from __future__ import annotations

import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.clock import FixedClock
from medsec_desktop.domain.permissions import Permission, Role
from medsec_desktop.models import Provider, UserAccount, WorkingHours
from medsec_desktop.services.calendar import BookingDraft
from medsec_desktop.services.office import Office
from medsec_desktop.services.session import Session, User
from medsec_desktop.store import journal
from medsec_desktop.store.database import Database
from tests.benchmarks import bench_search
from tests.benchmarks.rows import Row, milliseconds, percentile

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

    from medsec_desktop.ui.main_window import MainWindow

NOW = datetime(2026, 3, 11, 9)
SMALL, LARGE = 10_000, 1_000_000
_NEXT_MONDAY = datetime(2026, 3, 16, 9)
_VISITS_A_DAY = 64
_TYPED = ("name begun", "given name", "two-letter name", "two words", "last four", "a slip",
          "name and year", "inside a name")  # fmt: skip


def run(small: int = SMALL, large: int = LARGE, times: int = 40) -> list[Row]:
    """Each figure at `large` patients in ratio to the same at `small`, then keystrokes at `large`."""
    floor = _measured(small, times, with_window=False)
    value = _measured(large, times, with_window=True)
    people = f"{large:,} patients"
    rows = []
    for name in floor:
        # What a search may take is said in milliseconds below; all else hardly grows.
        target = 0.0 if name.startswith("search") else 3.0
        rows.append(Row(f"{name}, {people} / {small:,}", value[name], "ms", target, floor[name]))
    rows += [
        Row(f"search SQL p95, {people}", value["search SQL p95"], "ms", 6.0),
        Row(f"keystroke → painted p95, Patients, {people}", value["patients"], "ms", 16.0),
        Row(f"keystroke → painted p95, command box, {people}", value["command box"], "ms", 16.0),
    ]
    return rows


def _measured(patients: int, times: int, *, with_window: bool) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="medsec-bench-") as folder:
        database = bench_search.build(Path(folder), patients)
        try:
            office = _staffed(database, patients)
            figures = _figures(office, patients, times)
            if with_window:
                figures |= _keystrokes(office, times)
            return figures
        finally:
            database.close()


def _staffed(database: Database, patients: int) -> Office:
    """Somebody at work among four providers' calendars, with visits as old as the practice is large."""
    program = Session(database, FixedClock(NOW), User.program(), "front-desk")
    with program.change("Set up", Permission.MANAGE_USERS):
        owner = UserAccount.create(login="olive", display_name="Olive", role=Role.OWNER)
        for family in ("Chen", "Lopez", "Novak", "Okoye"):
            provider = Provider.create(family_name=family, credential="MD", is_bookable=True)
            for weekday in range(5):
                WorkingHours.create(
                    provider_id=provider.id, weekday=weekday, starts_min=480, ends_min=1020
                )
    chance = random.Random(5)
    journal.drop_triggers(database)
    with database.engine.transaction("IMMEDIATE"):
        database.engine.connection().executemany(
            "INSERT INTO appointment (patient_id, provider_id, starts_at, duration_min, status)"
            " VALUES (?, ?, ?, 30, ?)",
            (
                (
                    chance.randint(1, patients),
                    number % 4 + 1,
                    (
                        NOW.replace(hour=8)
                        - timedelta(days=number // _VISITS_A_DAY)
                        + timedelta(minutes=number % _VISITS_A_DAY // 4 * 30)
                    ).isoformat(timespec="minutes"),
                    "done" if number >= _VISITS_A_DAY else "scheduled",
                )
                for number in range(max(patients // 2, 2 * _VISITS_A_DAY))
            ),
        )
        journal.regenerate_triggers(database)
    user = User(owner.id, "olive", "Olive", Role.OWNER)
    return Office(Session(database, FixedClock(NOW), user, "front-desk"))


def _figures(office: Office, patients: int, times: int) -> dict[str, float]:
    chance = random.Random(6)
    number = count(1)
    everything = [
        each for took in bench_search.measure(office.session.db).values() for each in took
    ]

    def somebody() -> int:
        return chance.randint(1, patients)

    def amend() -> None:
        patient_id = somebody()
        draft = office.patients.draft(patient_id)
        office.patients.amend(patient_id, replace(draft, email=f"a{next(number)}@mail.example"))

    def book() -> None:
        place = next(number)
        day, slot = divmod(place, 16)
        week, weekday = divmod(day, 5)
        start = _NEXT_MONDAY + timedelta(weeks=week, days=weekday, minutes=30 * slot)
        office.calendar.book(BookingDraft(somebody(), 1 + place % 4, None, start, 30), "bench")

    acts: dict[str, Callable[[], object]] = {
        "open a file": lambda: office.patients.open(somebody()),
        "save a file": amend,
        "book a visit": book,
        "the day": lambda: office.views.grid([NOW.date()]),
    }
    figures = {
        "search SQL p50": median(everything),
        "search SQL p95": percentile(everything, 0.95),
    }
    for name, act in acts.items():
        milliseconds(act, 3)
        figures[name] = median(milliseconds(act, times))
    return figures


def _keystrokes(office: Office, times: int) -> dict[str, float]:
    """p95 from a key pressed to its answer painted, on the Patients tab and in the command box."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from medsec_desktop.ui.desk import make_desk
    from medsec_desktop.ui.jobs import Jobs
    from medsec_desktop.ui.main_window import MainWindow
    from medsec_desktop.ui.theme import Theme

    class Watched(Jobs):
        """The program's own jobs, which also say whose answer was shown last."""

        answered = ""

        def latest(self, search: Any, deliver: Any) -> Any:
            def delivered(result: Any) -> None:
                deliver(result)
                self.answered = result[0]

            return super().latest(search, delivered)

    app = QApplication.instance() or QApplication([])
    theme = Theme(parent=app)
    theme.apply(app)
    jobs = Watched(office.session.db.connection)
    window = MainWindow(make_desk(office, theme, jobs=jobs), unlock=lambda *_: None)
    window.resize(1366, 768)
    window.show()
    QTest.qWait(50)
    window.show_tab("patients")
    window.activateWindow()
    if not QTest.qWaitForWindowActive(window):
        raise TimeoutError("the window never became the active one")
    tab: Any = window.tab_named("patients")
    queries = list(_typed(office.session.db, times))
    figures = {}
    try:
        for name, line, shown in (
            ("patients", tab.search, tab.people),
            ("command box", window.command_box, window.command_box.results),
        ):
            line.setFocus()
            app.processEvents()
            took = [
                each
                for query in queries
                for each in _typing(app, window, line, shown, query, lambda: jobs.answered)
            ]
            figures[name] = percentile(took, 0.95)
    finally:
        window.close()
        window.deleteLater()
        app.processEvents()
    return figures


def _typed(database: Database, times: int) -> Iterator[str]:
    asked = bench_search.queries(database)
    for number in range(times):
        texts = asked[_TYPED[number % len(_TYPED)]]
        yield texts[number // len(_TYPED) % len(texts)]


def _typing(
    app: QApplication,
    window: MainWindow,
    line: QLineEdit,
    shown: QWidget,
    query: str,
    answered: Callable[[], str],
) -> Iterator[float]:
    """Milliseconds of every keystroke of `query` until the list it filled is painted."""
    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtTest import QTest

    wait = QEventLoop.ProcessEventsFlag.AllEvents | QEventLoop.ProcessEventsFlag.WaitForMoreEvents
    pulse = QTimer()  # so that no wait is without end
    pulse.start(500)
    line.setFocus()
    line.clear()
    QTest.qWait(20)
    for length in range(1, len(query) + 1):
        started = time.perf_counter()
        QTest.keyClicks(line, query[length - 1])
        while answered() != query[:length]:
            # Asleep until something happens, as the program is: a loop that spins would hold the
            # interpreter and slow down the very search it waits for.
            app.processEvents(wait)
            if time.perf_counter() - started > 10:
                raise TimeoutError(f"no answer to what was typed, at {length} letters")
        line.repaint()
        shown.repaint()
        yield (time.perf_counter() - started) * 1000
        assert window.isVisible()


if __name__ == "__main__":
    for row in run(2_000, 10_000, 16):
        print(row)
