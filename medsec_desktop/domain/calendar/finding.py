"""What a free slot is looked for by, and where in one day a visit fits.

Spans are pairs of minutes here and not `Span`s: a search reads a whole quarter of a busy practice
while somebody waits on the phone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from medsec_desktop.domain.calendar.crowds import Minutes
from medsec_desktop.domain.calendar.slots import Slot, starts_within
from medsec_desktop.domain.calendar.spans import DAY_MIN, Span

PARTS_OF_DAY: dict[str, Span] = {
    "morning": Span(0, 12 * 60),
    "afternoon": Span(12 * 60, 17 * 60),
    "evening": Span(17 * 60, DAY_MIN),
}


@dataclass(frozen=True, slots=True)
class FindQuery:
    """What is wanted; a filter left as it is here takes nothing away."""

    type_id: int | None = None
    duration_min: int = 0  # 0: as long as the type
    provider_ids: tuple[int, ...] = ()  # any of them; none: any bookable provider
    weekdays: frozenset[int] = frozenset()  # Monday is 0
    from_min: int = 0  # the whole visit lies between these times of day
    to_min: int = DAY_MIN
    earliest_on: date | None = None  # never in the past
    latest_on: date | None = None  # None: half a year ahead
    not_before: datetime | None = None  # for a notice needed
    room_ids: tuple[int, ...] = ()  # one of them must be free
    room_kind: str = ""  # else one of this kind
    patient_id: int | None = None  # days she already comes are left out
    available: tuple[tuple[int, Span], ...] = ()  # weekday and when she can come then
    ignoring_ids: frozenset[int] = frozenset()  # visits about to move, whose time counts as free
    count: int = 10

    @property
    def asks_for_a_room(self) -> bool:
        return bool(self.room_ids or self.room_kind)


@dataclass(frozen=True, slots=True)
class DaySlots:
    """What one date has to offer: its first slots, and how many there are in all."""

    day: date
    slots: tuple[Slot, ...]
    total: int


def wanted_on(query: FindQuery, weekday: int) -> tuple[Minutes, ...]:
    """When on such a weekday the visit may lie, by the times of day and by her availability."""
    if query.weekdays and weekday not in query.weekdays:
        return ()
    if not query.available:
        return ((query.from_min, query.to_min),)
    return tuple(
        (max(query.from_min, span.starts_min), min(query.to_min, span.ends_min))
        for on, span in query.available
        if on == weekday
    )


def free_periods(hours: Iterable[Span], taken: Sequence[Minutes]) -> list[Minutes]:
    """What is left of `hours` between the times taken, which come in order of their starts."""
    free: list[Minutes] = []
    for span in hours:
        cursor, ends = span.starts_min, span.ends_min
        for first, last in taken:
            if first >= ends:
                break
            if last > cursor:
                if first > cursor:
                    free.append((cursor, first))
                cursor = last
        if cursor < ends:
            free.append((cursor, ends))
    return free


def fitting_starts(
    free: Iterable[Minutes],
    wanted: Sequence[Minutes],
    duration_min: int,
    step_min: int,
    *,
    on_grid: bool,
) -> list[int]:
    """Starts by the slot policy in the free periods, of which the filters let some through."""
    return [
        start
        for first, last in free
        if last - first >= duration_min
        for start in starts_within(first, last, duration_min, step_min, on_grid=on_grid)
        if any(low <= start and start + duration_min <= high for low, high in wanted)
    ]
