"""Reads the appointment book in whole statements, never one query a visit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from itertools import repeat
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain import calendar as book
from medsec_desktop.domain.calendar import FREED, Span, VisitStatus, provider_called
from medsec_desktop.domain.people import PersonName
from medsec_desktop.services.alerts import TEXT_SQL
from medsec_desktop.services.calendar.records import (
    AppointmentDetail,
    AppointmentRow,
    EventRow,
    Named,
    StoredVisit,
    TypeNamed,
)
from medsec_desktop.store.database import Database

# What Today does not need is imported when it is read: `book` brings its parts one by one.
if TYPE_CHECKING:
    from medsec_desktop.domain.calendar import HeldVisit

_FREED_SQL = ", ".join(f"'{status}'" for status in sorted(FREED))

# A visit that was moved has left its old row behind, cancelled by nobody: it is no cancellation.
NOT_MOVED = (
    " AND NOT (a.status = 'cancelled' AND EXISTS"
    " (SELECT 1 FROM appointment n WHERE n.rescheduled_from_id = a.id))"
)

# As `StoredVisit` lists them. An alert is read aloud where a booking is made until the day it
# expires; ?1 is today. Names of providers, types and rooms are read once, not with each visit.
ROW_SQL = f"""
SELECT a.id, a.version, a.patient_id, a.provider_id, a.type_id, a.starts_at, a.duration_min,
       a.status, a.reason, a.room_id, a.series_id, a.rescheduled_from_id,
       p.family_name, p.given_name, p.middle_name, p.name_prefix, p.name_suffix, p.preferred_name,
       coalesce((SELECT group_concat({TEXT_SQL}, char(10)) FROM patient_alert w
                 WHERE w.patient_id = a.patient_id AND w.is_shown_on_booking
                   AND (w.expires_on IS NULL OR w.expires_on >= ?1)), ''),
       coalesce((SELECT y.name FROM coverage c JOIN payer y ON y.id = c.payer_id
                 WHERE c.patient_id = a.patient_id AND c.rank = 'primary'
                   AND (c.ends_on IS NULL OR c.ends_on >= substr(a.starts_at, 1, 10))
                 ORDER BY c.starts_on DESC, c.id DESC LIMIT 1), ''),
       CASE a.status WHEN 'confirmed' THEN coalesce((
           SELECT detail FROM appointment_event e WHERE e.appointment_id = a.id
           AND e.status = 'confirmed' ORDER BY e.id DESC LIMIT 1), '') ELSE '' END
FROM appointment a
JOIN patient p ON p.id = a.patient_id
"""


def visits(
    db: Database,
    today: date,
    where: str,
    params: tuple[Any, ...],
    names: Callable[[], Named] | None = None,
) -> tuple[AppointmentRow, ...]:
    """Visits that meet a condition on `a`; its parameters are numbered from ?2.

    `names` gives what they are called by where somebody keeps it.
    """
    read = stored(db, today, where, params)
    if not read:
        return ()
    return tuple(map(AppointmentRow, read, repeat(named(db) if names is None else names())))


def stored(db: Database, today: date, where: str, params: tuple[Any, ...]) -> Sequence[StoredVisit]:
    """As `visits`, but as they are read, for whoever looks at few of them."""
    return db.rows(ROW_SQL + where, (today.isoformat(), *params))


def named(db: Database) -> Named:
    """Everybody's and everything's names."""
    return Named(
        {
            row[0]: (provider_called(*row[1:4]), row[4])
            for row in db.rows(
                "SELECT id, family_name, given_name, credential, colour FROM provider"
            )
        },
        {
            row[0]: TypeNamed(*row[1:])
            for row in db.rows(
                "SELECT id, name, colour, buffer_before_min, buffer_after_min FROM appointment_type"
            )
        },
        {row[0]: row[1] for row in db.rows("SELECT id, name FROM room")},
    )


def detail(db: Database, today: date, appointment_id: int) -> AppointmentDetail | None:
    """One visit with what its pane can change and what became of it; None where there is none."""
    found = visits(db, today, "WHERE a.id = ?2", (appointment_id,))
    if not found:
        return None
    more = db.one(
        "SELECT a.room_id, a.note, a.cancelled_by, a.cancel_reason, a.override_reason,"
        " coalesce(t.preparation, ''),"
        " coalesce((SELECT number FROM patient_phone f WHERE f.patient_id = a.patient_id"
        "           ORDER BY f.position, f.id LIMIT 1), ''),"
        " a.authorization_id, a.series_original_at, a.authorization_units,"
        " (SELECT o.starts_at FROM appointment o WHERE o.id = a.rescheduled_from_id),"
        " (SELECT max(n.id) FROM appointment n WHERE n.rescheduled_from_id = a.id)"
        " FROM appointment a LEFT JOIN appointment_type t ON t.id = a.type_id WHERE a.id = ?",
        (appointment_id,),
    )
    assert more is not None
    *texts, authorization_id, series_original_at, units, moved_from, moved_to_id = more
    room_id, note, cancelled_by, cancel_reason, override_reason, preparation, phone = texts
    return AppointmentDetail(
        found[0],
        room_id,
        note,
        cancelled_by,
        cancel_reason,
        override_reason,
        preparation,
        phone,
        authorization_id,
        _at(series_original_at),
        _at(moved_from),
        moved_to_id,
        units,
    )


def events(db: Database, appointment_id: int) -> tuple[EventRow, ...]:
    """Each state a visit took, oldest first, with who noted it."""
    return tuple(
        EventRow(
            VisitStatus(status), datetime.fromisoformat(at), text, bool(late), bool(wrong), who
        )
        for status, at, text, late, wrong, who in db.rows(
            "SELECT e.status, e.at, e.detail, e.is_late, e.is_correction, coalesce((SELECT"
            " o.user_name FROM row_change c JOIN operation o ON o.id = c.operation_id"
            " WHERE c.table_name = 'appointment_event' AND c.row_id = e.id ORDER BY c.id LIMIT 1),"
            " '') FROM appointment_event e WHERE e.appointment_id = ? ORDER BY e.id",
            (appointment_id,),
        )
    )


def held_visits(
    db: Database,
    first: date,
    last: date,
    provider_id: int,
    patient_id: int,
    room_id: int | None,
) -> dict[date, tuple[HeldVisit, ...]]:
    """By day, the visits that hold the provider's, the patient's or the room's time.

    Each of the first two is a range of an index of its own; rooms are found among the days' visits.
    """
    bounds = (first.isoformat(), (last + timedelta(days=1)).isoformat())
    branches = [("provider_id = ?", provider_id), ("patient_id = ?", patient_id)]
    if room_id is not None:
        branches.append(("room_id = ?", room_id))
    found = " UNION ".join(
        f"SELECT id FROM appointment WHERE {condition} AND starts_at >= ? AND starts_at < ?"
        f" AND status NOT IN ({_FREED_SQL})"
        for condition, _ in branches
    )
    params = [value for _, owner in branches for value in (owner, *bounds)]
    by_day: dict[date, list[HeldVisit]] = {}
    for row in db.rows(
        "SELECT a.id, a.patient_id, a.provider_id, a.room_id, a.starts_at, a.duration_min,"
        " coalesce(t.buffer_before_min, 0), coalesce(t.buffer_after_min, 0),"
        " p.family_name, p.given_name, p.middle_name, p.name_prefix, p.name_suffix,"
        " p.preferred_name, d.family_name, d.given_name, d.credential"
        " FROM appointment a JOIN patient p ON p.id = a.patient_id"
        " JOIN provider d ON d.id = a.provider_id"
        f" LEFT JOIN appointment_type t ON t.id = a.type_id WHERE a.id IN ({found})"
        " ORDER BY a.starts_at, a.id",
        params,
    ):
        starts_at = datetime.fromisoformat(row[4])
        by_day.setdefault(starts_at.date(), []).append(
            book.HeldVisit(
                id=row[0],
                patient_id=row[1],
                patient_name=PersonName(*row[8:14]).listed,
                provider_id=row[2],
                provider_name=provider_called(*row[14:17]),
                room_id=row[3],
                span=Span.of(starts_at, row[5]),
                buffer_before_min=row[6],
                buffer_after_min=row[7],
            )
        )
    return {day: tuple(held) for day, held in by_day.items()}


def _at(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
