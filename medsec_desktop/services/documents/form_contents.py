"""What goes into our forms: the words of their language, and what is on file of a patient."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from medsec_desktop.domain import form_codes
from medsec_desktop.domain.letters import LANGUAGES, written_date
from medsec_desktop.services.patients import CoverageRow, PatientFile, PersonRow
from medsec_desktop.services.practice import settings

if TYPE_CHECKING:
    from medsec_desktop.documents.agreements import Agreement
    from medsec_desktop.documents.form_sheet import FormCode, FormHead
    from medsec_desktop.documents.forms import CoverageOnForm, RegistrationForm
    from medsec_desktop.services.practice import Practice
    from medsec_desktop.services.session import Session


class FormKind(StrEnum):
    """The forms there are; the value is stored."""

    REGISTRATION = "registration"
    CONSENT = "consent"
    PRIVACY = "privacy"
    RELEASE = "release"
    VERIFICATION = "verification"


class FormContents:
    """Draws forms of one practice, for a patient or blank."""

    def __init__(self, session: Session, practice: Practice):
        self._session = session
        self._db = session.db
        self._practice = practice

    def title(self, kind: FormKind, language: str) -> str:
        """What the form is called in a language."""
        from medsec_desktop.documents.form_words import WORDS

        if kind is FormKind.REGISTRATION:
            return WORDS[language].registration
        return _agreement(kind, language).title

    def pages(self, kind: FormKind) -> int:
        """How many pages the form has."""
        from medsec_desktop.documents import agreements, forms

        return forms.REGISTRATION_PAGES if kind is FormKind.REGISTRATION else agreements.PAGES

    def drawn(
        self,
        kind: FormKind,
        language: str,
        file: PatientFile | None,
        code: str = "",
        *,
        is_fillable: bool = False,
    ) -> bytes:
        """The form as PDF. Without a `file` it is blank; without a `code` it has no barcode."""
        from medsec_desktop.documents.agreements import AgreementForm, agreement_pdf
        from medsec_desktop.documents.forms import registration_pdf

        marks = _code(code, self.pages(kind))
        if kind is FormKind.REGISTRATION:
            return registration_pdf(self._registration(file, language, marks, is_fillable))
        return agreement_pdf(
            AgreementForm(
                self._head(language),
                marks,
                self._today(language),
                _agreement(kind, language),
                self._values(file, language) if file is not None else {},
                is_fillable,
            )
        )

    def _today(self, language: str) -> str:
        return written_date(self._session.clock.today(), language, self._practice.formats)

    def _head(self, language: str) -> FormHead:
        from medsec_desktop.documents.form_sheet import FormHead

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

    def _values(self, file: PatientFile, language: str) -> dict[str, str]:
        """What the one-page forms print where they have a place for it."""
        from medsec_desktop.documents.form_words import WORDS

        formats, profile = self._practice.formats, self._practice.profile()
        found = {
            "patient": file.name.full,
            "birth": formats.birth(file.birth),
            "chart": file.chart_number,
            "holder": ", ".join((profile.name, *profile.address_lines)),
        }
        held = next((row for row in file.coverages if row.is_current), None)
        if held is not None:
            phone = self._db.one(
                "SELECT y.phone FROM coverage c JOIN payer y ON y.id = c.payer_id WHERE c.id = ?",
                (held.id,),
            )
            relations = dict(WORDS[language].relations)
            found |= {
                "payer": held.payer_name,
                "payer phone": formats.phone(phone[0]) if phone and phone[0] else "",
                "plan": held.plan_name,
                "member": held.member_id,
                "group": held.group_number,
                "subscriber": _subscriber(held, file),
                "relation": relations.get(held.subscriber_relation, ""),
            }
        return found

    def _registration(
        self, file: PatientFile | None, language: str, code: FormCode, is_fillable: bool
    ) -> RegistrationForm:
        from medsec_desktop.documents.form_words import WORDS
        from medsec_desktop.documents.forms import PersonOnForm, RegistrationForm

        head, today = self._head(language), self._today(language)
        if file is None:
            return RegistrationForm(head, code, today, is_fillable=is_fillable)
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
            head,
            code,
            today,
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
            is_fillable,
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
                _subscriber(row, file),
                relations.get(row.subscriber_relation, ""),
            )
            for row in file.coverages
            if row.is_current
        ]


def _subscriber(row: CoverageRow, file: PatientFile) -> str:
    return row.subscriber or (file.name.full if row.subscriber_relation == "self" else "")


def _agreement(kind: FormKind, language: str) -> Agreement:
    from medsec_desktop.documents import agreements

    if kind is FormKind.CONSENT:
        return agreements.consent(language)
    words = {
        FormKind.PRIVACY: agreements.PRIVACY,
        FormKind.RELEASE: agreements.RELEASE,
        FormKind.VERIFICATION: agreements.VERIFICATION,
    }[kind]
    return words[language]


def _code(code: str, pages: int) -> FormCode:
    from medsec_desktop.documents.form_sheet import FormCode

    if not code:
        return FormCode((), "")
    texts = tuple(form_codes.barcode_text(code, number) for number in range(1, pages + 1))
    return FormCode(texts, form_codes.spoken(code))
