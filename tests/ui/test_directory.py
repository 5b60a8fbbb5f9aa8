"""The directory's window, with real keys and clicks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from medsec_desktop.services.directory import EntryDraft
from medsec_desktop.services.office import Office
from medsec_desktop.ui.main_window import MainWindow
from medsec_desktop.ui.practice.directory_window import DirectoryWindow
from tests.conftest import a_provider
from tests.ui.frame import a_window

Key, CTRL, LEFT = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.MouseButton.LeftButton


@pytest.fixture
def window(office: Office, qtbot: QtBot) -> MainWindow:
    a_provider(office.session)
    for draft in (
        EntryDraft(
            family_name="Varga", given_name="Ilona", specialty="Cardiology", phone="6175550190"
        ),
        EntryDraft(family_name="Varga", given_name="Ilona", fax="6175550191"),
        EntryDraft("organization", "Corner Pharmacy", organization_kind="pharmacy"),
    ):
        office.directory.save(draft)
    return a_window(qtbot, office)


@pytest.fixture
def dialog(window: MainWindow, qtbot: QtBot) -> Iterator[DirectoryWindow]:
    qtbot.keyClick(window, Key.Key_D, CTRL)
    (dialog,) = window.findChildren(DirectoryWindow)
    qtbot.waitExposed(dialog)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.search.hasFocus)
    yield dialog
    dialog.close()


def names(dialog: DirectoryWindow) -> list[str]:
    return [row.title for row in dialog.list.rows.rows]


def test_by_keys_a_number_is_read_an_entry_changed_and_one_added(
    dialog: DirectoryWindow, window: MainWindow, office: Office, qtbot: QtBot
):
    qtbot.keyClicks(dialog.search, "cardio")
    assert names(dialog) == ["Varga, Ilona"]
    assert dialog.list.rows.rows[0].trailing == "(617) 555-0190"

    qtbot.keyClick(dialog.search, Key.Key_Return)
    line = dialog.form.lines["family_name"]
    qtbot.waitUntil(line.hasFocus)
    qtbot.keyClicks(dialog.form.lines["npi"], "1234567890")
    qtbot.keyClick(dialog.form.lines["npi"], Key.Key_Return)
    assert "check digit" in dialog.form.fields["npi"].note.text()
    dialog.form.lines["npi"].clear()
    qtbot.keyClicks(dialog.form.lines["npi"], "1234567893")
    qtbot.keyClick(dialog.form.lines["npi"], Key.Key_S, CTRL)
    assert office.directory.find("1234567893")[0].name == "Varga, Ilona"
    assert "changed" in window.message_bar.text.text()

    qtbot.keyClick(dialog, Key.Key_N, CTRL)
    qtbot.keyClicks(dialog.form.lines["family_name"], "Okafor")
    qtbot.keyClick(dialog.form.lines["family_name"], Key.Key_Return)
    assert office.directory.find("okafor")[0].kind == "physician"
    assert dialog.title.text() == "Okafor"


def test_what_is_half_typed_is_parked_on_leaving_and_comes_back(
    dialog: DirectoryWindow, window: MainWindow, office: Office, qtbot: QtBot
):
    qtbot.mouseClick(dialog.new_button, LEFT)
    dialog.form.kind.setFocus()
    qtbot.keyClick(dialog.form.kind, Key.Key_Down)
    assert dialog.form.lines["name"].isVisible()
    assert not dialog.form.lines["family_name"].isVisible()
    qtbot.keyClicks(dialog.form.lines["name"], "Half a Lab")
    qtbot.keyClick(dialog, Key.Key_Escape)
    assert not dialog.isVisible()
    (draft,) = office.drafts.all()
    assert draft.title == "Directory: Half a Lab"

    window.activateWindow()
    window.desk.drafts.resume(draft.id)
    assert dialog.isVisible()
    assert dialog.form.lines["name"].text() == "Half a Lab"
    qtbot.mouseClick(dialog.save_button, LEFT)
    assert office.directory.find("half a lab")
    assert office.drafts.all() == ()


def test_by_mouse_two_entries_become_one_and_undo_makes_them_two(
    dialog: DirectoryWindow, office: Office, qtbot: QtBot
):
    qtbot.mouseClick(dialog.alike_button, LEFT)
    assert dialog.list.rows.rows[0].detail == "Varga, Ilona: the same name"
    dialog.list.setFocus()
    qtbot.keyClick(dialog.list, Key.Key_Return)
    assert not dialog.list.isVisible()
    qtbot.mouseClick(dialog.alike_button, LEFT)

    assert names(dialog).count("Varga, Ilona") == 1
    assert office.directory.find("varga")[0].fax == "(617) 555-0191"
    office.session.undo()
    assert names(dialog).count("Varga, Ilona") == 2

    qtbot.keyClicks(dialog.search, "pharm")
    qtbot.mouseClick(dialog.retire_button, LEFT)
    assert not dialog.list.isVisible()
    dialog.retired.click()
    assert dialog.list.rows.rows[0].mark == "Retired"
    qtbot.mouseClick(dialog.retire_button, LEFT)
    assert office.directory.find("pharm")[0].is_active


def test_the_second_entry_may_be_chosen_from_the_list(
    dialog: DirectoryWindow, office: Office, qtbot: QtBot
):
    qtbot.keyClicks(dialog.search, "varga")
    keep = dialog.row
    assert keep is not None
    qtbot.mouseClick(dialog.merge_button, LEFT)
    assert "Choose the entry that is the same" in dialog.used.text()
    qtbot.keyClick(dialog.search, Key.Key_Down)

    assert [row.id for row in office.directory.find("varga")] == [keep.id]
    assert dialog.row is not None
    assert dialog.row.id == keep.id


def test_who_works_here_is_only_read_and_the_command_box_knows_contacts(
    dialog: DirectoryWindow, window: MainWindow, office: Office, qtbot: QtBot
):
    qtbot.keyClicks(dialog.search, "chen")
    assert not dialog.form.isEnabled()
    assert dialog.settings_button.isVisible()
    assert not dialog.save_button.isVisible()

    hits = [hit for hit in office.find("corner ph") if hit.kind == "contact"]
    assert [hit.title for hit in hits] == ["Corner Pharmacy"]
    qtbot.keyClick(dialog, Key.Key_Escape)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Key.Key_K, CTRL)
    qtbot.keyClicks(window.command_box, "corner ph")
    qtbot.keyClick(window.command_box, Key.Key_Return)
    assert dialog.isVisible()
    assert names(dialog) == ["Corner Pharmacy"]
