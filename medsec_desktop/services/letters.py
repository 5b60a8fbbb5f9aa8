"""Writing, filing, printing and voiding letters.

A letter is filed as the very PDF that prints, in the practice's encrypted attachments, and is never
edited: a wrong one is voided and written anew.

Where the seal sits: filing changes only our own records, so it can be undone. Printing puts the letter
into the world, so the change from *filed* to *printed* is sealed, and from then on undoing the filing is
refused by the journal, because the letter has moved on. Printing it again changes no row; it is recorded
as an event. The pages go to the printer before the seal is written: a stopped printer leaves the letter
filed and unprinted, and a power cut in between leaves a paper that can only be printed twice.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from medsec_desktop import paths
from medsec_desktop.domain.formats import Formats
from medsec_desktop.domain.letters import (
    LANGUAGES,
    LetterStatus,
    LetterTemplate,
    language_for,
    may_become,
    meaning_of,
    merge,
    paragraphs_of,
    template_from,
    written_date,
    written_duration,
    written_time,
)
from medsec_desktop.domain.people import PartialDate, PersonName, fold
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models.letters import Document, Letter
from medsec_desktop.problems import Conflict, Invalid, Link, Unavailable
from medsec_desktop.services.page_images import PageImage, PageImages, page_count, page_text
from medsec_desktop.services.practice import Profile, settings
from medsec_desktop.services.printing import Printing
from medsec_desktop.services.saving import save_row
from medsec_desktop.store.files import Files

if TYPE_CHECKING:
    from medsec_desktop.documents.letter import Letter as Paper
    from medsec_desktop.services.practice import Practice
    from medsec_desktop.services.session import Session

CONFIRMATION = "appointment_confirmation"


@dataclass(frozen=True, slots=True)
class LetterDraft:
    """A letter as the panel shows it and hands it in; every part is the plain text that prints.

    `recipient` and `signature` are lines; `opening` stands above the box of visit details,
    `paragraphs` below it. `remarks` are sentences about the visit and the file, found when it was
    composed; `Letters.warnings` adds what may be wrong with the paper.
    """

    patient_id: int
    patient_name: str
    appointment_id: int | None
    template: str
    language: str
    written_on: date
    recipient: tuple[str, ...]
    subject: str
    opening: tuple[str, ...]
    box: tuple[tuple[str, str], ...]
    paragraphs: tuple[str, ...]
    closing: str
    signature: tuple[str, ...]
    remarks: tuple[str, ...] = ()

    def state(self) -> dict[str, Any]:
        """The draft as plain data, to be parked."""
        return asdict(self) | {"written_on": self.written_on.isoformat()}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> LetterDraft:
        """The draft from what `state` gave, also after a trip through JSON."""
        lines = ("recipient", "opening", "paragraphs", "signature", "remarks")
        return cls(
            **{
                **state,
                **{name: tuple(state[name]) for name in lines},
                "box": tuple((label, value) for label, value in state["box"]),
                "written_on": date.fromisoformat(state["written_on"]),
            }
        )


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A filed letter as a list shows it; `written_by` and `filed_at` are who and when."""

    id: int
    version: int
    patient_id: int
    name: PersonName
    appointment_id: int | None
    document_id: int
    template: str
    subject: str
    recipient: tuple[str, ...]
    status: LetterStatus
    written_on: date
    filed_at: datetime
    written_by: str
    pages: int
    sha256: str

    @property
    def patient_name(self) -> str:
        """As a list shows her: Testperson, Ada."""
        return self.name.listed


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A kind of letter in one language."""

    key: str
    language: str
    language_name: str
    title: str


@dataclass(frozen=True, slots=True)
class VisitToWrite:
    """A coming visit a letter may be written for."""

    appointment_id: int
    patient_name: str
    starts_at: datetime
    type_name: str
    provider: str
    has_letter: bool


@dataclass(frozen=True, slots=True)
class _Visit:
    """Everything a letter says of a visit and whose it is."""

    appointment_id: int
    starts_at: datetime
    duration_min: int
    status: str
    provider: str
    type_name: str
    preparation: str
    room: str
    patient_id: int
    name: PersonName
    chart_number: str
    birth: PartialDate | None
    language: str
    patient_status: str
    contact_preference: str


class Letters:
    """The practice's letters."""

    def __init__(self, session: Session, practice: Practice, printing: Printing | None = None):
        self._session = session
        self._db = session.db
        self._practice = practice
        self._files = Files.of(session.db)
        self._images = PageImages()
        self._looked_at: set[tuple[int, int]] = set()
        self.printing = printing or Printing(session)

    # Writing

    def templates(self) -> tuple[TemplateRow, ...]:
        """The kinds of letter there are, by title and language."""
        return tuple(
            TemplateRow(one.key, one.language, LANGUAGES[one.language].name, one.title)
            for one in self._templates.values()
        )

    def coming_visits(self, query: str = "", limit: int = 50) -> tuple[VisitToWrite, ...]:
        """The visits from today on that may want a letter, the nearest first, by words of the name."""
        words = fold(query).split()
        clauses = "".join(" AND instr(s.names || ' ' || s.numbers, ?)" for _ in words)
        return tuple(
            VisitToWrite(
                appointment_id=row[0],
                patient_name=PersonName(*row[1:7]).listed,
                starts_at=datetime.fromisoformat(row[7]),
                type_name=row[8] or "",
                provider=_provider(*row[9:12]),
                has_letter=bool(row[12]),
            )
            for row in self._db.rows(
                "SELECT a.id, p.family_name, p.given_name, p.middle_name, p.name_prefix,"
                " p.name_suffix, p.preferred_name, a.starts_at, t.name,"
                " v.given_name, v.family_name, v.credential,"
                " EXISTS (SELECT 1 FROM letter l WHERE l.appointment_id = a.id"
                "   AND l.status <> 'void')"
                " FROM appointment a JOIN patient p ON p.id = a.patient_id"
                " JOIN patient_search s ON s.patient_id = a.patient_id"
                " JOIN provider v ON v.id = a.provider_id"
                " LEFT JOIN appointment_type t ON t.id = a.type_id"
                " WHERE a.starts_at >= ? AND a.status IN ('scheduled', 'confirmed')"
                f"{clauses} ORDER BY a.starts_at, a.id LIMIT ?",
                (self._session.clock.now().strftime("%Y-%m-%dT%H:%M"), *words, limit),
            )
        )

    def compose(
        self, appointment_id: int, template: str = CONFIRMATION, language: str = ""
    ) -> LetterDraft:
        """The letter for a visit with every field filled in, in her language unless told otherwise.

        Raises Conflict when there is no such visit and Invalid when there is no such template.
        """
        self._session.require(Permission.WRITE_LETTERS, "write letters")
        visit = self._visit(appointment_id)
        words = self._template(template, language or language_for(visit.language))
        formats = self._practice.formats
        values = self._values(visit, words.language, formats)
        missing: list[str] = []

        def filled(text: str) -> str:
            merged = merge(text, values)
            missing.extend(merged.empty)
            return merged.text

        def all_filled(texts: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(text for one in texts if (text := filled(one)))

        box = tuple((label, filled(text)) for label, text in words.box)
        draft = LetterDraft(
            patient_id=visit.patient_id,
            patient_name=visit.name.spoken,
            appointment_id=appointment_id,
            template=template,
            language=words.language,
            written_on=self._session.clock.today(),
            recipient=self._recipient(visit),
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
            remarks=(*_worries(visit, now), *_missing(missing), *_untranslated(visit, words)),
        )

    def renewed(self, draft: LetterDraft) -> LetterDraft:
        """The draft with the visit as it stands now: its box and remarks anew, every typed word kept.

        For a letter taken up again, or open while somebody moves the visit.
        """
        try:
            now = self.compose(draft.appointment_id or 0, draft.template, draft.language)
        except Conflict as gone:
            return replace(draft, remarks=(gone.what,))
        if now.box == draft.box:
            return replace(draft, remarks=now.remarks)
        moved = "The visit was changed since this letter was begun: check the subject and the text."
        return replace(draft, box=now.box, remarks=(moved, *now.remarks))

    def warnings(self, draft: LetterDraft) -> tuple[str, ...]:
        """What may be wrong with a letter: its remarks, no address, no room, what cannot be printed."""
        from medsec_desktop.documents.letter import lines_beyond_window, unprintable

        paper = self._paper(draft)
        found = list(draft.remarks)
        if not self._practice.profile().phone:
            found.append("The practice has no phone number in Settings, so the letter gives none.")
        if len([line for line in draft.recipient if line.strip()]) < 2:
            found.append(f"{draft.patient_name} has no mailing address that is valid today.")
        beyond = lines_beyond_window(paper)
        if beyond:
            found.append(
                f"The address is {_count(beyond, 'line')} too tall for the envelope’s window."
            )
        for place, characters in unprintable(paper):
            listed = ", ".join(f"“{character}”" for character in characters[:10])
            found.append(f"No font here can print {listed} in the {place}; a box □ is printed.")
        return tuple(found)

    def preview(self, draft: LetterDraft) -> bytes:
        """The PDF this draft would be filed as."""
        from medsec_desktop.documents.letter import letter_pdf

        return letter_pdf(self._paper(draft))

    def pages(self, pdf: bytes, dpi: float = 100) -> tuple[PageImage, ...]:
        """The pages of a PDF as pixels; safe in any thread, and quick the second time."""
        return self._images.of(pdf, dpi)

    def text(self, pdf: bytes) -> str:
        """The words of a PDF, for those who hear the screen."""
        return page_text(pdf)

    # Filing

    def file(self, draft: LetterDraft, then: str = "file", copies: int = 1) -> LetterRow:
        """Archive the letter as the very PDF that prints; with `then="print"`, print it too.

        Raises NotAllowed, Unavailable. When the printer is at fault the letter is filed all the same,
        and the Problem links to it.
        """
        label = f"Write the appointment letter for {draft.patient_name}"
        self._session.require(Permission.WRITE_LETTERS, label)
        pdf = self.preview(draft)
        pages = page_count(pdf)
        # Before the transaction: named by its content, it does no harm should the change fail.
        sha256 = self._files.put(pdf)
        with self._session.change(label, Permission.WRITE_LETTERS, patient_id=draft.patient_id):
            document = Document.create(
                patient=draft.patient_id,
                kind="letter",
                title=draft.subject or self._title(draft),
                sha256=sha256,
                size_bytes=len(pdf),
                pages=pages,
                filed_at=self._session.clock.now().strftime("%Y-%m-%dT%H:%M"),
            )
            letter = Letter.create(
                patient=draft.patient_id,
                appointment=draft.appointment_id,
                document=document.id,
                template=draft.template,
                subject=draft.subject,
                recipient="\n".join(draft.recipient),
                written_on=draft.written_on.isoformat(),
            )
        if then == "print":
            try:
                return self.print(letter.id, copies)
            except Unavailable as problem:
                raise Unavailable(
                    problem.what,
                    problem.why,
                    f"{problem.remedy} The letter is filed.",
                    (Link("letter", str(letter.id), "Open the letter"), *problem.links),
                ) from problem
        return self.letter(letter.id)

    def print(
        self, letter_id: int, copies: int = 1, printer: str = "", silent: bool = True
    ) -> LetterRow:
        """Print the archived pages, byte for byte, and note that the letter left the building.

        Raises Conflict for a void letter and Unavailable where printer or archive fail.
        """
        row = self.letter(letter_id)
        self._session.require(Permission.WRITE_LETTERS, "print letters")
        self._refuse_unless(row, LetterStatus.PRINTED)
        pdf = self._files.get(row.sha256)
        self.printing.print_pdf(
            pdf, "letters", copies, silent, printer=printer, title=f"Letter {letter_id}"
        )
        if row.status is LetterStatus.PRINTED:
            self._session.event(f"Printed the letter to {row.name.spoken} again", row.patient_id)
            return row
        with self._session.change(
            f"Print the letter to {row.name.spoken}",
            Permission.WRITE_LETTERS,
            patient_id=row.patient_id,
            sealed=True,
        ):
            save_row(Letter, letter_id, row.version, status=str(LetterStatus.PRINTED))
        return self.letter(letter_id)

    def void(self, letter_id: int, reason: str) -> LetterRow:
        """Mark a letter as not valid, with the reason; its pages stay in the archive."""
        row = self.letter(letter_id)
        if not reason.strip():
            raise Invalid(
                "Say why the letter is void.",
                remedy="A few words are enough, such as “wrong date”.",
                field="reason",
            )
        self._refuse_unless(row, LetterStatus.VOID)
        with self._session.change(
            f"Void the letter to {row.name.spoken}",
            Permission.WRITE_LETTERS,
            patient_id=row.patient_id,
            reason=reason.strip(),
        ):
            save_row(Letter, letter_id, row.version, status=str(LetterStatus.VOID))
        return self.letter(letter_id)

    # Reading

    def pdf(self, letter_id: int) -> bytes:
        """The archived pages of a letter, byte for byte as they were filed.

        A person's first look at a letter in a sitting is recorded. Raises Conflict where there is no such
        letter and Unavailable where its file is missing or damaged.
        """
        self._session.require(Permission.VIEW_PATIENTS, "read letters")
        row = self.letter(letter_id)
        content = self._files.get(row.sha256)
        look = self._session.user.id, letter_id
        if look not in self._looked_at:
            self._session.viewed(row.patient_id, f"Read the letter to {row.name.spoken}")
            self._looked_at.add(look)
        return content

    def letter(self, letter_id: int) -> LetterRow:
        """One letter. Raises Conflict where it is not there, e.g. because its filing was undone."""
        rows = self._rows("l.id = ?", (letter_id,), 1)
        if not rows:
            raise Conflict(
                "This letter is no longer there.",
                "Its filing was undone.",
                "Redo it, or write the letter again.",
            )
        return rows[0]

    def of_patient(self, patient_id: int) -> tuple[LetterRow, ...]:
        """Every letter of a patient, newest first."""
        return self._rows("l.patient_id = ?", (patient_id,), 1_000)

    def recent(self, query: str = "", limit: int = 300) -> tuple[LetterRow, ...]:
        """The newest letters whose patient, subject or recipient have every word of `query` in them.

        Accents and case do not matter. Needs leave to see patients.
        """
        self._session.require(Permission.VIEW_PATIENTS, "see letters")
        clauses, values = [], []
        for word in fold(query).split():
            clauses.append(
                "instr(s.names || ' ' || s.numbers || ' ' || folded(l.subject || ' ' || l.recipient), ?)"
            )
            values.append(word)
        return self._rows(" AND ".join(clauses) or "1", tuple(values), limit)

    def reason_void(self, letter_id: int) -> str:
        """Why a letter was voided, by whom; '' for one that was not."""
        found = self._db.one(
            "SELECT o.reason, o.user_name FROM row_change c JOIN operation o ON o.id = c.operation_id"
            " WHERE c.table_name = 'letter' AND c.row_id = ? AND o.reason <> ''"
            " ORDER BY c.id DESC LIMIT 1",
            (letter_id,),
        )
        return f"{found[0]} ({found[1]})" if found else ""

    def _rows(self, where: str, values: tuple[Any, ...], limit: int) -> tuple[LetterRow, ...]:
        return tuple(
            LetterRow(
                id=row[0],
                version=row[1],
                patient_id=row[2],
                name=PersonName(*row[3:9]),
                appointment_id=row[9],
                document_id=row[10],
                template=row[11],
                subject=row[12],
                recipient=tuple(row[13].split("\n")) if row[13] else (),
                status=LetterStatus(row[14]),
                written_on=date.fromisoformat(row[15]),
                filed_at=datetime.fromisoformat(row[16]),
                written_by=row[17] or "",
                pages=row[18],
                sha256=row[19],
            )
            for row in self._db.rows(
                "SELECT l.id, l.version, l.patient_id, p.family_name, p.given_name, p.middle_name,"
                " p.name_prefix, p.name_suffix, p.preferred_name, l.appointment_id, l.document_id,"
                " l.template, l.subject, l.recipient, l.status, l.written_on, d.filed_at,"
                " (SELECT o.user_name FROM row_change c JOIN operation o ON o.id = c.operation_id"
                "   WHERE c.table_name = 'letter' AND c.row_id = l.id ORDER BY c.id LIMIT 1),"
                " d.pages, d.sha256"
                " FROM letter l JOIN document d ON d.id = l.document_id"
                " JOIN patient p ON p.id = l.patient_id"
                " LEFT JOIN patient_search s ON s.patient_id = l.patient_id"
                f" WHERE {where} ORDER BY l.id DESC LIMIT ?",
                (*values, limit),
            )
        )

    def _refuse_unless(self, row: LetterRow, then: LetterStatus) -> None:
        if not may_become(row.status, then):
            raise Conflict(
                "This letter is void.",
                self.reason_void(row.id),
                "Write a new one from the visit.",
                (Link("patient", str(row.patient_id), row.patient_name),),
            )

    # What goes into a letter

    @cached_property
    def _templates(self) -> dict[tuple[str, str], LetterTemplate]:
        found = {}
        for path in sorted(paths.resource("letter_templates").glob("*.json")):
            template = template_from(json.loads(path.read_text(encoding="utf-8")))
            found[template.key, template.language] = template
        return found

    def _template(self, key: str, language: str) -> LetterTemplate:
        template = self._templates.get((key, language)) or self._templates.get((key, "en"))
        if template is None:
            raise Invalid(f"There is no letter template “{key}”.", field="template")
        return template

    def _title(self, draft: LetterDraft) -> str:
        return self._template(draft.template, draft.language).title

    def _visit(self, appointment_id: int) -> _Visit:
        row = self._db.one(
            "SELECT a.starts_at, a.duration_min, a.status,"
            " v.given_name, v.family_name, v.credential, t.name, t.preparation, r.name, p.id,"
            " p.family_name, p.given_name, p.middle_name, p.name_prefix, p.name_suffix,"
            " p.preferred_name, p.chart_number, p.birth_date, p.language, p.status,"
            " p.contact_preference"
            " FROM appointment a JOIN patient p ON p.id = a.patient_id"
            " JOIN provider v ON v.id = a.provider_id"
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
        return _Visit(
            appointment_id=appointment_id,
            starts_at=datetime.fromisoformat(row[0]),
            duration_min=row[1],
            status=row[2],
            provider=_provider(*row[3:6]),
            type_name=row[6] or "",
            preparation=row[7] or "",
            room=row[8] or "",
            patient_id=row[9],
            name=PersonName(*row[10:16]),
            chart_number=row[16],
            birth=PartialDate.from_iso(row[17]) if row[17] else None,
            language=row[18],
            patient_status=row[19],
            contact_preference=row[20],
        )

    def _values(self, visit: _Visit, language: str, formats: Formats) -> dict[str, str]:
        profile = self._practice.profile()
        return {
            "patient.name": visit.name.full,
            "patient.greeting": visit.name.spoken,
            "patient.chart_number": visit.chart_number,
            "patient.birth_date": formats.birth(visit.birth),
            "appointment.date": written_date(
                visit.starts_at.date(), language, formats, weekday=True
            ),
            "appointment.time": written_time(visit.starts_at, language, formats),
            "appointment.duration": written_duration(visit.duration_min, language),
            "appointment.provider": visit.provider,
            "appointment.type": visit.type_name,
            "appointment.room": visit.room,
            "appointment.place": _place(profile),
            "appointment.preparation": visit.preparation.strip(),
            "practice.name": profile.name,
            "practice.address": ", ".join(profile.address_lines),
            "practice.phone": profile.phone,
            "practice.fax": profile.fax,
            "practice.email": profile.email,
            "practice.website": profile.website,
            "letter.date": written_date(self._session.clock.today(), language, formats),
            "writer.name": self._session.user.name,
        }

    def _recipient(self, visit: _Visit) -> tuple[str, ...]:
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
            (visit.patient_id, today, today),
        )
        if row is None:
            return (visit.name.full,)
        line1, line2, city, state, postal_code, country = row
        region = " ".join(part for part in (state, postal_code) if part)
        place = ", ".join(part for part in (city, region) if part)
        # USPS, Publication 28: the country in full, in capitals, on a line of its own, if foreign.
        abroad = "" if country in ("", self._practice.profile().region) else _country(country)
        lines = (visit.name.full, line1, line2, place, abroad)
        return tuple(line.strip() for line in lines if line.strip())

    def _paper(self, draft: LetterDraft) -> Paper:
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
            signature=draft.signature,
            paper=profile.paper,
            language=language.tag,
            page_words=language.page_words,
            mark="DEMO" if self._practice.get(settings.IS_DEMO) else "",
        )


def _provider(given: str, family: str, credential: str) -> str:
    """As a letter names her: Robin Chen, MD."""
    name = " ".join(part for part in (given, family) if part)
    return ", ".join(part for part in (name, credential) if part)


def _place(profile: Profile) -> str:
    """The practice's address in two lines: street with suite, city with state and ZIP."""
    *street, place = profile.address_lines or ("",)
    return "\n".join(line for line in (", ".join(street), place) if line)


def _worries(visit: _Visit, now: datetime) -> tuple[str, ...]:
    """What about the visit or the patient speaks against sending this letter."""
    name = visit.name.spoken
    found = []
    if visit.status == "cancelled":
        found.append("This visit is cancelled.")
    elif visit.starts_at < now:
        found.append("This visit lies in the past.")
    if visit.patient_status == "deceased":
        found.append(f"{name} has died.")
    elif visit.patient_status == "archived":
        found.append(f"{name}’s file is archived.")
    if visit.contact_preference == "none":
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


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


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
