"""Stretches of one day, in minutes after midnight."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import attrgetter

DAY_MIN = 24 * 60


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From `starts_min` up to, not including, `ends_min`; two spans that touch do not overlap."""

    starts_min: int
    ends_min: int

    @classmethod
    def of(cls, starts_at: datetime, duration_min: int) -> Span:
        starts_min = starts_at.hour * 60 + starts_at.minute
        return cls(starts_min, starts_min + duration_min)

    @property
    def duration_min(self) -> int:
        return self.ends_min - self.starts_min

    def overlaps(self, other: Span) -> bool:
        return self.starts_min < other.ends_min and other.starts_min < self.ends_min

    def holds(self, other: Span) -> bool:
        """Whether `other` lies wholly inside."""
        return self.starts_min <= other.starts_min and other.ends_min <= self.ends_min

    def starts_at(self, day: date) -> datetime:
        return datetime.combine(day, datetime.min.time()) + timedelta(minutes=self.starts_min)


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same time in as few spans as possible, in order; touching spans become one."""
    some = [span for span in spans if span.ends_min > span.starts_min]
    if len(some) < 2:
        return tuple(some)
    joined: list[Span] = []
    for span in sorted(some, key=attrgetter("starts_min", "ends_min")):
        if joined and span.starts_min <= joined[-1].ends_min:
            joined[-1] = Span(joined[-1].starts_min, max(joined[-1].ends_min, span.ends_min))
        else:
            joined.append(span)
    return tuple(joined)


def free_within(hours: Iterable[Span], busy: Iterable[Span]) -> tuple[Span, ...]:
    """What is left of `hours` once `busy` is taken out, in order."""
    taken = merged(busy)
    free: list[Span] = []
    for open_span in merged(hours):
        cursor = open_span.starts_min
        for span in taken:
            if span.ends_min <= cursor or span.starts_min >= open_span.ends_min:
                continue
            if span.starts_min > cursor:
                free.append(Span(cursor, span.starts_min))
            cursor = span.ends_min
        if cursor < open_span.ends_min:
            free.append(Span(cursor, open_span.ends_min))
    return tuple(free)


def common(one: Iterable[Span], other: Iterable[Span]) -> tuple[Span, ...]:
    """The time that lies in both."""
    outside = free_within((Span(0, DAY_MIN),), other)
    return free_within(one, outside)
