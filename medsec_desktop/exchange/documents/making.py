"""A new PDF out of pages of other documents: split, merged, turned, put in order, all the same verb."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from medsec_desktop.exchange.documents.limits import MOST_PAGES, broken, too_large
from medsec_desktop.exchange.documents.pages import JPEG, PDF, ImagePages, media_type_of


def made(sources: Sequence[bytes], wanted: Sequence[tuple[int, int, int]]) -> bytes:
    """The wanted pages as one PDF: of each the source, the page, and how far clockwise it is turned.

    The same pages give the same bytes, so that the same work done twice is recognised. Nothing but pages
    and what was typed into their fields goes over: no scripts, no attachments. Raises Refused.
    """
    import pikepdf

    if len(wanted) > MOST_PAGES:
        raise too_large(f"It would have more than {MOST_PAGES:,} pages.")
    opened: dict[int, Any] = {}
    whole = pikepdf.Pdf.new()
    try:
        for source, number, turn in wanted:
            if source not in opened:
                opened[source] = _opened(sources[source])
            _add(whole, opened[source], number)
            if turn % 360:
                whole.pages[-1].rotate(turn % 360, relative=True)
        return _saved(whole)
    except pikepdf.PdfError as error:
        raise broken("PDF") from error


def stamped(content: bytes, behind: bytes) -> bytes:
    """Each page of a PDF with the first page of another behind its words. Raises Refused."""
    import pikepdf

    try:
        whole = pikepdf.Pdf.open(BytesIO(content))
        mark = pikepdf.Pdf.open(BytesIO(behind))
        for sheet in whole.pages:
            sheet.add_underlay(mark.pages[0], None)
        return _saved(whole)
    except pikepdf.PdfError as error:
        raise broken("PDF") from error


def joined(ours: Sequence[bytes]) -> bytes:
    """PDFs of our own as one: the first, with its title and language, and the others behind it.

    For pages this program made; what came from elsewhere is put together in a process of its own.
    """
    import pikepdf

    whole = pikepdf.Pdf.open(BytesIO(ours[0]))
    for content in ours[1:]:
        with pikepdf.Pdf.open(BytesIO(content)) as part:
            whole.pages.extend(part.pages)
    return _saved(whole)


def _saved(whole: Any) -> bytes:
    import pikepdf

    target = BytesIO()
    whole.save(
        target,
        deterministic_id=True,
        compress_streams=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
    )
    return target.getvalue()


def _opened(content: bytes) -> Any:
    import pikepdf

    media_type = media_type_of(content)
    if media_type != PDF:
        return _Picture(content, ImagePages(content, media_type))
    return pikepdf.Pdf.open(BytesIO(content))


class _Picture:
    def __init__(self, content: bytes, pages: ImagePages):
        self.content, self.pages = content, pages


def _add(whole: Any, source: Any, number: int) -> None:
    if isinstance(source, _Picture):
        _add_picture(whole, source, number)
        return
    page = source.pages[number]
    whole.pages.append(page)
    if source.acroform.exists:
        # Fields keep what was typed; two of one name get two names, else they would be one.
        whole.acroform.fix_copied_annotations(whole.pages[-1], page, source.acroform)
    added = whole.pages[-1].obj
    for name in ("/AA", "/Metadata", "/PieceInfo"):
        if name in added:
            del added[name]


def _add_picture(whole: Any, source: _Picture, number: int) -> None:
    """A sheet that is the picture from edge to edge; a JPEG goes in as it is, not packed again."""
    import pikepdf

    picture = source.pages.whole(number)
    wide, high = source.pages.sizes[number]
    as_is = source.pages.media_type == JPEG and _is_plain(source.content)
    data = source.content if as_is else zlib.compress(picture.tobytes(), 6)
    image = whole.make_stream(data)
    image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    image.Width, image.Height, image.BitsPerComponent = picture.width, picture.height, 8
    image.ColorSpace = pikepdf.Name.DeviceGray if picture.mode == "L" else pikepdf.Name.DeviceRGB
    image.Filter = pikepdf.Name.DCTDecode if as_is else pikepdf.Name.FlateDecode
    page = whole.add_blank_page(page_size=(max(wide, 3), max(high, 3)))
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Sheet=image))
    page.Contents = whole.make_stream(f"q {wide:.4f} 0 0 {high:.4f} 0 0 cm /Sheet Do Q".encode())


def _is_plain(content: bytes) -> bool:
    """Whether a JPEG shows as it lies in the file: grey or three colours, not turned."""
    from PIL import Image

    with Image.open(BytesIO(content), formats=["JPEG"]) as picture:
        return picture.mode in ("L", "RGB") and picture.getexif().get(0x0112, 1) == 1
