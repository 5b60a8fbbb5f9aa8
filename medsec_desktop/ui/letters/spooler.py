"""Paper without CUPS: pages drawn at the printer's resolution through the system's print service."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from medsec_desktop.problems import Unavailable
from medsec_desktop.services.printing import PrinterRow

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

    from medsec_desktop.services.page_images import PageImage

DPI = 300
_A4_FROM = 1.35  # height to width: Letter is 1.29, A4 is 1.41


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
        from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

        # A QPrinter for a name that does not exist says it is valid, and prints nowhere.
        if printer not in QPrinterInfo.availablePrinterNames():
            raise Unavailable(
                f"Nothing was printed: there is no printer “{printer}” any more.",
                remedy="Choose another printer and print again.",
            )
        images = self._pages(pdf, DPI)
        target = QPrinter(QPrinterInfo.printerInfo(printer), QPrinter.PrinterMode.HighResolution)
        target.setDocName(title)
        target.setCopyCount(copies)
        if not paint_pages(target, images):
            raise Unavailable(
                f"Nothing was printed: the printer “{printer}” did not take the pages.",
                remedy="Check the printer, or choose another one, and print again.",
            )


def paint_pages(target: QPrinter, images: Sequence[PageImage]) -> bool:
    """Put each image on a sheet of its size, edge to edge; False where the printer refuses."""
    from PySide6.QtCore import QMarginsF, QRectF
    from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter

    first = images[0]
    is_a4 = first.height / first.width > _A4_FROM
    size = QPageSize(QPageSize.PageSizeId.A4 if is_a4 else QPageSize.PageSizeId.Letter)
    target.setResolution(DPI)
    target.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0)))
    target.setFullPage(True)
    painter = QPainter()
    if not painter.begin(target):
        return False
    for number, image in enumerate(images):
        if number:
            target.newPage()
        picture = QImage(
            image.pixels, image.width, image.height, image.stride, QImage.Format.Format_RGB32
        )
        painter.drawImage(QRectF(0, 0, image.width, image.height), picture)
    return painter.end()
