"""A sheet of labels, drawn to scale: which are used up, which are printed now, and where one begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

if TYPE_CHECKING:
    from medsec_desktop.domain.stocks import LabelStock
    from medsec_desktop.ui.theme import Theme

_MARGIN = 6  # pixels around the sheet, for its shadow and the frame of the focus


class SheetPicture(QWidget):
    """`begun` gives the label one clicked, or walked to with the arrow keys, counted from 1.

    Without `can_begin` it only shows.
    """

    begun = Signal(int)

    def __init__(self, theme: Theme, *, can_begin: bool = True, parent: QWidget | None = None):
        super().__init__(parent)
        self._theme = theme
        self._stock: LabelStock | None = None
        self._start = 1
        self._count = 0
        self._can_begin = can_begin
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        if can_begin:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self.update)
        self._name()

    def show_stock(self, stock: LabelStock | None, start: int = 1, count: int = 0) -> None:
        """Draw a sheet; `count` labels are printed from label `start` on."""
        self._stock, self._start, self._count = stock, start, count
        self._name()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(220), self._theme.px(240))

    # -- measures -------------------------------------------------------------------------------

    def _scale(self) -> tuple[float, QPointF]:
        """Pixels a millimetre, and where the sheet's upper left corner is."""
        assert self._stock is not None
        wide, high = self.width() - 2 * _MARGIN, self.height() - 2 * _MARGIN
        scale = min(wide / self._stock.sheet_width, high / self._stock.sheet_height)
        used = QPointF(self._stock.sheet_width * scale, self._stock.sheet_height * scale)
        return scale, QPointF((self.width() - used.x()) / 2, (self.height() - used.y()) / 2)

    def label_rect(self, place: int) -> QRectF:
        """Where label `place`, counted from 0, is drawn."""
        assert self._stock is not None
        scale, corner = self._scale()
        left, top = self._stock.corner(place)
        return QRectF(
            corner.x() + left * scale,
            corner.y() + top * scale,
            self._stock.width * scale,
            self._stock.height * scale,
        )

    # -- drawing --------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._stock is None:
            return
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scale, corner = self._scale()
        sheet = QRectF(
            corner.x(),
            corner.y(),
            self._stock.sheet_width * scale,
            self._stock.sheet_height * scale,
        )
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.setBrush(theme.colour("sunken"))
        painter.drawRoundedRect(sheet, 2, 2)
        first, last = self._start - 1, self._start - 1 + self._count
        soft = theme.colour("accent_soft")
        for place in range(self._stock.count):
            label = self.label_rect(place)
            is_used = place < first
            is_printed = first <= place < last
            painter.setPen(QPen(theme.colour("accent" if is_printed else "edge"), 1))
            painter.setBrush(soft if is_printed else theme.colour("surface"))
            if is_used:
                painter.setPen(QPen(theme.colour("line"), 1, Qt.PenStyle.DotLine))
                painter.setBrush(Qt.BrushStyle.NoBrush)
            round_by = min(3.0, label.height() / 6)
            painter.drawRoundedRect(label.adjusted(0.5, 0.5, -0.5, -0.5), round_by, round_by)
        if self._can_begin and self._stock.count > 1 and 0 <= first < self._stock.count:
            self._mark(painter, self.label_rect(first))
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(sheet.adjusted(-3, -3, 3, 3), 4, 4)
        painter.end()

    def _mark(self, painter: QPainter, label: QRectF) -> None:
        """The label one begins at, with its number where there is room for it."""
        painter.setPen(QPen(self._theme.colour("accent"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(label.adjusted(1, 1, -1, -1), 3, 3)
        font = self._theme.font("small", strong=True)
        painter.setFont(font)
        if label.height() >= font.pixelSize() + 2 and label.width() >= font.pixelSize() * 2:
            painter.setPen(self._theme.colour("accent"))
            painter.drawText(label, int(Qt.AlignmentFlag.AlignCenter), str(self._start))

    # -- choosing -------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if (
            not self._can_begin
            or self._stock is None
            or event.button() != Qt.MouseButton.LeftButton
        ):
            return
        scale, corner = self._scale()
        at = (event.position() - corner) / scale
        place = self._stock.place_at(at.x(), at.y())
        if place is not None:
            self._begin(place + 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        columns = self._stock.columns if self._stock else 1
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -columns,
            Qt.Key.Key_Down: columns,
        }
        step = steps.get(Qt.Key(event.key()))
        if self._can_begin and step is not None and self._stock is not None:
            start = self._start + step
            if 1 <= start <= self._stock.count:
                self._begin(start)
        else:
            super().keyPressEvent(event)

    def _begin(self, start: int) -> None:
        self._start = start
        self._name()
        self.update()
        self.begun.emit(start)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def _name(self) -> None:
        """What a screen reader says of it."""
        if self._stock is None:
            self.setAccessibleName("Picture of the sheet")
            return
        count = self._stock.count
        labels = "1 label" if count == 1 else f"{count} labels"
        self.setAccessibleName(f"Picture of the sheet: {labels}, beginning at {self._start}")
        if self._can_begin and count > 1:
            self.setToolTip("Click the first label that is left on the sheet")
            self.setAccessibleDescription("The arrow keys choose where to begin.")
