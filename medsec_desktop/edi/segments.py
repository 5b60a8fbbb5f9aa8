"""X12 text cut into segments, whatever its separators, line ends and leftovers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

_ISA_ELEMENTS = 16


@dataclass(frozen=True, slots=True)
class Separators:
    """What an interchange says it separates with. Source: X12.5, ISA segment, positions 4, 105, 106."""

    element: str = "*"
    component: str = ":"
    segment: str = "~"


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment: its id, its elements, and which one of the file it is, counted from 1."""

    position: int
    id: str
    elements: tuple[str, ...]
    component: str = ":"

    def __getitem__(self, number: int) -> str:
        """Element `number` counted from 1 as the guides do, '' where it is absent."""
        return self.elements[number - 1] if 0 < number <= len(self.elements) else ""


@dataclass(frozen=True, slots=True)
class Stray:
    """Text that belongs to no interchange."""

    position: int
    text: str


def looks_like_x12(text: str) -> bool:
    """Whether `text` begins, after blanks and a byte order mark, with an interchange header."""
    start = text.lstrip("\ufeff \t\r\n")[:4]
    return start[:3] == "ISA" and len(start) == 4 and not start[3].isalnum()


def segments(text: str) -> Iterator[Segment | Stray]:
    """Every segment in order; each interchange may separate in its own way.

    Line breaks between segments are skipped. Where the segment terminator is a line break itself, any
    kind of line break ends a segment. What stands between interchanges comes as Stray.
    """
    at, position = 0, 0
    while True:
        start = text.find("ISA", at)
        between = text[at : start if start >= 0 else len(text)]
        if between.strip("\ufeff \t\r\n\0\x1a"):
            yield Stray(position, between.strip()[:60])
        if start < 0:
            return
        found = _separators(text, start)
        if found is None:
            yield Stray(position, text[start : start + 60])
            at = start + 3
            continue
        separators, end_of_header = found
        at = start
        while at < len(text):
            piece, after = _until(text, at, separators.segment)
            raw = piece.strip("\r\n\t \0")
            at = after
            if not raw:
                continue
            position += 1
            name, *elements = raw.split(separators.element)
            yield Segment(position, name.strip(), tuple(elements), separators.component)
            if name.strip() == "IEA":
                break
            if after > end_of_header and text[after : after + 200].lstrip("\r\n\t ").startswith(
                f"ISA{separators.element}"
            ):
                break  # the interchange was never closed; the next one begins


def _separators(text: str, start: int) -> tuple[Separators, int] | None:
    """The separators of the interchange at `start`, and where its header ends.

    The header has fixed width, but some senders trim the blanks: then the element separator, counted,
    finds the end.
    """
    element = text[start + 3 : start + 4]
    if not element or element.isalnum() or element.isspace():
        return None
    at = start + 3
    for _ in range(_ISA_ELEMENTS - 1):
        at = text.find(element, at + 1, start + 300)
        if at < 0:
            return None
    component = text[at + 1 : at + 2]
    terminator = text[at + 2 : at + 3]
    if not component or not terminator:
        return None
    if terminator in "\r\n":
        terminator = "\n"
    if terminator == element or terminator.isalnum():
        return None
    return Separators(element, component, terminator), at + 3


def _until(text: str, at: int, terminator: str) -> tuple[str, int]:
    """The text up to the terminator, and where to go on."""
    if terminator == "\n":
        ends = [end for end in (text.find("\n", at), text.find("\r", at)) if end >= 0]
        end = min(ends, default=-1)
    else:
        end = text.find(terminator, at)
    return (text[at:], len(text)) if end < 0 else (text[at:end], end + 1)
