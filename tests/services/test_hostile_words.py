"""Words that look like markup, code or nothing at all: on every paper they stand as they were typed."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.writing.document import Document, Paragraph, Text
from medsec_desktop.models import Coverage, PatientAddress, Payer
from medsec_desktop.services.documents.form_contents import FormKind
from medsec_desktop.services.letters import About
from medsec_desktop.services.letters.faxing import FaxDraft, MadeSure
from medsec_desktop.services.letters.handling import CopyTo, Enclosure
from medsec_desktop.services.letters.post import PostKind
from medsec_desktop.services.office import Office
from medsec_desktop.services.page_images import page_text
from medsec_desktop.services.practice import Profile
from medsec_desktop.services.session import Session
from tests.conftest import a_patient, a_provider, an_appointment

# Each as somebody might have typed it, or as an import or a scanner brought it; short, so that no line of a
# label breaks it.
MARKUP, CODE, FEE, TITLE = '<img src="x">', "{p.__class__}", "Fee <500>", "Smith <MD>"
PERCENT, SLASHES, AMP = "%s %(a)d", "\\path\\to", "A&amp;B &lt;"
HOSTILE = (MARKUP, CODE, FEE, TITLE, PERCENT, SLASHES, AMP)
CONTROLS = "Bell\x07 Esc\x1b[31m Null\x00 Bom\ufeff Del\x7f"
PLAIN_CONTROLS = "Bell Esc[31m Null Bom Del"


def squeezed(text: str) -> str:
    """Without white space: where a line ends is not the matter here."""
    return "".join(text.split())


def missing(pdf: bytes, wanted: tuple[str, ...]) -> list[str]:
    said = squeezed(page_text(pdf))
    return [one for one in wanted if squeezed(one) not in said]


@pytest.fixture
def ada(office: Office, session: Session) -> int:
    """Everything about her, her doctor and the practice is hostile."""
    office.practice.save_profile(
        Profile(name=TITLE, line1=MARKUP, line2=FEE, city="Town", state="MA", postal_code="01104",
                phone="413-555-0142")
    )  # fmt: skip
    ada = a_patient(
        session, FEE, CODE, name_suffix="%s", birth_date="1980-02-03", phone="4135550100"
    )
    doctor = a_provider(session, TITLE, CODE)
    an_appointment(session, ada, doctor, "2026-03-12T10:00")
    with session.change("Fill in", Permission.EDIT_PATIENTS):
        PatientAddress.create(
            patient=ada,
            line1=MARKUP,
            line2=SLASHES,
            city="A&amp;B",
            state="MA",
            postal_code="01104",
        )
        payer = Payer.create(name=AMP)
        Coverage.create(patient=ada, payer=payer.id, member_id=FEE, group_number=PERCENT)
    return ada


def test_a_letter_prints_every_word_as_it_stands(office: Office, ada: int) -> None:
    letters = office.letters
    draft = letters.composed(About(ada), "blank_letter")
    words = Document(tuple(Paragraph((Text(one),)) for one in (*HOSTILE, CONTROLS)), draft.language)
    draft = replace(
        draft,
        body=words,
        recipient=(TITLE, MARKUP, PERCENT),
        handling=replace(
            draft.handling, copies=(CopyTo((CODE, FEE)),), enclosures=(Enclosure(AMP),)
        ),
    )

    pdf = letters.preview(draft)

    assert missing(pdf, (*HOSTILE, PLAIN_CONTROLS)) == []
    assert squeezed(page_text(pdf)).count(squeezed(TITLE)) >= 3  # letterhead, recipient, words
    assert not {"\x07", "\x1b", "\x00", "\x7f", "\ufeff"} & set(page_text(pdf))
    with pikepdf.open(BytesIO(pdf)) as paper:
        assert not {"/OpenAction", "/AA"} & set(paper.Root.keys())
        assert "/Annots" not in paper.pages[0]


def test_answers_to_questions_print_as_they_stand(office: Office, ada: int) -> None:
    about = About(ada, answers={"what": "other", "first": "2026-03-09", "remark": MARKUP})
    for template in {row.key for row in office.letters.templates()}:
        asked = {
            question.key: MARKUP
            for question in office.letters.questions(template)
            if question.kind == "text"
        }
        if asked:
            draft = office.letters.composed(replace(about, answers=asked), template)
            assert MARKUP in page_text(office.letters.preview(draft)).replace("\n", " "), template


def test_labels_envelopes_and_cards_print_every_word_as_it_stands(office: Office, ada: int) -> None:
    for kind in PostKind:
        about_her = () if kind is PostKind.RETURN else (CODE,)
        sender = (TITLE, MARKUP) if kind in (PostKind.RETURN, PostKind.ENVELOPE) else ()

        sheet = office.post.for_patients(office.post.setup(kind), [ada])

        assert missing(sheet.pdf, (*about_her, *sender)) == [], kind


def test_forms_print_every_word_as_it_stands_and_so_do_their_fields(
    office: Office, ada: int, tmp_path: Path
) -> None:
    office.documents.categories.add_usual()
    for kind in FormKind:
        form = office.printed_forms.make(ada, kind)

        printed = office.documents.content(form.printed_document_id or 0)
        office.printed_forms.save_fillable(form.id, tmp_path / f"{kind}.pdf")

        assert missing(printed, (CODE, "Fee", TITLE)) == [], kind
        with pikepdf.open(tmp_path / f"{kind}.pdf") as pdf:
            values = {str(field.get("/V", "")) for field in pdf.Root.AcroForm.Fields}
            assert not {"/OpenAction", "/AA"} & set(pdf.Root.keys())
        assert any(FEE in value for value in values), kind
        assert any(CODE in value for value in values), kind


def test_a_fax_cover_prints_as_it_stands(office: Office, ada: int) -> None:
    number = "(413) 555-0189"
    office.faxes.confirm(number, "", MadeSure.READ_BACK)
    letter = office.letters.file(office.letters.composed(About(ada), "blank_letter"))

    row = office.faxes.make(
        FaxDraft(ada, TITLE, number, MARKUP, f"{FEE}\n{CODE} {PERCENT}", letter_id=letter.id)
    )

    assert missing(office.faxes.pdf(row.id), (TITLE, MARKUP, FEE, CODE, PERCENT)) == []
