"""Claims leave: files are tried, written and read back, forms are looked at, printed and printed again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from medsec_desktop.domain.claims.claim import Adjusted
from medsec_desktop.domain.claims.life import ClaimStatus
from medsec_desktop.services.claims.records import AnswerDraft, Figures, LineFigures
from medsec_desktop.services.office import Office
from medsec_desktop.services.printing import Printing
from medsec_desktop.ui.letters.print_sheet import PrintSheet
from medsec_desktop.ui.main_window import MainWindow
from tests.services.claims.practice import Billing, a_billing_clinic
from tests.services.test_letters import FakeSpooler
from tests.ui.test_claims_tab import ALT_SHIFT, CTRL, opened, press, prompts, said, show_list

S = ClaimStatus


@pytest.fixture
def billing(office: Office) -> Billing:
    return a_billing_clinic(office)


def test_what_is_ready_is_tried_written_and_read_back(
    qtbot: QtBot, billing: Billing, tmp_path: Path
) -> None:
    office = billing.office
    _really(billing)
    first, second = billing.ready(), billing.ready("2026-03-03T10:00")
    paper = billing.ready("2026-03-04T10:00")
    office.claims.set_way([paper], "paper")
    window, tab = opened(qtbot, billing)
    show_list(qtbot, tab, "ready")

    press(qtbot, Qt.Key.Key_W, ALT_SHIFT)
    page = tab.files()
    (plan,) = page.plan_view.plans
    assert [row.id for row in plan.claims] == [first, second]
    assert page.plan_view.heading.text() == "2 claims go to Test House"
    assert page.plan_view.write_button.text() == "Write 1 file"
    folder = tmp_path / "out"
    folder.mkdir()
    prompts(window).answers.append(str(folder))
    press(qtbot, Qt.Key.Key_S, CTRL)

    (file,) = folder.iterdir()
    assert said(window) == "2 claims written in 1 file."
    assert [office.claims.row(one).status for one in (first, second)] == [S.SENT, S.SENT]
    batches = page.batches_view
    assert batches.isVisible()
    assert batches.row is not None
    assert batches.row.file_name == file.name
    assert len(batches.claims.rows.rows) == 2
    qtbot.mouseClick(batches.read_button, Qt.MouseButton.LeftButton)
    assert said(window).endswith("says what the 2 claims say.")
    again = tmp_path / "again"
    again.mkdir()
    prompts(window).answers.append(str(again))
    qtbot.mouseClick(batches.save_button, Qt.MouseButton.LeftButton)
    assert (again / file.name).read_bytes() == file.read_bytes()
    press(qtbot, Qt.Key.Key_Escape)
    assert tab.pages.currentWidget() is tab.splitter


def test_what_cannot_go_is_told_before_anything_is_written(qtbot: QtBot, billing: Billing) -> None:
    office = billing.office
    claim = billing.ready()
    house = office.claim_settings.houses()[0]
    office.claim_settings.save_house(replace(house, is_active=False))
    _, tab = opened(qtbot, billing)
    show_list(qtbot, tab, "ready")

    press(qtbot, Qt.Key.Key_W, ALT_SHIFT)

    view = tab.files().plan_view
    (row,) = view.claims.rows.rows
    assert (row.value, row.mark) == (claim, "Left out")
    assert "no clearing house" in row.detail
    assert view.foot.isHidden()
    view.claims.setFocus()
    view.claims.move_by(1)
    press(qtbot, Qt.Key.Key_Return)
    assert tab.panel.claim_id == claim
    assert tab.pages.currentWidget() is tab.splitter


def test_a_form_is_looked_at_printed_sent_and_printed_again_to_the_byte(
    qtbot: QtBot, billing: Billing
) -> None:
    office = billing.office
    spooler = FakeSpooler()
    office.printing = Printing(office.session, spooler)
    claim = billing.ready()
    office.claims.set_way([claim], "paper")
    window, tab = opened(qtbot, billing)
    show_list(qtbot, tab, "ready")

    press(qtbot, Qt.Key.Key_P, CTRL)
    _print(qtbot, window)

    row = office.claims.row(claim)
    assert (row.status, row.batch_reference[:1]) == (S.SENT, "P")
    assert len(spooler.pages) == 1
    tab.show_claim(claim)
    press(qtbot, Qt.Key.Key_A, ALT_SHIFT)
    _print(qtbot, window)
    assert spooler.pages[1][0] == spooler.pages[0][0] == office.claim_forms.pdf(claim)
    press(qtbot, Qt.Key.Key_G, ALT_SHIFT)
    _print(qtbot, window)
    assert office.claims.row(claim) == row

    answer = AnswerDraft(S.DECIDED, office.clock.today(), "ICN77")
    office.claims.answer(claim, row.version, answer)
    decided = LineFigures(8000, (Adjusted("CO", "45", 4550),))
    second = office.claims.follow_up(claim, Figures(office.clock.today(), 8000, (decided,)))
    tab.show_claim(second)
    press(qtbot, Qt.Key.Key_R, ALT_SHIFT)
    press(qtbot, Qt.Key.Key_P, ALT_SHIFT)
    number = office.claims.row(second).number
    words = f"It goes to a later payer ({number}): put the notice of the payer before into the envelope."
    _print(qtbot, window, words)
    assert office.claims.row(second).status is S.SENT


def _print(qtbot: QtBot, window: MainWindow, note: str = "") -> None:
    (sheet,) = [one for one in window.findChildren(PrintSheet) if one.isVisible()]
    assert (sheet.note.text(), sheet.note.isVisible()) == (note, bool(note))
    preview = sheet.preview
    assert preview is not None
    qtbot.waitUntil(lambda: preview.page_count == 1)
    qtbot.mouseClick(sheet.print_button, Qt.MouseButton.LeftButton)
    assert not sheet.isVisible()
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)


def _really(billing: Billing) -> None:
    """Files that are no tests."""
    house = billing.office.claim_settings.houses()[0]
    billing.office.claim_settings.save_house(replace(house, is_test=False))
