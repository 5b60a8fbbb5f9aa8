"""Paper without CUPS: pages drawn at the printer's resolution through the system's print service."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from medsec_desktop.problems import Unavailable
from medsec_desktop.services.printing import PrinterRow

if TYPE_CHECKING:
    from PySide6.QtGui import QPageSize
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
    from PySide6.QtGui import QImage, QPageLayout, QPainter

    first = images[0]
    is_wide = first.width > first.height
    way = QPageLayout.Orientation.Landscape if is_wide else QPageLayout.Orientation.Portrait
    target.setResolution(DPI)
    target.setPageLayout(QPageLayout(_size_of(first), way, QMarginsF(0, 0, 0, 0)))
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
