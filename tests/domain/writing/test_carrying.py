"""A letter composed anew keeps what was typed into it."""

from __future__ import annotations

import pytest

from medsec_desktop.domain.writing.carrying import carried_over
from medsec_desktop.domain.writing.document import Block, Paragraph, Text


def blocks(words: str) -> tuple[Block, ...]:
    return tuple(Paragraph((Text(word),)) for word in words.split())


@pytest.mark.parametrize(
    ("typed", "before", "now", "expected", "is_whole"),
    [
        ("dear text sign", "dear text sign", "hello text chen", "hello text chen", True),
        (
            "dear typed text sign",
            "dear text sign",
            "hello text chen",
            "hello typed text chen",
            True,
        ),
        ("mine text sign", "dear text sign", "hello text chen", "mine text chen", False),
        ("dear text", "dear text sign", "dear text chen", "dear text", False),
        ("dear text sign ps", "dear text sign", "dear text", "dear text ps", True),
        ("dear mine text", "dear text", "dear text chen md", "dear mine text chen md", True),
        ("dear text", "dear text", "to dear text", "to dear text", True),
        ("mine dear text", "dear text", "to dear text", "mine to dear text", True),
        ("all mine", "dear text", "hello text", "all mine", False),
        ("", "", "dear", "dear", True),
        ("same same sign", "same same sign", "same other chen", "same other chen", True),
    ],
)
def test_what_changed_is_changed_and_what_was_typed_stays(
    typed: str, before: str, now: str, expected: str, is_whole: bool
) -> None:
    found = carried_over(blocks(typed), blocks(before), blocks(now))

    assert found == (blocks(expected), is_whole)
