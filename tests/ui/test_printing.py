"""Paper on the screen: printers for each kind, test pages, kept prints, labels, envelopes, own sheets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from medsec_desktop.domain.calibration import marks_on
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import PatientAddress
from medsec_desktop.problems import Unavailable
from medsec_desktop.services.letters.post import PostKind
from medsec_desktop.services.office import Office
from medsec_desktop.services.printing import (
    PrinterOffers,
    PrinterRow,
    Sides,
    Ticket,
    Way,
)
from medsec_desktop.services.printing.ways import KindSetUp
from medsec_desktop.services.session import Session
from medsec_desktop.ui.letters.print_sheet import PrintSheet, choose_printer
from medsec_desktop.ui.main_window import MainWindow
from medsec_desktop.ui.practice.settings import SettingsDialog
from medsec_desktop.ui.practice.settings_printing import PrintingPage
from medsec_desktop.ui.practice.settings_stocks import StocksPage
from medsec_desktop.ui.printing.calibration import CalibrationDialog
from medsec_desktop.ui.printing.kept_prints import KeptPrints, KeptStrip
from medsec_desktop.ui.printing.post_dialog import PostDialog
from tests.conftest import a_patient
from tests.documents.conftest import words
from tests.services.test_printing_kept import PDF, ink
from tests.ui.frame import a_window

Key, Ctrl = Qt.Key, Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton


class Paper:
    """A laser with trays and a label writer without; each keeps what it is given, or is stopped."""

    def __init__(self) -> None:
        self.is_ready = True
        self.sent: list[tuple[bytes, Ticket]] = []

    def printers(self) -> tuple[PrinterRow, ...]:
        why = "" if self.is_ready else "No paper."
        return (PrinterRow("Laser", self.is_ready, True, why), PrinterRow("Roll"))

    def offers(self, printer: str) -> PrinterOffers:
        if printer != "Laser":
            return PrinterOffers()
        return PrinterOffers((("Tray1", "Tray 1"), ("Tray2", "Tray 2")), has_two_sides=True)

    def send(self, pdf: bytes, ticket: Ticket) -> None:
        self.sent.append((pdf, ticket))


@pytest.fixture
def paper(office: Office) -> Paper:
    office.printing._spooler = paper = Paper()
    return paper


@pytest.fixture
def people(session: Session) -> list[int]:
    """Ada and Bo, at one address and with numbers that begin alike."""
    ids = [
        a_patient(session, "Testperson", "Ada", phone="+14135550100"),
        a_patient(session, "Sampleton", "Bo", phone="+14135550101"),
    ]
    with session.change("Give addresses", Permission.EDIT_PATIENTS):
        for patient_id in ids:
            PatientAddress.create(
                patient=patient_id, line1="45 Elm Street", city="Springfield", state="MA",
                postal_code="01104",
            )  # fmt: skip
    return ids


@pytest.fixture
def window(qtbot: QtBot, office: Office, paper: Paper, people: list[int]) -> Iterator[MainWindow]:
    window = a_window(qtbot, office)
    yield window
    for dialog in window.findChildren(QWidget):
        if isinstance(dialog, KeptPrints | PostDialog | SettingsDialog):
            dialog.close()


def said(window: MainWindow) -> str:
    message = window.desk.messages.last
    assert message is not None
    return message.text


def test_without_a_printer_the_page_says_what_to_do_and_looks_again(
    window: MainWindow, paper: Paper, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    there = paper.printers()
    monkeypatch.setattr(paper, "printers", tuple)
    window.go.open_settings("printing")
    (page,) = window.findChildren(PrintingPage)
    assert not page.test_button.isVisible()
    assert "Connect one, switch it on" in page.made_up.text()

    monkeypatch.setattr(paper, "printers", lambda: there)
    qtbot.mouseClick(page.again_button, LEFT)

    assert page.test_button.isEnabled()
    assert page.test_button.isVisible()
    assert not page.problem.isVisible()
    assert not page.again_button.isVisible()


def test_each_kind_of_paper_is_set_up_by_mouse_and_key_and_measured(
    window: MainWindow, office: Office, paper: Paper, qtbot: QtBot
) -> None:
    window.go.open_settings("printing")
    (page,) = window.findChildren(PrintingPage)
    page.list.setFocus()
    for _ in range(2):
        qtbot.keyClick(page.list, Key.Key_Down)
    assert page.right.heading.text() == "Envelopes"

    # Without a printer chosen the default's trays are offered.
    assert page.fields["tray"].isEnabled()
    qtbot.keyClick(page.tray, Key.Key_Down)
    page.tray.activated.emit(page.tray.currentIndex())
    page.copies.setValue(3)
    page.copies.editingFinished.emit()
    qtbot.mouseClick(page.asks, LEFT, pos=QPoint(8, page.asks.height() // 2))
    qtbot.keyClick(page.sides, Key.Key_Down)
    page.sides.activated.emit(page.sides.currentIndex())
    assert office.printing.setup("envelopes") == KindSetUp("", "Tray1", Sides.ONE, 3, True)
    assert said(window) == "Envelopes: changed."

    # Another printer has no trays, and does not inherit the first one's.
    page.printer.set_value("Roll")
    page.printer.activated.emit(page.printer.currentIndex())
    assert office.printing.setup("envelopes").tray == ""
    assert not page.fields["tray"].isEnabled()
    page.printer.set_value("Laser")
    page.printer.activated.emit(page.printer.currentIndex())

    qtbot.mouseClick(page.test_button, LEFT)
    (dialog,) = page.findChildren(CalibrationDialog)
    assert dialog.sheet.name.startswith("Envelope #10")
    qtbot.mouseClick(dialog.print_button, LEFT)
    ((_, ticket),) = paper.sent
    assert (ticket.title, ticket.copies, ticket.is_exact) == ("Printer test page", 1, True)
    marks = marks_on(241.3, 104.775)
    dialog.boxes["left_mm"].selectAll()
    qtbot.keyClicks(dialog.boxes["left_mm"], "21,5")
    dialog.boxes["down_mm"].setValue(10)
    qtbot.keyClick(dialog, Key.Key_Return)
    assert "too far" in dialog.fields["down_mm"].note.text()
    dialog.boxes["down_mm"].setValue(marks.down_mm)
    qtbot.mouseClick(dialog.keep_button, LEFT)

    calibration = office.printing.calibrations.of("envelopes", "Laser", True)
    assert calibration.shift_x_mm == pytest.approx(-1.5, abs=0.05)
    assert "1.5 mm to the left" in dialog.banner.accessibleName()
    assert "1.5 mm to the left where they lie wide" in page.made_up.text()
    qtbot.mouseClick(dialog.forget_button, LEFT)
    assert office.printing.calibrations.of("envelopes", "Laser", True).is_none
    dialog.reject()


def test_the_sheet_before_paper_shows_the_pages_and_remembers_tray_and_sides(
    window: MainWindow, office: Office, paper: Paper, qtbot: QtBot
) -> None:
    ways: list[Way] = []
    choose_printer(
        window.desk, office.printing, "lists", ways.append, window, "lists", pages=lambda: PDF
    )
    (sheet,) = window.findChildren(PrintSheet)
    assert sheet.preview is not None
    qtbot.waitUntil(lambda: sheet.preview.page_count == 1)

    qtbot.keyClick(sheet.tray, Key.Key_Down)
    qtbot.keyClick(sheet.sides, Key.Key_Down)
    qtbot.keyClick(sheet.sides, Key.Key_Down)
    qtbot.mouseClick(sheet.print_button, LEFT)

    assert ways == [Way("Laser", "Tray1", Sides.LONG_EDGE, 1)]
    assert office.printing.setup("lists") == KindSetUp("Laser", "Tray1", Sides.LONG_EDGE)


def test_kept_prints_are_told_listed_printed_again_saved_and_dropped(
    window: MainWindow, office: Office, paper: Paper, qtbot: QtBot, tmp_path: Path
) -> None:
    window.show_tab("letters")
    strip = window.tab.findChild(KeptStrip)
    assert strip.isHidden()
    paper.is_ready = False
    for title in ("One", "Two", "Three"):
        with pytest.raises(Unavailable):
            office.printing.print_pdf(PDF, "letters", title=title)
    assert strip.isVisible()
    assert "3 prints" in strip.accessibleName()

    qtbot.keyClick(window, Key.Key_J, Ctrl)
    (kept,) = window.findChildren(KeptPrints)
    titles = [row.title for row in kept.list.rows.rows]
    assert sorted(titles) == ["One", "Three", "Two"]
    assert "is stopped" in kept.why.text()
    qtbot.waitUntil(lambda: kept.pages.page_count == 1)

    # Stopped still: it stays and says why. On the other printer it comes out.
    qtbot.keyClick(kept.list, Key.Key_Return)
    assert office.printing.kept.count() == 3
    kept.printer.set_value("Roll")
    qtbot.mouseClick(kept.print_button, LEFT)
    assert [ticket.printer for _, ticket in paper.sent] == ["Roll"]
    assert office.printing.kept.count() == 2

    window.desk.prompts.answers = [str(tmp_path / "kept.pdf")]
    qtbot.mouseClick(kept.save_button, LEFT)
    assert (tmp_path / "kept.pdf").read_bytes() == PDF
    qtbot.mouseClick(kept.drop_button, LEFT)
    assert office.printing.kept.count() == 1
    message = window.desk.messages.last
    assert message is not None
    message.offers[0][1]()
    assert len(kept.list.rows.rows) == 2
    paper.is_ready = True
    for _ in range(2):
        qtbot.mouseClick(kept.print_button, LEFT)
    assert kept.stack.currentWidget() is kept.nothing
    assert strip.isHidden()


def test_a_label_for_the_patient_in_front_begins_where_one_clicks(
    window: MainWindow, office: Office, paper: Paper, people: list[int], qtbot: QtBot
) -> None:
    window.go.open_patient(people[0])
    qtbot.keyClick(window, Key.Key_E, Ctrl)
    (dialog,) = window.findChildren(PostDialog)
    assert dialog.whom.currentText().startswith("Testperson, Ada")
    qtbot.waitUntil(lambda: dialog.pages.page_count == 1)

    stock = office.stocks.named("5160")
    qtbot.mouseClick(dialog.picture, LEFT, pos=dialog.picture.label_rect(7).center().toPoint())
    assert dialog.start_at.value() == 8
    qtbot.keyClick(dialog.picture, Key.Key_Down)
    qtbot.keyClick(dialog.picture, Key.Key_Left)
    assert dialog.start_at.value() == 10
    qtbot.keyClick(dialog, Key.Key_P, Ctrl)

    ((pdf, ticket),) = paper.sent
    assert ticket == Ticket("Laser", 1, "Address labels")
    left, top, _, _ = ink(pdf)
    x, y = stock.corner(9)
    assert x < left < x + 6
    assert y < top < y + 12
    assert said(window) == "Address labels: 1 sent to Laser."
    # Where one began is asked anew; the rest is remembered.
    dialog.kind.set_value(PostKind.ENVELOPE)
    dialog.kind.set_value(PostKind.ADDRESS)
    assert dialog.start_at.value() == 1
    # A small label is as sharp on the screen as a whole sheet.
    dialog.kind.set_value(PostKind.SPECIMEN)
    sheets = dialog.pages.sheets
    qtbot.waitUntil(lambda: abs(sheets.pages[0].width() - sheets.sheet_width()) < 4)


def test_everybody_in_a_list_gets_an_envelope_saved_as_pdf(
    window: MainWindow, office: Office, people: list[int], qtbot: QtBot, tmp_path: Path
) -> None:
    window.show_tab("patients")
    tab = window.tab
    qtbot.keyClicks(tab.search, "413")
    qtbot.waitUntil(lambda: len(tab.people.lines) == 2)

    qtbot.keyClick(window, Key.Key_E, Ctrl)
    (dialog,) = window.findChildren(PostDialog)
    dialog.whom.setCurrentIndex(dialog.whom.count() - 1)
    assert dialog.whom.currentText() == "Everybody in the list (2)"
    dialog.kind.set_value(PostKind.ENVELOPE)
    window.desk.prompts.answers = [str(tmp_path / "envelopes.pdf")]
    qtbot.mouseClick(dialog.save_button, LEFT)

    pages = words((tmp_path / "envelopes.pdf").read_bytes())
    assert len(pages) == 2
    assert {"Ada Testperson" in page for page in pages} == {True, False}


def test_a_sheet_of_ones_own_is_drawn_as_it_is_typed_refused_where_it_is_wrong_and_proofed(
    window: MainWindow, office: Office, paper: Paper, qtbot: QtBot
) -> None:
    window.go.open_settings("stocks")
    (page,) = window.findChildren(StocksPage)
    qtbot.mouseClick(page.empty.button, LEFT)
    qtbot.keyClicks(page.name_line, "Lab freezer")
    page.boxes["width"].setValue(150)
    assert "over each other" in page.said.text()
    assert not page.proof.isEnabled()
    qtbot.mouseClick(page.keep, LEFT)
    assert "over each other" in page.fields["across"].note.text()
    page.boxes["width"].setValue(100)
    assert not page.said.isVisible()
    qtbot.mouseClick(page.keep, LEFT)

    (own,) = office.stocks.own()
    assert (own.name, own.width, own.columns) == ("Lab freezer", 100, 2)
    qtbot.mouseClick(page.proof, LEFT)
    (sheet,) = window.findChildren(PrintSheet)
    qtbot.keyClick(sheet, Key.Key_Return)
    assert "14" in words(paper.sent[0][0])[0]

    page.kind.set_value("envelope")
    assert page.fields["columns"].isHidden()
    qtbot.mouseClick(page.remove, LEFT)
    assert office.stocks.own() == ()
    office.session.undo()
    assert page.list.rows.rows[0].title == "Lab freezer"
