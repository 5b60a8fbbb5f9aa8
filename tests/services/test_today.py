"""The front-desk board, the arrival and departure lists, and the work queue."""

from __future__ import annotations

from datetime import timedelta

import pytest

from medsec_desktop.domain.calendar import VisitStatus
from medsec_desktop.domain.clock import FixedClock
from medsec_desktop.domain.permissions import Permission, Role
from medsec_desktop.models import (
    Authorization,
    Coverage,
    PatientAlert,
    Payer,
    Recall,
    RecallType,
    WaitingEntry,
)
from medsec_desktop.problems import Conflict, NotAllowed
from medsec_desktop.services.office import Office
from medsec_desktop.services.today import BoardRow, Group
from medsec_desktop.services.today.records import CheckKind
from tests.conftest import a_patient, a_provider, a_type, a_user, an_appointment


def board_of(office: Office) -> dict[Group, list[BoardRow]]:
    now = office.clock.now()
    found: dict[Group, list[BoardRow]] = {}
    for row in office.board.today():
        found.setdefault(row.group(now), []).append(row)
    return found


def the_row(office: Office, visit_id: int) -> BoardRow:
    return next(row for row in office.board.today() if row.id == visit_id)


def texts(office: Office, visit_id: int) -> list[str]:
    rows = office.board.today()
    return [check.text for check in office.board.checks(rows)[visit_id]]


def a_coverage(
    office: Office, patient_id: int, payer: str = "Harbor Health", **fields: object
) -> int:
    with office.session.change("Add insurance", Permission.EDIT_PATIENTS, patient_id=patient_id):
        row = Payer.get_or_none(Payer.name == payer) or Payer.create(name=payer)
        fields.setdefault("starts_on", "2025-01-01")
        fields.setdefault("member_id", "HH-1")
        return int(Coverage.create(patient_id=patient_id, payer_id=row.id, **fields).id)


def an_authorization(office: Office, patient_id: int, allowed: int, **fields: object) -> int:
    with office.session.change("Add leave", Permission.EDIT_PATIENTS, patient_id=patient_id):
        row = Authorization.create(
            patient_id=patient_id, number="A-1", visits_allowed=allowed, **fields
        )
    return int(row.id)


@pytest.fixture
def provider(office: Office) -> int:
    return a_provider(office.session)


# -- the board ------------------------------------------------------------------------------------


def test_a_visit_goes_from_expected_to_waiting_to_room_to_done(
    office: Office, provider: int
) -> None:
    visit = an_appointment(office.session, a_patient(office.session), provider, "2026-03-11T09:30")
    seen = [next(iter(board_of(office)))]

    office.calendar.arrive(visit, the_row(office, visit).version)
    seen.append(next(iter(board_of(office))))
    for _ in range(2):
        office.calendar.move_on(visit, the_row(office, visit).version)
        seen.append(next(iter(board_of(office))))

    assert seen == [Group.EXPECTED, Group.WAITING, Group.IN_ROOM, Group.DONE]


def test_waiting_is_counted_from_the_minute_she_arrived(
    office: Office, provider: int, clock: FixedClock
) -> None:
    visit = an_appointment(office.session, a_patient(office.session), provider, "2026-03-11T09:30")
    office.calendar.arrive(visit, 1)

    clock.advance(timedelta(minutes=12, seconds=50))

    assert the_row(office, visit).waiting_min(clock.now()) == 12


def test_a_wait_is_too_long_past_the_limit_of_its_kind_of_visit(
    office: Office, provider: int, clock: FixedClock
) -> None:
    quick = a_type(office.session, "Nurse visit", 15, wait_limit_min=5)
    visit = an_appointment(
        office.session, a_patient(office.session), provider, "2026-03-11T09:30", type_id=quick
    )
    office.calendar.arrive(visit, 1)
    row = the_row(office, visit)

    assert not row.waits_too_long(clock.now() + timedelta(minutes=5))
    assert row.waits_too_long(clock.now() + timedelta(minutes=6))


def test_the_waiting_room_is_counted_with_those_who_wait_too_long(
    office: Office, provider: int, clock: FixedClock
) -> None:
    for at in ("09:00", "09:30"):
        visit = an_appointment(
            office.session, a_patient(office.session), provider, f"2026-03-11T{at}"
        )
        office.calendar.arrive(visit, 1)
        clock.advance(timedelta(minutes=10))

    count = office.board.waiting()

    assert (count.waiting, count.too_long) == (2, 1)


def test_the_count_and_the_rows_agree_to_the_minute(
    office: Office, provider: int, clock: FixedClock
) -> None:
    visit = an_appointment(office.session, a_patient(office.session), provider, "2026-03-11T09:00")
    office.calendar.arrive(visit, 1)

    for _ in range(20):
        clock.advance(timedelta(minutes=1))
        too_long = the_row(office, visit).waits_too_long(clock.now())
        assert office.board.waiting().too_long == int(too_long)


def test_nobody_answering_for_a_visit_of_this_morning_makes_it_unresolved(
    office: Office, provider: int, clock: FixedClock
) -> None:
    an_appointment(office.session, a_patient(office.session), provider, "2026-03-11T09:00", 30)

    clock.advance(timedelta(minutes=89))
    before = list(board_of(office))
    clock.advance(timedelta(minutes=1))

    assert before == [Group.EXPECTED]
    assert list(board_of(office)) == [Group.UNRESOLVED]


def test_somebody_who_waits_is_never_called_unresolved(
    office: Office, provider: int, clock: FixedClock
) -> None:
    visit = an_appointment(office.session, a_patient(office.session), provider, "2026-03-11T09:00")
    office.calendar.arrive(visit, 1)

    clock.advance(timedelta(hours=4))

    assert list(board_of(office)) == [Group.WAITING]


def test_the_old_place_of_a_moved_visit_is_on_no_board(office: Office, provider: int) -> None:
    visit = an_appointment(office.session, a_patient(office.session), provider, "2026-03-11T10:00")
    detail = office.calendar.appointment(visit).row

    moved = office.calendar.reschedule(
        visit, detail.version, detail.starts_at + timedelta(hours=2), 30, provider
    )

    assert [row.id for row in office.board.today()] == [moved]


def test_taken_to_the_room_by_mistake_she_has_waited_since_she_came(
    office: Office, provider: int, clock: FixedClock
) -> None:
    visit = an_appointment(office.session, a_patient(office.session), provider, "2026-03-11T09:30")
    office.calendar.arrive(visit, 1)
    clock.advance(timedelta(minutes=20))
    office.calendar.to_room(visit, the_row(office, visit).version)

    office.calendar.correct(visit, the_row(office, visit).version, VisitStatus.ARRIVED)

    assert the_row(office, visit).waiting_min(clock.now()) == 20
    assert office.board.waiting().too_long == 1


def test_a_corrected_arrival_counts_from_the_later_stamp(
    office: Office, provider: int, clock: FixedClock
) -> None:
    visit = an_appointment(office.session, a_patient(office.session), provider, "2026-03-11T10:00")
    office.calendar.arrive(visit, 1)
    office.session.undo()
    clock.advance(timedelta(minutes=20))
    office.calendar.arrive(visit, the_row(office, visit).version)

    clock.advance(timedelta(minutes=3))

    assert the_row(office, visit).waiting_min(clock.now()) == 3


def test_the_board_takes_one_statement_however_full_the_day(
    office: Office, provider: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = a_patient(office.session)
    for minute in range(60):
        an_appointment(
            office.session, patient, provider, f"2026-03-11T{9 + minute // 10:02}:{minute % 10:02}"
        )
    asked: list[str] = []
    rows = office.session.db.rows
    monkeypatch.setattr(
        type(office.session.db),
        "rows",
        lambda self, sql, params=(): asked.append(sql) or rows(sql, params),
    )

    visits = office.board.today()
    board = len(asked)
    office.board.checks(visits)

    assert (len(visits), board, len(asked)) == (60, 1, 7)


def test_the_next_visit_of_a_patient_is_the_one_under_way_or_still_to_come(
    office: Office, provider: int
) -> None:
    patient = a_patient(office.session)
    an_appointment(office.session, patient, provider, "2026-03-11T08:00", status="done")
    later = an_appointment(office.session, patient, provider, "2026-03-11T11:00")
    found = office.board.of_patient(patient)

    assert found is not None
    assert found.id == later
    assert office.board.of_patient(a_patient(office.session)) is None


# -- arrivals -------------------------------------------------------------------------------------


def test_a_bare_file_is_asked_about_point_by_point(office: Office, provider: int) -> None:
    patient = a_patient(office.session, birth_date=None)
    visit = an_appointment(office.session, patient, provider, "2026-03-11T10:00")

    assert texts(office, visit) == [
        "Insurance: not ready",
        "No insurance on file",
        "Date of birth is missing",
        "Phone number is missing",
        "Address is missing",
        "E-mail is missing",
    ]


def test_an_alert_for_the_arrival_comes_first_until_it_expires(
    office: Office, provider: int
) -> None:
    patient = a_patient(office.session)
    visit = an_appointment(office.session, patient, provider, "2026-03-11T10:00")
    with office.session.change("Alert", Permission.EDIT_PATIENTS):
        PatientAlert.create(patient_id=patient, text="Take her to the quiet room")
        PatientAlert.create(patient_id=patient, text="Old", expires_on="2026-03-10")
        PatientAlert.create(patient_id=patient, text="Bills only", is_shown_on_arrival=False)

    checks = office.board.checks(office.board.today())[visit]

    assert [check.text for check in checks if check.kind is CheckKind.ALERT] == [
        "Take her to the quiet room"
    ]
    assert checks[0].kind is CheckKind.ALERT
    assert the_row(office, visit).has_alert


def test_an_alert_read_at_the_desk_is_settled_for_today_until_its_words_change(
    office: Office, provider: int, clock: FixedClock
) -> None:
    patient = a_patient(office.session)
    visit = an_appointment(office.session, patient, provider, "2026-03-11T10:00")
    with office.session.change("Alert", Permission.EDIT_PATIENTS):
        PatientAlert.create(patient_id=patient, text="Take her to the quiet room")

    def settled() -> list[bool]:
        found = office.board.checks([the_row(office, visit)])[visit]
        return [check.is_settled for check in found if check.kind is CheckKind.ALERT]

    assert settled() == [False]
    office.board.note_alert_read(patient, "Take her to the quiet room")
    assert settled() == [True]
    seen = office.session.history(1)[0]
    assert (seen.label, seen.reason) == ("Alert read at the desk", "Take her to the quiet room")

    with office.session.change("Alert", Permission.EDIT_PATIENTS):
        PatientAlert.update(text="Take her to room 2").execute()
    assert settled() == [False]


def test_insurance_that_has_expired_is_named_with_its_last_day(
    office: Office, provider: int
) -> None:
    patient = a_patient(office.session)
    visit = an_appointment(office.session, patient, provider, "2026-03-11T10:00")
    a_coverage(office, patient, ends_on="2026-02-28")

    assert "Harbor Health expired 02/28/2026" in texts(office, visit)


def test_insurance_verified_today_is_ticked_off_and_can_be_undone(
    office: Office, provider: int
) -> None:
    patient = a_patient(office.session)
    visit = an_appointment(office.session, patient, provider, "2026-03-11T10:00")
    coverage = a_coverage(office, patient)
    before = texts(office, visit)[:2]

    office.board.verify_coverage(coverage, "Ref. 4711")
    after = texts(office, visit)[:2]
    noted = office.session.db.value("SELECT verified_note FROM coverage WHERE id = ?", (coverage,))
    office.session.undo()

    assert before == ["Insurance: to check", "Harbor Health: not verified yet"]
    assert after == ["Insurance: ready", "Harbor Health: verified today"]
    assert noted == "Ref. 4711"
    assert texts(office, visit)[:2] == before


def test_a_verification_holds_for_a_month(office: Office, provider: int) -> None:
    patient = a_patient(office.session)
    visit = an_appointment(office.session, patient, provider, "2026-03-11T10:00")
    coverage = a_coverage(office, patient, verified_on="2026-02-10")

    def check() -> bool:
        checks = office.board.checks(office.board.today())[visit]
        return next(one.is_settled for one in checks if one.coverage_id == coverage)

    fresh = check()
    with office.session.change("Age it", Permission.EDIT_PATIENTS):
        Coverage.update(verified_on="2026-02-08").execute()

    assert fresh
    assert not check()


def test_only_who_may_edit_files_verifies_insurance(office: Office) -> None:
    coverage = a_coverage(office, a_patient(office.session))
    office.session.switch_user(a_user(office.session, "rita", Role.READ_ONLY))

    with pytest.raises(NotAllowed):
        office.board.verify_coverage(coverage)


def test_verifying_insurance_that_is_gone_says_so(office: Office) -> None:
    with pytest.raises(Conflict, match="no longer on file"):
        office.board.verify_coverage(77)


@pytest.mark.parametrize(
    ("allowed", "booked", "said"),
    [
        (1, 2, "Authorization A-1 is used up: 2 of 1 visit"),
        (2, 2, "Last visit on authorization A-1"),
        (5, 2, "Authorization A-1: 3 visits left"),
        (9, 2, None),
    ],
)
def test_an_authorization_says_when_it_runs_out(
    office: Office, provider: int, allowed: int, booked: int, said: str | None
) -> None:
    patient = a_patient(office.session)
    leave = an_authorization(office, patient, allowed)
    for hour in range(booked):
        visit = an_appointment(
            office.session, patient, provider, f"2026-03-11T1{hour}:00", authorization_id=leave
        )

    found = [text for text in texts(office, visit) if "uthorization" in text]

    assert found == ([said] if said else [])


def test_an_authorization_that_ended_is_said_at_the_desk(office: Office, provider: int) -> None:
    patient = a_patient(office.session)
    leave = an_authorization(office, patient, 9, ends_on="2026-03-01")
    visit = an_appointment(
        office.session, patient, provider, "2026-03-11T10:00", authorization_id=leave
    )

    assert "Authorization A-1 ended 03/01/2026" in texts(office, visit)


# -- departures -----------------------------------------------------------------------------------


def test_somebody_leaving_without_a_next_step_is_on_the_departure_list(
    office: Office, provider: int
) -> None:
    alone, booked = a_patient(office.session, "Sampleton"), a_patient(office.session)
    an_appointment(office.session, alone, provider, "2026-03-11T08:00", status="done")
    an_appointment(office.session, booked, provider, "2026-03-11T08:30", status="done")
    an_appointment(office.session, booked, provider, "2026-04-11T10:00")

    found = {row.patient_id: row for row in office.board.departures()}

    assert found[alone].is_open
    assert not found[booked].is_open
    assert found[booked].next_visit_at is not None


def test_a_recall_takes_somebody_off_the_departure_list(office: Office, provider: int) -> None:
    patient = a_patient(office.session)
    an_appointment(office.session, patient, provider, "2026-03-11T08:00", status="done")
    with office.session.change("Recall", Permission.EDIT_CALENDAR):
        kind = RecallType.create(name="Yearly visit", interval_months=12)
        Recall.create(patient_id=patient, recall_type_id=kind.id, due_on="2027-03-11")

    (row,) = office.board.departures()

    assert (row.recall, row.is_open) == ("Yearly visit, March 2027", False)


# -- the queue ------------------------------------------------------------------------------------


def kinds(office: Office) -> list[str]:
    return [row.kind for row in office.board.queue()]


def test_an_empty_practice_has_nothing_to_do(office: Office) -> None:
    assert office.board.queue() == ()


def test_the_queue_is_ranked_by_who_is_hurt_soonest(office: Office, provider: int) -> None:
    session = office.session
    patient, other = a_patient(session), a_patient(session, "Sampleton")
    an_appointment(session, patient, provider, "2026-03-10T10:00")  # yesterday's, unanswered
    an_appointment(session, patient, provider, "2026-03-12T18:30")  # past the hours
    with session.change("More", Permission.EDIT_CALENDAR):
        kind = RecallType.create(name="Yearly visit", interval_months=12)
        Recall.create(patient_id=other, recall_type_id=kind.id, due_on="2026-03-01")
        WaitingEntry.create(patient_id=other, duration_min=30, added_at="2026-03-01T09:00")
    office.drafts.park(office.drafts.save(None, "booking", "Booking: Sampleton", None, {}))

    assert kinds(office) == [
        "unresolved", "outside", "confirm", "insurance", "waiting", "recall", "draft",
    ]  # fmt: skip


def test_a_visit_with_verified_insurance_asks_for_nothing(office: Office, provider: int) -> None:
    patient = a_patient(office.session)
    an_appointment(office.session, patient, provider, "2026-03-12T10:00", status="confirmed")
    coverage = a_coverage(office, patient)
    before = kinds(office)

    office.board.verify_coverage(coverage)

    assert (before, kinds(office)) == (["insurance"], [])


def test_each_row_of_the_queue_says_where_it_is_done(office: Office, provider: int) -> None:
    patient = a_patient(office.session)
    an_appointment(office.session, patient, provider, "2026-03-10T10:00")
    an_appointment(office.session, patient, provider, "2026-03-12T10:00")

    places = {row.kind: (row.place.kind, row.place.key) for row in office.board.queue()}

    assert places == {
        "unresolved": ("calendar-page", "unresolved"),
        "insurance": ("list", "insurance"),
        "confirm": ("calendar-page", "confirm"),
    }


def test_a_waiting_patient_with_a_visit_before_the_free_time_is_not_offered_it(
    office: Office, provider: int
) -> None:
    patient = a_patient(office.session)
    visit = an_appointment(
        office.session, patient, provider, "2026-03-11T09:00", status="confirmed"
    )
    with office.session.change("Wait", Permission.EDIT_CALENDAR):
        WaitingEntry.create(
            patient_id=patient,
            duration_min=30,
            added_at="2026-03-01T09:00",
            interim_appointment_id=visit,
        )

    assert "waiting" not in kinds(office)


def test_the_queue_counts_no_recall_of_somebody_who_died(office: Office) -> None:
    session = office.session
    patient = a_patient(session, status="deceased")
    with session.change("Recall", Permission.EDIT_CALENDAR):
        kind = RecallType.create(name="Yearly visit", interval_months=12)
        Recall.create(patient_id=patient, recall_type_id=kind.id, due_on="2026-03-01")

    assert kinds(office) == []
