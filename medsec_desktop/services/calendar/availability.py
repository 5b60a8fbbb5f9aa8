"""When providers and rooms are open, and what is kept free: one reader for everybody who asks.

The Judge, the finder, the views, the waiting list and the series all read a stretch of days here,
in a handful of statements whatever its length. Where several things speak of a day the order is:
an exception stands in place of the weekly hours, the one over the fewest days before the others
and of two the later entered; a closure or a public holiday closes the day whatever its hours, and a
closure for a part of the day that part.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from medsec_desktop.domain.calendar.hours import WeeklyHours
from medsec_desktop.domain.calendar.plans import (
    AwayRow,
    BlockRow,
    DayPlan,
    HoldRow,
    blocked_spans,
    free_spans,
)
from medsec_desktop.domain.calendar.repeats import days_of
from medsec_desktop.domain.calendar.spans import DAY_MIN, Span, merged
from medsec_desktop.services.unchanged import Kept
from medsec_desktop.store.database import Database

__all__ = [
    "AwayRow",
    "BlockRow",
    "DayPlan",
    "HoldRow",
    "blocked_spans",
    "free_spans",
    "provider_plans",
    "room_plans",
    "spans_from_text",
    "spans_to_text",
]

_ALWAYS = (Span(0, DAY_MIN),)

Plans = dict[tuple[int, date], DayPlan]


def provider_plans(
    db: Database,
    first: date,
    last: date,
    provider_ids: Collection[int],
    now: datetime,
    kept: Kept | None = None,
) -> Plans:
    """Each provider's day, for every day from `first` to `last`; holds past their time are out.

    Weekly hours that are known already are taken from `kept`.
    """
    return _plans(db, first, last, tuple(dict.fromkeys(provider_ids)), now, "provider", kept)


def room_plans(
    db: Database,
    first: date,
    last: date,
    room_ids: Collection[int],
    now: datetime,
    kept: Kept | None = None,
) -> Plans:
    """Each room's day, as `provider_plans`; a room without hours of its own is always open."""
    return _plans(db, first, last, tuple(dict.fromkeys(room_ids)), now, "room", kept)


def spans_from_text(text: str) -> tuple[Span, ...]:
    """The stretches '540-720,780-1020' stands for; none for ''."""
    pairs = (part.split("-") for part in text.split(",") if part)
    return tuple(Span(int(first), int(last)) for first, last in pairs)


def spans_to_text(spans: Iterable[Span]) -> str:
    """Stretches as an exception keeps them, in order."""
    return ",".join(f"{span.starts_min}-{span.ends_min}" for span in merged(spans))


def _plans(
    db: Database,
    first: date,
    last: date,
    ids: tuple[int, ...],
    now: datetime,
    whose: str,
    kept: Kept | None,
) -> Plans:
    if not ids or last < first:
        return {}

    def read() -> dict[int, _Week]:
        weekly = _weekly(db, ids, whose)
        return {owner: _Week(weekly[owner], always_open=whose == "room") for owner in ids}

    weeks = read() if kept is None else kept.get(("weeks", whose, ids), read)
    exceptions = _exceptions(db, first, last, ids, whose)
    closures, away = _closures(db, first, last)
    holidays = _holidays(db, first, last)
    blocks = _blocks(db, first, last, ids, whose)
    holds = _holds(db, first, last, ids, whose, now)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    plans: Plans = {}
    for owner in ids:
        week = weeks[owner]
        own_closures = closures[None] if whose == "room" else {**closures[owner], **closures[None]}
        own_away = (None,) if whose == "room" else (owner, None)
        for day in days:
            key = (owner, day)
            differs, hours = exceptions.get(key, (None, None))
            holiday = holidays.get(day, "")
            plans[key] = DayPlan(
                week.on(day) if hours is None else hours,
                week.is_kept,
                own_closures.get(day, holiday),
                tuple(blocks.get(key, ())),
                tuple(holds.get(key, ())),
                holiday,
                differs,
                tuple(row for one in own_away for row in away.get((one, day), ())) if away else (),
            )
    return plans


class _Week:
    """The weekly hours of one provider or room; a weekday without dates is worked out once."""

    def __init__(self, stretches: tuple[WeeklyHours, ...], always_open: bool):
        self.is_kept = bool(stretches)
        self._open = always_open and not stretches
        self._dated = any(row.valid_from or row.valid_to for row in stretches)
        self._by_weekday: list[list[WeeklyHours]] = [[] for _ in range(7)]
        for row in stretches:
            self._by_weekday[row.weekday].append(row)
        self._hours: dict[int, tuple[Span, ...]] = {}

    def on(self, day: date) -> tuple[Span, ...]:
        if self._open:
            return _ALWAYS
        weekday = day.weekday()
        rows = self._by_weekday[weekday]
        if self._dated:
            return merged(row.span for row in rows if row.applies_on(day))
        if weekday not in self._hours:
            self._hours[weekday] = merged(row.span for row in rows)
        return self._hours[weekday]


def _weekly(db: Database, ids: tuple[int, ...], whose: str) -> dict[int, tuple[WeeklyHours, ...]]:
    table = "working_hours" if whose == "provider" else "room_hours"
    found: dict[int, list[WeeklyHours]] = {owner: [] for owner in ids}
    for owner, weekday, starts, ends, valid_from, valid_to in db.rows(
        f"SELECT {whose}_id, weekday, starts_min, ends_min, valid_from_on, valid_to_on"
        f" FROM {table} WHERE {whose}_id IN ({_marks(ids)}) ORDER BY id",
        ids,
    ):
        found[owner].append(
            WeeklyHours(weekday, Span(starts, ends), _day(valid_from), _day(valid_to))
        )
    return {owner: tuple(rows) for owner, rows in found.items()}


def _exceptions(
    db: Database, first: date, last: date, ids: tuple[int, ...], whose: str
) -> dict[tuple[int, date], tuple[str, tuple[Span, ...]]]:
    found: dict[tuple[int, date], tuple[str, tuple[Span, ...]]] = {}
    for owner, starts, ends, spans, note in db.rows(
        f"SELECT {whose}_id, first_on, last_on, spans, note FROM hours_exception"
        f" WHERE {whose}_id IN ({_marks(ids)}) AND last_on >= ? AND first_on <= ?"
        " ORDER BY julianday(last_on) - julianday(first_on) DESC, id",
        (*ids, first.isoformat(), last.isoformat()),
    ):
        hours = merged(spans_from_text(spans))
        for day in _days_within(starts, ends, first, last):
            found[owner, day] = (note, hours)
    return found


def _closures(
    db: Database, first: date, last: date
) -> tuple[Mapping[int | None, dict[date, str]], Mapping[tuple[int | None, date], list[AwayRow]]]:
    """By provider, and under None for everybody, what closes a day; and what closes parts of one.

    The practice's own closure is named before the provider's, because it is what callers are told.
    """
    closed: dict[int | None, dict[date, str]] = defaultdict(dict)
    away: dict[tuple[int | None, date], list[AwayRow]] = defaultdict(list)
    for closure_id, name, provider_id, starts, ends, starts_min, ends_min in db.rows(
        "SELECT id, name, provider_id, first_on, last_on, starts_min, ends_min FROM closure"
        " WHERE last_on >= ? AND first_on <= ? ORDER BY name DESC, id DESC",
        (first.isoformat(), last.isoformat()),
    ):
        for day in _days_within(starts, ends, first, last):
            if starts_min is None:
                closed[provider_id][day] = name
            else:
                away[provider_id, day].append(AwayRow(closure_id, Span(starts_min, ends_min), name))
    return closed, away


def _holidays(db: Database, first: date, last: date) -> dict[date, str]:
    return {
        date.fromisoformat(held_on): name
        for held_on, name in db.rows(
            "SELECT held_on, name FROM public_holiday WHERE held_on BETWEEN ? AND ?"
            " AND NOT is_worked ORDER BY id DESC",
            (first.isoformat(), last.isoformat()),
        )
    }


def _blocks(
    db: Database, first: date, last: date, ids: tuple[int, ...], whose: str
) -> dict[tuple[int, date], list[BlockRow]]:
    rows = db.rows(
        "SELECT id, version, provider_id, room_id, kind, title, starts_on, starts_min, ends_min,"
        f" rule, last_on, note FROM block_out WHERE starts_on <= ?"
        " AND (last_on IS NULL OR last_on >= ?) AND (rule <> '' OR starts_on >= ?)"
        f" AND ({whose}_id IN ({_marks(ids)}) OR (provider_id IS NULL AND room_id IS NULL))"
        " ORDER BY starts_min, id",
        (last.isoformat(), first.isoformat(), first.isoformat(), *ids),
    )
    if not rows:
        return {}
    admits: dict[int, set[int]] = defaultdict(set)
    for block_id, type_id in db.rows("SELECT block_out_id, type_id FROM block_out_type"):
        admits[block_id].add(type_id)
    left_out = {
        (block_id, day)
        for block_id, day in db.rows(
            "SELECT block_out_id, day_on FROM block_out_exception WHERE day_on BETWEEN ? AND ?",
            (first.isoformat(), last.isoformat()),
        )
    }
    found: dict[tuple[int, date], list[BlockRow]] = defaultdict(list)
    for row in rows:
        block_id, version, provider_id, room_id, kind, title, starts_on, starts, ends = row[:9]
        rule, last_on, note = row[9:]
        owner = provider_id if whose == "provider" else room_id
        owners = ids if provider_id is None and room_id is None else (owner,)
        for day in days_of(rule, date.fromisoformat(starts_on), _day(last_on), first, last):
            if (block_id, day.isoformat()) in left_out:
                continue
            block = BlockRow(
                block_id, version, day, Span(starts, ends), title, kind, provider_id, room_id,
                frozenset(admits.get(block_id, ())), note, bool(rule),
            )  # fmt: skip
            for one in owners:
                found[one, day].append(block)
    return found


def _holds(
    db: Database, first: date, last: date, ids: tuple[int, ...], whose: str, now: datetime
) -> dict[tuple[int, date], list[HoldRow]]:
    found: dict[tuple[int, date], list[HoldRow]] = defaultdict(list)
    for row in db.rows(
        "SELECT id, version, provider_id, room_id, patient_id, starts_at, duration_min, title,"
        " expires_at FROM hold WHERE starts_at >= ? AND starts_at < ? AND expires_at > ?"
        f" AND {whose}_id IN ({_marks(ids)}) ORDER BY starts_at, id",
        (
            first.isoformat(),
            (last + timedelta(days=1)).isoformat(),
            now.isoformat(timespec="minutes"),
            *ids,
        ),
    ):
        hold_id, version, provider_id, room_id, patient_id, starts_at, minutes, title, until = row
        hold = HoldRow(
            hold_id,
            version,
            provider_id,
            room_id,
            patient_id,
            datetime.fromisoformat(starts_at),
            minutes,
            title,
            datetime.fromisoformat(until),
        )
        owner = hold.provider_id if whose == "provider" else hold.room_id
        assert owner is not None
        found[owner, hold.starts_at.date()].append(hold)
    return found


def _days_within(starts: str, ends: str, first: date, last: date) -> Iterable[date]:
    day, end = max(date.fromisoformat(starts), first), min(date.fromisoformat(ends), last)
    while day <= end:
        yield day
        day += timedelta(days=1)


def _marks(ids: tuple[Any, ...]) -> str:
    return ", ".join("?" * len(ids))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
