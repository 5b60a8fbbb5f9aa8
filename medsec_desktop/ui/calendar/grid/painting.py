"""Draws the time grid's two layers: all that stands on it once, and what moves above it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPixmap, QRegion

from medsec_desktop.domain.formats import Formats
from medsec_desktop.ui.calendar.grid import captions
from medsec_desktop.ui.calendar.grid.arranged import Arranged
from medsec_desktop.ui.calendar.grid.cards import Cards
from medsec_desktop.ui.calendar.grid.geometry import Geometry, Marked, Placed
from medsec_desktop.ui.calendar.grid.ground import Ground
from medsec_desktop.ui.calendar.grid.heads import Heads, paint_note
from medsec_desktop.ui.calendar.grid.look import ELIDE, LEFT, TIGHT, Look

if TYPE_CHECKING:
    from collections.abc import Iterable


class GridPainter:
    """Paints one screenful in one look at one geometry."""

    def __init__(self, look: Look, geometry: Geometry, formats: Formats):
        self.look = look
        self.geometry = geometry
        self.formats = formats

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
        Cards(look, geometry, self.formats).paint(painter, arranged, columns, minutes)
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
