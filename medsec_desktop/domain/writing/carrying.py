"""Words composed anew under somebody's hands: what changed is changed, what was typed stays."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from medsec_desktop.domain.writing.document import Block


def carried_over(
    typed: Sequence[Block], before: Sequence[Block], now: Sequence[Block]
) -> tuple[tuple[Block, ...], bool]:
    """`typed` with what is other in `now` than it was `before`; and whether all of it could be put in.

    A block that was typed into, or stands between such, is left as it is.
    """
    places = _places(before, typed)
    found = list(typed)
    is_whole = True
    for old, new in reversed(_changes(before, now)):  # from below: the places above stay true
        stands = _span(places, old, is_empty=not typed)
        if stands is None:
            is_whole = False
        else:
            found[stands.start : stands.stop] = now[new.start : new.stop]
    return tuple(found), is_whole


def put_over(
    typed: Sequence[Block], before: Sequence[Block], now: Sequence[Block]
) -> tuple[Block, ...] | None:
    """`typed` with all of what is other in `now`, also in the place of what was typed over it.

    None where it cannot be told what stands in its place.
    """
    places = _places(before, typed)
    found = list(typed)
    for old, new in reversed(_changes(before, now)):
        stands = _span(places, old, is_empty=not typed)
        if stands is None:
            stands = _between(places, old, len(typed))
        if stands is None:
            return None
        found[stands.start : stands.stop] = now[new.start : new.stop]
    return tuple(found)


def _places(before: Sequence[Block], typed: Sequence[Block]) -> dict[int, int]:
    """Where each block that nobody typed into stands now."""
    places: dict[int, int] = {}
    for start, at, length in SequenceMatcher(None, before, typed, False).get_matching_blocks():
        places.update((start + step, at + step) for step in range(length))
    return places


def _between(places: dict[int, int], old: range, count: int) -> range | None:
    """As many blocks as these were, where those around them still stand as they were."""
    above, below = places.get(old.start - 1, -1 if old.start == 0 else None), places.get(old.stop)
    if above is None and below is None:
        return None
    start = above + 1 if above is not None else (below or 0) - len(old)
    stop = below if below is not None else start + len(old)
    stands = range(start, stop)
    return stands if len(stands) == len(old) and start >= 0 and stop <= count else None


def _changes(before: Sequence[Block], now: Sequence[Block]) -> list[tuple[range, range]]:
    """Which blocks became which; as many as before are taken one by one, for each to be judged alone."""
    found = []
    for what, first, last, begin, end in SequenceMatcher(None, before, now, False).get_opcodes():
        if what == "equal":
            continue
        if last - first == end - begin:
            found += [
                (range(one, one + 1), range(other, other + 1))
                for one, other in zip(range(first, last), range(begin, end), strict=True)
            ]
        else:
            found.append((range(first, last), range(begin, end)))
    return found


def _span(places: dict[int, int], old: range, *, is_empty: bool) -> range | None:
    """Where some blocks stand in what was typed; None where they are not there as they were."""
    if old:
        at = [places.get(number, -1) for number in old]
        stands = range(at[0], at[0] + len(old))
        return stands if at[0] >= 0 and at == list(stands) else None
    above, below = places.get(old.start - 1), places.get(old.start)
    if above is not None:
        return range(above + 1, above + 1)
    if below is not None:
        return range(below, below)
    return range(0) if is_empty else None
