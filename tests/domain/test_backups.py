"""Which backups stay."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from medsec_desktop.domain.backups import worth_keeping

EVENING = datetime(2026, 3, 11, 18, 0)
_TIMES = st.lists(st.datetimes(datetime(2020, 1, 1), datetime(2026, 12, 31)), max_size=60)


def test_a_year_of_evenings_leaves_days_weeks_and_months() -> None:
    evenings = [EVENING - timedelta(days=back) for back in range(400)]

    kept = sorted(worth_keeping(evenings), reverse=True)

    assert kept[:7] == evenings[:7]
    assert datetime(2026, 3, 1, 18) in kept  # the Sunday that ends a week
    assert datetime(2025, 12, 31, 18) in kept
    assert len(kept) <= 7 + 5 + 12
    assert kept[-1] == datetime(2025, 4, 30, 18)


def test_of_one_day_only_the_last_stays() -> None:
    noon = EVENING - timedelta(hours=6)
    yesterday = EVENING - timedelta(days=1)

    assert worth_keeping([noon, EVENING, yesterday]) == {EVENING, yesterday}


def test_a_long_pause_pushes_nothing_out() -> None:
    old = [EVENING - timedelta(days=400 + back) for back in range(3)]

    assert set(old) < worth_keeping([EVENING, *old])


@given(_TIMES)
def test_the_newest_always_stays_and_keeping_twice_changes_nothing(times: list[datetime]) -> None:
    kept = worth_keeping(times)

    assert kept <= set(times)
    assert not times or max(times) in kept
    assert worth_keeping(kept) == kept
