"""The sheet our forms are drawn on: rows to write on, boxes to tick, a barcode that files the page.

Made fillable, the same sheet has fields of PDF (AcroForm) where the lines and boxes are, in the order they
are read, with their labels for those who hear the screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from medsec_desktop.documents import fonts, page
from medsec_desktop.documents.day_sheet import fitted
from medsec_desktop.documents.form_words import FormWords
from medsec_desktop.documents.page import MM, Paper, paper_named

CODE_MM = 22.0  # with six pixels a module at 200 dpi, which a bad scan still shows
_EDGE = 15 * MM
_ROW = 12.6 * MM  # room for handwriting under the label
_HEAD = 34 * MM
_UNITS = 12  # a row is divided into so many
_GAP = 3 * MM


@dataclass(frozen=True, slots=True)
class FormCode:
    """What the barcode says, each page of the form its own, and how it is written under it.

    A form about nobody has none: there is no file it could find.
    """

    texts: tuple[str, ...]
    spoken: str


@dataclass(frozen=True, slots=True)
class FormHead:
    """Whose paper it is."""

    practice: str
    address: tuple[str, ...] = ()
    phone: str = ""
    paper: str = "letter"
    language: str = "en"
    tag: str = "en-US"
    mark: str = ""  # pale across the sheet, such as DEMO


class FormSheet:
    """A form being drawn from the top of its first page down."""

    def __init__(
        self,
        head: FormHead,
        code: FormCode,
        title: str,
        words: FormWords,
        date: str,
        whose: str = "",
        *,
        pages: int = 1,
        is_fillable: bool = False,
    ):
        """`whose` stands under the title of each page after the first, should they come apart."""
        self._pages, self._is_fillable = pages, is_fillable
        self._fields = 0
        self._section = ""
        fonts.use(fonts.REGULAR, fonts.BOLD)
        self._whose = whose
        self._head, self._code, self._title, self._words = head, code, title, words
        self._date = date
        self._paper: Paper = paper_named(head.paper)
        self._target = BytesIO()
        self._left = _EDGE
        self._wide = self._paper.width - 2 * _EDGE
        self._number = 0
        self._y = 0.0
        self._canvas: Any = page.new_canvas(
            self._target,
            (self._paper.width, self._paper.height),
            title=title,
            author=head.practice,
            language=head.tag,
        )

    def begin(self, asks: str) -> None:
        """The first page's head, and what is asked of her."""
        self._page()
        if asks:
            self.paragraph(asks)

    def turn_over(self) -> None:
        """On to the next page."""
        self._canvas.showPage()
        self._page()

    def section(self, title: str) -> None:
        """A heading over what follows."""
        self._section = title
        self._y -= 6.5 * MM
        self._canvas.setFillColorRGB(*page.ACCENT)
        fonts.draw(self._canvas, self._left, self._y, title, 10.5, fonts.BOLD)
        self._y -= 1.8 * MM
        page.rule(self._canvas, self._left, self._y, self._wide, 0.8)
        self._y -= 0.6 * MM

    def row(self, *cells: tuple[str, str, int]) -> None:
        """Cells beside each other: a small label, what is on file, a line to write on."""
        self._y -= _ROW
        x = self._left
        for place, (label, value, units) in enumerate(cells, start=1):
            gap = 0 if place == len(cells) else _GAP
            wide = self._wide * units / _UNITS - gap
            self._canvas.setFillColorRGB(*page.SOFT_INK)
            fonts.draw(self._canvas, x, self._y + 7.6 * MM, fitted(label, 7.5, wide), 7.5)
            if self._is_fillable:
                self._text_field(label, value, x, wide)
            else:
                self._canvas.setFillColorRGB(*page.INK)
                size = 10.5
                while size > 7 and fonts.width(value, size) > wide:
                    size -= 0.25
                fonts.draw(self._canvas, x, self._y + 1.6 * MM, fitted(value, size, wide), size)
            page.rule(self._canvas, x, self._y, wide, 0.6)
            x += wide + gap

    def ticks(
        self, label: str, boxes: Sequence[tuple[str, bool]], units: int, *, beside: bool = False
    ) -> None:
        """A label and boxes to tick, of which those on file are ticked already."""
        x = self._left
        if beside:
            x += self._wide / 2
        else:
            self._y -= 8.6 * MM
        wide = self._wide * units / _UNITS - _GAP
        baseline = self._y + 1.6 * MM
        self._canvas.setFillColorRGB(*page.SOFT_INK)
        room = wide - sum(fonts.width(text, 9.5) + 8.5 * MM for text, _ in boxes)
        shown = fitted(label, 8.5, max(room, 20 * MM))
        fonts.draw(self._canvas, x, baseline, shown, 8.5)
        x += fonts.width(shown, 8.5) + 4 * MM
        self._canvas.setFillColorRGB(*page.INK)
        for text, is_ticked in boxes:
            self._box(x, baseline - 0.4 * MM, is_ticked, f"{label} {text}")
            fonts.draw(self._canvas, x + 5 * MM, baseline, text, 9.5)
            x += fonts.width(text, 9.5) + 9.5 * MM

    def question(self, text: str) -> None:
        """A question with yes and no at its right."""
        words = self._words
        side = 34 * MM
        lines = fonts.wrapped(text, 10, self._wide - side)
        self._y -= 2.2 * MM
        first = self._y - 4.4 * MM
        self._canvas.setFillColorRGB(*page.INK)
        for line in lines:
            self._y -= 4.8 * MM
            fonts.draw(self._canvas, self._left, self._y, line, 10)
        x = self._left + self._wide - side + 6 * MM
        for answer in (words.yes, words.no):
            self._box(x, first - 0.6 * MM, False, f"{text} {answer}")
            fonts.draw(self._canvas, x + 5 * MM, first - 0.2 * MM, answer, 10)
            x += 14 * MM
        self._y -= 1 * MM

    def paragraph(self, text: str, face: str = fonts.REGULAR, *, after: float = 2.4) -> None:
        """A paragraph across the sheet, with so many millimetres below it."""
        self._canvas.setFillColorRGB(*page.INK)
        for line in fonts.wrapped(text, 10, self._wide, face):
            self._y -= 4.9 * MM
            fonts.draw(self._canvas, self._left, self._y, line, 10, face)
        self._y -= after * MM

    def space(self, high: float) -> None:
        """Leave some room."""
        self._y -= high

    def sign(self, text: str) -> None:
        """The words she signs under, a line for the signature, and who signs where she does not."""
        words = self._words
        self._y -= 4 * MM
        self.paragraph(text)
        self._y -= 4 * MM
        self._y -= 3 * MM
        self.row((words.signature, "", 8), (words.date, "", 4))
        self.row((words.signer, "", 8), (words.relation, "", 4))

    def finished(self) -> bytes:
        """The form as PDF."""
        self._canvas.showPage()
        self._canvas.save()
        return self._target.getvalue()

    def _page(self) -> None:
        self._number += 1
        canvas, paper, head = self._canvas, self._paper, self._head
        page.watermark(canvas, paper, head.mark)
        top = paper.from_top(13 * MM)
        side = CODE_MM * MM
        room = self._wide - side - 8 * MM
        canvas.setFillColorRGB(*page.ACCENT)
        fonts.draw(canvas, self._left, top - 10, fitted(head.practice, 11, room, fonts.BOLD), 11,
                   fonts.BOLD)  # fmt: skip
        canvas.setFillColorRGB(*page.SOFT_INK)
        contact = "  ·  ".join(part for part in (*head.address, head.phone) if part)
        fonts.draw(canvas, self._left, top - 22, fitted(contact, 8, room), 8)
        canvas.setFillColorRGB(*page.INK)
        size = 17.0
        while size > 11 and fonts.width(self._title, size, fonts.BOLD) > room:
            size -= 0.5
        title = fitted(self._title, size, room, fonts.BOLD)
        fonts.draw(canvas, self._left, top - 50, title, size, fonts.BOLD)
        if self._number > 1:
            fonts.draw(canvas, self._left, top - 65, fitted(self._whose, 9, room), 9)
        if self._code.texts:
            code = self._code.texts[self._number - 1]
            filing_code(canvas, code, self._left + self._wide - side, top - side, side)
        canvas.setFillColorRGB(*page.SOFT_INK)
        right = self._left + self._wide
        fonts.draw(canvas, right, top - side - 9.5, self._code.spoken, 6.5, align="right")
        foot = 9 * MM
        fonts.draw(canvas, self._left, foot, f"{self._words.printed} {self._date}", 7.5)
        counted = self._words.page_of.format(page=self._number, pages=self._pages)
        fonts.draw(canvas, right, foot, counted, 7.5, align="right")
        self._y = top - _HEAD + 8 * MM

    def _text_field(self, label: str, value: str, x: float, wide: float) -> None:
        """A field over the line; the viewer's own typeface, since a PDF's fields know no others."""
        self._fields += 1
        self._canvas.acroForm.textfield(
            name=f"{self._number}.{self._fields}",
            tooltip=self._spoken(label),
            value=value,
            x=x,
            y=self._y + 0.4 * MM,
            width=wide,
            height=6.6 * MM,
            fontName="Helvetica",
            fontSize=10,
            borderWidth=0,
            fillColor=None,
            maxlen=200,
        )

    def _spoken(self, label: str) -> str:
        """What a screen reader says of a field: which part of the form, and its label."""
        return " – ".join(part for part in (self._section, label.strip()) if part)

    def _box(self, x: float, y: float, is_ticked: bool, label: str) -> None:
        side = 3.6 * MM
        if self._is_fillable:
            self._fields += 1
            self._canvas.acroForm.checkbox(
                name=f"{self._number}.{self._fields}",
                tooltip=self._spoken(label),
                checked=is_ticked,
                x=x,
                y=y,
                size=side,
                buttonStyle="check",
                borderWidth=0.8,
                borderColor=_ink(),
                fillColor=None,
                textColor=_ink(),
            )
            return
        self._canvas.saveState()
        self._canvas.setStrokeColorRGB(*page.INK)
        self._canvas.setLineWidth(0.8)
        self._canvas.rect(x, y, side, side)
        if is_ticked:
            self._canvas.setLineWidth(1.3)
            self._canvas.line(x + 0.7 * MM, y + 1.7 * MM, x + 1.5 * MM, y + 0.8 * MM)
            self._canvas.line(x + 1.5 * MM, y + 0.8 * MM, x + 3.0 * MM, y + 2.9 * MM)
        self._canvas.restoreState()


def _ink() -> Any:
    from reportlab.lib.colors import Color

    return Color(*page.INK)


def filing_code(canvas: Any, text: str, x: float, y: float, side: float) -> None:
    """A QR code of `side` points: a quarter of it may be lost and it is still read."""
    from reportlab.graphics.barcode.qr import QrCodeWidget

    widget = QrCodeWidget(text, barLevel="Q")
    widget.qr.make()
    modules = widget.qr.getModuleCount()
    one = side / modules
    canvas.saveState()
    canvas.setFillColorRGB(0, 0, 0)
    for row in range(modules):
        start = None
        for column in range(modules + 1):
            dark = column < modules and widget.qr.isDark(row, column)
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                # A hair higher than its row, so that no light shows between two rows.
                canvas.rect(x + start * one, y + side - (row + 1) * one, (column - start) * one,
                            one * 1.02, stroke=0, fill=1)  # fmt: skip
                start = None
    canvas.restoreState()
