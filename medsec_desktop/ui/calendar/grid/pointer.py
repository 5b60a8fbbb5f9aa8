"""The time grid by mouse: a press becomes a stretch of time, a visit selected, moved or resized."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from medsec_desktop.domain.calendar import DAY_MIN, Span
from medsec_desktop.ui.calendar.grid.geometry import Cursor, Placed

if TYPE_CHECKING:
    from medsec_desktop.ui.calendar.grid.time_grid import TimeGrid

_EDGE = 5  # pixels at the top and foot of a card that take hold of its start or end
_LOWEST = 3 * _EDGE  # a card lower than this has only its foot
_SCROLL_ZONE = 24  # pixels inside the body's border where a drag scrolls on
_SCROLL_MS = 30


@dataclass(slots=True)
class Drag:
    """A press that may become a selection of time, or the move or resize of a visit."""

    press: QPoint
    column: int
    anchor_min: int
    place: Placed | None = None
    grab_min: int = 0  # how far below its start the visit was taken hold of
    edge: str = ""  # "start" or "end" while one of them is pulled
    target: Cursor | None = None
    is_moving: bool = False


class Pointer:
    """Follows the left button over a grid; Escape aborts what it drags."""

    def __init__(self, grid: TimeGrid):
        self._grid = grid
        self.drag: Drag | None = None
        self._at = QPoint()
        self._scrolling = QTimer(grid)
        self._scrolling.setInterval(_SCROLL_MS)
        self._scrolling.timeout.connect(self._scroll_on)

    def press(self, event: QMouseEvent) -> None:
        """Take hold of the visit under the pointer, or of the time there."""
        grid, point = self._grid, event.position().toPoint()
        if event.button() != Qt.MouseButton.LeftButton:
            return
        banner = grid.note_under(point)
        if banner is not None:
            grid.note_opened.emit(banner.note)
            return
        if not grid.is_on_a_column(point):
            return
        column = grid.measures.column_at(point.x())
        minute = grid.measures.minute_at(point.y())
        place = grid.visit_under(point)
        if place is not None:
            grab = minute - place.span.starts_min
            self.drag = Drag(point, place.column, minute, place, grab, self._edge_at(place, point))
            grid.select_visit(place.visit.id)
            return
        start = minute // grid.step_min * grid.step_min
        self.drag = Drag(point, column, start)
        grid.set_cursor(Cursor(column, Span(start, start + grid.step_min)), quietly=True)

    def move(self, event: QMouseEvent) -> None:
        """Stretch the time chosen, or carry the visit; without a button, show what is below."""
        point = self._at = event.position().toPoint()
        if self.drag is None or not event.buttons() & Qt.MouseButton.LeftButton:
            self._show_shape(point)
            return
        self._follow(point)
        if self._scroll_by(point) != (0, 0):
            if not self._scrolling.isActive():
                self._scrolling.start()
        else:
            self._scrolling.stop()

    def release(self) -> None:
        """Say what is wished: a stretch to book, a time chosen, or a visit moved or resized."""
        grid = self._grid
        drag, self.drag = self.drag, None
        self._scrolling.stop()
        if drag is None or grid.view is None:
            return
        grid.viewport().unsetCursor()
        if drag.place is not None:
            self._drop(drag, drag.place)
        elif grid.cursor_at is not None:
            column, span = grid.view.columns[grid.cursor_at.column], grid.cursor_at.span
            wish = grid.book_wished if span.duration_min > grid.step_min else grid.time_chosen
            wish.emit(column, span.starts_min, span.duration_min)

    def double_click(self, event: QMouseEvent) -> None:
        """Open the visit under the pointer, or book the time there."""
        point = event.position().toPoint()
        if event.button() != Qt.MouseButton.LeftButton or not self._grid.is_on_a_column(point):
            return
        self.drag = None
        place, mark = self._grid.visit_under(point), self._grid.mark_under(point)
        if place is not None:
            self._grid.visit_opened.emit(place.visit.id)
        elif mark is not None and not mark.is_ground:
            self._grid.mark_opened.emit(mark)
        elif self._grid.cursor_at is not None:
            self._grid.enter()

    def abort(self) -> bool:
        """Let go of what is dragged, where it was; False when nothing is."""
        if self.drag is None:
            return False
        self.drag = None
        self._scrolling.stop()
        self._grid.viewport().unsetCursor()
        self._grid.redraw()
        return True

    # -- inside ---------------------------------------------------------------------------------

    def _edge_at(self, place: Placed, point: QPoint) -> str:
        """Which end of a card the pointer is on, "" in its middle."""
        area = self._grid.measures.visit_rect(place)
        if not self._grid.may_edit or not place.visit.status.may_be_moved:
            return ""
        if area.bottom() - point.y() < _EDGE and area.height() > 2 * _EDGE:
            return "end"
        if point.y() - area.top() < _EDGE and area.height() >= _LOWEST:
            return "start"
        return ""

    def _show_shape(self, point: QPoint) -> None:
        grid = self._grid
        place = grid.visit_under(point)
        if place is not None and self._edge_at(place, point):
            shape = Qt.CursorShape.SizeVerCursor
        elif place is not None or grid.note_under(point) is not None:
            shape = Qt.CursorShape.PointingHandCursor
        else:
            shape = Qt.CursorShape.ArrowCursor
        grid.viewport().setCursor(shape)

    def _follow(self, point: QPoint) -> None:
        drag = self.drag
        if drag is None:
            return
        if drag.place is None:
            self._stretch(drag, point)
        elif self._grid.may_edit and drag.place.visit.status.may_be_moved:
            self._carry(drag, drag.place, point)

    def _stretch(self, drag: Drag, point: QPoint) -> None:
        grid = self._grid
        minute = grid.measures.minute_at(point.y()) // grid.step_min * grid.step_min
        first, last = sorted((drag.anchor_min, minute))
        cursor = Cursor(drag.column, Span(first, min(last + grid.step_min, DAY_MIN)))
        if cursor != grid.cursor_at:
            grid.update_overlay()
            grid.cursor_at = cursor
            grid.update_overlay()

    def _carry(self, drag: Drag, place: Placed, point: QPoint) -> None:
        grid = self._grid
        if not drag.is_moving:
            far = (point - drag.press).manhattanLength()
            if far < QApplication.startDragDistance():
                return
            drag.is_moving = True
            shape = Qt.CursorShape.SizeVerCursor if drag.edge else Qt.CursorShape.ClosedHandCursor
            grid.viewport().setCursor(shape)
        target = self._resized(drag, place, point) if drag.edge else self._moved(drag, place, point)
        if target != drag.target:
            grid.update_overlay()
            drag.target = target
            grid.update_overlay()

    def _moved(self, drag: Drag, place: Placed, point: QPoint) -> Cursor:
        grid = self._grid
        length = place.span.duration_min
        start = self._snapped(grid.measures.minute_at(point.y()) - drag.grab_min)
        start = min(max(start, 0), DAY_MIN - length)
        return Cursor(grid.measures.column_at(point.x()), Span(start, start + length))

    def _resized(self, drag: Drag, place: Placed, point: QPoint) -> Cursor:
        """One end follows the pointer by steps; a step of time always remains."""
        span, step = place.span, self._grid.step_min
        minute = self._snapped(self._grid.measures.minute_at(point.y()))
        if drag.edge == "end":
            end = min(max(minute, span.starts_min + step), DAY_MIN)
            return Cursor(place.column, Span(span.starts_min, end))
        return Cursor(place.column, Span(max(min(minute, span.ends_min - step), 0), span.ends_min))

    def _snapped(self, minute: int) -> int:
        step = self._grid.step_min
        return round(minute / step) * step

    def _drop(self, drag: Drag, place: Placed) -> None:
        grid, target = self._grid, drag.target
        grid.redraw()
        if grid.view is None or target is None or target == Cursor(place.column, place.span):
            return
        if drag.edge:
            span = target.span
            grid.resize_wished.emit(place.visit.id, span.starts_min, span.duration_min)
        else:
            column = grid.view.columns[target.column]
            grid.move_wished.emit(place.visit.id, column, target.span.starts_min)

    # -- scrolling at the borders -----------------------------------------------------------------

    def _scroll_by(self, point: QPoint) -> tuple[int, int]:
        """How far a drag at `point` scrolls in one tick, across and down; further out is faster."""
        body = self._grid.measures.body

        def speed(before: int, after: int) -> int:
            if before < _SCROLL_ZONE:
                return -min((_SCROLL_ZONE - before) // 2 + 2, 40)
            if after < _SCROLL_ZONE:
                return min((_SCROLL_ZONE - after) // 2 + 2, 40)
            return 0

        across = speed(point.x() - body.left(), body.right() - point.x())
        return across, speed(point.y() - body.top(), body.bottom() - point.y())

    def _scroll_on(self) -> None:
        if self.drag is None or (self.drag.place is not None and not self.drag.is_moving):
            self._scrolling.stop()
            return
        across, down = self._scroll_by(self._at)
        bars = self._grid.horizontalScrollBar(), self._grid.verticalScrollBar()
        for bar, by in zip(bars, (across, down), strict=True):
            bar.setValue(bar.value() + by)
        self._follow(self._at)
