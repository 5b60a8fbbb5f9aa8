"""Draws the time grid's two layers: all that stands on it once, and what moves above it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPainter, QPen, QPixmap, QRegion

from medsec_desktop.domain.calendar import VisitStatus
from medsec_desktop.domain.formats import Formats
from medsec_desktop.ui.calendar.grid import captions
from medsec_desktop.ui.calendar.grid.arranged import Arranged
from medsec_desktop.ui.calendar.grid.colours import TOLD_APART_BY
from medsec_desktop.ui.calendar.grid.geometry import LOWEST_CARD, Geometry, Marked, Placed
from medsec_desktop.ui.calendar.grid.ground import Ground
from medsec_desktop.ui.calendar.grid.heads import Heads, paint_note
from medsec_desktop.ui.calendar.grid.lines import Lines
from medsec_desktop.ui.calendar.grid.look import ELIDE, LEFT, TIGHT, WHOLE, Look
from medsec_desktop.ui.theme import Category

if TYPE_CHECKING:
    from collections.abc import Iterable

    from medsec_desktop.services.calendar import AppointmentRow

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


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class _Kind:
    """What visits of one type, status and colour have in common on a card."""

    category: Category
    is_freed: bool
    is_plain: bool  # no sign, nothing struck through
    has_buffers: bool
    type_name: str


class GridPainter:
    """Paints one screenful in one look at one geometry."""

    def __init__(self, look: Look, geometry: Geometry, formats: Formats):
        self.look = look
        self.geometry = geometry
        self.formats = formats
        self._line = look.small_metrics.height()
        self._rooms: dict[tuple[int, int], _Room] = {}
        self._kinds: dict[object, _Kind] = {}
        self._told_apart = attrgetter(TOLD_APART_BY[look.coloured_by])
        self._said: dict[tuple[int, str], str] = {}
        self._faces = look.face("name"), look.face("strong")

    # -- the layer painted once -----------------------------------------------------------------

    def layer(self, arranged: Arranged, now: datetime, spare: QPixmap | None = None) -> QPixmap:
        """A picture of everything that stands still, painted over `spare` where there is one."""
        geometry, look, view = self.geometry, self.look, arranged.view
        heads = Heads(look, geometry, self.formats)
        ground = Ground(look, geometry, self.formats, heads)
        columns, minutes = geometry.seen()
        columns = range(columns.start, min(columns.stop, len(view.columns)))
        layer = ground.layer(view, columns, now.date(), spare)
        painter = QPainter(layer)
        painter.setClipRect(geometry.body)
        marks = [mark for column in columns for mark in arranged.marks_in(column)]
        ground.paint_above(painter, view, columns, marks)
        self.paint_visits(
            painter,
            (
                place
                for column in columns
                for place in arranged.places_in(column)
                if place.span.overlaps(minutes)
            ),
        )
        for mark in marks:
            area = geometry.visit_rect(mark)
            if not mark.is_ground and area.intersects(geometry.body):
                self._paint_mark(painter, mark, area, now)
        painter.setClipping(False)
        if heads.tell_days(view):
            heads.paint_columns(painter, view, columns, now.date())
        heads.paint_above(painter, view, arranged.banners, now.date())
        painter.end()
        return layer

    def _paint_mark(self, painter: QPainter, mark: Marked, area: QRect, now: datetime) -> None:
        row = mark.row
        if mark.kind == "note":
            text = getattr(row, "text", "")
            paint_note(painter, self.look, area, getattr(row, "colour", ""), text)
            return
        self._paint_hold(
            painter, area, getattr(row, "title", ""), getattr(row, "expires_at", now), now
        )

    def _paint_hold(
        self, painter: QPainter, area: QRect, title: str, until: datetime, now: datetime
    ) -> None:
        """Kept for somebody: a dashed frame and how long it still is; past it, struck through."""
        colours = self.look.colours
        over = until <= now
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setBrush(colours["surface"] if over else colours["warning_soft"])
        painter.setPen(QPen(colours["edge" if over else "warning"], 1.5, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(area.adjusted(1, 1, -2, -2), 4, 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        left = captions.hold_left(until, now, self.formats)
        ink = colours["muted" if over else "warning"]
        if area.height() < 2 * self.look.small_metrics.height() + 4:
            # One line: for whom comes first, and how long only where all of it has room.
            both = self.look.small_metrics.horizontalAdvance(f"{title} · {left}")
            title, left = (left if both <= area.width() - 13 else ""), title
        self._paint_two_words(painter, area, title, left, ink, struck=over)

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

    # -- a visit's card -------------------------------------------------------------------------

    def paint_visits(self, painter: QPainter, places: Iterable[Placed]) -> None:
        """Their cards, then what is written on them.

        A card lower than its letters reaches into the next: its words go with it, below that one.
        """
        lines, box = Lines(), self.geometry.visit_box
        for place in places:
            left, top, width, height = box(place)
            if height < LOWEST_CARD:
                low = Lines()
                self._paint_card(painter, place, left, top, width, height, low)
                low.paint(painter)
            else:
                self._paint_card(painter, place, left, top, width, height, lines)
        lines.paint(painter)

    def _paint_card(
        self,
        painter: QPainter,
        place: Placed,
        left: int,
        top: int,
        width: int,
        height: int,
        lines: Lines,
    ) -> None:
        """A card in its type's colours; one that holds no time any more is only outlined.

        In plain numbers, and the usual card first: it is done for every visit of a picture.
        """
        visit, look = place.visit, self.look
        kind = self._kind_of(visit)
        category = kind.category
        if kind.is_freed:
            self._paint_outline_only(painter, QRect(left, top, width, height), category)
        else:
            if kind.has_buffers:
                self._paint_buffers(painter, place, QRect(left, top, width, height), category)
            look.paint_card(painter, left, top, width, height, category)
        room = self._rooms.get((width, height))
        if room is None:
            room = self._rooms[width, height] = self._room(width, height)
        if not (kind.is_plain and room.is_roomy) or visit.has_alert or visit.reason:
            self._write_much(painter, place, left, top, room, kind, lines)
            return
        name = look.cut(room.face, visit.patient_name, room.width)
        lines.of(room.face, room.font, category.ink).plain.append(
            (left + 9, top + room.name_at, name)
        )
        if room.rows:
            said = look.words("small", self._details(place, kind), room.width)
            lines.of("small", look.small, category.ink).shaped.append(
                (left + 9, top + room.first_row, said.text)
            )

    def _kind_of(self, visit: AppointmentRow) -> _Kind:
        key = (visit.type_id, visit.status, self._told_apart(visit))
        kind = self._kinds.get(key)
        if kind is None:
            freed = not visit.status.holds_its_slot
            kind = self._kinds[key] = _Kind(
                self.look.category_of(visit),
                freed,
                not freed and visit.status not in _SIGNS,
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
    ) -> None:
        """The words of a card that shows signs, a reason, or all of it in one line."""
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
        texts = [text for text in (details, visit.reason) if text]
        for number, text in enumerate(texts[: room.rows]):
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

    # -- what moves -----------------------------------------------------------------------------

    def paint_cursor(
        self, painter: QPainter, area: QRect, text: str, has_focus: bool, over_visits: bool
    ) -> None:
        """The time chosen: a tint with a border, its times inside where they fit.

        Where a border would cut through the letters, the stretch is filled. Over visits the times
        have a ground of their own, so that nobody's name runs into them.
        """
        colours, metrics = self.look.colours, self.look.strong_metrics
        is_low = area.height() < metrics.height() + 6
        tint = QColor(colours["accent"])
        tint.setAlpha(255 if is_low and has_focus else 36 if has_focus else 20)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setBrush(tint)
        painter.setPen(QPen(colours["focus"], 2) if has_focus else QPen(colours["edge"], 1))
        painter.drawRoundedRect(area.adjusted(1, 1, -2, -2), 4, 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        inner = area.adjusted(9, 0, -4, -1)
        if metrics.horizontalAdvance(text) > inner.width():
            text = text.partition("–")[0]  # from when, at least
        if inner.height() < metrics.capHeight() or inner.width() < metrics.horizontalAdvance(text):
            return
        painter.setFont(self.look.strong)
        if over_visits and not is_low:
            ground = painter.boundingRect(inner, TIGHT, text).adjusted(-4, -1, 4, 1)
            painter.fillRect(ground, colours["accent_soft"])
        painter.setPen(colours["on_accent" if is_low and has_focus else "accent"])
        painter.drawText(inner, TIGHT, text)

    def paint_outline(self, painter: QPainter, area: QRect, has_focus: bool) -> None:
        """The ring around the visit selected; around a card as low as its letters, outside it."""
        if area.height() < self.look.name_metrics.height():
            area = area.adjusted(-1, -2, 1, 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        colour = self.look.colours["focus" if has_focus else "edge"]
        painter.setPen(QPen(colour, 2))
        painter.drawRoundedRect(area.adjusted(0, 0, -1, -1), 4, 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def paint_proposal(self, painter: QPainter, area: QRect, name: str, times: str) -> None:
        """The booking being filled in, where it would stand."""
        colours = self.look.colours
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setBrush(colours["accent_soft"])
        painter.setPen(QPen(colours["accent"], 1.5, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(area.adjusted(1, 1, -2, -2), 4, 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self._paint_two_words(painter, area, name, times, colours["text"])

    def paint_gap(self, painter: QPainter, area: QRect) -> None:
        """What a visit takes up now, emptied of its words while one of its ends is pulled."""
        colours = self.look.colours
        painter.fillRect(area, colours["surface"])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colours["edge"], 1, Qt.PenStyle.DashLine))
        painter.drawRect(area.adjusted(0, 0, -1, -1))

    def paint_ghost(self, painter: QPainter, place: Placed, area: QRect, times: str) -> None:
        """The visit being dragged."""
        category = self.look.category_of(place.visit)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setBrush(category.fill)
        painter.setPen(QPen(category.edge, 2))
        painter.drawRoundedRect(area.adjusted(1, 1, -2, -2), 4, 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self._paint_two_words(painter, area, place.visit.patient_name, times, category.ink)

    def _paint_two_words(
        self,
        painter: QPainter,
        area: QRect,
        name: str,
        times: str,
        ink: QColor,
        *,
        struck: bool = False,
    ) -> None:
        look, inner = self.look, area.adjusted(9, 1, -4, -1)
        line = look.small_metrics.height()
        painter.setPen(ink)
        strong = QFont(look.strong)
        strong.setStrikeOut(struck)
        painter.setFont(strong)
        if inner.height() >= 2 * line + 2:
            first = QRect(inner.left(), inner.top() + 2, inner.width(), line)
            second = first.translated(0, line)
        else:
            first = second = inner
        if first is not second:
            painter.drawText(
                first, LEFT, look.strong_metrics.elidedText(name, ELIDE, first.width())
            )
            name = ""
        painter.setFont(look.small)
        text = f"{times} · {name}" if name else times
        painter.drawText(second, LEFT, look.small_metrics.elidedText(text, ELIDE, second.width()))

    def paint_now(
        self, painter: QPainter, minute: int, cards: Iterable[QRect], columns: QRect
    ) -> None:
        """The line of the present moment, with a knob on the ruler; it passes behind the cards."""
        geometry, colour = self.geometry, self.look.colours["danger"]
        y = geometry.y_of(minute)
        free = QRegion(geometry.body)
        for card in cards:
            free -= QRegion(card)
        painter.save()
        painter.setClipRegion(free)
        painter.setPen(QPen(colour, 1))
        painter.drawLine(columns.left(), y, columns.right(), y)
        painter.restore()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawEllipse(QPoint(geometry.ruler - 1, y), 4, 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
