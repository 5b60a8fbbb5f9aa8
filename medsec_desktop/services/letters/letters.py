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
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.letters import LANGUAGES, LetterStatus, may_become
from medsec_desktop.domain.people import PersonName, fold
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models.documents import Document
from medsec_desktop.models.letters import Letter
from medsec_desktop.problems import Conflict, Invalid, Link, Unavailable
from medsec_desktop.services.letters.contents import Contents, provider_named
from medsec_desktop.services.letters.records import (
    LetterDraft,
    LetterRow,
    TemplateRow,
    VisitToWrite,
)
from medsec_desktop.services.page_images import (
    PageImage,
    PageImages,
    joined_pdf,
    page_count,
    page_text,
)
from medsec_desktop.services.printing import AS_REMEMBERED, Printing, Way
from medsec_desktop.services.progress import Progress, Quiet
from medsec_desktop.services.saving import save_row
from medsec_desktop.store.files import Files

if TYPE_CHECKING:
    from medsec_desktop.services.practice import Practice
    from medsec_desktop.services.session import Session

CONFIRMATION = "appointment_confirmation"


class Letters:
    """The practice's letters."""

    def __init__(self, session: Session, practice: Practice, printing: Printing | None = None):
        self._session = session
        self._db = session.db
        self._practice = practice
        self._files = Files.of(session.db)
        self._contents = Contents(session, practice)
        self._images = PageImages()
        self._looked_at: set[tuple[int, int]] = set()
        self.printing = printing or Printing(session)

    # Writing

    def templates(self) -> tuple[TemplateRow, ...]:
        """The kinds of letter there are, by title and language."""
        return tuple(
            TemplateRow(
                one.key,
                one.language,
                LANGUAGES[one.language].name,
                one.title,
                any(
                    "{appointment.date}" in text for text in (one.subject, *(v for _, v in one.box))
                ),
            )
            for one in self._contents.templates.values()
        )

    def fitting(self, appointment_id: int) -> str:
        """The letter this visit wants, by how it stands: moved, cancelled, missed, or as its type says."""
        row = self._db.one(
            "SELECT a.status, a.rescheduled_from_id, coalesce(t.letter, '') FROM appointment a"
            " LEFT JOIN appointment_type t ON t.id = a.type_id WHERE a.id = ?",
            (appointment_id,),
        )
        status, moved_from, letter = row or ("", None, "")
        if status == "cancelled":
            return "appointment_cancellation"
        if status in ("no-show", "left"):
            return "missed_visit"
        if moved_from is not None:
            return "appointment_reschedule"
        return letter if (letter, "en") in self._contents.templates else CONFIRMATION

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
        self._session.require(Permission.WRITE_LETTERS, "write letters")
        return self._contents.of_visit(appointment_id, template, language)

    def compose_for(
        self,
        patient_id: int,
        template: str,
        facts: Mapping[str, str] | None = None,
        language: str = "",
    ) -> LetterDraft:
        """A letter to a patient about no visit, such as a recall.

        `facts` are merge fields only the caller knows, as they shall print. Raises as `compose`.
        """
        self._session.require(Permission.WRITE_LETTERS, "write letters")
        return self._contents.of_patient(patient_id, template, language, facts or {})

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

        paper = self._contents.paper(draft)
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

        return letter_pdf(self._contents.paper(draft))

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
        title = self._contents.template(draft.template, draft.language).title
        label = f"Write a letter to {draft.patient_name}: {title}"
        self._session.require(Permission.WRITE_LETTERS, label)
        pdf = self.preview(draft)
        pages = page_count(pdf)
        # Before the transaction: named by its content, it does no harm should the change fail.
        sha256 = self._files.put(pdf)
        with self._session.change(label, Permission.WRITE_LETTERS, patient_id=draft.patient_id):
            document = Document.create(
                patient=draft.patient_id,
                kind="letter",
                title=draft.subject
                or self._contents.template(draft.template, draft.language).title,
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
                return self.print(letter.id, Way(copies=copies))
            except Unavailable as problem:
                raise Unavailable(
                    problem.what,
                    problem.why,
                    f"{problem.remedy} The letter is filed.",
                    (Link("letter", str(letter.id), "Open the letter"), *problem.links),
                ) from problem
        return self.letter(letter.id)

    def print(self, letter_id: int, way: Way = AS_REMEMBERED) -> LetterRow:
        """Print the archived pages, byte for byte, and note that the letter left the building.

        Raises Conflict for a void letter and Unavailable where printer or archive fail.
        """
        return self._print([letter_id], f"Letter {letter_id}", way)[0]

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
            self._refuse_unless(self.letter(letter_id), LetterStatus.PRINTED)

    def went_out(self, ids: Sequence[int]) -> None:
        """Note, in one operation, that letters were printed; one that was before is only recorded."""
        rows = [self.letter(letter_id) for letter_id in ids]
        again = [row for row in rows if row.status is LetterStatus.PRINTED]
        first = [row for row in rows if row not in again]
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
                    save_row(Letter, row.id, row.version, status=str(LetterStatus.PRINTED))
        for row in again:
            self._session.event(f"Printed the letter to {row.name.spoken} again", row.patient_id)

    def _print(self, ids: Sequence[int], title: str, way: Way) -> tuple[LetterRow, ...]:
        self.check_may_go_out(ids)
        rows = [self.letter(letter_id) for letter_id in ids]
        self.printing.print_pdf(
            joined_pdf([self._files.get(row.sha256) for row in rows])
            if len(rows) > 1
            else self._files.get(rows[0].sha256),
            "letters",
            way,
            title=title,
            patient_id=rows[0].patient_id if len(rows) == 1 else None,
            about=f"letter:{','.join(str(one) for one in ids)}",
        )
        self.went_out(ids)
        return tuple(self.letter(letter_id) for letter_id in ids)

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


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
