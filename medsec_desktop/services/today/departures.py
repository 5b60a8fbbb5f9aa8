"""The departure list: who has been seen today, and what was arranged before she left."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from medsec_desktop.domain.people import PersonName
from medsec_desktop.services.alerts import shown_at
from medsec_desktop.services.today.records import Departure
from medsec_desktop.store.database import Database


def departures(db: Database, now: datetime) -> tuple[Departure, ...]:
    """Today's finished visits, the last to begin first, with the alerts of those who pay."""
    today = now.date()
    rows = db.rows(
        "SELECT a.id, a.patient_id, a.provider_id, p.family_name, p.given_name, p.middle_name,"
        " p.name_prefix, p.name_suffix, p.preferred_name,"
        " (SELECT n.id FROM appointment n WHERE n.patient_id = a.patient_id"
        "  AND n.starts_at > ?3 AND n.status IN ('scheduled', 'confirmed')"
        "  ORDER BY n.starts_at LIMIT 1),"
        " (SELECT n.starts_at FROM appointment n WHERE n.patient_id = a.patient_id"
        "  AND n.starts_at > ?3 AND n.status IN ('scheduled', 'confirmed')"
        "  ORDER BY n.starts_at LIMIT 1),"
        " (SELECT k.name || '|' || c.due_on FROM recall c"
        "  JOIN recall_type k ON k.id = c.recall_type_id WHERE c.patient_id = a.patient_id"
        "  AND c.status = 'open' AND c.due_on > ?1 ORDER BY c.due_on LIMIT 1),"
        " (SELECT max(l.id) FROM letter l WHERE l.status <> 'void'"
        "  AND (l.appointment_id = a.id OR (l.patient_id = a.patient_id AND l.written_on = ?1))),"
        " EXISTS (SELECT 1 FROM encounter e JOIN charge_sheet s ON s.encounter_id = e.id"
        "  WHERE e.appointment_id = a.id AND s.status <> 'open')"
        " FROM appointment a JOIN patient p ON p.id = a.patient_id"
        " WHERE a.starts_at >= ?1 AND a.starts_at < ?2 AND a.status = 'done'"
        " ORDER BY a.starts_at DESC, a.id DESC",
        (
            today.isoformat(),
            (today + timedelta(days=1)).isoformat(),
            now.isoformat(timespec="minutes"),
        ),
    )
    alerts = shown_at(db, "billing", {row[1] for row in rows}, today)
    return tuple(
        Departure(
            row[0],
            row[1],
            PersonName(*row[3:9]).listed,
            row[2],
            row[9],
            datetime.fromisoformat(row[10]) if row[10] else None,
            _recall(row[11]),
            row[12],
            alerts.get(row[1], ()),
            bool(row[13]),
        )
        for row in rows
    )


def _recall(text: str | None) -> str:
    if not text:
        return ""
    name, _, due_on = text.rpartition("|")
    return f"{name}, {date.fromisoformat(due_on):%B %Y}"
