"""Which backups are worth keeping."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

DAILY, WEEKLY, MONTHLY = 7, 5, 12


def worth_keeping(made: Iterable[datetime]) -> frozenset[datetime]:
    """Of all times at which a backup was made, those whose backup stays.

    The last of each of the latest 7 days, 5 weeks (Monday to Sunday) and 12 months on which one was
    made: days without a backup do not push older ones out.
    """
    newest_first = sorted(made, reverse=True)
    kept: set[datetime] = set()
    for many, period in (
        (DAILY, _day),
        (WEEKLY, _week),
        (MONTHLY, _month),
    ):
        kept |= _last_of_each(newest_first, period, many)
    return frozenset(kept)


def _last_of_each(
    newest_first: list[datetime], period: Callable[[datetime], tuple[int, ...]], many: int
) -> set[datetime]:
    last: dict[tuple[int, ...], datetime] = {}
    for at in newest_first:
        if period(at) not in last:
            if len(last) == many:
                break
            last[period(at)] = at
    return set(last.values())


def _day(at: datetime) -> tuple[int, ...]:
    return at.year, at.month, at.day


def _week(at: datetime) -> tuple[int, ...]:
    return at.isocalendar()[:2]


def _month(at: datetime) -> tuple[int, ...]:
    return at.year, at.month
