"""A few lines on a small place: set as large as they fit, broken before they are set too small.

An address that sorting machines and eyes cannot read does not arrive; one that is cut neither. So what
does not fit even in the smallest type is named before it is printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from medsec_desktop.documents import fonts

_LARGEST, _SMALLEST = 11.0, 5.5  # points; a smaller address is not read
_EASY = 8.5  # what is read with ease: a line is broken rather than set smaller
_LEADING = 1.2
_HEADING = 1.12  # a heading is that much larger than the lines under it


@dataclass(frozen=True, slots=True)
class Row:
    """A printed line, and the whole text it is part of."""

    face: str
    text: str
    source: str
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Block:
    """Lines in the size at which they are set."""

    size: float
    rows: tuple[Row, ...]
    texts: tuple[str, ...]

    @property
    def height(self) -> float:
        """In points."""
        return sum(_size_of(row.face, self.size) * _LEADING for row in self.rows)

    @property
    def cut_off(self) -> tuple[str, ...]:
        """The texts that are not whole in it."""
        whole = {row.source for row in self.rows if row.is_whole}
        cut = {row.source for row in self.rows if not row.is_whole}
        return tuple(text for text in self.texts if text not in whole - cut)

    def draw(self, canvas: Any, x: float, top: float) -> None:
        """Put it on the canvas, its upper left corner there."""
        baseline = top
        for row in self.rows:
            points = _size_of(row.face, self.size)
            baseline -= points * _LEADING
            fonts.draw(canvas, x, baseline + points * 0.26, row.text, points, row.face)


def set_block(
    lines: Sequence[str],
    wide: float,
    high: float,
    *,
    heading: str = "",
    largest: float = _LARGEST,
    smallest: float = _SMALLEST,
) -> Block:
    """The largest type in which everything fits, up to `largest` points; lengths in points.

    A long line is first set smaller, down to what is read with ease, then broken at a blank, and only
    then smaller still or cut.
    """
    texts = [
        (face, clean)
        for face, text in ((fonts.BOLD, heading), *((fonts.REGULAR, line) for line in lines))
        if (clean := fonts.printable(text).replace("\n", " ").strip())
    ]
    whole = tuple(text for _, text in texts)
    for may_break, least in ((False, max(_EASY, smallest)), (True, smallest)):
        size = largest
        while size >= least:
            rows = tuple(
                row for face, text in texts for row in _broken(face, text, size, wide, may_break)
            )
            block = Block(size, rows, whole)
            if block.height <= high and all(
                fonts.width(row.text, _size_of(row.face, size), row.face) <= wide for row in rows
            ):
                return block
            size -= 0.25
    fit = max(1, int(high // (smallest * _LEADING)))
    rows = tuple(_shortened(face, text, smallest, wide) for face, text in texts[:fit])
    return Block(smallest, rows, whole)


def _broken(face: str, text: str, size: float, wide: float, may_break: bool) -> list[Row]:
    """A text in as many lines as it needs; in one where it may not be broken, or not at a blank."""
    points = _size_of(face, size)
    words_fit = all(fonts.width(word, points, face) <= wide for word in text.split())
    if not may_break or not words_fit:
        return [Row(face, text, text)]
    return [Row(face, line, text) for line in fonts.wrapped(text, points, wide, face)]


def _size_of(face: str, size: float) -> float:
    return size * _HEADING if face == fonts.BOLD else size


def _shortened(face: str, text: str, size: float, wide: float) -> Row:
    points = _size_of(face, size)
    if fonts.width(text, points, face) <= wide:
        return Row(face, text, text)
    short = text
    while short and fonts.width(f"{short}…", points, face) > wide:
        short = short[:-1]
    return Row(face, f"{short.rstrip()}…", text, is_whole=False)
