"""When somebody who takes several patients at a time can take no further one.

One definition for the rules, for what they offer instead and for the search: a moment is full when
the visits near it, laid side by side so that each has its time before and after, fill as many
columns as she takes patients. A visit is near for as long as it lasts and as the time lasts that
must lie between it and the visit wanted, which is the longer of the time after the one and before
the other. Two visits that could be one patient's after the other's share a column, however near
both are to the visit wanted.

Times are pairs of minutes here and not `Span`s: a search reads a whole quarter of a busy practice
while somebody waits on the phone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TypeAlias

Minutes: TypeAlias = tuple[int, int]  # from, up to
Timed: TypeAlias = tuple[int, int, int, int]  # from, up to, needed before, needed after


def near(visit: Timed, before_min: int, after_min: int) -> Minutes:
    """A visit with the time that must lie between it and one that needs so much around itself."""
    first, last, before, after = visit
    return first - max(before, after_min), last + max(after, before_min)


def crowded(
    visits: Iterable[Timed], at_once: int, before_min: int = 0, after_min: int = 0
) -> list[Minutes]:
    """When no further visit can be taken, in order; touching stretches stay apart.

    The further visit needs `before_min` and `after_min` around itself.
    """
    if at_once == 1:
        return sorted([near(visit, before_min, after_min) for visit in visits])
    here = sorted((*near(visit, before_min, after_min), visit) for visit in visits)
    if len(here) < at_once:
        return []
    edges = sorted({edge for first, last, _ in here for edge in (first, last)})
    full: list[Minutes] = []
    for begins, ends in pairwise(edges):
        over = [visit for first, last, visit in here if first <= begins and ends <= last]
        if len(over) >= at_once and columns(over) >= at_once:
            full.append((begins, ends))
    return full


def columns(visits: Sequence[Timed]) -> int:
    """Into how many columns the visits go, each with its time before and after."""
    lasts: list[Timed] = []
    for visit in sorted(visits):
        for index, last in enumerate(lasts):
            if visit[0] >= last[1] + max(last[3], visit[2]):
                lasts[index] = visit
                break
        else:
            lasts.append(visit)
    return len(lasts)
