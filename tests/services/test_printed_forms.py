"""Forms of ours: made, printed, saved to be filled in, blank, and known again when they return."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pytest

from medsec_desktop.domain import form_codes
from medsec_desktop.domain.form_codes import FormMark
from medsec_desktop.problems import Conflict, Invalid, Unavailable
from medsec_desktop.services.documents.form_contents import FormKind
from medsec_desktop.services.documents.printed_forms import CHOICES
from medsec_desktop.services.page_images import page_text
from tests.conftest import a_patient
from tests.papers import drawn


@pytest.fixture
def forms(office):
    office.documents.categories.add_usual()
    return office.printed_forms


def fields_of(content: bytes) -> set[str]:
    with pikepdf.open(BytesIO(content)) as pdf:
        return {str(field.V) for field in pdf.Root.AcroForm.Fields}


@pytest.mark.parametrize(
    ("kind", "category"),
    [
        (FormKind.REGISTRATION, "Registration"),
        (FormKind.CONSENT, "Consents"),
        (FormKind.PRIVACY, "Consents"),
        (FormKind.RELEASE, "Records requests"),
        (FormKind.VERIFICATION, "Insurance cards"),
    ],
)
def test_each_form_is_made_in_her_language_and_its_barcode_is_its_own(
    office, session, forms, kind, category
):
    ada = a_patient(session, language="es")

    form = forms.make(ada, kind)

    row = office.documents.document(form.printed_document_id)
    assert row.category == category
    content = office.documents.content(form.printed_document_id)
    assert "Testperson" in page_text(content)
    assert "Paciente" in page_text(content)
    with office.documents.open(form.printed_document_id) as opened:
        look = opened.look(0, "MSD1:")
    assert [form_codes.mark_of(text) for text in look.codes] == [FormMark(form.code, 1)]
    assert len(drawn(content)) == form.pages
    assert {one.kind for one in CHOICES} == set(FormKind)


def test_a_form_is_saved_with_fields_and_from_then_on_it_is_out(session, forms, tmp_path):
    ada = a_patient(session)
    form = forms.make(ada, FormKind.REGISTRATION)
    path = tmp_path / "form.pdf"

    saved = forms.save_fillable(form.id, path)

    assert saved.printed_at is not None
    assert {"Testperson", "Ada"} <= fields_of(path.read_bytes())
    assert "Save as a fillable PDF" in session.history()[0].label
    with pytest.raises(Conflict):
        session.undo()


def test_where_it_cannot_be_written_nothing_went_out(session, forms, tmp_path):
    form = forms.make(a_patient(session), FormKind.CONSENT)

    with pytest.raises(Unavailable, match="could not be written"):
        forms.save_fillable(form.id, tmp_path / "no such folder" / "form.pdf")

    assert forms.form(form.id).printed_at is None


@pytest.mark.parametrize("kind", list(FormKind))
def test_a_blank_form_is_about_nobody(office, forms, kind, tmp_path):
    path = tmp_path / "blank.pdf"

    forms.save_blank(kind, "en", path)

    assert fields_of(path.read_bytes()) <= {"", "/Off"}
    forms.save_blank(kind, "es", path, is_fillable=False)
    assert "Paciente" in page_text(path.read_bytes())
    with pikepdf.open(path) as pdf:
        assert "/AcroForm" not in pdf.Root
    with pytest.raises(Invalid, match="no forms in"):
        forms.save_blank(kind, "fr", path)
