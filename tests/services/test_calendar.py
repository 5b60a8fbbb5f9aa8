from __future__ import annotations

import itertools
from contextlib import suppress
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medsec_desktop.domain.calendar import BookingRefused, Rule, Span, VisitStatus
from medsec_desktop.domain.permissions import Permission, Role
from medsec_desktop.models import Closure, Encounter, Patient, PatientAlert, Room
from medsec_desktop.problems import Conflict, Invalid, NotAllowed, Problem
from medsec_desktop.services.calendar import BookingDraft
from medsec_desktop.services.calendar.hours_records import ExceptionDraft
from medsec_desktop.services.practice import settings as practice_settings
from tests.conftest import a_patient, a_provider, a_type, a_user, an_appointment

THURSDAY = date(2026, 3, 12)
TEN = datetime(2026, 3, 12, 10, 0)


@pytest.fixture
def calendar(office):
    return office.calendar


@pytest.fixture
def ada(session):
    return a_patient(session, phone="+12125550100")


@pytest.fixture
def bea(session):
    return a_patient(session, given="Bea")


@pytest.fixture
def chen(session):
    return a_provider(session)


def a_draft(patient_id, provider_id, starts_at=TEN, duration_min=30, **fields):
    return BookingDraft(patient_id, provider_id, None, starts_at, duration_min, **fields)


def a_closure(session, name="Spring holiday", on="2026-03-12", provider_id=None):

    with session.change("Close", Permission.EDIT_SETTINGS):
        Closure.create(name=name, first_on=on, last_on=on, provider_id=provider_id)


# -- booking ----------------------------------------------------------------------------------


def test_a_booked_visit_stands_on_its_day(calendar, session, ada, chen, office):
    type_id = a_type(session, colour="teal")

    visit_id = calendar.book(BookingDraft(ada, chen, type_id, TEN, 30, reason="Cough"))

    (column,) = office.views.grid([THURSDAY]).columns
    (visit,) = column.visits
    assert (visit.id, visit.patient_name, visit.provider_name) == (
        visit_id, "Testperson, Ada", "Dr. Chen",
    )  # fmt: skip
    assert (visit.starts_at, visit.ends_at) == (TEN, TEN + timedelta(minutes=30))
    assert (visit.type_name, visit.colour, visit.reason) == ("Follow-up", "teal", "Cough")
    assert visit.status == VisitStatus.SCHEDULED


def test_a_booking_is_undone_and_redone(calendar, session, ada, chen):
    calendar.book(a_draft(ada, chen))

    session.undo()
    assert calendar.of_day(THURSDAY) == ()

    session.redo()
    assert [visit.patient_id for visit in calendar.of_day(THURSDAY)] == [ada]


def test_an_overlap_is_refused_with_the_visit_in_the_way_and_three_free_slots(
    calendar, session, ada, bea, chen
):
    taken = calendar.book(a_draft(ada, chen))

    with pytest.raises(BookingRefused) as refusal:
        calendar.book(a_draft(bea, chen, TEN + timedelta(minutes=15)), "She insists")

    assert refusal.value.is_hard
    assert [breach.rule for breach in refusal.value.breaches] == [Rule.OVERLAP]
    assert [(link.kind, link.key) for link in refusal.value.links] == [("appointment", str(taken))]
    assert [slot.starts_at.strftime("%H:%M") for slot in refusal.value.nearest] == [
        "10:30", "10:45", "09:30",
    ]  # fmt: skip
    assert len(calendar.of_day(THURSDAY)) == 1


def test_a_soft_rule_gives_way_to_a_reason_that_is_kept(calendar, session, ada, chen):
    late = a_draft(ada, chen, datetime(2026, 3, 12, 18, 0))

    with pytest.raises(BookingRefused) as refusal:
        calendar.book(late)
    visit_id = calendar.book(late, "Dr. Chen agreed")

    assert not refusal.value.is_hard
    assert calendar.appointment(visit_id).override_reason == "Dr. Chen agreed"
    assert session.history(1)[0].reason == "Dr. Chen agreed"


def test_a_reason_given_without_need_is_not_kept(calendar, ada, chen):
    visit_id = calendar.book(a_draft(ada, chen), "Just because")

    assert calendar.appointment(visit_id).override_reason == ""


def test_who_may_not_edit_the_calendar_books_nothing(calendar, session, ada, chen):
    session.switch_user(a_user(session, role=Role.READ_ONLY))

    with pytest.raises(NotAllowed):
        calendar.book(a_draft(ada, chen))


def test_a_closed_day_is_refused_by_its_name_and_offers_the_days_around(
    calendar, session, ada, chen
):
    a_closure(session)

    with pytest.raises(BookingRefused) as refusal:
        calendar.book(a_draft(ada, chen))

    assert "Spring holiday" in refusal.value.why
    days = {slot.starts_at.date() for slot in refusal.value.nearest}
    assert days <= {date(2026, 3, 11), date(2026, 3, 13)}


def test_the_practice_may_make_a_rule_softer(calendar, office, session, ada, chen):
    a_closure(session)
    office.practice.put(practice_settings.RULE_CLOSURE, "soft")

    calendar.book(a_draft(ada, chen), "An emergency")

    assert len(calendar.of_day(THURSDAY)) == 1


def test_nobody_books_for_the_dead_and_nothing_is_offered(calendar, session, chen):
    late = a_patient(session, given="Cleo", status="deceased", deceased_on="2026-01-02")

    with pytest.raises(BookingRefused) as refusal:
        calendar.book(a_draft(late, chen), "Mistake")

    assert "deceased" in refusal.value.why
    assert refusal.value.nearest == ()


def test_a_provider_without_hours_is_said_to_have_none(calendar, session, ada):
    new = a_provider(session, "Okafor", works="")

    (breach,) = calendar.check(a_draft(ada, new))

    assert breach.sentence == "Dr. Okafor has no working hours yet; they are set in Settings."
    assert calendar.nearest(a_draft(ada, new)) == ()


def test_a_visit_longer_than_the_working_day_is_told_so(calendar, ada, chen):
    (breach,) = calendar.check(a_draft(ada, chen, datetime(2026, 3, 12, 8, 0), 600))

    assert breach.sentence.startswith("600 minutes is longer than Dr. Chen works at a stretch")


@pytest.mark.parametrize(
    ("starts_at", "minutes"), [(datetime(2026, 3, 12, 23, 45), 30), (TEN, 0), (TEN, 2000)]
)
def test_what_no_reason_excuses_is_refused_in_words(calendar, ada, chen, starts_at, minutes):
    with pytest.raises(Invalid):
        calendar.book(a_draft(ada, chen, starts_at, minutes), "Because")

    assert calendar.upcoming() == ()


def test_a_room_holds_one_visit_at_a_time(calendar, session, ada, bea, chen):

    with session.change("Add a room", Permission.EDIT_SETTINGS):
        room = Room.create(name="Room 3")
    okafor = a_provider(session, "Okafor")
    calendar.book(a_draft(ada, chen, room_id=room.id))

    with pytest.raises(BookingRefused) as refusal:
        calendar.book(a_draft(bea, okafor, room_id=room.id))

    assert "Room 3 is taken by Testperson, Ada with Dr. Chen" in refusal.value.why


# -- moving and cancelling --------------------------------------------------------------------


def test_a_moved_visit_frees_its_old_slot_and_is_no_longer_confirmed(
    calendar, session, ada, bea, chen
):
    old_id = an_appointment(session, ada, chen, status="confirmed")

    visit_id = calendar.reschedule(old_id, 1, TEN + timedelta(hours=2), 45, chen)

    row = calendar.appointment(visit_id).row
    assert (row.starts_at.hour, row.duration_min, row.status) == (12, 45, VisitStatus.SCHEDULED)
    calendar.book(a_draft(bea, chen))


def test_changing_only_the_reason_asks_no_rule_and_keeps_the_confirmation(
    calendar, session, ada, bea, chen
):
    visit_id = an_appointment(session, ada, chen, status="confirmed")
    an_appointment(session, bea, chen)
    draft = a_draft(ada, chen, reason="Back pain", version=1)

    calendar.amend(visit_id, draft)

    row = calendar.appointment(visit_id).row
    assert (row.reason, row.status, row.version) == ("Back pain", VisitStatus.CONFIRMED, 2)


def test_a_stale_move_is_refused_and_shows_how_the_visit_stands_now(calendar, ada, chen):
    visit_id = calendar.book(a_draft(ada, chen))
    calendar.reschedule(visit_id, 1, TEN + timedelta(hours=1), 30, chen)

    with pytest.raises(Conflict) as conflict:
        calendar.reschedule(visit_id, 1, TEN + timedelta(hours=2), 30, chen)

    assert conflict.value.what == "This visit was changed by Olive Owner while you had it open."
    assert "Thu, Mar 12, 11:00 AM, 30 minutes with Dr. Chen" in conflict.value.why


def test_a_cancelled_visit_frees_its_slot_and_leaves_the_day(calendar, ada, bea, chen, office):
    visit_id = calendar.book(a_draft(ada, chen))

    calendar.cancel(visit_id, 1, "patient", "Has a cold")

    assert office.views.grid([THURSDAY]).visits == ()
    assert [visit.id for visit in office.views.grid([THURSDAY], with_cancelled=True).visits] == [
        visit_id
    ]
    detail = calendar.appointment(visit_id)
    assert (detail.cancelled_by, detail.cancel_reason) == ("patient", "Has a cold")
    calendar.book(a_draft(bea, chen))


@pytest.mark.parametrize("status", ["done", "no-show", "cancelled", "in-room"])
def test_what_took_place_is_not_cancelled(calendar, session, ada, chen, status):
    visit_id = an_appointment(session, ada, chen, status=status)

    with pytest.raises(Conflict):
        calendar.cancel(visit_id, 1)


def test_a_missed_visit_is_not_moved(calendar, session, ada, chen):
    visit_id = an_appointment(session, ada, chen, status="no-show")

    with pytest.raises(Conflict):
        calendar.reschedule(visit_id, 1, TEN + timedelta(days=1), 30, chen)


def test_a_cancellation_is_not_undone_into_a_slot_given_away(calendar, session, ada, bea, chen):
    visit_id = calendar.book(a_draft(ada, chen))
    calendar.cancel(visit_id, 1)
    cancelled = session.history(1)[0].id
    calendar.book(a_draft(bea, chen))

    with pytest.raises(Conflict) as conflict:
        session.undo(cancelled)

    assert "Dr. Chen already sees Testperson, Bea" in conflict.value.why
    assert calendar.appointment(visit_id).row.status == VisitStatus.CANCELLED


def test_a_reason_given_for_another_rule_does_not_excuse_an_overlap(
    calendar, session, ada, bea, chen
):
    calendar.book(a_draft(ada, chen, TEN + timedelta(hours=3)))
    visit_id = calendar.book(a_draft(ada, chen), "Comes twice that day")
    calendar.cancel(visit_id, 1)
    cancelled = session.history(1)[0].id
    calendar.book(a_draft(bea, chen))

    with pytest.raises(Conflict):
        session.undo(cancelled)


def test_undoing_a_cancellation_restores_the_visit(calendar, session, ada, chen):
    visit_id = calendar.book(a_draft(ada, chen))
    calendar.cancel(visit_id, 1)

    session.undo()

    assert calendar.appointment(visit_id).row.status == VisitStatus.SCHEDULED


def test_an_overlap_allowed_for_a_reason_can_be_redone(calendar, office, session, ada, bea, chen):
    office.practice.put(practice_settings.RULE_OVERLAP, "soft")
    calendar.book(a_draft(ada, chen))
    calendar.book(a_draft(bea, chen), "Sisters, seen together")

    session.undo()
    session.redo()

    assert len(calendar.of_day(THURSDAY)) == 2


# -- reading ----------------------------------------------------------------------------------


def test_a_day_costs_a_handful_of_statements_however_full_it_is(
    calendar, session, ada, chen, monkeypatch, office
):
    okafor = a_provider(session, "Okafor")
    an_appointment(session, ada, chen, "2026-03-13T10:00")
    for minute in range(0, 400, 10):
        at = (datetime(2026, 3, 12, 8, 0) + timedelta(minutes=minute)).isoformat(timespec="minutes")
        for provider in (chen, okafor):
            an_appointment(session, ada, provider, at, 10)
    asked = []
    execute = session.db.execute
    monkeypatch.setattr(
        type(session.db),
        "execute",
        lambda _, sql, params=(): asked.append(sql) or execute(sql, params),
    )

    office.views.grid([date(2026, 3, 13)])
    first = len(asked)
    asked.clear()
    day = office.views.grid([THURSDAY])

    assert len(day.visits) == 80
    full = len(asked)
    asked.clear()
    office.views.grid([date(2026, 3, 13)])
    assert full == len(asked)  # as many as a day with one visit
    # Visits, step, time zone and whether anything was changed; exceptions, closures, holidays, blocks,
    # holds and notes. Names, columns and weekly hours are kept from the first reading.
    assert full <= 11
    assert first <= 16


def test_a_column_knows_its_hours_and_what_closes_it(calendar, session, chen, office):
    okafor = a_provider(session, "Okafor", works="8-12 13-17")
    a_closure(session, "Conference", provider_id=chen)

    first, second = office.views.grid([THURSDAY]).columns

    assert (first.provider_id, first.called, first.closed) == (chen, "Dr. Chen", "Conference")
    assert second.provider_id == okafor
    assert [(span.starts_min, span.ends_min) for span in second.hours] == [(480, 720), (780, 1020)]
    assert second.closed == ""


def test_a_visit_with_a_provider_no_longer_bookable_still_has_a_column(
    calendar, session, ada, office
):
    retired = a_provider(session, "Retired", is_bookable=False)
    an_appointment(session, ada, retired)

    assert [column.provider_id for column in office.views.grid([THURSDAY]).columns] == [retired]
    assert office.views.grid([date(2026, 3, 13)]).columns == ()


def test_alerts_travel_with_the_visit_until_they_expire(calendar, session, ada, chen):

    with session.change("Alert", Permission.EDIT_PATIENTS):
        PatientAlert.create(patient_id=ada, text="Uses a wheelchair")
        PatientAlert.create(patient_id=ada, text="Old news", expires_on="2026-01-01")
    calendar.book(a_draft(ada, chen))

    (visit,) = calendar.of_day(THURSDAY)

    assert visit.has_alert
    assert visit.alert == "Uses a wheelchair"


def test_the_patient_card_shows_what_a_caller_asks_for_and_is_audited(calendar, session, ada, chen):
    past = an_appointment(session, ada, chen, "2026-02-10T10:00", status="no-show")
    coming = an_appointment(session, ada, chen)

    card = calendar.patient_card(ada)

    assert card.name.listed == "Testperson, Ada"
    assert (card.phone, card.missed) == ("+12125550100", 1)
    assert [visit.id for visit in card.upcoming] == [coming]
    assert [visit.id for visit in card.past] == [past]
    assert session.history(1)[0].label == "Looked up for a booking"


def test_the_next_visits_come_in_order_and_without_cancelled_ones(calendar, session, ada, chen):
    later = an_appointment(session, ada, chen, "2026-03-20T10:00")
    sooner = an_appointment(session, ada, chen)
    an_appointment(session, ada, chen, "2026-03-13T10:00", status="cancelled")

    assert [visit.id for visit in calendar.upcoming()] == [sooner, later]
    assert calendar.busy_days(date(2026, 3, 1), date(2026, 3, 31)) == {
        date(2026, 3, 12): 1,
        date(2026, 3, 20): 1,
    }


# -- whatever the order -----------------------------------------------------------------------

WEEKS = itertools.count(1)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["book", "move", "resize", "cancel", "correct", "undo", "redo", "undo-any"]
        ),
        st.integers(0, 5),  # which patient, or which visit
        st.integers(0, 1),  # which provider
        st.integers(0, 8),  # which quarter of an hour
        st.sampled_from([15, 30, 60]),
    ),
    max_size=14,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_no_two_visits_of_a_provider_ever_overlap_whatever_the_order(office, session, steps):
    calendar = office.calendar
    if not Patient.select().exists():
        for number in range(6):
            a_patient(session, given=f"Number {number}")
        a_provider(session)
        a_provider(session, "Okafor")
    session.switch_user(session.user)  # the set-up is not hers to undo
    setup = session.history(1)[0].id
    opening = TEN + timedelta(weeks=next(WEEKS))  # a day of its own for each example

    def done_since(first):
        return [operation.id for operation in session.history(30) if operation.id > first]

    patients = [patient_id for (patient_id,) in session.db.rows("SELECT id FROM patient")]
    providers = [provider_id for (provider_id,) in session.db.rows("SELECT id FROM provider")]
    for what, which, who, quarter, minutes in steps:
        starts_at = opening + timedelta(minutes=15 * quarter)
        visits = calendar.of_day(opening.date())
        with suppress(Problem):
            if what == "book":
                calendar.book(
                    a_draft(patients[which], providers[who], starts_at, minutes), "So be it"
                )
            elif what == "undo":
                session.undo()
            elif what == "redo":
                session.redo()
            elif what == "undo-any":
                done = done_since(setup)
                session.undo(done[which % len(done)] if done else None)
            elif visits and what == "move":
                visit = visits[which % len(visits)]
                calendar.reschedule(
                    visit.id, visit.version, starts_at, minutes, providers[who], "So be it"
                )
            elif visits and what == "resize":
                visit = visits[which % len(visits)]
                calendar.reschedule(
                    visit.id, visit.version, visit.starts_at, minutes, visit.provider_id, "So be it"
                )
            elif visits and what == "correct":
                visit = visits[which % len(visits)]
                becomes = VisitStatus.SCHEDULED if who else VisitStatus.CANCELLED
                calendar.correct(visit.id, visit.version, becomes, "So be it")
            elif visits:
                visit = visits[which % len(visits)]
                calendar.cancel(visit.id, visit.version)

        held = [visit for visit in calendar.of_day(opening.date()) if visit.status.holds_its_slot]
        for one, other in itertools.combinations(held, 2):
            assert one.provider_id != other.provider_id or not one.span.overlaps(other.span)


def test_what_took_place_without_a_booking_is_a_past_visit_on_the_card(office, session):
    ada, chen = a_patient(session), a_provider(session)
    with session.change("Import", Permission.IMPORT_DATA):
        Encounter.create(patient_id=ada, provider_id=chen, starts_at="2025-11-03T08:30")

    card = office.calendar.patient_card(ada)

    assert card.last_encounter == (datetime(2025, 11, 3, 8, 30), "Robin Chen")


def test_the_card_names_her_usual_provider_while_she_can_be_booked(office, session):
    chen, away = a_provider(session), a_provider(session, "Away", is_bookable=False)

    ada = a_patient(session, primary_provider_id=chen)
    bob = a_patient(session, "Sampleton", "Bob", primary_provider_id=away)

    assert office.calendar.patient_card(ada).usual_provider_id == chen
    assert office.calendar.patient_card(bob).usual_provider_id is None


def test_a_time_gone_by_today_is_refused_like_a_day_gone_by(office, session, clock):
    ada, chen, kind = a_patient(session), a_provider(session), a_type(session)
    clock.advance(timedelta(hours=2))  # eleven o'clock

    def at(hour, minute=0):
        return BookingDraft(ada, chen, kind, datetime(2026, 3, 11, hour, minute), 30)

    (breach,) = office.calendar.check(at(10))
    assert (breach.rule, breach.sentence) == (Rule.PAST_DATE, "10:00 AM is already past.")
    assert office.calendar.check(at(10, 45)) == (), "she is standing at the desk"


def test_a_day_keeps_to_other_hours_and_holidays(calendar, office, chen):
    office.hours.save_exception(
        ExceptionDraft(date(2026, 3, 12), date(2026, 3, 12), (Span(480, 720),), provider_id=chen)
    )
    office.hours.holidays.add(date(2026, 3, 13), "Founders’ Day")

    assert office.views.grid([date(2026, 3, 12)]).columns[0].hours == (Span(480, 720),)
    assert office.views.grid([date(2026, 3, 13)]).columns[0].closed == "Founders’ Day"
