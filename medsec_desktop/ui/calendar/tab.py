"""The Calendar tab: the way through the days, the day itself, and what stands beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.ui.calendar.booking.visit_actions import VisitActions
from medsec_desktop.ui.calendar.day_walk import DayWalk
from medsec_desktop.ui.calendar.grid import accessible
from medsec_desktop.ui.calendar.grid.front import Front
from medsec_desktop.ui.calendar.grid.geometry import Proposal
from medsec_desktop.ui.calendar.grid.legend import Legend
from medsec_desktop.ui.calendar.grid.mini_month import MiniMonth
from medsec_desktop.ui.calendar.grid_wishes import GridWishes
from medsec_desktop.ui.calendar.lists.freed import FreedWatch
from medsec_desktop.ui.calendar.panel import PAGES, PANELS, make
from medsec_desktop.ui.calendar.series.series_echo import (
    SeriesEcho,
    can_recall,
    can_repeat,
    open_series,
    recall,
)
from medsec_desktop.ui.calendar.side import Side
from medsec_desktop.ui.calendar.toolbar import EDIT_VIEWS, Toolbar
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import Hairline, Tab
from medsec_desktop.ui.widgets.page import Page, Panel

if TYPE_CHECKING:
    from medsec_desktop.services.calendar import AppointmentRow
    from medsec_desktop.services.calendar.availability import HoldRow
    from medsec_desktop.services.patients.referral_records import ReferralRow
    from medsec_desktop.services.session import Changes
    from medsec_desktop.ui.desk import Desk

# Whatever can change what a day looks like.
_SHOWN = (
    "appointment", "patient", "patient_alert", "provider", "working_hours", "closure",
    "appointment_type", "room", "setting", "room_hours", "hours_exception", "public_holiday",
    "block_out", "block_out_type", "block_out_exception", "hold", "grid_note", "calendar_view",
    "coverage", "payer", "appointment_event", "patient_phone", "authorization", "encounter",
    "coverage_verification", "referral",
)  # fmt: skip
_ROOM_FOR_MONTH = 1120  # narrower than this, the grid needs the month's place


class CalendarTab(Tab):
    """Days, weeks, a month or a list, and at their right the booking pane or what else is at hand."""

    title = "Calendar"
    icon = "calendar-days"
    help_page = "calendar"

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(desk, parent)
        accessible.install()
        office = desk.office
        self._stack = Front(desk)
        self.shown, self.grid = self._stack.shown, self._stack.grid
        self.month_view, self.agenda = self._stack.month_view, self._stack.agenda
        self.nobody, self.ahead = self._stack.nobody, self._stack.ahead
        self._panels: dict[str, Panel] = {}
        self._pages: dict[str, Page] = {}
        self.bar = Toolbar(desk, lambda: self.book(), lambda steps: self.grid.zoom_by(steps))
        self.heading, self.go_to_line = self.bar.heading, self.bar.go_to_line
        self.today_button, self.cancelled_button = self.bar.today_button, self.bar.cancelled_button
        self.month = MiniMonth(
            desk.theme,
            lambda: office.formats,
            office.clock.today,
            lambda first, last: guarded(desk, lambda: office.calendar.busy_days(first, last)) or {},
        )
        self.legend = Legend(desk.theme)
        self.wishes = GridWishes(self)
        self.walk = DayWalk(self)
        self._lay_out()
        self.pane = self.side.pane
        self.series_echo = SeriesEcho(self)
        self._connect()
        self._bind()
        self.freed = FreedWatch(self)
        self.visits = VisitActions(self)
        self.reload()

    # -- what the window asks -------------------------------------------------------------------

    @property
    def new_text(self) -> str:
        page = self._stack.currentWidget()
        return (page.new_text if isinstance(page, Page) else "") or "New booking"

    def new_thing(self) -> None:
        """Book at the cursor, or what the page in front has of its own (Ctrl+N)."""
        page = self._stack.currentWidget()
        if isinstance(page, Page) and page.new_text:
            page.new_thing()
        else:
            self.book()

    def showing(self) -> None:
        self.reload()
        if self.pane.is_open:
            self.pane.take_focus()
        else:
            self.take_focus()

    def refresh(self, changes: Changes) -> None:
        self.visits.refresh(changes)
        if changes.touches(*_SHOWN):
            self.month.refresh()
            self.reload()
            self.side.refresh(changes)
        page = self._stack.currentWidget()
        if isinstance(page, Page):
            page.refresh(changes)
        self.freed.look(changes)

    # -- what other screens ask -----------------------------------------------------------------

    def show_day(self, day: date, appointment_id: int | None = None) -> None:
        """Go to a day, and select a visit there; one that was moved is shown where it went."""
        if appointment_id is not None:
            standing = self.desk.office.calendar.standing(appointment_id)
            if standing != appointment_id:
                appointment_id = standing
                day = self.desk.office.calendar.appointment(standing).row.starts_at.date()
        self.show_grid()
        if appointment_id is not None and not self.shown.is_grid:
            self.shown.kind = "day"
        self.walk.go_to(day, again=appointment_id is not None)
        if appointment_id is not None:
            if self.grid.place_of(appointment_id) is None and self.shown.keys()[0] is not None:
                self.shown.choose("provider")  # somebody else's than those in front
                self.reload()
            place = self.grid.place_of(appointment_id)
            if place is None:
                # Cancelled visits are hidden; one that is asked for is shown all the same.
                self._show_cancelled(True)
            self.grid.select_visit(appointment_id)
            self.grid.setFocus()

    @property
    def day(self) -> date:
        """The day in hand: the one shown, or the one the cursor stands on."""
        return self.shown.day

    def book(
        self,
        patient_id: int | None = None,
        starts_at: datetime | None = None,
        provider_id: int | None = None,
        state: dict[str, Any] | None = None,
        draft_id: int | None = None,
    ) -> None:
        """Open the booking pane, with what is known filled in or where a draft was left."""
        reason = self.why_not_book()
        if reason:
            self.desk.messages.not_now(reason)
            return
        self.show_grid()
        if state is not None:
            self.pane.resume(state, draft_id)
            day = self.pane.date_edit.value()
            if day is not None:
                self.walk.go_to(day)
                self.pane.look()  # another day's grid has dropped what stood on the one before
            return
        if starts_at is not None:
            self.walk.go_to(starts_at.date())
        self.pane.start(patient_id, starts_at, provider_id or self._provider_at_cursor())

    def book_referral(self, referral: ReferralRow) -> None:
        """Book the visit a referral to us asks for."""
        reason = self.why_not_book()
        if reason:
            self.desk.messages.not_now(reason)
            return
        self.show_grid()
        self.pane.start_referral(referral)

    def book_held(self, hold: HoldRow) -> None:
        """Book a slot that is held; booking it takes the hold's place."""
        reason = self.why_not_book()
        if reason:
            self.desk.messages.not_now(reason)
            return
        self.show_grid()
        self.walk.go_to(hold.starts_at.date())
        self.pane.start(
            hold.patient_id, hold.starts_at, hold.provider_id, hold.duration_min, hold_id=hold.id
        )

    # -- panels and pages -----------------------------------------------------------------------

    def panel(self, name: str) -> Panel:
        """A panel of `PANELS`, made when it is first asked for."""
        if name not in self._panels:
            self._panels[name] = make(PANELS[name], self)
        return self._panels[name]

    def show_panel(self, name: str) -> Panel:
        """Bring a panel of `PANELS` to the right of the grid."""
        panel = self.panel(name)
        self.show_grid()
        self.side.show_panel(panel)
        return panel

    def show_page(self, name: str) -> Page:
        """Bring a page of `PAGES` into the place of the grid and what stands beside it."""
        if name not in self._pages:
            page = make(PAGES[name], self)
            assert isinstance(page, Page)
            self._pages[name] = page
            page.left.connect(self.show_grid)
            self._stack.addWidget(page)
        self._stack.setCurrentWidget(self._pages[name])
        self._fit()
        self._pages[name].showing()
        return self._pages[name]

    @property
    def foot_height(self) -> int:
        """How much of the foot the buttons of the page in front take."""
        page = self._stack.currentWidget()
        return page.foot_height if isinstance(page, Page) else 0

    def show_grid(self) -> None:
        """Leave a page for the grid."""
        if isinstance(self._stack.currentWidget(), Page):
            self.reload(leave_page=True)
            self._fit()
            self.take_focus()

    @property
    def shows_grid(self) -> bool:
        """Whether the time grid is in front, not a page, a month or a list."""
        return self._stack.currentWidget() is self.grid

    # -- views ----------------------------------------------------------------------------------

    def show_view(self, kind: str) -> None:
        """The day in hand as a day, a week, in its month, or the days from it as a list."""
        self.show_grid()
        self._stack.turn_to(kind)
        self.reload()
        self.take_focus()

    def show_who(self, who: str) -> None:
        """Whose columns: everybody's, a saved view's, or one person's or room's."""
        if who == EDIT_VIEWS:
            self.show_panel("views")
            self.bar.who.set_value(self.shown.whose)
            return
        self.shown.choose(who)
        self.reload()
        self.take_focus()

    def show_saved(self, number: int) -> None:
        """The saved view with that place, from 1 (F5)."""
        self.show_grid()
        saved = self.shown.saved
        if number > len(saved):
            key = f"F{4 + number}"
            self.desk.messages.not_now(
                f"No view is saved for {key} yet. Choose Edit views in the list of columns."
            )
            return
        self.show_who(f"saved:{saved[number - 1].id}")

    def colour_by(self, by: str) -> None:
        """Colour visits by type, provider, status or payer."""
        self._stack.colour_by(by)
        self.bar.mark_colour(by)
        self.legend.show_rows(*self._stack.legend())

    def ask_colour(self) -> None:
        """Offer what visits may be coloured by."""
        self.show_grid()
        self.bar.ask_colour()

    def habits(self) -> dict[str, str]:
        return self._stack.habits()

    def take_habits(self, habits: dict[str, str]) -> None:
        self._stack.take_habits(habits)
        self.bar.mark_colour(self._stack.coloured_by)
        self.reload()

    def take_focus(self) -> None:
        """Give the view in front the keys."""
        self._stack.take_focus()

    # -- days -----------------------------------------------------------------------------------

    def reload(self, *, leave_page: bool = False, again: bool = True) -> None:
        """Read what is shown again; a handful of statements. Without `again`, unless it is known."""
        self.walk.rest()
        office, shown = self.desk.office, self.shown
        if again:  # a change to them is told, and read with the days
            shown.read_choices(office.views)
            self.bar.offer(shown.choices, shown.saved, shown.whose)
        self.bar.view.set_value(shown.kind)
        self._stack.read(with_cancelled=self.cancelled_button.isChecked(), again=again)
        self.legend.show_rows(*self._stack.legend())
        self.month.show_day(self.day)
        self.heading.setText(shown.heading(office.formats))
        if not self.go_to_line.hasFocus():  # a change elsewhere must not disturb who is typing
            self.go_to_line.set_value(self.day)
        if leave_page or not isinstance(self._stack.currentWidget(), Page):
            self._stack.bring()
        self.today_button.setEnabled(self.day != office.clock.today())
        self._fit()

    def step(self, days: int) -> None:
        """Some days on or back; whole weeks keep the weekday."""
        self.walk.step(days)

    def _show_cancelled(self, shown: bool) -> None:
        self.cancelled_button.setChecked(shown)
        self.reload()

    # -- wishes of the grid ---------------------------------------------------------------------

    def _open_day(self, day: date) -> None:
        """Enter on a day of the month."""
        self.shown.kind = "day"
        self.walk.go_to(day, again=True)
        self.take_focus()

    def _open_listed(self, visit: AppointmentRow) -> None:
        """Enter on a line of the agenda: the visit on its day."""
        self.shown.kind = "day"
        self.show_day(visit.starts_at.date(), visit.id)

    def _visit_chosen(self, visit_id: int) -> None:
        self.side.show_visit(visit_id)

    def edit(self, visit_id: int) -> None:
        """Open a visit in the pane to move or change it."""
        reason = self.why_not_book()
        if reason:
            self.desk.messages.not_now(reason)
            return
        detail = guarded(self.desk, lambda: self.desk.office.calendar.appointment(visit_id))
        if detail is not None:
            self.show_grid()
            self.pane.edit(detail)

    def _show_proposal(self, proposal: Proposal | None) -> None:
        self.grid.show_proposal(proposal, self.pane.date_edit.value())

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
            self.walk.go_to(day)
        self.grid.select_visit(visit_id, quietly=True)

    def _pane_left(self) -> None:
        selected = self.grid.selected_id
        self.side.show_nothing()
        if selected is not None:
            self.side.show_visit(selected)
        self.take_focus()

    def _side_left(self) -> None:
        self.side.leave()
        self.take_focus()

    def _show_visit_elsewhere(self, visit: AppointmentRow) -> None:
        self.walk.go_to(visit.starts_at.date())
        self.grid.select_visit(visit.id, quietly=True)

    # -- inside ---------------------------------------------------------------------------------

    def _provider_at_cursor(self) -> int | None:
        column = self.grid.column_at_cursor
        return column.provider_id if column is not None else None

    def why_not_book(self) -> str:
        """Why nothing can be booked here; '' where it can."""
        if not self.desk.office.session.may(Permission.EDIT_CALENDAR):
            return "Your log-in may look at the calendar but not book."
        if not self.desk.office.practice.providers(bookable_only=True):
            return "Add a provider with working hours first (Settings, Providers and hours)."
        return ""

    def _lay_out(self) -> None:
        """From the outside in: Qt styles anew whatever is moved into its place already filled."""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._bar_line = Hairline()
        column.addWidget(self.bar)
        column.addWidget(self._bar_line)
        below = QHBoxLayout()
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(0)
        column.addLayout(below, 1)
        self._left = QFrame()
        left = QVBoxLayout(self._left)
        left.setContentsMargins(16, 12, 16, 12)
        left.setSpacing(12)
        left.addWidget(self.month)
        left.addWidget(self.legend)
        left.addStretch(1)
        self._left_line = Hairline(vertical=True)
        below.addWidget(self._left)
        below.addWidget(self._left_line)
        below.addWidget(self._stack, 1)
        self._side_line = Hairline(vertical=True)
        below.addWidget(self._side_line)
        self.side = Side(self.desk, self)
        below.addWidget(self.side)

    def _connect(self) -> None:
        grid, pane = self.grid, self.pane
        self.desk.theme.changed.connect(self._fit)
        grid.book_wished.connect(self.wishes.book_at)
        grid.time_chosen.connect(self.wishes.time_chosen)
        grid.visit_chosen.connect(self._visit_chosen)
        grid.visit_opened.connect(self.edit)
        grid.mark_opened.connect(self.wishes.open_mark)
        grid.note_opened.connect(self.wishes.open_note)
        grid.mark_removed.connect(self.wishes.remove_mark)
        grid.move_wished.connect(self.wishes.move)
        grid.resize_wished.connect(self.wishes.resize)
        grid.cancel_wished.connect(self.wishes.cancel)
        grid.days_wished.connect(self.step)
        grid.hold_ended.connect(self.reload)
        grid.touched.connect(self.walk.settle)
        grid.typed.connect(pane.begin_name)
        self.month_view.day_opened.connect(self._open_day)
        self.month_view.day_chosen.connect(self.walk.go_to)
        self.month_view.months_wished.connect(self.walk.step_months)
        self.agenda.visit_chosen.connect(self.side.show_visit)
        self.agenda.visit_opened.connect(self._open_listed)
        self.bar.view_chosen.connect(self.show_view)
        self.bar.who_chosen.connect(self.show_who)
        self.bar.colour_chosen.connect(self.colour_by)
        self.month.day_chosen.connect(self.walk.go_to)
        self.go_to_line.returnPressed.connect(self.walk.take_typed)
        self.cancelled_button.clicked.connect(self.reload)
        pane.booked.connect(self._booked)
        pane.amended.connect(self._amended)
        pane.left.connect(self._pane_left)
        pane.proposed.connect(self._show_proposal)
        pane.day_wished.connect(self.walk.go_to)
        pane.who.visit_wished.connect(self._show_visit_elsewhere)
        self.side.visit.edit_wished.connect(self.edit)
        self.side.visit.left.connect(self._side_left)
        self.side.booked.left.connect(self._side_left)
        self.side.panel_left.connect(self._side_left)
        self.side.pages.currentChanged.connect(lambda _: self._fit())
        self.side.booked.another_wished.connect(self.book)

    def _bind(self) -> None:
        def selected() -> bool:
            return self.grid.selected_id is not None

        bind = self.desk.actions.bind
        bind("day.today", self.walk.today, owner=self)
        bind("day.go_to", self.walk.ask, owner=self)
        bind("day.previous", lambda: self.step(-1), owner=self)
        bind("day.next", lambda: self.step(1), owner=self)
        for name, days in (("week", 7), ("month", 28), ("half_year", 182)):
            bind(f"{name}.previous", lambda days=days: self.step(-days), owner=self)
            bind(f"{name}.next", lambda days=days: self.step(days), owner=self)
        for name, earlier, longer in (
            ("earlier", -1, 0), ("later", 1, 0), ("shorter", 0, -1), ("longer", 0, 1),
        ):  # fmt: skip
            bind(
                f"visit.{name}",
                lambda earlier=earlier, longer=longer: self.wishes.nudge(earlier, longer),
                selected,
                owner=self,
            )
        bind("visit.book", lambda: self.book(), owner=self)
        bind("visit.find_slot", self._find_slot, owner=self)
        bind("visit.series", lambda: open_series(self), lambda: can_repeat(self), owner=self)
        bind("visit.recall", lambda: recall(self), lambda: can_recall(self), owner=self)
        bind("visit.open_patient", self._open_patient, self._has_patient, owner=self)
        bind("visit.letter", self._write_letter, selected, owner=self)
        bind("file.print", lambda: self.show_page("print"), owner=self)
        bind("file.export_calendar", self._export, owner=self)
        bind("edit.edit", lambda: self.edit(self.grid.selected_id or 0), selected, owner=self)

    def _find_slot(self) -> None:
        """Free times for the booking being filled in, which is parked, or for whatever is said."""
        self.pane.settle_newcomer()
        is_new = self.pane.is_open and self.pane.editing_id is None
        state = self.pane.state() if is_new else None
        panel: Any = self.show_panel("find")
        if state is not None:
            panel.begin_with(state)

    @property
    def patient_at_hand(self) -> int | None:
        page = self._stack.currentWidget()
        if isinstance(page, Page):
            return page.patient_at_hand
        visit, card = self.grid.visit_at_cursor(), self.pane.who.card
        if visit is not None:
            return visit.patient_id
        return card.patient_id if card is not None else None

    def visits_in_front(self) -> tuple[tuple[str, Sequence[AppointmentRow]], ...]:
        """Those the cursor is stretched over (Shift with an arrow, or dragged), then all the grid shows."""
        if not self.shows_grid:
            return ()
        marked, shown = self.grid.visits_under_cursor(), self.grid.visits_shown()
        if len(marked) < 2:  # one alone is the patient at hand
            return (("The visits shown", shown),)
        return (("The visits marked", marked), ("The visits shown", shown))

    @property
    def day_shown(self) -> date | None:
        return self.day

    @property
    def visit_at_hand(self) -> int | None:
        page = self._stack.currentWidget()
        if isinstance(page, Page):
            return page.visit_at_hand
        visit = self.grid.visit_at_cursor()
        return visit.id if visit is not None else None

    def _has_patient(self) -> bool:
        return self.grid.selected_id is not None or self.pane.who.card is not None

    def _open_patient(self) -> None:
        visit = self.grid.visit_at_cursor()
        card = self.pane.who.card
        if visit is not None:
            self.desk.go.open_patient(visit.patient_id)
        elif card is not None:
            self.desk.go.open_patient(card.patient_id)

    def _export(self) -> None:
        from medsec_desktop.ui.calendar.paper.export_sheet import open_export

        visit = self.grid.visit_at_cursor()
        patient = (visit.patient_id, visit.patient_name) if visit is not None else None
        open_export(self.desk, self.window(), patient)

    def _write_letter(self) -> None:
        if self.grid.selected_id is not None:
            self.desk.go.write_letter(self.grid.selected_id)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Text grows and windows shrink: the month gives way to the grid.

        A month or a page has no use for an idle side, and takes its room.
        """
        self.bar.fit()
        page = self._stack.currentWidget()
        is_page = isinstance(page, Page)
        if is_page:  # its head stands where the line of dates did: nothing below it moves
            page.head.setFixedHeight(self.bar.sizeHint().height())
        wide = self.width() >= self.desk.theme.px(_ROOM_FOR_MONTH) and not is_page
        with_side = not is_page and not (self.shown.kind == "month" and self.side.is_idle)
        for part in (self.bar, self._bar_line):
            part.setVisible(not is_page)
        for part in (self.side, self._side_line):
            part.setVisible(with_side)
        self._left.setVisible(wide)
        self._left_line.setVisible(wide)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.pane.is_open:
            self.pane.close_pane()
        else:
            self._side_left()
