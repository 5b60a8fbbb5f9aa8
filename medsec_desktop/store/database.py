"""The practice's database: how it is opened, checked, migrated and spoken to."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import peewee
from playhouse.sqlcipher_ext import SqlCipherDatabase

from medsec_desktop import models
from medsec_desktop.problems import Conflict, Invalid, Unavailable
from medsec_desktop.store import journal, migrations, search_index
from medsec_desktop.store.errors import DiskFull, damaged, problem_of, sorted_errors
from medsec_desktop.store.keys import derive

FILE_NAME = "practice.db"
# Room held back for the day the disk is full: without any, not even a deletion can be saved.
BALLAST_NAME = "practice.ballast"
_BALLAST_BYTES = 4 * 1024 * 1024
_SMALL_TABLE = 1_000  # rows
# The window must not wait long for a lock; a worker may.
_WINDOW_BUSY_MS, _WORKER_BUSY_MS = 250, 30_000


class _Engine(SqlCipherDatabase):  # type: ignore[misc]  # playhouse carries no types
    """peewee's SQLCipher database with our functions on every connection."""

    def _add_conn_hooks(self, connection: Any) -> None:
        super()._add_conn_hooks(connection)
        search_index.register(connection)

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        """Run one statement. Raises Invalid for text that is none, wherever in the program it was typed."""
        try:
            return super().execute_sql(sql, params)
        except UnicodeEncodeError as error:
            raise Invalid(
                "In what was typed stands half a character.",
                "It was cut in two where it was copied from, and cannot be kept.",
                "Take out the sign that shows as an empty box, and type it anew.",
            ) from error

    def rollback(self) -> None:
        """Roll back, unless SQLite has already done so by itself, as it does on a full disk."""
        if self.connection().in_transaction:
            super().rollback()


class Database:
    """An open practice: one connection a thread, raw SQL in and tuples out, errors as Problems."""

    def __init__(self, path: Path, data_key: bytes):
        self.path = path
        self._data_key = data_key
        self._keys: dict[str, bytes] = {}
        self._owner = threading.get_ident()
        self.engine = _Engine(
            str(path),
            passphrase=f"x'{data_key.hex()}'",
            autoconnect=False,
            pragmas={
                "journal_mode": "wal",
                "synchronous": "full",
                "foreign_keys": 1,
                "recursive_triggers": 1,  # so that INSERT OR REPLACE cannot slip past the journal
                "temp_store": "memory",  # nothing of a patient is ever spilled to disk in clear
                "cache_size": -16_000,
                "busy_timeout": _WINDOW_BUSY_MS,
            },
        )

    @property
    def folder(self) -> Path:
        """The practice's folder."""
        return self.path.parent

    @property
    def data_key(self) -> bytes:
        """The key itself: what a person's slot wraps, and what opens a copy of this database."""
        return self._data_key

    def key_for(self, purpose: str) -> bytes:
        """A 32-byte key of its own for one purpose, derived from the data key."""
        if purpose not in self._keys:
            self._keys[purpose] = derive(self._data_key, purpose)
        return self._keys[purpose]

    def connect(self) -> None:
        """Open this thread's connection."""
        with sorted_errors():
            self.engine.connect(reuse_if_open=True)

    def adopt(self) -> None:
        """Make the calling thread the owner, which keeps its connection: the window's, after a
        worker has opened the practice."""
        self._owner = threading.get_ident()
        self.connect()

    def close(self) -> None:
        """Close this thread's connection."""
        if not self.engine.is_closed():
            self.engine.close()

    @contextmanager
    def connection(self) -> Iterator[None]:
        """A connection for a worker thread, closed after; the owner's thread keeps the one it has."""
        if threading.get_ident() == self._owner or not self.engine.is_closed():
            yield
            return
        self.connect()
        try:
            self.execute(f"PRAGMA busy_timeout = {_WORKER_BUSY_MS}")
            yield
        finally:
            self.close()

    def execute(self, sql: str, params: Sequence[Any] = ()) -> Any:
        """Run one statement and return its cursor."""
        try:
            return self.engine.execute_sql(sql, params)
        except peewee.PeeweeException as error:
            problem = problem_of(error)
            if problem is None:
                raise
            raise problem from error

    def rows(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Every row of a query, as tuples."""
        cursor = self.execute(sql, params)
        with sorted_errors():  # a damaged page may be met only now
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

    def one(self, sql: str, params: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """The first row of a query, or None."""
        cursor = self.execute(sql, params)
        with sorted_errors():
            row: tuple[Any, ...] | None = cursor.fetchone()
        return row

    def value(self, sql: str, params: Sequence[Any] = ()) -> Any:
        """The first column of the first row, or None."""
        row = self.one(sql, params)
        return None if row is None else row[0]

    def meta(self, name: str) -> str:
        """A fact about the store itself, '' when it was never noted."""
        return str(self.value("SELECT value FROM store_meta WHERE name = ?", (name,)) or "")

    def note_meta(self, name: str, value: str) -> None:
        """Note a fact about the store itself; not journalled."""
        self.execute("INSERT OR REPLACE INTO store_meta (name, value) VALUES (?, ?)", (name, value))

    def run_script(self, script: str) -> None:
        """Run a script statement by statement inside the caller's transaction."""
        statement = ""
        for line in script.splitlines(keepends=True):
            statement += line
            if sqlite3.complete_statement(statement):
                self.execute(statement)
                statement = ""
        if statement.strip():
            self.execute(statement)

    def take_ballast(self) -> None:
        """Hold back some room on the drive; where there is none to spare, do without."""
        ballast = self.folder / BALLAST_NAME
        if ballast.exists() or _free_bytes(self.folder) < 16 * _BALLAST_BYTES:
            return
        try:
            # Random bytes, because a file system that compresses would give zeros no room at all.
            ballast.write_bytes(os.urandom(_BALLAST_BYTES))
        except OSError:  # a quota, or a drive that allows only changes
            self.drop_ballast()

    def drop_ballast(self) -> bool:
        """Give the room held back free, so that the work at hand can be saved; whether there was any."""
        try:
            (self.folder / BALLAST_NAME).unlink()
        except OSError:
            return False
        return True

    def bind(self) -> None:
        """Make the tables' classes speak to this database; the last one bound is the one in use."""
        self.engine.bind(models.ALL, bind_refs=False, bind_backrefs=False)


def newest_schema() -> int:
    """The schema version this program writes."""
    return migrations.scripts()[-1][0]


def create_practice_database(folder: Path, data_key: bytes) -> Database:
    """A new, empty practice in `folder`, open and bound. Raises Conflict where one is already there."""
    path = folder / FILE_NAME
    if path.exists():
        raise Conflict(
            "This folder already holds a practice.",
            remedy="Open it, or choose an empty folder for a new one.",
        )
    database = Database(path, data_key)
    try:
        database.connect()
        _migrate(database, 0)
        database.note_meta("closed", "no")
    except BaseException:
        database.close()
        raise
    database.take_ballast()
    database.bind()
    return database


def open_practice(folder: Path, data_key: bytes) -> Database:
    """The practice in `folder`, open, of the newest schema, and bound. The caller holds its lock.

    After an unclean end every page is checked first; after a clean one SQLCipher's own check of each
    page read is enough. Raises Unavailable for a wrong key, damage, or a newer program's database.
    """
    path = folder / FILE_NAME
    if not path.exists():
        raise Unavailable(
            "The practice's database is missing.",
            f"There is no {FILE_NAME} in the folder.",
            "Restore the last backup into this folder.",
        )
    database = Database(path, data_key)
    try:
        try:
            _bring_up(database)
        except Unavailable as problem:
            # SQLite calls it an I/O error where a full disk has no room for its shared memory.
            is_full = isinstance(problem, DiskFull) or _free_bytes(folder) < _BALLAST_BYTES
            if not (is_full and database.drop_ballast()):
                raise
            _bring_up(database)
    except BaseException:
        database.close()
        raise
    database.take_ballast()
    database.bind()
    return database


def close_practice(database: Database) -> None:
    """Close the practice in good order, so that the next opening need not check every page.

    Where the drive refuses the note of it, it is closed all the same, and the next opening checks.
    """
    try:
        with suppress(Unavailable):
            database.note_meta("closed", "yes")
            database.execute("PRAGMA optimize")
            _forget_small_tables(database)
    finally:
        database.close()


def schema_of(database: Database) -> int:
    """The schema version of an open database."""
    return int(database.value("PRAGMA user_version"))


def _bring_up(database: Database) -> None:
    database.connect()
    schema = schema_of(database)
    if schema > newest_schema():
        raise Unavailable(
            "This practice was written by a newer version of the program.",
            f"Its data has format {schema}; this version knows up to {newest_schema()}.",
            "Install the newest version, then open it again; nothing was changed.",
        )
    if schema == 0:
        raise damaged()
    if database.meta("closed") != "yes":
        verdict = database.value("PRAGMA quick_check(1)")
        if verdict != "ok":
            raise damaged()
    if schema < newest_schema():
        _keep_before_migration(database, schema)
        _migrate(database, schema)
    elif not journal.triggers_are_right(database):
        with database.engine.transaction("IMMEDIATE"):
            journal.regenerate_triggers(database)
    _forget_small_tables(database)
    database.note_meta("closed", "no")


def _forget_small_tables(database: Database) -> None:
    """Have SQLite not count on a table being small: it reads such a one from end to end, for every row
    of another, and goes on doing so when an import has made it large.

    Of a table it knows nothing of, it takes the index. As `PRAGMA optimize` finds them, a new practice
    has one row in its journal.
    """
    if database.value("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1'") is None:
        return
    small = "CAST(stat AS INTEGER) < ?"
    if database.value(f"SELECT 1 FROM sqlite_stat1 WHERE {small} LIMIT 1", (_SMALL_TABLE,)):
        if database.value("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat4'") is not None:
            database.execute(
                "DELETE FROM sqlite_stat4 WHERE (tbl, idx) IN"
                f" (SELECT tbl, idx FROM sqlite_stat1 WHERE {small})",
                (_SMALL_TABLE,),
            )
        database.execute(f"DELETE FROM sqlite_stat1 WHERE {small}", (_SMALL_TABLE,))
        database.execute("ANALYZE sqlite_schema")  # reads what is left; analyses nothing


def _free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def _keep_before_migration(database: Database, schema: int) -> None:
    from medsec_desktop.store.backup import copy_database

    copy_database(database, database.folder / f"before-format-{newest_schema()}-from-{schema}.db")


def _migrate(database: Database, schema: int) -> None:
    # A table rebuilt with foreign keys on would delete its children by cascade.
    database.execute("PRAGMA foreign_keys = 0")
    with sorted_errors(), database.engine.transaction("IMMEDIATE"):
        journal.drop_triggers(database)
        for version, script in migrations.scripts():
            if version > schema:
                database.run_script(script)
        broken = database.one("PRAGMA foreign_key_check")
        if broken is not None:
            raise damaged()
        journal.regenerate_triggers(database)
        database.execute(f"PRAGMA user_version = {newest_schema()}")
    database.execute("PRAGMA foreign_keys = 1")
