"""What lies below the visits: hours worked and not, closures, block-outs, lines, and the ruler."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QBrush, QPainter, QPen, QPixmap

from medsec_desktop.domain.calendar import DAY_MIN, Span, free_within
from medsec_desktop.domain.calendar.zones import ClockChange
from medsec_desktop.domain.formats import Formats
from medsec_desktop.services.calendar.views import GridColumn, GridView
from medsec_desktop.ui.calendar.grid.geometry import Geometry, Marked
from medsec_desktop.ui.calendar.grid.heads import Heads
from medsec_desktop.ui.calendar.grid.look import ELIDE, LEFT, RIGHT, Look

_WHOLE_DAY = Span(0, DAY_MIN)


class Ground:
    """Paints the empty columns: hours worked are bright, the rest sunken.

    A closed day is hatched and says why, block-outs are hatched the other way with their title;
    time kept for some types is tinted and framed. None of them is told by colour alone.
    """

    def __init__(self, look: Look, geometry: Geometry, formats: Formats, heads: Heads):
        self.look = look
        self.geometry = geometry
        self.formats = formats
        self._heads = heads

    def layer(self, view: GridView, shown: range, today: date, spare: QPixmap | None) -> QPixmap:
        """A picture of hours, lines, ruler and the columns' heads, to paint the rest upon.

        It is nobody else's afterwards. Heads that name their day are left out.

        It is made of `spare` where that has the right size: memory asked for anew comes page by page.
        """
        geometry = self.geometry
        width, height = geometry.width, geometry.height
        columns = [view.columns[index] for index in shown]
        key = (
            width, height, geometry.header, geometry.groups > 0, geometry.ruler, geometry.scroll_x,
            geometry.scroll_y, geometry.hour_height, geometry.edges, view.step_min, shown,
            self.formats, view.is_week,
            tuple((column.hours, bool(column.closed)) for column in columns),
            tuple(column.day == columns[0].day for column in columns),
        )  # fmt: skip
        with_heads = not self._heads.tell_days(view)
        if with_heads:
            key += tuple(
                (
                    each.title,
                    each.called,
                    each.colour,
                    each.closed,
                    each.differs,
                    each.away,
                    each.clock,
                )
                for each in columns
            )

        def draw() -> QPixmap:
            ratio = self.look.ratio
            picture = QPixmap(round(width * ratio), round(height * ratio))
            picture.setDevicePixelRatio(ratio)
            picture.fill(self.look.colours["surface"])
            painter = QPainter(picture)
            painter.setClipRect(geometry.body)
            for index in shown:
                self._paint_hours(painter, view, index)
            self._paint_lines(painter, view)
            painter.setClipping(False)
            self._paint_ruler(painter)
            if with_heads:
                self._heads.paint_columns(painter, view, shown, today)
            painter.end()
            return picture

        below = self.look.ground(key, draw)
        if spare is None or spare.deviceIndependentSize() != below.deviceIndependentSize():
            return below.copy()
        painter = QPainter(spare)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.drawPixmap(0, 0, below)
        painter.end()
        return spare

    def paint_above(
        self, painter: QPainter, view: GridView, shown: range, marks: Sequence[Marked]
    ) -> None:
        """Block-outs and why a day is closed, within the body."""
        for mark in marks:
            if isinstance(mark.row, ClockChange):
                self._paint_clock(painter, mark, mark.row)
            elif mark.is_ground:
                self._paint_block(painter, mark, view.columns[mark.column])
        for index in shown:
            if view.columns[index].closed and not view.columns[index].visits:
                self._paint_closed(painter, index, view.columns[index].closed)

    def _paint_hours(self, painter: QPainter, view: GridView, index: int) -> None:
        column, geometry, colours = view.columns[index], self.geometry, self.look.colours
        painter.fillRect(geometry.span_rect(index, _WHOLE_DAY), colours["sunken"])
        if column.closed:
            hatch = QBrush(colours["line"], Qt.BrushStyle.BDiagPattern)
            painter.fillRect(geometry.span_rect(index, _WHOLE_DAY), hatch)
            return
        for span in column.hours:
            painter.fillRect(geometry.span_rect(index, span), colours["surface"])

    def _paint_closed(self, painter: QPainter, index: int, closed: str) -> None:
        """The reason, on a plate that stays in sight however far one scrolls."""
        look, body = self.look, self.geometry.body
        column = self.geometry.column_rect(index)
        width = min(column.width() - 16, look.strong_metrics.horizontalAdvance(closed) + 20)
        plate = QRect(0, 0, width, look.strong_metrics.height() + 10)
        plate.moveCenter(column.center())
        plate.moveTop(body.top() + 16)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(QPen(look.colours["warning"], 1))
        painter.setBrush(look.colours["warning_soft"])
        painter.drawRoundedRect(plate, 4, 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(look.colours["warning"])
        painter.setFont(look.strong)
        painter.drawText(
            plate,
            int(Qt.AlignmentFlag.AlignCenter),
            look.strong_metrics.elidedText(closed, ELIDE, plate.width() - 12),
        )

    def _paint_block(self, painter: QPainter, mark: Marked, column: GridColumn) -> None:
        look, colours = self.look, self.look.colours
        area = self.geometry.span_rect(mark.column, mark.span).adjusted(1, 1, -1, 0)
        if not area.intersects(self.geometry.body):
            return
        row = mark.row
        reserved = getattr(row, "kind", "") == "reserved"
        if reserved:
            painter.fillRect(area, colours["accent_soft"])
            painter.setPen(QPen(colours["accent"], 1, Qt.PenStyle.DotLine))
        else:
            painter.fillRect(area, colours["sunken"])
            painter.fillRect(area, QBrush(colours["line"], Qt.BrushStyle.FDiagPattern))
            painter.setPen(QPen(colours["edge"], 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(area.adjusted(0, 0, -1, -1))
        # At the right of the cards: seen even where the whole stretch is booked.
        colour = colours["accent" if reserved else "edge"]
        painter.fillRect(QRect(area.right() - 3, area.top(), 3, area.height()), colour)
        title = getattr(row, "title", "")
        text = f"Only {title}" if reserved else title
        line = look.small_metrics.height()
        gap = self._free_of_cards(mark, column, line)
        if gap is None:
            return
        width = min(look.strong_metrics.horizontalAdvance(text) + 10, area.width() - 8)
        plate = QRect(area.left() + 4, gap + 2, width, line)
        # Words on a hatch are hard to read: they get a plain strip of their own.
        painter.fillRect(plate, colours["accent_soft"] if reserved else colours["sunken"])
        painter.setFont(look.strong)
        painter.setPen(colours["accent"] if reserved else colours["muted"])
        shown = look.strong_metrics.elidedText(text, ELIDE, plate.width() - 6)
        painter.drawText(plate.adjusted(4, 0, -2, 0), LEFT, shown)

    def _paint_clock(self, painter: QPainter, mark: Marked, clock: ClockChange) -> None:
        """The hour that is not there, or comes twice: hatched as a closed day is, in words."""
        look, area = self.look, self.geometry.span_rect(mark.column, mark.span)
        if not area.intersects(self.geometry.body):
            return
        painter.fillRect(area, look.colours["warning_soft"])
        pattern = Qt.BrushStyle.BDiagPattern if clock.is_gap else Qt.BrushStyle.HorPattern
        painter.fillRect(area, QBrush(look.colours["line"], pattern))
        painter.setPen(QPen(look.colours["warning"], 1))
        for y in (area.top(), area.bottom()):
            painter.drawLine(area.left(), y, area.right(), y)
        inner = area.adjusted(8, 4, -8, -4)
        wrapped = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft)
        for words in (clock.short(self.formats), clock.shortest(self.formats)):
            text = words.replace(" AM", "\u00a0AM").replace(" PM", "\u00a0PM")
            plate = look.strong_metrics.boundingRect(inner, wrapped, text)
            if plate.height() <= inner.height() and plate.width() <= inner.width():
                break
        else:
            text = look.cut("strong", text, inner.width())
            plate = look.strong_metrics.boundingRect(inner, wrapped, text)
        plate = plate.adjusted(-4, -2, 4, 2).intersected(area)
        painter.fillRect(plate, look.colours["warning_soft"])
        painter.setFont(look.strong)
        painter.drawText(inner, wrapped, text)

    def _free_of_cards(self, mark: Marked, column: GridColumn, line: int) -> int | None:
        """Where the words of a block-out have room between the cards, from the top in pixels."""
        taken = [row.span for row in (*column.visits, *column.holds)]
        for gap in free_within([mark.span], taken):
            top = max(self.geometry.y_of(gap.starts_min), self.geometry.body.top())
            if self.geometry.y_of(gap.ends_min) - top >= line:
                return top
        return None

    def _paint_lines(self, painter: QPainter, view: GridView) -> None:
        geometry, body = self.geometry, self.geometry.body
        hour_pen = QPen(self.look.colours["line"])
        first = geometry.minute_at(body.top()) // 60
        last = geometry.minute_at(body.bottom()) // 60 + 1
        for hour in range(first, last + 1):
            painter.setPen(hour_pen)
            y = geometry.y_of(hour * 60)
            painter.drawLine(body.left(), y, body.right(), y)
            for minute in range(view.step_min, 60, view.step_min):
                if minute == 30 or (view.step_min * geometry.hour_height // 60 >= 20):
                    y = geometry.y_of(hour * 60 + minute)
                    self.look.paint_dotted(painter, body.left(), y, body.width())
        strong = QPen(self.look.colours["edge"])
        for index, column in enumerate(view.columns):
            left = geometry.column_rect(index).left()
            begins_day = index > 0 and column.day != view.columns[index - 1].day
            several = begins_day and geometry.groups
            painter.setPen(strong if several else hour_pen)
            painter.drawLine(left, body.top(), left, body.bottom())

    def _paint_ruler(self, painter: QPainter) -> None:
        """The hours at the left."""
        geometry, colours = self.geometry, self.look.colours
        area = QRect(0, geometry.header, geometry.ruler, geometry.height - geometry.header)
        painter.save()
        painter.setClipRect(area)
        painter.fillRect(area, colours["surface"])
        painter.setFont(self.look.small)
        painter.setPen(colours["muted"])
        height = self.look.small_metrics.height()
        first = geometry.minute_at(area.top()) // 60
        for hour in range(first, geometry.minute_at(area.bottom()) // 60 + 2):
            if 0 < hour < 24:
                place = QRect(0, geometry.y_of(hour * 60) - height // 2, area.width() - 8, height)
                painter.drawText(place, RIGHT, self.formats.hour(hour))
        painter.setPen(colours["line"])
        painter.drawLine(area.right(), area.top(), area.right(), area.bottom())
        painter.restore()
