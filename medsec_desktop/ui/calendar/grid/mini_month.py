"""A month in small: the day shown, today, and how busy each day is; one click goes there."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import date, timedelta

from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QShowEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from medsec_desktop.domain.formats import MONTHS, WEEKDAYS, Formats, months_later
from medsec_desktop.ui.theme import Theme
from medsec_desktop.ui.widgets import IconButton, Text

BusyDays = Callable[[date, date], dict[date, int]]


class MiniMonth(QWidget):
    """The month of the day shown, with arrows to look at others.

    Its visits are counted once the days asked for stand on the screen, and only where it is seen.
    """

    day_chosen = Signal(object)

    def __init__(
        self,
        theme: Theme,
        formats: Callable[[], Formats],
        today: Callable[[], date],
        busy: BusyDays,
        parent: QWidget | None = None,
    ):
        super().__init__(parent)
        self._busy = busy
        self._counted: date | None = None  # the first day of those whose visits were counted last
        self._to_count = QTimer(self)  # its turn comes after what is to be painted now
        self._to_count.setSingleShot(True)
        self._to_count.timeout.connect(self._count)
        self._title = Text("", "strong")
        back = IconButton(theme, "chevron-left", "Previous month", lambda: self._turn(-1))
        on = IconButton(theme, "chevron-right", "Next month", lambda: self._turn(1))
        self.days = _Days(theme, formats, today)
        self.days.chosen.connect(self.day_chosen)
        self.days.month_left.connect(self._show_month)
        head = QHBoxLayout()
        head.setSpacing(0)
        head.addWidget(self._title, 1)
        head.addWidget(back)
        head.addWidget(on)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.days)

    def show_day(self, day: date) -> None:
        """Mark a day and show its month."""
        month = day.replace(day=1)
        if month == self.days.month and self._title.text():
            self.days.show_day(day)
        else:
            self.days.day = day
            self._show_month(month)

    def refresh(self) -> None:
        """Count the visits of the month shown again."""
        self._counted = None
        self._show_month(self.days.month)

    def _turn(self, months: int) -> None:
        self._show_month(months_later(self.days.month, months))

    def _show_month(self, month: date) -> None:
        self._title.setText(f"{MONTHS[month.month - 1]} {month.year}")
        self.days.show_month(month)
        if self._counted != self.days.first_of(month):
            self._to_count.start(0)

    def _count(self) -> None:
        first = self.days.first_of(self.days.month)
        if self._counted != first and self.isVisible():
            self._counted = first
            self.days.busy = self._busy(first, first + timedelta(days=41))
            self.days.update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._to_count.start(0)


class _Days(QWidget):
    """Six weeks of days, painted; arrows walk, Enter chooses."""

    chosen = Signal(object)
    month_left = Signal(object)  # the keyboard walked into another month

    def __init__(self, theme: Theme, formats: Callable[[], Formats], today: Callable[[], date]):
        super().__init__()
        self._theme, self._formats, self._today = theme, formats, today
        self.day = today()
        self.month = self.day.replace(day=1)
        self.busy: dict[date, int] = {}
        self._under: date | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        theme.changed.connect(self.updateGeometry)

    def show_day(self, day: date) -> None:
        """Mark another day of the month shown; the others look as they did."""
        before, self.day = self.day, day
        self.setAccessibleDescription(self._formats().long_date(day))
        for each in (before, day):
            self.update(self.rect_of(each))

    def show_month(self, month: date) -> None:
        self.month = month
        self.setAccessibleName(f"Month, {MONTHS[month.month - 1]} {month.year}")
        self.setAccessibleDescription(self._formats().long_date(self.day))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(196), self._theme.px(28) * 6 + self._theme.px(20))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def first_of(self, month: date) -> date:
        """The day in the first cell: where the week that holds the 1st begins."""
        return month - timedelta(days=(month.weekday() - self._formats().week_starts_on) % 7)

    def _first(self) -> date:
        return self.first_of(self.month)

    def _cell(self, index: int) -> QRect:
        top, height = self._theme.px(20), self._theme.px(28)
        left = self.width() * (index % 7) // 7
        right = self.width() * (index % 7 + 1) // 7
        return QRect(left, top + index // 7 * height, right - left, height)

    def day_at(self, point: QPoint) -> date | None:
        for index in range(42):
            if self._cell(index).contains(point):
                return self._first() + timedelta(days=index)
        return None

    def rect_of(self, day: date) -> QRect:
        return self._cell((day - self._first()).days)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font("small"))
        painter.setPen(theme.colour("muted"))
        centre = int(Qt.AlignmentFlag.AlignCenter)
        for index in range(7) if event.rect().top() < theme.px(20) else ():
            name = WEEKDAYS[(index + self._formats().week_starts_on) % 7]
            cell = self._cell(index)
            head = QRect(cell.left(), 0, cell.width(), theme.px(20))
            painter.drawText(head, centre, name[:2])
        dirty, first, week = event.region(), self._first(), theme.px(28)
        top = max(event.rect().top() - theme.px(20), 0) // week
        below = max(event.rect().bottom() - theme.px(20), 0) // week + 1
        today, fonts = self._today(), (theme.font("small"), theme.font("small", strong=True))
        names = ("text", "muted", "accent", "on_accent", "hover")
        colours = {name: theme.colour(name) for name in names}
        for index in range(7 * top, min(7 * below, 42)):
            cell = self._cell(index)
            if dirty.intersects(cell):
                day = first + timedelta(days=index)
                painter.setFont(fonts[day == today])
                self._paint_day(painter, day, cell, today, colours)
        painter.end()

    def _paint_day(
        self, painter: QPainter, day: date, cell: QRect, today: date, colours: dict[str, QColor]
    ) -> None:
        side = min(cell.width(), cell.height()) - 2
        disc = QRect(0, 0, side, side)
        disc.moveCenter(cell.center())
        token = "text" if day.month == self.month.month else "muted"
        painter.setPen(Qt.PenStyle.NoPen)
        if day == self.day:
            painter.setBrush(colours["accent"])
            painter.drawRoundedRect(disc, 6, 6)
            token = "on_accent"
            if self.hasFocus():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(colours["text"], 2))
                painter.drawRoundedRect(disc, 6, 6)
        elif day == self._under:
            painter.setBrush(colours["hover"])
            painter.drawRoundedRect(disc, 6, 6)
        if day == today and day != self.day:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colours["accent"], 1.5))
            painter.drawRoundedRect(disc.adjusted(1, 1, -1, -1), 5, 5)
            token = "accent"
        painter.setPen(colours[token])
        lifted = disc.adjusted(0, -2, 0, -2)
        painter.drawText(lifted, int(Qt.AlignmentFlag.AlignCenter), str(day.day))
        if self.busy.get(day):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours["on_accent" if day == self.day else "accent"])
            painter.drawEllipse(QPoint(disc.center().x(), disc.bottom() - 3), 1.5, 1.5)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        day = self.day_at(event.position().toPoint())
        if day is not None and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(day)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._under = self.day_at(event.position().toPoint())
        busy = self.busy.get(self._under, 0) if self._under else 0
        self.setToolTip(f"{busy} visit{'' if busy == 1 else 's'}" if busy else "")
        self.update()

    def leaveEvent(self, event: object) -> None:
        self._under = None
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -7,
            Qt.Key.Key_Down: 7,
        }
        key = Qt.Key(event.key())
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif key in steps:
            self._walk_to(self.day + timedelta(days=steps[key]))
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self._walk_to(months_later(self.day, 1 if key == Qt.Key.Key_PageDown else -1))
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            last = calendar.monthrange(self.day.year, self.day.month)[1]
            self._walk_to(self.day.replace(day=1 if key == Qt.Key.Key_Home else last))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(self.day)
        else:
            super().keyPressEvent(event)

    def _walk_to(self, day: date) -> None:
        self.day = day
        if day.month != self.month.month or day.year != self.month.year:
            self.month_left.emit(day.replace(day=1))
        self.setAccessibleDescription(self._formats().long_date(day))
        self.update()
