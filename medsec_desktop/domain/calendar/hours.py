"""When a provider works, and when the practice or one provider is away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from medsec_desktop.domain.calendar.spans import Span, merged


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """One working stretch on one weekday (Monday is 0), valid from and to a date where given."""

    weekday: int
    span: Span
    valid_from: date | None = None
    valid_to: date | None = None

    def applies_on(self, day: date) -> bool:
        return (
            self.weekday == day.weekday()
            and (self.valid_from is None or self.valid_from <= day)
            and (self.valid_to is None or day <= self.valid_to)
        )


@dataclass(frozen=True, slots=True)
class ClosurePeriod:
    """Whole days nobody, or one provider, is there; the first and the last day included."""

    name: str
    provider_id: int | None
    first_on: date
    last_on: date

    def applies_on(self, day: date, provider_id: int) -> bool:
        return self.first_on <= day <= self.last_on and self.provider_id in (None, provider_id)


def hours_on(day: date, weekly: Iterable[WeeklyHours]) -> tuple[Span, ...]:
    """The stretches worked on `day`, in order; a break is the gap between two of them."""
    return merged(stretch.span for stretch in weekly if stretch.applies_on(day))


def closed_by(day: date, provider_id: int, closures: Iterable[ClosurePeriod]) -> str:
    """What keeps this provider away on `day` ("Thanksgiving"), or ''.

    Where both apply the practice's own closure is named, because it is what callers are told.
    """
    names = sorted(
        (closure.provider_id is not None, closure.name)
        for closure in closures
        if closure.applies_on(day, provider_id)
    )
    return names[0][1] if names else ""
