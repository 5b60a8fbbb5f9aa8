"""Who fits a time that has come free, and how well."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsec_desktop.domain.calendar.slots import Slot
from medsec_desktop.domain.calendar.spans import Span
from medsec_desktop.domain.calendar.waiting import Opening, Wish, rank, reasons, starts_for
from medsec_desktop.domain.formats import Formats

NOW = datetime(2026, 3, 11, 9, 0)
TEN = datetime(2026, 3, 12, 10, 0)  # a Thursday
CHEN, LOPEZ = 1, 2
OPENING = Opening(Slot(TEN, 30, CHEN), Span(600, 660), "Dr. Chen")


def a_wish(**fields: Any) -> Wish:
    return Wish(**{"id": 1, "duration_min": 30, "added_at": NOW - timedelta(days=3), **fields})


def starts(wish: Wish, opening: Opening = OPENING) -> tuple[datetime, ...]:
    return starts_for(wish, opening, NOW)


def test_a_wish_without_conditions_begins_when_the_time_came_free() -> None:
    assert starts(a_wish())[0] == TEN


@pytest.mark.parametrize(
    "fields",
    [
        {"provider_id": LOPEZ},
        {"earliest_on": date(2026, 3, 13)},
        {"latest_on": date(2026, 3, 11)},
        {"duration_min": 75},
        {"times": ((2, Span(0, 1440)),)},
        {"times": ((3, Span(0, 625)),)},
        {"notice_min": 26 * 60 + 5},
        {"interim_at": TEN},
        {"interim_at": TEN - timedelta(days=1)},
    ],
)
def test_a_wish_with_another_condition_does_not_fit(fields: dict[str, Any]) -> None:
    assert starts(a_wish(**fields)) == ()


@pytest.mark.parametrize(
    "fields",
    [
        {"provider_id": CHEN},
        {"earliest_on": TEN.date(), "latest_on": TEN.date()},
        {"duration_min": 60},
        {"times": ((3, Span(600, 630)),)},
        {"notice_min": 25 * 60},
        {"interim_at": TEN + timedelta(days=30)},
        {"interim_at": TEN - timedelta(days=1), "keeps_interim": True},
    ],
)
def test_a_wish_whose_conditions_are_met_fits(fields: dict[str, Any]) -> None:
    assert starts(a_wish(**fields))[0] == TEN


def test_a_visit_begins_later_where_she_can_come_only_then() -> None:
    wish = a_wish(times=((3, Span(615, 720)),))

    (first, *_) = starts(wish)

    assert first == TEN + timedelta(minutes=15)
    assert "Would begin at 10:15 AM" in reasons(wish, OPENING, first, NOW, Formats())


def test_free_time_before_helps_a_longer_visit_to_fit() -> None:
    opening = Opening(Slot(TEN, 30, CHEN), Span(570, 630), "Dr. Chen")

    assert starts(a_wish(duration_min=60), opening) == (TEN - timedelta(minutes=30),)


def test_a_visit_that_would_not_touch_the_freed_time_is_not_offered() -> None:
    opening = Opening(Slot(TEN, 30, CHEN), Span(480, 720), "Dr. Chen")
    afterwards = a_wish(times=((3, Span(630, 720)),))

    assert starts(afterwards, opening) == ()


def test_the_reasons_say_why_she_fits() -> None:
    wish = a_wish(
        is_urgent=True,
        provider_id=CHEN,
        latest_on=date(2026, 3, 16),
        added_at=NOW - timedelta(days=22),
        interim_at=datetime(2026, 4, 9, 14, 0),
        notice_min=60,
    )

    assert reasons(wish, OPENING, TEN, NOW, Formats()) == (
        "Urgent",
        "Must come by Mon, Mar 16",
        "Asked for Dr. Chen",
        "Waiting 3 weeks",
        "4 weeks sooner than Thu, Apr 9",
        "Needs just these 30 minutes",
        "Early enough to tell: 25 hours ahead",
    )


BETTER: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("urgent", {"is_urgent": True}, {"added_at": NOW - timedelta(days=300)}),
    ("last day near", {"latest_on": date(2026, 3, 18)}, {"latest_on": date(2026, 6, 1)}),
    ("asked for her", {"provider_id": CHEN}, {"added_at": NOW - timedelta(days=90)}),
    ("longer on the list", {"added_at": NOW - timedelta(days=20)}, {"duration_min": 30}),
    ("fills the time", {"duration_min": 30}, {"duration_min": 15, "added_at": NOW - timedelta(6)}),
    ("earlier in the week", {"added_at": NOW - timedelta(5)}, {"added_at": NOW - timedelta(4)}),
]


@pytest.mark.parametrize(("why", "first", "second"), BETTER, ids=[why for why, _, _ in BETTER])
def test_the_better_one_comes_first(
    why: str, first: dict[str, Any], second: dict[str, Any]
) -> None:
    assert rank(a_wish(id=2, **first), OPENING, NOW) < rank(a_wish(id=1, **second), OPENING, NOW)


def test_whoever_was_called_about_this_time_comes_after_the_rest() -> None:
    called = rank(a_wish(is_urgent=True), OPENING, NOW, was_called=True)

    assert rank(a_wish(), OPENING, NOW) < called


wishes = st.builds(
    Wish,
    id=st.integers(1, 10_000),
    duration_min=st.integers(5, 90),
    added_at=st.datetimes(NOW - timedelta(days=400), NOW),
    provider_id=st.sampled_from([None, CHEN, LOPEZ]),
    is_urgent=st.booleans(),
    earliest_on=st.none() | st.dates(date(2026, 3, 1), date(2026, 3, 20)),
    latest_on=st.none() | st.dates(date(2026, 3, 1), date(2026, 4, 20)),
    notice_min=st.sampled_from([0, 60, 1440, 2880]),
    interim_at=st.none() | st.datetimes(NOW, NOW + timedelta(days=60)),
    keeps_interim=st.booleans(),
)


@given(st.lists(wishes, max_size=12, unique_by=lambda wish: wish.id), st.randoms())
def test_the_order_does_not_hang_on_the_order_of_asking(asked: list[Wish], dice: Any) -> None:
    shuffled = list(asked)
    dice.shuffle(shuffled)

    def ranked(some: list[Wish]) -> list[int]:
        return [wish.id for wish in sorted(some, key=lambda wish: rank(wish, OPENING, NOW))]

    assert ranked(asked) == ranked(shuffled)


@given(wishes)
def test_becoming_urgent_never_moves_anybody_down(wish: Wish) -> None:
    calm, urgent = replace(wish, is_urgent=False), replace(wish, is_urgent=True)

    assert rank(urgent, OPENING, NOW) <= rank(calm, OPENING, NOW)


@given(wishes)
def test_every_start_offered_keeps_all_that_was_asked(wish: Wish) -> None:
    for at in starts(wish):
        visit = Span.of(at, wish.duration_min)
        assert OPENING.free.holds(visit)
        assert visit.overlaps(OPENING.span)
        assert wish.provider_id in (None, CHEN)
        assert at >= NOW + timedelta(minutes=wish.notice_min)
        assert wish.keeps_interim or wish.interim_at is None or at < wish.interim_at
        assert (wish.earliest_on or date.min) <= at.date() <= (wish.latest_on or date.max)
