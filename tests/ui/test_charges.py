"""Charging a visit with real keys and clicks, from wherever it is selected to what the service keeps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import Claim
from medsec_desktop.services.claims.charge_records import (
    DIAGNOSIS,
    PROCEDURE,
    ProcedureDraft,
    ScheduleDraft,
)
from medsec_desktop.services.office import Office
from medsec_desktop.services.page_images import page_text
from medsec_desktop.ui.claims.charges.charge_window import ChargeWindow
from medsec_desktop.ui.letters.print_sheet import PrintSheet
from medsec_desktop.ui.main_window import MainWindow
from tests.services.claims.conftest import Clinic, a_clinic
from tests.services.test_sheets import FakeSpooler
from tests.ui.frame import a_window
from tests.ui.scripted import ScriptedPrompts

Key, LEFT = Qt.Key, Qt.MouseButton.LeftButton
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
DAY = date(2026, 3, 11)


@pytest.fixture
def clinic(office: Office) -> Clinic:
    return a_clinic(office)


@pytest.fixture
def window(clinic: Clinic, qtbot: QtBot) -> MainWindow:
    return a_window(qtbot, clinic.office)


def opened(window: MainWindow, qtbot: QtBot, visit: int) -> ChargeWindow:
    window.desk.go.open_charges(visit)
    (dialog,) = window.findChildren(ChargeWindow)
    qtbot.waitExposed(dialog)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.form.finder.line.hasFocus)
    return dialog


@pytest.fixture
def dialog(clinic: Clinic, window: MainWindow, qtbot: QtBot) -> Iterator[ChargeWindow]:
    found = opened(window, qtbot, clinic.visit)
    yield found
    found.close()


def back_to(window: MainWindow, qtbot: QtBot) -> None:
    """As a window manager does when the dialog is gone."""
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)


def typed(qtbot: QtBot, dialog: ChargeWindow, text: str) -> None:
    qtbot.keyClicks(dialog.form.finder.line, text)
    qtbot.keyClick(dialog.form.finder.line, Key.Key_Return)


def shown(dialog: ChargeWindow) -> list[str]:
    return [row.title for row in dialog.form.why.list.rows.rows]


def cell(dialog: ChargeWindow, line: int, name: str) -> QLineEdit:
    return dialog.form.rows[line].cells[name]


def write(qtbot: QtBot, line: QLineEdit, text: str) -> None:
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, Key.Key_Return)


def test_a_common_visit_is_charged_in_under_ten_keys(
    clinic: Clinic,
    window: MainWindow,
    qtbot: QtBot,
):
    clinic.office.favourites.add(clinic.provider, DIAGNOSIS, "I10")
    window.show_tab("today")
    window.tab_named("today").select_visit(clinic.visit)
    keys = 0

    def press(widget: QWidget, key: Key, modifiers=Qt.KeyboardModifier.NoModifier) -> None:
        nonlocal keys
        keys += 1
        qtbot.keyClick(widget, key, modifiers)

    press(window, Key.Key_F4, SHIFT)
    (dialog,) = window.findChildren(ChargeWindow)
    line = dialog.form.finder.line
    qtbot.waitUntil(line.hasFocus)
    press(line, Key.Key_Return)  # the favourite, which stands first
    for letter in (Key.Key_2, Key.Key_1, Key.Key_3):
        press(line, letter)
    press(line, Key.Key_Return)
    assert dialog.form.total.text() == "1 service, $125.00"
    press(dialog, Key.Key_S, CTRL)

    assert keys == 7
    assert not dialog.isVisible()
    assert window.message_bar.text.text() == "Ada Testperson charged $125.00."
    kept = clinic.office.charges.open(clinic.visit)
    assert (kept.status, kept.draft.diagnoses, kept.draft.lines[0].code) == (
        "charged", ("I10",), "99213",
    )  # fmt: skip
    back_to(window, qtbot)
    qtbot.keyClick(window, Key.Key_Z, CTRL)
    assert clinic.office.charges.open(clinic.visit).id == 0


def test_the_last_visit_is_repeated_by_one_key_at_todays_fees(
    clinic: Clinic,
    window: MainWindow,
    qtbot: QtBot,
):
    office = clinic.office
    detail = office.charges.open(clinic.earlier)
    line = office.charges.line_for(
        office.code_search.hit(PROCEDURE, "99213", "", DAY), clinic.payer, DAY, (2,)
    )
    office.charges.save(replace(detail.draft, diagnoses=("I10", "E785"), lines=(line,)))
    schedule = office.fees.save(ScheduleDraft("Lantern 2026", clinic.payer, date(2026, 3, 1)))
    office.fees.set_fee(schedule, "99213", "", 9_900)

    dialog = opened(window, qtbot, clinic.visit)
    assert dialog.form.finder.list.rows.rows[0].title == "As on Wed, Feb 11"
    qtbot.keyClick(dialog.form.finder.line, Key.Key_Return)

    assert shown(dialog) == ["A   I10", "B   E78.5"]
    assert cell(dialog, 0, "pointers").text() == "B"
    assert cell(dialog, 0, "charge").text() == "99.00"
    qtbot.keyClick(dialog, Key.Key_Z, CTRL)
    assert (shown(dialog), dialog.form.rows) == ([], [])
    qtbot.mouseClick(dialog.repeat_button, LEFT)
    qtbot.mouseClick(dialog.save_button, LEFT)
    assert office.charges.open(clinic.visit).draft.lines[0].pointers == (2,)


def test_diagnoses_move_and_go_and_lines_keep_what_they_are_for(dialog: ChargeWindow, qtbot: QtBot):
    for text in ("i10", "e78.5", "99213"):
        typed(qtbot, dialog, text)
    assert cell(dialog, 0, "pointers").text() == "AB"
    write(qtbot, cell(dialog, 0, "pointers"), "b")
    assert dialog.form.lines[0].pointers == (2,)

    dialog.form.why.list.setFocus()
    dialog.form.why.list.setCurrentIndex(dialog.form.why.list.rows.index(1, 0))
    qtbot.keyClick(dialog.form.why.list, Key.Key_Up, ALT)
    assert shown(dialog) == ["A   E78.5", "B   I10"]
    assert cell(dialog, 0, "pointers").text() == "A"
    qtbot.keyClick(dialog.form.why.list, Key.Key_Down)
    qtbot.keyClick(dialog.form.why.list, Key.Key_Delete)
    assert shown(dialog) == ["A   E78.5"]
    qtbot.mouseClick(dialog.form.why.out, LEFT)
    assert cell(dialog, 0, "pointers").text() == ""
    typed(qtbot, dialog, "j06.9")
    assert cell(dialog, 0, "pointers").text() == "A"
    typed(qtbot, dialog, "j06.9")
    assert shown(dialog) == ["A   J06.9"]


def test_a_line_is_changed_in_its_cells_and_says_what_is_wrong(
    clinic: Clinic,
    dialog: ChargeWindow,
    qtbot: QtBot,
):
    typed(qtbot, dialog, "i10")
    typed(qtbot, dialog, "99213")
    row = dialog.form.rows[0]

    write(qtbot, cell(dialog, 0, "units"), "2")
    assert cell(dialog, 0, "charge").text() == "250.00"
    write(qtbot, cell(dialog, 0, "modifiers"), "25lt")
    assert cell(dialog, 0, "modifiers").text() == "25 LT"
    write(qtbot, cell(dialog, 0, "charge"), "0")
    assert row.note.text().startswith("A charge must be more than zero.")
    qtbot.keyClick(dialog, Key.Key_S, CTRL)
    assert dialog.isVisible()
    assert clinic.office.charges.open(clinic.visit).id == 0
    write(qtbot, cell(dialog, 0, "charge"), "180.50")
    assert not row.note.isVisible()
    qtbot.mouseClick(row.more_button, LEFT)
    row.place.set_value("10")
    row.place.activated.emit(0)
    cell(dialog, 0, "pointers").setFocus()
    cell(dialog, 0, "pointers").selectAll()
    qtbot.keyClicks(cell(dialog, 0, "pointers"), "a")
    qtbot.keyClick(cell(dialog, 0, "pointers"), Key.Key_S, CTRL)  # not left by any other key

    (line,) = clinic.office.charges.open(clinic.visit).draft.lines
    assert (line.units, line.modifiers, line.charge_cents, line.place, line.pointers) == (
        "2", ("25", "LT"), 18_050, "10", (1,),
    )  # fmt: skip


def test_a_service_nobody_has_a_fee_for_waits_for_one(dialog: ChargeWindow, qtbot: QtBot):
    typed(qtbot, dialog, "i10")
    typed(qtbot, dialog, "11111")
    assert cell(dialog, 0, "charge").placeholderText() == "no fee"
    qtbot.keyClicks(dialog.form.finder.line, "zzzz")
    assert dialog.form.hint.text().startswith("Nothing fits")
    dialog.form.finder.line.clear()
    assert not dialog.form.hint.text().startswith("Nothing fits")

    qtbot.mouseClick(dialog.save_button, LEFT)

    assert "There is no fee yet" in dialog.form.rows[0].note.text()
    qtbot.waitUntil(cell(dialog, 0, "charge").hasFocus)
    qtbot.mouseClick(dialog.form.rows[0].remove_button, LEFT)
    qtbot.keyClick(dialog, Key.Key_S, CTRL)
    assert dialog.isVisible()  # nothing is left to charge, which the bar says


def test_a_drug_is_asked_for_where_the_list_says_so(
    clinic: Clinic,
    dialog: ChargeWindow,
    qtbot: QtBot,
):
    typed(qtbot, dialog, "m54.50")
    typed(qtbot, dialog, "pain shot")
    row = dialog.form.rows[0]
    assert not row.is_open
    qtbot.mouseClick(row.more_button, LEFT)
    assert row.ndc.text() == "00409379501"
    row.ndc.clear()
    row.quantity.clear()
    qtbot.mouseClick(dialog.save_button, LEFT)
    assert "NDC" in row.note.text()
    write(qtbot, row.ndc, "0409-3795-01")
    qtbot.mouseClick(dialog.save_button, LEFT)

    (line,) = clinic.office.charges.open(clinic.visit).draft.lines
    assert line.drug is not None
    assert line.drug.code == "00409379501"


def test_minutes_are_asked_for_where_the_list_counts_in_them(
    clinic: Clinic, dialog: ChargeWindow, qtbot: QtBot
):
    clinic.office.procedures.save(
        ProcedureDraft("00400", words="Anesthesia", unit="MJ", charge_cents=40_000)
    )
    typed(qtbot, dialog, "i10")
    typed(qtbot, dialog, "00400")
    row = dialog.form.rows[0]
    assert row.is_open
    assert cell(dialog, 0, "units").accessibleName() == "Minutes of 00400"

    write(qtbot, row.minutes, "45")
    qtbot.mouseClick(dialog.save_button, LEFT)

    (line,) = clinic.office.charges.open(clinic.visit).draft.lines
    assert (line.unit, line.units, line.charge_cents) == ("MJ", "45", 40_000)


def test_what_is_half_put_down_is_parked_by_escape_and_comes_back(
    clinic: Clinic,
    window: MainWindow,
    dialog: ChargeWindow,
    qtbot: QtBot,
):
    typed(qtbot, dialog, "i10")
    typed(qtbot, dialog, "99213")
    write(qtbot, cell(dialog, 0, "modifiers"), "25")
    qtbot.keyClick(dialog, Key.Key_Escape)
    assert not dialog.isVisible()
    (draft,) = clinic.office.drafts.all()
    assert (draft.title, draft.is_parked) == ("Charges of Ada Testperson", True)

    back_to(window, qtbot)
    qtbot.keyClick(window, Key.Key_R, CTRL | SHIFT)

    qtbot.waitUntil(dialog.isActiveWindow)
    assert shown(dialog) == ["A   I10"]
    assert cell(dialog, 0, "modifiers").text() == "25"
    qtbot.keyClick(dialog, Key.Key_S, CTRL)
    assert clinic.office.charges.open(clinic.visit).draft.lines[0].modifiers == ("25",)
    assert clinic.office.drafts.all() == ()


def test_a_sheet_only_looked_at_leaves_nothing_behind(
    clinic: Clinic,
    dialog: ChargeWindow,
    qtbot: QtBot,
):
    qtbot.keyClick(dialog, Key.Key_Escape)

    assert clinic.office.drafts.all() == ()


def test_a_favourite_is_made_and_let_go_by_one_key(
    clinic: Clinic,
    dialog: ChargeWindow,
    qtbot: QtBot,
):
    qtbot.keyClicks(dialog.form.finder.line, "e11.9")
    qtbot.keyClick(dialog.form.finder.line, Key.Key_F, ALT)
    qtbot.waitUntil(lambda: bool(clinic.office.favourites.all()))
    assert [row.code for row in clinic.office.favourites.all()] == ["E119"]
    assert dialog.form.finder.list.rows.rows[0].mark == "favorite"

    qtbot.mouseClick(dialog.form.favourite, LEFT)
    assert clinic.office.favourites.all() == ()


def test_a_heading_shows_what_is_below_it_instead(dialog: ChargeWindow, qtbot: QtBot):
    line = dialog.form.finder.line
    qtbot.keyClicks(line, "e78")
    rows = dialog.form.finder.list.rows
    at = next(at for at, row in enumerate(rows.rows) if row.title == "E78")
    dialog.form.finder.list.setCurrentIndex(rows.index(at, 0))

    qtbot.keyClick(line, Key.Key_Return)

    assert shown(dialog) == []
    assert line.text() == "E78"


def test_visits_without_charges_are_worked_off_from_their_list(
    clinic: Clinic,
    window: MainWindow,
    qtbot: QtBot,
):
    prompts = window.desk.prompts
    assert isinstance(prompts, ScriptedPrompts)
    qtbot.keyClick(window, Key.Key_8, CTRL | SHIFT)
    page = window.tab_named("calendar").show_page("uncharged")
    qtbot.waitUntil(page.list.hasFocus)
    assert [row.appointment_id for row in page.list.shown_rows()] == [clinic.earlier, clinic.visit]

    prompts.answers.append("Included in surgery")
    qtbot.keyClick(page.list, Key.Key_N)
    assert clinic.office.charges.open(clinic.earlier).status == "no-charge"
    qtbot.keyClick(page.list, Key.Key_Return)
    (dialog,) = window.findChildren(ChargeWindow)
    assert dialog.detail is not None
    assert dialog.detail.visit.appointment_id == clinic.visit
    qtbot.waitUntil(dialog.isActiveWindow)
    typed(qtbot, dialog, "i10")
    typed(qtbot, dialog, "99213")
    qtbot.keyClick(dialog, Key.Key_S, CTRL)

    assert page.list.shown_rows() == ()
    assert page.nothing.isVisible()


def test_no_charge_is_said_in_the_window_with_its_reason(
    clinic: Clinic,
    window: MainWindow,
    dialog: ChargeWindow,
    qtbot: QtBot,
):
    window.desk.prompts.answers.append("Courtesy")  # type: ignore[attr-defined]
    qtbot.mouseClick(dialog.nothing_button, LEFT)

    assert clinic.office.charges.open(clinic.visit).no_charge_reason == "Courtesy"
    assert not dialog.isVisible()


def test_charges_on_a_claim_are_shown_and_stand_still(
    clinic: Clinic,
    window: MainWindow,
    qtbot: QtBot,
):
    office = clinic.office
    detail = office.charges.open(clinic.visit)
    line = office.charges.line_for(
        office.code_search.hit(PROCEDURE, "99213", "", DAY), clinic.payer, DAY, (1,)
    )
    kept = office.charges.save(replace(detail.draft, diagnoses=("I10",), lines=(line,)))
    with office.session.change("Make a claim", Permission.EDIT_CLAIMS):
        Claim.create(number="C1", patient_id=clinic.patient, charge_sheet_id=kept.id,
                     payer_id=clinic.payer, total_cents=12_500, first_on="2026-03-11",
                     last_on="2026-03-11", made_at="2026-03-11T09:00", content="{}")  # fmt: skip

    window.desk.go.open_charges(clinic.visit)
    (dialog,) = window.findChildren(ChargeWindow)

    assert not dialog.form.isEnabled()
    assert not dialog.save_button.isVisible()
    assert dialog.banner.isVisible()
    assert "on claim C1" in dialog.banner.accessibleName()
    dialog.close()


def test_the_mouse_finds_charges_on_today_and_in_the_calendar(
    clinic: Clinic, window: MainWindow, qtbot: QtBot
):
    today = window.tab_named("today")
    window.show_tab("today")
    today.select_visit(clinic.visit)
    panel = today.beside.panel
    line = next(line for line in panel.lines if line.text.text() == "No charges")
    qtbot.mouseClick(line.button, LEFT)
    (dialog,) = window.findChildren(ChargeWindow)
    assert dialog.detail is not None
    assert dialog.detail.visit.appointment_id == clinic.visit
    qtbot.waitUntil(dialog.isActiveWindow)
    typed(qtbot, dialog, "i10")
    typed(qtbot, dialog, "99213")
    qtbot.mouseClick(dialog.save_button, LEFT)
    assert "Charged" in {line.text.text() for line in panel.lines}

    window.desk.go.show_day(DAY, clinic.visit)
    card = window.tab_named("calendar").side.visit
    back_to(window, qtbot)
    qtbot.mouseClick(card.charges_button, LEFT)
    assert dialog.isVisible()
    assert cell(dialog, 0, "charge").text() == "125.00"
    dialog.close()


def test_superbills_of_the_day_and_of_a_visit_are_looked_at_and_printed(
    clinic: Clinic, window: MainWindow, qtbot: QtBot
):
    spooler = FakeSpooler()
    clinic.office.window_spooler = lambda: spooler
    today = window.tab_named("today")
    today.select_visit(clinic.visit)
    for key, tab in ((Key.Key_0, "today"), (Key.Key_9, "today"), (Key.Key_0, "calendar")):
        window.show_tab(tab)
        back_to(window, qtbot)
        qtbot.keyClick(window, key, CTRL | SHIFT)
        (sheet,) = (one for one in window.findChildren(PrintSheet) if one.isVisible())
        qtbot.mouseClick(sheet.print_button, LEFT)
        assert "superbill" in window.message_bar.text.text()

    assert len(spooler.sent) == 3
    assert "Ada Testperson" in page_text(spooler.sent[0][0])
    assert len(clinic.office.printed_forms.of_patient(clinic.patient)) == 3


def test_modifiers_are_found_by_words_and_told_under_the_mouse(dialog: ChargeWindow, qtbot: QtBot):
    typed(qtbot, dialog, "i10")
    typed(qtbot, dialog, "99213")
    line = cell(dialog, 0, "modifiers")
    line.setFocus()
    qtbot.keyClicks(line, "25 side")
    assert [row.title for row in dialog.form.finder.list.rows.rows] == ["50", "LT", "RT"]
    qtbot.keyClick(line, Key.Key_Down)
    qtbot.keyClick(line, Key.Key_Return)

    assert line.text() == "25 LT"
    assert dialog.form.lines[0].modifiers == ("25", "LT")
    assert "left side" in line.toolTip()
    assert dialog.form.finder.list.rows.rows == ()  # what stands there before a key again
    qtbot.keyClicks(line, " tele")
    row = dialog.form.finder.list.rows.rows[0]
    assert row.title == "93"
    qtbot.mouseClick(
        dialog.form.finder.list.viewport(), LEFT,
        pos=dialog.form.finder.list.visualRect(dialog.form.finder.list.rows.index(0, 0)).center(),
    )  # fmt: skip
    dialog.form.finder.list.choose_current()
    assert dialog.form.lines[0].modifiers == ("25", "LT", "93")
    write(qtbot, line, "tele")
    assert line.text() == "93"
    qtbot.keyClick(dialog, Key.Key_Z, CTRL)
    assert line.text() == "25 LT 93"
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, "2")
    qtbot.keyClick(line, Key.Key_Tab)  # left without choosing
    assert dialog.form.rows[0].note.isVisible()
    assert dialog.form.finder.list.rows.rows == ()


def test_the_claim_is_made_by_one_key_after_the_charges(
    clinic: Clinic, window: MainWindow, dialog: ChargeWindow, qtbot: QtBot
):
    typed(qtbot, dialog, "i10")
    typed(qtbot, dialog, "99213")
    qtbot.keyClick(dialog, Key.Key_Return, CTRL | SHIFT)

    assert not dialog.isVisible()
    assert window.tab is window.tab_named("claims")
    claim_id = clinic.office.charges.open(clinic.visit).claim_id
    assert claim_id is not None
    assert clinic.office.claims.detail(claim_id).content.diagnoses[0].code == "I10"
