"""The pages of a document as small pictures under each other, to walk through and to work on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QHideEvent,
    QKeyEvent,
    QPainter,
    QPen,
    QPixmap,
    QResizeEvent,
    QTransform,
)
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from medsec_desktop.ui.patients.documents.sheet import pixmap_of

if TYPE_CHECKING:
    from medsec_desktop.services.page_images import PageImage
    from medsec_desktop.ui.theme import Theme

THUMB_WIDTH = 96  # pixels at normal zoom
_AIR = 8


@dataclass(frozen=True, slots=True)
class PagePlace:
    """A page in the order it now has: which one of the document, and how it is turned."""

    number: int
    turn: int = 0


class _Places(QAbstractListModel):
    def __init__(self, parent: QWidget):
        super().__init__(parent)
        self.places: tuple[PagePlace, ...] = ()

    def set_places(self, places: tuple[PagePlace, ...]) -> None:
        self.beginResetModel()
        self.places = places
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.places)

    def data(
        self,
        index: QModelIndex | QPersistentModelIndex,
        role: int = int(Qt.ItemDataRole.DisplayRole),
    ) -> Any:
        if not index.isValid():
            return None
        place = self.places[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"Page {index.row() + 1}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            was = f", page {place.number + 1} before" if place.number != index.row() else ""
            turned = f", turned by {place.turn} degrees" if place.turn else ""
            return f"Page {index.row() + 1} of {len(self.places)}{was}{turned}"
        return None


class PageStrip(QListView):
    """`page_chosen` tells the page in front, `thumbs_wanted` which small pictures are missing.

    Work on pages changes only the order shown here until it is kept.
    """

    page_chosen = Signal(int)  # its place in the order shown
    thumbs_wanted = Signal()
    arranged = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None):
        super().__init__(parent)
        self._theme = theme
        self._model = _Places(self)
        self._thumbs: dict[int, QPixmap] = {}
        self._original: tuple[PagePlace, ...] = ()
        self.setModel(self._model)
        self.setItemDelegate(_ThumbDelegate(theme, self))
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setAccessibleName("Pages")
        self.setFixedWidth(theme.px(THUMB_WIDTH) + 44)
        self.selectionModel().currentChanged.connect(self._moved)
        self._pause = QTimer(self, singleShot=True, interval=60)
        self._pause.timeout.connect(self.thumbs_wanted)
        self.verticalScrollBar().valueChanged.connect(lambda _: self._pause.start())
        theme.changed.connect(self.scheduleDelayedItemsLayout)

    @property
    def places(self) -> tuple[PagePlace, ...]:
        """The pages in the order shown."""
        return self._model.places

    @property
    def is_arranged(self) -> bool:
        """Whether anything here differs from the document."""
        return self._model.places != self._original

    @property
    def at(self) -> int:
        """The place of the page in front."""
        return max(self.currentIndex().row(), 0)

    def set_count(self, pages: int) -> None:
        """Another document, of so many pages."""
        self._thumbs.clear()
        self._original = tuple(PagePlace(number) for number in range(pages))
        self._show(self._original, 0)

    def thumb(self, number: int) -> QPixmap | None:
        return self._thumbs.get(number)

    def set_thumb(self, number: int, image: PageImage) -> None:
        self._thumbs[number] = pixmap_of(image)
        self.viewport().update()

    def missing(self) -> list[int]:
        """The pages in view whose small picture is not here yet."""
        if not self.isVisible() or not self.places:
            return []
        first = self.indexAt(self.viewport().rect().topLeft()).row()
        last = self.indexAt(self.viewport().rect().bottomLeft()).row()
        first = max(first, 0)
        last = len(self.places) - 1 if last < 0 else last
        seen = self.places[first : last + 1]
        return [place.number for place in seen if place.number not in self._thumbs]

    def go_to(self, place: int) -> None:
        """Bring a page to the front."""
        if 0 <= place < len(self.places):
            self.setCurrentIndex(self._model.index(place, 0))

    # -- work on pages

    def turn(self, degrees: int) -> None:
        """Turn the page in front clockwise."""
        if not self.places:
            return
        at, places = self.at, list(self.places)
        places[at] = PagePlace(places[at].number, (places[at].turn + degrees) % 360)
        self._show(tuple(places), at)
        self.arranged.emit()

    def move(self, steps: int) -> None:
        """Put the page in front so many places later."""
        at, places = self.at, list(self.places)
        to = at + steps
        if places and 0 <= to < len(places):
            places.insert(to, places.pop(at))
            self._show(tuple(places), to)
            self.arranged.emit()

    def leave_out(self) -> bool:
        """Take the page in front out; False for the last one there is."""
        if len(self.places) < 2:
            return False
        at, places = self.at, list(self.places)
        del places[at]
        self._show(tuple(places), min(at, len(places) - 1))
        self.arranged.emit()
        return True

    def put_back(self) -> None:
        """Everything as the document has it."""
        self._show(self._original, min(self.at, len(self._original) - 1))
        self.arranged.emit()

    def _show(self, places: tuple[PagePlace, ...], at: int) -> None:
        self._model.set_places(places)
        if places:
            self.setCurrentIndex(self._model.index(at, 0))
            self.page_chosen.emit(at)
        self._pause.start()

    def _moved(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.isValid():
            self.page_chosen.emit(now.row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and not event.modifiers():
            self.leave_out()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._pause.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._pause.stop()


class _ThumbDelegate(QStyledItemDelegate):
    """A small sheet with its number under it."""

    def __init__(self, theme: Theme, strip: PageStrip):
        super().__init__(strip)
        self._theme = theme
        self._strip = strip

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        wide = self._theme.px(THUMB_WIDTH)
        return QSize(wide + 2 * _AIR, round(wide * 1.3) + 2 * _AIR + self._theme.px(18))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        theme, area = self._theme, option.rect
        place = self._strip.places[index.row()]
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("selected"))
            painter.drawRoundedRect(area.adjusted(2, 2, -2, -2), 6, 6)
        foot = theme.px(18)
        room = area.adjusted(_AIR, _AIR, -_AIR, -_AIR - foot)
        thumb = self._strip.thumb(place.number)
        sheet = _fitted(thumb, place.turn, room)
        painter.fillRect(sheet.adjusted(-1, -1, 1, 1), theme.colour("edge"))
        painter.fillRect(sheet, QColor("white"))
        if thumb is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            turned = thumb.transformed(QTransform().rotate(place.turn)) if place.turn else thumb
            painter.drawPixmap(sheet, turned)
        if chosen and option.state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("focus"), 1.5))
            painter.drawRoundedRect(area.adjusted(3, 3, -3, -3), 5, 5)
        painter.setPen(theme.colour("text" if chosen else "muted"))
        painter.setFont(theme.font("small"))
        below = QRect(area.left(), area.bottom() - foot - 2, area.width(), foot)
        painter.drawText(below, int(Qt.AlignmentFlag.AlignCenter), str(index.row() + 1))
        painter.restore()


def _fitted(thumb: QPixmap | None, turn: int, room: QRect) -> QRect:
    wide, high = (thumb.width(), thumb.height()) if thumb is not None else (85, 110)
    if turn % 180:
        wide, high = high, wide
    scale = min(room.width() / wide, room.height() / high)
    size = QSize(max(round(wide * scale), 1), max(round(high * scale), 1))
    sheet = QRect(room.topLeft(), size)
    sheet.moveCenter(room.center())
    return sheet
