"""The board itself: one list in groups, painted by one delegate, moved on by a key or a press."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from medsec_desktop.services.today.records import Group

if TYPE_CHECKING:
    from PySide6.QtGui import QHelpEvent

    from medsec_desktop.ui.theme import Theme
    from medsec_desktop.ui.today.wording import BoardLine

LineRole = int(Qt.ItemDataRole.UserRole)
_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
_RIGHT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
_MIDDLE = int(Qt.AlignmentFlag.AlignCenter)
_QUIET = (Group.DONE, Group.OFF)
_ROOM_FOR_ROOMS = 620  # narrower than this, the room is left to the panel beside the board


class BoardModel(QAbstractListModel):
    """Lines for the board; the line itself under `LineRole`."""

    def __init__(self, parent: QObject | None = None):
        super().__init__(parent)
        self._lines: tuple[BoardLine, ...] = ()

    @property
    def rows(self) -> tuple[BoardLine, ...]:
        return self._lines

    def set_rows(self, lines: Sequence[BoardLine]) -> None:
        self.beginResetModel()
        self._lines = tuple(lines)
        self.endResetModel()

    def tell(self, lines: Sequence[BoardLine]) -> bool:
        """Repaint only the lines that say something else now; False where visits changed places."""
        new = tuple(lines)
        if [_place(line) for line in new] != [_place(line) for line in self._lines]:
            return False
        old, self._lines = self._lines, new
        for row, (before, after) in enumerate(zip(old, new, strict=True)):
            if before != after:
                index = self.index(row, 0)
                self.dataChanged.emit(index, index)
        return True

    def row(self, index: int) -> BoardLine | None:
        return self._lines[index] if 0 <= index < len(self._lines) else None

    def index_of(self, visit_id: int | None) -> int:
        """Where a visit stands, -1 where it does not."""
        ids = [line.value.id for line in self._lines]
        return ids.index(visit_id) if visit_id in ids else -1

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._lines)

    def data(
        self,
        index: QModelIndex | QPersistentModelIndex,
        role: int = int(Qt.ItemDataRole.DisplayRole),
    ) -> Any:
        if not index.isValid():
            return None
        line = self._lines[index.row()]
        if role == LineRole:
            return line
        if role == Qt.ItemDataRole.DisplayRole:
            return line.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return line.spoken
        return None


def _place(line: BoardLine) -> tuple[int, str]:
    return line.value.id, line.heading


class _BoardDelegate(QStyledItemDelegate):
    """Paints a line, the heading of its group above the first, and the step under the pointer."""

    def __init__(self, theme: Theme, parent: QObject | None = None):
        super().__init__(parent)
        self._theme = theme
        self._prepare()
        theme.changed.connect(self._prepare)

    def _prepare(self) -> None:
        theme = self._theme
        self._body, self._strong = theme.font(), theme.font(strong=True)
        self._small, self._caption = theme.font("small"), theme.font("small", strong=True)
        self._strong_metrics = QFontMetrics(self._strong)
        self._small_metrics = QFontMetrics(self._small)
        tokens = ("text", "muted", "selected", "hover", "focus", "warning", "warning_soft", "line",
                  "accent", "surface", "edge")  # fmt: skip
        self._colours = {token: theme.colour(token) for token in tokens}
        self._lead_width = QFontMetrics(self._body).horizontalAdvance("10:00 AM")
        self._state_width = max(
            QFontMetrics(self._strong).horizontalAdvance("Waiting 1 h 55 min") + 8, theme.px(120)
        )
        self._step_width = self._strong_metrics.horizontalAdvance("To room") + theme.px(24)
        self._room_width = theme.px(108)
        self._height, self._heading_height = theme.px(44), theme.px(32)

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        line = index.data(LineRole)
        more = self._heading_height if line is not None and line.heading else 0
        return QSize(80, self._height + more)

    def body(self, area: QRect, line: BoardLine) -> QRect:
        """The line without the heading above it."""
        return area.adjusted(0, self._heading_height if line.heading else 0, 0, 0)

    def step_area(self, area: QRect, line: BoardLine) -> QRect:
        """Where a press moves the visit on; empty where there is nothing to move on to."""
        if not line.step:
            return QRect()
        inner = self.body(area, line).adjusted(4, 1, -12, -1)
        height = self._theme.px(28)
        top = inner.top() + (inner.height() - height) // 2
        return QRect(inner.right() - self._step_width + 1, top, self._step_width, height)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        line: BoardLine | None = index.data(LineRole)
        if line is None:
            return
        painter.save()
        if line.heading:
            self._paint_heading(painter, option.rect, line)
        self._paint_line(painter, option, line)
        painter.restore()

    def _paint_heading(self, painter: QPainter, area: QRect, line: BoardLine) -> None:
        room = QRect(area.left() + 12, area.top(), area.width() - 24, self._heading_height - 6)
        painter.setFont(self._caption)
        painter.setPen(self._colours["muted"])
        bottom = int(Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft)
        painter.drawText(room, bottom, line.heading)

    def _paint_line(self, painter: QPainter, option: QStyleOptionViewItem, line: BoardLine) -> None:
        colours, inner = self._colours, self.body(option.rect, line).adjusted(4, 1, -4, -1)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if selected or hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours["selected" if selected else "hover"])
            painter.drawRoundedRect(inner, 6, 6)
        if selected and option.state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colours["focus"], 1.5))
            painter.drawRoundedRect(inner.adjusted(1, 1, -1, -1), 5, 5)
        text = inner.adjusted(8, 0, -8, 0)
        painter.setFont(self._body)
        quiet = line.group in _QUIET
        painter.setPen(colours["muted" if quiet else "text"])
        painter.drawText(QRect(text.left(), text.top(), self._lead_width, text.height()), _RIGHT,
                         line.lead)  # fmt: skip
        text.setLeft(text.left() + self._lead_width + 16)
        # The step's place is kept on every line, so that the columns before it stand still.
        if line.step and (selected or hovered):
            self._paint_step(painter, self.step_area(option.rect, line), line, hovered)
        text.setRight(text.right() - self._step_width - 12)
        text = self._paint_state(painter, text, line)
        if inner.width() >= self._theme.px(_ROOM_FOR_ROOMS):
            text = self._paint_room(painter, text, line)
        text = self._paint_mark(painter, text, line)
        self._paint_words(painter, text, line, quiet)

    def _paint_step(self, painter: QPainter, area: QRect, line: BoardLine, hovered: bool) -> None:
        painter.setBrush(self._colours["surface"])
        painter.setPen(QPen(self._colours["edge"], 1))
        painter.drawRoundedRect(area.toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setFont(self._body)
        painter.setPen(self._colours["text"])
        painter.drawText(area, _MIDDLE, line.step)

    def _paint_state(self, painter: QPainter, text: QRect, line: BoardLine) -> QRect:
        place = QRect(
            text.right() - self._state_width + 1, text.top(), self._state_width, text.height()
        )
        is_here = line.group is Group.WAITING
        painter.setFont(self._strong if is_here or line.is_late else self._body)
        token = "warning" if line.is_late else "text" if is_here else "muted"
        painter.setPen(self._colours[token])
        if line.is_late:
            side = self._theme.px(14)
            metrics = QFontMetrics(painter.font())
            picture = self._theme.pixmap(
                "triangle-alert", "warning", side, painter.device().devicePixelRatioF()
            )
            left = place.right() - metrics.horizontalAdvance(line.trailing) - side - 5
            painter.drawPixmap(left, place.center().y() - side // 2 + 1, picture)
        painter.drawText(place, _RIGHT, line.trailing)
        return text.adjusted(0, 0, -self._state_width - 16, 0)

    def _paint_room(self, painter: QPainter, text: QRect, line: BoardLine) -> QRect:
        place = QRect(
            text.right() - self._room_width + 1, text.top(), self._room_width, text.height()
        )
        painter.setFont(self._body)
        painter.setPen(self._colours["muted"])
        shown = QFontMetrics(self._body).elidedText(
            line.value.room_name, Qt.TextElideMode.ElideRight, place.width()
        )
        painter.drawText(place, _LEFT, shown)
        return text.adjusted(0, 0, -self._room_width - 16, 0)

    def _paint_mark(self, painter: QPainter, text: QRect, line: BoardLine) -> QRect:
        if not line.mark:
            return text
        width = self._small_metrics.horizontalAdvance(line.mark) + 16
        height = self._small_metrics.height() + 4
        chip = QRect(text.right() - width + 1, text.center().y() - height // 2, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colours["warning_soft"])
        painter.drawRoundedRect(chip, height / 2, height / 2)
        painter.setFont(self._small)
        painter.setPen(self._colours["warning"])
        painter.drawText(chip, _MIDDLE, line.mark)
        return text.adjusted(0, 0, -width - 12, 0)

    def _paint_words(self, painter: QPainter, text: QRect, line: BoardLine, quiet: bool) -> None:
        elide = Qt.TextElideMode.ElideRight
        metrics = self._strong_metrics
        both = metrics.height() + self._small_metrics.height()
        top = text.top() + (text.height() - both) // 2
        first = QRect(text.left(), top, text.width(), metrics.height())
        second = QRect(text.left(), first.bottom() + 1, text.width(), self._small_metrics.height())
        painter.setFont(self._body if quiet else self._strong)
        painter.setPen(self._colours["muted" if quiet else "text"])
        painter.drawText(first, _LEFT, metrics.elidedText(line.title, elide, first.width()))
        painter.setFont(self._small)
        painter.setPen(self._colours["muted"])
        painter.drawText(
            second, _LEFT, self._small_metrics.elidedText(line.detail, elide, second.width())
        )

    def helpEvent(
        self,
        event: QHelpEvent,
        view: Any,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        line: BoardLine | None = index.data(LineRole)
        if event.type() != QEvent.Type.ToolTip or line is None:
            return False
        QToolTip.showText(event.globalPos(), "\n".join(tip(line)), view)
        return True


def tip(line: BoardLine) -> list[str]:
    """Everything of a line, for where it is cut."""
    parts = (line.title, line.detail, line.value.room_name, line.trailing, line.mark)
    return [part for part in parts if part]


class BoardList(QListView):
    """Today's visits; Enter or a double click chooses, the button on a line moves it on."""

    chosen = Signal(object)  # the BoardRow
    step_wished = Signal(object)
    selected = Signal()
    menu_wished = Signal(object)  # where, on the screen

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None):
        super().__init__(parent)
        self.rows = BoardModel(self)
        self.setModel(self.rows)
        self.delegate = _BoardDelegate(theme, self)
        self.setItemDelegate(self.delegate)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setAccessibleName(name)
        self.doubleClicked.connect(lambda index: self._choose(index))
        self.selectionModel().currentChanged.connect(lambda *_: self.selected.emit())
        theme.changed.connect(self.scheduleDelayedItemsLayout)

    def set_rows(self, lines: Sequence[BoardLine]) -> None:
        """Show other lines, staying on the visit selected, or at its place where it has gone."""
        kept, place = self.current_id(), self.currentIndex().row()
        scrolled = self.verticalScrollBar().value()
        self.rows.set_rows(lines)
        if not lines:
            return
        row = self.rows.index_of(kept)
        if row < 0:
            row = min(max(place, 0), len(lines) - 1)
        self.setCurrentIndex(self.rows.index(row, 0))
        self.verticalScrollBar().setValue(scrolled)
        self.scrollTo(self.currentIndex())

    def current_value(self) -> Any:
        line = self.rows.row(self.currentIndex().row())
        return line.value if line else None

    def current_line(self) -> BoardLine | None:
        return self.rows.row(self.currentIndex().row())

    def current_id(self) -> int | None:
        line = self.current_line()
        return line.value.id if line else None

    def select(self, visit_id: int) -> bool:
        """Go to a visit; whether it is on the board."""
        row = self.rows.index_of(visit_id)
        if row >= 0:
            self.setCurrentIndex(self.rows.index(row, 0))
            self.scrollTo(self.currentIndex())
        return row >= 0

    def step_area(self, visit_id: int) -> QRect:
        """Where the button of a visit is, in the viewport."""
        index = self.rows.index(self.rows.index_of(visit_id), 0)
        line = self.rows.row(index.row())
        return self.delegate.step_area(self.visualRect(index), line) if line else QRect()

    def _choose(self, index: QModelIndex) -> None:
        line = self.rows.row(index.row())
        if line is not None:
            self.chosen.emit(line.value)

    def _line_under(self, event: QMouseEvent) -> tuple[BoardLine | None, bool]:
        """The line at the pointer, and whether it is on its button."""
        where = event.position().toPoint()
        index = self.indexAt(where)
        line = self.rows.row(index.row())
        if line is None:
            return None, False
        return line, self.delegate.step_area(self.visualRect(index), line).contains(where)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        line, on_step = self._line_under(event)
        if line is not None and on_step and event.button() == Qt.MouseButton.LeftButton:
            self.step_wished.emit(line.value)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if not self._line_under(event)[1]:  # two quick presses of the button open nothing
            super().mouseDoubleClickEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        hand = Qt.CursorShape.PointingHandCursor
        self.viewport().setCursor(
            hand if self._line_under(event)[1] else Qt.CursorShape.ArrowCursor
        )

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            corner = self.visualRect(self.currentIndex()).bottomLeft()
            self.menu_wished.emit(self.viewport().mapToGlobal(corner))
        elif self.indexAt(event.pos()).isValid():
            self.menu_wished.emit(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            if self.currentIndex().isValid():
                self._choose(self.currentIndex())
        else:
            super().keyPressEvent(event)
