"""Where every line of a document stands: its parts onto pages."""

from __future__ import annotations

from medsec_desktop.documents.writing.blocks import (
    Part,
    Prose,
    Row,
    Shape,
    missing_words,
    parts_of,
)
from medsec_desktop.documents.writing.lines import Span, Words, width_of
from medsec_desktop.documents.writing.sheet import Image, Line, Pages, Sheet, Stroke
from medsec_desktop.domain.paper import Paper, paper_named
from medsec_desktop.domain.writing.document import Align, Picture
from medsec_desktop.domain.writing.measures import (
    CLOSE,
    COMFORTABLE,
    ITEM_INDENT,
    MARK_INDENT,
    Setting,
)
from medsec_desktop.domain.writing.paging import Spot, paged

_THIN, _THICK = 0.4, 1.0
_MARK_AIR = 3.0  # between a wide number and its words


def lay_out(sheet: Sheet) -> Pages:
    """Where each line of the document stands.

    A letter that would spill onto a second page is set closer when that brings it back onto one.
    """
    pages = _Flow(sheet, COMFORTABLE).pages()
    if pages.count != 2:
        return pages
    closer = _Flow(sheet, CLOSE, is_close=True).pages()
    return closer if closer.count == 1 else pages


class _Flow:
    """One way of setting a sheet."""

    def __init__(self, sheet: Sheet, setting: Setting, *, is_close: bool = False):
        self._sheet = sheet
        self._paper: Paper = paper_named(sheet.paper)
        self._setting = setting
        self._is_close = is_close
        self._lines: list[Line] = []
        self._strokes: list[Stroke] = []
        self._images: list[Image] = []

    def pages(self) -> Pages:
        parts = parts_of(self._sheet, self._paper, self._setting)
        found = paged([part.piece for part in parts], self._height_of)
        for part, spots in zip(parts, found, strict=True):
            self._place(part, spots)
        count = 1 + max((spot.page for spots in found for spot in spots), default=0)
        return Pages(
            count,
            tuple(self._lines),
            tuple(self._strokes),
            tuple(self._images),
            self._is_close,
            self._warnings(),
        )

    def _warnings(self) -> tuple[str, ...]:
        missing = {
            missing_words(block, self._sheet.language): None
            for block in self._sheet.document.blocks
            if isinstance(block, Picture)
            and not any(image.sha256 == block.sha256 for image in self._images)
        }
        return tuple(missing)

    def _height_of(self, page: int) -> float:
        return self._area(page)[1]

    def _area(self, page: int) -> tuple[float, float]:
        return self._paper.text_area(page, has_letterhead=self._sheet.letterhead is not None)

    def _y(self, page: int, top: float) -> float:
        """The height above the lower edge of what is `top` below the top of the text."""
        return self._paper.from_top(self._area(page)[0] + top)

    def _place(self, part: Part, spots: tuple[Spot, ...]) -> None:
        if isinstance(part.shows, Prose):
            self._place_prose(part.shows, spots, part.piece.lines, part.block)
        elif isinstance(part.shows, Shape):
            self._place_shape(part.shows, spots[0], part.block)
        elif isinstance(part.shows, Row):
            self._place_row(part.shows, spots, part.piece.lines, part.block)

    # -- words ------------------------------------------------------------------------------

    def _place_prose(
        self, prose: Prose, spots: tuple[Spot, ...], heights: tuple[float, ...], block: int
    ) -> None:
        """Put the lines of a paragraph into the spots of its piece."""
        starts = [0.0]
        for height in heights:
            starts.append(starts[-1] + height)
        y = prose.offset
        for number, words in enumerate(prose.lines):
            spot = next((one for one in spots if y < starts[one.end] - 0.001), spots[-1])
            baseline = self._y(spot.page, spot.top + y - starts[spot.first]) - prose.face.size
            self._add_line(prose, words, spot.page, baseline, block)
            if prose.mark and number == 0:
                self._add_mark(prose, spot.page, baseline, block)
            y += prose.face.leading

    def _add_line(self, prose: Prose, words: Words, page: int, baseline: float, block: int) -> None:
        width = words.width
        spare = prose.width - width
        stretch = 0.0
        if prose.align is Align.JUSTIFY and not words.is_last and spare > 0:
            blanks = words.text.count(" ")
            stretch = spare / blanks if blanks else 0.0
            width += stretch * blanks
        x = prose.x
        if prose.align is Align.CENTER:
            x += spare / 2
        elif (prose.align is Align.END) is not prose.is_rtl:
            x += prose.width - width
        self._lines.append(
            Line(
                page,
                x,
                baseline,
                width,
                words.text,
                block,
                prose.face.size,
                words.spans,
                prose.face.soft,
                stretch,
                prose.is_rtl,
            )
        )

    def _add_mark(self, prose: Prose, page: int, baseline: float, block: int) -> None:
        spans = (Span(prose.mark),)
        width = width_of(spans, prose.face.size)
        x = prose.x - ITEM_INDENT + MARK_INDENT
        if prose.is_rtl:
            x = prose.x + prose.width + ITEM_INDENT - MARK_INDENT - width
        elif prose.mark_number:
            x = min(x, prose.x - width - _MARK_AIR)
        line = Line(
            page,
            x,
            baseline,
            width,
            prose.mark,
            block,
            prose.face.size,
            spans,
            prose.face.soft,
            is_rtl=prose.is_rtl,
        )
        self._lines.insert(len(self._lines) - 1, line)

    # -- tables and pictures ----------------------------------------------------------------

    def _place_row(
        self, row: Row, spots: tuple[Spot, ...], heights: tuple[float, ...], block: int
    ) -> None:
        for spot in spots:
            if spot.has_head:
                self._repeat_head(row, spot, block)
            height = sum(heights[spot.first : spot.end])
            top = self._y(spot.page, spot.top)
            is_end = row.is_last and spot is spots[-1]
            self._rule(row, spot.page, top, top - height, is_end)
        for cell in row.cells:
            for prose in cell:
                self._place_prose(prose, spots, heights, block)

    def _repeat_head(self, row: Row, spot: Spot, block: int) -> None:
        top = spot.top - sum(head.height for head in row.head)
        for head in row.head:
            where = (Spot(spot.page, top, 0, 1),)
            self._place_row(head, where, (head.height,), block)
            top += head.height

    def _rule(self, row: Row, page: int, top: float, bottom: float, is_end: bool) -> None:
        left, right = row.edges[0], row.edges[-1]
        if row.rules == "grid":
            for edge in row.edges:
                self._strokes.append(Stroke(page, edge, top, edge, bottom, _THIN))
            for y in (top, bottom):
                self._strokes.append(Stroke(page, left, y, right, y, _THIN))
        elif row.rules == "rows":
            if row.is_first:
                self._strokes.append(Stroke(page, left, top, right, top, _THICK, True))
            thickness = _THICK if is_end else _THIN
            self._strokes.append(Stroke(page, left, bottom, right, bottom, thickness, is_end))

    def _place_shape(self, shape: Shape, spot: Spot, block: int) -> None:
        top = self._y(spot.page, spot.top)
        bottom, right = top - shape.height, shape.x + shape.width
        if shape.missing is None:
            self._images.append(
                Image(spot.page, shape.x, bottom, shape.width, shape.height, shape.sha256)
            )
            return
        for y in (top, bottom):
            self._strokes.append(Stroke(spot.page, shape.x, y, right, y, _THIN))
        for x in (shape.x, right):
            self._strokes.append(Stroke(spot.page, x, top, x, bottom, _THIN))
        words = shape.missing
        words.offset = max(2.0, (shape.height - words.height) / 2)
        self._place_prose(words, (Spot(spot.page, spot.top, 0, 1),), (shape.height,), block)
