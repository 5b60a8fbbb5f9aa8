"""Boxes under each other, put in another order by dragging one by its title."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from medsec_desktop.ui.theme import Theme

_THICK = 2  # pixels of the line that shows where a box would go


class OrderByMouse(QObject):
    """A line shows where the box held would go; letting it go says by how many places it moved.

    Escape puts it back.
    """

    moved = Signal(QWidget, int)  # the box, and by how many places: above zero is down

    def __init__(self, theme: Theme, place: QWidget):
        super().__init__(place)
        self._theme = theme
        self._boxes: dict[QWidget, QWidget] = {}  # by what one takes hold of
        self._held: QWidget | None = None
        self._from = 0
        self._is_dragging = False
        self.line = QWidget(place)
        self.line.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.line.setAutoFillBackground(True)
        self.line.hide()

    def follow(self, boxes: Sequence[tuple[QWidget, QWidget]]) -> None:
        """These boxes, each with what one takes hold of, in the order they stand in."""
        self._end()
        self._boxes = dict(boxes) if len(boxes) > 1 else {}
        for grip in self._boxes:
            grip.setCursor(Qt.CursorShape.OpenHandCursor)
            grip.setToolTip("Drag to let it pay earlier or later")
            grip.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent) and isinstance(watched, QWidget):
            return watched in self._boxes and self._mouse(watched, event)
        if self._is_dragging and isinstance(event, QKeyEvent):  # whoever it is for
            event.accept()
            if event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
                self._end()
            return True
        return super().eventFilter(watched, event)

    def _mouse(self, grip: QWidget, event: QMouseEvent) -> bool:
        y = event.globalPosition().toPoint().y()
        if event.type() == QEvent.Type.MouseButtonPress:
            if event.button() != Qt.MouseButton.LeftButton:
                return False
            self._held, self._from = grip, y
        elif self._held is not grip:
            return False
        elif event.type() == QEvent.Type.MouseMove:
            if not self._is_dragging and abs(y - self._from) >= QApplication.startDragDistance():
                self._begin(grip)
            if self._is_dragging:
                self._show_line(grip, y)
        elif event.type() == QEvent.Type.MouseButtonRelease:
            by = self._places(grip, y) if self._is_dragging else 0
            self._end()
            if by:
                self.moved.emit(self._boxes[grip], by)
        return True

    def _begin(self, grip: QWidget) -> None:
        self._is_dragging = True
        grip.setCursor(Qt.CursorShape.ClosedHandCursor)
        QApplication.instance().installEventFilter(self)  # for Escape, which would leave the screen
        palette = self.line.palette()
        palette.setColor(self.line.backgroundRole(), self._theme.colour("accent"))
        self.line.setPalette(palette)

    def _end(self) -> None:
        held, self._held = self._held, None
        if self._is_dragging and held is not None:
            QApplication.instance().removeEventFilter(self)
            held.setCursor(Qt.CursorShape.OpenHandCursor)
        self._is_dragging = False
        self.line.hide()

    def _places(self, grip: QWidget, y: int) -> int:
        """By how many places it would move when let go at that height of the screen."""
        order = list(self._boxes.values())
        others = [box for box in order if box is not self._boxes[grip]]
        above = sum(box.mapToGlobal(QPoint(0, box.height() // 2)).y() < y for box in others)
        return above - order.index(self._boxes[grip])

    def _show_line(self, grip: QWidget, y: int) -> None:
        by, order = self._places(grip, y), list(self._boxes.values())
        to = order[order.index(self._boxes[grip]) + by]
        place = self.line.parentWidget()
        edge = to.height() + 4 if by > 0 else -6
        corner = to.mapTo(place, QPoint(0, edge))
        self.line.setGeometry(QRect(corner, corner + QPoint(to.width(), _THICK - 1)))
        self.line.setVisible(by != 0)
        self.line.raise_()
