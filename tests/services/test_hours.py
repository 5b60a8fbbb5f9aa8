from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from medsec_desktop.domain.calendar import Rule, Span
from medsec_desktop.domain.permissions import Role
from medsec_desktop.models import Room
from medsec_desktop.problems import Conflict, Invalid, NotAllowed
from medsec_desktop.services.calendar.availability import provider_plans
from medsec_desktop.services.calendar.holidays import countries, listed, subdivisions
from medsec_desktop.services.calendar.hours import Hours
from medsec_desktop.services.calendar.hours_records import BlockDraft, ExceptionDraft
from medsec_desktop.services.office import Office
from medsec_desktop.services.practice import ClosureDraft, HoursRow, RoomDraft, settings
from tests.conftest import a_patient, a_provider, a_type, a_user, an_appointment

TODAY = date(2026, 3, 11)  # a Wednesday
THURSDAY, FRIDAY = date(2026, 3, 12), date(2026, 3, 13)
MORNING = Span(480, 720)


@pytest.fixture
def hours(office: Office) -> Hours:
    return office.hours


@pytest.fixture
def chen(office: Office) -> int:
    return a_provider(office.session)


def a_lunch(**changes) -> BlockDraft:
    return replace(BlockDraft("Lunch", THURSDAY, Span(720, 780), "break"), **changes)


# Other hours on some days


def test_other_hours_stand_until_they_are_taken_back(hours: Hours, office: Office, chen: int):
    draft = ExceptionDraft(THURSDAY, FRIDAY, (MORNING,), "Training", provider_id=chen)

    exception_id = hours.save_exception(draft)

    (row,) = hours.exceptions(since=TODAY)
    assert (row.id, row.whose, row.spans, row.note) == (
        exception_id, "Robin Chen", (MORNING,), "Training",
    )  # fmt: skip
    hours.remove_exception(exception_id)
    assert hours.exceptions() == ()
    office.session.undo()
    assert len(hours.exceptions(provider_id=chen)) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"last_on": TODAY}, "last_on"),
        ({"provider_id": None}, "whose"),
        ({"spans": (Span(600, 500),)}, "spans"),
        ({"spans": (MORNING, Span(700, 800))}, "spans"),
    ],
)
def test_hours_that_cannot_be_meant_are_refused(hours: Hours, chen: int, changes, field):
    draft = ExceptionDraft(THURSDAY, FRIDAY, (MORNING,), provider_id=chen)

    with pytest.raises(Invalid) as refusal:
        hours.save_exception(replace(draft, **changes))

    assert refusal.value.field == field
    assert hours.exceptions() == ()


def test_an_exception_changed_by_somebody_else_is_not_overwritten(hours: Hours, chen: int):
    draft = ExceptionDraft(THURSDAY, FRIDAY, (MORNING,), provider_id=chen)
    exception_id = hours.save_exception(draft)
    hours.save_exception(replace(draft, id=exception_id, version=1, spans=()))

    with pytest.raises(Conflict):
        hours.save_exception(replace(draft, id=exception_id, version=1, note="Late"))


# Rooms


def test_a_room_has_hours_of_its_own(hours: Hours, office: Office):
    room = office.practice.save_room(RoomDraft("Lab", "lab"))

    hours.save_room_hours(room, [HoursRow(3, 480, 720)])

    assert hours.room_hours(room) == (HoursRow(3, 480, 720),)
    hours.save_room_hours(room, [])
    assert hours.room_hours(room) == ()


def test_a_room_that_goes_takes_its_hours_along(hours: Hours, office: Office):
    room = office.practice.save_room(RoomDraft("Lab", "lab"))
    hours.save_room_hours(room, [HoursRow(3, 480, 720)])
    hours.save_exception(ExceptionDraft(THURSDAY, THURSDAY, room_id=room))
    hours.blocks.save(a_lunch(room_id=room))

    office.practice.remove_room(room)

    assert Room.select().count() == 0
    assert hours.exceptions() == ()
    assert hours.blocks.all() == ()


def test_a_provider_that_goes_takes_her_hours_along(hours: Hours, office: Office, chen: int):
    hours.save_exception(ExceptionDraft(THURSDAY, THURSDAY, provider_id=chen))
    hours.blocks.save(a_lunch(provider_id=chen, rule="FREQ=DAILY"))

    office.practice.remove_provider(chen)

    assert office.practice.providers() == ()
    assert hours.blocks.all() == ()


def test_a_type_a_block_admits_is_hidden_and_not_lost(hours: Hours, office: Office, chen: int):
    physical = a_type(office.session, "Physical")
    hours.blocks.save(a_lunch(kind="reserved", admits=frozenset([physical])))

    office.practice.remove_type(physical)

    assert [row.is_active for row in office.practice.types()] == [False]


# Block-outs


def test_time_kept_free_is_named_after_its_kind_where_nobody_names_it(hours: Hours):
    block_id = hours.blocks.save(a_lunch(title="  "))

    assert hours.blocks.one(block_id).title == "Break"
    assert hours.blocks.one(block_id).whose == "Everybody"


def test_a_repeat_begins_on_the_first_day_it_stands(hours: Hours):
    block_id = hours.blocks.save(a_lunch(rule="FREQ=WEEKLY;BYDAY=MO"))

    assert hours.blocks.one(block_id).starts_on == date(2026, 3, 16)


def test_one_day_of_a_repeat_is_given_back_and_kept_again(hours: Hours, office: Office, chen: int):
    block_id = hours.blocks.save(a_lunch(rule="FREQ=DAILY"))

    hours.blocks.leave_out(block_id, FRIDAY)

    plans = provider_plans(office.session.db, THURSDAY, FRIDAY, [chen], datetime(2026, 3, 11, 9))
    assert plans[chen, THURSDAY].blocks
    assert not plans[chen, FRIDAY].blocks
    hours.blocks.bring_back(block_id, FRIDAY)
    assert hours.blocks.one(block_id).left_out == ()


def test_a_repeat_can_be_ended_from_a_day_on(hours: Hours):
    block_id = hours.blocks.save(a_lunch(rule="FREQ=DAILY"))

    hours.blocks.end_before(block_id, FRIDAY)

    assert hours.blocks.one(block_id).last_on == THURSDAY
    hours.blocks.end_before(block_id, THURSDAY)
    assert hours.blocks.all() == ()


def test_what_is_over_is_left_off_the_list(hours: Hours):
    hours.blocks.save(a_lunch(starts_on=date(2026, 3, 2)))
    hours.blocks.save(a_lunch(starts_on=date(2026, 3, 2), rule="FREQ=DAILY", last_on=TODAY))
    standing = hours.blocks.save(a_lunch(starts_on=date(2026, 3, 2), rule="FREQ=DAILY"))

    assert [row.id for row in hours.blocks.all(since=THURSDAY)] == [standing]
    assert len(hours.blocks.all()) == 3


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"span": Span(780, 720)}, "span"),
        ({"kind": "reserved"}, "admits"),
        ({"kind": "party"}, "kind"),
        ({"rule": "FREQ=DAILY", "last_on": TODAY}, "last_on"),
        ({"rule": "FREQ=WEEKLY;BYDAY=MO", "last_on": FRIDAY}, "last_on"),
    ],
)
def test_time_that_cannot_be_kept_free_is_refused(hours: Hours, changes, field):
    with pytest.raises(Invalid) as refusal:
        hours.blocks.save(a_lunch(**changes))

    assert refusal.value.field == field
    assert hours.blocks.all() == ()


def test_a_block_and_its_types_come_back_with_undo(hours: Hours, office: Office):
    physical = a_type(office.session, "Physical")
    block_id = hours.blocks.save(a_lunch(kind="reserved", admits=frozenset([physical])))

    hours.blocks.remove(block_id)
    office.session.undo()

    assert hours.blocks.one(block_id).admits == {physical}


def test_a_secretary_keeps_time_free_but_does_not_change_hours(
    hours: Hours, office: Office, chen: int
):
    office.session.switch_user(a_user(office.session, role=Role.SECRETARY))

    hours.blocks.save(a_lunch())

    with pytest.raises(NotAllowed):
        hours.save_exception(ExceptionDraft(THURSDAY, FRIDAY, provider_id=chen))


# Public holidays


def test_the_holidays_of_a_state_are_taken_over_from_the_published_list(hours: Hours):
    days = listed("US", "MA", [2026])

    added = hours.holidays.take_over("US-MA", days, TODAY)

    names = [row.name for row in hours.holidays.upcoming(TODAY)]
    assert added == len(names)
    assert "Patriots' Day" in names
    assert "Martin Luther King Jr. Day" not in names  # already past


def test_a_holiday_the_practice_works_on_stays_so_when_the_list_is_taken_again(
    hours: Hours, office: Office, chen: int
):
    days = listed("US", "", [2026])
    hours.holidays.take_over("US", days, TODAY)
    columbus = next(row for row in hours.holidays.upcoming(TODAY) if "Columbus" in row.name)
    hours.holidays.work_on(columbus, is_worked=True)

    assert hours.holidays.take_over("US", days, TODAY) == 0

    day = columbus.held_on
    plan = provider_plans(office.session.db, day, day, [chen], datetime(2026, 3, 11, 9))[chen, day]
    assert plan.open


def test_another_region_replaces_the_list_but_not_what_the_practice_added(
    hours: Hours, office: Office
):
    hours.holidays.take_over("US-MA", listed("US", "MA", [2026]), TODAY)
    hours.holidays.add(FRIDAY, "Founders’ Day")

    hours.holidays.take_over("US", listed("US", "", [2026]), TODAY)

    names = [row.name for row in hours.holidays.upcoming(TODAY)]
    assert "Patriots' Day" not in names
    assert "Founders’ Day" in names
    assert office.practice.get(settings.HOLIDAY_REGION) == "US"


def test_countries_and_their_parts_are_offered_by_name():
    assert ("US", "United States") in countries()
    assert ("MA", "Massachusetts") in subdivisions("US")
    assert subdivisions("XX") == ()
    with pytest.raises(Invalid):
        listed("XX", "", [2026])


# Visits left outside


def test_shorter_hours_leave_a_visit_outside_with_the_reason(
    hours: Hours, office: Office, chen: int
):
    ada = a_patient(office.session)
    visit = an_appointment(office.session, ada, chen, "2026-03-12T15:00")
    an_appointment(office.session, ada, chen, "2026-03-12T09:00")
    assert hours.outside() == ()

    hours.save_exception(ExceptionDraft(THURSDAY, THURSDAY, (MORNING,), "Training", chen))

    (row,) = hours.outside()
    assert row.visit.id == visit
    assert row.reason == "Dr. Chen works 8:00 AM–12:00 PM on that Thursday (Training)."


def test_closures_holidays_blocks_and_rooms_leave_visits_outside(
    hours: Hours, office: Office, chen: int
):
    ada = a_patient(office.session)
    room = office.practice.save_room(RoomDraft("Lab"))
    for at in ("2026-03-12T10:00", "2026-03-13T10:00", "2026-03-16T10:00"):
        an_appointment(office.session, ada, chen, at)
    an_appointment(office.session, ada, chen, "2026-03-17T10:00", room_id=room)
    an_appointment(office.session, ada, chen, "2026-03-18T10:00")

    office.practice.save_closure(ClosureDraft("Renovation", THURSDAY, THURSDAY))
    hours.holidays.add(FRIDAY, "Founders’ Day")
    hours.blocks.save(a_lunch(starts_on=date(2026, 3, 16), span=Span(600, 660)))
    hours.save_exception(ExceptionDraft(date(2026, 3, 17), date(2026, 3, 17), room_id=room))

    assert [row.rule for row in hours.outside()] == [
        Rule.CLOSURE, Rule.HOLIDAY, Rule.BLOCKED, Rule.ROOM_CLOSED,
    ]  # fmt: skip


def test_a_visit_kept_for_a_reason_asks_for_no_answer_unless_the_day_is_closed(
    hours: Hours, office: Office, chen: int
):
    ada = a_patient(office.session)
    visit = an_appointment(office.session, ada, chen, "2026-03-12T18:00")
    assert hours.outside_ids() == {visit}

    hours.keep(visit, 1, "She comes from far away")

    assert hours.outside_ids() == frozenset()
    assert [row.kept for row in hours.outside()] == ["She comes from far away"]
    office.practice.save_closure(ClosureDraft("Renovation", THURSDAY, THURSDAY))
    assert hours.outside_ids() == {visit}


def test_visits_that_are_over_or_cancelled_are_not_outside(hours: Hours, office: Office, chen: int):
    ada = a_patient(office.session)
    an_appointment(office.session, ada, chen, "2026-03-11T06:00")
    an_appointment(office.session, ada, chen, "2026-03-12T18:00", status="cancelled")

    assert hours.outside() == ()


def test_the_list_can_be_asked_for_some_days_and_providers(hours: Hours, office: Office, chen: int):
    ada, lopez = a_patient(office.session), a_provider(office.session, "Lopez")
    an_appointment(office.session, ada, chen, "2026-03-12T18:00")
    late = an_appointment(office.session, ada, lopez, "2026-03-13T18:00")

    assert [row.visit.id for row in hours.outside(first=FRIDAY)] == [late]
    assert [row.visit.id for row in hours.outside(provider_ids=[lopez])] == [late]
    assert hours.outside(last=TODAY) == ()


def test_keeping_a_visit_outside_takes_a_reason(hours: Hours, office: Office, chen: int):
    visit = an_appointment(office.session, a_patient(office.session), chen, "2026-03-12T18:00")

    with pytest.raises(Invalid):
        hours.keep(visit, 1, " ")
