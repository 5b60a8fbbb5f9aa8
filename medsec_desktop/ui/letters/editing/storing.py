"""Our documents into Qt's and back: what is read is what was written, whatever was typed between."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from PySide6.QtGui import QTextBlock, QTextCursor, QTextDocument, QTextFrame, QTextTable

from medsec_desktop.domain.writing.document import (
    Block,
    Cell,
    Document,
    Field,
    Inline,
    Insert,
    PageBreak,
    Paragraph,
    Picture,
    Stretch,
    Table,
    Text,
)
from medsec_desktop.ui.letters.editing import marks
from medsec_desktop.ui.letters.editing.marks import LINE_END, OBJECT, Prop, Thing

# No letters: Qt keeps its own structure with them, and no paper prints them.
_LINE_ENDS = dict.fromkeys(map(ord, "\r\v\f\x85\u2029\u2028"), "\n")
_NO_LETTERS = {ord(OBJECT): None, 0xFDD0: None, 0xFDD1: None, 0: None}


def clean(text: str) -> str:
    """Text that Qt's documents can hold: line ends of all kinds as `\\n`, no object characters."""
    return text.replace("\r\n", "\n").translate(_LINE_ENDS | _NO_LETTERS)


# -- normal form --------------------------------------------------------------------------------


def normal(document: Document) -> Document:
    """The same document in the one way the editor writes it: no empty texts, neighbours joined."""
    return replace(document, blocks=tuple(_normal_block(block) for block in document.blocks))


def _normal_block(block: Block) -> Block:
    if isinstance(block, Paragraph):
        return replace(block, inlines=_joined(block.inlines))
    if not isinstance(block, Table):
        return block
    width = max((len(row) for row in block.rows), default=0) or 1
    rows = tuple(
        tuple(
            Cell(
                tuple(
                    replace(paragraph, inlines=_joined(paragraph.inlines))
                    for paragraph in cell.paragraphs or (Paragraph(),)
                )
            )
            for cell in (*row, *(Cell(),) * (width - len(row)))
        )
        for row in block.rows or ((),)
    )
    return replace(block, rows=rows)


def _joined(inlines: Iterable[Inline]) -> tuple[Inline, ...]:
    found: list[Inline] = []
    for inline in inlines:
        if isinstance(inline, Stretch):
            parts = tuple(part for part in _joined(inline.parts) if isinstance(part, (Text, Field)))
            if parts:
                found.append(Stretch(parts))
        elif isinstance(inline, Field):
            found.append(inline)
        elif text := clean(inline.text):
            last = found[-1] if found else None
            if isinstance(last, Text) and last.look == inline.look:
                found[-1] = Text(last.text + text, inline.look)
            else:
                found.append(Text(text, inline.look))
    return tuple(found)


# -- writing ------------------------------------------------------------------------------------


def fill(target: QTextDocument, document: Document) -> None:
    """Put a document into Qt's, with nothing left to undo."""
    target.setUndoRedoEnabled(False)
    target.clear()
    cursor = QTextCursor(target)
    cursor.beginEditBlock()
    cursor.setBlockFormat(marks.filler_format())
    cursor.setBlockCharFormat(marks.char_format())
    Writer(cursor).write(document.blocks)
    cursor.endEditBlock()
    target.setUndoRedoEnabled(True)
    target.setModified(False)


def put(target: QTextDocument, document: Document) -> None:
    """Put a document in the place of what stands there, as one step that Undo takes back."""
    cursor = QTextCursor(target)
    cursor.beginEditBlock()
    cursor.select(QTextCursor.SelectionType.Document)
    cursor.removeSelectedText()
    cursor.setBlockFormat(marks.filler_format())
    cursor.setBlockCharFormat(marks.char_format())
    Writer(cursor).write(document.blocks)
    cursor.endEditBlock()


class Writer:
    """Writes blocks at a cursor. `is_fresh`: the cursor's block is empty and waits for its words."""

    def __init__(self, cursor: QTextCursor, *, is_fresh: bool = True):
        self._cursor = cursor
        self._is_fresh = is_fresh

    def write(self, blocks: Iterable[Block]) -> None:
        for block in blocks:
            if isinstance(block, Table):
                self._write_table(block)
            else:
                self._write_block(block)

    def write_inlines(self, inlines: Iterable[Inline]) -> None:
        """Words and fields inside the paragraph the cursor is in."""
        for inline in _joined(inlines):
            if isinstance(inline, Stretch):
                number = next_stretch(self._cursor.document())
                for part in inline.parts:
                    self._write_part(part, number)
            else:
                self._write_part(inline)

    def _write_part(self, part: Text | Field, stretch: int = 0) -> None:
        if isinstance(part, Field):
            self._cursor.insertText(OBJECT, marks.field_format(part.name, part.look, stretch))
        else:
            text = part.text.replace("\n", LINE_END)
            self._cursor.insertText(text, marks.char_format(part.look, stretch))

    def _begin(self, form: marks.QTextBlockFormat) -> None:
        if self._is_fresh:
            self._cursor.setBlockFormat(form)
            self._cursor.setBlockCharFormat(marks.char_format())
        else:
            self._cursor.insertBlock(form, marks.char_format())
        self._is_fresh = False

    def _write_block(self, block: Paragraph | Picture | PageBreak | Insert) -> None:
        if isinstance(block, Paragraph):
            self._begin(
                marks.block_format(block.style, block.align, block.list, block.level, block.when)
            )
            self.write_inlines(block.inlines)
            return
        align = block.align if isinstance(block, Picture) else marks.Align.START
        self._begin(marks.block_format(align=align, when=block.when))
        if isinstance(block, Picture):
            form = marks.picture_format(block.sha256, block.width_mm, block.words)
        elif isinstance(block, PageBreak):
            form = marks.page_break_format()
        else:
            form = marks.insert_format(block.kind)
        self._cursor.insertText(OBJECT, form)

    def _write_table(self, table: Table) -> None:
        if self._is_fresh:
            self._cursor.setBlockFormat(marks.filler_format())
        rows = _normal_block(table).rows
        made = self._cursor.insertTable(len(rows), len(rows[0]), table_format(table))
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                inside = made.cellAt(number, column).firstCursorPosition()
                Writer(inside).write(cell.paragraphs)
        self._cursor.setPosition(made.lastPosition() + 1)
        self._cursor.setBlockFormat(marks.filler_format())
        self._is_fresh = True


def table_format(table: Table) -> marks.Any:
    """What Qt is told of a table: nothing of its looks, all of its meaning."""
    from PySide6.QtGui import QTextTableFormat

    form = QTextTableFormat()
    if table.shares:
        form.setProperty(Prop.SHARES, marks.shares_text(table.shares))
    if table.rules != "rows":
        form.setProperty(Prop.RULES, table.rules)
    if table.head_rows:
        form.setProperty(Prop.HEAD_ROWS, table.head_rows)
    if table.when is not None:
        form.setProperty(Prop.WHEN, marks.condition_text(table.when))
    return form


def next_stretch(document: QTextDocument) -> int:
    """A number no stretch of the document has."""
    return 1 + max(
        (
            marks.stretch_of(form)
            for form in document.allFormats()
            if form.isCharFormat() and form.hasProperty(Prop.STRETCH)
        ),
        default=0,
    )


# -- reading ------------------------------------------------------------------------------------


def read(source: QTextDocument) -> tuple[Block, ...]:
    """All blocks of Qt's document as ours."""
    return tuple(_blocks_of(source.rootFrame()))


def place_of(cursor: QTextCursor) -> tuple[int, float]:
    """The block of `read` the cursor is in, and how far in its words it stands, from 0 to 1."""
    position, number = cursor.position(), 0
    for part in parts_of(cursor.document().rootFrame()):
        if isinstance(part, QTextTable):
            first, last, count = part.firstPosition(), part.lastPosition() + 1, 1
        else:
            first, last = part.position(), part.position() + part.length() - 1
            count = 0 if marks.is_filler(part) else sum(1 for _ in block_parts(part))
        if position <= last:
            return number, max(0, position - first) / max(1, last - first)
        number += count
    return max(0, number - 1), 1.0


def parts_of(frame: QTextFrame) -> Iterator[QTextBlock | QTextTable]:
    """The blocks and tables of a frame, from top to bottom."""
    place = frame.begin()
    while not place.atEnd():
        inner = place.currentFrame()
        if isinstance(inner, QTextTable):
            yield inner
        elif place.currentBlock().isValid():
            yield place.currentBlock()
        place += 1


def cell_blocks(table: QTextTable, row: int, column: int) -> Iterator[QTextBlock]:
    """The paragraphs of a cell."""
    cell = table.cellAt(row, column)
    block, last = cell.firstCursorPosition().block(), cell.lastCursorPosition().block()
    while True:
        yield block
        if block == last:
            return
        block = block.next()


def _blocks_of(frame: QTextFrame) -> Iterator[Block]:
    for part in parts_of(frame):
        if isinstance(part, QTextTable):
            yield _table(part)
        elif not marks.is_filler(part):
            yield from block_parts(part)


def _table(table: QTextTable) -> Table:
    form = table.format()
    return Table(
        rows=tuple(
            tuple(
                Cell(tuple(_paragraph(block) for block in cell_blocks(table, row, column)))
                for column in range(table.columns())
            )
            for row in range(table.rows())
        ),
        shares=marks.shares_of(form),
        rules=marks.rules_of(form),
        head_rows=marks.head_rows_of(form),
        when=marks.when_of(form),
    )


def block_parts(block: QTextBlock) -> Iterator[Block]:
    """A block as it stands: usually one of ours, more where words stand beside a picture."""
    form = block.blockFormat()
    words: list[tuple[str, marks.QTextCharFormat]] = []
    seen = False
    for text, letters in runs_of(block):
        thing = marks.thing_of(letters)
        if thing not in marks.BLOCK_THINGS:
            words.append((text, letters))
            continue
        if words:
            yield _paragraph(block, words)
            words = []
        for _ in text:
            yield _thing(thing, letters, form)
        seen = True
    if words or not seen:
        yield _paragraph(block, words)


def _thing(
    thing: Thing | None, letters: marks.QTextCharFormat, form: marks.QTextBlockFormat
) -> Block:
    when = marks.when_of(form)
    if thing is Thing.PICTURE:
        return Picture(*marks.picture_of(letters), align=marks.align_of(form), when=when)
    if thing is Thing.PAGE_BREAK:
        return PageBreak(when)
    return Insert(letters.property(Prop.INSERT), when)  # type: ignore[arg-type]


def _paragraph(
    block: QTextBlock, words: list[tuple[str, marks.QTextCharFormat]] | None = None
) -> Paragraph:
    form = block.blockFormat()
    return Paragraph(
        inlines=_inlines(runs_of(block) if words is None else words),
        style=marks.style_of(form),
        align=marks.align_of(form),
        list=marks.list_of(form),
        level=marks.level_of(form),
        when=marks.when_of(form),
    )


def runs_of(block: QTextBlock) -> Iterator[tuple[str, marks.QTextCharFormat]]:
    """The stretches of a block that have one format each; Qt counts in UTF-16."""
    text = block.text()
    wide = text.encode("utf-16-le", "surrogatepass") if not text.isascii() else b""
    for start, length, form in marks.formats_of(block):
        if wide:
            part = wide[2 * start : 2 * (start + length)]
            yield part.decode("utf-16-le", "surrogatepass"), form
        else:
            yield text[start : start + length], form


def _inlines(words: Iterable[tuple[str, marks.QTextCharFormat]]) -> tuple[Inline, ...]:
    found: list[Inline] = []
    parts: list[Text | Field] = []
    current = 0
    for text, form in words:
        number = marks.stretch_of(form)
        if number != current:
            _close(found, parts, current)
            current = number
        look = marks.look_of(form)
        if marks.thing_of(form) is Thing.FIELD:
            parts.extend(Field(marks.field_of(form), look) for _ in text)
        else:
            parts.append(Text(text.replace(LINE_END, "\n").replace(OBJECT, ""), look))
    _close(found, parts, current)
    return tuple(found)


def _close(found: list[Inline], parts: list[Text | Field], stretch: int) -> None:
    """Take what was collected over, as a stretch where it is one."""
    joined = tuple(part for part in _joined(parts) if isinstance(part, (Text, Field)))
    if joined and stretch:
        found.append(Stretch(joined))
    else:
        found.extend(joined)
    parts.clear()
