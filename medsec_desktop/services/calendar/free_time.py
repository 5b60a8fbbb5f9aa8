"""What is free on each day for a visit that is looked for, read in whole statements as it is needed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from medsec_desktop.domain.calendar.crowds import Minutes, Timed, crowded
from medsec_desktop.domain.calendar.finding import (
    FindQuery,
    fitting_starts,
    free_periods,
    wanted_on,
)
from medsec_desktop.domain.calendar.plans import DayPlan
from medsec_desktop.domain.calendar.rules import Rule, WantedVisit, Weight
from medsec_desktop.domain.calendar.slots import Slot, free_for
from medsec_desktop.domain.calendar.spans import DAY_MIN, Span
from medsec_desktop.domain.calendar.visits import FREED
from medsec_desktop.domain.calendar.zones import clock_change, refuse_clock_change
from medsec_desktop.domain.formats import Formats
from medsec_desktop.problems import Invalid
from medsec_desktop.services.calendar import availability
from medsec_desktop.store.database import Database

_CHUNKS_DAYS = (7, 14, 28, 56, 112)  # read at a time: most answers lie near
_FREED_SQL = ", ".join(f"'{status}'" for status in sorted(FREED))
_ALL_DAY = DayPlan((Span(0, DAY_MIN),))


@dataclass(frozen=True, slots=True)
class Policy:
    """How this practice offers time."""

    step_min: int
    on_grid: bool
    weights: Mapping[Rule, Weight]
    kept: frozenset[Rule]  # the rules that are not switched off
    zone_name: str
    formats: Formats

    def clock_stands(self, day: date) -> bool:
        """Whether the clocks are left alone that day."""
        return clock_change(day, self.zone_name) is None

    def exists(self, starts_at: datetime, duration_min: int) -> bool:
        """Whether the visit lies clear of a change of the clocks."""
        try:
            refuse_clock_change(starts_at, duration_min, self.zone_name, self.formats)
        except Invalid:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Job:
    """A query with all that is needed to answer it for a day."""

    query: FindQuery
    wanted: WantedVisit  # as the rules see it, but for the provider and the time
    first: date
    last: date
    not_before: datetime
    at_once: dict[int, int]  # by provider
    rooms: tuple[int, ...]
    policy: Policy

    @property
    def duration_min(self) -> int:
        return self.wanted.duration_min


@dataclass(frozen=True, slots=True)
class Planned:
    """A visit of the same plan that will stand before this one is booked."""

    slot: Slot
    job: Job

    @property
    def minutes(self) -> Minutes:
        start = self.slot.starts_at.hour * 60 + self.slot.starts_at.minute
        return start, start + self.slot.duration_min

    @property
    def timed(self) -> Timed:
        wanted = self.job.wanted
        return *self.minutes, wanted.buffer_before_min, wanted.buffer_after_min


@dataclass(slots=True)
class _Read:
    """The visits of the days read so far, by whose time they take and the day as text."""

    by_provider: dict[tuple[int, str], list[tuple[int, int, int | None, int]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    by_room: dict[tuple[int, str], list[tuple[int, int, int | None, int]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    by_patient: dict[tuple[int, str], list[tuple[int, int, int | None, int]]] = field(
        default_factory=lambda: defaultdict(list)
    )


class FreeTime:
    """What is known of a growing stretch of days, read in whole statements as it is needed."""

    def __init__(self, db: Database, now: datetime, jobs: Sequence[Job]):
        self._db = db
        self._now = now
        self._providers = tuple(dict.fromkeys(one for job in jobs for one in job.at_once))
        self._rooms = tuple(dict.fromkeys(one for job in jobs for one in job.rooms))
        patients = (job.query.patient_id for job in jobs)
        self._patients = tuple(dict.fromkeys(one for one in patients if one is not None))
        self._buffers: dict[int | None, Minutes] = {
            row[0]: (row[1], row[2])
            for row in db.rows(
                "SELECT id, buffer_before_min, buffer_after_min FROM appointment_type"
            )
        }
        self._buffers[None] = (0, 0)
        self._next_unread = min(job.first for job in jobs)
        self._last = max(job.last for job in jobs)
        self._chunks = iter(_CHUNKS_DAYS)
        self._visits = _Read()
        self._plans: dict[tuple[int, date], DayPlan] = {}
        self._room_plans: dict[tuple[int, date], DayPlan] = {}

    # -- what a day offers --------------------------------------------------------------------

    def slots(
        self, job: Job, day: date, planned: Sequence[Planned] = (), *, together: bool = False
    ) -> list[Slot]:
        """The slots of one day by time, of two at once the earlier provider's.

        With `planned` visits of the same plan in the way; `together` sets the rule of one visit a
        day aside among them.
        """
        query = job.query
        wanted = wanted_on(query, day.weekday())
        if not wanted or not job.first <= day <= job.last:
            return []
        self._read_to(day)
        text = day.isoformat()
        planned = [one for one in planned if one.slot.starts_at.date() == day]
        hers = self._patients_own(job, text, planned, together=together)
        if hers is None:
            return []
        rooms = self._free_rooms(job, day, text, planned)
        midnight = datetime.combine(day, datetime.min.time())
        clock_stands = job.policy.clock_stands(day)
        found: list[tuple[int, int, Slot]] = []
        for position, provider_id in enumerate(job.at_once):
            for start in self._starts(job, provider_id, day, text, wanted, hers, planned):
                starts_at = midnight + timedelta(minutes=start)
                if starts_at < job.not_before:
                    continue
                if not clock_stands and not job.policy.exists(starts_at, job.duration_min):
                    continue
                room_id = None
                if query.asks_for_a_room:
                    room_id = _first_free(rooms, start, start + job.duration_min)
                    if room_id is None:
                        continue
                slot = Slot(starts_at, job.duration_min, provider_id, room_id)
                found.append((start, position, slot))
        found.sort(key=lambda each: each[:2])
        return [slot for _, _, slot in found]

    def _starts(
        self,
        job: Job,
        provider_id: int,
        day: date,
        text: str,
        wanted: Sequence[Minutes],
        hers: Sequence[Minutes],
        planned: Sequence[Planned],
    ) -> list[int]:
        plan = self._plans[provider_id, day]
        if not plan.hours:
            return []
        hours = plan.hours
        if plan.blocks or plan.holds or plan.closed or plan.away:
            hours = free_for(job.wanted, plan, None, job.policy.weights)
        keeps_buffers = Rule.BUFFER in job.policy.kept
        busy: list[Timed] = [
            (first, last, *(self._buffers[type_id] if keeps_buffers else (0, 0)))
            for first, last, type_id, visit_id in self._visits.by_provider.get(
                (provider_id, text), ()
            )
            if visit_id not in job.query.ignoring_ids
        ]
        busy += [one.timed for one in planned if one.slot.provider_id == provider_id]
        around = job.wanted.buffer_before_min, job.wanted.buffer_after_min
        taken = crowded(busy, job.at_once[provider_id], *around)
        if hers:
            taken = sorted([*taken, *hers])
        return fitting_starts(
            free_periods(hours, taken),
            wanted,
            job.duration_min,
            job.policy.step_min,
            on_grid=job.policy.on_grid,
        )

    def _patients_own(
        self, job: Job, text: str, planned: Sequence[Planned], *, together: bool
    ) -> list[Minutes] | None:
        """When the patient is here anyway; None where one visit a day is all she may have."""
        patient_id = job.query.patient_id
        if patient_id is None:
            return []
        stored = [
            (first, last)
            for first, last, _, visit_id in self._visits.by_patient.get((patient_id, text), ())
            if visit_id not in job.query.ignoring_ids
        ]
        others = [one.minutes for one in planned if one.job.query.patient_id == patient_id]
        if Rule.SAME_DAY in job.policy.kept and (stored or (others and not together)):
            return None
        return sorted([*stored, *others])

    def _free_rooms(
        self, job: Job, day: date, text: str, planned: Sequence[Planned]
    ) -> dict[int, list[Minutes]]:
        rooms: dict[int, list[Minutes]] = {}
        for room_id in job.rooms:
            plan = self._room_plans[room_id, day]
            taken = [
                (first, last)
                for first, last, _, visit_id in self._visits.by_room.get((room_id, text), ())
                if visit_id not in job.query.ignoring_ids
            ]
            taken += [one.minutes for one in planned if one.slot.room_id == room_id]
            hours = free_for(job.wanted, _ALL_DAY, plan, job.policy.weights)
            rooms[room_id] = free_periods(hours, sorted(taken))
        return rooms

    # -- reading ------------------------------------------------------------------------------

    def _read_to(self, day: date) -> None:
        while self._next_unread <= day:
            first = self._next_unread
            last = min(first + timedelta(days=next(self._chunks, 112) - 1), self._last)
            self._read(first, last)
            self._next_unread = last + timedelta(days=1)

    def _read(self, first: date, last: date) -> None:
        self._plans |= availability.provider_plans(
            self._db, first, last, self._providers, self._now
        )
        if self._rooms:
            self._room_plans |= availability.room_plans(
                self._db, first, last, self._rooms, self._now
            )
        visits = self._visits
        for owner, owners, into in (
            ("provider_id", self._providers, visits.by_provider),
            ("room_id", self._rooms, visits.by_room),
            ("patient_id", self._patients, visits.by_patient),
        ):
            if not owners:
                continue
            marks = ", ".join("?" * len(owners))
            for owner_id, at, minutes, type_id, visit_id in self._db.rows(
                f"SELECT {owner}, starts_at, duration_min, type_id, id FROM appointment"
                f" WHERE {owner} IN ({marks}) AND starts_at >= ? AND starts_at < ?"
                f" AND status NOT IN ({_FREED_SQL})",
                (*owners, first.isoformat(), (last + timedelta(days=1)).isoformat()),
            ):
                start = int(at[11:13]) * 60 + int(at[14:16])
                into[owner_id, at[:10]].append((start, start + minutes, type_id, visit_id))


def _first_free(rooms: dict[int, list[Minutes]], first: int, last: int) -> int | None:
    for room_id, periods in rooms.items():
        if any(low <= first and last <= high for low, high in periods):
            return room_id
    return None
