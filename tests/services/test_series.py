"""Visits that repeat: planned around what is in the way, changed and cancelled together, undone as one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medsec_desktop.domain.calendar import VisitStatus
from medsec_desktop.domain.calendar.recurrence import parse, weekly
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import Authorization, Closure
from medsec_desktop.problems import Invalid, Problem
from medsec_desktop.services.calendar import BookingDraft
from medsec_desktop.services.calendar.series_records import Answer, Scope
from medsec_desktop.services.practice import settings as practice_settings
from tests.conftest import a_patient, a_provider

MONDAY = datetime(2026, 3, 16, 10, 0)
PHYSIO = weekly([0, 3], count=6)  # Mondays and Thursdays


@pytest.fixture
def ada(session):
    return a_patient(session)


@pytest.fixture
def bea(session):
    return a_patient(session, given="Bea")


@pytest.fixture
def chen(session):
    return a_provider(session)


@pytest.fixture
def draft(ada, chen):
    return BookingDraft(ada, chen, None, MONDAY, 30, reason="Physio")


def a_closure(session, on):
    with session.change("Close", Permission.EDIT_SETTINGS):
        Closure.create(name="Spring holiday", first_on=on, last_on=on)


def booked(office, draft, rule=PHYSIO):
    return office.series.view(office.series.book(office.series.plan(draft, rule)))


def starts(view):
    return [
        f"{visit.starts_at:%m-%d %H:%M}" for visit in view.visits if visit.status.holds_its_slot
    ]


def stored(office):
    return office.session.db.rows(
        "SELECT id, series_id, series_original_at, starts_at, status, duration_min FROM appointment"
        " ORDER BY id"
    ) + office.session.db.rows("SELECT id, rule, starts_at FROM appointment_series ORDER BY id")


# -- making -----------------------------------------------------------------------------------


def test_six_visits_on_mondays_and_thursdays_are_booked_as_one_operation(office, draft):
    view = booked(office, draft)

    assert starts(view) == [
        "03-16 10:00", "03-19 10:00", "03-23 10:00", "03-26 10:00", "03-30 10:00", "04-02 10:00",
    ]  # fmt: skip
    assert view.words == "every Monday and Thursday, 6 times, 10:00 AM"
    assert {visit.reason for visit in view.visits} == {"Physio"}
    assert office.session.can_undo().startswith("Book 6 visits")


def test_undo_takes_the_whole_series_back_and_redo_brings_it_again(office, draft):
    view = booked(office, draft)

    office.session.undo()
    assert stored(office) == []

    office.session.redo()
    assert starts(office.series.view(view.id)) == starts(view)


def test_planning_saves_nothing(office, draft):
    office.series.plan(draft, PHYSIO)

    assert stored(office) == []


def test_a_closed_day_is_left_out_and_a_further_date_fills_the_number(office, session, draft):
    a_closure(session, "2026-03-19")

    plan = office.series.plan(draft, PHYSIO)
    view = office.series.view(office.series.book(plan))

    assert [visit.original_at.day for visit in plan.conflicts] == [19]
    assert "Spring holiday" in plan.conflicts[0].obstacles[0]
    assert len(starts(view)) == 6
    assert starts(view)[-1] == "04-06 10:00"
    assert [at for at, _ in view.left_out] == [datetime(2026, 3, 19, 10)]
    assert str(view.rule) == "FREQ=WEEKLY;COUNT=7;BYDAY=MO,TH"


def test_a_visit_in_the_way_is_named_and_the_nearest_time_that_day_proposed(
    office, draft, bea, chen
):
    office.calendar.book(BookingDraft(bea, chen, None, datetime(2026, 3, 23, 10), 30))

    plan = office.series.plan(draft, PHYSIO)

    (conflict,) = plan.conflicts
    assert "Testperson, Bea" in conflict.obstacles[0]
    assert conflict.links[0].kind == "appointment"
    assert conflict.draft.starts_at in (
        datetime(2026, 3, 23, 9, 30),
        datetime(2026, 3, 23, 10, 30),
    )
    assert len(plan.booked) == 6


def test_a_proposal_never_falls_on_another_day_of_the_series(office, session, draft):
    a_closure(session, "2026-03-19")

    plan = office.series.plan(draft, PHYSIO)

    days = {visit.original_at.date() for visit in plan.visits}
    assert plan.conflicts[0].nearest
    assert all(slot.starts_at.date() not in days for slot in plan.conflicts[0].nearest)


def test_an_answer_takes_another_time_or_leaves_a_date_out(office, session, draft):
    a_closure(session, "2026-03-19")
    slot = office.series.plan(draft, PHYSIO).conflicts[0].nearest[0]

    moved = office.series.plan(draft, PHYSIO, {datetime(2026, 3, 19, 10): slot})
    fewer = office.series.plan(draft, PHYSIO, {MONDAY: Answer.LEAVE_OUT})

    assert moved.conflicts[0].draft.starts_at == slot.starts_at
    assert len(moved.booked) == 6
    assert fewer.booked[0].original_at == datetime(2026, 3, 23, 10)
    assert len(fewer.booked) == 6


def test_insisting_on_a_soft_rule_wants_a_reason_which_is_kept(office, draft, chen, ada):
    office.calendar.book(replace(draft, starts_at=datetime(2026, 3, 19, 14)))
    plan = office.series.plan(draft, PHYSIO, {datetime(2026, 3, 19, 10): Answer.INSIST})

    assert plan.needs_reason
    with pytest.raises(Invalid, match="Say why"):
        office.series.book(plan)

    view = office.series.view(office.series.book(plan, "Two sessions that day"))
    assert "03-19 10:00" in starts(view)


def test_no_reason_helps_against_a_hard_rule(office, session, draft):
    a_closure(session, "2026-03-19")

    plan = office.series.plan(draft, PHYSIO, {datetime(2026, 3, 19, 10): Answer.INSIST})

    assert plan.conflicts[0].is_left_out
    assert not plan.needs_reason


def test_a_rule_that_ends_on_a_date_does_not_go_on_past_it(office, session, draft):
    a_closure(session, "2026-03-19")

    view = booked(office, draft, parse("FREQ=WEEKLY;BYDAY=MO,TH;UNTIL=20260326"))

    assert starts(view) == ["03-16 10:00", "03-23 10:00", "03-26 10:00"]


def test_a_series_without_an_end_is_refused(office, draft):
    with pytest.raises(Invalid, match="how many"):
        office.series.plan(draft, parse("FREQ=WEEKLY"))


def test_a_clinic_closed_for_years_is_told_instead_of_searched_for_ever(office, session, draft):
    with session.change("Close", Permission.EDIT_SETTINGS):
        Closure.create(name="Moved away", first_on="2026-01-01", last_on="2040-01-01")

    with pytest.raises(Invalid, match="no free time"):
        office.series.plan(draft, PHYSIO)


def test_dates_that_a_reason_would_be_enough_for_are_shown_even_if_all_are_in_the_way(
    office, draft
):
    saturday = replace(draft, starts_at=datetime(2026, 3, 14, 10))

    plan = office.series.plan(saturday, weekly([5], count=2))
    with pytest.raises(Invalid, match="left out"):
        office.series.book(plan)
    answers = {visit.original_at: Answer.INSIST for visit in plan.visits}
    plan = office.series.plan(saturday, weekly([5], count=2), answers)

    view = office.series.view(office.series.book(plan, "Saturday course"))
    assert starts(view) == ["03-14 10:00", "03-21 10:00"]


def test_what_came_between_planning_and_booking_saves_nothing_at_all(office, draft, bea, chen):
    plan = office.series.plan(draft, PHYSIO)
    other = BookingDraft(bea, chen, None, datetime(2026, 4, 2, 10), 30)
    office.calendar.book(other)
    before = stored(office)

    with pytest.raises(Exception, match="Bea"):
        office.series.book(plan)

    assert stored(office) == before


def test_a_visit_that_stands_becomes_the_first_of_its_series(office, draft):
    visit_id = office.calendar.book(draft)
    stands = office.calendar.appointment(visit_id).draft

    plan = office.series.plan(stands, PHYSIO, standing_id=visit_id)
    view = office.series.view(office.series.book(plan))

    assert view.visits[0].id == visit_id
    assert len(view.visits) == 6
    assert view.place_of(visit_id) == 1


def test_a_visit_outside_the_days_chosen_cannot_begin_the_series(office, draft):
    visit_id = office.calendar.book(draft)
    stands = office.calendar.appointment(visit_id).draft

    with pytest.raises(Invalid, match="Choose Monday too"):
        office.series.plan(stands, weekly([3], count=3), standing_id=visit_id)


def test_a_visit_under_the_changing_clock_is_left_out(office, session, ada):
    night = a_provider(session, family="Night")
    office.practice.put(practice_settings.RULE_OUTSIDE_HOURS, "off")
    office.practice.put(practice_settings.TIME_ZONE, "Europe/Berlin")
    draft = BookingDraft(ada, night, None, datetime(2026, 3, 22, 2, 30), 30)

    plan = office.series.plan(draft, parse("FREQ=WEEKLY;BYDAY=SU;UNTIL=20260405"))

    (conflict,) = plan.conflicts
    assert conflict.original_at == datetime(2026, 3, 29, 2, 30)
    assert "the clocks go from" in conflict.obstacles[0]


def test_visits_the_authorization_does_not_reach_go_without_it(office, session, draft, ada):
    with session.change("Authorize", Permission.EDIT_PATIENTS):
        leave = Authorization.create(patient_id=ada, number="A-1", visits_allowed=4)

    plan = office.series.plan(replace(draft, authorization_id=leave.id), PHYSIO)
    office.series.book(plan)

    assert plan.beyond_authorization == 2
    rows = session.db.rows("SELECT authorization_id FROM appointment ORDER BY starts_at")
    assert [row[0] for row in rows] == [leave.id] * 4 + [None] * 2


# -- changing ---------------------------------------------------------------------------------


def changed(office, visit, scope, **fields):
    before = office.calendar.appointment(visit.id).draft
    return office.series.change(visit.id, replace(before, **fields), scope)


def test_changing_this_visit_leaves_the_others(office, draft):
    view = booked(office, draft)

    changed(office, view.visits[1], Scope.THIS, starts_at=datetime(2026, 3, 19, 14))

    assert starts(office.series.view(view.id))[:3] == ["03-16 10:00", "03-19 14:00", "03-23 10:00"]
    assert office.series.view(view.id).rule == view.rule


def test_changing_this_and_later_makes_a_series_of_its_own(office, draft):
    view = booked(office, draft)

    moved = changed(office, view.visits[2], Scope.LATER, starts_at=datetime(2026, 3, 23, 14))

    head, tail = office.series.view(view.id), office.series.of_visit(moved)
    assert starts(head) == ["03-16 10:00", "03-19 10:00"]
    assert starts(tail) == ["03-23 14:00", "03-26 14:00", "03-30 14:00", "04-02 14:00"]
    assert tail.split_from_id == head.id
    assert (head.rule.count, tail.rule.count) == (2, 4)


def test_moving_this_and_later_to_another_weekday_moves_the_rule(office, draft):
    view = booked(office, draft)

    moved = changed(office, view.visits[2], Scope.LATER, starts_at=datetime(2026, 3, 24, 10))

    tail = office.series.of_visit(moved)
    assert starts(tail) == ["03-24 10:00", "03-27 10:00", "03-31 10:00", "04-03 10:00"]
    assert tail.words == "every Tuesday and Friday, 4 times, 10:00 AM"


def test_changing_all_keeps_one_series(office, draft):
    view = booked(office, draft)

    changed(office, view.visits[3], Scope.ALL, starts_at=datetime(2026, 3, 26, 9), duration_min=45)

    after = office.series.view(view.id)
    assert starts(after) == [
        "03-16 09:00", "03-19 09:00", "03-23 09:00", "03-26 09:00", "03-30 09:00", "04-02 09:00",
    ]  # fmt: skip
    assert {visit.duration_min for visit in after.visits} == {45}
    assert after.starts_at == datetime(2026, 3, 16, 9)
    assert office.session.db.value("SELECT count(*) FROM appointment_series") == 1


def test_all_at_a_time_of_day_means_those_at_a_time_of_their_own_too(office, draft):
    view = booked(office, draft)
    changed(office, view.visits[4], Scope.THIS, starts_at=datetime(2026, 3, 30, 16, 30))
    first = changed(office, view.visits[0], Scope.THIS, starts_at=datetime(2026, 3, 16, 11, 45))

    moved = changed(
        office, office.calendar.appointment(first).row, Scope.ALL, starts_at=MONDAY.replace(hour=14)
    )

    series = office.series.of_visit(moved)
    assert {at[-5:] for at in starts(series)} == {"14:00"}
    assert series.words == "every Monday and Thursday, 6 times, 2:00 PM"


def test_two_visits_of_a_series_on_one_day_do_not_go_to_one_time(office, draft):
    view = booked(office, draft)
    visit = office.calendar.appointment(view.visits[5].id)
    with_reason = replace(visit.draft, starts_at=datetime(2026, 3, 30, 8))
    office.series.change(visit.row.id, with_reason, Scope.THIS, "Her wish")

    moved = changed(office, view.visits[0], Scope.ALL, starts_at=MONDAY.replace(hour=14))

    assert starts(office.series.of_visit(moved)) == [
        "03-16 14:00", "03-19 14:00", "03-23 14:00", "03-26 14:00", "03-30 08:00", "03-30 10:00",
    ]  # fmt: skip


def test_moving_all_by_a_week_does_not_stumble_over_itself(office, draft):
    view = booked(office, draft, weekly([0], count=4))

    changed(office, view.visits[0], Scope.ALL, starts_at=MONDAY + timedelta(days=7))

    assert starts(office.series.view(view.id)) == [
        "03-23 10:00", "03-30 10:00", "04-06 10:00", "04-13 10:00",
    ]  # fmt: skip


def test_another_provider_for_all_is_carried_over(office, session, draft):
    view = booked(office, draft)
    lopez = a_provider(session, family="Lopez")

    moved = changed(office, view.visits[0], Scope.ALL, provider_id=lopez)

    assert {visit.provider_id for visit in office.series.of_visit(moved).visits} == {lopez}


def test_what_is_in_the_way_stays_where_it_is_and_is_named_first(office, draft, bea, chen):
    view = booked(office, draft)
    office.calendar.book(BookingDraft(bea, chen, None, datetime(2026, 3, 26, 14), 30))
    before = office.calendar.appointment(view.visits[2].id).draft
    after = replace(before, starts_at=datetime(2026, 3, 23, 14))

    preview = office.series.preview(view.visits[2].id, before, after, Scope.LATER)
    moved = office.series.change(view.visits[2].id, after, Scope.LATER)

    assert [visit.original_at.day for visit in preview.blocked] == [26]
    assert "Bea" in preview.blocked[0].obstacles[0]
    assert starts(office.series.of_visit(moved)) == [
        "03-23 14:00", "03-26 10:00", "03-30 14:00", "04-02 14:00",
    ]  # fmt: skip


def test_a_change_made_to_one_visit_can_be_carried_over_afterwards(office, draft):
    view = booked(office, draft)
    visit = view.visits[2]
    before = office.calendar.appointment(visit.id).draft
    moved = office.calendar.reschedule(
        visit.id, visit.version, datetime(2026, 3, 23, 14), 30, visit.provider_id
    )

    office.series.carry(moved, before, Scope.LATER)

    assert starts(office.series.of_visit(moved)) == [
        "03-23 14:00", "03-26 14:00", "03-30 14:00", "04-02 14:00",
    ]  # fmt: skip


@pytest.mark.parametrize("scope", [Scope.LATER, Scope.ALL])
def test_one_undo_takes_a_change_of_many_back_and_redo_makes_it_again(office, draft, scope):
    view = booked(office, draft)
    before = stored(office)
    changed(office, view.visits[2], scope, starts_at=datetime(2026, 3, 24, 14))
    after = stored(office)

    office.session.undo()
    assert stored(office) == before

    office.session.redo()
    assert stored(office) == after


def test_what_took_place_is_left_alone_by_a_change_of_all(office, clock, draft):
    view = booked(office, draft)
    clock.advance(timedelta(days=9))
    for visit in view.visits[:2]:
        office.calendar.finish(visit.id, visit.version)
    view = office.series.view(view.id)

    moved = changed(office, view.visits[3], Scope.ALL, starts_at=datetime(2026, 3, 26, 14))

    assert starts(office.series.view(view.id)) == ["03-16 10:00", "03-19 10:00"]
    assert starts(office.series.of_visit(moved)) == [
        "03-23 14:00", "03-26 14:00", "03-30 14:00", "04-02 14:00",
    ]  # fmt: skip


def test_a_monthly_series_keeps_its_day(office, draft):
    view = booked(office, draft, parse("FREQ=MONTHLY;BYDAY=3MO;COUNT=3"))

    with pytest.raises(Invalid, match="keep their day"):
        changed(office, view.visits[0], Scope.ALL, starts_at=datetime(2026, 3, 17, 10))

    changed(office, view.visits[0], Scope.ALL, starts_at=datetime(2026, 3, 16, 11))
    assert starts(office.series.view(view.id)) == ["03-16 11:00", "04-20 11:00", "05-18 11:00"]


# -- cancelling -------------------------------------------------------------------------------


def test_cancelling_this_and_later_ends_the_series_there(office, draft):
    view = booked(office, draft)
    visit = view.visits[3]

    count = office.series.cancel(visit.id, visit.version, Scope.LATER, reason="Recovered")

    after = office.series.view(view.id)
    assert count == 3
    assert starts(after) == ["03-16 10:00", "03-19 10:00", "03-23 10:00"]
    assert after.rule.count == 3
    cancelled = [visit for visit in after.visits if visit.status == VisitStatus.CANCELLED]
    assert len(cancelled) == 3


def test_cancelling_all_is_undone_at_once(office, draft):
    view = booked(office, draft)
    visit = view.visits[3]

    assert office.series.cancel(visit.id, visit.version, Scope.ALL) == 6
    assert starts(office.series.view(view.id)) == []

    office.session.undo()
    assert len(starts(office.series.view(view.id))) == 6


def test_cancelling_this_leaves_the_rule(office, draft):
    view = booked(office, draft)
    visit = view.visits[1]

    office.series.cancel(visit.id, visit.version, Scope.THIS)

    assert len(starts(office.series.view(view.id))) == 5
    assert office.series.view(view.id).rule == view.rule


# -- properties -------------------------------------------------------------------------------


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["move", "cancel", "undo", "redo"]),
            st.integers(0, 5),
            st.sampled_from(list(Scope)),
            st.sampled_from([-60, 0, 30, 24 * 60, -7 * 24 * 60]),
        ),
        max_size=6,
    )
)
def test_whatever_is_done_to_a_series_nobody_is_ever_booked_twice(office, draft, steps):
    draft = replace(draft, starts_at=draft.starts_at + timedelta(days=14))
    plan = office.series.plan(draft, weekly([0, 3], count=5))
    office.series.book(plan)
    for what, index, scope, minutes in steps:
        ids = office.session.db.rows(
            "SELECT id FROM appointment WHERE status = 'scheduled' AND series_id IS NOT NULL"
            " ORDER BY starts_at"
        )
        try:
            if what == "undo":
                office.session.undo()
            elif what == "redo":
                office.session.redo()
            elif ids:
                visit = office.calendar.appointment(ids[index % len(ids)][0])
                if what == "cancel":
                    office.series.cancel(visit.row.id, visit.row.version, scope)
                else:
                    to = visit.row.starts_at + timedelta(minutes=minutes)
                    office.series.change(visit.row.id, replace(visit.draft, starts_at=to), scope)
        except Problem:
            pass
    held = office.session.db.rows(
        "SELECT starts_at, duration_min FROM appointment WHERE status = 'scheduled'"
        " ORDER BY starts_at"
    )
    ends = datetime.min
    for at, minutes in held:
        begins = datetime.fromisoformat(at)
        assert begins >= ends
        ends = begins + timedelta(minutes=minutes)
    orphans = office.session.db.value(
        "SELECT count(*) FROM appointment WHERE series_id IS NOT NULL"
        " AND series_id NOT IN (SELECT id FROM appointment_series)"
    )
    assert orphans == 0


def test_dates_stay_on_the_clinics_wall_clock_across_a_clock_change(office, draft):
    view = booked(office, replace(draft, starts_at=datetime(2026, 3, 12, 10)), weekly([3], count=3))

    assert {visit.starts_at.time() for visit in view.visits} == {time(10)}
    assert view.visits[0].starts_at.date() == date(2026, 3, 12)
