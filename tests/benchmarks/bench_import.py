"""How fast patients are taken in: 10,000 in Synthea's layout against the same rows by raw INSERT, and a
table of 10,000 and of 100,000 people, whose memory should not grow with them."""

from __future__ import annotations

import csv
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from medsec_desktop.domain.clock import FixedClock
from medsec_desktop.services.imports import Imports
from medsec_desktop.services.practice import Practice
from medsec_desktop.services.session import Session, User
from medsec_desktop.store import journal
from medsec_desktop.store.database import create_practice_database
from medsec_desktop.store.keys import ArgonCost, KeySlots

Row = tuple[str, float, str, str]  # name, value, unit, target
KEY = bytes(32)
_NAME = "tests.benchmarks.bench_import"
_HEADINGS = (
    "Patient ID,Last Name,First Name,DOB,Sex,Home Phone,Cell,E-mail,Address,City,State,Zip,"
    "Primary Insurance,Member ID,Group Number,Emergency Contact,Emergency Phone,Notes"
)
PATIENTS, PROVIDERS, PAYERS = 10_000, 40, 8
TABLES = (10_000, 100_000)
VISITS_EACH, YEARS_EACH = 6, 5
_TABLES = (
    "organization",
    "payer",
    "provider",
    "patient",
    "patient_address",
    "coverage",
    "encounter",
)


def write_folder(folder: Path, patients: int = PATIENTS) -> int:
    """A Synthea folder of invented people; its number of rows."""
    chance = random.Random(7)
    folder.mkdir(parents=True, exist_ok=True)

    def key(kind: int, number: int) -> str:
        return str(UUID(int=(kind << 96) + number))

    def write(name: str, columns: str, rows: list[tuple[object, ...]]) -> int:
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file)
            out.writerow(columns.split(","))
            out.writerows(rows)
        return len(rows)

    count = write(
        "organizations.csv",
        "Id,NAME,ADDRESS,CITY,STATE,ZIP,LAT,LON,PHONE,REVENUE,UTILIZATION",
        [(key(1, n), f"TEST CLINIC {n}", "1 MAIN ST", "BOSTON", "MA", "02101", 0, 0, "", 0, 0)
         for n in range(PROVIDERS)],
    )  # fmt: skip
    count += write(
        "payers.csv",
        "Id,NAME,ADDRESS,CITY,STATE_HEADQUARTERED,ZIP,PHONE",
        [(key(2, n), f"Test Health {n}", "", "", "", "", "") for n in range(PAYERS)],
    )
    count += write(
        "providers.csv",
        "Id,ORGANIZATION,NAME,GENDER,SPECIALITY,ADDRESS,CITY,STATE,ZIP,LAT,LON,UTILIZATION",
        [(key(3, n), key(1, n), f"Robin{n} Doctor{n}", "F", "GENERAL PRACTICE", "", "", "", "",
          0, 0, 0) for n in range(PROVIDERS)],
    )  # fmt: skip
    people: list[tuple[object, ...]] = []
    policies: list[tuple[object, ...]] = []
    visits: list[tuple[object, ...]] = []
    for n in range(patients):
        born = date(1930, 1, 1) + timedelta(days=chance.randrange(33_000))
        people.append(
            (key(4, n), born, "", f"999-{n % 90 + 10}-{n % 9000 + 1000}", "", "", "Ms.",
             f"Ada{chance.randrange(1000)}", f"Testperson{n}", "", "", "S", "white", "nonhispanic",
             "F", "Boston", f"{n} Elm St", "Boston", "Massachusetts", "Suffolk", "02101", 0, 0, 0, 0)
        )  # fmt: skip
        for year in range(YEARS_EACH):
            starts = datetime(2019 + year, 3, 1, 12, tzinfo=UTC)
            policies.append(
                (key(4, n), key(5, n * YEARS_EACH + year), starts.isoformat(),
                 starts.replace(year=2020 + year).isoformat(), key(2, chance.randrange(PAYERS)),
                 "", "Self", "Ada Testperson")
            )  # fmt: skip
        for number in range(VISITS_EACH):
            at = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(2_000_000))
            doctor = chance.randrange(PROVIDERS)
            visits.append(
                (key(6, n * VISITS_EACH + number), at.isoformat(),
                 (at + timedelta(minutes=30)).isoformat(), key(4, n), key(1, doctor),
                 key(3, doctor), key(2, 0), "ambulatory", "185345009", "Encounter for symptom",
                 "77.49", "77.49", "0.00", "", "")
            )  # fmt: skip
    count += write(
        "patients.csv",
        "Id,BIRTHDATE,DEATHDATE,SSN,DRIVERS,PASSPORT,PREFIX,FIRST,LAST,SUFFIX,MAIDEN,MARITAL,RACE,"
        "ETHNICITY,GENDER,BIRTHPLACE,ADDRESS,CITY,STATE,COUNTY,ZIP,LAT,LON,HEALTHCARE_EXPENSES,"
        "HEALTHCARE_COVERAGE",
        people,
    )
    count += write(
        "payer_transitions.csv",
        "PATIENT,MEMBERID,START_YEAR,END_YEAR,PAYER,SECONDARY_PAYER,OWNERSHIP,OWNERNAME",
        policies,
    )
    return count + write(
        "encounters.csv",
        "Id,START,STOP,PATIENT,ORGANIZATION,PROVIDER,PAYER,ENCOUNTERCLASS,CODE,DESCRIPTION,"
        "BASE_ENCOUNTER_COST,TOTAL_CLAIM_COST,PAYER_COVERAGE,REASONCODE,REASONDESCRIPTION",
        visits,
    )


def write_table(path: Path, people: int) -> int:
    """A table of invented people as another program exports it; its number of rows."""
    chance = random.Random(11)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(_HEADINGS.split(","))
        for n in range(people):
            born = date(1930, 1, 1) + timedelta(days=chance.randrange(33_000))
            out.writerow(
                (n, f"Testperson{n}", f"Ada{chance.randrange(1000)}", f"{born:%m/%d/%Y}", "F",
                 f"617-555-{n % 10_000:04}", f"617-556-{n % 10_000:04}", f"p{n}@mail.example",
                 f"{n} Elm St", "Boston", "MA", "02101", f"Test Health {n % PAYERS}", f"M{n}", "G1",
                 f"Kin{n} Testperson", "617-555-0199", "")
            )  # fmt: skip
    return people


def run_table(people: int) -> list[Row]:
    """The same for a table; in a process of its own, so that the peak is this import's alone."""
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        write_table(root / "patients.csv", people)
        session = _office(root / "practice")
        imports = Imports(session, Practice(session), UTC)
        memory_before = _peak_mb()

        started = time.perf_counter()
        plan = imports.preview("csv", root / "patients.csv")
        previewed = time.perf_counter()
        looked_mb = _peak_mb() - memory_before
        report = imports.run(plan)
        taken = time.perf_counter()
        taken_mb = _peak_mb() - memory_before
        session.undo(report.operation_id)
        undone = time.perf_counter()

        assert session.db.value("SELECT count(*) FROM patient") == 0
        assert next(one.new for one in report.tables if one.what == "Patients") == people
        session.db.close()
    return [
        (f"import {people:,} rows of CSV: preview", people / (previewed - started), "rows/s", ""),
        (f"import {people:,} rows of CSV: run", people / (taken - previewed), "rows/s", ""),
        (f"import {people:,} rows of CSV: undo", undone - taken, "s", ""),
        (f"import {people:,} rows of CSV: memory grown by preview", looked_mb, "MB", "≤ 40"),
        (f"import {people:,} rows of CSV: memory grown by run", taken_mb, "MB", "≤ 40"),
    ]


def _tables_elsewhere(people: int) -> list[Row]:
    done = subprocess.run(
        [sys.executable, "-m", _NAME, "--table", str(people)],
        check=True,
        capture_output=True,
        text=True,
    )
    return [tuple(row) for row in json.loads(done.stdout)]  # type: ignore[misc]


def run(patients: int = PATIENTS, tables: tuple[int, ...] = TABLES) -> list[Row]:
    """The report's rows for so many patients, and for tables of so many; prints nothing."""
    told = [row for people in tables for row in _tables_elsewhere(people)]
    return [*_run_folder(patients), *told]


def _run_folder(patients: int) -> list[Row]:
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        rows = _written_elsewhere(root / "synthea", patients)
        session = _office(root / "practice")
        imports = Imports(session, Practice(session), UTC)
        memory_before = _peak_mb()

        started = time.perf_counter()
        plan = imports.preview("synthea", root / "synthea")
        previewed = time.perf_counter()
        report = imports.run(plan)
        taken = time.perf_counter()
        again = imports.preview("synthea", root / "synthea")
        recognised = time.perf_counter()

        assert session.db.value("SELECT count(*) FROM patient") == patients
        assert again.changes_nothing
        assert report.tables[-1].new == patients * VISITS_EACH
        grown = _peak_mb() - memory_before
        floor = _floor(session, root / "floor")
        session.db.close()
    import_s = taken - previewed
    return [
        (f"import {patients:,} patients: rows", rows, "rows", ""),
        ("import: preview", rows / (previewed - started), "rows/s", ""),
        ("import: run, journalled and searchable", rows / import_s, "rows/s", ""),
        ("import: recognising it all again", rows / (recognised - taken), "rows/s", ""),
        ("import: run, seconds", import_s, "s", ""),
        ("import: raw INSERT of the same rows, unjournalled", floor, "s", ""),
        ("import: run against raw INSERT", import_s / floor, "×", ""),
        ("import: memory grown by preview, run and preview", grown, "MB", "≤ 200"),
    ]


def _written_elsewhere(folder: Path, patients: int) -> int:
    """The folder made by a process of its own, so that its memory is not taken for the import's."""
    done = subprocess.run(
        [sys.executable, "-m", _NAME, "--write", str(folder), str(patients)],
        check=True,
        capture_output=True,
        text=True,
    )
    return int(done.stdout)


def _office(folder: Path) -> Session:
    folder.mkdir()
    KeySlots(folder, ArgonCost(64, 1, 1)).create()
    database = create_practice_database(folder, KEY)
    return Session(database, FixedClock(datetime(2026, 3, 11, 9)), User.program(), "bench")


def _floor(session: Session, folder: Path) -> float:
    """Seconds to put the very same rows into an encrypted database without journal or search."""
    content = {
        table: (
            [name for _, name, *_ in session.db.rows(f"PRAGMA table_info({table})")],
            session.db.rows(f"SELECT * FROM {table}"),
        )
        for table in _TABLES
    }
    folder.mkdir()
    database = create_practice_database(folder, KEY)
    journal.drop_triggers(database)
    connection = database.engine.connection()
    started = time.perf_counter()
    database.execute("BEGIN IMMEDIATE")
    for table, (names, rows) in content.items():
        marks = ", ".join("?" * len(names))
        connection.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", rows)
    database.execute("COMMIT")
    taken = time.perf_counter() - started
    database.close()
    return taken


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__" and sys.argv[1:2] == ["--write"]:
    print(write_folder(Path(sys.argv[2]), int(sys.argv[3])))
elif __name__ == "__main__" and sys.argv[1:2] == ["--table"]:
    print(json.dumps(run_table(int(sys.argv[2]))))
elif __name__ == "__main__":
    for name, value, unit, target in run():
        print(f"{name:<55} {value:>12,.2f} {unit:<7} {target}")
