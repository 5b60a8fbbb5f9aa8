"""A text document as pages of paper: Qt asks this where things stand, and paper's own rules answer.

Positions on the screen are pixels; everything that decides a line or a page is in points and comes from
`domain.writing`, so that the screen breaks where the print breaks.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QImage,
    QPainter,
    QPyTextObject,
    QTextBlock,
    QTextDocument,
    QTextFormat,
    QTextFrame,
    QTextInlineObject,
    QTextLine,
    QTextTable,
)

from medsec_desktop.domain.paper import INCH, LETTER, Paper
from medsec_desktop.domain.writing.measures import (
    CLOSE,
    COMFORTABLE,
    Distance,
    Setting,
    distances,
    item_numbers,
)
from medsec_desktop.domain.writing.paging import Piece, Spot, paged
from medsec_desktop.ui.letters.editing import breaking, faces, marks, table_layout
from medsec_desktop.ui.letters.editing.block_lines import BlockLines
from medsec_desktop.ui.letters.editing.marks import Thing
from medsec_desktop.ui.letters.editing.placing import (
    Grid,
    Placed,
    Row,
    face_of,
    is_nothing,
    item_of,
    manner_of,
    nearest,
    room_of,
    thing_size,
    tops_in,
)
from medsec_desktop.ui.letters.editing.storing import parts_of

GAP = 20.0  # pixels between sheets, and around them


class _Objects(QPyTextObject):
    """Qt wants a handler for objects; the layout itself knows how large they are and draws them."""

    def intrinsicSize(self, document: QTextDocument, position: int, form: QTextFormat) -> QSizeF:
        return QSizeF(0, 0)

    def drawObject(
        self, painter: QPainter, rect: QRectF, document: QTextDocument, at: int, form: QTextFormat
    ) -> None:
        return


class PaperLayout(QAbstractTextDocumentLayout):
    """Lays a document out on sheets. `picture` gives a picture by its hash; `words` a field's words."""

    def __init__(
        self,
        document: QTextDocument,
        picture: Callable[[str], QImage | None],
        words: Callable[[str], str],
    ):
        super().__init__(document)
        self.paper: Paper = LETTER
        self.has_letterhead = True
        self.scale = 96 / INCH  # pixels a point
        self.view_width = 0.0
        self.setting: Setting = COMFORTABLE
        self.picture = picture
        self.words = words
        self.blocks: list[Placed] = []
        self.grids: list[Grid] = []
        self.page_count = 1
        self.painter: Callable[
            [PaperLayout, QPainter, QAbstractTextDocumentLayout.PaintContext], None
        ]
        self.painter = lambda *_: None
        self.draw_object: Callable[[QPainter, QRectF, QTextFormat], None] = lambda *_: None
        self._lines = BlockLines()
        self._seen = (-1, -1)
        self._by_number: dict[int, Placed] = {}
        self._tops: list[float] = []
        self._size = QSizeF()
        self._objects = _Objects(self)
        for thing in Thing:
            self.registerHandler(thing, self._objects)

    # -- what the editor sets -----------------------------------------------------------------

    def set_sheet(self, paper: Paper, has_letterhead: bool) -> None:
        self.paper = paper
        self.has_letterhead = has_letterhead
        self.again()

    def set_view(self, scale: float, width: float) -> None:
        """Pixels a point, and how wide the view is that the sheets stand in the middle of."""
        if (scale, width) == (self.scale, self.view_width):
            return
        rescaled = scale != self.scale
        self.scale, self.view_width = scale, width
        if rescaled:
            self.again()
        else:
            self._position()

    def again(self) -> None:
        """Lay everything out anew: paper, pictures or the words of fields have changed."""
        self._lines.clear()
        self._lay_out()

    # -- geometry -----------------------------------------------------------------------------

    @property
    def sheet_size(self) -> QSizeF:
        return QSizeF(self.paper.width * self.scale, self.paper.height * self.scale)

    def sheet_rect(self, page: int) -> QRectF:
        """Where a sheet lies on the screen."""
        size = self.sheet_size
        left = max(GAP, (self.view_width - size.width()) / 2)
        return QRectF(QPointF(left, GAP + page * (size.height() + GAP)), size)

    def text_rect(self, page: int) -> QRectF:
        """Where text goes on it."""
        top, height = self.paper.text_area(page, has_letterhead=self.has_letterhead)
        return self.on_page(page, self.paper.left, top, self.paper.text_width, height)

    def on_page(self, page: int, x: float, y: float, width: float, height: float) -> QRectF:
        """A rectangle in points below a sheet's upper left corner, on the screen."""
        sheet, scale = self.sheet_rect(page), self.scale
        return QRectF(
            sheet.left() + x * scale, sheet.top() + y * scale, width * scale, height * scale
        )

    def page_at(self, y: float) -> int:
        """The sheet at a height on the screen."""
        page = int((y - GAP / 2) // (self.sheet_size.height() + GAP))
        return min(max(page, 0), self.page_count - 1)

    # -- what Qt asks -------------------------------------------------------------------------

    def documentChanged(self, start: int, removed: int, added: int) -> None:
        document = self.document()
        state = (document.revision(), document.characterCount())
        whole = start == 0 and removed == added and added >= document.characterCount() - 1
        if whole and state == self._seen:
            return  # the view was resized, which changes nothing on paper
        if added or removed:
            block = document.findBlock(start)
            while block.isValid() and block.position() <= start + added:
                self._lines.forget(block)
                block = block.next()
        self._lay_out()

    def documentSize(self) -> QSizeF:
        return self._size

    def pageCount(self) -> int:
        return self.page_count

    def frameBoundingRect(self, frame: QTextFrame) -> QRectF:
        if not isinstance(frame, QTextTable):
            return QRectF(QPointF(0, 0), self._size)
        found = QRectF()
        for placed in self.blocks:
            if frame.firstPosition() <= placed.block.position() <= frame.lastPosition():
                found = found.united(placed.rect)
        return found

    def blockBoundingRect(self, block: QTextBlock) -> QRectF:
        placed = self._by_number.get(block.blockNumber())
        return QRectF(placed.rect) if placed is not None else QRectF()

    def hitTest(self, point: QPointF | object, accuracy: Qt.HitTestAccuracy) -> int:
        point = QPointF(point)  # type: ignore[call-overload]
        placed = nearest(self.blocks, self._tops, point)
        if placed is None:
            return -1 if accuracy is Qt.HitTestAccuracy.ExactHit else 0
        at = max(0, bisect_right(placed.tops, point.y()) - 1)
        line = placed.block.layout().lineAt(min(at, len(placed.tops) - 1))
        x, y = point.x() - placed.rect.left(), point.y() - placed.rect.top()
        if accuracy is Qt.HitTestAccuracy.ExactHit and not line.naturalTextRect().contains(x, y):
            return -1
        found = line.xToCursor(x, QTextLine.CursorPosition.CursorBetweenCharacters)
        return placed.block.position() + int(found)

    def draw(self, painter: QPainter, context: QAbstractTextDocumentLayout.PaintContext) -> None:
        self.painter(self, painter, context)

    def resizeInlineObject(self, item: QTextInlineObject, at: int, form: QTextFormat) -> None:
        thing = marks.thing_of(form)
        scale = self.scale
        if thing is Thing.FIELD:
            placed = self.document().findBlock(at)
            face = face_of(placed, self.setting)
            font = faces.screen_font(face, scale * 0.92)
            metrics = faces.metrics(font)
            item.setWidth(metrics.horizontalAdvance(self.words(marks.field_of(form))) + 12)
            whole = faces.metrics(faces.screen_font(face, scale))
            item.setAscent(whole.ascent())
            item.setDescent(whole.descent())
            return
        width, height = self._size_of(thing, form)
        item.setWidth(width * scale)
        item.setAscent(height * scale)
        item.setDescent(0)

    def positionInlineObject(self, item: QTextInlineObject, at: int, form: QTextFormat) -> None:
        return

    def drawInlineObject(
        self,
        painter: QPainter,
        rect: QRectF,
        item: QTextInlineObject,
        at: int,
        form: QTextFormat,
    ) -> None:
        self.draw_object(painter, rect, form)

    # -- laying out ---------------------------------------------------------------------------

    def placed(self, block: QTextBlock) -> Placed | None:
        """Where a block stands."""
        return self._by_number.get(block.blockNumber())

    def _lay_out(self) -> None:
        document = self.document()
        self._seen = (document.revision(), document.characterCount())
        self._choose_setting()
        breaks_alike = [self._lines.show(placed, self.scale) for placed in self.blocks]
        if not all(breaks_alike):
            self._choose_setting()
            for placed in self.blocks:
                self._lines.show(placed, self.scale)
        self._position()

    def _choose_setting(self) -> None:
        """Set closer what would spill onto a second page, where that brings it back onto one."""
        self.setting = COMFORTABLE
        self._measure()
        if self.page_count == 2 and not self._is_template():
            self.setting = CLOSE
            self._measure()
            if self.page_count > 1:
                self.setting = COMFORTABLE
                self._measure()

    def _is_template(self) -> bool:
        """Whether what it says is not known before it is merged."""
        return any(
            thing is Thing.INSERT or (thing is None and breaking.has_objects(placed.block))
            for placed in self.blocks
            for thing in (marks.block_thing(placed.block),)
        )

    def _measure(self) -> None:
        """Break every block into lines, and find each piece its page."""
        self.blocks, self.grids = [], []
        parts = list(parts_of(self.document().rootFrame()))
        manners = [manner_of(part) for part in parts if not is_nothing(part)]
        apart = iter(distances(manners, self.setting))
        numbers = iter(item_numbers([item_of(part) for part in parts if not is_nothing(part)]))
        pieces: list[Piece] = []
        owners: list[Placed | Row | None] = []
        for part in parts:
            if isinstance(part, QTextTable):
                next(numbers)
                grid = table_layout.laid_out(
                    part, self.paper.left, self.paper.text_width, self.setting, self._broken
                )
                self.grids.append(grid)
                self.blocks.extend(
                    placed for row in grid.rows for cell in row.cells for placed in cell
                )
                owners.extend(grid.rows)
                pieces.extend(table_layout.pieces_of(grid, next(apart), self._height_of(1)))
            elif is_nothing(part):
                placed = self._broken(part, self.paper.left, self.paper.text_width)
                self.blocks.append(placed)
                owners.append(placed)
                pieces.append(Piece())
            else:
                self._add_block(part, next(apart), next(numbers), pieces, owners)
        self._pieces = pieces
        self._owners = owners
        solid = [number for number, piece in enumerate(pieces) if piece.lines or piece.is_break]
        found = paged([pieces[number] for number in solid], self._height_of)
        spots: dict[int, tuple[Spot, ...]] = dict(zip(solid, found, strict=True))
        self._spots = spots
        self.page_count = 1 + max((spot.page for one in found for spot in one), default=0)

    def _height_of(self, page: int) -> float:
        return self.paper.text_area(page, has_letterhead=self.has_letterhead)[1]

    def _add_block(
        self,
        block: QTextBlock,
        distance: Distance,
        number: int,
        pieces: list[Piece],
        owners: list[Placed | Row | None],
    ) -> None:
        left, width = room_of(block, self.paper.left, self.paper.text_width)
        placed = self._broken(block, left, width)
        placed.number = number
        self.blocks.append(placed)
        owners.append(placed)
        is_break = marks.block_thing(block) is Thing.PAGE_BREAK
        pieces.append(
            Piece(
                () if is_break else placed.heights,
                distance.before,
                distance.after,
                distance.keeps_next,
                is_break=is_break,
            )
        )

    def _broken(self, block: QTextBlock, left: float, width: float) -> Placed:
        """A block in lines, from memory where nothing of it changed; not yet on the screen."""
        face = face_of(block, self.setting)
        placed = Placed(block, face, left, width, ())
        thing = marks.block_thing(block)
        self._lines.refresh(block)
        if thing is not None:
            placed.heights = (self._size_of(thing, marks.thing_format(block))[1],)
        elif not breaking.has_objects(block):
            placed.exact = self._lines.exact(block, face, width)
            placed.heights = (face.leading,) * len(placed.exact)
            return placed
        self._lines.show(placed, self.scale)
        return placed

    def _size_of(self, thing: Thing | None, form: QTextFormat) -> tuple[float, float]:
        return thing_size(thing, form, self.paper.text_width, self.setting, self.picture)

    # -- positions ----------------------------------------------------------------------------

    def _position(self) -> None:
        """Put everything where its page is on the screen."""
        last = (0, 0.0)
        for number, owner in enumerate(self._owners):
            spots = self._spots.get(number, ())
            if isinstance(owner, Row):
                owner.spots = spots
                for cell in owner.cells:
                    for placed in cell:
                        self._set_tops(placed, tops_in(placed, spots, self._pieces[number].lines))
            elif owner is not None and spots and self._pieces[number].lines:
                self._set_tops(owner, tops_in(owner, spots, self._pieces[number].lines))
            elif owner is not None:
                self._place_at(owner, *last)
            if spots and self._pieces[number].lines:
                spot = spots[-1]
                lines = self._pieces[number].lines[spot.first : spot.end]
                last = (spot.page, spot.top + sum(lines))
        self._by_number = {placed.block.blockNumber(): placed for placed in self.blocks}
        self._tops = [placed.rect.top() for placed in self.blocks]
        bottom = self.sheet_rect(self.page_count - 1).bottom() + GAP
        width = max(self.view_width, self.sheet_size.width() + 2 * GAP)
        size = QSizeF(width, bottom)
        if size != self._size:
            self._size = size
            self.documentSizeChanged.emit(size)
        self.update.emit()

    def _place_at(self, placed: Placed, page: int, top: float) -> None:
        self._set_tops(placed, [(page, top)] * len(placed.heights))

    def _set_tops(self, placed: Placed, tops: list[tuple[int, float]]) -> None:
        """`tops` are the pages of the lines and how far below the text's top they begin, in points."""
        scale = self.scale
        areas = {page: self.text_rect(page).top() for page in {page for page, _ in tops}}
        placed.tops = [areas[page] + y * scale for page, y in tops]
        left = self.sheet_rect(0).left() + placed.left * scale
        first = placed.tops[0] if placed.tops else 0.0
        size = placed.face.size * scale
        for number, (line, top) in enumerate(zip(placed.lines, placed.tops, strict=True)):
            is_thing = number == 0 and marks.block_thing(placed.block) is not None
            # The first baseline is a size below the top, as on paper.
            y = 0.0 if is_thing else size - line.ascent()
            line.setPosition(QPointF(line.position().x(), top - first + y))
        bottom = placed.tops[-1] + placed.heights[-1] * scale if placed.tops else first
        placed.rect = QRectF(left, first, placed.width * scale, bottom - first)
