"""What the calendar costs among very many visits: a week brought up, a full day painted, a visit dragged.

The window is the real tab; a switch counts until its week is painted. The floor is the one plain
statement that reads the same visits with all that a card can say, and makes nothing of them: reading
and switching are held to a multiple of it, the whole switch also to what a person does not notice.
The program's own statements read names of providers and types once for all visits, and so take less
than the floor; what they take alone is told beside it, and the switch is held to it as well. The visits
of the small month are counted after the week stands there, and are no part of the switch.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.clock import FixedClock
from medsec_desktop.services.alerts import TEXT_SQL
from medsec_desktop.services.calendar import reading
from medsec_desktop.services.calendar.views import ColumnKey
from medsec_desktop.services.office import Office
from medsec_desktop.services.session import Session, User
from medsec_desktop.store.database import Database
from tests.benchmarks.many_visits import PROVIDERS, TODAY, build
from tests.benchmarks.rows import Row, milliseconds, percentile

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint

    from medsec_desktop.ui.calendar.tab import CalendarTab

_WEEK = timedelta(days=7)
_MONDAY = TODAY + timedelta(days=7 - TODAY.weekday())
_DRAGGED_AMONG = 8  # providers, 16 visits a day each: 640 in a work week
_FULL_DAY = 25  # providers of a day gone by: 400 visits

# The plain statement for everything a card can say, as it was when the bound was set: it stays, so
# that the floor does not move with the program's own, which reads names once and not with each visit.
_FLOOR_SQL = f"""
SELECT a.id, a.version, a.patient_id, a.provider_id, a.type_id, a.starts_at, a.duration_min,
       a.status, a.reason,
       p.family_name, p.given_name, p.middle_name, p.name_prefix, p.name_suffix, p.preferred_name,
       d.family_name, d.given_name, d.credential,
       coalesce(t.name, ''), coalesce(t.colour, ''), coalesce(r.name, ''),
       coalesce((SELECT group_concat({TEXT_SQL}, char(10)) FROM patient_alert w
                 WHERE w.patient_id = a.patient_id AND w.is_shown_on_booking
                   AND (w.expires_on IS NULL OR w.expires_on >= ?1)), ''),
       a.room_id, coalesce(t.buffer_before_min, 0), coalesce(t.buffer_after_min, 0), d.colour,
       coalesce((SELECT y.name FROM coverage c JOIN payer y ON y.id = c.payer_id
                 WHERE c.patient_id = a.patient_id AND c.rank = 'primary'
                   AND (c.ends_on IS NULL OR c.ends_on >= substr(a.starts_at, 1, 10))
                 ORDER BY c.starts_on DESC, c.id DESC LIMIT 1), ''),
       CASE a.status WHEN 'confirmed' THEN coalesce((
           SELECT detail FROM appointment_event e WHERE e.appointment_id = a.id
           AND e.status = 'confirmed' ORDER BY e.id DESC LIMIT 1), '') ELSE '' END,
       a.series_id, a.rescheduled_from_id
FROM appointment a
JOIN patient p ON p.id = a.patient_id
JOIN provider d ON d.id = a.provider_id
LEFT JOIN appointment_type t ON t.id = a.type_id
LEFT JOIN room r ON r.id = a.room_id
"""


def run(visits: int = 5_000_000, times: int = 40) -> list[Row]:
    """Rows for the table, at `visits` stored."""
    folder = Path(tempfile.mkdtemp(prefix="medsec-bench-"))
    try:
        database = build(folder, visits)
        rows = measure(database, visits, times)
        database.close()
    finally:
        shutil.rmtree(folder)
    return rows


def measure(database: Database, visits: int, times: int) -> list[Row]:
    """Switches, repaints and drags on the real tab."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from medsec_desktop.ui.calendar.tab import CalendarTab
    from medsec_desktop.ui.desk import make_desk
    from medsec_desktop.ui.jobs import InlineJobs
    from medsec_desktop.ui.theme import Theme

    database.bind()
    office = Office(Session(database, FixedClock(datetime(2026, 3, 11, 8)), User.program()))
    app = QApplication.instance() or QApplication([])
    theme = Theme(parent=app)
    theme.apply(app)
    desk = make_desk(office, theme, jobs=InlineJobs(database.connection))
    tab = CalendarTab(desk)
    tab.resize(1920, 1000)
    tab.show()
    app.processEvents()
    try:
        return [
            *_switches(tab, database, visits, times),
            *_repaints(tab, times),
            *_drags(tab, times),
        ]
    finally:
        desk.drafts.close()
        tab.close()
        tab.deleteLater()
        app.processEvents()


def _switches(tab: CalendarTab, database: Database, visits: int, times: int) -> list[Row]:
    """From one week to the next until it is painted, of one person and of everybody."""
    rows: list[Row] = []
    for who, name in (("provider", f"{PROVIDERS} providers"), ("provider:1", "one provider")):
        tab.show_view("work_week")
        tab.show_who(who)
        tab.show_day(_MONDAY)
        week = {"at": _MONDAY, "by": _WEEK}

        def switch(week: Any = week) -> None:
            if not _MONDAY < week["at"] + week["by"] < _MONDAY + 10 * _WEEK:
                week["by"] = -week["by"]
            week["at"] += week["by"]
            tab.step(week["by"].days)
            tab.grid.viewport().repaint()

        def read(week: Any = week, who: str = who) -> None:
            _raw(database, week["at"], who)

        def own(week: Any = week, who: str = who) -> None:
            _raw(database, week["at"], who, reading.ROW_SQL)

        def make(week: Any = week) -> None:
            shown = tab.shown
            keys, kind = shown.keys()
            tab.desk.office.views.grid(shown.days(6), keys, kind=kind)

        switch(), read(), make()
        took: dict[str, list[float]] = {
            "switch": [],
            "read": [],
            "own": [],
            "make": [],
            "looked": [],
        }
        for _ in range(times):
            took["read"] += milliseconds(read, 1)
            took["own"] += milliseconds(own, 1)
            took["make"] += milliseconds(make, 1)
            took["switch"] += milliseconds(switch, 1)
        for _ in range(times):
            _look_at_it(tab)
            took["looked"] += milliseconds(switch, 1)
        assert tab.grid.view is not None
        shown = len(tab.grid.view.visits)
        floor, whole = median(took["read"]), median(took["switch"])
        target = 3.0 if who == "provider" else 0.0
        what = f"work week of {name}, {shown} of {visits:,} visits"
        rows += [
            Row(f"read a {what}", median(took["make"]), "ms", target, floor),
            Row("  the program's statement for its visits alone", median(took["own"]), "ms"),
            Row("  switch to it until painted, nothing of it known", whole, "ms", target, floor),
            Row("  p95", percentile(took["switch"], 0.95), "ms", 150.0),
            Row("  against the program's statement", whole, "ms", target, median(took["own"])),
            Row(
                "  switch after a look at the week before",
                median(took["looked"]),
                "ms",
                target,
                floor,
            ),
            Row("  p95", percentile(took["looked"], 0.95), "ms", 150.0),
        ]
        held = _held_down(tab, max(1, times // 8))
        rows += [
            Row("  key held down: from each to its week or a later one", median(held), "ms"),
            Row("  p95", percentile(held, 0.95), "ms", 150.0),
        ]
    return rows


def _held_down(tab: CalendarTab, times: int) -> list[float]:
    """Eight repeats on and eight back, thirty a second: for each key the milliseconds to a paint.

    A key counts until a week is painted that is no older than its own: those in between may be passed
    by. Keys that fall due during the work wait for it, as they do in the window system's queue.
    """
    from PySide6.QtCore import QEvent, Qt
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QApplication

    grid, took = tab.grid, []
    held, control = Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier

    def press() -> None:
        for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            QApplication.sendEvent(grid, QKeyEvent(kind, held, control, "", True))

    for number in range(2 * times):
        held = Qt.Key.Key_Left if number % 2 else Qt.Key.Key_Right
        if number % 2 == 0:
            tab.show_day(_MONDAY)
            QApplication.processEvents()
        begun, waiting = time.perf_counter(), []
        due = [begun + repeat / 30 for repeat in range(8)]
        while due or waiting:
            while due and due[0] <= time.perf_counter():
                waiting.append(due.pop(0))
                press()
            QApplication.processEvents()
            now = time.perf_counter()
            is_shown = grid.view is not None and tab.day in grid.view.days
            if is_shown and grid._layer is not None:
                took += [(now - key) * 1000 for key in waiting]
                waiting.clear()
    # The key is let go: steps after a held one are put off, and would be measured without their work.
    QApplication.sendEvent(grid, QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Right, control))
    return took


def _look_at_it(tab: CalendarTab) -> None:
    """Somebody looks at the week shown; meanwhile the weeks beside it are read."""
    from PySide6.QtWidgets import QApplication

    for _ in range(10_000):
        if tab.ahead.is_done:
            return
        QApplication.processEvents()
        time.sleep(0.001)
    raise AssertionError("the weeks beside the one shown are never read")


def _raw(database: Database, day: date, who: str, sql: str = _FLOOR_SQL) -> None:
    monday = day - timedelta(days=day.weekday())
    extra = " AND a.provider_id IN (1)" if who != "provider" else ""
    database.rows(
        sql + "WHERE a.starts_at >= ?2 AND a.starts_at < ?3"
        f" AND a.status <> 'cancelled'{extra} ORDER BY a.starts_at, a.id",
        (TODAY.isoformat(), monday.isoformat(), (monday + timedelta(days=5)).isoformat()),
    )


def _repaints(tab: CalendarTab, times: int) -> list[Row]:
    """The whole of a full day's layer anew, as after a scroll or a change."""
    grid, views = tab.grid, tab.desk.office.views
    keys = [ColumnKey("provider", number) for number in range(1, _FULL_DAY + 1)]
    grid.show_view(views.grid([TODAY - timedelta(days=2)], keys))

    def repaint() -> None:
        grid.redraw()
        grid.viewport().repaint()

    repaint()
    took = milliseconds(repaint, times)
    return [Row(f"repaint a day of {len(grid.places)} visits, p95", percentile(took, 0.95), "ms")]


def _drags(tab: CalendarTab, times: int) -> list[Row]:
    """A step of the mouse until what moved is painted."""
    from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QApplication

    grid, views = tab.grid, tab.desk.office.views
    keys = [ColumnKey("provider", number) for number in range(1, _DRAGGED_AMONG + 1)]
    days = [_MONDAY + timedelta(days=number) for number in range(5)]
    grid.show_view(views.grid(days, keys))
    view = grid.viewport()
    view.repaint()
    held = next(p for p in grid.places if view.rect().contains(grid.measures.visit_rect(p)))
    start = grid.measures.visit_rect(held).center()
    left = Qt.MouseButton.LeftButton

    def send(kind: QEvent.Type, point: QPoint, held_down: Qt.MouseButton) -> None:
        at = QPointF(point)
        event = QMouseEvent(
            kind,
            at,
            QPointF(view.mapToGlobal(point)),
            left,
            held_down,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(view, event)

    send(QEvent.Type.MouseButtonPress, start, left)
    took = []
    for number in range(times * 10):
        point = start + QPoint(20 + number * 7 % 900, 20 + number * 11 % 400)

        def step(point: QPoint = point) -> None:
            send(QEvent.Type.MouseMove, point, left)
            QApplication.sendPostedEvents(view)
            QApplication.processEvents()

        took += milliseconds(step, 1)
    grid._pointer.abort()
    return [
        Row(f"drag step among {len(grid.places)} visits, p95", percentile(took, 0.95), "ms", 4.0)
    ]


if __name__ == "__main__":
    for row in run(50_000, 10):
        print(row)
