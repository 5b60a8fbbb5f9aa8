"""The Letters tab: writing a letter from a visit, filing, printing, finding and voiding it."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QItemSelectionModel, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
)
from pytestqt.qtbot import QtBot

from medsec_desktop.domain.letter_states import LetterStatus
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.writing.document import (
    Align,
    ListKind,
    PageBreak,
    Style,
    plain_text,
)
from medsec_desktop.domain.writing.plain import parts_of
from medsec_desktop.models import Appointment
from medsec_desktop.services.letters import Letters
from medsec_desktop.services.office import Office
from medsec_desktop.services.practice import Profile
from medsec_desktop.services.printing import Printing
from medsec_desktop.services.session import Session
from medsec_desktop.ui.desk import Desk
from medsec_desktop.ui.letters.editing import commands
from medsec_desktop.ui.letters.print_sheet import PrintSheet
from medsec_desktop.ui.letters.questions_sheet import QuestionsSheet
from medsec_desktop.ui.letters.tab import LettersTab
from medsec_desktop.ui.letters.writer import LetterWriter
from tests.conftest import a_patient, a_provider, a_type, an_appointment
from tests.services.test_letters import FakeSpooler, an_address
from tests.ui.frame import a_desk
from tests.ui.scripted import ScriptedPrompts

CTRL = Qt.KeyboardModifier.ControlModifier


@dataclass
class Scene:
    window: QMainWindow
    tab: LettersTab
    desk: Desk
    letters: Letters
    spooler: FakeSpooler
    prompts: ScriptedPrompts

    @property
    def writer(self) -> LetterWriter:
        assert self.tab.writer is not None
        return self.tab.writer

    @property
    def said(self) -> str:
        return self.desk.messages.last.text if self.desk.messages.last else ""

    def listed(self) -> list[str]:
        return [row.patient_name for row in self.tab.archive.list.rows.rows]


@pytest.fixture
def scene(qtbot: QtBot, office: Office, session: Session) -> Iterator[Scene]:
    office.practice.save_profile(
        Profile(name="Lakeside Family Medicine", line1="1200 Harbor Avenue", phone="555-0142")
    )
    spooler = FakeSpooler()
    office.letters = Letters(session, office.practice, Printing(session, spooler))
    desk = a_desk(office)
    assert isinstance(desk.prompts, ScriptedPrompts)
    window = QMainWindow()
    qtbot.addWidget(window)
    desk.actions.install(window, window.menuBar(), desk.theme)
    tab = LettersTab(desk)
    desk.bus.changed.connect(tab.refresh)
    desk.drafts.resumes("letter", lambda row, state: tab.resume_letter(state, row.id))
    window.setCentralWidget(tab)
    window.resize(1366, 768)
    with qtbot.waitExposed(window):
        window.show()
    tab.showing()
    yield Scene(window, tab, desk, office.letters, spooler, desk.prompts)
    desk.drafts.close()
    window.close()


def a_visit(session: Session, family: str = "Testperson", **patient: Any) -> int:
    patient_id = a_patient(session, family, name_prefix="Ms.", **patient)
    an_address(session, patient_id)
    return an_appointment(session, patient_id, a_provider(session), type_id=a_type(session))


def press(qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier = CTRL) -> None:
    widget = QApplication.focusWidget()
    assert widget is not None, "nothing has the focus"
    qtbot.keyClick(widget, key, modifier)


def test_an_empty_archive_says_how_a_letter_comes_about(scene: Scene) -> None:
    archive = scene.tab.archive

    assert archive.empty.isVisible()
    assert "Ctrl+N" in archive.empty.text.text()
    assert archive.search.hasFocus()


def test_a_letter_is_written_shown_and_filed_by_one_key(
    scene: Scene, session: Session, qtbot: QtBot
) -> None:
    scene.tab.write_letter(a_visit(session))
    assert scene.writer.recipient.hasFocus()
    assert scene.writer.preview.page_count == 1
    assert not scene.writer.warning.isVisible()

    press(qtbot, Qt.Key.Key_Return)

    (row,) = scene.letters.recent()
    assert row.status is LetterStatus.FILED
    assert scene.tab.writer is None
    assert scene.listed() == ["Testperson, Ada"]
    assert scene.tab.archive.pages.page_count == 1
    assert scene.said == "The letter to Ada Testperson is filed."
    assert scene.desk.messages.last is not None
    assert scene.desk.messages.last.undoes is not None


def test_what_is_typed_shows_on_the_page_and_is_filed(
    scene: Scene, session: Session, qtbot: QtBot
) -> None:
    scene.tab.write_letter(a_visit(session))
    before = scene.writer.preview.sheets.pages[0].toImage()

    qtbot.keyClick(scene.writer.recipient, Qt.Key.Key_Tab)
    assert scene.writer.text.hasFocus(), "from the address one goes on to the words"
    qtbot.keyClicks(scene.writer.text, "Fee <500> ")
    qtbot.waitUntil(lambda: scene.writer.preview.sheets.pages[0].toImage() != before)
    press(qtbot, Qt.Key.Key_Return)

    (row,) = scene.letters.recent()
    assert "Fee <500> Dear" in scene.letters.text(scene.letters.pdf(row.id))


def test_every_part_of_the_letter_can_be_changed(
    scene: Scene, session: Session, qtbot: QtBot
) -> None:
    scene.tab.write_letter(a_visit(session))
    writer = scene.writer

    writer.recipient.selectAll()
    qtbot.keyClicks(writer.recipient, "New")
    writer.text.selectAll()
    qtbot.keyClicks(writer.text, "New words")

    draft = writer.draft
    assert draft.recipient == ("New",)
    assert plain_text(draft.body) == "New words"
    assert writer.words.page.painter.stationery.recipient == ("New",)

    long = "The Department of Internal Medicine and Cardiology of Springfield"
    qtbot.keyClick(writer.recipient, Qt.Key.Key_Return)
    qtbot.keyClicks(writer.recipient, long)
    shown = [said.text for said in writer.words.page.painter.stationery.first_page]
    assert long not in shown
    assert " ".join(shown[shown.index("New") + 1 : -1]) == long, "broken as it is printed"


def test_what_a_paragraph_is_and_where_it_stands_has_keys_the_menus_show(
    scene: Scene, session: Session, qtbot: QtBot
) -> None:
    scene.tab.write_letter(a_visit(session))
    page, tools = scene.writer.words.page, scene.writer.words.tools
    page.setFocus()
    alt_shift = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier

    press(qtbot, Qt.Key.Key_3, alt_shift)
    press(qtbot, Qt.Key.Key_9, alt_shift)
    press(qtbot, Qt.Key.Key_2, CTRL | Qt.KeyboardModifier.ShiftModifier)
    press(qtbot, Qt.Key.Key_B)

    here = commands.here(page)
    assert (here.style, here.align, here.list) == (Style.HEADING, Align.CENTER, ListKind.NUMBER)
    menu = tools.format_menu()
    ticked = [action.text() for action in menu.actions() if action.isChecked()]
    assert ticked == [
        "Bold\tCtrl+B",
        "Heading\tAlt+Shift+3",
        "Centered\tAlt+Shift+9",
        "Numbered list\tCtrl+Shift+2",
    ]
    menu.deleteLater()
    press(qtbot, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
    press(qtbot, Qt.Key.Key_1, alt_shift)
    press(qtbot, Qt.Key.Key_Z, alt_shift)
    assert PageBreak() in scene.writer.draft.body.blocks


def test_the_pages_are_shown_where_one_types(scene: Scene, session: Session, qtbot: QtBot) -> None:
    scene.tab.write_letter(a_visit(session))
    writer, page = scene.writer, scene.writer.words.page
    page.moveCursor(QTextCursor.MoveOperation.End)
    page.insertPlainText("\n".join(f"Line {number} of many" for number in range(90)))
    qtbot.waitUntil(lambda: writer.preview.page_count == 3)
    bar = writer.preview.verticalScrollBar()

    qtbot.mouseClick(writer.preview_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bar.value() > bar.maximum() / 2)
    bar.setValue(0)
    writer.ask_for_preview()  # nothing was typed: one looks where one likes
    assert bar.value() == 0
    qtbot.mouseClick(writer.write_button, Qt.MouseButton.LeftButton)
    page.moveCursor(QTextCursor.MoveOperation.Start)
    qtbot.mouseClick(writer.preview_button, Qt.MouseButton.LeftButton)
    assert bar.value() < bar.maximum() / 4


def test_one_key_files_and_prints(scene: Scene, session: Session, qtbot: QtBot) -> None:
    scene.tab.write_letter(a_visit(session))

    press(qtbot, Qt.Key.Key_P)

    (row,) = scene.letters.recent()
    assert row.status is LetterStatus.SENT
    assert scene.spooler.pages[0][0] == scene.letters.pdf(row.id)
    assert scene.said == "The letter to Ada Testperson went to the printer."


def test_a_stopped_printer_leaves_the_letter_filed_and_says_so(
    scene: Scene, session: Session, qtbot: QtBot
) -> None:
    said: list[str] = []
    scene.desk.jobs.on_failure = lambda title, error: said.append(str(error))
    scene.spooler.is_ready = False
    scene.tab.write_letter(a_visit(session))

    qtbot.mouseClick(scene.writer.print_button, Qt.MouseButton.LeftButton)

    (row,) = scene.letters.recent()
    assert row.status is LetterStatus.FILED
    assert scene.tab.archive.row == row
    assert "is stopped" in said[0]


def test_a_missing_address_is_said_until_one_is_typed(
    scene: Scene, session: Session, qtbot: QtBot
) -> None:
    scene.tab.write_letter(an_appointment(session, a_patient(session), a_provider(session)))
    warning = scene.writer.warning
    assert "no mailing address" in warning.accessibleName()

    scene.writer.recipient.moveCursor(scene.writer.recipient.textCursor().MoveOperation.End)
    qtbot.keyClick(scene.writer.recipient, Qt.Key.Key_Return)
    qtbot.keyClicks(scene.writer.recipient, "45 Elm Street")

    qtbot.waitUntil(lambda: "no mailing address" not in warning.accessibleName())


def test_escape_parks_what_was_typed_and_it_can_be_resumed(
    scene: Scene, session: Session, qtbot: QtBot
) -> None:
    scene.tab.write_letter(a_visit(session))
    qtbot.keyClicks(scene.writer.text, "Half a thought. ")

    qtbot.keyClick(scene.writer.text, Qt.Key.Key_Escape)
    assert scene.tab.writer is None
    (draft,) = scene.desk.drafts.waiting()
    assert draft.title == "Letter to Ada Testperson"

    scene.desk.drafts.resume(draft.id)
    assert "Half a thought." in scene.writer.text.toPlainText()

    press(qtbot, Qt.Key.Key_Return)
    assert scene.desk.drafts.waiting() == ()
    assert len(scene.letters.recent()) == 1


def test_a_letter_open_while_the_visit_is_moved_takes_over_the_new_time(
    scene: Scene, session: Session, qtbot: QtBot
) -> None:
    visit = a_visit(session)
    scene.tab.write_letter(visit)
    qtbot.keyClicks(scene.writer.text, "Typed. ")

    with session.change("Move the visit", Permission.EDIT_CALENDAR):
        Appointment.update(starts_at="2026-03-13T14:30").where(Appointment.id == visit).execute()

    assert dict(parts_of(scene.writer.draft.body).box)["Date"] == "Friday, March 13, 2026"
    assert "Typed. " in scene.writer.text.toPlainText()
    assert "was changed since" in scene.writer.warning.accessibleName()


def test_escape_leaves_nothing_behind_where_nothing_was_typed(
    scene: Scene, session: Session, qtbot: QtBot
) -> None:
    scene.tab.write_letter(a_visit(session))

    qtbot.keyClick(scene.writer.text, Qt.Key.Key_Escape)

    assert scene.tab.writer is None
    assert scene.desk.drafts.waiting() == ()
    assert scene.letters.recent() == ()


def test_another_language_replaces_the_words_and_what_was_typed_comes_back(
    scene: Scene, session: Session, qtbot: QtBot
) -> None:
    scene.tab.write_letter(a_visit(session))
    qtbot.keyClicks(scene.writer.text, "Mine. ")

    scene.writer.choice.language.setFocus()
    qtbot.keyClick(scene.writer.choice.language, Qt.Key.Key_Down)

    assert scene.writer.draft.subject.startswith("Su cita")
    message = scene.desk.messages.last
    assert message is not None
    message.offers[0][1]()
    assert "Mine. " in scene.writer.text.toPlainText()
    assert scene.writer.choice.language.value() == "en"


@pytest.mark.parametrize(
    ("status", "day", "kind", "subject"),
    [
        ("scheduled", "12", "Appointment confirmation", "Your appointment on Thursday"),
        ("cancelled", "12", "Appointment cancelled", "Your appointment on Thursday"),
        ("no-show", "10", "Missed visit", "We missed you on Tuesday"),
        ("done", "10", "Absence from work or school", "Absence from work: Ada Testperson"),
        ("confirmed", "10", "Blank letter", ""),  # over, and nobody has said yet what became of it
    ],
)
def test_the_letter_that_fits_the_visit_is_begun(
    scene: Scene, session: Session, status: str, day: str, kind: str, subject: str
) -> None:
    visit = an_appointment(
        session, a_patient(session), a_provider(session), f"2026-03-{day}T10:00", status=status
    )

    scene.tab.write_letter(visit)

    assert scene.writer.choice.kind.currentText() == kind
    assert scene.writer.draft.subject.startswith(subject)
    if status == "done":
        assert scene.writer.draft.about.answers == {"first": "2026-03-10", "last": "2026-03-10"}
        assert not any("lies in the past" in remark for remark in scene.writer.draft.remarks)


def test_another_kind_of_letter_replaces_the_words_and_what_was_typed_comes_back(
    scene: Scene, session: Session, qtbot: QtBot
) -> None:
    scene.tab.write_letter(a_visit(session))
    qtbot.keyClicks(scene.writer.text, "Mine. ")

    scene.writer.choice.kind.setFocus()
    for _ in range(2):  # past the one that was moved
        qtbot.keyClick(scene.writer.choice.kind, Qt.Key.Key_Down)

    assert scene.writer.draft.subject.startswith("A reminder of your appointment")
    assert not any("Recall" in text for _, text in scene.writer.choice.kinds())
    message = scene.desk.messages.last
    assert message is not None
    message.offers[0][1]()
    assert "Mine. " in scene.writer.text.toPlainText()
    assert scene.writer.choice.kind.value() == "appointment_confirmation"


def test_a_kind_that_asks_is_written_by_what_is_answered(
    scene: Scene, session: Session, qtbot: QtBot
) -> None:
    scene.tab.write_letter(a_visit(session))
    writer = scene.writer
    assert writer.choice.ask_button.isHidden()
    kinds = [text for _, text in writer.choice.kinds()]
    assert "Absence from work or school" in kinds
    assert "Referral to another doctor" not in kinds

    def asked() -> QuestionsSheet:
        def open_ones() -> list[QuestionsSheet]:
            sheets = scene.window.findChildren(QuestionsSheet)
            return [sheet for sheet in sheets if sheet.isVisible()]

        qtbot.waitUntil(lambda: len(open_ones()) == 1)
        return open_ones()[0]

    def choose(kind: str) -> QuestionsSheet:
        writer.choice.kind.setFocus()
        qtbot.keyClicks(writer.choice.kind, kind)
        return asked()

    qtbot.keyClick(choose("Abs"), Qt.Key.Key_Escape)
    assert writer.choice.kind.value() == writer.draft.template != "absence_note"

    sheet = choose("Abs")
    what, first, last, _ = sheet.answers.values()
    qtbot.keyClick(what, Qt.Key.Key_Down)
    for edit, typed in ((first, "3/9/2026"), (last, "soon")):
        edit.selectAll()
        qtbot.keyClicks(edit, typed)
    qtbot.keyClick(last, Qt.Key.Key_Return, CTRL)
    assert sheet.banner.isVisible()
    last.selectAll()
    qtbot.keyClicks(last, "3/10/2026")
    qtbot.mouseClick(sheet.save_button, Qt.MouseButton.LeftButton)

    text = plain_text(writer.draft.body)
    assert writer.draft.subject == "Absence from school: Ms. Ada Testperson"
    assert "March 9, 2026" in text
    assert "March 10, 2026" in text
    assert "first day back" not in text
    qtbot.mouseClick(writer.choice.ask_button, Qt.MouseButton.LeftButton)
    again = asked()
    assert again.answers["what"].value() == "school"
    qtbot.keyClicks(again.answers["back"], "3/11")
    qtbot.keyClick(again, Qt.Key.Key_Return, CTRL)
    assert "March 11, 2026 is expected to be the first day back." in plain_text(writer.draft.body)

    qtbot.keyClick(writer.text, Qt.Key.Key_Z, CTRL)
    assert "first day back" not in plain_text(writer.draft.body)
    assert writer.draft.about.answers["back"] == ""
    qtbot.keyClick(writer.text, Qt.Key.Key_Z, CTRL)
    assert writer.choice.kind.value() == writer.draft.template != "absence_note"
    assert writer.choice.ask_button.isHidden()
    qtbot.keyClick(writer.text, Qt.Key.Key_Z, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert writer.draft.about.answers["what"] == "school"
    assert writer.choice.kind.value() == "absence_note"


def test_a_letter_is_begun_by_choosing_a_coming_visit(
    scene: Scene, session: Session, qtbot: QtBot
) -> None:
    a_visit(session, "Erste")
    a_visit(session, "Zweite")
    qtbot.mouseClick(scene.tab.archive.new_button, Qt.MouseButton.LeftButton)
    picker = scene.tab.picker
    assert picker is not None
    assert picker.visits.line.hasFocus()

    qtbot.keyClicks(picker.visits.line, "zwei")
    qtbot.keyClick(picker.visits.line, Qt.Key.Key_Return)

    assert scene.writer.title.text() == "Letter to Ada Zweite"


def test_escape_leaves_the_choice_of_a_visit(scene: Scene, qtbot: QtBot) -> None:
    scene.tab.new_thing()
    picker = scene.tab.picker
    assert picker is not None

    qtbot.keyClick(picker.visits.line, Qt.Key.Key_Escape)

    assert scene.tab.archive.isVisible()
    assert scene.tab.archive.search.hasFocus()


def test_a_second_letter_parks_the_first(scene: Scene, session: Session, qtbot: QtBot) -> None:
    first, second = a_visit(session, "Erste"), a_visit(session, "Zweite")
    scene.tab.write_letter(first)
    qtbot.keyClicks(scene.writer.text, "Typed. ")

    scene.tab.write_letter(second)

    assert scene.writer.title.text() == "Letter to Ada Zweite"
    assert [draft.title for draft in scene.desk.drafts.waiting()] == ["Letter to Ada Erste"]


def test_a_visit_that_is_gone_is_said(scene: Scene) -> None:
    scene.tab.write_letter(99)

    assert scene.tab.writer is None
    assert "no longer there" in scene.said


def filed(scene: Scene, session: Session, *families: str) -> list[int]:
    """Letters filed one after the other; their ids."""
    return [scene.letters.file(scene.letters.compose(a_visit(session, f))).id for f in families]


def test_letters_are_found_by_typing_and_walked_by_arrows(
    scene: Scene, session: Session, qtbot: QtBot
) -> None:
    filed(scene, session, "Erste", "Muñoz", "Dritte")
    archive = scene.tab.archive
    assert scene.listed() == ["Dritte, Ada", "Muñoz, Ada", "Erste, Ada"]

    archive.list.selectRow(0)
    qtbot.keyClick(archive.list, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: archive.row is not None and archive.row.name.family == "Muñoz")

    archive.search.setFocus()
    qtbot.keyClicks(archive.search, "erst")
    assert scene.listed() == ["Erste, Ada"]
    qtbot.keyClick(archive.search, Qt.Key.Key_Down)
    assert archive.list.hasFocus()

    archive.search.setText("nobody")
    assert archive.empty.isVisible()
    assert archive.empty.title.text() == "No letter found"


def test_a_letter_opened_from_elsewhere_is_selected(scene: Scene, session: Session) -> None:
    first, _ = filed(scene, session, "Erste", "Zweite")
    scene.tab.archive.search.setText("zweite")

    scene.tab.show_letter(first)

    assert scene.tab.archive.row is not None
    assert scene.tab.archive.row.id == first
    assert scene.tab.archive.pages.page_count == 1
    assert "Dear Ada Erste" in scene.tab.archive.pages.accessibleDescription()


def test_undoing_the_filing_takes_the_letter_off_the_list(scene: Scene, session: Session) -> None:
    filed(scene, session, "Erste", "Zweite")

    session.undo(session.history(1)[0].id)

    assert scene.listed() == ["Erste, Ada"]


def test_printing_again_sends_the_same_bytes(scene: Scene, session: Session, qtbot: QtBot) -> None:
    filed(scene, session, "Erste")
    scene.tab.archive.take_focus()

    press(qtbot, Qt.Key.Key_P)
    press(qtbot, Qt.Key.Key_P)

    assert scene.spooler.pages[0] == scene.spooler.pages[1]
    assert scene.tab.archive.print_button.text() == "Print again"


def test_a_void_letter_shows_why_and_is_not_printed(
    scene: Scene, session: Session, qtbot: QtBot
) -> None:
    filed(scene, session, "Erste")
    scene.prompts.answers = ["wrong date"]

    qtbot.mouseClick(scene.tab.archive.void_button, Qt.MouseButton.LeftButton)

    archive = scene.tab.archive
    assert archive.banner.accessibleName() == "This letter is void wrong date (Olive Owner)"
    assert not archive.print_button.isVisible()
    archive.take_focus()
    press(qtbot, Qt.Key.Key_P)
    assert "is void" in scene.said
    assert scene.spooler.pages == []


def test_voiding_without_a_reason_says_what_is_missing(scene: Scene, session: Session) -> None:
    filed(scene, session, "Erste")
    scene.prompts.answers = [" "]

    scene.desk.actions.trigger("letter.void")

    assert "Say why" in scene.said
    assert scene.letters.recent()[0].status is LetterStatus.FILED


def test_delete_voids_from_the_list_and_only_deletes_in_the_search_line(
    scene: Scene, session: Session, qtbot: QtBot
) -> None:
    filed(scene, session, "Erste")
    scene.prompts.answers = ["wrong date"]

    qtbot.keyClick(scene.tab.archive.search, Qt.Key.Key_Delete)
    assert scene.prompts.asked == []

    qtbot.keyClick(scene.tab.archive.list, Qt.Key.Key_Delete)
    assert scene.prompts.asked == ["Void this letter"]


def test_f2_explains_why_a_filed_letter_is_not_edited(scene: Scene, session: Session) -> None:
    filed(scene, session, "Erste")

    scene.desk.actions.trigger("edit.edit")

    assert "never edited" in scene.said


def test_printer_and_copies_can_be_chosen_and_the_printer_is_remembered(
    scene: Scene, session: Session, qtbot: QtBot
) -> None:
    filed(scene, session, "Erste")

    qtbot.mouseClick(scene.tab.archive.options_button, Qt.MouseButton.LeftButton)
    (sheet,) = scene.window.findChildren(PrintSheet)
    sheet.copies.setValue(3)
    qtbot.mouseClick(sheet.print_button, Qt.MouseButton.LeftButton)

    assert scene.spooler.pages[0][1] == 3
    assert scene.letters.printing.printer_for("letters") == "Desk"


def test_a_letter_whose_file_is_missing_says_so_in_its_place(
    scene: Scene, session: Session
) -> None:
    (letter_id,) = filed(scene, session, "Erste")
    sha256 = scene.letters.letter(letter_id).sha256
    (session.db.folder / "files" / sha256[:2] / sha256[2:]).unlink()

    scene.tab.show_letter(letter_id)

    assert "missing" in scene.tab.archive.banner.accessibleName()
    assert scene.tab.archive.pages.page_count == 0


def test_the_fields_grow_with_the_text_size(scene: Scene, session: Session) -> None:
    scene.tab.write_letter(a_visit(session))
    before = scene.writer.recipient.height()

    scene.desk.theme.set_zoom(1.5)

    assert scene.writer.recipient.height() > before * 1.3


def test_a_panel_that_is_closed_leaves_nothing_behind(
    scene: Scene, session: Session, qtbot: QtBot
) -> None:
    scene.tab.write_letter(a_visit(session))
    writer = weakref.ref(scene.writer)

    press(qtbot, Qt.Key.Key_Return)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()

    assert writer() is None


def test_every_control_has_a_name(scene: Scene, session: Session) -> None:
    filed(scene, session, "Erste")
    scene.tab.write_letter(a_visit(session))

    for kind in (QAbstractButton, QLineEdit, QPlainTextEdit, QComboBox):
        for control in scene.tab.findChildren(kind):
            if control.objectName().startswith("qt_") or isinstance(
                control.parent(), (QLineEdit, QComboBox)
            ):
                continue  # Qt's own parts of a control, such as the cross that clears it
            assert control.accessibleName(), control


def test_selecting_nothing_shows_nothing(scene: Scene, session: Session) -> None:
    filed(scene, session, "Erste")

    scene.tab.archive.list.selectionModel().clear()
    scene.tab.archive.list.selectionModel().setCurrentIndex(
        scene.tab.archive.list.rootIndex(), QItemSelectionModel.SelectionFlag.Clear
    )
    scene.tab.archive._show_selected()

    assert scene.tab.archive.nothing.isVisible()
