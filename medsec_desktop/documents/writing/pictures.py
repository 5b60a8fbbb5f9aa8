"""Pictures for paper: how large they are, and no more of their pixels than a printer can show."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any

PRINTED_DPI = 300  # finer than that no office printer shows
MOST_PIXELS = 120_000_000  # a file that claims more is not opened: it would take gigabytes
_WIDEST = 8.5 * PRINTED_DPI  # pixels that any paper of ours can show


@dataclass(frozen=True, slots=True)
class _Decoded:
    size: tuple[int, int]  # as it is seen, before anything was made smaller
    image: Any


def size_of(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels as it is seen; None for what is no whole picture."""
    decoded = _decoded(data)
    return decoded.size if decoded else None


@lru_cache(maxsize=4)
def for_paper(data: bytes, width_pt: float) -> Any:
    """The picture upright, in red, green and blue, as fine as `PRINTED_DPI` at that width."""
    from PIL import Image

    decoded = _decoded(data)
    if decoded is None:
        raise ValueError("this is no picture that can be printed")
    wide = max(1, round(width_pt / 72 * PRINTED_DPI))
    if decoded.image.width <= wide:
        return decoded.image
    high = max(1, round(wide * decoded.size[1] / decoded.size[0]))
    return decoded.image.resize((wide, high), Image.Resampling.LANCZOS, reducing_gap=2.0)


@lru_cache(maxsize=4)
def _decoded(data: bytes) -> _Decoded | None:
    """The whole picture, made smaller already where paper cannot show all of it."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(BytesIO(data))
        with image:
            if image.width * image.height > MOST_PIXELS:
                return None
            width, height = image.size
            image.draft("RGB", (int(_WIDEST), int(_WIDEST)))  # a JPEG is read smaller at once
            upright = ImageOps.exif_transpose(image)
            has_alpha = "A" in upright.getbands() or "transparency" in upright.info
            upright = upright.convert("RGBA" if has_alpha else "RGB")
            if (upright.width > upright.height) != (width > height) and width != height:
                width, height = height, width
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None  # whatever the decoder finds wrong with it, it is no picture for paper
    if upright.width > _WIDEST:
        smaller = round(_WIDEST), max(1, round(_WIDEST * height / width))
        upright = upright.resize(smaller, Image.Resampling.LANCZOS, reducing_gap=2.0)
    return _Decoded((width, height), upright)
