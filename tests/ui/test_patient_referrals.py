"""Referrals in a patient's file, and the visit booked from one: by key and mouse."""

from __future__ import annotations

import pytest

from medsec_desktop.domain.permissions import Role
from medsec_desktop.domain.referrals import Chase, Direction, Step
from medsec_desktop.services.directory import EntryDraft
from medsec_desktop.services.documents.records import Incoming, Source
from medsec_desktop.services.patients.referral_records import PhysicianDraft, ReferralDraft
from medsec_desktop.ui.patients.card_strip import CardPreview
from medsec_desktop.ui.patients.referral_form import NEW_PHYSICIAN
from tests.conftest import a_patient, a_provider, a_user
from tests.papers import a_pdf
from tests.ui.test_patient_insurance import ENTER, ESC, LEFT, said, tab, typed

__all__ = ["tab"]


@pytest.fixture
def ada(session):
    return a_patient(session)


@pytest.fixture
def chen(session):
    return a_provider(session)


@pytest.fixture
def vega(office):
    return office.referrals.add_physician(PhysicianDraft("Vega", "Luz", "MD", "Cardiology"))


def opened(tab, patient_id):
    tab.open_patient(patient_id)
    return tab.file.referrals


def test_a_referral_to_somebody_new_is_written_down_and_undone_whole(
    tab, office, session, qtbot, ada
):
    section = opened(tab, ada)
    assert "None on file." in said(section)
    qtbot.mouseClick(section.add_button, LEFT)
    form = section.form
    form.fields["other_provider_id"].set_value(NEW_PHYSICIAN)
    qtbot.mouseClick(form.save_button, LEFT)
    assert form.labelled["family"].has_problem
    typed(qtbot, form, "family", "Moss")
    typed(qtbot, form, "phone", "617 555 0188")
    typed(qtbot, form, "specialty", "Neurology")
    typed(qtbot, form, "reason", "Headache")
    qtbot.keyClick(form.fields["reason"], ENTER)

    (row,) = office.referrals.of(ada)
    assert (row.other_name, row.specialty, row.step) == ("Moss", "Neurology", Step.READY)
    told = said(section)
    assert "To Moss – Neurology" in told
    assert "Ask on 03/12/2026: Send it" in told
    session.undo()
    assert (office.referrals.of(ada), office.referrals.physicians()) == ((), ())


def test_steps_are_taken_by_key_and_answers_move_the_date(tab, office, qtbot, ada, vega):
    number = office.referrals.save(ada, ReferralDraft(Direction.OUT, other_provider_id=vega))
    section = opened(tab, ada)

    def take():
        qtbot.mouseClick(section.boxes[number].step, LEFT)
        return section.steps

    assert section.boxes[number].step.text() == "Sent…"
    qtbot.keyClick(take().step, ENTER)
    assert office.referrals.one(number).step is Step.SENT
    assert section.boxes[number].step.hasFocus()
    steps = take()
    steps.step.set_value(f"asked:{Chase.WAITING}")
    qtbot.keyClicks(steps.note, "Ask Mia")
    qtbot.keyClick(steps.note, ENTER)
    assert "Ask on 03/18/2026: Do they take the patient?" in said(section)
    # Kept once: a second time it would be told as changed by somebody else.
    assert tab.desk.messages.last.text == "Still waiting: asked again 03/18/2026."
    assert tab.desk.messages.last.undoes is not None
    assert steps.heading.text() == "To Luz Vega, MD – Cardiology"
    steps = take()
    steps.step.set_value(Step.BOOKED)
    qtbot.mouseClick(steps.keep_button, LEFT)
    assert steps.day_field.has_problem
    qtbot.keyClicks(steps.day, "4/2/2026")
    qtbot.keyClick(steps.day, ENTER)
    assert "Visit there 04/02/2026" in said(section)
    steps = take()
    steps.step.set_value(Step.DECLINED)
    qtbot.keyClick(steps.step, ENTER)
    assert steps.note_field.has_problem
    qtbot.keyClick(steps.note, ESC)
    assert not steps.isVisible()
    assert tab.file.isVisible()
    qtbot.mouseClick(section.boxes[number].history, LEFT)
    assert "Still waiting: Ask Mia, Olive Owner" in said(section)


def test_the_letter_that_came_back_is_chosen_and_opens(tab, office, qtbot, ada, vega):
    number = office.referrals.save(ada, ReferralDraft(Direction.OUT, other_provider_id=vega))
    letter = office.documents.take_in(
        ada, Incoming(a_pdf("Dear colleague"), "Vega.pdf", Source.SCANNED)
    ).row
    section = opened(tab, ada)
    section.take_step(office.referrals.one(number))
    section.steps.step.set_value(Step.LETTER_BACK)
    section.steps.letter.set_value(letter.id)

    qtbot.mouseClick(section.steps.keep_button, LEFT)
    section.show_more()
    qtbot.mouseClick(section.boxes[number].letter, LEFT)

    assert office.referrals.one(number).document_id == letter.id
    preview = tab.window().findChild(CardPreview)
    assert preview.isVisible()
    qtbot.keyClick(preview, ESC)


def test_what_is_over_is_shown_on_request(tab, office, ada, vega):
    number = office.referrals.save(ada, ReferralDraft(Direction.OUT, other_provider_id=vega))
    office.referrals.take_step(number, 1, Step.WITHDRAWN, "She moved")
    section = opened(tab, ada)
    assert section.boxes == {}

    section.show_more()

    assert "Withdrawn" in said(section)


def test_one_changed_by_somebody_else_is_not_overwritten(tab, office, qtbot, ada, vega):
    number = office.referrals.save(ada, ReferralDraft(Direction.OUT, other_provider_id=vega))
    section = opened(tab, ada)
    qtbot.mouseClick(section.boxes[number].change, LEFT)
    typed(qtbot, section.form, "reason", "Mine")
    office.referrals.take_step(number, 1, Step.SENT)

    section.form.save()

    assert tab.desk.messages.last.tone == "refused"
    assert office.referrals.one(number).reason == ""


def test_a_parked_referral_is_resumed(tab, office, qtbot, ada, vega):
    section = opened(tab, ada)
    section.add()
    typed(qtbot, section.form, "reason", "Half a sentence")
    qtbot.keyClick(section.form.fields["reason"], ESC)
    (draft,) = tab.desk.drafts.waiting()

    section.resume(office.drafts.take_up(draft.id), draft.id)

    assert section.form.isVisible()
    assert section.form.text("reason") == "Half a sentence"


def test_the_file_asks_the_calendar_to_book_what_was_referred(tab, office, qtbot, ada, chen, vega):
    number = office.referrals.save(ada, ReferralDraft(Direction.IN, chen, vega))
    section = opened(tab, ada)

    qtbot.mouseClick(section.boxes[number].book, LEFT)

    assert tab.desk.go.calls[-1] == ("book_referral", number)


def test_who_may_only_read_takes_no_step(tab, office, session, ada, vega):
    number = office.referrals.save(ada, ReferralDraft(Direction.OUT, other_provider_id=vega))
    session.switch_user(a_user(session, role=Role.READ_ONLY))

    section = opened(tab, ada)

    assert not section.add_button.isVisible()
    assert not hasattr(section.boxes[number], "step")


def test_a_referral_names_a_place_of_the_directory_and_the_one_who_works_there(
    tab, office, session, qtbot, ada
):
    hospital = office.directory.save(
        EntryDraft("organization", name="Bayview Hospital", phone="617 555 0170")
    )
    luz = a_provider(session, "Vega", "Luz", is_bookable=False, organization_id=hospital)
    section = opened(tab, ada)
    qtbot.mouseClick(section.add_button, LEFT)
    form = section.form
    place, other = form.fields["other_organization_id"], form.fields["other_provider_id"]
    place.setFocus()
    qtbot.keyClicks(place, "Bay")
    typed(qtbot, form, "reason", "Scan of the knee")
    qtbot.keyClick(form.fields["reason"], ENTER)

    (row,) = office.referrals.of(ada)
    assert (row.other_organization_id, row.organization_name) == (hospital, "Bayview Hospital")
    assert office.formats.phone(row.other_phone) == "(617) 555-0170"
    assert "To Bayview Hospital" in said(section)

    qtbot.mouseClick(section.boxes[row.id].change, LEFT)
    assert place.value() == hospital
    place.set_value(None)
    other.setFocus()
    qtbot.keyClicks(other, "Vega")
    other.activated.emit(other.currentIndex())
    assert place.value() == hospital  # where she works
    qtbot.keyClick(form.fields["reason"], ENTER)

    (row,) = office.referrals.of(ada)
    assert (row.other_provider_id, row.other_organization_id) == (luz, hospital)
    assert "To Luz Vega, MD – Bayview Hospital" in said(section)
