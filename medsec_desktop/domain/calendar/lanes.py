"""Side by side: where visits that overlap stand within their column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from medsec_desktop.domain.calendar.spans import Span


@dataclass(frozen=True, slots=True)
class Lane:
    """A visit's share of its column: `width` lanes of `count`, from the one at `index`."""

    index: int
    width: int
    count: int


def lanes_for(spans: Sequence[Span]) -> tuple[Lane, ...]:
    """A lane for each span, in the order given; two that overlap never share one.

    Visits that overlap directly or through others form a group and share the column's width; each
    takes the first free lane from the left, earliest first and of two the longer, and then
    stretches over the lanes to its right that stay empty all the while.
    """
    order = sorted(range(len(spans)), key=lambda i: (spans[i].starts_min, -spans[i].ends_min, i))
    lanes: dict[int, Lane] = {}
    group: list[int] = []
    group_ends_min = 0
    for i in order:
        if group and spans[i].starts_min >= group_ends_min:
            lanes |= _placed(group, spans)
            group = []
        group_ends_min = max(group_ends_min, spans[i].ends_min) if group else spans[i].ends_min
        group.append(i)
    lanes |= _placed(group, spans)
    return tuple(lanes[i] for i in range(len(spans)))


def _placed(group: list[int], spans: Sequence[Span]) -> dict[int, Lane]:
    columns: list[list[int]] = []
    index_of: dict[int, int] = {}
    for i in group:
        free = (
            index
            for index, column in enumerate(columns)
            if spans[column[-1]].ends_min <= spans[i].starts_min
        )
        index_of[i] = index = next(free, len(columns))
        if index == len(columns):
            columns.append([])
        columns[index].append(i)
    return {
        i: Lane(index, _width(i, index, columns, spans), len(columns))
        for i, index in index_of.items()
    }


def _width(i: int, index: int, columns: list[list[int]], spans: Sequence[Span]) -> int:
    width = 1
    for column in columns[index + 1 :]:
        if any(spans[other].overlaps(spans[i]) for other in column):
            break
        width += 1
    return width
