"""A narrow column of things that scrolls when the window is low."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QScrollArea, QVBoxLayout, QWidget

EDGE = 16  # pixels at the right of what is scrolled, in which the bar stands


class ScrolledColumn(QScrollArea):
    """Put things into `column`; they are never squeezed, only scrolled.

    It reaches to the edge of its panel: the bar stands in the air at the right of the things, so
    that they keep their width, and their line with what stands above and below, when it comes.
    """

    def __init__(self, name: str, parent: QWidget | None = None):
        super().__init__(parent)
        page = _Page(self)
        page.setProperty("kind", "surface")
        self.column = QVBoxLayout(page)
        self.column.setContentsMargins(0, 0, EDGE, 0)
        self.setWidget(page)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(name)
        keep_room_for_bar(self, self.column, EDGE)

    def set_margins(self, left: int, top: int, bottom: int) -> None:
        """Air around the things; at the right it is always that of the edge."""
        self.column.setContentsMargins(left, top, self.column.contentsMargins().right(), bottom)


def keep_room_for_bar(area: QScrollArea, inside: QLayout, edge: int = 0) -> None:
    """Let what is `inside` keep its width when the bar comes: its right margin takes the bar in.

    The margin is `edge`, but never less than the bar.
    """
    bar = area.verticalScrollBar()

    def make_room(lowest: int, highest: int) -> None:
        bar.ensurePolished()
        wide = bar.sizeHint().width()
        margins = inside.contentsMargins()
        margins.setRight(max(edge, wide) - (wide if highest > lowest else 0))
        inside.setContentsMargins(margins)

    bar.rangeChanged.connect(make_room)
    make_room(bar.minimum(), bar.maximum())


def in_line(part: QWidget | QLayout) -> QHBoxLayout:
    """What stands above or below a scrolled column, as far from the edge as what is in it."""
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, EDGE, 0)
    if isinstance(part, QWidget):
        row.addWidget(part)
    else:
        row.addLayout(part)
    return row


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
