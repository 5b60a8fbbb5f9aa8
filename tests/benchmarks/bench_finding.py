"""How fast the next free slot is found over 12 providers and 90 days among very many visits.

The hardest case is measured: everything is booked to the last day, so that all of it is read. The
floor is one statement that reads the same visits, with nothing made of them.
"""

from __future__ import annotations

import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from medsec_desktop.domain.calendar.finding import FindQuery
from medsec_desktop.domain.clock import FixedClock
from medsec_desktop.services.office import Office
from medsec_desktop.services.session import Session, User
from medsec_desktop.store.database import Database
from tests.benchmarks.many_visits import PROVIDERS, TODAY, build
from tests.benchmarks.rows import Row, alternating, milliseconds, percentile

DAYS = 90


def run(visits: int = 5_000_000, times: int = 40) -> list[Row]:
    folder = Path(tempfile.mkdtemp(prefix="medsec-bench-"))
    try:
        database = build(folder, visits)
        rows = measure(database, visits, times)
        database.close()
    finally:
        shutil.rmtree(folder)
    return rows


def measure(database: Database, visits: int, times: int) -> list[Row]:
    """Rows for the table: the search against its floor, and its slowest runs on their own."""
    database.bind()
    office = Office(Session(database, FixedClock(datetime(2026, 3, 11, 8)), User.program()))
    last = TODAY + timedelta(days=DAYS - 1)
    full = FindQuery(type_id=1, latest_on=last)
    with_room = FindQuery(type_id=1, latest_on=last, room_kind="exam", patient_id=1)

    def search() -> None:
        assert office.finder.next(full) == ()

    def floor() -> None:
        found = database.rows(
            "SELECT provider_id, starts_at, duration_min, type_id, id FROM appointment"
            f" WHERE provider_id IN ({', '.join('?' * PROVIDERS)})"
            " AND starts_at >= ? AND starts_at < ? AND status NOT IN ('cancelled', 'no-show', 'left')",
            (*range(1, PROVIDERS + 1), TODAY.isoformat(), (last + timedelta(days=1)).isoformat()),
        )
        assert len(found) > 10_000

    search()
    floor()
    floor_ms, search_ms = alternating(floor, search, times)
    slowest = percentile(milliseconds(search, times), 0.95)
    rooms = percentile(milliseconds(lambda: office.finder.next(with_room), times), 0.95)
    near = percentile(milliseconds(lambda: office.finder.next(FindQuery(type_id=1)), times), 0.95)
    with_dates = percentile(milliseconds(lambda: office.finder.by_date(FindQuery(1)), times), 0.95)
    typed = "testperson777 ada tue 3pm 30 follow-up dr provider01"

    def understood() -> None:
        assert office.find(typed)[0].mark == "Not possible"

    understood()
    typing = percentile(milliseconds(understood, times), 0.95)
    name = f"{PROVIDERS} providers × {DAYS} days all booked, {visits:,} visits"
    return [
        Row(f"find next, {name}", search_ms, "ms", 5.0, floor_ms),
        Row("  p95", slowest, "ms", 100.0),
        Row("  p95 with a patient and one of 12 rooms", rooms, "ms", 200.0),
        Row("  p95, the first free days lie four months ahead", near, "ms", 200.0),
        Row("  p95, ten dates four months ahead", with_dates, "ms", 200.0),
        Row("  p95, a typed booking understood, judged, and three free times", typing, "ms", 100.0),
    ]
