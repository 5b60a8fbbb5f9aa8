"""Merge fields, templates and the words of a letter."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsec_desktop.domain.formats import Formats
from medsec_desktop.domain.letters import (
    Merged,
    fields_in,
    language_for,
    merge,
    paragraphs_of,
    template_from,
    written_date,
    written_time,
)
from medsec_desktop.domain.writing.fields import MERGE_FIELDS
from medsec_desktop.problems import Invalid

ADA = {"patient.name": "Ms. Ada Testperson", "practice.phone": "(413) 555-0142"}
US = Formats()


def a_template(**changed: Any) -> dict[str, Any]:
    return {
        "format": 1, "key": "hello", "language": "en", "version": 1, "title": "Hello",
        "subject": "Hello {patient.name}", "opening": ["Dear {patient.greeting},"],
        "box": [["Date", "{appointment.date}"]], "paragraphs": ["Come."], "closing": "Bye,",
        "signature": ["{writer.name}"],
    } | changed  # fmt: skip


def test_a_field_is_filled_in() -> None:
    assert merge("Dear {patient.name}!", ADA) == Merged("Dear Ms. Ada Testperson!")


def test_every_field_of_the_list_can_be_filled_in() -> None:
    values = {field.name: field.example for field in MERGE_FIELDS}
    text = " ".join(f"{{{field.name}}}" for field in MERGE_FIELDS)

    assert merge(text, values) == Merged(" ".join(values.values()))


@pytest.mark.parametrize(
    "hostile",
    [
        "{p.__class__}",
        "{patient.name.__class__}",
        "{patient.name!r}",
        "{patient.name:>9999999}",
        "{0}",
        "{patient}",
        "{PATIENT.NAME}",
    ],
)
def test_what_is_not_on_the_list_of_fields_is_refused(hostile: str) -> None:
    with pytest.raises(Invalid, match="There is no merge field") as caught:
        merge(f"Dear {hostile}", ADA)

    assert caught.value.field == hostile[1:-1]


@pytest.mark.parametrize("text", ["{}", "{ patient.name }", "a { b", "} {", "100 % {x y}", "%s"])
def test_braces_that_are_no_field_stay_as_they_are(text: str) -> None:
    assert merge(text, ADA) == Merged(text)


def test_what_a_field_puts_in_is_never_read_for_fields_again() -> None:
    values = {"patient.name": "{practice.phone} [[x]] {p.__class__} \\1", "practice.phone": "555"}

    assert merge("Dear {patient.name}", values).text == f"Dear {values['patient.name']}"


def test_a_stretch_around_an_empty_field_disappears() -> None:
    assert merge("Call us[[ at {practice.phone}]].", {}) == Merged("Call us.")
    assert merge("Call us[[ at {practice.phone}]].", ADA).text == "Call us at (413) 555-0142."


def test_a_line_that_becomes_empty_by_it_goes_too() -> None:
    assert merge("one\n[[• {practice.fax}]]\ntwo", {}) == Merged("one\ntwo")
    assert merge("one\n\ntwo", {}) == Merged("one\n\ntwo")


def test_a_stretch_over_two_lines_disappears_whole() -> None:
    assert merge("one[[\n{practice.fax}\n]]two", {}) == Merged("onetwo")


def test_a_field_empty_outside_a_stretch_is_told() -> None:
    assert merge("Call {practice.phone} or fax {practice.fax}", {"practice.phone": " "}) == Merged(
        "Call   or fax", ("practice.phone", "practice.fax")
    )


@pytest.mark.parametrize("text", ["[[a", "a]]", "[[a[[b]]", "[[a]]]] b"])
def test_a_stretch_without_start_or_end_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="no end"):
        fields_in(text)


@given(st.text(alphabet="ab{}[].p\n ", max_size=60))
def test_merging_any_text_gives_text_or_a_refusal(text: str) -> None:
    try:
        merged = merge(text, ADA)
    except Invalid:
        return
    assert isinstance(merged.text, str)


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_value_is_put_in_as_it_is(before: str, value: str) -> None:
    before = before.replace("{", "").replace("[", "").replace("]", "").replace("\0", "")

    merged = merge(before + "|{patient.name}|", {"patient.name": value})

    assert merged.text == f"{before}|{value}|".strip()


def test_typed_text_is_cut_at_empty_lines_and_around_lists() -> None:
    text = "Please bring:\n• a card\n- a list\n\nThank you\nfor coming.\n \n\n"

    assert paragraphs_of(text) == ("Please bring:", "• a card\n- a list", "Thank you\nfor coming.")


def test_a_template_is_read_whole() -> None:
    template = template_from(a_template())

    assert template.subject == "Hello {patient.name}"
    assert template.box == (("Date", "{appointment.date}"),)


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("subject", None),
        ("subject", 5),
        ("opening", "text"),
        ("opening", [1]),
        ("box", [["only a label"]]),
        ("box", [["label", 5]]),
        ("version", "1"),
        ("language", "xx"),
        ("signature", {}),
    ],
)
def test_a_template_with_a_wrong_part_names_it(part: str, value: Any) -> None:
    with pytest.raises(Invalid) as caught:
        template_from(a_template(**{part: value}))

    assert caught.value.field == part


@pytest.mark.parametrize("part", ["subject", "closing"])
def test_a_template_with_an_unknown_field_is_refused(part: str) -> None:
    with pytest.raises(Invalid, match="There is no merge field"):
        template_from(a_template(**{part: "{p.__class__}"}))


@pytest.mark.parametrize("content", [None, [], "text", {"format": 2}, {}])
def test_something_else_is_no_template(content: Any) -> None:
    with pytest.raises(Invalid):
        template_from(content)


@pytest.mark.parametrize(
    ("language", "formats", "text"),
    [
        ("en", US, "Thursday, March 12, 2026"),
        ("en", Formats(date_order="dmy"), "Thursday, 12 March 2026"),
        ("es", US, "jueves, 12 de marzo de 2026"),
    ],
)
def test_dates_are_written_in_the_letters_language(
    language: str, formats: Formats, text: str
) -> None:
    assert written_date(date(2026, 3, 12), language, formats, weekday=True) == text


@pytest.mark.parametrize(
    ("hour", "language", "formats", "text"),
    [
        (0, "en", US, "12:05\u00a0AM"),
        (12, "en", US, "12:05\u00a0PM"),
        (15, "es", US, "3:05\u00a0p.\u00a0m."),
        (15, "en", Formats(clock_24h=True), "15:05"),
    ],
)
def test_times_are_written_in_the_letters_language(
    hour: int, language: str, formats: Formats, text: str
) -> None:
    assert written_time(datetime(2026, 3, 12, hour, 5), language, formats) == text


@pytest.mark.parametrize(
    ("tag", "language"), [("es", "es"), ("es-MX", "es"), ("ES_mx", "es"), ("", "en"), ("vi", "en")]
)
def test_one_writes_in_her_language_where_it_is_known(tag: str, language: str) -> None:
    assert language_for(tag) == language
