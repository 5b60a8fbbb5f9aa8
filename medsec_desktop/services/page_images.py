"""Pages of a PDF as pixels, for the screen."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from threading import Lock

from medsec_desktop.problems import Unavailable


@dataclass(frozen=True, slots=True)
class PageImage:
    """One page: 32 bits a pixel, blue green red and one unused, `stride` bytes a line."""

    width: int
    height: int
    stride: int
    pixels: bytes


class PageImages:
    """Draws pages, and keeps the last few documents it has drawn.

    PDFium may be used by one thread at a time only, hence the lock, which all instances share.
    """

    _pdfium = Lock()

    def __init__(self, documents: int = 8):
        self._documents = documents
        self._kept: OrderedDict[tuple[bytes, float], tuple[PageImage, ...]] = OrderedDict()

    def of(self, pdf: bytes, dpi: float = 100) -> tuple[PageImage, ...]:
        """Every page at that resolution. Raises Unavailable for what is no PDF."""
        key = hashlib.sha256(pdf).digest(), dpi
        with self._pdfium:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            images = _drawn(pdf, dpi)
            self._kept[key] = images
            while len(self._kept) > self._documents:
                self._kept.popitem(last=False)
            return images


def page_count(pdf: bytes) -> int:
    """How many pages a PDF has. Raises Unavailable for what is none."""
    with PageImages._pdfium:
        document = _opened(pdf)
        try:
            return len(document)
        finally:
            document.close()


def page_sizes(pdf: bytes) -> tuple[tuple[float, float], ...]:
    """Width and height of each page in points. Raises Unavailable for what is no PDF."""
    with PageImages._pdfium:
        document = _opened(pdf)
        try:
            return tuple(document.get_page_size(number) for number in range(len(document)))
        finally:
            document.close()


def page_text(pdf: bytes) -> str:
    """The words of a PDF, page after page, as a screen reader says them."""
    with PageImages._pdfium:
        document = _opened(pdf)
        try:
            texts = []
            for number in range(len(document)):
                page = document[number]
                words = page.get_textpage()
                texts.append(words.get_text_bounded().replace("\r\n", "\n"))
                words.close()
                page.close()
            return "\n".join(texts)
        finally:
            document.close()


def first_pages(pdf: bytes, count: int) -> bytes:
    """A PDF of the first `count` pages, for a look at a long one; the very bytes where it has no more."""
    with PageImages._pdfium:
        import pypdfium2

        document = _opened(pdf)
        try:
            if len(document) <= count:
                return pdf
            part = pypdfium2.PdfDocument.new()
            part.import_pages(document, list(range(count)))
            content = BytesIO()
            part.save(content)
            part.close()
            return content.getvalue()
        finally:
            document.close()


def joined_pdf(pdfs: Sequence[bytes], *, on_new_sheets: bool = False) -> bytes:
    """The pages of several PDFs, one after the other, as one. Raises Unavailable for what is none.

    `on_new_sheets` puts an empty page behind an odd number, so that each begins on the front of a sheet.
    """
    with PageImages._pdfium:
        import pypdfium2

        whole = pypdfium2.PdfDocument.new()
        try:
            for pdf in pdfs:
                part = _opened(pdf)
                if on_new_sheets and len(whole) % 2:
                    whole.new_page(*whole.get_page_size(len(whole) - 1))
                whole.import_pages(part)
                part.close()
            content = BytesIO()
            whole.save(content)
            return content.getvalue()
        finally:
            whole.close()


def _drawn(pdf: bytes, dpi: float) -> tuple[PageImage, ...]:
    document = _opened(pdf)
    try:
        images = []
        for number in range(len(document)):
            page = document[number]
            bitmap = page.render(scale=dpi / 72, prefer_bgrx=True)
            images.append(
                PageImage(bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer))
            )
            bitmap.close()
            page.close()
        return tuple(images)
    finally:
        document.close()


def _opened(pdf: bytes):  # type: ignore[no-untyped-def]  # pypdfium2 carries no types
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        raise Unavailable(
            "This document cannot be shown.",
            "It is not a PDF that can be read.",
            "Restore it from the last backup.",
        ) from error
