"""Fonts, metrics and colours the calendar paints with, looked up once for a theme and zoom."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPixmap, QStaticText

from medsec_desktop.ui.calendar.grid import colours
from medsec_desktop.ui.theme import Category, Theme

if TYPE_CHECKING:
    from medsec_desktop.services.calendar import AppointmentRow

LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
ELIDE = Qt.TextElideMode.ElideRight
# On a card as low as its letters the line box is taller than the card, the letters are not.
TIGHT = LEFT | int(Qt.TextFlag.TextDontClip)
# Kept for the next picture, which mostly shows the same: a few screens' worth of words and cards.
_MANY_WORDS = 6_000
_MANY_PIXELS = 4_000_000  # 16 MB


@dataclass(frozen=True, slots=True)
class Words:
    """A text as it fits its place, shaped once."""

    text: QStaticText
    advance: int


@dataclass(slots=True)
class Look:
    """Fonts, metrics and colours of one theme and zoom, looked up once."""

    theme: Theme
    small: QFont
    strong: QFont
    name: QFont
    small_metrics: QFontMetrics
    strong_metrics: QFontMetrics
    name_metrics: QFontMetrics
    colours: dict[str, QColor]  # by token
    categories: dict[str, Category]
    ratio: float = 1.0
    coloured_by: str = "type"
    _words: dict[tuple[str, str, int], Words] = field(default_factory=dict)
    _cards: dict[tuple[int, int, int, int], QPixmap] = field(default_factory=dict)
    _card_pixels: int = 0

    @classmethod
    def of(cls, theme: Theme, ratio: float, coloured_by: str = "type") -> Look:
        small, strong = theme.font("small"), theme.font("small", strong=True)
        name = theme.font("body", strong=True)
        names = (
            "surface", "sunken", "line", "edge", "text", "muted", "accent", "accent_soft",
            "on_accent", "danger", "warning", "warning_soft", "danger_soft", "focus", "selected",
            "window", "raised", "hover",
        )  # fmt: skip
        return cls(
            theme,
            small,
            strong,
            name,
            QFontMetrics(small),
            QFontMetrics(strong),
            QFontMetrics(name),
            {name: theme.colour(name) for name in names},
            {},
            ratio,
            coloured_by,
        )

    def category(self, name: str) -> Category:
        if name not in self.categories:
            self.categories[name] = self.theme.category(name)
        return self.categories[name]

    def category_of(self, visit: AppointmentRow) -> Category:
        """The colours of a visit, by whatever visits are coloured by."""
        return self.category(colours.category_of(visit, self.coloured_by))

    def words(self, face: str, text: str, width: int) -> Words:
        """A text in the "small", "strong" or "name" face, ending in “…” where `width` is too small."""
        key = (face, text, width)
        found = self._words.get(key)
        if found is None:
            if len(self._words) >= _MANY_WORDS:
                self._words.clear()
            metrics: QFontMetrics = getattr(self, f"{face}_metrics")
            shown = metrics.elidedText(text, ELIDE, width)
            static = QStaticText(shown)
            static.setTextFormat(Qt.TextFormat.PlainText)
            static.prepare(font=getattr(self, face))
            found = self._words[key] = Words(static, metrics.horizontalAdvance(shown))
        return found

    def paint_card(self, painter: QPainter, area: QRect, category: Category) -> None:
        """A card of a category's fill with its edge at the left, drawn once for each size."""
        width, height = area.width(), area.height()
        whole = self.ratio == int(self.ratio)  # between two pixels a picture would blur
        if not whole or width * height > _MANY_PIXELS // 16:
            _draw_card(painter, area, category)
            return
        key = (category.fill.rgba(), category.edge.rgba(), width, height)
        card = self._cards.get(key)
        if card is None:
            if self._card_pixels > _MANY_PIXELS:
                self._cards.clear()
                self._card_pixels = 0
            ratio = int(self.ratio)
            card = QPixmap(width * ratio, height * ratio)
            card.setDevicePixelRatio(ratio)
            card.fill(Qt.GlobalColor.transparent)
            inside = QPainter(card)
            inside.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            _draw_card(inside, QRect(0, 0, width, height), category)
            inside.end()
            self._cards[key] = card
            self._card_pixels += width * height * ratio * ratio
        painter.drawPixmap(area.left(), area.top(), card)


def _draw_card(painter: QPainter, area: QRect, category: Category) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(category.fill)
    painter.drawRoundedRect(area, 4, 4)
    painter.setBrush(category.edge)
    painter.drawRoundedRect(QRect(area.left(), area.top(), 4, area.height()), 2, 2)
