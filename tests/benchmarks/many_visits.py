"""A practice with very many stored visits, for whatever reads the calendar."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from medsec_desktop.store import journal, search_index
from medsec_desktop.store.database import Database, create_practice_database

KEY = bytes(32)
TODAY = date(2026, 3, 11)
PROVIDERS = 12  # bookable now
FORMER = 28  # whose visits of past years are stored as well
AHEAD_DAYS = 120  # booked ahead, and nothing free within
PATIENTS = 20_000
_STARTS = (*range(8 * 60, 12 * 60, 30), *range(13 * 60, 17 * 60, 30))


def build(path: Path, visits: int, share_ahead: float = 1.0) -> Database:
    """A practice in the folder `path` with about `visits` visits, open. Not journalled.

    Twelve providers work from Monday to Friday; of their next 120 days `share_ahead` is booked in
    half hours, and the rest of the visits lies in the years before.
    """
    database = create_practice_database(path, KEY)
    journal.drop_triggers(database)
    connection = database.engine.connection()
    as_opened = int(database.value("PRAGMA cache_size"))
    database.execute("PRAGMA cache_size = -800000")  # or its indexes are written many times over
    database.execute("BEGIN")
    connection.executemany(
        "INSERT INTO provider (family_name, given_name, credential, is_bookable, position)"
        " VALUES (?, 'Robin', 'MD', ?, ?)",
        ((f"Provider{n:02}", n <= PROVIDERS, n) for n in range(1, PROVIDERS + FORMER + 1)),
    )
    connection.executemany(
        "INSERT INTO working_hours (provider_id, weekday, starts_min, ends_min) VALUES (?, ?, ?, ?)",
        (
            (provider, weekday, first, last)
            for provider in range(1, PROVIDERS + 1)
            for weekday in range(5)
            for first, last in ((480, 720), (780, 1020))
        ),
    )
    connection.executemany(
        "INSERT INTO appointment_type (name, duration_min, colour) VALUES (?, ?, ?)",
        (("Follow-up", 30, "blue"), ("New patient", 60, "teal"), ("Nurse visit", 15, "green")),
    )
    connection.executemany(
        "INSERT INTO room (name, kind) VALUES (?, 'exam')", ((f"Exam {n}",) for n in range(1, 13))
    )
    connection.executemany(
        "INSERT INTO patient (chart_number, family_name, given_name, birth_date)"
        " VALUES (?, ?, 'Ada', '1984-03-14')",
        ((f"{100_000 + n}", f"Testperson{n}") for n in range(1, PATIENTS + 1)),
    )
    connection.executemany(
        "INSERT INTO appointment (patient_id, provider_id, room_id, type_id, starts_at,"
        " duration_min, status) VALUES (?, ?, ?, ?, ?, 30, ?)",
        _visits(visits, share_ahead),
    )
    search_index.rebuild(database)
    database.execute("COMMIT")
    database.execute("BEGIN IMMEDIATE")
    journal.regenerate_triggers(database)
    database.execute("COMMIT")
    database.execute("ANALYZE")
    database.execute(f"PRAGMA cache_size = {as_opened}")
    return database


def _visits(count: int, share_ahead: float) -> Iterator[tuple[int, int, int | None, int, str, str]]:
    """Oldest first, as the years would have stored them."""
    chance = random.Random(1)
    ahead = [TODAY + timedelta(days=n) for n in range(AHEAD_DAYS)]
    coming = [
        (day, provider, start)
        for day in ahead
        if day.weekday() < 5
        for provider in range(1, PROVIDERS + 1)
        for start in _STARTS
        if share_ahead == 1.0 or chance.random() < share_ahead
    ]
    past = max(0, count - len(coming))
    everybody = PROVIDERS + FORMER
    days = -(-past // (everybody * len(_STARTS)))
    first = TODAY - timedelta(days=days)
    for number in range(past):
        day, place = divmod(number, everybody * len(_STARTS))
        start, provider = divmod(place, everybody)
        yield _row(chance, first + timedelta(days=day), provider + 1, _STARTS[start], "done")
    for day_ahead, provider, start_min in coming:
        yield _row(chance, day_ahead, provider, start_min, "scheduled")


def _row(
    chance: random.Random, day: date, provider: int, start: int, status: str
) -> tuple[int, int, int | None, int, str, str]:
    at = f"{day.isoformat()}T{start // 60:02}:{start % 60:02}"
    room = provider if provider <= PROVIDERS else None
    return chance.randint(1, PATIENTS), provider, room, chance.choice((1, 1, 2)), at, status
