"""The list of people: one line each, painted by one delegate, quick enough for every keystroke."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from medsec_desktop.domain.formats import Formats
from medsec_desktop.domain.people import PatientStatus
from medsec_desktop.services.patients import PatientHit
from medsec_desktop.ui.patients.words import STATUSES, age_words
from medsec_desktop.ui.theme import Theme

RowRole = int(Qt.ItemDataRole.UserRole)
_ROW, _HEAD, _GUTTER, _GAP = 36, 28, 28, 16
# Plain numbers: Qt's flags are Python enums, and each test of one costs as much as a text drawn.
_SELECTED = QStyle.StateFlag.State_Selected.value
_FOCUSED = QStyle.StateFlag.State_HasFocus.value
_UNDER_MOUSE = QStyle.StateFlag.State_MouseOver.value
_LEFT = (Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft).value
_MOST_REMEMBERED = 4_000  # texts cut to their column
_WIDEST_NAME = 620  # beyond that the eye loses the line on the way to the date of birth


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A hit in words, written once when the rows arrive and not at every paint."""

    id: int
    name: str
    status: str
    birth: str
    age: str
    phone: str
    chart: str
    next_visit: str
    has_alert: bool

    @property
    def spoken(self) -> str:
        """The row as a screen reader says it."""
        parts = (
            self.name,
            self.status,
            "has an alert" if self.has_alert else "",
            f"born {self.birth}" if self.birth else "date of birth unknown",
            f"age {self.age}" if self.age else "",
            f"phone {self.phone}" if self.phone else "",
            f"chart {self.chart}",
            f"next visit {self.next_visit}" if self.next_visit else "no visit booked",
        )
        return ", ".join(part for part in parts if part)


def line_of(hit: PatientHit, formats: Formats, today: date) -> PersonLine:
    """A hit as the list shows it."""
    at = hit.next_visit_at
    return PersonLine(
        hit.id,
        hit.name.listed,
        "" if hit.status is PatientStatus.ACTIVE else STATUSES[hit.status],
        formats.birth(hit.birth),
        "" if hit.status is PatientStatus.DECEASED else age_words(hit.birth, today),
        formats.phone(hit.phone),
        hit.chart_number,
        f"{formats.date(at.date())}  {formats.time(at)}" if at else "",
        hit.has_alert,
    )


# Title, width in pixels at normal zoom (0: what is left), the list's width below which it yields.
_COLUMNS: tuple[tuple[str, str, int, int], ...] = (
    ("Name", "name", 0, 0),
    ("Date of birth", "birth", 104, 0),
    ("Age", "age", 52, 0),
    ("Phone", "phone", 132, 520),
    ("Chart", "chart", 92, 760),
    ("Next visit", "next_visit", 164, 640),
)


class _Columns:
    """Where each column lies for a width; shared by the head and the rows so that they agree."""

    def __init__(self, theme: Theme):
        self._theme = theme
        self._width = -1
        self._places: tuple[tuple[str, str, int, int], ...] = ()
        theme.changed.connect(self._forget)

    def _forget(self) -> None:
        self._width = -1

    def places(self, width: int) -> tuple[tuple[str, str, int, int], ...]:
        """(title, attribute, left, width) of every column shown."""
        if width != self._width:
            self._width = width
            self._places = self._laid_out(width)
        return self._places

    def _laid_out(self, width: int) -> tuple[tuple[str, str, int, int], ...]:
        px = self._theme.px
        shown = [column for column in _COLUMNS if width >= px(column[3])]
        gap = px(_GAP)
        fixed = sum(px(column[2]) + gap for column in shown if column[2])
        left, places = px(_GUTTER), []
        rest = min(max(px(120), width - left - fixed - px(12)), px(_WIDEST_NAME))
        for title, attribute, wanted, _ in shown:
            wide = px(wanted) if wanted else rest
            places.append((title, attribute, left, wide))
            left += wide + gap
        return tuple(places)


class _Lines(QAbstractListModel):
    def __init__(self, parent: QObject | None = None):
        super().__init__(parent)
        self.lines: tuple[PersonLine, ...] = ()

    def set_lines(self, lines: Sequence[PersonLine]) -> None:
        self.beginResetModel()
        self.lines = tuple(lines)
        self.endResetModel()

    def add_lines(self, lines: Sequence[PersonLine]) -> None:
        if lines:
            count = len(self.lines)
            self.beginInsertRows(QModelIndex(), count, count + len(lines) - 1)
            self.lines += tuple(lines)
            self.endInsertRows()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.lines)

    def data(
        self,
        index: QModelIndex | QPersistentModelIndex,
        role: int = int(Qt.ItemDataRole.DisplayRole),
    ) -> Any:
        if not index.isValid():
            return None
        line = self.lines[index.row()]
        if role == RowRole:
            return line
        if role == Qt.ItemDataRole.DisplayRole:
            return line.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return line.spoken
        return None


class _Delegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, columns: _Columns, parent: QObject | None = None):
        super().__init__(parent)
        self._theme = theme
        self._columns = columns
        self._prepare()
        theme.changed.connect(self._prepare)

    def _prepare(self) -> None:
        """Fonts and colours once, not once a row."""
        self._body, self._strong = self._theme.font(), self._theme.font(strong=True)
        self._small = self._theme.font("small")
        self._metrics = QFontMetrics(self._body)
        self._strong_metrics = QFontMetrics(self._strong)
        self._small_metrics = QFontMetrics(self._small)
        self._fitted: dict[tuple[str, int, bool], str] = {}
        tokens = ("text", "muted", "selected", "hover", "focus", "line", "sunken")
        self._colours = {token: self._theme.colour(token) for token in tokens}

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(80, self._theme.px(_ROW))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        line: PersonLine = index.data(RowRole)
        area: QRect = option.rect
        state: int = option.state.value
        selected = bool(state & _SELECTED)
        painter.save()
        if selected or state & _UNDER_MOUSE:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._colours["selected" if selected else "hover"])
            painter.drawRoundedRect(area.adjusted(0, 1, 0, -1), 6, 6)
            if selected and state & _FOCUSED:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(self._colours["focus"], 1.5))
                painter.drawRoundedRect(area.adjusted(1, 2, -1, -2), 5, 5)
        if line.has_alert:
            scale = painter.device().devicePixelRatioF()
            sign = self._theme.pixmap("triangle-alert", "warning", 16, scale)
            painter.drawPixmap(area.left() + 8, area.center().y() - 7, sign)
        start, top, height = area.left(), area.top(), area.height()
        painter.setFont(self._body)
        painter.setPen(self._colours["muted" if line.status else "text"])
        places = self._columns.places(area.width())
        for _, attribute, x, width in places:
            if attribute != "name" and (text := getattr(line, attribute)):
                cell = QRect(start + x, top, width, height)
                painter.drawText(cell, _LEFT, self._fit(text, width))
        for _, attribute, x, width in places:
            if attribute == "name":
                self._paint_name(painter, line, QRect(start + x, top, width, height))
        painter.restore()

    def _fit(self, text: str, width: int, strong: bool = False) -> str:
        """`text` cut to `width`, worked out once: the same people are painted again and again."""
        wanted = (text, width, strong)
        if (fitted := self._fitted.get(wanted)) is None:
            if len(self._fitted) >= _MOST_REMEMBERED:
                self._fitted.clear()
            metrics = self._strong_metrics if strong else self._metrics
            fitted = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
            self._fitted[wanted] = fitted
        return fitted

    def _paint_name(self, painter: QPainter, line: PersonLine, cell: QRect) -> None:
        chip = self._small_metrics.horizontalAdvance(line.status) + 16 if line.status else 0
        room = cell.width() - (chip + 8 if chip else 0)
        name = self._fit(line.name, room, strong=True)
        painter.setFont(self._strong)
        painter.setPen(self._colours["muted" if line.status else "text"])
        painter.drawText(cell, _LEFT, name)
        if not chip:
            return
        height = self._small_metrics.height() + 4
        at = cell.left() + self._strong_metrics.horizontalAdvance(name) + 8
        box = QRect(at, cell.center().y() - height // 2, chip, height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._colours["line"], 1))
        painter.setBrush(self._colours["sunken"])
        painter.drawRoundedRect(box, height / 2, height / 2)
        painter.setFont(self._small)
        painter.setPen(self._colours["muted"])
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), line.status)


class _Head(QWidget):
    """The columns' titles, over a view whose scroll bar they leave alone."""

    def __init__(
        self, theme: Theme, columns: _Columns, view: QListView, parent: QWidget | None = None
    ):
        super().__init__(parent)
        self._theme = theme
        self._columns = columns
        self._view = view
        self.setAccessibleName("Column titles")
        theme.changed.connect(self._restyle)
        self._restyle()

    def _restyle(self) -> None:
        self.setFixedHeight(self._theme.px(_HEAD))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._theme.font("small", strong=True))
        painter.setPen(self._theme.colour("muted"))
        left = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        for title, _, x, width in self._columns.places(self._view.viewport().width()):
            painter.drawText(QRect(x, 0, width, self.height()), left, title)
        painter.setPen(self._theme.colour("line"))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        painter.end()


class PeopleList(QWidget):
    """People in columns; Enter or a click opens one."""

    chosen = Signal(int)

    def __init__(
        self,
        theme: Theme,
        formats: Callable[[], Formats],
        today: Callable[[], date],
        parent: QWidget | None = None,
    ):
        super().__init__(parent)
        self._formats = formats
        self._today = today
        self._theme = theme
        columns = _Columns(theme)
        self.view = _View(self)
        self.head = _Head(theme, columns, self.view)
        self.view.resized.connect(self.head.update)
        self.view.resized.connect(self._count_first_page)
        self.model = _Lines(self.view)
        self.view.setModel(self.model)
        self.view.setItemDelegate(_Delegate(theme, columns, self.view))
        self.view.clicked.connect(lambda index: self.chosen.emit(index.data(RowRole).id))
        self.view.entered_key.connect(self.choose_current)
        self._count_first_page()
        theme.changed.connect(self.view.scheduleDelayedItemsLayout)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.view, 1)

    def set_hits(self, hits: Sequence[PatientHit]) -> None:
        """Show these people; the first is selected so that Enter opens her."""
        formats, today = self._formats(), self._today()
        kept = self.current_id()
        lines = tuple(line_of(hit, formats, today) for hit in hits)
        if lines != self.model.lines:  # another letter of the same name finds the same people
            self.model.set_lines(lines)
        if hits:
            ids = [line.id for line in self.model.lines]
            self._select(ids.index(kept) if kept in ids and self.view.hasFocus() else 0)

    def add_hits(self, hits: Sequence[PatientHit]) -> None:
        """Show these people below the others."""
        formats, today = self._formats(), self._today()
        self.model.add_lines([line_of(hit, formats, today) for hit in hits])

    @property
    def lines(self) -> tuple[PersonLine, ...]:
        return self.model.lines

    def current_id(self) -> int | None:
        index = self.view.currentIndex()
        return index.data(RowRole).id if index.isValid() else None

    def choose_current(self) -> None:
        patient_id = self.current_id()
        if patient_id is not None:
            self.chosen.emit(patient_id)

    def move_by(self, steps: int) -> None:
        """Select the person `steps` further, stopping at the ends."""
        if self.lines:
            row = max(self.view.currentIndex().row(), 0) + steps
            self._select(min(max(row, 0), len(self.lines) - 1))

    @property
    def page(self) -> int:
        """How many people one page of the list holds."""
        return max(1, self.view.viewport().height() // self._theme.px(_ROW) - 1)

    @property
    def first_page(self) -> int:
        """How many people can be seen before anybody scrolls; safe to ask in any thread."""
        return self._first_page

    def _count_first_page(self) -> None:
        self._first_page = self.page + 3  # the last is cut off, one more is for good measure

    def _select(self, row: int) -> None:
        self.view.setCurrentIndex(self.model.index(row, 0))


class _View(QListView):
    entered_key = Signal()
    resized = Signal()

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setAccessibleName("Patients found")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not (
            event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        ):
            self.entered_key.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.viewport().update()
        self.resized.emit()
