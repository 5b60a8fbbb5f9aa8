"""Blocks, rows and tables as they are laid out on paper.

What the rules of paper ask about each before it is laid out, and where its lines stand afterwards.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QTextBlock, QTextFormat, QTextLine, QTextTable

from medsec_desktop.domain.paper import MM
from medsec_desktop.domain.writing.document import ListKind, Style
from medsec_desktop.domain.writing.measures import (
    ITEM_INDENT,
    Face,
    Manner,
    Setting,
    manner_of_words,
)
from medsec_desktop.domain.writing.paging import Spot
from medsec_desktop.ui.letters.editing import marks
from medsec_desktop.ui.letters.editing.marks import Thing

_INSERT_LINES = 3  # how much room a block that the program fills in is given


@dataclass(slots=True)
class Placed:
    """A block with its lines: `left` and `width` in points; `rect` on the screen, first line to last."""

    block: QTextBlock
    face: Face
    left: float
    width: float
    heights: tuple[float, ...]
    lines: list[QTextLine] = field(default_factory=list)
    exact: list[int] | None = None  # the lengths of its lines as paper breaks them
    number: int = 0  # of an item of a numbered list
    offset: float = 0.0  # below the top of its row, in points
    rect: QRectF = field(default_factory=QRectF)
    tops: list[float] = field(default_factory=list)  # of the lines, pixels


@dataclass(slots=True)
class Row:
    """A row of a table: the blocks of its cells, and where its pieces stand."""

    cells: list[list[Placed]]
    height: float
    spots: tuple[Spot, ...] = ()


@dataclass(slots=True)
class Grid:
    """A table laid out; `edges` are the left edges of its columns and its right end, in points."""

    table: QTextTable
    edges: tuple[float, ...]
    rows: list[Row]
    rules: str


def face_of(block: QTextBlock, setting: Setting) -> Face:
    """The face its words are set in."""
    return setting.faces[marks.style_of(block.blockFormat())]


def is_nothing(part: QTextBlock | QTextTable) -> bool:
    """Whether it is only there because Qt wants a block, and not on paper."""
    return isinstance(part, QTextBlock) and marks.is_filler(part)


def manner_of(part: QTextBlock | QTextTable) -> Manner:
    """What decides how far it stands from its neighbours."""
    if isinstance(part, QTextTable):
        return Manner(None, is_long=part.rows() > 12)
    thing = marks.block_thing(part)
    if thing is not None:
        return Manner(None, is_break=thing is Thing.PAGE_BREAK)
    form = part.blockFormat()
    return manner_of_words(marks.style_of(form), marks.list_of(form), part.text())


def item_of(part: QTextBlock | QTextTable) -> tuple[ListKind, int]:
    """The list it is an item of, and the level there."""
    if isinstance(part, QTextTable):
        return ListKind.NONE, 0
    form = part.blockFormat()
    return marks.list_of(form), marks.level_of(form)


def room_of(block: QTextBlock, left: float, width: float) -> tuple[float, float]:
    """Where a paragraph begins and how wide it is, in points: items of lists stand further in."""
    form = block.blockFormat()
    if marks.list_of(form) is ListKind.NONE:
        return left, width
    indent = min(ITEM_INDENT * (1 + marks.level_of(form)), width - 2 * ITEM_INDENT)
    if block.textDirection() is Qt.LayoutDirection.RightToLeft:
        return left, width - indent
    return left + indent, width - indent


def thing_size(
    thing: Thing | None,
    form: QTextFormat,
    room: float,
    setting: Setting,
    picture: Callable[[str], QImage | None],
) -> tuple[float, float]:
    """Width and height of a block of its own where there is `room` for it, in points."""
    body = setting.faces[Style.BODY]
    if thing is Thing.PICTURE:
        sha256, width_mm, _ = marks.picture_of(form)
        width = min(width_mm * MM, room)
        image = picture(sha256)
        if image is None or image.isNull() or not image.width():
            return width, min(width / 2, 4 * body.leading)
        return width, width * image.height() / image.width()
    if thing is Thing.INSERT:
        return room, _INSERT_LINES * body.leading
    return room, body.leading


def tops_in(
    placed: Placed, spots: tuple[Spot, ...], lines: tuple[float, ...]
) -> list[tuple[int, float]]:
    """The page of each line of a block, and how far below the text's top it begins, in points."""
    tops: list[tuple[int, float]] = []
    y = placed.offset
    starts = [0.0]
    for height in lines:
        starts.append(starts[-1] + height)
    for height in placed.heights:
        spot = next(
            (one for one in spots if y < starts[one.end] - 0.001 or one is spots[-1]), spots[-1]
        )
        tops.append((spot.page, spot.top + y - starts[spot.first]))
        y += height
    return tops


def nearest(blocks: list[Placed], tops: list[float], point: QPointF) -> Placed | None:
    """The block at a point, or the nearest one: by height first, then by column.

    `tops` are the upper edges of the blocks.
    """
    if not blocks:
        return None
    best: tuple[float, float] | None = None
    found = None
    start = max(0, bisect_right(tops, point.y() - 4000) - 1)
    for placed in blocks[start:]:
        rect = placed.rect
        if best is not None and rect.top() - point.y() > best[0] + 4000:
            break
        dy = max(rect.top() - point.y(), point.y() - rect.bottom(), 0.0)
        dx = max(rect.left() - point.x(), point.x() - rect.right(), 0.0)
        filler = 0.5 if is_nothing(placed.block) else 0.0
        if best is None or (dy + filler, dx) < best:
            best, found = (dy + filler, dx), placed
    return found
