"""Settings for claims: who bills, clearing houses, and what each payer wants."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMainWindow
from pytestqt.qtbot import QtBot

from medsec_desktop.services.office import Office
from medsec_desktop.services.practice import PayerDraft, ProviderDraft, settings
from medsec_desktop.ui.desk import make_desk
from medsec_desktop.ui.jobs import InlineJobs
from medsec_desktop.ui.practice.settings import SettingsDialog, open_settings
from medsec_desktop.ui.theme import Theme
from tests.ui.scripted import ScriptedPrompts
from tests.ui.test_settings import Somewhere, retype


@pytest.fixture
def dialog(qtbot: QtBot, qapp: QApplication, office: Office) -> Iterator[SettingsDialog]:
    theme = Theme()
    theme.apply(qapp)
    desk = make_desk(office, theme, jobs=InlineJobs(), prompts=ScriptedPrompts())
    desk.go = Somewhere()  # type: ignore[assignment]
    window = QMainWindow()
    qtbot.addWidget(window)
    window.show()
    dialog = open_settings(desk, window)
    dialog.resize(1120, 720)
    qtbot.waitUntil(dialog.isVisible)
    yield dialog
    dialog.close()


def test_a_clearing_house_is_added_and_a_payer_sends_its_claims_there(
    qtbot: QtBot, dialog: SettingsDialog, office: Office
) -> None:
    payer = office.practice.save_payer(PayerDraft("Test Health"))
    page = dialog.page("clearing-houses")
    dialog.show_page("clearing-houses")
    qtbot.mouseClick(page.add, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(page.lines["name"], "Test House")
    qtbot.keyClicks(page.lines["sender_id"], "TESTCLINIC")
    qtbot.mouseClick(page.keep, Qt.MouseButton.LeftButton)
    assert "2 to 15" in page.fields["receiver_id"].note.text()
    for name, text in (
        ("receiver_id", "TESTHOUSE"), ("submitter_id", "TC1"), ("receiver_number", "TH1"),
    ):  # fmt: skip
        qtbot.keyClicks(page.lines[name], text)
    qtbot.mouseClick(page.keep, Qt.MouseButton.LeftButton)
    (house,) = office.claim_settings.houses()
    assert (house.name, house.sender_id, house.is_test) == ("Test House", "TESTCLINIC", True)

    payers = dialog.page("payers")
    dialog.show_page("payers")
    form = payers.rule
    form.choices["clearing_house_id"].set_value(house.id)
    form.choices["way"].set_value("file")
    form.keep()
    form.numbers["filing_days"].setFocus()
    form.numbers["filing_days"].selectAll()
    qtbot.keyClicks(form.numbers["filing_days"], "95")
    qtbot.keyClick(form.numbers["filing_days"], Qt.Key.Key_Return)
    retype(qtbot, form.texts["member_pattern"], "[A-Z")

    rule = office.claim_settings.payer(payer)
    assert (rule.way, rule.clearing_house_id, rule.filing_days) == ("file", house.id, 95)
    assert "no pattern" in form.fields["member_pattern"].note.text()
    qtbot.mouseClick(dialog.bar.undo_button, Qt.MouseButton.LeftButton)
    assert office.claim_settings.payer(payer).filing_days is None
    assert form.numbers["filing_days"].text() == "as usual"
    dialog.show_page("clearing-houses")
    qtbot.mouseClick(page.remove, Qt.MouseButton.LeftButton)
    assert len(office.claim_settings.houses()) == 1, "one that payers use stays"


def test_the_numbers_claims_carry_are_checked_as_they_are_typed(
    qtbot: QtBot, dialog: SettingsDialog, office: Office
) -> None:
    page = dialog.page("claims")
    dialog.show_page("claims")
    clia = page.fields[settings.CLAIMS_CLIA.name]

    retype(qtbot, clia.editor, "22")
    assert "ten characters" in clia.note.text()
    retype(qtbot, clia.editor, "22d1234567")

    assert office.practice.get(settings.CLAIMS_CLIA) == "22D1234567"
    first = page.fields[settings.CLAIMS_FROM.name]
    retype(qtbot, first.editor, "soon")
    assert "“soon” is not a date" in first.note.text()
    assert office.practice.get(settings.CLAIMS_FROM) == ""
    retype(qtbot, first.editor, "2/1/2026")
    assert office.practice.get(settings.CLAIMS_FROM) == "2026-02-01"
    assert first.editor.text() == "02/01/2026"


def test_a_number_one_payer_gave_is_kept_with_whose_it_is(
    qtbot: QtBot, dialog: SettingsDialog, office: Office
) -> None:
    payer = office.practice.save_payer(PayerDraft("Test Health"))
    provider = office.practice.save_provider(ProviderDraft("Chen", "Amy", "MD"))
    page = dialog.page("billing-numbers")
    dialog.show_page("billing-numbers")
    qtbot.mouseClick(page.add, Qt.MouseButton.LeftButton)
    page.kind.set_value("EI")
    page.whose.set_value((provider, None))
    page.payer.set_value(payer)
    qtbot.keyClicks(page.number, "12")
    qtbot.mouseClick(page.keep, Qt.MouseButton.LeftButton)
    assert "9 digits" in page.fields["number"].note.text()
    retype(qtbot, page.number, "12-3456789")
    qtbot.mouseClick(page.keep, Qt.MouseButton.LeftButton)

    (row,) = office.claim_settings.all_numbers()
    assert (row.whose, row.payer_name, row.draft.number) == (
        "Amy Chen", "Test Health", "123456789",
    )  # fmt: skip
    qtbot.mouseClick(page.remove, Qt.MouseButton.LeftButton)
    assert office.claim_settings.all_numbers() == ()
