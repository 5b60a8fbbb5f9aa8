"""A day's hours are read as people type them and written so that they read back the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsec_desktop.domain.formats import Formats
from medsec_desktop.domain.weekly_hours import parse_stretches, spell_stretches
from medsec_desktop.problems import Invalid

US, EUROPE = Formats(), Formats("dmy", clock_24h=True)


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("8-12, 1-5", [(8, 12), (13, 17)]),
        ("8 to 12 and 1 to 5", [(8, 12), (13, 17)]),
        ("8am–noon; 1pm–5pm", [(8, 12), (13, 17)]),
        ("9-5", [(9, 17)]),
        ("8-7", [(8, 19)]),
        ("7:30-11:30", [(7.5, 11.5)]),
        ("6pm-12am", [(18, 24)]),
        ("", []),
        ("closed", []),
    ],
)
def test_hours_are_read_as_people_type_them(typed: str, hours: list[tuple[float, float]]) -> None:
    expected = tuple((int(first * 60), int(last * 60)) for first, last in hours)

    assert parse_stretches(typed, US) == expected


def test_on_the_24_hour_clock_a_bare_number_is_the_hour() -> None:
    assert parse_stretches("8-12, 13-17:30", EUROPE) == ((480, 720), (780, 1050))


@pytest.mark.parametrize("typed", ["8", "8-", "8-12-5", "eight to five", "13-12pm", "8-12, 11-5"])
def test_hours_that_make_no_sense_are_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parse_stretches(typed, US)

    assert refusal.value.what.endswith(".")


@given(st.lists(st.integers(0, 1440), min_size=2, max_size=6, unique=True), st.booleans())
def test_what_is_written_reads_back_the_same(marks: list[int], clock_24h: bool) -> None:
    ordered = sorted(marks)
    stretches = tuple(zip(ordered[::2], ordered[1::2], strict=False))
    formats = Formats(clock_24h=clock_24h)

    assert parse_stretches(spell_stretches(stretches, formats), formats) == stretches
