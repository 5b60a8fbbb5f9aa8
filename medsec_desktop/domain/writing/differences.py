"""What changed between two versions of a document: word by word, conditions and blocks in words too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from medsec_desktop.domain.writing.document import (
    Block,
    Condition,
    Document,
    Insert,
    PageBreak,
    Paragraph,
    Picture,
    Question,
    Table,
    words_of,
)
from medsec_desktop.domain.writing.fields import ASKED, INSERTS, meaning_of, subject_named

_WORD = re.compile(r"\{[^{}\s]+\}|\w+|\s+|[^\w\s]")
_WITH_VERB = ("is", "lies", "goes", "to")
_HOW = {
    "is": "is",
    "is-not": "is not",
    "at-least": "is at least",
    "below": "is below",
    "is-filled": "is filled",
    "is-empty": "is empty",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stayed, went or came."""

    how: Literal["same", "gone", "new"]
    text: str


def differences(before: Document, after: Document) -> tuple[Piece, ...]:
    """The words of both versions in order, each marked as the same, gone or new."""
    old, new = (_WORD.findall(outline(document)) for document in (before, after))
    found: list[Piece] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for how, old_at, old_end, new_at, new_end in matcher.get_opcodes():
        if how == "equal":
            found.append(Piece("same", "".join(old[old_at:old_end])))
            continue
        if old_end > old_at:
            found.append(Piece("gone", "".join(old[old_at:old_end])))
        if new_end > new_at:
            found.append(Piece("new", "".join(new[new_at:new_end])))
    return tuple(found)


def looks_changed(before: Document, after: Document) -> bool:
    """Whether two versions with the same words differ in how they look."""
    return before != after and outline(before) == outline(after)


def outline(document: Document) -> str:
    """All words of a document with its questions, conditions and blocks, a line for each paragraph."""
    return "\n".join((*map(question_said, document.questions), *_lines(document.blocks)))


def condition_said(condition: Condition) -> str:
    """A condition as one would say it: her age in years is below 18 and she is insured: yes."""
    checks = []
    for check in condition.checks:
        subject = subject_named(check.subject)
        asked = subject.meaning if subject else meaning_of(check.subject)
        if check.subject.startswith(ASKED):
            asked = f"the answer to “{check.subject.removeprefix(ASKED)}”"
        value = dict(subject.choices).get(check.value, check.value) if subject else check.value
        asked = asked[:1].lower() + asked[1:]
        how = _HOW[check.how]
        if subject and subject.kind == "choice" and asked.rsplit(" ", 1)[-1] in _WITH_VERB:
            how = "not" if check.how == "is-not" else ""  # "her file is" has its verb already
        words = (asked, how, f"“{value}”" if value else "")
        checks.append(" ".join(word for word in words if word))
    return (" and " if condition.needs == "all" else " or ").join(checks)


def question_said(question: Question) -> str:
    """A question with what may be answered: asks: Which day? (Monday, Friday)."""
    kind = {"text": "", "yes-no": "yes or no", "date": "a date"}.get(question.kind, "")
    offered = ", ".join(question.choices) or kind
    first = f", at first “{question.answer}”" if question.answer else ""
    more = f" ({offered}{first})" if offered or first else ""
    return f"[asks “{question.key}”: {question.prompt}{more}]"


def _lines(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        when = f"[when {condition_said(block.when)}] " if block.when else ""
        if isinstance(block, Paragraph):
            yield f"{when}{words_of(block)}"
        elif isinstance(block, Table):
            if when:
                yield when.strip()
            for row in block.rows:
                yield " | ".join(
                    " ".join(words_of(paragraph) for paragraph in cell.paragraphs) for cell in row
                )
        elif isinstance(block, Picture):
            yield f"{when}[picture: {block.words or block.sha256[:8]}]"
        elif isinstance(block, PageBreak):
            yield f"{when}[new page]"
        elif isinstance(block, Insert):
            yield f"{when}[{INSERTS[block.kind][0].lower()}{INSERTS[block.kind][1:]}]"
