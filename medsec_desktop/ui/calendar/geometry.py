"""Where things lie on the day view, in pixels; no painting and no widget."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QRect

from medsec_desktop.domain.calendar import DAY_MIN, Lane, Span, lanes_for
from medsec_desktop.services.calendar import AppointmentRow, DayView

HOUR_HEIGHTS = (40, 52, 64, 80, 104, 136, 176, 240)
LANE_GAP = 2


@dataclass(frozen=True, slots=True)
class Placed:
    """A visit with its column and its lane there."""

    visit: AppointmentRow
    column: int
    lane: Lane
    span: Span


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the keyboard stands: a column and a stretch of its day."""

    column: int
    span: Span


def placed(view: DayView) -> tuple[Placed, ...]:
    """Every visit of the day with its place, column by column, by time."""
    found: list[Placed] = []
    for index, column in enumerate(view.columns):
        # A visit imported across midnight is drawn to the end of its day.
        spans = [
            Span(visit.span.starts_min, min(visit.span.ends_min, DAY_MIN))
            for visit in column.visits
        ]
        found.extend(
            Placed(visit, index, lane, span)
            for visit, lane, span in zip(column.visits, lanes_for(spans), spans, strict=True)
        )
    return tuple(found)


@dataclass(slots=True)
class Geometry:
    """The grid's measures at one zoom, size and scroll position; pixels of the viewport."""

    columns: int = 0
    hour_height: int = 64
    ruler: int = 56
    header: int = 48
    min_column: int = 132
    width: int = 0
    height: int = 0
    scroll_x: int = 0
    scroll_y: int = 0
    edges: tuple[int, ...] = field(default=())

    def lay_out(self) -> None:
        """Share the width among the columns; none is narrower than its minimum."""
        room = max(self.width - self.ruler, 0)
        count = max(self.columns, 1)
        total = max(room, count * self.min_column)
        self.edges = tuple(round(total * i / count) for i in range(count + 1))

    @property
    def content_width(self) -> int:
        return self.edges[-1] if self.edges else 0

    @property
    def content_height(self) -> int:
        return self.y_of(DAY_MIN) + self.scroll_y - self.header + 1

    @property
    def body(self) -> QRect:
        return QRect(self.ruler, self.header, self.width - self.ruler, self.height - self.header)

    def y_of(self, minute: int) -> int:
        return self.header + minute * self.hour_height // 60 - self.scroll_y

    def minute_at(self, y: int) -> int:
        """The minute of the day at a height, kept within the day."""
        minute = (y - self.header + self.scroll_y) * 60 // self.hour_height
        return min(max(minute, 0), DAY_MIN - 1)

    def column_rect(self, column: int) -> QRect:
        left = self.ruler + self.edges[column] - self.scroll_x
        width = self.edges[column + 1] - self.edges[column]
        return QRect(left, self.header, width, self.height - self.header)

    def column_at(self, x: int) -> int:
        """The column at a distance from the left, the nearest one outside of all."""
        inside = x - self.ruler + self.scroll_x
        for column in range(self.columns):
            if inside < self.edges[column + 1]:
                return column
        return max(self.columns - 1, 0)

    def span_rect(self, column: int, span: Span) -> QRect:
        """A stretch of a column, over its whole width."""
        area = self.column_rect(column)
        top = self.y_of(span.starts_min)
        return QRect(area.left() + 1, top, area.width() - 1, self.y_of(span.ends_min) - top)

    def visit_rect(self, place: Placed) -> QRect:
        """A visit's card: its lanes, a hair apart from its neighbours and never too thin to see."""
        area = self.span_rect(place.column, place.span).adjusted(2, 0, -6, 0)
        lane = place.lane
        left = area.left() + area.width() * lane.index // lane.count
        right = area.left() + area.width() * (lane.index + lane.width) // lane.count
        last = lane.index + lane.width == lane.count
        height = max(area.height() - 1, 10)
        return QRect(left, area.top() + 1, right - left - (0 if last else LANE_GAP), height - 1)
