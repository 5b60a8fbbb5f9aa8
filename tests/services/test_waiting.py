"""The waiting list: adding, who fits, calling, and booking from it."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from medsec_desktop.domain.calendar import BookingRefused, VisitStatus
from medsec_desktop.domain.calendar.spans import Span
from medsec_desktop.domain.clock import FixedClock
from medsec_desktop.domain.permissions import Permission, Role
from medsec_desktop.models import BlockOut, BlockOutType, Closure, Patient, PatientAlert
from medsec_desktop.problems import Conflict, Invalid, NotAllowed
from medsec_desktop.services.calendar.waiting import Slot, WaitingDraft
from medsec_desktop.services.office import Office
from tests.conftest import a_patient, a_provider, a_type, a_user, an_appointment

TEN = datetime(2026, 3, 12, 10, 0)  # tomorrow, a Thursday


class Desk:
    """A small practice: two providers, a freed half hour with the first, and people who wait."""

    def __init__(self, office: Office):
        self.office, self.session, self.waiting = office, office.session, office.waiting
        self.chen = a_provider(self.session)
        self.lopez = a_provider(self.session, "Lopez", "Maria")
        self.type = a_type(self.session)
        self.slot = Slot(TEN, 30, self.chen)

    def waits(self, given: str = "Ada", **wish: object) -> int:
        """Somebody new on the waiting list; her entry."""
        patient = a_patient(self.session, given=given, phone="+12125550100")
        fields = {"duration_min": 30, "type_id": self.type, **wish}
        return self.waiting.add(WaitingDraft(patient, **fields))  # type: ignore[arg-type]

    def fill(self, starts_at: str, duration_min: int, provider_id: int = 0) -> int:
        """A visit of somebody else in the way."""
        somebody = a_patient(self.session, given="Otto")
        return an_appointment(
            self.session, somebody, provider_id or self.chen, starts_at, duration_min
        )

    def names(self) -> list[str]:
        """Who fits the freed slot, best first."""
        return [fit.row.patient_name.split(", ")[1] for fit in self.waiting.fits(self.slot)]


@pytest.fixture
def desk(office: Office) -> Desk:
    return Desk(office)


# -- the list ---------------------------------------------------------------------------------


def test_somebody_added_stands_on_the_list_as_she_asked(desk: Desk) -> None:
    wish = {
        "provider_id": desk.chen,
        "is_urgent": True,
        "latest_on": date(2026, 3, 20),
        "times": ((3, Span(540, 720)),),
        "notice_min": 60,
        "note": "after her scan",
    }
    entry = desk.waits(**wish)

    (row,) = desk.waiting.open()

    assert row.id == entry
    assert row.patient_name == "Testperson, Ada"
    assert (row.provider_name, row.type_name) == ("Dr. Chen", "Follow-up")
    assert row.phone == "+12125550100"
    assert row.added_at == datetime(2026, 3, 11, 9, 0)
    for name, value in wish.items():
        assert getattr(row.draft, name) == value


def test_urgent_ones_stand_first_then_those_who_wait_longer(desk: Desk, clock: FixedClock) -> None:
    desk.waits("Ada")
    clock.advance(timedelta(hours=1))
    desk.waits("Bea")
    desk.waits("Cleo", is_urgent=True)

    assert [row.patient_name for row in desk.waiting.open()] == [
        "Testperson, Cleo",
        "Testperson, Ada",
        "Testperson, Bea",
    ]


def test_undo_takes_an_entry_off_and_redo_puts_it_on_again(desk: Desk) -> None:
    desk.waits()

    desk.session.undo()
    assert desk.waiting.open() == ()

    desk.session.redo()
    assert len(desk.waiting.open()) == 1


def test_what_somebody_waits_for_can_be_changed_and_changed_back(desk: Desk) -> None:
    entry = desk.waits()
    row = desk.waiting.entry(entry)

    desk.waiting.change(entry, replace(row.draft, is_urgent=True, note="called twice"))
    assert desk.waiting.entry(entry).draft.is_urgent

    desk.session.undo()
    assert not desk.waiting.entry(entry).draft.is_urgent


def test_a_stale_change_is_refused_and_names_the_patient(desk: Desk) -> None:
    entry = desk.waits()
    stale = desk.waiting.entry(entry).draft
    desk.waiting.change(entry, replace(stale, note="first"))

    with pytest.raises(Conflict, match="Testperson, Ada was changed"):
        desk.waiting.change(entry, replace(stale, note="second"))

    assert desk.waiting.entry(entry).draft.note == "first"


def test_somebody_removed_fits_no_slot_and_comes_back_by_undo(desk: Desk) -> None:
    entry = desk.waits()

    desk.waiting.remove(entry, 1, "found a doctor elsewhere")
    assert desk.names() == []
    assert desk.waiting.open() == ()

    desk.session.undo()
    assert desk.names() == ["Ada"]


def test_removing_twice_is_refused(desk: Desk) -> None:
    entry = desk.waits()
    desk.waiting.remove(entry, 1)

    with pytest.raises(Conflict, match="no longer on the waiting list"):
        desk.waiting.remove(entry, 2)


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"duration_min": 0}, "duration_min"),
        ({"duration_min": 1441}, "duration_min"),
        ({"earliest_on": date(2026, 4, 2), "latest_on": date(2026, 4, 1)}, "latest_on"),
        ({"latest_on": date(2026, 3, 10)}, "latest_on"),
    ],
)
def test_a_wish_that_cannot_be_is_refused_at_its_field(
    desk: Desk, wish: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        desk.waits(**wish)

    assert refusal.value.field == field
    assert desk.waiting.open() == ()


def test_nobody_is_put_on_the_list_without_leave(desk: Desk) -> None:
    ada = a_patient(desk.session)
    desk.session.switch_user(a_user(desk.session, "rita", Role.READ_ONLY))

    with pytest.raises(NotAllowed):
        desk.waiting.add(WaitingDraft(ada, 30))


def test_an_entry_from_a_visit_asks_for_the_same_but_sooner(desk: Desk) -> None:
    ada = a_patient(desk.session)
    visit = an_appointment(desk.session, ada, desk.chen, "2026-04-09T14:00", 45, type_id=desk.type)

    draft = desk.waiting.draft_from_visit(visit)

    assert draft == WaitingDraft(ada, 45, desk.chen, desk.type, interim_appointment_id=visit)
    assert desk.waiting.draft_for(ada) == draft


def test_the_visit_somebody_has_meanwhile_shows_until_it_is_cancelled(desk: Desk) -> None:
    ada = a_patient(desk.session)
    visit = an_appointment(desk.session, ada, desk.chen, "2026-04-09T14:00")
    entry = desk.waiting.add(desk.waiting.draft_from_visit(visit))
    assert desk.waiting.entry(entry).interim_at == datetime(2026, 4, 9, 14, 0)

    desk.office.calendar.cancel(visit, 1)

    assert desk.waiting.entry(entry).interim_at is None


# -- who fits ---------------------------------------------------------------------------------


def test_everybody_who_fits_a_free_slot_is_named_the_best_first(desk: Desk) -> None:
    desk.waits("Ada")
    desk.waits("Bea", is_urgent=True)
    desk.waits("Cleo", provider_id=desk.chen)
    desk.waits("Dora", provider_id=desk.lopez)
    desk.waits("Emma", earliest_on=date(2026, 4, 1))

    assert desk.names() == ["Bea", "Cleo", "Ada"]


def test_a_slot_taken_again_fits_nobody(desk: Desk) -> None:
    desk.waits()
    desk.fill("2026-03-12T10:00", 30)

    assert desk.names() == []


def test_a_long_visit_fits_where_free_time_lies_beside_the_slot(desk: Desk) -> None:
    desk.waits("Long", duration_min=60)
    desk.fill("2026-03-12T09:00", 60)
    later = desk.fill("2026-03-12T10:45", 30)
    assert desk.names() == []

    desk.office.calendar.cancel(later, 1)

    assert desk.names() == ["Long"]


def test_a_rule_in_the_way_takes_somebody_off_the_offer(desk: Desk) -> None:
    entry = desk.waits("Ada")
    patient = desk.waiting.entry(entry).patient_id
    an_appointment(desk.session, patient, desk.lopez, "2026-03-12T15:00")
    assert desk.names() == []  # one visit a day


def test_somebody_who_died_is_not_offered_a_slot(desk: Desk) -> None:
    entry = desk.waits("Ada")
    with desk.session.change("Record a death", Permission.EDIT_PATIENTS):
        Patient.update(status="deceased").where(
            Patient.id == desk.waiting.entry(entry).patient_id
        ).execute()

    assert desk.names() == []


def test_nobody_fits_on_a_day_the_provider_is_away(desk: Desk) -> None:
    desk.waits("Ada")
    with desk.session.change("Close", Permission.EDIT_SETTINGS):
        Closure.create(
            name="Away", provider_id=desk.chen, first_on="2026-03-12", last_on="2026-03-12"
        )

    assert desk.names() == []


def test_her_own_visit_later_that_day_does_not_stand_in_her_way(desk: Desk) -> None:
    ada = a_patient(desk.session)
    visit = an_appointment(desk.session, ada, desk.chen, "2026-03-12T16:00")
    desk.waiting.add(desk.waiting.draft_from_visit(visit))

    assert desk.names() == ["Ada"]


def test_a_fit_says_why_with_her_phone_and_alerts(desk: Desk) -> None:
    entry = desk.waits("Ada", is_urgent=True)
    with desk.session.change("Alert", Permission.EDIT_PATIENTS):
        PatientAlert.create(
            patient_id=desk.waiting.entry(entry).patient_id,
            text="Wheelchair",
            is_shown_on_booking=1,
        )

    (fit,) = desk.waiting.fits(desk.slot)

    assert fit.reasons == (
        "Urgent",
        "On the list since today",
        "Has no visit yet",
        "Needs just these 30 minutes",
    )
    assert (fit.row.phone, fit.row.alert) == ("+12125550100", "Wheelchair")
    assert fit.slot == Slot(TEN, 30, desk.chen)


def test_whoever_was_called_about_this_slot_goes_behind_the_others(desk: Desk) -> None:
    ada = desk.waits("Ada", is_urgent=True)
    desk.waits("Bea")
    assert desk.names() == ["Ada", "Bea"]

    desk.waiting.note_call(ada, "no-answer", desk.slot)

    assert desk.names() == ["Bea", "Ada"]
    calls = desk.waiting.fits(desk.slot)[1].calls
    assert [(call.words, call.note) for call in calls] == [
        ("No answer", "Offered 03/12/2026 10:00 AM")
    ]


def test_a_call_about_another_day_does_not_count_against_her(desk: Desk) -> None:
    ada = desk.waits("Ada", is_urgent=True)
    desk.waits("Bea")

    desk.waiting.note_call(ada, "declined", Slot(TEN + timedelta(days=1), 30, desk.chen))

    assert desk.names() == ["Ada", "Bea"]


def test_free_times_for_somebody_keep_what_she_asked(desk: Desk) -> None:
    entry = desk.waits("Ada", provider_id=desk.chen, times=((4, Span(840, 1020)),), notice_min=60)

    slots = desk.waiting.free_for(entry, days=2)

    assert slots == (
        Slot(datetime(2026, 3, 13, 14, 0), 30, desk.chen),
        Slot(datetime(2026, 3, 20, 14, 0), 30, desk.chen),
    )
    desk.waiting.book(entry, 1, slots[0])


def test_free_times_are_sooner_than_the_visit_she_would_give_up(desk: Desk) -> None:
    ada = a_patient(desk.session)
    visit = an_appointment(desk.session, ada, desk.chen, "2026-03-12T09:00")
    entry = desk.waiting.add(desk.waiting.draft_from_visit(visit))

    slots = desk.waiting.free_for(entry)

    assert [slot.starts_at.date() for slot in slots] == [date(2026, 3, 11), date(2026, 3, 12)]


@pytest.mark.parametrize("seed", range(8))
def test_everybody_named_for_a_slot_can_be_booked_as_named(desk: Desk, seed: int) -> None:
    dice = random.Random(seed)
    for hour in dice.sample(range(8, 17), 5):
        minute = dice.choice((0, 15, 30))
        if (hour, minute) != (10, 0):
            desk.fill(f"2026-03-12T{hour:02}:{minute:02}", dice.choice((10, 15, 20)))
    physical = a_type(desk.session, "Physical", 60, buffer_before_min=10, buffer_after_min=5)
    with desk.session.change("Block", Permission.EDIT_SETTINGS):
        block = BlockOut.create(
            provider_id=desk.chen, kind="reserved", title="Physicals",
            starts_on="2026-03-12", starts_min=600 + dice.choice((0, 20, 40)), ends_min=660,
        )  # fmt: skip
        BlockOutType.create(block_out_id=block.id, type_id=physical)
    for number in range(12):
        desk.waits(
            f"P{number}",
            duration_min=dice.choice((10, 15, 20, 30, 45, 60)),
            type_id=dice.choice((desk.type, physical, None)),
            provider_id=dice.choice((None, desk.chen, desk.lopez)),
            times=dice.choice(((), ((3, Span(610, 700)),), ((3, Span(0, 640)),))),
            notice_min=dice.choice((0, 60, 3000)),
        )

    for fit in desk.waiting.fits(desk.slot):
        visit = desk.waiting.book(fit.row.id, fit.row.version, fit.slot)
        assert desk.office.calendar.appointment(visit).row.starts_at == fit.slot.starts_at
        desk.session.undo()


# -- booking ----------------------------------------------------------------------------------


def test_booking_from_the_list_books_closes_the_entry_and_notes_the_call(desk: Desk) -> None:
    entry = desk.waits("Ada", note="likes mornings")

    visit = desk.waiting.book(entry, 1, desk.slot)

    booked = desk.office.calendar.appointment(visit)
    assert (booked.row.starts_at, booked.row.provider_id) == (TEN, desk.chen)
    assert (booked.row.type_name, booked.note) == ("Follow-up", "likes mornings")
    row = desk.waiting.entry(entry)
    assert row.status == "booked"
    assert row.last_call is not None
    assert row.last_call.words == "Reached"
    assert desk.waiting.open() == ()


def test_booking_from_the_list_is_one_operation_that_undo_takes_back(desk: Desk) -> None:
    entry = desk.waits("Ada")
    visit = desk.waiting.book(entry, 1, desk.slot)

    desk.session.undo()

    assert [row.id for row in desk.waiting.open()] == [entry]
    assert desk.names() == ["Ada"]
    with pytest.raises(Conflict):
        desk.office.calendar.appointment(visit)

    desk.session.redo()

    assert desk.waiting.entry(entry).status == "booked"
    assert desk.office.calendar.appointment(visit).row.starts_at == TEN


def test_the_visit_she_had_meanwhile_moves_and_its_slot_is_free(desk: Desk) -> None:
    ada = a_patient(desk.session)
    old = an_appointment(
        desk.session, ada, desk.lopez, "2026-04-09T14:00", type_id=desk.type, reason="Knee"
    )
    entry = desk.waiting.add(replace(desk.waiting.draft_from_visit(old), provider_id=None))

    new = desk.waiting.book(entry, 1, desk.slot)

    calendar = desk.office.calendar
    moved = calendar.appointment(new).row
    assert (moved.starts_at, moved.provider_id, moved.reason) == (TEN, desk.chen, "Knee")
    assert moved.rescheduled_from_id == old
    assert calendar.appointment(old).row.status == VisitStatus.CANCELLED
    assert desk.waiting.entry(entry).status == "booked"

    desk.session.undo()

    assert calendar.appointment(old).row.status == VisitStatus.SCHEDULED
    assert desk.waiting.entry(entry).interim_at == datetime(2026, 4, 9, 14, 0)


def test_a_visit_she_keeps_stays_beside_the_new_one(desk: Desk) -> None:
    ada = a_patient(desk.session)
    old = an_appointment(desk.session, ada, desk.lopez, "2026-04-09T14:00")
    entry = desk.waiting.add(
        replace(desk.waiting.draft_from_visit(old), provider_id=None, keeps_interim=True)
    )

    new = desk.waiting.book(entry, 1, desk.slot)

    assert new != old
    assert desk.office.calendar.appointment(old).row.status == VisitStatus.SCHEDULED


def test_a_slot_taken_meanwhile_is_refused_and_nothing_is_half_done(desk: Desk) -> None:
    entry = desk.waits("Ada")
    desk.fill("2026-03-12T10:00", 30)

    with pytest.raises(BookingRefused, match="Otto"):
        desk.waiting.book(entry, 1, desk.slot)

    row = desk.waiting.entry(entry)
    assert (row.status, row.last_call) == ("open", None)


def test_nobody_is_booked_from_the_list_twice(desk: Desk) -> None:
    entry = desk.waits("Ada")
    desk.waiting.book(entry, 1, desk.slot)

    with pytest.raises(Conflict, match="booked from the waiting list already"):
        desk.waiting.book(entry, 2, Slot(TEN + timedelta(hours=1), 30, desk.chen))


def test_a_hundred_who_wait_are_looked_at_in_a_moment(desk: Desk) -> None:
    for number in range(100):
        desk.waits(f"Ada{number}")

    assert len(desk.waiting.fits(desk.slot)) == 12


def test_nobody_waits_with_another_patients_visit_to_give_up(desk: Desk) -> None:
    theirs = desk.fill("2026-03-20T10:00", 30)

    with pytest.raises(Invalid) as refusal:
        desk.waits(interim_appointment_id=theirs)

    assert refusal.value.field == "interim_appointment_id"
    assert desk.waiting.open() == ()
