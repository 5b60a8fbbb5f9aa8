from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from medsec_desktop.domain.calendar import Slot, Span
from medsec_desktop.domain.calendar.finding import FindQuery
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import (
    AppointmentType,
    BlockOut,
    BlockOutType,
    Closure,
    Hold,
    HoursException,
    PublicHoliday,
    Room,
    RoomHours,
)
from medsec_desktop.problems import Invalid
from medsec_desktop.services.calendar import BookingDraft
from medsec_desktop.services.office import Office
from medsec_desktop.services.practice import settings
from medsec_desktop.services.session import Session
from tests.conftest import a_patient, a_provider, a_type, an_appointment

THURSDAY, FRIDAY, MONDAY = date(2026, 3, 12), date(2026, 3, 13), date(2026, 3, 16)


def times(slots: tuple[Slot, ...]) -> list[str]:
    return [f"{slot.starts_at:%a %H:%M}" for slot in slots]


def stored(session: Session, model, **fields) -> int:
    with session.change("Set up", Permission.EDIT_SETTINGS):
        return int(model.create(**fields).id)


def a_room(session: Session, name: str, kind: str = "exam") -> int:
    return stored(session, Room, name=name, kind=kind)


@pytest.fixture
def chen(office: Office) -> int:
    return a_provider(office.session, works="9-10")


THIRTY = FindQuery(duration_min=30)


def test_the_first_free_starts_step_from_the_beginning_of_the_day(office: Office, chen: int):
    found = office.finder.next(replace(THIRTY, count=6))

    assert times(found) == [
        "Wed 09:00", "Wed 09:15", "Wed 09:30", "Thu 09:00", "Thu 09:15", "Thu 09:30",
    ]  # fmt: skip


def test_nothing_is_offered_in_the_past(office: Office, clock, chen: int):
    clock.advance(timedelta(minutes=20))

    assert times(office.finder.next(THIRTY))[0] == "Wed 09:30"


def test_a_start_follows_at_once_on_the_end_of_a_visit(office: Office, chen: int):
    an_appointment(office.session, a_patient(office.session), chen, "2026-03-12T09:00", 20)

    assert times(office.finder.on_day(THIRTY, THURSDAY)) == ["Thu 09:20"]


def test_a_practice_may_prefer_the_lines_of_the_day_view(office: Office, chen: int):
    an_appointment(office.session, a_patient(office.session), chen, "2026-03-12T09:00", 20)
    office.practice.put(settings.SLOT_STARTS, "grid")

    assert times(office.finder.on_day(THIRTY, THURSDAY)) == ["Thu 09:30"]


def test_the_length_is_the_types_unless_one_is_said(office: Office, chen: int):
    long = a_type(office.session, "Physical", 60)

    assert times(office.finder.on_day(FindQuery(long), THURSDAY)) == ["Thu 09:00"]
    assert len(office.finder.on_day(FindQuery(long, 15), THURSDAY)) == 4


def test_time_needed_before_and_after_is_left_free(office: Office, chen: int):
    kind = a_type(office.session, "Ultrasound", 15, buffer_after_min=15)
    an_appointment(office.session, a_patient(office.session), chen, "2026-03-12T09:30", 15)

    assert times(office.finder.on_day(FindQuery(kind), THURSDAY)) == ["Thu 09:00", "Thu 09:45"]


def test_filters_take_starts_away_and_shift_none(office: Office):
    a_provider(office.session, works="8-17")
    query = FindQuery(
        duration_min=30, weekdays=frozenset({3}), from_min=15 * 60 + 10, to_min=16 * 60
    )

    assert times(office.finder.next(replace(query, count=3))) == [
        "Thu 15:15", "Thu 15:30", "Thu 15:15",
    ]  # fmt: skip


def test_her_own_times_are_kept_to(office: Office):
    a_provider(office.session, works="8-17")
    query = FindQuery(
        duration_min=60, available=((3, Span(9 * 60, 10 * 60 + 15)), (4, Span(0, 9 * 60)))
    )

    assert times(office.finder.next(replace(query, count=4))) == [
        "Thu 09:00", "Thu 09:15", "Fri 08:00", "Thu 09:00",
    ]  # fmt: skip


def test_the_earliest_and_the_latest_day_bound_the_search(office: Office, chen: int):
    found = office.finder.by_date(replace(THIRTY, earliest_on=THURSDAY, latest_on=FRIDAY))

    assert [each.day for each in found] == [THURSDAY, FRIDAY]


def test_a_notice_needed_keeps_the_next_hours_out(office: Office):
    a_provider(office.session, works="8-17")
    query = replace(THIRTY, not_before=datetime(2026, 3, 12, 8, 20))

    assert times(office.finder.next(query))[0] == "Thu 08:30"


def test_ten_dates_come_with_their_first_slots_and_how_many_there_are(office: Office, chen: int):
    found = office.finder.by_date(replace(THIRTY, count=2))

    assert len(found) == 10
    assert times(found[0].slots) == ["Wed 09:00", "Wed 09:15"]
    assert found[0].total == 3


def test_of_several_providers_the_earliest_comes_first(office: Office, chen: int):
    early = a_provider(office.session, "Diaz", works="8-9")

    found = office.finder.on_day(replace(THIRTY, count=6), THURSDAY)

    assert [slot.provider_id for slot in found] == [early] * 3 + [chen] * 3
    assert office.finder.on_day(replace(THIRTY, provider_ids=(chen,)), THURSDAY) == found[3:]


def test_who_is_not_bookable_is_found_only_by_name(office: Office, chen: int):
    guest = a_provider(office.session, "Guest", works="9-10", is_bookable=False)

    assert {slot.provider_id for slot in office.finder.next(THIRTY)} == {chen}
    assert office.finder.next(replace(THIRTY, provider_ids=(guest,)))


def test_a_day_the_patient_already_comes_is_left_out(office: Office, chen: int):
    ada = a_patient(office.session)
    other = a_provider(office.session, "Diaz")
    an_appointment(office.session, ada, other, "2026-03-12T15:00")

    assert office.finder.on_day(replace(THIRTY, patient_id=ada), THURSDAY) == ()
    office.practice.put(settings.RULE_SAME_DAY, "off")
    assert office.finder.on_day(replace(THIRTY, patient_id=ada), THURSDAY)


def test_a_visit_about_to_move_is_not_in_its_own_way(office: Office, chen: int):
    ada = a_patient(office.session)
    visit = an_appointment(office.session, ada, chen, "2026-03-12T09:00", 60)
    query = replace(THIRTY, patient_id=ada)

    assert office.finder.on_day(query, THURSDAY) == ()
    assert office.finder.on_day(replace(query, ignoring_ids=frozenset({visit})), THURSDAY)


def test_nobody_who_died_is_offered_anything(office: Office, chen: int):
    gone = a_patient(office.session, status="deceased", deceased_on="2026-01-01")

    assert office.finder.next(replace(THIRTY, patient_id=gone)) == ()


def test_closures_holidays_and_other_hours_are_read(office: Office, chen: int):
    session = office.session
    stored(session, Closure, name="Painters", first_on="2026-03-11", last_on="2026-03-11")
    stored(session, PublicHoliday, held_on="2026-03-12", name="Founders’ Day")
    stored(
        session, HoursException, provider_id=chen, first_on="2026-03-13", last_on="2026-03-13",
        spans="840-870",
    )  # fmt: skip

    assert times(office.finder.next(replace(THIRTY, count=2))) == ["Fri 14:00", "Mon 09:00"]


def test_a_block_out_lets_in_the_types_it_admits(office: Office, chen: int):
    walk_in, other = a_type(office.session, "Walk-in", 30), a_type(office.session, "Physical", 30)
    block = stored(
        office.session, BlockOut, provider_id=chen, kind="reserved", title="Walk-ins",
        starts_on="2026-03-12", starts_min=540, ends_min=600,
    )  # fmt: skip
    stored(office.session, BlockOutType, block_out_id=block, type_id=walk_in)

    assert office.finder.on_day(FindQuery(other), THURSDAY) == ()
    assert len(office.finder.on_day(FindQuery(walk_in), THURSDAY)) == 3


def test_a_hold_is_free_for_whom_it_is_held_and_for_all_once_it_expires(
    office: Office, clock, chen: int
):
    ada, berta = a_patient(office.session), a_patient(office.session, given="Berta")
    stored(
        office.session, Hold, provider_id=chen, patient_id=ada, starts_at="2026-03-12T09:00",
        duration_min=60, title="Ada rings back", expires_at="2026-03-11T12:00",
    )  # fmt: skip

    def offered(patient_id: int) -> int:
        return len(office.finder.on_day(replace(THIRTY, patient_id=patient_id), THURSDAY))

    assert (offered(ada), offered(berta)) == (3, 0)
    clock.advance(timedelta(hours=3, minutes=1))
    assert offered(berta) == 3


def test_a_provider_who_takes_two_at_once_is_offered_until_two_are_there(office: Office):
    session = office.session
    nurse = a_provider(session, "Nurse", works="9-10", visits_at_once=2)
    an_appointment(session, a_patient(session), nurse, "2026-03-12T09:00", 60)
    an_appointment(session, a_patient(session), nurse, "2026-03-12T09:30", 15)

    assert times(office.finder.on_day(THIRTY, THURSDAY)) == ["Thu 09:00"]


def test_a_room_of_the_kind_asked_for_must_be_free(office: Office, chen: int):
    session = office.session
    first, second = a_room(session, "Exam 1"), a_room(session, "Exam 2")
    a_room(session, "Lab", "lab")
    other = a_provider(session, "Diaz")
    an_appointment(session, a_patient(session), other, "2026-03-12T09:00", 30, room_id=first)
    stored(session, RoomHours, room_id=second, weekday=3, starts_min=540, ends_min=570)
    query = replace(THIRTY, provider_ids=(chen,), room_kind="exam")

    found = office.finder.on_day(query, THURSDAY)

    assert [(f"{slot.starts_at:%H:%M}", slot.room_id) for slot in found] == [
        ("09:00", second), ("09:30", first),
    ]  # fmt: skip
    only_first = replace(query, room_kind="", room_ids=(first,))
    assert times(office.finder.on_day(only_first, THURSDAY)) == ["Thu 09:30"]
    assert office.finder.next(replace(query, room_kind="sauna")) == ()


def test_a_provider_without_hours_and_a_visit_longer_than_the_day_find_nothing(
    office: Office, chen: int
):
    nobody = a_provider(office.session, "New", works="")

    assert office.finder.next(replace(THIRTY, provider_ids=(nobody,))) == ()
    assert office.finder.next(FindQuery(duration_min=90, provider_ids=(chen,))) == ()
    assert office.finder.bar(replace(THIRTY, provider_ids=(nobody,))) == (
        "Dr. New has no working hours yet; they are set in Settings."
    )
    assert office.finder.bar(THIRTY) == ""  # others have


@pytest.mark.parametrize("query", [FindQuery(), FindQuery(duration_min=2000), FindQuery(99)])
def test_what_makes_no_sense_is_said(office: Office, chen: int, query: FindQuery):
    with pytest.raises(Invalid):
        office.finder.next(query)


# -- several at once --------------------------------------------------------------------------


def test_two_visits_of_one_day_follow_upon_each_other(office: Office):
    session = office.session
    chen, diaz = a_provider(session, works="8-12"), a_provider(session, "Diaz", works="10-12")
    ada = a_patient(session)
    queries = (
        FindQuery(duration_min=20, provider_ids=(chen,), patient_id=ada),
        FindQuery(duration_min=30, provider_ids=(diaz,), patient_id=ada),
    )

    first, second = office.finder.several(queries, same_day=True, count=2)

    assert times(first) == ["Wed 09:45", "Wed 10:05"]
    assert times(second) == ["Thu 09:45", "Thu 10:05"]
    (other_way,) = office.finder.several(queries[::-1], same_day=True, in_order=True, count=1)
    assert times(other_way) == ["Wed 10:00", "Wed 10:30"]


def test_two_visits_with_one_provider_stand_back_to_back(office: Office):
    a_provider(office.session, works="8-12")
    ada = a_patient(office.session)
    queries = [FindQuery(duration_min=length, patient_id=ada) for length in (20, 30)]

    (way,) = office.finder.several(queries, same_day=True, in_order=True, count=1)

    assert times(way) == ["Wed 09:00", "Wed 09:20"]


def test_visits_of_one_patient_lie_on_different_days_unless_one_day_is_asked_for(
    office: Office, chen: int
):
    ada = a_patient(office.session)

    (way,) = office.finder.several([replace(THIRTY, patient_id=ada)] * 2, count=1)

    assert times(way) == ["Wed 09:00", "Thu 09:00"]


def test_visits_of_several_patients_are_never_in_each_others_way(office: Office, chen: int):
    people = [a_patient(office.session, given=given) for given in ("Ada", "Berta", "Cleo")]

    (way,) = office.finder.several([replace(THIRTY, patient_id=one) for one in people], count=1)

    assert times(way) == ["Wed 09:00", "Wed 09:30", "Thu 09:00"]


def test_several_visits_are_booked_and_taken_back_as_one(office: Office):
    chen = a_provider(office.session, works="8-12")
    kind, ada = a_type(office.session), a_patient(office.session)
    (way,) = office.finder.several(
        [FindQuery(kind, patient_id=ada)] * 2, same_day=True, in_order=True, count=1
    )

    booked = office.finder.book_all(
        [BookingDraft(ada, chen, kind, slot.starts_at, slot.duration_min) for slot in way]
    )

    assert len(booked) == 2
    office.session.undo()
    assert office.calendar.of_day(date(2026, 3, 11)) == ()


def test_of_several_visits_all_are_booked_or_none(office: Office):
    chen = a_provider(office.session, works="8-12")
    ada, berta = a_patient(office.session), a_patient(office.session, given="Berta")
    at = datetime(2026, 3, 12, 9)

    with pytest.raises(Exception, match="already sees"):
        office.finder.book_all(
            [BookingDraft(ada, chen, None, at, 30), BookingDraft(berta, chen, None, at, 30)]
        )

    assert office.calendar.of_day(THURSDAY) == ()


def test_a_type_of_the_query_is_read_as_it_is_now(office: Office, chen: int):
    kind = a_type(office.session, "Follow-up", 30)
    with office.session.change("Make it longer", Permission.EDIT_SETTINGS):
        AppointmentType.update(duration_min=60).where(AppointmentType.id == kind).execute()

    assert times(office.finder.on_day(FindQuery(kind), MONDAY)) == ["Mon 09:00"]


# -- rules switched off, and the clock ----------------------------------------------------------


def test_a_closure_that_is_not_checked_takes_nothing_away(office: Office, chen: int):
    stored(office.session, Closure, name="Painters", first_on="2026-03-12", last_on="2026-03-12")
    assert office.finder.on_day(THIRTY, THURSDAY) == ()

    office.practice.put(settings.RULE_CLOSURE, "off")

    assert len(office.finder.on_day(THIRTY, THURSDAY)) == 3


def test_time_between_visits_that_is_not_checked_is_given_away(office: Office, chen: int):
    kind = a_type(office.session, "Ultrasound", 15, buffer_after_min=15)
    an_appointment(office.session, a_patient(office.session), chen, "2026-03-12T09:30", 15)

    office.practice.put(settings.RULE_BUFFER, "off")

    assert times(office.finder.on_day(FindQuery(kind), THURSDAY)) == [
        "Thu 09:00", "Thu 09:15", "Thu 09:45",
    ]  # fmt: skip


def test_offers_stay_within_the_hours_even_where_those_are_not_checked(office: Office, chen: int):
    office.practice.put(settings.RULE_OUTSIDE_HOURS, "off")

    assert len(office.finder.on_day(THIRTY, THURSDAY)) == 3


def test_a_room_of_another_kind_than_the_type_wants_is_none(office: Office, chen: int):
    kind = a_type(office.session, "Blood draw", 15, room_kind="lab")
    exam, lab = a_room(office.session, "Exam 1"), a_room(office.session, "Lab", "lab")
    query = FindQuery(kind, room_ids=(exam, lab))

    assert {slot.room_id for slot in office.finder.on_day(query, THURSDAY)} == {lab}


def test_no_visit_is_offered_in_the_hour_the_clock_repeats(office: Office, chen: int):
    """On November 1, 2026, New York's clocks go from two back to one."""
    office.practice.put(settings.TIME_ZONE, "America/New_York")
    stored(
        office.session, HoursException, provider_id=chen, first_on="2026-11-01",
        last_on="2026-11-01", spans="0-180",
    )  # fmt: skip

    found = office.finder.on_day(THIRTY, date(2026, 11, 1))

    assert times(found) == ["Sun 00:00", "Sun 00:15", "Sun 00:30", "Sun 02:00", "Sun 02:15",
                            "Sun 02:30"]  # fmt: skip


def test_visits_that_never_fit_one_day_are_given_up_in_good_time(office: Office):
    chen = a_provider(office.session, works="9-10")
    ada = a_patient(office.session)
    queries = [FindQuery(duration_min=25, provider_ids=(chen,), patient_id=ada)] * 3

    assert office.finder.several(queries, same_day=True) == ()
    assert len(office.finder.several(queries[:2], same_day=True)) == 3
