"""Free starting times.

The policy, in one place: starts step from the beginning of each free period, so a visit that ends
at 9:40 is followed by an offer of 9:40 and not by a wait for the next quarter. A practice that
prefers round times asks for `on_grid`. A visit fits when it ends no later than its free period.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from medsec_desktop.domain.calendar.crowds import crowded
from medsec_desktop.domain.calendar.plans import DayPlan
from medsec_desktop.domain.calendar.rules import (
    SHIPPED_WEIGHTS,
    HeldVisit,
    Rule,
    WantedVisit,
    Weight,
    closings,
)
from medsec_desktop.domain.calendar.spans import Span, common, free_within


@dataclass(frozen=True, slots=True)
class Slot:
    """A free start with a provider, for as long as was asked."""

    starts_at: datetime
    duration_min: int
    provider_id: int
    room_id: int | None = None  # where a room was asked for


def starts_within(
    first_min: int, last_min: int, duration_min: int, step_min: int, *, on_grid: bool
) -> range:
    """Minutes at which a visit of `duration_min` can begin in one free period, by the policy."""
    if on_grid:
        first_min = -(-first_min // step_min) * step_min
    return range(first_min, last_min - duration_min + 1, step_min)


def slot_starts(
    hours: Iterable[Span],
    busy: Iterable[Span],
    duration_min: int,
    step_min: int,
    *,
    on_grid: bool = False,
) -> tuple[int, ...]:
    """Minutes after midnight at which a visit of `duration_min` can begin, in order.

    Starts step by `step_min` from the beginning of each free period; with `on_grid` they are
    multiples of the step after midnight instead.
    """
    return tuple(
        start
        for period in free_within(hours, busy)
        for start in starts_within(
            period.starts_min, period.ends_min, duration_min, step_min, on_grid=on_grid
        )
    )


def legal_starts(
    wanted: WantedVisit,
    day: date,
    hours: Iterable[Span],
    held: Iterable[HeldVisit],
    step_min: int,
    not_before: datetime,
    *,
    on_grid: bool = False,
    at_once: int = 1,
    weights: Mapping[Rule, Weight] = SHIPPED_WEIGHTS,
) -> tuple[datetime, ...]:
    """Starts on `day` that break no rule the practice keeps, hard or soft.

    `hours` is the time the visit may lie in, other visits not looked at: what `free_for` gives.
    A day on which the patient already comes has none. `not_before` keeps offers out of the past;
    the rest of today steps from the beginning of its free period as any other day.
    """
    held = tuple(visit for visit in held if visit.id != wanted.id)
    if weights[Rule.SAME_DAY] != Weight.OFF and any(
        visit.patient_id == wanted.patient_id for visit in held
    ):
        return ()
    own = [visit for visit in held if visit.provider_id == wanted.provider_id]
    keeps_buffers = weights[Rule.BUFFER] != Weight.OFF
    around = (wanted.buffer_before_min, wanted.buffer_after_min) if keeps_buffers else (0, 0)
    full = crowded((visit.timed(with_buffers=keeps_buffers) for visit in own), at_once, *around)
    busy = [Span(*each) for each in full]
    if wanted.room_id is not None:
        busy += [visit.span for visit in held if visit.room_id == wanted.room_id]
    minutes = slot_starts(hours, busy, wanted.duration_min, step_min, on_grid=on_grid)
    starts = (Span(minute, minute).starts_at(day) for minute in minutes)
    return tuple(start for start in starts if start >= not_before)


def free_for(
    wanted: WantedVisit,
    plan: DayPlan,
    room: DayPlan | None = None,
    weights: Mapping[Rule, Weight] = SHIPPED_WEIGHTS,
) -> tuple[Span, ...]:
    """The time of a day this visit may lie in, by every rule the practice keeps about times.

    Offers stay within the provider's hours even where a visit outside them is not checked.
    """
    if closings(plan, weights):
        return ()
    hours = plan.hours
    if room is not None and weights[Rule.ROOM_CLOSED] != Weight.OFF:
        hours = common(hours, room.hours)
    taken: list[Span] = []
    for each in (plan, room):
        if each is not None and weights[Rule.CLOSURE] != Weight.OFF:
            taken += (row.span for row in each.away)
        if each is not None and weights[Rule.BLOCKED] != Weight.OFF:
            taken += (block.span for block in each.blocks if block.keeps_out(wanted.type_id))
        if each is not None and weights[Rule.HELD] != Weight.OFF:
            taken += (hold.span for hold in each.holds if not wanted.may_use(hold))
    return free_within(hours, taken)


def nearest(starts: Iterable[datetime], wanted_at: datetime, count: int) -> tuple[datetime, ...]:
    """The `count` starts closest to the time asked for, closest first; of two the earlier."""
    return tuple(sorted(starts, key=lambda start: (abs(start - wanted_at), start))[:count])
