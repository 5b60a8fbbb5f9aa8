"""Characters, fonts, and what happens where they do not meet."""

from __future__ import annotations

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from medsec_desktop.documents import fonts


def test_plain_words_are_one_run() -> None:
    assert fonts.runs("Ada Testperson") == (fonts.Run(fonts.REGULAR, "Ada Testperson"),)


def test_a_sign_from_another_font_cuts_the_run_in_three() -> None:
    assert [run.text for run in fonts.runs("a ☐ b")] == ["a ", "☐", " b"]


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_every_character_is_printed_boxed_or_without_shape(text: str) -> None:
    printed = "".join(run.text for run in fonts.runs(text))

    assert len(printed) == len(fonts.printable(text))
    missing = set(fonts.unprintable(text))
    for character, shown in zip(fonts.printable(text).replace("\n", " "), printed, strict=True):
        assert shown == (fonts.MISSING if character in missing else character)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="abc WWW-ñ漢", max_size=80), st.floats(20, 300))
def test_wrapping_loses_no_sign_and_keeps_to_the_width(text: str, limit: float) -> None:
    lines = fonts.wrapped(text, 10, limit)

    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(fonts.width(line, 10) <= limit for line in lines)


def test_every_kind_of_line_end_is_a_line_end() -> None:
    assert fonts.printable("a\r\nb\rc\u2028d\te") == "a\nb\nc\nd e"


def test_every_control_and_format_character_is_known_to_have_no_shape() -> None:
    for code in range(0x10000):
        if unicodedata.category(chr(code)) in ("Cc", "Cf", "Cs") and code not in (9, 10, 13):
            kept = fonts.printable(f"a{chr(code)}b").replace("\n", "")
            assert kept == "ab", f"U+{code:04X}"
