"""Codes that scanners read: Code 128 as bars, QR as a square."""

from __future__ import annotations

from typing import Any

from medsec_desktop.documents.page import MM

_NARROWEST_BAR = 0.19 * MM  # 7.5 mil, the least a desk scanner reads reliably
_WIDEST_BAR = 0.33 * MM
_SMALLEST_DOT = 0.3 * MM  # of a QR square; a phone reads less, a scanner at arm's length does not


def bars(canvas: Any, x: float, y: float, wide: float, high: float, text: str) -> bool:
    """Code 128 from its lower left corner, as wide as fits up to 0.33 mm a bar.

    False, and nothing drawn, where a scanner could not read it.
    """
    from reportlab.graphics.barcode.code128 import Code128

    try:
        at_one = Code128(text, barWidth=1.0, barHeight=high, quiet=0).width
    except ValueError:  # it has characters that Code 128 has not
        return False
    bar = min(_WIDEST_BAR, wide / at_one)
    if bar < _NARROWEST_BAR:
        return False
    Code128(text, barWidth=bar, barHeight=high, quiet=0).drawOn(canvas, x, y)
    return True


def qr(canvas: Any, x: float, y: float, side: float, text: str) -> bool:
    """A QR square from its lower left corner; False, and nothing drawn, where its dots are too small.

    The quiet edge of four dots is the caller's: paper around it stays free.
    """
    from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    dots = code.getModuleCount()
    dot = side / dots
    if dot < _SMALLEST_DOT:
        return False
    for row in range(dots):
        column = 0
        while column < dots:  # a run of dots is one rectangle: no hair between them on paper
            if not code.isDark(row, column):
                column += 1
                continue
            start = column
            while column < dots and code.isDark(row, column):
                column += 1
            canvas.rect(
                x + start * dot, y + side - (row + 1) * dot, (column - start) * dot, dot,
                stroke=0, fill=1,
            )  # fmt: skip
    return True
