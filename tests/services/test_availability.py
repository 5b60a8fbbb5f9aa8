from __future__ import annotations

from datetime import date, datetime
from typing import Any

from medsec_desktop.domain.calendar import Span
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models.calendar import Hold
from medsec_desktop.models.hours import (
    BlockOut,
    BlockOutException,
    BlockOutType,
    HoursException,
    PublicHoliday,
    RoomHours,
)
from medsec_desktop.models.practice import Closure, Room, WorkingHours
from medsec_desktop.services.calendar.availability import (
    DayPlan,
    blocked_spans,
    free_spans,
    provider_plans,
    room_plans,
    spans_from_text,
    spans_to_text,
)
from medsec_desktop.services.session import Session
from tests.conftest import a_provider, a_type

NOW = datetime(2026, 3, 11, 9, 0)
THURSDAY = date(2026, 3, 12)
MORNING, AFTERNOON = Span(480, 720), Span(780, 1020)


def store(session: Session, table: Any, **fields: Any) -> int:
    with session.change("Set the hours", Permission.EDIT_CALENDAR):
        return int(table.create(**fields).id)


def plan_of(session: Session, provider_id: int, day: date = THURSDAY) -> DayPlan:
    return provider_plans(session.db, day, day, [provider_id], NOW)[provider_id, day]


def test_a_week_of_plans_has_an_entry_for_every_provider_and_day(session: Session) -> None:
    chen, lopez = a_provider(session), a_provider(session, "Lopez", works="")

    plans = provider_plans(session.db, date(2026, 3, 9), date(2026, 3, 15), [chen, lopez], NOW)

    assert len(plans) == 14
    assert plans[chen, THURSDAY].open == (Span(480, 1020),)
    assert plans[chen, date(2026, 3, 14)].open == ()
    assert not plans[lopez, THURSDAY].keeps_hours


def test_hours_are_worked_only_while_they_are_valid(session: Session) -> None:
    chen = a_provider(session, works="")
    store(
        session, WorkingHours, provider_id=chen, weekday=3, starts_min=480, ends_min=720,
        valid_to_on="2026-03-12",
    )  # fmt: skip
    store(
        session, WorkingHours, provider_id=chen, weekday=3, starts_min=780, ends_min=1020,
        valid_from_on="2026-03-13",
    )  # fmt: skip

    assert plan_of(session, chen).open == (MORNING,)
    assert plan_of(session, chen, date(2026, 3, 19)).open == (AFTERNOON,)


def test_an_exception_stands_in_place_of_the_week_and_the_shortest_one_counts(
    session: Session,
) -> None:
    chen = a_provider(session)
    store(
        session, HoursException, provider_id=chen, first_on="2026-03-12", last_on="2026-03-12",
        spans="780-1020", note="Training in the morning",
    )  # fmt: skip
    store(
        session, HoursException, provider_id=chen, first_on="2026-03-01", last_on="2026-03-31",
        note="Leave",
    )  # fmt: skip

    assert plan_of(session, chen).open == (AFTERNOON,)
    assert plan_of(session, chen).differs == "Training in the morning"
    assert plan_of(session, chen, date(2026, 3, 13)).open == ()
    assert plan_of(session, chen, date(2026, 4, 1)).differs is None


def test_a_closed_day_keeps_its_hours_but_is_not_open(session: Session) -> None:
    chen = a_provider(session)
    store(
        session, Closure, name="Renovation", provider_id=None, first_on="2026-03-12",
        last_on="2026-03-12",
    )  # fmt: skip
    store(
        session, Closure, name="Conference", provider_id=chen, first_on="2026-03-12",
        last_on="2026-03-13",
    )  # fmt: skip

    assert plan_of(session, chen).closed == "Renovation"
    assert plan_of(session, chen).hours
    assert not plan_of(session, chen).open
    assert plan_of(session, chen, date(2026, 3, 13)).closed == "Conference"


def test_a_public_holiday_closes_the_day_unless_the_practice_works(session: Session) -> None:
    chen = a_provider(session)
    store(session, PublicHoliday, held_on="2026-03-12", name="Founders’ Day", region="US")
    store(session, PublicHoliday, held_on="2026-03-13", name="Bridge Day", is_worked=True)

    assert plan_of(session, chen).closed == "Founders’ Day"
    assert plan_of(session, chen).is_holiday
    assert plan_of(session, chen, date(2026, 3, 13)).open


def test_a_reserved_block_admits_the_types_it_names_and_no_other(session: Session) -> None:
    chen = a_provider(session)
    physical, follow_up = a_type(session, "Physical", 60), a_type(session)
    block = store(
        session, BlockOut, provider_id=chen, kind="reserved", title="Physicals",
        starts_on="2026-03-12", starts_min=480, ends_min=600,
    )  # fmt: skip
    store(session, BlockOutType, block_out_id=block, type_id=physical)

    plan = plan_of(session, chen)

    assert blocked_spans(plan, physical) == ()
    assert blocked_spans(plan, follow_up) == (Span(480, 600),)
    assert blocked_spans(plan, None) == (Span(480, 600),)
    assert free_spans(plan, follow_up) == (Span(600, 1020),)


def test_a_repeating_block_stands_on_its_days_but_not_on_its_exceptions(session: Session) -> None:
    chen, lopez = a_provider(session), a_provider(session, "Lopez")
    block = store(
        session, BlockOut, kind="meeting", title="Huddle", starts_on="2026-01-05",
        starts_min=480, ends_min=495, rule="FREQ=WEEKLY;BYDAY=MO,TH",
    )  # fmt: skip
    store(session, BlockOutException, block_out_id=block, day_on="2026-03-12")

    plans = provider_plans(session.db, date(2026, 3, 9), date(2026, 3, 19), [chen, lopez], NOW)

    for provider in (chen, lopez):
        days = [
            day.day for (owner, day), plan in plans.items() if owner == provider and plan.blocks
        ]
        assert days == [9, 16, 19]


def test_a_hold_takes_its_time_until_it_expires(session: Session) -> None:
    chen = a_provider(session)
    fields = {"provider_id": chen, "duration_min": 30, "title": "Keep for Ms. Sampleton"}
    store(session, Hold, starts_at="2026-03-12T10:00", expires_at="2026-03-11T12:00", **fields)
    store(session, Hold, starts_at="2026-03-12T11:00", expires_at="2026-03-11T09:00", **fields)

    plan = plan_of(session, chen)

    assert [hold.span for hold in plan.holds] == [Span(600, 630)]
    assert blocked_spans(plan, None) == (Span(600, 630),)


def test_a_room_without_hours_is_always_open_and_one_with_hours_keeps_them(
    session: Session,
) -> None:
    lab = store(session, Room, name="Lab")
    exam = store(session, Room, name="Exam 1")
    store(session, RoomHours, room_id=lab, weekday=3, starts_min=480, ends_min=720)
    store(session, HoursException, room_id=exam, first_on="2026-03-12", last_on="2026-03-12")

    plans = room_plans(session.db, THURSDAY, date(2026, 3, 13), [lab, exam], NOW)

    assert plans[lab, THURSDAY].open == (MORNING,)
    assert plans[lab, date(2026, 3, 13)].open == ()
    assert plans[exam, THURSDAY].open == ()
    assert plans[exam, date(2026, 3, 13)].open == (Span(0, 1440),)


def test_a_block_of_one_provider_or_room_leaves_the_others_alone(session: Session) -> None:
    chen, lopez = a_provider(session), a_provider(session, "Lopez")
    lab = store(session, Room, name="Lab")
    fields = {"title": "Kept free", "starts_on": "2026-03-12", "starts_min": 480, "ends_min": 600}
    store(session, BlockOut, provider_id=chen, **fields)
    store(session, BlockOut, room_id=lab, **fields)

    rooms = room_plans(session.db, THURSDAY, THURSDAY, [lab], NOW)

    assert len(plan_of(session, chen).blocks) == 1
    assert plan_of(session, lopez).blocks == ()
    assert len(rooms[lab, THURSDAY].blocks) == 1


def test_stretches_are_kept_as_text_and_read_back() -> None:
    assert spans_to_text([AFTERNOON, MORNING]) == "480-720,780-1020"
    assert spans_from_text("480-720,780-1020") == (MORNING, AFTERNOON)
    assert spans_from_text("") == ()
