"""A letter by its parts, as the tests of paper say it: subject, paragraphs, box and signature."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from medsec_desktop.documents.writing import Letterhead, Sheet, pdf_of
from medsec_desktop.domain.writing.document import (
    Block,
    Cell,
    Document,
    ListKind,
    Look,
    Paragraph,
    Style,
    Table,
    Text,
)

BULLETS = ("• ", "- ", "* ")  # a line that starts so is an item of a list


@dataclass(frozen=True, slots=True)
class Letter:
    """Every word of a letter, already merged, in the order it is read; all of it is plain text.

    `opening` and `paragraphs` are whole paragraphs; line ends inside one are kept, and a paragraph
    whose lines all start with a bullet is set as a list. `box` is the ruled table between them, rows
    of a label and what stands against it. `page_words` is ("Page", "of") in the letter's language.
    `mark` is printed pale across each sheet. `language` is a BCP 47 tag, for screen readers.
    """

    letterhead: Letterhead
    recipient: tuple[str, ...]
    date: str
    subject: str = ""
    opening: tuple[str, ...] = ()
    box: tuple[tuple[str, str], ...] = ()
    paragraphs: tuple[str, ...] = ()
    closing: str = ""
    signature: tuple[str, ...] = ()
    paper: str = "letter"
    language: str = "en-US"
    page_words: tuple[str, str] = ("Page", "of")
    mark: str = ""


def letter_pdf(letter: Letter) -> bytes:
    """The letter as PDF: fonts embedded and subset, and the same bytes for the same words."""
    return pdf_of(sheet_of(letter))


def sheet_of(letter: Letter) -> Sheet:
    """The letter as the sheet that is laid out and printed."""
    return Sheet(
        Document(tuple(_blocks(letter)), letter.language.split("-")[0]),
        letterhead=letter.letterhead,
        recipient=letter.recipient,
        date=letter.date,
        paper=letter.paper,
        language=letter.language,
        page_words=letter.page_words,
        mark=letter.mark,
    )


def _blocks(letter: Letter) -> Iterator[Block]:
    if letter.subject:
        yield _says(letter.subject, Style.SUBJECT)
    for text in letter.opening:
        yield from _paragraphs(text)
    if letter.box:
        yield Table(tuple(_row(label, value) for label, value in letter.box))
    for text in letter.paragraphs:
        yield from _paragraphs(text)
    if letter.closing:
        yield _says(letter.closing, Style.CLOSING)
    for line in letter.signature:
        if line.strip():
            yield _says(line, Style.SIGNATURE)


def _paragraphs(text: str) -> Iterator[Paragraph]:
    """A paragraph, or one for each item where every line is an item of a list."""
    lines = [line.strip() for line in text.strip().split("\n")]
    if all(line.startswith(BULLETS) for line in lines):
        for line in lines:
            yield Paragraph((Text(line[2:].strip()),), list=ListKind.BULLET)
    else:
        yield _says("\n".join(lines))


def _says(text: str, style: Style = Style.BODY) -> Paragraph:
    return Paragraph((Text(text),), style)


def _row(label: str, value: str) -> tuple[Cell, Cell]:
    bold = Paragraph((Text(value, Look(bold=True)),))
    return Cell((_says(label),)), Cell((bold,))
