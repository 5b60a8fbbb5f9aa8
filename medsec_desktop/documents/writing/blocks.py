"""The parts of a document measured: paragraphs in lines, rows of cells, pictures. Not yet on a page.

Every measure is of `domain.writing.measures`; the editor measures the same parts with Qt.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from medsec_desktop.documents import fonts
from medsec_desktop.documents.writing import pictures
from medsec_desktop.documents.writing.lines import (
    Words,
    broken,
    natural_width,
    spans_of,
)
from medsec_desktop.documents.writing.sheet import Sheet
from medsec_desktop.domain.paper import MM, Paper
from medsec_desktop.domain.writing.document import (
    Align,
    Insert,
    ListKind,
    PageBreak,
    Paragraph,
    Picture,
    Style,
    Table,
    Text,
)
from medsec_desktop.domain.writing.measures import (
    ITEM_INDENT,
    MARKS,
    PADDINGS,
    Distance,
    Face,
    Setting,
    column_widths,
    distances,
    item_numbers,
    manner_of,
    number_mark,
)
from medsec_desktop.domain.writing.paging import Piece

_LEAST_CELL = 12.0  # points that the words of a cell get at least
_MISSING = {
    "en": ("This picture is missing.", "The picture “{}” is missing."),
    "es": ("Falta esta imagen.", "Falta la imagen «{}»."),
}


@dataclass(slots=True)
class Prose:
    """A paragraph in lines; `offset` is how far below the top of its piece it begins."""

    lines: tuple[Words, ...]
    face: Face
    x: float
    width: float
    align: Align
    is_rtl: bool
    mark: str = ""
    mark_number: bool = False
    offset: float = 0.0

    @property
    def height(self) -> float:
        return self.face.leading * len(self.lines)


@dataclass(slots=True)
class Shape:
    """A picture, or the box in its place with the words that say so."""

    x: float
    width: float
    height: float
    sha256: str
    missing: Prose | None = None


@dataclass(slots=True)
class Row:
    """One row of a table, and where its columns begin and end."""

    cells: list[list[Prose]]
    height: float
    edges: tuple[float, ...]
    rules: str
    is_first: bool = False
    is_last: bool = False
    head: list[Row] = field(default_factory=list)  # repeated above it on a new page


@dataclass(slots=True)
class Part:
    """A piece of the page, what it shows, and the block it is of."""

    piece: Piece
    shows: Prose | Shape | Row | None
    block: int


def parts_of(sheet: Sheet, paper: Paper, setting: Setting) -> list[Part]:
    """Everything of a document from top to bottom; a table is a part for each of its rows."""
    return list(_Measured(sheet, paper, setting).parts())


class _Measured:
    def __init__(self, sheet: Sheet, paper: Paper, setting: Setting):
        self._sheet = sheet
        self._paper = paper
        self._setting = setting
        has_letterhead = sheet.letterhead is not None
        first, self._page_height = (
            paper.text_area(page, has_letterhead=has_letterhead)[1] for page in (0, 1)
        )
        self._highest = min(first, self._page_height)  # that a picture may be

    def parts(self) -> Iterator[Part]:
        blocks = self._sheet.document.blocks
        apart = distances([manner_of(block) for block in blocks], self._setting)
        numbers = item_numbers([_item(block) for block in blocks])
        left, room = self._paper.left, self._paper.text_width
        for place, (block, distance) in enumerate(zip(blocks, apart, strict=True)):
            if isinstance(block, Table):
                yield from self._rows(block, distance, place)
            elif isinstance(block, PageBreak):
                yield Part(Piece(is_break=True), None, place)
            elif isinstance(block, Picture):
                shape = self._shape(block)
                yield Part(_piece((shape.height,), distance), shape, place)
            else:
                prose = self._prose(_words(block), numbers[place], left, room)
                heights = (prose.face.leading,) * len(prose.lines)
                yield Part(_piece(heights, distance), prose, place)

    def _prose(self, paragraph: Paragraph, number: int, left: float, room: float) -> Prose:
        face = self._setting.faces[paragraph.style]
        indent = 0.0
        mark = ""
        if paragraph.list is not ListKind.NONE:
            indent = min(ITEM_INDENT * (1 + paragraph.level), room - 2 * ITEM_INDENT)
            mark = MARKS.get(paragraph.list) or number_mark(number, paragraph.level)
        lines, is_rtl = _set(paragraph, face, room - indent)
        return Prose(
            lines,
            face,
            left if is_rtl else left + indent,
            room - indent,
            paragraph.align,
            is_rtl,
            mark,
            paragraph.list is ListKind.NUMBER,
        )

    # -- pictures ---------------------------------------------------------------------------

    def _shape(self, picture: Picture) -> Shape:
        room = self._paper.text_width
        width = max(1.0, min(picture.width_mm * MM, room))
        size = pictures.size_of(self._sheet.pictures.get(picture.sha256, b""))
        if size is None:
            return self._missing(picture, width)
        height = width * size[1] / size[0]
        if height > self._highest:
            width, height = width * self._highest / height, self._highest
        return Shape(self._x(picture.align, width), width, height, picture.sha256)

    def _missing(self, picture: Picture, width: float) -> Shape:
        height = min(width / 2, 4 * self._setting.faces[Style.BODY].leading)
        x = self._x(picture.align, width)
        text = missing_words(picture, self._sheet.language)
        words = self._prose(Paragraph((Text(text),), Style.SMALL), 0, x + 6, max(40.0, width - 12))
        return Shape(x, width, height, picture.sha256, words)

    def _x(self, align: Align, width: float) -> float:
        left, room = self._paper.left, self._paper.text_width
        spare = {Align.CENTER: (room - width) / 2, Align.END: room - width}
        return left + spare.get(align, 0.0)

    # -- tables -----------------------------------------------------------------------------

    def _rows(self, table: Table, distance: Distance, place: int) -> Iterator[Part]:
        count = max((len(row) for row in table.rows), default=0)
        if not count:
            return
        padding = PADDINGS[table.rules]
        widths = column_widths(table.shares, self._natural(table, count), self._paper.text_width)
        edges = [self._paper.left]
        for width in widths:
            edges.append(edges[-1] + width)
        rows = []
        for number, given in enumerate(table.rows):
            cells = []
            for column, cell in enumerate(given):
                room = max(_LEAST_CELL, widths[column] - padding.left - padding.right)
                cells.append(
                    self._cell(cell.paragraphs, edges[column] + padding.left, room, padding.top)
                )
            height = max(_bottom(cell, padding.top) for cell in cells) if cells else padding.top
            rows.append(
                Row(
                    cells,
                    height + padding.bottom,
                    tuple(edges),
                    table.rules,
                    number == 0,
                    number == len(table.rows) - 1,
                )
            )
        heads = min(table.head_rows, len(rows) - 1)
        head = sum(row.height for row in rows[:heads])
        for number, row in enumerate(rows):
            row.head = rows[:heads] if number >= heads else []
            yield Part(
                Piece(
                    self._row_lines(row),
                    distance.before if number == 0 else 0.0,
                    distance.after if row.is_last else 0.0,
                    distance.keeps_next if row.is_last else number < heads,
                    is_whole=True,
                    head=head if number >= heads else 0.0,
                ),
                row,
                place,
            )

    def _natural(self, table: Table, count: int) -> list[float]:
        widest = [0.0] * count
        if table.shares:
            return widest
        for row in table.rows:
            for column, cell in enumerate(row):
                for paragraph in cell.paragraphs:
                    face = self._setting.faces[paragraph.style]
                    wide = natural_width(spans_of(paragraph, bold=face.bold), face.size)
                    widest[column] = max(widest[column], wide)
        return widest

    def _cell(
        self, paragraphs: Sequence[Paragraph], left: float, room: float, top: float
    ) -> list[Prose]:
        apart = distances([manner_of(one) for one in paragraphs], self._setting)
        numbers = item_numbers([_item(one) for one in paragraphs])
        found: list[Prose] = []
        y = top
        for place, paragraph in enumerate(paragraphs):
            prose = self._prose(paragraph, numbers[place], left, room)
            if place:
                y += max(apart[place - 1].after, apart[place].before)
            prose.offset = y
            y += prose.height
            found.append(prose)
        return found

    def _row_lines(self, row: Row) -> tuple[float, ...]:
        """A row is one line, or those of its highest cell where it is higher than a page."""
        if row.height <= self._page_height:
            return (row.height,)
        highest = max(row.cells, key=lambda cell: _bottom(cell, 0.0))
        ends = [
            prose.offset + prose.face.leading * (number + 1)
            for prose in highest
            for number in range(len(prose.lines))
        ]
        ends[-1] = row.height
        return tuple(end - start for start, end in zip([0.0, *ends], ends, strict=False))


@lru_cache(maxsize=2048)
def _set(paragraph: Paragraph, face: Face, room: float) -> tuple[tuple[Words, ...], bool]:
    """The lines of a paragraph, and whether it runs to the left; the next letter says it again."""
    spans = spans_of(paragraph, bold=face.bold)
    is_rtl = fonts.is_right_to_left("".join(span.text for span in spans))
    return broken(spans, face.size, room), is_rtl


def missing_words(picture: Picture, language: str) -> str:
    """The sentence in the box of a picture that is not there."""
    unnamed, named = _MISSING.get(language[:2], _MISSING["en"])
    return named.format(picture.words) if picture.words else unnamed


def _words(block: Paragraph | Insert) -> Paragraph:
    """The paragraph itself; of what was never filled in, its name as a field's is printed."""
    return block if isinstance(block, Paragraph) else Paragraph((Text(f"{{{block.kind}}}"),))


def _item(block: object) -> tuple[ListKind, int]:
    return (block.list, block.level) if isinstance(block, Paragraph) else (ListKind.NONE, 0)


def _piece(heights: tuple[float, ...], distance: Distance) -> Piece:
    return Piece(heights, distance.before, distance.after, distance.keeps_next)


def _bottom(cell: list[Prose], empty: float) -> float:
    return cell[-1].offset + cell[-1].height if cell else empty
