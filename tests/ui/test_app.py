"""The program from its first window to its last lock."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from medsec_desktop import paths
from medsec_desktop.app import Desktop, OnlyOne
from medsec_desktop.domain.clock import FixedClock
from medsec_desktop.domain.permissions import Role
from medsec_desktop.services import founding, welcome
from medsec_desktop.services.founding import OwnerDraft, ProviderSetup, Setup
from medsec_desktop.services.practice import (
    USUAL_HOURS,
    Profile,
    ProviderDraft,
    RoomDraft,
    settings,
)
from medsec_desktop.services.users import Users
from medsec_desktop.store.keys import KeySlots
from medsec_desktop.store.lock import Held, PracticeLock
from medsec_desktop.ui.jobs import InlineJobs
from medsec_desktop.ui.theme import Theme
from tests.conftest import CHEAP
from tests.ui.scripted import ScriptedPrompts

OLIVE, MARIA = "violet tram seven", "another good phrase"


@pytest.fixture(autouse=True)
def _own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "config_folder", lambda: tmp_path / "config")
    monkeypatch.setattr(paths, "data_folder", lambda: tmp_path / "data")


@pytest.fixture
def folder(tmp_path: Path, clock: FixedClock) -> Path:
    folder = tmp_path / "clinic"
    setup = Setup(
        Profile(name="Testville Clinic"),
        OwnerDraft("Olive Owner", "olive", OLIVE),
        (ProviderSetup(ProviderDraft("Chen", "Amy", "MD"), USUAL_HOURS),),
    )
    founding.create_practice(folder, setup, clock, CHEAP)
    office = welcome.sign_in(folder, "olive", OLIVE, clock)
    users = Users(office.session, KeySlots(folder, CHEAP))
    users.add("maria", "Maria Testlopez", Role.SECRETARY, MARIA)
    office.close()
    return folder


@pytest.fixture
def memory(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "memory.ini"), QSettings.Format.IniFormat)


@pytest.fixture(scope="module")
def theme(qapp: QApplication) -> Theme:
    """Dressed once: each dressing visits every widget there is."""
    theme = Theme()
    theme.apply(qapp)
    return theme


@pytest.fixture
def desktop(
    qapp: QApplication, qtbot: QtBot, clock: FixedClock, memory: QSettings, theme: Theme
) -> Iterator[Desktop]:
    desktop = Desktop(
        qapp, theme, clock=clock, jobs=InlineJobs(), prompts=ScriptedPrompts(), memory=memory
    )
    qtbot.addWidget(desktop.door)
    yield desktop
    if desktop.window is not None:
        desktop.window.close()
        desktop.window.deleteLater()
    desktop.door.close()
    desktop.shut_down()
    desktop.deleteLater()


def log_in(qtbot: QtBot, desktop: Desktop, login: str = "olive", password: str = OLIVE) -> None:
    panel = desktop.door.login.panel
    panel.choose(login)
    qtbot.keyClicks(panel.line, password)
    qtbot.keyClick(panel.line, Qt.Key.Key_Return)


def test_the_right_password_opens_the_window_and_closes_the_door(
    qtbot: QtBot, desktop: Desktop, folder: Path
) -> None:
    assert desktop.start(folder)

    log_in(qtbot, desktop)

    assert desktop.window is not None
    assert desktop.window.isVisible()
    assert not desktop.door.isVisible()
    assert welcome.recent_folders() == (folder.resolve(),)


def test_who_logged_in_last_is_chosen_next_time(
    qtbot: QtBot, desktop: Desktop, folder: Path, memory: QSettings
) -> None:
    desktop.start(folder)
    log_in(qtbot, desktop, "maria", MARIA)

    assert memory.value(f"login/{folder.name}") == "maria"


def test_closing_the_window_closes_the_practice_and_gives_the_lock_back(
    qtbot: QtBot, desktop: Desktop, folder: Path, clock: FixedClock
) -> None:
    desktop.start(folder)
    log_in(qtbot, desktop)
    lock = PracticeLock(folder)
    with pytest.raises(Held):
        lock.acquire("now")

    desktop.window.close()

    assert desktop.office is None
    welcome.sign_in(folder, "olive", OLIVE, clock).close()


def test_closing_makes_the_backup_and_reads_it_back(
    qtbot: QtBot, desktop: Desktop, folder: Path, clock: FixedClock
) -> None:
    desktop.start(folder)
    log_in(qtbot, desktop)
    desktop.office.practice.save_room(RoomDraft("Exam 1"))

    desktop.window.close()

    office = welcome.sign_in(folder, "olive", OLIVE, clock)
    assert office.backups.last_verified() == clock.now()
    office.close()


def test_a_backup_that_fails_at_closing_is_told_before_the_program_ends(
    qtbot: QtBot, desktop: Desktop, folder: Path, tmp_path: Path, clock: FixedClock
) -> None:
    (tmp_path / "a file").write_text("not a folder")
    desktop.start(folder)
    log_in(qtbot, desktop)
    desktop.office.practice.put(settings.BACKUP_FOLDER, str(tmp_path / "a file"))

    desktop.window.close()
    note = desktop.closing
    assert note.isVisible()
    assert "No backup was made" in note.banner.accessibleName()
    qtbot.mouseClick(note.button, Qt.MouseButton.LeftButton)

    assert not note.isVisible()
    assert desktop.office is None
    welcome.sign_in(folder, "olive", OLIVE, clock).close()


def test_half_typed_work_survives_closing(
    qtbot: QtBot, desktop: Desktop, folder: Path, clock: FixedClock
) -> None:
    class Editor:
        draft_kind = "booking"

        def draft_title(self) -> str:
            return "Half a booking"

        def draft_state(self) -> dict[str, str]:
            return {"reason": "cough"}

        def restore_state(self, state: dict[str, str]) -> None: ...

    desktop.start(folder)
    log_in(qtbot, desktop)
    editor = Editor()
    desktop.desk.drafts.watch(editor)

    desktop.window.close()

    office = welcome.sign_in(folder, "olive", OLIVE, clock)
    (draft,) = office.drafts.all()
    assert office.drafts.state(draft.id) == {"reason": "cough"}
    office.close()


def test_a_locked_window_keeps_its_work_and_opens_for_the_same_person(
    qtbot: QtBot, desktop: Desktop, folder: Path
) -> None:
    desktop.start(folder)
    log_in(qtbot, desktop)
    window = desktop.window
    window.show_tab("patients")

    window.screen_lock.lock()
    assert window.curtain.isVisible()
    qtbot.keyClicks(window.curtain.password, OLIVE)
    qtbot.keyClick(window.curtain.password, Qt.Key.Key_Return)

    assert not window.curtain.isVisible()
    assert desktop.window is window
    assert desktop.office.session.history(1)[0].label == "Unlocked the screen"


def test_another_person_takes_over_the_same_window(
    qtbot: QtBot, desktop: Desktop, folder: Path, memory: QSettings
) -> None:
    desktop.start(folder)
    log_in(qtbot, desktop)
    window = desktop.window

    window.screen_lock.lock()
    window.curtain.who.set_value("maria")
    qtbot.keyClicks(window.curtain.password, MARIA)
    qtbot.keyClick(window.curtain.password, Qt.Key.Key_Return)

    assert desktop.office.session.user.login == "maria"
    assert "Maria Testlopez" in window.status.user.text()
    assert memory.value(f"login/{folder.name}") == "maria"


def test_guessing_at_the_locked_screen_is_slowed_down_too(
    qtbot: QtBot, desktop: Desktop, folder: Path
) -> None:
    desktop.start(folder)
    log_in(qtbot, desktop)
    curtain = desktop.window.curtain
    desktop.window.screen_lock.lock()

    for _ in range(4):
        qtbot.keyClicks(curtain.password, "not my password")
        qtbot.keyClick(curtain.password, Qt.Key.Key_Return)

    assert "Too many wrong passwords" in curtain.password_field.note.text()
    assert curtain.isVisible()


def test_a_second_start_brings_the_first_window_forward(
    qtbot: QtBot, desktop: Desktop, folder: Path
) -> None:
    desktop.start(folder)
    desktop.door.hide()
    second = OnlyOne()

    with qtbot.waitSignal(desktop.only_one.asked_forward):
        qtbot.waitUntil(lambda: second.call(folder))

    assert desktop.door.isVisible()


def test_two_practices_may_be_open_side_by_side(desktop: Desktop, folder: Path) -> None:
    desktop.start(folder)

    assert not OnlyOne().call(folder.parent / "another")


def test_a_socket_left_by_a_crash_is_not_in_the_way(folder: Path, qtbot: QtBot) -> None:
    first, second = OnlyOne(), OnlyOne()
    first.answer_for(folder)

    second.answer_for(folder)

    with qtbot.waitSignal(second.asked_forward):
        assert OnlyOne().call(folder)
    first.close()
    second.close()


def test_a_folder_without_a_practice_starts_the_wizard(desktop: Desktop, tmp_path: Path) -> None:
    desktop.start(tmp_path / "fresh")

    assert desktop.door.wizard is not None
    assert desktop.door.wizard.isVisible()


def test_the_idle_limit_of_the_practice_is_in_force(
    qtbot: QtBot, desktop: Desktop, folder: Path
) -> None:
    desktop.start(folder)
    log_in(qtbot, desktop)

    timer = desktop.window.screen_lock.idle._timer
    qtbot.waitUntil(lambda: timer.interval() == 10 * 60_000)
    desktop.window.screen_lock.idle.idle.emit()

    assert desktop.window.curtain.isVisible()


def test_ctrl_l_locks(qtbot: QtBot, desktop: Desktop, folder: Path) -> None:
    desktop.start(folder)
    log_in(qtbot, desktop)
    window = desktop.window
    with qtbot.waitActive(window):
        window.activateWindow()

    qtbot.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)

    assert window.curtain.isVisible()


def test_the_first_window_loads_nothing_heavy() -> None:
    import subprocess
    import sys

    code = (
        "import sys, medsec_desktop.app;"
        "heavy = {'reportlab', 'phonenumbers', 'pypdfium2', 'dateutil', 'cryptography', 'argon2',"
        " 'rapidfuzz', 'medsec_desktop.ui.main_window', 'medsec_desktop.ui.practice.wizard',"
        " 'medsec_desktop.ui.practice.settings', 'medsec_desktop.documents'};"
        "print(sorted(heavy & set(sys.modules)))"
    )

    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert told.stdout.strip() == "[]"
