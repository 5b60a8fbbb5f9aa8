from __future__ import annotations

from medsec_desktop.documents.form_words import WORDS
from medsec_desktop.documents.forms import (
    ConsentForm,
    CoverageOnForm,
    FormCode,
    FormHead,
    PersonOnForm,
    RegistrationForm,
    consent_pdf,
    registration_pdf,
)
from medsec_desktop.services.page_images import page_count, page_text

CODE = FormCode(("MSD1:000000000000000000:1", "MSD1:000000000000000000:2"), "000000-000000-000000")


def a_registration(language: str, paper: str, long: str = "") -> RegistrationForm:
    head = FormHead(
        "Larkhaven Family Clinic", ("12 Lantern Street",), "555-0142", paper, language, "en-US"
    )
    return RegistrationForm(
        head, CODE, "March 11, 2026", "100001", f"Testperson{long}", "Ada", birth="03/14/1984",
        sex="F", street=f"1 Test Street{long}", phones={"mobile": "(212) 555-0100"},
        guarantor=PersonOnForm("Bob Sampleton", "husband"),
        coverages=(CoverageOnForm("Lantern Mutual", "Standard", "M-1"),),
    )  # fmt: skip


def test_a_registration_form_is_two_pages_with_what_is_on_file_in_each_language_and_size():
    for language in WORDS:
        for paper in ("letter", "a4"):
            pdf = registration_pdf(a_registration(language, paper))
            words = page_text(pdf)

            assert page_count(pdf) == 2
            assert {"Testperson", "(212) 555-0100", "Bob Sampleton", "M-1"} <= set(
                words.splitlines()
            )
            assert WORDS[language].registration in words
            assert words.count("100001") == 1  # on the page after the first, should they come apart


def test_a_consent_form_is_one_page_and_a_form_is_the_same_each_time():
    words = WORDS["es"]
    head = FormHead("Clinic <b>", paper="a4", language="es", tag="es-US", mark="DEMO")
    form = ConsentForm(
        head, FormCode(CODE.texts[:1], CODE.spoken), "11 de marzo", "Ada Testperson", "03/14/1984",
        "100001", words.consent, words.consent_paragraphs, words.consent_questions,
    )  # fmt: skip

    pdf = consent_pdf(form)

    assert page_count(pdf) == 1
    assert "Clinic <b>" in page_text(pdf)
    assert pdf == consent_pdf(form)


def test_a_name_of_any_length_stays_on_its_line():
    pdf = registration_pdf(a_registration("en", "letter", "-Montenegro" * 20))

    assert page_count(pdf) == 2
    assert "…" in page_text(pdf)
