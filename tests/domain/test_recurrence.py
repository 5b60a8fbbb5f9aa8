"""How a series repeats: read, said, counted out, split."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsec_desktop.domain.calendar.recurrence import (
    MOST_VISITS,
    Recurrence,
    occurrences,
    parse,
    split,
    weekly,
    words,
)
from medsec_desktop.domain.formats import Formats
from medsec_desktop.problems import Invalid

FIRST = datetime(2026, 3, 12, 15, 0)  # a Thursday
FORMATS = Formats()


def days(text: str, first: datetime = FIRST, **more: object) -> list[str]:
    return [f"{at:%m-%d}" for at in occurrences(first, parse(text), **more)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FREQ=WEEKLY;BYDAY=MO,TH;COUNT=6", ["03-12", "03-16", "03-19", "03-23", "03-26", "03-30"]),
        ("FREQ=WEEKLY;COUNT=3", ["03-12", "03-19", "03-26"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;COUNT=4", ["03-12", "03-23", "03-26", "04-06"]),
        ("FREQ=WEEKLY;UNTIL=20260326", ["03-12", "03-19", "03-26"]),
        ("FREQ=WEEKLY;UNTIL=20260326T120000", ["03-12", "03-19"]),
        ("FREQ=DAILY;INTERVAL=10;COUNT=3", ["03-12", "03-22", "04-01"]),
        ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR;COUNT=4", ["03-12", "03-13", "03-16", "03-17"]),
        ("FREQ=MONTHLY;BYDAY=2TH;COUNT=3", ["03-12", "04-09", "05-14"]),
        ("FREQ=MONTHLY;BYDAY=-1FR;COUNT=2", ["03-27", "04-24"]),
        ("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3", ["03-31", "05-31", "07-31"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=2", ["03-31", "04-30"]),
        (
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=3",
            ["03-31", "04-30", "05-29"],
        ),
        ("FREQ=MONTHLY;INTERVAL=6;COUNT=2", ["03-12", "09-12"]),
        ("FREQ=YEARLY;BYMONTH=5;BYDAY=2SU;COUNT=1", ["05-10"]),
    ],
)
def test_a_rule_takes_place_when_rfc_5545_says(text: str, expected: list[str]) -> None:
    assert days(text) == expected


def test_every_occurrence_keeps_the_time_of_day() -> None:
    starts = occurrences(FIRST, weekly([0, 3], count=20))

    assert {start.time() for start in starts} == {FIRST.time()}


def test_a_leap_day_is_passed_over_where_there_is_none() -> None:
    starts = occurrences(datetime(2024, 2, 29, 9), parse("FREQ=YEARLY;COUNT=2"))

    assert starts == (datetime(2024, 2, 29, 9), datetime(2028, 2, 29, 9))


def test_a_rule_without_end_is_bounded() -> None:
    assert len(occurrences(FIRST, parse("FREQ=DAILY"))) == MOST_VISITS
    assert occurrences(FIRST, parse("FREQ=YEARLY"))[-1] < FIRST + timedelta(days=3661)


def test_only_the_days_asked_for_are_given() -> None:
    april = (date(2026, 4, 1), date(2026, 4, 15))

    assert days("FREQ=WEEKLY", between=april) == ["04-02", "04-09"]
    assert days("FREQ=WEEKLY;COUNT=4", between=april) == ["04-02"]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("FREQ=YEARLY;BYMONTHDAY=15", "must name the month"),
        ("FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=-1", "place in the week"),
        ("FREQ=HOURLY;COUNT=3", "cannot repeat hourly"),
        ("FREQ=SECONDLY", "cannot repeat secondly"),
        ("FREQ=DAILY;BYHOUR=9,15", "BYHOUR"),
        ("FREQ=YEARLY;BYWEEKNO=20", "BYWEEKNO"),
        ("FREQ=WEEKLY;COUNT=3;UNTIL=20260401", "not both"),
        ("FREQ=WEEKLY;COUNT=0", "Choose between 1 and 366"),
        ("FREQ=WEEKLY;COUNT=100000", "does not say"),
        ("FREQ=WEEKLY;COUNT=9999", "Choose between 1 and 366"),
        ("FREQ=WEEKLY;INTERVAL=0", "Choose between 1 and 99"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "No month named has such a day"),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6", "never that many"),
        ("FREQ=DAILY;INTERVAL=7;BYDAY=TU", "Make it weekly"),
        ("FREQ=WEEKLY;BYDAY=2MO", "second Tuesday"),
        ("FREQ=WEEKLY;BYDAY=XX", "does not say"),
        ("FREQ=WEEKLY;BYDAY=٣MO", "does not say"),
        ("FREQ=WEEKLY;UNTIL=20260231", "does not say"),
        ("FREQ=WEEKLY;UNTIL=20260401T000000Z", "time zone is not known"),
        ("FREQ=WEEKLY;FREQ=DAILY", "does not say"),
        ("every monday", "does not say"),
        ("", "does not say"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_sentence(text: str, part: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse(text)

    assert part in str(refused.value)


def test_an_end_in_universal_time_is_the_clinics_evening() -> None:
    sydney = parse("FREQ=WEEKLY;UNTIL=20260331T135959Z", "Australia/Sydney")

    assert sydney.until == datetime(2026, 4, 1, 0, 59, 59)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("FREQ=WEEKLY;BYDAY=MO,TH;COUNT=6", "every Monday and Thursday, 6 times"),
        ("FREQ=WEEKLY", "every Thursday"),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;UNTIL=20260401",
            "every 2 weeks on Monday, until Wednesday, April 1, 2026",
        ),
        ("FREQ=DAILY;COUNT=5", "every day, 5 times"),
        ("FREQ=DAILY;INTERVAL=3;COUNT=1", "every 3 days, once"),
        ("FREQ=MONTHLY;BYDAY=2TU;COUNT=3", "every month on the second Tuesday, 3 times"),
        ("FREQ=MONTHLY;COUNT=3", "every month on the 12th, 3 times"),
        ("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1", "every 3 months on the last day"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1", "every month on the first weekday"),
        ("FREQ=YEARLY;COUNT=2", "every year on the 12th of March, 2 times"),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", "every year on the fourth Thursday of November"),
    ],
)
def test_a_rule_is_said_in_words(text: str, said: str) -> None:
    assert words(parse(text), FIRST.date(), FORMATS) == said


RULES = st.one_of(
    st.builds(
        weekly,
        st.sets(st.integers(0, 6), min_size=1),
        st.one_of(st.none(), st.integers(1, 40)),
        st.integers(1, 4),
    ),
    st.builds(
        Recurrence,
        st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
        st.integers(1, 6),
        count=st.integers(1, 40),
    ),
    st.builds(
        lambda n, day, count: Recurrence("MONTHLY", weekdays=((n, day),), count=count),
        st.sampled_from([1, 2, 3, 4, 5, -1]),
        st.integers(0, 6),
        st.integers(1, 24),
    ),
    st.builds(
        lambda until: Recurrence("WEEKLY", until=until),
        st.datetimes(FIRST, FIRST + timedelta(days=400)),
    ),
)


@given(RULES)
def test_a_rule_survives_being_written_and_read(rule: Recurrence) -> None:
    again = parse(str(rule))

    assert occurrences(FIRST, again) == occurrences(FIRST, rule)


@given(RULES, st.integers(-5, 500))
def test_splitting_a_series_loses_and_adds_no_visit(rule: Recurrence, days_on: int) -> None:
    at = FIRST + timedelta(days=days_on)
    starts = occurrences(FIRST, rule)

    before, after = split(FIRST, rule, at)

    head = occurrences(FIRST, before) if before else ()
    first_later = next((start for start in starts if start >= at), at)
    tail = occurrences(first_later, after) if after else ()
    if rule.is_endless:  # the later part, begun later, is counted out further
        assert (head + tail)[: len(starts)] == starts
    else:
        assert head + tail == starts
        assert all(start < at for start in head)


@given(RULES)
def test_occurrences_are_in_order_and_never_before_the_first(rule: Recurrence) -> None:
    starts = occurrences(FIRST, rule)

    assert list(starts) == sorted(set(starts))
    assert all(start >= FIRST for start in starts)
    assert rule.count is None or len(starts) <= rule.count
