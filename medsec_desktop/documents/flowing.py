"""A paragraph for Platypus whose words join, stack or run to the left: what its own cannot set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.platypus import Flowable

from medsec_desktop.documents import fonts
from medsec_desktop.documents.writing.lines import Span, Words, broken

if TYPE_CHECKING:
    from reportlab.lib.styles import ParagraphStyle


class ShapedParagraph(Flowable):  # type: ignore[misc]
    """Plain text in one face, set line by line; names and methods are those Platypus asks for."""

    def __init__(
        self, text: str, style: ParagraphStyle, lines: tuple[Words, ...] | None = None
    ) -> None:
        super().__init__()
        self.style = style
        self.bulletText: str | None = None
        self._text = text
        self._lines = lines
        self._is_one_line = lines is None  # a part of a paragraph that was cut never is
        self._is_rtl = fonts.is_right_to_left(text)

    def getSpaceBefore(self) -> float:
        return float(self.style.spaceBefore)

    def getSpaceAfter(self) -> float:
        return float(self.style.spaceAfter)

    def getKeepWithNext(self) -> Any:
        return getattr(self, "keepWithNext", self.style.keepWithNext)

    def minWidth(self) -> float:
        return max(
            (
                fonts.width(word, self.style.fontSize, self.style.fontName)
                for word in self._text.split()
            ),
            default=0.0,
        )

    def wrap(self, room: float, height: float) -> tuple[float, float]:
        style = self.style
        self.width = room
        if self._lines is None:
            limit = max(1.0, room - style.leftIndent - style.rightIndent)
            self._lines = broken((Span(self._text, style.fontName),), style.fontSize, limit)
        self.height = len(self._lines) * style.leading
        self._is_one_line = self._is_one_line and len(self._lines) == 1
        return room, self.height

    def split(self, room: float, height: float) -> list[Flowable]:
        self.wrap(room, height)
        lines = self._lines or ()
        fits = int(height // self.style.leading)
        if fits < 1 or fits >= len(lines):
            return [self] if fits else []
        first, rest = (
            ShapedParagraph(self._text, self.style, part) for part in (lines[:fits], lines[fits:])
        )
        first.bulletText = self.bulletText
        return [first, rest]

    def draw(self) -> None:
        style, canvas = self.style, self.canv
        canvas.setFillColor(style.textColor)
        y = self.height - style.fontSize
        left, right = style.leftIndent, self.width - style.rightIndent
        # A name among names begins where they all do; a text of its own begins at the right.
        stands_right = self._is_rtl and not self._is_one_line
        if self.bulletText:
            fonts.draw(canvas, style.bulletIndent, y, self.bulletText, style.bulletFontSize)
        for line in self._lines or ():
            wide = line.width
            x = left
            if style.alignment == TA_CENTER:
                x = left + (right - left - wide) / 2
            elif style.alignment == TA_RIGHT or stands_right:
                x = right - wide
            spans = ((span.text, span.face) for span in line.spans)
            for piece, _ in fonts.laid(spans, is_rtl=self._is_rtl):
                x += fonts.draw_piece(canvas, x, y, piece, style.fontSize, style.fontName)
            y -= style.leading
