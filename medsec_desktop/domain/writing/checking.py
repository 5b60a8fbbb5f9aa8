"""Whether a template asks only for what there is: each name looked up, each fault told with its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from medsec_desktop.domain.writing.document import (
    Block,
    Condition,
    Document,
    Field,
    Insert,
    Paragraph,
    Question,
    Stretch,
    Table,
    words_of,
)
from medsec_desktop.domain.writing.fields import (
    ASKED,
    is_field,
    no_such_field,
    subject_named,
)
from medsec_desktop.problems import Invalid

_SHOWN = 40  # characters of a text that say where a fault stands


def checked(document: Document) -> Document:
    """The document itself where every name in it is known. Raises Invalid with the place of one that is not."""
    asked: set[str] = set()
    for number, question in enumerate(document.questions):
        _check_question(question, asked, f"questions[{number}]")
        asked.add(f"{ASKED}{question.key}")
    for number, block in enumerate(document.blocks):
        _check_condition(block.when, asked, _Spot(block, number))
        for paragraph, row in _paragraphs_of(block):
            spot = _Spot(block, number, row)
            if paragraph is not block:
                _check_condition(paragraph.when, asked, spot)
            for name in fields_of(paragraph):
                if name not in asked and not is_field(name):
                    raise _unknown(name, spot)
    return document


def fields_of(paragraph: Paragraph) -> Iterator[str]:
    """The names of the merge fields in a paragraph, in order."""
    for inline in paragraph.inlines:
        for part in inline.parts if isinstance(inline, Stretch) else (inline,):
            if isinstance(part, Field):
                yield part.name


def names_in(document: Document) -> frozenset[str]:
    """Every merge field, answer, subject and block a document asks for: what has to be looked up."""
    found: set[str] = set()
    for block in document.blocks:
        if isinstance(block, Insert):
            found.add(block.kind)
        conditions = [block.when]
        for paragraph, _ in _paragraphs_of(block):
            conditions.append(paragraph.when)
            found.update(fields_of(paragraph))
        found.update(check.subject for one in conditions if one for check in one.checks)
    return frozenset(found)


def number_in(text: str) -> float | None:
    """A plain number such as 18 or 2.5; nothing else is one."""
    whole, _, part = text.strip().partition(".")
    digits = whole.removeprefix("-") + part
    return float(text) if digits.isascii() and digits.isdigit() and len(digits) < 16 else None


def _check_question(question: Question, asked: set[str], at: str) -> None:
    key = question.key
    if not (key.isascii() and key.replace("_", "").isalnum()):
        raise Invalid(
            f"The question “{question.prompt}” has no usable name: “{key}”.",
            remedy="Use letters, digits and _ only.",
            field=at,
        )
    if f"{ASKED}{key}" in asked:
        raise Invalid(
            f"Two questions are called “{key}”.",
            remedy="Give each question a name of its own.",
            field=at,
        )
    if not question.prompt.strip():
        raise Invalid(f"The question “{key}” asks nothing.", remedy="Type what it asks.", field=at)
    if question.kind == "choice" and not question.choices:
        raise Invalid(
            f"The question “{question.prompt}” offers nothing to choose from.",
            remedy="Add choices, or ask for text.",
            field=at,
        )


def _check_condition(condition: Condition | None, asked: set[str], spot: _Spot) -> None:
    if condition is None:
        return
    if not condition.checks:
        raise Invalid(
            "A condition asks nothing.",
            f"It belongs to {spot}.",
            "Say when it is printed, or take the condition away.",
            field=spot.at,
        )
    for check in condition.checks:
        subject = subject_named(check.subject)
        if check.how in ("is-filled", "is-empty") and is_field(check.subject):
            continue
        if subject is None and check.subject not in asked:
            raise Invalid(
                f"A condition cannot ask about “{check.subject}”.",
                f"It belongs to {spot}.",
                "Choose from the list of what conditions may ask.",
                field=spot.at,
            )
        if check.how in ("at-least", "below") and number_in(check.value) is None:
            raise Invalid(
                f"A condition compares with “{check.value}”, which is not a number.",
                f"It belongs to {spot}.",
                "Type a number, such as 18.",
                field=spot.at,
            )


def _unknown(name: str, spot: _Spot) -> Invalid:
    if name.startswith(ASKED):
        return Invalid(
            f"Nothing asks the question “{name.removeprefix(ASKED)}”.",
            f"Its answer stands in {spot}.",
            "Add the question, or take the field away.",
            field=spot.at,
        )
    return no_such_field(name, str(spot), spot.at)


def _paragraphs_of(block: Block) -> Iterator[tuple[Paragraph, int]]:
    """The paragraphs of a block, each with the row of its table, 0 outside one."""
    if isinstance(block, Paragraph):
        yield block, 0
    elif isinstance(block, Table):
        for line, row in enumerate(block.rows, 1):
            for cell in row:
                for paragraph in cell.paragraphs:
                    yield paragraph, line


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where something stands in a document; put into words only for a refusal."""

    block: Block
    number: int
    row: int = 0

    @property
    def at(self) -> str:
        return f"blocks[{self.number}]"

    def __str__(self) -> str:
        """As one would say it: paragraph 3, “Dear Ada”."""
        block = self.block
        words = " ".join(words_of(block).split()) if isinstance(block, Paragraph) else ""
        shown = words if len(words) <= _SHOWN else f"{words[:_SHOWN].rstrip()}…"
        name = type(block).__name__
        kind = {"PageBreak": "page break", "Insert": "block"}.get(name, name.lower())
        row = f"row {self.row} of " if self.row else ""
        return f"{row}{kind} {self.number + 1}" + (f", “{shown}”" if shown else "")
