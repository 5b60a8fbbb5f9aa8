"""The day view by mouse: a press becomes a stretch of time, a visit selected, or a visit moved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from medsec_desktop.domain.calendar import DAY_MIN, Span
from medsec_desktop.ui.calendar.geometry import Cursor, Placed

if TYPE_CHECKING:
    from medsec_desktop.ui.calendar.day_view import DayGrid


@dataclass(slots=True)
class Drag:
    """A press that may become a selection of time or the move of a visit."""

    press: QPoint
    column: int
    anchor_min: int
    place: Placed | None = None
    grab_min: int = 0  # how far below its start the visit was taken hold of
    target: Cursor | None = None
    is_moving: bool = False


class Pointer:
    """Follows the left button over a grid; Escape aborts what it drags."""

    def __init__(self, grid: DayGrid):
        self._grid = grid
        self.drag: Drag | None = None

    def press(self, event: QMouseEvent) -> None:
        """Take hold of the visit under the pointer, or of the time there."""
        grid, point = self._grid, event.position().toPoint()
        is_left = event.button() == Qt.MouseButton.LeftButton
        if not is_left or not self._is_on_a_column(point):
            return
        column = grid.measures.column_at(point.x())
        minute = grid.measures.minute_at(point.y())
        place = grid.visit_under(point)
        if place is not None:
            self.drag = Drag(point, column, minute, place, minute - place.span.starts_min)
            grid.select_visit(place.visit.id)
            return
        start = minute // grid.step_min * grid.step_min
        self.drag = Drag(point, column, start)
        grid.set_cursor(Cursor(column, Span(start, start + grid.step_min)), quietly=True)

    def move(self, event: QMouseEvent) -> None:
        """Stretch the time chosen, or carry the visit; without a button, show what is below."""
        point, drag = event.position().toPoint(), self.drag
        if drag is None or not event.buttons() & Qt.MouseButton.LeftButton:
            over = self._grid.visit_under(point) is not None
            shape = Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor
            self._grid.viewport().setCursor(shape)
        elif drag.place is None:
            self._stretch(drag, point)
        elif self._grid.may_edit and drag.place.visit.status.may_be_moved:
            self._carry(drag, drag.place, point)

    def release(self) -> None:
        """Say what is wished: a stretch to book, a time chosen, or a visit moved."""
        grid = self._grid
        drag, self.drag = self.drag, None
        if drag is None or grid.view is None:
            return
        grid.viewport().unsetCursor()
        if drag.place is not None:
            self._drop(drag, drag.place)
        elif grid.cursor_at is not None:
            provider_id = grid.view.columns[grid.cursor_at.column].provider.id
            span = grid.cursor_at.span
            wish = grid.book_wished if span.duration_min > grid.step_min else grid.time_chosen
            wish.emit(provider_id, span.starts_min, span.duration_min)

    def double_click(self, event: QMouseEvent) -> None:
        """Open the visit under the pointer, or book the time there."""
        point = event.position().toPoint()
        if event.button() != Qt.MouseButton.LeftButton or not self._is_on_a_column(point):
            return
        self.drag = None
        place = self._grid.visit_under(point)
        if place is not None:
            self._grid.visit_opened.emit(place.visit.id)
        elif self._grid.cursor_at is not None:
            self._grid.enter()

    def abort(self) -> bool:
        """Let go of what is dragged, where it was; False when nothing is."""
        if self.drag is None:
            return False
        self.drag = None
        self._grid.viewport().unsetCursor()
        self._grid.redraw()
        return True

    def _is_on_a_column(self, point: QPoint) -> bool:
        view = self._grid.view
        return bool(view and view.columns) and self._grid.measures.body.contains(point)

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
            grid.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        length = place.span.duration_min
        start = grid.measures.minute_at(point.y()) - drag.grab_min
        start = min(max(round(start / grid.step_min) * grid.step_min, 0), DAY_MIN - length)
        target = Cursor(grid.measures.column_at(point.x()), Span(start, start + length))
        if target != drag.target:
            grid.update_overlay()
            drag.target = target
            grid.update_overlay()

    def _drop(self, drag: Drag, place: Placed) -> None:
        grid, target = self._grid, drag.target
        grid.redraw()
        if grid.view is None or target is None or target == Cursor(place.column, place.span):
            return
        provider = grid.view.columns[target.column].provider
        grid.move_wished.emit(place.visit.id, provider.id, target.span.starts_min)
