"""Whether a booking may be made, what else is free, and whether an undo may be."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from medsec_desktop.domain.calendar import (
    FREED,
    SHIPPED_WEIGHTS,
    AuthorizationFacts,
    BlockRow,
    BookingRefused,
    DayFacts,
    DayPlan,
    HeldVisit,
    Rule,
    RuleBreach,
    Slot,
    VisitStatus,
    WantedVisit,
    Weight,
    breaches_of,
    free_for,
    legal_starts,
    nearest,
    provider_called,
    refuse_impossible,
)
from medsec_desktop.domain.calendar.zones import refuse_clock_change
from medsec_desktop.domain.people import PatientStatus, PersonName
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.calendar import reading
from medsec_desktop.services.calendar.availability import provider_plans, room_plans
from medsec_desktop.services.calendar.records import NEWCOMER, BookingDraft
from medsec_desktop.services.patients.authorizations import USED_WITHOUT_SQL
from medsec_desktop.services.practice import Practice, settings
from medsec_desktop.services.practice.time_zone import clinic_zone
from medsec_desktop.services.session import Changes, Session

# Where two visits stand in each other's way; what an undo or redo must not bring about.
_BETWEEN_VISITS = (Rule.OVERLAP, Rule.ROOM_TAKEN, Rule.SAME_DAY, Rule.BUFFER)
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
        return breaches_of(wanted, self._facts(wanted), self._practice.formats, self.weights())

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
        wanted = self._wanted(draft, ignoring_id)
        weights = self.weights()
        days = self._days_open_to(wanted, weights)
        if days is None:
            return ()
        for reach in (_NEAR_DAYS, _FAR_DAYS):
            starts = self._nearest_starts(wanted, count, reach, days, weights, from_then)
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
        weights = self.weights()
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
            if before is not None and _holds_the_same(before, after):
                continue
            self._refuse_if_taken(appointment_id, after, weights)

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
        kind: tuple[Any, ...] = (0, 0, "", "")
        if draft.type_id is not None:
            found = self._db.one(
                "SELECT buffer_before_min, buffer_after_min, name, room_kind"
                " FROM appointment_type WHERE id = ?",
                (draft.type_id,),
            )
            if found is None:
                raise Invalid("This kind of visit is no longer there.", field="type_id")
            kind = found
        wanted = WantedVisit(
            draft.patient_id,
            draft.provider_id,
            draft.starts_at,
            draft.duration_min,
            draft.room_id,
            buffer_before_min=kind[0],
            buffer_after_min=kind[1],
            id=moving_id,
            type_id=draft.type_id,
            type_name=kind[2],
            room_kind=kind[3],
            hold_id=draft.hold_id,
            authorization_id=draft.authorization_id,
            authorization_units=draft.authorization_units,
        )
        refuse_impossible(wanted, self._practice.formats)
        refuse_clock_change(
            wanted.starts_at,
            wanted.duration_min,
            clinic_zone(self._practice),
            self._practice.formats,
        )
        return wanted

    def _facts(self, wanted: WantedVisit) -> DayFacts:
        day = wanted.starts_at.date()
        patient = self._db.one(
            "SELECT family_name, given_name, middle_name, name_prefix, name_suffix,"
            " preferred_name, status FROM patient WHERE id = ?",
            (wanted.patient_id,),
        )
        if wanted.patient_id == NEWCOMER:
            patient = ("The new patient", "", "", "", "", "", PatientStatus.ACTIVE)
        if patient is None:
            raise Invalid("Choose a patient.", field="patient_id")
        provider = self._db.one(
            "SELECT family_name, given_name, credential, visits_at_once FROM provider WHERE id = ?",
            (wanted.provider_id,),
        )
        if provider is None:
            raise Invalid("Choose a provider.", field="provider_id")
        room = self._room(wanted)
        now = self._session.clock.now()
        plans = provider_plans(self._db, day, day, [wanted.provider_id], now)
        rooms = room_plans(self._db, day, day, [wanted.room_id] if wanted.room_id else [], now)
        plan = plans[wanted.provider_id, day]
        room_plan = rooms[wanted.room_id, day] if wanted.room_id else None
        admitting = any(block.admits for block in (*plan.blocks, *_blocks(room_plan)))
        return DayFacts(
            day=day,
            today=now.date(),
            now_min=now.hour * 60 + now.minute,
            provider_name=provider_called(*provider[:3]),
            patient_name=PersonName(*patient[:6]).listed,
            patient_status=PatientStatus(patient[6]),
            room_name=room[0],
            room_kind=room[1],
            plan=plan,
            room_plan=room_plan,
            visits_at_once=provider[3],
            type_names=self._type_names() if admitting else {},
            authorization=self._authorization(wanted),
            held=self._held(wanted, day, day).get(day, ()),
        )

    def _room(self, wanted: WantedVisit) -> tuple[str, str]:
        """The name and kind of the room wanted. Raises Invalid for one that is not there."""
        if wanted.room_id is None:
            return "", ""
        found = self._db.one("SELECT name, kind FROM room WHERE id = ?", (wanted.room_id,))
        if found is None:
            raise Invalid("This room is no longer there.", field="room_id")
        return found[0], found[1]

    def _type_names(self) -> dict[int, str]:
        return dict(self._db.rows("SELECT id, name FROM appointment_type"))

    def _authorization(self, wanted: WantedVisit) -> AuthorizationFacts | None:
        """The authorization the visit is to count on, with the other visits that do."""
        if wanted.authorization_id is None:
            return None
        found = self._db.one(
            f"SELECT number, visits_allowed, starts_on, ends_on, {USED_WITHOUT_SQL}, counts"
            " FROM authorization z WHERE id = ?1 AND patient_id = ?3",
            (wanted.authorization_id, wanted.id, wanted.patient_id),
        )
        if found is None:
            raise Invalid(
                "This authorization is no longer in the patient’s file.", field="authorization_id"
            )
        number, allowed, starts_on, ends_on, used, counts = found
        return AuthorizationFacts(number, allowed, used, _day(starts_on), _day(ends_on), counts)

    def _days_open_to(
        self, wanted: WantedVisit, weights: Mapping[Rule, Weight]
    ) -> tuple[date, date] | None:
        """The days on which a free time would help; None where no time is the answer."""

        def kept(rule: Rule) -> bool:
            return weights[rule] != Weight.OFF

        if kept(Rule.PATIENT_GONE) and self._patient_is_gone(wanted.patient_id):
            return None
        kind = self._room(wanted)[1].casefold()
        other_kind = (
            bool(wanted.room_id and wanted.room_kind) and kind != wanted.room_kind.casefold()
        )
        if other_kind and kept(Rule.ROOM_KIND):
            return None
        leave = self._authorization(wanted)
        if leave is None or not kept(Rule.AUTHORIZATION):
            return date.min, date.max
        if not leave.reaches_for(wanted):
            return None
        return leave.starts_on or date.min, leave.ends_on or date.max

    def _held(
        self, wanted: WantedVisit, first: date, last: date
    ) -> dict[date, tuple[HeldVisit, ...]]:
        return reading.held_visits(
            self._db, first, last, wanted.provider_id, wanted.patient_id, wanted.room_id
        )

    def _nearest_starts(
        self,
        wanted: WantedVisit,
        count: int,
        reach_days: int,
        days: tuple[date, date],
        weights: Mapping[Rule, Weight],
        from_then: bool,
    ) -> tuple[datetime, ...]:
        now = self._session.clock.now()
        anchor = max(wanted.starts_at, now)
        earliest = anchor if from_then else now
        first = max(anchor.date() - timedelta(days=reach_days), earliest.date(), days[0])
        last = min(anchor.date() + timedelta(days=reach_days), days[1])
        plans = provider_plans(self._db, first, last, [wanted.provider_id], now)
        rooms = room_plans(self._db, first, last, [wanted.room_id] if wanted.room_id else [], now)
        held = self._held(wanted, first, last)
        step_min = self._practice.get(settings.CALENDAR_STEP_MIN)
        on_grid = self._practice.get(settings.SLOT_STARTS) == "grid"
        zone_name = clinic_zone(self._practice)
        at_once = self._db.value(
            "SELECT visits_at_once FROM provider WHERE id = ?", (wanted.provider_id,)
        )
        found: tuple[datetime, ...] = ()
        for distance in range(reach_days + 1):
            offset = timedelta(days=distance)
            for day in dict.fromkeys((anchor.date() - offset, anchor.date() + offset)):
                plan = plans.get((wanted.provider_id, day))
                if plan is None:
                    continue
                free = free_for(wanted, plan, rooms.get((wanted.room_id or 0, day)), weights)
                starts = legal_starts(
                    wanted,
                    day,
                    free,
                    held.get(day, ()),
                    step_min,
                    earliest,
                    on_grid=on_grid,
                    at_once=at_once,
                    weights=weights,
                )
                found += tuple(start for start in starts if self._exists(start, wanted, zone_name))
            found = nearest(found, wanted.starts_at, count)
            # Whatever the next day out holds is at least this far away.
            if len(found) == count and abs(found[-1] - anchor) <= offset:
                break
        return found

    def _exists(self, start: datetime, wanted: WantedVisit, zone_name: str) -> bool:
        """Whether the visit lies clear of a change of the clocks."""
        try:
            refuse_clock_change(start, wanted.duration_min, zone_name, self._practice.formats)
        except Invalid:
            return False
        return True

    def weights(self) -> Mapping[Rule, Weight]:
        """How firmly the practice keeps each rule."""
        stored = dict(self._db.rows("SELECT name, value FROM setting WHERE name GLOB 'rules.*'"))
        chosen = {
            Rule(rule): Weight(settings.read(setting, stored.get(setting.name)))
            for rule, setting in settings.RULE_WEIGHTS.items()
        }
        return {**SHIPPED_WEIGHTS, **chosen}

    def _refuse_if_taken(
        self, appointment_id: int, image: dict[str, Any], weights: Mapping[Rule, Weight]
    ) -> None:
        """Hard rules between visits stand whatever was said; soft ones gave way to a reason."""
        draft = BookingDraft(
            image["patient_id"],
            image["provider_id"],
            image["type_id"],
            datetime.fromisoformat(image["starts_at"]),
            image["duration_min"],
            image["room_id"],
        )
        try:
            wanted = self._wanted(draft, appointment_id)
        except Invalid:
            return  # imported as it is, and nothing the rules speak of
        asked = {
            rule: weight if rule in _BETWEEN_VISITS else Weight.OFF
            for rule, weight in weights.items()
        }
        for breach in breaches_of(wanted, self._facts(wanted), self._practice.formats, asked):
            unexcused = (
                breach.rule in (Rule.OVERLAP, Rule.ROOM_TAKEN) and not image["override_reason"]
            )
            if breach.is_hard or unexcused:
                raise Conflict(
                    "This cannot be taken back: the slot has been given away.",
                    breach.sentence,
                    "Move that visit first, or book another time.",
                    breach.links,
                )

    def _patient_is_gone(self, patient_id: int) -> bool:
        status = self._db.value("SELECT status FROM patient WHERE id = ?", (patient_id,))
        return status in (PatientStatus.DECEASED, PatientStatus.ARCHIVED)

    def _when(self, at: datetime) -> str:
        formats = self._practice.formats
        return f"{formats.short_date(at.date())}, {formats.time(at)}"


def _blocks(plan: DayPlan | None) -> tuple[BlockRow, ...]:
    return plan.blocks if plan is not None else ()


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _holds_the_same(before: dict[str, Any], after: dict[str, Any]) -> bool:
    names = ("provider_id", "room_id", "starts_at", "duration_min")
    return VisitStatus(before["status"]).holds_its_slot and all(
        before[name] == after[name] for name in names
    )
