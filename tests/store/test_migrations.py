"""Older practices open in newer programs, with nothing lost on the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from medsec_desktop.domain.clock import SystemClock
from medsec_desktop.problems import Unavailable
from medsec_desktop.services.session import Session, User
from medsec_desktop.store import journal, migrations
from medsec_desktop.store.database import (
    Database,
    close_practice,
    create_practice_database,
    newest_schema,
    open_practice,
    schema_of,
)
from tests.conftest import DATA_KEY, a_patient

# What a later version may do: rebuild a table that others point at, and add a column and an index.
_NEXT = """
CREATE TABLE patient_new (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL DEFAULT 1,
    chart_number TEXT NOT NULL UNIQUE,
    family_name TEXT NOT NULL,
    given_name TEXT NOT NULL DEFAULT '',
    nickname TEXT NOT NULL DEFAULT ''
);
INSERT INTO patient_new (id, version, chart_number, family_name, given_name)
    SELECT id, version, chart_number, family_name, given_name FROM patient;
DROP TABLE patient;
ALTER TABLE patient_new RENAME TO patient;
"""
_BREAKS_REFERENCES = "DELETE FROM patient;"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A practice of today's format with a patient who has a telephone."""
    database = create_practice_database(tmp_path, DATA_KEY)
    a_patient(_session(database), phone="+16175550123")
    close_practice(database)
    return tmp_path


@pytest.fixture
def with_next(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    today = migrations.scripts()
    monkeypatch.setattr(migrations, "scripts", lambda: (*today, (len(today) + 1, _NEXT)))
    return None


def _session(database: Database) -> Session:
    return Session(database, SystemClock(), User.program())


def test_what_still_names_a_row_taken_away_is_found_by_an_index(tmp_path: Path) -> None:
    database = create_practice_database(tmp_path, DATA_KEY)

    for table, column in database.rows(
        'SELECT m.name, f."from" FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f'
        " WHERE m.type = 'table' AND"
        " f.\"table\" IN ('patient', 'appointment', 'coverage', 'document', 'letter', 'encounter')"
    ):
        plan = database.rows(f"EXPLAIN QUERY PLAN SELECT id FROM {table} WHERE {column} = ?", (1,))
        assert "SCAN" not in str(plan), f"{table}.{column}"

    close_practice(database)


def test_a_table_rebuilt_by_a_migration_keeps_its_children(folder: Path, with_next: None) -> None:
    database = open_practice(folder, DATA_KEY)

    assert schema_of(database) == newest_schema()
    assert database.one("SELECT family_name, nickname FROM patient") == ("Testperson", "")
    assert database.value("SELECT number FROM patient_phone") == "+16175550123"
    database.close()


def test_the_journal_goes_on_after_a_migration(folder: Path, with_next: None) -> None:
    database = open_practice(folder, DATA_KEY)

    assert journal.triggers_are_right(database)
    assert "nickname" in database.value(
        "SELECT sql FROM sqlite_master WHERE name = 'journal_patient_insert'"
    )
    assert journal.verify(database).is_sound
    database.close()


def test_a_copy_is_kept_before_a_migration(folder: Path, with_next: None) -> None:
    open_practice(folder, DATA_KEY).close()

    (copy,) = folder.glob("before-format-*.db")
    kept = Database(copy, DATA_KEY)
    kept.connect()
    assert schema_of(kept) == newest_schema() - 1
    assert kept.value("SELECT count(*) FROM patient") == 1
    kept.close()


def test_a_migration_that_would_lose_references_is_taken_back(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = migrations.scripts()
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "scripts", lambda: (*today, (len(today) + 1, _BREAKS_REFERENCES)))
        with pytest.raises(Unavailable):
            open_practice(folder, DATA_KEY)

    database = open_practice(folder, DATA_KEY)
    assert schema_of(database) == len(today)
    assert database.value("SELECT count(*) FROM patient") == 1
    database.close()
