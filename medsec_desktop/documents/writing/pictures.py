"""Pictures for paper: how large they are, and no more of their pixels than a printer can show."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import Any

PRINTED_DPI = 300  # finer than that no office printer shows
MOST_PIXELS = 100_000_000  # a file that claims more is not opened: it would take gigabytes
_TURNED = (5, 6, 7, 8)  # values of the Exif orientation that lay a picture on its side
_ORIENTATION = 0x0112


@lru_cache(maxsize=16)
def size_of(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels as it is seen; None for what is no picture we can print."""
    image = _opened(data)
    if image is None:
        return None
    with image:
        width, height = image.size
        turned = image.getexif().get(_ORIENTATION) in _TURNED
    return (height, width) if turned else (width, height)


@lru_cache(maxsize=4)
def for_paper(data: bytes, width_pt: float) -> Any:
    """The picture upright, in red, green and blue, as fine as `PRINTED_DPI` at that width."""
    from PIL import Image, ImageOps

    image = _opened(data)
    if image is None:
        raise ValueError("this is no picture that can be printed")
    size = size_of(data) or image.size
    wide = max(1, round(width_pt / 72 * PRINTED_DPI))
    most = (wide, max(1, round(wide * size[1] / size[0])))
    with image:
        image.draft("RGB", (max(most), max(most)))  # a JPEG is read smaller from the start
        upright = ImageOps.exif_transpose(image)
        has_alpha = "A" in upright.getbands() or "transparency" in upright.info
        upright = upright.convert("RGBA" if has_alpha else "RGB")
    if upright.width > most[0]:
        upright = upright.resize(most, Image.Resampling.LANCZOS, reducing_gap=2.0)
    return upright


def _opened(data: bytes) -> Any:
    """The picture with only its head read."""
    from PIL import Image, UnidentifiedImageError

    try:
        image = Image.open(BytesIO(data))
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return None
    width, height = image.size
    return image if 0 < width * height <= MOST_PIXELS else None
