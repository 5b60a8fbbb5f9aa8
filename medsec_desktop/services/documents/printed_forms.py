"""Forms of ours: made for a patient, printed, kept as the very pages, and known again when they return.

A form that was only made can be undone. Printing it seals it: the paper is out, and its barcode must be
known when it comes back.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from medsec_desktop.domain import form_codes
from medsec_desktop.domain.letters import LANGUAGES, language_for
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models.documents import Document, PrintedForm
from medsec_desktop.problems import Conflict, Invalid, Link, Unavailable
from medsec_desktop.services.documents import listing
from medsec_desktop.services.documents.categories import (
    CONSENTS,
    INSURANCE,
    RECORDS_REQUESTS,
    REGISTRATION,
)
from medsec_desktop.services.documents.documents import Documents
from medsec_desktop.services.documents.form_contents import FormContents, FormKind
from medsec_desktop.services.documents.records import PDF, FormRow, Source
from medsec_desktop.services.files_out import write_out
from medsec_desktop.services.patients import PatientFile
from medsec_desktop.services.patients.reading import file_of
from medsec_desktop.services.printing import AS_REMEMBERED, Printing, Way
from medsec_desktop.services.saving import insert_row, save_row
from medsec_desktop.store.files import Files

if TYPE_CHECKING:
    from medsec_desktop.services.practice import Practice
    from medsec_desktop.services.session import Session


@dataclass(frozen=True, slots=True)
class FormChoice:
    """A form that can be printed, in words."""

    kind: FormKind
    name: str
    about: str


CHOICES = (
    FormChoice(
        FormKind.REGISTRATION,
        "Registration form",
        "Two pages with what is on file, to be corrected, completed and signed",
    ),
    FormChoice(
        FormKind.CONSENT,
        "Consent to treatment",
        "One page: treatment, health information, payment, messages",
    ),
    FormChoice(
        FormKind.PRIVACY,
        "Receipt of the privacy notice",
        "One page: that the notice was given, and with whom one may speak",
    ),
    FormChoice(
        FormKind.RELEASE,
        "Permission to release records",
        "One page: what may be given to whom, what for, and until when",
    ),
    FormChoice(
        FormKind.VERIFICATION,
        "Insurance verification",
        "One page to write on while one asks the payer",
    ),
)

# The category each goes into when it comes back.
_CATEGORIES = {
    FormKind.REGISTRATION: REGISTRATION,
    FormKind.CONSENT: CONSENTS,
    FormKind.PRIVACY: CONSENTS,
    FormKind.RELEASE: RECORDS_REQUESTS,
    FormKind.VERIFICATION: INSURANCE,
}


class PrintedForms:
    """Makes forms and remembers which are out."""

    def __init__(
        self,
        session: Session,
        practice: Practice,
        documents: Documents,
        printing: Printing,
        random: Callable[[int], bytes] = secrets.token_bytes,
    ):
        """`random` gives the bytes of a code; only invented forms may have others than the system’s."""
        self._random = random
        self._session = session
        self._db = session.db
        self._practice = practice
        self._documents = documents
        self._printing = printing
        self._files = Files.of(session.db)
        self._contents = FormContents(session, practice)

    def of_patient(self, patient_id: int) -> tuple[FormRow, ...]:
        """Her forms, the newest first."""
        return listing.forms(self._db, "f.patient_id = ?", (patient_id,))

    def form(self, form_id: int) -> FormRow:
        """One form. Raises Conflict where it is not there any more."""
        rows = listing.forms(self._db, "f.id = ?", (form_id,))
        if not rows:
            raise Conflict("This form is no longer there.", "Its making was undone.")
        return rows[0]

    def of_document(self, document_id: int) -> FormRow | None:
        """The form whose printed pages this document is; None where it is something else."""
        rows = listing.forms(self._db, "f.printed_document_id = ?", (document_id,))
        return rows[0] if rows else None

    def make(self, patient_id: int, kind: FormKind, language: str = "") -> FormRow:
        """A new form for a patient with a code of its own, kept as the pages that will print.

        In her language where the form exists in it, else in English. Raises Conflict, Invalid.
        """
        file = self._file_of(patient_id)
        spoken = self._language(language, file)
        code = form_codes.code_from(self._random(form_codes.RANDOM_BYTES))
        title, pages = self._contents.title(kind, spoken), self._contents.pages(kind)
        pdf = self._contents.drawn(kind, spoken, file, code)
        category = self._documents.categories.named(_CATEGORIES[kind])
        sha256 = self._files.put(pdf)
        now = self._session.clock.now().strftime("%Y-%m-%dT%H:%M")
        with self._session.change(
            f"Make the form “{title}” for {file.name.listed}",
            Permission.EDIT_PATIENTS,
            patient_id=patient_id,
        ):
            printed = insert_row(
                Document,
                patient_id=patient_id,
                kind="form",
                title=f"{title} (form)",
                media_type=PDF,
                sha256=sha256,
                size_bytes=len(pdf),
                pages=pages,
                filed_at=now,
                category_id=category,
                source=str(Source.PRINTED),
            )
            form_id = insert_row(
                PrintedForm,
                code=code,
                kind=str(kind),
                patient_id=patient_id,
                category_id=category,
                title=title,
                pages=pages,
                made_at=now,
                printed_document_id=printed,
            )
        return self.form(form_id)

    def preview(self, kind: FormKind, language: str = "", patient_id: int | None = None) -> bytes:
        """The form as it would print, blank or for a patient, to be looked at: nothing is made or kept.

        Its barcode is nobody’s yet. Raises Conflict, Invalid, NotAllowed.
        """
        self._session.require(Permission.VIEW_PATIENTS, "print forms")
        if patient_id is None:
            return self._contents.drawn(kind, self._language(language, None), None)
        file = self._file_of(patient_id)
        code = form_codes.code_from(bytes(form_codes.RANDOM_BYTES))
        return self._contents.drawn(kind, self._language(language, file), file, code)

    def print(self, form_id: int, way: Way = AS_REMEMBERED) -> FormRow:
        """Print the form's kept pages. From then on its making cannot be undone. Raises Unavailable."""
        form = self.form(form_id)
        self._session.require(Permission.EDIT_PATIENTS, "print forms")
        if form.printed_document_id is None:
            raise Unavailable("The pages of this form are not kept.", remedy="Make it anew.")
        pdf = self._files.get(self._documents.document(form.printed_document_id).sha256)
        try:
            self._printing.print_pdf(
                pdf,
                "documents",
                way,
                title=f"Form {form_id}",
                patient_id=form.patient_id,
                about=f"form:{form_id}",
            )
        except Unavailable as problem:
            raise Unavailable(
                problem.what,
                problem.why,
                problem.remedy,
                (
                    Link("document", str(form.printed_document_id), "Open the form"),
                    *problem.links,
                ),
            ) from problem
        self.went_out([form_id])
        return self.form(form_id)

    def save_fillable(self, form_id: int, path: Path, language: str = "") -> FormRow:
        """Write the form as a PDF with fields to fill in, for somebody who has it at home.

        It carries the same barcode as the pages kept here, so that it files itself when it is printed and
        comes back. Leaving the program seals it like printing does. Raises Unavailable, Conflict, NotAllowed.
        """
        form = self.form(form_id)
        self._session.require(Permission.EDIT_PATIENTS, "save forms as files")
        file = self._file_of(form.patient_id)
        pdf = self._contents.drawn(
            FormKind(form.kind), self._language(language, file), file, form.code, is_fillable=True
        )
        write_out(path, pdf, lambda: self.went_out([form_id], "Save as a fillable PDF"))
        return self.form(form_id)

    def print_blank(self, kind: FormKind, language: str, way: Way = AS_REMEMBERED) -> str:
        """Print a form about nobody; the printer it went to. It has no barcode, since it is nobody’s."""
        self._session.require(Permission.VIEW_PATIENTS, "print forms")
        pdf = self._contents.drawn(kind, self._language(language, None), None)
        return self._printing.print_pdf(pdf, "documents", way, title="Blank form")

    def save_blank(
        self, kind: FormKind, language: str, path: Path, *, is_fillable: bool = True
    ) -> None:
        """Write a form about nobody as PDF, to be filled in on a screen. Raises Unavailable."""
        self._session.require(Permission.VIEW_PATIENTS, "save forms as files")
        write_out(
            path,
            self._contents.drawn(
                kind, self._language(language, None), None, is_fillable=is_fillable
            ),
        )

    def check_may_go_out(self, ids: Sequence[int]) -> None:
        """Raise NotAllowed where forms may not be printed, Conflict where one is gone."""
        self._session.require(Permission.EDIT_PATIENTS, "print forms")
        for form_id in ids:
            self.form(form_id)

    def went_out(self, ids: Sequence[int], how: str = "Print") -> None:
        """Note that forms left the program; one that did before is only recorded."""
        for form in map(self.form, ids):
            if form.printed_at is not None:
                self._session.event(f"{how} again: the form “{form.title}”", form.patient_id)
                continue
            with self._session.change(
                f"{how}: the form “{form.title}”"
                if how != "Print"
                else f"Print the form “{form.title}”",
                Permission.EDIT_PATIENTS,
                patient_id=form.patient_id,
                sealed=True,
            ):
                now = self._session.clock.now().strftime("%Y-%m-%dT%H:%M")
                save_row(PrintedForm, form.id, form.version, printed_at=now)

    def _file_of(self, patient_id: int | None) -> PatientFile:
        file = (
            file_of(self._db, patient_id, self._session.clock.today(), self._practice.formats)
            if patient_id is not None
            else None
        )
        if file is None:
            raise Conflict("This patient’s file is no longer there.")
        return file

    def _language(self, language: str, file: PatientFile | None) -> str:
        spoken = language or (language_for(file.language) if file is not None else "en")
        if spoken not in LANGUAGES:
            raise Invalid(f"There are no forms in “{spoken}”.", field="language")
        return spoken
