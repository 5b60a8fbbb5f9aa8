"""Pictures for letters: read from any usual file, made no larger than paper shows, cleaned of the rest.

What is kept has no place, camera or thumbnail in it any more: only its pixels, upright.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from medsec_desktop.problems import Invalid

MOST_PIXELS = 100_000_000  # a file that claims more is not opened: it would take gigabytes
_LONGEST_SIDE = 2400  # pixels: 200 mm at 300 dpi
_PIXELS_A_MM = 300 / 25.4


@dataclass(frozen=True, slots=True)
class LetterPicture:
    """A picture as it is kept, and how wide it prints at 300 dots an inch."""

    content: bytes
    width_mm: float


def letter_picture(content: bytes) -> LetterPicture:
    """The picture of a file's bytes. Raises Invalid for what is none, or is too large to open."""
    from PIL import Image, ImageOps

    try:
        image = Image.open(BytesIO(content))
        width, height = image.size
    except Exception as error:  # Pillow's readers raise what they like
        raise Invalid(
            "This file is no picture the program can read.",
            remedy="Save it as PNG or JPEG and choose that.",
            field="picture",
        ) from error
    if width * height > MOST_PIXELS:
        raise Invalid(
            f"This picture has {width} by {height} points, more than can be opened.",
            remedy="Make it smaller first: 2,400 points across are plenty for paper.",
            field="picture",
        )
    try:
        image.draft("RGB", (_LONGEST_SIDE, _LONGEST_SIDE))  # a JPEG is read smaller from the start
        upright = ImageOps.exif_transpose(image)
        sees_through = "A" in upright.getbands() or "transparency" in upright.info
        upright = upright.convert("RGBA" if sees_through else "RGB")
        upright.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    except Exception as error:  # as above: a file that ends too soon, a damaged palette
        raise Invalid(
            "This picture is damaged.", remedy="Save it anew where it came from.", field="picture"
        ) from error
    kept = BytesIO()
    if image.format == "JPEG":
        upright.convert("RGB").save(kept, "JPEG", quality=92)
    else:
        upright.save(kept, "PNG")
    return LetterPicture(kept.getvalue(), round(max(5.0, upright.width / _PIXELS_A_MM), 1))
