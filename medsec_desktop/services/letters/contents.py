"""What goes into a letter: the words of its template, filled in from the visit and the file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from medsec_desktop import paths
from medsec_desktop.domain.formats import Formats
from medsec_desktop.domain.letters import (
    LANGUAGES,
    LetterTemplate,
    language_for,
    merge,
    paragraphs_of,
    template_from,
    written_date,
    written_duration,
    written_time,
)
from medsec_desktop.domain.people import PartialDate, PersonName
from medsec_desktop.domain.writing.fields import meaning_of
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.letters.records import LetterDraft
from medsec_desktop.services.practice import Profile, settings

if TYPE_CHECKING:
    from medsec_desktop.documents.letter import Letter as Paper
    from medsec_desktop.services.practice import Practice
    from medsec_desktop.services.session import Session


@dataclass(frozen=True, slots=True)
class _Subject:
    """Everything a letter says of whom it is about."""

    patient_id: int
    name: PersonName
    chart_number: str
    birth: PartialDate | None
    language: str
    status: str
    contact_preference: str


@dataclass(frozen=True, slots=True)
class _Visit:
    """Everything a letter says of a visit; `former_at` is when it was to be before it was moved."""

    id: int
    starts_at: datetime
    duration_min: int
    status: str
    provider: str
    type_name: str
    preparation: str
    room: str
    former_at: datetime | None


class Contents:
    """Fills templates in for one practice."""

    def __init__(self, session: Session, practice: Practice):
        self._session = session
        self._db = session.db
        self._practice = practice

    @cached_property
    def templates(self) -> dict[tuple[str, str], LetterTemplate]:
        """Every template by key and language."""
        found = {}
        for path in sorted(paths.resource("letter_templates").glob("*.json")):
            template = template_from(json.loads(path.read_text(encoding="utf-8")))
            found[template.key, template.language] = template
        return found

    def template(self, key: str, language: str) -> LetterTemplate:
        """One template, in English where there is none in that language. Raises Invalid."""
        template = self.templates.get((key, language)) or self.templates.get((key, "en"))
        if template is None:
            raise Invalid(f"There is no letter template “{key}”.", field="template")
        return template

    def of_visit(self, appointment_id: int, template: str, language: str) -> LetterDraft:
        """The letter for a visit. Raises Conflict when there is no such visit, and Invalid."""
        patient_id, visit = self._visit(appointment_id)
        return self._filled_in(self._subject(patient_id), visit, template, language, {})

    def of_patient(
        self, patient_id: int, template: str, language: str, facts: Mapping[str, str]
    ) -> LetterDraft:
        """A letter that is about no visit; `facts` are merge fields only the caller knows."""
        return self._filled_in(self._subject(patient_id), None, template, language, facts)

    def address(self, patient_id: int) -> tuple[str, ...]:
        """Her name and address as on an envelope; the name alone where no address holds today."""
        return self._recipient(self._subject(patient_id))

    def paper(self, draft: LetterDraft) -> Paper:
        """The draft as it is laid out and printed."""
        from medsec_desktop.documents.letter import Letter as PaperLetter
        from medsec_desktop.documents.letter import Letterhead

        profile = self._practice.profile()
        language = LANGUAGES[draft.language]
        phones = (("Phone", profile.phone), ("Fax", profile.fax))
        if draft.language == "es":
            phones = (("Teléfono", profile.phone), ("Fax", profile.fax))
        return PaperLetter(
            letterhead=Letterhead(
                name=profile.name,
                tagline=profile.tagline,
                contact=(
                    *_place(profile).split("\n"),
                    *(f"{word} {number}" for word, number in phones if number),
                    *(text for text in (profile.email, profile.website) if text),
                ),
                footer=profile.footer,
            ),
            recipient=draft.recipient,
            date=written_date(draft.written_on, draft.language, self._practice.formats),
            subject=draft.subject,
            opening=draft.opening,
            box=draft.box,
            paragraphs=draft.paragraphs,
            closing=draft.closing,
            signature=(*draft.signature, *draft.handling.foot_lines(draft.language)),
            paper=profile.paper,
            language=language.tag,
            page_words=language.page_words,
            mark="DEMO" if self._practice.get(settings.IS_DEMO) else "",
        )

    def _filled_in(
        self,
        subject: _Subject,
        visit: _Visit | None,
        key: str,
        language: str,
        facts: Mapping[str, str],
    ) -> LetterDraft:
        words = self.template(key, language or language_for(subject.language))
        values = {**self._values(subject, visit, words.language), **facts}
        missing: list[str] = []

        def filled(text: str) -> str:
            merged = merge(text, values)
            missing.extend(merged.empty)
            return merged.text

        def all_filled(texts: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(text for one in texts if (text := filled(one)))

        box = tuple((label, filled(text)) for label, text in words.box)
        draft = LetterDraft(
            patient_id=subject.patient_id,
            patient_name=subject.name.spoken,
            appointment_id=visit.id if visit else None,
            template=key,
            language=words.language,
            written_on=self._session.clock.today(),
            recipient=self._recipient(subject),
            subject=filled(words.subject),
            opening=all_filled(words.opening),
            box=tuple((label, value) for label, value in box if value),
            paragraphs=tuple(
                part for text in all_filled(words.paragraphs) for part in paragraphs_of(text)
            ),
            closing=filled(words.closing),
            signature=all_filled(words.signature),
        )
        now = self._session.clock.now()
        return replace(
            draft,
            remarks=(
                *(_worries(visit, key, now) if visit else ()),
                *_reluctance(subject),
                *_missing(missing),
                *(_untranslated(visit, words) if visit else ()),
            ),
        )

    def _subject(self, patient_id: int) -> _Subject:
        row = self._db.one(
            "SELECT family_name, given_name, middle_name, name_prefix, name_suffix,"
            " preferred_name, chart_number, birth_date, language, status, contact_preference"
            " FROM patient WHERE id = ?",
            (patient_id,),
        )
        if row is None:
            raise Conflict("This patient's file is no longer there.")
        return _Subject(
            patient_id,
            PersonName(*row[:6]),
            row[6],
            PartialDate.from_iso(row[7]) if row[7] else None,
            *row[8:],
        )

    def _visit(self, appointment_id: int) -> tuple[int, _Visit]:
        row = self._db.one(
            "SELECT a.patient_id, a.starts_at, a.duration_min, a.status,"
            " v.given_name, v.family_name, v.credential, t.name, t.preparation, r.name,"
            " (SELECT f.starts_at FROM appointment f WHERE f.id = a.rescheduled_from_id)"
            " FROM appointment a JOIN provider v ON v.id = a.provider_id"
            " LEFT JOIN appointment_type t ON t.id = a.type_id"
            " LEFT JOIN room r ON r.id = a.room_id WHERE a.id = ?",
            (appointment_id,),
        )
        if row is None:
            raise Conflict(
                "This visit is no longer there.",
                "Its booking was undone.",
                "Redo the booking, or book it again, then write the letter.",
            )
        return row[0], _Visit(
            appointment_id,
            datetime.fromisoformat(row[1]),
            row[2],
            row[3],
            provider_named(*row[4:7]),
            row[7] or "",
            row[8] or "",
            row[9] or "",
            datetime.fromisoformat(row[10]) if row[10] else None,
        )

    def _values(self, subject: _Subject, visit: _Visit | None, language: str) -> dict[str, str]:
        profile, formats = self._practice.profile(), self._practice.formats
        return {
            "patient.name": subject.name.full,
            "patient.greeting": subject.name.spoken,
            "patient.chart_number": subject.chart_number,
            "patient.birth_date": formats.birth(subject.birth),
            **(_visit_values(visit, language, formats) if visit else {}),
            "appointment.place": _place(profile),
            "practice.name": profile.name,
            "practice.address": ", ".join(profile.address_lines),
            "practice.phone": profile.phone,
            "practice.fax": profile.fax,
            "practice.email": profile.email,
            "practice.website": profile.website,
            "letter.date": written_date(self._session.clock.today(), language, formats),
            "writer.name": self._session.user.name,
        }

    def _recipient(self, subject: _Subject) -> tuple[str, ...]:
        """Her name and the address that holds today: mailing, else temporary, else home."""
        today = self._session.clock.today().isoformat()
        row = self._db.one(
            "SELECT line1, line2, city, state, postal_code, country FROM patient_address"
            " WHERE patient_id = ? AND kind IN ('mailing', 'temporary', 'home')"
            " AND (valid_from_on IS NULL OR valid_from_on <= ?)"
            " AND (valid_to_on IS NULL OR valid_to_on >= ?)"
            " AND (line1 <> '' OR line2 <> '' OR city <> '')"
            " ORDER BY CASE kind WHEN 'mailing' THEN 0 WHEN 'temporary' THEN 1 ELSE 2 END,"
            " position, id LIMIT 1",
            (subject.patient_id, today, today),
        )
        if row is None:
            return (subject.name.full,)
        line1, line2, city, state, postal_code, country = row
        region = " ".join(part for part in (state, postal_code) if part)
        place = ", ".join(part for part in (city, region) if part)
        # USPS, Publication 28: the country in full, in capitals, on a line of its own, if foreign.
        abroad = "" if country in ("", self._practice.profile().region) else _country(country)
        lines = (subject.name.full, line1, line2, place, abroad)
        return tuple(line.strip() for line in lines if line.strip())


def _visit_values(visit: _Visit, language: str, formats: Formats) -> dict[str, str]:
    values = {
        "appointment.date": written_date(visit.starts_at.date(), language, formats, weekday=True),
        "appointment.time": written_time(visit.starts_at, language, formats),
        "appointment.duration": written_duration(visit.duration_min, language),
        "appointment.provider": visit.provider,
        "appointment.type": visit.type_name,
        "appointment.room": visit.room,
        "appointment.preparation": visit.preparation.strip(),
    }
    if visit.former_at is not None:
        day = visit.former_at.date()
        values["appointment.former_date"] = written_date(day, language, formats, weekday=True)
        values["appointment.former_time"] = written_time(visit.former_at, language, formats)
    return values


def provider_named(given: str, family: str, credential: str) -> str:
    """As a letter names her: Robin Chen, MD."""
    name = " ".join(part for part in (given, family) if part)
    return ", ".join(part for part in (name, credential) if part)


def _place(profile: Profile) -> str:
    """The practice's address in two lines: street with suite, city with state and ZIP."""
    *street, place = profile.address_lines or ("",)
    return "\n".join(line for line in (", ".join(street), place) if line)


# Letters that speak of a visit which did not take place, or will not.
_ABOUT_WHAT_WAS = ("appointment_cancellation", "missed_visit")


def _worries(visit: _Visit, template: str, now: datetime) -> tuple[str, ...]:
    """What about the visit speaks against sending this letter."""
    if template in _ABOUT_WHAT_WAS:
        return ()
    if visit.status == "cancelled":
        return ("This visit is cancelled.",)
    return ("This visit lies in the past.",) if visit.starts_at < now else ()


def _reluctance(subject: _Subject) -> tuple[str, ...]:
    """What about the patient speaks against writing to her at all."""
    name, found = subject.name.spoken, []
    if subject.status == "deceased":
        found.append(f"{name} has died.")
    elif subject.status == "archived":
        found.append(f"{name}’s file is archived.")
    if subject.contact_preference == "none":
        found.append(f"{name} asked not to be contacted.")
    return tuple(found)


def _missing(names: list[str]) -> tuple[str, ...]:
    """A sentence for the fields that had nothing to put in, once each."""
    words = [meaning_of(name)[0].lower() + meaning_of(name)[1:] for name in dict.fromkeys(names)]
    if not words:
        return ()
    return (f"Nothing is on file for: {'; '.join(words)}.",)


def _untranslated(visit: _Visit, words: LetterTemplate) -> tuple[str, ...]:
    """The practice types its preparations once, in its own language."""
    if words.language == "en" or not visit.preparation.strip():
        return ()
    language = LANGUAGES[words.language].name
    return (f"“How to prepare” is printed as typed in Settings: is it in {language}?",)


_COUNTRIES = {
    "AT": "AUSTRIA", "AU": "AUSTRALIA", "BR": "BRAZIL", "CA": "CANADA", "CH": "SWITZERLAND",
    "CN": "CHINA", "DE": "GERMANY", "DO": "DOMINICAN REPUBLIC", "ES": "SPAIN", "FR": "FRANCE",
    "GB": "UNITED KINGDOM", "GT": "GUATEMALA", "HT": "HAITI", "IE": "IRELAND", "IN": "INDIA",
    "IT": "ITALY", "JP": "JAPAN", "KR": "SOUTH KOREA", "MX": "MEXICO", "NZ": "NEW ZEALAND",
    "PH": "PHILIPPINES", "PL": "POLAND", "PT": "PORTUGAL", "SV": "EL SALVADOR", "US": "USA",
    "VN": "VIETNAM",
}  # fmt: skip


def _country(code: str) -> str:
    return _COUNTRIES.get(code.upper(), code.upper())
