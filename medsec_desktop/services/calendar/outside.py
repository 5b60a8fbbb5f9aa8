"""Visits that lie outside the hours as they are now: what a change of hours leaves to do."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from medsec_desktop.domain.calendar.breaches import breaches_of
from medsec_desktop.domain.calendar.plans import DayPlan
from medsec_desktop.domain.calendar.rules import DayFacts, Rule, WantedVisit, Weight
from medsec_desktop.domain.calendar.slots import free_for
from medsec_desktop.domain.calendar.spans import Span
from medsec_desktop.services.calendar import reading
from medsec_desktop.services.calendar.availability import Plans, provider_plans, room_plans
from medsec_desktop.services.calendar.hours_records import OutsideRow
from medsec_desktop.services.calendar.judging import Judge
from medsec_desktop.services.calendar.records import AppointmentRow
from medsec_desktop.services.practice import Practice
from medsec_desktop.services.session import Session

# The rules about when, which a change of hours may break for visits that were booked before.
ABOUT_HOURS = (
    Rule.CLOSURE,
    Rule.HOLIDAY,
    Rule.OUTSIDE_HOURS,
    Rule.ROOM_CLOSED,
    Rule.BLOCKED,
)
_EXPECTED = "a.status IN ('scheduled', 'confirmed', 'arrived', 'in-room')"


class Outside:
    """Finds the visits still expected that lie outside the hours."""

    def __init__(self, session: Session, practice: Practice):
        self._session = session
        self._db = session.db
        self._practice = practice
        self._judge = Judge(session, practice)

    def visits(
        self, first: date | None, last: date | None, provider_ids: Collection[int] | None
    ) -> tuple[OutsideRow, ...]:
        """By time, from now or a later day on; those kept for a reason come after the others."""
        suspects, plans, rooms, weights = self._suspects(first, last, provider_ids)
        told = self._told(suspects, plans, rooms, weights)
        return tuple(sorted(told, key=lambda row: row.kept != ""))

    def ids(self, provider_ids: Collection[int] | None = None) -> frozenset[int]:
        """The numbers of those that still need an answer."""
        rows = self.visits(None, None, provider_ids)
        return frozenset(row.visit.id for row in rows if not row.kept)

    def _weights(self) -> Mapping[Rule, Weight]:
        return {
            rule: weight if rule in ABOUT_HOURS else Weight.OFF
            for rule, weight in self._judge.weights().items()
        }

    def _suspects(
        self, first: date | None, last: date | None, provider_ids: Collection[int] | None
    ) -> tuple[list[WantedVisit], Plans, Plans, Mapping[Rule, Weight]]:
        """The visits that do not plainly lie within the hours, and what they are judged by.

        A practice has tens of thousands of visits to come, and the time of a day that is open to a
        type is the same for all of them: it is worked out once.
        """
        now, weights = self._session.clock.now(), self._weights()
        rows = self._expected(max(now, _midnight(first)) if first else now, last, provider_ids)
        if not rows:
            return [], {}, {}, weights
        days = (date.fromisoformat(rows[0][3][:10]), date.fromisoformat(rows[-1][3][:10]))
        plans = provider_plans(self._db, *days, {row[2] for row in rows}, now)
        rooms = room_plans(self._db, *days, {row[5] for row in rows if row[5]}, now)
        open_to: dict[tuple[object, ...], tuple[Span, ...]] = {}
        suspects = []
        for row in rows:
            key = (row[2], row[3][:10], row[5], row[6])
            starts_min = int(row[3][11:13]) * 60 + int(row[3][14:16])
            if key not in open_to:
                wanted = _wanted(row)
                day = wanted.starts_at.date()
                room: DayPlan | None = rooms.get((wanted.room_id or 0, day))
                open_to[key] = free_for(wanted, plans[wanted.provider_id, day], room, weights)
            ends_min = starts_min + row[4]
            if not any(s.starts_min <= starts_min and ends_min <= s.ends_min for s in open_to[key]):
                suspects.append(_wanted(row))
        return suspects, plans, rooms, weights

    def _expected(
        self, since: datetime, last: date | None, provider_ids: Collection[int] | None
    ) -> list[tuple[Any, ...]]:
        until = (last + timedelta(days=1)).isoformat() if last else "9"
        some = (
            "" if provider_ids is None else " AND a.provider_id IN (SELECT value FROM json_each(?))"
        )
        params: list[object] = [since.isoformat(timespec="minutes"), until]
        if provider_ids is not None:
            params.append(json.dumps(sorted(provider_ids)))
        return self._db.rows(
            "SELECT a.id, a.patient_id, a.provider_id, a.starts_at, a.duration_min, a.room_id,"
            f" a.type_id FROM appointment a WHERE {_EXPECTED}"
            " AND a.status IN ('scheduled', 'confirmed')"
            f" AND a.starts_at >= ? AND a.starts_at < ?{some} ORDER BY a.starts_at, a.id",
            params,
        )

    def _told(
        self,
        suspects: list[WantedVisit],
        plans: Plans,
        rooms: Plans,
        weights: Mapping[Rule, Weight],
    ) -> Iterator[OutsideRow]:
        if not suspects:
            return
        visits = self._rows([visit.id or 0 for visit in suspects])
        reasons = dict(
            self._db.rows(
                "SELECT id, override_reason FROM appointment"
                " WHERE id IN (SELECT value FROM json_each(?))",
                (json.dumps(list(visits)),),
            )
        )
        types = dict(self._db.rows("SELECT id, name FROM appointment_type"))
        for wanted in suspects:
            row = visits[wanted.id or 0]
            day = wanted.starts_at.date()
            facts = DayFacts(
                day=day,
                today=day,
                provider_name=row.provider_name,
                patient_name=row.patient_name,
                room_name=row.room_name,
                plan=plans[wanted.provider_id, day],
                room_plan=rooms.get((wanted.room_id or 0, day)),
                type_names=types,
            )
            breaches = breaches_of(wanted, facts, self._practice.formats, weights)
            if breaches:
                kept = "" if breaches[0].is_hard else reasons[row.id]
                sentences = " ".join(breach.sentence for breach in breaches)
                yield OutsideRow(row, breaches[0].rule, sentences, kept)

    def _rows(self, ids: list[int]) -> dict[int, AppointmentRow]:
        rows = reading.visits(
            self._db,
            self._session.clock.today(),
            "WHERE a.id IN (SELECT value FROM json_each(?2)) ORDER BY a.starts_at, a.id",
            (json.dumps(ids),),
        )
        return {row.id: row for row in rows}


def _wanted(row: tuple[Any, ...]) -> WantedVisit:
    return WantedVisit(
        patient_id=row[1],
        provider_id=row[2],
        starts_at=datetime.fromisoformat(row[3]),
        duration_min=row[4],
        room_id=row[5],
        id=row[0],
        type_id=row[6],
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time())
