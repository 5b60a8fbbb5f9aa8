"""What stands above the hours: the days, the columns' names, and notes on the whole day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QPainter

from medsec_desktop.domain.formats import Formats
from medsec_desktop.services.calendar.views import GridColumn, GridView
from medsec_desktop.ui.calendar.grid import captions
from medsec_desktop.ui.calendar.grid.geometry import Banner, Geometry
from medsec_desktop.ui.calendar.grid.look import ELIDE, LEFT, WHOLE, Look


class Heads:
    """Paints the head of the grid."""

    def __init__(self, look: Look, geometry: Geometry, formats: Formats):
        self.look = look
        self.geometry = geometry
        self.formats = formats

    def tell_days(self, view: GridView) -> bool:
        """Whether the columns' heads name their day, and so differ from week to week."""
        return view.is_week and not self.geometry.groups

    def paint_columns(
        self, painter: QPainter, view: GridView, shown: Iterable[int], today: date
    ) -> None:
        """The columns' names and hours, and the line below them."""
        geometry, colours = self.geometry, self.look.colours
        whole = QRect(0, 0, geometry.width, geometry.header)
        painter.fillRect(whole, colours["surface"])
        painter.setClipRect(whole.adjusted(geometry.ruler, 0, 0, 0))
        for index in shown:
            self._paint_head(painter, view, view.columns[index], index, today)
        painter.setClipping(False)
        painter.setPen(colours["edge"])
        painter.drawLine(0, whole.bottom(), whole.right(), whole.bottom())

    def paint_above(
        self, painter: QPainter, view: GridView, banners: tuple[Banner, ...], today: date
    ) -> None:
        """The days over the names, and notes on whole days."""
        geometry = self.geometry
        painter.setClipRect(
            QRect(geometry.ruler, 0, geometry.width - geometry.ruler, geometry.header)
        )
        if geometry.groups:
            self._paint_days(painter, view, today)
        self._paint_banners(painter, banners)
        painter.setClipping(False)

    def _paint_days(self, painter: QPainter, view: GridView, today: date) -> None:
        """The day over the columns of a week with several people."""
        geometry, look = self.geometry, self.look
        for day, group in groupby(range(len(view.columns)), key=lambda i: view.columns[i].day):
            columns = list(group)
            left = geometry.column_rect(columns[0]).left()
            right = geometry.column_rect(columns[-1]).right()
            area = QRect(left, 0, right - left, geometry.groups)
            # The day's name stays in sight while its columns are scrolled.
            inner = area.intersected(QRect(geometry.ruler, 0, geometry.width, geometry.groups))
            if inner.isEmpty() or left >= geometry.width:
                continue
            painter.setPen(look.colours["edge"])
            painter.drawLine(left, 0, left, geometry.groups - 1)
            painter.setFont(look.strong)
            head, room = view.columns[columns[0]], max(inner.width() - 16, 0)
            text = captions.day_head(head, self.formats)
            if head.clock is not None and look.words("strong", text, WHOLE).advance > room:
                text = captions.day_head(head, self.formats, is_brief=True)
            usual = "accent" if day == today else "text"
            painter.setPen(look.colours["warning" if head.clock is not None else usual])
            shown = look.cut("strong", text, room)
            painter.drawText(inner.adjusted(10, 0, -6, 0), LEFT, shown)

    def _paint_head(
        self, painter: QPainter, view: GridView, column: GridColumn, index: int, today: date
    ) -> None:
        geometry, look, colours = self.geometry, self.look, self.look.colours
        area = geometry.column_rect(index)
        area = QRect(area.left(), geometry.groups, area.width(), geometry.names)
        stripe = look.category(column.colour or "slate").edge
        is_today = view.is_week and not geometry.groups and column.day == today
        if is_today:
            painter.fillRect(area.adjusted(1, 0, 0, 0), colours["accent_soft"])
        painter.fillRect(QRect(area.left() + 1, area.top(), area.width() - 1, 3), stripe)
        metrics = look.name_metrics
        inner = area.adjusted(10, 6, -8, -4)
        lines = metrics.height() + look.small_metrics.height()
        top = inner.top() + (inner.height() - lines) // 2
        first = QRect(inner.left(), top, inner.width(), metrics.height())
        second = QRect(inner.left(), first.bottom() + 1, inner.width(), look.small_metrics.height())
        painter.setFont(look.name)
        painter.setPen(colours["accent" if is_today else "text"])
        title = captions.column_title(column, view, geometry.groups > 0, self.formats)
        if title == column.title:
            brief = (title, column.called, column.called.removeprefix("Dr. "))
            widths = ((each, look.words("name", each, WHOLE).advance) for each in brief)
            title = next((each for each, wide in widths if wide <= inner.width()), brief[-1])
        painter.drawStaticText(first.topLeft(), look.words("name", title, inner.width()).text)
        painter.setFont(look.small)
        clock = column.clock if not geometry.groups else None  # else it stands over all of the day
        differs = column.closed or column.differs or clock
        painter.setPen(colours["warning"] if differs else colours["muted"])
        said = captions.hours if clock else captions.worked
        hours = said(column, self.formats)
        if look.words("small", hours, WHOLE).advance > inner.width():
            hours = clock.length if clock else captions.brief_hours(column, self.formats)
        painter.drawStaticText(second.topLeft(), look.words("small", hours, inner.width()).text)
        painter.setPen(colours["line"])
        painter.drawLine(area.left(), area.top(), area.left(), geometry.header)

    def _paint_banners(self, painter: QPainter, banners: tuple[Banner, ...]) -> None:
        """Notes on the whole day; what has no row is counted in the last one."""
        geometry, look = self.geometry, self.look
        hidden = [banner for banner in banners if geometry.banner_rect(banner).isEmpty()]
        for banner in banners:
            area = geometry.banner_rect(banner)
            if area.isEmpty():
                continue
            text = banner.note.text.replace("\n", " · ")
            last_row = (banner.row + 2) * geometry.band_row > geometry.band
            below = [h for h in hidden if h.first <= banner.last and banner.first <= h.last]
            if last_row and below:
                text = f"{text}  (+{len(below)} more)"
            paint_note(painter, look, area, banner.note.colour, text)


def paint_note(painter: QPainter, look: Look, area: QRect, colour: str, text: str) -> None:
    """A slip of paper with a folded corner."""
    category = look.category(colour or "amber")
    fold = min(7, area.height() // 2)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(category.fill)
    right, bottom = area.right() + 1, area.bottom() + 1
    painter.drawPolygon(
        [
            QPoint(area.left(), area.top()),
            QPoint(right - fold, area.top()),
            QPoint(right, area.top() + fold),
            QPoint(right, bottom),
            QPoint(area.left(), bottom),
        ]
    )
    painter.setBrush(category.edge)
    painter.drawPolygon(
        [
            QPoint(right - fold, area.top()),
            QPoint(right, area.top() + fold),
            QPoint(right - fold, area.top() + fold),
        ]
    )
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(category.ink)
    painter.setFont(look.small)
    inner = area.adjusted(6, 0, -fold - 2, 0)
    if inner.width() < look.small_metrics.horizontalAdvance("Mm"):
        return  # a slip beside a visit: its words are in the tip and told to readers
    line = look.small_metrics.height()
    if area.height() >= 2 * line + 4:
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        painter.drawText(inner.adjusted(0, 2, 0, -2), flags | int(Qt.TextFlag.TextWordWrap), text)
    else:
        shown = look.small_metrics.elidedText(text.replace("\n", " · "), ELIDE, inner.width())
        painter.drawText(inner, LEFT, shown)
