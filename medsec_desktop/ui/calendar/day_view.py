"""The day: one painted widget with a column for each provider.

Two layers. The day itself (hours, lines, visits) is painted into a pixmap when it, the scroll
position or the size changes; cursor, selection, the visit being dragged, the booking being filled in
and the now-line lie above it and repaint only their own rectangles. No query is ever made here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from html import escape

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFocusEvent,
    QHelpEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from medsec_desktop.domain.calendar import DAY_MIN, Span
from medsec_desktop.domain.formats import Formats
from medsec_desktop.services.calendar import AppointmentRow, DayView
from medsec_desktop.ui.calendar import words
from medsec_desktop.ui.calendar.geometry import HOUR_HEIGHTS, Cursor, Geometry, Placed, placed
from medsec_desktop.ui.calendar.keys import Keys
from medsec_desktop.ui.calendar.painting import DayPainter, Look
from medsec_desktop.ui.calendar.pointer import Pointer
from medsec_desktop.ui.theme import Theme

_DEFAULT_ZOOM = HOUR_HEIGHTS.index(80)


@dataclass(frozen=True, slots=True)
class Proposal:
    """The booking being filled in, drawn where it would stand."""

    provider_id: int
    span: Span
    name: str


class DayGrid(QAbstractScrollArea):
    """Shows one `DayView` and passes on wishes; it changes nothing itself."""

    book_wished = Signal(int, int, int)  # provider id, start minute, minutes (0: the type's own)
    time_chosen = Signal(int, int, int)  # the cursor stands on free time: as above
    visit_chosen = Signal(int)  # selected: show it beside the grid
    visit_opened = Signal(int)  # Enter or double click
    move_wished = Signal(int, int, int)  # visit, provider id, start minute
    cancel_wished = Signal(int)
    days_wished = Signal(int)  # another day, that many days on
    typed = Signal(str)  # a letter typed on the grid begins a name

    def __init__(
        self,
        theme: Theme,
        formats: Formats,
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ):
        super().__init__(parent)
        self._theme, self.formats, self._now = theme, formats, now
        self.view: DayView | None = None
        self.places: tuple[Placed, ...] = ()
        self.cursor_at: Cursor | None = None
        self.selected_id: int | None = None
        self._proposal: Proposal | None = None
        self._keys, self._pointer = Keys(self), Pointer(self)
        self._layer: QPixmap | None = None
        self._zoom = _DEFAULT_ZOOM
        self.measures = Geometry()
        self.may_edit = True
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Day view")
        self.setMinimumSize(280, 160)
        corner = QWidget()
        corner.setProperty("kind", "surface")
        self.setCornerWidget(corner)
        self._look = Look.of(theme, self.devicePixelRatioF())
        theme.changed.connect(self._restyle)
        self._minute = QTimer(self)
        self._minute.setInterval(20_000)
        self._minute.timeout.connect(self._move_now_line)
        self._now_shown_min = -1
        self._restyle()

    # -- what is shown --------------------------------------------------------------------------

    def show_day(self, view: DayView) -> None:
        """Show a day; the cursor and the visit selected stay where they still make sense."""
        before = self.view
        self.view = view
        self.places = placed(view)
        self.measures.columns = len(view.columns)
        if self.selected_id is not None and self.place_of(self.selected_id) is None:
            self.selected_id = None
        if self.cursor_at is not None and self.cursor_at.column >= len(view.columns):
            self.cursor_at = None
        self._proposal = self._proposal if before and before.day == view.day else None
        self.setAccessibleName(words.spoken_day(view, self.formats))
        self._lay_out()
        if before is None:
            self.scroll_to_minute(self._opening_min() - 15)
        if self.cursor_at is None and view.columns:
            self.set_cursor(Cursor(0, self._first_cell()), quietly=True)

    def select_visit(self, visit_id: int | None, *, quietly: bool = False) -> None:
        """Select a visit, bring it into sight and put the cursor on it."""
        place = self.place_of(visit_id) if visit_id is not None else None
        self.update_overlay()
        self.selected_id = place.visit.id if place else None
        if place is not None:
            self.cursor_at = Cursor(place.column, place.span)
            self._bring_into_sight(self.cursor_at)
            self._tell_reader(words.spoken(place.visit, self.formats))
            if not quietly:
                self.visit_chosen.emit(place.visit.id)
        self.update_overlay()

    def show_proposal(self, proposal: Proposal | None) -> None:
        """Draw the booking being filled in, or take it away."""
        if proposal != self._proposal:
            self.update_overlay()
            self._proposal = proposal
            self.update_overlay()
            shown = self._proposal_cursor()
            if shown is not None:
                self._bring_into_sight(shown)

    def place_cursor(self, provider_id: int, span: Span) -> None:
        """Put the cursor on a provider's time and bring it into sight."""
        for index, column in enumerate(self.view.columns if self.view else ()):
            if column.provider.id == provider_id:
                self.set_cursor(Cursor(index, span), quietly=True)

    def visit_at_cursor(self) -> AppointmentRow | None:
        """The visit selected, or None when the cursor is on free time."""
        place = self.place_of(self.selected_id) if self.selected_id is not None else None
        return place.visit if place else None

    def place_of(self, visit_id: int | None) -> Placed | None:
        return next((place for place in self.places if place.visit.id == visit_id), None)

    def rect_of(self, visit_id: int) -> QRect:
        """Where a visit's card is, in pixels of the viewport; empty when it is not on this day."""
        place = self.place_of(visit_id)
        return self.measures.visit_rect(place) if place else QRect()

    def point_at(self, column: int, minute: int) -> QPoint:
        """The middle of a step of time, in pixels of the viewport."""
        area = self.measures.span_rect(column, Span(minute, minute + self.step_min))
        return area.center()

    # -- zoom and scrolling ---------------------------------------------------------------------

    def zoom_by(self, steps: int) -> None:
        """Taller or lower hours; the middle of the screen stays where it is."""
        middle = self.measures.minute_at(self.measures.body.center().y())
        self._zoom = min(max(self._zoom + steps, 0), len(HOUR_HEIGHTS) - 1)
        self._restyle()
        self.scroll_to_minute(middle, centred=True)

    def scroll_to_minute(self, minute: int, *, centred: bool = False) -> None:
        offset = minute * self.measures.hour_height // 60
        if centred:
            offset -= self.measures.body.height() // 2
        self.verticalScrollBar().setValue(offset)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.measures.scroll_x = self.horizontalScrollBar().value()
        self.measures.scroll_y = self.verticalScrollBar().value()
        self.redraw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(1 if event.angleDelta().y() > 0 else -1)
        else:
            super().wheelEvent(event)

    def _restyle(self) -> None:
        self._look = Look.of(self._theme, self.devicePixelRatioF())
        geometry = self.measures
        geometry.hour_height = self._theme.px(HOUR_HEIGHTS[self._zoom])
        geometry.ruler = self._theme.px(56)
        geometry.header = self._theme.px(48)
        geometry.min_column = self._theme.px(132)
        self._lay_out()

    def _lay_out(self) -> None:
        geometry, size = self.measures, self.viewport().size()
        geometry.width, geometry.height = size.width(), size.height()
        geometry.lay_out()
        down, across = self.verticalScrollBar(), self.horizontalScrollBar()
        down.setRange(0, max(0, geometry.content_height - geometry.body.height()))
        down.setPageStep(max(geometry.body.height(), 1))
        down.setSingleStep(geometry.hour_height // 2)
        across.setRange(0, max(0, geometry.content_width - geometry.body.width()))
        across.setPageStep(max(geometry.body.width(), 1))
        across.setSingleStep(geometry.min_column // 2)
        geometry.scroll_x, geometry.scroll_y = across.value(), down.value()
        self.redraw()

    def redraw(self) -> None:
        self._layer = None
        self.viewport().update()

    # -- painting -------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._layer is None:
            self._layer = self._painted_layer()
        painter = QPainter(self.viewport())
        # Qt clips to the dirty region; cutting a source rectangle out would blur at 125 %.
        painter.drawPixmap(0, 0, self._layer)
        if self.view is not None:
            self._paint_overlay(painter, self.view)
        painter.end()

    def _painted_layer(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        size = self.viewport().size()
        layer = QPixmap(round(size.width() * ratio), round(size.height() * ratio))
        layer.setDevicePixelRatio(ratio)
        layer.fill(self._look.colours["surface"])
        if self.view is not None:
            painter = QPainter(layer)
            self._painter().paint_day(painter, self.view, self.places)
            painter.end()
        return layer

    def _painter(self) -> DayPainter:
        return DayPainter(self._look, self.measures, self.formats)

    def _paint_overlay(self, painter: QPainter, view: DayView) -> None:
        brush = self._painter()
        body = self.measures.body
        painter.setClipRect(body.adjusted(-5, 0, 0, 0))
        now = self._now()
        if now.date() == view.day:
            brush.paint_now(painter, now.hour * 60 + now.minute)
        painter.setClipRect(body)
        proposal = self._proposal_cursor()
        if self._proposal is not None and proposal is not None:
            area = self._area(proposal)
            if any(
                place.column == proposal.column and place.span.overlaps(proposal.span)
                for place in self.places
            ):
                area.setLeft(area.center().x())  # what is in the way stays in sight
            brush.paint_proposal(painter, area, self._proposal.name, self._times(proposal.span))
        selected = self.place_of(self.selected_id) if self.selected_id is not None else None
        if selected is not None:
            area = self.measures.visit_rect(selected)
            brush.paint_outline(painter, area, self.hasFocus())
        elif self.cursor_at is not None and (self.hasFocus() or self._pointer.drag is not None):
            brush.paint_cursor(
                painter, self._area(self.cursor_at), self._times(self.cursor_at.span), True
            )
        drag = self._pointer.drag
        if drag is not None and drag.is_moving and drag.place and drag.target:
            brush.paint_ghost(
                painter, drag.place, self._area(drag.target), self._times(drag.target.span)
            )

    def _area(self, cursor: Cursor) -> QRect:
        return self.measures.span_rect(cursor.column, cursor.span).adjusted(2, 0, -6, 0)

    def _times(self, span: Span) -> str:
        assert self.view is not None
        return self.formats.span(span.starts_at(self.view.day), span.duration_min)

    def _proposal_cursor(self) -> Cursor | None:
        if self._proposal is None or self.view is None:
            return None
        for index, column in enumerate(self.view.columns):
            if column.provider.id == self._proposal.provider_id:
                return Cursor(index, self._proposal.span)
        return None

    def update_overlay(self) -> None:
        """Mark what lies above the day as dirty; called before and after it moves."""
        if self.view is None or (not self.places and self.cursor_at is None):
            self.viewport().update()
            return
        areas = [
            self._area(cursor) for cursor in (self.cursor_at, self._proposal_cursor()) if cursor
        ]
        drag = self._pointer.drag
        if drag is not None and drag.target is not None:
            areas.append(self._area(drag.target))
        if self.selected_id is not None:
            areas.append(self.rect_of(self.selected_id))
        for area in areas:
            self.viewport().update(area.adjusted(-3, -3, 3, 3))

    def _move_now_line(self) -> None:
        now = self._now()
        minute = now.hour * 60 + now.minute
        if minute != self._now_shown_min:
            for shown in (self._now_shown_min, minute):
                y = self.measures.y_of(shown)
                self.viewport().update(QRect(0, y - 6, self.measures.width, 12))
            self._now_shown_min = minute

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._minute.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._minute.stop()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update_overlay()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update_overlay()

    # -- cursor ---------------------------------------------------------------------------------

    @property
    def step_min(self) -> int:
        return self.view.step_min if self.view else 15

    def _opening_min(self) -> int:
        assert self.view is not None
        spans = [span for column in self.view.columns for span in column.hours]
        spans += [place.span for place in self.places]
        return min((span.starts_min for span in spans), default=8 * 60)

    def _first_cell(self) -> Span:
        """Where the cursor begins: the first free time of the day, on today's page from now on."""
        assert self.view is not None
        start = self._opening_min()
        now = self._now()
        if now.date() == self.view.day:
            start = max(start, (now.hour * 60 + now.minute) // self.step_min * self.step_min)
        start = min(start, DAY_MIN - self.step_min)
        taken = [place.span for place in self.places if place.column == 0]
        for minute in range(start, DAY_MIN - self.step_min, self.step_min):
            cell = Span(minute, minute + self.step_min)
            if not any(span.overlaps(cell) for span in taken):
                return cell
        return Span(start, start + self.step_min)

    def set_cursor(self, cursor: Cursor, *, quietly: bool = False) -> None:
        """Move the cursor; on a visit it becomes the selection, on free time it chooses the time."""
        assert self.view is not None
        self.update_overlay()
        self.cursor_at = cursor
        self.selected_id = None
        self.update_overlay()
        self._bring_into_sight(cursor)
        column = self.view.columns[cursor.column]
        span = cursor.span
        self._tell_reader(
            words.spoken_cell(
                column.called, span.starts_at(self.view.day), span.duration_min, self.formats
            )
        )
        if not quietly:
            self.time_chosen.emit(column.provider.id, span.starts_min, span.duration_min)

    def go_to(self, column: int, minute: int) -> None:
        """Step onto a cell: the first visit that touches it is selected, else its time is chosen."""
        minute = min(max(minute, 0), DAY_MIN - self.step_min)
        cell = Span(minute, minute + self.step_min)
        for place in self.places:
            if place.column == column and place.span.overlaps(cell):
                self.select_visit(place.visit.id)
                return
        self.set_cursor(Cursor(column, cell))

    def _bring_into_sight(self, cursor: Cursor) -> None:
        body, area = self.measures.body, self._area(cursor)
        down, across = self.verticalScrollBar(), self.horizontalScrollBar()
        if area.top() < body.top():
            down.setValue(down.value() - (body.top() - area.top()) - 8)
        elif area.bottom() > body.bottom():
            excess = min(area.bottom() - body.bottom(), area.top() - body.top())
            down.setValue(down.value() + excess + 8)
        if area.left() < body.left():
            across.setValue(across.value() - (body.left() - area.left()) - 4)
        elif area.right() > body.right():
            across.setValue(across.value() + area.right() - body.right() + 4)

    def _tell_reader(self, text: str) -> None:
        self.setAccessibleDescription(text)
        if QAccessible.isActive():
            event = QAccessibleEvent(self, QAccessible.Event.Focus)
            index = next(
                (i for i, place in enumerate(self.places) if place.visit.id == self.selected_id), -1
            )
            event.setChild(index)
            QAccessible.updateAccessibility(event)

    # -- keyboard -------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._pointer.abort():
            return
        if self.view is None or not self.view.columns or not self._keys.press(event):
            super().keyPressEvent(event)

    def enter(self) -> None:
        assert self.view is not None
        assert self.cursor_at is not None
        if self.selected_id is not None:
            self.visit_opened.emit(self.selected_id)
            return
        span = self.cursor_at.span
        provider = self.view.columns[self.cursor_at.column].provider
        # A single step is just where the cursor stands; only a longer stretch says how long.
        length = span.duration_min if span.duration_min > self.step_min else 0
        self.book_wished.emit(provider.id, span.starts_min, length)

    # -- mouse ----------------------------------------------------------------------------------

    def visit_under(self, point: QPoint) -> Placed | None:
        """The visit at a point of the viewport; of overlapping cards the last painted."""
        if not self.measures.body.contains(point):
            return None
        for place in reversed(self.places):
            if self.measures.visit_rect(place).contains(point):
                return place
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pointer.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pointer.release()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._pointer.double_click(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self.visit_under(event.pos())
            if place is None:
                QToolTip.hideText()
            else:
                text = escape(words.hover(place.visit, self.formats)).replace("\n", "<br>")
                area = self.measures.visit_rect(place)
                QToolTip.showText(
                    event.globalPos(),
                    f"<p style='white-space:pre'>{text}</p>",
                    self.viewport(),
                    area,
                )
            return True
        if event.type() == QEvent.Type.DevicePixelRatioChange:  # moved to another screen
            self._restyle()
        return super().viewportEvent(event)
