"""The time grid: one painted widget with columns of people, rooms and days.

Two layers. What stands still (hours, lines, visits, notes) is painted into a pixmap when it, the scroll
position or the size changes; cursor, selection, the visit being dragged, the booking being filled in
and the now-line lie above it and repaint only their own rectangles. No query is ever made here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
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
from medsec_desktop.services.calendar import AppointmentRow
from medsec_desktop.services.calendar.views import GridColumn, GridView
from medsec_desktop.ui.calendar import words
from medsec_desktop.ui.calendar.grid import captions
from medsec_desktop.ui.calendar.grid.arranged import Arranged, Picture
from medsec_desktop.ui.calendar.grid.geometry import (
    HOUR_HEIGHTS,
    Banner,
    Cursor,
    Geometry,
    Marked,
    Placed,
    Proposal,
)
from medsec_desktop.ui.calendar.grid.grid_items import GridItems
from medsec_desktop.ui.calendar.grid.keys import Keys
from medsec_desktop.ui.calendar.grid.look import Look
from medsec_desktop.ui.calendar.grid.overlay import Overlay
from medsec_desktop.ui.calendar.grid.painting import GridPainter
from medsec_desktop.ui.calendar.grid.pointer import Drag, Pointer
from medsec_desktop.ui.theme import Theme

_DEFAULT_ZOOM = HOUR_HEIGHTS.index(80)
_PICTURES = 3  # kept: before, after, and the one just left


class TimeGrid(QAbstractScrollArea):
    """Shows one `GridView` and passes on wishes; it changes nothing itself."""

    book_wished = Signal(object, int, int)  # column, start minute, minutes (0: the type's own)
    time_chosen = Signal(object, int, int)  # the cursor stands on free time: as above
    visit_chosen = Signal(int)  # selected: show it beside the grid
    visit_opened = Signal(int)  # Enter or double click
    mark_opened = Signal(object)  # Enter or double click on a `Marked`
    mark_removed = Signal(object)  # Delete on a `Marked`
    note_opened = Signal(object)  # a click on a `NoteRow` above the day
    move_wished = Signal(int, object, int)  # visit, column, start minute
    resize_wished = Signal(int, int, int)  # visit, start minute, minutes
    cancel_wished = Signal(int)
    cut_wished = Signal(int)
    paste_wished = Signal(object, int)  # column, start minute
    days_wished = Signal(int)  # other days, that many on
    typed = Signal(str)  # a letter typed on the grid begins a name
    hold_ended = Signal()  # one on the screen ran out: read again
    touched = Signal()  # a key pressed anew, or the mouse: what was put off has to be there now

    def __init__(
        self,
        theme: Theme,
        formats: Formats,
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ):
        super().__init__(parent)
        self._theme, self.formats, self._now = theme, formats, now
        self.view: GridView | None = None
        self.cursor_at: Cursor | None = None
        self.selected_id: int | None = None
        self.items, self.overlay = GridItems(self), Overlay(self)
        self._keys, self._pointer = Keys(self), Pointer(self)
        self._layer: QPixmap | None = None
        self._arranged = Arranged(GridView((), 15, ()))
        self._pictures: list[Picture] = []
        self._spare: QPixmap | None = None  # of a picture dropped, to paint the next one on
        self._zoom = _DEFAULT_ZOOM
        self.measures = Geometry()
        self.may_edit = True
        self.is_key_held = False  # the last key came by repeating itself
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Calendar")
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
        self._coloured_by = "type"
        self._restyle()

    # -- what is shown --------------------------------------------------------------------------

    def show_view(self, view: GridView) -> None:
        """Show columns; the cursor and the visit selected stay where they still make sense."""
        before = self.view
        self._keep_picture()
        known = next((each for each in self._pictures if each.arranged.view is view), None)
        self._arranged = known.arranged if known else Arranged(view)
        self.view = view
        self.items.forget()
        self._arranged.shape(self.measures)
        if self.selected_id is not None and self.place_of(self.selected_id) is None:
            self.selected_id = None
        if self.cursor_at is not None and self.cursor_at.column >= len(view.columns):
            self.cursor_at = None
        if before is None or before.days != view.days:
            self.overlay.propose(None, None)
        self.setAccessibleName(captions.spoken_grid(view, self.formats))
        self._measure()
        if known is not None and known.holds(self.measures, self._look, self._now().date()):
            self._layer = known.layer
        if before is None or not before.columns:
            self.scroll_to_minute(self._opening_min() - 15)
        if self.cursor_at is None and view.columns:
            self.set_cursor(Cursor(0, self._first_cell()), quietly=True)

    def prepare(self, view: GridView) -> None:
        """Arrange and paint what is likely to be shown next, as it would look now."""
        arranged, like = Arranged(view), replace(self.measures)
        arranged.shape(like)
        if like == self.measures and self.isVisible():
            self._add_picture(arranged, self._painted_layer(arranged))

    def _keep_picture(self) -> None:
        """What is shown is often come back to."""
        if self._layer is not None:
            self._add_picture(self._arranged, self._layer)

    def _add_picture(self, arranged: Arranged, layer: QPixmap) -> None:
        picture = Picture(arranged, layer, self.measures, self._look, self._now().date())
        others = [each for each in self._pictures if each.arranged.view is not arranged.view]
        self._pictures = [*others, picture]
        if len(self._pictures) > _PICTURES:
            dropped = self._pictures.pop(0).layer
            self._spare = None if dropped is self._layer else dropped

    def colour_by(self, by: str) -> None:
        """Colour visits by "type", "provider", "status" or "payer"."""
        self._coloured_by = by
        self._restyle()

    @property
    def coloured_by(self) -> str:
        return self._coloured_by

    def column_of_day(self, day: date) -> int | None:
        """The first column of a day."""
        columns = self.view.columns if self.view else ()
        return next((i for i, column in enumerate(columns) if column.day == day), None)

    @property
    def places(self) -> tuple[Placed, ...]:
        """Every visit with its place, column by column, by time."""
        return self._arranged.places

    @property
    def marks(self) -> tuple[Marked, ...]:
        """Notes, holds, block-outs and absences with their places."""
        return self._arranged.marks

    @property
    def banners(self) -> tuple[Banner, ...]:
        """The notes above the days."""
        return self._arranged.banners

    def places_in(self, column: int) -> tuple[Placed, ...]:
        """The visits of a column with their places."""
        return self._arranged.places_in(column)

    def marks_in(self, column: int) -> tuple[Marked, ...]:
        """What else stands at a time of a column."""
        return self._arranged.marks_in(column)

    def places_of(self, visit_id: int) -> Sequence[Placed]:
        """Every card of a visit: by provider and by room there may be two."""
        return self._arranged.places_of(visit_id)

    @property
    def column_at_cursor(self) -> GridColumn | None:
        """The column the cursor stands in."""
        if self.view is None or self.cursor_at is None:
            return None
        return self.view.columns[self.cursor_at.column]

    @property
    def mark_at_cursor(self) -> Marked | None:
        """The note, hold or block-out under the cursor while no visit is selected."""
        cursor = self.cursor_at
        if cursor is None or self.selected_id is not None:
            return None
        marks = self._arranged.marks_in(cursor.column)
        here = [mark for mark in marks if mark.span.overlaps(cursor.span)]
        order = ("note", "hold", "block", "away", "clock")
        return min(here, key=lambda mark: order.index(mark.kind), default=None)

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

    def show_proposal(self, proposal: Proposal | None, day: date | None = None) -> None:
        """Draw the booking being filled in on its day, or take it away."""
        self.update_overlay()
        if self.overlay.propose(proposal, day):
            self.update_overlay()
            self._bring_proposal_into_sight()

    def _bring_proposal_into_sight(self) -> None:
        shown = self.overlay.proposed_at
        if shown is not None:
            self._bring_into_sight(shown)

    def place_cursor(self, provider_id: int, span: Span) -> None:
        """Put the cursor on a provider's time and bring it into sight."""
        for index, column in enumerate(self.view.columns if self.view else ()):
            if column.provider_id == provider_id:
                self.set_cursor(Cursor(index, span), quietly=True)
                return

    def stand_on(self, day: date) -> None:
        """Bring the cursor to a day of the week shown, at the time it stands at."""
        column = self.column_of_day(day)
        here = self.column_at_cursor
        if column is not None and (here is None or here.day != day):
            span = self.cursor_at.span if self.cursor_at else self._first_cell()
            self.set_cursor(Cursor(column, span), quietly=True)

    def visit_at_cursor(self) -> AppointmentRow | None:
        """The visit selected, or None when the cursor is on free time."""
        place = self.place_of(self.selected_id) if self.selected_id is not None else None
        return place.visit if place else None

    def visits_shown(self) -> tuple[AppointmentRow, ...]:
        """All visits on the grid that are to take place or did, each once, by time."""
        rows = {place.visit.id: place.visit for place in self.places}
        kept = (row for row in rows.values() if row.status.holds_its_slot)
        return tuple(sorted(kept, key=lambda row: (row.starts_at, row.id)))

    def visits_under_cursor(self) -> tuple[AppointmentRow, ...]:
        """Those among them the cursor touches in its column, once it is stretched over free and taken time."""
        cursor = self.cursor_at
        if cursor is None:
            return ()
        touched = {
            place.visit.id
            for place in self.places
            if place.column == cursor.column and place.span.overlaps(cursor.span)
        }
        return tuple(row for row in self.visits_shown() if row.id in touched)

    def place_of(self, visit_id: int | None) -> Placed | None:
        found = self.places_of(visit_id) if visit_id is not None else ()
        return found[0] if found else None

    def rect_of(self, visit_id: int) -> QRect:
        """Where a visit's card is, in pixels of the viewport; empty when it is not on this day."""
        place = self.place_of(visit_id)
        return self.measures.visit_rect(place) if place else QRect()

    def point_at(self, column: int, minute: int) -> QPoint:
        """The middle of a step of time, in pixels of the viewport."""
        area = self.measures.span_rect(column, Span(minute, minute + self.step_min))
        return area.center()

    # -- zoom and scrolling ---------------------------------------------------------------------

    @property
    def zoom(self) -> int:
        """Which of the heights of an hour is shown."""
        return self._zoom

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
        """Another theme, zoom, screen or colouring: what was shaped and drawn for the last is dropped."""
        self._look = Look.of(self._theme, self.devicePixelRatioF(), self._coloured_by)
        self._measure()

    def _measure(self) -> None:
        geometry = self.measures
        geometry.hour_height = self._theme.px(HOUR_HEIGHTS[self._zoom])
        geometry.ruler = self._theme.px(56)
        geometry.names = self._theme.px(48)
        geometry.groups = self._theme.px(26) if geometry.groups_shown else 0
        geometry.band_row = self._theme.px(22)
        geometry.slip = self._theme.px(18)
        geometry.band = geometry.band_rows * geometry.band_row + (4 if geometry.band_rows else 0)
        is_week = self.view is not None and self.view.is_week
        geometry.min_column = self._theme.px(104 if is_week else 132)
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
            self._layer = self._painted_layer(self._arranged)
        painter = QPainter(self.viewport())
        # Qt clips to the dirty region; cutting a source rectangle out would blur at 125 %.
        painter.drawPixmap(0, 0, self._layer)
        if self.view is not None:
            self.overlay.paint(painter, self._painter(), self.view, event.rect())
        painter.end()

    def _painted_layer(self, arranged: Arranged) -> QPixmap:
        spare, self._spare = self._spare, None
        return self._painter().layer(arranged, self._now(), spare)

    def _painter(self) -> GridPainter:
        return GridPainter(self._look, self.measures, self.formats)

    def update_overlay(self) -> None:
        """Mark what lies above the grid as dirty; called before and after it moves."""
        if self.view is None or (self.cursor_at is None and not self._arranged.has_visits):
            self.viewport().update()
            return
        for area in self.overlay.areas():
            self.viewport().update(area.adjusted(-3, -3, 3, 3))

    @property
    def drag(self) -> Drag | None:
        """What the mouse has hold of."""
        return self._pointer.drag

    def now(self) -> datetime:
        return self._now()

    def _move_now_line(self) -> None:
        now = self._now()
        minute = now.hour * 60 + now.minute
        if minute != self._now_shown_min:
            for shown in (self._now_shown_min, minute):
                y = self.measures.y_of(shown)
                self.viewport().update(QRect(0, y - 6, self.measures.width, 12))
            self._now_shown_min = minute
            self._count_holds_down(now)

    def _count_holds_down(self, now: datetime) -> None:
        """Holds say how long they still last; one that ran out is read again."""
        if self.view is None:
            return
        holds = [hold for column in self.view.columns for hold in column.holds]
        before = self.view.read_at
        if before is not None and any(before < hold.expires_at <= now for hold in holds):
            self.hold_ended.emit()
        elif holds:
            self.redraw()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._minute.start()
        # A booking begun from elsewhere was proposed before the grid had its height.
        QTimer.singleShot(0, self, self._bring_proposal_into_sight)

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
        spans += [visit.span for column in self.view.columns for visit in column.visits]
        return min((span.starts_min for span in spans), default=8 * 60)

    def _first_cell(self) -> Span:
        """Where the cursor begins: the first free time of the day, on today's page from now on."""
        assert self.view is not None
        start = self._opening_min()
        now = self._now()
        if now.date() == self.view.columns[0].day:
            start = max(start, (now.hour * 60 + now.minute) // self.step_min * self.step_min)
        start = min(start, DAY_MIN - self.step_min)
        cells = [
            Span(minute, minute + self.step_min)
            for minute in range(start, DAY_MIN - self.step_min + 1, self.step_min)
        ]
        standing = (*self._arranged.places_in(0), *self._arranged.marks_in(0))
        taken = [each.span for each in standing]
        free = [cell for cell in cells if not any(span.overlaps(cell) for span in taken)]
        hours = self.view.columns[0].hours
        worked = (cell for cell in free if any(span.holds(cell) for span in hours))
        return next(worked, None) or next(iter(free), cells[0])

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
        mark = self.mark_at_cursor
        if mark is not None:
            self._tell_reader(captions.spoken_mark(mark, column, self._now(), self.formats))
        else:
            self._tell_reader(self._spoken_cell(column, span))
        if not quietly:
            self.time_chosen.emit(column, span.starts_min, span.duration_min)

    def _spoken_cell(self, column: GridColumn, span: Span) -> str:
        assert self.view is not None
        text = words.spoken_cell(
            column.called, span.starts_at(column.day), span.duration_min, self.formats
        )
        if column.closed:
            text = f"{text.removesuffix('free')}closed: {column.closed}"
        elif not any(worked.holds(span) for worked in column.hours):
            text = f"{text.removesuffix('free')}outside hours"
        return f"{self.formats.long_date(column.day)}, {text}" if self.view.is_week else text

    def go_to(self, column: int, minute: int) -> None:
        """Step onto a cell: the first visit that touches it is selected, else its time is chosen."""
        minute = min(max(minute, 0), DAY_MIN - self.step_min)
        cell = Span(minute, minute + self.step_min)
        for place in self._arranged.places_in(column):
            if place.span.overlaps(cell):
                self.select_visit(place.visit.id)
                return
        self.set_cursor(Cursor(column, cell))

    def _bring_into_sight(self, cursor: Cursor) -> None:
        body, area = self.measures.body, self.overlay.area(cursor)
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
            tree = QAccessible.queryAccessibleInterface(self)
            child = tree.focusChild() if tree is not None else None
            event.setChild(tree.indexOfChild(child) if tree is not None and child else -1)
            QAccessible.updateAccessibility(event)

    # -- keyboard -------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Every key passes here first, also those that are an action's."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            self.is_key_held = event.isAutoRepeat()
            if not self.is_key_held:
                self.touched.emit()
        return super().event(event)

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
        mark = self.mark_at_cursor
        if mark is not None and not mark.is_ground:
            self.mark_opened.emit(mark)
            return
        span = self.cursor_at.span
        # A single step is just where the cursor stands; only a longer stretch says how long.
        length = span.duration_min if span.duration_min > self.step_min else 0
        self.book_wished.emit(self.view.columns[self.cursor_at.column], span.starts_min, length)

    # -- mouse ----------------------------------------------------------------------------------

    def is_on_a_column(self, point: QPoint) -> bool:
        """Whether a point of the viewport lies on the hours of one."""
        return bool(self.view and self.view.columns) and self.measures.body.contains(point)

    def visit_under(self, point: QPoint) -> Placed | None:
        """The visit at a point of the viewport; of overlapping cards the last painted."""
        if not self.is_on_a_column(point):
            return None
        for place in reversed(self._arranged.places_in(self.measures.column_at(point.x()))):
            # The hair between two cards is theirs: it is no free time to book.
            if self.measures.visit_rect(place).adjusted(0, -1, 0, 1).contains(point):
                return place
        return None

    def mark_under(self, point: QPoint) -> Marked | None:
        """The note, hold or block-out at a point of the viewport."""
        if not self.is_on_a_column(point):
            return None
        marks = self._arranged.marks_in(self.measures.column_at(point.x()))
        for mark in marks:
            if not mark.is_ground and self.measures.visit_rect(mark).contains(point):
                return mark
        for mark in marks:
            if self.measures.span_rect(mark.column, mark.span).contains(point):
                return mark
        return None

    def note_under(self, point: QPoint) -> Banner | None:
        """The note above the day at a point of the viewport."""
        for banner in self.banners:
            if self.measures.banner_rect(banner).contains(point):
                return banner
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.touched.emit()
        self._pointer.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pointer.release()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._pointer.double_click(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._show_tip(event)
            return True
        if event.type() == QEvent.Type.DevicePixelRatioChange:  # moved to another screen
            self._restyle()
        return super().viewportEvent(event)

    def _show_tip(self, event: QHelpEvent) -> None:
        point = event.pos()
        place, mark, banner = (
            self.visit_under(point), self.mark_under(point), self.note_under(point),
        )  # fmt: skip
        if place is not None:
            text, area = words.hover(place.visit, self.formats), self.measures.visit_rect(place)
        elif mark is not None and self.view is not None:
            column = self.view.columns[mark.column]
            text = captions.spoken_mark(mark, column, self._now(), self.formats)
            area = self.measures.visit_rect(mark)
        elif banner is not None:
            text, area = banner.note.text, self.measures.banner_rect(banner)
        else:
            QToolTip.hideText()
            return
        shown = escape(text).replace("\n", "<br>")
        wrap = "pre" if place is not None else "pre-wrap"
        QToolTip.showText(
            event.globalPos(), f"<p style='white-space:{wrap}'>{shown}</p>", self.viewport(), area
        )
