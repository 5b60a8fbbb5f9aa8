"""The letters that come with the program: each in both languages, each ready to print."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.writing.checking import names_in
from medsec_desktop.domain.writing.document import plain_text
from medsec_desktop.domain.writing.template import Template
from medsec_desktop.models import Coverage, Organization, Payer, Provider, Referral, RelatedPerson
from medsec_desktop.problems import Invalid
from medsec_desktop.services.letters import About, Letters
from medsec_desktop.services.office import Office
from medsec_desktop.services.practice import Profile
from medsec_desktop.services.session import Session
from tests.conftest import a_patient, a_provider, a_type, an_appointment
from tests.documents.conftest import words

ABOUT_A_VISIT = (
    "appointment_confirmation",
    "appointment_reminder",
    "appointment_reschedule",
    "appointment_cancellation",
    "missed_visit",
)


@pytest.fixture
def letters(office: Office) -> Letters:
    office.practice.save_profile(
        Profile(name="Lakeside Family Medicine", line1="1200 Harbor Avenue", phone="(413) 555-0142")
    )
    return office.letters


def test_every_letter_comes_in_english_and_spanish(letters: Letters) -> None:
    found = {(row.key, row.language) for row in letters.templates()}

    keys = {key for key, _ in found}
    assert keys.issuperset(ABOUT_A_VISIT)
    assert found == {(key, language) for key in keys for language in ("en", "es")}


THE_REST = (
    "recall_1", "recall_2", "recall_3", "welcome", "directions", "referral_out", "referral_thanks",
    "consult_request", "test_result_call", "absence_note", "return_to_work", "fit_for_travel",
    "records_request", "records_release", "records_sent", "privacy_acknowledgement", "consent",
    "insurance_verification", "payment_reminder_1", "payment_reminder_2", "payment_reminder_3",
    "statement_cover", "fax_cover", "blank_letter",
)  # fmt: skip


def test_both_languages_say_ask_and_depend_on_the_same(letters: Letters) -> None:
    shipped = {(one.template.key, one.template.language): one for one in letters.library.all()}
    assert {key for key, _ in shipped} == {*ABOUT_A_VISIT, *THE_REST}

    for key, _ in shipped:
        english, spanish = (shipped[key, language].template for language in ("en", "es"))
        assert names_in(english.document) == names_in(spanish.document), key
        assert (english.about, english.version) == (spanish.about, spanish.version)
        assert [(one.key, one.kind, len(one.choices)) for one in english.document.questions] == [
            (one.key, one.kind, len(one.choices)) for one in spanish.document.questions
        ]
        kinds = [[type(block) for block in one.document.blocks] for one in (english, spanish)]
        assert kinds[0] == kinds[1], key
        assert set(_compared(english)) == set(_compared(spanish)), key


def _compared(template: Template) -> Iterator[tuple[str, str, str]]:
    """What its conditions compare; a choice by its place, for its words are of the language."""
    choices = {
        (f"ask.{one.key}", choice): str(place)
        for one in template.document.questions
        for place, choice in enumerate(one.choices)
    }
    for block in template.document.blocks:
        for check in block.when.checks if block.when else ():
            value = choices.get((check.subject, check.value), check.value)
            assert check.value == "" or value.isascii(), (
                f"{check.value} is no choice of {check.subject}"
            )
            yield check.subject, check.how, value


def test_each_fills_one_page_with_an_invented_patient_and_leaves_nothing_open(
    letters: Letters,
) -> None:
    for one in letters.library.all():
        draft = letters.sample(one.template)

        (text,) = words(letters.preview(draft))

        assert not [w for w in letters.warnings(draft) if "Nothing is on file" in w], one
        assert names_in(draft.body) == frozenset()
        assert "{" not in text
        assert "[[" not in text


def test_a_child_is_addressed_with_its_family_and_its_guarantor_pays(
    letters: Letters, session: Session
) -> None:
    child = a_patient(session, given="Ben", birth_date="2019-05-01")
    with session.change("Add a mother", Permission.EDIT_PATIENTS):
        RelatedPerson.create(
            patient=child,
            name="Ida Testperson",
            is_guarantor=True,
            line1="45 Elm Street",
            city="Springfield",
            state="MA",
            postal_code="01104",
        )

    welcome = letters.compose_for(child, "welcome")
    about = About(child, answers={"amount": "$45.00", "since": "2026-02-02"})
    bill = letters.composed(about, "payment_reminder_1")
    form = letters.compose_for(child, "consent", language="es")
    welcomed = letters.recomposed(bill, "welcome", "en")
    chosen = replace(bill, recipient=("Somebody",))

    assert "Dear Ben and family," in plain_text(welcome.body)
    assert "Dear Ben Testperson" not in plain_text(welcome.body)
    assert bill.recipient == ("Ida Testperson", "45 Elm Street", "Springfield, MA 01104")
    assert bill.handling.recipient_kind == "guarantor"
    assert "Dear Ida Testperson," in plain_text(bill.body)
    assert "$45.00" in bill.subject
    assert "Please pay by" not in plain_text(bill.body)
    assert (welcomed.recipient, welcomed.handling.recipient_kind) == (welcome.recipient, "patient")
    assert letters.recomposed(chosen, "welcome", "en").recipient == ("Somebody",)
    assert "Por un menor firma" in plain_text(form.body)
    assert "555-0142" in words(letters.preview(form))[0]
    assert not any("mailing address" in warning for warning in letters.warnings(form))


def test_an_authorization_names_giver_and_receiver_or_leaves_a_line_for_them(
    letters: Letters, session: Session
) -> None:
    patient = a_patient(session)

    blank = plain_text(letters.compose_for(patient, "records_release").body)
    named = About(patient, answers={"giver": "Hill Clinic", "receiver": "Sam Varga, MD"})
    filled = plain_text(letters.composed(named, "records_release").body)

    assert "Lakeside Family Medicine, 1200 Harbor Avenue" in blank.split("Who may give it")[1]
    assert "________" in blank.split("Who may receive it")[1].split("What may be given")[0]
    assert letters.compose_for(patient, "records_release").remarks == ()
    assert "Who may give it\nHill Clinic\nWho may receive it\nSam Varga, MD\n" in filled


def test_an_answer_that_is_none_of_the_choices_is_refused(
    letters: Letters, session: Session
) -> None:
    about = About(a_patient(session), answers={"what": "moon"})

    with pytest.raises(Invalid, match="Absent from what"):
        letters.composed(about, "absence_note")


def test_answers_go_over_into_another_language(letters: Letters, session: Session) -> None:
    about = About(a_patient(session), answers={"what": "school", "first": "2026-03-02"})

    note = letters.recomposed(letters.composed(about, "absence_note"), "absence_note", "es")

    assert note.subject == "Ausencia: escuela – Ada Testperson"
    assert "2 de marzo de 2026" in plain_text(note.body)
    assert letters.recomposed(note, "blank_letter", "en").about.answers == {}
    assert "work" in letters.recomposed(note, "absence_note", "en", {"what": "work"}).subject
    assert letters.questions("absence_note", "es")[0].choices == ("trabajo", "escuela")


def test_a_referral_goes_to_the_other_doctor_with_urgency_and_insurance(
    letters: Letters, session: Session
) -> None:
    patient, ours = a_patient(session), a_provider(session)
    with session.change("Refer", Permission.EDIT_PATIENTS):
        payer = Payer.create(name="Harbor Health Plan")
        Coverage.create(patient=patient, payer=payer, member_id="HHP1")
        clinic = Organization.create(
            name="Hill Cardiology", line1="9 Hill Road", city="Springfield", state="MA"
        )
        other = Provider.create(
            family_name="Varga", given_name="Sam", credential="MD", organization=clinic
        )
        referral = Referral.create(
            patient=patient,
            direction="out",
            provider=ours,
            other_provider=other,
            reason="Chest pain",
            is_urgent=True,
            begun_on="2026-03-11",
        )

    draft = letters.composed(About(referral_id=referral.id), "referral_out")

    text = plain_text(draft.body)
    assert draft.patient_id == patient
    assert draft.recipient == ("Sam Varga, MD", "Hill Cardiology", "9 Hill Road", "Springfield, MA")
    assert (draft.handling.recipient_kind, draft.handling.referral_id) == ("provider", referral.id)
    assert "Dear Dr. Varga," in text
    assert "This referral is urgent." in text
    assert "Harbor Health Plan" in text
    assert "Robin Chen, MD" in text
    assert "Referral number" not in text
    assert letters.recomposed(draft, "referral_out", "es").recipient == draft.recipient


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("key", ABOUT_A_VISIT)
def test_a_letter_about_a_visit_is_one_page_with_day_provider_and_phone(
    letters: Letters, session: Session, key: str, language: str
) -> None:
    visit = an_appointment(
        session,
        a_patient(session, language=language),
        a_provider(session),
        type_id=a_type(session, preparation="Do not eat before the visit."),
    )

    draft = letters.compose(visit, key)

    (text,) = words(letters.preview(draft))
    assert draft.language == language
    assert ("March 12, 2026" if language == "en" else "12 de marzo de 2026") in text
    assert "Robin Chen, MD" in text
    assert "(413) 555-0142" in text.replace("\u00a0", " ")
    assert "{" not in text
    assert "[[" not in text


def test_a_letter_about_a_moved_visit_says_when_it_was_to_be(
    letters: Letters, session: Session
) -> None:
    patient, provider = a_patient(session), a_provider(session)
    before = an_appointment(session, patient, provider, starts_at="2026-03-16T14:00")
    moved = an_appointment(
        session, patient, provider, starts_at="2026-03-18T09:30", rescheduled_from=before
    )

    opening = plain_text(letters.compose(moved, "appointment_reschedule").body)

    assert "on Monday, March 16, 2026 at 2:00\u00a0PM has been moved" in opening


@pytest.mark.parametrize("key", ["appointment_cancellation", "missed_visit", "absence_note"])
def test_a_letter_about_what_did_not_take_place_does_not_warn_of_it(
    letters: Letters, session: Session, key: str
) -> None:
    visit = an_appointment(
        session,
        a_patient(session),
        a_provider(session),
        starts_at="2026-03-10T10:00",
        status="cancelled" if key == "appointment_cancellation" else "no-show",
    )

    assert letters.compose(visit, key).remarks == ()
