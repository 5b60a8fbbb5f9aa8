"""A booking is judged by every rule of the practice; what is offered instead breaks none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from medsec_desktop.domain.calendar import BookingRefused, Rule, Slot, Span
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models.calendar import Hold
from medsec_desktop.models.coverages import Authorization
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.calendar import BookingDraft, Calendar
from medsec_desktop.services.calendar.hours_records import BlockDraft, ExceptionDraft
from medsec_desktop.services.office import Office
from medsec_desktop.services.practice import ClosureDraft, HoursRow, RoomDraft, settings
from tests.conftest import a_patient, a_provider, a_type, an_appointment

THURSDAY = date(2026, 3, 12)
TEN = datetime(2026, 3, 12, 10, 0)


@pytest.fixture
def calendar(office: Office) -> Calendar:
    return office.calendar


@pytest.fixture
def ada(office: Office) -> int:
    return a_patient(office.session)


@pytest.fixture
def chen(office: Office) -> int:
    return a_provider(office.session, works="8-12")


def a_draft(patient_id: int, provider_id: int, **changes) -> BookingDraft:
    return replace(BookingDraft(patient_id, provider_id, None, TEN, 30), **changes)


def rules(calendar: Calendar, draft: BookingDraft) -> list[Rule]:
    return [breach.rule for breach in calendar.check(draft)]


def slots(calendar: Calendar, draft: BookingDraft) -> list[str]:
    return [f"{slot.starts_at:%m-%d %H:%M}" for slot in calendar.nearest(draft)]


def an_authorization(office: Office, patient_id: int, **fields) -> int:
    with office.session.change("Authorize", Permission.EDIT_PATIENTS):
        fields = {"number": "AX-1", "visits_allowed": 1, **fields}
        return int(Authorization.create(patient_id=patient_id, **fields).id)


def a_hold(office: Office, **fields) -> int:
    with office.session.change("Hold", Permission.EDIT_CALENDAR):
        fields = {
            "starts_at": "2026-03-12T10:00", "duration_min": 30, "title": "Keep",
            "expires_at": "2026-03-12T08:00", **fields,
        }  # fmt: skip
        return int(Hold.create(**fields).id)


def test_a_hard_rule_refuses_whatever_the_reason_and_links_the_day(
    calendar: Calendar, office: Office, ada: int, chen: int
):
    office.hours.holidays.add(THURSDAY, "Founders’ Day")

    with pytest.raises(BookingRefused) as refusal:
        calendar.book(a_draft(ada, chen), "She insists")

    assert refusal.value.is_hard
    assert "public holiday: Founders’ Day" in refusal.value.why
    assert refusal.value.links[0].kind == "day"
    assert len(refusal.value.nearest) == 3
    assert all(slot.starts_at.date() != THURSDAY for slot in refusal.value.nearest)


def test_a_soft_rule_gives_way_to_a_reason_which_is_kept(
    calendar: Calendar, office: Office, ada: int, chen: int
):
    office.hours.blocks.save(BlockDraft("Lunch", THURSDAY, Span(600, 660), "break", chen))

    with pytest.raises(BookingRefused):
        calendar.book(a_draft(ada, chen))
    visit = calendar.book(a_draft(ada, chen), "She insists")

    assert calendar.appointment(visit).override_reason == "She insists"
    assert office.session.history(1)[0].reason == "She insists"


def test_each_rule_can_be_hard_or_off(calendar: Calendar, office: Office, ada: int, chen: int):
    office.hours.blocks.save(BlockDraft("Lunch", THURSDAY, Span(600, 660), "break", chen))

    office.practice.put(settings.RULE_BLOCKED, "hard")
    with pytest.raises(BookingRefused):
        calendar.book(a_draft(ada, chen), "She insists")
    office.practice.put(settings.RULE_BLOCKED, "off")
    calendar.book(a_draft(ada, chen))


def test_the_nearest_slots_go_round_blocks_holds_and_other_hours(
    calendar: Calendar, office: Office, ada: int, chen: int
):
    office.hours.blocks.save(BlockDraft("Lunch", THURSDAY, Span(570, 660), "break", chen))
    a_hold(office, provider_id=chen, starts_at="2026-03-12T09:00")
    office.hours.save_exception(
        ExceptionDraft(THURSDAY, THURSDAY, (Span(480, 690),), "Early", chen)
    )

    assert slots(calendar, a_draft(ada, chen)) == ["03-12 11:00", "03-12 08:30", "03-12 08:15"]


def test_what_is_offered_obeys_the_rooms_hours_too(
    calendar: Calendar, office: Office, ada: int, chen: int
):
    room = office.practice.save_room(RoomDraft("Lab", "lab"))
    office.hours.save_room_hours(room, [HoursRow(3, 480, 540)])

    draft = a_draft(ada, chen, room_id=room)

    assert rules(calendar, draft) == [Rule.ROOM_CLOSED]
    assert slots(calendar, draft) == ["03-12 08:30", "03-12 08:15", "03-12 08:00"]


def test_in_a_room_of_another_kind_no_other_time_is_offered(
    calendar: Calendar, office: Office, ada: int, chen: int
):
    room = office.practice.save_room(RoomDraft("Exam 1", "exam"))
    film = a_type(office.session, "Chest film", room_kind="x-ray")

    draft = a_draft(ada, chen, room_id=room, type_id=film)

    assert rules(calendar, draft) == [Rule.ROOM_KIND]
    assert calendar.nearest(draft) == ()


def test_a_reserved_block_takes_its_types_and_offers_others_around_it(
    calendar: Calendar, office: Office, ada: int, chen: int
):
    physical, follow_up = a_type(office.session, "Physical"), a_type(office.session)
    block = BlockDraft(
        "Physicals", THURSDAY, Span(540, 690), "reserved", chen, admits=frozenset([physical])
    )
    office.hours.blocks.save(block)

    assert rules(calendar, a_draft(ada, chen, type_id=physical)) == []
    (breach,) = calendar.check(a_draft(ada, chen, type_id=follow_up))
    assert breach.sentence == "9:00–11:30 AM is kept for Physical: Physicals."
    assert slots(calendar, a_draft(ada, chen, type_id=follow_up))[:2] == [
        "03-12 08:30", "03-12 11:30",
    ]  # fmt: skip


def test_a_used_up_authorization_refuses_and_no_other_time_helps(
    calendar: Calendar, office: Office, ada: int, chen: int
):
    leave = an_authorization(office, ada)
    visit = calendar.book(a_draft(ada, chen, authorization_id=leave))
    draft = a_draft(ada, chen, starts_at=datetime(2026, 3, 13, 10), authorization_id=leave)

    assert rules(calendar, draft) == [Rule.AUTHORIZATION]
    assert calendar.nearest(draft) == ()
    calendar.cancel(visit, 1)
    assert rules(calendar, draft) == []


def test_the_visit_being_moved_does_not_use_its_authorization_twice(
    calendar: Calendar, office: Office, ada: int, chen: int
):
    leave = an_authorization(office, ada)
    visit = calendar.book(a_draft(ada, chen, authorization_id=leave))

    moved = calendar.reschedule(visit, 1, datetime(2026, 3, 13, 10), 30, chen)

    assert calendar.appointment(moved).authorization_id == leave


def test_offers_lie_within_the_dates_of_the_authorization(
    calendar: Calendar, office: Office, ada: int, chen: int
):
    leave = an_authorization(office, ada, visits_allowed=9, ends_on="2026-03-12")

    found = calendar.nearest(
        a_draft(ada, chen, starts_at=datetime(2026, 3, 13, 9), authorization_id=leave)
    )

    assert {slot.starts_at.date() for slot in found} == {THURSDAY}


def test_another_patients_authorization_is_not_taken(
    calendar: Calendar, office: Office, ada: int, chen: int
):
    leave = an_authorization(office, a_patient(office.session, given="Bea"))

    with pytest.raises(Invalid) as refusal:
        calendar.check(a_draft(ada, chen, authorization_id=leave))

    assert refusal.value.field == "authorization_id"


def test_a_provider_who_takes_two_at_once_is_full_with_the_third(
    calendar: Calendar, office: Office, ada: int
):
    lopez = a_provider(office.session, "Lopez", works="8-12", visits_at_once=2)
    for given in ("Bea", "Cleo"):
        calendar.book(a_draft(a_patient(office.session, given=given), lopez))

    assert rules(calendar, a_draft(ada, lopez)) == [Rule.OVERLAP]
    assert slots(calendar, a_draft(ada, lopez))[:2] == ["03-12 09:30", "03-12 10:30"]


def test_undo_does_not_put_three_where_two_fit(calendar: Calendar, office: Office, ada: int):
    lopez = a_provider(office.session, "Lopez", works="8-12", visits_at_once=2)
    visit = calendar.book(a_draft(ada, lopez))
    calendar.cancel(visit, 1)
    cancelled = office.session.history(1)[0].id
    for given in ("Bea", "Cleo"):
        calendar.book(a_draft(a_patient(office.session, given=given), lopez))

    with pytest.raises(Conflict, match="given away"):
        office.session.undo(cancelled)


def test_undo_does_not_give_a_room_twice(calendar: Calendar, office: Office, ada: int, chen: int):
    room = office.practice.save_room(RoomDraft("Lab"))
    lopez = a_provider(office.session, "Lopez")
    visit = calendar.book(a_draft(ada, chen, room_id=room))
    calendar.cancel(visit, 1)
    cancelled = office.session.history(1)[0].id
    calendar.book(a_draft(a_patient(office.session, given="Bea"), lopez, room_id=room))

    with pytest.raises(Conflict) as refusal:
        office.session.undo(cancelled)

    assert "Lab is taken by Testperson, Bea" in refusal.value.why


def test_what_cannot_be_at_all_no_reason_excuses(calendar: Calendar, ada: int, chen: int):
    late = a_draft(ada, chen, starts_at=datetime(2026, 3, 12, 23, 45))

    with pytest.raises(Invalid, match="past midnight"):
        calendar.book(late, "She insists")


def test_a_visit_longer_than_the_day_is_told_so_and_nothing_is_offered(
    calendar: Calendar, ada: int, chen: int
):
    draft = a_draft(ada, chen, duration_min=300, starts_at=datetime(2026, 3, 12, 8))

    (breach,) = calendar.check(draft)

    assert breach.sentence.startswith("300 minutes is longer than Dr. Chen works at a stretch")
    assert calendar.nearest(draft) == ()


def test_a_provider_without_hours_is_told_so(calendar: Calendar, office: Office, ada: int):
    nobody = a_provider(office.session, "Lopez", works="")

    (breach,) = calendar.check(a_draft(ada, nobody))

    assert breach.sentence == "Dr. Lopez has no working hours yet; they are set in Settings."
    assert calendar.nearest(a_draft(ada, nobody)) == ()


def test_no_offer_lies_in_an_hour_the_clocks_skip(calendar: Calendar, office: Office, ada: int):
    office.practice.put(settings.TIME_ZONE, "America/New_York")
    owl = a_provider(office.session, "Lopez", works="")
    sunday = date(2026, 11, 1)  # 1:00 to 2:00 AM happens twice
    office.hours.save_exception(ExceptionDraft(sunday, sunday, (Span(0, 180),), "", owl))

    found = calendar.nearest(a_draft(ada, owl, starts_at=datetime(2026, 11, 1, 2)), count=20)

    starts = {f"{slot.starts_at:%H:%M}" for slot in found}
    assert "02:00" in starts
    assert not any("00:45" <= start < "02:00" for start in starts)


def test_a_closed_day_comes_before_the_hours_of_an_exception(
    calendar: Calendar, office: Office, ada: int, chen: int
):
    office.practice.save_closure(ClosureDraft("Renovation", THURSDAY, THURSDAY))
    office.hours.save_exception(ExceptionDraft(THURSDAY, THURSDAY, (Span(0, 1440),), "", chen))

    assert rules(calendar, a_draft(ada, chen)) == [Rule.CLOSURE]


def test_where_one_patient_may_come_twice_a_day_that_day_is_offered(
    calendar: Calendar, office: Office, ada: int, chen: int
):
    an_appointment(office.session, ada, chen, "2026-03-12T10:00")

    assert THURSDAY not in [slot.starts_at.date() for slot in calendar.nearest(a_draft(ada, chen))]
    office.practice.put(settings.RULE_SAME_DAY, "off")
    assert calendar.nearest(a_draft(ada, chen))[0] == Slot(datetime(2026, 3, 12, 9, 30), 30, chen)
