"""One page of a document as it lies on the desk, larger or smaller, with what is wrong in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHideEvent,
    QImage,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QScrollArea, QStyle, QWidget

if TYPE_CHECKING:
    from medsec_desktop.services.page_images import PageImage
    from medsec_desktop.ui.theme import Theme

_LETTER = 612.0, 792.0
ZOOMS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0)
_MARGIN = 16
_WIDEST = 860  # pixels at size 1: a sheet on the screen is not much larger than the one on the desk


def pixmap_of(image: PageImage) -> QPixmap:
    """A drawn page as Qt paints it."""
    picture = QImage(
        image.pixels, image.width, image.height, image.stride, QImage.Format.Format_RGB32
    )
    return QPixmap.fromImage(picture)


class SheetView(QScrollArea):
    """Shows one page. `size_wanted` asks for it anew, sharper; `step` for the page before or after."""

    size_wanted = Signal()
    step = Signal(int)

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None):
        super().__init__(parent)
        self._name = name
        self._size: tuple[float, float] | None = None  # of the page, in points
        self.zoom = 1.0
        self._sheet = _Sheet(theme, self)
        self.setWidget(self._sheet)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAccessibleName(name)
        self._settle = QTimer(self, singleShot=True, interval=120)
        self._settle.timeout.connect(self.size_wanted)
        for bar in (self.verticalScrollBar(), self.horizontalScrollBar()):
            bar.valueChanged.connect(self._sheet.update)

    @property
    def wanted_width(self) -> int:
        """How many pixels of the screen the page is to be wide."""
        return max(16, round(self._sheet_size()[0] * self.devicePixelRatioF()))

    def expect(self, size: tuple[float, float] | None, spoken: str) -> None:
        """A page of this size, in points, is coming; what lay here stretches until it is there."""
        changed = size != self._size
        self.verticalScrollBar().setValue(0)
        self._size = size
        self.setAccessibleName(spoken or self._name)
        if changed or size is None:
            self._sheet.show_page(None, 0)
        self._sheet.say("")
        self._lay_out()

    def show_page(self, image: PageImage, turn: int = 0) -> None:
        """The page, turned clockwise by so many degrees."""
        self._sheet.show_page(pixmap_of(image), turn)
        self._lay_out()

    def say(self, text: str) -> None:
        """Words in the page's place: why there is none."""
        self._size = None
        self._sheet.show_page(None, 0)
        self._sheet.say(text)
        self.setAccessibleName(f"{self._name}. {text}" if text else self._name)
        self._lay_out()

    @property
    def said(self) -> str:
        return self._sheet.text

    @property
    def has_page(self) -> bool:
        return self._sheet.page is not None

    def set_zoom(self, zoom: float) -> None:
        """1 is as wide as there is room, 0 as large as fits whole."""
        if zoom == self.zoom:
            return
        self.zoom = zoom
        self._lay_out()
        self._settle.start()

    def show_whole(self) -> None:
        """The whole page, or again as wide as there is room."""
        self.set_zoom(1.0 if self.zoom == 0 else 0.0)

    def zoom_by(self, steps: int) -> None:
        """One of the usual sizes further."""
        now = self.zoom or self._whole_scale() / self._wide_scale()
        at = min(range(len(ZOOMS)), key=lambda place: abs(ZOOMS[place] - now))
        self.set_zoom(ZOOMS[min(max(at + steps, 0), len(ZOOMS) - 1)])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()
        if self._size is not None:
            self._settle.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._settle.stop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Plus, minus and 0 for the size; PgUp and PgDn for the page; the arrows move over it."""
        match event.key():
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal if not _with_ctrl(event):
                self.zoom_by(1)
            case Qt.Key.Key_Minus if not _with_ctrl(event):
                self.zoom_by(-1)
            case Qt.Key.Key_0 if not _with_ctrl(event):
                self.show_whole()
            case Qt.Key.Key_PageDown if not _with_ctrl(event):
                self.step.emit(1)
            case Qt.Key.Key_PageUp if not _with_ctrl(event):
                self.step.emit(-1)
            case _:
                super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """With Ctrl the wheel changes the size, as everywhere."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if event.angleDelta().y():
                self.zoom_by(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._sheet.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._sheet.update()

    def _sheet_size(self) -> tuple[float, float]:
        """How large the page is shown, in pixels of the screen."""
        wide, high = self._size or _LETTER
        scale = self._wide_scale() * self.zoom if self.zoom else self._whole_scale()
        return wide * scale, high * scale

    def _wide_scale(self) -> float:
        # As if the scroll bar were there, so that the page does not jump when it comes.
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        room = self.width() - bar - 2 * _MARGIN
        return max(min(room, _WIDEST), 80) / (self._size or _LETTER)[0]

    def _whole_scale(self) -> float:
        high = max(self.height() - 2 * _MARGIN - 4, 80) / (self._size or _LETTER)[1]
        return min(self._wide_scale(), high)

    def _lay_out(self) -> None:
        view = self.viewport().size()
        wide, high = self._sheet_size() if self._size else (0.0, 0.0)
        self._sheet.sheet = round(wide), round(high)
        self._sheet.resize(
            max(view.width(), round(wide) + 2 * _MARGIN),
            max(view.height(), round(high) + 2 * _MARGIN),
        )
        self._sheet.update()


def _with_ctrl(event: QKeyEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)


class _Sheet(QWidget):
    """The ground, the page on it, or words."""

    def __init__(self, theme: Theme, area: SheetView):
        super().__init__()
        self._theme = theme
        self._area = area
        self.page: QPixmap | None = None
        self.text = ""
        self.sheet = 0, 0
        theme.changed.connect(self.update)

    def show_page(self, page: QPixmap | None, turn: int) -> None:
        if page is not None and turn % 360:
            page = page.transformed(QTransform().rotate(turn))
        self.page = page
        self.update()

    def say(self, text: str) -> None:
        self.text = text
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), self._theme.colour("sunken"))
        wide, high = self.sheet
        if wide and high:
            place = QRectF((self.width() - wide) / 2, (self.height() - high) / 2, wide, high)
            # Paper stays white in the dark theme too: it shows what was scanned.
            painter.fillRect(place.adjusted(-1, -1, 1, 1), self._theme.colour("line"))
            painter.fillRect(place.adjusted(0, 1, 2, 2), QColor(0, 0, 0, 40))
            painter.fillRect(place, QColor("white"))
            if self.page is not None:
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                painter.drawPixmap(place, self.page, QRectF(self.page.rect()))
        elif self.text:
            painter.setPen(self._theme.colour("muted"))
            painter.setFont(self._theme.font())
            room = self._in_view().adjusted(48, 24, -48, -24)
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(room, int(flags), self.text)
        if self._area.hasFocus():
            painter.setPen(QPen(self._theme.colour("focus"), 2))
            painter.drawRect(self._in_view().adjusted(1, 1, -1, -1))
        painter.end()

    def _in_view(self) -> QRectF:
        corner = self.mapFrom(self._area.viewport(), QPoint(0, 0))
        view = self._area.viewport().rect()
        return QRectF(corner.x(), corner.y(), view.width(), view.height())
