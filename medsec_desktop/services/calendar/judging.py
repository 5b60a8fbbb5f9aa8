"""Whether a booking may be made, what else is free, and whether an undo may be."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

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
from medsec_desktop.domain.people import PatientStatus, PersonName
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.problems import Conflict, Invalid, Link
from medsec_desktop.services.calendar import reading
from medsec_desktop.services.calendar.records import BookingDraft
from medsec_desktop.services.practice import Practice, settings
from medsec_desktop.services.session import Changes, Session

# The rules whose weight the practice chooses.
_CHOSEN = {
    Rule.OVERLAP: settings.RULE_OVERLAP,
    Rule.SAME_DAY: settings.RULE_SAME_DAY,
    Rule.OUTSIDE_HOURS: settings.RULE_OUTSIDE_HOURS,
    Rule.CLOSURE: settings.RULE_CLOSURE,
}
# How far around the time asked for a free slot is looked for: first near, then further ahead.
_NEAR_DAYS, _FAR_DAYS = 21, 182


class Judge:
    """Brings the rules together with what is stored."""

    def __init__(self, session: Session, practice: Practice):
        self._session = session
        self._db = session.db
        self._practice = practice

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

    def refuse_if_broken(self, draft: BookingDraft, moving_id: int | None, reason: str) -> str:
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

    def refuse_replay_into_a_taken_slot(self, changes: Changes) -> None:
        """Keeps undo and redo from putting a visit where another has been booked meanwhile.

        Only a visit the operation put somewhere is looked at: one that lay there before, or was
        allowed to overlap for a reason where the practice takes reasons, is not in question.
        """
        if changes.undoes is None:
            return
        weight = self._weights()[Rule.OVERLAP]
        if weight == Weight.OFF:
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
            if VisitStatus(after["status"]) in FREED:
                continue
            # A reason given once speaks for the rule only while the rule takes reasons.
            if after["override_reason"] and weight == Weight.SOFT:
                continue
            if before is not None and _holds_the_same(before, after):
                continue
            self._refuse_if_taken(appointment_id, after)

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
        now = self._session.clock.now()
        return DayFacts(
            day=day,
            today=now.date(),
            now_min=now.hour * 60 + now.minute,
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

    def _patient_is_gone(self, patient_id: int) -> bool:
        status = self._db.value("SELECT status FROM patient WHERE id = ?", (patient_id,))
        return status in (PatientStatus.DECEASED, PatientStatus.ARCHIVED)

    def _when(self, at: datetime) -> str:
        formats = self._practice.formats
        return f"{formats.short_date(at.date())}, {formats.time(at)}"


def _holds_the_same(before: dict[str, Any], after: dict[str, Any]) -> bool:
    names = ("provider_id", "room_id", "starts_at", "duration_min")
    return VisitStatus(before["status"]).holds_its_slot and all(
        before[name] == after[name] for name in names
    )
