"""Which font has a character, how wide it is there, and what of a text has a shape at all."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from medsec_desktop.documents import shaping
from medsec_desktop.domain.writing.measures import FALLBACK_FONTS

REGULAR = "NotoSans-Regular"
BOLD = "NotoSans-Bold"
ITALIC = "NotoSans-Italic"
BOLD_ITALIC = "NotoSans-BoldItalic"
FACES = (REGULAR, BOLD, ITALIC, BOLD_ITALIC)

MISSING = "□"  # printed, and reported, where no font has the character
# Zero width joiner and non-joiner: they have no shape, but decide that of their neighbours.
JOINERS = "\u200c\u200d"

_LINE_END = re.compile("\r\n|[\r\n\v\f\x85\u2028\u2029]")
# Categories Cc, Cf and Cs, but the line end: control, format (zero width, direction, soft hyphen), half pairs.
_SHAPELESS = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e"
    "\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb"
    "\U00010000-\U000fffff]"
)


def printable(text: str) -> str:
    """`text` composed (NFC), without the control and format characters that have no shape.

    Line ends stay. A tab becomes a blank. Direction overrides go: they would let a name reorder the
    line it stands in. Joiners stay where they shape a letter.
    """
    composed = unicodedata.normalize("NFC", _LINE_END.sub("\n", text))
    if not _SHAPELESS.search(composed):
        return composed
    return "".join(
        character
        if character in JOINERS and at and shaping.is_complex(composed[at - 1])
        else _shape(character)
        for at, character in enumerate(composed)
    )


@cache
def _fonts_of(face: str) -> tuple[str, ...]:
    weight = "Bold" if face in (BOLD, BOLD_ITALIC) else "Regular"
    return (face, *(name.format(weight) for name in FALLBACK_FONTS))


@lru_cache(maxsize=4096)
def font_for(character: str, face: str) -> str:
    """The first font asked for a character of a text in `face` that has it; '' where none has."""
    return next((font for font in _fonts_of(face) if ord(character) in characters_of(font)), "")


def stays(character: str, font: str) -> bool:
    """Whether a mark or joiner goes with the letter before it: only one font can join them."""
    is_mark = character in JOINERS or unicodedata.category(character) in ("Mn", "Mc", "Me")
    return is_mark and ord(character) in characters_of(font)


@cache
def characters_of(font: str) -> frozenset[int]:
    """The code points a font has a shape for."""
    return frozenset(shaping.measured_font(font).face.unicodes)


class Advances(dict[str, float]):
    """Advances of a face, each looked up once."""

    def __init__(self, face: str):
        super().__init__({"\n": 0.0})
        self._face = face

    def __missing__(self, character: str) -> float:
        font = font_for(character, self._face)
        shape = character if font else MISSING
        measured = shaping.measured_font(font or font_for(MISSING, self._face))
        glyph = measured.get_nominal_glyph(ord(shape))
        found = float(measured.get_glyph_h_advance(glyph) * 1000 / measured.face.upem)
        self[character] = found
        return found


@cache
def advances_in(face: str) -> Advances:
    """The advance of each character as the face, or who stands in for it, prints it."""
    return Advances(face)


def overhang(character: str, face: str = REGULAR) -> float:
    """How far the shape of a character reaches beyond its advance, in thousandths of the size."""
    font = shaping.measured_font(font_for(character, face) or face)
    glyph = font.get_nominal_glyph(ord(character))
    extents = font.get_glyph_extents(glyph) if glyph is not None else None
    if extents is None:
        return 0.0
    beyond = extents.x_bearing + extents.width - font.get_glyph_h_advance(glyph)
    return max(0.0, float(beyond * 1000 / font.face.upem))


def _shape(character: str) -> str:
    if character == "\n":
        return character
    if character == "\t":
        return " "
    # Cc control, Cf format (zero width, direction, soft hyphen), Cs half a surrogate pair.
    return "" if unicodedata.category(character) in ("Cc", "Cf", "Cs") else character
