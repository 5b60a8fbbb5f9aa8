"""Where the visits of an absent provider could go."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from medsec_desktop.domain.calendar.absences import (
    AwayPolicy,
    AwayState,
    Buffers,
    Promised,
    best_of_day,
    hours_apart,
    nearer,
)
from medsec_desktop.domain.calendar.finding import DaySlots, FindQuery
from medsec_desktop.domain.calendar.slots import Slot
from medsec_desktop.services.calendar.affected import AwayDays, AwayVisit
from medsec_desktop.services.calendar.calendar import Calendar
from medsec_desktop.services.calendar.finding import Finder
from medsec_desktop.services.calendar.records import AppointmentRow, BookingDraft
from medsec_desktop.services.practice import Practice

Chosen = Mapping[int, Slot | None]  # by visit

_DAYS_AT_A_TIME = 3  # of free days looked at for one proposal
_HORIZON = timedelta(days=182)


class Proposer:
    """Proposes slots for the visits of one absence; none of them twice."""

    def __init__(self, practice: Practice, calendar: Calendar, finder: Finder, away: AwayDays):
        self._calendar = calendar
        self._finder = finder
        self._away = away
        self._read: dict[FindQuery, tuple[list[DaySlots], Iterator[DaySlots]]] = {}
        self._others = tuple(
            row.id for row in practice.providers(bookable_only=True) if row.id != away.provider_id
        )

    def proposals(
        self, visits: Collection[AwayVisit], policy: AwayPolicy, chosen: Chosen
    ) -> dict[int, Slot | None]:
        """A slot for every visit left; None where there is none. What was chosen stays."""
        left = [visit for visit in visits if visit.state is AwayState.LEFT]
        found = {visit.id: chosen[visit.id] for visit in left if chosen.get(visit.id)}
        promised = _promised(left, found)
        for visit in left:
            if visit.id in found:
                continue
            slot = found[visit.id] = self._proposal(visit.was, policy, promised)
            if slot is not None:
                promised.append(Promised(slot, _buffers(visit.was)))
        return {visit.id: found[visit.id] for visit in left}

    def options(
        self, visit: AwayVisit, visits: Collection[AwayVisit], proposals: Chosen, days: int
    ) -> tuple[Slot, ...]:
        """Other slots: the next days of the same provider, then those of others."""
        promised = _promised([other for other in visits if other.id != visit.id], proposals)
        found = [
            slot
            for query in self._queries(visit.was, AwayPolicy.NEAREST)
            for slot in self._first_days(query, visit.was, promised, days)
        ]
        return tuple(found)

    def options_on(
        self, day: date, visit: AwayVisit, visits: Collection[AwayVisit], proposals: Chosen
    ) -> tuple[Slot, ...]:
        """Every free slot of one day, of any provider, nearest to her hour first."""
        promised = _promised([other for other in visits if other.id != visit.id], proposals)
        slots = _free_of(self._finder.on_day(_query(visit.was), day), promised, _buffers(visit.was))
        return tuple(sorted(slots, key=lambda slot: hours_apart(slot, visit.was.starts_at)))

    def _proposal(
        self, visit: AppointmentRow, policy: AwayPolicy, promised: Collection[Promised]
    ) -> Slot | None:
        found = [self._first(query, visit, promised) for query in self._queries(visit, policy)]
        best: Slot | None = None
        for slot in found:
            best = nearer(best, slot, visit.starts_at)
        return best

    def _queries(self, visit: AppointmentRow, policy: AwayPolicy) -> list[FindQuery]:
        queries = []
        free_from = self._away.free_from
        if policy is not AwayPolicy.OTHER:
            queries.append(
                replace(
                    _query(visit),
                    provider_ids=(visit.provider_id,),
                    earliest_on=free_from,
                    latest_on=free_from + _HORIZON,
                )
            )
        if policy is not AwayPolicy.SAME and self._others:
            queries.append(replace(_query(visit), provider_ids=self._others))
        return queries

    def _first(
        self, query: FindQuery, visit: AppointmentRow, promised: Collection[Promised]
    ) -> Slot | None:
        """The slot nearest to her hour on the first day that has one.

        What is free for anybody is read once for all visits alike; only where she cannot have the
        best of it, because she comes that day already, is it read for her alone.
        """
        for day in self._for_anybody(query):
            free = _free_of(day.slots, promised, _buffers(visit))
            best = best_of_day(free, visit.starts_at)
            if best is not None:
                if not self._calendar.check(_booking(visit, best), visit.id):
                    return best
                return next(iter(self._first_days(query, visit, promised, 1)), None)
        return None

    def _for_anybody(self, query: FindQuery) -> Iterator[DaySlots]:
        """The free days of a query, whoever asks, as far as somebody has looked yet."""
        anybody = replace(query, patient_id=None, ignoring_ids=frozenset())
        if anybody not in self._read:
            self._read[anybody] = ([], self._free_days(anybody))
        known, rest = self._read[anybody]
        at = 0
        while True:
            if at == len(known):
                day = next(rest, None)
                if day is None:
                    return
                known.append(day)
            yield known[at]
            at += 1

    def _first_days(
        self,
        query: FindQuery,
        visit: AppointmentRow,
        promised: Collection[Promised],
        days: int,
    ) -> list[Slot]:
        """The slot nearest to her hour on each of the first `days` days that have one."""
        found: list[Slot] = []
        buffers = _buffers(visit)
        for day in self._free_days(query):
            best = best_of_day(_free_of(day.slots, promised, buffers), visit.starts_at)
            if best is not None:
                found.append(best)
                if len(found) == days:
                    break
        return found

    def _free_days(self, query: FindQuery) -> Iterator[DaySlots]:
        """Days with free slots one after the other, read a few at a time."""
        while True:
            found = self._finder.by_date(query, _DAYS_AT_A_TIME)
            yield from found
            if len(found) < _DAYS_AT_A_TIME:
                return
            query = replace(query, earliest_on=found[-1].day + timedelta(days=1))


def _query(visit: AppointmentRow) -> FindQuery:
    day = visit.starts_at.date()
    return FindQuery(
        type_id=visit.type_id,
        duration_min=visit.duration_min,
        room_ids=(visit.room_id,) if visit.room_id is not None else (),
        patient_id=visit.patient_id,
        ignoring_ids=frozenset([visit.id]),
        earliest_on=day,
        latest_on=day + _HORIZON,
        count=500,
    )


def _booking(visit: AppointmentRow, slot: Slot) -> BookingDraft:
    return BookingDraft(
        visit.patient_id,
        slot.provider_id,
        visit.type_id,
        slot.starts_at,
        slot.duration_min,
        slot.room_id if slot.room_id is not None else visit.room_id,
    )


def _promised(visits: Iterable[AwayVisit], proposals: Chosen) -> list[Promised]:
    pairs = ((visit, proposals.get(visit.id)) for visit in visits)
    return [Promised(slot, _buffers(visit.was)) for visit, slot in pairs if slot is not None]


def _buffers(visit: AppointmentRow) -> Buffers:
    return Buffers(visit.buffer_before_min, visit.buffer_after_min)


def _free_of(slots: Iterable[Slot], promised: Collection[Promised], buffers: Buffers) -> list[Slot]:
    return [slot for slot in slots if not any(one.is_in_the_way(slot, buffers) for one in promised)]
