"""Free starting times.

The policy, in one place: starts step from the beginning of each free period, so a visit that ends
at 9:40 is followed by an offer of 9:40 and not by a wait for the next quarter. A practice that
prefers round times asks for `on_grid`. A visit fits when it ends no later than its free period.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from medsec_desktop.domain.calendar.rules import HeldVisit, WantedVisit
from medsec_desktop.domain.calendar.spans import Span, free_within


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
) -> tuple[datetime, ...]:
    """Starts on `day` that break no rule, hard or soft, for the patient, provider and room wanted.

    A day on which the patient already comes has none. `not_before` keeps offers out of the past;
    the rest of today steps from the beginning of its free period as any other day.
    """
    held = tuple(visit for visit in held if visit.id != wanted.id)
    if any(visit.patient_id == wanted.patient_id for visit in held):
        return ()
    busy = [
        visit.span.widened(
            max(visit.buffer_before_min, wanted.buffer_after_min),
            max(visit.buffer_after_min, wanted.buffer_before_min),
        )
        if visit.provider_id == wanted.provider_id
        else visit.span
        for visit in held
        if visit.provider_id == wanted.provider_id
        or (wanted.room_id is not None and visit.room_id == wanted.room_id)
    ]
    minutes = slot_starts(hours, busy, wanted.duration_min, step_min, on_grid=on_grid)
    starts = (Span(minute, minute).starts_at(day) for minute in minutes)
    return tuple(start for start in starts if start >= not_before)


def nearest(starts: Iterable[datetime], wanted_at: datetime, count: int) -> tuple[datetime, ...]:
    """The `count` starts closest to the time asked for, closest first; of two the earlier."""
    return tuple(sorted(starts, key=lambda start: (abs(start - wanted_at), start))[:count])
