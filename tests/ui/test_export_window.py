"""The export's window, with real keys and clicks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from medsec_desktop.exchange import encrypted_zip
from medsec_desktop.services.office import Office
from medsec_desktop.ui.main_window import MainWindow
from medsec_desktop.ui.practice.export_window import ExportWindow
from tests.conftest import a_patient
from tests.ui.frame import a_window
from tests.ui.scripted import ScriptedPrompts

Key, LEFT = Qt.Key, Qt.MouseButton.LeftButton
CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
PASSWORD = "told by phone"


@pytest.fixture
def window(office: Office, qtbot: QtBot) -> MainWindow:
    a_patient(office.session, phone="+16175550123")
    a_patient(office.session, "Sampleton", "Bob")
    return a_window(qtbot, office)


@pytest.fixture
def prompts(window: MainWindow) -> ScriptedPrompts:
    assert isinstance(window.desk.prompts, ScriptedPrompts)
    return window.desk.prompts


@pytest.fixture
def dialog(window: MainWindow, qtbot: QtBot) -> Iterator[ExportWindow]:
    window.go.open_patient(1)
    qtbot.keyClick(window, Key.Key_E, CTRL_SHIFT)
    (dialog,) = window.findChildren(ExportWindow)
    qtbot.waitExposed(dialog)
    yield dialog
    dialog.close()


def test_by_keys_the_file_in_front_goes_out_encrypted_and_is_logged(
    dialog: ExportWindow, office: Office, prompts: ScriptedPrompts, qtbot: QtBot, tmp_path: Path
):
    assert dialog.patient.text() == "Testperson, Ada"
    qtbot.keyClicks(dialog.again, "told by phono")
    qtbot.keyClick(dialog, Key.Key_Return)
    wrong = {name for name, field in dialog.fields.items() if field.has_problem}
    assert wrong == {"recipient", "password", "again"}  # all of them at once
    assert "at least 8" in dialog.fields["password"].note.text()
    assert "it is logged" in dialog.fields["recipient"].note.text()
    assert dialog.recipient.hasFocus()
    qtbot.keyClicks(dialog.recipient, "Example Law LLP")
    qtbot.keyClicks(dialog.password, PASSWORD)
    qtbot.keyClick(dialog, Key.Key_Return)
    assert "not the same" in dialog.fields["again"].note.text()
    assert dialog.again.hasFocus()
    qtbot.keyClick(dialog.again, Key.Key_Backspace)
    qtbot.keyClicks(dialog.again, "e")
    qtbot.keyClicks(dialog.purpose, "Claim")

    prompts.answers.append(str(tmp_path / "ada.zip"))
    qtbot.keyClick(dialog, Key.Key_Return)

    assert "the disclosure is logged" in dialog.banner.accessibleName()
    assert dialog.password.text() == ""
    assert dialog.height() >= dialog.layout().totalHeightForWidth(dialog.width())  # none is cut
    with encrypted_zip.opened(tmp_path / "ada.zip", PASSWORD) as archive:
        assert "fhir.json" in archive.names()
    assert office.session.db.rows("SELECT recipient, purpose FROM disclosure") == [
        ("Example Law LLP", "Claim")
    ]


def test_by_mouse_all_patients_go_into_a_table(
    dialog: ExportWindow, prompts: ScriptedPrompts, qtbot: QtBot, tmp_path: Path
):
    dialog.kind.set_value("csv")
    assert not dialog.password.isVisible()
    dialog.patient.clear()
    prompts.answers.append(str(tmp_path / "all"))

    qtbot.mouseClick(dialog.export_button, LEFT)

    assert "“all.csv” holds 2 patients." in dialog.banner.accessibleName()
    assert (tmp_path / "all.csv").read_text("utf-8-sig").count("\n") == 3

    dialog.kind.set_value("patient")
    assert not dialog.banner.isVisible()  # it told of the table
    qtbot.mouseClick(dialog.documents, LEFT, pos=QPoint(8, dialog.documents.height() // 2))
    assert not dialog.documents.isChecked()
    dialog.close()
    dialog.begin(1)
    assert dialog.documents.isChecked()  # what was left out once is not left out unasked


def test_what_cannot_be_written_is_told_where_one_looks(
    dialog: ExportWindow, prompts: ScriptedPrompts, qtbot: QtBot, tmp_path: Path
):
    dialog.kind.set_value("vcard")
    prompts.answers.append(str(tmp_path / "nowhere" / "x.vcf"))

    qtbot.mouseClick(dialog.export_button, LEFT)

    assert "could not be written" in dialog.banner.accessibleName()
    assert dialog.export_button.isVisible()
