"""A letter as the fixed parts it had before it was a document, and a document from such parts.

Drafts parked by earlier versions are kept in these parts, and fields of plain text show a document by them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

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
    words_of,
)

BULLET = "• "
_BULLETS = (BULLET, "- ", "* ")
_BOLD = Look(bold=True)


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a letter from top to bottom, each plain text.

    `opening` stands above the ruled box of labels and values, `paragraphs` below it. A paragraph whose
    lines all start with • is a list.
    """

    subject: str = ""
    opening: tuple[str, ...] = ()
    box: tuple[tuple[str, str], ...] = ()
    paragraphs: tuple[str, ...] = ()
    closing: str = ""
    signature: tuple[str, ...] = ()


def document_of(parts: Parts, language: str) -> Document:
    """The parts as a document."""
    blocks: list[Block] = []
    if parts.subject:
        blocks.append(_said(parts.subject, Style.SUBJECT))
    blocks.extend(_paragraphs(parts.opening))
    if parts.box:
        blocks.append(box_of(parts.box))
    blocks.extend(_paragraphs(parts.paragraphs))
    if parts.closing:
        blocks.append(_said(parts.closing, Style.CLOSING))
    blocks.extend(_said(line, Style.SIGNATURE) for line in parts.signature)
    return Document(tuple(blocks), language)


def box_of(rows: Iterable[tuple[str, str]], shares: tuple[int, ...] = ()) -> Table:
    """Labels and values between rules, such as the details of a visit."""
    return Table(
        tuple(
            (Cell((_said(label),)), Cell((Paragraph((Text(value, _BOLD),)),)))
            for label, value in rows
        ),
        shares,
    )


def with_subject(document: Document, subject: str) -> Document:
    """The document with another subject line; '' takes it away."""
    rest = tuple(
        block
        for block in document.blocks
        if not (isinstance(block, Paragraph) and block.style is Style.SUBJECT)
    )
    line = (_said(subject, Style.SUBJECT),) if subject else ()
    return replace(document, blocks=(*line, *rest))


def with_foot(document: Document, lines: Iterable[str]) -> Document:
    """The document with small lines below everything, such as its enclosures."""
    foot = tuple(_said(line, Style.SMALL) for line in lines)
    # A blank line before them, so that they do not pass for a part of the signature.
    return replace(document, blocks=(*document.blocks, Paragraph(), *foot)) if foot else document


def with_details(
    blocks: tuple[Block, ...], was: tuple[Block, ...], now: tuple[Block, ...]
) -> tuple[Block, ...]:
    """The blocks with those in a row that are `was` become `now`; where they were changed, as they are."""
    for place in range(len(blocks) - len(was) + 1 if was else 0):
        if blocks[place : place + len(was)] == was:
            return (*blocks[:place], *now, *blocks[place + len(was) :])
    return blocks


def parts_of(document: Document) -> Parts:
    """A merged document in parts; looks, headings and tables but the first keep their words only."""
    subject, closing, signature = [], [], []
    texts: list[str] = []
    opening: tuple[str, ...] = ()
    box: tuple[tuple[str, str], ...] | None = None
    in_list = False
    for block in document.blocks:
        if isinstance(block, Table):
            rows = _rows(block)
            if box is None and all(len(row) == 2 for row in rows):
                box, opening, texts = tuple((row[0], row[1]) for row in rows), tuple(texts), []
            else:
                texts.extend(" · ".join(row) for row in rows)
            in_list = False
            continue
        if not isinstance(block, Paragraph):
            continue
        words = words_of(block)
        if block.style is Style.SUBJECT:
            subject.append(words)
        elif block.style is Style.CLOSING:
            closing.append(words)
        elif block.style is Style.SIGNATURE:
            signature.append(words)
        elif block.list is not ListKind.NONE:
            line = f"{BULLET}{' '.join(words.split())}"
            if in_list:
                texts[-1] += f"\n{line}"
            else:
                texts.append(line)
            in_list = True
            continue
        elif words.strip():
            texts.append(words)
        in_list = False
    if box is None:
        opening, texts = tuple(texts[:1]), texts[1:]
    return Parts(
        " ".join(subject), opening, box or (), tuple(texts), "\n".join(closing), tuple(signature)
    )


def _said(text: str, style: Style = Style.BODY, kind: ListKind = ListKind.NONE) -> Paragraph:
    return Paragraph((Text(text),) if text else (), style, list=kind)


def _paragraphs(texts: Iterable[str]) -> Iterable[Paragraph]:
    for text in texts:
        lines = [line.strip() for line in text.strip().split("\n")]
        if all(line.startswith(_BULLETS) for line in lines):
            for line in lines:
                yield _said(line[2:].strip(), kind=ListKind.BULLET)
        else:
            yield _said("\n".join(lines))


def _rows(table: Table) -> list[tuple[str, ...]]:
    return [
        tuple("\n".join(words_of(one) for one in cell.paragraphs) for cell in row)
        for row in table.rows
    ]
