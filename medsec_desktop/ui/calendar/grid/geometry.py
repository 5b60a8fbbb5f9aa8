"""Where things lie on the time grid, in pixels; no painting and no widget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise, repeat
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect

from medsec_desktop.domain.calendar import DAY_MIN, Lane, Span, lanes_for

if TYPE_CHECKING:
    from medsec_desktop.domain.calendar.zones import ClockChange
    from medsec_desktop.services.calendar import AppointmentRow
    from medsec_desktop.services.calendar.availability import AwayRow, BlockRow, HoldRow
    from medsec_desktop.services.calendar.notes import NoteRow
    from medsec_desktop.services.calendar.views import GridView

HOUR_HEIGHTS = (40, 52, 64, 80, 104, 136, 176, 240)
LANE_GAP = 2
LOWEST_CARD = 10  # pixels: however short a visit, it can be seen
_SQUEEZED = 0.85  # of a column's least width, where all columns come into sight by it
_WHOLE = Lane(0, 1, 1)  # of its column
MOST_BAND_ROWS = 4  # of notes above the day; what is more is said in the last


@dataclass(frozen=True, slots=True)
class Placed:
    """A visit with its column and its lane there."""

    visit: AppointmentRow
    column: int
    lane: Lane
    span: Span
    has_slip: bool = False  # a note stands at its time, and takes a slip's width at the right


@dataclass(frozen=True, slots=True)
class Marked:
    """What else stands at a time of a column: a note, a hold, a block-out, somebody away, or a change
    of the clocks."""

    kind: str  # "note", "hold", "block", "away", "clock"
    row: NoteRow | HoldRow | BlockRow | AwayRow | ClockChange
    column: int
    lane: Lane
    span: Span
    is_slip: bool = False  # a note beside a visit: no more than its folded corner shows

    @property
    def is_ground(self) -> bool:
        """Whether it lies below the visits, and is no card of its own."""
        return self.kind in ("block", "away", "clock")

    @property
    def key(self) -> tuple[str, int, int]:
        """Tells it from all others on the grid."""
        return (self.kind, getattr(self.row, "id", 0), self.column)


@dataclass(frozen=True, slots=True)
class Banner:
    """A note above the day, over the columns from `first` to `last`."""

    note: NoteRow
    first: int
    last: int
    row: int


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the keyboard stands: a column and a stretch of its day."""

    column: int
    span: Span


@dataclass(frozen=True, slots=True)
class Proposal:
    """The booking being filled in, drawn where it would stand."""

    provider_id: int
    span: Span
    name: str


def laid_out(view: GridView, index: int) -> tuple[tuple[Placed, ...], tuple[Marked, ...]]:
    """Visits of a column by time, and its marks: holds share the lanes, blocks lie below.

    A note fills its column where it is alone, and is a narrow slip beside a visit, whose name
    matters more.
    """
    column = view.columns[index]
    if not (column.notes or column.holds or column.blocks or column.away or column.clock):
        spans = [visit.span for visit in column.visits]
        if any(span.ends_min > DAY_MIN for span in spans):
            spans = list(map(_of_day, spans))
        return tuple(map(Placed, column.visits, repeat(index), _lanes(spans), spans)), ()
    timed = [note for note in column.notes if note.starts_min is not None]
    # A visit imported across midnight is drawn to the end of its day.
    spans = [_of_day(row.span) for row in (*column.visits, *column.holds)]
    least = max(view.step_min, 15)
    starts = [min(note.starts_min or 0, DAY_MIN - least) for note in timed]
    noted = [Span(start, start + least) for start in starts]
    visits: list[Placed] = []
    marks: list[Marked] = []
    for number, (lane, span) in enumerate(zip(_lanes(spans), spans, strict=True)):
        slip = bool(noted) and any(span.overlaps(note) for note in noted)
        if number < len(column.visits):
            visits.append(Placed(column.visits[number], index, lane, span, slip))
        else:
            hold = column.holds[number - len(column.visits)]
            marks.append(Marked("hold", hold, index, lane, span))
    for note, lane, span in zip(timed, _lanes(noted), noted, strict=True):
        beside = any(span.overlaps(other) for other in spans)
        marks.append(Marked("note", note, index, _WHOLE if beside else lane, span, beside))
    marks.extend(Marked("block", row, index, _WHOLE, row.span) for row in column.blocks)
    marks.extend(Marked("away", row, index, _WHOLE, row.span) for row in column.away)
    if column.clock is not None:
        marks.append(Marked("clock", column.clock, index, _WHOLE, column.clock.span))
    return tuple(visits), tuple(marks)


def _lanes(spans: list[Span]) -> Sequence[Lane]:
    """As `lanes_for`; most columns have nobody beside anybody."""
    if all(one.ends_min <= other.starts_min for one, other in pairwise(spans)):
        return (_WHOLE,) * len(spans)
    return lanes_for(spans)


def banners(view: GridView) -> tuple[Banner, ...]:
    """The notes above the days, in rows so that none covers another."""
    found: list[tuple[NoteRow, int, int]] = []
    for note in view.notes:
        if note.starts_min is None:
            columns = [i for i, column in enumerate(view.columns) if column.day == note.day]
            if columns:
                found.append((note, columns[0], columns[-1]))
    for index, column in enumerate(view.columns):
        found.extend((note, index, index) for note in column.notes if note.starts_min is None)
    lanes = lanes_for([Span(first, last + 1) for _, first, last in found])
    return tuple(
        Banner(note, first, last, lane.index)
        for (note, first, last), lane in zip(found, lanes, strict=True)
    )


def _of_day(span: Span) -> Span:
    return span if span.ends_min <= DAY_MIN else Span(span.starts_min, DAY_MIN)


@dataclass(slots=True)
class Geometry:
    """The grid's measures at one zoom, size and scroll position; pixels of the viewport."""

    columns: int = 0
    hour_height: int = 64
    ruler: int = 56
    names: int = 48  # the head with the columns' names
    groups: int = 0  # above it, the days of a week with several people
    band: int = 0  # below it, notes on the whole day
    band_row: int = 22
    slip: int = 18
    band_rows: int = 0
    groups_shown: bool = False
    min_column: int = 132
    width: int = 0
    height: int = 0
    scroll_x: int = 0
    scroll_y: int = 0
    edges: tuple[int, ...] = field(default=())

    @property
    def header(self) -> int:
        """Everything above the hours."""
        return self.groups + self.names + self.band

    def lay_out(self) -> None:
        """Share the width among the columns; what would not fit by a hair is squeezed, not scrolled."""
        room = max(self.width - self.ruler, 0)
        count = max(self.columns, 1)
        wanted = count * self.min_column
        total = room if room >= wanted * _SQUEEZED else wanted
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

    def banner_rect(self, banner: Banner) -> QRect:
        """A note above the day; empty where there is no row left for it."""
        if (banner.row + 1) * self.band_row > self.band:
            return QRect()
        left = self.column_rect(banner.first).left() + 2
        right = self.column_rect(banner.last).right() - 3
        top = self.groups + self.names + banner.row * self.band_row + 1
        return QRect(left, top, right - left, self.band_row - 2)

    def seen(self) -> tuple[range, Span]:
        """The columns and the stretch of the day that are in sight, at least in part."""
        body = self.body
        first, last = self.column_at(body.left()), self.column_at(body.right())
        top, bottom = self.minute_at(body.top()), self.minute_at(body.bottom())
        # A card is never lower than some pixels, however short its visit.
        return range(first, last + 1), Span(max(top - 30, 0), bottom + 1)

    def visit_rect(self, place: Placed | Marked) -> QRect:
        """A visit's card: its lanes, a hair apart from its neighbours and never too thin to see."""
        return QRect(*self.visit_box(place))

    def visit_box(self, place: Placed | Marked) -> tuple[int, int, int, int]:
        """As `visit_rect` in plain numbers: left, top, width, height."""
        return self.box_in(*self.lanes_of(place.column), place)

    def lanes_of(self, column: int) -> tuple[int, int]:
        """Where the lanes of a column begin, and how wide all of them are together."""
        edges = self.edges
        start = self.ruler + edges[column] - self.scroll_x + 3
        return start, edges[column + 1] - edges[column] - 9

    def box_in(self, start: int, room: int, place: Placed | Marked) -> tuple[int, int, int, int]:
        """The `visit_box` of a place in the column with these lanes."""
        offset = self.groups + self.names + self.band - self.scroll_y
        span, hour, lane = place.span, self.hour_height, place.lane
        top = offset + span.starts_min * hour // 60
        tall = offset + span.ends_min * hour // 60 - top
        if isinstance(place, Placed):
            if place.has_slip:
                room -= self.slip + LANE_GAP
        elif place.is_slip:
            side = self.slip
            return start + room - 1 - side, top + 1, side, max(tall - 2, 10)
        if lane.count == 1:
            return start, top + 1, room, max(tall - 2, LOWEST_CARD - 1)
        reach = lane.index + lane.width
        left = start + room * lane.index // lane.count
        right = start + room * reach // lane.count
        if reach != lane.count:
            right -= LANE_GAP
        return left, top + 1, right - left, max(tall - 2, LOWEST_CARD - 1)
