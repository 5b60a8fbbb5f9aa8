"""Booking, moving and cancelling visits, and what a day holds."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.calendar import (
    FREED,
    VisitStatus,
    provider_called,
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
from medsec_desktop.services.saving import insert_row, save_row
from medsec_desktop.services.session import Changes, Session

# Today is read at the start of the program, which does without what judges a booking.
if TYPE_CHECKING:
    from collections.abc import Iterator

    from medsec_desktop.domain.calendar import RuleBreach, Slot
    from medsec_desktop.services.calendar.judging import Judge


class Calendar:
    """The appointment book of one practice."""

    def __init__(self, session: Session, practice: Practice):
        self._session = session
        self._db = session.db
        self._practice = practice
        session.guard(self._refuse_replay_into_a_taken_slot)

    @cached_property
    def _judge(self) -> Judge:
        from medsec_desktop.services.calendar.judging import Judge

        return Judge(self._session, self._practice)

    def _refuse_replay_into_a_taken_slot(self, changes: Changes) -> None:
        if changes.undoes is not None and changes.touches("appointment"):
            self._judge.refuse_replay_into_a_taken_slot(changes)

    # -- read ---------------------------------------------------------------------------------

    def day(
        self, day: date, provider_ids: Collection[int] | None = None, with_cancelled: bool = False
    ) -> DayView:
        """A day ready to paint: a column for every bookable provider and for any other with visits.

        Cancelled visits are left out unless asked for; missed ones stay, as they still need an
        answer. A handful of statements, whatever the number of visits.
        """
        from medsec_desktop.domain.calendar import closed_by, hours_on

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

    def _last_encounter(self, patient_id: int) -> tuple[datetime, str] | None:
        row = self._db.one(
            "SELECT e.starts_at, coalesce(p.given_name || ' ' || p.family_name, '') FROM encounter e"
            " LEFT JOIN provider p ON p.id = e.provider_id"
            " WHERE e.patient_id = ? AND e.appointment_id IS NULL ORDER BY e.starts_at DESC LIMIT 1",
            (patient_id,),
        )
        return None if row is None else (datetime.fromisoformat(row[0]), str(row[1]).strip())

    def patient_card(self, patient_id: int) -> PatientCard:
        """What is said while booking: who she is, alerts, next and past visits. Audited as a view."""
        row = self._db.one(
            "SELECT family_name, given_name, middle_name, name_prefix, name_suffix,"
            " preferred_name, chart_number, birth_date, status,"
            " coalesce((SELECT number FROM patient_phone WHERE patient_id = p.id"
            "           ORDER BY position, id LIMIT 1), ''),"
            " (SELECT id FROM provider WHERE id = p.primary_provider_id AND is_bookable)"
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
            row[10],
            self._last_encounter(patient_id),
        )
        self._session.viewed(patient_id, "Looked up for a booking")
        return card

    # -- ask ----------------------------------------------------------------------------------

    def check(self, draft: BookingDraft, ignoring_id: int | None = None) -> tuple[RuleBreach, ...]:
        """Every rule the booking would break; none means it may be made. Raises Invalid."""
        return self._judge.check(draft, ignoring_id)

    def nearest(
        self, draft: BookingDraft, count: int = 3, ignoring_id: int | None = None
    ) -> tuple[Slot, ...]:
        """The free slots closest to the time asked for that break no rule, closest first.

        With the same provider, never in the past, up to half a year ahead.
        """
        return self._judge.nearest(draft, count, ignoring_id)

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
            overridden = self._judge.refuse_if_broken(draft, None, reason)
            return insert_row(Appointment, **_fields(draft), override_reason=overridden)

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
                overridden = self._judge.refuse_if_broken(draft, appointment_id, reason)
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


def _word(status: VisitStatus) -> str:
    return {VisitStatus.NO_SHOW: "a no-show", VisitStatus.IN_ROOM: "in progress"}.get(
        status, status.value
    )


def _gone() -> Conflict:
    return Conflict(
        "This visit is no longer there.", remedy="The day is shown as it is now; choose again."
    )
