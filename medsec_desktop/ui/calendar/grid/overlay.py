"""What moves above the time grid: now, the cursor, the visit selected or dragged, the booking being filled in.

Each repaints only the rectangle it leaves and the one it comes to.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from medsec_desktop.domain.calendar import Span
from medsec_desktop.ui.calendar.grid.geometry import Cursor, Marked, Proposal
from medsec_desktop.ui.calendar.grid.painting import GridPainter

if TYPE_CHECKING:
    from medsec_desktop.services.calendar.views import GridView
    from medsec_desktop.ui.calendar.grid.time_grid import TimeGrid


class Overlay:
    """The upper layer of one grid."""

    def __init__(self, grid: TimeGrid):
        self._grid = grid
        self.proposal: Proposal | None = None
        self._day: date | None = None

    def propose(self, proposal: Proposal | None, day: date | None) -> bool:
        """Take the booking being filled in, on its day; whether that is another than before."""
        differs = (proposal, day) != (self.proposal, self._day)
        self.proposal, self._day = proposal, day
        return differs

    @property
    def proposed_at(self) -> Cursor | None:
        """Where the booking would stand, None where its column is not shown."""
        if self.proposal is None or self._grid.view is None:
            return None
        for index, column in enumerate(self._grid.view.columns):
            if column.provider_id == self.proposal.provider_id and column.day == self._day:
                return Cursor(index, self.proposal.span)
        return None

    def area(self, cursor: Cursor) -> QRect:
        """A stretch of time as the cursor frames it."""
        return self._grid.measures.span_rect(cursor.column, cursor.span).adjusted(2, 0, -6, 0)

    def areas(self) -> list[QRect]:
        """All that lies above the grid at present."""
        grid = self._grid
        found = [self.area(cursor) for cursor in (grid.cursor_at, self.proposed_at) if cursor]
        drag = grid.drag
        if drag is not None and drag.target is not None:
            found.append(self.area(drag.target))
            if drag.place is not None and drag.edge:
                found.append(grid.measures.visit_rect(drag.place))
        if grid.selected_id is not None:
            found += [grid.measures.visit_rect(each) for each in grid.places_of(grid.selected_id)]
        return found

    def paint(self, painter: QPainter, brush: GridPainter, view: GridView, dirty: QRect) -> None:
        """What of it touches `dirty` is clipped by Qt; only the line of now is found by it."""
        grid, body = self._grid, self._grid.measures.body
        painter.setClipRect(body.adjusted(-5, 0, 0, 0))
        self._paint_now(painter, brush, view, dirty)
        painter.setClipRect(body)
        self._paint_proposal(painter, brush)
        drag = grid.drag
        if drag is not None and drag.place and drag.edge and drag.is_moving:
            # Its old words would look out from under the new outline, which cuts through them.
            brush.paint_gap(painter, grid.measures.visit_rect(drag.place))
        elif grid.selected_id is not None:
            for place in grid.places_of(grid.selected_id):
                brush.paint_outline(painter, grid.measures.visit_rect(place), grid.hasFocus())
        elif grid.cursor_at is not None and (grid.hasFocus() or drag is not None):
            at = grid.cursor_at
            brush.paint_cursor(
                painter, self.area(at), self._times(at.span), True, self._is_taken(at)
            )
        if drag is not None and drag.is_moving and drag.place and drag.target:
            span = drag.target.span
            brush.paint_ghost(painter, drag.place, self.area(drag.target), self._times(span))

    def _paint_proposal(self, painter: QPainter, brush: GridPainter) -> None:
        at = self.proposed_at
        if self.proposal is None or at is None:
            return
        area = self.area(at)
        if self._is_taken(at):
            area.setLeft(area.center().x())  # what is in the way stays in sight
        brush.paint_proposal(painter, area, self.proposal.name, self._times(at.span))

    def _is_taken(self, at: Cursor) -> bool:
        """Whether visits stand there."""
        return any(place.span.overlaps(at.span) for place in self._grid.places_in(at.column))

    def _paint_now(
        self, painter: QPainter, brush: GridPainter, view: GridView, dirty: QRect
    ) -> None:
        grid, measures = self._grid, self._grid.measures
        now = grid.now()
        columns = [i for i, column in enumerate(view.columns) if column.day == now.date()]
        minute = now.hour * 60 + now.minute
        y = measures.y_of(minute)
        if not columns or not dirty.top() - 6 <= y <= dirty.bottom() + 6:
            return
        left, right = measures.column_rect(columns[0]), measures.column_rect(columns[-1])
        moment = Span(minute - 1, minute + 2)
        cards = [
            measures.visit_rect(item)
            for column in columns
            for item in (*grid.places_in(column), *grid.marks_in(column))
            if item.span.overlaps(moment) and not (isinstance(item, Marked) and item.is_ground)
        ]
        brush.paint_now(painter, minute, cards, left.united(right))

    def _times(self, span: Span) -> str:
        assert self._grid.view is not None
        day = self._grid.view.days[0]
        return self._grid.formats.span(span.starts_at(day), span.duration_min)
