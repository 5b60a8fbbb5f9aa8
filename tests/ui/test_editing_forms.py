"""What is put on the sheet by lists and forms: fields, conditions, questions, tables and pictures."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from itertools import combinations
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from medsec_desktop.domain.writing.document import (
    Align,
    Check,
    Condition,
    Document,
    Field,
    Insert,
    Paragraph,
    Picture,
    Question,
    Table,
    Text,
    plain_text,
)
from medsec_desktop.problems import Invalid
from medsec_desktop.services.letters.pictures import LetterPictures
from medsec_desktop.services.office import Office
from medsec_desktop.ui.letters.editing.editor import DocumentEditor
from medsec_desktop.ui.letters.editing.field_tree import FieldTree
from medsec_desktop.ui.letters.editing.forms import (
    ConditionForm,
    PictureForm,
    QuestionForm,
    TableForm,
    free_key,
)
from medsec_desktop.ui.letters.editing.question_list import QuestionList
from tests.ui.frame import a_desk
from tests.ui.scripted import ScriptedPrompts

Key = Qt.Key


@pytest.fixture
def editor(qtbot: QtBot, office: Office) -> Iterator[DocumentEditor]:
    made = DocumentEditor(a_desk(office), LetterPictures(office.session))
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    made.page.setFocus()
    made.set_document(Document((Paragraph((Text("Dear "),)),)))
    made.page.moveCursor(QTextCursor.MoveOperation.End)
    yield made
    made.hide()


def form(editor: DocumentEditor, kind: type[QDialog]) -> QDialog:
    """The form that is open over the editor."""
    return next(one for one in editor.window().findChildren(kind) if one.isVisible())


def test_a_brace_opens_the_fields_and_enter_puts_one_in(
    qtbot: QtBot, editor: DocumentEditor
) -> None:
    qtbot.keyClicks(editor.page, "{greet")
    assert editor.completion.isVisible()
    assert editor.completion.list.current_value() == "patient.greeting"

    qtbot.keyClick(editor.page, Key.Key_Return)
    qtbot.keyClicks(editor.page, ", {nothing like it")
    assert editor.completion.hint.isVisible()
    qtbot.keyClick(editor.page, Key.Key_Escape)

    assert not editor.completion.isVisible()
    words = Paragraph((Text("Dear "), Field("patient.greeting"), Text(", {nothing like it")))
    assert editor.document().blocks == (words,)

    qtbot.keyClicks(editor.page, " {practice pho")
    row = editor.completion.list.visualRect(editor.completion.list.rows.index(0, 0))
    qtbot.mouseClick(editor.completion.list.viewport(), Qt.MouseButton.LeftButton, pos=row.center())
    assert editor.document().blocks[0].inlines[-1] == Field("practice.phone")  # type: ignore[union-attr]


def test_the_tree_puts_in_fields_and_blocks_by_enter_and_double_click(
    qtbot: QtBot, editor: DocumentEditor
) -> None:
    tree = FieldTree(editor.fields)
    qtbot.addWidget(tree)
    tree.field_chosen.connect(editor.insert_field)
    tree.block_chosen.connect(editor.insert_block)

    qtbot.keyClicks(tree.line, "family")
    assert "family name" in tree.about.text()
    qtbot.keyClick(tree.line, Key.Key_Return)
    tree.line.clear()
    qtbot.keyClicks(tree.line, "details of")
    item = tree.tree.topLevelItem(0).child(0)
    tree.tree.itemDoubleClicked.emit(item, 0)

    assert editor.document().blocks[:2] == (
        Paragraph((Text("Dear "), Field("patient.family_name"))),
        Insert("visit"),
    )


def test_the_bar_takes_a_second_row_where_large_words_have_no_room(
    qtbot: QtBot, editor: DocumentEditor
) -> None:
    tools = editor.tools
    shown = (tools.align_choice, tools.insert, tools.condition, tools.stretch, tools.zoom_choice)

    def boxes() -> list[QRect]:
        return [QRect(one.mapTo(tools, QPoint(0, 0)), one.size()) for one in shown]

    assert len({box.center().y() // 8 for box in boxes()}) == 1

    editor.resize(tools.minimumSizeHint().width(), 700)

    qtbot.waitUntil(lambda: boxes()[1].top() > boxes()[0].bottom())
    overlaps = [pair for pair in combinations(boxes(), 2) if pair[0].intersects(pair[1])]
    assert not overlaps
    assert all(tools.rect().contains(box) for box in boxes())
    assert tools.stretch.width() >= tools.stretch.sizeHint().width()

    editor.resize(1000, 700)

    qtbot.waitUntil(lambda: boxes()[1].left() > boxes()[0].right())


def test_a_condition_is_chosen_from_rows_and_taken_back(
    qtbot: QtBot, editor: DocumentEditor
) -> None:
    editor.set_questions((Question("ride", "Who drives you?"),))
    qtbot.mouseClick(editor.tools.condition, Qt.MouseButton.LeftButton)
    sheet = form(editor, ConditionForm)
    assert isinstance(sheet, ConditionForm)
    first = sheet.rows[0]
    first.subject.set_value("patient.age")
    qtbot.keyClicks(first.words, "eighteen")
    sheet.ok.click()
    assert "whole number" in sheet.trouble.text()

    first.words.setText("18")
    sheet.add.click()
    sheet.rows[1].subject.set_value("ask.ride")
    sheet.rows[1].how.set_value("is-filled")
    sheet.needs.set_value("any")
    sheet.ok.click()

    wanted = Condition(
        (Check("patient.age", "at-least", "18"), Check("ask.ride", "is-filled")), "any"
    )
    assert editor.document().blocks[0].when == wanted
    editor.page.undo()
    assert editor.document().blocks[0].when is None

    editor.page.redo()
    layout = editor.page.paper_layout
    sheet_left, block = layout.sheet_rect(0).left(), layout.blocks[0].rect
    told = [
        editor.page.painter.condition_at(QPointF(x, block.top() + 2))
        for x in (sheet_left + 9, block.left() + 9)
    ]
    assert told[0].endswith("or Who drives you is filled in"), (
        "the margin has no room for all of it, its tip has"
    )
    assert told[1] == ""
    editor.ask_condition()
    again = form(editor, ConditionForm)
    assert isinstance(again, ConditionForm)
    assert [row.check() for row in again.rows] == list(wanted.checks)
    again.always.click()
    assert editor.document().blocks[0].when is None


def test_questions_are_written_by_form_and_their_answers_are_fields(
    qtbot: QtBot, editor: DocumentEditor
) -> None:
    questions = QuestionList(editor._desk.theme, editor)
    questions.changed.connect(editor.set_questions)
    questions.put_in.connect(editor.insert_field)
    assert questions.lists.currentWidget() is questions.empty
    questions.add()
    sheet = form(editor, QuestionForm)
    assert isinstance(sheet, QuestionForm)
    sheet.kind.set_value("choice")
    qtbot.keyClicks(sheet.prompt, "Which arm?")
    sheet.ok.click()
    assert sheet.choices_field.has_problem
    sheet.choices.setPlainText("left\nright\nleft")
    sheet.first.set_value("right")
    sheet.ok.click()

    assert editor.document().questions == (
        Question("which_arm", "Which arm?", "choice", ("left", "right"), "right"),
    )
    assert questions.lists.currentWidget() is questions.list
    qtbot.mouseClick(questions.put_button, Qt.MouseButton.LeftButton)
    assert editor.document().blocks[0].inlines[-1] == Field("ask.which_arm")  # type: ignore[union-attr]
    assert editor.fields.label("ask.which_arm") == "Which arm"

    questions.remove()
    assert editor.document().questions == ()
    assert questions.lists.currentWidget() is questions.empty
    assert editor.fields.label("ask.which_arm") == "ask.which_arm?", "a chip nobody knows says so"
    assert free_key("¿2 Días?", ("q_2_dias",)) == "q_2_dias_2"


def test_tables_are_asked_for_and_never_stand_in_tables(
    qtbot: QtBot, editor: DocumentEditor
) -> None:
    editor.ask_table()
    sheet = form(editor, TableForm)
    assert isinstance(sheet, TableForm)
    sheet.columns.setValue(3)
    sheet.ok.click()
    qtbot.keyClicks(editor.page, "first")
    qtbot.keyClick(editor.page, Qt.Key.Key_Tab)
    qtbot.keyClicks(editor.page, "second")

    editor.ask_table()
    editor.ask_picture()

    assert not [one for one in editor.window().findChildren(TableForm) if one.isVisible()]
    dict(editor.table_manners())["Repeat the first row on the next page"]()
    table = editor.document().blocks[1]
    assert isinstance(table, Table)
    assert (len(table.rows), len(table.rows[0]), table.head_rows) == (3, 3, 1)
    assert [plain_text(Document(cell.paragraphs)) for cell in table.rows[0]] == [
        "first",
        "second",
        "",
    ]


def test_a_picture_is_kept_small_and_described(
    qtbot: QtBot, office: Office, editor: DocumentEditor, tmp_path: Path
) -> None:
    Image.new("RGB", (7300, 5500), "teal").save(tmp_path / "logo.jpg")  # 40 megapixels
    (tmp_path / "broken.png").write_bytes(b"\x89PNG nothing")
    prompts = editor._desk.prompts
    assert isinstance(prompts, ScriptedPrompts)

    editor._take(str(tmp_path / "logo.jpg"))
    sheet = form(editor, PictureForm)
    assert isinstance(sheet, PictureForm)
    sheet.width.setValue(42.5)
    sheet.align.set_value("center")
    qtbot.keyClicks(sheet.words, "Our logo")
    sheet.ok.click()

    picture = editor.document().blocks[1]
    assert isinstance(picture, Picture)
    assert (picture.width_mm, picture.words, picture.align) == (42.5, "Our logo", Align.CENTER)
    pictures = LetterPictures(office.session)
    kept = Image.open(BytesIO(pictures.get(picture.sha256)))
    assert max(kept.size) <= 2400
    assert pictures.of(editor.document()) == {picture.sha256: pictures.get(picture.sha256)}
    with pytest.raises(Invalid, match="no picture"):
        pictures.take(str(tmp_path / "broken.png"))
