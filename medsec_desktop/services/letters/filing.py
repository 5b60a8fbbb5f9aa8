"""Writing letters down: a row for each, its pages in the archive, and every step it takes.

All of it runs inside a change of whoever asks.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from medsec_desktop.domain.letter_states import LetterStatus, SentHow, may_become
from medsec_desktop.models import Document, Letter, LetterStep
from medsec_desktop.problems import Conflict, Link
from medsec_desktop.services.letters.reading import reason_void
from medsec_desktop.services.letters.records import LetterDraft
from medsec_desktop.services.saving import insert_row, save_row
from medsec_desktop.services.session import Session

_AT = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of a letter, kept in the archive already under the hash of their bytes."""

    sha256: str
    size_bytes: int
    count: int


class Filing:
    """Writes letters and their steps."""

    def __init__(self, session: Session):
        self._session = session
        self._db = session.db

    def archive(
        self,
        draft: LetterDraft,
        pages: Pages,
        title: str,
        status: LetterStatus = LetterStatus.FILED,
        batch_id: int | None = None,
    ) -> int:
        """Its pages as a document and its row, with the void one it stands for; the letter's number."""
        handling = draft.handling
        document_id = insert_row(
            Document,
            patient_id=draft.patient_id,
            kind="letter",
            title=draft.subject or title,
            sha256=pages.sha256,
            size_bytes=pages.size_bytes,
            pages=pages.count,
            filed_at=self._now(),
        )
        if handling.replaces_letter_id is not None:
            self._void_replaced(handling.replaces_letter_id, handling.replaces_reason)
        return self.write(draft, status, document_id=document_id, batch_id=batch_id)

    def write(self, draft: LetterDraft, status: LetterStatus, **columns: Any) -> int:
        """The row of a letter, new or on the line already, with this step; its number.

        Raises Conflict where the row has moved on.
        """
        handling = draft.handling
        columns = {
            **columns,
            **handling.columns(),
            "patient_id": draft.patient_id,
            "appointment_id": draft.appointment_id,
            "template": draft.template,
            "subject": draft.subject,
            "recipient": "\n".join(draft.recipient),
            "status": str(status),
            "written_on": draft.written_on.isoformat(),
            "language": draft.language,
            "content": json.dumps(draft.state(), ensure_ascii=False),
        }
        if handling.letter_id is None:
            letter_id = insert_row(Letter, **columns)
            self.step(letter_id, status)
            return letter_id
        before = self.status(handling.letter_id)
        if before is not status:
            self.require(handling.letter_id, before, status)
            self.step(handling.letter_id, status)
        save_row(Letter, handling.letter_id, handling.version, **columns)
        return handling.letter_id

    def move(
        self, letter_id: int, version: int, status: LetterStatus, note: str = "", **columns: Any
    ) -> None:
        """Another state for a letter, and the step. Raises Conflict where it may not be."""
        self.require(letter_id, self.status(letter_id), status)
        save_row(Letter, letter_id, version, status=str(status), **columns)
        self.step(letter_id, status, note)

    def sent(self, letter_id: int, version: int, how: SentHow, note: str = "") -> None:
        """It left the building."""
        self.move(letter_id, version, LetterStatus.SENT, note, sent_how=str(how))

    def step(self, letter_id: int, status: LetterStatus, note: str = "") -> None:
        """Who took it to this state, and when."""
        insert_row(
            LetterStep,
            letter_id=letter_id,
            status=str(status),
            at=self._now(),
            by=self._session.user.name,
            note=note,
        )

    def status(self, letter_id: int) -> LetterStatus:
        """Where it stands. Raises Conflict where it is gone."""
        found = self._db.value("SELECT status FROM letter WHERE id = ?", (letter_id,))
        if found is None:
            raise gone()
        return LetterStatus(found)

    def require(self, letter_id: int, status: LetterStatus, then: LetterStatus) -> None:
        """Raise Conflict, saying why, where a letter of that status may not get the other."""
        if may_become(status, then):
            return
        if status is LetterStatus.VOID:
            patient_id = self._db.value("SELECT patient_id FROM letter WHERE id = ?", (letter_id,))
            raise Conflict(
                "This letter is void.",
                reason_void(self._db, letter_id),
                "Write a new one from the visit.",
                (Link("patient", str(patient_id), "Open the file"),),
            )
        raise Conflict(
            f"This letter is {status}, so it cannot become {then}.",
            "Its pages stand." if not status.is_on_the_line else "",
            "Void it and write another in its place."
            if not status.is_on_the_line
            else "Write its words first.",
        )

    def _void_replaced(self, letter_id: int, reason: str) -> None:
        version = self._db.value("SELECT version FROM letter WHERE id = ?", (letter_id,))
        if version is None:
            raise gone()
        self.move(letter_id, int(version), LetterStatus.VOID, reason)

    def _now(self) -> str:
        return self._session.clock.now().strftime(_AT)


def gone() -> Conflict:
    """For a letter that was there when the list was read."""
    return Conflict(
        "This letter is no longer there.",
        "Its filing was undone.",
        "Redo it, or write the letter again.",
    )
