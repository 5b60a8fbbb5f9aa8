"""Beside the grid: making a series of a booking or a visit, and working with one that stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget

from medsec_desktop.domain.calendar import provider_called
from medsec_desktop.services.calendar import AppointmentRow, BookingDraft
from medsec_desktop.services.calendar.series_records import Scope
from medsec_desktop.ui.calendar.series.series_maker import SeriesMaker
from medsec_desktop.ui.calendar.series.series_standing import SeriesStanding
from medsec_desktop.ui.calendar.words import counted
from medsec_desktop.ui.widgets.page import Panel

if TYPE_CHECKING:
    from medsec_desktop.services.session import Changes
    from medsec_desktop.ui.calendar.tab import CalendarTab


class SeriesPanel(Panel):
    """Ctrl+R: six physiotherapy visits on Mondays and Thursdays, with what is in the way named first."""

    title = "Repeat"
    bleeds = True
    help_page = "series"

    def __init__(self, tab: CalendarTab):
        super().__init__(tab)
        self._parked_id: int | None = None
        self.maker = SeriesMaker(self.desk)
        self.standing = SeriesStanding(self.desk)
        self.faces = QStackedWidget()
        self.faces.addWidget(self.maker)
        self.faces.addWidget(self.standing)
        self.body.addWidget(self.faces, 1)
        self.maker.booked.connect(self._booked)
        self.maker.back_wished.connect(self.leave)
        self.standing.visit_wished.connect(self._go_to)
        self.standing.changed.connect(self._changed)
        self.desk.actions.bind("form.save", self._save, owner=self)

    # -- opening --------------------------------------------------------------------------------

    def make_of(self, draft: BookingDraft, name: str, parked_id: int | None = None) -> None:
        """Repeat a booking that is being filled in; `parked_id` is where it waits meanwhile."""
        self._parked_id = parked_id
        self.heading.setText("Repeat the booking")
        self.faces.setCurrentWidget(self.maker)
        self.maker.begin(draft, name, self._first_words(draft))

    def show_visit(
        self, visit_id: int, before: BookingDraft | None = None, scope: Scope = Scope.LATER
    ) -> None:
        """The series of a visit, or a new one made of it."""
        self._parked_id = None
        if self.standing.show_visit(visit_id, before, scope):
            self.heading.setText("Visits that repeat")
            self.faces.setCurrentWidget(self.standing)
            self.standing.take_focus()
            return
        detail = self.desk.office.calendar.appointment(visit_id)
        self.heading.setText("Repeat the visit")
        self.faces.setCurrentWidget(self.maker)
        self.maker.begin(
            detail.draft, detail.row.patient_name, self._first_words(detail.draft), visit_id
        )

    def refresh(self, changes: Changes) -> None:
        if not changes.touches("appointment", "appointment_series"):
            return
        if self.faces.currentWidget() is self.maker:
            self.maker.look()
        elif self.standing.visit_id is not None and not self.standing.show_again():
            super().leave()

    def leave(self) -> None:
        """Back to the booking that was being filled in, or to the grid."""
        parked_id, self._parked_id = self._parked_id, None
        super().leave()
        if parked_id is not None:
            self.desk.drafts.resume(parked_id)

    # -- inside ---------------------------------------------------------------------------------

    def _save(self) -> None:
        if self.faces.currentWidget() is self.maker:
            self.maker.book()
        else:
            self.standing.change()

    def _booked(self, series_id: int) -> None:
        office = self.desk.office
        if self._parked_id is not None:
            office.drafts.discard(self._parked_id)
            self.desk.drafts.changed.emit()
            self._parked_id = None
        view = office.series.view(series_id)
        first = view.visits[0]
        said = f"Booked {counted(len(view.visits), 'visit')} for {first.patient_name}: {view.words}"
        elsewhere = (
            sum(visit.is_moved for visit in self.maker.plan.booked) if self.maker.plan else 0
        )
        if elsewhere:
            said = f"{said}; {elsewhere} of them at another time"
        self.desk.messages.say(f"{said}.", undo=True)
        self._go_to(first)

    def _changed(self, visit_id: int) -> None:
        visit = self.desk.office.calendar.appointment(visit_id).row
        if (
            visit.status.holds_its_slot
        ):  # one cancelled is on the list, and its day may stay in front
            self._go_to(visit)

    def _go_to(self, visit: AppointmentRow) -> None:
        """To a visit on the grid, with all of its series still beside it to be read out."""
        self.tab.show_day(visit.starts_at.date(), visit.id)
        self.tab.show_panel("series")
        self.show_visit(visit.id)
        self.standing.list.setFocus()

    def _first_words(self, draft: BookingDraft) -> str:
        office = self.desk.office
        provider = next(
            (row for row in office.practice.providers() if row.id == draft.provider_id), None
        )
        kind = next((row for row in office.practice.types() if row.id == draft.type_id), None)
        called = (
            provider_called(provider.family_name, provider.given_name, provider.credential)
            if provider
            else ""
        )
        parts = (
            kind.name if kind else "",
            f"{draft.duration_min} min",
            called,
            f"from {office.formats.spoken(draft.starts_at, office.clock.today())}",
        )
        return " · ".join(part for part in parts if part)
