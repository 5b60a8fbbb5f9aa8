"""What is said of a patient while booking for her: who she is, and her visits around now."""

from __future__ import annotations

from datetime import datetime

from medsec_desktop.domain.people import PartialDate, PatientStatus, PersonName
from medsec_desktop.problems import Conflict
from medsec_desktop.services.alerts import shown_at
from medsec_desktop.services.calendar import reading
from medsec_desktop.services.calendar.records import PatientCard
from medsec_desktop.services.patients import authorizations
from medsec_desktop.store.database import Database


def card_of(db: Database, patient_id: int, now: datetime) -> PatientCard:
    """Her card as it stands now. Raises Conflict when there is no such file."""
    row = db.one(
        "SELECT family_name, given_name, middle_name, name_prefix, name_suffix,"
        " preferred_name, chart_number, birth_date, status,"
        " coalesce((SELECT number FROM patient_phone WHERE patient_id = p.id"
        "           ORDER BY position, id LIMIT 1), ''),"
        " (SELECT id FROM provider WHERE id = p.primary_provider_id AND is_bookable)"
        " FROM patient p WHERE id = ?",
        (patient_id,),
    )
    if row is None:
        raise Conflict("This patient's file is no longer there.")
    today, now_text = now.date(), now.isoformat(timespec="minutes")
    alerts = shown_at(db, "booking", (patient_id,), today)[patient_id]
    return PatientCard(
        patient_id,
        PersonName(*row[:6]),
        row[6],
        PartialDate.from_iso(row[7]) if row[7] else None,
        row[9],
        PatientStatus(row[8]),
        alerts,
        reading.visits(
            db,
            today,
            "WHERE a.patient_id = ?2 AND a.starts_at >= ?3"
            " AND a.status IN ('scheduled', 'confirmed', 'arrived', 'in-room')"
            " ORDER BY a.starts_at LIMIT 3",
            (patient_id, now_text),
        ),
        reading.visits(
            db,
            today,
            "WHERE a.patient_id = ?2 AND a.starts_at < ?3 AND a.status <> 'cancelled'"
            " ORDER BY a.starts_at DESC LIMIT 3",
            (patient_id, now_text),
        ),
        db.value(
            "SELECT count(*) FROM appointment WHERE patient_id = ? AND status = 'no-show'",
            (patient_id,),
        ),
        row[10],
        _last_encounter(db, patient_id),
        authorizations=authorizations.of_patient(db, patient_id),
        late_cancels=_late_cancels(db, patient_id),
    )


def _late_cancels(db: Database, patient_id: int) -> int:
    """Cancellations that came too late and still stand; a visit moved instead is none."""
    return int(
        db.value(
            "SELECT count(*) FROM appointment a WHERE a.patient_id = ? AND a.status = 'cancelled'"
            " AND (SELECT e.is_late FROM appointment_event e WHERE e.appointment_id = a.id"
            "      AND e.status = 'cancelled' ORDER BY e.id DESC LIMIT 1)"
            " AND NOT EXISTS (SELECT 1 FROM appointment n WHERE n.rescheduled_from_id = a.id)",
            (patient_id,),
        )
    )


def _last_encounter(db: Database, patient_id: int) -> tuple[datetime, str] | None:
    row = db.one(
        "SELECT e.starts_at, coalesce(p.given_name || ' ' || p.family_name, '') FROM encounter e"
        " LEFT JOIN provider p ON p.id = e.provider_id"
        " WHERE e.patient_id = ? AND e.appointment_id IS NULL ORDER BY e.starts_at DESC LIMIT 1",
        (patient_id,),
    )
    return None if row is None else (datetime.fromisoformat(row[0]), str(row[1]).strip())
