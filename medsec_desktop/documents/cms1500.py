"""The CMS-1500 (02/12): text alone, to be laid over the red original, or with the form drawn around it.

Payers that scan take only the original, printed with the red ink their scanners do not see, and text in
black ten-pitch Courier on its grid; the drawn copy is for working with and for those who take any paper.
Source of the grid and the lines: NUCC 1500 form 02/12, measured; offsets of a printer are the
calibration's matter, not this one's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from medsec_desktop.documents import fonts, page
from medsec_desktop.documents.cms1500_lines import CAPTIONS, DOTTED, HORIZONTALS, VERTICALS
from medsec_desktop.documents.cms1500_positions import (
    FIRST_SERVICE_LINE,
    SERVICE_LINES,
    SERVICE_SPOTS,
    SPOTS,
    Spot,
)
from medsec_desktop.domain.claims.form import Sheet

_SIZE = 8.5 * page.INCH, 11 * page.INCH
_FONT, _POINTS = "Courier", 12.0  # exactly ten characters an inch
_LEFT, _COLUMN = 25.2, 7.2
_LINE, _BASELINE = 12.0, 2.5
_BOX = 10.5  # of a drawn square, centred on its cross
_FORM_INK = (
    0.72,
    0.16,
    0.13,
)  # the drawn copy's lines: red like the original's, dark enough to be read
_SHADE = (0.97, 0.90, 0.89)


@dataclass(frozen=True, slots=True)
class Cut:
    """Text that is longer than its item has room for: what is printed ends after `room` characters."""

    item: str
    text: str
    room: int


def column_x(column: int) -> float:
    """Where a column of the grid begins, in points from the left edge."""
    return _LEFT + _COLUMN * (column - 1)


def baseline(line: int) -> float:
    """Where the letters of a grid line stand, in points from the upper edge."""
    return _LINE * line - _BASELINE


def cms1500_pdf(
    sheets: Sequence[Sheet], *, is_drawn: bool = False, title: str = "CMS-1500", mark: str = ""
) -> bytes:
    """The sheets as PDF. Text is black Courier on the grid; with `is_drawn` the form stands around it.

    `mark` is printed pale across a drawn form, such as DEMO; the overlay never carries one.
    """
    target = BytesIO()
    if is_drawn:
        fonts.use(fonts.REGULAR, fonts.BOLD)
    canvas = page.new_canvas(target, _SIZE, title=title)
    for sheet in sheets:
        if is_drawn:
            _form(canvas, mark)
        canvas.setFillColorRGB(0, 0, 0)
        canvas.setFont(_FONT, _POINTS)
        for spot, text, line in _placed(sheet):
            _put(canvas, spot, text, line)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def cut_off(sheets: Sequence[Sheet]) -> tuple[Cut, ...]:
    """Everything that has more characters than room, once each."""
    found = [
        Cut(spot.item, text, spot.width)
        for sheet in sheets
        for spot, text, _ in _placed(sheet)
        if len(text) > spot.width
    ]
    return tuple(dict.fromkeys(found))


def _placed(sheet: Sheet) -> Iterator[tuple[Spot, str, int]]:
    """Each text with its spot and the grid line it stands on."""
    for spot in SPOTS:
        text = sheet.texts.get((spot.item, spot.part), "")
        if text:
            yield spot, text, spot.line
    for number, texts in enumerate(sheet.lines[:SERVICE_LINES]):
        for spot in SERVICE_SPOTS:
            text = texts.get((spot.item, spot.part), "")
            if text:
                yield spot, text, FIRST_SERVICE_LINE + 2 * number + spot.line


def _put(canvas: Any, spot: Spot, text: str, line: int) -> None:
    shown = text[: spot.width]
    column = spot.column + (spot.width - len(shown) if spot.is_right else 0)
    canvas.drawString(column_x(column), _SIZE[1] - baseline(line), shown)


# -- the drawn form ----------------------------------------------------------------------------


def _form(canvas: Any, mark: str) -> None:
    height = _SIZE[1]
    canvas.saveState()
    if mark:
        canvas.setFillColorRGB(*page.WATERMARK)
        fonts.draw(canvas, _SIZE[0] / 2, height / 2, mark, 130, fonts.BOLD, align="centre")
    canvas.setFillColorRGB(*_SHADE)
    for number in range(SERVICE_LINES):
        canvas.rect(24.6, height - (527.5 + 24 * number) - 12, 568.4, 12, stroke=0, fill=1)
    canvas.setStrokeColorRGB(*_FORM_INK)
    for y, left, right, thickness in HORIZONTALS:
        canvas.setLineWidth(thickness)
        canvas.line(left, height - y, right, height - y)
    canvas.setLineWidth(0.6)
    for x, top, bottom in VERTICALS:
        canvas.line(x, height - top, x, height - bottom)
    canvas.setLineWidth(0.4)
    canvas.setDash(1, 2)
    for x, top, bottom in DOTTED:
        canvas.line(x, height - top, x, height - bottom)
    canvas.setDash()
    canvas.setLineWidth(0.5)
    for spot in SPOTS:
        if spot.is_box:
            x = column_x(spot.column) + _COLUMN / 2 - _BOX / 2
            y = height - baseline(spot.line) - 2.2
            canvas.rect(x, y, _BOX, _BOX)
    canvas.setFillColorRGB(*_FORM_INK)
    fonts.draw(canvas, 24.6, height - 84, "HEALTH INSURANCE CLAIM FORM", 10, fonts.BOLD)
    fonts.draw(
        canvas, 24.6, height - 93, "Working copy: payers that scan take the original only", 6
    )
    for x, y, text in CAPTIONS:
        fonts.draw(canvas, x, height - y, text, 5.2)
    canvas.restoreState()
