"""A document put into the editor is the document that comes out."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QTextDocument

from medsec_desktop.domain.writing.document import (
    Align,
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
    Stretch,
    Style,
    Table,
    Text,
)
from medsec_desktop.ui.letters.editing import storing

words = st.text(
    st.one_of(
        st.sampled_from("ab \n\té{}<>[]&\u00a0\u202f•☐😀अ"),
        st.characters(exclude_categories=("Cs",)),
    ),
    max_size=12,
)
looks = st.builds(Look, st.booleans(), st.booleans(), st.booleans())
names = st.sampled_from(("patient.name", "ask.day", "practice.phone"))
plain = st.one_of(st.builds(Text, words, looks), st.builds(Field, names, looks))
inlines = st.lists(
    st.one_of(plain, st.builds(Stretch, st.lists(plain, max_size=3).map(tuple))), max_size=5
).map(tuple)
checks = st.builds(Check, names, st.sampled_from(("is", "is-not", "at-least", "is-empty")), words)
conditions: Any = st.none() | st.builds(
    Condition, st.lists(checks, max_size=2).map(tuple), st.sampled_from(("all", "any"))
)
paragraphs = st.builds(
    Paragraph,
    inlines,
    st.sampled_from(Style),
    st.sampled_from(Align),
    st.sampled_from(ListKind),
    st.integers(0, 4),
    conditions,
)
cells = st.builds(Cell, st.lists(paragraphs, max_size=2).map(tuple))
tables = st.builds(
    Table,
    st.lists(st.lists(cells, max_size=3).map(tuple), max_size=3).map(tuple),
    st.lists(st.integers(1, 9), max_size=3).map(tuple),
    st.sampled_from(("none", "rows", "grid")),
    st.integers(0, 2),
    conditions,
)
pictures = st.builds(
    Picture,
    st.text("0123456789abcdef", max_size=8),
    st.floats(1, 200),
    words,
    st.sampled_from(Align),
    conditions,
)
inserts = st.builds(Insert, st.sampled_from(("address", "visit", "signature")), conditions)
blocks = st.one_of(
    paragraphs, paragraphs, tables, pictures, inserts, st.builds(PageBreak, conditions)
)
documents = st.builds(Document, st.lists(blocks, max_size=6).map(tuple))


@settings(max_examples=150, deadline=None)
@given(documents)
def test_what_comes_out_is_what_was_put_in(qapp: Any, document: Document) -> None:
    target = QTextDocument()

    storing.fill(target, document)

    assert storing.read(target) == storing.normal(document).blocks


@settings(max_examples=60, deadline=None)
@given(documents, documents)
def test_one_undo_brings_back_what_another_document_was_put_in_place_of(
    qapp: Any, first: Document, second: Document
) -> None:
    target = QTextDocument()
    storing.fill(target, first)

    storing.put(target, second)
    assert storing.read(target) == storing.normal(second).blocks
    target.undo()
    assert storing.read(target) == storing.normal(first).blocks
    target.redo()
    assert storing.read(target) == storing.normal(second).blocks
