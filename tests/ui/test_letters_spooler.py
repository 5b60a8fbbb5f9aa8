"""Paper through Qt: the right sheet, every page, and no printing to nowhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pypdfium2
import pytest
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from pytestqt.qtbot import QtBot

from medsec_desktop.documents.day_sheet import DaySheet, day_sheet_pdf
from medsec_desktop.documents.labels import Label, labels_pdf
from medsec_desktop.domain.stocks import stock_named
from medsec_desktop.problems import Unavailable
from medsec_desktop.services.page_images import PageImages, joined_pdf
from medsec_desktop.services.printing import PrinterRow, Sides, Ticket
from medsec_desktop.ui.letters.spooler import DPI, QtSpooler, paint_pages, set_up
from tests.documents.conftest import a_letter
from tests.documents.letters import letter_pdf


@pytest.mark.parametrize(("paper", "points"), [("letter", (612, 792)), ("a4", (595, 842))])
def test_every_page_lands_on_a_sheet_of_its_size(
    qtbot: QtBot, tmp_path: Path, paper: str, points: tuple[int, int]
) -> None:
    pdf = letter_pdf(a_letter(paper=paper, box=(), paragraphs=("Please read this. " * 60,) * 5))
    target = QPrinter(QPrinter.PrinterMode.HighResolution)
    target.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    target.setOutputFileName(str(tmp_path / "out.pdf"))

    assert paint_pages(target, PageImages().of(pdf, DPI))

    printed = (tmp_path / "out.pdf").read_bytes()
    with pypdfium2.PdfDocument(printed) as document:
        assert len(document) == 2
        assert document[0].get_size() == pytest.approx(points, abs=1)
    # Edge to edge: the ink lies where the PDF has it, to a third of a millimetre.
    assert _edges_of_ink(printed) == pytest.approx(_edges_of_ink(pdf), abs=1)


@pytest.mark.parametrize(
    ("pdf", "points"),
    [
        (day_sheet_pdf(DaySheet("Thursday", "P", (), 480, 1020, ("",) * 25)), (792, 612)),
        (
            day_sheet_pdf(DaySheet("Thursday", "P", (), 480, 1020, ("",) * 25, paper="a4")),
            (842, 595),
        ),
        (labels_pdf(stock_named("30252"), [Label(("Ada Testperson", "45 Elm Street"))]), (252, 79)),
    ],
)
def test_a_sheet_turned_sideways_and_a_label_keep_their_size(
    qtbot: QtBot, tmp_path: Path, pdf: bytes, points: tuple[int, int]
) -> None:
    target = QPrinter(QPrinter.PrinterMode.HighResolution)
    target.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    target.setOutputFileName(str(tmp_path / "out.pdf"))

    assert paint_pages(target, PageImages().of(pdf, DPI))

    printed = (tmp_path / "out.pdf").read_bytes()
    with pypdfium2.PdfDocument(printed) as document:
        assert document[0].get_size() == pytest.approx(points, abs=1.5)
    assert _edges_of_ink(printed) == pytest.approx(_edges_of_ink(pdf), abs=1)


def _edges_of_ink(pdf: bytes) -> tuple[float, float, float, float]:
    """Left, right, upper and lower edge of what is dark on the first page, in points."""
    scale = 2
    with pypdfium2.PdfDocument(pdf) as document:
        bitmap = document[0].render(scale=scale, grayscale=True)
    dark = [
        (x / scale, y / scale)
        for y in range(bitmap.height)
        for x, shade in enumerate(
            bytes(bitmap.buffer[y * bitmap.stride : y * bitmap.stride + bitmap.width])
        )
        if shade < 110
    ]
    across, down = zip(*dark, strict=True)
    return min(across), max(across), min(down), max(down)


def test_tray_sides_and_copies_are_told_to_the_printer(qtbot: QtBot) -> None:
    class Target:
        """Keeps what it is told: a printer that is not there forgets that it can print both sides."""

        def __init__(self) -> None:
            self.told: dict[str, object] = {}

        def __getattr__(self, name: str) -> Callable[[object], None]:
            assert hasattr(QPrinter, name)
            return lambda value: self.told.update({name: value})

    target, other = Target(), Target()

    set_up(target, Ticket("Desk", 3, "Letter 1", "Lower", Sides.LONG_EDGE))
    set_up(other, Ticket("Desk", 1, "Letter 1", "Tray9"))

    assert target.told == {
        "setDocName": "Letter 1",
        "setCopyCount": 3,
        "setPaperSource": QPrinter.PaperSource.Lower,
        "setDuplex": QPrinter.DuplexMode.DuplexLongSide,
    }
    # A tray of another printer, remembered before it was exchanged, is not asked for.
    assert other.told == {"setDocName": "Letter 1", "setCopyCount": 1}


def test_each_page_has_the_sheet_it_is_made_for(qtbot: QtBot, tmp_path: Path) -> None:
    pdf = joined_pdf(
        [
            letter_pdf(a_letter()),
            labels_pdf(stock_named("30252"), [Label(("Ada Testperson",))]),
            day_sheet_pdf(DaySheet("Thursday", "P", (), 480, 1020, ("",) * 25)),
        ]
    )
    target = QPrinter(QPrinter.PrinterMode.HighResolution)
    target.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    target.setOutputFileName(str(tmp_path / "out.pdf"))

    assert paint_pages(target, PageImages().of(pdf, DPI))

    with pypdfium2.PdfDocument((tmp_path / "out.pdf").read_bytes()) as document:
        sizes = [page.get_size() for page in document]
    for size, wanted in zip(sizes, [(612, 792), (252, 79), (792, 612)], strict=True):
        assert size == pytest.approx(wanted, abs=1.5)


def test_a_printer_that_does_not_exist_is_refused(qtbot: QtBot) -> None:
    with pytest.raises(Unavailable, match="no printer “Nowhere”"):
        QtSpooler(PageImages().of).send(b"", Ticket("Nowhere"))


def test_the_printers_are_those_qt_knows(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    state = QPrinter.PrinterState
    known = [
        SimpleNamespace(printerName=lambda: "Desk", state=lambda: state.Idle),
        SimpleNamespace(printerName=lambda: "Hall", state=lambda: state.Error),
    ]
    monkeypatch.setattr(QPrinterInfo, "availablePrinters", lambda: known)
    monkeypatch.setattr(QPrinterInfo, "defaultPrinterName", lambda: "Hall")

    assert QtSpooler(PageImages().of).printers() == (
        PrinterRow("Desk"),
        PrinterRow("Hall", is_ready=False, is_default=True, why="It reports an error."),
    )
