"""An exported practice brought back in the window: every row the same, or nothing at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from medsec_desktop import paths
from medsec_desktop.domain.clock import FixedClock
from medsec_desktop.services import founding, welcome
from medsec_desktop.services.office import Office
from medsec_desktop.services.practice import settings
from medsec_desktop.store import journal
from medsec_desktop.ui.jobs import Cancelled, InlineJobs, Jobs, Progress
from medsec_desktop.ui.practice.bring_back import BringBack
from medsec_desktop.ui.practice.front_door import FrontDoor
from medsec_desktop.ui.practice.wizard import Wizard
from medsec_desktop.ui.theme import Theme
from tests.old_databases.__main__ import write as write_practice
from tests.ui.scripted import ScriptedPrompts

ARCHIVE_PASSWORD, NEW_PASSWORD = "garden pear 44", "violet tram seven"
CLOCK = FixedClock(datetime(2026, 3, 11, 9, 0))
LEFT = Qt.MouseButton.LeftButton


def everything(office: Office) -> dict[str, list[tuple[object, ...]]]:
    db = office.session.db
    return {
        name: sorted(db.rows(f"SELECT * FROM {name}"), key=repr)
        for name in journal.journalled_tables(db)
    }


Exported = tuple[Path, dict[str, list[tuple[object, ...]]]]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """The archive of a practice with a row in every part of the office, and its rows."""
    place = tmp_path_factory.mktemp("exported")
    write_practice(place / "old")
    office = welcome.sign_in(place / "old", "olive", "correct horse 1", CLOCK)
    office.practice.put(settings.RECOVERY_SHEET_KEPT, True)
    office.exports.practice(place / "practice.zip", ARCHIVE_PASSWORD)
    rows = everything(office)
    office.close()
    return place / "practice.zip", rows


@pytest.fixture(autouse=True)
def _own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "config_folder", lambda: tmp_path / "config")
    monkeypatch.setattr(paths, "data_folder", lambda: tmp_path / "data")


@pytest.fixture
def jobs(request: pytest.FixtureRequest) -> Jobs:
    made: type[Jobs] = getattr(request, "param", InlineJobs)
    return made()


@pytest.fixture
def door(qtbot: QtBot, exported: Exported, jobs: Jobs, tmp_path: Path) -> Iterator[FrontDoor]:
    door = FrontDoor(Theme(), jobs, ScriptedPrompts(answers=[str(exported[0])]), CLOCK)
    qtbot.addWidget(door)
    opened: list[Office] = []
    door.opened.connect(opened.append)
    door.resize(1040, 720)
    with qtbot.waitExposed(door):
        door.show()
    door.show_folder(tmp_path / "clinic")
    yield door
    jobs.close()
    for office in opened:
        office.close()


def steps_of(qtbot: QtBot, door: FrontDoor) -> BringBack:
    """From the welcome page, by mouse."""
    assert isinstance(door.wizard, Wizard)
    qtbot.mouseClick(door.wizard.begin.exported, LEFT)
    assert isinstance(door.wizard, BringBack)
    return door.wizard


def type_in(qtbot: QtBot, line: QLineEdit, text: str, then: Qt.Key = Qt.Key.Key_Tab) -> None:
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, then)


def choose_the_file(qtbot: QtBot, steps: BringBack) -> None:
    qtbot.keyClick(steps.archive.file, Qt.Key.Key_Tab)
    qtbot.keyClick(steps.focusWidget(), Qt.Key.Key_Space)  # “Choose…”
    assert steps.focusWidget() is steps.archive.password


def passwords(qtbot: QtBot, steps: BringBack, then: Qt.Key = Qt.Key.Key_Tab) -> None:
    type_in(qtbot, steps.place.first_line, NEW_PASSWORD)
    type_in(qtbot, steps.place.second_line, NEW_PASSWORD, then)


def test_an_exported_practice_comes_back_with_every_row(
    qtbot: QtBot, door: FrontDoor, exported: Exported, tmp_path: Path
) -> None:
    rows = exported[1]
    steps = steps_of(qtbot, door)
    choose_the_file(qtbot, steps)
    type_in(qtbot, steps.archive.password, ARCHIVE_PASSWORD, Qt.Key.Key_Return)

    assert steps.page is steps.place
    assert not (tmp_path / "clinic").exists()  # looked at only
    assert steps.place.practice.text() == "Testville Clinic"
    for table in ("patient", "appointment", "claim", "letter", "document", "user_account"):
        assert steps.place.counts[table].text() == f"{len(rows[table]):,}"
    assert len(rows["patient"]) >= 2
    assert "“olive” (Olive Owner)" in steps.place.whose.text()

    passwords(qtbot, steps, Qt.Key.Key_Return)

    assert steps.page is steps.recovery
    assert not steps.next.isEnabled()
    welcome.check_recovery_key(tmp_path / "clinic", steps.recovery.key)
    qtbot.mouseClick(steps.recovery.noted, LEFT, pos=steps.recovery.noted.rect().center() * 0.2)
    with qtbot.waitSignal(door.opened) as caught:
        qtbot.mouseClick(steps.next, LEFT)
    office = caught.args[0]
    assert office.session.user.login == "olive"
    assert everything(office) == rows
    assert journal.verify(office.session.db).is_sound
    (found,) = office.patients.find("muller 555-0123")
    (letter,) = office.letters.of_patient(found.id)
    assert office.letters.pdf(letter.id).startswith(b"%PDF")


def test_what_cannot_be_brought_back_is_told_in_a_sentence(
    qtbot: QtBot, door: FrontDoor, exported: Exported, tmp_path: Path
) -> None:
    steps = steps_of(qtbot, door)
    qtbot.mouseClick(steps.next, LEFT)
    assert "Choose the file" in steps.archive.fields["file"].note.text()

    choose_the_file(qtbot, steps)
    type_in(qtbot, steps.archive.password, "not the password", Qt.Key.Key_Return)
    assert "does not open with this password" in steps.banner.accessibleName()
    assert steps.page is steps.archive
    assert not steps.is_waiting
    assert steps.archive.password.selectedText()  # to be typed over

    broken = tmp_path / "broken.zip"
    broken.write_bytes(exported[0].read_bytes()[:5000])
    type_in(qtbot, steps.archive.file, str(broken))
    qtbot.mouseClick(steps.next, LEFT)
    assert (
        "broken.zip” is no archive this program can read, or it is damaged"
        in steps.banner.accessibleName()
    )

    type_in(qtbot, steps.archive.file, str(exported[0]))
    type_in(qtbot, steps.archive.password, ARCHIVE_PASSWORD, Qt.Key.Key_Return)
    assert steps.page is steps.place
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("hers")
    type_in(qtbot, steps.place.folder, str(tmp_path / "full"), Qt.Key.Key_Return)
    assert "holds other files" in steps.place.fields["folder"].note.text()
    type_in(qtbot, steps.place.folder, str(tmp_path / "clinic"))
    type_in(qtbot, steps.place.first_line, "olive", Qt.Key.Key_Return)
    assert "does not keep the rules" in steps.place.fields["password"].note.text()

    qtbot.mouseClick(steps.back, LEFT)
    assert steps.page is steps.archive
    steps.back.setFocus()
    qtbot.keyClick(steps.back, Qt.Key.Key_Space)
    assert isinstance(door.wizard, Wizard)
    assert [entry.name for entry in (tmp_path / "full").iterdir()] == ["thesis.txt"]
    assert not (tmp_path / "clinic").exists()


class _StoppedAtTheDocuments(InlineJobs):
    """Whoever sits there cancels as the first document is put away."""

    def _start(self, job, work):  # type: ignore[no-untyped-def]
        report = job.progress.report

        def stop(done: int, total: int, text: str = "") -> None:
            if text == "Reading documents" and done == 1:
                job.cancel()
            report(done, total, text)

        job.progress.report = stop
        super()._start(job, work)


@pytest.mark.parametrize("jobs", [_StoppedAtTheDocuments], indirect=True)
def test_stopped_among_the_documents_nothing_is_left(
    qtbot: QtBot, door: FrontDoor, tmp_path: Path
) -> None:
    steps = steps_of(qtbot, door)
    choose_the_file(qtbot, steps)
    type_in(qtbot, steps.archive.password, ARCHIVE_PASSWORD, Qt.Key.Key_Return)

    passwords(qtbot, steps, Qt.Key.Key_Return)

    assert steps.page is steps.place
    assert steps.next.isEnabled()
    assert not steps.banner.isVisible()
    assert not (tmp_path / "clinic").exists()


@pytest.mark.parametrize("jobs", [Jobs], indirect=True)
@pytest.mark.parametrize("by", ["mouse", "escape"])
def test_cancel_stops_the_work_under_way(
    qtbot: QtBot, door: FrontDoor, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    def slow(_path: Path, _password: str, progress: Progress) -> None:
        with pytest.raises(Cancelled):
            while True:
                progress.report(3, 10, "Reading patient")
                QTest.qSleep(5)
        raise Cancelled

    monkeypatch.setattr(founding, "look_into_archive", slow)
    steps = steps_of(qtbot, door)
    choose_the_file(qtbot, steps)
    type_in(qtbot, steps.archive.password, ARCHIVE_PASSWORD, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "3 of about 10" in steps.working.step.text())
    assert not steps.next.isVisible()

    if by == "mouse":
        qtbot.mouseClick(steps.working.cancel_button, LEFT)
    else:
        qtbot.keyClick(steps.focusWidget(), Qt.Key.Key_Escape)

    qtbot.waitUntil(lambda: not steps.is_waiting)
    assert steps.page is steps.archive
    assert steps.next.isEnabled()
    assert steps.archive.password.text() == ARCHIVE_PASSWORD
