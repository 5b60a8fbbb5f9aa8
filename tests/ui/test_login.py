"""Nobody gets in without her password, and everybody is told what to do next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from medsec_desktop import paths
from medsec_desktop.domain.clock import FixedClock
from medsec_desktop.domain.permissions import Role
from medsec_desktop.services import founding, welcome
from medsec_desktop.services.founding import OwnerDraft, Setup
from medsec_desktop.services.office import Office
from medsec_desktop.services.practice import Profile
from medsec_desktop.services.users import Users
from medsec_desktop.store.keys import KeySlots
from medsec_desktop.ui.jobs import InlineJobs, Jobs
from medsec_desktop.ui.practice.front_door import FrontDoor
from medsec_desktop.ui.theme import Theme
from tests.conftest import CHEAP
from tests.ready_made import copied
from tests.ui.scripted import ScriptedPrompts

OLIVE, MARIA = "violet tram seven", "another good phrase"


@pytest.fixture(autouse=True)
def _own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "config_folder", lambda: tmp_path / "config")
    monkeypatch.setattr(paths, "data_folder", lambda: tmp_path / "data")


@pytest.fixture
def folder(tmp_path: Path, clock: FixedClock) -> Path:
    """A practice with an owner, Olive, and a secretary, Maria."""

    def make(folder: Path) -> str:
        setup = Setup(Profile(name="Testville Clinic"), OwnerDraft("Olive Owner", "olive", OLIVE))
        key = founding.create_practice(folder, setup, clock, CHEAP)
        office = welcome.sign_in(folder, "olive", OLIVE, clock)
        users = Users(office.session, KeySlots(folder, CHEAP))
        users.add("maria", "Maria Testlopez", Role.SECRETARY, MARIA)
        office.close()
        return key

    folder = tmp_path / "clinic"
    (tmp_path / "key.txt").write_text(copied(f"at the door, {clock.now()}", folder, make))
    return folder


@pytest.fixture
def door(qtbot: QtBot, clock: FixedClock, folder: Path) -> Iterator[FrontDoor]:
    door = FrontDoor(Theme(), InlineJobs(), ScriptedPrompts(), clock)
    qtbot.addWidget(door)
    opened: list[Office] = []
    door.opened.connect(opened.append)
    door.show_folder(folder, "olive")
    with qtbot.waitExposed(door):
        door.show()
    yield door
    for office in opened:
        office.close()


def type_password(qtbot: QtBot, door: FrontDoor, password: str) -> None:
    qtbot.keyClicks(door.login.panel.line, password)
    qtbot.keyClick(door.login.panel.line, Qt.Key.Key_Return)


def test_the_password_has_the_focus_and_enter_logs_in(qtbot: QtBot, door: FrontDoor) -> None:
    assert door.focusWidget() is door.login.panel.line

    with qtbot.waitSignal(door.opened) as caught:
        type_password(qtbot, door, OLIVE)

    office = caught.args[0]
    assert office.session.user.name == "Olive Owner"
    assert office.session.history(1)[0].label == "Logged in"


def test_every_name_of_a_small_practice_is_seen_whole(
    door: FrontDoor, folder: Path, clock: FixedClock
) -> None:
    office = welcome.sign_in(folder, "olive", OLIVE, clock)
    users = Users(office.session, KeySlots(folder, CHEAP))
    for number in range(4):
        users.add(f"more{number}", f"More {number} Testperson", Role.SECRETARY, MARIA)
    office.close()

    door.show_folder(folder, "olive")
    QApplication.processEvents()

    names = door.login.panel.names
    assert names.rows.rowCount() == 6
    assert names.verticalScrollBar().maximum() == 0


def test_the_log_in_names_the_practice_and_keeps_its_path_in_the_tip(
    door: FrontDoor, folder: Path
) -> None:
    assert door.login.heading.text() == "Log in to clinic"
    assert door.login.heading.toolTip() == str(folder)


def test_the_arrow_keys_choose_another_name_from_the_password(
    qtbot: QtBot, door: FrontDoor
) -> None:
    qtbot.keyClick(door.login.panel.line, Qt.Key.Key_Up)

    with qtbot.waitSignal(door.opened) as caught:
        type_password(qtbot, door, MARIA)

    assert caught.args[0].session.user.login == "maria"


def test_a_wrong_password_says_so_beside_the_field(qtbot: QtBot, door: FrontDoor) -> None:
    type_password(qtbot, door, "not my password")

    assert "not right" in door.login.panel.field.note.text()
    assert door.login.panel.line.selectedText()
    assert door.focusWidget() is door.login.panel.line


def test_nothing_typed_is_not_counted_as_a_failure(
    qtbot: QtBot, door: FrontDoor, folder: Path
) -> None:
    type_password(qtbot, door, "")

    assert door.login.panel.field.note.text() == "Type your password."
    assert KeySlots(folder).failures("olive")[0] == 0


def test_after_three_failures_the_screen_counts_down_and_then_lets_in(
    qtbot: QtBot, door: FrontDoor, clock: FixedClock
) -> None:
    panel = door.login.panel
    for _ in range(3):
        type_password(qtbot, door, "not my password")
    assert "Try again in 5 seconds" in panel.banner.accessibleName()
    assert not panel.button.isEnabled()

    clock.advance(timedelta(seconds=3))
    panel._count_down()
    assert "Try again in 2 seconds" in panel.banner.accessibleName()

    clock.advance(timedelta(seconds=3))
    panel._count_down()
    assert panel.button.isEnabled()
    assert not panel.banner.isVisible()
    panel.line.clear()
    with qtbot.waitSignal(door.opened):
        type_password(qtbot, door, OLIVE)


def test_a_locked_out_person_does_not_lock_out_the_others(qtbot: QtBot, door: FrontDoor) -> None:
    for _ in range(3):
        type_password(qtbot, door, "not my password")

    qtbot.keyClick(door.login.panel.line, Qt.Key.Key_Up)

    assert door.login.panel.button.isEnabled()
    with qtbot.waitSignal(door.opened):
        type_password(qtbot, door, MARIA)


def test_the_password_can_be_shown_and_is_hidden_again(qtbot: QtBot, door: FrontDoor) -> None:
    line = door.login.panel.line
    qtbot.keyClicks(line, "violet")

    qtbot.keyClick(line, Qt.Key.Key_V, Qt.KeyboardModifier.AltModifier)
    assert line.is_shown
    assert line.displayText() == "violet"

    qtbot.keyClick(line, Qt.Key.Key_V, Qt.KeyboardModifier.AltModifier)
    assert not line.is_shown
    assert line.text() == "violet"


def test_capitals_without_shift_hint_at_caps_lock(qtbot: QtBot, door: FrontDoor) -> None:
    line = door.login.panel.line
    qtbot.keyClick(line, "V")  # a capital, and no Shift with it

    assert "Caps Lock" in door.login.panel.field.note.text()


def test_the_log_in_runs_beside_the_screen(qtbot: QtBot, clock: FixedClock, folder: Path) -> None:
    jobs = Jobs()
    door = FrontDoor(Theme(), jobs, ScriptedPrompts(), clock)
    qtbot.addWidget(door)
    door.show_folder(folder, "olive")

    with qtbot.waitSignal(door.opened) as caught:
        type_password(qtbot, door, OLIVE)
        assert door.login.panel.button.text() == "One moment…"

    office = caught.args[0]
    assert office.practice.profile().name == "Testville Clinic"
    office.close()
    jobs.close()


def test_a_practice_held_elsewhere_names_the_holder(
    qtbot: QtBot, door: FrontDoor, folder: Path, clock: FixedClock
) -> None:
    held = welcome.sign_in(folder, "maria", MARIA, clock)

    type_password(qtbot, door, OLIVE)

    assert "already open on this computer" in door.login.panel.banner.accessibleName()
    held.close()


def test_a_missing_key_file_is_told_and_offers_no_names(
    qtbot: QtBot, door: FrontDoor, folder: Path
) -> None:
    (folder / "keyslots.json").unlink()

    door.show_folder(folder)

    assert door.login.panel.names.rows.rowCount() == 0
    assert "key file is missing" in door.login.panel.banner.accessibleName()


def test_the_recovery_sheet_gives_a_new_password_and_logs_in(
    qtbot: QtBot, door: FrontDoor, folder: Path, tmp_path: Path, clock: FixedClock
) -> None:
    qtbot.mouseClick(door.login.forgot, Qt.MouseButton.LeftButton)
    view = door.recovery
    assert view is not None
    assert door.focusWidget() is view.key
    qtbot.keyClicks(view.key, (tmp_path / "key.txt").read_text().lower())
    qtbot.keyClicks(view.first, "brand new phrase")
    qtbot.keyClicks(view.second, "brand new phrase")

    with qtbot.waitSignal(door.opened) as caught:
        qtbot.keyClick(view.second, Qt.Key.Key_Return)

    history = caught.args[0].session.history(1)
    assert history[0].label == "Reset own password with the recovery sheet"
    assert welcome.unlock(folder, "olive", "brand new phrase", clock)


@pytest.mark.parametrize(
    ("key", "first", "second", "field", "sentence"),
    [
        ("", "brand new phrase", "brand new phrase", "key_field", "Type the key"),
        ("ABCD", "brand new phrase", "brand new phrase", "key_field", "has 4 signs"),
        ("A" * 32, "brand new phrase", "brand new phrase", "key_field", "does not open"),
        ("A" * 32, "short", "short", "first_field", "rules"),
        ("A" * 32, "brand new phrase", "brand new phras", "second_field", "not the same"),
    ],
)
def test_what_is_wrong_at_recovery_stands_beside_its_field(
    qtbot: QtBot, door: FrontDoor, key: str, first: str, second: str, field: str, sentence: str
) -> None:
    door.show_recovery()
    view = door.recovery
    qtbot.keyClicks(view.key, key)
    qtbot.keyClicks(view.first, first)
    qtbot.keyClicks(view.second, second)

    qtbot.mouseClick(view.button, Qt.MouseButton.LeftButton)

    assert sentence in getattr(view, field).note.text()


def test_back_from_recovery_is_the_log_in(qtbot: QtBot, door: FrontDoor) -> None:
    door.show_recovery()

    qtbot.mouseClick(door.recovery.back, Qt.MouseButton.LeftButton)

    assert door.login.isVisible()


def test_another_folder_without_a_practice_is_asked_about(
    qtbot: QtBot, door: FrontDoor, tmp_path: Path
) -> None:
    prompts = door._prompts
    assert isinstance(prompts, ScriptedPrompts)
    prompts.answers = [str(tmp_path), None]

    qtbot.mouseClick(door.login.other, Qt.MouseButton.LeftButton)

    assert prompts.asked == ["Open a practice", "No practice is kept there"]
    assert door.login.isVisible()


def test_a_folder_without_a_practice_opens_the_wizard(door: FrontDoor, tmp_path: Path) -> None:
    door.show_folder(tmp_path / "fresh")

    assert door.wizard is not None
    assert door.wizard.isVisible()
    assert door.wizard.begin.folder.text() == str(tmp_path / "fresh")
