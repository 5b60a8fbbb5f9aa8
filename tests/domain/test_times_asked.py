"""When a patient could come: as she says it, as it is kept."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from medsec_desktop.domain.calendar.spans import DAY_MIN, Span
from medsec_desktop.domain.calendar.times_asked import (
    parse_times,
    tidied,
    times_from,
    times_on,
    times_text,
    times_words,
)
from medsec_desktop.domain.formats import Formats
from medsec_desktop.problems import Invalid

NOON = 12 * 60
formats = st.sampled_from([Formats(), Formats(clock_24h=True)])
spans = st.tuples(st.integers(0, DAY_MIN - 1), st.integers(1, DAY_MIN)).filter(
    lambda pair: pair[0] < pair[1]
)
times = st.lists(st.tuples(st.integers(0, 6), spans.map(lambda pair: Span(*pair))), max_size=8).map(
    tidied
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", ()),
        ("any day", ()),
        ("mon", ((0, Span(0, DAY_MIN)),)),
        ("Mondays mornings", ((0, Span(0, NOON)),)),
        ("mon thu mornings", ((0, Span(0, NOON)), (3, Span(0, NOON)))),
        (
            "mon, thu am; fri after 3",
            ((0, Span(0, NOON)), (3, Span(0, NOON)), (4, Span(900, 1440))),
        ),
        ("tue and wed 9-12", ((1, Span(540, 720)), (2, Span(540, 720)))),
        ("mon 9-11 am, 2-4", ((0, Span(540, 660)), (0, Span(840, 960)))),
        ("fri 1:30 to 3 pm", ((4, Span(810, 900)),)),
        ("sat before noon", ((5, Span(0, NOON)),)),
        ("mon-wed until 10", tuple((day, Span(0, 600)) for day in range(3))),
        ("fri to sun", tuple((day, Span(0, DAY_MIN)) for day in (4, 5, 6))),
        ("weekdays after 15:30", tuple((day, Span(930, DAY_MIN)) for day in range(5))),
        ("sat 9.30-11 am", ((5, Span(570, 660)),)),
        ("11-1 pm", tuple((day, Span(660, 780)) for day in range(7))),
    ],
)
def test_times_are_understood_as_people_say_them(typed: str, meant: object) -> None:
    assert parse_times(typed, Formats()) == meant


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("blursday", "“blursday” is not a day"),
        ("mon 3", "from then, or until then"),
        ("mon 12-9", "ends before it begins"),
        ("mon after", "“after” is not a day"),
        ("mon 9-", "“9-” is not a day"),
        ("mon - - tue", "not a day"),
        ("mon @ 9", "not a day"),
        ("mon 25-26", "not a time of day"),
    ],
)
def test_what_is_not_understood_is_named(typed: str, says: str) -> None:
    with pytest.raises(Invalid, match=says):
        parse_times(typed, Formats())


@given(times, formats)
@example(tidied([(0, Span(0, 1440)), (1, Span(0, 1))]), Formats())
def test_the_words_of_times_are_understood_as_the_same_times(asked: object, how: Formats) -> None:
    assert parse_times(times_words(asked, how), how) == asked


@given(times)
def test_times_come_back_from_the_store_as_they_went_in(asked: object) -> None:
    assert times_from(times_text(asked)) == asked


@given(st.text(max_size=40))
def test_no_text_does_worse_than_a_sentence(text: str) -> None:
    with suppress(Invalid):
        parse_times(text, Formats())


def test_nothing_asked_is_the_whole_of_any_day() -> None:
    assert times_on((), date(2026, 3, 12)) == (Span(0, DAY_MIN),)
    assert times_on(((0, Span(540, 600)),), date(2026, 3, 12)) == ()
