"""Invented papers as they come to a clinic: PDFs, pictures, and scans of what was printed here."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import pypdfium2
from PIL import Image, ImageChops
from reportlab.pdfgen.canvas import Canvas


def a_pdf(*texts: str, size: tuple[float, float] = (612, 792)) -> bytes:
    """A PDF with a page for each text."""
    target = BytesIO()
    canvas = Canvas(target, pagesize=size, invariant=1)
    for text in texts or ("A page",):
        canvas.setFont("Helvetica", 36)
        canvas.drawString(72, size[1] - 144, text)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def a_picture(
    format_name: str = "JPEG", size: tuple[int, int] = (850, 1100), colour: str = "#d8e4ee", dpi=100
) -> bytes:
    """A picture file of one colour."""
    target = BytesIO()
    Image.new("RGB", size, colour).save(target, format_name, dpi=(dpi, dpi))
    return target.getvalue()


def drawn(pdf: bytes, dpi: int = 200) -> list[Image.Image]:
    """The pages of a PDF as a scanner would see them."""
    document = pypdfium2.PdfDocument(pdf)
    pages = [page.render(scale=dpi / 72).to_pil().convert("L") for page in document]
    document.close()
    return pages


def scanned(page: Image.Image, turn: float = 0, noise: int = 60) -> Image.Image:
    """A page as it comes out of a worn scanner: turned by degrees, grainy, grey at the edges."""
    turned = page.rotate(-turn, expand=True, fillcolor=245, resample=Image.Resampling.BICUBIC)
    grain = Image.effect_noise(turned.size, noise).point(lambda level: 128 + (level - 128) // 2)
    return ImageChops.add(turned, grain, scale=1, offset=-128)


def as_file(pages: Sequence[Image.Image], format_name: str, dpi: int = 200) -> bytes:
    """Pages as a file: PDF and TIFF hold several, JPEG and PNG one."""
    target = BytesIO()
    first, *rest = pages
    match format_name:
        case "PDF":
            first.save(target, "PDF", resolution=dpi, save_all=True, append_images=rest)
        case "TIFF":
            first.save(target, "TIFF", dpi=(dpi, dpi), save_all=True, append_images=rest,
                       compression="tiff_deflate")  # fmt: skip
        case _:
            assert not rest
            first.save(target, format_name, dpi=(dpi, dpi))
    return target.getvalue()
