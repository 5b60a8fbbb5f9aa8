"""Finds free slots: by type, providers, days, times of day, rooms, several visits at once.

The slot policy is that of `domain.calendar.slots`: starts step from the beginning of each free
period, or with the setting “Free times offered” on the lines of the day view, and a visit fits when
it ends no later than its free period. A period is free when the provider works then, nothing
closes the day, no block-out keeps the type out, no hold keeps it for somebody else, the patient is
not here anyway, and no visit lies there nor too close by the time the types need before and after.
A rule the practice has switched off takes nothing away, but offers stay within the hours, and
within what a provider takes at once. Filters only take starts away; they never shift one. What is
offered breaks no rule, so it can be booked as it stands, and every start of the policy that the
filters let through is offered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import permutations

from medsec_desktop.domain.calendar.finding import (
    DaySlots,
    FindQuery,
    Minutes,
    crowded,
    fitting_starts,
    free_periods,
    wanted_on,
)
from medsec_desktop.domain.calendar.plans import DayPlan
from medsec_desktop.domain.calendar.rules import Rule, WantedVisit, Weight
from medsec_desktop.domain.calendar.slots import Slot, free_for
from medsec_desktop.domain.calendar.spans import DAY_MIN, Span
from medsec_desktop.domain.calendar.visits import FREED
from medsec_desktop.domain.calendar.zones import refuse_clock_change, zone
from medsec_desktop.domain.formats import Formats
from medsec_desktop.domain.people import PatientStatus
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.problems import Invalid
from medsec_desktop.services.calendar import availability
from medsec_desktop.services.calendar.calendar import Calendar
from medsec_desktop.services.calendar.judging import Judge
from medsec_desktop.services.calendar.records import BookingDraft
from medsec_desktop.services.practice import Practice, settings
from medsec_desktop.services.practice.time_zone import clinic_zone
from medsec_desktop.services.session import Session
from medsec_desktop.store.database import Database

__all__ = ["DaySlots", "FindQuery", "Finder"]

HORIZON_DAYS = 182  # looked ahead where no last date is given
_CHUNKS_DAYS = (7, 14, 28, 56, 112)  # read at a time: most answers lie near
_TRIED_IN_ANY_ORDER = 4  # of more visits than this only the order given is tried
_FREED_SQL = ", ".join(f"'{status}'" for status in sorted(FREED))

_ALL_DAY = DayPlan((Span(0, DAY_MIN),))
_NOBODY = 0  # no patient has this id

Several = tuple[Slot, ...]


class Finder:
    """Looks for free slots."""

    def __init__(self, session: Session, practice: Practice, calendar: Calendar):
        self._session = session
        self._db = session.db
        self._practice = practice
        self._calendar = calendar

    # -- one visit ----------------------------------------------------------------------------

    def next(self, query: FindQuery) -> tuple[Slot, ...]:
        """The first `query.count` free slots, earliest first. Raises Invalid."""
        found: list[Slot] = []
        for _, slots in self._days(query):
            found += slots
            if len(found) >= query.count:
                break
        return tuple(found[: query.count])

    def by_date(self, query: FindQuery, days: int = 10) -> tuple[DaySlots, ...]:
        """The next `days` dates that have a free slot, each with its first `query.count` slots."""
        found: list[DaySlots] = []
        for day, slots in self._days(query):
            if slots:
                found.append(DaySlots(day, tuple(slots[: query.count]), len(slots)))
                if len(found) == days:
                    break
        return tuple(found)

    def on_day(self, query: FindQuery, day: date) -> tuple[Slot, ...]:
        """Every free slot of one day."""
        wanted = replace(query, earliest_on=day, latest_on=day)
        return tuple(slot for _, slots in self._days(wanted) for slot in slots)

    # -- several visits -----------------------------------------------------------------------

    def several(
        self,
        queries: Sequence[FindQuery],
        *,
        same_day: bool = False,
        in_order: bool = False,
        count: int = 3,
    ) -> tuple[Several, ...]:
        """Ways to have several visits, each a slot for every query in the order of the queries.

        None of the slots is in another's way. With `same_day` all lie on one day, those of one
        patient as close to each other as that day allows: the rule of one visit a day is set aside
        among themselves, for that is what is asked. Else one patient's visits lie on different
        days. With `in_order` each begins once the one before it has ended. Up to `count` ways,
        the earliest first, each beginning on a day of its own.
        """
        if not queries:
            return ()
        jobs = [self._job(query) for query in queries]
        if any(job is None for job in jobs):
            return ()
        wanted = [job for job in jobs if job is not None]
        plan = _SameDay(in_order) if same_day else _Days(in_order)
        return tuple(plan.ways(_Stretch(self._db, self._now, wanted), wanted, count))

    def book_all(
        self,
        drafts: Sequence[BookingDraft],
        override_reason: str = "",
        initiator: object | None = None,
    ) -> tuple[int, ...]:
        """Book several visits as one operation, undone as one; their numbers. All or none.

        Several of one patient on one day get the reason that they were asked for together, so
        that the later of them may be booked. Raises as `Calendar.book`.
        """
        if not drafts:
            return ()
        days = [(draft.patient_id, draft.starts_at.date()) for draft in drafts]
        label = f"Book {len(drafts)} visits"
        with self._session.change(
            label,
            Permission.EDIT_CALENDAR,
            patient_id=drafts[0].patient_id if len({one for one, _ in days}) == 1 else None,
            reason=override_reason,
            initiator=initiator,
        ):
            booked = []
            for index, draft in enumerate(drafts):
                together = days[index] in days[:index]
                reason = override_reason or ("Booked together for one day" if together else "")
                booked.append(self._calendar.book(draft, reason, initiator))
        return tuple(booked)

    # -- inside -------------------------------------------------------------------------------

    @property
    def _now(self) -> datetime:
        return self._session.clock.now()

    def _days(self, query: FindQuery) -> Iterator[tuple[date, list[Slot]]]:
        """Each day of the search with all its slots, earliest first."""
        job = self._job(query)
        if job is None:
            return
        stretch = _Stretch(self._db, self._now, [job])
        day = job.first
        while day <= job.last:
            yield day, stretch.slots(job, day)
            day += timedelta(days=1)

    def _job(self, query: FindQuery) -> _Job | None:
        """The query with everything it leaves open looked up; None where nobody can have a slot."""
        kind: tuple[int, int, int, str] = (0, 0, 0, "")
        if query.type_id is not None:
            found = self._db.one(
                "SELECT duration_min, buffer_before_min, buffer_after_min, room_kind"
                " FROM appointment_type WHERE id = ?",
                (query.type_id,),
            )
            if found is None:
                raise Invalid("This kind of visit is no longer there.", field="type_id")
            kind = (found[0], found[1], found[2], found[3])
        duration_min = query.duration_min or kind[0]
        if not 1 <= duration_min <= DAY_MIN:
            raise Invalid(
                "Say how long the visit is.", remedy="Type minutes.", field="duration_min"
            )
        weights = Judge(self._session, self._practice).weights()
        kept = frozenset(rule for rule, weight in weights.items() if weight != Weight.OFF)
        if Rule.PATIENT_GONE in kept and self._is_gone(query.patient_id):
            return None
        now = self._now
        not_before = max(query.not_before or now, now)
        first = max(query.earliest_on or not_before.date(), not_before.date())
        at_once = self._providers(query)
        rooms = self._rooms(query, kind[3] if Rule.ROOM_KIND in kept else "")
        if not at_once or (query.asks_for_a_room and not rooms):
            return None
        midnight = datetime.combine(first, datetime.min.time())
        return _Job(
            query,
            WantedVisit(
                query.patient_id or _NOBODY,
                0,
                midnight,
                duration_min,
                None,
                *((kind[1], kind[2]) if Rule.BUFFER in kept else (0, 0)),
                type_id=query.type_id,
            ),
            first,
            query.latest_on or first + timedelta(days=HORIZON_DAYS),
            not_before,
            at_once,
            rooms,
            _Policy(
                self._practice.get(settings.CALENDAR_STEP_MIN),
                self._practice.get(settings.SLOT_STARTS) == "grid",
                weights,
                kept,
                clinic_zone(self._practice),
                self._practice.formats,
            ),
        )

    def _is_gone(self, patient_id: int | None) -> bool:
        if patient_id is None:
            return False
        status = self._db.value("SELECT status FROM patient WHERE id = ?", (patient_id,))
        return status in (PatientStatus.DECEASED, PatientStatus.ARCHIVED)

    def _providers(self, query: FindQuery) -> dict[int, int]:
        """How many visits at once each provider asked for takes, in the order of the columns."""
        rows = self._db.rows(
            "SELECT id, visits_at_once, is_bookable FROM provider ORDER BY position, id"
        )
        if query.provider_ids:
            return {row[0]: row[1] for row in rows if row[0] in query.provider_ids}
        return {row[0]: row[1] for row in rows if row[2]}

    def _rooms(self, query: FindQuery, wanted_kind: str) -> tuple[int, ...]:
        if not query.asks_for_a_room:
            return ()
        found = []
        for room_id, kind, is_active in self._db.rows(
            "SELECT id, kind, is_active FROM room ORDER BY position, id"
        ):
            if query.room_ids:
                asked = room_id in query.room_ids
            else:
                asked = is_active and kind.casefold() == query.room_kind.casefold()
            if asked and wanted_kind.casefold() in ("", kind.casefold()):
                found.append(room_id)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class _Policy:
    """How this practice offers time."""

    step_min: int
    on_grid: bool
    weights: Mapping[Rule, Weight]
    kept: frozenset[Rule]  # the rules that are not switched off
    zone_name: str
    formats: Formats

    def clock_stands(self, day: date) -> bool:
        """Whether the clocks are left alone that day."""
        if not self.zone_name:
            return True
        midnight = datetime.combine(day, datetime.min.time(), zone(self.zone_name))
        return midnight.utcoffset() == (midnight + timedelta(days=1)).utcoffset()

    def exists(self, starts_at: datetime, duration_min: int) -> bool:
        """Whether the visit lies clear of a change of the clocks."""
        try:
            refuse_clock_change(starts_at, duration_min, self.zone_name, self.formats)
        except Invalid:
            return False
        return True


@dataclass(frozen=True, slots=True)
class _Job:
    """A query with all that is needed to answer it for a day."""

    query: FindQuery
    wanted: WantedVisit  # as the rules see it, but for the provider and the time
    first: date
    last: date
    not_before: datetime
    at_once: dict[int, int]  # by provider
    rooms: tuple[int, ...]
    policy: _Policy

    @property
    def duration_min(self) -> int:
        return self.wanted.duration_min


@dataclass(frozen=True, slots=True)
class _Planned:
    """A visit of the same plan that will stand before this one is booked."""

    slot: Slot
    job: _Job

    @property
    def minutes(self) -> Minutes:
        start = self.slot.starts_at.hour * 60 + self.slot.starts_at.minute
        return start, start + self.slot.duration_min


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


class _Stretch:
    """What is known of a growing stretch of days, read in whole statements as it is needed."""

    def __init__(self, db: Database, now: datetime, jobs: Sequence[_Job]):
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
        self, job: _Job, day: date, planned: Sequence[_Planned] = (), *, together: bool = False
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
        job: _Job,
        provider_id: int,
        day: date,
        text: str,
        wanted: Sequence[Minutes],
        hers: Sequence[Minutes],
        planned: Sequence[_Planned],
    ) -> list[int]:
        plan = self._plans[provider_id, day]
        if not plan.hours:
            return []
        hours = free_for(job.wanted, plan, None, job.policy.weights)
        busy = [
            _kept_clear(job, first, last, *self._buffers[type_id])
            for first, last, type_id, visit_id in self._visits.by_provider.get(
                (provider_id, text), ()
            )
            if visit_id not in job.query.ignoring_ids
        ]
        busy += [
            _kept_clear(
                job, *one.minutes, one.job.wanted.buffer_before_min, one.job.wanted.buffer_after_min
            )
            for one in planned
            if one.slot.provider_id == provider_id
        ]
        taken = crowded(busy, job.at_once[provider_id])
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
        self, job: _Job, text: str, planned: Sequence[_Planned], *, together: bool
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
        self, job: _Job, day: date, text: str, planned: Sequence[_Planned]
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


def _kept_clear(job: _Job, first: int, last: int, before: int, after: int) -> Minutes:
    """A visit with the time that must lie between it and the one wanted."""
    if Rule.BUFFER not in job.policy.kept:
        return first, last
    return (
        first - max(before, job.wanted.buffer_after_min),
        last + max(after, job.wanted.buffer_before_min),
    )


def _first_free(rooms: dict[int, list[Minutes]], first: int, last: int) -> int | None:
    for room_id, periods in rooms.items():
        if any(low <= first and last <= high for low, high in periods):
            return room_id
    return None


@dataclass(frozen=True, slots=True)
class _Days:
    """Several visits on whatever days are free for them."""

    in_order: bool

    def ways(self, stretch: _Stretch, jobs: Sequence[_Job], count: int) -> Iterator[Several]:
        first = min(job.first for job in jobs)
        for _ in range(count):
            way = self._way(stretch, jobs, first)
            if way is None:
                return
            yield way
            first = min(slot.starts_at for slot in way).date() + timedelta(days=1)

    def _way(self, stretch: _Stretch, jobs: Sequence[_Job], first: date) -> Several | None:
        planned: list[_Planned] = []
        for job in jobs:
            after = _end(planned[-1].slot) if planned and self.in_order else None
            slot = _first_slot(stretch, job, first, planned, after)
            if slot is None:
                return None
            planned.append(_Planned(slot, job))
        return tuple(one.slot for one in planned)


@dataclass(frozen=True, slots=True)
class _SameDay:
    """Several visits on one day, with as little waiting between them as it allows."""

    in_order: bool

    def ways(self, stretch: _Stretch, jobs: Sequence[_Job], count: int) -> Iterator[Several]:
        day, last = max(job.first for job in jobs), min(job.last for job in jobs)
        found = 0
        while day <= last and found < count:
            way = self._way(stretch, jobs, day)
            if way is not None:
                found += 1
                yield way
            day += timedelta(days=1)

    def _way(self, stretch: _Stretch, jobs: Sequence[_Job], day: date) -> Several | None:
        offers = [stretch.slots(job, day) for job in jobs]
        if not all(offers):
            return None
        given = tuple(range(len(jobs)))
        free_order = not self.in_order and len(jobs) <= _TRIED_IN_ANY_ORDER
        best: tuple[timedelta, datetime, Several] | None = None
        for order in permutations(given) if free_order else (given,):
            for slot in offers[order[0]]:
                way = self._from(stretch, jobs, order, slot, day)
                if way is not None:
                    ends = max(_end(each) for each in way)
                    rank = (ends - slot.starts_at, slot.starts_at, way)
                    if best is None or rank[:2] < best[:2]:
                        best = rank
        return best[2] if best else None

    def _from(
        self, stretch: _Stretch, jobs: Sequence[_Job], order: Sequence[int], first: Slot, day: date
    ) -> Several | None:
        """The visits in this order from a first slot on, each as soon as it can be."""
        taken = {order[0]: first}
        planned = [_Planned(first, jobs[order[0]])]
        for index in order[1:]:
            after = _end(planned[-1].slot)
            slots = stretch.slots(jobs[index], day, planned, together=True)
            slot = next((each for each in slots if each.starts_at >= after), None)
            if slot is None:
                return None
            taken[index] = slot
            planned.append(_Planned(slot, jobs[index]))
        return tuple(taken[index] for index in range(len(jobs)))


def _first_slot(
    stretch: _Stretch,
    job: _Job,
    first: date,
    planned: Sequence[_Planned],
    after: datetime | None,
) -> Slot | None:
    day = max(first, job.first, after.date() if after else job.first)
    while day <= job.last:
        for slot in stretch.slots(job, day, planned):
            if after is None or slot.starts_at >= after:
                return slot
        day += timedelta(days=1)
    return None


def _end(slot: Slot) -> datetime:
    return slot.starts_at + timedelta(minutes=slot.duration_min)
