"""A page that shows where a printer really puts things: four crosses, and rulers along two edges."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from medsec_desktop.documents import fonts, page
from medsec_desktop.documents.page import MM
from medsec_desktop.domain.calibration import Marks, marks_on

_ARM = 4.0  # mm, half of a cross
_RULER_CM = 10


@dataclass(frozen=True, slots=True)
class CalibrationPage:
    """What is tested: the size of the sheet in mm, and the words that say which paper and printer."""

    width: float
    height: float
    kind: str
    printer: str
    printed: str


def calibration_pdf(test: CalibrationPage) -> bytes:
    """The test page as PDF; what is printed on it says what to measure, where there is room."""
    fonts.use(fonts.REGULAR, fonts.BOLD)
    target = BytesIO()
    canvas = page.new_canvas(target, (test.width * MM, test.height * MM), title="Printer test page")
    canvas.setStrokeColorRGB(0, 0, 0)
    canvas.setFillColorRGB(*page.INK)
    marks = marks_on(test.width, test.height)
    for across in (0.0, marks.across_mm):
        for down in (0.0, marks.down_mm):
            _cross(canvas, (marks.left_mm + across) * MM, (test.height - marks.top_mm - down) * MM)
    if min(test.width, test.height) >= 90:
        _words(canvas, test, marks)
        _rulers(canvas, test, marks)
    else:
        x, y = test.width * MM / 2, test.height * MM / 2
        fonts.draw(canvas, x, y, "Measure the crosses", 7, fonts.BOLD, "centre")
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def _cross(canvas: Any, x: float, y: float) -> None:
    canvas.setLineWidth(0.2 * MM)
    canvas.line(x - _ARM * MM, y, x + _ARM * MM, y)
    canvas.line(x, y - _ARM * MM, x, y + _ARM * MM)


def _rulers(canvas: Any, test: CalibrationPage, marks: Marks) -> None:
    """Ten centimetres across and down from the first cross, a stroke a millimetre."""
    left, top = marks.left_mm, marks.top_mm
    for millimetre in range(_RULER_CM * 10 + 1):
        long = 4.0 if millimetre % 10 == 0 else 2.8 if millimetre % 5 == 0 else 1.6
        canvas.setLineWidth(0.12 * MM)
        at = (left + millimetre) * MM
        below = (test.height - top - 8) * MM
        if left + millimetre <= test.width - left:
            canvas.line(at, below, at, below - long * MM)
        at = (test.height - top - millimetre) * MM
        beside = (left + 8) * MM
        if top + millimetre <= test.height - top:
            canvas.line(beside, at, beside + long * MM, at)


def _words(canvas: Any, test: CalibrationPage, marks: Marks) -> None:
    x = (marks.left_mm + 20) * MM
    y = (test.height - marks.top_mm - 22) * MM
    room = (marks.across_mm - 24) * MM
    fonts.draw(canvas, x, y, f"Test page · {test.kind}", 13, fonts.BOLD)
    canvas.setFillColorRGB(*page.SOFT_INK)
    y -= 13
    for line in fonts.wrapped(f"{test.printer} · {test.printed}", 8.5, room):
        fonts.draw(canvas, x, y, line, 8.5)
        y -= 11
    canvas.setFillColorRGB(*page.INK)
    for number, text in enumerate(
        (
            f"From the left edge of the sheet to the first cross: {marks.left_mm:g} mm",
            f"From the upper edge of the sheet to the first cross: {marks.top_mm:g} mm",
            f"Between the two upper crosses, across: {marks.across_mm:.1f} mm",
            f"Between the two left crosses, down: {marks.down_mm:.1f} mm",
        ),
        start=1,
    ):
        y -= 6
        for line in fonts.wrapped(f"{number}.  {text}", 9.5, room):
            fonts.draw(canvas, x, y - 6, line, 9.5)
            y -= 12
    y -= 8
    if y > (marks.top_mm + 12) * MM:
        for line in fonts.wrapped(
            "Measure with a ruler and type what you find under Settings, Printers. "
            "The next page comes out right.",
            9,
            room,
        ):
            fonts.draw(canvas, x, y - 4, line, 9)
            y -= 12
