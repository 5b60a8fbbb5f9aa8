"""The settings that charging needs: procedures, public codes, fee schedules, favourites."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QAbstractButton, QLineEdit
from pytestqt.qtbot import QtBot

from medsec_desktop.services.claims.charge_records import ScheduleDraft
from medsec_desktop.services.office import Office
from medsec_desktop.ui.main_window import MainWindow
from medsec_desktop.ui.practice.settings import SettingsDialog
from medsec_desktop.ui.practice.settings_fees import CopySheet
from medsec_desktop.ui.practice.table_sheet import TableSheet
from tests.exchange.test_hcpcs import record
from tests.services.claims.conftest import Clinic, a_clinic
from tests.ui.frame import a_window

Key, LEFT = Qt.Key, Qt.MouseButton.LeftButton


@pytest.fixture
def clinic(office: Office) -> Clinic:
    return a_clinic(office)


@pytest.fixture
def window(clinic: Clinic, qtbot: QtBot) -> MainWindow:
    return a_window(qtbot, clinic.office)


def page(window: MainWindow, qtbot: QtBot, name: str):
    window.desk.go.open_settings(name)
    (dialog,) = window.findChildren(SettingsDialog)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    qtbot.addWidget(dialog)
    return dialog.page(name)


def write(qtbot: QtBot, line: QLineEdit, text: str, leave: Key = Key.Key_Tab) -> None:
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, leave)


def answer(window: MainWindow, *answers: str) -> None:
    window.desk.prompts.answers.extend(answers)  # type: ignore[attr-defined]


def test_a_procedure_is_typed_changed_and_refused_at_its_field(
    clinic: Clinic, window: MainWindow, qtbot: QtBot
):
    procedures = clinic.office.procedures
    shown = page(window, qtbot, "procedures")
    assert [row.title for row in shown.list.rows.rows] == ["99213", "J1885"]

    qtbot.mouseClick(shown.add, LEFT)
    write(qtbot, shown.code, "D0120")
    assert "dental" in shown.fields["code"].note.text()
    write(qtbot, shown.code, "85025")
    write(qtbot, shown.words_line, "Blood count")
    write(qtbot, shown.charge, "30.50")
    qtbot.mouseClick(shown.ticks["needs_clia"], LEFT)
    row = procedures.find("85025")
    assert row is not None
    assert (row.draft.words, row.draft.charge_cents, row.draft.needs_clia) == (
        "Blood count", 3_050, True,
    )  # fmt: skip
    write(qtbot, shown.charge, "0")
    assert "more than zero" in shown.fields["charge"].note.text()
    assert procedures.find("85025").draft.charge_cents == 3_050
    qtbot.mouseClick(shown.remove, LEFT)
    assert procedures.find("85025") is None


def test_a_table_of_procedures_is_taken_in_under_a_licence_and_saved_again(
    clinic: Clinic, window: MainWindow, qtbot: QtBot, tmp_path: Path
):
    file = tmp_path / "list.csv"
    file.write_text("Code,Description,Odd,Fee\n85025,Blood,x,30\n99213,,,125\n12,Bad,y,1\n")
    shown = page(window, qtbot, "procedures")

    answer(window, str(file))
    qtbot.mouseClick(shown.take_in, LEFT)
    (sheet,) = shown.window().findChildren(TableSheet)
    assert sheet.targets == ["code", "words", "", "fee"]
    for choice in sheet.choices:  # what each becomes can be read beside long examples
        assert choice.width() > choice.fontMetrics().horizontalAdvance(choice.currentText()) + 30
    assert not sheet.take_button.isEnabled()  # before anybody said that there is a licence
    qtbot.mouseClick(sheet.licence, LEFT)
    sheet.choices[2].set_value("words")
    assert "one column only" in sheet.problem.accessibleName()
    assert not sheet.take_button.isEnabled()
    sheet.choices[2].set_value("group")
    qtbot.mouseClick(sheet.take_button, LEFT)

    assert clinic.office.procedures.find("85025").draft.section == "x"
    assert window.message_bar.text.text() == "Codes: 1 added, 1 as they were, 1 not taken in."
    out = tmp_path / "out.csv"
    answer(window, str(out))
    qtbot.mouseClick(shown.save_as, LEFT)
    assert "85025,,Blood,x,30.00" in out.read_text("utf-8-sig")


def test_a_foreign_table_is_refused_with_what_it_is(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
):
    file = tmp_path / "icd.csv"
    file.write_text("Code,Title\nI10,Pressure\nE78.5,Lipids\nJ06.9,Cold\n")
    shown = page(window, qtbot, "procedures")

    answer(window, str(file))
    qtbot.mouseClick(shown.take_in, LEFT)

    assert "list of diagnoses" in window.message_bar.text.text()
    assert not shown.window().findChildren(TableSheet)


def test_hcpcs_is_taken_in_after_its_contents_were_shown(
    clinic: Clinic, window: MainWindow, qtbot: QtBot, tmp_path: Path
):
    file = tmp_path / "HCPC.txt"
    rows = [record(f"A{number}", "3", f"Supply {number}") for number in range(4200, 4204)]
    file.write_text("\n".join([*rows, record("LT", "7", "Left side")]) + "\n")
    shown = page(window, qtbot, "codes")
    assert shown.hcpcs.text().startswith("None was taken in yet")
    assert "ICD-10-CM" in shown.icd.text()

    answer(window, str(file), "Take in")
    qtbot.mouseClick(shown.take_in, LEFT)

    assert shown.hcpcs.text().startswith("5 codes and modifiers from “HCPC.txt”")
    assert clinic.office.code_search.search("supply", None, date(2026, 3, 11))


def test_a_fee_schedule_is_made_filled_and_copied_for_the_next_year(
    clinic: Clinic, window: MainWindow, qtbot: QtBot, tmp_path: Path
):
    fees = clinic.office.fees
    shown = page(window, qtbot, "fees")
    qtbot.mouseClick(shown.add, LEFT)
    write(qtbot, shown.name_line, "Standard 2026")
    (row,) = fees.all()
    assert (row.name, row.payer_id, row.valid_from_on) == ("Standard 2026", None, date(2026, 3, 11))
    shown.from_on.selectAll()
    qtbot.keyClicks(shown.from_on, "11/01/2025")  # “1” is a day as well, and is not kept
    assert shown.from_on.text() == "11/01/2025"
    qtbot.keyClick(shown.from_on, Key.Key_Return)
    (row,) = fees.all()
    assert row.valid_from_on == date(2025, 11, 1)
    settings = window.findChildren(SettingsDialog)[-1]
    bar = settings.bar
    assert bar.isVisible()
    assert "changed" in bar.text.text()
    place = QRect(bar.mapTo(settings, QPoint(0, 0)), bar.size())
    for beside in (*settings.findChildren(QAbstractButton), *settings.findChildren(QLineEdit)):
        if beside.isVisible() and not bar.isAncestorOf(beside):
            spot = QRect(beside.mapTo(settings, QPoint(0, 0)), beside.size())
            assert not spot.intersects(place), beside.accessibleName()

    write(qtbot, shown.code, "99213")
    write(qtbot, shown.amount, "0", Key.Key_Return)
    assert "more than zero" in shown.fee_fields["charge"].note.text()
    write(qtbot, shown.amount, "125", Key.Key_Return)
    assert [fee.amount_cents for fee in fees.fees(row.id)] == [12_500]
    shown.fees.selectRow(0)
    write(qtbot, shown.amount, "130", Key.Key_Return)
    assert [fee.amount_cents for fee in fees.fees(row.id)] == [13_000]

    qtbot.mouseClick(shown.copy_button, LEFT)
    (sheet,) = shown.window().findChildren(CopySheet)
    assert sheet.name_line.text() == "Standard 2027"
    write(qtbot, sheet.percent, "abc")
    qtbot.mouseClick(sheet.copy_button, LEFT)
    assert sheet.fields["percent"].has_problem
    write(qtbot, sheet.percent, "103.5")
    sheet.step.set_value(100)
    qtbot.mouseClick(sheet.copy_button, LEFT)
    new, old = fees.all()
    assert (new.name, old.valid_to_on) == ("Standard 2027", date(2026, 12, 31))
    assert [fee.amount_cents for fee in fees.fees(new.id)] == [13_500]
    assert shown.row.id == new.id

    file = tmp_path / "fees.csv"
    file.write_text("CPT,Fee\n99214,180\n")
    answer(window, str(file))
    qtbot.mouseClick(shown.in_button, LEFT)
    (table,) = shown.window().findChildren(TableSheet)
    qtbot.mouseClick(table.licence, LEFT)
    qtbot.mouseClick(table.take_button, LEFT)
    assert len(fees.fees(new.id)) == 2
    shown.fees.selectRow(0)
    qtbot.mouseClick(shown.drop_button, LEFT)
    assert [fee.code for fee in fees.fees(new.id)] == ["99214"]
    qtbot.mouseClick(shown.remove, LEFT)
    assert [one.name for one in fees.all()] == ["Standard 2026"]


def test_what_holds_now_is_marked(clinic: Clinic, window: MainWindow, qtbot: QtBot):
    fees = clinic.office.fees
    fees.save(ScheduleDraft("Old", None, date(2024, 1, 1)))
    fees.save(ScheduleDraft("New", None, date(2026, 1, 1)))
    fees.save(ScheduleDraft("Next", None, date(2027, 1, 1)))

    shown = page(window, qtbot, "fees")

    assert [(row.title, row.mark) for row in shown.list.rows.rows] == [
        ("Next", ""), ("New", "now"), ("Old", ""),
    ]  # fmt: skip


def test_favourites_are_added_by_search_ordered_and_taken_out(
    clinic: Clinic, window: MainWindow, qtbot: QtBot
):
    favourites = clinic.office.favourites
    shown = page(window, qtbot, "favourites")
    shown.whose.set_value(clinic.provider)
    shown.whose.activated.emit(1)

    for text in ("i10", "e78.5", "99213"):
        qtbot.keyClicks(shown.finder.line, text)
        qtbot.keyClick(shown.finder.line, Key.Key_Return)
    assert [row.title for row in shown.lists["diagnosis"].rows.rows] == ["I10", "E78.5"]
    assert [row.title for row in shown.lists["procedure"].rows.rows] == ["99213"]
    assert {row.provider_id for row in favourites.all()} == {clinic.provider}
    shown._move("diagnosis", 1)
    assert [row.code for row in favourites.of(clinic.provider, "diagnosis")] == ["E785", "I10"]
    shown._remove("procedure")
    assert favourites.of(clinic.provider, "procedure") == ()


def test_a_providers_taxonomy_code_has_the_shape_of_one(
    clinic: Clinic, window: MainWindow, qtbot: QtBot
):
    shown = page(window, qtbot, "providers")

    write(qtbot, shown.form.taxonomy, "207Q")
    assert "ten characters" in shown.fields["taxonomy"].note.text()
    write(qtbot, shown.form.taxonomy, "207q00000x")

    assert clinic.office.practice.provider(clinic.provider).taxonomy == "207Q00000X"
