"""Saying what the columns of a table are, with real keys and clicks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from medsec_desktop.services.office import Office
from medsec_desktop.services.session import Session
from medsec_desktop.ui.desk import make_desk
from medsec_desktop.ui.jobs import InlineJobs
from medsec_desktop.ui.practice.import_view import ImportDialog, open_import
from medsec_desktop.ui.practice.import_working import WorkingPage
from medsec_desktop.ui.theme import Theme
from medsec_desktop.ui.widgets import Choice
from tests.conftest import a_patient
from tests.ui.scripted import ScriptedPrompts

Key = Qt.Key
TABLE = (
    "Patient;Born;Nick;Shoe size;Cell\n"
    '"Testperson, Ada";03/04/1984;Addie;42;617-555-0142\n'
    '"Sampleton, Ben";05/06/1990;;43;\n'
    ";07/08/1990;;44;\n"
)


@pytest.fixture
def prompts() -> ScriptedPrompts:
    return ScriptedPrompts()


@pytest.fixture
def dialog(
    office: Office, qapp: QApplication, prompts: ScriptedPrompts, qtbot: QtBot
) -> Iterator[ImportDialog]:
    theme = Theme()
    theme.apply(qapp)
    window = QWidget()
    qtbot.addWidget(window)
    dialog = open_import(make_desk(office, theme, jobs=InlineJobs(), prompts=prompts), window)
    qtbot.waitExposed(dialog)
    yield dialog
    dialog.close()


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "patients.csv"
    path.write_text(TABLE, encoding="cp1252")
    return path


def chooser(dialog: ImportDialog, heading: str) -> Choice:
    (found,) = (
        one for one in dialog.mapping.choices if one.accessibleName() == f"What “{heading}” is"
    )
    return found


def preview(dialog: ImportDialog) -> list[list[str]]:
    model = dialog.mapping.preview.model()
    return [
        [str(model.index(row, column).data()) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def test_columns_are_mapped_by_keys_looked_at_and_taken_in(
    dialog: ImportDialog, session: Session, table: Path, qtbot: QtBot
) -> None:
    dialog.look_at(table)

    # Whole names are recognised and read; what a date means is asked first.
    assert dialog.stack.currentWidget() is dialog.mapping
    assert [one.currentText() for one in dialog.mapping.choices] == [
        "Whole name", "Date of birth", "Leave out", "Leave out", "Mobile phone",
    ]  # fmt: skip
    assert "month or the day comes first" in dialog.mapping.banner.accessibleName()
    assert dialog.focusWidget() is dialog.mapping.order
    assert not dialog.look_button.isEnabled()
    assert preview(dialog)[0][1:3] == ["Testperson, Ada", ""]

    qtbot.keyClick(dialog.mapping.order, Key.Key_D)  # Day first

    assert dialog.mapping.order_field.note.text() == "“03/04/1984” is April 3."
    assert preview(dialog)[0][1:3] == ["Testperson, Ada", "04/03/1984"]
    assert preview(dialog)[2][1] == "Left out: The family name is missing."

    # On by Tab to the column that nobody knows, and its field by its first letters.
    for _ in range(3):
        qtbot.keyClick(dialog.focusWidget(), Key.Key_Tab)
    assert dialog.focusWidget() is chooser(dialog, "Nick")
    qtbot.keyClicks(chooser(dialog, "Nick"), "Preferred")
    assert preview(dialog)[0][1] == "Testperson, Ada “Addie”"
    qtbot.keyClick(dialog.focusWidget(), Key.Key_Tab)
    qtbot.keyClicks(chooser(dialog, "Shoe size"), "Own")
    assert preview(dialog)[0][-1] == "Shoe size: 42"
    assert "2 columns" not in dialog.mapping.banner.accessibleName()

    qtbot.mouseClick(dialog.look_button, Qt.MouseButton.LeftButton)
    assert [dialog.tabs.tabText(at) for at in range(dialog.tabs.count())] == [
        "Files", "Person by person", "Problems (1)",
    ]  # fmt: skip
    qtbot.keyClick(dialog, Key.Key_Return)

    assert session.db.rows(
        "SELECT p.family_name, p.preferred_name, p.birth_date, v.value FROM patient p"
        " JOIN custom_value v ON v.patient_id = p.id ORDER BY p.id"
    ) == [("Testperson", "Addie", "1984-04-03", "42"), ("Sampleton", "", "1990-06-05", "43")]

    # The same kind of table is read so the next time, and only the date is asked.
    dialog.look_at(table)
    assert chooser(dialog, "Shoe size").currentText() == "Own field “Shoe size”"
    assert chooser(dialog, "Nick").currentText() == "Preferred name"


def test_a_column_chosen_twice_is_said_and_back_leads_to_the_columns(
    dialog: ImportDialog, session: Session, prompts: ScriptedPrompts, tmp_path: Path, qtbot: QtBot
) -> None:
    a_patient(session)
    path = tmp_path / "p.csv"
    path.write_text(
        "Last Name,First Name,DOB,Other\nTestperson,Ada,1984-03-14,1984-03-14\n,Ben,,\n"
    )
    dialog.look_at(path)
    assert dialog.focusWidget() is dialog.look_button
    assert not dialog.mapping.order_field.isVisible()

    chooser(dialog, "Other").setFocus()
    qtbot.keyClicks(chooser(dialog, "Other"), "Date")
    assert "can be one column only; now it is “DOB”, “Other”" in (
        dialog.mapping.banner.accessibleName()
    )
    assert not dialog.look_button.isEnabled()
    qtbot.keyClick(chooser(dialog, "Other"), Key.Key_Home)
    qtbot.keyClick(dialog, Key.Key_Return)

    # Whom she may be stands in the list, person by person.
    model = dialog.tabs.people.model()
    assert model.index(0, 6).data() == "May be Testperson, Ada, chart T00001"
    qtbot.mouseClick(dialog.columns_button, Qt.MouseButton.LeftButton)
    assert dialog.stack.currentWidget() is dialog.mapping
    assert chooser(dialog, "Other").currentText() == "Leave out"

    qtbot.mouseClick(dialog.look_button, Qt.MouseButton.LeftButton)
    prompts.answers = [str(tmp_path / "out.csv")]
    qtbot.mouseClick(dialog.refused_button, Qt.MouseButton.LeftButton)
    assert "1 row saved as “out.csv”" in dialog.banner.accessibleName()
    assert "Last Name: The family name of “Ben” is missing." in (
        (tmp_path / "out.csv").read_text("utf-8-sig")
    )


def test_how_fast_it_goes_and_how_long_it_takes_is_told(dialog: ImportDialog, qtbot: QtBot) -> None:
    page: WorkingPage = dialog.working
    seconds = iter((0.0, 2.0, 4.0))
    page.begin("Taking in the data", "")
    page._pace._now = lambda: next(seconds)

    page.show_progress(0, 10_000, "Patients")
    page.show_progress(2_000, 10_000, "Patients")
    assert page.pace.text() == "1,000 rows/s, about 8 s left"
    page.show_progress(9_500, 10_000, "Patients")
    assert page.pace.text() == "2,375 rows/s, nearly done"

    page.show_progress(0, 0, "Finishing: journal and search index")
    assert page.pace.text() == ""
    assert not page.cancel_button.isEnabled()
