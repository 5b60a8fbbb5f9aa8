"""The letters that come with the program: each in both languages, each ready to print."""

from __future__ import annotations

import pytest

from medsec_desktop.domain.writing.document import plain_text
from medsec_desktop.services.letters import Letters
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
    assert "(413) 555-0142" in text
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


@pytest.mark.parametrize("key", ["appointment_cancellation", "missed_visit"])
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
