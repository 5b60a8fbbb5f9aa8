"""Fields and blocks put in at the cursor, and what is selected read back as blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtGui import QTextCursor, QTextDocument, QTextTable

from medsec_desktop.domain.writing.document import (
    Block,
    Cell,
    Document,
    Field,
    Inline,
    Insert,
    ListKind,
    Paragraph,
    Stretch,
    Style,
    Table,
    Text,
    paragraphs_in,
)
from medsec_desktop.ui.letters.editing import marks, storing
from medsec_desktop.ui.letters.editing.marks import OBJECT

if TYPE_CHECKING:
    from medsec_desktop.ui.letters.editing.page_edit import PageEdit


def insert_field(edit: PageEdit, name: str) -> None:
    """A field as a chip, in place of what is selected."""
    cursor = edit.textCursor()
    if marks.block_thing(cursor.block()) is not None:
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
        cursor.insertBlock(marks.block_format(), marks.char_format())
    letters = edit.currentCharFormat()
    form = marks.field_format(name, marks.look_of(letters))
    cursor.insertText(OBJECT, form)
    # What is typed next is words again, looking as before.
    cursor.setCharFormat(marks.char_format(marks.look_of(letters)))
    edit.setTextCursor(cursor)
    edit.setCurrentCharFormat(marks.char_format(marks.look_of(letters)))


def insert_alone(edit: PageEdit, block: Block) -> None:
    """A picture, page break, table or block of its own below the paragraph of the cursor."""
    insert_blocks(edit, (block,))


def insert_table(edit: PageEdit, table: Table) -> None:
    """A table below the paragraph of the cursor; one goes on typing in its first cell."""
    insert_alone(edit, table)
    behind = edit.textCursor().position()
    frames = edit.document().rootFrame().childFrames()
    made = [one for one in frames if isinstance(one, QTextTable) and one.firstPosition() < behind]
    edit.setTextCursor(made[-1].cellAt(0, 0).firstCursorPosition())
    edit.ensureCursorVisible()


def why_not_alone(edit: PageEdit) -> str:
    """Why no block of its own can stand here; '' where it can."""
    if edit.textCursor().currentTable() is not None:
        return "Leave the table first: its cells hold words only."
    return ""


def insert_blocks(edit: PageEdit, blocks: Iterable[Block]) -> None:
    """Put blocks in at the cursor: words into its paragraph, the rest below, as one step."""
    blocks = tuple(blocks)
    cursor = edit.textCursor()
    if cursor.currentTable() is not None:
        blocks = tuple(all_paragraphs(Document(blocks)))
    if not blocks:
        return
    cursor.beginEditBlock()
    cursor.removeSelectedText()
    _insert(cursor, blocks)
    cursor.endEditBlock()
    edit.document().setModified(False)  # Qt would undo what is typed next together with it
    edit.setTextCursor(cursor)
    edit.ensureCursorVisible()


def _insert(cursor: QTextCursor, blocks: tuple[Block, ...]) -> None:
    on_thing = marks.block_thing(cursor.block()) is not None
    is_empty = cursor.block().length() == 1
    first, *rest = blocks
    if isinstance(first, Paragraph) and not on_thing:
        if is_empty and (rest or first.list is not ListKind.NONE or first.style is not Style.BODY):
            storing.Writer(cursor).write((first,))
        else:
            storing.Writer(cursor).write_inlines(first.inlines)
        if not rest:
            return
        blocks, is_empty = tuple(rest), False
    tail = _cut_tail(cursor) if not on_thing else ()
    if on_thing:
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
    elif not isinstance(first, Paragraph):
        is_empty = cursor.block().length() == 1
    form = cursor.blockFormat()
    writer = storing.Writer(cursor, is_fresh=is_empty and not on_thing)
    writer.write(blocks)
    if tail:
        if isinstance(blocks[-1], Paragraph):
            end = cursor.position()
            writer.write_inlines(tail)
            cursor.setPosition(end)
        else:
            writer.write((Paragraph(),))
            cursor.setBlockFormat(form)
            end = cursor.position()
            writer.write_inlines(tail)
            cursor.setPosition(end)
    elif not isinstance(blocks[-1], Paragraph) and _needs_line_after(cursor):
        # One goes on typing below it.
        writer.write((Paragraph(),))


def _needs_line_after(cursor: QTextCursor) -> bool:
    after = cursor.block().next()
    return (
        not after.isValid()
        or marks.block_thing(after) is not None
        or (marks.is_filler(cursor.block()) is False and not after.isValid())
    )


def _cut_tail(cursor: QTextCursor) -> tuple[Inline, ...]:
    """The words behind the cursor in its paragraph, taken out of it."""
    if cursor.atBlockEnd():
        return ()
    tail = QTextCursor(cursor)
    tail.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
    blocks = selected_blocks(tail)
    tail.removeSelectedText()
    first = blocks[0] if blocks else None
    return first.inlines if isinstance(first, Paragraph) else ()


def selected_blocks(cursor: QTextCursor) -> tuple[Block, ...]:
    """The selection as blocks of ours; a part of a table is its paragraphs."""
    if not cursor.hasSelection():
        return ()
    copy = QTextDocument()
    QTextCursor(copy).insertFragment(cursor.selection())
    found = storing.read(copy)
    table = cursor.currentTable()
    if table is not None:
        start, end = cursor.selectionStart(), cursor.selectionEnd()
        if start >= table.firstPosition() and end <= table.lastPosition():
            return tuple(all_paragraphs(Document(found)))
    return found


def all_paragraphs(document: Document) -> tuple[Paragraph, ...]:
    """Every paragraph of a document, those of its tables too."""
    return tuple(paragraphs_in(document))


def without_fields(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Blocks for a letter, where nothing is merged any more: fields as their names, no conditions."""
    found: list[Block] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            found.append(_plain(block))
        elif isinstance(block, Table):
            rows = tuple(
                tuple(Cell(tuple(_plain(one) for one in cell.paragraphs)) for cell in row)
                for row in block.rows
            )
            found.append(replace(block, rows=rows, when=None))
        elif not isinstance(block, Insert):
            found.append(replace(block, when=None))
    return tuple(found)


def _plain(paragraph: Paragraph) -> Paragraph:
    def flat(inlines: Iterable[Inline]) -> Iterator[Text]:
        for inline in inlines:
            if isinstance(inline, Stretch):
                yield from flat(inline.parts)
            elif isinstance(inline, Field):
                yield Text(f"{{{inline.name}}}", inline.look)
            else:
                yield inline

    return replace(paragraph, inlines=tuple(flat(paragraph.inlines)), when=None)
