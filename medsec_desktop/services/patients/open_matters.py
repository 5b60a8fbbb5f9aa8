"""What is open about a patient: what somebody still has to do, and where it is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from medsec_desktop.domain.permissions import Permission

if TYPE_CHECKING:
    from medsec_desktop.services.session import Session

_RECALL_AHEAD = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class OpenMatter:
    """One thing to do: in words, since or until when, and the record it is done in."""

    kind: str  # visit, waiting, recall, letter, referral, request
    id: int
    text: str
    day: date | None


class OpenMatters:
    """Reads them for one file, in one statement."""

    def __init__(self, session: Session):
        self._session = session

    def of(self, patient_id: int) -> tuple[OpenMatter, ...]:
        """What is open about her, the oldest first."""
        self._session.require(Permission.VIEW_PATIENTS, "see what is open about a patient")
        today = self._session.clock.today()
        soon = (today + _RECALL_AHEAD).isoformat()
        rows = self._session.db.rows(
            "SELECT 'visit', id, '', starts_at FROM appointment WHERE patient_id = ?1"
            "  AND starts_at < ?2 AND status IN ('scheduled', 'confirmed', 'arrived', 'in-room')"
            " UNION ALL SELECT 'waiting', id, '', added_at FROM waiting_entry"
            "  WHERE patient_id = ?1 AND status = 'open'"
            " UNION ALL SELECT 'recall', r.id, t.name, r.due_on FROM recall r"
            "  JOIN recall_type t ON t.id = r.recall_type_id"
            "  WHERE r.patient_id = ?1 AND r.status = 'open' AND r.due_on <= ?3"
            "  AND r.appointment_id IS NULL"
            " UNION ALL SELECT 'letter', id, subject, written_on FROM letter"
            "  WHERE patient_id = ?1 AND status = 'filed'"
            " UNION ALL SELECT 'referral', id, specialty, chase_on FROM referral"
            "  WHERE patient_id = ?1 AND chase_on <= ?4"
            " UNION ALL SELECT 'request', id, requester, due_on FROM records_request"
            "  WHERE patient_id = ?1 AND status IN ('open', 'ready')"
            " ORDER BY 4",
            (patient_id, today.isoformat(), soon, today.isoformat()),
        )
        return tuple(
            OpenMatter(kind, row_id, self._words(kind, text), _day(at))
            for kind, row_id, text, at in rows
        )

    def _words(self, kind: str, text: str) -> str:
        return {
            "visit": "What became of this visit?",
            "waiting": "On the waiting list",
            "recall": f"To be recalled: {text}",
            "letter": f"Letter not printed yet: {text}" if text else "Letter not printed yet",
            "referral": f"Referral without an answer: {text}" if text else
            "Referral without an answer",
            "request": f"Records request of {text}",
        }[kind]  # fmt: skip


def _day(at: str | None) -> date | None:
    return datetime.fromisoformat(at).date() if at else None
