"""What one day holds for a provider or a room before anybody is booked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from medsec_desktop.domain.calendar.spans import Span, free_within


@dataclass(frozen=True, slots=True)
class BlockRow:
    """Time kept free on one day, or kept for the types of visit it admits."""

    id: int
    version: int
    day: date
    span: Span
    title: str
    kind: str  # "blocked", "break", "meeting", "away" or "reserved"
    provider_id: int | None  # neither provider nor room: everybody
    room_id: int | None
    admits: frozenset[int]  # types of visit; empty: none
    note: str
    repeats: bool

    def keeps_out(self, type_id: int | None) -> bool:
        """Whether a visit of this type cannot be booked into it."""
        return type_id not in self.admits


@dataclass(frozen=True, slots=True)
class HoldRow:
    """A slot kept for somebody until `expires_at`; after that it is free again."""

    id: int
    version: int
    provider_id: int | None
    room_id: int | None
    patient_id: int | None
    starts_at: datetime
    duration_min: int
    title: str
    expires_at: datetime

    @property
    def span(self) -> Span:
        return Span.of(self.starts_at, self.duration_min)


@dataclass(frozen=True, slots=True)
class AwayRow:
    """A part of a day on which a provider is away, or the practice closed."""

    id: int  # the closure's
    span: Span
    title: str  # "Away: dentist", as the whole days say it


@dataclass(frozen=True, slots=True)
class DayPlan:
    """A provider's or a room's day: when it is open, what closes it, what is kept free.

    A closed day keeps the hours it would have; `open` is what is left of them.
    """

    hours: tuple[Span, ...] = ()
    keeps_hours: bool = True  # False: no working hours on any day; a room is then always open
    closed: str = ""  # what closes the whole day: "Renovation", or the holiday where nothing else
    blocks: tuple[BlockRow, ...] = ()
    holds: tuple[HoldRow, ...] = ()
    holiday: str = ""  # the public holiday the practice keeps that day
    differs: str | None = None  # other hours than the week's, and why: "" where nobody said
    away: tuple[AwayRow, ...] = ()  # parts of the day nobody is there

    @property
    def is_holiday(self) -> bool:
        """Whether a public holiday alone closes it, nothing the practice entered itself."""
        return bool(self.holiday) and self.closed == self.holiday

    @property
    def open(self) -> tuple[Span, ...]:
        """The hours without the parts somebody is away, none on a closed day."""
        if self.closed:
            return ()
        return free_within(self.hours, [row.span for row in self.away]) if self.away else self.hours


def blocked_spans(
    plan: DayPlan, type_id: int | None, patient_id: int | None = None
) -> tuple[Span, ...]:
    """What block-outs that do not admit this type, and holds for other patients, take away."""
    blocks = (block.span for block in plan.blocks if block.keeps_out(type_id))
    holds = (
        hold.span for hold in plan.holds if hold.patient_id is None or hold.patient_id != patient_id
    )
    return (*blocks, *holds)


def free_spans(
    plan: DayPlan, type_id: int | None, patient_id: int | None = None
) -> tuple[Span, ...]:
    """The open stretches of the day that such a visit may lie in, other visits not looked at."""
    return free_within(plan.open, blocked_spans(plan, type_id, patient_id))
