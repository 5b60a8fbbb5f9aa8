"""Booking and moving visits, and what a day holds."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.calendar import (
    FREED,
    VisitStatus,
)
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import (
    Appointment,
    AppointmentEvent,
    Hold,
    Recall,
    Referral,
    WaitingEntry,
)
from medsec_desktop.services.calendar import reading
from medsec_desktop.services.calendar.records import (
    AppointmentDetail,
    AppointmentRow,
    BookingDraft,
    PatientCard,
)
from medsec_desktop.services.calendar.states import States
from medsec_desktop.services.practice import Practice
from medsec_desktop.services.saving import insert_row
from medsec_desktop.services.session import Changes, Session

if TYPE_CHECKING:
    from medsec_desktop.domain.calendar import RuleBreach, Slot


class Calendar(States):
    """The appointment book of one practice."""

    def __init__(self, session: Session, practice: Practice):
        super().__init__(session, practice)
        session.guard(self._refuse_replay_into_a_taken_slot)

    def _refuse_replay_into_a_taken_slot(self, changes: Changes) -> None:
        if changes.undoes is not None and changes.touches("appointment"):
            self._judge.refuse_replay_into_a_taken_slot(changes)

    # -- read ---------------------------------------------------------------------------------

    def of_day(self, day: date) -> tuple[AppointmentRow, ...]:
        """Every visit of a day by time, cancelled ones too."""
        return self._visits(
            "WHERE a.starts_at >= ?2 AND a.starts_at < ?3"
            f"{reading.NOT_MOVED} ORDER BY a.starts_at, a.id",
            day.isoformat(),
            (day + timedelta(days=1)).isoformat(),
        )

    def upcoming(self, limit: int = 50) -> tuple[AppointmentRow, ...]:
        """The next visits still expected, from now on."""
        return self._visits(
            "WHERE a.starts_at >= ?2 AND a.status IN ('scheduled', 'confirmed')"
            " ORDER BY a.starts_at, a.id LIMIT ?3",
            self._now_text(),
            limit,
        )

    def busy_days(self, first: date, last: date) -> dict[date, int]:
        """How many visits hold time on each day from `first` to `last`; free days are absent."""
        return {
            date.fromisoformat(day): count
            for day, count in self._db.rows(
                "SELECT substr(starts_at, 1, 10), count(*) FROM appointment"
                " WHERE starts_at >= ? AND starts_at < ?"
                " AND status NOT IN ('cancelled', 'no-show', 'left') GROUP BY 1",
                (first.isoformat(), (last + timedelta(days=1)).isoformat()),
            )
        }

    def patient_card(self, patient_id: int) -> PatientCard:
        """What is said while booking: who she is, alerts, next and past visits. Audited as a view."""
        card = self.reread_card(patient_id)
        self._session.viewed(patient_id, "Looked up for a booking")
        return card

    def reread_card(self, patient_id: int) -> PatientCard:
        """A card already shown, after something on it changed: the same look goes on."""
        from medsec_desktop.services.calendar.caller import card_of

        return card_of(self._db, patient_id, self._session.clock.now())

    def freed_slots(self, changes: Changes) -> tuple[Slot, ...]:
        """The time an operation gave back that is still to come, earliest first.

        By a visit cancelled, missed, moved away, made shorter, or a booking undone.
        """
        from medsec_desktop.services.calendar.freed import freed_slots

        return freed_slots(self._db, changes, self._session.clock.now())

    # -- ask ----------------------------------------------------------------------------------

    def check(self, draft: BookingDraft, ignoring_id: int | None = None) -> tuple[RuleBreach, ...]:
        """Every rule the booking would break; none means it may be made. Raises Invalid."""
        return self._judge.check(draft, ignoring_id)

    def nearest(
        self,
        draft: BookingDraft,
        count: int = 3,
        ignoring_id: int | None = None,
        *,
        from_then: bool = False,
    ) -> tuple[Slot, ...]:
        """The free slots closest to the time asked for that break no rule, closest first.

        With the same provider, never in the past, up to half a year ahead; `from_then` leaves out
        those before the time asked for.
        """
        return self._judge.nearest(draft, count, ignoring_id, from_then=from_then)

    def check_change(self, appointment_id: int, draft: BookingDraft) -> tuple[RuleBreach, ...]:
        """What a change of a stored visit would break that it does not break as it stands.

        Another time, provider or room is asked about like a new booking; another type or
        authorization only for what it brings with it. Raises Invalid.
        """
        return self._broken_anew(self.appointment(appointment_id), draft)

    # -- change -------------------------------------------------------------------------------

    def book(
        self, draft: BookingDraft, override_reason: str = "", initiator: object | None = None
    ) -> int:
        """Make a booking; its number.

        Raises BookingRefused (a Conflict) naming every rule in the way with the nearest legal
        slots; soft rules give way to an `override_reason`, which is kept. Raises Invalid, NotAllowed.
        """
        reason = override_reason.strip()
        label = f"Book {self._patient_name(draft.patient_id)}, {self._when(draft.starts_at)}"
        with self._changing(label, draft.patient_id, reason, initiator):
            if draft.hold_id is not None:
                Hold.delete().where(Hold.id == draft.hold_id).execute()
            overridden = self._judge.refuse_if_broken(draft, None, reason)
            visit_id = insert_row(
                Appointment,
                **_fields(draft),
                series_id=draft.series_id,
                series_original_at=_text(draft.series_original_at),
                override_reason=overridden,
            )
            self._stamp(visit_id, VisitStatus.SCHEDULED)
            for follow in self.after_booking:
                follow(visit_id, draft)
            return visit_id

    def amend(
        self,
        appointment_id: int,
        draft: BookingDraft,
        override_reason: str = "",
        initiator: object | None = None,
    ) -> int:
        """Change a visit: when, with whom, what for; the visit that stands now.

        Another time or provider makes a visit of its own, which takes its slot before the old one
        gives its up and says where it came from; everything else is changed in place. The rules are
        asked only where they matter. A visit put to another time is no longer confirmed. Raises
        Conflict showing the stored visit when `draft.version` is not the latest; else as `book`.
        """
        before = self._read(appointment_id, draft.version)
        placed = _place(draft) != _place(before.draft)
        if placed and before.row.status in FREED:
            raise self._not_now(before, "moved")
        moved = _slot(draft) != _slot(before.draft) and before.row.status != VisitStatus.DONE
        verb = "Move" if placed else "Change"
        label = f"{verb} {before.row.patient_name}, {self._when(draft.starts_at)}"
        reason = override_reason.strip()
        with self._changing(label, draft.patient_id, reason, initiator):
            fields = _fields(draft)
            if placed or self._broken_anew(before, draft):
                fields["override_reason"] = self._judge.refuse_if_broken(
                    draft, appointment_id, reason
                )
            if moved:
                return self._move(before, fields, draft.starts_at)
            self._save(appointment_id, draft.version, fields)
            return appointment_id

    def reschedule(
        self,
        appointment_id: int,
        version: int,
        starts_at: datetime,
        duration_min: int,
        provider_id: int,
        override_reason: str = "",
        initiator: object | None = None,
    ) -> int:
        """Move a visit to another time, length or provider, as `amend`; the visit that stands now."""
        draft = replace(
            self.appointment(appointment_id).draft,
            starts_at=starts_at,
            duration_min=duration_min,
            provider_id=provider_id,
            version=version,
        )
        return self.amend(appointment_id, draft, override_reason, initiator)

    def move_all(
        self, drafts: Mapping[int, BookingDraft], initiator: object | None = None
    ) -> tuple[int, ...]:
        """Move several visits in one step, each as `amend`; those that stand now. All or none."""
        patients = {draft.patient_id for draft in drafts.values()}
        with self._session.change(
            f"Move {len(drafts)} visits",
            Permission.EDIT_CALENDAR,
            patient_id=patients.pop() if len(patients) == 1 else None,
            initiator=initiator,
        ):
            return tuple(self.amend(visit_id, draft) for visit_id, draft in drafts.items())

    def still_movable(self, appointment_ids: Collection[int]) -> tuple[int, ...]:
        """Those of the visits that can still be moved: not begun, not fallen away, not moved."""
        marks = ", ".join("?" * len(appointment_ids))
        found = self._db.rows(
            f"SELECT id FROM appointment WHERE id IN ({marks})"
            " AND status IN ('scheduled', 'confirmed')",
            tuple(appointment_ids),
        )
        return tuple(visit_id for (visit_id,) in found)

    # -- inside -------------------------------------------------------------------------------

    def _broken_anew(
        self, before: AppointmentDetail, draft: BookingDraft
    ) -> tuple[RuleBreach, ...]:
        visit_id, stored = before.row.id, before.draft
        if _place(draft) != _place(stored):
            return self._judge.check(draft, visit_id)
        is_open = before.row.status not in (*FREED, VisitStatus.DONE)
        if not is_open or _terms(draft) == _terms(stored):
            return ()
        known = {breach.rule for breach in self._judge.check(stored, visit_id)}
        found = self._judge.check(draft, visit_id)
        return tuple(breach for breach in found if breach.rule not in known)

    def _move(self, before: AppointmentDetail, fields: dict[str, Any], to: datetime) -> int:
        """The visit in its new place, and the old one given up for it."""
        old = before.row
        keeps = _kept(old, to)
        new_id = insert_row(
            Appointment,
            **fields,
            status=str(keeps[-1] if keeps else VisitStatus.SCHEDULED),
            series_id=old.series_id,
            series_original_at=_text(before.series_original_at),
            rescheduled_from_id=old.id,
        )
        self._stamp(new_id, VisitStatus.SCHEDULED)
        for event in self.events(old.id):
            if event.status in keeps:
                insert_row(
                    AppointmentEvent,
                    appointment_id=new_id,
                    status=str(event.status),
                    at=_text(event.at),
                    detail=event.detail,
                    is_correction=event.is_correction,
                )
        why = f"Moved to {self._when(to)}"
        self._save(
            old.id,
            old.version,
            {"status": VisitStatus.CANCELLED, "cancelled_by": "", "cancel_reason": why},
        )
        self._stamp(old.id, VisitStatus.CANCELLED, why)
        for model, column in _FOLLOWERS:
            model.update({column: new_id, model.version: model.version + 1}).where(
                column == old.id
            ).execute()
        return new_id


# What points at the visit that stands, wherever it goes.
_FOLLOWERS = (
    (WaitingEntry, WaitingEntry.interim_appointment),
    (WaitingEntry, WaitingEntry.booked_appointment),
    (Recall, Recall.appointment),
    (Referral, Referral.appointment),
)


def _kept(old: AppointmentRow, to: datetime) -> tuple[VisitStatus, ...]:
    """The states a visit takes along: her confirmation to the same time, her being here that day."""
    here = (VisitStatus.ARRIVED, VisitStatus.IN_ROOM)
    if old.status in here and old.starts_at.date() == to.date():
        return here[: here.index(old.status) + 1]
    if old.status == VisitStatus.CONFIRMED and old.starts_at == to:
        return (VisitStatus.CONFIRMED,)
    return ()


def _fields(draft: BookingDraft) -> dict[str, Any]:
    return {
        "patient_id": draft.patient_id,
        "provider_id": draft.provider_id,
        "type_id": draft.type_id,
        "starts_at": draft.starts_at.isoformat(timespec="minutes"),
        "duration_min": draft.duration_min,
        "room_id": draft.room_id,
        "reason": draft.reason.strip(),
        "note": draft.note.strip(),
        "authorization_id": draft.authorization_id,
        "authorization_units": draft.authorization_units,
    }


def _place(draft: BookingDraft) -> tuple[object, ...]:
    """Whose time is taken, and when: what the rules are about."""
    return (
        draft.patient_id,
        draft.provider_id,
        draft.starts_at,
        draft.duration_min,
        draft.room_id,
    )


def _terms(draft: BookingDraft) -> tuple[object, ...]:
    """What else some rules look at: times around, blocks kept for a type, a payer's leave."""
    return draft.type_id, draft.authorization_id, draft.authorization_units


def _slot(draft: BookingDraft) -> tuple[object, ...]:
    """What makes it another visit in the book when it changes."""
    return draft.provider_id, draft.starts_at


def _text(at: datetime | None) -> str | None:
    return at.isoformat(timespec="minutes") if at else None
