"""Beside the board: the visit selected with what to ask, who leaves without a next step, what waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QSizePolicy, QTabWidget, QVBoxLayout, QWidget

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.services.today.records import Check, CheckKind, Departure, Group, QueueRow
from medsec_desktop.ui.today.visit_panel import VisitPanel
from medsec_desktop.ui.widgets.labels import Hairline, Text
from medsec_desktop.ui.widgets.scrolled import ScrolledColumn
from medsec_desktop.ui.widgets.search_list import FastList, ListRow

if TYPE_CHECKING:
    from medsec_desktop.services.session import Changes
    from medsec_desktop.ui.today.tab import TodayTab
    from medsec_desktop.ui.today.wording import BoardLine

_TO_SEE = (Group.EXPECTED, Group.WAITING, Group.UNRESOLVED, Group.IN_ROOM)
_LOOKED_AT = (
    "appointment", "patient", "patient_phone", "patient_address", "coverage", "authorization",
    "patient_alert", "letter", "fax", "fax_attempt", "recall", "coverage_verification", "referral",
    "consent", "consent_kind", "charge_sheet",
)  # fmt: skip
_QUEUED = (
    *_LOOKED_AT, "waiting_entry", "call_attempt", "working_hours", "hours_exception", "closure",
    "public_holiday", "block_out", "provider", "room_hours", "setting", "records_request", "claim",
    "charge_sheet", "payer_rule",
)  # fmt: skip


class Beside(QWidget):
    """Reads once for all visits, so that going through the board reads nothing."""

    def __init__(self, tab: TodayTab):
        super().__init__(tab)
        self._tab, self._desk = tab, tab.desk
        self._checks: dict[int, tuple[Check, ...]] = {}
        self._departures: dict[int, Departure] = {}
        self._line: BoardLine | None = None
        self._queue_is_read = False
        self.panel = VisitPanel(tab)
        self.leaving = FastList(tab.desk.theme, "Leaving without a next step", two_lines=True)
        self.leaving.chosen.connect(self._go_to)
        self.queue = FastList(tab.desk.theme, "To do", two_lines=True)
        self.queue.chosen.connect(self._open)
        self._nothing = {
            self.leaving: Text(
                "Everybody seen today has a next visit or a recall.", "muted", wrap=True
            ),
            self.queue: Text("Nothing is waiting.", "muted", wrap=True),
        }
        self._later = QTimer(self)  # one reading for a handful of changes
        self._later.setSingleShot(True)
        self._later.setInterval(150)
        self._later.timeout.connect(self._read_queue)
        tab.desk.drafts.changed.connect(self._drafts_changed)
        self._lay_out()

    # -- what the tab asks ----------------------------------------------------------------------

    def reload(self) -> None:
        """Read what is to ask, who leaves, and, away from the screen, what waits."""
        self._read_desk()
        self._later.start(0 if not self._queue_is_read else self._later.interval())

    def refresh(self, changes: Changes) -> None:
        if not self._tab.isVisible():
            return  # read when the tab comes to the front
        if changes.touches(*_LOOKED_AT):
            self._read_desk()
        if changes.touches(*_QUEUED):
            self._later.start()

    def read_again(self) -> None:
        """Something was settled that changed no row: read what is to ask."""
        self._read_desk()

    def rest(self) -> None:
        """Out of sight nothing is read; all of it is when the tab comes back."""
        self._later.stop()

    def tick(self) -> None:
        """The minutes of the visit shown."""
        self.show_visit(self._tab.list.current_line())

    def show_visit(self, line: BoardLine | None) -> None:
        """Show a visit of the board, or nothing."""
        self._line = line
        self.panel.setVisible(line is not None)
        self._nobody.setVisible(line is None)
        if line is not None:
            visit = line.value
            self.panel.show_line(
                line, self._checks.get(visit.id, ()), self._departures.get(visit.id)
            )

    # -- reading --------------------------------------------------------------------------------

    def _read_desk(self) -> None:
        board = self._desk.office.board
        now = self._desk.office.clock.now()
        here = [row for row in self._tab.all_rows if row.group(now) in _TO_SEE]
        self._checks = board.checks(here)
        self._departures = {row.visit_id: row for row in board.departures()}
        marks = {row.id: _mark(self._checks[row.id], row.to_room_at is not None) for row in here}
        self._tab.note_marks(marks)
        self._show_leaving()
        self.show_visit(self._tab.list.current_line())

    def _show_leaving(self) -> None:
        rows = [
            ListRow(row, row.patient_name, "Nothing arranged yet", icon="log-out")
            for row in self._departures.values()
            if row.is_open
        ]
        self._fill(self.leaving, rows, "Leaving")

    def _drafts_changed(self) -> None:
        if self._tab.isVisible():
            self._later.start()

    def _read_queue(self) -> None:
        office = self._desk.office
        if not office.session.may(Permission.VIEW_CALENDAR):
            return
        _ = office.calendar  # made here: it registers itself with the session
        self._queue_is_read = True
        self._desk.jobs.quietly(lambda _: office.board.queue(), self._show_queue)

    def _show_queue(self, rows: tuple[QueueRow, ...]) -> None:
        self._fill(
            self.queue,
            [
                ListRow(
                    row,
                    row.title,
                    row.detail,
                    row.trailing,
                    icon=row.icon,
                    mark="Late" if row.is_late else "",
                    tone="warning",
                )
                for row in rows
            ],
            "To do",
        )

    def _fill(self, view: FastList, rows: list[ListRow], title: str) -> None:
        if tuple(rows) != view.rows.rows:
            kept = view.currentIndex().row()
            view.set_rows(rows, preselect=False)
            if rows and kept >= 0:
                view.setCurrentIndex(view.rows.index(min(kept, len(rows) - 1), 0))
        view.setVisible(bool(rows))
        self._nothing[view].setVisible(not rows)
        place = 0 if view is self.leaving else 1
        self.lists.setTabText(place, f"{title} {len(rows)}" if rows else title)

    # -- going there ----------------------------------------------------------------------------

    def _go_to(self, row: Departure) -> None:
        if self._tab.select_visit(row.visit_id):
            self._tab.list.setFocus()

    def _open(self, row: QueueRow) -> None:
        if row.place.kind == "draft":
            self._desk.drafts.resume(int(row.place.key))
        elif row.place.kind in ("calendar-page", "list"):
            self._desk.actions.trigger(f"list.{row.place.key}")
        else:
            self._desk.go.open_link(row.place)

    # -- inside ---------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self._nobody = Text("Select a visit to see what to ask at the desk.", "muted", wrap=True)
        self._nobody.setContentsMargins(16, 16, 0, 0)
        self._nobody.setAlignment(Qt.AlignmentFlag.AlignTop)
        scroll = ScrolledColumn("The visit selected")
        scroll.column.addWidget(self._nobody)
        scroll.column.addWidget(self.panel)
        scroll.column.addStretch(1)
        self.lists = QTabWidget()
        self.lists.setDocumentMode(True)
        self.lists.tabBar().setDrawBase(False)
        for view, title in ((self.leaving, "Leaving"), (self.queue, "To do")):
            page = QWidget()
            rows = QVBoxLayout(page)
            rows.setContentsMargins(4, 4, 4, 0)
            self._nothing[view].setContentsMargins(12, 8, 12, 8)
            self._nothing[view].setSizePolicy(
                QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum
            )
            rows.addWidget(view, 1)
            rows.addWidget(self._nothing[view])
            rows.addStretch(0)
            view.hide()
            self.lists.addTab(page, title)
        self.lists.setCurrentIndex(1)
        self.lists.tabBar().setAccessibleName("Lists beside the board")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(scroll, 11)
        whole.addWidget(Hairline())
        whole.addWidget(self.lists, 9)


def _mark(checks: tuple[Check, ...], is_in_room: bool) -> str:
    """“Alert”, or how much is to ask: in a word, for the line of the board."""
    if any(check.kind is CheckKind.ALERT and not check.is_settled for check in checks):
        return "Alert"
    # Once she is in the room it is too late to ask.
    urgent = 0 if is_in_room else sum(1 for check in checks if check.is_urgent)
    return f"{urgent} to ask" if urgent else ""
