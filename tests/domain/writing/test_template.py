"""A template survives its JSON whole, and a broken or newer one is refused with the part that is wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest

from medsec_desktop.domain.writing.document import Document, Field, Paragraph, Question, Text
from medsec_desktop.domain.writing.template import Template, template_from, template_stored
from medsec_desktop.problems import Invalid

HELLO = Template(
    "hello",
    "es",
    "Hola",
    Document(
        (Paragraph((Text("Hola "), Field("patient.greeting"), Field("ask.more"))),),
        "es",
        (Question("more", "¿Algo más?"),),
    ),
    "visit",
    3,
)


def test_a_template_survives() -> None:
    assert template_from(json.loads(json.dumps(template_stored(HELLO)))) == HELLO


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("format", 1),
        ("format", 3),
        ("key", "Hello"),
        ("key", ""),
        ("language", "en"),
        ("version", "1"),
        ("version", 0),
        ("title", None),
        ("about", "weather"),
        ("colour", "red"),
        ("document", None),
    ],
)
def test_a_wrong_part_is_named(part: str, value: Any) -> None:
    with pytest.raises(Invalid) as refused:
        template_from(template_stored(HELLO) | {part: value})

    assert part in str(refused.value) or refused.value.field in (part, "file", "document.language")


def test_an_unknown_field_is_refused_with_its_place() -> None:
    content = json.loads(
        json.dumps(template_stored(HELLO)).replace("patient.greeting", "patient.x")
    )

    with pytest.raises(Invalid, match=r"no merge field “\{patient.x\}”\. It stands in paragraph 1"):
        template_from(content)
