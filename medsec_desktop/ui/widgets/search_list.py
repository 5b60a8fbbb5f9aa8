"""One search line over one fast list: for people, payers, providers, templates, commands.

The list is a QListView with a single row delegate: thirty rows paint in a few milliseconds, where
a table view over a Python model needs several times as long.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from medsec_desktop.ui.theme import Theme
from medsec_desktop.ui.widgets.search_line import SearchLine

RowRole = int(Qt.ItemDataRole.UserRole)
_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
_RIGHT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)


@dataclass(frozen=True, slots=True)
class ListRow:
    """What one row shows: a title, quiet words after it, something at the right, an icon, a mark.

    `value` is handed back when the row is chosen. `tone` colours the mark: muted, warning, danger.
    `lead` stands in a column of its own before the title, such as the time of a visit.
    """

    value: Any
    title: str
    detail: str = ""
    trailing: str = ""
    icon: str = ""
    mark: str = ""
    tone: str = "muted"
    lead: str = ""

    @property
    def spoken(self) -> str:
        """The row as a screen reader says it."""
        parts = (self.lead, self.title, self.detail, self.mark, self.trailing)
        return ", ".join(part for part in parts if part)


class ListRows(QAbstractListModel):
    """Rows for a list view; the row itself under `RowRole`."""

    def __init__(self, rows: Sequence[ListRow] = (), parent: QObject | None = None):
        super().__init__(parent)
        self._rows: tuple[ListRow, ...] = tuple(rows)

    def set_rows(self, rows: Sequence[ListRow]) -> None:
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def row(self, index: int) -> ListRow | None:
        return self._rows[index] if 0 <= index < len(self._rows) else None

    @property
    def rows(self) -> tuple[ListRow, ...]:
        return self._rows

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def data(
        self,
        index: QModelIndex | QPersistentModelIndex,
        role: int = int(Qt.ItemDataRole.DisplayRole),
    ) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == RowRole:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.spoken
        return None


class RowDelegate(QStyledItemDelegate):
    """Paints a `ListRow` on one line, or on two when `two_lines` is set."""

    def __init__(self, theme: Theme, *, two_lines: bool = False, parent: QObject | None = None):
        super().__init__(parent)
        self._theme = theme
        self._two_lines = two_lines
        self._prepare()
        theme.changed.connect(self._prepare)

    def _prepare(self) -> None:
        """Fonts, metrics and colours once, not once a row."""
        theme = self._theme
        self._body, self._small = theme.font(), theme.font("small")
        self._strong = theme.font(strong=True)
        self._body_text, self._small_text = _Measured(self._body), _Measured(self._small)
        tokens = ("text", "muted", "selected", "hover", "focus", "warning", "danger", "line")
        self._colours = {token: theme.colour(token) for token in (*tokens, "accent", "success")}
        self._lead_width = self._body_text.width("10:00 AM")
        self._height = theme.px(48 if self._two_lines else 32)

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(80, self._height)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        row = index.data(RowRole)
        if row is None:
            return
        area: QRect = option.rect
        colours = self._colours
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        inner = area.adjusted(4, 1, -4, -1)
        painter.save()
        if selected or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours["selected" if selected else "hover"])
            painter.drawRoundedRect(inner, 6, 6)
        if option.state & QStyle.StateFlag.State_HasFocus and selected:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colours["focus"], 1.5))
            painter.drawRoundedRect(inner.adjusted(1, 1, -1, -1), 5, 5)
        text = inner.adjusted(8, 0, -8, 0)
        if row.icon:
            side = 16
            picture = self._theme.pixmap(
                row.icon, "muted", side, painter.device().devicePixelRatioF()
            )
            painter.drawPixmap(QPoint(text.left(), text.center().y() - side // 2 + 1), picture)
            text.setLeft(text.left() + side + 10)
        if row.lead:
            painter.setFont(self._body)
            painter.setPen(colours["text"])
            room = QRect(text.left(), text.top(), self._lead_width, text.height())
            painter.drawText(room, _RIGHT, row.lead)
            text.setLeft(text.left() + self._lead_width + 16)
        if self._two_lines:
            self._paint_two(painter, row, text)
        else:
            self._paint_one(painter, row, text)
        painter.restore()

    def _paint_right(self, painter: QPainter, row: ListRow, area: QRect) -> QRect:
        """The trailing words at the right edge; gives back the room left of them.

        They get half of the row, and more where the title leaves it.
        """
        if not row.trailing and not row.mark:
            return area
        painter.setFont(self._small)
        title, detail = self._body_text.width(row.title), self._small_text.width(row.detail)
        first = max(title, detail) if self._two_lines else title + detail
        for words, token in ((row.trailing, "muted"), (row.mark, row.tone)):
            if words:
                most = max(area.width() // 2, area.width() - first - 12)
                width = min(self._small_text.width(words), most)
                painter.setPen(self._colours[token])
                painter.drawText(area, _RIGHT, self._small_text.fitted(words, width + 1))
                area = area.adjusted(0, 0, -width - 12, 0)
        return area

    def _paint_one(self, painter: QPainter, row: ListRow, area: QRect) -> None:
        area = self._paint_right(painter, row, area)
        painter.setFont(self._body)
        painter.setPen(self._colours["text"])
        title = self._body_text.fitted(row.title, area.width())
        painter.drawText(area, _LEFT, title)
        if row.detail:
            rest = area.adjusted(self._body_text.width(title) + 10, 0, 0, 0)
            if rest.width() > 40:
                painter.setPen(self._colours["muted"])
                painter.setFont(self._small)
                painter.drawText(rest, _LEFT, self._small_text.fitted(row.detail, rest.width()))

    def _paint_two(self, painter: QPainter, row: ListRow, area: QRect) -> None:
        area = self._paint_right(painter, row, area)
        lines = self._body_text.height + self._small_text.height
        top = area.top() + (area.height() - lines) // 2
        first = QRect(area.left(), top, area.width(), self._body_text.height)
        second = QRect(area.left(), first.bottom() + 1, area.width(), self._small_text.height)
        painter.setFont(self._body)
        painter.setPen(self._colours["text"])
        painter.drawText(first, _LEFT, self._body_text.fitted(row.title, first.width()))
        painter.setFont(self._small)
        painter.setPen(self._colours["muted"])
        painter.drawText(second, _LEFT, self._small_text.fitted(row.detail, second.width()))


class _Measured:
    """How wide words are in a font, known of those measured lately: a list that is scrolled paints the
    same rows again and again."""

    _MOST = 2_000

    def __init__(self, font: QFont):
        self._metrics = QFontMetrics(font)
        self._widths: dict[str, int] = {}
        self.height = self._metrics.height()

    def width(self, words: str) -> int:
        """In pixels."""
        known = self._widths.get(words)
        if known is None:
            if len(self._widths) >= self._MOST:
                self._widths.clear()
            known = self._widths[words] = self._metrics.horizontalAdvance(words)
        return known

    def fitted(self, words: str, width: int) -> str:
        """The words, ended by “…” where they are wider."""
        if self.width(words) <= width:
            return words
        return self._metrics.elidedText(words, Qt.TextElideMode.ElideRight, width)


class FastList(QListView):
    """A list of `ListRow`s; Enter or a double click chooses, a single click selects."""

    chosen = Signal(object)  # the row's value

    def __init__(
        self,
        theme: Theme,
        name: str,
        *,
        two_lines: bool = False,
        one_click: bool = False,
        parent: QWidget | None = None,
    ):
        super().__init__(parent)
        self.rows = ListRows(parent=self)
        self.setModel(self.rows)
        self.setItemDelegate(RowDelegate(theme, two_lines=two_lines, parent=self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setAccessibleName(name)
        (self.clicked if one_click else self.doubleClicked).connect(self._choose)
        theme.changed.connect(self.scheduleDelayedItemsLayout)

    def set_rows(self, rows: Sequence[ListRow], *, preselect: bool = True) -> None:
        """Show `rows`; the first is selected so that Enter takes it."""
        self.rows.set_rows(rows)
        if preselect and rows:
            self.setCurrentIndex(self.rows.index(0, 0))

    def current_value(self) -> Any:
        row = self.rows.row(self.currentIndex().row())
        return row.value if row else None

    def move_by(self, steps: int) -> None:
        """Select the row `steps` further, stopping at the ends."""
        count = self.rows.rowCount()
        if count:
            target = min(max(self.currentIndex().row() + steps, 0), count - 1)
            self.setCurrentIndex(self.rows.index(target, 0))

    def choose_current(self) -> None:
        if self.currentIndex().isValid():
            self._choose(self.currentIndex())

    def _choose(self, index: QModelIndex) -> None:
        row = self.rows.row(index.row())
        if row is not None:
            self.chosen.emit(row.value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.choose_current()
        else:
            super().keyPressEvent(event)


class SearchList(QWidget):
    """Type, see, press Enter. `search` is asked at each keystroke, away from the screen's thread.

    `latest` comes from `desk.jobs.latest`: it drops questions that a later keystroke made stale.
    """

    chosen = Signal(object)

    def __init__(
        self,
        theme: Theme,
        latest: Callable[..., Callable[[str], None]],
        search: Callable[[str], Sequence[ListRow]],
        name: str,
        *,
        placeholder: str = "",
        two_lines: bool = False,
        guesses: bool = True,
        parent: QWidget | None = None,
    ):
        """With `guesses` off, nothing is selected before something is typed: Enter chooses nobody."""
        super().__init__(parent)
        self._guesses = guesses
        self.line = SearchLine(name, placeholder)
        self.line.installEventFilter(self)
        self.list = FastList(theme, f"{name}: results", two_lines=two_lines)
        self.list.chosen.connect(self.chosen)
        self.setFocusProxy(self.line)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.line)
        column.addWidget(self.list, 1)
        self._ask = latest(search, self._show)
        self.line.textChanged.connect(self._ask)

    def _show(self, rows: Sequence[ListRow]) -> None:
        self.list.set_rows(rows, preselect=self._guesses or bool(self.line.text().strip()))

    def again(self) -> None:
        """Ask once more, e.g. after rows changed."""
        self._ask(self.line.text())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        pressed = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if watched is self.line and pressed and steer(self.list, event):
            return True
        return super().eventFilter(watched, event)


def steer(list_view: FastList, event: QKeyEvent) -> bool:
    """Let the keys that belong to a list work while the line above it has the focus."""
    page = max(1, list_view.viewport().height() // max(1, list_view.sizeHintForRow(0)) - 1)
    steps = {
        Qt.Key.Key_Down: 1,
        Qt.Key.Key_Up: -1,
        Qt.Key.Key_PageDown: page,
        Qt.Key.Key_PageUp: -page,
    }
    key = Qt.Key(event.key())
    if key in steps and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
        list_view.move_by(steps[key])
        return True
    if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not (
        event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    ):
        list_view.choose_current()
        return True
    return False
