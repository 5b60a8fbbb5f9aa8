"""Where pages end: one rule for the page and the editor.

Whoever lays a document out hands over its pieces from top to bottom, each with the heights of its lines,
and gets back on which page each line stands and how far down.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

_FEWEST = 2  # lines of a paragraph that may stand apart from the rest of it
_SLACK = 0.01  # points by which sums of lengths may err


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph, a row of a table, a picture, or the end of a page.

    `lines` are the heights of what cannot be cut; a row has one, or, so that one higher than a page can
    go on, those of its highest cell. `head` is the height of what is repeated above it when it begins a page.
    """

    lines: tuple[float, ...] = ()
    before: float = 0.0
    after: float = 0.0
    keeps_next: bool = False
    is_whole: bool = False  # cut only where it is higher than a page
    is_break: bool = False
    head: float = 0.0

    @property
    def height(self) -> float:
        return sum(self.lines)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where lines `first` up to `end` of a piece stand: the page from 0, and how far below its top."""

    page: int
    top: float
    first: int
    end: int
    has_head: bool = False  # the repeated head stands right above it


def paged(
    pieces: Sequence[Piece], height_of: Callable[[int], float]
) -> tuple[tuple[Spot, ...], ...]:
    """For each piece the spots its lines got; `height_of` gives the room on a page."""
    return _Pages(pieces, height_of).spots()


class _Pages:
    def __init__(self, pieces: Sequence[Piece], height_of: Callable[[int], float]):
        self._pieces = pieces
        self._height_of = height_of
        self._page = 0
        self._used = 0.0
        self._air = 0.0
        self._is_bare = True  # nothing stands on this page yet

    def spots(self) -> tuple[tuple[Spot, ...], ...]:
        found: list[tuple[Spot, ...]] = []
        for place, piece in enumerate(self._pieces):
            if piece.is_break:
                if not self._is_bare:
                    self._turn()
                found.append((Spot(self._page, self._used, 0, 0),))
                continue
            starts = place == 0 or not self._pieces[place - 1].keeps_next
            if starts and piece.keeps_next and self._must_move(place):
                self._turn()
            found.append(self._placed(piece))
        return tuple(found)

    def _turn(self) -> None:
        self._page += 1
        self._used = self._air = 0.0
        self._is_bare = True

    def _room(self) -> float:
        return self._height_of(self._page) - self._used + _SLACK

    def _gap(self, piece: Piece) -> float:
        return 0.0 if self._is_bare else max(self._air, piece.before)

    def _must_move(self, place: int) -> bool:
        """Whether a piece and all that must stay with it fit on the next page, but not here."""
        if self._is_bare:
            return False
        end = place
        while end + 1 < len(self._pieces) and self._pieces[end].keeps_next:
            end += 1
        needed, air = 0.0, 0.0
        for number in range(place, end + 1):
            piece = self._pieces[number]
            gap = max(air, piece.before) if number > place else 0.0
            needed += gap + (piece.height if number < end else _least(piece))
            air = piece.after
        here = self._gap(self._pieces[place]) + needed
        return here > self._room() and needed <= self._height_of(self._page + 1) + _SLACK

    def _placed(self, piece: Piece) -> tuple[Spot, ...]:
        spots: list[Spot] = []
        first = 0
        has_head = False
        while True:
            gap = 0.0 if spots else self._gap(piece)
            head = piece.head if self._is_bare and (spots or self._page) else 0.0
            has_head = head > 0
            end = self._fitting(piece, first, self._room() - gap - head)
            if end == first and piece.lines[first:]:
                if not self._is_bare:
                    self._turn()
                    continue
                end = first + 1  # higher than a whole page: it stands here and is cut
            top = self._used + gap + head
            spots.append(Spot(self._page, top, first, end, has_head))
            self._used = top + sum(piece.lines[first:end])
            self._is_bare = False
            if end >= len(piece.lines):
                self._air = piece.after
                return tuple(spots)
            first = end
            self._turn()

    def _fitting(self, piece: Piece, first: int, room: float) -> int:
        """Up to which line of a piece fits into `room`, from line `first` on."""
        lines = piece.lines
        end, used = first, 0.0
        while end < len(lines) and used + lines[end] <= room:
            used += lines[end]
            end += 1
        if end == len(lines):
            return end
        if piece.is_whole and first == 0 and piece.height <= self._height_of(self._page + 1):
            return first if not self._is_bare else end
        if len(lines) - end < _FEWEST:
            end = len(lines) - _FEWEST
        return end if end - first >= _FEWEST else first


def _least(piece: Piece) -> float:
    """How much of the last piece of a group must be seen with the group."""
    if piece.is_whole or len(piece.lines) < 2 * _FEWEST:
        return piece.height
    return sum(piece.lines[:_FEWEST])
