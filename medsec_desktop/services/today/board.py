"""Today's visits as the front desk sees them, in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.calendar.visits import FREED, VisitStatus, provider_called
from medsec_desktop.domain.people import PersonName
from medsec_desktop.services.today.records import BoardRow, WaitingCount

if TYPE_CHECKING:
    from medsec_desktop.services.office import Office
    from medsec_desktop.services.today.records import Check, Departure, QueueRow

# When she came. A correction to a state in which she is not here takes an arrival back; one from the
# room to the waiting room does not, for she has sat there all the time.
_ARRIVED_AT = """
(SELECT min(e.at) FROM appointment_event e WHERE e.appointment_id = a.id AND e.status = 'arrived'
 AND e.id > coalesce((SELECT max(x.id) FROM appointment_event x WHERE x.appointment_id = a.id
                      AND x.status IN ('scheduled', 'confirmed', 'no-show', 'cancelled')), 0))
"""
# Of the other states the latest stamp counts.
# A visit that was moved has left its old row behind, cancelled by nobody; it is on no board.
_ROWS = f"""
SELECT a.id, a.version, a.patient_id, a.provider_id, a.starts_at, a.duration_min, a.status,
       a.reason, a.room_id, coalesce(r.name, ''), a.authorization_id,
       coalesce(t.name, ''), coalesce(t.wait_limit_min, 15),
       p.family_name, p.given_name, p.middle_name, p.name_prefix, p.name_suffix, p.preferred_name,
       d.family_name, d.given_name, d.credential,
       EXISTS (SELECT 1 FROM patient_alert w WHERE w.patient_id = a.patient_id
               AND w.is_shown_on_arrival AND (w.expires_on IS NULL OR w.expires_on >= ?1)),
       {_ARRIVED_AT},
       (SELECT e.at FROM appointment_event e WHERE e.appointment_id = a.id
        AND e.status = 'in-room' ORDER BY e.id DESC LIMIT 1),
       CASE a.status WHEN 'confirmed' THEN coalesce((
           SELECT e.detail FROM appointment_event e WHERE e.appointment_id = a.id
           AND e.status = 'confirmed' ORDER BY e.id DESC LIMIT 1), '') ELSE '' END
FROM appointment a
JOIN patient p ON p.id = a.patient_id
JOIN provider d ON d.id = a.provider_id
LEFT JOIN appointment_type t ON t.id = a.type_id
LEFT JOIN room r ON r.id = a.room_id
WHERE a.starts_at >= ?1 AND a.starts_at < ?2
  AND NOT (a.status = 'cancelled'
           AND EXISTS (SELECT 1 FROM appointment n WHERE n.rescheduled_from_id = a.id))
ORDER BY a.starts_at, a.id
"""


class Board:
    """The front-desk board of one practice."""

    def __init__(self, office: Office):
        self._office = office
        self._session = office.session
        self._db = office.session.db

    def today(self) -> tuple[BoardRow, ...]:
        """Every visit of today by time, those that fell away too. One statement."""
        day = self._session.clock.today()
        return tuple(
            _row(row)
            for row in self._db.rows(
                _ROWS, (day.isoformat(), (day + timedelta(days=1)).isoformat())
            )
        )

    def of_patient(self, patient_id: int) -> BoardRow | None:
        """The visit of today that comes next for a patient, or the one under way."""
        here = (VisitStatus.ARRIVED, VisitStatus.IN_ROOM)
        expected = (VisitStatus.SCHEDULED, VisitStatus.CONFIRMED)
        rows = [row for row in self.today() if row.patient_id == patient_id]
        for states in (here, expected):
            found = next((row for row in rows if row.status in states), None)
            if found is not None:
                return found
        return None

    def waiting(self) -> WaitingCount:
        """Who sits in the waiting room now, counted. One statement."""
        now = self._session.clock.now()
        day = now.date()
        waited = self._db.rows(
            f"SELECT coalesce(t.wait_limit_min, 15), {_ARRIVED_AT}"
            " FROM appointment a LEFT JOIN appointment_type t ON t.id = a.type_id"
            " WHERE a.starts_at >= ? AND a.starts_at < ? AND a.status = 'arrived'",
            (day.isoformat(), (day + timedelta(days=1)).isoformat()),
        )
        too_long = sum(
            1
            for limit_min, arrived_at in waited
            if arrived_at is not None
            and now - datetime.fromisoformat(arrived_at) >= timedelta(minutes=limit_min + 1)
        )
        return WaitingCount(len(waited), too_long)

    def checks(self, rows: Sequence[BoardRow]) -> dict[int, tuple[Check, ...]]:
        """By visit, what is missing or must be read when she arrives; seven statements for all."""
        from medsec_desktop.services.patients.readiness import VisitAsked
        from medsec_desktop.services.today.arrivals import checks

        ready = self._office.readiness.of_visits(
            VisitAsked(
                row.id,
                row.patient_id,
                row.starts_at.date(),
                row.authorization_id,
                row.status not in FREED,
            )
            for row in rows
        )
        clock = self._session.clock
        now = clock.now()
        midnight = clock.now_utc() - (now - datetime.combine(now.date(), time()))
        consents = self._office.consents.due_of(row.patient_id for row in rows)
        formats = self._office.formats
        return checks(self._db, now.date(), midnight, rows, ready, consents, formats)

    def note_alert_read(self, patient_id: int, text: str) -> None:
        """An alert was read at the desk: today it need not be read again. Kept in the audit trail."""
        from medsec_desktop.services.today.arrivals import note_read

        note_read(self._session, patient_id, text)

    def departures(self) -> tuple[Departure, ...]:
        """Today's finished visits, the latest first, with what was arranged after each."""
        from medsec_desktop.services.today.departures import departures

        return departures(self._db, self._session.clock.now())

    def queue(self) -> tuple[QueueRow, ...]:
        """The work waiting at the desk, most pressing first; some ten statements."""
        from medsec_desktop.services.today.queue import queue

        return queue(self._office)

    def verify_coverage(
        self, coverage_id: int, note: str = "", initiator: object | None = None
    ) -> None:
        """The payer was asked today and the insurance holds; `note` is by whom or the reference.

        Raises NotAllowed, and Conflict when the coverage is no longer on file.
        """
        from medsec_desktop.services.patients.coverage_records import VerificationDraft

        answer = VerificationDraft(how="other", reference=note)
        self._office.verifications.record(coverage_id, answer, initiator)


def _row(row: tuple[Any, ...]) -> BoardRow:
    return BoardRow(
        id=row[0],
        version=row[1],
        patient_id=row[2],
        provider_id=row[3],
        starts_at=datetime.fromisoformat(row[4]),
        duration_min=row[5],
        status=VisitStatus(row[6]),
        reason=row[7],
        room_id=row[8],
        room_name=row[9],
        authorization_id=row[10],
        type_name=row[11],
        wait_limit_min=row[12],
        patient_name=PersonName(*row[13:19]).listed,
        provider_name=provider_called(*row[19:22]),
        has_alert=bool(row[22]),
        arrived_at=_at(row[23]),
        to_room_at=_at(row[24]),
        confirmed_how=row[25],
    )


def _at(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
