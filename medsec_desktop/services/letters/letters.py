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

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.letter_states import LetterStatus, SentHow
from medsec_desktop.domain.people import fold
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.wording import counted
from medsec_desktop.problems import Invalid, Link, Unavailable
from medsec_desktop.services.documents.reader import Reader
from medsec_desktop.services.letters.composing import Composing
from medsec_desktop.services.letters.filing import Filing, Pages, gone
from medsec_desktop.services.letters.packets import Packets
from medsec_desktop.services.letters.reading import letter_rows, reason_void
from medsec_desktop.services.letters.records import (
    LetterDraft,
    LetterRow,
)
from medsec_desktop.services.letters.stored import stored_draft
from medsec_desktop.services.page_images import page_count
from medsec_desktop.services.printing import AS_REMEMBERED, Printing, Way
from medsec_desktop.services.progress import Progress, Quiet
from medsec_desktop.store.files import Files

if TYPE_CHECKING:
    from medsec_desktop.services.practice import Practice
    from medsec_desktop.services.session import Session


class Letters(Composing):
    """The practice's letters."""

    def __init__(self, session: Session, practice: Practice, printing: Printing | None = None):
        super().__init__(session, practice)
        self._files = Files.of(session.db)
        self._reader = Reader()
        self.filing = Filing(session)
        self.packets = Packets(session.db, self._files, self._reader, lambda: self._sheet(""))
        self._looked_at: set[tuple[int, int]] = set()
        self.printing = printing or Printing(session)

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
        pdf = self._pages([row], way, mark, with_enclosures=with_enclosures)
        self._hand_over(pdf, [row], f"Letter {letter_id}", way)
        self.went_out([letter_id])
        return self.letter(letter_id)

    def packet(self, row: LetterRow) -> bytes:
        """The archived pages with the documents that go with them behind, as one PDF.

        Raises Conflict where one of them is no longer in the file, Invalid where they are too large.
        """
        return self.packets.pdf([row], with_enclosures=True)

    def _marked(self, pdf: bytes, mark: str) -> bytes:
        return self._reader.stamped(pdf, self._sheet(mark))

    def _sheet(self, word: str) -> bytes:
        """A sheet of the practice's paper with nothing but that word on it; an empty one for ''."""
        from medsec_desktop.documents.page import mark_sheet

        return mark_sheet(self._practice.profile().paper, word)

    def file_many(
        self, drafts: Sequence[LetterDraft], progress: Progress | None = None
    ) -> tuple[LetterRow, ...]:
        """Archive several letters as one operation, a copy in each file; stopping it files none."""
        progress, filed = progress or Quiet(), []
        label = f"Write {counted(len(drafts), 'letter')}"
        with self._session.change(label, Permission.WRITE_LETTERS):
            for done, draft in enumerate(drafts):
                progress.report(done, len(drafts), draft.patient_name)
                progress.check()
                filed.append(self.file(draft))
        return tuple(filed)

    def print_many(
        self,
        letter_ids: Sequence[int],
        way: Way = AS_REMEMBERED,
        mark: str = "",
        *,
        with_enclosures: bool = False,
        progress: Progress | None = None,
    ) -> tuple[LetterRow, ...]:
        """Print several letters as one job, and note in one operation that they left the building.

        `with_enclosures` prints what goes with each behind it; `mark` (such as COPY) is laid over those
        that left before. Where both sides are printed, each begins on a sheet of its own. Raises Conflict
        where one is void or lacks what goes with it, and Unavailable where printer or archive fail; then
        none is noted as printed. Stopped by `progress`, those the printer has are noted.
        """
        title = f"Print {counted(len(letter_ids), 'letter')}"
        return self._print(
            letter_ids, title, way, mark, with_enclosures=with_enclosures, progress=progress
        )

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
                else f"Print {counted(len(rows), 'letter')}",
                Permission.WRITE_LETTERS,
                patient_id=rows[0].patient_id if is_one else None,
                sealed=True,
            ):
                for row in first:
                    self.filing.sent(row.id, row.version, SentHow.PRINTED)
        for row in again:
            self._session.event(f"Printed the letter to {row.name.spoken} again", row.patient_id)

    def _print(
        self,
        ids: Sequence[int],
        title: str,
        way: Way,
        mark: str = "",
        *,
        with_enclosures: bool = False,
        progress: Progress | None = None,
    ) -> tuple[LetterRow, ...]:
        """Print a hundred at a time, so that a thousand take no more room than a hundred."""
        progress = progress or Quiet()
        self.check_may_go_out(ids)
        rows = [self.letter(letter_id) for letter_id in ids]
        printed: list[int] = []
        try:
            for some in self.packets.runs(rows, with_enclosures=with_enclosures):
                progress.report(len(printed), len(ids))
                progress.check()
                pdf = self._pages(some, way, mark, with_enclosures=with_enclosures)
                self._hand_over(pdf, some, title, way)
                printed += [row.id for row in some]
        finally:  # what the printer took before it stopped has left
            if printed:
                self.went_out(printed)
        return tuple(self.letter(letter_id) for letter_id in ids)

    def _pages(
        self, rows: Sequence[LetterRow], way: Way, mark: str = "", *, with_enclosures: bool
    ) -> bytes:
        """What goes to the printer for some letters; a mark lies over those that left before."""
        is_more = len(rows) > 1 or (with_enclosures and bool(rows[0].enclosed_ids))

        def pages_of(row: LetterRow) -> bytes:
            pdf = self._files.get(row.sha256)
            return self._marked(pdf, mark) if mark and row.status.is_out else pdf

        return self.packets.pdf(
            rows,
            with_enclosures=with_enclosures,
            two_sided=is_more and self.printing.is_two_sided("letters", way),
            pages_of=pages_of,
        )

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
