"""Words in several faces, broken into lines."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, chain

from medsec_desktop.documents import fonts
from medsec_desktop.documents.writing.breaking import break_places
from medsec_desktop.domain.writing.document import Field, Inline, Look, Paragraph, Text

# What a line may end at and then leaves out: not the no-break spaces.
_BLANKS = frozenset(
    " \u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u205f\u3000"
)
# Letters to Unicode, but never parted from the one before: the joiner, and the am of Thai and Lao.
_LIKE_MARKS = "\u200d\u0e33\u0eb3"
_STACKING = "\u1039\u17d2"  # Burmese and Khmer: sets the letter that follows below the one before
_OVERHANG = 1000.0  # no letter reaches further beyond its width


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one line in one face."""

    text: str
    face: str = fonts.REGULAR
    is_underlined: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """One line: its spans, whether its paragraph or a typed line end follows, its width in points."""

    spans: tuple[Span, ...]
    is_last: bool
    width: float

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans)


_FACES = {
    (False, False): fonts.REGULAR,
    (True, False): fonts.BOLD,
    (False, True): fonts.ITALIC,
    (True, True): fonts.BOLD_ITALIC,
}


def spans_of(paragraph: Paragraph, *, bold: bool = False) -> tuple[Span, ...]:
    """The words of a paragraph as they print; a field that nobody filled as `{its.name}`."""
    found = (_span(text, look, bold) for text, look in _texts(paragraph.inlines))
    return tuple(span for span in found if span.text)


def broken(spans: tuple[Span, ...], size: float, limit: float) -> tuple[Words, ...]:
    """The lines no wider than `limit` points that the words make, at least one.

    The blanks at which a line ends are part of none.
    """
    text = "".join(span.text for span in spans)
    advances = [0, *accumulate(chain(*(fonts.advances(span.text, span.face) for span in spans)))]
    return tuple(
        Words(_cut(spans, at, end), is_last, (advances[end] - advances[at]) * size / 1000)
        for at, end, is_last in _Filler(text, advances, spans, limit / size * 1000).lines()
    )


def width_of(spans: tuple[Span, ...], size: float) -> float:
    """How wide a line prints, in points."""
    return sum(fonts.width(span.text, size, span.face) for span in spans)


def natural_width(spans: tuple[Span, ...], size: float) -> float:
    """How wide the widest line is where none is broken, in points."""
    widest = line = 0.0
    for span in spans:
        first, *rest = span.text.split("\n")
        line += fonts.width(first, size, span.face)
        for part in rest:
            widest = max(widest, line)
            line = fonts.width(part, size, span.face)
    return max(widest, line)


class _Filler:
    """Fills lines as Qt does with WrapAtWordBoundaryOrAnywhere; lengths are thousandths of an em."""

    def __init__(
        self, text: str, advances: list[float], spans: tuple[Span, ...], limit: float
    ) -> None:
        self._text = text
        self._advances = advances  # from the start of the text up to each character
        self._spans = spans
        self._limit = limit

    def lines(self) -> Iterator[tuple[int, int, bool]]:
        """Where each line's words start and end, and whether a line end follows."""
        start = 0
        for part in self._text.split("\n"):
            end = start + len(part)
            ends = _chunk_ends(part, start)
            at = start
            while True:
                last, after = self._line(end, at, ends, anywhere=False)
                yield at, last, after >= end
                at = after
                if at >= end:
                    break
            start = end + 1

    def _line(self, end: int, start: int, ends: list[int], *, anywhere: bool) -> tuple[int, int]:
        """Where the words of a line end that begins at `start`, and where the next one begins."""
        text, advances = self._text, self._advances
        last = at = start
        while at < end:
            if text[at] in _BLANKS:
                blank = at
                while at < end and text[at] in _BLANKS:
                    at += 1
                if advances[at] - advances[blank] > self._limit:
                    return last, at
                continue
            after = self._after_letter(at, end) if anywhere else ends[bisect_right(ends, at)]
            used = advances[after] - advances[start]
            if used + _OVERHANG > self._limit:
                used += self._overhang(after - 1)
                if used > self._limit and last > start:
                    return last, at
                if used > self._limit and not anywhere:
                    return self._line(end, start, ends, anywhere=True)
            last = at = after
        return last, end

    def _after_letter(self, at: int, end: int) -> int:
        """The end of a letter with its marks."""
        at += 1
        while at < end and (_is_mark(self._text[at]) or self._text[at - 1] in _STACKING):
            at += 1
        return at

    def _overhang(self, at: int) -> float:
        """How far a character's shape reaches beyond where the next one begins."""
        for span in self._spans:
            if at < len(span.text):
                return fonts.overhang(span.text[at], span.face)
            at -= len(span.text)
        return 0.0


def _chunk_ends(text: str, start: int) -> list[int]:
    """Where something that stays together ends: at blanks, and where a line may."""
    places = break_places(text)
    inside = (at for at in range(1, len(text)) if places[at] or text[at] in _BLANKS)
    return [*(start + at for at in inside), start + len(text)]


def _is_mark(character: str) -> bool:
    return character in _LIKE_MARKS or unicodedata.category(character) in ("Mn", "Mc", "Me")


def _cut(spans: tuple[Span, ...], start: int, end: int) -> tuple[Span, ...]:
    found: list[Span] = []
    at = 0
    for span in spans:
        text = span.text[max(0, start - at) : max(0, end - at)]
        if text:
            found.append(Span(text, span.face, span.is_underlined))
        at += len(span.text)
    return tuple(found)


def _texts(inlines: tuple[Inline, ...]) -> Iterator[tuple[str, Look]]:
    for inline in inlines:
        if isinstance(inline, Text):
            yield inline.text, inline.look
        elif isinstance(inline, Field):
            yield f"{{{inline.name}}}", inline.look
        else:
            yield from _texts(inline.parts)


def _span(text: str, look: Look, bold: bool) -> Span:
    face = _FACES[look.bold or bold, look.italic]
    return Span(fonts.printable(text), face, look.underline)
