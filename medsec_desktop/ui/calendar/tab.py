"""The Calendar tab: the way through the days, the day itself, and what stands beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.ui.calendar import accessible
from medsec_desktop.ui.calendar.current import CurrentFormats
from medsec_desktop.ui.calendar.day_view import DayGrid, Proposal
from medsec_desktop.ui.calendar.mini_month import MiniMonth
from medsec_desktop.ui.calendar.panel import PAGES, PANELS, Panel, make
from medsec_desktop.ui.calendar.side import Side
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import (
    DateEdit,
    EmptyState,
    Hairline,
    IconButton,
    PlainButton,
    Tab,
    Text,
)

if TYPE_CHECKING:
    from medsec_desktop.services.calendar import AppointmentRow, DayView
    from medsec_desktop.services.session import Changes
    from medsec_desktop.ui.desk import Desk

# Whatever can change what a day looks like.
_SHOWN = (
    "appointment", "patient", "patient_alert", "provider", "working_hours", "closure",
    "appointment_type", "room", "setting",
)  # fmt: skip
_ROOM_FOR_MONTH = 1120  # narrower than this, the grid needs the month's place


class CalendarTab(Tab):
    """A day at a time, a column for each provider, and the booking pane at its right."""

    title = "Calendar"
    icon = "calendar-days"
    help_page = "calendar"
    new_text = "New booking"

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(desk, parent)
        accessible.install()
        office = desk.office
        self.day = office.clock.today()
        self._shown: DayView | None = None
        self._panels: dict[str, Panel] = {}
        self._pages: dict[str, Panel] = {}
        self._make_toolbar()
        self.month = MiniMonth(
            desk.theme, lambda: office.formats, office.clock.today, office.calendar.busy_days
        )
        self.grid = DayGrid(desk.theme, office.formats, office.clock.now)
        self.side = Side(desk)
        self.pane = self.side.pane
        self.nobody = EmptyState(
            desk.theme,
            "stethoscope",
            "No provider has a calendar column yet",
            "Add a provider with working hours in Settings; visits can be booked at once then.",
            "Open Settings",
            lambda: desk.go.open_settings("providers"),
        )
        self._lay_out()
        self._connect()
        self._bind()
        self.reload()

    # -- what the window asks -------------------------------------------------------------------

    def new_thing(self) -> None:
        """Book at the cursor (Ctrl+N)."""
        self.book()

    def showing(self) -> None:
        self.reload()
        if self.pane.is_open:
            self.pane.take_focus()
        else:
            self.grid.setFocus()

    def refresh(self, changes: Changes) -> None:
        if changes.touches(*_SHOWN):
            self.reload()
            self.side.refresh(changes)
        page = self._stack.currentWidget()
        if isinstance(page, Panel):
            page.refresh(changes)

    # -- what other screens ask -----------------------------------------------------------------

    def show_day(self, day: date, appointment_id: int | None = None) -> None:
        """Go to a day, and select a visit there."""
        self._go_to(day)
        if appointment_id is not None:
            place = self.grid.place_of(appointment_id)
            if place is None:
                # Cancelled visits are hidden; one that is asked for is shown all the same.
                self._show_cancelled(True)
            self.grid.select_visit(appointment_id)
            self.grid.setFocus()

    def book(
        self,
        patient_id: int | None = None,
        starts_at: datetime | None = None,
        provider_id: int | None = None,
        state: dict[str, Any] | None = None,
        draft_id: int | None = None,
    ) -> None:
        """Open the booking pane, with what is known filled in or where a draft was left."""
        reason = self._why_not_book()
        if reason:
            self.desk.messages.not_now(reason)
            return
        if state is not None:
            self.pane.resume(state, draft_id)
            day = self.pane.date_edit.value()
            if day is not None:
                self._go_to(day)
            return
        if starts_at is not None:
            self._go_to(starts_at.date())
        self.pane.start(patient_id, starts_at, provider_id or self._provider_at_cursor())

    # -- panels and pages -----------------------------------------------------------------------

    def show_panel(self, name: str) -> Panel:
        """Bring a panel of `PANELS` to the right of the grid."""
        if name not in self._panels:
            self._panels[name] = make(PANELS[name], self)
        self.show_grid()
        self.side.show_panel(self._panels[name])
        return self._panels[name]

    def show_page(self, name: str) -> Panel:
        """Bring a page of `PAGES` into the place of the grid and what stands beside it."""
        if name not in self._pages:
            page = self._pages[name] = make(PAGES[name], self)
            page.left.connect(self.show_grid)
            self._stack.addWidget(page)
        self._stack.setCurrentWidget(self._pages[name])
        self._fit()
        self._pages[name].showing()
        return self._pages[name]

    def show_grid(self) -> None:
        """Leave a page for the grid."""
        if isinstance(self._stack.currentWidget(), Panel):
            self.reload(leave_page=True)
            self._fit()
            self.grid.setFocus()

    # -- days -----------------------------------------------------------------------------------

    def reload(self, *, leave_page: bool = False) -> None:
        """Read the day again; a handful of statements."""
        office = self.desk.office
        self.grid.formats = office.formats
        self._shown = office.calendar.day(
            self.day, with_cancelled=self.cancelled_button.isChecked()
        )
        self.grid.may_edit = office.session.may(Permission.EDIT_CALENDAR)
        self.grid.show_day(self._shown)
        self.month.show_day(self.day)
        self.heading.setText(office.formats.long_date(self.day))
        if not self.go_to_line.hasFocus():  # a change elsewhere must not disturb who is typing
            self.go_to_line.set_value(self.day)
        if leave_page or not isinstance(self._stack.currentWidget(), Panel):
            self._stack.setCurrentWidget(self.grid if self._shown.columns else self.nobody)
        self.today_button.setEnabled(self.day != office.clock.today())

    def _go_to(self, day: date) -> None:
        if day != self.day:
            self.day = day
            self.reload()
            if not self.grid.selected_id:
                self.side.show_nothing()

    def step(self, days: int) -> None:
        """Some days on or back; whole weeks keep the weekday."""
        guarded(self.desk, lambda: self._go_to(self.day + timedelta(days=days)))

    def _today(self) -> None:
        self._go_to(self.desk.office.clock.today())

    def _typed_day(self) -> None:
        day = self.go_to_line.value()
        if day is None:
            text = self.go_to_line.problem()
            if text:
                self.desk.messages.not_now(text)
            self.go_to_line.set_value(self.day)
        else:
            self._go_to(day)
            self.go_to_line.set_value(day)
        self.grid.setFocus()

    def _ask_day(self) -> None:
        self.go_to_line.setFocus()
        self.go_to_line.selectAll()

    def _show_cancelled(self, shown: bool) -> None:
        self.cancelled_button.setChecked(shown)
        self.reload()

    # -- wishes of the grid ---------------------------------------------------------------------

    def _book_at(self, provider_id: int, start_min: int, length_min: int) -> None:
        reason = self._why_not_book()
        if reason:
            self.desk.messages.not_now(reason)
            return
        starts_at = self._at(start_min)
        if self.pane.is_open and self.pane.editing_id is None:
            self.pane.set_time(provider_id, starts_at, length_min)
            self.pane.look()
            self.pane.take_focus()
        else:
            self.pane.start(None, starts_at, provider_id, length_min)

    def _time_chosen(self, provider_id: int, start_min: int, length_min: int) -> None:
        """The cursor stands on free time: an open booking takes it, else the side falls silent."""
        if self.pane.is_open:
            self.pane.set_time(provider_id, self._at(start_min))
        else:
            self.side.show_nothing()

    def _visit_chosen(self, visit_id: int) -> None:
        self.side.show_visit(visit_id)

    def edit(self, visit_id: int) -> None:
        """Open a visit in the pane to move or change it."""
        reason = self._why_not_book()
        if reason:
            self.desk.messages.not_now(reason)
            return
        detail = guarded(self.desk, lambda: self.desk.office.calendar.appointment(visit_id))
        if detail is not None:
            self.pane.edit(detail)

    def _move(self, visit_id: int, provider_id: int, start_min: int) -> None:
        """A visit was dropped: move it, or open it in the pane where a rule is in the way."""
        place = self.grid.place_of(visit_id)
        if place is None:
            return
        visit, office = place.visit, self.desk.office
        starts_at = self._at(start_min)
        draft = replace(
            office.calendar.appointment(visit_id).draft,
            starts_at=starts_at,
            provider_id=provider_id,
        )
        breaches = guarded(self.desk, lambda: office.calendar.check(draft, visit_id))
        if breaches is None:
            return
        if breaches:
            self.edit(visit_id)
            self.pane.set_time(provider_id, starts_at)
            self.pane.look()
            return

        def do() -> int:
            return office.calendar.reschedule(
                visit_id, visit.version, starts_at, visit.duration_min, provider_id, initiator=self
            )

        moved_id = guarded(self.desk, do)
        if moved_id is not None:
            when = f"{office.formats.short_date(self.day)}, {office.formats.time(starts_at)}"
            self.desk.messages.say(f"Moved: {visit.patient_name}, {when}.", undo=True)
            self.grid.select_visit(moved_id)

    def _cancel(self, visit_id: int) -> None:
        """Delete on the grid: cancelled at once, with Undo in the message bar."""
        place = self.grid.place_of(visit_id)
        if place is None:
            return
        visit, office = place.visit, self.desk.office

        def do() -> bool:
            office.calendar.cancel(visit_id, visit.version, initiator=self)
            return True

        if guarded(self.desk, do):
            when = office.formats.time(visit.starts_at)
            self.desk.messages.say(f"Cancelled: {visit.patient_name}, {when}.", undo=True)
            self.side.show_nothing()

    def _show_proposal(self, proposal: Proposal | None) -> None:
        on_this_day = proposal is not None and self.pane.date_edit.value() == self.day
        self.grid.show_proposal(proposal if on_this_day else None)

    def _booked(self, visit_id: int) -> None:
        self._saved(visit_id, moved=False)

    def _amended(self, visit_id: int) -> None:
        self._saved(visit_id, moved=True)

    def _saved(self, visit_id: int, *, moved: bool) -> None:
        self.side.show_booked(visit_id, moved=moved)
        detail = self.side.booked.detail
        if detail is not None:
            formats, row = self.desk.office.formats, detail.row
            day = row.starts_at.date()
            when = f"{formats.short_date(day)}, {formats.time(row.starts_at)}"
            verb = "Saved" if moved else "Booked"
            self.desk.messages.say(f"{verb}: {row.patient_name}, {when}.", undo=True)
            self._go_to(day)
        self.grid.select_visit(visit_id, quietly=True)

    def _pane_left(self) -> None:
        selected = self.grid.selected_id
        self.side.pages.setCurrentWidget(self.side.idle)
        if selected is not None:
            self.side.show_visit(selected)
        self.grid.setFocus()

    def _side_left(self) -> None:
        self.side.show_nothing()
        self.grid.setFocus()

    def _show_visit_elsewhere(self, visit: AppointmentRow) -> None:
        self._go_to(visit.starts_at.date())
        self.grid.select_visit(visit.id, quietly=True)

    # -- inside ---------------------------------------------------------------------------------

    def _at(self, minute: int) -> datetime:
        return datetime.combine(self.day, time()) + timedelta(minutes=minute)

    def _provider_at_cursor(self) -> int | None:
        cursor = self.grid.cursor_at
        if cursor is None or self._shown is None or not self._shown.columns:
            return None
        return self._shown.columns[cursor.column].provider.id

    def _why_not_book(self) -> str:
        if not self.desk.office.session.may(Permission.EDIT_CALENDAR):
            return "Your log-in may look at the calendar but not book."
        if self._shown is not None and not self._shown.columns:
            return "Add a provider with working hours first (Settings, Providers)."
        return ""

    def _make_toolbar(self) -> None:
        theme, office = self.desk.theme, self.desk.office

        def arrow(icon: str, name: str, days: int, key: str) -> IconButton:
            return IconButton(theme, icon, name, lambda: self.step(days), key=key)

        self.back_week = arrow("arrow-left", "Same day last week", -7, "Alt+PgUp")
        self.back_day = arrow("chevron-left", "Previous day", -1, "Alt+Left")
        self.today_button = PlainButton("Today", self._today, tip="Go to today’s page (Ctrl+T)")
        self.next_day = arrow("chevron-right", "Next day", 1, "Alt+Right")
        self.next_week = arrow("arrow-right", "Same day next week", 7, "Alt+PgDown")
        self.heading = Text("", "title")
        self.go_to_line = DateEdit(theme, CurrentFormats(office), office.clock.today, self.day)
        self.go_to_line.setAccessibleName("Go to date")
        self.go_to_line.setToolTip("A date, “fri” or “+2w” (Ctrl+G)")
        self.cancelled_button = IconButton(theme, "calendar-x", "Show cancelled visits")
        self.cancelled_button.setCheckable(True)
        self.smaller = IconButton(
            theme, "zoom-out", "Lower hours", lambda: self.grid.zoom_by(-1), key="-"
        )
        self.taller = IconButton(
            theme, "zoom-in", "Taller hours", lambda: self.grid.zoom_by(1), key="+"
        )
        self.book_button = PlainButton("Book…", lambda: self.book(), tip="Book a visit (Ctrl+B)")

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(16, 8, 16, 8)
        bar.setSpacing(4)
        for part in (
            self.back_week,
            self.back_day,
            self.today_button,
            self.next_day,
            self.next_week,
        ):
            bar.addWidget(part)
        bar.addSpacing(12)
        bar.addWidget(self.heading)
        bar.addStretch(1)
        for part in (self.go_to_line, self.cancelled_button, self.smaller, self.taller):
            bar.addWidget(part)
        bar.addSpacing(8)
        bar.addWidget(self.book_button)
        self._left = QFrame()
        left = QVBoxLayout(self._left)
        left.setContentsMargins(16, 12, 16, 12)
        left.setSpacing(12)
        left.addWidget(self.month)
        left.addStretch(1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.grid)
        self._stack.addWidget(self.nobody)
        below = QHBoxLayout()
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(0)
        self._left_line = Hairline(vertical=True)
        below.addWidget(self._left)
        below.addWidget(self._left_line)
        below.addWidget(self._stack, 1)
        below.addWidget(Hairline(vertical=True))
        below.addWidget(self.side)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(Hairline())
        column.addLayout(below, 1)

    def _connect(self) -> None:
        grid, pane = self.grid, self.pane
        self.desk.theme.changed.connect(self._fit)
        grid.book_wished.connect(self._book_at)
        grid.time_chosen.connect(self._time_chosen)
        grid.visit_chosen.connect(self._visit_chosen)
        grid.visit_opened.connect(self.edit)
        grid.move_wished.connect(self._move)
        grid.cancel_wished.connect(self._cancel)
        grid.days_wished.connect(self.step)
        grid.typed.connect(pane.begin_name)
        self.month.day_chosen.connect(self._go_to)
        self.go_to_line.returnPressed.connect(self._typed_day)
        self.cancelled_button.clicked.connect(self.reload)
        pane.booked.connect(self._booked)
        pane.amended.connect(self._amended)
        pane.left.connect(self._pane_left)
        pane.proposed.connect(self._show_proposal)
        pane.day_wished.connect(self._go_to)
        pane.who.visit_wished.connect(self._show_visit_elsewhere)
        self.side.visit.edit_wished.connect(self.edit)
        self.side.visit.left.connect(self._side_left)
        self.side.booked.left.connect(self._side_left)
        self.side.panel_left.connect(self._side_left)
        self.side.booked.another_wished.connect(self.book)

    def _bind(self) -> None:
        def selected() -> bool:
            return self.grid.selected_id is not None

        bind = self.desk.actions.bind
        bind("day.today", self._today, owner=self)
        bind("day.go_to", self._ask_day, owner=self)
        bind("day.previous", lambda: self.step(-1), owner=self)
        bind("day.next", lambda: self.step(1), owner=self)
        bind("week.previous", lambda: self.step(-7), owner=self)
        bind("week.next", lambda: self.step(7), owner=self)
        bind("visit.book", lambda: self.book(), owner=self)
        bind("visit.cancel", self._ask_cancel, selected, owner=self)
        bind("visit.open_patient", self._open_patient, self._has_patient, owner=self)
        bind("visit.letter", self._write_letter, selected, owner=self)
        bind("edit.edit", lambda: self.edit(self.grid.selected_id or 0), selected, owner=self)

    def _ask_cancel(self) -> None:
        visit_id = self.grid.selected_id
        if visit_id is not None:
            self.side.show_visit(visit_id)
            if self.side.shows_visit:
                self.side.visit.ask_why()

    def _has_patient(self) -> bool:
        return self.grid.selected_id is not None or self.pane.who.card is not None

    def _open_patient(self) -> None:
        visit = self.grid.visit_at_cursor()
        card = self.pane.who.card
        if visit is not None:
            self.desk.go.open_patient(visit.patient_id)
        elif card is not None:
            self.desk.go.open_patient(card.patient_id)

    def _write_letter(self) -> None:
        if self.grid.selected_id is not None:
            self.desk.go.write_letter(self.grid.selected_id)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Text grows and windows shrink: the month gives way to the grid."""
        self.go_to_line.setFixedWidth(self.desk.theme.px(136))
        is_page = isinstance(self._stack.currentWidget(), Panel)
        wide = self.width() >= self.desk.theme.px(_ROOM_FOR_MONTH) and not is_page
        self.side.setVisible(not is_page)
        self._left.setVisible(wide)
        self._left_line.setVisible(wide)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self.pane.is_open:
            self._side_left()
        else:
            super().keyPressEvent(event)
