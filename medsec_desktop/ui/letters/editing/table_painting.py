"""How the tables of a page look while one types on it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen

from medsec_desktop.ui.letters.editing import inks, marks
from medsec_desktop.ui.letters.editing.paper_layout import PaperLayout
from medsec_desktop.ui.letters.editing.placing import Grid


class TablePainter:
    """Draws the rules of tables that a `PaperLayout` laid out; without marks nothing of those without."""

    def __init__(self, layout: PaperLayout):
        self._layout = layout

    def paint(self, painter: QPainter, grid: Grid, *, shows_marks: bool) -> None:
        """The head where it is said again, and the rules around each row, on every page it is on."""
        layout, scale = self._layout, self._layout.scale
        for number, row in enumerate(grid.rows):
            for spot in row.spots:
                area = layout.text_rect(spot.page)
                top = area.top() + spot.top * scale
                height = row.height if len(row.spots) == 1 else area.height() / scale - spot.top
                bottom = top + height * scale
                is_last = number == len(grid.rows) - 1 and spot is row.spots[-1]
                if spot.has_head:
                    self._head_again(painter, grid, top, shows_marks)
                self._row(painter, grid, (top, bottom), (number == 0, is_last), shows_marks)

    def _head_again(self, painter: QPainter, grid: Grid, bottom: float, shows_marks: bool) -> None:
        """The head of a table once more above its first row on a page; typed into where it began."""
        scale = self._layout.scale
        heads = grid.rows[: marks.head_rows_of(grid.table.format())]
        top = bottom - sum(row.height for row in heads) * scale
        for number, row in enumerate(heads):
            span = (top, top + row.height * scale)
            self._row(painter, grid, span, (number == 0, False), shows_marks)
            for placed in (placed for cell in row.cells for placed in cell):
                painter.setPen(inks.SOFT_INK)
                place = QPointF(placed.rect.left(), top + placed.offset * scale)
                placed.block.layout().draw(painter, place)
            top += row.height * scale

    def _row(
        self,
        painter: QPainter,
        grid: Grid,
        span: tuple[float, float],
        ends: tuple[bool, bool],
        shows_marks: bool,
    ) -> None:
        (top, bottom), (first, last) = span, ends
        layout, scale = self._layout, self._layout.scale
        sheet = layout.sheet_rect(0).left()
        left, right = sheet + grid.edges[0] * scale, sheet + grid.edges[-1] * scale
        thin, thick = QPen(inks.RULE, max(0.6, 0.4 * scale)), QPen(inks.ACCENT, max(1.0, scale))
        has_edges = grid.rules in ("none", "grid")
        if grid.rules == "none":
            if not shows_marks:
                return
            thin = thick = QPen(inks.GUIDE, 1, Qt.PenStyle.DotLine)
        elif grid.rules == "grid":
            thick = thin
        painter.setPen(thin)
        for edge in grid.edges if has_edges else ():
            x = sheet + edge * scale
            painter.drawLine(QPointF(x, top), QPointF(x, bottom))
        if first or grid.rules == "grid":
            painter.setPen(thick)
            painter.drawLine(QPointF(left, top), QPointF(right, top))
        painter.setPen(thick if last else thin)
        painter.drawLine(QPointF(left, bottom), QPointF(right, bottom))
