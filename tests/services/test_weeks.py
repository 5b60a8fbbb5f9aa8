from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsec_desktop.problems import Invalid
from medsec_desktop.services.practice import HoursRow
from medsec_desktop.services.practice.checks import checked_hours
from medsec_desktop.services.practice.weeks import Period, periods_of, split_from, stored, without

JUNE, SEPTEMBER = date(2026, 6, 1), date(2026, 9, 1)
MORNING, AFTERNOON = HoursRow(0, 480, 720), HoursRow(0, 780, 1020)


def test_hours_without_dates_are_one_period() -> None:
    assert periods_of([MORNING]) == (Period(None, None, (MORNING,)),)
    assert periods_of([]) == (Period(None, None, ()),)


def test_summer_hours_stand_between_the_usual_ones() -> None:
    split = split_from(split_from(periods_of([MORNING, AFTERNOON]), JUNE), SEPTEMBER)
    summer = (split[0], replace(split[1], week=(MORNING,)), split[2])

    rows = stored(summer)

    assert rows == (
        MORNING,
        replace(AFTERNOON, valid_to_on=JUNE - timedelta(days=1)),
        replace(AFTERNOON, valid_from_on=SEPTEMBER),
    )
    assert periods_of(rows) == summer


def test_a_period_taken_away_leaves_its_days_to_the_one_before() -> None:
    split = split_from(periods_of([MORNING]), JUNE)

    assert stored(without(split, 1)) == (MORNING,)
    assert stored(without(split, 0)) == (MORNING,)
    assert without(periods_of([MORNING]), 0) == periods_of([MORNING])


def test_two_periods_do_not_begin_on_one_day() -> None:
    with pytest.raises(Invalid):
        split_from(split_from(periods_of([MORNING]), JUNE), JUNE)


weeks = st.lists(st.sampled_from([MORNING, AFTERNOON, HoursRow(3, 540, 600)]), unique=True).map(
    lambda week: tuple(sorted(week))
)


@given(
    st.lists(st.dates(date(2026, 1, 1), date(2026, 12, 31)), unique=True, max_size=4).map(sorted),
    st.lists(weeks, min_size=5, max_size=5),
)
def test_each_day_has_the_hours_of_its_period_however_they_are_stored(starts, contents) -> None:
    edges = [None, *starts]
    ends = [*(start - timedelta(days=1) for start in starts), None]
    periods = tuple(
        Period(first, last, week) for first, last, week in zip(edges, ends, contents, strict=False)
    )

    rows = checked_hours(stored(periods))

    for period in periods:
        day = period.first_on or date(2025, 1, 1)
        holding = {
            replace(row, valid_from_on=None, valid_to_on=None)
            for row in rows
            if (row.valid_from_on or date.min) <= day <= (row.valid_to_on or date.max)
        }
        assert holding == set(period.week)
    assert stored(periods_of(rows)) == rows
