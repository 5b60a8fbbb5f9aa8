"""Draws the day view's two layers: the day itself once, and what moves above it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QPainter, QPen

from medsec_desktop.domain.calendar import DAY_MIN, Span, VisitStatus
from medsec_desktop.domain.formats import Formats
from medsec_desktop.services.calendar import DayView
from medsec_desktop.ui.calendar import words
from medsec_desktop.ui.calendar.geometry import Geometry, Placed
from medsec_desktop.ui.theme import Category, Theme

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
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_ELIDE = Qt.TextElideMode.ElideRight
# On a card as low as its letters the line box is taller than the card, the letters are not.
_TIGHT = _LEFT | int(Qt.TextFlag.TextDontClip)


@dataclass(slots=True)
class Look:
    """Fonts, metrics and colours of one theme and zoom, looked up once."""

    theme: Theme
    small: QFont
    strong: QFont
    name: QFont
    small_metrics: QFontMetrics
    strong_metrics: QFontMetrics
    name_metrics: QFontMetrics
    colours: dict[str, QColor]
    categories: dict[str, Category]
    ratio: float = 1.0

    @classmethod
    def of(cls, theme: Theme, ratio: float) -> Look:
        small, strong = theme.font("small"), theme.font("small", strong=True)
        name = theme.font("body", strong=True)
        names = (
            "surface", "sunken", "line", "edge", "text", "muted", "accent", "accent_soft",
            "on_accent", "danger", "warning", "focus", "selected", "window", "raised",
        )  # fmt: skip
        return cls(
            theme,
            small,
            strong,
            name,
            QFontMetrics(small),
            QFontMetrics(strong),
            QFontMetrics(name),
            {name: theme.colour(name) for name in names},
            {},
            ratio,
        )

    def category(self, name: str) -> Category:
        if name not in self.categories:
            self.categories[name] = self.theme.category(name)
        return self.categories[name]


class DayPainter:
    """Paints one day in one look at one geometry."""

    def __init__(self, look: Look, geometry: Geometry, formats: Formats):
        self.look = look
        self.geometry = geometry
        self.formats = formats

    # -- the day, painted once into its layer ---------------------------------------------------

    def paint_day(self, painter: QPainter, view: DayView, places: tuple[Placed, ...]) -> None:
        geometry = self.geometry
        whole = QRect(0, 0, geometry.width, geometry.height)
        painter.fillRect(whole, self.look.colours["surface"])
        painter.save()
        painter.setClipRect(geometry.body)
        for index in range(len(view.columns)):
            if geometry.column_rect(index).intersects(geometry.body):
                self._paint_ground(painter, view, index)
        self._paint_lines(painter, view)
        for place in places:
            area = geometry.visit_rect(place)
            if area.intersects(geometry.body):
                self.paint_visit(painter, place, area)
        painter.restore()
        self._paint_ruler(painter)
        self._paint_header(painter, view)

    def _paint_ground(self, painter: QPainter, view: DayView, index: int) -> None:
        """Hours worked are bright, the rest sunken; a closure is hatched besides."""
        column, geometry, colours = view.columns[index], self.geometry, self.look.colours
        painter.fillRect(geometry.span_rect(index, Span(0, DAY_MIN)), colours["sunken"])
        if column.closed:
            hatch = QBrush(colours["line"], Qt.BrushStyle.BDiagPattern)
            painter.fillRect(geometry.span_rect(index, Span(0, DAY_MIN)), hatch)
            return
        for span in column.hours:
            painter.fillRect(geometry.span_rect(index, span), colours["surface"])

    def _paint_lines(self, painter: QPainter, view: DayView) -> None:
        geometry, body = self.geometry, self.geometry.body
        hour_pen = QPen(self.look.colours["line"])
        half = QColor(self.look.colours["line"])
        half.setAlpha(130)
        first = geometry.minute_at(body.top()) // 60
        last = geometry.minute_at(body.bottom()) // 60 + 1
        for hour in range(first, last + 1):
            painter.setPen(hour_pen)
            y = geometry.y_of(hour * 60)
            painter.drawLine(body.left(), y, body.right(), y)
            painter.setPen(QPen(half, 1, Qt.PenStyle.DotLine))
            for minute in range(view.step_min, 60, view.step_min):
                if minute == 30 or (view.step_min * geometry.hour_height // 60 >= 20):
                    y = geometry.y_of(hour * 60 + minute)
                    painter.drawLine(body.left(), y, body.right(), y)
        painter.setPen(hour_pen)
        for index in range(len(view.columns)):
            left = geometry.column_rect(index).left()
            painter.drawLine(left, body.top(), left, body.bottom())

    def _paint_ruler(self, painter: QPainter) -> None:
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
                painter.drawText(
                    place,
                    int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter),
                    self.formats.hour(hour),
                )
        painter.setPen(colours["line"])
        painter.drawLine(area.right(), area.top(), area.right(), area.bottom())
        painter.restore()

    def _paint_header(self, painter: QPainter, view: DayView) -> None:
        geometry, colours, look = self.geometry, self.look.colours, self.look
        band = QRect(0, 0, geometry.width, geometry.header)
        painter.fillRect(band, colours["surface"])
        painter.save()
        painter.setClipRect(band.adjusted(geometry.ruler, 0, 0, 0))
        name_font = look.theme.font("body", strong=True)
        name_metrics = QFontMetrics(name_font)
        for index, column in enumerate(view.columns):
            area = geometry.column_rect(index)
            area = QRect(area.left(), 0, area.width(), geometry.header)
            stripe = look.category(column.provider.colour or "slate").edge
            painter.fillRect(QRect(area.left() + 1, 0, area.width() - 1, 3), stripe)
            inner = area.adjusted(10, 6, -8, -4)
            lines = name_metrics.height() + look.small_metrics.height()
            top = inner.top() + (inner.height() - lines) // 2
            first = QRect(inner.left(), top, inner.width(), name_metrics.height())
            second = QRect(
                inner.left(), first.bottom() + 1, inner.width(), look.small_metrics.height()
            )
            painter.setFont(name_font)
            painter.setPen(colours["text"])
            painter.drawText(
                first,
                _LEFT,
                name_metrics.elidedText(column.provider.name, _ELIDE, inner.width()),
            )
            painter.setFont(look.small)
            painter.setPen(colours["warning"] if column.closed else colours["muted"])
            hours = words.hours(column.hours, column.closed, view.day, self.formats)
            painter.drawText(
                second, _LEFT, look.small_metrics.elidedText(hours, _ELIDE, inner.width())
            )
            painter.setPen(colours["line"])
            painter.drawLine(area.left(), 0, area.left(), geometry.header)
        painter.restore()
        painter.setPen(colours["edge"])
        painter.drawLine(0, band.bottom(), band.right(), band.bottom())

    # -- a visit's card -------------------------------------------------------------------------

    def paint_visit(self, painter: QPainter, place: Placed, area: QRect) -> None:
        """A card in its type's colours; one that holds no time any more is only outlined."""
        visit, look = place.visit, self.look
        category = look.category(visit.colour or "slate")
        freed = not visit.status.holds_its_slot
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        if freed:
            painter.setPen(QPen(category.edge, 1, Qt.PenStyle.DashLine))
            painter.setBrush(look.colours["surface"])
            painter.drawRoundedRect(area.adjusted(0, 0, -1, -1), 4, 4)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(category.fill)
            painter.drawRoundedRect(area, 4, 4)
            painter.setBrush(category.edge)
            painter.drawRoundedRect(QRect(area.left(), area.top(), 4, area.height()), 2, 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self._paint_words(painter, place, area.adjusted(9, 0, -4, 0), category, freed)

    def _paint_words(
        self, painter: QPainter, place: Placed, area: QRect, category: Category, freed: bool
    ) -> None:
        visit, look = place.visit, self.look
        line = look.small_metrics.height()
        name_line = look.name_metrics.height()
        font, metrics = look.name, look.name_metrics
        if area.height() < name_line - 1:
            font, metrics, name_line = look.strong, look.strong_metrics, line
        if freed:
            font = QFont(font)
            font.setStrikeOut(True)
        roomy = area.height() >= name_line + line + 2
        first = QRect(area.left(), area.top(), area.width(), area.height())
        if roomy:
            first = QRect(area.left(), area.top() + 2, area.width(), name_line)
        first = self._paint_signs(painter, place, first)
        painter.setPen(look.colours["muted"] if freed else category.ink)
        painter.setFont(font)
        name = metrics.elidedText(visit.patient_name, _ELIDE, first.width())
        painter.drawText(first, _LEFT if roomy else _TIGHT, name)
        time = self.formats.time(visit.starts_at)
        details = [part for part in (time, visit.type_name) if part]
        painter.setFont(look.small)
        if not roomy:
            rest = first.adjusted(metrics.horizontalAdvance(name) + 8, 0, 0, 0)
            for text in (" · ".join(details), time):
                if look.small_metrics.horizontalAdvance(text) <= rest.width():
                    painter.drawText(rest, _TIGHT, text)
                    break
            return
        second = QRect(area.left(), first.bottom() + 1, area.width(), line)
        for text in (" · ".join(details), visit.reason):
            if text and second.bottom() <= area.bottom():
                shown = look.small_metrics.elidedText(text, _ELIDE, second.width())
                painter.drawText(second, _LEFT, shown)
                second.translate(0, line)

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

    def paint_cursor(self, painter: QPainter, area: QRect, text: str, has_focus: bool) -> None:
        """The time chosen: a tint with a border, its times inside where they fit."""
        colours = self.look.colours
        tint = QColor(colours["accent"])
        tint.setAlpha(36 if has_focus else 20)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setBrush(tint)
        painter.setPen(QPen(colours["focus"], 2) if has_focus else QPen(colours["edge"], 1))
        painter.drawRoundedRect(area.adjusted(1, 1, -2, -2), 4, 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        metrics, inner = self.look.strong_metrics, area.adjusted(9, 3, -4, -3)
        if inner.height() < metrics.capHeight() or inner.width() < metrics.horizontalAdvance(text):
            return
        painter.setFont(self.look.strong)
        painter.setPen(colours["accent"])
        painter.drawText(inner, _TIGHT, text)

    def paint_outline(self, painter: QPainter, area: QRect, has_focus: bool) -> None:
        """The ring around the visit selected."""
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

    def paint_ghost(self, painter: QPainter, place: Placed, area: QRect, times: str) -> None:
        """The visit being dragged."""
        category = self.look.category(place.visit.colour or "slate")
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setBrush(category.fill)
        painter.setPen(QPen(category.edge, 2))
        painter.drawRoundedRect(area.adjusted(1, 1, -2, -2), 4, 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self._paint_two_words(painter, area, place.visit.patient_name, times, category.ink)

    def _paint_two_words(
        self, painter: QPainter, area: QRect, name: str, times: str, ink: QColor
    ) -> None:
        look, inner = self.look, area.adjusted(9, 1, -4, -1)
        line = look.small_metrics.height()
        painter.setPen(ink)
        painter.setFont(look.strong)
        if inner.height() >= 2 * line + 2:
            first = QRect(inner.left(), inner.top() + 2, inner.width(), line)
            second = first.translated(0, line)
        else:
            first = second = inner
        if first is not second:
            painter.drawText(
                first, _LEFT, look.strong_metrics.elidedText(name, _ELIDE, first.width())
            )
            name = ""
        painter.setFont(look.small)
        text = f"{times} · {name}" if name else times
        painter.drawText(second, _LEFT, look.small_metrics.elidedText(text, _ELIDE, second.width()))

    def paint_now(self, painter: QPainter, minute: int) -> None:
        """The line of the present moment, with a knob on the ruler."""
        geometry, colour = self.geometry, self.look.colours["danger"]
        y = geometry.y_of(minute)
        painter.setPen(QPen(colour, 1))
        painter.drawLine(geometry.ruler, y, geometry.width, y)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawEllipse(QPoint(geometry.ruler - 1, y), 4, 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
