"""Opening a practice, and everything that can be wrong with one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from medsec_desktop.domain.clock import SystemClock
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import ALL, Patient
from medsec_desktop.problems import Conflict, Unavailable
from medsec_desktop.services.session import Session, User
from medsec_desktop.store import migrations
from medsec_desktop.store.database import (
    BALLAST_NAME,
    FILE_NAME,
    Database,
    close_practice,
    create_practice_database,
    newest_schema,
    open_practice,
    schema_of,
)
from medsec_desktop.store.errors import DiskFull
from tests.conftest import DATA_KEY, a_patient


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A practice with one patient, closed in good order."""
    database = create_practice_database(tmp_path, DATA_KEY)
    a_patient(_session(database))
    close_practice(database)
    return tmp_path


@pytest.fixture
def opened(folder: Path) -> Iterator[Database]:
    database = open_practice(folder, DATA_KEY)
    yield database
    database.close()


def _session(database: Database) -> Session:
    return Session(database, SystemClock(), User.program())


def test_what_was_saved_is_there_after_reopening(opened: Database) -> None:
    assert opened.value("SELECT family_name FROM patient") == "Testperson"
    assert schema_of(opened) == newest_schema()


def test_nothing_of_a_patient_is_readable_in_the_file(folder: Path) -> None:
    content = (folder / FILE_NAME).read_bytes()

    assert b"Testperson" not in content
    assert not content.startswith(b"SQLite format 3")


@pytest.mark.usefixtures("outlives_power_cuts")
def test_committed_work_is_durable_and_guarded(folder: Path) -> None:
    opened = open_practice(folder, DATA_KEY)

    assert opened.value("PRAGMA journal_mode") == "wal"
    assert opened.value("PRAGMA synchronous") == 2
    assert opened.value("PRAGMA foreign_keys") == 1
    opened.close()


def test_the_tables_classes_name_exactly_the_schemas_columns(opened: Database) -> None:
    for model in ALL:
        table = model._meta.table_name
        stored = [c for (c,) in opened.rows("SELECT name FROM pragma_table_info(?)", (table,))]
        assert sorted(stored) == sorted(model._meta.columns), table


def test_a_default_in_a_class_is_the_default_in_the_schema(opened: Database) -> None:
    for model in ALL:
        declared = dict(
            opened.rows(
                "SELECT name, dflt_value FROM pragma_table_info(?) WHERE dflt_value IS NOT NULL",
                (model._meta.table_name,),
            )
        )
        for column, text in declared.items():
            default = model._meta.columns[column].default
            default = int(default) if isinstance(default, bool | int) else f"'{default}'"
            assert str(default) == text, f"{model.__name__}.{column}"


def test_a_table_that_was_small_at_closing_is_not_read_from_end_to_end_ever_after(
    folder: Path,
) -> None:
    plan = "EXPLAIN QUERY PLAN SELECT after FROM row_change WHERE operation_id = 7"
    database = open_practice(folder, DATA_KEY)
    assert "row_change_by_operation" in database.rows(plan)[0][3]

    database.execute("ANALYZE")  # as version 0.3 left it
    assert database.value("SELECT stat FROM sqlite_stat1 WHERE idx = 'row_change_by_row'")
    database.close()
    database = open_practice(folder, DATA_KEY)

    assert "row_change_by_operation" in database.rows(plan)[0][3]
    database.close()


def test_a_wrong_key_is_a_problem_with_a_remedy(folder: Path) -> None:
    with pytest.raises(Unavailable, match="key") as caught:
        open_practice(folder, bytes(32))

    assert "backup" in caught.value.remedy


def test_a_missing_database_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=FILE_NAME):
        open_practice(tmp_path, DATA_KEY)


def test_a_database_of_a_newer_version_is_left_alone(folder: Path) -> None:
    database = open_practice(folder, DATA_KEY)
    database.execute(f"PRAGMA user_version = {newest_schema() + 1}")
    close_practice(database)
    before = (folder / FILE_NAME).read_bytes()

    with pytest.raises(Unavailable, match="newer version"):
        open_practice(folder, DATA_KEY)

    assert (folder / FILE_NAME).read_bytes() == before


@pytest.mark.parametrize("damage", ["header", "middle", "short", "empty"])
def test_a_damaged_file_is_a_problem_with_a_remedy(folder: Path, damage: str) -> None:
    path = folder / FILE_NAME
    database = open_practice(
        folder, DATA_KEY
    )  # left without closing: every page is checked next time
    database.close()
    content = bytearray(path.read_bytes())
    if damage == "header":
        content[:64] = os.urandom(64)
    elif damage == "middle":
        page = 4096
        for at in range(2 * page, len(content) - page, page):
            content[at + 100] ^= 255
    elif damage == "short":
        del content[len(content) // 2 :]
    else:
        content.clear()
    path.write_bytes(content)

    with pytest.raises(Unavailable) as caught:
        open_practice(folder, DATA_KEY)

    assert "damaged" in caught.value.what
    assert "backup" in caught.value.remedy


def test_a_second_practice_is_not_created_over_the_first(folder: Path) -> None:
    with pytest.raises(Conflict):
        create_practice_database(folder, DATA_KEY)


def test_a_full_disk_is_a_problem_and_gives_the_ballast_free(opened: Database) -> None:
    session = _session(opened)
    pages = opened.value("PRAGMA page_count")
    opened.execute(f"PRAGMA max_page_count = {pages}")
    assert (opened.folder / BALLAST_NAME).exists()

    with pytest.raises(DiskFull, match="nothing was saved") as caught:
        a_patient(session, "Sampleton", note="x" * 100_000)

    assert "Save once more" in caught.value.remedy
    assert not (opened.folder / BALLAST_NAME).exists()
    opened.execute("PRAGMA max_page_count = 1000000")
    assert opened.value("SELECT count(*) FROM patient") == 1
    a_patient(session, "Sampleton", note="x" * 100_000)


def test_a_read_only_practice_is_a_problem(opened: Database) -> None:
    opened.execute("PRAGMA query_only = 1")

    with pytest.raises(Unavailable, match="read-only"):
        a_patient(_session(opened))


def test_a_practice_held_by_a_long_write_is_a_problem_not_a_wait(opened: Database) -> None:
    other = Database(opened.path, DATA_KEY)
    other.connect()
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(Unavailable, match="busy"):
        a_patient(_session(opened))

    other.execute("ROLLBACK")
    other.close()


_KILLED_WHILE_SAVING = """
import os, sys
from pathlib import Path
from tests.conftest import DATA_KEY, a_patient
from medsec_desktop.domain.clock import SystemClock
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.services.session import Session, User
from medsec_desktop.store.database import open_practice
session = Session(open_practice(Path(sys.argv[1]), DATA_KEY), SystemClock(), User.program())
a_patient(session, "Committed")
with session.change("Register", Permission.EDIT_PATIENTS):
    a_patient(session, "Halfway")
    os.kill(os.getpid(), 9)
"""


def test_a_kill_while_saving_keeps_what_was_committed_and_nothing_half(folder: Path) -> None:
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", _KILLED_WHILE_SAVING, str(folder)], cwd=root, check=False)

    database = open_practice(folder, DATA_KEY)

    names = [name for (name,) in database.rows("SELECT family_name FROM patient ORDER BY id")]
    assert names == ["Testperson", "Committed"]
    assert database.value("PRAGMA integrity_check") == "ok"
    assert database.value("SELECT open_operation_id FROM chain_head") is None
    database.close()


def test_migrations_are_numbered_without_a_gap() -> None:
    assert [version for version, _ in migrations.scripts()] == list(range(1, newest_schema() + 1))


def test_the_first_fault_is_told_even_when_sqlite_has_rolled_back_by_itself(
    opened: Database,
) -> None:
    """A disk that is really full makes SQLite roll back before we can."""
    session = _session(opened)

    with (
        pytest.raises(DiskFull, match="no room"),
        session.change("Register", Permission.EDIT_PATIENTS),
    ):
        opened.execute("ROLLBACK")
        raise DiskFull("There is no room.")

    a_patient(session, "Sampleton")
    assert opened.value("SELECT count(*) FROM patient") == 2


def test_damage_met_while_reading_is_a_problem_with_a_remedy(folder: Path) -> None:
    database = open_practice(folder, DATA_KEY)
    session = _session(database)
    with session.change("Register", Permission.EDIT_PATIENTS):
        Patient.insert_many(
            {"chart_number": f"C{n}", "family_name": "Sampleton", "note": "x" * 900}
            for n in range(400)
        ).execute()
    close_practice(database)
    content = bytearray((folder / FILE_NAME).read_bytes())
    page = 4096
    for at in range(len(content) // page * 3 // 4 * page, len(content), page):
        content[at + 100] ^= 255
    (folder / FILE_NAME).write_bytes(content)
    database = open_practice(folder, DATA_KEY)

    with pytest.raises(Unavailable, match="damaged"):
        database.rows("SELECT note FROM patient NOT INDEXED")

    database.close()


def test_room_that_cannot_be_held_back_keeps_nobody_from_working(folder: Path) -> None:
    ballast = folder / BALLAST_NAME
    ballast.unlink()
    ballast.symlink_to(folder / "nowhere" / "at all")  # as a quota or a strange drive would refuse

    database = open_practice(folder, DATA_KEY)

    assert database.value("SELECT family_name FROM patient") == "Testperson"
    database.close()


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A drive on which nothing can be noted as long as the ballast lies there."""
    note = Database.note_meta

    def refused(self: Database, name: str, value: str) -> None:
        if (self.folder / BALLAST_NAME).exists():
            raise DiskFull("The disk is full.")
        note(self, name, value)

    monkeypatch.setattr(Database, "note_meta", refused)


def test_a_full_disk_keeps_nobody_from_opening(
    folder: Path, full_disk: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Database, "take_ballast", lambda self: None)  # there is no room for it

    database = open_practice(folder, DATA_KEY)

    assert database.value("SELECT family_name FROM patient") == "Testperson"
    database.close()


def test_a_full_disk_keeps_nobody_from_closing(
    folder: Path, request: pytest.FixtureRequest
) -> None:
    database = open_practice(folder, DATA_KEY)
    request.getfixturevalue("full_disk")

    close_practice(database)

    assert database.engine.is_closed()
    (folder / BALLAST_NAME).unlink()
    again = open_practice(folder, DATA_KEY)
    assert again.value("SELECT family_name FROM patient") == "Testperson"
    again.close()


def test_the_last_statement_of_a_script_is_run_without_its_semicolon(opened: Database) -> None:
    opened.run_script("CREATE TABLE one (id);\n-- a word\nCREATE TABLE two (id)\n")
    opened.run_script("CREATE TABLE three (id);\n-- the end\n")

    tables = opened.rows(
        "SELECT name FROM sqlite_master WHERE name IN ('one', 'two', 'three') ORDER BY name"
    )
    assert tables == [("one",), ("three",), ("two",)]
