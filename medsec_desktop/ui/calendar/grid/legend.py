"""What the colours on the screen mean."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from medsec_desktop.ui.theme import Theme

_MOST = 12


class Legend(QWidget):
    """A swatch and a word for each colour shown."""

    def __init__(self, theme: Theme, parent: QWidget | None = None):
        super().__init__(parent)
        self._theme = theme
        self._rows: tuple[tuple[str, str], ...] = ()
        self._title = ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def show_rows(self, title: str, rows: Sequence[tuple[str, str]]) -> None:
        """(palette name, words) for each colour."""
        shown = tuple(rows[:_MOST])
        if (title, shown) != (self._title, self._rows):
            self._title, self._rows = title, shown
            self.setAccessibleName(f"Colored by {title.lower()}")
            self.setAccessibleDescription(", ".join(words for _, words in shown))
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(196), self._theme.px(22) * (len(self._rows) + 1))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._rows:
            return
        theme, height = self._theme, self._theme.px(22)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        painter.setFont(theme.font("small", strong=True))
        painter.setPen(theme.colour("muted"))
        painter.drawText(QRect(0, 0, self.width(), height), flags, self._title)
        painter.setFont(theme.font("small"))
        for number, (name, text) in enumerate(self._rows, 1):
            category, top = theme.category(name), number * height
            side = theme.px(12)
            swatch = QRect(1, top + (height - side) // 2, side, side)
            painter.setPen(category.edge)
            painter.setBrush(category.fill)
            painter.drawRoundedRect(swatch, 3, 3)
            place = QRect(side + 9, top, self.width() - side - 9, height)
            painter.setPen(theme.colour("text"))
            shown = painter.fontMetrics().elidedText(
                text, Qt.TextElideMode.ElideRight, place.width()
            )
            painter.drawText(place, flags, shown)
        painter.end()
