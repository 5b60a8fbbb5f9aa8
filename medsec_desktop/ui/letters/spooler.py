"""Paper without CUPS: pages drawn at the printer's resolution through the system's print service."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from medsec_desktop.problems import Unavailable
from medsec_desktop.services.printing import PrinterOffers, PrinterRow, Sides, Ticket
from medsec_desktop.services.printing.cups import tray_words

if TYPE_CHECKING:
    from PySide6.QtGui import QPageLayout, QPageSize
    from PySide6.QtPrintSupport import QPrinter

    from medsec_desktop.services.page_images import PageImage

DPI = 300
_SIZE_GIVES = 0.05  # inches a sheet may differ from the size it is known by


class QtSpooler:
    """Hands pages to a printer Qt knows; `pages` draws a PDF at a resolution."""

    def __init__(self, pages: Callable[[bytes, float], Sequence[PageImage]]):
        self._pages = pages

    def printers(self) -> tuple[PrinterRow, ...]:
        from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

        default = QPrinterInfo.defaultPrinterName()
        return tuple(
            PrinterRow(
                name=info.printerName(),
                is_ready=info.state() != QPrinter.PrinterState.Error,
                is_default=info.printerName() == default,
                why="It reports an error." if info.state() == QPrinter.PrinterState.Error else "",
            )
            for info in QPrinterInfo.availablePrinters()
        )

    def offers(self, printer: str) -> PrinterOffers:
        from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

        info = QPrinterInfo.printerInfo(printer)
        both = (QPrinter.DuplexMode.DuplexLongSide, QPrinter.DuplexMode.DuplexShortSide)
        # Qt can ask for the trays on Windows only, which is where there is no CUPS.
        ask = getattr(QPrinter(info), "supportedPaperSources", tuple)
        sources = [QPrinter.PaperSource(source) for source in ask()]
        return PrinterOffers(
            tuple((source.name, tray_words(source.name)) for source in sources),
            any(mode in info.supportedDuplexModes() for mode in both),
            info.defaultDuplexMode() in both,
        )

    def send(self, pdf: bytes, ticket: Ticket) -> None:
        from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

        # A QPrinter for a name that does not exist says it is valid, and prints nowhere.
        if ticket.printer not in QPrinterInfo.availablePrinterNames():
            raise Unavailable(
                f"Nothing was printed: there is no printer “{ticket.printer}” any more.",
                remedy="Choose another printer and print again.",
            )
        images = self._pages(pdf, DPI)
        info = QPrinterInfo.printerInfo(ticket.printer)
        target = QPrinter(info, QPrinter.PrinterMode.HighResolution)
        set_up(target, ticket)
        if not paint_pages(target, images):
            raise Unavailable(
                f"Nothing was printed: the printer “{ticket.printer}” did not take the pages.",
                remedy="Check the printer, or choose another one, and print again.",
            )


def set_up(target: QPrinter, ticket: Ticket) -> None:
    """Tell a printer the copies, the tray and the sides; the pages themselves say the sheet."""
    from PySide6.QtPrintSupport import QPrinter

    target.setDocName(ticket.title)
    target.setCopyCount(ticket.copies)
    if ticket.tray in QPrinter.PaperSource.__members__:
        target.setPaperSource(QPrinter.PaperSource[ticket.tray])
    duplex = {
        Sides.ONE: QPrinter.DuplexMode.DuplexNone,
        Sides.LONG_EDGE: QPrinter.DuplexMode.DuplexLongSide,
        Sides.SHORT_EDGE: QPrinter.DuplexMode.DuplexShortSide,
    }
    if ticket.sides in duplex:
        target.setDuplex(duplex[ticket.sides])


def paint_pages(target: QPrinter, images: Sequence[PageImage]) -> bool:
    """Put each image on a sheet of its size, edge to edge; False where the printer refuses."""
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QImage, QPainter

    target.setResolution(DPI)
    target.setFullPage(True)
    target.setPageLayout(_layout(images[0]))
    painter = QPainter()
    if not painter.begin(target):
        return False
    for number, image in enumerate(images):
        if number:
            target.setPageLayout(_layout(image))
            target.newPage()
        picture = QImage(
            image.pixels, image.width, image.height, image.stride, QImage.Format.Format_RGB32
        )
        painter.drawImage(QRectF(0, 0, image.width, image.height), picture)
    return painter.end()


def _layout(page: PageImage) -> QPageLayout:
    from PySide6.QtCore import QMarginsF
    from PySide6.QtGui import QPageLayout

    is_wide = page.width > page.height
    way = QPageLayout.Orientation.Landscape if is_wide else QPageLayout.Orientation.Portrait
    return QPageLayout(_size_of(page), way, QMarginsF(0, 0, 0, 0))


def _size_of(page: PageImage) -> QPageSize:
    """Letter or A4 by their names, which printers know; a label by its measures."""
    from PySide6.QtCore import QSizeF
    from PySide6.QtGui import QPageSize

    short, long = sorted((page.width / DPI, page.height / DPI))
    for known in (QPageSize.PageSizeId.Letter, QPageSize.PageSizeId.A4):
        inches = QPageSize.size(known, QPageSize.Unit.Inch)
        if abs(inches.width() - short) + abs(inches.height() - long) < _SIZE_GIVES:
            return QPageSize(known)
    return QPageSize(
        QSizeF(short, long), QPageSize.Unit.Inch, "", QPageSize.SizeMatchPolicy.ExactMatch
    )
