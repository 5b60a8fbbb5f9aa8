"""What a page carries for a machine: the barcodes of our own forms, how it lies, and how much ink."""

from __future__ import annotations

from dataclasses import dataclass

from medsec_desktop.exchange.documents.pages import Pages

DPI = 200  # at which a code of 22 mm has six pixels a module
_MORE_DPI = 300  # tried where the first look found nothing on a page that is not empty
_DARK = 128


@dataclass(frozen=True, slots=True)
class Look:
    """One page looked at; `turn` is how far clockwise it must be turned to stand upright."""

    codes: tuple[str, ...]
    turn: int
    ink: float  # share of dark pixels, 0 to 1


def look_at(pages: Pages, number: int, prefix: str) -> Look:
    """The codes on a page that begin with `prefix`, most likely one or none."""
    wide = pages.sizes[number][0] / 72
    picture = pages.picture(number, max(1, round(wide * DPI))).convert("L")
    dark = sum(picture.histogram()[:_DARK]) / max(1, picture.width * picture.height)
    found = _read(picture, prefix)
    if not found and dark > 0.002:
        found = _read(pages.picture(number, round(wide * _MORE_DPI)).convert("L"), prefix)
    codes = tuple(dict.fromkeys(text for text, _ in found))
    return Look(codes, found[0][1] if found else 0, dark)


def _read(picture: object, prefix: str) -> list[tuple[str, int]]:
    import zxingcpp

    return [
        (code.text, -90 * round(code.orientation / 90) % 360)
        for code in zxingcpp.read_barcodes(
            picture, formats=zxingcpp.barcode_formats_from_str("QRCode")
        )
        if code.text.startswith(prefix)
    ]
