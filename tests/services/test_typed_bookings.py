from __future__ import annotations

from datetime import datetime

import pytest

from medsec_desktop.domain.permissions import Permission, Role
from medsec_desktop.models import PatientPhone, Room
from medsec_desktop.services.calendar.typed import Proposal
from medsec_desktop.services.office import Office
from tests.conftest import a_patient, a_provider, a_type, a_user, an_appointment


class Desk:
    """A small practice, and what typing comes to there."""

    def __init__(self, office: Office):
        self.office = office
        session = office.session
        self.follow = a_type(session, "Follow-up", 20)
        self.physical = a_type(session, "Physical", 60)
        self.chen = a_provider(session, "Chen")
        self.diaz = a_provider(session, "Diaz", "Ana")
        self.ada = a_patient(session, "Testperson", "Ada", primary_provider_id=self.chen)
        self.berta = a_patient(session, "Testperson", "Berta", birth_date="1990-01-02")
        self.cleo = a_patient(session, "Sampleton", "Cleo")

    def typed(self, text: str) -> tuple[Proposal, ...]:
        hits = self.office.find(text)
        return tuple(hit.booking for hit in hits if hit.booking is not None)

    def first(self, text: str) -> Proposal:
        return self.typed(text)[0]


@pytest.fixture
def desk(office: Office) -> Desk:
    return Desk(office)


def test_a_whole_line_is_shown_as_it_was_understood_and_ready_to_book(desk: Desk):
    (only,) = desk.typed("cleo tue 3pm 30 follow-up dr chen")

    assert only.title == (
        "Book Sampleton, Cleo · Tue Mar 17, 3:00 PM · 30 min · Follow-up · Dr. Chen"
    )
    assert only.mark == ""
    assert only.draft is not None
    assert only.draft.starts_at == datetime(2026, 3, 17, 15)
    assert (only.draft.patient_id, only.draft.type_id, only.draft.provider_id) == (
        desk.cleo, desk.follow, desk.chen,
    )  # fmt: skip
    desk.office.calendar.book(only.draft)


def test_the_booking_comes_before_everything_else_found(desk: Desk):
    assert desk.office.find("cleo tue 3pm follow-up chen")[0].kind == "booking"


def test_the_length_is_the_types_and_the_provider_her_usual_one(desk: Desk):
    first = desk.first("ada testperson tue 3pm physical")

    assert first.title.endswith("60 min · Physical · Dr. Chen")
    assert first.draft is not None


def test_a_reason_and_a_room_go_along(desk: Desk):
    with desk.office.session.change("Add a room", Permission.EDIT_SETTINGS):
        room = Room.create(name="Exam 1").id

    first = desk.first("cleo tue 3pm follow-up chen exam 1 for “sore throat”")

    assert first.draft is not None
    assert (first.draft.room_id, first.draft.reason) == (room, "sore throat")


def test_several_people_are_asked_about_and_offered_each(desk: Desk):
    which, *each = desk.typed("testperson tue 3pm follow-up chen")

    assert (which.mark, which.draft) == ("Which one?", None)
    assert which.state["search"] == "testperson"
    assert [one.trailing for one in each] == ["03/14/1984 · T00001", "01/02/1990 · T00002"]
    assert all(one.draft for one in each)


def test_a_whole_name_is_one_person_though_others_fit(desk: Desk):
    a_patient(desk.office.session, "Testperson", "Adalbert")

    assert desk.first("ada testperson tue 3pm follow-up chen").draft is not None


def test_nobody_on_file_is_said_and_the_name_goes_into_the_pane(desk: Desk):
    first = desk.first("xqzv tue 3pm follow-up chen")

    assert first.mark == "Nobody found"
    assert first.state["search"] == "xqzv"
    assert first.state["time"] == "3:00 PM"


def test_without_a_time_the_first_free_ones_are_offered(desk: Desk):
    an_appointment(desk.office.session, desk.ada, desk.chen, "2026-03-17T15:00", 60)

    asked, *free = desk.typed("cleo tue after 3 follow-up dr chen")

    assert (asked.mark, asked.draft) == ("What time?", None)
    assert "after 3:00 PM" in asked.title
    assert [one.draft.starts_at.strftime("%a %H:%M") for one in free if one.draft] == [
        "Tue 16:00", "Tue 16:15", "Tue 16:30",
    ]  # fmt: skip


def test_without_a_day_the_next_days_with_that_time_free_are_offered(desk: Desk):
    _, first, second, *_ = desk.typed("cleo 9am follow-up dr chen")

    assert [one.draft.starts_at.day for one in (first, second) if one.draft] == [11, 12]


def test_without_a_type_each_is_offered(desk: Desk):
    asked, *each = desk.typed("cleo tue 3pm dr chen")

    assert asked.mark == "What for?"
    assert [one.draft.type_id for one in each if one.draft] == [desk.follow, desk.physical]


def test_without_a_provider_those_free_then_are_offered(desk: Desk):
    an_appointment(desk.office.session, desk.ada, desk.chen, "2026-03-17T15:00")

    asked, *free = desk.typed("cleo tue 3pm follow-up")

    assert asked.mark == "With whom?"
    assert [one.draft.provider_id for one in free if one.draft] == [desk.diaz]


def test_a_rule_in_the_way_is_named_and_the_nearest_free_times_follow(desk: Desk):
    an_appointment(desk.office.session, desk.ada, desk.chen, "2026-03-17T15:00")

    refused, *free = desk.typed("cleo tue 3pm follow-up chen")

    assert (refused.mark, refused.draft) == ("Not possible", None)
    assert "already sees Testperson, Ada" in refused.note
    assert len(free) == 3
    assert all(one.draft for one in free)


def test_a_soft_rule_wants_a_reason(desk: Desk):
    first = desk.first("cleo tue 9pm follow-up chen")

    assert (first.mark, first.draft) == ("Needs a reason", None)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("cleo 2/30 3pm follow-up chen", "no day 30"),
        ("cleo tue 3pm follow-up dr house", "no provider called"),
        ("cleo mon 3/17 3pm follow-up chen", "March 17 is a Tuesday"),
    ],
)
def test_what_makes_no_sense_is_said_and_never_booked(desk: Desk, text: str, says: str):
    first = desk.first(text)

    assert first.draft is None
    assert says in first.note


def test_a_visit_across_midnight_is_not_possible(desk: Desk):
    first = desk.first("cleo tue 11:30pm physical chen")

    assert first.draft is None
    assert "midnight" in first.note


@pytest.mark.parametrize(
    "text", ["cleo", "testperson tue", "tue", "dr chen", "3/14 9pm x", ">book"]
)
def test_a_search_stays_a_search(desk: Desk, text: str):
    assert all(one.draft is None for one in desk.typed(text))
    assert desk.typed("cleo") == ()


def test_who_may_not_book_is_offered_no_booking(desk: Desk):
    session = desk.office.session
    session.switch_user(a_user(session, "rita", Role.READ_ONLY))

    assert desk.typed("cleo tue 3pm follow-up chen") == ()


@pytest.mark.parametrize("who", ["1/2/1990", "555-0199", "5550199", "T00002", "berta", "testp ber"])
def test_she_may_be_named_by_anything_the_search_knows(desk: Desk, who: str):
    with desk.office.session.change("Note her number", Permission.EDIT_PATIENTS):
        PatientPhone.create(patient_id=desk.berta, number="+12125550199")

    first = desk.first(f"{who} tue 3pm follow-up dr chen")

    assert first.draft is not None
    assert first.draft.patient_id == desk.berta


def test_a_patient_who_died_is_not_possible(desk: Desk):
    a_patient(desk.office.session, "Mustermann", "Dora", status="deceased")

    first = desk.first("dora tue 3pm follow-up chen")

    assert (first.mark, first.draft) == ("Not possible", None)
    assert "deceased" in first.note
