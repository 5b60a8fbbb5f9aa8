"""Pages of paper on the screen: drawn off the screen's thread, sharp at any width, read aloud as text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, QRectF, Qt, QTimer, Signal
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
    QShowEvent,
)
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from medsec_desktop.domain.wording import counted

if TYPE_CHECKING:
    from medsec_desktop.services.page_images import PageImage
    from medsec_desktop.ui.theme import Theme

_GAP = 16
_MARGIN = 16
_WIDEST = 820  # a sheet on the screen is never much larger than the one on the desk


class PageView(QScrollArea):
    """Sheets one below the other, as wide as there is room. `resolution_changed` asks for new ones."""

    resolution_changed = Signal()

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None):
        super().__init__(parent)
        self._name = name
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(120)
        self._settle.timeout.connect(self.resolution_changed)
        self._asked_dpi = 0.0
        self.sheets = _Sheets(theme, self)
        self.setWidget(self.sheets)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        self.verticalScrollBar().valueChanged.connect(self.sheets.mark_focus)

    @property
    def dpi(self) -> float:
        """The resolution at which a Letter sheet fills the width, in device pixels an inch."""
        self._asked_dpi = self.sheets.sheet_width() * self.devicePixelRatioF() / 8.5
        return self._asked_dpi

    def show_pages(self, images: Sequence[PageImage], text: str = "") -> None:
        """Show these pages; `text` is what a screen reader says of them."""
        self.sheets.set_pages([_pixmap(image) for image in images])
        pages = counted(len(images), "page")
        self.setAccessibleName(f"{self._name}, {pages}" if images else self._name)
        self.setAccessibleDescription(text)

    def go_to(self, page: int, share: float) -> None:
        """Bring a place into view, `share` of the way down a page; where it is well in view, nothing moves."""
        top = self.sheets.top_of(page)
        if top is None:
            return
        # The bar hears of new pages when the layout is next asked, which may be later than this.
        QApplication.sendPostedEvents(None, int(QEvent.Type.LayoutRequest.value))
        y, room = round(top + share * self.sheets.height_of(page)), self.viewport().height()
        bar, air = self.verticalScrollBar(), room // 6
        if not bar.value() + air <= y <= bar.value() + room - air:
            bar.setValue(y - room // 2)

    @property
    def page_count(self) -> int:
        return len(self.sheets.pages)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Home and End go to the first and the last line; the other keys scroll as they always do."""
        bar = self.verticalScrollBar()
        if event.key() == Qt.Key.Key_Home:
            bar.setValue(bar.minimum())
        elif event.key() == Qt.Key.Key_End:
            bar.setValue(bar.maximum())
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.sheets.mark_focus()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.sheets.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._ask_for_sharp_ones()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask_for_sharp_ones()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._settle.stop()  # nobody looks, and the practice may be closing

    def _ask_for_sharp_ones(self) -> None:
        wanted = self.sheets.sheet_width() * self.devicePixelRatioF() / 8.5
        if self.isVisible() and abs(wanted - self._asked_dpi) > 0.5:
            self._settle.start()


class _Sheets(QWidget):
    """The sheets themselves; until sharp ones arrive the old ones are stretched."""

    def __init__(self, theme: Theme, area: QScrollArea):
        super().__init__()
        self._theme = theme
        self._area = area
        self.pages: list[QPixmap] = []
        theme.changed.connect(self.update)

    def set_pages(self, pages: list[QPixmap]) -> None:
        self.pages = pages
        self._lay_out()
        self.update()

    def sheet_width(self) -> int:
        return max(120, min(self._area.viewport().width() - 2 * _MARGIN, _WIDEST))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        self.setMinimumHeight(_MARGIN * 2 + sum(self._heights()) + _GAP * (len(self.pages) - 1))

    def _heights(self) -> list[int]:
        width = self.sheet_width()
        return [round(width * page.height() / page.width()) for page in self.pages]

    def height_of(self, page: int) -> int:
        """How tall a page is shown."""
        return self._heights()[page]

    def top_of(self, page: int) -> int | None:
        """Where a page begins; None for one that is not there."""
        heights = self._heights()
        return _MARGIN + sum(heights[:page]) + _GAP * page if page < len(heights) else None

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), self._theme.colour("sunken"))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        width = self.sheet_width()
        x, y = (self.width() - width) // 2, _MARGIN
        for page, height in zip(self.pages, self._heights(), strict=True):
            sheet = QRectF(x, y, width, height)
            # Paper stays white in the dark theme too: it shows what will be printed.
            painter.fillRect(sheet.adjusted(-1, -1, 1, 1), self._theme.colour("line"))
            painter.fillRect(sheet.adjusted(0, 1, 2, 2), QColor(0, 0, 0, 40))
            painter.drawPixmap(sheet, page, QRectF(page.rect()))
            y += height + _GAP
        if self._area.hasFocus():
            painter.setPen(QPen(self._theme.colour("focus"), 2))
            painter.drawRect(self._in_view().adjusted(1, 1, -1, -1))
        painter.end()

    def mark_focus(self) -> None:
        """Paint the focus frame anew: scrolling would carry it along with the pages."""
        if self._area.hasFocus():
            self.update()

    def _in_view(self) -> QRect:
        return self._area.viewport().rect().translated(-self.pos())


def _pixmap(image: PageImage) -> QPixmap:
    picture = QImage(
        image.pixels, image.width, image.height, image.stride, QImage.Format.Format_RGB32
    )
    return QPixmap.fromImage(picture)
