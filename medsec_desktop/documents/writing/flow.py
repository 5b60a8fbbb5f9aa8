"""Where every line of a document stands: blocks into lines, lines onto pages."""

from __future__ import annotations

from dataclasses import dataclass

from medsec_desktop.documents.writing.lines import Span, broken, spans_of, width_of
from medsec_desktop.documents.writing.sheet import Line, Pages, Sheet
from medsec_desktop.domain.paper import Paper, paper_named
from medsec_desktop.domain.writing.document import Align, Block, PageBreak, Paragraph
from medsec_desktop.domain.writing.measures import (
    CLOSE,
    COMFORTABLE,
    Distance,
    Setting,
    distances,
    manner_of,
)
from medsec_desktop.domain.writing.paging import Piece, Spot, paged


def lay_out(sheet: Sheet) -> Pages:
    """Where each line of the document stands.

    A letter that would spill onto a second page is set closer when that brings it back onto one.
    """
    pages = _Flow(sheet, COMFORTABLE).pages()
    if pages.count != 2:
        return pages
    closer = _Flow(sheet, CLOSE, is_close=True).pages()
    return closer if closer.count == 1 else pages


@dataclass(frozen=True, slots=True)
class _Words:
    """A paragraph broken into lines, with the place of each below its top."""

    lines: tuple[tuple[Span, ...], ...]
    size: float
    leading: float
    x: float
    width: float
    align: Align
    is_soft: bool


class _Flow:
    """One way of setting a sheet."""

    def __init__(self, sheet: Sheet, setting: Setting, *, is_close: bool = False):
        self._sheet = sheet
        self._paper: Paper = paper_named(sheet.paper)
        self._setting = setting
        self._is_close = is_close
        self._lines: list[Line] = []

    def pages(self) -> Pages:
        blocks = self._sheet.document.blocks
        apart = distances([manner_of(block) for block in blocks], self._setting)
        words = [self._words(block) for block in blocks]
        pieces = [
            _piece(one, block, distance)
            for one, block, distance in zip(words, blocks, apart, strict=True)
        ]
        for number, spots in enumerate(paged(pieces, self._height_of)):
            one = words[number]
            if one is not None:
                for spot in spots:
                    self._place(number, one, spot)
        count = 1 + max((line.page for line in self._lines), default=0)
        return Pages(count, tuple(self._lines), is_close=self._is_close)

    def _height_of(self, page: int) -> float:
        return self._area(page)[1]

    def _area(self, page: int) -> tuple[float, float]:
        return self._paper.text_area(page, has_letterhead=self._sheet.letterhead is not None)

    def _words(self, block: Block) -> _Words | None:
        if not isinstance(block, Paragraph):
            return None
        face = self._setting.faces[block.style]
        lines = broken(spans_of(block, bold=face.bold), face.size, self._paper.text_width)
        return _Words(
            tuple(lines), face.size, face.leading, self._paper.left, self._paper.text_width,
            block.align, face.soft,
        )  # fmt: skip

    def _place(self, number: int, words: _Words, spot: Spot) -> None:
        top = self._paper.from_top(self._area(spot.page)[0] + spot.top)
        for place, spans in enumerate(words.lines[spot.first : spot.end]):
            width = width_of(spans, words.size)
            x = words.x
            if words.align is Align.END:
                x += words.width - width
            elif words.align is Align.CENTER:
                x += (words.width - width) / 2
            self._lines.append(
                Line(
                    spot.page,
                    x,
                    top - words.size - place * words.leading,
                    width,
                    "".join(span.text for span in spans),
                    number,
                    words.size,
                    spans,
                    words.is_soft,
                )
            )


def _piece(words: _Words | None, block: Block, distance: Distance) -> Piece:
    if words is None:
        return Piece(is_break=isinstance(block, PageBreak))
    return Piece(
        (words.leading,) * len(words.lines),
        distance.before,
        distance.after,
        distance.keeps_next,
    )
