"""A fax on the screen: from a letter, its number typed twice, what became of it told by a digit."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from medsec_desktop.domain.letter_states import SentHow
from medsec_desktop.services.letters.faxing import Result
from medsec_desktop.services.office import Office
from medsec_desktop.services.session import Session
from medsec_desktop.ui.letters.fax_log import FaxLog
from medsec_desktop.ui.letters.fax_sheet import FaxSheet
from tests.conftest import a_patient
from tests.ui.test_letter_line import CTRL_SHIFT, a_clinic, press


def test_a_letter_is_faxed_by_keys_and_the_log_told_what_became_of_it(
    qtbot: QtBot, office: Office, session: Session
) -> None:
    ada = a_patient(session)
    window, spooler = a_clinic(qtbot, office, session)
    office.printing = office.letters.printing
    letter = office.letters.file(office.letters.compose_for(ada, "blank_letter"))
    window.go.show_letter(letter.id)

    press(qtbot, Qt.Key.Key_6, CTRL_SHIFT)
    (sheet,) = window.findChildren(FaxSheet)
    room = sheet.screen().availableGeometry()  # a screen smaller than the sheet would like
    assert sheet.width() < room.width()
    assert sheet.height() < room.height()
    sheet.recipient.clear()
    qtbot.keyClicks(sheet.recipient, "Dr. Featherstone")
    qtbot.keyClicks(sheet.number, "4135550189")
    assert sheet.sure.isVisible()
    qtbot.mouseClick(sheet.make_button, Qt.MouseButton.LeftButton)
    assert "Type it once more" in sheet.banner.accessibleName()
    qtbot.keyClicks(sheet.again, "4135550198")
    qtbot.mouseClick(sheet.make_button, Qt.MouseButton.LeftButton)
    assert sheet.banner.isVisible()
    assert office.faxes.log() == ()
    sheet.again.clear()
    qtbot.keyClicks(sheet.again, "4135550189")
    qtbot.mouseClick(sheet.make_button, Qt.MouseButton.LeftButton)
    (fax,) = office.faxes.log()
    assert fax.letter_id == letter.id

    press(qtbot, Qt.Key.Key_7, CTRL_SHIFT)
    (log,) = window.findChildren(FaxLog)
    assert log.width() < room.width()
    qtbot.keyClick(log.table, Qt.Key.Key_2)
    assert log.tries.text().endswith("busy, Olive Owner")
    qtbot.mouseClick(log.print_button, Qt.MouseButton.LeftButton)
    assert len(spooler.pages) == 1
    assert window.desk.messages.last is not None
    assert window.desk.messages.last.text.startswith("The fax went to “")
    qtbot.mouseClick(log.buttons[Result.SENT], Qt.MouseButton.LeftButton)

    assert office.faxes.one(fax.id).is_through
    assert office.letters.letter(letter.id).sent_how is SentHow.FAXED
    assert not log.buttons[Result.SENT].isEnabled()
    qtbot.keyClick(log, Qt.Key.Key_Escape)
