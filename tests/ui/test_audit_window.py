"""The audit trail's window, with real keys and clicks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from medsec_desktop.domain.clock import FixedClock
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import Patient
from medsec_desktop.services.audit import AuditQuery
from medsec_desktop.services.office import Office
from medsec_desktop.services.page_images import page_text
from medsec_desktop.ui.main_window import MainWindow
from medsec_desktop.ui.practice.audit_window import AuditWindow
from medsec_desktop.ui.rows import RowsView
from tests.conftest import a_patient, a_user
from tests.ui.frame import a_window
from tests.ui.scripted import ScriptedPrompts

Key = Qt.Key
CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def main(office: Office, clock: FixedClock, qtbot: QtBot) -> Iterator[MainWindow]:
    """Ada was registered and seen by Olive, and renamed by Sam a day later."""
    session = office.session
    ada = a_patient(session, phone="+16175550123")
    a_patient(session, "Sampleton", "Bob")
    session.viewed(ada, "Opened the file")
    olive = session.user
    clock.advance(timedelta(days=1))
    session.switch_user(a_user(session))
    with session.change("Change the file of Ada", Permission.EDIT_PATIENTS, patient_id=ada):
        Patient.update(given_name="Adele").where(Patient.id == ada).execute()
    session.switch_user(olive)
    window = a_window(qtbot, office)
    yield window
    for dialog in window.findChildren(AuditWindow):
        dialog.close()


@pytest.fixture
def dialog(main: MainWindow, qtbot: QtBot) -> AuditWindow:
    main.activateWindow()
    qtbot.keyClick(main, Key.Key_H, CTRL_SHIFT)
    (dialog,) = main.findChildren(AuditWindow)
    qtbot.waitExposed(dialog)
    return dialog


def column(view: RowsView, number: int) -> list[str]:
    model = view.model()
    return [str(model.index(row, number).data()) for row in range(model.rowCount())]


def click(qtbot: QtBot, button: QAbstractButton) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def choose(qtbot: QtBot, dialog: AuditWindow, typed: str) -> None:
    dialog.activateWindow()
    dialog.patient.setFocus()
    qtbot.waitUntil(dialog.patient.hasFocus)
    qtbot.keyClicks(dialog.patient, typed)
    assert dialog.patient.found.isVisible()
    qtbot.keyClick(dialog.patient, Key.Key_Return)


def test_by_keys_one_patient_s_entries_are_asked_and_told_field_by_field(
    dialog: AuditWindow, main: MainWindow, qtbot: QtBot
):
    assert column(dialog.list, 3)[0] == "Opened the audit trail"
    whole = dialog.page.total

    choose(qtbot, dialog, "adele")

    assert dialog.patient.text() == "Testperson, Adele"
    assert column(dialog.list, 3) == [
        "Change the file of Ada", "Opened the file", "Register Ada Testperson",
    ]  # fmt: skip
    assert column(dialog.list, 1) == ["Sam", "Olive Owner", "Olive Owner"]
    assert dialog.remark.text() == "3 entries."
    told = [column(dialog.fields, number) for number in range(1, 4)]
    assert told == [["Given name"], ["Ada"], ["Adele"]]
    dialog.list.setFocus()
    at = dialog.list.visualRect(dialog.list.model().index(2, 3)).center()
    qtbot.mouseClick(dialog.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert "Register Ada Testperson" in dialog.told.text()
    qtbot.keyClick(dialog.list, Key.Key_Up)
    assert "It changed no record" in dialog.told.text()
    qtbot.keyClick(dialog.list, Key.Key_Return)
    assert main.tab is not None
    assert main.tab.patient_id == dialog.page.rows[0].patient_id

    dialog.activateWindow()
    dialog.patient.selectAll()
    qtbot.keyClick(dialog.patient, Key.Key_Delete)
    assert dialog.patient.patient_id is None
    assert dialog.page.total == whole + 1  # the file opened just now


def test_each_filter_narrows_and_days_that_cannot_be_are_told_at_their_field(
    dialog: AuditWindow, qtbot: QtBot
):
    dialog.kind.set_value("seen")
    assert column(dialog.list, 3) == ["Opened the file"]
    dialog.kind.set_value("")
    dialog.user.set_value(next(key for key, name in dialog._audit.users() if name == "Sam"))
    assert column(dialog.list, 3) == ["Change the file of Ada"]
    dialog.user.set_value(None)
    dialog.first.setFocus()
    qtbot.keyClicks(dialog.first, "3/12/2026")
    qtbot.keyClicks(dialog.words, "file")
    qtbot.waitUntil(lambda: column(dialog.list, 3) == ["Change the file of Ada"])

    dialog.first.clear()
    qtbot.keyClicks(dialog.first, "2/30/2026")
    dialog.look()
    assert dialog.first_field.note.isVisible()
    dialog.first.clear()
    qtbot.keyClicks(dialog.first, "3/13/2026")
    qtbot.keyClicks(dialog.last, "3/12/2026")
    dialog.look()
    assert dialog.first_field.note.text() == "After the last day."


def test_by_mouse_it_sorts_verifies_and_is_saved_as_pages_and_as_a_table(
    dialog: AuditWindow, main: MainWindow, office: Office, qtbot: QtBot, tmp_path: Path
):
    prompts = main.desk.prompts
    assert isinstance(prompts, ScriptedPrompts)
    header = dialog.list.horizontalHeader()
    who = QPoint(header.sectionViewportPosition(1) + 20, header.height() // 2)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=who)
    people = column(dialog.list, 1)
    assert people == sorted(people, key=str.casefold)

    click(qtbot, dialog.verify_button)
    assert "Sound." in dialog.banner.accessibleName()

    prompts.answers.append(str(tmp_path / "trail.pdf"))
    click(qtbot, dialog.save_button)
    text = page_text((tmp_path / "trail.pdf").read_bytes())
    assert "The practice is sound" in " ".join(text.split())

    prompts.answers.append(str(tmp_path / "trail.csv"))
    click(qtbot, dialog.csv_button)
    table = (tmp_path / "trail.csv").read_text("utf-8-sig")
    assert "Change the file of Ada" in table
    saved = office.audit.find(AuditQuery(words="saved the audit"))
    assert [row.reason for row in saved.rows] == ["to “trail.csv”", "to “trail.pdf”"]


def test_what_happens_while_it_is_open_is_listed(dialog: AuditWindow, office: Office, qtbot: QtBot):
    office.session.event("Exported 2 patients as a table")

    qtbot.waitUntil(lambda: column(dialog.list, 3)[0] == "Exported 2 patients as a table")


def test_what_is_said_while_one_works_in_it_is_said_in_it_and_nothing_else(
    dialog: AuditWindow, main: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(dialog._audit.printing, "printers", tuple)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    click(qtbot, dialog.print_button)
    assert dialog.bar.message is not None
    assert "This computer has no printer." in dialog.bar.message.text
    assert [label for label, _ in dialog.bar.message.offers] == ["Save as PDF…"]

    main.activateWindow()
    qtbot.waitUntil(main.isActiveWindow)
    main.desk.messages.say("Booked.")

    assert not dialog.bar.isVisible()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    assert not dialog.bar.isVisible()


def test_somebody_without_the_right_is_told_so(main: MainWindow, office: Office, qtbot: QtBot):
    office.session.switch_user(a_user(office.session, "rosa"))

    qtbot.keyClick(main, Key.Key_H, CTRL_SHIFT)

    assert main.findChildren(AuditWindow) == []
    assert "may not do this: Audit trail" in main.message_bar.text.text()
