"""Calls and what came of them."""

from __future__ import annotations

from datetime import datetime

import pytest

from medsec_desktop.domain.calendar.calls import CallOutcome
from medsec_desktop.domain.clock import FixedClock
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.calendar.calls import Calls
from medsec_desktop.services.office import Office
from tests.conftest import a_patient, a_provider, an_appointment


@pytest.fixture
def calls(office: Office) -> Calls:
    return Calls(office.session, office.practice)


def test_a_call_is_kept_with_its_outcome_time_and_caller(office: Office, calls: Calls) -> None:
    ada = a_patient(office.session)

    calls.note(CallOutcome.LEFT_ON_MACHINE, ada, note=" after the beep ")

    (row,) = calls.of(ada)
    assert (row.outcome, row.note) == (CallOutcome.LEFT_ON_MACHINE, "after the beep")
    assert row.at == datetime(2026, 3, 11, 9, 0)
    assert row.user_name == "Olive Owner"
    assert row.words == "Left a message"


def test_the_calls_about_a_visit_come_latest_first(
    office: Office, calls: Calls, clock: FixedClock
) -> None:
    ada = a_patient(office.session)
    visit = an_appointment(office.session, ada, a_provider(office.session))
    calls.note("no-answer", ada, appointment_id=visit)
    calls.note("left-with-person", ada)
    calls.note("reached", ada, appointment_id=visit)

    outcomes = [row.outcome for row in calls.of(appointment_ids=[visit])]

    assert outcomes == [CallOutcome.REACHED, CallOutcome.NO_ANSWER]
    assert calls.of() == ()


def test_undoing_a_call_takes_it_back_and_redo_brings_it_again(
    office: Office, calls: Calls
) -> None:
    ada = a_patient(office.session)
    calls.note("no-answer", ada)

    office.session.undo()
    assert calls.of(ada) == ()

    office.session.redo()
    assert [row.outcome for row in calls.of(ada)] == [CallOutcome.NO_ANSWER]


def test_an_outcome_nobody_knows_is_refused(office: Office, calls: Calls) -> None:
    ada = a_patient(office.session)

    with pytest.raises(Invalid, match="does not end"):
        calls.note("hung-up", ada)


def test_a_call_to_a_file_that_is_gone_is_refused(calls: Calls) -> None:
    with pytest.raises(Conflict, match="no longer there"):
        calls.note("reached", 99)
