"""A tinted strip inside a screen: an alert to read, a warning, a success that stays."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from medsec_desktop.problems import Link
from medsec_desktop.ui.theme import Theme
from medsec_desktop.ui.widgets.buttons import LinkButton
from medsec_desktop.ui.widgets.labels import Text

_ICONS = {
    "info": ("info", "accent"),
    "success": ("circle-check", "success"),
    "warning": ("triangle-alert", "warning"),
    "danger": ("circle-alert", "danger"),
}


class Banner(QFrame):
    """`text` on the colour of its `tone`: info, success, warning or danger; links open records."""

    def __init__(
        self,
        theme: Theme,
        tone: str,
        text: str,
        *,
        title: str = "",
        links: Iterable[Link] = (),
        open_link: Callable[[Link], object] | None = None,
        parent: QWidget | None = None,
    ):
        super().__init__(parent)
        self._theme = theme
        self._open_link = open_link
        self._icon = QLabel()
        self._icon.setFixedWidth(20)
        self._title = Text(title, "strong", wrap=True)
        self._text = Text(text, wrap=True)
        self._links = QVBoxLayout()  # one below the other: side by side they burst a narrow pane
        self._links.setSpacing(0)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(self._title)
        column.addWidget(self._text)
        column.addLayout(self._links)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(8)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        theme.changed.connect(self._draw_icon)
        self.show_message(tone, text, title=title, links=links)

    def show_message(
        self, tone: str, text: str, *, title: str = "", links: Iterable[Link] = ()
    ) -> None:
        """Say something else in the same place."""
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            self.style().unpolish(self)
            self.style().polish(self)
        self._title.setText(title)
        self._title.setVisible(bool(title))
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self.setAccessibleName(" ".join(part for part in (title, text) if part))
        while (item := self._links.takeAt(0)) is not None:
            if item.widget():
                item.widget().hide()  # it is deleted only when the event loop comes by
                item.widget().deleteLater()
        for link in links:
            self._links.addWidget(
                LinkButton(link.text, lambda link=link: self._open(link)),
                0,
                Qt.AlignmentFlag.AlignLeft,
            )
        self._draw_icon()

    def _open(self, link: Link) -> None:
        if self._open_link is not None:
            self._open_link(link)

    def _draw_icon(self) -> None:
        name, colour = _ICONS[str(self.property("tone"))]
        self._icon.setPixmap(self._theme.pixmap(name, colour, 18, self.devicePixelRatioF()))
