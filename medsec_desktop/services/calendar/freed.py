"""The time an operation gave back: a visit cancelled, missed, moved away or made shorter."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from medsec_desktop.domain.calendar import Slot, Span, VisitStatus, free_within
from medsec_desktop.services.session import Changes
from medsec_desktop.store.database import Database

_Place = tuple[int, date, Span]


def freed_slots(db: Database, changes: Changes, now: datetime) -> tuple[Slot, ...]:
    """What is free now and was not before the operation, still to come, earliest first.

    What the same operation took at once is not offered; whether the rest suits somebody is for the
    rules to say.
    """
    ids = changes.ids("appointment")
    if not ids:
        return ()
    before: dict[int, _Place | None] = {}
    after: dict[int, _Place | None] = {}
    for row_id, old, new in db.rows(
        "SELECT row_id, before, after FROM row_change WHERE operation_id = ?"
        " AND table_name = 'appointment' ORDER BY id",
        (changes.operation_id,),
    ):
        before.setdefault(row_id, _place(old))
        after[row_id] = _place(new)
    taken = [place for place in after.values() if place is not None]
    found = []
    for place in before.values():
        if place is None:
            continue
        provider_id, day, span = place
        busy = [held for who, on, held in taken if (who, on) == (provider_id, day)]
        for free in free_within([span], busy):
            starts_at = free.starts_at(day)
            if starts_at > now:
                found.append(Slot(starts_at, free.duration_min, provider_id))
    return tuple(sorted(found, key=lambda slot: (slot.starts_at, slot.provider_id)))


def _place(image: str | None) -> _Place | None:
    """Whose time the row took up and when; None where it took up none."""
    if image is None:
        return None
    row: dict[str, Any] = json.loads(image)
    if not VisitStatus(row["status"]).holds_its_slot:
        return None
    starts_at = datetime.fromisoformat(row["starts_at"])
    return row["provider_id"], starts_at.date(), Span.of(starts_at, row["duration_min"])
