"""Typing on the sheet: by keys and by mouse, and what the document then says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from medsec_desktop.domain.writing.document import (
    Align,
    Block,
    Cell,
    Check,
    Condition,
    Document,
    Field,
    ListKind,
    Look,
    PageBreak,
    Paragraph,
    Picture,
    Stretch,
    Style,
    Table,
    Text,
)
from medsec_desktop.ui.letters.editing import commands, inserting
from medsec_desktop.ui.letters.editing.fields import FieldList
from medsec_desktop.ui.letters.editing.page_edit import PageEdit
from medsec_desktop.ui.theme import Theme

Key = Qt.Key
NAME = Field("patient.greeting")


def para(*parts: str | Text | Field | Stretch, **more: object) -> Paragraph:
    inlines = tuple(Text(part) if isinstance(part, str) else part for part in parts)
    return Paragraph(inlines, **more)  # type: ignore[arg-type]


@pytest.fixture
def edit(qtbot: QtBot) -> Iterator[PageEdit]:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme = Theme()
    theme.apply(app)
    page = PageEdit(theme, FieldList(), lambda _: None)
    qtbot.addWidget(page)
    page.resize(900, 700)
    page.show()
    page.setFocus()
    yield page
    page.hide()


def show(edit: PageEdit, *blocks: Block) -> None:
    edit.set_document(Document(blocks))
    edit.moveCursor(QTextCursor.MoveOperation.End)


def select(edit: PageEdit, words: str) -> None:
    found = edit.document().find(words)
    assert not found.isNull(), words
    edit.setTextCursor(found)


def test_words_lists_and_looks_are_typed_as_in_any_editor(qtbot: QtBot, edit: PageEdit) -> None:
    show(edit, para(style=Style.HEADING))

    qtbot.keyClicks(edit, "News")
    qtbot.keyClick(edit, Key.Key_Return)
    qtbot.keyClicks(edit, "plain ")
    qtbot.keyClick(edit, Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(edit, "bold")
    qtbot.keyClick(edit, Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(edit, Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(edit, "line")
    qtbot.keyClick(edit, Key.Key_Return)
    commands.set_list(edit.textCursor(), ListKind.NUMBER)
    qtbot.keyClicks(edit, "one")
    qtbot.keyClick(edit, Key.Key_Return)
    qtbot.keyClick(edit, Key.Key_Tab)
    qtbot.keyClicks(edit, "deep")
    qtbot.keyClick(edit, Key.Key_Return)
    qtbot.keyClick(edit, Key.Key_Return)  # an empty item steps out, a level at a time
    qtbot.keyClick(edit, Key.Key_Return)
    qtbot.keyClicks(edit, "after")

    assert edit.blocks() == (
        para("News", style=Style.HEADING),
        para("plain ", Text("bold", Look(bold=True)), "\nline"),
        para("one", list=ListKind.NUMBER),
        para("deep", list=ListKind.NUMBER, level=1),
        para("after"),
    )
    for _ in range(60):
        edit.undo()
    assert edit.blocks() == (para(style=Style.HEADING),)


def test_a_chip_is_taken_whole_and_typing_after_it_is_words(qtbot: QtBot, edit: PageEdit) -> None:
    show(edit, para("Dear ", NAME))

    qtbot.keyClicks(edit, ", hello")
    assert edit.blocks() == (para("Dear ", NAME, ", hello"),)

    for _ in range(8):
        qtbot.keyClick(edit, Key.Key_Backspace)
    assert edit.blocks() == (para("Dear "),)
    edit.undo()
    assert NAME in edit.blocks()[0].inlines


def test_copying_keeps_chips_conditions_and_lists(qtbot: QtBot, edit: PageEdit) -> None:
    when = Condition((Check("patient.age", "at-least", "18"),))
    blocks = (
        para("Dear ", NAME, Stretch((Text(" in "), Field("appointment.room")))),
        para("adults", when=when, list=ListKind.TICK, level=1),
        Table(((Cell((para("a"),)), Cell((para("b"),))),), rules="grid"),
        para("end"),
    )
    show(edit, *blocks)

    edit.selectAll()
    qtbot.keyClick(edit, Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    clipboard = QApplication.clipboard()
    assert "Dear {patient.greeting}" in clipboard.text()
    show(edit, para())
    qtbot.keyClick(edit, Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    assert edit.blocks()[: len(blocks)] == blocks


def test_a_stretch_is_made_of_words_with_a_field_and_left_by_typing_behind_it(
    qtbot: QtBot, edit: PageEdit
) -> None:
    show(edit, para("See you in ", NAME))
    select(edit, "See")
    assert "field" in commands.why_no_stretch(edit)
    edit.selectAll()
    commands.toggle_stretch(edit)
    edit.moveCursor(QTextCursor.MoveOperation.End)
    qtbot.keyClicks(edit, "!")

    assert edit.blocks() == (para(Stretch((Text("See you in "), NAME)), "!"),)

    select(edit, "you")
    commands.toggle_stretch(edit)
    assert edit.blocks() == (para("See you in ", NAME, "!"),)


def test_tab_walks_through_a_table_and_adds_a_row_behind_the_last_cell(
    qtbot: QtBot, edit: PageEdit
) -> None:
    show(edit, para("before"))
    inserting.insert_alone(edit, commands.new_table(1, 2))
    edit.moveCursor(QTextCursor.MoveOperation.Start)
    table_cursor = edit.textCursor()
    table_cursor.movePosition(QTextCursor.MoveOperation.Down)
    edit.setTextCursor(table_cursor)
    assert edit.textCursor().currentTable() is not None

    qtbot.keyClicks(edit, "a")
    qtbot.keyClick(edit, Key.Key_Tab)
    qtbot.keyClicks(edit, "b")
    qtbot.keyClick(edit, Key.Key_Tab)
    qtbot.keyClicks(edit, "c")
    qtbot.keyClick(edit, Key.Key_Backtab)
    commands.change_table(edit, "column-before")

    before, table, *_ = edit.blocks()
    assert isinstance(table, Table)
    words = [
        ["".join(str(i.text) for p in c.paragraphs for i in p.inlines) for c in r]
        for r in table.rows
    ]
    assert (before, words, table.shares) == (
        para("before"),
        [["a", "", "b"], ["c", "", ""]],
        (1, 1, 1),
    )


def test_words_beside_a_picture_get_a_paragraph_and_backspace_takes_it_whole(
    qtbot: QtBot, edit: PageEdit
) -> None:
    picture = Picture("ab", 40.0, "The logo", Align.CENTER)
    show(edit, para("one"), picture)

    qtbot.keyClicks(edit, "two")
    assert edit.blocks() == (para("one"), picture, para("two"))

    edit.moveCursor(QTextCursor.MoveOperation.StartOfBlock)
    qtbot.keyClick(edit, Key.Key_Backspace)
    assert edit.blocks() == (para("one"), para("two"))

    inserting.insert_alone(edit, PageBreak())
    assert [type(block) for block in edit.blocks()] == [Paragraph, PageBreak, Paragraph]


HOSTILE = (
    "<html><head><style>p{color:red}</style><script>alert(1)</script></head><body>"
    '<!--StartFragment--><p class=MsoNormal style="font-size:40pt">Fee &lt;500&gt; <b>is <i>due</i></b>'
    '<img src="file:///etc/passwd" onerror="x()"> &amp; {p.__class__}</p>'
    "<ol><li>first<ul><li>inner</li></ul></li><li><p>second</p></li></ol>"
    "<p class=MsoListParagraph style='mso-list:l0 level2 lfo1'><![if !supportLists]>"
    "<span>·&nbsp;&nbsp;</span><![endif]>Word item</p>"
    "<table><tr><td>cell</td></tr></table><iframe src='http://x.example'>frame</iframe>"
    "<svg><text>drawn</text></svg><a href='javascript:x()'>link</a><!--EndFragment--></body></html>"
)


def test_a_paste_from_elsewhere_keeps_words_and_lists_and_runs_nothing(
    qtbot: QtBot, edit: PageEdit
) -> None:
    data = QMimeData()
    data.setHtml(HOSTILE)
    data.setText("not this")
    show(edit, para("[]"))
    qtbot.keyClick(edit, Key.Key_Left)

    edit.insertFromMimeData(data)

    bold, both = Look(bold=True), Look(bold=True, italic=True)
    assert edit.blocks() == (
        para("[Fee <500> ", Text("is ", bold), Text("due", both), " & {p.__class__}"),
        para("first", list=ListKind.NUMBER),
        para("inner", list=ListKind.BULLET, level=1),
        para("second", list=ListKind.NUMBER),
        para("Word item", list=ListKind.BULLET, level=1),
        para("cell"),
        para("link]"),
    )
    edit.undo()
    assert edit.blocks() == (para("[]"),)
    data = QMimeData()
    data.setText("pasted")
    edit.insertFromMimeData(data)
    qtbot.keyClicks(edit, " and typed")
    edit.undo()  # what was typed only
    assert edit.blocks() == (para("[pasted]"),)
    edit.undo()
    assert edit.blocks() == (para("[]"),)


def test_a_click_puts_the_cursor_where_one_points_on_any_page(qtbot: QtBot, edit: PageEdit) -> None:
    show(edit, para("first page"), PageBreak(), para("second page, here"))
    found = edit.document().find("here")
    edit.setTextCursor(found)
    edit.ensureCursorVisible()
    spot = edit.cursorRect(found).center()

    qtbot.mouseClick(edit.viewport(), Qt.MouseButton.LeftButton, pos=spot - QPoint(200, 0))
    at_second = edit.textCursor().block().text()
    qtbot.mouseClick(edit.viewport(), Qt.MouseButton.LeftButton, pos=spot + QPoint(300, 0))

    assert at_second == "second page, here"
    assert edit.textCursor().atBlockEnd()
    assert edit.paper_layout.page_count == 2
