"""What the journal costs: a recorded, chained, undoable save against one bare durable INSERT."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from datetime import datetime
from itertools import count
from pathlib import Path
from statistics import median

from medsec_desktop.domain.clock import FixedClock
from medsec_desktop.domain.permissions import Permission, Role
from medsec_desktop.models import Appointment, Patient
from medsec_desktop.services.saving import insert_row, save_row
from medsec_desktop.services.session import Session, User
from medsec_desktop.store.database import Database
from tests.benchmarks import bench_search
from tests.benchmarks.rows import Row, alternating, milliseconds


def run(patients: int = 10_000, times: int = 200) -> list[Row]:
    """A visit booked, and a patient's file amended, in ratio to the raw insert of a row as wide."""
    with tempfile.TemporaryDirectory(prefix="medsec-bench-") as folder:
        database = bench_search.build(Path(folder), patients)
        try:
            return _rows(database, patients, times)
        finally:
            database.close()


def _rows(database: Database, patients: int, times: int) -> list[Row]:
    session = Session(database, FixedClock(datetime(2026, 3, 11, 9)), User(1, "a", "A", Role.OWNER))
    with session.change("Set up", Permission.EDIT_SETTINGS):
        database.execute("INSERT INTO provider (family_name, is_bookable) VALUES ('Chen', 1)")
    _make_floors(database)
    number = count(1)

    def raw(table: str) -> Callable[[], None]:
        columns = "patient_id, provider_id, starts_at, duration_min, status, reason, note"

        def insert() -> None:
            with database.engine.transaction("IMMEDIATE"):
                database.execute(
                    f"INSERT INTO {table} ({columns}) VALUES (?, 1, ?, 30, 'scheduled', ?, '')",
                    (next(number) % patients + 1, "2026-03-12T10:00", "Follow-up"),
                )

        return insert

    def journalled() -> None:
        with session.change("Book a visit", Permission.EDIT_CALENDAR, patient_id=1):
            insert_row(
                Appointment,
                patient_id=next(number) % patients + 1,
                provider_id=1,
                starts_at="2026-03-12T10:00",
                duration_min=30,
                reason="Follow-up",
            )

    versions = dict.fromkeys(range(1, patients + 1), 1)

    def amended() -> None:
        patient_id = next(number) % patients + 1
        with session.change("Change the file", Permission.EDIT_PATIENTS, patient_id=patient_id):
            save_row(
                Patient, patient_id, versions[patient_id], email=f"{next(number)}@mail.example"
            )
        versions[patient_id] += 1

    def undone() -> None:
        session.undo()
        session.redo()

    bare, indexed = raw("bare_visit"), raw("indexed_visit")
    for work in (bare, indexed, journalled, amended):
        milliseconds(work, 10)
    floor, booked = alternating(indexed, journalled, times)
    bare_floor, booked_again = alternating(bare, journalled, times)
    return [
        Row("journalled save / same INSERT, unjournalled", booked, "ms", 3.0, floor),
        Row("journalled save / INSERT without indexes", booked_again, "ms", 3.0, bare_floor),
        Row(
            "patient changed and found by it at once",
            median(milliseconds(amended, times)),
            "ms",
            16,
        ),
        Row("undo and redo", median(milliseconds(undone, times // 4)), "ms", 16),
    ]


def _make_floors(database: Database) -> None:
    """Two tables as wide as the appointments': one with their indexes and one without any."""
    statements = database.rows(
        "SELECT sql FROM sqlite_master WHERE tbl_name = 'appointment' AND type IN ('table', 'index')"
        " AND sql IS NOT NULL ORDER BY type DESC"
    )
    for (statement,) in statements:
        indexed = re.sub(r"\bappointment(?=_\w+ ON| \()", "indexed_visit", statement)
        database.execute(indexed)
    columns = database.rows("SELECT name, type FROM pragma_table_info('appointment') WHERE NOT pk")
    listed = ", ".join(f"{name} {kind}" for name, kind in columns)
    database.execute(f"CREATE TABLE bare_visit (id INTEGER PRIMARY KEY, {listed})")
