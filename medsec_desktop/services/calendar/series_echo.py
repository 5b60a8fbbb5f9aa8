"""What an operation did to one visit of a series, so that the same can be done to the others."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from medsec_desktop.domain.calendar import VisitStatus
from medsec_desktop.services.calendar.records import BookingDraft
from medsec_desktop.services.session import Changes
from medsec_desktop.store.database import Database

_CARRIED = (
    "starts_at", "duration_min", "provider_id", "type_id", "room_id", "reason", "note",
    "authorization_id", "authorization_units",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OneChanged:
    """One visit of a series was moved, changed or cancelled: where it stands, and as it was."""

    visit_id: int
    before: BookingDraft
    is_cancelled: bool


def one_changed(db: Database, changes: Changes) -> OneChanged | None:
    """The visit of a series that an operation changed; None where it changed none, or several.

    An undo is no such change, nor is anything done to a whole series.
    """
    if changes.undoes is not None or not changes.touches("appointment"):
        return None
    if changes.touches("appointment_series"):
        return None
    before: dict[int, dict[str, Any]] = {}
    after: dict[int, dict[str, Any]] = {}
    for row_id, old, new in db.rows(
        "SELECT row_id, before, after FROM row_change WHERE operation_id = ?"
        " AND table_name = 'appointment' ORDER BY id",
        (changes.operation_id,),
    ):
        if old and row_id not in before and row_id not in after:
            before[row_id] = json.loads(old)
        if new:
            after[row_id] = json.loads(new)
    if len(before) != 1:
        return None
    ((row_id, old_row),) = before.items()
    now = after.get(row_id)
    if now is None or old_row.get("series_id") is None or now["series_id"] is None:
        return None
    successor = next(
        (one for one, row in after.items() if row.get("rescheduled_from_id") == row_id), None
    )
    if successor is not None:
        return OneChanged(successor, _draft(old_row), False)
    if VisitStatus(now["status"]) == VisitStatus.CANCELLED != VisitStatus(old_row["status"]):
        return OneChanged(row_id, _draft(old_row), True)
    if any(now[name] != old_row.get(name) for name in _CARRIED):
        return OneChanged(row_id, _draft(old_row), False)
    return None


def _draft(row: dict[str, Any]) -> BookingDraft:
    return BookingDraft(
        row["patient_id"],
        row["provider_id"],
        row["type_id"],
        datetime.fromisoformat(row["starts_at"]),
        row["duration_min"],
        row["room_id"],
        row["reason"],
        row["note"],
        row["version"],
        row["authorization_id"],
        row["series_id"],
        authorization_units=row.get("authorization_units", 1),
    )
