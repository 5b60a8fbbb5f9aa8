"""One letter to many: who gets it and who does not and why, one operation, a copy in each file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from medsec_desktop.domain.people import PersonName
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.wording import counted
from medsec_desktop.models import LetterBatch
from medsec_desktop.problems import Conflict, Invalid, Problem
from medsec_desktop.services.files_out import write_out
from medsec_desktop.services.letters.enclosing import NOTHING_ALIKE, Enclosed, SameForAll
from medsec_desktop.services.letters.known import About
from medsec_desktop.services.letters.records import LetterDraft, LetterRow
from medsec_desktop.services.letters.targets import Target
from medsec_desktop.services.patients.names import NAME_COLUMNS
from medsec_desktop.services.patients.reached import PREFERENCE
from medsec_desktop.services.practice import settings
from medsec_desktop.services.printing import AS_REMEMBERED, Way
from medsec_desktop.services.progress import Progress, Quiet
from medsec_desktop.services.saving import insert_row
from medsec_desktop.store.files import Files

if TYPE_CHECKING:
    from medsec_desktop.services.letters.letters import Letters
    from medsec_desktop.services.practice import Practice
    from medsec_desktop.services.session import Session

_AT_ONCE = 100  # composed at a time: as few questions as for one, and no more memory than for these
_MOST = 20_000
_THESE = "IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """Somebody on the list; `why_not` says why no letter is written, `remark` what is to be known."""

    target: Target
    name: PersonName
    why_not: str = ""
    remark: str = ""

    @property
    def patient_id(self) -> int:
        return self.target.patient_id


@dataclass(frozen=True, slots=True)
class BatchPlan:
    """A letter to many before it is written."""

    title: str
    rows: tuple[PlannedRow, ...]

    @property
    def kept(self) -> tuple[PlannedRow, ...]:
        return tuple(row for row in self.rows if not row.why_not)

    @property
    def left_out(self) -> tuple[PlannedRow, ...]:
        return tuple(row for row in self.rows if row.why_not)


@dataclass(frozen=True, slots=True)
class BatchMade:
    """What was written, and who was passed over while writing, each with the reason."""

    id: int
    letters: int
    passed_over: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch as a list shows it."""

    id: int
    title: str
    template: str
    made_at: datetime
    made_by: str
    letters: int
    sent: int


class Batches:
    """Writes letters to many."""

    def __init__(self, session: Session, practice: Practice, letters: Letters):
        self._session = session
        self._db = session.db
        self._practice = practice
        self._letters = letters
        self._files = Files.of(session.db)

    # -- before -----------------------------------------------------------------------------------

    def plan(
        self, targets: Sequence[Target], title: str, same: SameForAll = NOTHING_ALIKE
    ) -> BatchPlan:
        """Who of a list gets the letter: each once, and nobody who died or asked not to be written to.

        Nor who has not in the file what is to go with it.
        """
        import json

        if len(targets) > _MOST:
            raise Invalid(f"A letter goes to {_MOST:,} people at most.", field="targets")
        today = self._session.clock.today().isoformat()
        known = {
            row[0]: row
            for row in self._db.rows(
                f"SELECT p.id, {NAME_COLUMNS}, p.status, p.merged_into_id, {PREFERENCE},"
                " EXISTS (SELECT 1 FROM patient_address d"
                "  WHERE d.patient_id = p.id AND d.kind IN ('mailing', 'temporary', 'home')"
                "  AND (d.valid_from_on IS NULL OR d.valid_from_on <= ?)"
                "  AND (d.valid_to_on IS NULL OR d.valid_to_on >= ?)"
                "  AND (d.line1 <> '' OR d.line2 <> '' OR d.city <> ''))"
                f" FROM patient p WHERE p.id {_THESE}",
                (today, today, json.dumps([one.patient_id for one in targets])),
            )
        }
        enclosed = Enclosed(self._db, same, known)
        seen: set[tuple[int, int | None, int | None]] = set()
        rows = []
        for target in targets:
            row = known.get(target.patient_id)
            if row is None:
                continue
            key = (target.patient_id, target.appointment_id, target.recall_id)
            why = "On the list twice" if key in seen else _why_not(*row[7:10])
            why = why or enclosed.lacks(target.patient_id)
            seen.add(key)
            remark = "" if row[10] else "No address that holds today"
            rows.append(PlannedRow(target, PersonName(*row[1:7]), why, remark))
        return BatchPlan(title, tuple(rows))

    def draft(
        self, target: Target, template: str, language: str = "", same: SameForAll = NOTHING_ALIKE
    ) -> LetterDraft:
        """The letter one of them gets, to be looked at before all are written. Raises as `composed`."""
        draft = self._letters.composed(_about(target, same), template, language)
        return Enclosed(self._db, same, (draft.patient_id,)).put_with(draft)

    # -- writing ----------------------------------------------------------------------------------

    def write(
        self,
        plan: BatchPlan,
        template: str,
        language: str = "",
        progress: Progress | None = None,
        *,
        same: SameForAll = NOTHING_ALIKE,
        without_address: bool = False,
        initiator: object | None = None,
    ) -> BatchMade:
        """File a letter for each, as one operation; stopped half-way, nothing is filed.

        Whoever has no address is passed over unless told otherwise; so is a letter that cannot be
        written, with its reason. Raises Invalid where nobody is left.
        """
        progress = progress or Quiet()
        kept = [row for row in plan.kept if without_address or not row.remark]
        passed = [
            (row.name.listed, row.remark) for row in plan.kept if row.remark and not without_address
        ]
        if not kept:
            raise Invalid("Nobody on this list gets a letter.", field="targets")
        label = (
            f"Write {counted(len(kept), 'letter')}: {plan.title}" if len(kept) > 1 else plan.title
        )
        written = 0
        with self._session.change(label, Permission.WRITE_LETTERS, initiator=initiator):
            batch_id = insert_row(
                LetterBatch,
                title=plan.title,
                template=template,
                made_at=self._session.clock.now().strftime("%Y-%m-%dT%H:%M"),
                made_by=self._session.user.name,
            )
            for first in range(0, len(kept), _AT_ONCE):
                some = kept[first : first + _AT_ONCE]
                for row, draft in self._drafts(some, template, language, same):
                    progress.report(written + len(passed), len(plan.kept), row.name.listed)
                    progress.check()
                    if isinstance(draft, Problem):
                        passed.append((row.name.listed, str(draft)))
                        continue
                    pages = self._letters.archived(draft)
                    self._letters.filing.archive(draft, pages, plan.title, batch_id=batch_id)
                    written += 1
            if not written:
                raise Invalid("No letter could be written.", passed[0][1] if passed else "")
        return BatchMade(batch_id, written, tuple(passed))

    def _drafts(
        self, rows: Sequence[PlannedRow], template: str, language: str, same: SameForAll
    ) -> Iterator[tuple[PlannedRow, LetterDraft | Problem]]:
        """Some letters at once; where one of them cannot be composed, each for itself."""
        try:
            drafts = self._letters.composed_many(
                [_about(row.target, same) for row in rows], template, language
            )
        except Conflict:
            for row in rows:
                try:
                    yield row, self.draft(row.target, template, language, same)
                except Problem as problem:
                    yield row, problem
            return
        enclosed = Enclosed(self._db, same, (draft.patient_id for draft in drafts))
        for row, draft in zip(rows, drafts, strict=True):
            try:
                yield row, enclosed.put_with(draft)
            except Conflict as problem:  # put away since the list was made
                yield row, problem

    # -- afterwards -------------------------------------------------------------------------------

    def recent(self, limit: int = 50) -> tuple[BatchRow, ...]:
        """The latest batches that were not undone."""
        return self._rows("1", (limit,))

    def one(self, batch_id: int) -> BatchRow:
        """A batch, however old. Raises Conflict where it was undone."""
        rows = self._rows("b.id = ?", (batch_id, 1))
        if not rows:
            raise _undone()
        return rows[0]

    def _rows(self, where: str, values: tuple[int, ...]) -> tuple[BatchRow, ...]:
        return tuple(
            BatchRow(row[0], row[1], row[2], datetime.fromisoformat(row[3]), *row[4:])
            for row in self._db.rows(
                "SELECT b.id, b.title, b.template, b.made_at, b.made_by, count(l.id),"
                " coalesce(sum(l.status = 'sent'), 0) FROM letter_batch b"
                f" JOIN letter l ON l.batch_id = b.id WHERE {where}"
                " GROUP BY b.id ORDER BY b.id DESC LIMIT ?",
                values,
            )
        )

    def is_there(self, batch_id: int) -> bool:
        """Whether it has letters that are not void: none once it was undone."""
        return self._has(batch_id, "1")

    def encloses(self, batch_id: int) -> bool:
        """Whether papers go with one of its letters."""
        return self._has(
            batch_id,
            "EXISTS (SELECT 1 FROM json_each(l.enclosures) e"
            " WHERE e.value ->> 'document_id' IS NOT NULL)",
        )

    def _has(self, batch_id: int, which: str) -> bool:
        return bool(
            self._db.value(
                "SELECT EXISTS (SELECT 1 FROM letter l WHERE l.batch_id = ? AND l.status <> 'void'"
                f" AND {which})",
                (batch_id,),
            )
        )

    def written_to(self, batch_id: int) -> tuple[int, ...]:
        """Who got one of its letters, each once, in the order of the list."""
        return tuple(
            patient_id
            for (patient_id,) in self._db.rows(
                "SELECT patient_id FROM letter WHERE batch_id = ? AND status <> 'void'"
                " GROUP BY patient_id ORDER BY min(id)",
                (batch_id,),
            )
        )

    def pages_to(self, batch_id: int, target: Target) -> bytes | None:
        """The archived pages of the letter one of them got; None for who got none. Recorded as seen.

        Raises NotAllowed, Unavailable.
        """
        letter_id = self._db.value(
            "SELECT id FROM letter WHERE batch_id = ? AND patient_id = ? AND appointment_id IS ?"
            " AND status <> 'void' ORDER BY id LIMIT 1",
            (batch_id, target.patient_id, target.appointment_id),
        )
        return None if letter_id is None else self._letters.pdf(letter_id)

    def letters_of(self, batch_id: int) -> tuple[LetterRow, ...]:
        """Its letters that are not void, in the order of the list. Raises Conflict for none."""
        rows = self._letters.of_batch(batch_id)
        if not rows:
            raise _undone()
        return rows

    def print(
        self,
        batch_id: int,
        way: Way = AS_REMEMBERED,
        mark: str = "",
        *,
        with_enclosures: bool = True,
    ) -> int:
        """Print all of them; sealed as one operation. How many. Raises Unavailable, Conflict.

        What goes with each is printed behind it, unless told otherwise; `mark` (such as COPY) is laid over
        those that left before.
        """
        ids = [row.id for row in self.letters_of(batch_id)]
        self._letters.print_many(ids, way, mark, with_enclosures=with_enclosures)
        return len(ids)

    def save(self, batch_id: int, path: Path, progress: Progress | None = None) -> int:
        """All letters as one PDF file, each with what goes with it; how many. They have not left by that.

        Raises Unavailable, Conflict, and Invalid where they are too much for one file.
        """
        from medsec_desktop.exchange.documents.making import joined

        rows = self._going_out(batch_id)
        (progress or Quiet()).report(0, 0, "Putting the letters together")
        packets = self._letters.packets
        if any(row.enclosed_ids for row in rows):
            packets.refuse_too_much(rows)
            pdf = packets.pdf(rows, with_enclosures=True)
        else:
            pdf = joined([self._files.get(row.sha256) for row in rows])
        write_out(path, pdf, lambda: self._record("PDF", rows, path))
        return len(rows)

    def save_each(self, batch_id: int, folder: Path, progress: Progress | None = None) -> int:
        """A PDF file for each letter and what goes with it, named by number and name; how many.

        Raises Unavailable, Conflict.
        """
        progress = progress or Quiet()
        rows = self._going_out(batch_id)
        for done, row in enumerate(rows):
            progress.report(done, len(rows), row.patient_name)
            progress.check()
            name = "".join(c for c in row.patient_name if c.isalnum() or c in " -,").strip()
            write_out(
                folder / f"{done + 1:04} {name}.pdf",
                self._letters.packet(row),
                # Before the first has its name, so that none left unrecorded should it be stopped.
                None if done else lambda: self._record("PDF files", rows, folder),
            )
        return len(rows)

    def print_list(self, batch_id: int, way: Way = AS_REMEMBERED) -> str:
        """Print who got a letter, and record it; the printer it went to. Raises Unavailable, Conflict."""
        self._session.require(Permission.WRITE_LETTERS, "print lists of letters")
        title = "List of letters"
        went_to = self._letters.printing.print_pdf(
            self.list_pdf(batch_id), "lists", way, title=title
        )
        self._session.event(f"Printed: {title}")
        return went_to

    def list_pdf(self, batch_id: int) -> bytes:
        """Who got a letter and where it went, as a list to be ticked off."""
        from medsec_desktop.documents.calendar_pages import ListGroup, ListSheet, list_pdf

        rows = self.letters_of(batch_id)
        title = str(self._db.value("SELECT title FROM letter_batch WHERE id = ?", (batch_id,)))
        profile, formats = self._practice.profile(), self._practice.formats
        return list_pdf(
            ListSheet(
                title=title,
                practice=profile.name,
                columns=("Name", "Address", "Subject", "Done"),
                widths=(0.25, 0.38, 0.29, 0.08),
                groups=(
                    ListGroup(
                        counted(len(rows), "letter"),
                        tuple(
                            (row.patient_name, ", ".join(row.recipient[1:]), row.subject, "")
                            for row in rows
                        ),
                    ),
                ),
                printed=f"{formats.when(self._session.clock.now())}, {self._session.user.name}",
                paper=profile.paper,
                mark="DEMO" if self._practice.get(settings.IS_DEMO) else "",
            )
        )

    def _record(self, what: str, rows: Sequence[LetterRow], path: Path) -> None:
        self._session.event(
            f"Saved {counted(len(rows), 'letter')} as {what}", reason=f"to “{path.name}”"
        )

    def _going_out(self, batch_id: int) -> tuple[LetterRow, ...]:
        self._session.require(Permission.EXPORT_DATA, "save letters as files")
        return self.letters_of(batch_id)


def _undone() -> Conflict:
    return Conflict("The letters of this batch are no longer there.", "They were undone.")


def _about(target: Target, same: SameForAll) -> About:
    return About(
        target.patient_id,
        appointment_id=target.appointment_id,
        recall_id=target.recall_id,
        answers=same.answers,
        asked_in=same.asked_in,
    )


def _why_not(status: str, merged_into: int | None, preference: str) -> str:
    if merged_into is not None:
        return "The file was merged into another"
    if status == "deceased":
        return "Has died"
    if status == "archived":
        return "The file is archived"
    if preference == "none":
        return "Asked not to be contacted"
    return ""
