"""Absences and closures as other calendars are told of them: an event for each day.

A day somebody is no longer away on is told as cancelled, as a visit is: what once stood in a file
would stand in other calendars for ever. Which files were taken in by whom nobody knows, so whatever
the journal holds of an absence is told, also what was never exported, as it is with visits. SEQUENCE
counts the changes in the journal, undo included, and so only grows.

Block-outs and holds are the desk's own business and are in no file; there is nothing to take back.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.calendar import DAY_MIN, Span, provider_called
from medsec_desktop.store.database import Database

if TYPE_CHECKING:
    from medsec_desktop.exchange.calendar_events import OutEvent


@dataclass(slots=True)
class _Absence:
    """What the table and the journal say of one closure."""

    now: dict[str, Any] | None = None
    was: list[dict[str, Any]] = field(default_factory=list)  # oldest first
    changes: int = 0
    changed_at: datetime | None = None

    @property
    def sequence(self) -> int:
        version = int(self.now["version"]) if self.now else 0
        return max(version, self.changes)


def times_away(
    db: Database,
    first: date,
    last: date,
    provider_ids: tuple[int, ...],
    *,
    with_names: bool,
    with_cancelled: bool,
    uid_end: str,
) -> list[OutEvent]:
    """Each day from `first` to `last` on which a provider or everybody is away, or no longer is.

    Without names nobody learns why. `uid_end` tells this practice's from all others.
    """
    from medsec_desktop.exchange.calendar_events import OutEvent

    names = {
        row[0]: provider_called(*row[1:])
        for row in db.rows("SELECT id, family_name, given_name, credential FROM provider")
    }
    events: list[tuple[date, int, OutEvent]] = []
    for number, absence in _absences(db, with_cancelled).items():
        days: dict[date, tuple[dict[str, Any], bool]] = {}
        for row in absence.was if with_cancelled else ():
            days |= dict.fromkeys(_days(row, first, last), (row, True))
        if absence.now is not None:
            days |= dict.fromkeys(_days(absence.now, first, last), (absence.now, False))
        for day, (row, is_cancelled) in days.items():
            whose = row["provider_id"]
            if provider_ids and whose is not None and whose not in provider_ids:
                continue
            who = "Closed" if whose is None else f"{names.get(whose, 'Provider')} away"
            part = Span(row["starts_min"] or 0, row["ends_min"] or DAY_MIN)
            event = OutEvent(
                f"away-{number}-{day:%Y%m%d}-{uid_end}",
                absence.sequence,
                part.starts_at(day),
                part.duration_min,
                f"{who}: {row['name']}" if with_names else who,
                is_cancelled=is_cancelled,
                changed_at=absence.changed_at,
            )
            events.append((day, number, event))
    return [event for _, _, event in sorted(events, key=lambda each: each[:2])]


_COLUMNS = ("id", "version", "name", "provider_id", "first_on", "last_on", "starts_min", "ends_min")


def _absences(db: Database, with_deleted: bool) -> dict[int, _Absence]:
    found: dict[int, _Absence] = {}
    for row in db.rows(f"SELECT {', '.join(_COLUMNS)} FROM closure"):
        found[row[0]] = _Absence(dict(zip(_COLUMNS, row, strict=True)))
    for number, before, at_utc in db.rows(
        "SELECT c.row_id, c.before, o.at_utc FROM row_change c JOIN operation o"
        " ON o.id = c.operation_id WHERE c.table_name = 'closure' ORDER BY c.id"
    ):
        if number not in found and not with_deleted:
            continue
        absence = found.setdefault(number, _Absence())
        absence.changes += 1
        at = datetime.fromisoformat(at_utc)
        absence.changed_at = at.replace(tzinfo=UTC) if at.tzinfo is None else at
        if before:
            absence.was.append(json.loads(before))
    return found


def _days(row: dict[str, Any], first: date, last: date) -> list[date]:
    start = max(date.fromisoformat(row["first_on"]), first)
    end = min(date.fromisoformat(row["last_on"]), last)
    return [start + timedelta(days=number) for number in range((end - start).days + 1)]
