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

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.letter_states import LetterStatus, SentHow
from medsec_desktop.domain.letter_words import carried
from medsec_desktop.domain.people import PersonName, fold
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.writing.document import Question
from medsec_desktop.domain.writing.plain import with_details
from medsec_desktop.domain.writing.template import Template
from medsec_desktop.problems import Conflict, Invalid, Link, Unavailable
from medsec_desktop.services.documents.reader import PageRef, Reader
from medsec_desktop.services.letters.contents import Contents
from medsec_desktop.services.letters.filing import Filing, Pages, gone
from medsec_desktop.services.letters.known import About, provider_named
from medsec_desktop.services.letters.reading import letter_rows, reason_void
from medsec_desktop.services.letters.records import (
    LetterDraft,
    LetterRow,
    TemplateRow,
    VisitToWrite,
)
from medsec_desktop.services.letters.stored import stored_draft
from medsec_desktop.services.letters.template_files import TemplateFiles
from medsec_desktop.services.letters.templates import Templates
from medsec_desktop.services.page_images import (
    PageImage,
    PageImages,
    joined_pdf,
    page_count,
    page_text,
)
from medsec_desktop.services.printing import AS_REMEMBERED, Printing, Way
from medsec_desktop.services.progress import Progress, Quiet
from medsec_desktop.store.files import Files

if TYPE_CHECKING:
    from medsec_desktop.services.practice import Practice
    from medsec_desktop.services.session import Session

CONFIRMATION = "appointment_confirmation"
_PRINTED_AT_ONCE = 100  # letters in one job: as much as is held at a time, however many there are


class Letters:
    """The practice's letters."""

    def __init__(self, session: Session, practice: Practice, printing: Printing | None = None):
        self._session = session
        self._db = session.db
        self._practice = practice
        self._files = Files.of(session.db)
        self._contents = Contents(session, practice)
        self._images = PageImages()
        self._reader = Reader()
        self.filing = Filing(session)
        self._looked_at: set[tuple[int, int]] = set()
        self.printing = printing or Printing(session)

    # Writing

    @property
    def library(self) -> Templates:
        """The templates of the practice: to be read, changed and restored."""
        return self._contents.templates

    @property
    def template_files(self) -> TemplateFiles:
        """Templates as files, given to other practices and taken from them."""
        return TemplateFiles(self._session, self.library)

    def templates(self) -> tuple[TemplateRow, ...]:
        """The kinds of letter that are offered, by what they are about, title and language."""
        return tuple(
            TemplateRow(
                one.template.key,
                one.template.language,
                one.language_name,
                one.template.title,
                one.template.about,
            )
            for one in self.library.all()
        )

    def questions(self, template: str, language: str = "en") -> tuple[Question, ...]:
        """What is asked before such a letter is composed. Raises Invalid for no such template."""
        return self.library.fitting(template, language).document.questions

    def fitting(self, appointment_id: int) -> str:
        """The letter this visit wants, by how it stands: moved, cancelled, missed, or as its type says."""
        row = self._db.one(
            "SELECT a.status, a.rescheduled_from_id, coalesce(t.letter, '') FROM appointment a"
            " LEFT JOIN appointment_type t ON t.id = a.type_id WHERE a.id = ?",
            (appointment_id,),
        )
        status, moved_from, letter = row or ("", None, "")
        letter = str(letter)
        if status == "cancelled":
            return "appointment_cancellation"
        if status in ("no-show", "left"):
            return "missed_visit"
        if moved_from is not None:
            return "appointment_reschedule"
        if letter and any(row.key == letter and row.is_about_visit for row in self.templates()):
            return letter
        return CONFIRMATION

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
                provider=provider_named(*row[9:12]),
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
        return self.composed(About(appointment_id=appointment_id), template, language)

    def compose_for(
        self,
        patient_id: int,
        template: str,
        facts: Mapping[str, str] | None = None,
        language: str = "",
    ) -> LetterDraft:
        """A letter to a patient about no visit.

        `facts` are merge fields only the caller knows, as they shall print. Raises as `compose`.
        """
        return self.composed(About(patient_id, facts=facts or {}), template, language)

    def composed(self, about: About, template: str, language: str = "") -> LetterDraft:
        """The letter about a patient, visit, recall, referral or request. Raises as `compose`."""
        return self.composed_many((about,), template, language)[0]

    def composed_many(
        self, abouts: Sequence[About], template: str, language: str = ""
    ) -> tuple[LetterDraft, ...]:
        """The same letter for many; as few queries for a thousand as for one. Raises as `compose`."""
        self._session.require(Permission.WRITE_LETTERS, "write letters")
        return self._contents.drafts(abouts, template, language)

    def sample(self, template: Template, about: About | None = None) -> LetterDraft:
        """A letter from a template that is still being written, with a real patient or an invented one.

        Nothing of it is kept. Raises Invalid for an unknown field, and Conflict.
        """
        self._session.require(Permission.WRITE_LETTERS, "write letters")
        return self._contents.sample(template, about)

    def recomposed(
        self,
        draft: LetterDraft,
        template: str,
        language: str,
        answers: Mapping[str, str] | None = None,
    ) -> LetterDraft:
        """The draft in the words of another template or language, or by other answers.

        What is around it stays, and so do the answers given, but for those in `answers`. Another kind of
        letter goes to whom it usually goes, unless somebody else was chosen. Raises as `compose`.
        """
        handling = draft.handling
        about = replace(
            draft.about,
            answers={**self.answers_for(draft, template, language), **(answers or {})},
            referral_id=handling.referral_id,
            request_id=handling.records_request_id,
            signer_id=handling.signer_provider_id,
            recipient=draft.recipient,
            recipient_kind=handling.recipient_kind,
            recipient_id=handling.recipient_id,
        )
        if template != draft.template:
            usual = replace(about, recipient=(), recipient_kind="", recipient_id=None, answers={})
            if self.composed(usual, draft.template, draft.language).recipient == draft.recipient:
                about = replace(usual, answers=about.answers)
        now = self.composed(about, template, language)
        to = now.handling
        handling = replace(handling, recipient_kind=to.recipient_kind, recipient_id=to.recipient_id)
        return replace(now, handling=handling)

    def answers_for(self, draft: LetterDraft, template: str, language: str) -> dict[str, str]:
        """The draft's answers, for the questions of another template or language. Raises Invalid."""
        now = self.library.fitting(template, language).document
        try:
            before = self.library.fitting(draft.template, draft.language).document
        except Invalid:  # removed meanwhile
            return {}
        return carried(draft.about.answers, before, now)

    def questions_of(self, draft: LetterDraft) -> tuple[Question, ...]:
        """What the draft's template asks; nothing where that was removed meanwhile."""
        try:
            return self.questions(draft.template, draft.language)
        except Invalid:
            return ()

    def renewed(self, draft: LetterDraft) -> LetterDraft:
        """The draft with the visit as it stands now: its box and remarks anew, every typed word kept.

        For a letter taken up again, or open while somebody moves the visit.
        """
        try:
            now = self.recomposed(draft, draft.template, draft.language)
        except (Conflict, Invalid) as gone:  # the visit, or the template
            return replace(draft, remarks=(gone.what,))
        if now.details == draft.details:
            return replace(draft, remarks=now.remarks)
        moved = "The visit was changed since this letter was begun: check the subject and the text."
        blocks = with_details(draft.body.blocks, draft.details, now.details)
        return replace(
            draft,
            body=replace(draft.body, blocks=blocks),
            details=now.details,
            remarks=(moved, *now.remarks),
        )

    def warnings(self, draft: LetterDraft) -> tuple[str, ...]:
        """What may be wrong with a letter: its remarks, no address, no room, what cannot be printed."""
        from medsec_desktop.documents.writing import lay_out
        from medsec_desktop.documents.writing.surroundings import lines_beyond_window
        from medsec_desktop.documents.writing.unprintable import unprintable

        paper = self._contents.paper(draft)
        found = list(draft.remarks)
        if not self._practice.profile().phone:
            found.append("The practice has no phone number in Settings, so the letter gives none.")
        written = [line for line in draft.recipient if line.strip()]
        if draft.has_letterhead and len(written) < 2:
            whom = draft.patient_name
            if draft.handling.recipient_kind != "patient" and written:
                whom = written[0]
            found.append(f"{whom} has no mailing address that is valid today.")
        beyond = lines_beyond_window(paper)
        if beyond:
            found.append(
                f"The address is {_count(beyond, 'line')} too tall for the envelope’s window."
            )
        for place, characters in unprintable(paper):
            listed = ", ".join(f"“{character}”" for character in characters[:10])
            found.append(f"No font here can print {listed} in the {place}; a box □ is printed.")
        return (*found, *lay_out(paper).warnings)

    def preview(self, draft: LetterDraft) -> bytes:
        """The PDF this draft would be filed as: the letter, and a copy for each who gets one."""
        from medsec_desktop.documents.writing import pdf_of
        from medsec_desktop.exchange.documents.making import joined

        original = pdf_of(self._contents.paper(draft))
        copies = [
            pdf_of(self._contents.paper(replace(draft, recipient=copy.lines)))
            for copy in draft.handling.copies
        ]
        return joined([original, *copies]) if copies else original

    def pages(self, pdf: bytes, dpi: float = 100) -> tuple[PageImage, ...]:
        """The pages of a PDF as pixels; safe in any thread, and quick the second time."""
        return self._images.of(pdf, dpi)

    def text(self, pdf: bytes) -> str:
        """The words of a PDF, for those who hear the screen."""
        return page_text(pdf)

    # Filing

    def file(self, draft: LetterDraft, then: str = "file", copies: int | None = None) -> LetterRow:
        """Archive the letter as the very PDF that prints; with `then="print"`, print it too.

        Raises NotAllowed, Unavailable. When the printer is at fault the letter is filed all the same,
        and the Problem links to it.
        """
        title = self._title(draft)
        label = f"Write a letter to {draft.patient_name}: {title}"
        self._session.require(Permission.WRITE_LETTERS, label)
        # Before the transaction: named by its content, it does no harm should the change fail.
        pages = self.archived(draft)
        with self._session.change(
            label,
            Permission.WRITE_LETTERS,
            patient_id=draft.patient_id,
            reason=draft.handling.replaces_reason,
        ):
            letter_id = self.filing.archive(draft, pages, title)
        if then == "print":
            try:
                return self.print(letter_id, Way(copies=copies))
            except Unavailable as problem:
                raise Unavailable(
                    problem.what,
                    problem.why,
                    f"{problem.remedy} The letter is filed.",
                    (Link("letter", str(letter_id), "Open the letter"), *problem.links),
                ) from problem
        return self.letter(letter_id)

    def _title(self, draft: LetterDraft) -> str:
        """What its template is called; its subject where that was removed meanwhile."""
        try:
            return self.library.fitting(draft.template, draft.language).title
        except Invalid:
            return draft.subject or "Letter"

    def archived(self, draft: LetterDraft) -> Pages:
        """Its pages, put into the archive; no row knows them yet."""
        pdf = self.preview(draft)
        return Pages(self._files.put(pdf), len(pdf), page_count(pdf))

    def print(
        self,
        letter_id: int,
        way: Way = AS_REMEMBERED,
        *,
        with_enclosures: bool = False,
        mark: str = "",
    ) -> LetterRow:
        """Print the archived pages, byte for byte, and note that the letter left the building.

        `with_enclosures` prints what goes with it behind it; `mark` (such as COPY) is laid over a letter
        that left before. Raises Conflict for a void letter and Unavailable where printer or archive fail.
        """
        self.check_may_go_out([letter_id])
        row = self.letter(letter_id)
        pdf = self.packet(row) if with_enclosures else self._files.get(row.sha256)
        if mark and row.status.is_out:
            pdf = self._marked(pdf, mark)
        self._hand_over(pdf, [row], f"Letter {letter_id}", way)
        self.went_out([letter_id])
        return self.letter(letter_id)

    def packet(self, row: LetterRow) -> bytes:
        """The archived pages with the documents that go with them behind, as one PDF.

        Raises Conflict where one of them is no longer in the file, Invalid where they are too large.
        """
        contents, counts = [self._files.get(row.sha256)], [row.pages]
        for document_id in row.enclosed_ids:
            found = self._db.one(
                "SELECT sha256, pages FROM document"
                " WHERE id = ? AND patient_id = ? AND status = 'filed'",
                (document_id, row.patient_id),
            )
            if found is None:
                raise Conflict(
                    "A document that goes with this letter is no longer in the file.",
                    "It was put away or went to another file since the letter was written.",
                    "Print the letter without enclosures.",
                )
            contents.append(self._files.get(found[0]))
            counts.append(int(found[1]))
        refs = [
            PageRef(source, number)
            for source, count in enumerate(counts)
            for number in range(count)
        ]
        return self._reader.make(contents, refs)

    def _marked(self, pdf: bytes, mark: str) -> bytes:
        from medsec_desktop.documents.page import mark_sheet

        return self._reader.stamped(pdf, mark_sheet(self._practice.profile().paper, mark))

    def file_many(
        self, drafts: Sequence[LetterDraft], progress: Progress | None = None
    ) -> tuple[LetterRow, ...]:
        """Archive several letters as one operation, a copy in each file; stopping it files none."""
        progress, filed = progress or Quiet(), []
        label = f"Write {_count(len(drafts), 'letter')}"
        with self._session.change(label, Permission.WRITE_LETTERS):
            for done, draft in enumerate(drafts):
                progress.report(done, len(drafts), draft.patient_name)
                progress.check()
                filed.append(self.file(draft))
        return tuple(filed)

    def print_many(
        self, letter_ids: Sequence[int], way: Way = AS_REMEMBERED
    ) -> tuple[LetterRow, ...]:
        """Print several letters as one job, and note in one operation that they left the building.

        Raises Conflict where one of them is void, and Unavailable where printer or archive fail;
        then none is noted as printed.
        """
        return self._print(letter_ids, f"Print {_count(len(letter_ids), 'letter')}", way)

    def check_may_go_out(self, ids: Sequence[int]) -> None:
        """Raise Conflict where one of the letters is void or gone, NotAllowed where one may not print."""
        self._session.require(Permission.WRITE_LETTERS, "print letters")
        for letter_id in ids:
            row = self.letter(letter_id)
            self.filing.require(row.id, row.status, LetterStatus.SENT)

    def went_out(self, ids: Sequence[int]) -> None:
        """Note, in one operation, that letters were printed; one that was before is only recorded."""
        rows = [self.letter(letter_id) for letter_id in ids]
        again = [row for row in rows if row.status.is_out]
        first = [row for row in rows if not row.status.is_out]
        if first:
            is_one = len(rows) == 1
            with self._session.change(
                f"Print the letter to {rows[0].name.spoken}"
                if is_one
                else f"Print {_count(len(rows), 'letter')}",
                Permission.WRITE_LETTERS,
                patient_id=rows[0].patient_id if is_one else None,
                sealed=True,
            ):
                for row in first:
                    self.filing.sent(row.id, row.version, SentHow.PRINTED)
        for row in again:
            self._session.event(f"Printed the letter to {row.name.spoken} again", row.patient_id)

    def _print(self, ids: Sequence[int], title: str, way: Way) -> tuple[LetterRow, ...]:
        """Print a hundred at a time, so that a thousand take no more room than a hundred."""
        self.check_may_go_out(ids)
        rows = [self.letter(letter_id) for letter_id in ids]
        printed: list[int] = []
        try:
            for first in range(0, len(rows), _PRINTED_AT_ONCE):
                some = rows[first : first + _PRINTED_AT_ONCE]
                contents = [self._files.get(row.sha256) for row in some]
                pdf = joined_pdf(contents) if len(contents) > 1 else contents[0]
                self._hand_over(pdf, some, title, way)
                printed += [row.id for row in some]
        finally:  # what the printer took before it stopped has left
            if printed:
                self.went_out(printed)
        return tuple(self.letter(letter_id) for letter_id in ids)

    def _hand_over(self, pdf: bytes, rows: Sequence[LetterRow], title: str, way: Way) -> None:
        self.printing.print_pdf(
            pdf,
            "letters",
            way,
            title=title,
            patient_id=rows[0].patient_id if len(rows) == 1 else None,
            about=f"letter:{','.join(str(row.id) for row in rows)}",
        )

    def void(self, letter_id: int, reason: str) -> LetterRow:
        """Mark a letter as not valid, with the reason; its pages stay in the archive."""
        row = self.letter(letter_id)
        if not reason.strip():
            raise Invalid(
                "Say why the letter is void.",
                remedy="A few words are enough, such as “wrong date”.",
                field="reason",
            )
        self.filing.require(row.id, row.status, LetterStatus.VOID)
        with self._session.change(
            f"Void the letter to {row.name.spoken}",
            Permission.WRITE_LETTERS,
            patient_id=row.patient_id,
            reason=reason.strip(),
        ):
            self.filing.move(letter_id, row.version, LetterStatus.VOID, reason.strip())
        return self.letter(letter_id)

    def replacement(self, letter_id: int, reason: str) -> LetterDraft:
        """A new letter with the words of an old one, which becomes void when the new one is filed.

        Raises Conflict for a void one, and Invalid without a reason.
        """
        self._session.require(Permission.WRITE_LETTERS, "write letters")
        row = self.letter(letter_id)
        if not reason.strip():
            raise Invalid("Say why the letter is replaced.", field="reason")
        self.filing.require(row.id, row.status, LetterStatus.VOID)
        draft = self._as_written(row)
        handling = replace(
            draft.handling,
            letter_id=None,
            version=0,
            replaces_letter_id=row.id,
            replaces_reason=reason.strip(),
        )
        return replace(draft, written_on=self._session.clock.today(), handling=handling)

    def _as_written(self, row: LetterRow) -> LetterDraft:
        """Its draft as it was filed; composed anew for one whose words were not kept."""
        if kept := stored_draft(self._db, row.id):
            return kept
        if row.appointment_id is not None:
            draft = self.compose(row.appointment_id, row.template)
        else:
            draft = self.compose_for(row.patient_id, row.template)
        remark = "The words are composed anew: an earlier program did not keep those of the letter."
        return replace(draft, recipient=row.recipient, remarks=(remark, *draft.remarks))

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
            raise gone()
        return rows[0]

    def of_patient(self, patient_id: int) -> tuple[LetterRow, ...]:
        """Every letter of a patient, newest first."""
        return self._rows("l.patient_id = ?", (patient_id,), 1_000)

    def of_batch(self, batch_id: int) -> tuple[LetterRow, ...]:
        """The letters written at once that are not void, the first first."""
        rows = self._rows("l.batch_id = ? AND l.status <> 'void'", (batch_id,), -1)
        return rows[::-1]

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
        return reason_void(self._db, letter_id)

    def _rows(self, where: str, values: tuple[Any, ...], limit: int) -> tuple[LetterRow, ...]:
        return letter_rows(self._db, where, values, limit)


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
