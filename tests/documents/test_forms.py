from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pikepdf
import pypdfium2
import pytest

from medsec_desktop.documents import agreements
from medsec_desktop.documents.agreements import (
    Agreement,
    AgreementForm,
    Ask,
    Sign,
    Tick,
    Write,
    agreement_pdf,
    consent,
)
from medsec_desktop.documents.form_sheet import FormCode, FormHead
from medsec_desktop.documents.form_words import WORDS
from medsec_desktop.documents.forms import (
    CoverageOnForm,
    PersonOnForm,
    RegistrationForm,
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


def an_agreement(words: Agreement, language: str, paper: str, **more: bool) -> AgreementForm:
    head = FormHead("Clinic <b>", ("12 Lantern Street",), "555", paper, language, language, "DEMO")
    values = {"patient": "Ada Testperson", "birth": "03/14/1984", "chart": "100001", "member": "M-7",
              "holder": "Clinic <b>"}  # fmt: skip
    return AgreementForm(
        head, FormCode(CODE.texts[:1], CODE.spoken), "March 11", words, values, **more
    )


EVERY = [
    (language, words)
    for language in WORDS
    for words in (
        consent(language), agreements.PRIVACY[language], agreements.RELEASE[language],
        agreements.VERIFICATION[language],
    )
]  # fmt: skip


@pytest.mark.parametrize("paper", ["letter", "a4"])
@pytest.mark.parametrize(("language", "words"), EVERY)
def test_each_agreement_is_one_page_that_ends_above_its_foot(language, words, paper):
    form = an_agreement(words, language, paper)
    pdf = agreement_pdf(form)

    assert page_count(pdf) == 1
    assert pdf == agreement_pdf(form)
    text = page_text(pdf)
    assert words.title in text
    assert "Ada Testperson" in text
    assert "{practice}" not in text
    page = pypdfium2.PdfDocument(pdf)[0]
    textpage = page.get_textpage()
    lows = [textpage.get_rect(at)[1] for at in range(textpage.count_rects())]
    foot = [low for low in lows if low < 28]  # the day, and the page
    assert len(foot) == 2
    assert min(low for low in lows if low >= 28) > 45  # the form's last line stands well above


def test_the_practice_stands_in_the_words_as_it_is_called():
    pdf = agreement_pdf(an_agreement(agreements.RELEASE["en"], "en", "letter"))
    assert "Clinic <b> treats me whether I sign or not" in " ".join(page_text(pdf).split())


@pytest.mark.parametrize(("language", "words"), EVERY)
def test_a_fillable_form_has_a_field_for_each_line_and_box(language, words):
    form = an_agreement(words, language, "letter", is_fillable=True)
    with pikepdf.open(BytesIO(agreement_pdf(form))) as pdf:
        fields = list(pdf.Root.AcroForm.Fields)
        names = [str(field.T) for field in fields]
        texts = [field for field in fields if field.FT == "/Tx"]
        boxes = [field for field in fields if field.FT == "/Btn"]

        assert len(set(names)) == len(names)
        cells = sum(len(part.cells) for part in words.parts if isinstance(part, Write))
        signs = sum(isinstance(part, Sign) for part in words.parts)
        assert len(texts) == 3 + cells + 4 * signs
        ticks = sum(len(part.choices) for part in words.parts if isinstance(part, Tick))
        asks = sum(isinstance(part, Ask) for part in words.parts)
        assert len(boxes) == ticks + 2 * asks
        assert str(texts[0].V) == "Ada Testperson"
        assert all(str(field.TU).strip() for field in fields)
    assert agreement_pdf(form) == agreement_pdf(form)


def test_a_registration_can_be_filled_in_and_a_blank_one_says_nothing():
    filled = registration_pdf(replace(a_registration("en", "letter"), is_fillable=True))
    blank = registration_pdf(
        RegistrationForm(FormHead("Clinic"), FormCode((), ""), "March 11", is_fillable=True)
    )

    with pikepdf.open(BytesIO(filled)) as pdf:
        values = {str(field.V) for field in pdf.Root.AcroForm.Fields}
        assert {"Testperson", "(212) 555-0100", "M-1", "/Yes"} <= values
    with pikepdf.open(BytesIO(blank)) as pdf:
        assert {str(field.V) for field in pdf.Root.AcroForm.Fields} == {"", "/Off"}
        assert len(pdf.pages) == 2
    assert "fill in both pages" in page_text(blank)
    assert "read what is printed" in page_text(filled)


def test_a_name_of_any_length_stays_on_its_line():
    pdf = registration_pdf(a_registration("en", "letter", "-Montenegro" * 20))

    assert page_count(pdf) == 2
    assert "…" in page_text(pdf)
