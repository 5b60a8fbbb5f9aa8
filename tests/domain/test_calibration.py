"""What a printer does to a page, measured, and made up for."""

from __future__ import annotations

import pytest

from medsec_desktop.domain.calibration import Calibration, Marks
from medsec_desktop.problems import Invalid

DRAWN = Marks(20, 20, 175.9, 239.4)


def printed(drawn: Marks, by: Calibration) -> Marks:
    """Where the crosses come out on a printer that is 1.5 mm right, 2 mm high, and shrinks a little."""
    off_x, off_y, by_x, by_y = 1.5, -2.0, 0.995, 0.99

    def x(at: float) -> float:
        return off_x + by_x * (by.shift_x_mm + by.scale_x * at)

    def y(at: float) -> float:
        return off_y + by_y * (by.shift_y_mm + by.scale_y * at)

    left, top = x(drawn.left_mm), y(drawn.top_mm)
    return Marks(
        left, top, x(drawn.left_mm + drawn.across_mm) - left, y(drawn.top_mm + drawn.down_mm) - top
    )


def test_what_was_measured_is_made_up_for_and_a_second_page_refines_it() -> None:
    once = Calibration().corrected(DRAWN, printed(DRAWN, Calibration()))

    for name in ("left_mm", "top_mm", "across_mm", "down_mm"):
        assert getattr(printed(DRAWN, once), name) == pytest.approx(getattr(DRAWN, name))
    # A crooked first measure is put right by measuring the corrected page again.
    wrong = Calibration().corrected(DRAWN, Marks(22, 18, 175, 238))
    again = wrong.corrected(DRAWN, printed(DRAWN, wrong))
    assert again.shift_x_mm == pytest.approx(once.shift_x_mm)
    assert again.scale_y == pytest.approx(once.scale_y)


@pytest.mark.parametrize(
    ("measured", "field"),
    [
        (Marks(200, 20, 175.9, 239.4), "left_mm"),
        (Marks(20, -30, 175.9, 239.4), "top_mm"),
        (Marks(20, 20, 160, 239.4), "across_mm"),
        (Marks(20, 20, 175.9, 9.4), "down_mm"),
    ],
)
def test_what_no_printer_is_off_by_is_refused_where_it_was_typed(
    measured: Marks, field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        Calibration().corrected(DRAWN, measured)

    assert caught.value.field == field
