"""Cards of visits: their colors, signs and words, and the time kept free around them."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPainter, QPen, QPixmap

from medsec_desktop.domain.calendar import Span, VisitStatus
from medsec_desktop.domain.formats import Formats
from medsec_desktop.ui.calendar.grid.colours import TOLD_APART_BY
from medsec_desktop.ui.calendar.grid.geometry import LOWEST_CARD, Geometry, Marked, Placed
from medsec_desktop.ui.calendar.grid.lines import Lines
from medsec_desktop.ui.calendar.grid.look import WHOLE, Look
from medsec_desktop.ui.theme import Category

if TYPE_CHECKING:
    from collections.abc import Iterable

    from medsec_desktop.services.calendar import AppointmentRow
    from medsec_desktop.services.calendar.views import GridColumn
    from medsec_desktop.ui.calendar.grid.arranged import Arranged

_SIGNS = {
    VisitStatus.CONFIRMED: "check",
    VisitStatus.ARRIVED: "user-check",
    VisitStatus.IN_ROOM: "door-open",
    VisitStatus.DONE: "circle-check",
    VisitStatus.NO_SHOW: "user-x",
    VisitStatus.CANCELLED: "calendar-x",
    VisitStatus.LEFT: "log-out",
}
_LEAST_SIGN = 9  # pixels below which a sign is a blot


class _Ground:
    """What lies below the cards of a column, where that is of one colour."""

    def __init__(self, column: GridColumn, marks: Iterable[Marked]):
        self._hours = [(span.starts_min, span.ends_min) for span in column.hours]
        # Hatches, and what visits painted before keep free around them, are seen at a card's corners.
        self.is_plain = not column.closed and not any(mark.is_ground for mark in marks)

    def token(self, span: Span) -> str:
        """The colour below a stretch, '' where it is not one."""
        if not self.is_plain:
            return ""
        starts, ends = span.starts_min, span.ends_min
        for first, last in self._hours:
            if first < ends and starts < last:
                return "surface" if first <= starts and ends <= last else ""
        return "sunken"


@dataclass(frozen=True, slots=True, eq=False)
class _Room:
    """How a card of some size is written on: pixels from its top, and to its right end."""

    face: str
    font: QFont
    width: int
    is_roomy: bool  # for more than one line
    first_top: int
    first_line: int  # how tall
    name_at: int  # where its letters stand
    stroke_at: int
    first_row: int  # below the name
    rows: int  # how many


@dataclass(frozen=True, slots=True, eq=False)
class _Kind:
    """What visits of one type, status and colour have in common on a card."""

    category: Category
    is_freed: bool
    is_plain: bool  # no sign, nothing struck through
    has_buffers: bool
    type_name: str


class Cards:
    """Paints the visits of one picture; what many of them have in common is worked out once."""

    def __init__(self, look: Look, geometry: Geometry, formats: Formats):
        self.look = look
        self.geometry = geometry
        self.formats = formats
        self._line = look.small_metrics.height()
        self._rooms: dict[tuple[int, int], _Room] = {}
        self._kinds: dict[object, _Kind] = {}
        self._told_apart = attrgetter(TOLD_APART_BY[look.coloured_by])
        self._said: dict[tuple[int, str], str] = {}
        self._usual: dict[object, tuple[_Kind, _Room, QPixmap | None]] = {}
        self._faces = look.face("name"), look.face("strong")

    def paint(
        self, painter: QPainter, arranged: Arranged, columns: Iterable[int], minutes: Span
    ) -> None:
        """The cards of some columns that touch a stretch of the day, then what is written on them.

        A card lower than its letters reaches into the next: its words go with it, below that one.
        """
        lines, geometry = Lines(), self.geometry
        first, last = minutes.starts_min, minutes.ends_min
        for column in columns:
            ground = _Ground(arranged.view.columns[column], arranged.marks_in(column))
            start, room = geometry.lanes_of(column)
            for place in arranged.places_in(column):
                span = place.span
                if span.starts_min >= last or span.ends_min <= first:
                    continue
                box = geometry.box_in(start, room, place)
                if box[3] < LOWEST_CARD:
                    low = Lines()
                    self._paint_card(painter, place, box, low, ground)
                    low.paint(painter)
                else:
                    self._paint_card(painter, place, box, lines, ground)
        lines.paint(painter)

    def _paint_card(
        self,
        painter: QPainter,
        place: Placed,
        box: tuple[int, int, int, int],
        lines: Lines,
        ground: _Ground,
    ) -> None:
        """A card in its type's colours; one that holds no time any more is only outlined.

        In plain numbers, and the usual card first: it is done for every visit of a picture.
        """
        visit, (left, top, width, height) = place.visit, box
        below = ground.token(place.span)
        status, told_apart = visit.status, self._told_apart(visit)
        key = (place.span.starts_min, width, height, visit.type_id, status, told_apart, below)
        usual = self._usual.get(key)
        if usual is None:
            kind = self._kind_of(visit, status, told_apart)
            usual = self._usual[key] = self._usual_of(place, kind, width, height, below)
        kind, room, card = usual
        if card is not None:
            painter.drawPixmap(left, top, card)
            if kind.is_plain and room.rows and not visit.has_alert and not visit.reason:
                name = self.look.cut(room.face, visit.patient_name, room.width)
                lines.of(room.face, room.font, kind.category.ink).plain.append(
                    (left + 9, top + room.name_at, name)
                )
                return
        elif kind.is_freed:
            self._paint_outline_only(painter, QRect(*box), kind.category)
        else:
            if kind.has_buffers:
                ground.is_plain = False
                self._paint_buffers(painter, place, QRect(*box), kind.category)
            self.look.paint_card(painter, left, top, width, height, kind.category)
        is_said = card is not None and room.rows > 0
        self._write_much(painter, place, left, top, room, kind, lines, is_said)

    def _usual_of(
        self, place: Placed, kind: _Kind, width: int, height: int, below: str
    ) -> tuple[_Kind, _Room, QPixmap | None]:
        """What cards of one size, kind and beginning share; with a picture where it can be kept."""
        room = self._rooms.get((width, height))
        if room is None:
            room = self._rooms[width, height] = self._room(width, height)
        look = self.look
        if not below or kind.is_freed or kind.has_buffers or not look.may_keep(width, height):
            return kind, room, None
        said = look.cut("small", self._details(place, kind), room.width) if room.rows else ""
        card = look.card_on(below, width, height, kind.category, said, room.first_row)
        return kind, room, card

    def _kind_of(self, visit: AppointmentRow, status: VisitStatus, told_apart: object) -> _Kind:
        key = (visit.type_id, status, told_apart)
        kind = self._kinds.get(key)
        if kind is None:
            freed = not status.holds_its_slot
            kind = self._kinds[key] = _Kind(
                self.look.category_of(visit),
                freed,
                not freed and status not in _SIGNS,
                any(visit.buffers_min),
                visit.type_name,
            )
        return kind

    def _paint_outline_only(self, painter: QPainter, area: QRect, category: Category) -> None:
        look = self.look
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(QPen(category.edge, 1, Qt.PenStyle.DashLine))
        painter.setBrush(look.colours["surface"])
        if area.height() >= look.strong_metrics.height():
            painter.drawRoundedRect(area.adjusted(0, 0, -1, -1), 4, 4)
        else:  # a frame would be taken for more strokes through the name
            painter.fillRect(area, look.colours["surface"])
            painter.drawRoundedRect(QRect(area.left(), area.top(), 3, area.height() - 1), 1, 1)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _room(self, width: int, height: int) -> _Room:
        line = self._line
        face, font, name_line, ascent = self._faces[0]
        if height < name_line - 1:
            face, font, name_line, ascent = self._faces[1]
        roomy = height >= name_line + line + 2
        first_line = name_line if roomy else height
        first_top = 2 if roomy else 0
        name_top = first_top + (first_line - name_line) // 2
        first_row = first_top + first_line
        return _Room(
            face,
            font,
            width - 13,
            roomy,
            first_top,
            first_line,
            name_top + ascent,
            name_top + name_line // 2 + 1,
            first_row,
            max((height - first_row) // line, 0) if roomy else 0,
        )

    def _write_much(
        self,
        painter: QPainter,
        place: Placed,
        left: int,
        top: int,
        room: _Room,
        kind: _Kind,
        lines: Lines,
        is_said: bool,
    ) -> None:
        """The words of a card that shows signs, a reason, or all of it in one line.

        With `is_said` when it begins and its type stand on it already.
        """
        visit, look, left = place.visit, self.look, left + 9
        first = QRect(left, top + room.first_top, room.width, room.first_line)
        width = self._paint_signs(painter, place, first).width()
        freed = kind.is_freed
        ink = look.colours["muted"] if freed else kind.category.ink
        name = look.cut(room.face, visit.patient_name, width)
        names, small = lines.of(room.face, room.font, ink), lines.of("small", look.small, ink)
        names.plain.append((left, top + room.name_at, name))
        advance = look.advance(room.face, name)
        if freed:
            names.strokes.append((left, left + advance, top + room.stroke_at))
        details = self._details(place, kind)
        if not room.is_roomy:
            for text in (details, self.formats.time(visit.starts_at)):
                shown = look.words("small", text, WHOLE)
                if shown.advance <= width - advance - 8:
                    at = first.top() + (room.first_line - self._line) // 2
                    small.shaped.append((left + advance + 8, at, shown.text))
                    break
            return
        for number, text in enumerate((details, visit.reason)[: room.rows]):
            if not text or (is_said and number == 0):
                continue
            at = top + room.first_row + number * self._line
            small.shaped.append((left, at, look.words("small", text, room.width).text))

    def _details(self, place: Placed, kind: _Kind) -> str:
        """When a visit begins and of what type it is; the same for many of a picture."""
        key = (place.span.starts_min, kind.type_name)
        found = self._said.get(key)
        if found is None:
            time = self.formats.time(place.visit.starts_at)
            found = self._said[key] = f"{time} · {key[1]}" if key[1] else time
        return found

    def _paint_signs(self, painter: QPainter, place: Placed, line: QRect) -> QRect:
        """Status and alert at the right end of the first line; gives back the room left of them."""
        visit, look = place.visit, self.look
        side = min(look.theme.px(14), line.height() - 2)
        signs = []
        if visit.status in _SIGNS:
            signs.append((_SIGNS[visit.status], "text"))
        if visit.has_alert:
            signs.append(("triangle-alert", "warning"))
        for name, colour in signs:
            if side < _LEAST_SIGN or line.width() < side * 3:
                break
            pixmap = look.theme.pixmap(name, colour, side, look.ratio)
            top = line.top() + (line.height() - side) // 2
            painter.drawPixmap(QPoint(line.right() - side + 1, top), pixmap)
            line = line.adjusted(0, 0, -side - 4, 0)
        return line

    def _paint_buffers(
        self, painter: QPainter, place: Placed, area: QRect, category: Category
    ) -> None:
        """Time kept free around a visit: a stippled strip before and after its card."""
        visit = place.visit
        tint = QColor(category.fill)
        tint.setAlpha(150)
        for minutes, edge, sign in (
            (visit.buffer_before_min, area.top(), -1),
            (visit.buffer_after_min, area.bottom() + 1, 1),
        ):
            if minutes:
                height = minutes * self.geometry.hour_height // 60
                top = edge if sign > 0 else edge - height
                strip = QRect(area.left() + 1, top, area.width() - 2, height)
                painter.fillRect(strip, QBrush(tint, Qt.BrushStyle.Dense4Pattern))
