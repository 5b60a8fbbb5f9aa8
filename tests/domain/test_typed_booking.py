from __future__ import annotations

from datetime import date, time
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsec_desktop.domain.calendar.typed_booking import (
    Named,
    TypedBooking,
    Vocabulary,
    understand,
)
from medsec_desktop.domain.formats import Formats

TODAY = date(2026, 3, 11)  # a Wednesday
NEW, FOLLOW, LONG, NURSE = 1, 2, 3, 4
CHEN, DIAZ, BERG = 11, 12, 13
EXAM1, EXAM2 = 21, 22
KNOWN = Vocabulary(
    (
        Named(NEW, "New patient"),
        Named(FOLLOW, "Follow-up"),
        Named(LONG, "Follow-up, long"),
        Named(NURSE, "Nurse visit"),
    ),
    (
        Named(CHEN, "Chen", "Robin"),
        Named(DIAZ, "Díaz", "Ana"),
        Named(BERG, "van der Berg", "Iris"),
    ),
    (Named(EXAM1, "Exam 1"), Named(EXAM2, "Exam 2")),
)
MAR_17 = date(2026, 3, 17)


def said(text: str, formats: Formats = Formats()) -> TypedBooking:  # noqa: B008
    return understand(text, TODAY, formats, KNOWN)


def test_the_line_of_the_manual_is_understood():
    found = said("smith tue 3pm 30 follow-up dr chen")

    assert found == TypedBooking(
        who="smith",
        day=MAR_17,
        at=time(15),
        duration_min=30,
        type_ids=(FOLLOW,),
        provider_ids=(CHEN,),
    )
    assert found.is_booking


@pytest.mark.parametrize(
    "order", [*permutations(["ada smith", "tue 3pm 30", "follow-up", "dr chen"])]
)
def test_the_order_does_not_matter(order: tuple[str, ...]):
    found = said(" ".join(order))

    assert (found.who, found.day, found.at, found.duration_min) == (
        "ada smith", MAR_17, time(15), 30,
    )  # fmt: skip
    assert (found.type_ids, found.provider_ids) == ((FOLLOW,), (CHEN,))


@pytest.mark.parametrize(
    "text",
    [
        "smith tue 3pm", "tue 3 pm smith", "smith 3/17 3p", "smith on tuesday at 3", "smith mar 17 @3",
        "smith tue 15:00", "smith 17 march 3:00pm", "smith tue 3/17 3pm", "smith tue 1500",
        "smith tue 3", "3pm tue smith", "smith, tue, 3pm", "book smith tue at 3 pm", "smith 17th 3pm",
        "smith +6d 3pm", "smith in 6 days 3pm", "smith 2026-03-17 3pm", "smith next tue 3pm",
        "smith tue mar 17 3pm",
    ],
)  # fmt: skip
def test_days_and_times_in_any_usual_form(text: str):
    found = said(text)

    assert (found.who, found.day, found.at) == ("smith", MAR_17, time(15)), found
    assert found.duration_min is None
    assert not found.problems


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("smith tue 3pm 45", 45), ("smith tue 3pm 45 min", 45), ("smith tue 3pm for 45", 45),
        ("smith 45min tue 3pm", 45), ("smith tue 3pm 1h", 60), ("smith tue 3pm an hour", 60),
        ("smith tue 3pm half an hour", 30), ("smith tue 3-3:45pm", 45), ("smith tue 9 45", 45),
        ("smith tue 3pm 1.5h", 90), ("smith tue 30", 30), ("smith tue 2pm 10", 10),
    ],
)  # fmt: skip
def test_lengths_in_any_usual_form(text: str, minutes: int):
    assert said(text).duration_min == minutes


def test_a_date_and_a_bare_hour_are_a_day_and_a_time():
    found = said("smith 3/14 9")

    assert (found.day, found.at, found.who) == (date(2026, 3, 14), time(9), "smith")


def test_a_month_a_day_and_a_length_are_no_year():
    found = said("smith mar 17 30 3pm")

    assert (found.day, found.duration_min, found.at) == (MAR_17, 30, time(15))


def test_a_date_of_birth_says_who():
    found = said("smith 3/14/1984 tue 3pm")

    assert (found.who, found.day) == ("smith 3/14/1984", MAR_17)


@pytest.mark.parametrize(
    "who", ["tom may", "april june", "su", "sun li", "chen", "o'neill", "nurse"]
)
def test_names_that_look_like_something_else_stay_names(who: str):
    found = said(f"{who} tue 3pm")

    assert (found.who, found.day, found.at) == (who, MAR_17, time(15))


def test_a_provider_is_called_by_title_or_by_name_beside_a_patient():
    assert said("smith tue 3pm dr ch").provider_ids == (CHEN,)
    assert said("smith tue 3pm with ana diaz").provider_ids == (DIAZ,)
    assert said("smith tue 3pm dr van der berg").provider_ids == (BERG,)
    assert said("chen tue 3pm dr chen") == said("dr chen chen tue 3pm")
    assert said("smith chen tue 3pm").provider_ids == (CHEN,)


def test_a_provider_nobody_knows_is_said():
    found = said("smith tue 3pm dr house")

    assert found.problems == ("There is no provider called “house”.",)
    assert found.who == "smith"


def test_a_beginning_that_fits_several_types_gives_them_all():
    assert said("smith tue 3pm follow").type_ids == (FOLLOW, LONG)
    assert said("smith tue 3pm followup").type_ids == (FOLLOW,)
    assert said("smith tue 3pm follow up").type_ids == (FOLLOW,)
    assert said("smith tue 3pm nurse").type_ids == (NURSE,)
    assert said("smith tue 3pm new pat").type_ids == (NEW,)


def test_rooms_and_reasons():
    found = said("smith tue 3pm in exam 2 nurse visit for blood pressure check")

    assert (found.room_ids, found.type_ids) == ((EXAM2,), (NURSE,))
    assert (found.reason, found.who) == ("blood pressure check", "smith")
    assert said("smith tue 3pm “3 days of fever”").reason == "3 days of fever"
    assert said("smith tue 3pm room 1").room_ids == (EXAM1,)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("smith tue after 3", 900, 1440), ("smith tue before 10:30", 0, 630),
        ("smith tue morning", 0, 720), ("smith tue in the afternoon", 720, 1020),
        ("smith tue after 9 before 11", 540, 660), ("smith tue pm", 720, 1020),
    ],
)  # fmt: skip
def test_a_part_of_the_day_leaves_the_time_open(text: str, first: int, last: int):
    found = said(text)

    assert (found.at, found.from_min, found.to_min) == (None, first, last)
    assert (found.who, found.is_booking) == ("smith", True)


def test_a_weekday_that_does_not_fit_its_date_is_said():
    assert said("smith mon 3/17 3pm").problems == ("March 17 is a Tuesday.",)


def test_a_weekday_picks_the_day_of_a_week_named():
    assert said("smith thu +2w 3pm").day == date(2026, 3, 26)
    assert said("smith thu in 2 weeks 3pm").day == date(2026, 3, 26)


def test_days_and_times_that_do_not_exist_are_said():
    assert "no day 30" in said("smith 2/30 3pm").problems[0]
    assert "25:00" in said("smith tue 25:00").problems[0]


@pytest.mark.parametrize(
    "text",
    [
        "smith",
        "smith tue",
        "tue",
        "3/14/1984",
        "555 0100",
        "smith ada",
        "3pm",
        "dr chen",
        "",
        "book",
        "book a visit",
    ],
)
def test_what_is_looked_up_asks_for_no_booking(text: str):
    assert not said(text).is_booking


def test_the_practices_own_order_of_day_and_month_and_clock():
    found = said("smith 17/3 15", Formats("dmy", clock_24h=True))

    assert (found.day, found.at) == (MAR_17, time(15))


@pytest.mark.parametrize(
    "text", ["'", '"', "“", "@", "/", "3-", "-3", "+", "dr", "with", "for", "at at at", "99/99 99 99",
             "0", "00", "٣pm", "²", "1" * 400, "tue " * 50, "\x00", "🙂 tue 3pm", "3/17 dr", "1h1h1h"],
)  # fmt: skip
def test_odd_text_is_harmless(text: str):
    assert isinstance(said(text), TypedBooking)


def test_a_name_after_book_asks_for_a_booking():
    assert said("book smith").is_booking
    assert said("book smith").who == "smith"


PIECES = st.sampled_from(
    [
        "smith",
        "tue",
        "3pm",
        "30",
        "follow",
        "up",
        "dr",
        "chen",
        "next",
        "in",
        "at",
        "for",
        "2",
        "weeks",
        "mar",
        "17",
        "3/17",
        "+2w",
        "9",
        "noon",
        "after",
        "before",
        "morning",
        "room",
        "1",
        "exam",
        "book",
        "with",
        "1984",
        "17th",
        "half",
        "an",
        "hour",
        "3-4pm",
        "25:00",
        "2/30",
        "“",
        '"',
        "am",
        "p.m.",
        "th",
        "su",
        "tom",
    ]
)


@given(st.lists(PIECES | st.text(max_size=6), max_size=9))
def test_no_line_is_answered_with_anything_but_what_was_understood(pieces: list[str]):
    found = said(" ".join(pieces))

    assert found.duration_min is None or found.duration_min >= 0
    assert 0 <= found.from_min <= 24 * 60
    assert set(found.type_ids) <= {NEW, FOLLOW, LONG, NURSE}


@given(st.permutations(["ada smith", "tue", "3pm", "45", "nurse visit", "dr diaz", "exam 2"]))
def test_no_order_changes_who_what_and_when(pieces: list[str]):
    found = said(" ".join(pieces))

    # A bare number right after a day is its time, so it may stand anywhere but there and after it.
    assert (found.who, found.day, found.at) == ("ada smith", MAR_17, time(15))
    assert (found.type_ids, found.provider_ids, found.room_ids) == ((NURSE,), (DIAZ,), (EXAM2,))
    assert found.duration_min == 45
