"""A template and what is known become a letter: what stands, what goes, and what is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsec_desktop.domain.writing.checking import checked, names_in
from medsec_desktop.domain.writing.document import (
    Block,
    Cell,
    Check,
    Condition,
    Document,
    Field,
    Inline,
    Insert,
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
from medsec_desktop.domain.writing.fields import MERGE_FIELDS, SUBJECTS
from medsec_desktop.domain.writing.merging import Filling, Merged, answer_of, holds, merged
from medsec_desktop.problems import Invalid

ADA = {"patient.greeting": "Ada Testperson", "practice.phone": "(413) 555-0142"}
PHONE = Stretch((Text(" at "), Field("practice.phone")))


def paragraph(*inlines: Inline | str, **more: Any) -> Paragraph:
    return Paragraph(tuple(Text(one) if isinstance(one, str) else one for one in inlines), **more)


def text_of(*blocks: Block, **fields: str) -> str:
    values = {name.replace("__", "."): value for name, value in fields.items()}
    return plain_text(merged(Document(blocks), Filling(values)).document)


def test_fields_are_filled_in_and_keep_their_look() -> None:
    bold = Look(bold=True)

    letter = merged(
        Document((paragraph("Dear ", Field("patient.greeting", bold), "!"),)), Filling(ADA)
    )

    (block,) = letter.document.blocks
    assert block == paragraph("Dear ", Text("Ada Testperson", bold), "!")
    assert letter.empty == ()


def test_a_stretch_goes_with_an_empty_field_and_leaves_one_blank() -> None:
    assert text_of(paragraph("Call us", PHONE, ".")) == "Call us."
    assert text_of(paragraph("Call us", PHONE, "."), practice__phone="5") == "Call us at 5."
    between = paragraph("We ", Stretch((Field("practice.fax"),)), " like")
    assert text_of(between) == "We like"
    assert text_of(paragraph(Stretch((Field("practice.fax"),)), " Yours"), practice__fax=" ") == (
        "Yours"
    )


def test_a_line_a_paragraph_and_a_row_left_empty_go_and_a_blank_one_stays() -> None:
    fax = Stretch((Text("Fax "), Field("practice.fax")))
    row = (Cell((paragraph("Fax"),)), Cell((paragraph(fax),)))
    other = (Cell((paragraph("Name"),)), Cell((paragraph("Lakeside"),)))

    assert text_of(paragraph("one\n", fax, "\ntwo")) == "one\ntwo"
    assert text_of(paragraph(fax, "\none\n\ntwo")) == "one\n\ntwo"
    assert text_of(paragraph("one"), paragraph(fax), paragraph(), paragraph("two")) == "one\n\ntwo"
    assert text_of(Table((row, other))) == "Name\nLakeside"
    assert text_of(Table((row, other)), practice__fax="7") == "Fax\nFax 7\nName\nLakeside"
    assert merged(Document((Table((other, row), head_rows=1),)), Filling()).document.blocks == ()


def test_empty_fields_outside_a_stretch_are_told_once() -> None:
    letter = merged(
        Document((paragraph("Fax ", Field("practice.fax"), Field("practice.fax"), PHONE),)),
        Filling(),
    )

    assert letter == Merged(Document((paragraph("Fax "),)), ("practice.fax",), (0,))


@pytest.mark.parametrize(
    ("how", "value", "known", "expected"),
    [
        ("is", "f", "F", True),
        ("is", "M", "F", False),
        ("is", "M", "", False),
        ("is-not", "M", "", True),
        ("at-least", "18", "18", True),
        ("at-least", "18", "17", False),
        ("below", "18", "17", True),
        ("below", "18", "9.5", True),
        ("below", "18", "", False),
        ("at-least", "0", "nan", False),
        ("is-filled", "", " ", False),
        ("is-empty", "", "", True),
    ],
)
def test_a_condition_compares_words_and_numbers(
    how: Any, value: str, known: str, expected: bool
) -> None:
    condition = Condition((Check("patient.age", how, value),))

    assert holds(condition, Filling(subjects={"patient.age": known})) is expected


def test_blocks_stand_by_all_or_any_of_their_checks() -> None:
    both = (Check("patient.age", "below", "18"), Check("coverage.has", "is", "no"))
    child = Filling(subjects={"patient.age": "9", "coverage.has": "yes"})
    document = Document(
        (
            paragraph("all", when=Condition(both)),
            paragraph("any", when=Condition(both, "any")),
            PageBreak(Condition(both[:1])),
            Picture("0" * 64, 20.0, when=Condition(both[1:])),
            Table(((Cell((paragraph("a"),)), Cell((paragraph("b", when=Condition(both)),))),)),
            Table(((Cell((paragraph("b", when=Condition(both)),)), Cell()),)),
        )
    )

    assert merged(document, child).document.blocks == (
        paragraph("any"),
        PageBreak(),
        Table(((Cell(), Cell()),)),
    )


def test_answers_are_fields_and_what_conditions_ask() -> None:
    asked = Document(
        (
            paragraph("On ", Field("ask.day"), when=Condition((Check("ask.day", "is-filled"),))),
            Insert("signature"),
            Insert("visits"),
        ),
        questions=(Question("day", "Which day?"),),
    )
    sign = (paragraph("Robin Chen", style=Style.SIGNATURE),)

    letter = merged(asked, Filling({"ask.day": "Friday"}, blocks={"signature": sign}))

    assert letter.document == Document((paragraph("On Friday"), *sign))
    assert letter.empty == ("visits",)
    assert names_in(asked) == {"ask.day", "signature", "visits"}


def test_answers_are_checked_by_their_kind() -> None:
    today = date(2026, 3, 11)
    day, yes, pick = (
        Question("a", "When?", "date"),
        Question("b", "Sure?", "yes-no"),
        Question("c", "Which?", "choice", ("one", "two")),
    )

    assert answer_of(day, " today ", today) == "2026-03-11"
    assert answer_of(day, "2026-04-01", today) == "2026-04-01"
    assert (answer_of(yes, "yes", today), answer_of(pick, "two", today)) == ("yes", "two")
    assert answer_of(pick, "", today) == ""
    for question, answer in ((day, "soon"), (yes, "maybe"), (pick, "three")):
        with pytest.raises(Invalid, match=question.prompt[:-1]):
            answer_of(question, answer, today)


def asks(*checks: Check) -> Document:
    return Document((paragraph("words", when=Condition(checks)),))


@pytest.mark.parametrize(
    ("document", "told"),
    [
        (
            Document((paragraph("one"), paragraph("Dear ", Field("patient.nam")))),
            "paragraph 2, “Dear {patient.nam}”. Did you mean {patient.name}?",
        ),
        (
            Document((Table(((Cell((paragraph(Field("x.__class__")),)),),)),)),
            "{x.__class__}”. It stands in row 1 of table 1. Choose one",
        ),
        (
            Document((paragraph(Stretch((Field("ask.day"),))),)),
            "Nothing asks the question “day”",
        ),
        (asks(), "A condition asks nothing"),
        (asks(Check("patient.weight", "is", "5")), "cannot ask about “patient.weight”"),
        (asks(Check("patient.name", "is", "Ada")), "cannot ask about “patient.name”"),
        (asks(Check("patient.age", "below", "ten")), "“ten”, which is not a number"),
        (Document(questions=(Question("a b", "?"),)), "no usable name"),
        (Document(questions=(Question("a", "?"), Question("a", "?"))), "Two questions"),
        (Document(questions=(Question("a", " "),)), "asks nothing"),
        (Document(questions=(Question("a", "Which?", "choice"),)), "nothing to choose"),
    ],
)
def test_what_is_not_on_the_lists_is_refused_with_its_place(document: Document, told: str) -> None:
    with pytest.raises(Invalid) as refused:
        merged(document, Filling())

    assert told in str(refused.value)
    assert refused.value.field.startswith(("blocks[", "questions["))


# -- what holds for any template ---------------------------------------------------------------

names = st.sampled_from([field.name for field in MERGE_FIELDS[:8]])
words = st.text(st.characters(exclude_categories=("Cs",)), max_size=10)
pieces = st.one_of(st.builds(Text, words), st.builds(Field, names))
inlines = st.one_of(pieces, st.builds(Stretch, st.lists(pieces, max_size=3).map(tuple)))
conditions = st.none() | st.builds(
    lambda subject, how: Condition((Check(subject.name, how, "x"),)),
    st.sampled_from(SUBJECTS),
    st.sampled_from(["is", "is-not", "is-filled", "is-empty"]),
)
paragraphs = st.builds(Paragraph, st.lists(inlines, max_size=4).map(tuple), when=conditions)
cells = st.builds(Cell, st.lists(paragraphs, min_size=1, max_size=2).map(tuple))
rows = st.lists(cells, min_size=1, max_size=2).map(tuple)
blocks = st.one_of(
    paragraphs, st.builds(Table, st.lists(rows, max_size=2).map(tuple)), st.builds(Insert, st.just("visit"))
)  # fmt: skip
documents = st.builds(Document, st.lists(blocks, max_size=4).map(tuple))
values = st.dictionaries(
    names, st.sampled_from(["", " ", "{practice.phone}", "[[x]]", "<b>&", "a\nb"])
)


@given(documents, values)
def test_a_merged_letter_has_nothing_left_to_merge_and_merging_it_again_changes_nothing(
    document: Document, known: dict[str, str]
) -> None:
    done = merged(document, Filling(known))
    letter = done.document

    assert all(not known.get(name, "").strip() for name in done.empty)
    assert set(done.empty) <= names_in(document)
    assert names_in(letter) == frozenset()
    assert merged(letter, Filling({"practice.phone": "never"})).document == letter


@given(
    words, st.text(st.characters(exclude_characters="\n\r", exclude_categories=("Cs",)), min_size=1)
)
def test_text_and_values_come_out_as_they_went_in(before: str, value: str) -> None:
    if not value.strip():
        value += "x"
    document = Document((paragraph(before, "|", Field("patient.name"), "|"),))

    assert plain_text(merged(document, Filling({"patient.name": value})).document) == (
        f"{before}|{value}|"
    )


def test_checking_gives_the_document_back() -> None:
    document = Document((paragraph(*(Field(field.name) for field in MERGE_FIELDS)),))

    assert checked(document) is document
    examples = {field.name: field.example for field in MERGE_FIELDS}
    assert plain_text(merged(document, Filling(examples)).document) == "".join(examples.values())
