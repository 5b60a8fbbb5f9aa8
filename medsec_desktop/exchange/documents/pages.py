"""A document of any kind we take, as pages: how many, how large, and each drawn as pixels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, Protocol

from medsec_desktop.exchange.documents.limits import (
    LONGEST_SIDE_PT,
    MOST_DRAWN_PIXELS,
    MOST_PAGES,
    MOST_PIXELS,
    Refused,
    broken,
    too_large,
)

if TYPE_CHECKING:
    from PIL.Image import Image

PDF, TIFF, JPEG, PNG = "application/pdf", "image/tiff", "image/jpeg", "image/png"
_FORMATS = {TIFF: "TIFF", JPEG: "JPEG", PNG: "PNG"}
_INCH = 72.0
_SHEET = (8.5 * _INCH, 11 * _INCH)  # what a picture without a resolution is laid on
_PIXEL_DPI = (50.0, 2_400.0)  # a resolution outside this is a slip of whoever wrote it


@dataclass(frozen=True, slots=True)
class Bitmap:
    """Pixels of 32 bits: blue, green, red and one unused."""

    width: int
    height: int
    pixels: bytes


class Pages(Protocol):
    """An opened document."""

    media_type: str
    sizes: list[tuple[float, float]]  # in points, each page as it is looked at

    def picture(self, number: int, width: int) -> Image:
        """Page `number`, drawn `width` pixels wide or as wide as the limits allow."""
        ...


def media_type_of(content: bytes) -> str:
    """What the content is, by its first bytes and never by its name. Raises Refused."""
    head = content[:1024]
    if b"%PDF-" in head:
        return PDF
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return TIFF
    if not content:
        raise Refused("This file is empty.", "", "Have it sent or scanned again.")
    remedy = "Save or print it as a PDF and take that in."
    if head[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypheif", b"ftypavif"):
        raise Refused(
            "Photos of this kind (HEIC) are not taken.",
            "",
            "Have it sent as a JPEG, or print it as a PDF.",
        )
    if head.startswith(b"PK\x03\x04") or head.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused("Office files and archives are not taken.", "", remedy)
    raise Refused(
        "This is no kind of document that is taken.",
        "It is neither a PDF nor a TIFF, JPEG or PNG picture.",
        remedy,
    )


def opened(content: bytes) -> Pages:
    """The document behind these bytes. Raises Refused for one that is not taken."""
    media_type = media_type_of(content)
    return PdfPages(content) if media_type == PDF else ImagePages(content, media_type)


def bitmap_of(picture: Image) -> Bitmap:
    """A picture as the pixels a window paints."""
    plain = picture if picture.mode == "RGB" else picture.convert("RGB")
    return Bitmap(plain.width, plain.height, plain.tobytes("raw", "BGRX"))


def _checked_size(width: float, height: float) -> tuple[float, float]:
    if not (0 < width <= LONGEST_SIDE_PT and 0 < height <= LONGEST_SIDE_PT):
        inches = f"{max(width, height) / _INCH:,.0f} inches" if width == width else "no size"
        raise too_large(f"One of its pages measures {inches}; no sheet is longer than 200.")
    return width, height


def _checked_count(pages: int) -> int:
    if pages > MOST_PAGES:
        raise too_large(f"It has more than {MOST_PAGES:,} pages.")
    return pages


def _scale_for(size: tuple[float, float], width: int) -> float:
    """Pixels a point, so that the page is `width` wide and not drawn larger than the limit."""
    scale = width / size[0]
    drawn = size[0] * size[1] * scale * scale
    return float(scale * min(1.0, (MOST_DRAWN_PIXELS / drawn) ** 0.5))


class PdfPages:
    """A PDF through PDFium."""

    media_type = PDF

    def __init__(self, content: bytes):
        import pypdfium2

        try:
            self._pdf: Any = pypdfium2.PdfDocument(content)
            count = _checked_count(len(self._pdf))
            if count and self._pdf.get_formtype():
                self._pdf.init_forms()  # else what was typed into a form is not drawn
            self.sizes = [_checked_size(*self._pdf.get_page_size(at)) for at in range(count)]
        except pypdfium2.PdfiumError as error:
            if getattr(error, "err_code", None) == _NEEDS_PASSWORD:
                raise Refused(
                    "This PDF is protected by a password.",
                    "Nobody could read it here later.",
                    "Open it with its password, save it without one, and take that in.",
                ) from error
            raise broken("PDF") from error
        if not count:
            raise Refused("This PDF has no pages.", "", "Have it sent or scanned again.")

    def picture(self, number: int, width: int) -> Image:
        """One page, on white."""
        import pypdfium2

        try:
            page = self._pdf[number]
            scale = _scale_for(self.sizes[number], width)
            drawn: Image = page.render(scale=scale).to_pil()
            page.close()
        except pypdfium2.PdfiumError as error:
            raise broken(f"page ({number + 1})") from error
        return drawn


_NEEDS_PASSWORD = 4  # FPDF_ERR_PASSWORD, fpdfview.h


class ImagePages:
    """A picture, or the pictures of a TIFF, each a page; turned as its camera says it was held."""

    def __init__(self, content: bytes, media_type: str):
        from PIL import Image

        self.media_type = media_type
        Image.MAX_IMAGE_PIXELS = None  # ours is asked before a picture is unpacked, and says so
        try:
            self._image: Any = Image.open(BytesIO(content), formats=[_FORMATS[media_type]])
            self.sizes = [self._size() for _ in self._frames()]
            self._image.seek(0)
        except Refused:
            raise
        except Exception as error:  # Pillow's readers raise whatever they stumble over
            raise broken("picture") from error

    def _frames(self) -> Iterator[int]:
        number = 0
        while True:
            try:
                self._image.seek(number)
            except EOFError:
                return
            _checked_count(number + 1)
            if self._image.width * self._image.height > MOST_PIXELS:
                raise too_large(
                    f"It has {self._image.width:,} × {self._image.height:,} pixels on a page."
                )
            yield number
            if self.media_type != TIFF:  # an animated PNG is one picture to us
                return
            number += 1

    def _size(self) -> tuple[float, float]:
        """The sheet it was scanned from, by its resolution, else fitted on a letter sheet."""
        wide, high = self._image.width, self._image.height
        if self._is_turned():
            wide, high = high, wide
        across, down = self.resolution()
        if across:
            return _checked_size(wide * _INCH / across, high * _INCH / down)
        scale = min(_SHEET[0] / wide, _SHEET[1] / high)
        return wide * scale, high * scale

    def resolution(self) -> tuple[float, float]:
        """Pixels an inch, across and down, of the page in front; zeros where it does not say."""
        try:
            across, down = (float(each) for each in self._image.info.get("dpi", (0, 0)))
        except (TypeError, ValueError, ZeroDivisionError):
            return 0.0, 0.0
        low, high = _PIXEL_DPI
        return (across, down) if low <= across <= high and low <= down <= high else (0.0, 0.0)

    def _is_turned(self) -> bool:
        return self._image.getexif().get(_ORIENTATION, 1) in (5, 6, 7, 8)

    def picture(self, number: int, width: int) -> Image:
        """One page, on white, upright."""
        whole = self.whole(number)
        scale = _scale_for((whole.width, whole.height), width)
        size = max(1, round(whole.width * scale)), max(1, round(whole.height * scale))
        if size == whole.size:
            return whole
        from PIL import Image

        return whole.resize(size, Image.Resampling.BOX if scale < 1 else Image.Resampling.BICUBIC)

    def whole(self, number: int) -> Image:
        """One page with every pixel it has: grey or coloured, on white, upright."""
        from PIL import ImageOps

        try:
            self._image.seek(number)
            self._image.load()
            upright = ImageOps.exif_transpose(self._image) or self._image
            return _flat(upright)
        except MemoryError:
            raise
        except Exception as error:  # as above
            raise broken(f"page ({number + 1})") from error


_ORIENTATION = 0x0112  # EXIF 2.32, tag 274


def _flat(picture: Any) -> Image:
    """Grey or coloured, without anything seen through."""
    from PIL import Image

    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        see_through = picture.convert("RGBA")
        ground = Image.new("RGB", see_through.size, "white")
        ground.paste(see_through, mask=see_through.getchannel("A"))
        return ground
    if picture.mode in ("L", "RGB"):
        plain: Image.Image = picture.copy()
        return plain
    if picture.mode == "1":
        return picture.convert("L")  # type: ignore[no-any-return]
    if picture.mode.startswith("I") or picture.mode == "F":
        # 16 bits of grey: the upper eight; Pillow's own conversion cuts everything above 255 off.
        return picture.convert("I").point(lambda level: level / 256).convert("L")  # type: ignore[no-any-return]
    return picture.convert("RGB")  # type: ignore[no-any-return]
