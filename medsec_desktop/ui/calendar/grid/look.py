"""Fonts, metrics and colours the calendar paints with, looked up once for a theme and zoom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics

from medsec_desktop.ui.calendar.grid import colours
from medsec_desktop.ui.theme import Category, Theme

if TYPE_CHECKING:
    from medsec_desktop.services.calendar import AppointmentRow

LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
ELIDE = Qt.TextElideMode.ElideRight
# On a card as low as its letters the line box is taller than the card, the letters are not.
TIGHT = LEFT | int(Qt.TextFlag.TextDontClip)


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
