"""What must not be missed, where it comes up: at selection, booking, arrival and billing."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from medsec_desktop.store.database import Database

PLACES = ("selection", "booking", "arrival", "billing")
# An alert `w` in one line, its kind said where it is more than a note.
TEXT_SQL = (
    "CASE w.kind WHEN 'allergy' THEN 'Allergy: ' WHEN 'risk' THEN 'Risk: ' ELSE '' END || w.text"
)
# The order in which several are read.
ORDER_SQL = "CASE w.kind WHEN 'allergy' THEN 0 WHEN 'risk' THEN 1 ELSE 2 END, w.id"


def shown_at(
    db: Database, place: str, patient_ids: Iterable[int], today: date
) -> Mapping[int, tuple[str, ...]]:
    """By patient, the alerts that come up at one of PLACES and have not expired."""
    if place not in PLACES:
        raise ValueError(f"alerts are shown at {', '.join(PLACES)}, not at {place}")
    found: dict[int, tuple[str, ...]] = defaultdict(tuple)
    for patient_id, text in db.rows(
        f"SELECT w.patient_id, {TEXT_SQL} FROM patient_alert w"
        f" WHERE w.is_shown_on_{place} AND (w.expires_on IS NULL OR w.expires_on >= ?)"
        " AND w.patient_id IN (SELECT value FROM json_each(?))"
        f" ORDER BY {ORDER_SQL}",
        (today.isoformat(), json.dumps(sorted(set(patient_ids)))),
    ):
        found[patient_id] += (text,)
    return found
