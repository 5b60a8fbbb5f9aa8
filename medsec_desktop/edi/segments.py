"""X12 text cut into segments, whatever its separators, line ends and leftovers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ISA_ELEMENTS = 16
_BLOCK = 1 << 16
_LINE = re.compile(r"[^\r\n]+[\r\n]*|[\r\n]+")
_LEFT_OVER = "\r\n\t \0"
_BLANK = "\ufeff \t\r\n"
_BARE = re.compile(r"(?:GS([*|!^+])[A-Z]{2}|ST([*|!^+])\d{3})\b")


@dataclass(frozen=True, slots=True)
class Separators:
    """What an interchange says it separates with. Source: X12.5, ISA segment, positions 4, 105, 106."""

    element: str = "*"
    component: str = ":"
    segment: str = "~"


@dataclass(slots=True)  # not frozen: a file makes a hundred thousand, each three times as dear
class Segment:
    """One segment: its id, its elements, and which one of the file it is, counted from 1."""

    position: int
    id: str
    elements: tuple[str, ...]
    component: str = ":"

    def __getitem__(self, number: int) -> str:
        """Element `number` counted from 1 as the guides do, '' where it is absent."""
        try:
            return self.elements[number - 1]
        except IndexError:
            return ""


@dataclass(frozen=True, slots=True)
class Stray:
    """Text that belongs to no interchange."""

    position: int
    text: str


def segments(text: str) -> Iterator[Segment | Stray]:
    """Every segment in order; each interchange may separate in its own way.

    A file whose envelope was cut away, so that it begins with GS or ST, is read by the usual signs.
    Line breaks between segments are skipped. Where the segment terminator is a line break itself, any
    kind of line break ends a segment. What stands between interchanges comes as Stray.
    """
    at, position = 0, 0
    bare = _bare(text)
    if bare is not None:
        element, at = bare, len(text)
        inside = text.lstrip(_BLANK)
        following = inside.find(f"ISA{element}")
        if following >= 0:
            inside = inside[:following]
            at = text.index(f"ISA{element}")
        terminator = "~" if "~" in inside else "\n"
        for raw in re.split(r"[\r\n]+" if terminator == "\n" else "~", inside):
            if raw.strip(_LEFT_OVER):
                position += 1
                name, *elements = raw.strip(_LEFT_OVER).split(element)
                yield Segment(position, name.strip().upper(), tuple(elements))
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
        is_header, is_closed = True, False
        element, component = found.element, found.component
        for begins, pieces in _blocks(text, start, found.segment):
            for number, piece in enumerate(pieces):
                raw = piece.strip(_LEFT_OVER)
                if not raw:
                    continue
                name, *elements = raw.split(element)
                if name == "ISA" and elements and not is_header:
                    # The interchange was never closed; the next one begins.
                    is_closed, at = True, begins + _length(pieces[:number])
                    break
                is_header = False
                position += 1
                if not name.isupper():
                    name = name.strip().upper()
                yield Segment(position, name, tuple(elements), component)
                if name == "IEA":
                    is_closed, at = True, begins + _length(pieces[: number + 1])
                    break
            else:
                at = begins + _length(pieces)
            if is_closed:
                break


def _bare(text: str) -> str | None:
    """The element separator of a file that begins with a GS or ST, None for every other."""
    begins = _BARE.match(text.lstrip(_BLANK))
    return (begins[1] or begins[2]) if begins else None


def _separators(text: str, start: int) -> Separators | None:
    """The separators of the interchange at `start`.

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
    return Separators(element, component, terminator)


def _blocks(text: str, at: int, terminator: str) -> Iterator[tuple[int, list[str]]]:
    """The text from `at` cut at its terminators, many pieces at a time, with where their first begins."""
    if terminator == "\n":
        for found in _LINE.finditer(text, at):
            line = found[0]  # its last break is the sign after it
            yield found.start(), [line[:-1] if line[-1] in "\r\n" else line]
        return
    while at < len(text):
        end = text.rfind(terminator, at, at + _BLOCK)
        if end < 0:
            end = text.find(terminator, at)
        if end < 0:
            end = len(text)
        yield at, text[at:end].split(terminator)
        at = end + 1


def _length(pieces: list[str]) -> int:
    """How far pieces reach, each with the sign after it."""
    return sum(map(len, pieces)) + len(pieces)
