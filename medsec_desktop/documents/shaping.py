"""Letters that join, stack or change their order: shaped by HarfBuzz, which Qt uses on the screen too.

Shaped text is not written as characters but as glyphs. So that it can still be copied and searched, each
glyph is embedded together with the characters it stands for, in a font of its own that holds no others.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from medsec_desktop import paths

# Combining marks, and the scripts in which neighbours change each other or run to the left.
_COMPLEX = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0590-\u109f\u1100-\u11ff\u135d-\u135f\u1700-\u1cff\u1dc0-\u1dff"
    "\u200c\u200d\u20d0-\u20ff\u302a-\u302f\u3099\u309a\ua800-\uabff\ufb1d-\ufdff\ufe20-\ufe2f"
    "\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
# As the editor sets them: letters of simple scripts stand side by side, as ReportLab prints them.
_NEAR = 0.002  # points; less nobody sees
_HEAVIER = 0.03  # of the size, the line around a letter that stands in for a bold one
_FEATURES = {"kern": False, "liga": False, "clig": False, "calt": False}


@dataclass(frozen=True, slots=True)
class Glyph:
    """A shape and the characters it stands for. Lengths are thousandths of the size.

    `place` is where its characters begin in the run; a shape without any belongs to a neighbour there.
    """

    number: int
    text: str
    advance: float
    dx: float
    dy: float
    place: int


@dataclass(frozen=True, slots=True)
class Shaped:
    """A stretch of text in one font as glyphs, from left to right."""

    font: str
    text: str
    glyphs: tuple[Glyph, ...]
    is_rtl: bool

    @property
    def advance(self) -> float:
        return sum(glyph.advance for glyph in self.glyphs)


def is_complex(text: str) -> bool:
    """Whether the text is more than letters set side by side from left to right."""
    return not text.isascii() and _COMPLEX.search(text) is not None


@lru_cache(maxsize=2048)
def shaped(font: str, text: str, *, is_rtl: bool) -> Shaped:
    """`text`, one run in one direction, as the font joins it."""
    import uharfbuzz

    measured = measured_font(font)
    scale = 1000 / measured.face.upem
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if is_rtl else "ltr"
    uharfbuzz.shape(measured, buffer, _FEATURES)
    raw = list(zip(buffer.glyph_infos, buffer.glyph_positions, strict=True))
    clusters = sorted({info.cluster for info, _ in raw})
    ends = dict(zip(clusters, [*clusters[1:], len(text)], strict=True))
    # Of the shapes of a cluster the widest carries all its characters: marks have no width.
    bearers: dict[int, int] = {}
    for at, (info, position) in enumerate(raw):
        bearer = bearers.setdefault(info.cluster, at)
        if position.x_advance > raw[bearer][1].x_advance:
            bearers[info.cluster] = at
    glyphs = tuple(
        Glyph(
            info.codepoint,
            text[info.cluster : ends[info.cluster]] if bearers[info.cluster] == at else "",
            position.x_advance * scale,
            position.x_offset * scale,
            position.y_offset * scale,
            info.cluster,
        )
        for at, (info, position) in enumerate(raw)
    )
    return Shaped(font, text, glyphs, is_rtl)


@cache
def measured_font(font: str) -> Any:
    """The font as HarfBuzz knows it."""
    import uharfbuzz

    path = paths.resource("fonts", f"{font}.ttf")
    return uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path))))


def draw(
    canvas: Any,
    x: float,
    y: float,
    run: Shaped,
    size: float,
    *,
    heavier: bool = False,
    stretch: float = 0.0,
) -> float:
    """Puts a shaped run on the canvas, its left end at `x`; gives the width it took.

    `heavier` is for a font that has no bold, `stretch` is added to each blank.
    """
    document = canvas._doc
    embedded = _embedded(run.font)
    scale = size / 1000
    code = [f"BT {embedded.name_in(document)} {size:.6g} Tf "]
    outlines = []
    if heavier:
        canvas.setStrokeColor(canvas._fillColorObj)
        code = [f"q {size * _HEAVIER:.4f} w ", *code, "2 Tr "]
    pen = 0.0
    follows = None  # where the glyph would stand that only follows the one before
    for glyph in run.glyphs:
        at, up = x + pen + glyph.dx * scale, y + glyph.dy * scale
        step = glyph.advance * scale + (stretch if glyph.text == " " else 0.0)
        if run.is_rtl and not glyph.text:
            outlines.append(_outline(run.font, glyph.number, at, up, scale))
        else:
            # Whoever copies text out of a PDF turns what runs to the left around, letter by letter.
            text = glyph.text[::-1] if run.is_rtl else glyph.text
            number, advance = embedded.code(document, glyph.number, text)
            if follows is None or abs(at - follows[0]) > _NEAR or abs(up - follows[1]) > _NEAR:
                code.append(f"{'> Tj ' if follows else ''}1 0 0 1 {at:.3f} {up:.3f} Tm <")
            code.append(f"{number:04X}")
            follows = at + advance * scale, up
        pen += step
    if follows:
        code.append("> Tj")
    after = " ET Q" if heavier else " ET"
    words = " ".join(("".join(code) + after, *outlines))
    if not run.is_rtl and not all(glyph.text for glyph in run.glyphs):
        actual = run.text.encode("utf-16-be").hex().upper()
        words = f"/Span <</ActualText <FEFF{actual}>>> BDC {words} EMC"
    canvas._code.append(words)
    return pen


def _outline(font: str, glyph: int, x: float, y: float, scale: float) -> str:
    """A shape that stands for no character, such as the dots of an Arabic letter, as a drawing."""
    pen = _Pen(x, y, scale * 1000 / measured_font(font).face.upem)
    measured_font(font).draw_glyph_with_pen(glyph, pen)
    return " ".join((*pen.code, "f")) if pen.code else ""


class _Pen:
    """Writes an outline as PDF operators. The names are those HarfBuzz calls."""

    def __init__(self, x: float, y: float, scale: float):
        self._x, self._y, self._scale = x, y, scale
        self._at = (0.0, 0.0)
        self.code: list[str] = []

    def moveTo(self, to: tuple[float, float]) -> None:
        self._add("m", to)

    def lineTo(self, to: tuple[float, float]) -> None:
        self._add("l", to)

    def qCurveTo(self, control: tuple[float, float], to: tuple[float, float]) -> None:
        (x, y), (cx, cy), (tx, ty) = self._at, control, to
        self.curveTo(
            ((x + 2 * cx) / 3, (y + 2 * cy) / 3), ((tx + 2 * cx) / 3, (ty + 2 * cy) / 3), to
        )

    def curveTo(
        self, one: tuple[float, float], other: tuple[float, float], to: tuple[float, float]
    ) -> None:
        self._add("c", one, other, to)

    def closePath(self) -> None:
        self.code.append("h")

    def _add(self, operator: str, *points: tuple[float, float]) -> None:
        self._at = points[-1]
        for x, y in points:
            self.code.append(f"{self._x + x * self._scale:.3f} {self._y + y * self._scale:.3f}")
        self.code.append(operator)


@cache
def _embedded(font: str) -> _GlyphFont:
    return _GlyphFont(font)


class _Used:
    """The glyphs of a font that one document shows."""

    def __init__(self, name: str):
        self.name = name
        self.codes: dict[tuple[int, str], int] = {}
        self.advances: list[float] = []


class _GlyphFont:
    """A font in PDF files, by glyph. ReportLab asks it for its objects when a file is closed."""

    def __init__(self, font: str):
        self._font = font
        self._used: WeakKeyDictionary[Any, _Used] = WeakKeyDictionary()

    def name_in(self, document: Any) -> str:
        """What a page calls it."""
        if document not in self._used:
            name = f"/F{len(document.fontMapping) + 1}"
            document.fontMapping[f"{self._font} by glyph"] = name
            document.delayedFonts.append(self)
            self._used[document] = _Used(name)
        return self._used[document].name

    def code(self, document: Any, glyph: int, text: str) -> tuple[int, float]:
        """The number of a glyph in the file, one for each meaning it has there, and its advance."""
        used = self._used[document]
        if (glyph, text) not in used.codes:
            used.codes[glyph, text] = len(used.codes) + 1
            font = measured_font(self._font)
            used.advances.append(font.get_glyph_h_advance(glyph) * 1000 / font.face.upem)
        number = used.codes[glyph, text]
        return number, used.advances[number - 1]

    def addObjects(self, document: Any) -> None:
        from reportlab.pdfbase import pdfdoc

        used = self._used.pop(document)
        data, numbers = _subset(self._font, sorted({glyph for glyph, _ in used.codes}))
        digest = hashlib.md5(data, usedforsecurity=False).digest()
        prefix = "".join(chr(ord("A") + byte % 26) for byte in digest[:6])
        name = f"{prefix}+{self._font}"
        key = f"glyphs:{self._font}"

        def stream(content: bytes, part: str, **entries: Any) -> Any:
            made = pdfdoc.PDFStream(pdfdoc.PDFDictionary(entries), content)
            made.filters = [pdfdoc.PDFZCompress]
            return document.Reference(made, f"{key}:{part}")

        places = bytes(2) + b"".join(numbers[glyph].to_bytes(2, "big") for glyph, _ in used.codes)
        descriptor = pdfdoc.PDFDictionary(
            _descriptor(self._font, name) | {"FontFile2": stream(data, "file", Length1=len(data))}
        )
        system = {"Registry": "(Adobe)", "Ordering": "(Identity)", "Supplement": 0}
        widths = " ".join(f"{advance:.6g}" for advance in used.advances)
        descendant = pdfdoc.PDFDictionary(
            {
                "Type": "/Font",
                "Subtype": "/CIDFontType2",
                "BaseFont": f"/{name}",
                "CIDSystemInfo": pdfdoc.PDFDictionary(system),
                "FontDescriptor": document.Reference(descriptor, f"{key}:descriptor"),
                "DW": 0,
                "W": f"[1 [{widths}]]",
                "CIDToGIDMap": stream(places, "map"),
            }
        )
        font = pdfdoc.PDFDictionary(
            {
                "Type": "/Font",
                "Subtype": "/Type0",
                "BaseFont": f"/{name}",
                "Encoding": "/Identity-H",
                "DescendantFonts": pdfdoc.PDFArray([document.Reference(descendant, f"{key}:cid")]),
                "ToUnicode": stream(_meanings(used), "meanings"),
            }
        )
        reference = document.Reference(font, f"{key}:font")
        document.idToObject["BasicFonts"].dict[used.name[1:]] = reference


def _subset(font: str, glyphs: list[int]) -> tuple[bytes, dict[int, int]]:
    """A font file with these glyphs alone, and their numbers in it."""
    import uharfbuzz

    wanted = uharfbuzz.SubsetInput()
    wanted.sets(uharfbuzz.SubsetInputSets.GLYPH_INDEX).update({0, *glyphs})
    drop = wanted.sets(uharfbuzz.SubsetInputSets.DROP_TABLE_TAG)
    for table in ("GSUB", "GPOS", "GDEF", "BASE", "STAT", "DSIG", "name", "OS/2", "post"):
        drop.add(int.from_bytes(table.encode(), "big"))
    plan = uharfbuzz.SubsetPlan(measured_font(font).face, wanted)
    return plan.execute().blob.data, dict(plan.old_to_new_glyph_mapping)


def _descriptor(font: str, name: str) -> dict[str, Any]:
    measured = measured_font(font)
    scale = 1000 / measured.face.upem
    extents = measured.get_font_extents("ltr")
    up, down = round(extents.ascender * scale), round(extents.descender * scale)
    return {
        "Type": "/FontDescriptor",
        "FontName": f"/{name}",
        "Flags": 4,
        "FontBBox": f"[-1000 {down} 3000 {up}]",
        "ItalicAngle": 0,
        "Ascent": up,
        "Descent": down,
        "CapHeight": 714,
        "StemV": 80,
    }


def _meanings(used: _Used) -> bytes:
    """The CMap from codes to the characters they stand for."""
    lines = [
        f"<{code:04X}> <{text.encode('utf-16-be').hex().upper()}>"
        for (_, text), code in used.codes.items()
        if text
    ]
    parts = [
        f"{len(lines[at : at + 100])} beginbfchar\n"
        + "\n".join(lines[at : at + 100])
        + "\nendbfchar\n"
        for at in range(0, len(lines), 100)
    ]
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{''.join(parts)}endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode("ascii")
