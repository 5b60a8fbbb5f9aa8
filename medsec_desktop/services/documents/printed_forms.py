"""Forms of ours: made for a patient, printed, kept as the very pages, and known again when they return.

A form that was only made can be undone. Printing it seals it: the paper is out, and its barcode must be
known when it comes back.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from medsec_desktop.domain import form_codes
from medsec_desktop.domain.letters import LANGUAGES, language_for, written_date
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models.documents import Document, PrintedForm
from medsec_desktop.problems import Conflict, Invalid, Link, Unavailable
from medsec_desktop.services.documents import listing
from medsec_desktop.services.documents.categories import CONSENTS, REGISTRATION
from medsec_desktop.services.documents.documents import Documents
from medsec_desktop.services.documents.records import PDF, FormRow, Source
from medsec_desktop.services.patients import PatientFile, PersonRow
from medsec_desktop.services.patients.reading import file_of
from medsec_desktop.services.practice import settings
from medsec_desktop.services.printing import AS_REMEMBERED, Printing, Way
from medsec_desktop.services.saving import insert_row, save_row
from medsec_desktop.store.files import Files

if TYPE_CHECKING:
    from medsec_desktop.documents.forms import (
        ConsentForm,
        CoverageOnForm,
        FormCode,
        FormHead,
        RegistrationForm,
    )
    from medsec_desktop.services.practice import Practice
    from medsec_desktop.services.session import Session


class FormKind(StrEnum):
    """The forms there are; the value is stored."""

    REGISTRATION = "registration"
    CONSENT = "consent"


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
)


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
        file = file_of(self._db, patient_id, self._session.clock.today(), self._practice.formats)
        if file is None:
            raise Conflict("This patient’s file is no longer there.")
        spoken = language or language_for(file.language)
        if spoken not in LANGUAGES:
            raise Invalid(f"There are no forms in “{spoken}”.", field="language")
        code = form_codes.code_from(self._random(form_codes.RANDOM_BYTES))
        title, pdf, pages = self._drawn(file, kind, spoken, code)
        category = self._documents.categories.named(
            REGISTRATION if kind is FormKind.REGISTRATION else CONSENTS
        )
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

    def check_may_go_out(self, ids: Sequence[int]) -> None:
        """Raise NotAllowed where forms may not be printed, Conflict where one is gone."""
        self._session.require(Permission.EDIT_PATIENTS, "print forms")
        for form_id in ids:
            self.form(form_id)

    def went_out(self, ids: Sequence[int]) -> None:
        """Note that forms were printed; one that was before is only recorded."""
        for form in map(self.form, ids):
            if form.printed_at is not None:
                self._session.event(f"Printed the form “{form.title}” again", form.patient_id)
                continue
            with self._session.change(
                f"Print the form “{form.title}”",
                Permission.EDIT_PATIENTS,
                patient_id=form.patient_id,
                sealed=True,
            ):
                now = self._session.clock.now().strftime("%Y-%m-%dT%H:%M")
                save_row(PrintedForm, form.id, form.version, printed_at=now)

    # Drawing

    def _drawn(
        self, file: PatientFile, kind: FormKind, language: str, code: str
    ) -> tuple[str, bytes, int]:
        """Title, pages as PDF, and how many they are."""
        from medsec_desktop.documents import forms
        from medsec_desktop.documents.form_words import WORDS

        if kind is FormKind.REGISTRATION:
            pages = forms.REGISTRATION_PAGES
            sheet = self._registration(file, language, _code(code, pages))
            return WORDS[language].registration, forms.registration_pdf(sheet), pages
        pages = forms.CONSENT_PAGES
        consent = self._consent(file, language, _code(code, pages))
        return WORDS[language].consent, forms.consent_pdf(consent), pages

    def _head(self, language: str) -> FormHead:
        from medsec_desktop.documents.forms import FormHead

        profile = self._practice.profile()
        return FormHead(
            profile.name,
            profile.address_lines,
            profile.phone,
            profile.paper,
            language,
            LANGUAGES[language].tag,
            "DEMO" if self._practice.get(settings.IS_DEMO) else "",
        )

    def _registration(self, file: PatientFile, language: str, code: FormCode) -> RegistrationForm:
        from medsec_desktop.documents.form_words import WORDS
        from medsec_desktop.documents.forms import PersonOnForm, RegistrationForm

        words, formats = WORDS[language], self._practice.formats
        row = self._db.one("SELECT employer, employer_phone FROM patient WHERE id = ?", (file.id,))
        employer, employer_phone = row or ("", "")
        line1, line2, city, state, postal_code = self._address(file.id)
        phones = {phone.kind: formats.phone(phone.number) for phone in reversed(file.phones)}
        emergency = next((one for one in file.people if one.is_emergency_contact), None)
        guarantor = next((one for one in file.people if one.is_guarantor), None)

        def person(one: PersonRow) -> PersonOnForm:
            phone = formats.phone(one.phone) if one.phone else ""
            return PersonOnForm(one.name, one.relation, phone)

        return RegistrationForm(
            self._head(language),
            code,
            written_date(self._session.clock.today(), language, formats),
            file.chart_number,
            file.name.family,
            file.name.given,
            file.name.middle,
            file.name.preferred,
            file.former_name,
            formats.birth(file.birth),
            str(file.sex) if str(file.sex) in ("F", "M") else "",
            dict(words.maritals).get(file.marital_status, ""),
            dict(words.languages).get(file.language.split("-")[0], file.language),
            True if file.needs_interpreter else None,
            ", ".join(part for part in (line1, line2) if part),
            city,
            state,
            postal_code,
            phones,
            file.email,
            file.contact_preference,
            employer,
            formats.phone(employer_phone) if employer_phone else "",
            person(emergency) if emergency else PersonOnForm(),
            person(guarantor) if guarantor else None,
            tuple(self._coverages(file, dict(words.relations))),
            file.primary_provider,
        )

    def _consent(self, file: PatientFile, language: str, code: FormCode) -> ConsentForm:
        from medsec_desktop.documents.form_words import WORDS
        from medsec_desktop.documents.forms import ConsentForm

        words, formats = WORDS[language], self._practice.formats
        practice = self._practice.profile().name
        return ConsentForm(
            self._head(language),
            code,
            written_date(self._session.clock.today(), language, formats),
            file.name.full,
            formats.birth(file.birth),
            file.chart_number,
            words.consent,
            # Replaced, not formatted: a practice may be called anything.
            tuple(
                (heading, text.replace("{practice}", practice))
                for heading, text in words.consent_paragraphs
            ),
            words.consent_questions,
        )

    def _address(self, patient_id: int) -> tuple[str, str, str, str, str]:
        today = self._session.clock.today().isoformat()
        row = self._db.one(
            "SELECT line1, line2, city, state, postal_code FROM patient_address"
            " WHERE patient_id = ? AND kind IN ('home', 'mailing', 'temporary')"
            " AND (valid_from_on IS NULL OR valid_from_on <= ?)"
            " AND (valid_to_on IS NULL OR valid_to_on >= ?)"
            " ORDER BY CASE kind WHEN 'home' THEN 0 WHEN 'mailing' THEN 1 ELSE 2 END, position, id"
            " LIMIT 1",
            (patient_id, today, today),
        )
        return row or ("", "", "", "", "")

    def _coverages(self, file: PatientFile, relations: dict[str, str]) -> list[CoverageOnForm]:
        from medsec_desktop.documents.forms import CoverageOnForm

        return [
            CoverageOnForm(
                row.payer_name,
                row.plan_name,
                row.member_id,
                row.group_number,
                row.subscriber or (file.name.full if row.subscriber_relation == "self" else ""),
                relations.get(row.subscriber_relation, ""),
            )
            for row in file.coverages
            if row.is_current
        ]


def _code(code: str, pages: int) -> FormCode:
    from medsec_desktop.documents.forms import FormCode

    texts = tuple(form_codes.barcode_text(code, number) for number in range(1, pages + 1))
    return FormCode(texts, form_codes.spoken(code))
