"""A month at a glance: each day with its visits as far as they fit, closures and notes; Enter opens it."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QBrush,
    QFont,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from medsec_desktop.domain.formats import WEEKDAYS, Formats, months_later
from medsec_desktop.services.calendar.views import MonthDay, MonthVisit
from medsec_desktop.ui.calendar.grid import captions
from medsec_desktop.ui.calendar.grid.colours import category_of
from medsec_desktop.ui.calendar.grid.heads import paint_note
from medsec_desktop.ui.calendar.grid.look import ELIDE, LEFT, RIGHT, Look
from medsec_desktop.ui.calendar.words import counted
from medsec_desktop.ui.theme import Theme

_WEEK = 7


@dataclass(slots=True)
class _Cells:
    """Where the days lie."""

    width: int = 0
    height: int = 0
    head: int = 24
    weeks: int = 6

    def rect(self, index: int) -> QRect:
        row, column = divmod(index, _WEEK)
        left = self.width * column // _WEEK
        right = self.width * (column + 1) // _WEEK
        room = self.height - self.head
        top = self.head + room * row // self.weeks
        bottom = self.head + room * (row + 1) // self.weeks
        return QRect(left, top, right - left, bottom - top)


class MonthView(QAbstractScrollArea):
    """Six weeks of days, painted once; the day in hand is framed above them."""

    day_opened = Signal(object)  # Enter, or a double click
    day_chosen = Signal(object)  # walked or clicked to
    months_wished = Signal(int)

    def __init__(
        self,
        theme: Theme,
        formats: Formats,
        today: Callable[[], date],
        parent: QWidget | None = None,
    ):
        super().__init__(parent)
        self._theme, self.formats, self._today = theme, formats, today
        self.days: tuple[MonthDay, ...] = ()
        self.day = today()
        self._coloured_by = "type"
        self._layer: QPixmap | None = None
        self._cells = _Cells()
        self.items = MonthItems(self)
        self._look = Look.of(theme, self.devicePixelRatioF())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(280, 160)
        self.setAccessibleName("Month view")
        theme.changed.connect(self._restyle)

    def show_month(self, days: Sequence[MonthDay], day: date, title: str) -> None:
        """Show whole weeks of days, `day` in hand."""
        self.days = tuple(days)
        self.day = day
        self._cells.weeks = max(len(self.days) // _WEEK, 1)
        visits = sum(len(shown.visits) for shown in self.days if shown.day.month == day.month)
        self.setAccessibleName(f"Month view, {title}, {counted(visits, 'visit')}")
        self._restyle()
        self._tell_reader()

    def colour_by(self, by: str) -> None:
        self._coloured_by = by
        self._restyle()

    def rect_of(self, day: date) -> QRect:
        """Where a day lies, in pixels of the viewport; empty when it is not shown."""
        index = self._index(day)
        return self._cells.rect(index) if index is not None else QRect()

    def day_at(self, point: QPoint) -> date | None:
        for index, shown in enumerate(self.days):
            if self._cells.rect(index).contains(point):
                return shown.day
        return None

    def _index(self, day: date) -> int | None:
        index = (day - self.days[0].day).days if self.days else -1
        return index if 0 <= index < len(self.days) else None

    # -- painting -------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._restyle()

    def _restyle(self) -> None:
        self._look = Look.of(self._theme, self.devicePixelRatioF())
        size = self.viewport().size()
        self._cells.width, self._cells.height = size.width(), size.height()
        self._cells.head = self._theme.px(28)
        self._layer = None
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._layer is None:
            self._layer = self._painted_layer()
        painter = QPainter(self.viewport())
        painter.drawPixmap(0, 0, self._layer)
        area = self.rect_of(self.day)
        if not area.isEmpty():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self._look.colours["focus" if self.hasFocus() else "edge"], 2))
            painter.drawRoundedRect(area.adjusted(1, 1, -2, -2), 4, 4)
        painter.end()

    def _painted_layer(self) -> QPixmap:
        ratio, size = self.devicePixelRatioF(), self.viewport().size()
        layer = QPixmap(round(size.width() * ratio), round(size.height() * ratio))
        layer.setDevicePixelRatio(ratio)
        layer.fill(self._look.colours["surface"])
        painter = QPainter(layer)
        self._paint_weekdays(painter)
        for index, shown in enumerate(self.days):
            self._paint_day(painter, shown, self._cells.rect(index))
        painter.end()
        return layer

    def _paint_weekdays(self, painter: QPainter) -> None:
        look = self._look
        painter.setFont(look.strong)
        painter.setPen(look.colours["muted"])
        for index in range(_WEEK):
            name = WEEKDAYS[(index + self.formats.week_starts_on) % _WEEK]
            cell = self._cells.rect(index)
            area = QRect(cell.left() + 8, 0, cell.width() - 10, self._cells.head)
            painter.drawText(area, LEFT, look.strong_metrics.elidedText(name, ELIDE, area.width()))

    def _paint_day(self, painter: QPainter, shown: MonthDay, cell: QRect) -> None:
        look, colours = self._look, self._look.colours
        is_month = shown.day.month == self.day.month
        ground = "surface" if shown.works and not shown.closed else "sunken"
        painter.fillRect(cell, colours[ground])
        if shown.closed:
            painter.fillRect(cell, QBrush(colours["line"], Qt.BrushStyle.BDiagPattern))
        painter.setPen(colours["line"])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(cell)
        line = look.small_metrics.height() + 3
        inner = cell.adjusted(6, 4, -5, -3)
        head = QRect(inner.left(), inner.top(), inner.width(), look.name_metrics.height())
        self._paint_number(painter, shown, head, is_month)
        top = head.bottom() + 3
        for note in shown.notes:
            if top + line > inner.bottom():
                return
            area = QRect(inner.left(), top, inner.width(), line)
            paint_note(painter, look, area, note.colour, note.text)
            top += line + 1
        room = max((inner.bottom() - top + 1) // line, 0)
        visits = shown.visits
        fits = len(visits) if len(visits) <= room else max(room - 1, 0)
        for number, visit in enumerate(visits[:fits]):
            area = QRect(inner.left(), top + number * line, inner.width(), line)
            self._paint_visit(painter, visit, area)
        if fits < len(visits) and room:
            area = QRect(inner.left(), top + fits * line, inner.width(), line)
            painter.setFont(look.small)
            painter.setPen(colours["muted"])
            painter.drawText(area, LEFT, f"{'+' if fits else ''}{len(visits) - fits} "
                             f"{'more' if fits else 'visits'}")  # fmt: skip

    def _paint_number(
        self, painter: QPainter, shown: MonthDay, head: QRect, is_month: bool
    ) -> None:
        look, colours = self._look, self._look.colours
        number = str(shown.day.day)
        width = look.name_metrics.horizontalAdvance("00") + 8
        plate = QRect(head.left() - 2, head.top(), width, head.height())
        if shown.day == self._today():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours["accent"])
            painter.drawRoundedRect(plate, 4, 4)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setPen(colours["on_accent"])
        else:
            painter.setPen(colours["text" if is_month else "muted"])
        painter.setFont(look.name)
        painter.drawText(plate, int(Qt.AlignmentFlag.AlignCenter), number)
        rest = head.adjusted(width + 4, 0, 0, 0)
        painter.setFont(look.small)
        if shown.closed:
            painter.setPen(colours["warning"])
            text = look.small_metrics.elidedText(shown.closed, ELIDE, rest.width())
            painter.drawText(rest, RIGHT, text)
        elif shown.visits:
            painter.setPen(colours["muted"])
            count = counted(len(shown.visits), "visit")
            if look.small_metrics.horizontalAdvance(count) > rest.width():
                count = str(len(shown.visits))
            painter.drawText(rest, RIGHT, count)

    def _paint_visit(self, painter: QPainter, visit: MonthVisit, area: QRect) -> None:
        look = self._look
        category = look.category(category_of(visit, self._coloured_by))
        freed = not visit.status.holds_its_slot
        card = area.adjusted(0, 0, 0, -1)
        painter.setPen(Qt.PenStyle.NoPen)
        if not freed:
            painter.fillRect(card, category.fill)
        painter.fillRect(QRect(card.left(), card.top(), 3, card.height()), category.edge)
        font = QFont(look.small)
        font.setStrikeOut(freed)
        painter.setFont(font)
        painter.setPen(look.colours["muted"] if freed else category.ink)
        inner = card.adjusted(7, 0, -2, 0)
        text = f"{self.formats.time(visit.starts_at)} {visit.patient_name}"
        painter.drawText(inner, LEFT, look.small_metrics.elidedText(text, ELIDE, inner.width()))

    # -- mouse and keyboard ---------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        day = self.day_at(event.position().toPoint())
        if day is not None and event.button() == Qt.MouseButton.LeftButton:
            self._walk_to(day)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        day = self.day_at(event.position().toPoint())
        if day is not None and event.button() == Qt.MouseButton.LeftButton:
            self.day_opened.emit(day)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}
        key = Qt.Key(event.key())
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if modifiers == Qt.KeyboardModifier.ControlModifier and key in steps:
            self.months_wished.emit(1 if steps[key] > 0 else -1)
        elif modifiers:
            super().keyPressEvent(event)
        elif key in steps:
            self._walk_to(self.day + timedelta(days=steps[key]))
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self._walk_to(months_later(self.day, 1 if key == Qt.Key.Key_PageDown else -1))
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            last = calendar.monthrange(self.day.year, self.day.month)[1]
            self._walk_to(self.day.replace(day=1 if key == Qt.Key.Key_Home else last))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.day_opened.emit(self.day)
        else:
            super().keyPressEvent(event)

    def _walk_to(self, day: date) -> None:
        same = (day.year, day.month) == (self.day.year, self.day.month)
        self.day = day
        self.viewport().update()
        self.day_chosen.emit(day)
        if same:
            self._tell_reader()

    def focusInEvent(self, event: object) -> None:
        super().focusInEvent(event)  # type: ignore[arg-type]
        self.viewport().update()

    def focusOutEvent(self, event: object) -> None:
        super().focusOutEvent(event)  # type: ignore[arg-type]
        self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            day = self.day_at(event.pos())
            index = self._index(day) if day is not None else None
            if index is None:
                QToolTip.hideText()
            else:
                text = escape(self._told(self.days[index])).replace("\n", "<br>")
                QToolTip.showText(
                    event.globalPos(),
                    f"<p style='white-space:pre'>{text}</p>",
                    self.viewport(),
                    self._cells.rect(index),
                )
            return True
        return super().viewportEvent(event)

    def _told(self, shown: MonthDay) -> str:
        lines = [captions.spoken_month_day(shown, self.formats)]
        for visit in shown.visits[:20]:
            at = self.formats.time(visit.starts_at)
            lines.append(f"{at} · {visit.patient_name} · {visit.provider_name}")
        if len(shown.visits) > 20:
            lines.append(f"and {len(shown.visits) - 20} more")
        return "\n".join(lines)

    # -- what a screen reader walks ---------------------------------------------------------------

    def _tell_reader(self) -> None:
        index = self._index(self.day)
        if index is None:
            return
        self.setAccessibleDescription(captions.spoken_month_day(self.days[index], self.formats))
        if QAccessible.isActive():
            event = QAccessibleEvent(self, QAccessible.Event.Focus)
            event.setChild(index)
            QAccessible.updateAccessibility(event)


class MonthItems:
    """The days of a month, as a screen reader walks them."""

    def __init__(self, view: MonthView):
        self._view = view

    def order(self) -> list[date]:
        return [shown.day for shown in self._view.days]

    def text(self, key: date) -> str:
        shown = next((each for each in self._view.days if each.day == key), None)
        return captions.spoken_month_day(shown, self._view.formats) if shown is not None else ""

    def rect(self, key: date) -> QRect:
        return self._view.rect_of(key)

    def role(self, key: date) -> QAccessible.Role:
        return QAccessible.Role.ListItem

    def at(self, point: QPoint) -> date | None:
        return self._view.day_at(point)

    def current(self) -> date | None:
        return self._view.day
