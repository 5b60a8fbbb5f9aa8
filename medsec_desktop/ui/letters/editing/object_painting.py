"""How what is no word looks on a page while one types on it: chips, pictures, breaks, blocks."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPen, QTextFormat

from medsec_desktop.ui.letters.editing import faces, inks, marks
from medsec_desktop.ui.letters.editing.marks import Thing
from medsec_desktop.ui.letters.editing.paper_layout import PaperLayout


class ObjectPainter:
    """Draws the objects of a `PaperLayout`. `insert_words` name the blocks the program fills in."""

    def __init__(self, layout: PaperLayout, insert_words: Callable[[str], str]):
        self._layout = layout
        self._insert_words = insert_words

    def paint(self, painter: QPainter, rect: QRectF, form: QTextFormat) -> None:
        """A field, a picture, a page break or a block that the program fills in."""
        thing = marks.thing_of(form)
        painter.save()
        if form.hasProperty(QTextFormat.Property.BackgroundBrush) and not (
            marks.stretch_of(form) and form.background().color() == inks.MARK_SOFT
        ):
            painter.fillRect(rect, inks.SELECTED)
        if thing is Thing.FIELD:
            self._chip(painter, rect, form)
        elif thing is Thing.PICTURE:
            self._picture(painter, rect, form)
        elif thing is Thing.PAGE_BREAK:
            self._caption(painter, rect, "Page break")
        else:
            kind = str(form.property(marks.Prop.INSERT) or "")
            self._insert(painter, rect, self._insert_words(kind))
        painter.restore()

    def _chip(self, painter: QPainter, rect: QRectF, form: QTextFormat) -> None:
        scale = self._layout.scale
        chip = rect.adjusted(1, scale, -1, -scale)
        painter.setBrush(inks.CHIP)
        painter.setPen(QPen(inks.CHIP_EDGE, 1))
        painter.drawRoundedRect(chip, 4, 4)
        letters = form.toCharFormat()
        # The chip is as high as the letters of its line.
        font = faces.sized(rect.height() / 1.362 * 0.92, marks.look_of(letters).bold)
        font.setItalic(marks.look_of(letters).italic)
        font.setUnderline(marks.look_of(letters).underline)
        painter.setFont(font)
        painter.setPen(inks.CHIP_INK)
        painter.drawText(
            chip, int(Qt.AlignmentFlag.AlignCenter), self._layout.words(marks.field_of(form))
        )

    def _picture(self, painter: QPainter, rect: QRectF, form: QTextFormat) -> None:
        sha256, _, words = marks.picture_of(form)
        image = self._layout.picture(sha256)
        if image is None or image.isNull():
            self._insert(painter, rect, f"Picture missing: {words}" if words else "Picture missing")
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(rect, image)
        if form.hasProperty(QTextFormat.Property.BackgroundBrush):
            painter.setPen(QPen(inks.CHIP_INK, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect.adjusted(1, 1, -1, -1))

    def _caption(self, painter: QPainter, rect: QRectF, words: str) -> None:
        font = faces.sized(8 * self._layout.scale)
        wide = faces.metrics(font).horizontalAdvance(words) + 16
        middle = rect.center()
        painter.setPen(QPen(inks.MARK, 1, Qt.PenStyle.DashLine))
        painter.drawLine(
            QPointF(rect.left(), middle.y()), QPointF(middle.x() - wide / 2, middle.y())
        )
        painter.drawLine(
            QPointF(middle.x() + wide / 2, middle.y()), QPointF(rect.right(), middle.y())
        )
        painter.setFont(font)
        painter.setPen(inks.MARK)
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), words)

    def _insert(self, painter: QPainter, rect: QRectF, words: str) -> None:
        painter.setPen(QPen(inks.CHIP_EDGE, 1, Qt.PenStyle.DashLine))
        painter.setBrush(QBrush(inks.CHIP))
        painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 6, 6)
        painter.setFont(faces.sized(9.5 * self._layout.scale))
        painter.setPen(inks.CHIP_INK)
        painter.drawText(
            rect.adjusted(8, 2, -8, -2),
            int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap),
            words,
        )
