"""The booking pane: who, what, when; for a new visit and for one that is changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from medsec_desktop.domain.calendar import DAY_MIN, BookingRefused, RuleBreach, Slot, Span
from medsec_desktop.problems import Conflict, Invalid, Problem
from medsec_desktop.services.calendar import (
    NEWCOMER,
    AppointmentDetail,
    AppointmentRow,
    BookingDraft,
)
from medsec_desktop.ui.calendar.booking.form import ENTER, BookingForm
from medsec_desktop.ui.calendar.grid.geometry import Proposal
from medsec_desktop.ui.widgets import IconButton, PlainButton, PrimaryButton, Text
from medsec_desktop.ui.widgets.buttons import press_by_enter

if TYPE_CHECKING:
    from medsec_desktop.services.patients.referral_records import ReferralRow
    from medsec_desktop.services.session import Changes
    from medsec_desktop.ui.desk import Desk

# What the form offers to choose from, and what the patient's card in it tells.
_CHOICES = ("appointment_type", "provider", "room")
_ON_CARD = (
    "appointment", "appointment_event", "authorization", "patient", "patient_alert", "patient_phone",
    "encounter",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Editing:
    """The stored visit being changed, as it was read."""

    id: int
    draft: BookingDraft


class BookingPane(BookingForm):
    """Three entries and Enter; says what is in the way while it is being filled in.

    Escape backs out one step: from when to what, to who, and out; what was typed is parked then.
    Of a stored visit who comes is settled: there one Escape is enough.
    """

    draft_kind = "booking"

    booked = Signal(int)  # a new visit's id
    amended = Signal(int)
    opened = Signal()
    left = Signal()  # closed without saving
    proposed = Signal(object)  # Proposal or None: where the booking would stand

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(desk, parent)
        self._editing: _Editing | None = None
        self._untouched: dict[str, Any] = {}  # the stored visit as the form first showed it
        self.is_open = False
        self._looking = QTimer(self)
        self._looking.setSingleShot(True)
        self._looking.setInterval(120)
        self._looking.timeout.connect(self.look)
        self.heading = Text("New booking", "heading")
        self.close_button = IconButton(
            desk.theme, "x", "Close the booking", self.close_pane, key="Esc"
        )
        self.save_button = PrimaryButton(
            "Book", self.save, tip="Enter on the last entry, or Ctrl+S"
        )
        self.park_button = PlainButton(
            "Park", lambda: desk.drafts.park(self), tip="Set it aside for later (Ctrl+Shift+P)"
        )
        self.head.addWidget(self.heading, 1)
        self.head.addWidget(self.close_button)
        self.foot.addWidget(self.save_button, 1)
        self.foot.addWidget(self.park_button)
        order = (self.note_line, self.save_button, self.park_button, self.close_button)
        for one, following in pairwise(order):
            QWidget.setTabOrder(one, following)
        desk.actions.bind("form.save", self.save, owner=self)
        self.changed.connect(self._looking.start)
        self.all_said.connect(self.save)
        self.who.chosen.connect(self._patient_chosen)
        self.who.agreed.connect(self._newcomer_agreed)
        self.verdict.slot_chosen.connect(self._take_slot)
        self.verdict.stored_wished.connect(self._take_stored)
        press_by_enter(self)

    # -- opening --------------------------------------------------------------------------------

    def start(
        self,
        patient_id: int | None = None,
        starts_at: datetime | None = None,
        provider_id: int | None = None,
        duration_min: int = 0,
        hold_id: int | None = None,
    ) -> None:
        """A new booking, with what is already known filled in; `hold_id` is the slot held for it.

        While no time is said, the patient's usual provider takes the place of the one given.
        """
        self._leave_what_was_open()
        self._begin(None)
        self.hold_id = hold_id
        self.set_time(provider_id, starts_at, duration_min)
        if patient_id is not None:
            self.who.choose(patient_id)
        self._desk.drafts.watch(self, close=self._parked)
        self.take_focus()
        self.look()

    def start_referral(self, referral: ReferralRow) -> None:
        """The visit a referral to us asks for: it is the referral's as soon as it is booked."""
        self.start(referral.patient_id)
        self.referral_id = referral.id
        if referral.provider_id is not None:
            self._offer_provider(referral.provider_id)
            self.provider.set_value(referral.provider_id)
        if referral.authorization_id is not None:
            self.offer_authorizations(referral.authorization_id)
        self.reason_line.setText(referral.reason)
        self.look()

    def edit(self, detail: AppointmentDetail) -> None:
        """Change a stored visit."""
        self._leave_what_was_open()
        self._show_stored(detail)
        self._desk.drafts.watch(self, close=self._parked)
        self.time_line.setFocus()
        self.time_line.selectAll()
        self.look()

    def stand_at(self, draft: BookingDraft) -> None:
        """Take the place wished on the grid, which is no typing: left like that, it leaves no draft."""
        was_untouched = self.draft_state() is None
        self.set_time(draft.provider_id, draft.starts_at, draft.duration_min)
        self.room.set_value(draft.room_id)
        if was_untouched:
            self._untouched = self.state()
        self.look()

    def resume(self, state: dict[str, Any], draft_id: int | None) -> None:
        """Go on where a parked or rescued booking was left."""
        self._leave_what_was_open()
        self.restore_state(state)
        self._desk.drafts.watch(self, close=self._parked, draft_id=draft_id)
        self.take_focus()
        self.look()

    def start_like(self, visit: AppointmentRow) -> None:
        """Another visit like one that fell away: the same patient, type, length and provider."""
        self.start(visit.patient_id)
        self._offer_type(visit.type_id)
        self._choose_type(visit.type_id)
        self.set_time(visit.provider_id, None, visit.duration_min)
        self.reason_line.setText(visit.reason)
        self.date_edit.setFocus()
        self.look()

    def begin_name(self, text: str) -> None:
        """A letter typed on the grid: the name goes on from there."""
        if not self.who.is_settled and not self.who.is_new:
            self.who.search.line.setText(text)
            self.who.search.line.setFocus()
            self.who.search.line.setCursorPosition(len(text))

    def take_focus(self) -> None:
        """Put the focus on the first thing still to be said."""
        (self.what if self.who.is_settled else self.who).setFocus()

    def settle_newcomer(self) -> None:
        """Open the file of a newcomer being booked, where something else is to be done with her."""
        if self.is_open:
            self.who.settle()

    @property
    def editing_id(self) -> int | None:
        return self._editing.id if self._editing else None

    # -- what the draft keeper asks -------------------------------------------------------------

    def draft_title(self) -> str:
        who = self.who.card.name.listed if self.who.card else self.who.said or "somebody"
        verb = "Change" if self._editing else "Book"
        day = self.date_edit.value()
        when = self._desk.office.formats.short_date(day) if day else ""
        return " · ".join(part for part in (f"{verb} {who}", when, self.time_line.text()) if part)

    def draft_patient_id(self) -> int | None:
        return self.who.patient_id

    def draft_state(self) -> dict[str, Any] | None:
        """What is in the pane, or None while nothing worth keeping was typed."""
        state = self.state()
        if self._editing is not None:
            if state == self._untouched:
                return None
            return {**state, "appointment_id": self._editing.id, "version": self._version}
        typed = ("patient_id", "search", "newcomer", "reason", "note", "override")
        return state if any(state[name] for name in typed) else None

    def restore_state(self, state: dict[str, Any]) -> None:
        """Fill the pane as `draft_state` found it."""
        editing = None
        if state.get("appointment_id"):
            editing = self._stored(int(state["appointment_id"]), int(state["version"]))
        self._begin(editing)
        self.restore(state)
        if editing is not None:
            self._version = editing.draft.version

    def _stored(self, appointment_id: int, version: int) -> _Editing | None:
        """The visit a draft was changing, at the version it was read; None when it is gone."""
        try:
            detail = self._desk.office.calendar.appointment(appointment_id)
        except Conflict as conflict:
            self._desk.messages.problem(conflict)
            return None
        return _Editing(appointment_id, replace(detail.draft, version=version))

    # -- saving ---------------------------------------------------------------------------------

    def save(self) -> None:
        """Book, or save the change; a refusal is shown in the pane with what would be allowed."""
        self._clear_problems()
        self._take_day_and_time()  # saved by key while the date is being typed
        if self.who.is_new and not self.who.is_settled and not self.who.newcomer.agree():
            return
        calendar = self._desk.office.calendar
        reason = self.verdict.reason_line.text() if self.verdict.needs_reason else ""
        try:
            draft = self.draft()
            if self._editing is None:
                visit_id = self._book(draft, reason)
            else:
                visit_id = calendar.amend(self._editing.id, draft, reason, initiator=self)
        except BookingRefused as refusal:
            self.verdict.refuse(refusal.breaches, refusal.nearest)
            self._focus_the_way_out()
        except Invalid as problem:
            if problem.field == "starts_at":
                self._say_impossible(problem)
            else:
                self.show_problem(problem)
        except Conflict as conflict:
            self.verdict.stale(conflict)
        except Problem as problem:
            self._desk.messages.problem(problem)
        else:
            self._finish(visit_id)

    def _book(self, draft: BookingDraft, reason: str) -> int:
        office, newcomer = self._desk.office, self.who.person
        if newcomer is None:
            return office.calendar.book(draft, reason, initiator=self)
        return office.newcomers.book(newcomer, draft, reason, initiator=self)

    def _finish(self, visit_id: int) -> None:
        changed = self._editing is not None
        self._desk.drafts.done(self)
        self._closed()
        (self.amended if changed else self.booked).emit(visit_id)

    def _say_impossible(self, problem: Invalid) -> None:
        self.verdict.impossible(problem)
        self._focus_the_way_out()
        self.time_line.setFocus()
        self.time_line.selectAll()

    def _focus_the_way_out(self) -> None:
        # The verdict has its height only after the layout has been asked for it.
        QTimer.singleShot(0, lambda: self._scroll.ensureWidgetVisible(self.verdict))
        if self.verdict.needs_reason:
            self.verdict.reason_line.setFocus()
        elif self.verdict.slots:
            self.verdict.slots[0].setFocus()

    # -- looking ahead --------------------------------------------------------------------------

    def refresh(self, changes: Changes) -> None:
        """Rows changed elsewhere: what is known of her, what can be chosen, and what is in the way.

        What is typed stays as it is.
        """
        if changes.touches(*_CHOICES):
            self.load_choices_again()
        if changes.touches(*_ON_CARD):
            self.who.reread()
            self._busy = True
            field = self.authorization_field
            self.offer_authorizations(field.value(), field.units_used())
            self._busy = False
        self.look()

    def look(self) -> None:
        """Show where the booking would stand and what is in its way; free times when it has none."""
        self._looking.stop()
        if not self.is_open or not self.isVisible() or self.provider.value() is None:
            return
        calendar, formats = self._desk.office.calendar, self._desk.office.formats
        patient_id = self.who.patient_id or NEWCOMER
        day = self.date_edit.value()
        self._show_insurance(day)
        try:
            length = formats.parse_duration(self.length_line.text())
            at = formats.parse_time(self.time_line.text()) if self.time_line.text() else None
            if day is None or at is None:
                self._offer_free_time(patient_id, day, length)
                return
            draft = self.draft_of(patient_id, day, at, length)
            self._propose(draft)
            if not self.who.is_settled:
                self.verdict.say_nothing()
                return
            breaches = self._breaches(draft)
            if breaches:
                self.verdict.refuse(breaches, calendar.nearest(draft, 3, self.editing_id))
            else:
                self.verdict.say_nothing()
        except Problem as problem:
            self.proposed.emit(None)
            if isinstance(problem, Invalid) and problem.field == "starts_at":
                self.verdict.impossible(problem)
            else:  # half-typed fields are not yet wrong; saving says so
                self.verdict.say_nothing()

    def _show_insurance(self, day: date | None) -> None:
        """The light of that day, for who is on file already; a stored visit's card tells its own."""
        patient_id = self.who.patient_id
        is_known = patient_id is not None and day is not None and self._editing is None
        self.insurance.setVisible(is_known)
        if is_known:
            leave = self.authorization_field.value()
            ready = self._desk.office.readiness.of_patient(patient_id, day, leave)
            self.insurance.show_readiness(ready, prefix="Insurance: ")

    def _breaches(self, draft: BookingDraft) -> tuple[RuleBreach, ...]:
        """What is in the way; nothing while a stored visit stays as it is."""
        calendar = self._desk.office.calendar
        if self._editing is not None:
            return calendar.check_change(self._editing.id, draft)
        return calendar.check(draft)

    def _offer_free_time(self, patient_id: int, day: date | None, length_min: int) -> None:
        self.proposed.emit(None)
        now = self._desk.office.clock.now()
        first = now if day is None or day <= now.date() else datetime.combine(day, time())
        draft = self.draft_of(patient_id, first.date(), first.time(), length_min)
        room_today = DAY_MIN - (first.hour * 60 + first.minute)
        if length_min > room_today:
            tomorrow = first.date() + timedelta(days=1)
            draft = replace(draft, starts_at=datetime.combine(tomorrow, time()))
        calendar = self._desk.office.calendar
        self.verdict.offer(calendar.nearest(draft, 3, self.editing_id, from_then=True))

    def _propose(self, draft: BookingDraft) -> None:
        card, newcomer = self.who.card, self.who.said if self.who.is_new else ""
        name = card.name.listed if card else newcomer or "New booking"
        span = Span.of(draft.starts_at, draft.duration_min)
        fits = draft.duration_min > 0 and span.ends_min <= DAY_MIN
        stands = self._editing.draft if self._editing is not None else None
        if stands is not None and _place(draft) == _place(stands):
            fits = False  # the visit itself is there to be seen
        self.proposed.emit(Proposal(draft.provider_id, span, name) if fits else None)

    # -- inside ---------------------------------------------------------------------------------

    def _begin(self, editing: _Editing | None) -> None:
        """An empty form for a new booking or for the visit given."""
        self._editing = editing
        self._untouched = {}
        self.heading.setText("Change the visit" if editing else "New booking")
        self.save_button.setText("Save" if editing else "Book")
        self.save_button.setAccessibleName("Save the visit" if editing else "Book the visit")
        self.clear()
        self.is_open = True
        self.opened.emit()

    def _patient_chosen(self, patient_id: int | None) -> None:
        self.who_problem.hide()
        if not self._busy:
            self.offer_authorizations()
            if patient_id is not None:
                self._offer_usual_provider()
                if self._editing is None:
                    day = self.date_edit.value() or self._desk.office.clock.today()
                    self.authorization_field.take_the_only_one(day)
                self.what.setFocus()
            self._changed()

    def _newcomer_agreed(self) -> None:
        self.who_problem.hide()
        self.what.setFocus()
        self._changed()

    def _offer_usual_provider(self) -> None:
        usual = self.who.card.usual_provider_id if self.who.card else None
        if usual is not None and self._editing is None and not self.time_line.text():
            self.provider.set_value(usual)

    def _take_slot(self, slot: Slot) -> None:
        self.set_time(slot.provider_id, slot.starts_at)
        self.day_wished.emit(slot.starts_at.date())
        self.look()
        (self.save_button if self.who.is_settled else self.who).setFocus()

    def _take_stored(self) -> None:
        """After a stale save: begin again from the visit as it is stored now."""
        if self._editing is None:
            return
        calendar = self._desk.office.calendar
        try:
            detail = calendar.appointment(calendar.standing(self._editing.id))
        except Conflict as conflict:
            self._desk.messages.problem(conflict)
            self.close_pane()
            return
        self._show_stored(detail)
        self.look()

    def _show_stored(self, detail: AppointmentDetail) -> None:
        self._begin(_Editing(detail.row.id, detail.draft))
        self.fill(detail.draft)
        self._untouched = self.state()

    # -- keys and leaving -----------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._back_out()
        elif event.key() in ENTER and self.focusWidget() in (
            self.provider,
            self.room,
            self.authorization,
        ):
            self.save()
        else:
            super().keyPressEvent(event)

    def _back_out(self) -> None:
        """One step back: when, what, who, out."""
        focus = self.focusWidget()
        if self._editing is not None and self.who.is_settled:
            self.close_pane()
        elif focus is not None and self.who.isAncestorOf(focus):
            if self.who.person is not None:
                self.who.take_back()
            elif self.who.is_new:
                self.who.leave_newcomer()
            elif self.who.typed:
                self.who.clear()
                self.who.search.line.setFocus()
            elif self.who.card is not None:
                self.who.take_back()
            else:
                self.close_pane()
        elif focus is self.what:
            self.who.setFocus()
        else:
            self.what.setFocus()

    def close_pane(self) -> None:
        """Close; what was typed is parked, not lost."""
        self._desk.drafts.leave(self)
        self._parked()

    def _parked(self) -> None:
        self._closed()
        self.left.emit()

    def _closed(self) -> None:
        self.is_open = False
        self._looking.stop()
        self.proposed.emit(None)

    def _leave_what_was_open(self) -> None:
        if self.is_open:
            self._desk.drafts.leave(self)


def _place(draft: BookingDraft) -> tuple[object, ...]:
    """Where on the grid it stands."""
    return draft.provider_id, draft.starts_at, draft.duration_min
