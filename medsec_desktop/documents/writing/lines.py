"""Words in several faces, broken into lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from medsec_desktop.documents import fonts
from medsec_desktop.domain.writing.document import Field, Inline, Look, Paragraph, Text


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one line in one face."""

    text: str
    face: str = fonts.REGULAR
    is_underlined: bool = False


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


def broken(spans: tuple[Span, ...], size: float, limit: float) -> list[tuple[Span, ...]]:
    """The lines no wider than `limit` points that the words make, at least one."""
    text = "".join(span.text for span in spans)
    faces = [span for span in spans for _ in span.text]
    lines: list[tuple[Span, ...]] = []
    start = 0
    for end_of_line in (*(at for at, sign in enumerate(text) if sign == "\n"), len(text)):
        lines.extend(_filled(text, faces, start, end_of_line, size, limit))
        start = end_of_line + 1
    return lines


def width_of(spans: tuple[Span, ...], size: float) -> float:
    """How wide a line prints."""
    return sum(fonts.width(span.text, size, span.face) for span in spans)


def _filled(
    text: str, faces: list[Span], start: int, end: int, size: float, limit: float
) -> Iterator[tuple[Span, ...]]:
    first = last = start
    at = start
    while at < end:
        after = at
        while after < end and text[after] != " ":
            after += 1
        if width_of(_cut(text, faces, first, after), size) > limit and last > first:
            yield _cut(text, faces, first, last)
            first = at
            continue
        while width_of(_cut(text, faces, first, after), size) > limit and after - first > 1:
            fits = first + 1
            while width_of(_cut(text, faces, first, fits + 1), size) <= limit:
                fits += 1
            yield _cut(text, faces, first, fits)
            first = fits
        last = after
        at = after
        while at < end and text[at] == " ":
            at += 1
    yield _cut(text, faces, first, last)


def _cut(text: str, faces: list[Span], start: int, end: int) -> tuple[Span, ...]:
    found: list[Span] = []
    while start < end:
        span = faces[start]
        stop = start
        while stop < end and faces[stop] is span:
            stop += 1
        found.append(Span(text[start:stop], span.face, span.is_underlined))
        start = stop
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
