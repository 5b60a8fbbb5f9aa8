from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from medsec_desktop.domain.calendar import BookingRefused, Rule, Slot, VisitStatus
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import Hold, Recall, RecallType, Room, WaitingEntry
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.calendar import BookingDraft
from medsec_desktop.services.patients.authorizations import AuthorizationDraft, Authorizations
from medsec_desktop.services.practice import settings as practice_settings
from tests.conftest import a_patient, a_provider, a_type, an_appointment

TODAY = date(2026, 3, 11)
NOW = datetime(2026, 3, 11, 9, 0)
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


@pytest.fixture
def today_visit(session, ada, chen):
    """A visit at nine today, which is now."""
    return an_appointment(session, ada, chen, "2026-03-11T09:00")


def a_draft(patient_id, provider_id, starts_at=TEN, duration_min=30, **fields):
    return BookingDraft(patient_id, provider_id, None, starts_at, duration_min, **fields)


def status_of(calendar, visit_id):
    return calendar.appointment(visit_id).row.status


def stamps(calendar, visit_id):
    return [(event.status, event.at, event.detail) for event in calendar.events(visit_id)]


# -- through the day --------------------------------------------------------------------------


def test_each_state_is_stamped_with_the_clinics_time_and_who_noted_it(
    calendar, session, clock, ada, chen
):
    visit_id = calendar.book(a_draft(ada, chen, NOW + timedelta(minutes=30)))
    clock.advance(timedelta(minutes=20))
    calendar.arrive(visit_id, 1)
    clock.advance(timedelta(minutes=15))
    assert calendar.move_on(visit_id, 2) == VisitStatus.IN_ROOM
    clock.advance(timedelta(minutes=25))
    assert calendar.move_on(visit_id, 3) == VisitStatus.DONE

    assert [
        (status.value, at.strftime("%H:%M")) for status, at, _ in stamps(calendar, visit_id)
    ] == [
        ("scheduled", "09:00"),
        ("arrived", "09:20"),
        ("in-room", "09:35"),
        ("done", "10:00"),
    ]
    assert {event.user_name for event in calendar.events(visit_id)} == {"Olive Owner"}


def test_a_state_is_undone_and_redone_with_its_stamp(calendar, session, today_visit):
    calendar.arrive(today_visit, 1)

    session.undo()
    assert status_of(calendar, today_visit) == VisitStatus.SCHEDULED
    assert stamps(calendar, today_visit) == []

    session.redo()
    assert status_of(calendar, today_visit) == VisitStatus.ARRIVED
    assert stamps(calendar, today_visit) == [(VisitStatus.ARRIVED, NOW, "")]


def test_a_confirmation_says_whether_a_person_or_a_machine_answered(calendar, session, ada, chen):
    visit_id = an_appointment(session, ada, chen)

    calendar.confirm(visit_id, 1, "machine")
    assert calendar.appointment(visit_id).row.confirmed_how == "machine"

    calendar.confirm(visit_id, 2, "person")
    assert calendar.appointment(visit_id).row.confirmed_how == "person"
    with pytest.raises(Invalid):
        calendar.confirm(visit_id, 2, "pigeon")


def test_nobody_arrives_for_a_visit_of_another_day(calendar, session, ada, chen):
    tomorrow = an_appointment(session, ada, chen)
    yesterday = an_appointment(session, ada, chen, "2026-03-10T10:00")

    with pytest.raises(Conflict) as early:
        calendar.arrive(tomorrow, 1)
    with pytest.raises(Conflict) as late:
        calendar.arrive(yesterday, 1)

    assert "Move it to today" in early.value.remedy
    assert "what became of it" in late.value.remedy


def test_she_is_taken_to_another_room_only_where_nobody_is(calendar, session, ada, bea, chen):
    with session.change("Rooms", Permission.EDIT_SETTINGS):
        first, second = Room.create(name="Room 1").id, Room.create(name="Room 2").id
    okafor = a_provider(session, "Okafor")
    visit_id = an_appointment(session, ada, chen, "2026-03-11T09:00", room_id=first)
    an_appointment(session, bea, okafor, "2026-03-11T09:00", room_id=second)
    calendar.arrive(visit_id, 1)

    with pytest.raises(Conflict) as conflict:
        calendar.to_room(visit_id, 2, second)
    calendar.to_room(visit_id, 2)

    assert "Room 2 is taken by Testperson, Bea" in conflict.value.what
    assert calendar.appointment(visit_id).row.room_name == "Room 1"


def test_a_stale_screen_changes_no_state(calendar, today_visit):
    calendar.arrive(today_visit, 1)

    with pytest.raises(Conflict) as conflict:
        calendar.finish(today_visit, 1)

    assert "changed by Olive Owner" in conflict.value.what


def test_a_visit_not_yet_begun_is_no_no_show(calendar, session, clock, ada, chen):
    visit_id = an_appointment(session, ada, chen, "2026-03-11T09:30")

    with pytest.raises(Conflict):
        calendar.no_show(visit_id, 1)
    clock.advance(timedelta(minutes=30))
    calendar.no_show(visit_id, 1, "No answer on the phone")

    assert stamps(calendar, visit_id)[-1][0::2] == (VisitStatus.NO_SHOW, "No answer on the phone")


@pytest.mark.parametrize("verb", ["no_show", "leave", "cancel"])
def test_a_visit_that_fell_away_frees_its_slot(calendar, session, ada, bea, chen, verb):
    visit_id = an_appointment(session, ada, chen, "2026-03-11T09:00")

    getattr(calendar, verb)(visit_id, 1)

    calendar.book(a_draft(bea, chen, NOW))


def test_what_is_answered_is_not_answered_twice(calendar, today_visit):
    calendar.finish(today_visit, 1)

    for verb in (calendar.arrive, calendar.no_show, calendar.leave, calendar.cancel):
        with pytest.raises(Conflict) as conflict:
            verb(today_visit, 2)
        assert "done" in conflict.value.what


# -- late cancellations -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("starts_at", "by", "late"),
    [
        ("2026-03-12T08:45", "patient", True),
        ("2026-03-12T09:00", "patient", False),
        ("2026-03-12T08:45", "clinic", False),
    ],
)
def test_a_cancellation_by_the_patient_within_a_day_is_late(
    calendar, session, ada, chen, starts_at, by, late
):
    visit_id = an_appointment(session, ada, chen, starts_at)

    calendar.cancel(visit_id, 1, by, "Has a cold")

    (event,) = calendar.events(visit_id)
    assert (event.is_late, event.detail) == (late, "Has a cold")
    assert calendar.patient_card(ada).late_cancels == int(late)


def test_the_practice_chooses_how_short_is_late(calendar, office, session, ada, chen):
    office.practice.put(practice_settings.LATE_CANCEL_HOURS, 48)
    visit_id = an_appointment(session, ada, chen, "2026-03-13T08:00")

    calendar.cancel(visit_id, 1)

    assert calendar.events(visit_id)[0].is_late


# -- corrections ------------------------------------------------------------------------------


def test_a_status_noted_wrongly_is_corrected_with_its_reason(calendar, today_visit):
    calendar.no_show(today_visit, 1)

    calendar.correct(today_visit, 2, VisitStatus.ARRIVED, "She waited in the wrong corridor")

    last = calendar.events(today_visit)[-1]
    assert (last.status, last.is_correction) == (VisitStatus.ARRIVED, True)
    assert last.detail == "She waited in the wrong corridor"


def test_a_correction_does_not_take_back_a_slot_given_away(
    calendar, session, ada, bea, chen, today_visit
):
    calendar.cancel(today_visit, 1)
    calendar.book(a_draft(bea, chen, NOW))

    with pytest.raises(BookingRefused) as refusal:
        calendar.correct(today_visit, 2, VisitStatus.SCHEDULED, "She comes after all")

    assert "Testperson, Bea" in refusal.value.why
    assert status_of(calendar, today_visit) == VisitStatus.CANCELLED


def test_a_soft_rule_gives_way_to_the_corrections_reason(calendar, session, ada, chen, today_visit):
    calendar.cancel(today_visit, 1, "clinic", "Machine broken")
    an_appointment(session, ada, chen, "2026-03-11T15:00")

    with pytest.raises(BookingRefused):
        calendar.correct(today_visit, 2, VisitStatus.ARRIVED)
    calendar.correct(today_visit, 2, VisitStatus.ARRIVED, "Cancelled the wrong one")

    detail = calendar.appointment(today_visit)
    assert (detail.cancelled_by, detail.cancel_reason) == ("", "")


def test_yesterdays_no_show_may_turn_out_to_have_been_seen(calendar, session, ada, chen):
    visit_id = an_appointment(session, ada, chen, "2026-03-10T10:00", status="no-show")

    calendar.correct(visit_id, 1, VisitStatus.DONE)

    assert status_of(calendar, visit_id) == VisitStatus.DONE


def test_tomorrows_visit_is_not_corrected_to_done(calendar, session, ada, chen):
    visit_id = an_appointment(session, ada, chen)

    with pytest.raises(Conflict):
        calendar.correct(visit_id, 1, VisitStatus.DONE)


def test_who_cancelled_is_corrected_and_it_is_late_no_longer(calendar, session, ada, chen):
    visit_id = an_appointment(session, ada, chen, "2026-03-11T15:00")
    calendar.cancel(visit_id, 1, "patient")

    calendar.correct(visit_id, 2, VisitStatus.CANCELLED, "The doctor was ill", "clinic")

    assert calendar.appointment(visit_id).cancelled_by == "clinic"
    assert calendar.patient_card(ada).late_cancels == 0
    with pytest.raises(Invalid):
        calendar.correct(visit_id, 3, VisitStatus.CANCELLED, "", "clinic")


# -- moving -----------------------------------------------------------------------------------


def test_a_moved_visit_is_a_new_one_that_says_where_it_came_from(calendar, session, ada, chen):
    old_id = calendar.book(a_draft(ada, chen, reason="Cough", note="Brings her mother"))

    new_id = calendar.reschedule(old_id, 1, TEN + timedelta(days=1), 30, chen)

    new, old = calendar.appointment(new_id), calendar.appointment(old_id)
    assert new_id != old_id
    assert (new.row.rescheduled_from_id, new.moved_from) == (old_id, TEN)
    assert (new.row.reason, new.note) == ("Cough", "Brings her mother")
    assert (old.row.status, old.cancelled_by) == (VisitStatus.CANCELLED, "")
    assert (old.cancel_reason, old.moved_to_id) == ("Moved to Fri, Mar 13, 10:00 AM", new_id)
    assert calendar.successor(old_id) == new_id
    assert calendar.successor(new_id) is None


def test_a_move_is_one_step_to_undo_and_redo(calendar, session, ada, chen):
    old_id = calendar.book(a_draft(ada, chen))
    new_id = calendar.reschedule(old_id, 1, TEN + timedelta(hours=1), 30, chen)

    session.undo()
    assert status_of(calendar, old_id) == VisitStatus.SCHEDULED
    assert [visit.id for visit in calendar.of_day(TEN.date())] == [old_id]

    session.redo()
    assert [visit.id for visit in calendar.of_day(TEN.date())] == [new_id]
    assert calendar.standing(old_id) == new_id


def test_a_refused_move_leaves_the_old_slot_taken(calendar, session, ada, bea, chen):
    visit_id = calendar.book(a_draft(ada, chen))
    calendar.book(a_draft(bea, chen, TEN + timedelta(hours=1)))

    with pytest.raises(BookingRefused):
        calendar.reschedule(visit_id, 1, TEN + timedelta(hours=1), 30, chen)

    assert status_of(calendar, visit_id) == VisitStatus.SCHEDULED
    assert calendar.successor(visit_id) is None


def test_a_visit_may_move_onto_its_own_old_time(calendar, ada, chen):
    visit_id = calendar.book(a_draft(ada, chen, duration_min=60))

    new_id = calendar.reschedule(visit_id, 1, TEN + timedelta(minutes=30), 60, chen)

    assert calendar.appointment(new_id).row.starts_at == TEN + timedelta(minutes=30)


def test_another_length_room_or_reason_is_the_same_visit(calendar, ada, chen):
    visit_id = calendar.book(a_draft(ada, chen))

    same_id = calendar.reschedule(visit_id, 1, TEN, 45, chen)

    assert same_id == visit_id
    assert calendar.appointment(visit_id).row.duration_min == 45


def test_a_move_is_no_cancellation_anywhere(office, calendar, session, ada, chen):
    visit_id = calendar.book(a_draft(ada, chen, NOW + timedelta(hours=3)))
    calendar.reschedule(visit_id, 1, NOW + timedelta(hours=5), 30, chen)

    assert len(calendar.of_day(TODAY)) == 1
    assert len(office.views.grid([TODAY], with_cancelled=True).visits) == 1
    assert calendar.patient_card(ada).late_cancels == 0


def test_an_old_place_is_not_changed_any_more(calendar, ada, chen):
    visit_id = calendar.book(a_draft(ada, chen))
    new_id = calendar.reschedule(visit_id, 1, TEN + timedelta(hours=1), 30, chen)

    for change in (
        lambda: calendar.correct(visit_id, 2, VisitStatus.SCHEDULED, "Oops"),
        lambda: calendar.confirm(visit_id, 2, "person"),
        lambda: calendar.reschedule(visit_id, 2, TEN + timedelta(hours=2), 30, chen),
    ):
        with pytest.raises(Conflict) as conflict:
            change()
        assert "was moved to Thu, Mar 12, 11:00 AM" in conflict.value.what
        assert conflict.value.links[0].key == str(new_id)


def test_her_confirmation_stays_where_only_the_provider_changes(calendar, session, ada, chen):
    okafor = a_provider(session, "Okafor")
    visit_id = calendar.book(a_draft(ada, chen))
    calendar.confirm(visit_id, 1, "person")

    new_id = calendar.reschedule(visit_id, 2, TEN, 30, okafor)
    row = calendar.appointment(new_id).row

    assert (row.status, row.confirmed_how) == (VisitStatus.CONFIRMED, "person")


def test_who_is_here_and_sees_another_doctor_has_still_arrived_when_she_did(
    calendar, session, clock, ada, chen, today_visit
):
    okafor = a_provider(session, "Okafor")
    calendar.arrive(today_visit, 1)
    clock.advance(timedelta(minutes=10))

    new_id = calendar.reschedule(today_visit, 2, NOW + timedelta(minutes=15), 30, okafor)

    assert status_of(calendar, new_id) == VisitStatus.ARRIVED
    assert (VisitStatus.ARRIVED, NOW, "") in stamps(calendar, new_id)


def test_the_waiting_list_and_recalls_follow_a_moved_visit(calendar, session, ada, chen):
    visit_id = calendar.book(a_draft(ada, chen))
    with session.change("Lists", Permission.EDIT_CALENDAR):
        kind = RecallType.create(name="Annual physical", interval_months=12)
        recall = Recall.create(
            patient_id=ada, recall_type_id=kind.id, due_on="2026-03-01", appointment_id=visit_id
        )
        entry = WaitingEntry.create(
            patient_id=ada, duration_min=30, added_at="2026-03-01T09:00",
            interim_appointment_id=visit_id,
        )  # fmt: skip

    new_id = calendar.reschedule(visit_id, 1, TEN + timedelta(hours=1), 30, chen)

    assert Recall.get_by_id(recall.id).appointment_id == new_id
    assert WaitingEntry.get_by_id(entry.id).interim_appointment_id == new_id


# -- what booking brings with it --------------------------------------------------------------


def test_what_follows_a_booking_is_done_and_undone_with_it(calendar, session, ada, chen):
    heard = []
    calendar.after_booking.append(
        lambda visit_id, draft: heard.append((visit_id, draft.patient_id))
    )

    def breaks(visit_id, draft):
        raise Conflict("No.")

    visit_id = calendar.book(a_draft(ada, chen))
    calendar.after_booking.append(breaks)
    with pytest.raises(Conflict):
        calendar.book(a_draft(ada, chen, TEN + timedelta(days=1)))

    assert heard[0] == (visit_id, ada)
    assert [visit.id for visit in calendar.upcoming()] == [visit_id]


def test_a_held_slot_is_used_up_by_its_booking(calendar, session, ada, chen):
    with session.change("Hold", Permission.EDIT_CALENDAR):
        hold = Hold.create(
            provider_id=chen, starts_at="2026-03-12T10:00", duration_min=30, title="For Ada",
            expires_at="2026-03-12T09:00",
        )  # fmt: skip

    calendar.book(a_draft(ada, chen, hold_id=hold.id))
    assert Hold.select().count() == 0

    session.undo()
    assert Hold.select().count() == 1


def test_an_authorization_counts_the_visits_that_stand(calendar, session, ada, chen):
    leave = Authorizations(session)
    number = leave.save(ada, AuthorizationDraft("PA-1", 2, ends_on=date(2026, 6, 30)))
    first = calendar.book(a_draft(ada, chen, authorization_id=number))
    second = calendar.book(a_draft(ada, chen, TEN + timedelta(days=1), authorization_id=number))
    calendar.cancel(second, 1)

    moved = calendar.reschedule(first, 1, TEN + timedelta(hours=1), 30, chen)

    (row,) = calendar.patient_card(ada).authorizations
    assert (row.number, row.allowed, row.used, row.left) == ("PA-1", 2, 1, 1)
    assert calendar.appointment(moved).authorization_id == number


def test_an_authorization_used_up_is_asked_about_when_it_is_put_on_a_visit(
    calendar, session, ada, chen
):
    number = Authorizations(session).save(ada, AuthorizationDraft("PA-1", 1))
    calendar.book(a_draft(ada, chen, authorization_id=number))
    other = calendar.book(a_draft(ada, chen, TEN + timedelta(days=1)))
    draft = replace(calendar.appointment(other).draft, authorization_id=number)

    with pytest.raises(BookingRefused) as refusal:
        calendar.amend(other, draft)
    calendar.amend(other, draft, "The payer said more is coming")

    assert {breach.rule for breach in refusal.value.breaches} == {Rule.AUTHORIZATION}
    assert calendar.appointment(other).override_reason == "The payer said more is coming"


def test_another_type_is_asked_about_only_for_what_it_brings(calendar, session, ada, bea, chen):
    plain, roomy = a_type(session), a_type(session, "Procedure", buffer_after_min=30)
    draft = BookingDraft(ada, chen, plain, datetime(2026, 3, 12, 17, 0), 30)
    visit_id = calendar.book(draft, "Dr. Chen stays on")
    stored = calendar.appointment(visit_id).draft

    assert calendar.check_change(visit_id, replace(stored, type_id=roomy)) == ()
    calendar.book(BookingDraft(bea, chen, plain, datetime(2026, 3, 12, 17, 30), 30), "She too")
    (breach,) = calendar.check_change(visit_id, replace(stored, type_id=roomy))
    assert breach.rule == Rule.BUFFER


def test_an_authorization_in_use_is_not_removed(session, calendar, ada, chen):
    leave = Authorizations(session)
    number = leave.save(ada, AuthorizationDraft("PA-1", 2))
    calendar.book(a_draft(ada, chen, authorization_id=number))

    with pytest.raises(Conflict) as conflict:
        leave.remove(ada, number)

    assert conflict.value.what == "1 visit of this patient name this authorization."


@pytest.mark.parametrize(
    "draft",
    [
        AuthorizationDraft(" ", 2),
        AuthorizationDraft("PA", 0),
        AuthorizationDraft("PA", 2, date(2026, 2, 1), date(2026, 1, 1)),
    ],
)
def test_an_authorization_that_cannot_be_is_refused_in_words(session, ada, draft):
    with pytest.raises(Invalid):
        Authorizations(session).save(ada, draft)

    assert Authorizations(session).of(ada) == ()


# -- unresolved and freed ---------------------------------------------------------------------


def test_visits_nobody_answered_for_are_listed_and_never_answered_by_themselves(
    calendar, session, ada, bea, chen
):
    a_type(session)
    old = an_appointment(session, ada, chen, "2026-03-09T10:00")
    waiting = an_appointment(session, bea, chen, "2026-03-10T10:00", status="arrived")
    long_over = an_appointment(session, ada, chen, "2026-03-11T07:00", 60)
    an_appointment(session, ada, chen, "2026-03-11T07:31")  # ended less than an hour ago
    an_appointment(session, ada, chen, "2026-03-09T11:00", status="done")
    an_appointment(session, bea, chen, "2026-03-11T06:00", status="arrived")  # she is being seen to

    assert [visit.id for visit in calendar.unresolved()] == [old, waiting, long_over]
    assert status_of(calendar, old) == VisitStatus.SCHEDULED


def freed_by(calendar, session, change):
    heard = []
    session.subscribe(heard.append)
    change()
    return calendar.freed_slots(heard[-1])


def test_a_cancelled_visit_gives_its_slot_back(calendar, session, ada, chen):
    visit_id = an_appointment(session, ada, chen)

    assert freed_by(calendar, session, lambda: calendar.cancel(visit_id, 1)) == (
        Slot(TEN, 30, chen),
    )


def test_a_move_gives_back_what_it_does_not_take_itself(calendar, session, ada, chen):
    visit_id = an_appointment(session, ada, chen, duration_min=60)
    later = TEN + timedelta(minutes=45)

    freed = freed_by(calendar, session, lambda: calendar.reschedule(visit_id, 1, later, 60, chen))

    assert freed == (Slot(TEN, 45, chen),)


def test_a_shorter_visit_gives_its_end_back(calendar, session, ada, chen):
    visit_id = an_appointment(session, ada, chen, duration_min=60)

    freed = freed_by(calendar, session, lambda: calendar.reschedule(visit_id, 1, TEN, 20, chen))

    assert freed == (Slot(TEN + timedelta(minutes=20), 40, chen),)


def test_time_already_gone_is_not_offered_again(calendar, session, ada, chen, today_visit):
    assert freed_by(calendar, session, lambda: calendar.no_show(today_visit, 1)) == ()


def test_a_booking_undone_gives_its_slot_back(calendar, session, ada, chen):
    calendar.book(a_draft(ada, chen))

    assert freed_by(calendar, session, session.undo) == (Slot(TEN, 30, chen),)
