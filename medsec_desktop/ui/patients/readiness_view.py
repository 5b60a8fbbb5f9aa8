"""The insurance light: its colour, its word, and what was found with what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from medsec_desktop.domain.insurance import Light, Readiness
from medsec_desktop.ui.widgets import Text

if TYPE_CHECKING:
    from medsec_desktop.ui.theme import Theme

LIGHT_ICONS = {
    Light.GREEN: ("circle-check", "success"),
    Light.AMBER: ("triangle-alert", "warning"),
    Light.RED: ("circle-alert", "danger"),
}


class ReadinessView(QWidget):
    """`show_readiness` puts a light there; a screen reader is told all of it at once.

    A brief one leaves out what is well, and what to do.
    """

    def __init__(self, theme: Theme, *, is_brief: bool = False, parent: QWidget | None = None):
        super().__init__(parent)
        self._is_brief = is_brief
        self._theme = theme
        self._shown: tuple[Readiness, str, str] | None = None
        self._icon = QLabel()
        self.word = Text("", "strong", wrap=True)
        self._found = QVBoxLayout()
        self._found.setSpacing(4)
        beside = QVBoxLayout()
        beside.setSpacing(4)
        beside.addWidget(self.word)
        beside.addLayout(self._found)
        beside.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(beside, 1)
        theme.changed.connect(self._draw)

    def show_readiness(self, ready: Readiness, what_for: str = "", prefix: str = "") -> None:
        """Show a light; `what_for` says which visit or day, as in “for today”."""
        self._shown = (ready, what_for, prefix)
        self._draw()

    def _draw(self) -> None:
        if self._shown is None:
            return
        ready, what_for, prefix = self._shown
        icon, colour = LIGHT_ICONS[ready.light]
        side = self._theme.px(16)
        self._icon.setFixedWidth(side)
        self._icon.setPixmap(self._theme.pixmap(icon, colour, side, self.devicePixelRatioF()))
        self._icon.setContentsMargins(0, 2, 0, 0)
        word = f"{prefix}{ready.word.lower()}" if prefix else ready.word
        self.word.setText(" ".join(part for part in (word, what_for) if part))
        lines: list[tuple[str, str]] = []
        for finding in ready.open if self._is_brief else ready.findings:
            lines.append((f"{finding.text}.", "body" if finding.remedy else "muted"))
            if finding.remedy and not self._is_brief:
                lines.append((finding.remedy, "small"))
        while self._found.count() < len(lines):
            self._found.addWidget(Text("", wrap=True))
        for place in range(self._found.count()):
            label = self._found.itemAt(place).widget()
            assert isinstance(label, Text)
            if place < len(lines):
                label.setText(lines[place][0])
                label.set_kind(lines[place][1])
            label.setVisible(place < len(lines))
        told = [self.word.text(), *(text for text, _ in lines)]
        self.setAccessibleName("Insurance: " + " ".join(told))
