"""The parts of a document, from the letters of a word up to the whole.

Measures are millimetres on paper. Text is plain text: a `\\n` in it ends a line inside its paragraph, and
nothing in it is markup.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Style(StrEnum):
    """What a paragraph is; how it looks is decided once, by the page and the editor together."""

    SUBJECT = "subject"  # what the letter is about: one line above the text
    BODY = "body"
    HEADING = "heading"
    SUBHEADING = "subheading"
    SMALL = "small"  # notes and conditions at the foot of a text
    CLOSING = "closing"  # "Kind regards,": room for a pen comes after the last of them
    SIGNATURE = "signature"  # who signs; never alone on a page


class Align(StrEnum):
    """Where the lines of a paragraph, or a picture, stand."""

    START = "start"  # left, or right in a script that begins there
    CENTER = "center"
    END = "end"
    JUSTIFY = "justify"


class ListKind(StrEnum):
    """Whether a paragraph is an item of a list; neighbours of one kind and level are one list."""

    NONE = "none"
    BULLET = "bullet"
    NUMBER = "number"
    TICK = "tick"  # an empty box to be ticked by hand


@dataclass(frozen=True, slots=True)
class Look:
    """How a stretch of text differs from its paragraph."""

    bold: bool = False
    italic: bool = False
    underline: bool = False


PLAIN = Look()


@dataclass(frozen=True, slots=True)
class Text:
    """Words as they print."""

    text: str
    look: Look = PLAIN


@dataclass(frozen=True, slots=True)
class Field:
    """A merge field: `name` is of the closed list, or `ask.KEY` for the answer to a question."""

    name: str
    look: Look = PLAIN


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words that disappear together when a field among them is empty."""

    parts: tuple[Text | Field, ...]


Inline = Text | Field | Stretch


@dataclass(frozen=True, slots=True)
class Check:
    """One thing a condition asks: `subject` of the closed list or `ask.KEY`, compared with `value`."""

    subject: str
    how: Literal["is", "is-not", "at-least", "below", "is-filled", "is-empty"]
    value: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """When a block is printed: all of its checks hold, or any of them."""

    checks: tuple[Check, ...]
    needs: Literal["all", "any"] = "all"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words that flow over as many lines as they need. `level` counts lists inside lists from 0."""

    inlines: tuple[Inline, ...] = ()
    style: Style = Style.BODY
    align: Align = Align.START
    list: ListKind = ListKind.NONE
    level: int = 0
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table."""

    paragraphs: tuple[Paragraph, ...] = (Paragraph(),)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells. `shares` are the columns' parts of the width; empty: as their words need.

    `rules` draws no lines, lines between rows under an accent ("rows", such as the box of visit details),
    or a grid. `head_rows` are repeated on the next page. A row goes where merging leaves its last cell
    without words, and the table where that happens to all rows but those of the head.
    """

    rows: tuple[tuple[Cell, ...], ...]
    shares: tuple[int, ...] = ()
    rules: Literal["none", "rows", "grid"] = "rows"
    head_rows: int = 0
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the practice's: `sha256` names it in the encrypted files, `words` say what it shows."""

    sha256: str
    width_mm: float
    words: str = ""
    align: Align = Align.START
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page."""

    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Insert:
    """A block that the program fills in when merging; afterwards it is paragraphs and tables.

    "visit" is the box of the visit's details, "visits" a list of those to come, "coverage" her insurance,
    "address" her address, "signature" the closing's name and title.
    """

    kind: Literal["address", "visit", "visits", "coverage", "signature"]
    when: Condition | None = None


Block = Paragraph | Table | Picture | PageBreak | Insert


@dataclass(frozen=True, slots=True)
class Question:
    """Something asked while merging; the answer is the field `ask.KEY`.

    `kind` "choice" has `choices`; "yes-no" is kept, and asked about by conditions, as "yes" or "no" and
    printed as the letter's own word for it; "date" is kept as YYYY-MM-DD and printed as the letter writes
    dates, and may offer "today" at first.
    """

    key: str
    prompt: str
    kind: Literal["text", "yes-no", "choice", "date"] = "text"
    choices: tuple[str, ...] = ()
    answer: str = ""  # offered at first


@dataclass(frozen=True, slots=True)
class Document:
    """A whole text, in one language (BCP 47 base, such as "en"), with the questions it asks."""

    blocks: tuple[Block, ...] = ()
    language: str = "en"
    questions: tuple[Question, ...] = ()

    @property
    def subject(self) -> str:
        """The words of its subject line, '' where it has none."""
        return " ".join(
            words_of(block)
            for block in self.blocks
            if isinstance(block, Paragraph) and block.style is Style.SUBJECT
        )


def words_of(paragraph: Paragraph) -> str:
    """A paragraph's text as it prints; a field that is not merged yet as `{its.name}`."""
    return "".join(_words(inline) for inline in paragraph.inlines)


def paragraphs_in(document: Document) -> Iterator[Paragraph]:
    """Every paragraph in reading order, those in tables too."""
    for block in document.blocks:
        if isinstance(block, Paragraph):
            yield block
        elif isinstance(block, Table):
            for row in block.rows:
                for cell in row:
                    yield from cell.paragraphs


def plain_text(document: Document) -> str:
    """All its words, a line for each paragraph: for search, comparison and those who hear the screen."""
    return "\n".join(words_of(paragraph) for paragraph in paragraphs_in(document))


def _words(inline: Inline) -> str:
    if isinstance(inline, Text):
        return inline.text
    if isinstance(inline, Field):
        return f"{{{inline.name}}}"
    return "".join(_words(part) for part in inline.parts)
