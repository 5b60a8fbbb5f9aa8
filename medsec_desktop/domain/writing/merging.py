"""Merging: a template and what is known become a letter with nothing left to fill in.

Nothing is evaluated. A field is a name of the closed list, a condition compares one word or number with
another, and what a field puts in becomes plain `Text` that nobody reads again: a patient who calls herself
`{practice.phone}` prints as just that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from medsec_desktop.domain.writing.checking import checked, number_in
from medsec_desktop.domain.writing.document import (
    Block,
    Cell,
    Check,
    Condition,
    Document,
    Field,
    Inline,
    Insert,
    Paragraph,
    Question,
    Table,
    Text,
    words_of,
)
from medsec_desktop.domain.writing.fields import ASKED
from medsec_desktop.problems import Invalid

TODAY = "today"  # what a date question may offer at first


@dataclass(frozen=True, slots=True)
class Filling:
    """What one letter is filled in from.

    `fields` are the words by merge field, `ask.KEY` among them; `subjects` what conditions ask about, as
    values and not as words ("F", "no-show", "yes"); `blocks` what stands for each kind of `Insert`.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    subjects: Mapping[str, str] = field(default_factory=dict)
    blocks: Mapping[str, tuple[Block, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Merged:
    """A letter, and the fields and blocks that had nothing to put in and left a hole.

    `starts` says of each block of the template at which block of the letter begins what it became.
    """

    document: Document
    empty: tuple[str, ...] = ()
    starts: tuple[int, ...] = ()


def merged(document: Document, filling: Filling) -> Merged:
    """The document with every field, block and condition of it settled.

    A `Stretch` goes when a field in it is empty; a line, a paragraph or a table row left without words by
    that goes too. Raises Invalid for a name that is not on the lists.
    """
    checked(document)
    work = _Work(filling)
    blocks: list[Block] = []
    starts = []
    for block in document.blocks:
        starts.append(len(blocks))
        blocks.extend(work.blocks((block,)))
    letter = replace(document, blocks=tuple(blocks), questions=())
    return Merged(letter, tuple(dict.fromkeys(work.empty)), tuple(starts))


def holds(condition: Condition | None, filling: Filling) -> bool:
    """Whether what the condition asks is so; no condition always is.

    What is not known is neither some value nor at least or below a number.
    """
    if condition is None:
        return True
    answers = (_is_so(check, filling) for check in condition.checks)
    return all(answers) if condition.needs == "all" else any(answers)


def answer_of(question: Question, answer: str, today: date) -> str:
    """An answer as it is kept: trimmed, a date as ISO, yes or no as "yes" or "no", '' where there is none.

    Raises Invalid naming the question where it is none of those it may be.
    """
    answer = answer.strip()
    if not answer:
        return ""
    if question.kind == "date":
        if answer == TODAY:
            return today.isoformat()
        try:
            return date.fromisoformat(answer).isoformat()
        except ValueError as error:
            raise _bad_answer(question, f"“{answer}” is not a date.") from error
    allowed = {"yes-no": ("yes", "no"), "choice": question.choices}.get(question.kind)
    if allowed is not None and answer not in allowed:
        raise _bad_answer(question, f"“{answer}” is not one of: {', '.join(allowed)}.")
    return answer


class _Work:
    """One merging: what it is filled from, and what was found empty."""

    def __init__(self, filling: Filling):
        self._filling = filling
        self.empty: list[str] = []

    def blocks(self, blocks: Iterable[Block]) -> Iterator[Block]:
        for block in blocks:
            if not holds(block.when, self._filling):
                continue
            if isinstance(block, Insert):
                yield from self._insert(block)
            elif isinstance(block, Paragraph):
                found = self._paragraph(block)
                if found is not None:
                    yield found
            elif isinstance(block, Table):
                table = self._table(block)
                if table is not None:
                    yield table
            else:
                yield replace(block, when=None)

    def _insert(self, block: Insert) -> tuple[Block, ...]:
        found = self._filling.blocks.get(block.kind, ())
        if not found:
            self.empty.append(block.kind)
        return found

    def _table(self, table: Table) -> Table | None:
        rows = []
        for number, row in enumerate(table.rows):
            cells = tuple(self._cell(cell) for cell in row)
            # A row is about what stands in its last cell: the label before it goes with it.
            is_left_empty = bool(row) and _has_words(row[-1]) and not _has_words(cells[-1])
            if number < table.head_rows or not is_left_empty:
                rows.append(cells)
        if len(rows) <= table.head_rows < len(table.rows):
            return None
        return replace(table, rows=tuple(rows), when=None)

    def _cell(self, cell: Cell) -> Cell:
        found = (self._paragraph(one) for one in cell.paragraphs if holds(one.when, self._filling))
        return Cell(tuple(one for one in found if one is not None) or (Paragraph(),))

    def _paragraph(self, paragraph: Paragraph) -> Paragraph | None:
        """The paragraph filled in; None where nothing is left of one that had words."""
        lines: list[list[Text]] = [[]]
        gone: set[int] = set()
        for inline in paragraph.inlines:
            pieces = self._filled(inline)
            if pieces is None:
                gone.add(len(lines) - 1)
                continue
            for piece in pieces:
                first, *rest = piece.text.split("\n")
                if len(lines) - 1 in gone and (not lines[-1] or lines[-1][-1].text.endswith(" ")):
                    first = first.removeprefix(" ")  # one blank between words, not two
                lines[-1].append(replace(piece, text=first))
                lines.extend([replace(piece, text=line)] for line in rest)
        kept = [line for number, line in enumerate(lines) if number not in gone or _said(line)]
        inlines = _joined(kept)
        if not _said(inlines) and any(_may_say(inline) for inline in paragraph.inlines):
            return None
        return replace(paragraph, inlines=tuple(inlines), when=None)

    def _filled(self, inline: Inline) -> tuple[Text, ...] | None:
        """The words of one inline; None for a stretch that goes."""
        if isinstance(inline, Text):
            return (inline,)
        if isinstance(inline, Field):
            value = self._value(inline)
            if not value.strip():
                self.empty.append(inline.name)
            return (Text(value, inline.look),)
        names = [part for part in inline.parts if isinstance(part, Field)]
        if not all(self._value(part).strip() for part in names):
            return None
        return tuple(
            part if isinstance(part, Text) else Text(self._value(part), part.look)
            for part in inline.parts
        )

    def _value(self, part: Field) -> str:
        return self._filling.fields.get(part.name, "").replace("\r\n", "\n")


def _joined(lines: list[list[Text]]) -> list[Text]:
    """Lines as one run of text, neighbours of one look together and nothing empty."""
    found: list[Text] = []
    for number, line in enumerate(lines):
        for place, piece in enumerate(line):
            text = f"\n{piece.text}" if number and not place else piece.text
            if found and found[-1].look == piece.look:
                found[-1] = replace(found[-1], text=found[-1].text + text)
            elif text:
                found.append(replace(piece, text=text))
    return found


def _said(pieces: Iterable[Text]) -> bool:
    return any(piece.text.strip() for piece in pieces)


def _may_say(inline: Inline) -> bool:
    return not isinstance(inline, Text) or bool(inline.text.strip())


def _has_words(cell: Cell) -> bool:
    return any(words_of(paragraph).strip() for paragraph in cell.paragraphs)


def _is_so(check: Check, filling: Filling) -> bool:
    subjects, fields = filling.subjects, filling.fields
    known = subjects.get(check.subject, "") or fields.get(check.subject, "")
    known = known.strip()
    if check.how == "is-filled":
        return bool(known)
    if check.how == "is-empty":
        return not known
    if check.how in ("is", "is-not"):
        is_it = known.casefold() == check.value.strip().casefold()
        return is_it if check.how == "is" else not is_it
    number, limit = number_in(known), number_in(check.value)
    if number is None or limit is None:
        return False
    return number >= limit if check.how == "at-least" else number < limit


def _bad_answer(question: Question, why: str) -> Invalid:
    return Invalid(f"{question.prompt}: {why}", field=f"{ASKED}{question.key}")
