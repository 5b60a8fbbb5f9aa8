"""The letter line: who wants what written, how far each letter is, who did what when, how long it took."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.letter_states import (
    LetterStatus,
    SentHow,
    may_become,
    step_back,
    turnaround_days,
)
from medsec_desktop.domain.people import PersonName
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.wording import counted
from medsec_desktop.models import Letter
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.letters.filing import gone
from medsec_desktop.services.letters.handling import Handling
from medsec_desktop.services.letters.known import About, provider_named
from medsec_desktop.services.letters.records import LetterDraft
from medsec_desktop.services.letters.shipped import BLANK
from medsec_desktop.services.letters.stored import stored_draft
from medsec_desktop.services.patients.names import NAME_COLUMNS, listed_name
from medsec_desktop.services.saving import insert_row

if TYPE_CHECKING:
    from medsec_desktop.services.letters.letters import Letters
    from medsec_desktop.services.session import Session

_SHOWN_SENT = timedelta(days=7)
_SHOWN_FILED = timedelta(days=60)
_MOST_OF_A_STATE = 100
_LONGEST_NOTE = 4_000


@dataclass(frozen=True, slots=True)
class DictationDraft:
    """What somebody wants written, before it has words."""

    patient_id: int
    template: str = BLANK
    subject: str = ""
    note: str = ""  # the dictation itself, or where it is: “tape 3”, “voice file of Tuesday”
    signer_provider_id: int | None = None
    wanted_on: date | None = None
    appointment_id: int | None = None
    referral_id: int | None = None
    records_request_id: int | None = None


@dataclass(frozen=True, slots=True)
class LineRow:
    """A letter as the board shows it; `since` and `by` are of its last step."""

    id: int
    version: int
    patient_id: int
    name: PersonName
    status: LetterStatus
    subject: str
    recipient: str  # its first line
    signer: str
    wanted_on: date | None
    begun_on: date
    since: datetime
    by: str
    sent_how: SentHow | None
    note: str
    batch_id: int | None
    batch: str = (
        ""  # what letters to many are called, where the row stands for all that wait of them
    )
    others: tuple[int, ...] = ()  # of such a batch, the letters beside the first

    @property
    def ids(self) -> tuple[int, ...]:
        """The letters it stands for."""
        return (self.id, *self.others)

    @property
    def is_many(self) -> bool:
        return bool(self.batch)

    def days(self, today: date) -> int:
        """How long it has been on its way, or was."""
        return turnaround_days(self.begun_on, self.since.date() if self.status.is_out else today)

    def is_late(self, today: date) -> bool:
        """Whether it should be out by now."""
        return self.wanted_on is not None and self.wanted_on < today and not self.status.is_out


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step a letter took."""

    status: LetterStatus
    at: datetime
    by: str
    note: str


@dataclass(frozen=True, slots=True)
class Turnaround:
    """How long letters took that left in a period; None where none did."""

    letters: int
    average_days: float | None
    longest_days: int | None


class LetterLine:
    """The letters on their way."""

    def __init__(self, session: Session, letters: Letters):
        self._session = session
        self._db = session.db
        self._letters = letters
        self._filing = letters.filing

    # -- reading --------------------------------------------------------------------------------

    def board(self) -> tuple[LineRow, ...]:
        """Every letter that waits for a step, the soonest wanted first, and what left this week.

        Letters to many that were not sent stand there as one row.
        """
        self._session.require(Permission.VIEW_PATIENTS, "see letters")
        today = self._session.clock.today()
        oldest = (today - _SHOWN_FILED).isoformat()
        soonest = "l.wanted_on IS NULL, l.wanted_on, l.written_on, l.id"
        waiting = self._rows("l.status IN ('dictated', 'typed', 'checked', 'signed')", (), soonest)
        # Filed at once, or many of a kind, they would bury the others: the latest, and a row for a batch.
        filed = self._rows(
            "l.status = 'filed' AND l.batch_id IS NULL AND l.written_on >= ?",
            (oldest,),
            f"l.id DESC LIMIT {_MOST_OF_A_STATE}",
        )
        sent = self._rows(
            "l.status = 'sent' AND l.batch_id IS NULL AND l.written_on >= ?"
            " AND EXISTS (SELECT 1 FROM letter_step x WHERE x.letter_id = l.id"
            " AND x.status = 'sent' AND x.at >= ?)",
            (oldest, (today - _SHOWN_SENT).isoformat()),
            f"l.id DESC LIMIT {_MOST_OF_A_STATE}",
        )
        return (*waiting, *self._batches(oldest), *filed, *sent)

    def one(self, letter_id: int) -> LineRow:
        """A letter wherever it stands. Raises Conflict where it is gone."""
        rows = self._rows("l.id = ?", (letter_id,), "l.id")
        if not rows:
            raise gone()
        return rows[0]

    def steps(self, letter_id: int) -> tuple[StepRow, ...]:
        """What it went through, the first step first."""
        return tuple(
            StepRow(LetterStatus(status), datetime.fromisoformat(at), by, note)
            for status, at, by, note in self._db.rows(
                "SELECT status, at, by, note FROM letter_step WHERE letter_id = ? ORDER BY id",
                (letter_id,),
            )
        )

    def turnaround(self, first: date, last: date) -> Turnaround:
        """From the first step to the last, of the letters that left on those days."""
        days = [
            turnaround_days(date.fromisoformat(begun[:10]), date.fromisoformat(sent[:10]))
            for begun, sent in self._db.rows(
                "SELECT min(s.at), max(CASE WHEN s.status = 'sent' THEN s.at END)"
                " FROM letter_step s JOIN letter l ON l.id = s.letter_id"
                " WHERE l.status = 'sent' AND l.batch_id IS NULL GROUP BY l.id"
                " HAVING max(CASE WHEN s.status = 'sent' THEN s.at END) BETWEEN ? AND ?",
                (first.isoformat(), f"{last.isoformat()}T23:59"),
            )
        ]
        if not days:
            return Turnaround(0, None, None)
        return Turnaround(len(days), sum(days) / len(days), max(days))

    def draft(self, letter_id: int) -> LetterDraft:
        """Its words as they stand, to be written on; from its template where it has none yet.

        Raises Conflict for one that is archived: its pages stand.
        """
        self._session.require(Permission.WRITE_LETTERS, "write letters")
        row = self.one(letter_id)
        if not row.status.is_on_the_line:
            raise Conflict(
                "This letter is archived, so it is not written on.",
                "What was signed must stay what was signed.",
                "Void it and write another in its place.",
            )
        draft = stored_draft(self._db, letter_id) or self._begun(letter_id)
        handling = replace(draft.handling, letter_id=letter_id, version=row.version)
        return replace(draft, handling=handling)

    # -- writing --------------------------------------------------------------------------------

    def dictate(self, draft: DictationDraft) -> int:
        """Put a letter on the line that somebody else may write. Raises Invalid, NotAllowed."""
        note, subject = draft.note.strip(), " ".join(draft.subject.split())
        if not note and not subject:
            raise Invalid(
                "Say what is to be written.",
                remedy="The dictation itself, or where it lies, such as “tape 3”.",
                field="note",
            )
        if len(note) > _LONGEST_NOTE:
            raise Invalid(f"Up to {_LONGEST_NOTE:,} characters are kept here.", field="note")
        if draft.wanted_on is not None and draft.wanted_on < self._session.clock.today():
            raise Invalid("This day is past.", field="wanted_on")
        label = f"Dictate a letter about {listed_name(self._db, draft.patient_id)}"
        handling = Handling(
            referral_id=draft.referral_id,
            records_request_id=draft.records_request_id,
            signer_provider_id=draft.signer_provider_id,
            wanted_on=draft.wanted_on,
            note=note,
        )
        with self._changing(label, draft.patient_id):
            letter_id = insert_row(
                Letter,
                patient_id=draft.patient_id,
                appointment_id=draft.appointment_id,
                template=draft.template,
                subject=subject,
                status=str(LetterStatus.DICTATED),
                written_on=self._session.clock.today().isoformat(),
                **handling.columns(),
            )
            self._filing.step(letter_id, LetterStatus.DICTATED)
        return letter_id

    def keep(self, draft: LetterDraft) -> int:
        """Keep its words on the line, for whoever checks and signs it; its number. Raises Conflict."""
        label = f"Type a letter about {draft.patient_name}"
        with self._changing(label, draft.patient_id):
            return self._filing.write(draft, LetterStatus.TYPED)

    def move(
        self, letter_ids: Sequence[int], status: LetterStatus, note: str = ""
    ) -> tuple[LineRow, ...]:
        """Take letters to a state of the line, several as one operation.

        Signing archives their pages. Raises Conflict where one of them may not go there; then none does.
        """
        rows = [self.one(letter_id) for letter_id in letter_ids]
        for row in rows:
            self._require_move(row, status)
        self._session.require(Permission.WRITE_LETTERS, "move letters on")
        drafts = {row.id: self.draft(row.id) for row in rows if status is LetterStatus.SIGNED}
        pages = {number: self._letters.archived(draft) for number, draft in drafts.items()}
        label = f"{_MOVED[status]} {_what(rows)}"
        with self._changing(label, rows[0].patient_id if len(rows) == 1 else None):
            for row in rows:
                if row.id in drafts:
                    draft = drafts[row.id]
                    self._filing.archive(draft, pages[row.id], draft.subject or "Letter", status)
                else:
                    self._filing.move(row.id, row.version, status, note.strip())
        return tuple(self.one(row.id) for row in rows)

    def send_back(self, letter_ids: Sequence[int], note: str) -> tuple[LineRow, ...]:
        """Back to be typed again, with what is to be put right. Raises Conflict, Invalid."""
        if not note.strip():
            raise Invalid("Say what is to be put right.", field="note")
        rows = [self.one(letter_id) for letter_id in letter_ids]
        for row in rows:
            if step_back(row.status) is not LetterStatus.TYPED:
                raise Conflict(
                    f"The letter about {row.name.spoken} is {row.status}.",
                    "Only a letter that was checked goes back to be typed.",
                )
        return self.move(letter_ids, LetterStatus.TYPED, note)

    def send(self, letter_ids: Sequence[int], how: SentHow, note: str = "") -> tuple[LineRow, ...]:
        """Note that letters left the building, and how; sealed. Raises Conflict."""
        rows = [self.one(letter_id) for letter_id in letter_ids]
        for row in rows:
            self._require_move(row, LetterStatus.SENT)
        label = f"Send {_what(rows)} ({how})"
        patient_id = rows[0].patient_id if len(rows) == 1 else None
        with self._session.change(
            label, Permission.WRITE_LETTERS, patient_id=patient_id, sealed=True
        ):
            for row in rows:
                self._filing.sent(row.id, row.version, how, note.strip())
        return tuple(self.one(row.id) for row in rows)

    def print_to_sign(self, letter_ids: Sequence[int]) -> int:
        """Print letters that wait for a signature, as they would be archived; how many. They stay.

        Raises Conflict for one without words, Unavailable where the printer fails.
        """
        drafts = [self.draft(letter_id) for letter_id in letter_ids]
        for letter_id in letter_ids:
            if self.one(letter_id).status is LetterStatus.DICTATED:
                raise Conflict(
                    "This letter has no words yet.", remedy="Open it and write it first."
                )
        for draft in drafts:
            self._letters.printing.print_pdf(
                self._letters.preview(draft),
                "letters",
                title="Letter to be signed",
                patient_id=draft.patient_id,
            )
            self._session.event(
                f"Printed the letter about {draft.patient_name} to be signed", draft.patient_id
            )
        return len(drafts)

    def void(self, letter_id: int, reason: str) -> None:
        """No letter after all; it stays in the file, marked as void. Raises Invalid."""
        if not reason.strip():
            raise Invalid("Say why the letter is void.", field="reason")
        row = self.one(letter_id)
        with self._changing(f"Void {_what([row])}", row.patient_id, reason.strip()):
            self._filing.move(letter_id, row.version, LetterStatus.VOID, reason.strip())

    # -- inside ---------------------------------------------------------------------------------

    def _begun(self, letter_id: int) -> LetterDraft:
        """A dictated letter's first words, from its template."""
        row = self._db.one(
            "SELECT patient_id, appointment_id, template, subject, referral_id, records_request_id,"
            " signer_provider_id, wanted_on, note FROM letter WHERE id = ?",
            (letter_id,),
        )
        assert row is not None
        patient_id, visit, template, subject, referral, request, signer, wanted, note = row
        about = About(
            patient_id,
            appointment_id=visit,
            referral_id=referral,
            request_id=request,
            signer_id=signer,
        )
        draft = self._letters.composed(about, template)
        handling = Handling(
            referral_id=referral,
            records_request_id=request,
            signer_provider_id=signer,
            wanted_on=date.fromisoformat(wanted) if wanted else None,
            note=note,
        )
        draft = draft.with_subject(subject) if subject else draft
        return replace(draft, handling=handling)

    def _batches(self, oldest: str) -> Iterator[LineRow]:
        """A row for each batch with letters that were not sent, the latest first."""
        for title, numbers in self._db.rows(
            "SELECT b.title, json_group_array(l.id ORDER BY l.id) FROM letter l"
            " JOIN letter_batch b ON b.id = l.batch_id"
            " WHERE l.status = 'filed' AND l.written_on >= ?"
            f" GROUP BY b.id ORDER BY b.id DESC LIMIT {_MOST_OF_A_STATE}",
            (oldest,),
        ):
            first, *others = json.loads(numbers)
            yield replace(self.one(first), batch=title, others=tuple(others))

    def _require_move(self, row: LineRow, status: LetterStatus) -> None:
        if may_become(row.status, status):
            return
        raise Conflict(
            f"The letter about {row.name.spoken} is {row.status}, so it cannot become {status}.",
            "It has no words yet." if row.status is LetterStatus.DICTATED else "",
            "Open it and write it first." if row.status is LetterStatus.DICTATED else "",
        )

    def _changing(self, label: str, patient_id: int | None, reason: str = "") -> Any:
        return self._session.change(
            label, Permission.WRITE_LETTERS, patient_id=patient_id, reason=reason
        )

    def _rows(self, where: str, values: tuple[Any, ...], order: str) -> tuple[LineRow, ...]:
        return tuple(
            LineRow(
                id=row[0],
                version=row[1],
                patient_id=row[2],
                name=PersonName(*row[3:9]),
                status=LetterStatus(row[9]),
                subject=row[10],
                recipient=row[11].split("\n")[0],
                signer=provider_named(*row[12:15]) if row[13] else "",
                wanted_on=date.fromisoformat(row[15]) if row[15] else None,
                begun_on=date.fromisoformat((row[16] or row[19])[:10]),
                since=datetime.fromisoformat(row[17] or f"{row[19]}T00:00"),
                by=row[18] or "",
                sent_how=SentHow(row[20]) if row[20] else None,
                note=row[21],
                batch_id=row[22],
            )
            for row in self._db.rows(
                f"SELECT l.id, l.version, l.patient_id, {NAME_COLUMNS}, l.status, l.subject,"
                " l.recipient, v.given_name, v.family_name, v.credential, l.wanted_on,"
                " (SELECT min(at) FROM letter_step s WHERE s.letter_id = l.id),"
                " (SELECT at FROM letter_step s WHERE s.letter_id = l.id ORDER BY id DESC LIMIT 1),"
                " (SELECT by FROM letter_step s WHERE s.letter_id = l.id ORDER BY id DESC LIMIT 1),"
                " l.written_on, l.sent_how, l.note, l.batch_id"
                " FROM letter l JOIN patient p ON p.id = l.patient_id"
                " LEFT JOIN provider v ON v.id = l.signer_provider_id"
                f" WHERE {where} ORDER BY {order}",
                values,
            )
        )


_MOVED = {
    LetterStatus.DICTATED: "Take the words off",
    LetterStatus.TYPED: "Send back",
    LetterStatus.CHECKED: "Check",
    LetterStatus.SIGNED: "Sign",
    LetterStatus.SENT: "Send",
}


def _what(rows: Sequence[LineRow]) -> str:
    if len(rows) == 1:
        return f"the letter about {rows[0].name.spoken}"
    return counted(len(rows), "letter")
