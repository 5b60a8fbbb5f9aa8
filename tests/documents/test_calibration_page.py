"""The test page of a printer: its crosses stand where it says they do."""

from __future__ import annotations

import pypdfium2
import pytest

from medsec_desktop.documents.calibration_page import CalibrationPage, calibration_pdf
from medsec_desktop.domain.calibration import marks_on
from tests.documents.conftest import words


@pytest.mark.parametrize("size", [(215.9, 279.4), (210, 297), (241.3, 104.8), (89, 28)], ids=str)
def test_the_crosses_stand_where_they_belong(size: tuple[float, float]) -> None:
    pdf = calibration_pdf(CalibrationPage(*size, "Labels", "Desk", "03/11/2026"))
    marks = marks_on(*size)

    dots = 20  # pixels a millimetre
    with pypdfium2.PdfDocument(pdf) as document:
        picture = document[0].render(scale=dots * 25.4 / 72, grayscale=True).to_pil()

    for across in (0, marks.across_mm):
        for down in (0, marks.down_mm):
            x, y = (marks.left_mm + across) * dots, (marks.top_mm + down) * dots
            assert picture.getpixel((x, y)) < 60  # the middle
            assert picture.getpixel((x + 3 * dots, y)) < 60  # both arms
            assert picture.getpixel((x, y + 3 * dots)) < 60
            assert picture.getpixel((x + 2 * dots, y + 0.4 * dots)) > 200  # and nothing between


def test_it_says_what_to_measure() -> None:
    (text,) = words(calibration_pdf(CalibrationPage(215.9, 279.4, "Labels", "Desk", "today")))

    assert "Between the two upper crosses, across: 175.9 mm" in text.replace("\r\n", " ")
