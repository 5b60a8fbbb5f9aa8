"""Recalls: noted, reminded of by rounds, answered by a visit, and open again without it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from medsec_desktop.domain.calendar import VisitStatus
from medsec_desktop.domain.calendar.calls import CallOutcome
from medsec_desktop.domain.permissions import Permission, Role
from medsec_desktop.models import Patient
from medsec_desktop.problems import Conflict, Invalid, NotAllowed
from medsec_desktop.services.calendar import BookingDraft
from medsec_desktop.services.calendar.recalls import RecallDraft, RecallTypeDraft
from medsec_desktop.services.progress import Quiet
from tests.conftest import a_patient, a_provider, a_type, a_user

DUE = date(2026, 4, 1)
TODAY = date(2026, 3, 11)
VISIT = datetime(2026, 3, 26, 10, 0)


class Stop(Exception):
    """What a job raises when it is told to stop."""


@pytest.fixture
def recalls(office):
    return office.recalls


@pytest.fixture
def ada(session):
    return a_patient(session, phone="+12125550100")


@pytest.fixture
def chen(session):
    return a_provider(session)


@pytest.fixture
def physical(session):
    return a_type(session, name="Physical")


@pytest.fixture
def yearly(recalls, physical):
    return recalls.save_type(RecallTypeDraft("Yearly visit", 12, physical, (-30, 0, 30)))


@pytest.fixture
def recall(recalls, ada, yearly):
    return recalls.add(RecallDraft(ada, yearly, DUE, note="Fasting"))


def status(recalls, recall_id):
    return recalls.recall(recall_id).status


# -- types ------------------------------------------------------------------------------------


def test_a_recall_type_is_kept_as_it_was_set_up(recalls, yearly, physical):
    (row,) = recalls.types()

    assert (row.name, row.interval_months, row.type_id, row.rounds) == (
        "Yearly visit", 12, physical, (-30, 0, 30),
    )  # fmt: skip
    assert row.type_name == "Physical"


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (RecallTypeDraft("  "), "name"),
        (RecallTypeDraft("yearly VISIT"), "name"),
        (RecallTypeDraft("Eye check", 0), "interval_months"),
        (RecallTypeDraft("Eye check", 500), "interval_months"),
    ],
)
def test_a_type_that_makes_no_sense_is_refused(recalls, yearly, draft, field):
    with pytest.raises(Invalid) as refused:
        recalls.save_type(draft)

    assert refused.value.field == field


def test_a_type_in_use_is_hidden_instead_of_removed(recalls, yearly, recall):
    recalls.remove_type(yearly)

    assert recalls.types(active_only=True) == ()
    assert recalls.recall(recall).type.name == "Yearly visit"


def test_a_secretary_does_not_change_the_types(recalls, session):
    session.switch_user(a_user(session, role=Role.SECRETARY))

    with pytest.raises(NotAllowed):
        recalls.save_type(RecallTypeDraft("Yearly visit"))


# -- noting -----------------------------------------------------------------------------------


def test_a_recall_stands_in_the_file_and_the_list(recalls, ada, recall):
    (row,) = recalls.of_patient(ada)

    assert row.patient_name == "Testperson, Ada"
    assert row.phone == "+12125550100"
    assert row.due_on == DUE
    assert recalls.due(DUE) == (row,)
    assert recalls.due(DUE - timedelta(days=1)) == ()


def test_the_same_recall_twice_is_refused_with_its_month(recalls, ada, yearly, recall):
    with pytest.raises(Conflict, match="April 2026"):
        recalls.add(RecallDraft(ada, yearly, date(2027, 1, 1)))


def test_nobody_who_died_is_recalled(recalls, session, yearly, recall, ada):
    with session.change("Note a death", Permission.EDIT_PATIENTS):
        Patient.update(status="deceased").where(Patient.id == ada).execute()

    assert recalls.due(DUE) == ()
    with pytest.raises(Conflict, match="deceased"):
        recalls.add(RecallDraft(ada, yearly, DUE))


def test_a_recall_is_removed_with_its_reason_and_brought_back_by_undo(recalls, session, recall):
    recalls.drop(recall, recalls.recall(recall).version, "Moved away")

    assert status(recalls, recall) == "dropped"
    assert recalls.recall(recall).note == "Fasting; Moved away"
    session.undo()
    assert status(recalls, recall) == "open"


def test_putting_off_begins_the_reminders_anew(recalls, recall):
    recalls.mark([recall], "letter")

    recalls.put_off(recall, recalls.recall(recall).version, date(2026, 10, 1))

    assert recalls.recall(recall).next_round == 1
    assert recalls.recall(recall).next_on == date(2026, 9, 1)


def test_a_stale_change_is_refused(recalls, recall, ada, yearly):
    stale = recalls.recall(recall).draft
    recalls.put_off(recall, stale.version, date(2026, 10, 1))

    with pytest.raises(Conflict):
        recalls.amend(stale)


# -- rounds -----------------------------------------------------------------------------------


def test_reminders_go_out_one_after_another(recalls, recall, clock):
    assert recalls.recall(recall).is_round_due(TODAY)  # thirty days before April 1 is past

    assert recalls.mark([recall], "letter") == 1
    row = recalls.recall(recall)
    assert [(one.number, one.how, one.sent_on) for one in row.rounds] == [(1, "letter", TODAY)]
    assert row.next_on == DUE
    assert recalls.due(DUE, reminders_only=True) == ()

    clock.advance(timedelta(days=60))
    assert recalls.mark([recall], "call") == 1
    assert recalls.mark([recall], "label") == 1
    assert recalls.mark([recall], "label") == 0
    assert recalls.recall(recall).next_round is None


def test_reminders_ahead_of_the_due_date_are_listed_when_they_go_out(recalls, ada, yearly):
    recall_id = recalls.add(RecallDraft(ada, yearly, TODAY + timedelta(days=30)))

    assert [row.id for row in recalls.due(TODAY, reminders_only=True)] == [recall_id]


def test_letters_are_filed_in_her_language_and_count_as_a_round(recalls, office, session, yearly):
    ada = a_patient(session)
    rosa = a_patient(session, given="Rosa", language="es")
    for patient in (ada, rosa):
        recalls.add(RecallDraft(patient, yearly, DUE))
    ids = [row.id for row in recalls.due(DUE)]

    written = recalls.write(office.letters, ids)

    assert len(written.letters) == 2
    texts = [office.letters.text(office.letters.pdf(row.id)) for row in written.letters]
    assert "April 2026" in texts[0]
    assert "abril de 2026" in texts[1]
    assert all("Yearly visit" in text for text in texts)
    assert all(recalls.recall(one).next_round == 2 for one in ids)


def test_each_round_has_its_own_letter(recalls, office, recall):
    subjects = []
    for _ in range(3):
        subjects.append(recalls.letter(office.letters, recalls.recall(recall)).subject)
        recalls.mark([recall], "letter")

    assert subjects == [
        "It is time to come back: Yearly visit",
        "A reminder: Yearly visit",
        "Still open: Yearly visit",
    ]


@pytest.mark.parametrize("asked", [{"contact_preference": "none"}, {"is_not_to_contact": True}])
def test_who_asked_not_to_be_contacted_gets_no_letter_and_is_named(
    recalls, office, session, yearly, asked
):
    shy = a_patient(session, given="Shy", **asked)
    recall_id = recalls.add(RecallDraft(shy, yearly, DUE))

    written = recalls.write(office.letters, [recall_id])

    assert written.letters == ()
    assert [(row.patient_id, why) for row, why in written.left_out] == [
        (shy, "Asked not to be contacted.")
    ]
    assert recalls.recall(recall_id).rounds == ()


def test_stopping_half_way_files_no_letter(recalls, office, session, yearly, recall):
    bea = a_patient(session, given="Bea")
    recalls.add(RecallDraft(bea, yearly, DUE))

    class Stopped(Quiet):
        def report(self, done: int, total: int, text: str = "") -> None:
            self.done = done

        def check(self) -> None:
            if self.done:
                raise Stop

    with pytest.raises(Stop):
        recalls.write(office.letters, [row.id for row in recalls.due(DUE)], Stopped())

    assert office.letters.recent() == ()
    assert recalls.recall(recall).rounds == ()


def test_a_call_that_reached_her_counts_as_a_reminder(recalls, recall):
    recalls.called(recall, CallOutcome.NO_ANSWER)
    assert recalls.recall(recall).rounds == ()

    recalls.called(recall, CallOutcome.LEFT_ON_MACHINE)
    row = recalls.recall(recall)
    assert [one.how for one in row.rounds] == ["call"]
    assert row.last_call == "Left a message, Wed, Mar 11"


def test_who_declines_is_not_reminded_again(recalls, recall):
    recalls.called(recall, CallOutcome.DECLINED)

    assert status(recalls, recall) == "dropped"


# -- answered by a visit ----------------------------------------------------------------------


def test_a_recall_falls_away_when_the_visit_is_booked_and_comes_back_when_it_is_cancelled(
    recalls, office, recall, ada, chen, physical
):
    visit_id = office.calendar.book(BookingDraft(ada, chen, physical, VISIT, 30))

    row = recalls.recall(recall)
    assert (row.status, row.appointment_id, row.appointment_at) == ("booked", visit_id, VISIT)
    assert recalls.due(DUE) == ()

    visit = office.calendar.appointment(visit_id).row
    office.calendar.cancel(visit_id, visit.version)
    assert status(recalls, recall) == "open"
    assert recalls.recall(recall).appointment_id is None


def test_undoing_the_booking_brings_the_recall_back(recalls, office, recall, ada, chen, physical):
    office.calendar.book(BookingDraft(ada, chen, physical, VISIT, 30))

    office.session.undo()

    assert status(recalls, recall) == "open"


def test_moving_the_visit_keeps_the_recall_answered(recalls, office, recall, ada, chen, physical):
    visit_id = office.calendar.book(BookingDraft(ada, chen, physical, VISIT, 30))
    visit = office.calendar.appointment(visit_id).row

    moved = office.calendar.reschedule(visit_id, visit.version, VISIT + timedelta(days=1), 30, chen)

    assert recalls.recall(recall).appointment_id == moved
    assert status(recalls, recall) == "booked"


def test_a_visit_of_another_kind_answers_nothing(recalls, office, session, recall, ada, chen):
    cough = a_type(session, name="Sick visit")

    office.calendar.book(BookingDraft(ada, chen, cough, VISIT, 30))

    assert status(recalls, recall) == "open"


def test_a_visit_long_before_the_due_date_answers_nothing(
    recalls, office, ada, chen, physical, yearly
):
    recall_id = recalls.add(RecallDraft(ada, yearly, date(2027, 3, 1)))

    office.calendar.book(BookingDraft(ada, chen, physical, VISIT, 30))

    assert status(recalls, recall_id) == "open"


def test_a_missed_visit_opens_the_recall_again(recalls, office, clock, recall, ada, chen, physical):
    visit_id = office.calendar.book(BookingDraft(ada, chen, physical, VISIT, 30))
    clock.advance(timedelta(days=16))
    visit = office.calendar.appointment(visit_id).row

    office.calendar.no_show(visit_id, visit.version)

    assert status(recalls, recall) == "open"


def test_a_visit_corrected_back_to_one_that_stands_answers_the_recall_again(
    recalls, office, recall, ada, chen, physical
):
    calendar = office.calendar
    visit = calendar.book(BookingDraft(ada, chen, physical, VISIT, 30))
    calendar.cancel(visit, calendar.appointment(visit).row.version)
    assert status(recalls, recall) == "open"

    calendar.correct(visit, calendar.appointment(visit).row.version, VisitStatus.SCHEDULED)

    assert status(recalls, recall) == "booked"
    assert recalls.recall(recall).appointment_id == visit


def test_those_reminded_often_enough_hide_nobody_whose_reminder_is_due(recalls, session, ada):
    once = recalls.save_type(RecallTypeDraft("Vaccination", 12, None, (0,)))
    told = recalls.add(RecallDraft(a_patient(session), once, TODAY - timedelta(days=90)))
    recalls.mark([told], "letter")
    due = recalls.add(RecallDraft(ada, once, TODAY - timedelta(days=9)))

    listed = recalls.due(TODAY, reminders_only=True, limit=1)

    assert [row.id for row in listed] == [due]
