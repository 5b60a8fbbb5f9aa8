"""Fonts for paper: which font prints which character, and which characters no font of ours has.

ReportLab never complains about a missing glyph: a TrueType font prints nothing at all. So every
character is looked up first, a fallback font takes the runs it alone can print, and what nobody can
print becomes a visible box that `unprintable` names. Runs that join, stack or go to the left are shaped
(`shaping`, `bidi`); plain words, which is nearly all, are written as they are and cost nothing of it.

Text reaches ReportLab as ready fragments, never through its markup parser: `Fee <500>` and
`<img src=…>` are only letters here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from threading import Lock
from typing import TYPE_CHECKING, Any

from medsec_desktop import paths
from medsec_desktop.documents import bidi, shaping
from medsec_desktop.documents.glyphs import (
    BOLD,
    BOLD_ITALIC,
    FACES,
    ITALIC,
    JOINERS,
    MISSING,
    REGULAR,
    advances_in,
    characters_of,
    font_for,
    overhang,
    printable,
    stays,
)
from medsec_desktop.documents.shaping import Shaped

if TYPE_CHECKING:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import Flowable

__all__ = [
    "BOLD",
    "BOLD_ITALIC",
    "ITALIC",
    "MISSING",
    "REGULAR",
    "Run",
    "advances",
    "draw",
    "draw_piece",
    "is_right_to_left",
    "laid",
    "overhang",
    "paragraph",
    "printable",
    "runs",
    "unprintable",
    "use",
    "width",
    "wrapped",
]

_WORDS = re.compile("[^ ]* |[^ ]+$")  # each with the blank after it
# Each byte as it stands in a string of a PDF.
_ESCAPED = tuple(
    chr(byte) if 32 <= byte < 127 and chr(byte) not in "()\\" else f"\\{byte:03o}"
    for byte in range(256)
)
_ESCAPED_SIGNS = str.maketrans({sign: _ESCAPED[ord(sign)] for sign in "()\\"})
_loading = Lock()


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that one font prints."""

    font: str
    text: str


def unprintable(text: str, face: str = REGULAR) -> tuple[str, ...]:
    """The different characters of `text` that no font of ours can print, in order of appearance."""
    missing = {
        character: None
        for character in printable(text)
        if character != "\n" and character not in JOINERS and not font_for(character, face)
    }
    return tuple(missing)


@lru_cache(maxsize=4096)
def runs(text: str, face: str = REGULAR) -> tuple[Run, ...]:
    """`text`, one line, cut where the font changes; what no font has is printed as a box."""
    clean = printable(text).replace("\n", " ")
    if clean.isascii():
        return (Run(face, clean),) if clean else ()
    glyphs = characters_of(face)
    if all(ord(character) in glyphs for character in clean):
        return (Run(face, clean),) if clean else ()
    chosen: list[tuple[str, str]] = []
    for character in clean:
        font = font_for(character, face)
        if chosen and stays(character, chosen[-1][0]):
            font = chosen[-1][0]
        chosen.append((font, character) if font else (font_for(MISSING, face), MISSING))
    return tuple(
        Run(font, "".join(character for _, character in group))
        for font, group in groupby(chosen, key=lambda pair: pair[0])
    )


def laid(
    spans: Iterable[tuple[str, str]], *, is_rtl: bool | None = None
) -> tuple[tuple[Run | Shaped, int], ...]:
    """One line of (text, face) spans as it is drawn from left to right, each piece with its span.

    `is_rtl` is the direction of the paragraph; None takes it from the line itself.
    """
    return _laid(tuple(spans), is_rtl)


@lru_cache(maxsize=4096)
def _laid(
    spans: tuple[tuple[str, str], ...], is_rtl: bool | None
) -> tuple[tuple[Run | Shaped, int], ...]:
    if not is_rtl and not any(shaping.is_complex(text) for text, _ in spans):
        return tuple(
            (_set(run, is_rtl=False), number)
            for number, (text, face) in enumerate(spans)
            for run in runs(text, face)
        )
    cut = [(run, number) for number, (text, face) in enumerate(spans) for run in runs(text, face)]
    line = "".join(run.text for run, _ in cut)
    if is_rtl is None:
        is_rtl = bidi.is_right_to_left(line)
    levels = bidi.levels(line, is_rtl=is_rtl)
    pieces: list[tuple[Run | Shaped, int]] = []
    depths: list[int] = []
    start = 0
    for run, number in cut:
        end = start + len(run.text)
        for level, group in groupby(range(start, end), key=levels.__getitem__):
            text = "".join(line[at] for at in group)
            pieces.append((_set(Run(run.font, text), is_rtl=level % 2 == 1), number))
            depths.append(level)
        start = end
    return tuple(pieces[at] for at in bidi.visual(depths))


def _set(run: Run, *, is_rtl: bool) -> Run | Shaped:
    """Plain words of a text face as they are; anything else by its shapes."""
    if run.font in FACES and not is_rtl and not shaping.is_complex(run.text):
        return run
    return shaping.shaped(run.font, run.text, is_rtl=is_rtl)


def width(text: str, size: float, face: str = REGULAR) -> float:
    """How wide `text` prints, in points."""
    if shaping.is_complex(text):
        return _width(laid(((text, face),)), size)
    return sum(map(advances_in(face).__getitem__, _clean_line(text))) * size / 1000


def advances(text: str, face: str = REGULAR) -> list[float]:
    """How far each character moves on, in thousandths of the size; `text` is `printable`.

    Of letters that are one shape, the first moves on for all.
    """
    table = advances_in(face)
    if not shaping.is_complex(text):
        return [table[character] for character in text]
    found: list[float] = []
    for number, line in enumerate(text.split("\n")):
        found.extend([0.0] * (1 if number else 0))
        for run in runs(line, face):
            if not shaping.is_complex(run.text):
                found.extend(table[character] for character in run.text)
                continue
            places = [0.0] * len(run.text)
            is_rtl = bidi.is_right_to_left(run.text)
            for glyph in shaping.shaped(run.font, run.text, is_rtl=is_rtl).glyphs:
                places[glyph.place] += glyph.advance
            found.extend(places)
    return found


def is_right_to_left(text: str) -> bool:
    """Whether a paragraph begins at the right: its first letter with a direction says so."""
    return bidi.is_right_to_left(text)


@lru_cache(maxsize=1024)
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
    pieces = laid(((text, face),))
    if align == "right":
        x -= _width(pieces, size)
    elif align == "centre":
        x -= _width(pieces, size) / 2
    for piece, _ in pieces:
        x += draw_piece(canvas, x, y, piece, size, face)


def draw_piece(
    canvas: Any,
    x: float,
    y: float,
    piece: Run | Shaped,
    size: float,
    face: str,
    stretch: float = 0.0,
) -> float:
    """Draws a piece that `laid` gave; gives its width. `face` is the one its text is set in.

    `stretch` points are added to each blank.
    """
    if isinstance(piece, Shaped):
        heavier = face in (BOLD, BOLD_ITALIC) and "Bold" not in piece.font
        return shaping.draw(canvas, x, y, piece, size, heavier=heavier, stretch=stretch)
    if not stretch:
        _draw_plain(canvas, x, y, piece, size)
        return _plain_advance(piece) * size / 1000
    start = x
    for word in _WORDS.findall(piece.text):
        run = Run(piece.font, word)
        _draw_plain(canvas, x, y, run, size)
        x += _plain_advance(run) * size / 1000 + (stretch if word[-1] == " " else 0.0)
    return x - start


def _draw_plain(canvas: Any, x: float, y: float, run: Run, size: float) -> None:
    """Writes words straight onto the page: ReportLab's own way takes five times as long."""
    font, document = _font(run.font), canvas._doc
    start = f"BT 1 0 0 1 {x:.3f} {y:.3f} Tm"
    known = document.fontMapping.get(font.fontName)
    if known and run.text.isascii():  # is what it is in the first part of each font
        words = run.text.translate(_ESCAPED_SIGNS)
        canvas._code.append(f"{start} {known}+0 {size:.6g} Tf ({words}) Tj ET")
        return
    code = [start]
    for subset, part in font.splitString(run.text, document):
        words = "".join(map(_ESCAPED.__getitem__, part))
        code.append(f"{font.getSubsetInternalName(subset, document)} {size:.6g} Tf ({words}) Tj")
    canvas._code.append(" ".join((*code, "ET")))


def paragraph(text: str, style: ParagraphStyle) -> Flowable:
    """`text` as a flowing paragraph in the style's face; line ends in it are kept."""
    from reportlab.platypus import Paragraph

    clean = printable(text)
    lines = [runs(line, style.fontName) for line in clean.split("\n")]
    if shaping.is_complex(clean) or any(run.font not in FACES for line in lines for run in line):
        from medsec_desktop.documents.flowing import ShapedParagraph

        return ShapedParagraph(clean, style)
    pieces: list[Any] = []
    for number, line in enumerate(lines):
        if number:
            pieces.append(_fragment(style, style.fontName, "", lineBreak=True))
        pieces.extend(_fragment(style, run.font, run.text) for run in line)
    return Paragraph("", style, frags=pieces or [_fragment(style, style.fontName, "")])


def use(*faces: str) -> None:
    """Makes the faces known to ReportLab before a style names them."""
    for face in faces:
        _font(face)


def _clean_line(text: str) -> str:
    """What is drawn of one line, where nothing of it is shaped."""
    return printable(text).replace("\n", " ")


def _width(pieces: tuple[tuple[Run | Shaped, int], ...], size: float) -> float:
    return sum(
        piece.advance if isinstance(piece, Shaped) else _plain_advance(piece) for piece, _ in pieces
    ) * (size / 1000)


def _plain_advance(run: Run) -> float:
    table: Mapping[str, float] = advances_in(run.font)
    return sum(map(table.__getitem__, run.text))


def _longest_start(word: str, size: float, limit: float, face: str) -> int:
    fits = 1
    while fits < len(word) and width(word[: fits + 1], size, face) <= limit:
        fits += 1
    return fits


def _font(name: str) -> TTFont:
    with _loading:
        return _load(name)


@cache
def _load(name: str) -> TTFont:
    from reportlab import rl_config
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    rl_config.useA85 = 0  # pages as bytes, not as letters: a fifth smaller, and sooner done
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
