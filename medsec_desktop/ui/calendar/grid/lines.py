"""Lines of words on the cards of one picture, gathered so that each font and ink is taken up once."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtGui import QColor, QFont, QPainter, QStaticText


@dataclass(slots=True)
class _Same:
    """What is written in one font and ink: at (left, baseline), shaped before at (left, top)."""

    font: QFont
    ink: QColor
    plain: list[tuple[int, int, str]] = field(default_factory=list)
    shaped: list[tuple[int, int, QStaticText]] = field(default_factory=list)
    strokes: list[tuple[int, int, int]] = field(default_factory=list)  # left, right, y


class Lines:
    """Takes words as the cards are painted and writes them afterwards, over all of them."""

    def __init__(self) -> None:
        self._kinds: dict[tuple[str, int], _Same] = {}

    def of(self, face: str, font: QFont, ink: QColor) -> _Same:
        """The lines in one font and ink, to be added to. Inks are told apart as objects."""
        key = (face, id(ink))
        found = self._kinds.get(key)
        if found is None:
            found = self._kinds[key] = _Same(font, ink)
        return found

    def paint(self, painter: QPainter) -> None:
        """Write them all."""
        for same in self._kinds.values():
            painter.setFont(same.font)
            painter.setPen(same.ink)
            for left, baseline, text in same.plain:
                painter.drawText(left, baseline, text)
            for left, top, shaped in same.shaped:
                painter.drawStaticText(left, top, shaped)
            for left, right, y in same.strokes:
                painter.drawLine(left, y, right, y)
