"""Printing the calendar from the calendar: by keys and by mouse, with the pages in view."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMainWindow

from medsec_desktop.services.printing import PrinterOffers, PrinterRow, Ticket
from medsec_desktop.ui.calendar.paper.print_page import PrintPage
from medsec_desktop.ui.calendar.tab import CalendarTab
from medsec_desktop.ui.letters.print_sheet import PrintSheet
from tests.conftest import a_patient, a_provider, a_type, an_appointment
from tests.ui.frame import a_desk

THURSDAY = date(2026, 3, 12)
CTRL = Qt.KeyboardModifier.ControlModifier
Key = Qt.Key


class FakeSpooler:
    """A printer that keeps what it is given."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, int, str]] = []

    def printers(self) -> tuple[PrinterRow, ...]:
        return (PrinterRow("Desk", is_default=True), PrinterRow("Labels"))

    def offers(self, printer: str) -> PrinterOffers:
        return PrinterOffers()

    def send(self, pdf: bytes, ticket: Ticket) -> None:
        assert pdf.startswith(b"%PDF")
        self.sent.append((ticket.printer, ticket.copies, ticket.title))


@pytest.fixture
def spooler(office):
    spooler = FakeSpooler()
    office.sheets.printing._spooler = spooler
    return spooler


@pytest.fixture
def ids(session):
    ada, chen = a_patient(session, phone="+14135550101"), a_provider(session)
    kind = a_type(session)
    return {
        "ada": ada,
        "chen": chen,
        "patel": a_provider(session, "Patel", "Asha"),
        "visit": an_appointment(session, ada, chen, type_id=kind, reason="Cough"),
    }


@pytest.fixture
def tab(qtbot, office, ids):
    desk = a_desk(office)
    window = QMainWindow()
    qtbot.addWidget(window)
    desk.actions.install(window, window.menuBar(), desk.theme)
    tab = CalendarTab(desk)
    desk.go = tab
    desk.bus.changed.connect(tab.refresh)
    window.setCentralWidget(tab)
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    tab.show_day(THURSDAY)
    yield tab
    desk.drafts.close()


@pytest.fixture
def page(tab, qtbot, spooler):
    """The page as Ctrl+P brings it."""
    tab.grid.setFocus()
    qtbot.keyClick(tab.grid, Key.Key_P, CTRL)
    page = QApplication.focusWidget()
    while not isinstance(page, PrintPage):
        page = page.parentWidget()
    assert page.isVisible()
    return page


def text(page):
    return page.pages.accessibleDescription()


def choose(page, qtbot, kind):
    """Arrow keys down to a kind of sheet."""
    page.kind.setFocus()
    while page.kind.value() != kind:
        before = page.kind.value()
        qtbot.keyClick(page.kind, Key.Key_Down)
        assert page.kind.value() != before


def settled(page, qtbot):
    qtbot.waitUntil(lambda: not page._pause.isActive())


def test_ctrl_p_shows_the_day_sheet_of_the_day_in_view(page):
    assert page.kind.value() == "day"
    assert page.day.value() == THURSDAY
    assert page.pages.page_count == 1
    for said in ("Thursday, March 12, 2026", "Dr. Chen", "Dr. Patel", "Testperson, Ada", "Cough"):
        assert said in text(page)
    assert QApplication.focusWidget() is page.kind


def test_ctrl_p_again_prints_and_the_set_up_is_remembered(page, qtbot, spooler, office):
    page.colour.setFocus()
    qtbot.keyClick(page.colour, Key.Key_Down)

    qtbot.keyClick(page.kind, Key.Key_P, CTRL)

    assert spooler.sent == [("Desk", 1, "Day sheet Thursday, March 12, 2026")]
    assert office.sheets.setup("day").in_colour is False
    assert office.session.history()[0].label == "Printed: Day sheet Thursday, March 12, 2026"


def test_a_tick_taken_off_takes_its_words_off_the_sheet(page, qtbot):
    assert "555-0101" in text(page)

    page.ticks["with_phone"].setFocus()
    qtbot.keyClick(page.ticks["with_phone"], Key.Key_Space)
    settled(page, qtbot)

    assert "555-0101" not in text(page)


def test_only_the_fields_that_matter_are_shown(page, qtbot):
    choose(page, qtbot, "month")
    assert not page.fields["from_min"].isVisible()
    assert page.ticks["with_weekend"].isVisible()

    choose(page, qtbot, "label")
    assert page.fields["stock"].isVisible()
    assert page.fields["start_at"].isVisible()
    assert not page.ticks["with_phone"].isVisible()


@pytest.mark.parametrize("kind", ["week", "month", "list"])
def test_each_kind_shows_the_visit(page, qtbot, kind):
    choose(page, qtbot, kind)

    assert "Testperson, Ada" in text(page)


def test_a_column_is_chosen_from_the_list(page, qtbot, ids):
    page.columns.set_values([f"provider:{ids['patel']}"])
    page.columns.changed.emit()
    settled(page, qtbot)

    assert "Dr. Patel" in text(page)
    assert "Dr. Chen" not in text(page)


def test_for_the_visit_selected_cards_and_slips_are_hers(tab, page, qtbot, ids):
    page.leave()
    tab.grid.select_visit(ids["visit"])
    tab.grid.setFocus()
    qtbot.keyClick(tab.grid, Key.Key_P, CTRL)

    choose(page, qtbot, "slip")

    assert page.whom.currentText() == "Testperson, Ada"
    assert not page.fields["day"].isVisible()
    assert "Your next appointment: Ada Testperson" in text(page)


def test_a_begun_sheet_starts_at_the_label_typed(page, qtbot, office, session, ids):
    choose(page, qtbot, "chart")
    page.start_at.setFocus()
    page.start_at.selectAll()
    qtbot.keyClicks(page.start_at, "30")
    settled(page, qtbot)

    assert page.setup().start_at == 30
    assert page.start_at.maximum() == 30
    assert "Chart T00001" in text(page)


def test_nothing_to_print_is_a_sentence_in_place_of_pages(page, qtbot):
    page.day.set_value(date(2026, 3, 20))
    choose(page, qtbot, "label")
    settled(page, qtbot)

    assert page.pages.page_count == 0
    assert page.banner.isVisible()
    assert not page.print_button.isEnabled()


def test_a_day_that_is_none_prints_no_other(page, qtbot, spooler):
    page.day.setFocus()
    page.day.selectAll()

    qtbot.keyClicks(page.day, "2/30/2027")
    page.print()
    qtbot.keyClick(page.day, Key.Key_Tab)

    assert spooler.sent == []
    qtbot.waitUntil(lambda: "February 2027 has no day 30." in page.banner.accessibleName())
    assert not page.print_button.isEnabled()


def test_the_pages_follow_a_change_in_the_calendar(page, office, session, ids):
    an_appointment(session, a_patient(session, "Sampleton", "Bo"), ids["patel"])

    assert "Sampleton, Bo" in text(page)


def test_it_is_saved_as_pdf_where_one_says(page, qtbot, tmp_path: Path, office):
    page.desk.prompts.answers = [str(tmp_path / "day.pdf")]

    qtbot.mouseClick(page.save_button, Qt.MouseButton.LeftButton)

    assert (tmp_path / "day.pdf").read_bytes().startswith(b"%PDF")
    assert office.session.history()[0].label.startswith("Saved as PDF: Day sheet")


def test_another_printer_is_chosen_for_this_kind_of_paper(page, qtbot, spooler, office):
    choose(page, qtbot, "chart")
    qtbot.mouseClick(page.printer_button, Qt.MouseButton.LeftButton)
    (sheet,) = page.window().findChildren(PrintSheet)
    qtbot.keyClick(sheet.printer, Key.Key_Down)
    sheet.copies.setValue(2)

    qtbot.mouseClick(sheet.print_button, Qt.MouseButton.LeftButton)

    assert spooler.sent == [("Labels", 2, "Chart labels")]
    assert office.sheets.printing.printer_for("labels") == "Labels"


def test_escape_goes_back_to_the_grid(tab, page, qtbot):
    qtbot.keyClick(page, Key.Key_Escape)

    assert not page.isVisible()
    assert tab.grid.hasFocus()


def test_every_control_says_what_it_is(page):
    for control in (page.kind, page.day, page.columns, page.stock, page.start_at, page.pages):
        assert control.accessibleName()
