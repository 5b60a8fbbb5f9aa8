"""Weekly hours that change with the date, as periods one after the other.

Stored is a stretch with the days it is valid from and to; edited is a week and when it holds. A
period ends where the next begins, so two weeks never hold at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from medsec_desktop.problems import Invalid
from medsec_desktop.services.practice.checks import hours_order
from medsec_desktop.services.practice.records import HoursRow

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """A week and the days it holds; without a first day from ever, without a last until further."""

    first_on: date | None
    last_on: date | None
    week: tuple[HoursRow, ...]  # without dates


def periods_of(rows: Sequence[HoursRow]) -> tuple[Period, ...]:
    """The periods stored hours fall into, earliest first; at least one."""
    starts = {row.valid_from_on for row in rows if row.valid_from_on is not None}
    starts |= {row.valid_to_on + _DAY for row in rows if row.valid_to_on is not None}
    edges: list[date | None] = [None, *sorted(starts)]
    ends = [edge - _DAY if edge else None for edge in edges[1:]]
    return tuple(
        Period(first, last, _holding(rows, first))
        for first, last in zip(edges, [*ends, None], strict=True)
    )


def stored(periods: Iterable[Period]) -> tuple[HoursRow, ...]:
    """The rows that keep these periods: one a stretch, however many periods it goes through."""
    open_rows: dict[tuple[int, int, int], HoursRow] = {}
    done: list[HoursRow] = []
    for period in periods:
        going: dict[tuple[int, int, int], HoursRow] = {}
        for row in period.week:
            key = (row.weekday, row.starts_min, row.ends_min)
            before = open_rows.pop(key, replace(row, valid_from_on=period.first_on))
            going[key] = replace(before, valid_to_on=period.last_on)
        done += open_rows.values()
        open_rows = going
    return tuple(sorted([*done, *open_rows.values()], key=hours_order))


def split_from(periods: Sequence[Period], day: date) -> tuple[Period, ...]:
    """The same weeks with a period of its own from `day` on. Raises Invalid where one begins then."""
    found: list[Period] = []
    for period in periods:
        if period.first_on == day:
            raise Invalid("Hours from that day on are there already.", field="first_on")
        begins_before = period.first_on is None or period.first_on < day
        ends_after = period.last_on is None or period.last_on >= day
        if begins_before and ends_after:
            found += [replace(period, last_on=day - _DAY), replace(period, first_on=day)]
        else:
            found.append(period)
    return tuple(found)


def without(periods: Sequence[Period], index: int) -> tuple[Period, ...]:
    """The periods but one; the one before it lasts as long, or the one after begins as early."""
    gone, left = periods[index], [*periods[:index], *periods[index + 1 :]]
    if not left:
        return tuple(periods)
    if index:
        left[index - 1] = replace(left[index - 1], last_on=gone.last_on)
    else:
        left[0] = replace(left[0], first_on=gone.first_on)
    return tuple(left)


def _holding(rows: Iterable[HoursRow], first: date | None) -> tuple[HoursRow, ...]:
    """The stretches that hold from `first` on, or from ever where it is None."""
    holding = (
        row
        for row in rows
        if (row.valid_from_on is None or (first is not None and row.valid_from_on <= first))
        and (row.valid_to_on is None or first is None or first <= row.valid_to_on)
    )
    week = (replace(row, valid_from_on=None, valid_to_on=None) for row in holding)
    return tuple(sorted(week, key=hours_order))
