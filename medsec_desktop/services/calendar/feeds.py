"""The calendar as iCalendar files for other programs.

A visit keeps its UID through every move: it is the number of the first booking and the practice's own.
SEQUENCE counts every change the journal holds of it and of the rows it was moved to, also of those an
undo has taken away again: the journal only grows, and so does the number.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.calendar import provider_called
from medsec_desktop.domain.people import PersonName
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.wording import counted
from medsec_desktop.problems import Invalid
from medsec_desktop.services.calendar.away_feed import times_away
from medsec_desktop.services.files_out import write_out
from medsec_desktop.services.practice import Practice
from medsec_desktop.services.practice.time_zone import clinic_zone
from medsec_desktop.services.progress import Progress, Quiet
from medsec_desktop.services.session import Session
from medsec_desktop.store.database import Database

if TYPE_CHECKING:
    from medsec_desktop.exchange.calendar_events import OutEvent

_HOST = "medsec-desktop"
_DAYS_AHEAD = 365


@dataclass(frozen=True, slots=True)
class FeedQuery:
    """Which visits, and how much of them: without names a stranger learns only that time is taken."""

    first: date
    last: date
    provider_ids: tuple[int, ...] = ()  # none: everybody
    patient_id: int | None = None  # her own visits, told to her
    with_names: bool = False
    with_cancelled: bool = True  # so that other programs take them out


@dataclass(frozen=True, slots=True)
class Feed:
    """A finished file and what it holds."""

    content: bytes
    name: str  # as `CalendarFeeds.file_name`
    visits: int
    sentence: str


class CalendarFeeds:
    """Writes iCalendar files."""

    def __init__(self, session: Session, practice: Practice):
        self._session = session
        self._db = session.db
        self._practice = practice

    def suggested(self, patient_id: int | None = None) -> FeedQuery:
        """From today for a year, everybody's, without names."""
        today = self._session.clock.today()
        return FeedQuery(today, today + timedelta(days=_DAYS_AHEAD), patient_id=patient_id)

    def file_name(self, query: FeedQuery) -> str:
        """How the file is called; names no patient.

        Raises Invalid where the days end before they begin, NotAllowed: at once, and as `make` would.
        """
        self._session.require(Permission.EXPORT_DATA, "export the calendar")
        if query.last < query.first:
            raise Invalid("The last day is before the first.", field="last")
        return f"Calendar {query.first.isoformat()}.ics"

    def make(self, query: FeedQuery, progress: Progress | None = None) -> Feed:
        """The file; a year of a large practice takes a while. Raises as `file_name`."""
        from medsec_desktop.exchange.calendar_events import OutEvent, calendar_file

        called, told = self.file_name(query), progress or Quiet()
        practice = self._practice.profile()
        rows = self._visits(query)
        identity = _practice_id(self._db)
        origins = _roots(self._db, [int(row[0]) for row in rows])
        histories = _histories(self._db, set(origins.values()))
        place = ", ".join(practice.address_lines)
        events = []
        for row in rows:
            sequence, changed_at = histories[origins[row[0]]]
            summary, description = self._words(query, row, practice.name, practice.phone)
            events.append(
                OutEvent(
                    f"{origins[row[0]]}-{identity}@{_HOST}",
                    sequence,
                    datetime.fromisoformat(row[1]),
                    row[2],
                    summary,
                    description,
                    place if query.patient_id else row[11],
                    (row[10],) if row[10] and query.with_names else (),
                    row[3] == "cancelled",
                    changed_at,
                )
            )
        away = self._away(query, f"{identity}@{_HOST}")
        events += away
        content = calendar_file(
            events,
            name=practice.name,
            zone_name=clinic_zone(self._practice),
            written_at=self._session.clock.now_utc(),
            told=lambda done: told.report(done, len(events)),
        )
        first, last = (
            self._practice.formats.date(query.first),
            self._practice.formats.date(query.last),
        )
        count = counted(len(rows), "visit")
        standing = sum(not event.is_cancelled for event in away)
        if standing:
            count += f" and {counted(standing, 'time')} away"
        return Feed(
            content,
            called,
            len(rows),
            f"{count} from {first} to {last}.",
        )

    def save(self, query: FeedQuery, path: Path, progress: Progress | None = None) -> Feed:
        """Write the file and record that it left the program. Raises Unavailable, and as `make`."""
        feed = self.make(query, progress)
        names = "with names" if query.with_names else "without names"

        def record() -> None:
            self._session.event(
                "Exported the calendar (iCalendar)",
                query.patient_id,
                reason=f"{feed.sentence} {names if query.patient_id is None else 'for the patient'}",
            )

        write_out(path, feed.content, record)
        return feed

    # -- inside ---------------------------------------------------------------------------------

    def _visits(self, query: FeedQuery) -> list[tuple[Any, ...]]:
        """The visits that stand; the old place of a moved one is told by the moved one's UID."""
        where = ["a.starts_at >= ?", "a.starts_at < ?"]
        values: list[Any] = [
            query.first.isoformat(),
            (query.last + timedelta(days=1)).isoformat(),
        ]
        if query.patient_id is not None:
            where.append("a.patient_id = ?")
            values.append(query.patient_id)
        if query.provider_ids:
            where.append("a.provider_id IN (SELECT value FROM json_each(?))")
            values.append(json.dumps(query.provider_ids))
        if not query.with_cancelled:
            where.append("a.status <> 'cancelled'")
        return self._db.rows(
            "SELECT a.id, a.starts_at, a.duration_min, a.status,"
            " p.family_name, p.given_name, p.middle_name, d.family_name, d.given_name,"
            " d.credential, coalesce(t.name, ''), coalesce(r.name, ''), coalesce(t.preparation, ''),"
            " a.reason, p.preferred_name, p.name_suffix"
            " FROM appointment a JOIN patient p ON p.id = a.patient_id"
            " JOIN provider d ON d.id = a.provider_id"
            " LEFT JOIN appointment_type t ON t.id = a.type_id"
            " LEFT JOIN room r ON r.id = a.room_id"
            f" WHERE {' AND '.join(where)} AND NOT EXISTS"
            " (SELECT 1 FROM appointment n WHERE n.rescheduled_from_id = a.id)"
            " ORDER BY a.starts_at, a.id",
            values,
        )

    def _away(self, query: FeedQuery, uid_end: str) -> list[OutEvent]:
        """When providers are away and the practice closed; a patient is not told of it."""
        if query.patient_id is not None:
            return []
        return times_away(
            self._db,
            query.first,
            query.last,
            query.provider_ids,
            with_names=query.with_names,
            with_cancelled=query.with_cancelled,
            uid_end=uid_end,
        )

    def _words(
        self, query: FeedQuery, row: tuple[Any, ...], practice: str, phone: str
    ) -> tuple[str, str]:
        """Title and text of an event, as much as the query lets out."""
        provider = provider_called(*row[7:10])
        if query.patient_id is not None:
            lines = [f"How to prepare: {row[12]}" if row[12].strip() else ""]
            lines.append(f"To change it, please call {phone}." if phone else "")
            title = f"Appointment with {provider}, {practice}"
            return title, "\n".join(line for line in lines if line)
        if not query.with_names:
            return f"Booked: {provider}", ""
        name = PersonName(row[4], row[5], row[6], suffix=row[15], preferred=row[14]).listed
        title = " · ".join(part for part in (name, row[10], provider) if part)
        return title, row[13]


def root_in(db: Database, uid: str) -> int | None:
    """The first booking's number in a UID this practice gave; None in any other."""
    found = re.fullmatch(rf"(\d+)-([0-9a-f]+)@{_HOST}(?:\|.*)?", uid)
    if found is None or found[2] != _practice_id(db):
        return None
    return int(found[1])


def is_own_absence(db: Database, uid: str) -> bool:
    """Whether a UID is one this practice gave to a time somebody is away."""
    found = re.fullmatch(rf"away-\d+-\d{{8}}-([0-9a-f]+)@{_HOST}(?:\|.*)?", uid)
    return found is not None and found[1] == _practice_id(db)


def standing_of(db: Database, appointment_id: int) -> int:
    """The visit that stands in place of one that was moved, however often; itself where it was not."""
    stands = db.value(
        "WITH RECURSIVE later (id) AS (VALUES (?) UNION"
        " SELECT a.id FROM appointment a JOIN later l ON a.rescheduled_from_id = l.id)"
        " SELECT max(id) FROM later",
        (appointment_id,),
    )
    return int(stands)


def _roots(db: Database, ids: Sequence[int]) -> dict[int, int]:
    """For each visit the booking it goes back to, itself where it was never moved."""
    return {
        int(row[0]): int(row[1])
        for row in db.rows(
            "WITH RECURSIVE back (id, at, before) AS ("
            " SELECT id, id, rescheduled_from_id FROM appointment"
            " WHERE id IN (SELECT value FROM json_each(?))"
            " UNION ALL SELECT b.id, a.id, a.rescheduled_from_id"
            " FROM back b JOIN appointment a ON a.id = b.before)"
            " SELECT id, at FROM back WHERE before IS NULL",
            (json.dumps(list(ids)),),
        )
    }


def _histories(db: Database, roots: set[int]) -> dict[int, tuple[int, datetime | None]]:
    """For each first booking how often it was changed after it was made, and when last (UTC).

    Its changes are those of every row it was ever moved to, also of what an undo has deleted since.
    """
    origin = {root: root for root in roots}
    new = list(roots)
    while new:
        found = [
            (int(row[0]), int(row[1])) for each in _parts(new) for row in db.rows(_LATER, (each,))
        ]
        new = []
        for before, later in found:
            if later not in origin:
                origin[later] = origin[before]
                new.append(later)
    pairs = [[row_id, root] for row_id, root in origin.items()]
    counts = dict.fromkeys(roots, 0)
    lasts: dict[int, str] = {}
    for part in _parts(pairs):
        for root, count, last in db.rows(_CHANGES, (part,)):
            counts[root] += count
            lasts[root] = max(last, lasts.get(root, ""))
    return {
        root: (max(0, count - 1), _utc(lasts[root]) if root in lasts else None)
        for root, count in counts.items()
    }


# What a visit was moved to: whatever the operation that gave up its time booked in its stead.
_LATER = (
    "SELECT DISTINCT c.row_id, n.row_id FROM json_each(?) f"
    " CROSS JOIN row_change c ON c.table_name = 'appointment' AND c.row_id = f.value"
    "  AND c.before IS NOT NULL AND c.after IS NOT NULL"
    " CROSS JOIN row_change n ON n.operation_id = c.operation_id"
    "  AND n.table_name = 'appointment' AND n.before IS NULL"
    "  AND json_extract(n.after, '$.rescheduled_from_id') = c.row_id"
)
_CHANGES = (
    "SELECT json_extract(f.value, '$[1]'), count(*), max(o.at_utc) FROM json_each(?) f"
    " CROSS JOIN row_change c ON c.table_name = 'appointment'"
    "  AND c.row_id = json_extract(f.value, '$[0]')"
    " CROSS JOIN operation o ON o.id = c.operation_id GROUP BY 1"
)
_AT_ONCE = 2000


def _parts(values: Sequence[Any]) -> Iterator[str]:
    """The values as JSON lists that are not too long for one statement."""
    for at in range(0, len(values), _AT_ONCE):
        yield json.dumps(values[at : at + _AT_ONCE])


def _utc(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at


def _practice_id(db: Database) -> str:
    from medsec_desktop.store.keys import KeySlots

    return KeySlots(db.folder).practice_id
