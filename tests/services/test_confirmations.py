"""The confirmation list: which days, whom to call, and what comes of a call."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from medsec_desktop.domain.calendar.calls import CallOutcome
from medsec_desktop.domain.calendar.visits import VisitStatus
from medsec_desktop.domain.clock import FixedClock
from medsec_desktop.domain.permissions import Permission, Role
from medsec_desktop.models import Closure, PatientPhone, PublicHoliday
from medsec_desktop.problems import Conflict, NotAllowed
from medsec_desktop.services.calendar.calls import Calls
from medsec_desktop.services.calendar.confirmations import Outcome
from medsec_desktop.services.office import Office
from tests.conftest import a_patient, a_provider, a_user, an_appointment


@pytest.fixture
def provider(office: Office) -> int:
    return a_provider(office.session)


@pytest.fixture
def visit(office: Office, provider: int) -> int:
    patient = a_patient(office.session, phone="+15555550123")
    return an_appointment(office.session, patient, provider, "2026-03-12T10:00")


def status(office: Office, visit: int) -> VisitStatus:
    return office.calendar.appointment(visit).row.status


def calls(office: Office, visit: int) -> list[CallOutcome]:
    found = Calls(office.session, office.practice).of(appointment_ids=[visit])
    return [call.outcome for call in found]


# -- which days -----------------------------------------------------------------------------------


def test_the_next_two_clinic_days_are_tomorrow_and_the_day_after(
    office: Office, provider: int
) -> None:
    assert office.confirmations.days() == (date(2026, 3, 12), date(2026, 3, 13))


def test_on_a_friday_they_are_monday_and_tuesday(
    office: Office, provider: int, clock: FixedClock
) -> None:
    clock.advance(timedelta(days=2))

    assert office.confirmations.days() == (date(2026, 3, 16), date(2026, 3, 17))


def test_closures_and_holidays_are_skipped(office: Office, provider: int) -> None:
    with office.session.change("Close", Permission.EDIT_SETTINGS):
        Closure.create(name="Painters", first_on="2026-03-12", last_on="2026-03-12")
        PublicHoliday.create(held_on="2026-03-13", name="Founders Day")

    assert office.confirmations.days() == (date(2026, 3, 16), date(2026, 3, 17))


def test_where_nobody_keeps_hours_days_with_visits_are_clinic_days(office: Office) -> None:
    provider = a_provider(office.session, works="")
    an_appointment(office.session, a_patient(office.session), provider, "2026-03-14T10:00")

    assert office.confirmations.days() == (date(2026, 3, 14),)


# -- whom to call ---------------------------------------------------------------------------------


def test_the_list_has_her_numbers_and_whether_a_message_may_be_left(
    office: Office, visit: int
) -> None:
    patient = office.calendar.appointment(visit).row.patient_id
    with office.session.change("Phone", Permission.EDIT_PATIENTS):
        PatientPhone.update(may_leave_message=False).execute()
        PatientPhone.create(patient_id=patient, number="+15555550199", kind="work", position=1)

    (row,) = office.confirmations.to_confirm().rows

    assert (row.phone, row.may_leave_message) == ("+15555550123", False)
    assert row.other_phones == ("+15555550199",)


def test_a_visit_on_the_saturday_between_is_called_about_too(
    office: Office, provider: int, clock: FixedClock
) -> None:
    clock.advance(timedelta(days=2))
    saturday = an_appointment(
        office.session, a_patient(office.session), provider, "2026-03-14T10:00"
    )

    assert [row.visit.id for row in office.confirmations.to_confirm().rows] == [saturday]


def test_a_visit_whose_provider_is_closed_that_day_is_not_confirmed(
    office: Office, visit: int, provider: int
) -> None:
    a_provider(office.session, "Lopez")
    with office.session.change("Away", Permission.EDIT_SETTINGS):
        Closure.create(
            name="Away", provider_id=provider, first_on="2026-03-12", last_on="2026-03-12"
        )

    found = office.confirmations.to_confirm()

    assert found.days == (date(2026, 3, 12), date(2026, 3, 13))
    assert found.rows == ()


def test_cancelled_visits_are_not_on_the_list(office: Office, visit: int) -> None:
    office.calendar.cancel(visit, 1)

    assert office.confirmations.to_confirm().rows == ()


# -- what comes of a call -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "then", "call", "said"),
    [
        (Outcome.PERSON, VisitStatus.CONFIRMED, CallOutcome.REACHED, "Confirmed"),
        (Outcome.MACHINE, VisitStatus.CONFIRMED, CallOutcome.LEFT_ON_MACHINE, "Message left"),
        (Outcome.NO_ANSWER, VisitStatus.SCHEDULED, CallOutcome.NO_ANSWER, "No answer"),
        (Outcome.WRONG_NUMBER, VisitStatus.SCHEDULED, CallOutcome.WRONG_NUMBER, "Wrong number"),
        (Outcome.WILL_MOVE, VisitStatus.SCHEDULED, CallOutcome.REACHED, "Wants another time"),
        (Outcome.CANCELS, VisitStatus.CANCELLED, CallOutcome.DECLINED, "Cancelled"),
    ],
)
def test_an_outcome_is_noted_and_the_visit_follows(
    office: Office, visit: int, outcome: Outcome, then: VisitStatus, call: CallOutcome, said: str
) -> None:
    office.confirmations.record(visit, 1, outcome)

    (row,) = office.confirmations.to_confirm().rows
    assert (status(office, visit), calls(office, visit)) == (then, [call])
    assert row.said == said


def test_an_outcome_is_undone_as_one(office: Office, visit: int) -> None:
    office.confirmations.record(visit, 1, Outcome.PERSON)

    office.session.undo()

    assert (status(office, visit), calls(office, visit)) == (VisitStatus.SCHEDULED, [])


def test_several_calls_in_vain_are_counted(office: Office, visit: int) -> None:
    for _ in range(3):
        office.confirmations.record(visit, 1, Outcome.NO_ANSWER)

    (row,) = office.confirmations.to_confirm().rows

    assert (row.said, row.calls) == ("No answer, 3 calls", 3)


def test_progress_counts_what_needs_no_further_call(
    office: Office, visit: int, provider: int
) -> None:
    an_appointment(
        office.session, a_patient(office.session, "Sampleton"), provider, "2026-03-13T10:00"
    )
    office.confirmations.record(visit, 1, Outcome.MACHINE)

    found = office.confirmations.to_confirm()

    assert (found.done, len(found.rows)) == (1, 2)


def test_a_visit_that_moved_on_is_not_confirmed_by_mistake(office: Office, visit: int) -> None:
    office.calendar.cancel(visit, 1)

    with pytest.raises(Conflict, match="has changed meanwhile"):
        office.confirmations.record(visit, 1, Outcome.PERSON)

    assert calls(office, visit) == []


def test_who_may_only_read_records_no_outcome(office: Office, visit: int) -> None:
    office.session.switch_user(a_user(office.session, "rita", Role.READ_ONLY))

    with pytest.raises(NotAllowed):
        office.confirmations.record(visit, 1, Outcome.PERSON)


# -- on paper -------------------------------------------------------------------------------------


def test_the_call_list_prints_who_is_left_to_call(
    office: Office, visit: int, provider: int
) -> None:
    an_appointment(
        office.session, a_patient(office.session, "Sampleton", "Ben"), provider, "2026-03-13T10:00"
    )
    office.confirmations.record(visit, 1, Outcome.PERSON)

    pdf = office.confirmations.call_list(office.confirmations.to_confirm())

    text = office.letters.text(pdf)
    assert "Sampleton, Ben" in text
    assert "Testperson" not in text
    assert "Thursday, March 12, 2026" in text


def test_reminder_letters_are_filed_as_one_operation(office: Office, visit: int) -> None:
    (letter,) = office.confirmations.write_reminders(office.letters, [visit])

    (row,) = office.confirmations.to_confirm().rows
    assert (letter.appointment_id, row.has_reminder) == (visit, True)
