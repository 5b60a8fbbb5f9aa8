"""A narrow column of things that scrolls when the window is low."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget


class ScrolledColumn(QScrollArea):
    """Put things into `column`; they are never squeezed, only scrolled."""

    def __init__(self, name: str, parent: QWidget | None = None):
        super().__init__(parent)
        page = _Page(self)
        page.setProperty("kind", "surface")
        self.column = QVBoxLayout(page)
        self.setWidget(page)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(name)


class _Page(QFrame):
    """A column in a scroll area that is never squeezed.

    The scroll area asks for the least height, and Qt's answer forgets how tall wrapped words get
    and takes a link's own least height, next to nothing, for all it needs.
    """

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        column = self.layout()
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize) and column is not None:
            tall = column.totalHeightForWidth(self.width()) if column.hasHeightForWidth() else 0
            self.setMinimumHeight(max(tall, column.totalSizeHint().height()))
        return done
