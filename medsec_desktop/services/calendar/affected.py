"""The visits of an absent provider: which they are, what became of each, and whether she knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from medsec_desktop.domain.calendar.absences import AwayState
from medsec_desktop.domain.calendar.spans import DAY_MIN, Span
from medsec_desktop.domain.calendar.visits import provider_called
from medsec_desktop.problems import Conflict, Link
from medsec_desktop.services.calendar import reading
from medsec_desktop.services.calendar.calls import CallRow, Calls
from medsec_desktop.services.calendar.records import AppointmentRow
from medsec_desktop.store.database import Database

# The minute of its day a visit begins at.
_MINUTE = "(60 * substr(a.starts_at, 12, 2) + substr(a.starts_at, 15, 2))"
_LETTERS = "('appointment_reschedule', 'appointment_cancellation')"


@dataclass(frozen=True, slots=True)
class AwayVisit:
    """One visit affected: what it was, what became of it, and whether she knows."""

    was: AppointmentRow
    state: AwayState
    phone: str
    now: AppointmentRow | None = None  # the visit she has instead
    last_call: CallRow | None = None
    calls: int = 0
    letter_on: date | None = None  # the last letter about it

    @property
    def id(self) -> int:
        return self.was.id

    @property
    def is_told(self) -> bool:
        """Whether she knows: reached, word left for her, or written to."""
        call = self.last_call
        heard = call is not None and (call.outcome.is_answered or call.outcome.left_a_message)
        return self.state is not AwayState.LEFT and (heard or self.letter_on is not None)

    @property
    def letter(self) -> tuple[int, str] | None:
        """The visit a letter would be about and its template; None while nothing is settled."""
        if self.state is AwayState.MOVED and self.now is not None:
            return self.now.id, "appointment_reschedule"
        if self.state is AwayState.CANCELLED:
            return self.was.id, "appointment_cancellation"
        return None


@dataclass(frozen=True, slots=True)
class AwayDays:
    """Whose absence it is, and from when to when."""

    id: int
    version: int
    provider_id: int
    provider_name: str
    name: str  # "Vacation"
    first_on: date
    last_on: date
    part: Span | None = None  # of each of these days; None: all day

    @property
    def back_on(self) -> date:
        """The first day after it."""
        return self.last_on + timedelta(days=1)

    @property
    def free_from(self) -> date:
        """The first day on which she may have time again: within it, where she is there in part."""
        return self.back_on if self.part is None else self.first_on


def days_of(db: Database, absence_id: int) -> AwayDays:
    """One absence. Raises Conflict where it is gone."""
    row = db.one(
        "SELECT c.version, c.provider_id, c.name, c.first_on, c.last_on,"
        " p.family_name, p.given_name, p.credential, c.starts_min, c.ends_min"
        " FROM closure c JOIN provider p ON p.id = c.provider_id WHERE c.id = ?",
        (absence_id,),
    )
    if row is None:
        raise Conflict(
            "This absence is no longer there.",
            "It was taken back.",
            "Choose the provider and the days again.",
        )
    return AwayDays(
        absence_id,
        row[0],
        row[1],
        provider_called(*row[5:8]),
        row[2],
        date.fromisoformat(row[3]),
        date.fromisoformat(row[4]),
        None if row[8] is None else Span(row[8], row[9]),
    )


def visits_of(db: Database, calls: Calls, away: AwayDays, now: datetime) -> tuple[AwayVisit, ...]:
    """The visits affected, by time: those that stand there, and those settled since it began.

    What is past, or under way, is not part of it.
    """
    since = db.value(
        "SELECT min(id) FROM row_change WHERE table_name = 'closure' AND row_id = ?", (away.id,)
    )
    part = away.part or Span(0, DAY_MIN)
    rows = reading.visits(
        db,
        now.date(),
        "WHERE a.provider_id = ?2 AND a.starts_at >= ?3 AND a.starts_at < ?4"
        " AND ((a.status IN ('scheduled', 'confirmed') AND a.starts_at >= ?5)"
        " OR (a.status = 'cancelled' AND EXISTS (SELECT 1 FROM row_change r"
        "   WHERE r.table_name = 'appointment' AND r.row_id = a.id AND r.id > ?6)))"
        f" AND {_MINUTE} < ?8 AND {_MINUTE} + a.duration_min > ?7"
        " ORDER BY a.starts_at, a.id",
        (
            away.provider_id,
            away.first_on.isoformat(),
            away.back_on.isoformat(),
            now.isoformat(timespec="minutes"),
            since or 0,
            part.starts_min,
            part.ends_min,
        ),
    )
    return tuple(_with_fate(db, calls, rows, now)) if rows else ()


def affected(visits: tuple[AwayVisit, ...], visit_id: int) -> AwayVisit:
    """One of the visits. Raises Conflict where it is no longer among them."""
    for visit in visits:
        if visit.id == visit_id:
            return visit
    raise Conflict(
        "This visit is no longer part of the absence.",
        "It was moved or changed elsewhere.",
        "The list is shown as it is now.",
        (Link("appointment", str(visit_id), "Show the visit"),),
    )


def _with_fate(
    db: Database, calls: Calls, rows: tuple[AppointmentRow, ...], now: datetime
) -> Iterator[AwayVisit]:
    """Each visit with what became of it, in a handful of statements."""
    latest = _latest(db, [row.id for row in rows])
    standing = {
        row.id: row
        for row in reading.visits(db, now.date(), f"WHERE a.id IN ({_list(latest.values())})", ())
    }
    about = {row.id: row.id for row in rows} | {new: old for old, new in latest.items()}
    made: dict[int, list[CallRow]] = {}
    for call in calls.of(appointment_ids=tuple(about), limit=5000):
        made.setdefault(about[call.appointment_id or 0], []).append(call)
    letters = {
        about[visit_id]: date.fromisoformat(written_on)
        for visit_id, written_on in db.rows(
            "SELECT appointment_id, max(written_on) FROM letter WHERE status <> 'void'"
            f" AND template IN {_LETTERS} AND appointment_id IN ({_list(about)})"
            " GROUP BY appointment_id ORDER BY 2"
        )
    }
    phones = dict(
        db.rows(
            "SELECT p.id, coalesce((SELECT number FROM patient_phone f WHERE f.patient_id = p.id"
            " ORDER BY f.position, f.id LIMIT 1), '') FROM patient p"
            f" WHERE p.id IN ({_list(row.patient_id for row in rows)})"
        )
    )
    for row in rows:
        new = standing.get(latest.get(row.id, 0))
        if new is not None and not new.status.holds_its_slot:
            new = None
        state = AwayState.MOVED if new else AwayState.CANCELLED
        if row.status.holds_its_slot:
            state = AwayState.LEFT
        hers = made.get(row.id, [])
        yield AwayVisit(
            row,
            state,
            phones.get(row.patient_id, ""),
            new,
            hers[0] if hers else None,
            len(hers),
            letters.get(row.id),
        )


def _latest(db: Database, ids: list[int]) -> dict[int, int]:
    """By visit, the last one it was moved to; those never moved are absent."""
    return dict(
        db.rows(
            "WITH RECURSIVE chain (root, id) AS ("
            f" SELECT id, id FROM appointment WHERE id IN ({_list(ids)})"
            " UNION ALL SELECT chain.root, a.id FROM appointment a"
            " JOIN chain ON a.rescheduled_from_id = chain.id)"
            " SELECT root, max(id) FROM chain WHERE id <> root GROUP BY root"
        )
    )


def _list(ids: Any) -> str:
    return ", ".join(str(int(row_id)) for row_id in ids)
