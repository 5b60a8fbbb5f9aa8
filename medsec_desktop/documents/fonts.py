"""Fonts for paper: which font prints which character, and which characters no font of ours has.

ReportLab never complains about a missing glyph: a TrueType font prints nothing at all. So every
character is looked up first, a fallback font takes the runs it alone can print, and what nobody can
print becomes a visible box that `unprintable` names.

Text reaches ReportLab as ready fragments, never through its markup parser: `Fee <500>` and
`<img src=…>` are only letters here.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from threading import Lock
from typing import TYPE_CHECKING, Any

from medsec_desktop import paths

if TYPE_CHECKING:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import Paragraph

REGULAR = "NotoSans-Regular"
BOLD = "NotoSans-Bold"
ITALIC = "NotoSans-Italic"
BOLD_ITALIC = "NotoSans-BoldItalic"

# Asked in this order for what the text face lacks: ☐ ☑ ✓ ☎ ★, then ≤ ≥ → ←.
_FALLBACKS = ("NotoSansSymbols2-Regular", "NotoSansMath-Regular")

_LINE_END = re.compile("\r\n|[\r\n\v\f\x85\u2028\u2029]")
MISSING = "□"  # printed, and reported, where no font has the character

_loading = Lock()


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that one font prints."""

    font: str
    text: str


def printable(text: str) -> str:
    """`text` composed (NFC), without the control and format characters that have no shape.

    Line ends stay. A tab becomes a blank. Direction overrides go: they would let a name reorder the
    line it stands in.
    """
    composed = unicodedata.normalize("NFC", "\n".join(_LINE_END.split(text)))
    if composed.isascii() and composed.isprintable():
        return composed
    return "".join(_shape(character) for character in composed)


def unprintable(text: str, face: str = REGULAR) -> tuple[str, ...]:
    """The different characters of `text` that no font of ours can print, in order of appearance."""
    fonts = (face, *_FALLBACKS)
    missing = {c: None for c in printable(text) if c != "\n" and not _font_for(c, fonts)}
    return tuple(missing)


def runs(text: str, face: str = REGULAR) -> tuple[Run, ...]:
    """`text`, one line, cut where the font changes; what no font has is printed as a box."""
    clean = printable(text).replace("\n", " ")
    glyphs = _glyphs(face)
    if all(ord(character) in glyphs for character in clean):
        return (Run(face, clean),) if clean else ()
    fonts = (face, *_FALLBACKS)
    chosen: list[tuple[str, str]] = []
    for character in clean:
        font = _font_for(character, fonts)
        chosen.append((font, character) if font else (_font_for(MISSING, fonts), MISSING))
    return tuple(
        Run(font, "".join(character for _, character in group))
        for font, group in groupby(chosen, key=lambda pair: pair[0])
    )


def width(text: str, size: float, face: str = REGULAR) -> float:
    """How wide `text` prints, in points."""
    return _width(runs(text, face), size)


def advances(text: str, face: str = REGULAR) -> list[float]:
    """How far each character moves on, in thousandths of the size; `text` is `printable`."""
    table = _advances(face)
    return [table[character] for character in text]


def overhang(character: str, face: str = REGULAR) -> float:
    """How far the shape of a character reaches beyond its advance, in thousandths of the size."""
    font = _font_for(character, (face, *_FALLBACKS)) or face
    measured = _measured(font)
    glyph = measured.get_nominal_glyph(ord(character))
    extents = measured.get_glyph_extents(glyph) if glyph is not None else None
    if extents is None:
        return 0.0
    scale = 1000 / measured.face.upem
    reach = (extents.x_bearing + extents.width) * scale
    return max(0.0, float(reach - measured.get_glyph_h_advance(glyph) * scale))


def is_right_to_left(text: str) -> bool:
    """Whether a paragraph begins at the right: its first letter with a direction says so."""
    if text.isascii():
        return False
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False


def wrapped(text: str, size: float, limit: float, face: str = REGULAR) -> tuple[str, ...]:
    """`text` broken at blanks into lines no wider than `limit` points; a longer word is cut."""
    lines: list[str] = []
    line = ""
    for word in printable(text).split():
        longer = f"{line} {word}" if line else word
        if width(longer, size, face) <= limit:
            line = longer
            continue
        if line:
            lines.append(line)
        while width(word, size, face) > limit and len(word) > 1:
            fits = _longest_start(word, size, limit, face)
            lines.append(word[:fits])
            word = word[fits:]
        line = word
    return (*lines, line) if line else tuple(lines)


def draw(
    canvas: Any,
    x: float,
    y: float,
    text: str,
    size: float,
    face: str = REGULAR,
    align: str = "left",
) -> None:
    """Puts one line of text on the canvas, its baseline at `y`; `x` is its left or right end."""
    pieces = runs(text, face)
    if align == "right":
        x -= _width(pieces, size)
    elif align == "centre":
        x -= _width(pieces, size) / 2
    for run in pieces:
        canvas.setFont(run.font, size)
        canvas.drawString(x, y, run.text)
        x += _width((run,), size)


def paragraph(text: str, style: ParagraphStyle) -> Paragraph:
    """`text` as a flowing paragraph in the style's face; line ends in it are kept."""
    from reportlab.platypus import Paragraph

    pieces: list[Any] = []
    for number, line in enumerate(printable(text).split("\n")):
        if number:
            pieces.append(_fragment(style, style.fontName, "", lineBreak=True))
        pieces.extend(_fragment(style, run.font, run.text) for run in runs(line, style.fontName))
    return Paragraph("", style, frags=pieces or [_fragment(style, style.fontName, "")])


def use(*faces: str) -> None:
    """Makes the faces known to ReportLab before a style names them."""
    for face in faces:
        _font(face)


def _width(pieces: tuple[Run, ...], size: float) -> float:
    return float(sum(_font(run.font).stringWidth(run.text, size) for run in pieces))


def _shape(character: str) -> str:
    if character == "\n":
        return character
    if character == "\t":
        return " "
    # Cc control, Cf format (zero width, direction, soft hyphen), Cs half a surrogate pair.
    return "" if unicodedata.category(character) in ("Cc", "Cf", "Cs") else character


def _longest_start(word: str, size: float, limit: float, face: str) -> int:
    fits = 1
    while fits < len(word) and width(word[: fits + 1], size, face) <= limit:
        fits += 1
    return fits


def _font_for(character: str, fonts: tuple[str, ...]) -> str:
    return next((font for font in fonts if ord(character) in _glyphs(font)), "")


def _glyphs(font: str) -> dict[int, int]:
    glyphs: dict[int, int] = _font(font).face.charToGlyph
    return glyphs


class _Advances(dict[str, float]):
    """Advances of a face, each looked up once."""

    def __init__(self, face: str):
        super().__init__({"\n": 0.0})
        self._face = face

    def __missing__(self, character: str) -> float:
        self[character] = found = width(character, 1000, self._face)
        return found


@cache
def _advances(face: str) -> _Advances:
    return _Advances(face)


@cache
def _measured(font: str) -> Any:
    import uharfbuzz

    path = paths.resource("fonts", f"{font}.ttf")
    return uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path))))


def _font(name: str) -> TTFont:
    with _loading:
        return _load(name)


@cache
def _load(name: str) -> TTFont:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    font = TTFont(name, str(paths.resource("fonts", f"{name}.ttf")))
    pdfmetrics.registerFont(font)
    return font


def _fragment(style: ParagraphStyle, font: str, text: str, **more: Any) -> Any:
    from reportlab.platypus.paraparser import ParaFrag

    return ParaFrag(
        fontName=font,
        fontSize=style.fontSize,
        textColor=style.textColor,
        text=text,
        bold=0,
        italic=0,
        rise=0,
        greek=0,
        link=[],
        us_lines=[],
        **more,
    )
