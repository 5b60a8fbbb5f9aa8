"""The letter line on the screen: dictated from the file, written, passed on, moved on and sent."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from medsec_desktop.domain.letter_states import LetterStatus, SentHow
from medsec_desktop.domain.referrals import Direction
from medsec_desktop.domain.writing.document import plain_text
from medsec_desktop.services.letters import Letters
from medsec_desktop.services.letters.line import DictationDraft
from medsec_desktop.services.office import Office
from medsec_desktop.services.patients.referral_records import PhysicianDraft, ReferralDraft
from medsec_desktop.services.practice import Profile
from medsec_desktop.services.printing import Printing
from medsec_desktop.services.session import Session
from medsec_desktop.ui.letters.dictation_sheet import DictationSheet
from medsec_desktop.ui.letters.pick_sheet import PickSheet
from medsec_desktop.ui.letters.tab import LettersTab
from medsec_desktop.ui.main_window import MainWindow
from tests.conftest import a_patient, a_provider
from tests.services.test_letters import FakeSpooler, an_address
from tests.ui.frame import a_window

S = LetterStatus
CTRL = Qt.KeyboardModifier.ControlModifier
CTRL_SHIFT = CTRL | Qt.KeyboardModifier.ShiftModifier


def a_clinic(qtbot: QtBot, office: Office, session: Session) -> tuple[MainWindow, FakeSpooler]:
    office.practice.save_profile(Profile(name="Lakeside Family Medicine", phone="555-0142"))
    spooler = FakeSpooler()
    office.letters = Letters(session, office.practice, Printing(session, spooler))
    return a_window(qtbot, office), spooler


def letters_tab(window: MainWindow) -> LettersTab:
    tab = window.tab_named("letters")
    assert isinstance(tab, LettersTab)
    return tab


def press(qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier) -> None:
    qtbot.keyClick(QApplication.focusWidget(), key, modifier)


def test_a_letter_goes_from_the_dictation_to_the_post_by_keys(
    qtbot: QtBot, office: Office, session: Session
) -> None:
    ada = a_patient(session)
    an_address(session, ada)
    window, spooler = a_clinic(qtbot, office, session)
    window.go.open_patient(ada)

    press(qtbot, Qt.Key.Key_I, CTRL_SHIFT)
    (sheet,) = window.findChildren(DictationSheet)
    qtbot.keyClicks(sheet.subject, "Thank you")
    qtbot.keyClicks(sheet.note, "For the roses")
    qtbot.keyClick(sheet.note, Qt.Key.Key_Return, CTRL)
    (row,) = office.letter_line.board()
    assert (row.status, row.subject, row.note) == (S.DICTATED, "Thank you", "For the roses")

    press(qtbot, Qt.Key.Key_4, CTRL_SHIFT)
    board = letters_tab(window).board
    assert board.lists[0].hasFocus()
    qtbot.keyClick(board.lists[0], Qt.Key.Key_Return)
    writer = letters_tab(window).writer
    assert writer is not None
    assert writer.draft.subject == "Thank you"
    press(qtbot, Qt.Key.Key_T, CTRL_SHIFT)
    assert office.letter_line.one(row.id).status is S.TYPED
    for status in (S.CHECKED, S.SIGNED):
        press(qtbot, Qt.Key.Key_F4, Qt.KeyboardModifier.NoModifier)
        assert office.letter_line.one(row.id).status is status
        assert [one.id for one in board.selected] == [row.id]
    window.undoing.undo()
    assert board.lists[2].rows.rowCount() == 1
    window.undoing.redo()
    press(qtbot, Qt.Key.Key_F4, Qt.KeyboardModifier.NoModifier)

    sent = office.letter_line.one(row.id)
    assert (sent.status, sent.sent_how) == (S.SENT, SentHow.PRINTED)
    assert len(spooler.pages) == 1
    assert board.lists[4].rows.rows[0].trailing == "Printed"


def test_several_letters_are_moved_by_mouse_and_noted_as_mailed(
    qtbot: QtBot, office: Office, session: Session
) -> None:
    line, people = office.letter_line, [a_patient(session, name) for name in ("Erste", "Zweite")]
    numbers = [line.keep(line.draft(line.dictate(DictationDraft(one, note="x")))) for one in people]
    window, _ = a_clinic(qtbot, office, session)
    window.show_tab("letters")
    tab = letters_tab(window)
    qtbot.mouseClick(tab.home.board_button, Qt.MouseButton.LeftButton)
    typed = tab.board.lists[1]
    for place in range(2):
        at = typed.visualRect(typed.rows.index(place, 0)).center()
        qtbot.mouseClick(
            typed.viewport(),
            Qt.MouseButton.LeftButton,
            CTRL if place else Qt.KeyboardModifier.NoModifier,
            QPoint(at),
        )

    assert tab.board.strip.about.text() == "2 letters selected"
    qtbot.mouseClick(tab.board.strip.on_button, Qt.MouseButton.LeftButton)
    assert session.history(1)[0].label == "Check 2 letters"
    qtbot.mouseClick(tab.board.strip.on_button, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(tab.board.strip.sent_buttons[SentHow.MAILED], Qt.MouseButton.LeftButton)

    assert {line.one(number).sent_how for number in numbers} == {SentHow.MAILED}
    assert session.history(1)[0].state == "sealed"


def test_whom_it_goes_to_copies_and_enclosures_are_chosen_while_writing(
    qtbot: QtBot, office: Office, session: Session
) -> None:
    ada = a_patient(session)
    an_address(session, ada)
    window, _ = a_clinic(qtbot, office, session)
    window.go.open_patient(ada)
    press(qtbot, Qt.Key.Key_M, CTRL)
    writer = letters_tab(window).writer
    assert writer is not None

    for button, typed in (
        (writer.around.other_button, "Dr. Ines Nobody; 9 Orchard Road"),
        (writer.around.copy_button, "Ada's school; 1 Hill Road"),
        (writer.around.enclose_button, "Directions"),
    ):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        sheet = window.findChildren(PickSheet)[-1]
        qtbot.keyClicks(sheet.list.line, typed)
        sheet.list.list.setCurrentIndex(
            sheet.list.list.rows.index(sheet.list.list.rows.rowCount() - 1, 0)
        )
        qtbot.keyClick(sheet.list.line, Qt.Key.Key_Return)
        QApplication.sendPostedEvents()
    press(qtbot, Qt.Key.Key_Return, CTRL)

    (row,) = office.letters.recent()
    assert row.recipient == ("Dr. Ines Nobody", "9 Orchard Road")
    assert row.pages == 2
    text = office.letters.text(office.letters.pdf(row.id))
    assert "Enclosure: Directions" in text
    assert "cc: Ada's school" in text
    assert letters_tab(window).archive.isVisible()


def test_a_letter_is_replaced_from_the_archive(
    qtbot: QtBot, office: Office, session: Session
) -> None:
    ada = a_patient(session)
    window, _ = a_clinic(qtbot, office, session)
    old = office.letters.file(office.letters.compose_for(ada, "blank_letter"))
    window.go.show_letter(old.id)
    window.desk.prompts.answers.append("wrong name")  # type: ignore[attr-defined]

    press(qtbot, Qt.Key.Key_Q, CTRL_SHIFT)
    tab = letters_tab(window)
    assert tab.writer is not None
    press(qtbot, Qt.Key.Key_Return, CTRL)

    assert office.letters.letter(old.id).status is S.VOID
    assert tab.archive.row is not None
    assert tab.archive.row.replaces_id == old.id
    assert tab.archive.copy_link.isHidden()
    qtbot.mouseClick(tab.archive.other_link, Qt.MouseButton.LeftButton)
    assert tab.archive.row.id == old.id
    assert tab.archive.banner.isVisible()
    assert office.letters.reason_void(old.id) == "wrong name (Olive Owner)"


def test_a_letter_that_left_is_printed_again_as_it_was_or_marked(
    qtbot: QtBot, office: Office, session: Session
) -> None:
    ada = a_patient(session)
    window, spooler = a_clinic(qtbot, office, session)
    row = office.letters.file(office.letters.compose_for(ada, "blank_letter"), then="print")
    window.go.show_letter(row.id)
    archive = letters_tab(window).archive

    qtbot.mouseClick(archive.copy_link, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(archive.print_button, Qt.MouseButton.LeftButton)

    first, marked, again = (pdf for pdf, *_ in spooler.pages)
    assert first == again != marked


def test_a_referral_begins_the_letter_that_fits_it_to_whom_it_names(
    qtbot: QtBot, office: Office, session: Session
) -> None:
    ada = a_patient(session)
    vega = office.referrals.add_physician(PhysicianDraft("Vega", "Luz", "MD", "Cardiology"))
    number = office.referrals.save(ada, ReferralDraft(Direction.OUT, other_provider_id=vega))
    window, _ = a_clinic(qtbot, office, session)

    window.go.write_to(ada, referral_id=number)
    writer = letters_tab(window).writer
    assert writer is not None
    assert writer.draft.template == "referral_out"
    assert writer.draft.recipient[0] == "Luz Vega, MD"

    # Somebody else, and who signs: the greeting and the signature follow, what was typed stays.
    robin = a_provider(session)
    writer.around.fill(writer.draft)
    page = writer.words.page

    def words() -> str:
        return plain_text(writer.draft.body)

    assert "Dear Dr. Vega," in words()
    qtbot.keyClick(page, Qt.Key.Key_Down)  # below the greeting
    qtbot.keyClicks(page, "Mine. ")
    writer.around.signer.set_value(robin)
    assert "Robin Chen" in words()
    writer.around.to.set_value(("patient", ada))
    assert "Dear Ada Testperson," in words()
    assert "Mine. " in words()
    assert writer.recipient.toPlainText().startswith("Ada")
    qtbot.keyClick(page, Qt.Key.Key_Z, CTRL)
    assert "Dear Dr. Vega," in words()
    assert (writer.draft.recipient[0], writer.draft.handling.recipient_id) == ("Luz Vega, MD", vega)
    assert writer.around.to.value() == ("provider", vega)
    qtbot.keyClick(page, Qt.Key.Key_Z, CTRL)
    assert "Robin Chen" not in words()
    assert "Mine. " in words()
    assert writer.around.signer.value() is None

    # A greeting of one's own stays, and is written anew on wish, not with what was typed elsewhere.
    page.moveCursor(QTextCursor.MoveOperation.Start)
    while "Dear" not in page.textCursor().block().text():
        page.moveCursor(QTextCursor.MoveOperation.NextBlock)
    qtbot.keyClick(page, Qt.Key.Key_End)
    qtbot.keyClick(page, Qt.Key.Key_Backspace)
    qtbot.keyClicks(page, " and colleagues,")
    writer.around.to.set_value(("patient", ada))
    assert "Dear Dr. Vega and colleagues," in words()
    said = window.desk.messages.last
    assert said is not None
    assert "check the greeting" in said.text
    ((offer, write_anew),) = said.offers
    page.moveCursor(QTextCursor.MoveOperation.NextBlock)
    qtbot.keyClicks(page, "More. ")
    write_anew()
    assert offer == "Write them anew"
    assert "Dear Ada Testperson," in words()
    assert "colleagues" not in words()
    assert "More. " in words()
    qtbot.keyClick(page, Qt.Key.Key_Z, CTRL)
    assert "and colleagues," in words()
    writer.around.to.set_value(("provider", vega))
    press(qtbot, Qt.Key.Key_T, CTRL_SHIFT)

    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    write_anew()  # the message outlived the letter: nothing happens

    (row,) = office.letter_line.board()
    assert (row.status, row.recipient) == (S.TYPED, "Luz Vega, MD")
    assert session.db.one("SELECT referral_id, recipient_id FROM letter") == (number, vega)
