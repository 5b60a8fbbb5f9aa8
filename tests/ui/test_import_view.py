"""The import window as a person uses it, with real keys and clicks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from medsec_desktop.domain.permissions import Role
from medsec_desktop.services.office import Office
from medsec_desktop.services.session import Session
from medsec_desktop.ui.desk import Desk, make_desk
from medsec_desktop.ui.jobs import InlineJobs, Jobs, Progress
from medsec_desktop.ui.practice.import_view import ImportDialog, open_import
from medsec_desktop.ui.rows import RowsView
from medsec_desktop.ui.theme import Theme
from tests.conftest import a_patient, a_provider, a_user
from tests.exchange.builders import PATIENT, VISIT, a_synthea_folder
from tests.ui.scripted import ScriptedPrompts

Key = Qt.Key
TWIN = {"birth_date": "1984-03-14", "sex": "F"}


class _Nowhere:
    """Stands where the window will be."""

    def open_link(self, link: object) -> None:
        raise AssertionError(link)


@pytest.fixture
def prompts() -> ScriptedPrompts:
    return ScriptedPrompts()


@pytest.fixture
def desk(office: Office, qapp: QApplication, prompts: ScriptedPrompts) -> Desk:
    theme = Theme()
    theme.apply(qapp)
    desk = make_desk(office, theme, jobs=InlineJobs(), prompts=prompts)
    desk.go = _Nowhere()  # type: ignore[assignment]
    return desk


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    return window


@pytest.fixture
def dialog(desk: Desk, window: QWidget, qtbot: QtBot) -> Iterator[ImportDialog]:
    dialog = open_import(desk, window)
    qtbot.waitExposed(dialog)
    yield dialog
    dialog.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return a_synthea_folder(
        tmp_path / "synthea",
        patients=[PATIENT, PATIENT | {"Id": "p-2", "BIRTHDATE": "never"}],
    )


def click(qtbot: QtBot, button: QAbstractButton) -> None:
    assert button.isVisible()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def cells(view: RowsView) -> list[list[str]]:
    model = view.model()
    return [
        [str(model.index(row, column).data()) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def titles(dialog: ImportDialog) -> list[str]:
    return [dialog.tabs.tabText(index) for index in range(dialog.tabs.count())]


def visible_buttons(dialog: ImportDialog) -> list[str]:
    return [
        button.text().replace("&", "")
        for button in dialog.findChildren(QAbstractButton)
        if button.isVisible() and button.text()
    ]


def test_choosing_a_folder_shows_what_would_happen(
    dialog: ImportDialog, prompts: ScriptedPrompts, session: Session, folder: Path, qtbot: QtBot
) -> None:
    prompts.answers = [str(folder)]

    click(qtbot, dialog.folder_button)

    assert prompts.asked == ["Folder to import"]
    assert dialog.title.text() == "Import “synthea”"
    assert titles(dialog) == ["Files", "Person by person", "Problems (3)", "Not taken in (4)"]
    assert cells(dialog.tabs.counts)[3] == ["Patients", "patients.csv", "2", "1", "–", "–", "1", ""]
    assert cells(dialog.tabs.people)[0][1] == "Testperson958, Ada46"
    assert dialog.import_button.text() == "Import 1 patient"
    assert session.db.value("SELECT count(*) FROM patient") == 0


def test_problems_are_listed_row_by_row_the_worst_first(dialog: ImportDialog, folder: Path) -> None:
    dialog.look_at(folder)

    rows = cells(dialog.tabs.problems)
    assert rows[0] == ["patients.csv", "3", "Left out", "“never” is not a date of birth."]
    assert [row[2] for row in rows[1:]] == ["Taken in", "Taken in"]


def test_enter_takes_it_in_and_the_report_stays(
    dialog: ImportDialog, desk: Desk, session: Session, folder: Path, qtbot: QtBot
) -> None:
    dialog.look_at(folder)

    qtbot.keyClick(dialog, Key.Key_Return)

    assert session.db.value("SELECT family_name FROM patient") == "Testperson958"
    assert (
        "took in 1 organization, 1 payer, 1 provider, 1 patient" in dialog.banner.accessibleName()
    )
    assert visible_buttons(dialog) == [
        "Save as text…",
        "Save what is left out…",
        "Undo the import",
        "Other folder…",
        "Close",
    ]
    assert desk.messages.last is not None
    assert desk.messages.last.undoes is not None


def test_the_import_is_undone_from_its_report(
    dialog: ImportDialog, session: Session, folder: Path, qtbot: QtBot
) -> None:
    dialog.look_at(folder)
    click(qtbot, dialog.import_button)

    click(qtbot, dialog.undo_button)

    assert session.db.value("SELECT count(*) FROM patient") == 0
    assert dialog.import_button.text() == "Import 1 patient"


def test_undoing_it_elsewhere_is_seen_here(
    dialog: ImportDialog, session: Session, folder: Path
) -> None:
    dialog.look_at(folder)
    dialog.run_import()

    session.undo()

    assert not dialog.undo_button.isEnabled()
    assert "taken back" in dialog.banner.accessibleName()


def test_each_patient_on_file_already_gets_her_own_answer(
    dialog: ImportDialog, session: Session, folder: Path, qtbot: QtBot
) -> None:
    here = a_patient(session, "Testperson958", "Ada46", **TWIN)
    dialog.look_at(folder)
    dialog.tabs.setCurrentIndex(titles(dialog).index("On file already (1)"))

    click(qtbot, dialog.tabs.choose_attach)
    click(qtbot, dialog.import_button)

    assert session.db.value("SELECT count(*) FROM patient") == 1
    assert session.db.value("SELECT patient_id FROM encounter") == here
    assert not dialog.tabs.choose_attach.isVisible()


def test_without_an_answer_she_is_skipped(
    dialog: ImportDialog, session: Session, folder: Path, qtbot: QtBot
) -> None:
    a_patient(session, "Testperson958", "Ada46", **TWIN)

    dialog.look_at(folder)
    dialog.run_import()

    assert session.db.value("SELECT count(*) FROM encounter") == 0
    assert cells(dialog.tabs.duplicates)[0][-1] == "Skip"


def test_taking_the_digits_off_shows_at_once(
    dialog: ImportDialog, folder: Path, qtbot: QtBot
) -> None:
    dialog.look_at(folder)

    dialog.strip_digits.setFocus()
    qtbot.keyClick(dialog.strip_digits, Key.Key_Space)

    assert cells(dialog.tabs.people)[0][1] == "Testperson, Ada"


def test_a_second_look_at_the_same_folder_has_nothing_to_do(
    dialog: ImportDialog, folder: Path
) -> None:
    dialog.look_at(folder)
    dialog.run_import()

    dialog.look_at(folder)

    assert not dialog.import_button.isEnabled()
    assert "on file already" in dialog.banner.accessibleName()


def test_a_folder_of_another_kind_is_refused_where_one_looks(
    dialog: ImportDialog, desk: Desk, tmp_path: Path
) -> None:
    dialog.look_at(tmp_path)

    assert "has no patients.csv" in dialog.start.title.text()
    assert desk.messages.last is not None
    assert desk.messages.last.tone == "refused"


def test_what_is_shown_can_be_saved_as_text(
    dialog: ImportDialog, prompts: ScriptedPrompts, folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog.look_at(folder)
    prompts.answers = [str(tmp_path / "preview.txt")]

    click(qtbot, dialog.save_button)

    assert "“never” is not a date of birth." in (tmp_path / "preview.txt").read_text("utf-8")


def test_a_folder_can_be_dropped(dialog: ImportDialog, folder: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(folder))])
    event = QDropEvent(
        QPointF(10, 10),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )

    dialog.dropEvent(event)

    assert dialog.title.text() == "Import “synthea”"


def test_whoever_may_not_import_is_told_so_at_once(
    desk: Desk, session: Session, window: QWidget, qtbot: QtBot
) -> None:
    session.switch_user(a_user(session, "sam", Role.SECRETARY))

    dialog = open_import(desk, window)

    assert dialog.not_allowed.isVisible()
    assert visible_buttons(dialog) == ["Close"]
    dialog.close()


def test_opening_it_twice_brings_the_one_forward(
    dialog: ImportDialog, desk: Desk, window: QWidget
) -> None:
    assert open_import(desk, window) is dialog


def test_opened_again_it_invites_to_a_folder_as_well_as_to_a_file(
    dialog: ImportDialog, desk: Desk, window: QWidget, folder: Path
) -> None:
    dialog.look_at(folder)
    dialog.close()

    assert open_import(desk, window) is dialog
    assert dialog.folder_button.isVisible()
    assert dialog.plan is None


def test_every_table_keeps_the_rules_of_its_model(
    dialog: ImportDialog, folder: Path, qtmodeltester: ModelTester
) -> None:
    dialog.look_at(folder)

    for view in (dialog.tabs.counts, dialog.tabs.people, dialog.tabs.problems, dialog.tabs.aside):
        qtmodeltester.check(view.model())


def test_tab_goes_from_top_to_bottom(dialog: ImportDialog, folder: Path) -> None:
    dialog.look_at(folder)
    dialog.strip_digits.setFocus()

    stops = []
    for _ in range(7):
        dialog.focusNextChild()
        stops.append(dialog.focusWidget())

    assert stops == [
        dialog.tabs.tabBar(),
        dialog.tabs.counts,
        dialog.save_button,
        dialog.refused_button,
        dialog.other_button,
        dialog.close_button,
        dialog.import_button,
    ]


def test_escape_closes_the_window(dialog: ImportDialog, qtbot: QtBot) -> None:
    qtbot.keyClick(dialog, Key.Key_Escape)

    assert not dialog.isVisible()


class _Slow:
    """Real jobs in threads, with an import that waits until it is stopped."""

    def __init__(self, desk: Desk):
        self.jobs = Jobs(desk.office.session.db.connection)
        desk.jobs = self.jobs


@pytest.fixture
def slow(desk: Desk) -> Iterator[_Slow]:
    slow = _Slow(desk)
    yield slow
    slow.jobs.close()


def test_cancel_stops_a_running_import_and_leaves_nothing(
    slow: _Slow,
    dialog: ImportDialog,
    session: Session,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    visits = [VISIT | {"Id": f"v-{number}"} for number in range(600)]
    folder = a_synthea_folder(tmp_path / "many", encounters=visits)
    dialog.look_at(folder)
    qtbot.waitUntil(lambda: dialog.import_button.isVisible())
    monkeypatch.setattr(dialog._imports, "run", _waiting_at_visits(dialog._imports.run))

    dialog.run_import()
    qtbot.waitUntil(lambda: "Visits" in dialog.working.step.text())
    click(qtbot, dialog.working.cancel_button)
    qtbot.waitUntil(lambda: dialog.import_button.isVisible())

    assert "Nothing was taken in." in dialog.banner.accessibleName()
    assert session.db.value("SELECT count(*) FROM patient") == 0


def _waiting_at_visits(run: Callable[..., object]) -> Callable[..., object]:
    """The same import, but it stays at the visits until somebody stops it."""

    class UntilStopped:
        def __init__(self, progress: Progress):
            self._progress = progress

        def report(self, done: int, total: int, text: str = "") -> None:
            self._progress.report(total, total, text)
            if text == "Visits":
                self._progress._cancelled.wait(30)
                self._progress.check()

        def check(self) -> None:
            self._progress.check()

    return lambda plan, choices, progress: run(plan, choices, UntilStopped(progress))


# -- calendar files ---------------------------------------------------------------------------------


@pytest.fixture
def calendar_file(tmp_path: Path, session: Session) -> Path:
    """An event that names no provider, one that is broken, and a to-do."""
    a_patient(session)
    a_provider(session)
    a_provider(session, "Patel", "Asha")
    path = tmp_path / "other.ics"
    path.write_text(
        "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:1\nDTSTART:20260312T100000\n"
        "DURATION:PT30M\nSUMMARY:Ada Testperson\nEND:VEVENT\nBEGIN:VEVENT\nUID:2\nDTSTART:soon\n"
        "END:VEVENT\nBEGIN:VTODO\nEND:VTODO\nEND:VCALENDAR\n"
    )
    return path


def test_a_calendar_file_is_chosen_looked_at_and_taken_in(
    dialog: ImportDialog,
    prompts: ScriptedPrompts,
    office: Office,
    calendar_file: Path,
    qtbot: QtBot,
) -> None:
    prompts.answers = [str(calendar_file)]

    assert dialog.start.button is not None
    click(qtbot, dialog.start.button)

    assert prompts.asked == ["File to import"]
    assert titles(dialog) == ["Files", "Problems (2)", "Not taken in (1)"]
    assert dialog.banner.isVisible()
    assert not dialog.import_button.isEnabled()

    qtbot.keyClick(dialog.provider, Key.Key_Down)  # Robin Chen

    assert titles(dialog) == ["Files", "First visits", "Problems (1)", "Not taken in (1)"]
    assert cells(dialog.tabs.visits) == [
        ["3", "03/12/2026 10:00 AM", "30", "Testperson, Ada", "Robin Chen, MD", "Ada Testperson"]
    ]
    assert dialog.import_button.text() == "Import 1 visit"

    click(qtbot, dialog.import_button)

    assert dialog.report is not None
    assert dialog.report.tables[0].new == 1
    visits = office.calendar.of_day(date(2026, 3, 12))
    assert [visit.patient_name for visit in visits] == ["Testperson, Ada"]

    click(qtbot, dialog.undo_button)

    assert office.calendar.of_day(date(2026, 3, 12)) == ()


def test_a_calendar_without_events_is_called_empty(dialog: ImportDialog, tmp_path: Path) -> None:
    path = tmp_path / "empty.ics"
    path.write_text("BEGIN:VCALENDAR\nVERSION:2.0\nX-WR-CALNAME:Empty\nEND:VCALENDAR\n")

    dialog.look_at(path)

    assert "There is no visit in this file." in dialog.banner.accessibleName()
    assert not dialog.import_button.isEnabled()


def test_a_file_that_is_no_calendar_is_refused_where_one_looks(
    dialog: ImportDialog, tmp_path: Path
) -> None:
    path = tmp_path / "letter.ics"
    path.write_text("Dear Ada,\n")

    dialog.look_at(path)

    assert dialog.stack.currentWidget() is dialog.start
    assert dialog.start.title.text() == "“letter.ics” is not a calendar file."
