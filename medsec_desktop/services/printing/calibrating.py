"""Making up for what a printer does to each kind of paper: kept per workstation, drawn into the pages.

A sheet fed upright and one fed across slide differently, so each has its own correction.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from io import BytesIO
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.calibration import Calibration, Marks
from medsec_desktop.problems import Unavailable

if TYPE_CHECKING:
    from medsec_desktop.services.session import Session

_MM = 72 / 25.4


class Calibrations:
    """The corrections of this workstation's printers; outside the journal, like the choice of printers."""

    def __init__(self, session: Session):
        self._session = session

    def of(self, kind: str, printer: str, is_wide: bool) -> Calibration:
        """What is made up for, for that paper on that printer, lying wide or standing."""
        kept = self._session.db.meta(self._setting(kind, printer, is_wide))
        return Calibration(**json.loads(kept)) if kept else Calibration()

    def measured(
        self, kind: str, printer: str, is_wide: bool, drawn: Marks, measured: Marks
    ) -> Calibration:
        """Keep what a test page, printed as things stand, came out as; the next page is right.

        Raises Invalid for measures no printer is off by.
        """
        corrected = self.of(kind, printer, is_wide).corrected(drawn, measured)
        self._keep(kind, printer, is_wide, json.dumps(asdict(corrected)))
        return corrected

    def forget(self, kind: str, printer: str, is_wide: bool) -> None:
        """Print as the printer does from now on."""
        self._keep(kind, printer, is_wide, "")

    def applied(self, pdf: bytes, kind: str, printer: str) -> bytes:
        """The pages as they are to be handed over: the very bytes where nothing is made up for."""
        upright, wide = self.of(kind, printer, False), self.of(kind, printer, True)
        return pdf if upright.is_none and wide.is_none else moved(pdf, upright, wide)

    def _keep(self, kind: str, printer: str, is_wide: bool, value: str) -> None:
        self._session.db.note_meta(self._setting(kind, printer, is_wide), value)

    def _setting(self, kind: str, printer: str, is_wide: bool) -> str:
        way = "wide" if is_wide else "upright"
        return f"calibration/{self._session.workstation}/{kind}/{way}/{printer}"


def moved(pdf: bytes, upright: Calibration, wide: Calibration) -> bytes:
    """A PDF with the content of each page shifted and scaled on its sheet. Raises Unavailable."""
    import pikepdf

    try:
        with pikepdf.open(BytesIO(pdf)) as document:
            for page in document.pages:
                _move(page, upright, wide)
            target = BytesIO()
            document.save(target, deterministic_id=True)
    except pikepdf.PdfError as error:
        raise Unavailable(
            "Nothing was printed: these pages cannot be aligned for the printer.",
            "They are not a PDF that can be read.",
            "Remove the calibration of this printer in the settings, or print another copy.",
        ) from error
    return target.getvalue()


def _move(page: Any, upright: Calibration, wide: Calibration) -> None:
    x0, y0, x1, y1 = (float(value) for value in page.mediabox)
    turned = int(page.obj.get("/Rotate", 0)) % 360
    is_wide = (x1 - x0 > y1 - y0) != (turned in (90, 270))
    calibration = wide if is_wide else upright
    if calibration.is_none:
        return
    dx, dy = calibration.shift_x_mm * _MM, calibration.shift_y_mm * _MM
    by_x, by_y = calibration.scale_x, calibration.scale_y
    # From the edges one sees, left and upper, to those the page is stored by.
    matrix = {
        0: (by_x, by_y, x0 * (1 - by_x) + dx, y1 * (1 - by_y) - dy),
        90: (by_y, by_x, x0 * (1 - by_y) + dy, y0 * (1 - by_x) + dx),
        180: (by_x, by_y, x1 * (1 - by_x) - dx, y0 * (1 - by_y) + dy),
        270: (by_y, by_x, x1 * (1 - by_y) - dy, y1 * (1 - by_x) - dx),
    }[turned]
    a, d, e, f = matrix
    page.contents_add(f"q {a:.6f} 0 0 {d:.6f} {e:.4f} {f:.4f} cm\n".encode(), prepend=True)
    page.contents_add(b"\nQ", prepend=False)
    for field in page.obj.get("/Annots", ()):
        if "/Rect" in field:
            field.Rect = _moved_corners([float(value) for value in field.Rect], a, d, e, f)


def _moved_corners(corners: Sequence[float], a: float, d: float, e: float, f: float) -> list[float]:
    left, bottom, right, top = corners
    return [a * left + e, d * bottom + f, a * right + e, d * top + f]
