from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsec_desktop.domain.formats import Formats, months_later
from medsec_desktop.domain.people import PartialDate
from medsec_desktop.problems import Invalid

TODAY = date(2026, 3, 11)  # a Wednesday
AMERICAN = Formats()
BRITISH = Formats("dmy", clock_24h=True, region="GB", paper="a4")
ISO = Formats("ymd", clock_24h=True)
AT = datetime(2026, 3, 14, 15, 5)


def test_each_practice_writes_dates_its_own_way():
    assert AMERICAN.date(AT.date()) == "03/14/2026"
    assert BRITISH.date(AT.date()) == "14/03/2026"
    assert ISO.date(AT.date()) == "2026-03-14"
    assert AMERICAN.long_date(AT.date()) == "Saturday, March 14, 2026"
    assert BRITISH.long_date(AT.date()) == "Saturday, 14 March 2026"
    assert AMERICAN.short_date(AT.date()) == "Sat, Mar 14"


def test_each_practice_writes_times_its_own_way():
    assert AMERICAN.time(AT) == "3:05 PM"
    assert AMERICAN.time(time(0, 30)) == "12:30 AM"
    assert AMERICAN.time(time(12, 0)) == "12:00 PM"
    assert BRITISH.time(AT) == "15:05"
    assert AMERICAN.hour(15) == "3 PM"
    assert AMERICAN.hour(24) == "12 AM"
    assert AMERICAN.when(AT) == "03/14/2026 3:05 PM"


def test_a_span_names_the_half_of_the_day_once():
    assert AMERICAN.span(datetime(2026, 3, 14, 15), 30) == "3:00–3:30 PM"
    assert AMERICAN.span(datetime(2026, 3, 14, 11, 45), 30) == "11:45 AM–12:15 PM"
    assert BRITISH.span(datetime(2026, 3, 14, 15), 30) == "15:00–15:30"


def test_what_is_read_to_a_caller_names_the_year_only_when_it_is_another():
    assert AMERICAN.spoken(AT, TODAY) == "Saturday, March 14, 3:05 PM"
    assert AMERICAN.spoken(AT.replace(year=2027), TODAY) == "Sunday, March 14, 2027, 3:05 PM"


def test_the_week_begins_on_sunday_in_north_america_and_on_monday_elsewhere():
    assert (AMERICAN.week_starts_on, BRITISH.week_starts_on) == (6, 0)


def test_a_birth_date_shows_as_far_as_it_is_known():
    assert AMERICAN.birth(PartialDate(1984, 3, 14)) == "03/14/1984"
    assert AMERICAN.birth(PartialDate(1984, 3)) == "March 1984"
    assert AMERICAN.birth(PartialDate(1984)) == "1984"
    assert AMERICAN.birth(None) == ""


@pytest.mark.parametrize(
    ("typed", "stored", "shown"),
    [
        ("212 555 0100", "+12125550100", "(212) 555-0100"),
        ("+44 20 7946 0018", "+442079460018", "+44 20 7946 0018"),
        ("extension 12, ask for Ada", "extension 12, ask for Ada", "extension 12, ask for Ada"),
        ("911", "911", "911"),
        ("555 0100", "555 0100", "555-0100"),
        ("5550100", "5550100", "555-0100"),
    ],
)
def test_a_phone_number_is_stored_one_way_and_shown_the_usual_way(typed, stored, shown):
    assert AMERICAN.parse_phone(typed) == stored
    assert AMERICAN.phone(stored) == shown


def test_seven_digits_kept_by_an_earlier_version_read_as_a_number_without_area_code():
    assert AMERICAN.phone("+15550100") == "555-0100"


def test_a_foreign_practice_reads_its_own_numbers_nationally():
    assert BRITISH.phone("+442079460018") == "020 7946 0018"
    assert BRITISH.phone("+12125550100") == "+1 (212) 555-0100"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("today", date(2026, 3, 11)),
        ("Tomorrow", date(2026, 3, 12)),
        ("yesterday", date(2026, 3, 10)),
        ("fri", date(2026, 3, 13)),
        ("mon", date(2026, 3, 16)),
        ("Thurs", date(2026, 3, 12)),
        ("wed", date(2026, 3, 18)),
        ("next fri", date(2026, 3, 20)),
        ("next week", date(2026, 3, 18)),
        ("+2w", date(2026, 3, 25)),
        ("2w", date(2026, 3, 25)),
        ("in 3 days", date(2026, 3, 14)),
        ("-1d", date(2026, 3, 10)),
        ("2 weeks ago", date(2026, 2, 25)),
        ("+6m", date(2026, 9, 11)),
        ("+1y", date(2027, 3, 11)),
        ("3/14", date(2026, 3, 14)),
        ("3/11", date(2026, 3, 11)),
        ("3/1", date(2027, 3, 1)),
        ("3/14/27", date(2027, 3, 14)),
        ("3-14-2027", date(2027, 3, 14)),
        ("2/29", date(2028, 2, 29)),
        ("2027-03-14", date(2027, 3, 14)),
        ("031427", date(2027, 3, 14)),
        ("20270314", date(2027, 3, 14)),
        ("mar 14", date(2026, 3, 14)),
        ("14 march", date(2026, 3, 14)),
        ("March 1st, 2026", date(2026, 3, 1)),
        ("sat mar 14", date(2026, 3, 14)),
        ("14", date(2026, 3, 14)),
        ("5", date(2026, 4, 5)),
        ("31", date(2026, 3, 31)),
    ],
)
def test_a_typed_date_means_what_a_secretary_means(typed, meant):
    assert AMERICAN.parse_date(typed, TODAY) == meant


def test_day_first_practices_read_day_first():
    assert BRITISH.parse_date("14/3", TODAY) == date(2026, 3, 14)
    assert BRITISH.parse_date("140327", TODAY) == date(2027, 3, 14)
    assert BRITISH.parse_date("14.3.2027", TODAY) == date(2027, 3, 14)
    assert ISO.parse_date("27-03-14", TODAY) == date(2027, 3, 14)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("2/30", "February has no day 30."),
        ("2/29/2027", "February 2027 has no day 29."),
        ("13/1", "There is no month 13."),
        ("3/14/9999", "The year 9999 is not plausible."),
        ("+9999y", "That is too far from today."),
        ("+7900y", "The year 9926 is not plausible."),
        ("+9999m", "The year 2859 is not plausible."),
        ("blursday", "“blursday” is not a date."),
        ("t9", "“t9” is not a date."),
        ("3/", "“3/” is not a date."),
        ("", "The date is missing."),
    ],
)
def test_an_impossible_date_is_refused_in_words(typed, sentence):
    with pytest.raises(Invalid) as refusal:
        AMERICAN.parse_date(typed, TODAY)

    assert refusal.value.what == sentence
    assert refusal.value.field == "date"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("3pm", time(15)),
        ("3 PM", time(15)),
        ("3p", time(15)),
        ("3:15 p.m.", time(15, 15)),
        ("1530", time(15, 30)),
        ("15:30", time(15, 30)),
        ("9", time(9)),
        ("9:15", time(9, 15)),
        ("915", time(9, 15)),
        ("3", time(15)),
        ("230", time(14, 30)),
        ("0230", time(2, 30)),
        ("3am", time(3)),
        ("12", time(12)),
        ("12am", time(0)),
        ("noon", time(12)),
        ("00:15", time(0, 15)),
    ],
)
def test_a_typed_time_means_what_a_secretary_means(typed, meant):
    assert AMERICAN.parse_time(typed) == meant


def test_the_twenty_four_hour_clock_takes_hours_as_they_are():
    assert BRITISH.parse_time("3") == time(3)
    assert BRITISH.parse_time("15.30") == time(15, 30)


@pytest.mark.parametrize("typed", ["", "25:00", "9:75", "13pm", "0am", "soon", "9:", "12345"])
def test_an_impossible_time_is_refused_in_words(typed):
    with pytest.raises(Invalid) as refusal:
        AMERICAN.parse_time(typed)

    assert refusal.value.field == "time"


@pytest.mark.parametrize("typed", ["fri 3pm", "fri 3 pm", "Friday 15:00", "3/13 1500", "+2d 3"])
def test_a_day_and_a_time_may_be_typed_in_one_breath(typed):
    assert AMERICAN.parse_when(typed, TODAY) == datetime(2026, 3, 13, 15)


@pytest.mark.parametrize("typed", ["", "fri", "3pm", "soon at noonish"])
def test_half_a_moment_is_refused_in_words(typed):
    with pytest.raises(Invalid):
        AMERICAN.parse_when(typed, TODAY)


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [("30", 30), ("45 min", 45), ("1h", 60), ("1:30", 90), ("1.5 h", 90), ("1h30", 90)],
)
def test_a_typed_length_is_read_in_minutes(typed, minutes):
    assert AMERICAN.parse_duration(typed) == minutes


@pytest.mark.parametrize("typed", ["", "long", "-30", "1:75"])
def test_an_impossible_length_is_refused_in_words(typed):
    with pytest.raises(Invalid) as refusal:
        AMERICAN.parse_duration(typed)

    assert refusal.value.field == "duration_min"


def test_a_month_later_stays_in_the_month():
    assert months_later(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert months_later(date(2026, 1, 31), -2) == date(2025, 11, 30)


EVERY_FORMAT = st.builds(
    Formats, st.sampled_from(["mdy", "dmy", "ymd"]), st.booleans(), st.just("US")
)


@given(EVERY_FORMAT, st.dates(date(1850, 1, 1), date(2200, 12, 31)))
def test_what_a_practice_writes_it_reads_back(formats, day):
    assert formats.parse_date(formats.date(day), TODAY) == day


@given(EVERY_FORMAT, st.times())
def test_what_a_practice_writes_of_times_it_reads_back(formats, at):
    assert formats.parse_time(formats.time(at)) == at.replace(second=0, microsecond=0, fold=0)


@given(EVERY_FORMAT, st.text(max_size=12))
def test_no_typing_is_answered_with_anything_but_a_value_or_a_sentence(formats, text):
    for read in (lambda typed: formats.parse_date(typed, TODAY), formats.parse_time):
        with suppress(Invalid):
            read(text)


def test_a_date_and_a_bare_number_are_no_date_with_a_year():
    with pytest.raises(Invalid):
        Formats().parse_date("3/14 9", TODAY)

    when = Formats().parse_when("3/14 9", TODAY)
    assert (when.month, when.day, when.hour) == (3, 14, 9)
    assert Formats().parse_date("3 14 26", TODAY) == Formats().parse_date("3/14/26", TODAY)
