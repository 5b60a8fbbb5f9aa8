"""What goes on paper, and where it came to stand. Lengths are points from the lower left corner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from medsec_desktop.documents.writing.lines import Span
from medsec_desktop.domain.writing.document import Document


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes: the practice's name, a line under it, the column of address and numbers, the foot."""

    name: str
    tagline: str = ""
    contact: tuple[str, ...] = ()
    footer: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A merged document with all that stands around its words.

    Without a `letterhead` there is no window address, date or running head either: the words begin at the
    top margin. `pictures` are the bytes of each picture by its sha256. `language` is a BCP 47 tag, for
    screen readers; `page_words` are ("Page", "of") in it. `mark` (DEMO, VOID, COPY) is printed pale
    across each page. `title` and `author` are the file's own; else the subject and the practice.
    """

    document: Document
    letterhead: Letterhead | None = None
    recipient: tuple[str, ...] = ()
    date: str = ""
    paper: str = "letter"
    language: str = "en-US"
    page_words: tuple[str, str] = ("Page", "of")
    mark: str = ""
    title: str = ""
    author: str = ""
    pictures: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of words: its left end, baseline and width, and the block of the document it is of.

    `page` counts from 0. `text` is what it says, without the blanks the break took.
    """

    page: int
    x: float
    baseline: float
    width: float
    text: str
    block: int
    size: float
    spans: tuple[Span, ...] = ()
    is_soft: bool = False
    stretch: float = 0.0  # added to each blank, where both edges are straight
    is_rtl: bool = False


@dataclass(frozen=True, slots=True)
class Stroke:
    """A ruled line of a table, or the frame where a picture is missing."""

    page: int
    x: float
    y: float
    to_x: float
    to_y: float
    thickness: float
    is_accent: bool = False


@dataclass(frozen=True, slots=True)
class Image:
    """A picture and the box it fills."""

    page: int
    x: float
    y: float
    width: float
    height: float
    sha256: str


@dataclass(frozen=True, slots=True)
class Pages:
    """A sheet laid out: how many pages, and all that stands on them.

    `is_close` when it is set closer to stay on one page. `warnings` are sentences for whoever prints.
    """

    count: int
    lines: tuple[Line, ...]
    strokes: tuple[Stroke, ...] = ()
    images: tuple[Image, ...] = ()
    is_close: bool = False
    warnings: tuple[str, ...] = ()
