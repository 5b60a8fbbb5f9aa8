"""Quick texts in the fields of the program, and the settings behind them and behind the files."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from medsec_desktop.services.office import Office
from medsec_desktop.services.patients import PatientDraft, PhoneDraft
from medsec_desktop.services.practice import settings
from medsec_desktop.services.practice.quick_texts import QuickTextDraft
from medsec_desktop.ui.desk import Desk, make_desk
from medsec_desktop.ui.jobs import InlineJobs
from medsec_desktop.ui.practice.settings_custom import CustomFieldsPage
from medsec_desktop.ui.practice.settings_patients import PatientFilesPage
from medsec_desktop.ui.practice.settings_texts import CopyFormatsPage, QuickTextsPage
from medsec_desktop.ui.quick_texts import LITERAL, QuickTextKeys
from medsec_desktop.ui.theme import Theme
from medsec_desktop.ui.widgets.search_line import SearchLine

Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def desk(office: Office, qapp: object) -> Iterator[Desk]:
    desk = make_desk(office, Theme(), jobs=InlineJobs())
    yield desk
    desk.drafts.close()


def shown(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.addWidget(widget)
    with qtbot.waitActive(widget):
        widget.show()
        widget.activateWindow()


def test_an_abbreviation_expands_in_lines_and_texts_and_control_z_brings_it_back(
    office: Office, qtbot: QtBot
) -> None:
    office.quick_texts.save(QuickTextDraft("lmom", "Left message on machine;\nwill call back."))
    place = QWidget()
    keys = QuickTextKeys(office.quick_texts.text_for, place)
    line, text, search, secret = QLineEdit(), QPlainTextEdit(), SearchLine("Find", ""), QLineEdit()
    secret.setEchoMode(QLineEdit.EchoMode.Password)
    literal = QLineEdit()
    literal.setProperty(LITERAL, True)
    column = QVBoxLayout(place)
    for field in (line, text, search, secret, literal):
        column.addWidget(field)
    shown(qtbot, place)

    line.setFocus()
    qtbot.keyClicks(line, "Tue lmom now")
    assert line.text() == "Tue Left message on machine; will call back. now"
    qtbot.keyClicks(line, " LMOM")
    qtbot.keyClick(line, Key.Key_Tab)
    assert line.text().endswith("now Left message on machine; will call back.")
    assert line.hasFocus()
    qtbot.keyClick(line, Key.Key_Z, CONTROL)
    assert line.text().endswith("now LMOM")
    qtbot.keyClick(line, Key.Key_Tab, Qt.KeyboardModifier.ControlModifier)

    text.setFocus()
    qtbot.keyClicks(text, "lmom x")
    assert text.toPlainText() == "Left message on machine;\nwill call back. x"
    text.clear()
    qtbot.keyClicks(text, "lmom ")
    qtbot.keyClick(text, Key.Key_Z, CONTROL)
    assert text.toPlainText() == "lmom"
    for field in (search, secret, literal):
        field.setFocus()
        qtbot.keyClicks(field, "lmom ")
        assert field.text() == "lmom "
    assert keys.parent() is place


def test_quick_texts_are_written_and_removed_in_the_settings(
    desk: Desk, office: Office, qtbot: QtBot
) -> None:
    page = QuickTextsPage(desk)
    desk.bus.changed.connect(page.refresh)
    shown(qtbot, page)
    page.begin()
    qtbot.keyClicks(page.short, "lm om")
    page.text.setFocus()
    qtbot.keyClicks(page.text, "Left message.")
    page.filter.setFocus()
    assert "one word" in page.fields["abbreviation"].note.text()
    page.short.setText("lmom")
    page.text.setFocus()
    page.filter.setFocus()

    assert office.quick_texts.text_for("lmom") == "Left message."
    qtbot.mouseClick(page.remove, Qt.MouseButton.LeftButton)
    assert office.quick_texts.all() == ()


def test_formats_are_written_with_a_preview_as_one_types(
    desk: Desk, office: Office, qtbot: QtBot
) -> None:
    ada = office.patients.register(
        PatientDraft("Testperson", "Ada", phones=(PhoneDraft("617 555 0142"),))
    )
    office.patients.open(ada)
    page = CopyFormatsPage(desk)
    desk.bus.changed.connect(page.refresh)
    shown(qtbot, page)
    qtbot.mouseClick(page.shipped, Qt.MouseButton.LeftButton)
    assert [row.name for row in office.copy_formats.all()] == [
        "Address label", "Portal line", "Phone line",
    ]  # fmt: skip
    page.begin()
    qtbot.keyClicks(page.name_line, "Lab")
    page.text.setFocus()
    qtbot.keyClicks(page.text, "Lab: {last}, ")
    page.insert.set_value("phone")
    page.insert.activated.emit(page.insert.currentIndex())
    assert page.text.toPlainText() == "Lab: {last}, {phone}"
    assert page.preview.text() == "Lab: Testperson, (617) 555-0142"
    assert page.whose.text() == "For Ada Testperson:"
    qtbot.keyClicks(page.text, " {social}")
    page.filter.setFocus()
    assert "There is no field {social}." in page.fields["text"].note.text()
    page.text.setPlainText("Lab: {last}")
    page.text.setFocus()
    page.filter.setFocus()

    assert [row.text for row in office.copy_formats.all()][-1] == "Lab: {last}"


def test_own_fields_are_defined_ordered_and_retired(
    desk: Desk, office: Office, qtbot: QtBot
) -> None:
    page = CustomFieldsPage(desk)
    desk.bus.changed.connect(page.refresh)
    shown(qtbot, page)
    page.begin()
    qtbot.keyClicks(page.name_line, "Shuttle")
    page.kind.set_value("pick")
    page.kind.activated.emit(page.kind.currentIndex())
    assert office.custom_fields.all() == ()  # nothing to pick yet
    qtbot.keyClicks(page.choices, "North")
    qtbot.keyClick(page.choices, Key.Key_Return)
    qtbot.keyClicks(page.choices, "South")
    page.filter.setFocus()
    page.begin()
    qtbot.keyClicks(page.name_line, "Pharmacy")
    page.filter.setFocus()
    qtbot.keyClick(page.required, Key.Key_Space)
    qtbot.mouseClick(page.up, Qt.MouseButton.LeftButton)

    rows = office.custom_fields.all()
    assert [(row.name, row.kind, row.choices, row.is_required) for row in rows] == [
        ("Pharmacy", "text", (), True),
        ("Shuttle", "pick", ("North", "South"), False),
    ]
    qtbot.keyClick(page.active, Key.Key_Space)
    assert [row.is_active for row in office.custom_fields.all()] == [True, False]


def test_what_is_asked_of_everybody_and_how_files_are_numbered(
    desk: Desk, office: Office, qtbot: QtBot
) -> None:
    page = PatientFilesPage(desk)
    desk.bus.changed.connect(page.refresh)
    shown(qtbot, page)
    qtbot.keyClick(page.ticks["birth"], Key.Key_Space)
    qtbot.keyClick(page.ticks["email"], Key.Key_Space)
    assert office.practice.get(settings.REQUIRED_FIELDS) == "birth email"
    page.mask.setFocus()
    page.mask.selectAll()
    qtbot.keyClicks(page.mask, "A-")
    qtbot.keyClick(page.mask, Key.Key_Return)
    assert "Put a # for every digit" in page.fields["patients.chart_mask"].note.text()
    qtbot.keyClicks(page.mask, "####")
    qtbot.keyClick(page.mask, Key.Key_Return)

    assert office.practice.get(settings.CHART_MASK) == "A-####"
    assert "The next file gets A-0001." in page.fields["patients.chart_mask"].note.text()
