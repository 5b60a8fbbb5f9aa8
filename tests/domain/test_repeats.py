from __future__ import annotations

from datetime import date, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from medsec_desktop.domain.calendar.repeats import Repeat, days_of
from medsec_desktop.problems import Invalid

START = date(2026, 1, 30)  # a Friday


def test_something_every_other_week_stands_in_the_weeks_between_not_at_all() -> None:
    days = days_of("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR", START, None, START, date(2026, 3, 1))

    assert days == [date(2026, 1, 30), date(2026, 2, 9), date(2026, 2, 13), date(2026, 2, 23),
                    date(2026, 2, 27)]  # fmt: skip


def test_monthly_on_the_thirtieth_leaves_february_out() -> None:
    days = days_of("FREQ=MONTHLY", START, None, START, date(2026, 4, 30))

    assert days == [START, date(2026, 3, 30), date(2026, 4, 30)]


def test_the_last_friday_of_a_month_is_found() -> None:
    days = days_of("FREQ=MONTHLY;BYDAY=-1FR", START, None, date(2026, 2, 1), date(2026, 3, 31))

    assert days == [date(2026, 2, 27), date(2026, 3, 27)]


def test_what_does_not_repeat_stands_on_its_day_alone() -> None:
    assert days_of("", START, None, START - timedelta(3), START + timedelta(3)) == [START]
    assert days_of("", START, None, START + timedelta(1), START + timedelta(3)) == []


def test_a_repeat_ends_with_its_last_day() -> None:
    assert days_of("FREQ=DAILY", START, START + timedelta(1), START, date(2026, 3, 1)) == [
        START,
        START + timedelta(1),
    ]


@pytest.mark.parametrize(
    "rule",
    ["FREQ=HOURLY", "FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=XX", "FREQ=DAILY;INTERVAL=0", "FREQ=MONTHLY;"
     "BYDAY=7FR", "FREQ=WEEKLY;BYDAY=2MO", "FREQ=DAILY;COUNT=3", "nonsense"],
)  # fmt: skip
def test_a_rule_that_is_not_known_here_is_refused_in_words(rule: str) -> None:
    with pytest.raises(Invalid):
        Repeat.parse(rule)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=DAILY", "every day"),
        ("FREQ=DAILY;INTERVAL=3", "every 3 days"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every weekday"),
        ("FREQ=WEEKLY;BYDAY=MO,WE,FR", "every Monday, Wednesday and Friday"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", "every 2 weeks on Thursday"),
        ("FREQ=MONTHLY", "every month on day 30"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "every month on the last Friday"),
    ],
)
def test_a_repeat_is_said_in_words(rule: str, words: str) -> None:
    assert Repeat.parse(rule).words(START) == words


_weekdays = st.frozensets(st.integers(0, 6), min_size=1)
_every = st.integers(1, 6)
repeats = st.one_of(
    st.builds(Repeat, st.just("daily"), _every),
    st.builds(Repeat, st.just("weekly"), _every, _weekdays),
    st.builds(Repeat, st.just("monthly"), _every),
    st.builds(
        Repeat,
        st.just("monthly"),
        _every,
        st.frozensets(st.integers(0, 6), min_size=1, max_size=1),
        st.sampled_from([1, 2, 3, 4, -1]),
    ),
)


@given(repeats)
def test_a_repeat_is_read_back_as_it_was_kept(repeat: Repeat) -> None:
    assert Repeat.parse(repeat.rule) == repeat


@given(repeats, st.dates(date(2024, 1, 1), date(2027, 12, 31)))
def test_days_agree_with_the_reference_for_recurrences(repeat: Repeat, starts_on: date) -> None:
    last = starts_on + timedelta(days=400)
    reference = rrulestr(
        f"DTSTART:{starts_on:%Y%m%d}T000000\nRRULE:{repeat.rule};UNTIL={last:%Y%m%d}T000000"
    )

    assert days_of(repeat.rule, starts_on, None, starts_on, last) == [
        each.date() for each in reference
    ]
