"""Unfinished work: kept in the encrypted database, outside the journal, until it is saved or let go."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from medsec_desktop.domain.clock import utc_text
from medsec_desktop.problems import Conflict
from medsec_desktop.services.session import Session


@dataclass(frozen=True, slots=True)
class DraftRow:
    """One piece of unfinished work."""

    id: int
    kind: str
    title: str
    patient_id: int | None
    is_parked: bool  # put aside on purpose; otherwise it was open when the program ended
    touched_utc: str


class Drafts:
    """The unfinished work of the person logged in."""

    def __init__(self, session: Session):
        self._session = session
        self._db = session.db

    def must_wait(self) -> str:
        """What is being written for so long that nothing else can be saved now, '' for nothing."""
        return self._session.written_meanwhile()

    def save(
        self,
        draft_id: int | None,
        kind: str,
        title: str,
        patient_id: int | None,
        state: dict[str, Any],
    ) -> int:
        """Keep what has been typed so far; its number, to hand in again at the next save.

        Where another person has gone on at the open window, it becomes a draft of hers.
        """
        now = utc_text(self._session.clock.now_utc())
        text = json.dumps(state)
        if draft_id is not None:
            kept = self._db.execute(
                "UPDATE draft SET title = ?, patient_id = ?, state = ?, touched_utc = ?"
                " WHERE id = ? AND user_id = ?",
                (title, patient_id, text, now, draft_id, self._session.user.id),
            )
            if kept.rowcount:
                return draft_id
        cursor = self._db.execute(
            "INSERT INTO draft (user_id, kind, title, patient_id, state, touched_utc)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (self._session.user.id, kind, title, patient_id, text, now),
        )
        return int(cursor.lastrowid)

    def park(self, draft_id: int) -> None:
        """Put it aside; it waits in the strip until resumed."""
        self._db.execute("UPDATE draft SET is_parked = 1 WHERE id = ?", (draft_id,))

    def take_up(self, draft_id: int) -> dict[str, Any]:
        """The state of a draft that is open again from now on."""
        state = self.state(draft_id)
        self._db.execute("UPDATE draft SET is_parked = 0 WHERE id = ?", (draft_id,))
        return state

    def discard(self, draft_id: int) -> None:
        """Let it go: it was saved, or is not wanted."""
        self._db.execute("DELETE FROM draft WHERE id = ?", (draft_id,))

    def restore(self, row: DraftRow, state: dict[str, Any]) -> int:
        """Bring back a draft that was just let go; its new number."""
        draft_id = self.save(None, row.kind, row.title, row.patient_id, state)
        if row.is_parked:
            self.park(draft_id)
        return draft_id

    def all(self) -> tuple[DraftRow, ...]:
        """Every draft of the person logged in, latest first."""
        return tuple(
            DraftRow(draft_id, kind, title, patient_id, bool(is_parked), touched)
            for draft_id, kind, title, patient_id, is_parked, touched in self._db.rows(
                "SELECT d.id, kind, title, coalesce(p.merged_into_id, d.patient_id), is_parked,"
                " touched_utc FROM draft d LEFT JOIN patient p ON p.id = d.patient_id"
                " WHERE user_id = ? ORDER BY touched_utc DESC",
                (self._session.user.id,),
            )
        )

    def state(self, draft_id: int) -> dict[str, Any]:
        """What had been typed; of a file merged meanwhile, on the one it goes on in.

        Raises Conflict where the draft is gone.
        """
        text = self._db.value("SELECT state FROM draft WHERE id = ?", (draft_id,))
        if text is None:
            raise Conflict("This draft is no longer there.", "It was saved or let go meanwhile.")
        from medsec_desktop.services.patients.merged import follow  # not needed at the start

        return follow(self._db, json.loads(text))
