"""How a page of paper looks while one types on it: sheets, words, chips, marks, rules and lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QPainter,
    QPen,
    QTextBlock,
    QTextCharFormat,
    QTextFormat,
    QTextLayout,
)

from medsec_desktop.domain.writing.around import Said
from medsec_desktop.domain.writing.document import ListKind
from medsec_desktop.domain.writing.measures import (
    ITEM_INDENT,
    MARK_INDENT,
    MARKS,
    number_mark,
)
from medsec_desktop.ui.letters.editing import faces, inks, marks
from medsec_desktop.ui.letters.editing.object_painting import ObjectPainter
from medsec_desktop.ui.letters.editing.paper_layout import PaperLayout
from medsec_desktop.ui.letters.editing.placing import Placed
from medsec_desktop.ui.letters.editing.table_painting import TablePainter
from medsec_desktop.ui.theme import Theme


@dataclass(frozen=True, slots=True)
class Stationery:
    """What stands on the sheet besides the words: shown, never typed into."""

    name: str = ""
    recipient: tuple[str, ...] = ()
    date: str = ""
    footer: str = ""
    first_page: tuple[Said, ...] = ()


class Painter:
    """Draws what a `PaperLayout` laid out. `insert_words` name the blocks the program fills in."""

    def __init__(
        self,
        theme: Theme,
        layout: PaperLayout,
        insert_words: Callable[[str], str],
        condition_words: Callable[[QTextFormat], str],
    ):
        self.theme = theme
        self.stationery = Stationery()
        self.shows_marks = True
        self._layout = layout
        self._condition_words = condition_words
        self._tables = TablePainter(layout)
        self._objects = ObjectPainter(layout, insert_words)
        layout.painter = self._paint
        layout.draw_object = self._objects.paint

    # -- the whole ----------------------------------------------------------------------------

    def _paint(
        self,
        layout: PaperLayout,
        painter: QPainter,
        context: QAbstractTextDocumentLayout.PaintContext,
    ) -> None:
        clip = context.clip if context.clip.isValid() else QRectF(QPointF(), layout.documentSize())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for page in range(layout.page_at(clip.top()), layout.page_at(clip.bottom()) + 1):
            self._paint_sheet(painter, page)
        for grid in layout.grids:
            self._tables.paint(painter, grid, shows_marks=self.shows_marks)
        selections = [
            (one.cursor.selectionStart(), one.cursor.selectionEnd())
            for one in context.selections
            if one.cursor.hasSelection()
        ]
        if self.shows_marks:
            self._paint_conditions(painter, clip)
        near = clip.adjusted(-40, -40, 40, 40)
        for placed in layout.blocks:
            if placed.rect.bottom() >= near.top() and placed.rect.top() <= near.bottom():
                self._paint_block(painter, placed, selections, near, context.cursorPosition)
        painter.restore()

    def _paint_sheet(self, painter: QPainter, page: int) -> None:
        layout, scale = self._layout, self._layout.scale
        sheet = layout.sheet_rect(page)
        painter.fillRect(sheet.adjusted(-1, -1, 1, 1), self.theme.colour("line"))
        painter.fillRect(sheet.adjusted(0, 2, 2, 3), QColor(0, 0, 0, 40))
        painter.fillRect(sheet, inks.PAPER)
        paper, stationery = layout.paper, self.stationery
        text = layout.text_rect(page)
        painter.setPen(QPen(inks.GUIDE, 1))
        corner = 8 * scale
        for x, y, dx, dy in (
            (text.left() - 6, text.top() - 6, -1, -1),
            (text.right() + 6, text.top() - 6, 1, -1),
            (text.left() - 6, text.bottom() + 6, -1, 1),
            (text.right() + 6, text.bottom() + 6, 1, 1),
        ):
            painter.drawLine(QPointF(x, y), QPointF(x + dx * corner, y))
            painter.drawLine(QPointF(x, y), QPointF(x, y + dy * corner))
        foot = paper.height - paper.bottom + 26
        if layout.page_count > 1:
            words = f"Page {page + 1} of {layout.page_count}"
            self._words(painter, page, paper.text_right, foot, words, 9, inks.SOFT_INK, right=True)
        self._words(painter, page, paper.left, foot, stationery.footer, 8.5, inks.SOFT_INK)
        if not layout.has_letterhead:
            return
        if page:
            whom = stationery.recipient[0] if stationery.recipient else ""
            line = " · ".join(part for part in (stationery.name, whom) if part)
            top = paper.top + 9 * 0.714
            self._words(painter, page, paper.left, top, line, 9, inks.SOFT_INK)
            self._words(
                painter, page, paper.text_right, top, stationery.date, 9, inks.SOFT_INK, right=True
            )
            rule = layout.on_page(page, paper.left, top + 9, paper.text_width, 0)
            painter.setPen(QPen(inks.RULE, max(0.5, 0.5 * scale)))
            painter.drawLine(rule.topLeft(), rule.topRight())
            return
        for said in stationery.first_page:
            self._words(
                painter,
                0,
                said.x,
                paper.height - said.baseline,
                said.text,
                said.size,
                inks.INKS[said.ink],
                bold=said.is_bold,
            )

    def _words(
        self,
        painter: QPainter,
        page: int,
        x: float,
        baseline: float,
        words: str,
        size: float,
        ink: QColor,
        *,
        bold: bool = False,
        right: bool = False,
    ) -> None:
        if not words:
            return
        place = self._layout.on_page(page, x, baseline, 0, 0).topLeft()
        font = faces.sized(size * self._layout.scale, bold)
        painter.setFont(font)
        painter.setPen(ink)
        if right:
            place.setX(place.x() - faces.metrics(font).horizontalAdvance(words))
        painter.drawText(place, words)

    # -- blocks -------------------------------------------------------------------------------

    def _paint_block(
        self,
        painter: QPainter,
        placed: Placed,
        selections: list[tuple[int, int]],
        clip: QRectF,
        cursor: int,
    ) -> None:
        block = placed.block
        start, length = block.position(), block.length()
        ranges = []
        for first, last in selections:
            if last > start and first < start + length:
                ranges.append(_selected(max(0, first - start), min(length, last - start)))
        if self.shows_marks:
            ranges = [*self._stretches(block), *ranges]
        self._paint_mark_of_list(painter, placed)
        painter.setPen(inks.SOFT_INK if placed.face.soft else inks.INK)
        block.layout().draw(painter, placed.rect.topLeft(), ranges, clip)
        if start <= cursor < start + length:
            painter.setPen(inks.INK)
            block.layout().drawCursor(painter, placed.rect.topLeft(), cursor - start, 2)

    def _paint_mark_of_list(self, painter: QPainter, placed: Placed) -> None:
        kind = marks.list_of(placed.block.blockFormat())
        if kind is ListKind.NONE or not placed.tops:
            return
        level, scale = marks.level_of(placed.block.blockFormat()), self._layout.scale
        mark = MARKS.get(kind) or number_mark(placed.number, level)
        font = faces.screen_font(placed.face, scale)
        painter.setFont(font)
        painter.setPen(inks.SOFT_INK if placed.face.soft else inks.INK)
        baseline = placed.tops[0] + placed.face.size * scale
        x = placed.rect.left() - (ITEM_INDENT - MARK_INDENT) * scale
        if placed.block.textDirection() is Qt.LayoutDirection.RightToLeft:
            x = placed.rect.right() + MARK_INDENT * scale
        elif kind is ListKind.NUMBER:
            # A number that is wider than its place grows to the left, never into its words.
            wide = faces.metrics(font).horizontalAdvance(mark)
            x = min(x, placed.rect.left() - wide - 3 * scale)
        painter.drawText(QPointF(x, baseline), mark)

    def _paint_conditions(self, painter: QPainter, clip: QRectF) -> None:
        """A line in the margin beside what is printed only sometimes, with the words why."""
        layout, scale = self._layout, self._layout.scale
        left = layout.sheet_rect(0).left() + layout.paper.left * scale
        found = self._conditions()
        for number, (rect, words) in enumerate(found):
            if rect.bottom() < clip.top() - 200 or rect.top() > clip.bottom():
                continue
            bar = QRectF(left - 12 * scale, rect.top(), 2.5 * scale, rect.height())
            painter.fillRect(bar, inks.MARK)
            after = found[number + 1][0].top() if number + 1 < len(found) else rect.top() + 1e6
            sheet_left = layout.sheet_rect(0).left()
            room = QRectF(
                sheet_left + 4 * scale,
                rect.top(),
                max(0.0, bar.left() - sheet_left - 8 * scale),
                min(after - rect.top(), max(rect.height(), 44 * scale)),
            )
            _paint_lines(painter, room, words, faces.sized(7.5 * scale))

    def condition_at(self, point: QPointF) -> str:
        """When what stands beside a point of the margin is printed, in full; '' elsewhere."""
        layout = self._layout
        edge = layout.sheet_rect(0).left() + layout.paper.left * layout.scale
        if not self.shows_marks or not layout.sheet_rect(0).left() <= point.x() <= edge:
            return ""
        above = [words for rect, words in self._conditions() if rect.top() <= point.y()]
        near = [
            words
            for rect, words in self._conditions()
            if rect.top() <= point.y() <= max(rect.bottom(), rect.top() + 44 * layout.scale)
        ]
        return near[-1] if near and near[-1] == above[-1] else ""

    def _conditions(self) -> list[tuple[QRectF, str]]:
        """Where something stands that is printed only sometimes, and when; from top to bottom."""
        found = []
        for placed in self._layout.blocks:
            words = self._condition_words(placed.block.blockFormat())
            if words:
                found.append((placed.rect, words))
        for grid in self._layout.grids:
            words = self._condition_words(grid.table.format())
            if words:
                rects = [one.rect for row in grid.rows for cell in row.cells for one in cell]
                whole = QRectF(rects[0])
                for rect in rects:
                    whole = whole.united(rect)
                found.append((whole, words))
        return sorted(found, key=lambda one: one[0].top())

    def _stretches(self, block: QTextBlock) -> list[QTextLayout.FormatRange]:
        """A quiet dotted line under words that disappear together with an empty field."""
        found = []
        for start, length, form in marks.formats_of(block):
            if marks.stretch_of(form):
                look = QTextCharFormat()
                look.setBackground(inks.MARK_SOFT)
                look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
                look.setUnderlineColor(inks.MARK)
                one = QTextLayout.FormatRange()
                one.start, one.length, one.format = start, length, look
                found.append(one)
        return found


def _paint_lines(painter: QPainter, room: QRectF, words: str, font: QFont) -> None:
    """Words at the right of `room`, as many lines as it holds, the last one cut with an ellipsis."""
    metrics = faces.metrics(font)
    most = max(1, int(room.height() // metrics.lineSpacing()))
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and metrics.horizontalAdvance(longer) > room.width():
            lines.append(word)
        else:
            lines[-1] = longer
    if len(lines) > most:
        rest = " ".join(lines[most - 1 :])
        lines = [*lines[: most - 1], rest]
    painter.setFont(font)
    painter.setPen(inks.MARK)
    y = room.top() + metrics.ascent()
    for line in lines:
        shown = metrics.elidedText(line, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(QPointF(room.right() - metrics.horizontalAdvance(shown), y), shown)
        y += metrics.lineSpacing()


def _selected(start: int, end: int) -> QTextLayout.FormatRange:
    look = QTextCharFormat()
    look.setBackground(inks.SELECTED)
    one = QTextLayout.FormatRange()
    one.start, one.length, one.format = start, end - start, look
    return one
