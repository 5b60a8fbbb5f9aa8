"""The timeline and the face sheet from a patient's file, with real keys and clicks."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from medsec_desktop.services.office import Office
from medsec_desktop.ui.letters.print_sheet import PrintSheet
from medsec_desktop.ui.main_window import MainWindow
from medsec_desktop.ui.patients.tab import PatientsTab
from medsec_desktop.ui.patients.timeline_page import TimelinePage
from tests.conftest import a_patient, a_provider, a_type, an_appointment
from tests.services.test_sheets import FakeSpooler
from tests.ui.frame import a_window
from tests.ui.scripted import ScriptedPrompts

Key = Qt.Key
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def window(office: Office, qtbot: QtBot) -> MainWindow:
    """The file of Ada, who was seen last year, has a letter and a visit to come."""
    session = office.session
    ada = a_patient(session)
    provider, kind = a_provider(session), a_type(session)
    an_appointment(session, ada, provider, "2025-03-12T10:00", type_id=kind, status="done")
    visit = an_appointment(session, ada, provider, type_id=kind, reason="Cough")
    office.letters.file(office.letters.compose(visit))
    window = a_window(qtbot, office)
    window.go.open_patient(ada)
    return window


def page_of(window: MainWindow) -> TimelinePage:
    tab = window.tab
    assert isinstance(tab, PatientsTab)
    page = tab.pages.currentWidget()
    assert isinstance(page, TimelinePage)
    return page


def titles(page: TimelinePage) -> list[str]:
    return [row.title for row in page.list.rows.rows]


def test_by_keys_the_timeline_opens_narrows_leads_on_and_goes_back(
    window: MainWindow, qtbot: QtBot
):
    qtbot.keyClick(window, Key.Key_T, CTRL | ALT)

    page = page_of(window)
    assert titles(page)[0] == "Follow-up"
    assert page.list.rows.rows[0].mark == "To come"
    assert page.list.rows.rows[0].detail == "Scheduled · Robin Chen · Cough"
    assert page.count.text() == "3 of 6"  # what was changed is not shown at first
    assert page.list.hasFocus()
    page.words.setFocus()
    qtbot.keyClicks(page.words, "cough")
    assert titles(page) == ["Follow-up"]
    page.list.setFocus()
    qtbot.keyClick(page.list, Key.Key_Return)
    assert window.tab is not None
    assert window.tab.title == "Calendar"

    window.show_tab("patients")
    qtbot.keyClick(page.list, Key.Key_Escape)
    tab = window.tab
    assert isinstance(tab, PatientsTab)
    assert tab.pages.currentWidget() is tab.file


def test_by_mouse_kinds_are_chosen_and_what_happens_elsewhere_appears(
    window: MainWindow, office: Office, qtbot: QtBot
):
    tab = window.tab
    assert isinstance(tab, PatientsTab)
    assert tab.file is not None
    qtbot.mouseClick(tab.file.timeline_button, Qt.MouseButton.LeftButton)
    page = page_of(window)

    qtbot.mouseClick(page.kinds["visit"], Qt.MouseButton.LeftButton)
    assert len(titles(page)) == 1
    qtbot.mouseClick(page.kinds["letter"], Qt.MouseButton.LeftButton)
    assert not page.list.isVisible()
    assert page.nothing.isVisible()

    qtbot.mouseClick(page.kinds["visit"], Qt.MouseButton.LeftButton)
    an_appointment(office.session, page.patient_id or 0, 1, "2026-04-01T09:00")
    assert titles(page)[0] == "Visit"
    assert len(titles(page)) == 3


def test_ctrl_p_in_the_file_prints_the_face_sheet(window: MainWindow, office: Office, qtbot: QtBot):
    spooler = FakeSpooler()
    office.face_sheets.printing._spooler = spooler
    tab = window.tab
    assert isinstance(tab, PatientsTab)
    assert tab.file is not None

    qtbot.keyClick(tab.file, Key.Key_P, CTRL)
    (sheet,) = tab.file.findChildren(PrintSheet)
    qtbot.keyClick(sheet, Key.Key_Return)

    ((pdf, printer, copies, _),) = spooler.sent
    assert (pdf[:4], printer, copies) == (b"%PDF", "Desk", 1)
    assert "went to “Desk”" in window.message_bar.text.text()


def test_without_a_printer_the_face_sheet_is_offered_as_a_file(
    window: MainWindow, office: Office, qtbot: QtBot, tmp_path: Path
):
    spooler = FakeSpooler()
    spooler.printers = lambda: ()  # type: ignore[method-assign]
    office.face_sheets.printing._spooler = spooler
    tab = window.tab
    assert isinstance(tab, PatientsTab)
    assert tab.file is not None
    qtbot.keyClick(tab.file, Key.Key_P, CTRL)
    message = window.desk.messages.last
    assert message is not None
    ((words, save),) = message.offers

    assert isinstance(window.desk.prompts, ScriptedPrompts)
    window.desk.prompts.answers.append(str(tmp_path / "ada.pdf"))
    save()

    assert words == "Save as PDF…"
    assert (tmp_path / "ada.pdf").read_bytes() == office.face_sheets.pdf(1)
    assert office.session.history()[0].label == "Saved the face sheet"
