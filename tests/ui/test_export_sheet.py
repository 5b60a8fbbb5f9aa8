"""Exporting the calendar from the window: by keys, with the visit selected on offer."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow

from medsec_desktop.ui.calendar.paper.export_sheet import ExportSheet, open_export
from medsec_desktop.ui.calendar.tab import CalendarTab
from tests.conftest import a_patient, a_provider, an_appointment
from tests.ui.frame import a_desk

Key = Qt.Key
THURSDAY = date(2026, 3, 12)
ALT_CTRL = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


@pytest.fixture
def visit(session):
    return an_appointment(session, a_patient(session), a_provider(session), reason="Cough")


@pytest.fixture
def tab(qtbot, office, visit):
    desk = a_desk(office)
    window = QMainWindow()
    qtbot.addWidget(window)
    desk.actions.install(window, window.menuBar(), desk.theme)
    tab = CalendarTab(desk)
    desk.go = tab
    window.setCentralWidget(tab)
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    yield tab
    desk.drafts.close()


@pytest.fixture
def sheet(tab, qtbot):
    sheet = open_export(tab.desk, tab.window())
    yield sheet
    sheet.close()


def test_the_file_is_saved_without_names_unless_asked(sheet, qtbot, tmp_path: Path):
    sheet._desk.prompts.answers = [str(tmp_path / "a.ics"), str(tmp_path / "b.ics")]

    qtbot.mouseClick(sheet.save_button, Qt.MouseButton.LeftButton)

    text = (tmp_path / "a.ics").read_text(encoding="utf-8")
    assert "SUMMARY:Booked: Dr. Chen" in text
    assert "Testperson" not in text
    assert not sheet.isVisible()


def test_with_names_the_sheet_warns_of_what_it_lets_out(sheet, qtbot, tmp_path: Path):
    sheet._desk.prompts.answers = [str(tmp_path / "a.ics")]
    sheet.names.setFocus()
    qtbot.keyClick(sheet.names, Key.Key_Space)
    assert "not encrypted" in sheet.meaning.text()

    qtbot.keyClick(sheet.save_button, Key.Key_Space)

    assert "Testperson" in (tmp_path / "a.ics").read_text(encoding="utf-8")


def test_the_visit_selected_offers_her_own_visits(tab, qtbot, visit, tmp_path: Path):
    tab.desk.prompts.answers = [str(tmp_path / "hers.ics")]
    tab.show_day(THURSDAY, visit)
    tab.grid.setFocus()

    qtbot.keyClick(tab.grid, Key.Key_E, ALT_CTRL)
    (sheet,) = tab.window().findChildren(ExportSheet)
    sheet.whose.setFocus()
    qtbot.keyClick(sheet.whose, Key.Key_End)
    qtbot.mouseClick(sheet.save_button, Qt.MouseButton.LeftButton)

    assert sheet.whose.currentText() == "Testperson, Ada (for the patient)"
    text = (tmp_path / "hers.ics").read_text(encoding="utf-8")
    assert "SUMMARY:Appointment with Dr. Chen" in text


def test_days_the_wrong_way_round_are_a_sentence_and_nothing_is_asked(sheet, qtbot):
    sheet.last.set_value(date(2026, 3, 1))

    qtbot.mouseClick(sheet.save_button, Qt.MouseButton.LeftButton)

    assert sheet._desk.prompts.asked == []
    assert sheet.isVisible()


def test_days_that_are_none_are_told_at_their_fields_at_once(sheet, qtbot):
    for day, words in ((sheet.first, "13/45/2026"), (sheet.last, "tomorrowish")):
        day.setFocus()
        day.selectAll()
        qtbot.keyClicks(day, words)

    qtbot.mouseClick(sheet.save_button, Qt.MouseButton.LeftButton)

    assert sheet.first_field.has_problem
    assert sheet.last_field.has_problem
    assert sheet._desk.prompts.asked == []
    assert sheet.isVisible()
