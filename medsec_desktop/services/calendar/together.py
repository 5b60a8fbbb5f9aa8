"""Several visits at once: ways to have all of them, none in another's way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import permutations

from medsec_desktop.domain.calendar.slots import Slot
from medsec_desktop.services.calendar.free_time import FreeTime, Job, Planned

# Of more visits than this only the order given is tried: each further one multiplies the ways.
TRIED_IN_ANY_ORDER = 3

Several = tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class OnDays:
    """Several visits on whatever days are free for them."""

    in_order: bool

    def ways(self, free: FreeTime, jobs: Sequence[Job], count: int) -> Iterator[Several]:
        first = min(job.first for job in jobs)
        for _ in range(count):
            way = self._way(free, jobs, first)
            if way is None:
                return
            yield way
            first = min(slot.starts_at for slot in way).date() + timedelta(days=1)

    def _way(self, free: FreeTime, jobs: Sequence[Job], first: date) -> Several | None:
        planned: list[Planned] = []
        for job in jobs:
            after = _end(planned[-1].slot) if planned and self.in_order else None
            slot = _first_slot(free, job, first, planned, after)
            if slot is None:
                return None
            planned.append(Planned(slot, job))
        return tuple(one.slot for one in planned)


@dataclass(frozen=True, slots=True)
class OnOneDay:
    """Several visits on one day, with as little waiting between them as it allows.

    Up to three are tried in every order, unless theirs is asked for.
    """

    in_order: bool

    def ways(self, free: FreeTime, jobs: Sequence[Job], count: int) -> Iterator[Several]:
        day, last = max(job.first for job in jobs), min(job.last for job in jobs)
        found = 0
        while day <= last and found < count:
            way = self._way(free, jobs, day)
            if way is not None:
                found += 1
                yield way
            day += timedelta(days=1)

    def _way(self, free: FreeTime, jobs: Sequence[Job], day: date) -> Several | None:
        offers = [free.slots(job, day) for job in jobs]
        if not all(offers):
            return None
        given = tuple(range(len(jobs)))
        least = timedelta(minutes=sum(job.duration_min for job in jobs))
        free_order = not self.in_order and len(jobs) <= TRIED_IN_ANY_ORDER
        best: tuple[timedelta, datetime, Several] | None = None
        for order in permutations(given) if free_order else (given,):
            for slot in offers[order[0]]:
                way = self._from(free, jobs, order, slot, day)
                if way is None:
                    break  # what comes too late now comes too late for a later beginning
                ends = max(_end(each) for each in way)
                rank = (ends - slot.starts_at, slot.starts_at, way)
                if best is None or rank[:2] < best[:2]:
                    best = rank
                if rank[0] == least:
                    break  # no waiting at all, and the earliest of this order
        return best[2] if best else None

    def _from(
        self, free: FreeTime, jobs: Sequence[Job], order: Sequence[int], first: Slot, day: date
    ) -> Several | None:
        """The visits in this order from a first slot on, each as soon as it can be."""
        taken = {order[0]: first}
        planned = [Planned(first, jobs[order[0]])]
        for index in order[1:]:
            after = _end(planned[-1].slot)
            slots = free.slots(jobs[index], day, planned, together=True)
            slot = next((each for each in slots if each.starts_at >= after), None)
            if slot is None:
                return None
            taken[index] = slot
            planned.append(Planned(slot, jobs[index]))
        return tuple(taken[index] for index in range(len(jobs)))


def _first_slot(
    free: FreeTime,
    job: Job,
    first: date,
    planned: Sequence[Planned],
    after: datetime | None,
) -> Slot | None:
    day = max(first, job.first, after.date() if after else job.first)
    while day <= job.last:
        for slot in free.slots(job, day, planned):
            if after is None or slot.starts_at >= after:
                return slot
        day += timedelta(days=1)
    return None


def _end(slot: Slot) -> datetime:
    return slot.starts_at + timedelta(minutes=slot.duration_min)
