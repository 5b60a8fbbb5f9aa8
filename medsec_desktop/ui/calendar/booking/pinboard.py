"""The pinboard: visits taken along while one looks for another time for them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QHBoxLayout

from medsec_desktop.domain.calendar import DAY_MIN, Slot, Span
from medsec_desktop.domain.calendar.finding import FindQuery
from medsec_desktop.services.calendar import AppointmentDetail, BookingDraft
from medsec_desktop.ui.calendar.current import CurrentFormats
from medsec_desktop.ui.calendar.grid.geometry import Proposal
from medsec_desktop.ui.calendar.words import counted
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import (
    DateEdit,
    EmptyState,
    FastList,
    Field,
    ListRow,
    PlainButton,
    Text,
)
from medsec_desktop.ui.widgets.buttons import press_by_enter
from medsec_desktop.ui.widgets.page import Panel
from medsec_desktop.ui.widgets.scrolled import ScrolledColumn

if TYPE_CHECKING:
    from medsec_desktop.services.calendar.views import GridColumn
    from medsec_desktop.services.session import Changes
    from medsec_desktop.ui.calendar.tab import CalendarTab


_MOST_SHOWN = 6


class Pinboard(Panel):
    """Visits keep their old time until each is placed: by Enter, by drag, or all as found.

    What is pinned is kept like any unfinished work: parked by its key, and there after a restart.
    """

    draft_kind = "pinboard"
    draft_is_put_aside = True
    title = "Pinboard"
    bleeds = True
    help_page = "moving"
    stays = True  # beside the grid, whatever is chosen there

    def __init__(self, tab: CalendarTab):
        super().__init__(tab)
        self._pins = tab.visits
        self._visits: dict[int, AppointmentDetail] = {}
        self._found: dict[int, Slot] = {}
        self._is_kept = False  # the keeper of drafts looks after what is pinned
        desk = tab.desk
        self.list = FastList(desk.theme, "Pinned visits", two_lines=True)
        self.list.chosen.connect(self.place)
        self.list.viewport().installEventFilter(self)
        self.list.installEventFilter(self)
        self._pressed_at: QPoint | None = None
        self._dragged: int | None = None
        self.hint = Text(
            "Choose a time on the grid, then press Enter here; or drag a visit onto the grid.",
            "small",
            wrap=True,
        )
        self.from_edit = DateEdit(desk.theme, CurrentFormats(desk.office), desk.office.clock.today)
        self.from_edit.setPlaceholderText("As soon as possible")
        self.from_field = Field("Not before", self.from_edit)
        self.same_provider = QCheckBox("With the same provider")
        self.same_provider.setChecked(True)
        self.same_day = QCheckBox("All on one day")
        self.find_button = PlainButton("Find times for all", self.find, kind="primary")
        self.take_button = PlainButton("Take these times", self.take_all)
        self.place_button = PlainButton(
            "Put at the cursor", self.place_at_cursor, tip="Enter, or Ctrl+V on the grid"
        )
        self.off_button = PlainButton(
            "Take off", self.take_off, tip="Off the board; it stays where it is (Delete)"
        )
        self.empty = EmptyState(
            desk.theme,
            "pin",
            "Nothing is pinned",
            "Select a visit and press Ctrl+Alt+P. It keeps its time until it has another.",
        )
        beside = QHBoxLayout()
        beside.setSpacing(8)
        beside.addWidget(self.place_button, 1)
        beside.addWidget(self.off_button, 1)
        self.board = ScrolledColumn("Pinned visits")
        column = self.board.column
        column.setSpacing(12)
        column.addWidget(self.hint)
        column.addWidget(self.list)
        column.addLayout(beside)
        for part in (
            self.from_field, self.same_provider, self.same_day, self.find_button, self.take_button,
        ):  # fmt: skip
            column.addWidget(part)
        column.addStretch(1)
        self.body.addWidget(self.board, 1)
        self.body.addWidget(self.empty, 1)
        self._pins.changed.connect(self.read)
        press_by_enter(self)
        desk.theme.changed.connect(self._fit)
        self.read()

    def showing(self) -> None:
        self._take_up_what_was_left()
        self.read()
        self.list.setFocus()

    def refresh(self, changes: Changes) -> None:
        if changes.touches("appointment", "patient", "provider"):
            self.read()

    def read(self) -> None:
        """Read the pinned visits as they stand now."""
        calendar, chosen = self.desk.office.calendar, self.list.current_value()
        self._visits = {}
        for visit_id in self._pins.pinned:
            detail = guarded(self.desk, lambda one=visit_id: calendar.appointment(one))
            if detail is not None:
                self._visits[visit_id] = detail
        self._found = {one: slot for one, slot in self._found.items() if one in self._visits}
        self.list.set_rows([self._row(detail) for detail in self._visits.values()])
        for index, visit_id in enumerate(self._visits):
            if visit_id == chosen:
                self.list.setCurrentIndex(self.list.rows.index(index, 0))
        count = len(self._visits)
        self.heading.setText(f"{self.title} ({count})" if count else self.title)
        self.empty.setVisible(not count)
        self.board.setVisible(bool(count))
        self.take_button.setVisible(bool(self._found))
        # The weight lies on what comes next: finding the times, then taking them.
        self.take_button.set_kind("primary" if self._found else "plain")
        self.find_button.set_kind("plain" if self._found else "primary")
        self.take_button.setText("Take these times" if len(self._found) > 1 else "Take this time")
        self._fit()
        self._keep()

    # -- kept until placed ----------------------------------------------------------------------

    def draft_title(self) -> str:
        return f"Pinboard: {counted(len(self._pins.pinned), 'visit')}"

    def draft_state(self) -> dict[str, Any] | None:
        """What is pinned, or None while nothing is."""
        return {"visits": list(self._pins.pinned)} if self._pins.pinned else None

    def restore_state(self, state: dict[str, Any]) -> None:
        """Pin again what `draft_state` found, as far as it can still be moved."""
        self._pins.pin_again(int(one) for one in state["visits"])

    def resume(self, state: dict[str, Any], draft_id: int) -> None:
        """Go on with a board that was parked or left when the program ended."""
        drafts = self.desk.drafts
        if self._is_kept:
            drafts.done(self)  # what is on the board now goes into the one resumed
        self._is_kept = True
        drafts.watch(self, close=self._parked, draft_id=draft_id)
        self.restore_state(state)

    def _take_up_what_was_left(self) -> None:
        """Opened by its key, an empty board is the one that was left."""
        drafts = self.desk.drafts
        left = [row for row in drafts.waiting() if row.kind == self.draft_kind]
        if left and not self._pins.pinned:
            self.resume(self.desk.office.drafts.take_up(left[0].id), left[0].id)

    def _keep(self) -> None:
        if self._pins.pinned and not self._is_kept:
            self._is_kept = True
            self.desk.drafts.watch(self, close=self._parked)
        elif not self._pins.pinned and self._is_kept:
            self._is_kept = False
            self.desk.drafts.done(self)

    def _parked(self) -> None:
        self._is_kept = False
        self._pins.unpin_all()
        self.leave()

    # -- placing --------------------------------------------------------------------------------

    def place(self, visit_id: int) -> None:
        """Enter: to the time found for it, else to where the cursor stands."""
        if visit_id in self._found:
            self._move([visit_id])
        else:
            self.place_at_cursor()

    def place_at_cursor(self) -> None:
        """Put the visit selected where the cursor stands on the grid."""
        visit_id, grid = self.list.current_value(), self.tab.grid
        column, cursor = grid.column_at_cursor, grid.cursor_at
        if visit_id is None:
            return
        if not grid.isVisible() or column is None or cursor is None or grid.selected_id is not None:
            self.desk.messages.not_now("Choose a free time on the grid first.")
            return
        self.tab.wishes.move(visit_id, column, cursor.span.starts_min)

    def take_off(self) -> None:
        """Leave the visit selected where it is."""
        visit_id = self.list.current_value()
        if visit_id is not None:
            self._pins.unpin(visit_id)

    def find(self) -> None:
        """The soonest times that suit all of them together, shown with each."""
        if self.from_edit.text().strip() and self.from_edit.value() is None:
            self.from_field.problem(self.from_edit.problem() or "Type a date, or leave it empty.")
            return
        self.from_field.problem("")
        details = list(self._visits.values())
        queries = [self._query(detail) for detail in details]
        ways = guarded(
            self.desk,
            lambda: self.desk.office.finder.several(
                queries, same_day=self.same_day.isChecked(), count=1
            ),
        )
        if ways is None:
            return
        self._found = {}
        if ways:
            self._found = {
                detail.row.id: slot for detail, slot in zip(details, ways[0], strict=True)
            }
        else:
            self.desk.messages.not_now(
                "No such times within half a year. Try any provider, or different days."
            )
        self.read()
        if self._found:
            self.take_button.setFocus()
            # It has its place only after the layout has been asked for it.
            QTimer.singleShot(0, self, lambda: self.board.ensureWidgetVisible(self.take_button))

    def take_all(self) -> None:
        """Move every visit to the time found for it, in one step."""
        self._move(list(self._found))

    # -- inside ---------------------------------------------------------------------------------

    def _move(self, visit_ids: list[int]) -> None:
        drafts = {one: self._draft(one) for one in visit_ids if one in self._found}
        moved = guarded(
            self.desk,
            lambda: self.desk.office.calendar.move_all(drafts, initiator=self) if drafts else None,
        )
        if moved:
            only = self._visits.get(visit_ids[0])
            what = f"{only.row.patient_name}" if len(moved) == 1 and only else ""
            self.desk.messages.say(f"Moved: {what or counted(len(moved), 'visit')}.", undo=True)

    def _draft(self, visit_id: int) -> BookingDraft:
        slot = self._found[visit_id]
        return replace(
            self._visits[visit_id].draft, starts_at=slot.starts_at, provider_id=slot.provider_id
        )

    def _query(self, detail: AppointmentDetail) -> FindQuery:
        row = detail.row
        return FindQuery(
            row.type_id,
            row.duration_min,
            (row.provider_id,) if self.same_provider.isChecked() else (),
            earliest_on=self.from_edit.value(),
            room_ids=(row.room_id,) if row.room_id is not None else (),
            patient_id=row.patient_id,  # whose day as it stands is left out: it is to be another
        )

    def _row(self, detail: AppointmentDetail) -> ListRow:
        row, formats = detail.row, self.desk.office.formats
        about = f"{formats.short_date(row.starts_at.date())}, {formats.time(row.starts_at)}"
        slot = self._found.get(row.id)
        if slot is None:
            about = f"{about} · {row.duration_min} min · {row.provider_name}"
        else:
            at = slot.starts_at
            about = f"{about} → {formats.short_date(at.date())}, {formats.time(at)}"
        return ListRow(row.id, row.patient_name, about)

    def _fit(self) -> None:
        """The list is as tall as what is pinned, up to what leaves room for the rest."""
        shown = min(max(len(self._visits), 1), _MOST_SHOWN)
        self.list.setFixedHeight(self.desk.theme.px(48) * shown)

    # -- dragging -------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A visit dragged off the list follows the mouse over the grid; Escape lets go of it."""
        kind = event.type()
        if watched is self.list and isinstance(event, QKeyEvent) and kind == QEvent.Type.KeyPress:
            return self._key(event)
        if watched is not self.list.viewport() or not isinstance(event, QMouseEvent):
            return super().eventFilter(watched, event)
        point = event.position().toPoint()
        if kind == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = point
        elif kind == QEvent.Type.MouseMove and self._pressed_at is not None:
            far = (point - self._pressed_at).manhattanLength()
            if self._dragged is None and far >= QApplication.startDragDistance():
                self._dragged = self.list.current_value()
            if self._dragged is not None:
                self._show_ghost(self._target(event.globalPosition().toPoint()))
                return True
        elif kind == QEvent.Type.MouseButtonRelease:
            dragged, self._dragged, self._pressed_at = self._dragged, None, None
            if dragged is not None:
                target = self._target(event.globalPosition().toPoint())
                self._let_go()
                if target is not None:
                    self.tab.wishes.move(dragged, *target)
                return True
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape and self._dragged is not None:
            self._dragged = self._pressed_at = None
            self._let_go()
            return True
        if event.key() == Qt.Key.Key_Delete:
            self.take_off()
            return True
        return False

    def _target(self, at: QPoint) -> tuple[GridColumn, int] | None:
        """The column and the minute under the mouse, on a line of the grid."""
        grid = self.tab.grid
        point = grid.viewport().mapFromGlobal(at)
        if not grid.isVisible() or grid.view is None or not grid.view.columns:
            return None
        if not grid.measures.body.contains(point):
            return None
        step = grid.step_min
        minute = grid.measures.minute_at(point.y()) // step * step
        return grid.view.columns[grid.measures.column_at(point.x())], minute

    def _show_ghost(self, target: tuple[GridColumn, int] | None) -> None:
        self.list.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        visit = self._visits.get(self._dragged or 0)
        if target is None or visit is None or target[0].provider_id is None:
            self.tab.grid.show_proposal(None)
            return
        column, start = target
        span = Span(start, min(start + visit.row.duration_min, DAY_MIN))
        proposal = Proposal(column.provider_id or 0, span, visit.row.patient_name)
        self.tab.grid.show_proposal(proposal, column.day)

    def _let_go(self) -> None:
        self.list.viewport().unsetCursor()
        self.tab.grid.show_proposal(None)
