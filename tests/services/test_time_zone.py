"""The clinic's clock: chosen, or the computer's; and what cannot be booked when it is changed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import tzlocal

from medsec_desktop.problems import Invalid
from medsec_desktop.services.calendar import BookingDraft
from medsec_desktop.services.practice import settings, time_zone
from tests.conftest import a_patient, a_provider

# Where the clock goes forward, from when to when, and a Sunday it goes back on.
CHANGES = [
    ("America/New_York", datetime(2027, 3, 14, 2), datetime(2027, 3, 14, 3), datetime(2026, 11, 1, 1)),
    ("Europe/Berlin", datetime(2026, 3, 29, 2), datetime(2026, 3, 29, 3), datetime(2026, 10, 25, 2)),
    (
        "Australia/Lord_Howe",
        datetime(2026, 10, 4, 2),
        datetime(2026, 10, 4, 2, 30),
        datetime(2026, 4, 5, 1, 30),
    ),
]  # fmt: skip


@pytest.fixture
def open_at_night(office):
    office.practice.put(settings.RULE_OUTSIDE_HOURS, "off")
    return office


@pytest.fixture
def draft(session):
    def at(starts_at, minutes=30):
        return BookingDraft(ada, chen, None, starts_at, minutes)

    ada, chen = a_patient(session), a_provider(session)
    return at


@pytest.mark.parametrize(("zone", "skipped", "resumes", "repeated"), CHANGES)
def test_the_book_refuses_what_the_clock_skips_or_repeats(
    open_at_night, draft, zone, skipped, resumes, repeated
):
    calendar = open_at_night.calendar
    time_zone.choose_zone(open_at_night.practice, zone)

    for at, minutes in (
        (skipped, 15),
        (repeated, 15),
        (skipped - timedelta(minutes=15), 60),
    ):
        with pytest.raises(Invalid, match="the clocks go"):
            calendar.book(draft(at, minutes))

    assert calendar.book(draft(skipped - timedelta(minutes=30), 30))
    assert calendar.cancel(1, 1) is None
    assert calendar.book(draft(resumes, 30))


def test_moving_a_visit_onto_a_skipped_time_leaves_it_where_it_is(open_at_night, draft):
    calendar = open_at_night.calendar
    time_zone.choose_zone(open_at_night.practice, "Europe/Berlin")
    at = datetime(2026, 3, 29, 9)
    visit = calendar.book(draft(at))

    with pytest.raises(Invalid, match="has no 2:15 AM"):
        calendar.reschedule(visit, 1, datetime(2026, 3, 29, 2, 15), 30, 1)

    assert calendar.appointment(visit).row.starts_at == at


def test_without_a_choice_the_computers_zone_counts(office, monkeypatch):
    monkeypatch.setattr(tzlocal, "get_localzone_name", lambda: "Europe/Berlin")
    time_zone.machine_zone.cache_clear()

    assert time_zone.clinic_zone(office.practice) == "Europe/Berlin"

    time_zone.choose_zone(office.practice, "america/new york".title())
    assert time_zone.clinic_zone(office.practice) == "America/New_York"
    time_zone.machine_zone.cache_clear()


@pytest.mark.parametrize("name", ["", None, "Not/AZone"])
def test_a_computer_that_does_not_know_its_zone_refuses_nothing(
    open_at_night, draft, monkeypatch, name
):
    monkeypatch.setattr(tzlocal, "get_localzone_name", lambda: name)
    time_zone.machine_zone.cache_clear()

    assert open_at_night.calendar.book(draft(datetime(2026, 3, 29, 2, 15)))
    time_zone.machine_zone.cache_clear()


def test_a_zone_there_is_not_is_refused_and_the_old_one_kept(office):
    time_zone.choose_zone(office.practice, "Europe/Berlin")

    with pytest.raises(Invalid, match="no time zone called"):
        time_zone.choose_zone(office.practice, "Europe/Atlantis")

    assert time_zone.clinic_zone(office.practice) == "Europe/Berlin"


def test_a_zone_only_a_newer_computer_knows_does_not_stop_the_booking(open_at_night, draft):
    open_at_night.practice.put(settings.TIME_ZONE, "Europe/Atlantis")

    assert open_at_night.calendar.book(draft(datetime(2026, 3, 30, 9)))
