"""When somebody should come back, and when she is reminded."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsec_desktop.domain.calendar.recalls import (
    answered_by,
    due_after,
    due_said,
    interval_said,
    read_rounds,
    round_on,
    rounds_said,
)
from medsec_desktop.problems import Invalid


@pytest.mark.parametrize(
    ("day", "months", "due"),
    [
        (date(2026, 3, 11), 12, date(2027, 3, 11)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
    ],
)
def test_months_are_counted_by_the_calendar(day: date, months: int, due: date) -> None:
    assert due_after(day, months) == due


@pytest.mark.parametrize(
    ("text", "rounds"),
    [
        ("30 before, 0, 30 after", (-30, 0, 30)),
        ("-30,0,30", (-30, 0, 30)),
        ("14 days after; 7 days before", (-7, 14)),
        ("0, 0", (0,)),
        ("", ()),
    ],
)
def test_reminders_are_typed_as_days_from_the_due_date(text: str, rounds: tuple[int, ...]) -> None:
    assert read_rounds(text) == rounds


@pytest.mark.parametrize(
    "text", ["soon", "30 before after", "-30 before", "1,2,3,4,5,6,7", "900 after"]
)
def test_reminders_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_rounds(text)

    assert refused.value.field == "rounds"


@given(st.sets(st.integers(-730, 730), max_size=6))
def test_reminders_read_back_as_they_are_said(days: set[int]) -> None:
    rounds = tuple(sorted(days))

    assert read_rounds(rounds_said(rounds)) == rounds
    assert read_rounds(",".join(map(str, rounds))) == rounds


def test_each_reminder_has_its_day() -> None:
    due = date(2026, 4, 15)

    assert round_on(due, (-30, 0), 1) == date(2026, 3, 16)
    assert round_on(due, (-30, 0), 2) == due
    assert round_on(due, (-30, 0), 3) is None


def test_a_late_reminder_is_given_two_weeks_before_the_next() -> None:
    due = date(2026, 4, 15)

    assert round_on(due, (-30, 0), 2, date(2026, 3, 16)) == due
    assert round_on(due, (-30, 0), 2, date(2026, 4, 14)) == date(2026, 4, 28)


def test_a_visit_long_before_it_is_due_does_not_answer_a_recall() -> None:
    due = date(2027, 3, 1)

    assert not answered_by(due, (-30, 0, 30), date(2026, 3, 12))
    assert answered_by(due, (-30, 0, 30), date(2027, 1, 15))
    assert answered_by(due, (-90,), date(2026, 12, 5))
    assert answered_by(due, (), date(2028, 1, 1))


def test_intervals_and_due_months_are_said() -> None:
    assert interval_said(12) == "every year"
    assert interval_said(24) == "every 2 years"
    assert interval_said(6) == "every 6 months"
    assert due_said(date(2026, 4, 15)) == "April 2026"
    assert due_said(date(2026, 4, 15), "es") == "abril de 2026"
