"""Blocks, rows and tables as they are laid out on paper, and what the rules of paper ask about each."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QTextBlock, QTextLine, QTextTable

from medsec_desktop.domain.writing.document import ListKind
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
