"""Booking, moving and cancelling visits, and what a day holds."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.calendar import (
    FREED,
    SHIPPED_WEIGHTS,
    BookingRefused,
    DayFacts,
    HeldVisit,
    Rule,
    RuleBreach,
    Slot,
    VisitStatus,
    WantedVisit,
    Weight,
    breaches_of,
    closed_by,
    hours_on,
    legal_starts,
    nearest,
    provider_called,
    refuse_impossible,
)
from medsec_desktop.domain.people import PartialDate, PatientStatus, PersonName
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import Appointment
from medsec_desktop.problems import Conflict, Invalid, Link
from medsec_desktop.services.calendar import reading
from medsec_desktop.services.calendar.records import (
    AppointmentDetail,
    AppointmentRow,
    BookingDraft,
    DayView,
    PatientCard,
    ProviderColumn,
)
from medsec_desktop.services.practice import Practice, settings
from medsec_desktop.services.saving import save_row
from medsec_desktop.services.session import Changes, Session

if TYPE_CHECKING:
    from collections.abc import Iterator

# The rules whose weight the practice chooses.
_CHOSEN = {
    Rule.OVERLAP: settings.RULE_OVERLAP,
    Rule.SAME_DAY: settings.RULE_SAME_DAY,
    Rule.OUTSIDE_HOURS: settings.RULE_OUTSIDE_HOURS,
    Rule.CLOSURE: settings.RULE_CLOSURE,
}
# How far around the time asked for a free slot is looked for: first near, then further ahead.
_NEAR_DAYS, _FAR_DAYS = 21, 182


class Calendar:
    """The appointment book of one practice."""

    def __init__(self, session: Session, practice: Practice):
        self._session = session
        self._db = session.db
        self._practice = practice
        session.guard(self._refuse_replay_into_a_taken_slot)

    # -- read ---------------------------------------------------------------------------------

    def day(
        self, day: date, provider_ids: Collection[int] | None = None, with_cancelled: bool = False
    ) -> DayView:
        """A day ready to paint: a column for every bookable provider and for any other with visits.

        Cancelled visits are left out unless asked for; missed ones stay, as they still need an
        answer. A handful of statements, whatever the number of visits.
        """
        start, end = day.isoformat(), (day + timedelta(days=1)).isoformat()
        hidden = "" if with_cancelled else f" AND a.status <> '{VisitStatus.CANCELLED}'"
        by_provider: dict[int, list[AppointmentRow]] = {}
        for visit in self._visits(
            f"WHERE a.starts_at >= ?2 AND a.starts_at < ?3{hidden} ORDER BY a.starts_at, a.id",
            start,
            end,
        ):
            by_provider.setdefault(visit.provider_id, []).append(visit)
        providers = [
            provider
            for provider in self._practice.providers()
            if (provider.is_bookable or provider.id in by_provider)
            and (provider_ids is None or provider.id in provider_ids)
        ]
        hours = reading.weekly_hours(self._db, [provider.id for provider in providers])
        closures = reading.closures(self._db, day, day)
        return DayView(
            day,
            tuple(
                ProviderColumn(
                    provider,
                    provider_called(provider.family_name, provider.given_name, provider.credential),
                    hours_on(day, hours[provider.id]),
                    closed_by(day, provider.id, closures),
                    tuple(by_provider.get(provider.id, ())),
                )
                for provider in providers
            ),
            self._practice.get(settings.CALENDAR_STEP_MIN),
        )

    def of_day(self, day: date) -> tuple[AppointmentRow, ...]:
        """Every visit of a day by time, cancelled ones too."""
        return self._visits(
            "WHERE a.starts_at >= ?2 AND a.starts_at < ?3 ORDER BY a.starts_at, a.id",
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

    def appointment(self, appointment_id: int) -> AppointmentDetail:
        """One visit. Raises Conflict when there is no longer such a one."""
        found = self._visits("WHERE a.id = ?2", appointment_id)
        if not found:
            raise _gone()
        more = self._db.one(
            "SELECT a.room_id, a.note, a.cancelled_by, a.cancel_reason, a.override_reason,"
            " coalesce(t.preparation, ''),"
            " coalesce((SELECT number FROM patient_phone f WHERE f.patient_id = a.patient_id"
            "           ORDER BY f.position, f.id LIMIT 1), '') FROM appointment a"
            " LEFT JOIN appointment_type t ON t.id = a.type_id WHERE a.id = ?",
            (appointment_id,),
        )
        assert more is not None
        return AppointmentDetail(found[0], *more)

    def patient_card(self, patient_id: int) -> PatientCard:
        """What is said while booking: who she is, alerts, next and past visits. Audited as a view."""
        row = self._db.one(
            "SELECT family_name, given_name, middle_name, name_prefix, name_suffix,"
            " preferred_name, chart_number, birth_date, status,"
            " coalesce((SELECT number FROM patient_phone WHERE patient_id = p.id"
            "           ORDER BY position, id LIMIT 1), '')"
            " FROM patient p WHERE id = ?",
            (patient_id,),
        )
        if row is None:
            raise Conflict("This patient's file is no longer there.")
        now = self._now_text()
        alerts = self._db.rows(
            "SELECT text FROM patient_alert WHERE patient_id = ? AND is_shown_on_booking"
            " AND (expires_on IS NULL OR expires_on >= ?) ORDER BY id",
            (patient_id, self._session.clock.today().isoformat()),
        )
        missed = self._db.value(
            "SELECT count(*) FROM appointment WHERE patient_id = ? AND status = 'no-show'",
            (patient_id,),
        )
        card = PatientCard(
            patient_id,
            PersonName(*row[:6]),
            row[6],
            PartialDate.from_iso(row[7]) if row[7] else None,
            row[9],
            PatientStatus(row[8]),
            tuple(text for (text,) in alerts),
            self._visits(
                "WHERE a.patient_id = ?2 AND a.starts_at >= ?3"
                " AND a.status IN ('scheduled', 'confirmed', 'arrived', 'in-room')"
                " ORDER BY a.starts_at LIMIT 3",
                patient_id,
                now,
            ),
            self._visits(
                "WHERE a.patient_id = ?2 AND a.starts_at < ?3 AND a.status <> 'cancelled'"
                " ORDER BY a.starts_at DESC LIMIT 3",
                patient_id,
                now,
            ),
            missed,
        )
        self._session.viewed(patient_id, "Looked up for a booking")
        return card

    # -- ask ----------------------------------------------------------------------------------

    def check(self, draft: BookingDraft, ignoring_id: int | None = None) -> tuple[RuleBreach, ...]:
        """Every rule the booking would break; none means it may be made. Raises Invalid."""
        wanted = self._wanted(draft, ignoring_id)
        return breaches_of(wanted, self._facts(wanted), self._practice.formats, self._weights())

    def nearest(
        self, draft: BookingDraft, count: int = 3, ignoring_id: int | None = None
    ) -> tuple[Slot, ...]:
        """The free slots closest to the time asked for that break no rule, closest first.

        With the same provider, never in the past, up to half a year ahead.
        """
        wanted = self._wanted(draft, ignoring_id)
        if self._patient_is_gone(draft.patient_id):
            return ()
        for reach in (_NEAR_DAYS, _FAR_DAYS):
            starts = self._nearest_starts(wanted, count, reach)
            if len(starts) >= count:
                break
        return tuple(Slot(start, draft.duration_min, draft.provider_id) for start in starts)

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
            overridden = self._refuse_if_broken(draft, None, reason)
            row = Appointment.create(**_fields(draft), override_reason=overridden)
        return int(row.id)

    def amend(
        self,
        appointment_id: int,
        draft: BookingDraft,
        override_reason: str = "",
        initiator: object | None = None,
    ) -> None:
        """Change a visit: when, with whom, what for. The rules are asked only where they matter.

        A visit put to another day or time is no longer confirmed. Raises Conflict showing the
        stored visit when `draft.version` is not the latest; else as `book`.
        """
        before = self.appointment(appointment_id)
        if before.row.version != draft.version:
            raise self._moved_on(before)
        moved = _place(draft) != _place(before.draft)
        if moved and before.row.status in FREED:
            raise Conflict(
                f"This visit is {_word(before.row.status)} and cannot be moved.",
                remedy="Book a new one.",
            )
        verb = "Move" if moved else "Change"
        label = f"{verb} {before.row.patient_name}, {self._when(draft.starts_at)}"
        reason = override_reason.strip()
        with self._changing(label, draft.patient_id, reason, initiator):
            fields = _fields(draft)
            if moved:
                overridden = self._refuse_if_broken(draft, appointment_id, reason)
                fields["override_reason"] = overridden
                if before.row.status == VisitStatus.CONFIRMED and (
                    draft.starts_at != before.row.starts_at
                ):
                    fields["status"] = VisitStatus.SCHEDULED
            self._save(appointment_id, draft.version, fields)

    def reschedule(
        self,
        appointment_id: int,
        version: int,
        starts_at: datetime,
        duration_min: int,
        provider_id: int,
        override_reason: str = "",
        initiator: object | None = None,
    ) -> None:
        """Move a visit to another time, length or provider, as `amend`."""
        draft = replace(
            self.appointment(appointment_id).draft,
            starts_at=starts_at,
            duration_min=duration_min,
            provider_id=provider_id,
            version=version,
        )
        self.amend(appointment_id, draft, override_reason, initiator)

    def cancel(
        self,
        appointment_id: int,
        version: int,
        by: str = "patient",
        reason: str = "",
        initiator: object | None = None,
    ) -> None:
        """Cancel a visit, `by` "patient" or "clinic"; its slot is free at once.

        Raises Conflict for a visit that took place, was cancelled already or has moved on.
        """
        if by not in ("patient", "clinic"):
            raise Invalid("A visit is cancelled by the patient or by the clinic.", field="by")
        detail = self.appointment(appointment_id)
        row = detail.row
        if row.version != version:
            raise self._moved_on(detail)
        if not row.status.may_be_cancelled:
            raise Conflict(
                f"This visit is {_word(row.status)} and cannot be cancelled.",
                links=(self._link(row),),
            )
        label = f"Cancel {row.patient_name}, {self._when(row.starts_at)}"
        with self._changing(label, row.patient_id, reason.strip(), initiator):
            self._save(
                appointment_id,
                version,
                {
                    "status": VisitStatus.CANCELLED,
                    "cancelled_by": by,
                    "cancel_reason": reason.strip(),
                },
            )

    # -- inside -------------------------------------------------------------------------------

    @contextmanager
    def _changing(
        self, label: str, patient_id: int, reason: str, initiator: object | None
    ) -> Iterator[None]:
        with self._session.change(
            label,
            Permission.EDIT_CALENDAR,
            patient_id=patient_id,
            reason=reason,
            initiator=initiator,
        ):
            yield

    def _save(self, appointment_id: int, version: int, fields: dict[str, Any]) -> None:
        try:
            save_row(Appointment, appointment_id, version, **fields)
        except Conflict as conflict:
            raise self._moved_on(self.appointment(appointment_id)) from conflict

    def _refuse_if_broken(self, draft: BookingDraft, moving_id: int | None, reason: str) -> str:
        """The override reason to keep, '' where no rule is in the way. Raises BookingRefused.

        Called inside the transaction, so that what was free when checked is free when stored.
        """
        breaches = self.check(draft, moving_id)
        if not breaches:
            return ""
        if any(breach.is_hard for breach in breaches):
            raise self._refusal(draft, moving_id, breaches, "Choose another time.")
        if not reason:
            remedy = "Choose another time, or say why it must be so."
            raise self._refusal(draft, moving_id, breaches, remedy)
        self._session.require(Permission.OVERRIDE_RULES, "set a booking rule aside")
        return reason

    def _refusal(
        self,
        draft: BookingDraft,
        moving_id: int | None,
        breaches: tuple[RuleBreach, ...],
        remedy: str,
    ) -> BookingRefused:
        what = f"{self._when(draft.starts_at)} is not possible."
        if not any(breach.is_hard for breach in breaches):
            what = f"{self._when(draft.starts_at)} needs a reason."
        slots = self.nearest(draft, 3, moving_id)
        return BookingRefused(breaches, slots, remedy, what)

    def _wanted(self, draft: BookingDraft, moving_id: int | None) -> WantedVisit:
        """The draft as the rules see it. Raises Invalid for what cannot be booked at all."""
        buffers: tuple[int, int] = (0, 0)
        if draft.type_id is not None:
            found = self._db.one(
                "SELECT buffer_before_min, buffer_after_min FROM appointment_type WHERE id = ?",
                (draft.type_id,),
            )
            if found is None:
                raise Invalid("This kind of visit is no longer there.", field="type_id")
            buffers = (found[0], found[1])
        wanted = WantedVisit(
            draft.patient_id,
            draft.provider_id,
            draft.starts_at,
            draft.duration_min,
            draft.room_id,
            *buffers,
            id=moving_id,
        )
        refuse_impossible(wanted, self._practice.formats)
        return wanted

    def _facts(self, wanted: WantedVisit) -> DayFacts:
        day = wanted.starts_at.date()
        patient = self._db.one(
            "SELECT family_name, given_name, middle_name, name_prefix, name_suffix,"
            " preferred_name, status FROM patient WHERE id = ?",
            (wanted.patient_id,),
        )
        if patient is None:
            raise Invalid("Choose a patient.", field="patient_id")
        provider = self._db.one(
            "SELECT family_name, given_name, credential FROM provider WHERE id = ?",
            (wanted.provider_id,),
        )
        if provider is None:
            raise Invalid("Choose a provider.", field="provider_id")
        room_name = ""
        if wanted.room_id is not None:
            room_name = (
                self._db.value("SELECT name FROM room WHERE id = ?", (wanted.room_id,)) or ""
            )
        weekly = reading.weekly_hours(self._db, [wanted.provider_id])[wanted.provider_id]
        return DayFacts(
            day=day,
            today=self._session.clock.today(),
            provider_name=provider_called(*provider),
            patient_name=PersonName(*patient[:6]).listed,
            patient_status=PatientStatus(patient[6]),
            room_name=room_name,
            hours=hours_on(day, weekly),
            keeps_hours=bool(weekly),
            closed=closed_by(day, wanted.provider_id, reading.closures(self._db, day, day)),
            held=self._held(wanted, day, day).get(day, ()),
        )

    def _held(
        self, wanted: WantedVisit, first: date, last: date
    ) -> dict[date, tuple[HeldVisit, ...]]:
        return reading.held_visits(
            self._db, first, last, wanted.provider_id, wanted.patient_id, wanted.room_id
        )

    def _nearest_starts(
        self, wanted: WantedVisit, count: int, reach_days: int
    ) -> tuple[datetime, ...]:
        now = self._session.clock.now()
        anchor = max(wanted.starts_at, now)
        first = max(anchor.date() - timedelta(days=reach_days), now.date())
        last = anchor.date() + timedelta(days=reach_days)
        weekly = reading.weekly_hours(self._db, [wanted.provider_id])[wanted.provider_id]
        closures = reading.closures(self._db, first, last)
        held = self._held(wanted, first, last)
        step_min = self._practice.get(settings.CALENDAR_STEP_MIN)
        found: tuple[datetime, ...] = ()
        for distance in range(reach_days + 1):
            offset = timedelta(days=distance)
            for day in dict.fromkeys((anchor.date() - offset, anchor.date() + offset)):
                if day < first or closed_by(day, wanted.provider_id, closures):
                    continue
                found += legal_starts(
                    wanted, day, hours_on(day, weekly), held.get(day, ()), step_min, now
                )
            found = nearest(found, wanted.starts_at, count)
            # Whatever the next day out holds is at least this far away.
            if len(found) == count and abs(found[-1] - anchor) <= offset:
                break
        return found

    def _weights(self) -> Mapping[Rule, Weight]:
        chosen = {rule: Weight(self._practice.get(setting)) for rule, setting in _CHOSEN.items()}
        return {**SHIPPED_WEIGHTS, **chosen}

    def _refuse_replay_into_a_taken_slot(self, changes: Changes) -> None:
        """Keeps undo and redo from putting a visit where another has been booked meanwhile.

        Only a visit the operation put somewhere is looked at: one that lay there before, or was
        allowed to overlap for a reason, is not in question.
        """
        if changes.undoes is None or self._weights()[Rule.OVERLAP] == Weight.OFF:
            return
        for appointment_id in sorted(changes.ids("appointment")):
            found = self._db.one(
                "SELECT before, after FROM row_change WHERE operation_id = ?"
                " AND table_name = 'appointment' AND row_id = ? ORDER BY id DESC LIMIT 1",
                (changes.operation_id, appointment_id),
            )
            if found is None or found[1] is None:
                continue
            before = json.loads(found[0]) if found[0] else None
            after = json.loads(found[1])
            if VisitStatus(after["status"]) in FREED or after["override_reason"]:
                continue
            if before is not None and _holds_the_same(before, after):
                continue
            self._refuse_if_taken(appointment_id, after)

    def _refuse_if_taken(self, appointment_id: int, image: dict[str, Any]) -> None:
        starts_at = datetime.fromisoformat(image["starts_at"])
        wanted = WantedVisit(
            image["patient_id"],
            image["provider_id"],
            starts_at,
            image["duration_min"],
            image["room_id"],
            id=appointment_id,
        )
        day = starts_at.date()
        for visit in self._held(wanted, day, day).get(day, ()):
            if visit.id == appointment_id or not visit.span.overlaps(wanted.span):
                continue
            same_room = wanted.room_id is not None and visit.room_id == wanted.room_id
            if visit.provider_id == wanted.provider_id or same_room:
                raise Conflict(
                    "This cannot be taken back: the slot has been given away.",
                    f"{visit.patient_name} is booked there, {self._when(visit.span.starts_at(day))}.",
                    "Move that visit first, or book another time.",
                    (Link("appointment", str(visit.id), visit.patient_name),),
                )

    def _moved_on(self, detail: AppointmentDetail) -> Conflict:
        row = detail.row
        by = self._db.one(
            "SELECT o.user_name, o.label FROM row_change c JOIN operation o ON o.id = c.operation_id"
            " WHERE c.table_name = 'appointment' AND c.row_id = ? ORDER BY c.id DESC LIMIT 1",
            (row.id,),
        )
        who = f" by {by[0]}" if by else ""
        where = f"{self._when(row.starts_at)}, {row.duration_min} minutes with {row.provider_name}"
        return Conflict(
            f"This visit was changed{who} while you had it open.",
            f"It is now {_word(row.status)}: {where}.",
            "Look at both, then save again.",
            (self._link(row),),
        )

    def _patient_is_gone(self, patient_id: int) -> bool:
        status = self._db.value("SELECT status FROM patient WHERE id = ?", (patient_id,))
        return status in (PatientStatus.DECEASED, PatientStatus.ARCHIVED)

    def _patient_name(self, patient_id: int) -> str:
        row = self._db.one(
            "SELECT family_name, given_name, middle_name, name_prefix, name_suffix,"
            " preferred_name FROM patient WHERE id = ?",
            (patient_id,),
        )
        if row is None:
            raise Invalid("Choose a patient.", field="patient_id")
        return PersonName(*row).listed

    def _visits(self, where: str, *params: Any) -> tuple[AppointmentRow, ...]:
        return reading.visits(self._db, self._session.clock.today(), where, params)

    def _link(self, row: AppointmentRow) -> Link:
        return Link("appointment", str(row.id), f"{row.patient_name}, {self._when(row.starts_at)}")

    def _when(self, at: datetime) -> str:
        formats = self._practice.formats
        return f"{formats.short_date(at.date())}, {formats.time(at)}"

    def _now_text(self) -> str:
        return self._session.clock.now().isoformat(timespec="minutes")


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


def _holds_the_same(before: dict[str, Any], after: dict[str, Any]) -> bool:
    names = ("provider_id", "room_id", "starts_at", "duration_min")
    return VisitStatus(before["status"]).holds_its_slot and all(
        before[name] == after[name] for name in names
    )


def _word(status: VisitStatus) -> str:
    return {VisitStatus.NO_SHOW: "a no-show", VisitStatus.IN_ROOM: "in progress"}.get(
        status, status.value
    )


def _gone() -> Conflict:
    return Conflict(
        "This visit is no longer there.", remedy="The day is shown as it is now; choose again."
    )
