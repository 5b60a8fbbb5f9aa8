"""Paper without CUPS: pages drawn at the printer's resolution through the system's print service."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from medsec_desktop.problems import Unavailable
from medsec_desktop.services.printing import PrinterRow

if TYPE_CHECKING:
    from medsec_desktop.services.page_images import PageImage

_DPI = 300


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

    def send(self, pdf: bytes, printer: str, copies: int, title: str, silent: bool) -> None:
        from PySide6.QtCore import QRectF
        from PySide6.QtGui import QImage, QPageSize, QPainter
        from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

        # A QPrinter for a name that does not exist says it is valid, and prints nowhere.
        if printer not in QPrinterInfo.availablePrinterNames():
            raise Unavailable(
                f"Nothing was printed: there is no printer “{printer}” any more.",
                remedy="Choose another printer and print again.",
            )
        images = self._pages(pdf, _DPI)
        target = QPrinter(QPrinterInfo.printerInfo(printer), QPrinter.PrinterMode.HighResolution)
        target.setDocName(title)
        target.setCopyCount(copies)
        target.setFullPage(True)
        target.setResolution(_DPI)
        first = images[0]
        is_a4 = first.height / first.width > 1.35
        size = QPageSize.PageSizeId.A4 if is_a4 else QPageSize.PageSizeId.Letter
        target.setPageSize(QPageSize(size))
        painter = QPainter()
        if not painter.begin(target):
            raise Unavailable(
                f"Nothing was printed: the printer “{printer}” did not take the pages.",
                remedy="Check the printer, or choose another one, and print again.",
            )
        for number, image in enumerate(images):
            if number:
                target.newPage()
            picture = QImage(
                image.pixels, image.width, image.height, image.stride, QImage.Format.Format_RGB32
            )
            painter.drawImage(QRectF(0, 0, image.width, image.height), picture)
        painter.end()
