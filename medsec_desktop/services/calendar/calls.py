"""Calls about visits, offers and recalls, and what came of each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from medsec_desktop.domain.calendar.calls import CALL_WORDS, CallOutcome
from medsec_desktop.domain.people import PersonName
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import CallAttempt
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.practice import Practice
from medsec_desktop.services.saving import insert_row
from medsec_desktop.services.session import Session


@dataclass(frozen=True, slots=True)
class CallRow:
    """One call: whom it was to, what about, how it ended, when and by whom."""

    id: int
    patient_id: int
    appointment_id: int | None
    waiting_entry_id: int | None
    recall_id: int | None
    outcome: CallOutcome
    at: datetime
    note: str
    user_name: str

    @property
    def words(self) -> str:
        """“Left a message”."""
        return CALL_WORDS[self.outcome]


class Calls:
    """Writes down what came of a call; everything that calls people writes it here."""

    def __init__(self, session: Session, practice: Practice):
        self._session = session
        self._db = session.db
        self._practice = practice

    def note(
        self,
        outcome: CallOutcome | str,
        patient_id: int,
        appointment_id: int | None = None,
        waiting_entry_id: int | None = None,
        recall_id: int | None = None,
        note: str = "",
    ) -> int:
        """Write down how a call to a patient ended, and what it was about; its number.

        Inside another change it is part of that. Raises Invalid and NotAllowed.
        """
        try:
            ended = CallOutcome(outcome)
        except ValueError:
            raise Invalid(f"A call does not end “{outcome}”.", field="outcome") from None
        label = f"Call {self._name(patient_id)}: {CALL_WORDS[ended].lower()}"
        with self._session.change(label, Permission.EDIT_CALENDAR, patient_id=patient_id):
            return insert_row(
                CallAttempt,
                patient_id=patient_id,
                appointment_id=appointment_id,
                waiting_entry_id=waiting_entry_id,
                recall_id=recall_id,
                outcome=str(ended),
                at=self._session.clock.now().isoformat(timespec="minutes"),
                note=note.strip(),
            )

    def of(
        self,
        patient_id: int | None = None,
        *,
        appointment_ids: Collection[int] = (),
        waiting_entry_ids: Collection[int] = (),
        recall_ids: Collection[int] = (),
        limit: int = 1000,
    ) -> tuple[CallRow, ...]:
        """Calls to a patient, or about any of these visits, offers or recalls; the latest first."""
        about: dict[str, Collection[int]] = {
            "patient_id": () if patient_id is None else (patient_id,),
            "appointment_id": appointment_ids,
            "waiting_entry_id": waiting_entry_ids,
            "recall_id": recall_ids,
        }
        clauses = [
            f"c.{column} IN ({', '.join('?' * len(ids))})" for column, ids in about.items() if ids
        ]
        if not clauses:
            return ()
        values = [row_id for ids in about.values() for row_id in ids]
        return tuple(
            _row(row)
            for row in self._db.rows(
                "SELECT c.id, c.patient_id, c.appointment_id, c.waiting_entry_id, c.recall_id,"
                " c.outcome, c.at, c.note,"
                " coalesce((SELECT o.user_name FROM row_change r"
                "   JOIN operation o ON o.id = r.operation_id"
                "   WHERE r.table_name = 'call_attempt' AND r.row_id = c.id"
                "   ORDER BY r.id LIMIT 1), '') FROM call_attempt c"
                f" WHERE {' OR '.join(clauses)} ORDER BY c.id DESC LIMIT ?",
                (*values, limit),
            )
        )

    def _name(self, patient_id: int) -> str:
        row = self._db.one(
            "SELECT family_name, given_name, middle_name, name_prefix, name_suffix,"
            " preferred_name FROM patient WHERE id = ?",
            (patient_id,),
        )
        if row is None:
            raise Conflict("This patient's file is no longer there.")
        return PersonName(*row).listed


def _row(row: tuple[Any, ...]) -> CallRow:
    return CallRow(
        id=row[0],
        patient_id=row[1],
        appointment_id=row[2],
        waiting_entry_id=row[3],
        recall_id=row[4],
        outcome=CallOutcome(row[5]),
        at=datetime.fromisoformat(row[6]),
        note=row[7],
        user_name=row[8],
    )
