"""A document survives its JSON whole, and a broken one is refused at the place of the fault."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsec_desktop.domain.writing.document import (
    Cell,
    Check,
    Condition,
    Document,
    Field,
    Insert,
    ListKind,
    Look,
    PageBreak,
    Paragraph,
    Picture,
    Question,
    Stretch,
    Style,
    Table,
    Text,
    plain_text,
)
from medsec_desktop.domain.writing.storing import document_from, stored
from medsec_desktop.problems import Invalid

WHOLE = Document(
    blocks=(
        Paragraph((Text("Your visit"),), Style.SUBJECT),
        Paragraph(
            (
                Text("Dear "),
                Field("patient.greeting", Look(bold=True)),
                Stretch((Text(" at "), Field("practice.phone"))),
            )
        ),
        Table(
            rows=((Cell((Paragraph((Text("Day"),)),)), Cell()),),
            shares=(1, 3),
            rules="grid",
            head_rows=1,
            when=Condition((Check("patient.age", "below", "18"),), "any"),
        ),
        Paragraph((Text("photo ID"),), list=ListKind.TICK, level=1),
        Picture("0" * 64, 42.5, "Map of the way here"),
        PageBreak(),
        Insert("signature"),
    ),
    language="es",
    questions=(Question("day", "Which day?", "choice", ("Monday", "Friday"), "Monday"),),
)


def through_json(document: Document) -> Document:
    return document_from(json.loads(json.dumps(stored(document))))


def test_every_part_survives() -> None:
    assert through_json(WHOLE) == WHOLE
    assert WHOLE.subject == "Your visit"
    assert plain_text(WHOLE).splitlines()[1] == "Dear {patient.greeting} at {practice.phone}"


words = st.text(max_size=12)
looks = st.builds(Look, st.booleans(), st.booleans(), st.booleans())
pieces = st.one_of(st.builds(Text, words, looks), st.builds(Field, words, looks))
inlines = st.one_of(pieces, st.builds(Stretch, st.lists(pieces, max_size=3).map(tuple)))
paragraphs = st.builds(
    Paragraph, st.lists(inlines, max_size=4).map(tuple), st.sampled_from(Style), level=st.integers()
)
blocks = st.one_of(
    paragraphs,
    st.builds(Picture, words, st.floats(allow_nan=False, allow_infinity=False), words),
    st.builds(
        Table,
        st.lists(
            st.lists(st.builds(Cell, st.lists(paragraphs, max_size=2).map(tuple)), max_size=2).map(
                tuple
            ),
            max_size=2,
        ).map(tuple),
    ),
)


@given(st.builds(Document, st.lists(blocks, max_size=4).map(tuple), words))
def test_any_document_survives(document: Document) -> None:
    assert through_json(document) == document


def broken(change: dict[str, Any]) -> dict[str, Any]:
    return json.loads(json.dumps(stored(WHOLE))) | change


@pytest.mark.parametrize(
    ("content", "at"),
    [
        ([], "file"),
        (broken({"format": 2}), "format"),
        (broken({"blocks": {}}), "document.blocks"),
        (broken({"blocks": [{"is": "script"}]}), "document.blocks[0]"),
        (broken({"blocks": ["words"]}), "document.blocks[0]"),
        (broken({"blocks": [{"is": "paragraph", "style": "loud"}]}), "document.blocks[0].style"),
        (broken({"blocks": [{"is": "paragraph", "colour": "red"}]}), "document.blocks[0].colour"),
        (
            broken({"blocks": [{"is": "paragraph", "inlines": [{"is": "text", "text": 3}]}]}),
            "document.blocks[0].inlines[0].text",
        ),
        (broken({"blocks": [{"is": "picture", "width_mm": 3}]}), "document.blocks[0].sha256"),
        (broken({"questions": [{"key": "a"}]}), "document.questions[0].prompt"),
    ],
)
def test_a_fault_is_told_with_its_place(content: Any, at: str) -> None:
    with pytest.raises(Invalid) as refused:
        document_from(content)
    assert refused.value.field == at
