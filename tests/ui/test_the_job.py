"""The main job of a front desk, end to end: real window, real keys, real mouse, real files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from medsec_desktop import paths
from medsec_desktop.app import Desktop
from medsec_desktop.domain.clock import FixedClock
from medsec_desktop.services import welcome
from medsec_desktop.store import journal
from medsec_desktop.ui.calendar.tab import CalendarTab
from medsec_desktop.ui.jobs import InlineJobs
from medsec_desktop.ui.letters.tab import LettersTab
from medsec_desktop.ui.main_window import MainWindow
from medsec_desktop.ui.patients.tab import PatientsTab
from medsec_desktop.ui.practice.import_view import ImportDialog
from medsec_desktop.ui.theme import Theme
from tests.exchange.builders import PATIENT, a_synthea_folder
from tests.ui.scripted import ScriptedPrompts

PASSWORD = "violet tram seven"
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
TEN = datetime(2026, 3, 12, 10, 0)
TWO = datetime(2026, 3, 12, 14, 0)


@pytest.fixture(autouse=True)
def _own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "config_folder", lambda: tmp_path / "config")
    monkeypatch.setattr(paths, "data_folder", lambda: tmp_path / "data")


@pytest.fixture
def prompts(tmp_path: Path) -> ScriptedPrompts:
    return ScriptedPrompts()


@pytest.fixture
def desktop(
    qapp: QApplication, qtbot: QtBot, clock: FixedClock, tmp_path: Path, prompts: ScriptedPrompts
) -> Iterator[Desktop]:
    theme = Theme()
    theme.apply(qapp)
    memory = QSettings(str(tmp_path / "memory.ini"), QSettings.Format.IniFormat)
    desktop = Desktop(qapp, theme, clock=clock, jobs=InlineJobs(), prompts=prompts, memory=memory)
    qtbot.addWidget(desktop.door)
    yield desktop
    if desktop.window is not None:
        desktop.window.close()
        desktop.window.deleteLater()
    desktop.door.close()
    desktop.shut_down()
    desktop.deleteLater()


def key(qtbot: QtBot, desktop: Desktop, which: Qt.Key, modifier: object = None) -> None:
    """Press a key where the focus is, as a hand would."""
    qtbot.keyClick(focus(desktop), which, modifier or Qt.KeyboardModifier.NoModifier)


def focus(desktop: Desktop) -> QWidget:
    """Where the keys go."""
    window = desktop.window or desktop.door
    return QApplication.focusWidget() or window.focusWidget() or window


def write(qtbot: QtBot, desktop: Desktop, text: str) -> None:
    """Type where the focus is; a line is overwritten."""
    target = focus(desktop)
    if isinstance(target, QLineEdit):
        target.selectAll()
    qtbot.keyClicks(target, text)


def set_up_by_wizard(qtbot: QtBot, desktop: Desktop, folder: Path) -> None:
    desktop.start(folder)
    with qtbot.waitActive(desktop.door):
        desktop.door.activateWindow()
    wizard = desktop.door.wizard

    def fill(*texts: str) -> None:
        for text in texts:
            if text:
                write(qtbot, desktop, text)
            qtbot.keyClick(wizard.focusWidget(), Qt.Key.Key_Tab)
        qtbot.keyClick(wizard.focusWidget(), Qt.Key.Key_Return)

    fill()
    fill("Testville Clinic")
    fill("Olive Owner", "", PASSWORD, PASSWORD)
    fill("Amy", "Chen")
    for _ in range(2):
        fill()
    qtbot.waitUntil(lambda: wizard.page is wizard.recovery)
    wizard.recovery.noted.setFocus()
    qtbot.keyClick(wizard.recovery.noted, Qt.Key.Key_Space)
    fill()
    assert desktop.window is not None


def window_in_front(qtbot: QtBot, desktop: Desktop) -> MainWindow:
    window = desktop.window
    assert isinstance(window, MainWindow)
    with qtbot.waitActive(window):
        window.activateWindow()
    return window


def test_from_a_fresh_machine_to_a_booked_visit_with_its_letter_and_back(
    qtbot: QtBot, desktop: Desktop, prompts: ScriptedPrompts, tmp_path: Path, clock: FixedClock
) -> None:
    folder = tmp_path / "clinic"

    # The first-run wizard, by keyboard alone.
    set_up_by_wizard(qtbot, desktop, folder)
    window = window_in_front(qtbot, desktop)
    office = desktop.office
    assert office is not None

    # An import: looked at first, then taken in, with its duplicate and its bad row told.
    second = PATIENT | {"Id": "p-2", "FIRST": "Bob", "LAST": "Sampleton", "BIRTHDATE": "1990-01-02"}
    broken = PATIENT | {"Id": "p-3", "BIRTHDATE": "1984-13-45"}
    source = a_synthea_folder(tmp_path / "synthea", patients=[PATIENT, second, broken])
    prompts.answers.append(str(source))
    key(qtbot, desktop, Qt.Key.Key_I, CTRL)
    dialog = window.findChild(ImportDialog)
    assert dialog is not None
    dialog.choose_folder()
    assert dialog.plan is not None
    assert office.session.db.value("SELECT count(*) FROM patient") == 0
    dialog.run_import()
    assert dialog.report is not None
    imported = office.session.db.value("SELECT count(*) FROM patient")
    assert imported == 2
    left_out = [problem for problem in dialog.report.problems if problem.is_left_out]
    assert [(problem.file, problem.row) for problem in left_out] == [("patients.csv", 4)]
    dialog.close()
    window_in_front(qtbot, desktop)

    # Ctrl+K, a part of the name, Enter: her file.
    key(qtbot, desktop, Qt.Key.Key_K, CTRL)
    write(qtbot, desktop, "ampleto")
    qtbot.waitUntil(lambda: window.command_box.results.isVisible())
    key(qtbot, desktop, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(window.tab, PatientsTab))
    ada = office.session.db.value("SELECT id FROM patient WHERE family_name = 'Sampleton'")
    assert office.session.history()[0].patient_id == ada, "opening a file is recorded"

    # A visit booked by keyboard: what, when.
    key(qtbot, desktop, Qt.Key.Key_B, CTRL)
    assert isinstance(window.tab, CalendarTab)
    key(qtbot, desktop, Qt.Key.Key_Return)
    write(qtbot, desktop, "tomorrow")
    key(qtbot, desktop, Qt.Key.Key_Return)
    write(qtbot, desktop, "10")
    key(qtbot, desktop, Qt.Key.Key_Return)
    (visit,) = office.calendar.of_day(TEN.date())
    assert (visit.patient_id, visit.starts_at) == (ada, TEN)

    # Another booked by mouse: drag over a free half hour, then choose who.
    calendar = window.tab
    assert isinstance(calendar, CalendarTab)
    key(qtbot, desktop, Qt.Key.Key_Escape)
    grid = calendar.grid
    grid.scroll_to_minute(13 * 60)
    start, end = grid.point_at(0, 14 * 60) + QPoint(4, 2), grid.point_at(0, 14 * 60 + 25)
    qtbot.mousePress(grid.viewport(), Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(grid.viewport(), end + QPoint(4, 0))
    qtbot.mouseRelease(grid.viewport(), Qt.MouseButton.LeftButton, pos=end + QPoint(4, 0))
    write(qtbot, desktop, "testperson")
    key(qtbot, desktop, Qt.Key.Key_Return)
    qtbot.mouseClick(calendar.pane.save_button, Qt.MouseButton.LeftButton)
    booked = [row.starts_at for row in office.calendar.of_day(TEN.date())]
    assert booked == [TEN, TWO]

    # Her letter: previewed, filed, and the archived page is the page reprinted.
    window.go.write_letter(visit.id)
    letters = window.tab
    assert isinstance(letters, LettersTab)
    assert letters.writer is not None
    qtbot.waitUntil(lambda: letters.writer is not None and letters.writer.preview.page_count > 0)
    key(qtbot, desktop, Qt.Key.Key_Return, CTRL)
    (letter,) = office.letters.of_patient(ada)
    first, again = office.letters.pdf(letter.id), office.letters.pdf(letter.id)
    assert first == again
    assert first.startswith(b"%PDF")
    archived = office.session.db.value("SELECT sha256 FROM document")
    assert hashlib.sha256(first).hexdigest() == archived

    # Undo takes back the letter and the second booking, redo brings them again.
    key(qtbot, desktop, Qt.Key.Key_2, CTRL)
    state = office.session.db.rows("SELECT id, status, starts_at FROM appointment")
    calendar.setFocus()
    key(qtbot, desktop, Qt.Key.Key_Z, CTRL)
    assert office.letters.of_patient(ada) == ()
    key(qtbot, desktop, Qt.Key.Key_Z, CTRL)
    assert len(office.calendar.of_day(TEN.date())) == 1
    key(qtbot, desktop, Qt.Key.Key_Z, CTRL | SHIFT)
    key(qtbot, desktop, Qt.Key.Key_Z, CTRL | SHIFT)
    assert office.session.db.rows("SELECT id, status, starts_at FROM appointment") == state
    assert office.letters.pdf(letter.id) == first

    # Closed and opened again with the password: all there, and the chain is sound.
    window.close()
    clock.advance(timedelta(hours=1))
    reopened = welcome.sign_in(folder, "olive", PASSWORD, clock)
    assert [row.starts_at for row in reopened.calendar.of_day(TEN.date())] == [TEN, TWO]
    assert reopened.letters.pdf(letter.id) == first
    assert reopened.session.db.value("SELECT count(*) FROM patient") == imported
    assert journal.verify(reopened.session.db).is_sound
    reopened.close()
