"""Where a printer really puts things, and what makes up for it.

Measures are millimetres on the sheet as one reads it: from its left edge and from its upper edge.
"""

from __future__ import annotations

from dataclasses import dataclass

from medsec_desktop.problems import Invalid

_MOST_OFF_MM = 25.0
_MOST_SCALED = (
    0.08  # more than that is a driver fitting the page, which is switched off, not made up for
)


@dataclass(frozen=True, slots=True)
class Marks:
    """Where the four crosses of a test page stand: the first from left and top, and how far apart."""

    left_mm: float
    top_mm: float
    across_mm: float
    down_mm: float


def marks_on(width: float, height: float) -> Marks:
    """Where the crosses of a test page belong, on a sheet of that size in mm."""
    inset = 20.0 if min(width, height) >= 90 else 6.0
    return Marks(inset, inset, width - 2 * inset, height - 2 * inset)


@dataclass(frozen=True, slots=True)
class Calibration:
    """How a page is drawn so that its ink falls where it belongs: scaled first, then shifted."""

    shift_x_mm: float = 0.0
    shift_y_mm: float = 0.0
    scale_x: float = 1.0
    scale_y: float = 1.0

    @property
    def is_none(self) -> bool:
        """Whether it changes nothing."""
        return self == Calibration()

    def corrected(self, drawn: Marks, measured: Marks) -> Calibration:
        """The calibration after a test page that was printed with this one.

        `drawn` is where its crosses belong, `measured` where they came out. Raises Invalid for measures
        no printer is off by.
        """
        _check(drawn, measured)
        # The page came out as x ↦ off + by·x; undo that first, then do what was done before.
        by_x, by_y = measured.across_mm / drawn.across_mm, measured.down_mm / drawn.down_mm
        off_x = measured.left_mm - by_x * drawn.left_mm
        off_y = measured.top_mm - by_y * drawn.top_mm
        return Calibration(
            self.shift_x_mm - self.scale_x * off_x / by_x,
            self.shift_y_mm - self.scale_y * off_y / by_y,
            self.scale_x / by_x,
            self.scale_y / by_y,
        )


def _check(drawn: Marks, measured: Marks) -> None:
    for field, name, most in (
        ("left_mm", "From the left edge", _MOST_OFF_MM),
        ("top_mm", "From the upper edge", _MOST_OFF_MM),
        ("across_mm", "From cross to cross, across", drawn.across_mm * _MOST_SCALED),
        ("down_mm", "From cross to cross, down", drawn.down_mm * _MOST_SCALED),
    ):
        wanted, found = getattr(drawn, field), getattr(measured, field)
        if abs(found - wanted) <= most:
            continue
        is_fitted = field in ("across_mm", "down_mm")
        raise Invalid(
            f"{name}: {found:g} mm is too far from {wanted:g} mm.",
            "The printer’s driver fits the page to the sheet." if is_fitted else "",
            "Switch fitting off in the printer’s own settings and print the test page again."
            if is_fitted
            else "Measure again, in millimeters, from the very edge of the sheet.",
            field=field,
        )
