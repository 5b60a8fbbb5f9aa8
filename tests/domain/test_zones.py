"""Visits on the days the clocks are changed, in places that change them differently."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsec_desktop.domain.calendar.zones import clock_change, refuse_clock_change, zone_names
from medsec_desktop.domain.formats import Formats
from medsec_desktop.problems import Invalid

FORMATS = Formats()
NEW_YORK, BERLIN, LORD_HOWE = "America/New_York", "Europe/Berlin", "Australia/Lord_Howe"
HAVANA = "America/Havana"  # its clocks change at midnight


def refusal(at: str, minutes: int, zone_name: str) -> str:
    with pytest.raises(Invalid) as refused:
        refuse_clock_change(datetime.fromisoformat(at), minutes, zone_name, FORMATS)
    assert refused.value.field == "starts_at"
    return str(refused.value)


@pytest.mark.parametrize(
    ("at", "minutes", "zone_name", "change"),
    [
        ("2026-03-08T02:30", 15, NEW_YORK, "go from 2:00 AM to 3:00 AM"),
        ("2026-03-08T02:00", 15, NEW_YORK, "go from 2:00 AM to 3:00 AM"),
        ("2026-03-29T02:59", 30, BERLIN, "go from 2:00 AM to 3:00 AM"),
        ("2026-10-04T02:15", 15, LORD_HOWE, "go from 2:00 AM to 2:30 AM"),
        ("2026-03-08T00:30", 15, HAVANA, "go from 12:00 AM to 1:00 AM"),
    ],
)
def test_a_time_the_clock_skips_is_refused(
    at: str, minutes: int, zone_name: str, change: str
) -> None:
    said = refusal(at, minutes, zone_name)

    assert " has no " in said
    assert change in said


@pytest.mark.parametrize(
    ("at", "zone_name", "change"),
    [
        ("2026-11-01T01:30", NEW_YORK, "back from 2:00 AM to 1:00 AM"),
        ("2026-10-25T02:00", BERLIN, "back from 3:00 AM to 2:00 AM"),
        ("2026-04-05T01:45", LORD_HOWE, "back from 2:00 AM to 1:30 AM"),
        ("2026-11-01T00:10", HAVANA, "back from 1:00 AM to 12:00 AM"),
    ],
)
def test_a_time_that_happens_twice_is_refused(at: str, zone_name: str, change: str) -> None:
    said = refusal(at, 15, zone_name)

    assert "twice" in said
    assert change in said


@pytest.mark.parametrize(
    ("at", "minutes", "zone_name"),
    [
        ("2026-03-08T01:30", 120, NEW_YORK),
        ("2026-11-01T00:30", 45, NEW_YORK),
        ("2026-11-01T00:30", 180, NEW_YORK),
        ("2026-03-29T01:45", 60, BERLIN),
        ("2026-10-04T01:50", 45, LORD_HOWE),
    ],
)
def test_a_visit_across_the_change_is_refused(at: str, minutes: int, zone_name: str) -> None:
    assert "cannot lie across" in refusal(at, minutes, zone_name)


@pytest.mark.parametrize(
    ("at", "minutes", "zone_name"),
    [
        ("2026-03-08T01:30", 30, NEW_YORK),  # ends as the clock is changed
        ("2026-03-08T03:00", 30, NEW_YORK),  # begins as it has been
        ("2026-03-08T09:00", 60, NEW_YORK),
        ("2026-11-01T02:00", 60, NEW_YORK),
        ("2026-11-01T00:30", 30, NEW_YORK),
        ("2026-10-04T02:30", 15, LORD_HOWE),
        ("2026-10-04T02:30", 15, BERLIN),  # another country's change
        ("2026-03-08T02:30", 15, ""),  # no zone is known
        ("2026-03-08T02:30", 15, "America/Phoenix"),  # never changes
    ],
)
def test_any_other_time_that_day_is_fine(at: str, minutes: int, zone_name: str) -> None:
    refuse_clock_change(datetime.fromisoformat(at), minutes, zone_name, FORMATS)


def test_the_sentence_says_what_may_be_booked_instead() -> None:
    said = refusal("2026-03-08T02:30", 15, NEW_YORK)

    assert said == (
        "Sun, Mar 8 has no 2:30 AM: the clocks go from 2:00 AM to 3:00 AM. "
        "Choose a time up to 2:00 AM or from 3:00 AM."
    )


@pytest.mark.parametrize(
    ("day", "zone_name", "stretch", "is_gap"),
    [
        ("2026-03-08", NEW_YORK, (120, 180), True),
        ("2026-11-01", NEW_YORK, (60, 120), False),
        ("2026-10-25", BERLIN, (120, 180), False),
        ("2026-10-04", LORD_HOWE, (120, 150), True),
        ("2026-03-08", HAVANA, (0, 60), True),
        ("2026-10-24", "America/Nuuk", (1380, 1440), False),  # back at midnight
    ],
)
def test_a_day_knows_its_change(
    day: str, zone_name: str, stretch: tuple[int, int], is_gap: bool
) -> None:
    change = clock_change(date.fromisoformat(day), zone_name)

    assert change is not None
    assert ((change.span.starts_min, change.span.ends_min), change.is_gap) == (stretch, is_gap)
    for beside in (-1, 1):
        assert clock_change(change.day + timedelta(days=beside), zone_name) is None
    assert clock_change(change.day, "") is None


def test_a_zone_nobody_knows_is_refused() -> None:
    with pytest.raises(Invalid, match="no time zone called"):
        refuse_clock_change(datetime(2026, 3, 8, 9), 15, "America/Sampleton", FORMATS)
    with pytest.raises(Invalid, match="no time zone called"):
        refuse_clock_change(datetime(2026, 3, 8, 9), 15, "../etc/passwd", FORMATS)


@given(
    st.sampled_from([NEW_YORK, BERLIN, LORD_HOWE]),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),
    st.integers(1, 480),
)
def test_what_is_allowed_lasts_as_long_as_it_says(
    zone_name: str, at: datetime, minutes: int
) -> None:
    from zoneinfo import ZoneInfo

    at = at.replace(second=0, microsecond=0)
    here = ZoneInfo(zone_name)
    try:
        refuse_clock_change(at, minutes, zone_name, FORMATS)
    except Invalid:
        return
    starts, last = at, at + timedelta(minutes=minutes - 1)
    lasted = last.replace(tzinfo=here).timestamp() - starts.replace(tzinfo=here).timestamp()

    assert lasted == (minutes - 1) * 60


def test_the_choice_holds_places_and_no_technical_names() -> None:
    names = zone_names()

    assert {NEW_YORK, BERLIN, LORD_HOWE} <= set(names)
    assert not [name for name in names if name.startswith("Etc/")]
