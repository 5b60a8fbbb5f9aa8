"""What one can do to the words on the paper: each is one step to undo."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import (
    QFont,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextTable,
)

from medsec_desktop.domain.writing.document import (
    Align,
    Cell,
    Condition,
    ListKind,
    Look,
    Paragraph,
    Picture,
    Style,
    Table,
)
from medsec_desktop.ui.letters.editing import marks, storing
from medsec_desktop.ui.letters.editing.marks import Prop, Thing

if TYPE_CHECKING:
    from medsec_desktop.ui.letters.editing.page_edit import PageEdit

DEEPEST = 4  # levels of a list below the first


# -- where one is -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Here:
    """What is true of the place of the cursor."""

    style: Style
    align: Align
    list: ListKind
    level: int
    look: Look
    in_table: bool
    is_stretch: bool
    when: Condition | None
    table_when: Condition | None
    thing: Thing | None


def here(edit: PageEdit) -> Here:
    """What is true of the place the cursor is at."""
    cursor = edit.textCursor()
    form = cursor.blockFormat()
    table = cursor.currentTable()
    letters = edit.currentCharFormat()
    if cursor.hasSelection():
        ahead = QTextCursor(cursor)
        ahead.setPosition(cursor.selectionStart() + 1)
        letters = ahead.charFormat()
    return Here(
        marks.style_of(form),
        marks.align_of(form),
        marks.list_of(form),
        marks.level_of(form),
        marks.look_of(letters),
        table is not None,
        bool(marks.stretch_of(letters)),
        marks.when_of(form),
        marks.when_of(table.format()) if table is not None else None,
        marks.block_thing(cursor.block()),
    )


def selected(cursor: QTextCursor) -> Iterator[QTextBlock]:
    """Every block the selection touches, at least the cursor's own."""
    document = cursor.document()
    block = document.findBlock(cursor.selectionStart())
    last = document.findBlock(cursor.selectionEnd())
    if last.position() == cursor.selectionEnd() and last != block:
        last = last.previous()
    while block.isValid():
        yield block
        if block == last:
            return
        block = block.next()


# -- paragraphs ---------------------------------------------------------------------------------


def change_blocks(cursor: QTextCursor, change: Callable[[QTextBlockFormat], object]) -> None:
    """Change the format of each paragraph of the selection, as one step."""
    cursor.beginEditBlock()
    for block in list(selected(cursor)):
        form = block.blockFormat()
        change(form)
        QTextCursor(block).setBlockFormat(form)
    cursor.endEditBlock()


def _set(form: QTextBlockFormat, prop: Prop, value: object, usual: object) -> None:
    if value == usual:
        form.clearProperty(prop)
    else:
        form.setProperty(prop, str(value) if isinstance(value, str) else value)


def set_style(cursor: QTextCursor, style: Style) -> None:
    """Give the paragraphs a style."""
    change_blocks(cursor, lambda form: _set(form, Prop.STYLE, style, Style.BODY))


def set_align(cursor: QTextCursor, align: Align) -> None:
    """Say where the lines of the paragraphs stand."""
    change_blocks(cursor, lambda form: _set(form, Prop.ALIGN, align, Align.START))


def set_list(cursor: QTextCursor, kind: ListKind) -> None:
    """Make the paragraphs items of a list, or take them out where they are ones of that kind."""
    if kind is not ListKind.NONE and all(
        marks.list_of(block.blockFormat()) is kind for block in selected(cursor)
    ):
        kind = ListKind.NONE

    def change(form: QTextBlockFormat) -> None:
        _set(form, Prop.LIST, kind, ListKind.NONE)
        if kind is ListKind.NONE:
            form.clearProperty(Prop.LEVEL)

    change_blocks(cursor, change)


def change_level(cursor: QTextCursor, step: int) -> None:
    """Items of lists a level deeper or less deep."""

    def change(form: QTextBlockFormat) -> None:
        if marks.list_of(form) is not ListKind.NONE:
            level = min(max(marks.level_of(form) + step, 0), DEEPEST)
            _set(form, Prop.LEVEL, level, 0)

    change_blocks(cursor, change)


def set_condition(cursor: QTextCursor, condition: Condition | None, *, of_table: bool) -> None:
    """When the paragraphs of the selection, or the table, are printed; None: always."""
    text = marks.condition_text(condition) if condition is not None else None
    table = cursor.currentTable()
    if of_table and table is not None:
        form = table.format()
        _set(form, Prop.WHEN, text, None)  # type: ignore[arg-type]
        table.setFormat(form)
    else:
        change_blocks(cursor, lambda form: _set(form, Prop.WHEN, text, None))


# -- characters ---------------------------------------------------------------------------------


def change_letters(edit: PageEdit, change: Callable[[QTextCharFormat], object]) -> None:
    """Change how the selected words look, or those typed next, leaving all else of them."""
    cursor = edit.textCursor()
    if not cursor.hasSelection():
        form = edit.currentCharFormat()
        change(form)
        edit.setCurrentCharFormat(form)
        return
    start, end = cursor.selectionStart(), cursor.selectionEnd()
    cursor.beginEditBlock()
    for first, last, form in list(_runs(cursor, start, end)):
        change(form)
        part = QTextCursor(cursor.document())
        part.setPosition(first)
        part.setPosition(last, QTextCursor.MoveMode.KeepAnchor)
        part.setCharFormat(form)
    cursor.endEditBlock()


def _runs(cursor: QTextCursor, start: int, end: int) -> Iterator[tuple[int, int, QTextCharFormat]]:
    for block in selected(cursor):
        for at, length, form in marks.formats_of(block):
            first = max(start, block.position() + at)
            last = min(end, block.position() + at + length)
            if first < last:
                yield first, last, form


LOOKS = ("bold", "italic", "underline")


def toggle(edit: PageEdit, what: str) -> None:
    """Bold, italic or underlined, on or off."""
    is_on = getattr(here(edit).look, what)

    def change(form: QTextCharFormat) -> None:
        if what == "bold":
            if is_on:
                form.clearProperty(QTextCharFormat.Property.FontWeight)
            else:
                form.setFontWeight(QFont.Weight.Bold)
        elif what == "italic":
            form.setFontItalic(not is_on)
        else:
            form.setFontUnderline(not is_on)

    change_letters(edit, change)


def toggle_stretch(edit: PageEdit) -> None:
    """Let the selected words of a paragraph disappear together, or take that back."""
    cursor = edit.textCursor()
    if here(edit).is_stretch:
        number = marks.stretch_of(_letters(edit))
        _select_stretch(cursor, number)
        edit.setTextCursor(cursor)
        change_letters(edit, lambda form: form.clearProperty(Prop.STRETCH))
        cursor.clearSelection()
        edit.setTextCursor(cursor)
        return
    if not cursor.hasSelection():
        return
    number = storing.next_stretch(cursor.document())
    change_letters(edit, lambda form: form.setProperty(Prop.STRETCH, number))


def why_no_stretch(edit: PageEdit) -> str:
    """Why the words selected cannot be made to disappear; '' where they can."""
    cursor = edit.textCursor()
    if here(edit).is_stretch:
        return ""
    if not cursor.hasSelection():
        return "Select the words that shall disappear, with the field among them."
    blocks = list(selected(cursor))
    if len(blocks) > 1:
        return "Select words of one paragraph only."
    runs = _runs(cursor, cursor.selectionStart(), cursor.selectionEnd())
    if not any(marks.thing_of(form) is Thing.FIELD for _, _, form in runs):
        return "Select a field with them: the words disappear when it is empty."
    return ""


def _letters(edit: PageEdit) -> QTextCharFormat:
    cursor = edit.textCursor()
    if cursor.hasSelection():
        cursor.setPosition(cursor.selectionStart() + 1)
        return cursor.charFormat()
    return edit.currentCharFormat()


def _select_stretch(cursor: QTextCursor, number: int) -> None:
    block = cursor.block()
    spans = [
        (block.position() + start, block.position() + start + length)
        for start, length, form in marks.formats_of(block)
        if marks.stretch_of(form) == number
    ]
    cursor.setPosition(spans[0][0])
    cursor.setPosition(spans[-1][1], QTextCursor.MoveMode.KeepAnchor)


# -- pictures -----------------------------------------------------------------------------------


def picture_here(cursor: QTextCursor) -> Picture | None:
    """The picture the cursor is at."""
    if marks.block_thing(cursor.block()) is not Thing.PICTURE:
        return None
    for part in storing.block_parts(cursor.block()):
        if isinstance(part, Picture):
            return part
    return None


def change_picture(cursor: QTextCursor, picture: Picture) -> None:
    """Another size, other words or another place for the picture the cursor is at."""
    cursor.beginEditBlock()
    part = QTextCursor(cursor.block())
    part.movePosition(QTextCursor.MoveOperation.NextCharacter, QTextCursor.MoveMode.KeepAnchor)
    part.setCharFormat(marks.picture_format(picture.sha256, picture.width_mm, picture.words))
    form = cursor.block().blockFormat()
    _set(form, Prop.ALIGN, picture.align, Align.START)
    QTextCursor(cursor.block()).setBlockFormat(form)
    cursor.endEditBlock()


# -- tables -------------------------------------------------------------------------------------


def new_table(rows: int, columns: int, rules: Any = "grid") -> Table:
    """An empty table with columns of one width."""
    cell = Cell((Paragraph(),))
    return Table(((cell,) * columns,) * rows, rules=rules, shares=(1,) * columns)


def next_cell(cursor: QTextCursor, table: QTextTable, step: int) -> QTextCursor:
    """The next cell, or the one before; after the last one a new row."""
    cell = table.cellAt(cursor)
    place = cell.row() * table.columns() + cell.column() + step
    if place >= table.rows() * table.columns():
        table.appendRows(1)
    row, column = divmod(max(0, place), table.columns())
    return table.cellAt(row, column).firstCursorPosition()


def change_table(edit: PageEdit, what: str) -> None:
    """Add or take away a row or column beside the cursor, or the whole table."""
    cursor = edit.textCursor()
    table = cursor.currentTable()
    if table is None:
        return
    cell = table.cellAt(cursor)
    row, column = cell.row(), cell.column()
    if what == "row-above":
        table.insertRows(row, 1)
    elif what == "row-below":
        table.insertRows(row + 1, 1)
    elif what == "column-before":
        table.insertColumns(column, 1)
    elif what == "column-after":
        table.insertColumns(column + 1, 1)
    elif what == "no-row":
        table.removeRows(row, 1)
    elif what == "no-column":
        table.removeColumns(column, 1)
    elif what == "no-table":
        table.removeRows(0, table.rows())
        return
    if "column" in what and table.rows():
        _even_shares(table, what, column)


def _even_shares(table: QTextTable, what: str, column: int) -> None:
    """A new column is as wide as its neighbour; one that goes leaves the others' parts."""
    form = table.format()
    shares = list(marks.shares_of(form))
    if not shares:
        return
    if what == "no-column":
        shares[column : column + 1] = []
    else:
        at = min(column, len(shares) - 1)
        shares.insert(at + (what == "column-after"), shares[at])
    form.setProperty(Prop.SHARES, marks.shares_text(tuple(shares[: table.columns()])))
    table.setFormat(form)


def set_table(table: QTextTable, *, rules: str | None = None, head_rows: int | None = None) -> None:
    """How its lines are drawn, and how many rows are repeated on the next page."""
    form = table.format()
    if rules is not None:
        form.setProperty(Prop.RULES, rules)
    if head_rows is not None:
        form.setProperty(Prop.HEAD_ROWS, head_rows)
    table.setFormat(form)
