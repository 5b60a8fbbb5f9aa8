"""Visits that took place and of which nobody has said yet what they cost."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from medsec_desktop.domain.calendar import provider_called
from medsec_desktop.domain.people import PersonName
from medsec_desktop.services.claims.charge_records import VisitToCharge
from medsec_desktop.store.database import Database

_JOINED = (
    " LEFT JOIN encounter e ON e.appointment_id = a.id"
    " LEFT JOIN charge_sheet s ON s.encounter_id = e.id"
)
# A kept visit; an open sheet counts as begun. ?1 is the first day asked about.
_WHERE = " WHERE a.status = 'done' AND a.starts_at >= ?1 AND (s.id IS NULL OR s.status = 'open')"


_USUALLY_BACK = timedelta(days=90)


def first_day(kept: str, today: date) -> date:
    """The first day whose visits are billed here, as the setting has it; by default 90 days back."""
    try:
        return date.fromisoformat(kept)
    except ValueError:
        return today - _USUALLY_BACK


def uncharged(db: Database, from_on: date, limit: int = 500) -> tuple[VisitToCharge, ...]:
    """The kept visits without charges since a day, the oldest first."""
    return tuple(
        VisitToCharge(
            row[0], row[1], PersonName(*row[2:8]).listed, datetime.fromisoformat(row[8]), row[9],
            row[10], provider_called(*row[11:14]), row[14], bool(row[15]),
        )
        for row in db.rows(
            "SELECT a.id, a.patient_id, p.family_name, p.given_name, p.middle_name, p.name_prefix,"
            " p.name_suffix, p.preferred_name, a.starts_at, coalesce(t.name, 'Visit'),"
            " a.provider_id, d.family_name, d.given_name, d.credential,"
            " coalesce((SELECT y.name FROM coverage c JOIN payer y ON y.id = c.payer_id"
            "  WHERE c.patient_id = a.patient_id AND c.rank = 'primary'"
            "  AND (c.starts_on IS NULL OR c.starts_on <= substr(a.starts_at, 1, 10))"
            "  AND (c.ends_on IS NULL OR c.ends_on >= substr(a.starts_at, 1, 10))"
            "  ORDER BY c.starts_on DESC, c.id DESC LIMIT 1), ''), s.id IS NOT NULL"
            " FROM appointment a JOIN patient p ON p.id = a.patient_id"
            " JOIN provider d ON d.id = a.provider_id"
            f" LEFT JOIN appointment_type t ON t.id = a.type_id{_JOINED}{_WHERE}"
            " ORDER BY a.starts_at, a.id LIMIT ?2",
            (from_on.isoformat(), limit),
        )
    )  # fmt: skip


def how_many(db: Database, from_on: date) -> tuple[int, date | None]:
    """How many there are and the day of the oldest."""
    count, first = db.rows(
        f"SELECT count(*), min(a.starts_at) FROM appointment a{_JOINED}{_WHERE}",
        (from_on.isoformat(),),
    )[0]
    return int(count), date.fromisoformat(first[:10]) if first else None
