"""Referrals: their steps, who is chased when, and the visit and letter that come of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from medsec_desktop.domain.permissions import Role
from medsec_desktop.domain.referrals import Chase, Direction, Step, next_chase, next_step
from medsec_desktop.problems import Conflict, Invalid, NotAllowed
from medsec_desktop.services.calendar import BookingDraft
from medsec_desktop.services.patients.referral_records import PhysicianDraft, ReferralDraft
from tests.conftest import a_patient, a_provider, a_user

IN, OUT = Direction.IN, Direction.OUT


@pytest.fixture
def ada(session):
    return a_patient(session)


@pytest.fixture
def chen(session):
    return a_provider(session)


@pytest.fixture
def vega(office):
    return office.referrals.add_physician(
        PhysicianDraft("Vega", "Luz", "MD", "Cardiology", "617 555 0190")
    )


@pytest.fixture
def out(office, ada, vega):
    number = office.referrals.save(ada, ReferralDraft(OUT, other_provider_id=vega, reason="Murmur"))
    return office.referrals.one(number)


@pytest.fixture
def incoming(office, ada, chen, vega):
    number = office.referrals.save(ada, ReferralDraft(IN, chen, vega))
    return office.referrals.one(number)


def test_a_referral_out_goes_step_by_step_each_stamped(office, session, clock, ada, out):
    assert (out.word, out.other_name, out.specialty) == ("Ready to send", "Luz Vega, MD",
                                                         "Cardiology")  # fmt: skip
    assert out.chase_on == date(2026, 3, 12)

    def step(to, **more):
        office.referrals.take_step(out.id, office.referrals.one(out.id).version, to, **more)
        return office.referrals.one(out.id)

    assert step(Step.SENT).chase_on == date(2026, 3, 18)
    assert step(Step.ACCEPTED).chase_on == date(2026, 3, 18)
    with pytest.raises(Invalid) as refusal:
        step(Step.BOOKED)
    assert refusal.value.field == "their_visit_on"
    booked = step(Step.BOOKED, their_visit_on=date(2026, 4, 2))
    assert (booked.visit_on, booked.chase_on) == (date(2026, 4, 2), date(2026, 3, 12))
    assert step(Step.TOLD).chase_on == date(2026, 4, 9)
    done = step(Step.LETTER_BACK)
    assert (done.word, done.chase_on) == ("Letter back", None)
    (row,) = office.referrals.of(ada)
    assert [one.step for one in row.steps] == [
        Step.LETTER_BACK, Step.TOLD, Step.BOOKED, Step.ACCEPTED, Step.SENT, Step.READY,
    ]  # fmt: skip
    assert row.steps[0].user_name == "Olive Owner"
    session.undo()
    assert office.referrals.one(out.id).step is Step.TOLD


def test_asking_moves_the_date_and_is_noted(office, clock, ada, out):
    office.referrals.take_step(out.id, 1, Step.SENT)
    clock.advance(timedelta(days=7))
    assert [row.id for row in office.referrals.due()] == [out.id]

    again = office.referrals.chase(out.id, 2, Chase.NO_ANSWER)
    assert (again, office.referrals.due()) == (date(2026, 3, 19), ())
    again = office.referrals.chase(out.id, 3, Chase.WAITING, "Ask Mia")
    assert again == date(2026, 3, 25)
    assert office.referrals.chase(out.id, 4, Chase.WAITING, on=date(2026, 4, 1)) == date(2026, 4, 1)
    assert office.referrals.of(ada)[0].steps[1].note == "Still waiting: Ask Mia"
    with pytest.raises(Invalid):
        office.referrals.chase(out.id, 5, Chase.WAITING, on=date(2026, 3, 18))
    office.referrals.take_step(out.id, 5, Step.DECLINED, "Full until June")
    with pytest.raises(Conflict, match="nobody is awaited"):
        office.referrals.chase(out.id, 6, Chase.WAITING)


def test_urgent_ones_are_asked_sooner_and_stand_first(office, session, ada, out):
    office.referrals.take_step(out.id, 1, Step.SENT)
    urgent = office.referrals.save(ada, ReferralDraft(OUT, specialty="Surgery", is_urgent=True))
    office.referrals.take_step(urgent, 1, Step.SENT)

    assert office.referrals.one(urgent).chase_on == date(2026, 3, 13)
    assert [row.id for row in office.referrals.open()] == [urgent, out.id]


def test_a_visit_booked_from_a_referral_is_its_visit_and_follows_it(
    office, session, ada, chen, incoming
):
    other = a_provider(session, "Okafor")
    draft = BookingDraft(ada, other, None, datetime(2026, 3, 12, 10), 30, referral_id=incoming.id)

    visit = office.calendar.book(draft)
    booked = office.referrals.one(incoming.id)
    assert (booked.step, booked.appointment_id) == (Step.BOOKED, visit)
    row = office.calendar.appointment(visit).row
    moved = office.calendar.reschedule(visit, row.version, datetime(2026, 3, 13, 11), 30, other)
    assert office.referrals.one(incoming.id).visit_at == datetime(2026, 3, 13, 11)
    office.calendar.cancel(moved, office.calendar.appointment(moved).row.version)
    open_again = office.referrals.one(incoming.id)
    assert (open_again.step, open_again.appointment_id) == (Step.ACCEPTED, None)
    assert open_again.chase_on == date(2026, 3, 11)
    session.undo()
    assert office.referrals.one(incoming.id).appointment_id == moved


def test_her_only_referral_to_this_provider_gets_the_visit_by_itself(
    office, session, ada, chen, incoming
):
    other = a_provider(session, "Okafor")
    office.calendar.book(BookingDraft(ada, other, None, datetime(2026, 3, 12, 10), 30))
    assert office.referrals.one(incoming.id).step is Step.READY

    office.calendar.book(BookingDraft(ada, chen, None, datetime(2026, 3, 13, 10), 30))

    assert office.referrals.one(incoming.id).step is Step.BOOKED
    session.undo()
    assert office.referrals.one(incoming.id).step is Step.READY


def test_an_incoming_one_is_not_booked_without_a_visit(office, incoming):
    with pytest.raises(Invalid, match="Book the visit first"):
        office.referrals.take_step(incoming.id, 1, Step.BOOKED)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"other_provider_id": None}, "other_provider_id"),
        ({"begun_on": date(2026, 3, 12)}, "begun_on"),
        ({"expires_on": date(2026, 3, 1)}, "expires_on"),
        ({"authorization_id": 5}, "authorization_id"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(office, ada, vega, fields, field):
    with pytest.raises(Invalid) as refusal:
        office.referrals.save(ada, replace(ReferralDraft(OUT, other_provider_id=vega), **fields))

    assert refusal.value.field == field


def test_one_under_way_is_withdrawn_not_removed(office, session, ada, out):
    office.referrals.take_step(out.id, 1, Step.SENT)
    with pytest.raises(Conflict, match="Withdraw it instead"):
        office.referrals.remove(out.id)
    with pytest.raises(Invalid) as refusal:
        office.referrals.take_step(out.id, 2, Step.WITHDRAWN)
    assert refusal.value.field == "note"
    with pytest.raises(Conflict):
        office.referrals.take_step(out.id, 1, Step.ACCEPTED)  # read before it was sent

    session.undo()
    office.referrals.remove(out.id)

    assert office.referrals.of(ada) == ()
    with pytest.raises(Conflict, match="no longer on file"):
        office.referrals.one(out.id)


def test_only_who_may_write_files_refers(office, session, ada, vega, out):
    session.switch_user(a_user(session, role=Role.READ_ONLY))

    for attempt in (
        lambda: office.referrals.save(ada, ReferralDraft(OUT, other_provider_id=vega)),
        lambda: office.referrals.take_step(out.id, 1, Step.SENT),
        lambda: office.referrals.add_physician(PhysicianDraft("New")),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_a_physician_met_twice_is_one(office, vega):
    again = office.referrals.add_physician(PhysicianDraft("vega", "luz", phone="617-555-0190"))
    assert again == vega
    assert office.referrals.physicians()[0].name == "Vega Luz, MD"


def test_paths_and_dates_of_the_steps() -> None:
    today = date(2026, 3, 11)
    assert next_step(IN, Step.READY) is Step.ACCEPTED
    assert next_step(OUT, Step.READY) is Step.SENT
    assert next_step(OUT, Step.LETTER_BACK) is None
    assert next_step(IN, Step.DECLINED) is None
    assert next_chase(Step.TOLD, today, 7, visit_on=date(2026, 2, 1)) == date(2026, 3, 18)
    assert next_chase(Step.SENT, today, 1, is_urgent=True) == date(2026, 3, 12)
