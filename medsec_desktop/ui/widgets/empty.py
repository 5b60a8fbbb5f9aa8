"""What a list or tab shows while it has nothing: what will be here, and how to begin."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from medsec_desktop.ui.theme import Theme
from medsec_desktop.ui.widgets.buttons import PrimaryButton
from medsec_desktop.ui.widgets.labels import Text


class EmptyState(QWidget):
    """An icon, a title, a sentence or two, and at most one button that starts something.

    `beside` puts a lesser button next to it.
    """

    def __init__(
        self,
        theme: Theme,
        icon: str,
        title: str,
        text: str,
        button: str = "",
        pressed: Callable[[], object] | None = None,
        *,
        parent: QWidget | None = None,
    ):
        super().__init__(parent)
        self._theme = theme
        self._icon_name = icon
        self._icon = QLabel()
        self._icon.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.title = Text(title, "heading")
        self.title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.text = Text(text, "muted", wrap=True)
        self.text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        middle = QHBoxLayout()  # the text takes what there is, up to a readable line
        middle.addStretch(1)
        middle.addWidget(self.text, 1000)
        middle.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(8)
        column.addStretch(2)
        column.addWidget(self._icon)
        column.addSpacing(4)
        column.addWidget(self.title)
        column.addLayout(middle)
        self.button: PrimaryButton | None = None
        if button:
            self.button = PrimaryButton(button, pressed)
            row = self._buttons = QHBoxLayout()
            row.setSpacing(8)
            row.addStretch(1)
            row.addWidget(self.button)
            row.addStretch(1)
            column.addSpacing(8)
            column.addLayout(row)
        column.addStretch(3)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        theme.changed.connect(self._restyle)
        self._restyle()

    def beside(self, button: QWidget) -> None:
        """Put another button next to the one there is."""
        self._buttons.insertWidget(self._buttons.count() - 1, button)

    def say(self, title: str, text: str) -> None:
        """Change the words, e.g. from “nothing today” to “nothing matches”."""
        self.title.setText(title)
        self.text.setText(text)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)

    def _restyle(self) -> None:
        self.text.setMaximumWidth(self._theme.px(440))
        self._icon.setPixmap(
            self._theme.pixmap(self._icon_name, "muted", 32, self.devicePixelRatioF())
        )
