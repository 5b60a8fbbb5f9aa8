"""Laid-out pages as PDF."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from medsec_desktop.documents import fonts, page
from medsec_desktop.documents.writing import pictures
from medsec_desktop.documents.writing.flow import lay_out
from medsec_desktop.documents.writing.sheet import Image, Line, Pages, Sheet, Stroke
from medsec_desktop.documents.writing.surroundings import draw_around
from medsec_desktop.domain.paper import paper_named

_UNDERLINE = (-0.11, 0.05)  # below the baseline, and how thick, of the size


def pdf_of(sheet: Sheet) -> bytes:
    """The sheet as PDF: fonts embedded and subset, and the same bytes for the same words."""
    return pdf_of_all((sheet,))


def pdf_of_all(sheets: Iterable[Sheet]) -> bytes:
    """All sheets one after the other in one PDF, each with its own page numbers.

    They are asked for one at a time, and only their drawn pages are kept. The file's title, author and
    language are the first one's.
    """
    target = BytesIO()
    canvas: Any = None
    for sheet in sheets:
        paper = paper_named(sheet.paper)
        size = (paper.width, paper.height)
        if canvas is None:
            canvas = page.new_canvas(
                target, size, title=_title(sheet), author=_author(sheet), language=sheet.language
            )
        canvas.setPageSize(size)
        _draw(canvas, sheet, lay_out(sheet))
    if canvas is None:
        raise ValueError("there is nothing to print")
    canvas.save()
    return target.getvalue()


def _title(sheet: Sheet) -> str:
    title = sheet.title or sheet.document.subject or _author(sheet)
    return " ".join(fonts.printable(title).split())


def _author(sheet: Sheet) -> str:
    return sheet.author or (sheet.letterhead.name if sheet.letterhead else "")


def _draw(canvas: Any, sheet: Sheet, pages: Pages) -> None:
    for number in range(pages.count):
        draw_around(canvas, sheet, number, pages.count)
        for image in pages.images:
            if image.page == number:
                _draw_image(canvas, image, sheet.pictures[image.sha256])
        for stroke in pages.strokes:
            if stroke.page == number:
                _draw_stroke(canvas, stroke)
        is_soft = None
        for line in pages.lines:
            if line.page == number:
                if line.is_soft is not is_soft:
                    is_soft = line.is_soft
                    canvas.setFillColorRGB(*(page.SOFT_INK if is_soft else page.INK))
                _draw_line(canvas, line)
        canvas.showPage()


def _draw_line(canvas: Any, line: Line) -> None:
    x = line.x
    spans = line.spans
    for piece, number in fonts.laid(((one.text, one.face) for one in spans), is_rtl=line.is_rtl):
        start, face = x, spans[number].face
        x += fonts.draw_piece(canvas, x, line.baseline, piece, line.size, face, line.stretch)
        if spans[number].is_underlined:
            drop, thickness = _UNDERLINE
            y = line.baseline + line.size * drop
            colour = page.SOFT_INK if line.is_soft else page.INK
            page.stroke(canvas, (start, y), (x, y), line.size * thickness, colour)


def _draw_stroke(canvas: Any, stroke: Stroke) -> None:
    colour = page.ACCENT if stroke.is_accent else page.RULE
    start, end = (stroke.x, stroke.y), (stroke.to_x, stroke.to_y)
    page.stroke(canvas, start, end, stroke.thickness, colour)


def _draw_image(canvas: Any, image: Image, data: bytes) -> None:
    from reportlab.lib.utils import ImageReader

    canvas.drawImage(
        ImageReader(pictures.for_paper(data, image.width)),
        image.x,
        image.y,
        image.width,
        image.height,
        mask="auto",
    )
