"""Fonts, metrics and colours the calendar paints with, looked up once for a theme and zoom."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QFontMetricsF,
    QPainter,
    QPen,
    QPixmap,
    QStaticText,
)

from medsec_desktop.ui.calendar.grid import colours
from medsec_desktop.ui.theme import Category, Theme

if TYPE_CHECKING:
    from medsec_desktop.services.calendar import AppointmentRow

LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
ELIDE = Qt.TextElideMode.ElideRight
# On a card as low as its letters the line box is taller than the card, the letters are not.
TIGHT = LEFT | int(Qt.TextFlag.TextDontClip)
WHOLE = 10_000  # no text is cut to this width
# Kept for the next picture, which mostly shows the same: a few screens' worth of words and cards.
_MANY_WORDS = 6_000
_NO_PLAIN_LETTER = "\u0250"  # from here on letters may join, combine or run from the right
_KERNED = 1.06  # a text is at most this much wider than its letters drawn together
_MANY_GROUNDS = 2
_MANY_PIXELS = 4_000_000  # 16 MB
_LARGE = _MANY_PIXELS // 16  # a card of so many pixels is not kept


class _Advances(dict[str, float]):
    """How far each letter of a font reaches, measured when it is first met."""

    def __init__(self, font: QFont):
        super().__init__()
        self._metrics = QFontMetricsF(font)

    def __missing__(self, letter: str) -> float:
        advance = self[letter] = self._metrics.horizontalAdvance(letter)
        return advance


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
    _cards: dict[tuple[int, int, int, str, str], QPixmap] = field(default_factory=dict)
    _card_pixels: int = 0
    _advances: dict[str, _Advances] = field(default_factory=dict)
    _dotted: dict[int, QPixmap] = field(default_factory=dict)
    _grounds: dict[Hashable, QPixmap] = field(default_factory=dict)

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

    def face(self, face: str) -> tuple[str, QFont, int, int]:
        """A face with its font, how tall its line is, and how far below the top its letters stand."""
        metrics: QFontMetrics = getattr(self, f"{face}_metrics")
        return face, getattr(self, face), metrics.height(), metrics.ascent()

    def category(self, name: str) -> Category:
        if name not in self.categories:
            self.categories[name] = self.theme.category(name)
        return self.categories[name]

    def category_of(self, visit: AppointmentRow) -> Category:
        """The colours of a visit, by whatever visits are coloured by."""
        return self.category(colours.category_of(visit, self.coloured_by))

    def words(self, face: str, text: str, width: int) -> Words:
        """A text in the "small", "strong" or "name" face, ending in “…” where `width` is too small.

        For what is said again and again: times, types, heads. A patient's name is mostly seen once.
        """
        key = (face, text, width)
        found = self._words.get(key)
        if found is None:
            if len(self._words) >= _MANY_WORDS:
                self._words.clear()
            shown = self.cut(face, text, width)
            static = QStaticText(shown)
            static.setTextFormat(Qt.TextFormat.PlainText)
            static.prepare(font=getattr(self, face))
            metrics: QFontMetrics = getattr(self, f"{face}_metrics")
            found = self._words[key] = Words(static, metrics.horizontalAdvance(shown))
        return found

    def advance(self, face: str, text: str) -> int:
        """How far a text reaches."""
        metrics: QFontMetrics = getattr(self, f"{face}_metrics")
        return metrics.horizontalAdvance(text)

    def cut(self, face: str, text: str, width: int) -> str:
        """A text as much of it as `width` holds, ending in “…” where that is not all.

        Latin letters are added up one by one: Qt would shape the whole text several times over to
        cut it. Where only kerning decides, and in any other script, Qt is asked.
        """
        if not text:
            return text
        if max(text) >= _NO_PLAIN_LETTER:
            metrics: QFontMetrics = getattr(self, f"{face}_metrics")
            return metrics.elidedText(text, ELIDE, width)
        advances = self._advances.get(face)
        if advances is None:
            advances = self._advances[face] = _Advances(getattr(self, face))
        ends = list(accumulate(map(advances.__getitem__, text)))
        if ends[-1] <= width:
            return text
        if ends[-1] <= width * _KERNED:
            metrics = getattr(self, f"{face}_metrics")
            return metrics.elidedText(text, ELIDE, width)
        room = width - advances["…"]
        return f"{text[: bisect_right(ends, room)]}…" if room >= 0 else ""

    def paint_card(
        self, painter: QPainter, left: int, top: int, width: int, height: int, category: Category
    ) -> None:
        """A card of a category's fill with its edge at the left, drawn once for each size."""
        if not self.may_keep(width, height):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            _draw_card(painter, QRect(left, top, width, height), category)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            return
        key = (id(category), width, height, "", "")
        card = self._cards.get(key)
        if card is None:
            card = self._cards[key] = self._drawn_card(width, height, category, None)
        painter.drawPixmap(left, top, card)

    def may_keep(self, width: int, height: int) -> bool:
        """Whether cards of a size are drawn once and put wherever they stand."""
        return self.has_whole_pixels and width > 0 and width * height <= _LARGE

    def card_on(
        self, ground: str, width: int, height: int, category: Category, said: str, line: int
    ) -> QPixmap:
        """A card on a ground of one colour (its token) with a text in the "small" face on it.

        The text's top is `line` pixels below the card's. What many cards say, when they begin and of
        what type they are, is drawn once with them, and without seeing through one is put there
        faster. Only for sizes it `may_keep`.
        """
        key = (id(category), width, height, ground, said)
        card = self._cards.get(key)
        if card is None:
            card = self._cards[key] = self._drawn_card(
                width, height, category, self.colours[ground]
            )
            if said:
                inside = QPainter(card)
                inside.setFont(self.small)
                inside.setPen(category.ink)
                inside.drawText(9, line + self.small_metrics.ascent(), said)
                inside.end()
        return card

    def _drawn_card(
        self, width: int, height: int, category: Category, ground: QColor | None
    ) -> QPixmap:
        if self._card_pixels > _MANY_PIXELS:
            self._cards.clear()
            self._card_pixels = 0
        ratio = int(self.ratio)
        card = QPixmap(width * ratio, height * ratio)
        card.setDevicePixelRatio(ratio)
        card.fill(Qt.GlobalColor.transparent if ground is None else ground)
        inside = QPainter(card)
        inside.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        _draw_card(inside, QRect(0, 0, width, height), category)
        inside.end()
        self._card_pixels += width * height * ratio * ratio
        return card

    @property
    def has_whole_pixels(self) -> bool:
        """Whether a picture may be put anywhere: between two pixels it would blur."""
        return self.ratio == int(self.ratio)

    def paint_dotted(self, painter: QPainter, left: int, y: int, width: int) -> None:
        """A dotted line across, drawn once for its width: Qt takes each dot of it for a shape."""
        colour = QColor(self.colours["line"])
        colour.setAlpha(130)
        pen = QPen(colour, 1, Qt.PenStyle.DotLine)
        if not self.has_whole_pixels or width <= 0:
            painter.setPen(pen)
            painter.drawLine(left, y, left + width - 1, y)
            return
        line = self._dotted.get(width)
        if line is None:
            self._dotted.clear()
            ratio = int(self.ratio)
            line = QPixmap(width * ratio, ratio)
            line.setDevicePixelRatio(ratio)
            line.fill(Qt.GlobalColor.transparent)
            inside = QPainter(line)
            inside.setPen(pen)
            inside.drawLine(0, 0, width - 1, 0)
            inside.end()
            self._dotted[width] = line
        painter.drawPixmap(left, y, line)

    def ground(self, key: Hashable, draw: Callable[[], QPixmap]) -> QPixmap:
        """What lies below the visits of a view: weeks mostly have the same hours, and so the same."""
        found = self._grounds.get(key)
        if found is None:
            while len(self._grounds) >= _MANY_GROUNDS:
                del self._grounds[next(iter(self._grounds))]
            found = self._grounds[key] = draw()
        return found


def _draw_card(painter: QPainter, area: QRect, category: Category) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(category.fill)
    painter.drawRoundedRect(area, 4, 4)
    painter.setBrush(category.edge)
    painter.drawRoundedRect(QRect(area.left(), area.top(), 4, area.height()), 2, 2)
