"""An invented insurance card, front and back, for the demo clinic: nothing on it exists."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from medsec_desktop.documents import fonts, page
from medsec_desktop.documents.page import MM

_WIDTH, _HEIGHT = 85.6 * MM, 54 * MM  # ISO/IEC 7810 ID-1
_INK, _PAPER = (0.09, 0.28, 0.35), (0.91, 0.95, 0.96)


def sample_card(payer: str, lines: Sequence[str]) -> bytes:
    """One side of a card: the payer in a band, then its lines, and the word DEMO."""
    fonts.use(fonts.REGULAR, fonts.BOLD)
    target = BytesIO()
    canvas = page.new_canvas(target, (_WIDTH, _HEIGHT), title=f"{payer} (demo card)")
    canvas.setFillColorRGB(*_PAPER)
    canvas.rect(0, 0, _WIDTH, _HEIGHT, stroke=0, fill=1)
    canvas.setFillColorRGB(*_INK)
    canvas.rect(0, _HEIGHT - 13 * MM, _WIDTH, 13 * MM, stroke=0, fill=1)
    canvas.setFillColorRGB(1, 1, 1)
    fonts.draw(canvas, 5 * MM, _HEIGHT - 8.5 * MM, payer, 11, fonts.BOLD)
    canvas.setFillColorRGB(*_INK)
    for place, line in enumerate(lines):
        fonts.draw(canvas, 5 * MM, _HEIGHT - (20 + 6 * place) * MM, line, 9)
    fonts.draw(canvas, _WIDTH - 5 * MM, 4 * MM, "DEMO", 8, fonts.BOLD, "right")
    canvas.showPage()
    canvas.save()
    return target.getvalue()
