"""Copies of a whole practice that are opened, checked and counted before they count as backups.

A backup is a folder that is itself an openable practice folder: `practice.db`, `keyslots.json`,
`files/`, and `manifest.json`, which says what is inside. It is written under a temporary name and
only takes its own once everything has been read back.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlite

from medsec_desktop.problems import Conflict, Unavailable
from medsec_desktop.store import keys
from medsec_desktop.store.database import FILE_NAME, Database
from medsec_desktop.store.errors import sorted_errors

MANIFEST = "manifest.json"
FILES = "files"
_FORMAT = 1
_UNFINISHED = ".unfinished "
_PAGES_A_STEP = 2_000
_CHUNK = 1 << 20

Report = Callable[[int, int, str], None]  # done, total, what is being done


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds, as its `manifest.json` says."""

    practice_id: str
    practice: str  # the folder's name
    made_at: str  # the clinic's wall clock, YYYY-MM-DDTHH:MM:SS
    made_utc: str
    program: str
    schema: int
    journal_length: int
    journal_head: str
    tables: dict[str, int] = field(default_factory=dict)  # rows per table
    sha256: dict[str, str] = field(default_factory=dict)  # per file, by its path in the folder
    size_bytes: int = 0

    def as_json(self) -> str:
        return json.dumps({"format": _FORMAT, **asdict(self)}, indent=1, sort_keys=True)


def copy_database(source: Database, target: Path, report: Report | None = None) -> dict[str, int]:
    """Copy an open database while it is in use, encrypted under the same key; the rows per table.

    The copy is a single file as of one instant, on disk when this returns. Raises Unavailable where
    there is no room or no permission; then nothing is left behind.
    """
    try:
        with sorted_errors(), _keyed(target, source.data_key) as copy:
            connection = source.engine.connection()
            # One read transaction: what others write meanwhile neither shows nor restarts the copy.
            connection.execute("BEGIN")
            try:
                counts = _counts(connection)
                connection.backup(copy, pages=_PAGES_A_STEP, progress=_progress_of(report))
            finally:
                connection.rollback()
            copy.execute("PRAGMA journal_mode = DELETE")
        _sync(target)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return counts


def make(
    source: Database, destination: Path, made_at: str, made_utc: str, program: str,
    report: Report | None = None,
) -> Path:  # fmt: skip
    """Back the open practice up into a new folder under `destination`, verified; that folder.

    Raises Unavailable where the drive is missing, full or read-only, or the copy fails its check;
    an unfinished copy is taken away again.
    """
    practice = source.folder
    when = made_at.replace("T", " ").replace(":", ".")
    final = _free_name(destination, f"{practice.name} {when}")
    unfinished = destination / f"{_UNFINISHED}{final.name}"
    with told("The backup could not be written."):
        destination.mkdir(parents=True, exist_ok=True)
        _sweep(destination)
        _need_room(practice, destination)
        unfinished.mkdir()
    try:
        with told("The backup could not be written."):
            counts = copy_database(source, unfinished / FILE_NAME, report)
            _copy(practice / keys.FILE_NAME, unfinished / keys.FILE_NAME)
            _copy_files(practice / FILES, unfinished / FILES, _latest(destination), report)
            manifest = _manifest(unfinished, source, made_at, made_utc, program)
            if manifest.tables != counts:
                raise _failed("It does not hold as many rows as the practice.")
            (unfinished / MANIFEST).write_text(manifest.as_json(), "utf-8")
            _sync(unfinished / MANIFEST)
            keys.sync_folder(unfinished)
            verify(unfinished, source.data_key, report)
            unfinished.rename(final)
            keys.sync_folder(destination)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return final


def read_manifest(folder: Path) -> Manifest:
    """What the backup in `folder` says it holds. Raises Unavailable where it is not a backup."""
    try:
        content = json.loads((folder / MANIFEST).read_text("utf-8"))
        if not isinstance(content, dict) or content.pop("format", None) != _FORMAT:
            raise ValueError
        manifest = Manifest(**content)
    except FileNotFoundError as error:
        raise Unavailable(
            f"“{folder.name}” is not a backup.",
            f"It has no {MANIFEST}.",
            "Choose the folder of one backup, not the folder that holds them all.",
        ) from error
    except OSError as error:
        raise Unavailable(f"“{folder.name}” cannot be read.", error.strerror or "") from error
    except (ValueError, TypeError) as error:
        raise Unavailable(
            f"“{folder.name}” cannot be used as a backup.",
            f"Its {MANIFEST} is damaged or of a newer version.",
            "Choose another backup.",
        ) from error
    return manifest


def verify(folder: Path, data_key: bytes, report: Report | None = None) -> Manifest:
    """Read the whole backup back: every file's hash, every page, every reference, every count.

    Raises Unavailable naming the first thing that is wrong.
    """
    manifest = read_manifest(folder)
    for number, (name, expected) in enumerate(sorted(manifest.sha256.items()), 1):
        if report:
            report(number, len(manifest.sha256), "Checking the copied files")
        if not (folder / name).is_file():
            raise _failed(f"The file {name} is missing.")
        if _hash(folder / name) != expected:
            raise _failed(f"The file {name} is not as it was written.")
    surplus = set(_names(folder)) - set(manifest.sha256)
    if surplus:
        raise _failed(f"The file {min(surplus)} does not belong to it.")
    if report:
        report(0, 0, "Opening the copy and checking every page")
    with sorted_errors(), opened_copy(folder, data_key) as copy:
        _check_pages(copy)
        if _counts(copy) != manifest.tables:
            raise _failed("It does not hold the number of rows it says.")
        if _journal_head(copy) != (manifest.journal_length, manifest.journal_head):
            raise _failed("Its journal does not end where it says.")
    return manifest


def documents_without_file(folder: Path, data_key: bytes) -> int:
    """How many documents the database in `folder` names whose file is not there."""
    with sorted_errors(), opened_copy(folder, data_key) as copy:
        return sum(
            not (folder / FILES / sha256[:2] / sha256[2:]).is_file()
            for (sha256,) in copy.execute("SELECT DISTINCT sha256 FROM document")
        )


def check_pages(database: Database) -> None:
    """Check every page and reference of an open database. Raises Unavailable naming a fault."""
    with sorted_errors():
        _check_pages(database.engine.connection())


def counts_in(folder: Path, data_key: bytes) -> dict[str, int]:
    """Rows per table of a practice or backup that nobody need have open."""
    with sorted_errors(), opened_copy(folder, data_key) as copy:
        return _counts(copy)


def operations_after(
    folder: Path, data_key: bytes, operation_id: int
) -> list[tuple[str, str, str]]:
    """When (UTC), who and what of every change made there after `operation_id`, newest first."""
    with sorted_errors(), opened_copy(folder, data_key) as copy:
        found: list[tuple[str, str, str]] = copy.execute(
            "SELECT at_utc, user_name, label FROM operation WHERE id > ? AND kind <> 'event'"
            " ORDER BY id DESC",
            (operation_id,),
        ).fetchall()
        return found


def put_back(backup: Path, data_key: bytes, practice: Path, set_aside: Path) -> Manifest:
    """Make `practice` what the backup holds; the folder that was there is renamed to `set_aside`.

    The backup is verified first and its copy verified again, so that the old folder is only moved
    when the new one is complete. The caller has made sure that nobody has the practice open.
    """
    manifest = verify(backup, data_key)
    arriving = practice.with_name(f"{_UNFINISHED}{practice.name}")
    with told("The backup could not be put back."):
        shutil.rmtree(arriving, ignore_errors=True)
        _need_room(backup, practice.parent)
        arriving.mkdir()
        try:
            for name in (*manifest.sha256, MANIFEST):
                (arriving / name).parent.mkdir(parents=True, exist_ok=True)
                _copy(backup / name, arriving / name)
            verify(arriving, data_key)
            (arriving / MANIFEST).unlink()
            keys.sync_folder(arriving)
            if practice.exists():
                practice.rename(set_aside)
            try:
                arriving.rename(practice)
            except OSError:
                set_aside.rename(practice)
                raise
            keys.sync_folder(practice.parent)
        except BaseException:
            shutil.rmtree(arriving, ignore_errors=True)
            raise
    return manifest


def backups_in(destination: Path) -> list[tuple[Path, Manifest]]:
    """Every finished backup under `destination`, newest first; what is not one is passed over."""
    found = []
    if destination.is_dir():
        for folder in destination.iterdir():
            if folder.name.startswith(".") or not (folder / MANIFEST).is_file():
                continue
            try:
                found.append((folder, read_manifest(folder)))
            except Unavailable:
                continue
    return sorted(found, key=lambda pair: pair[1].made_utc, reverse=True)


def remove(folder: Path) -> None:
    """Delete one backup. Raises Conflict for a folder that is none."""
    if not (folder / MANIFEST).is_file():
        raise Conflict(f"“{folder.name}” is not a backup and was left alone.")
    doomed = folder.with_name(f"{_UNFINISHED}{folder.name}")
    with told("An old backup could not be deleted."):
        folder.rename(doomed)
        shutil.rmtree(doomed)


@contextmanager
def opened_copy(folder: Path, data_key: bytes) -> Iterator[Any]:
    """The database in `folder`, open for reading only and without leaving a trace beside it."""
    path = folder / FILE_NAME
    if not path.is_file():
        raise Unavailable(f"“{folder.name}” holds no {FILE_NAME}.")
    # A write-ahead log beside it means the practice may be in use; without one nothing can change.
    how = "mode=ro" if path.with_name(f"{FILE_NAME}-wal").exists() else "mode=ro&immutable=1"
    with _keyed_uri(f"{path.absolute().as_uri()}?{how}", data_key) as connection:
        yield connection


@contextmanager
def _keyed(path: Path, data_key: bytes) -> Iterator[Any]:
    with _keyed_uri(path.absolute().as_uri(), data_key) as connection:
        yield connection


@contextmanager
def _keyed_uri(uri: str, data_key: bytes) -> Iterator[Any]:
    connection = sqlite.connect(uri, uri=True, isolation_level=None)
    try:
        connection.execute(f"PRAGMA key = \"x'{data_key.hex()}'\"")
        connection.execute("PRAGMA temp_store = memory")
        yield connection
    finally:
        connection.close()


def _progress_of(report: Report | None) -> Callable[[int, int, int], None] | None:
    if report is None:
        return None

    def progress(_status: int, remaining: int, total: int) -> None:
        report(total - remaining, total, "Copying the database")

    return progress


def _counts(connection: Any) -> dict[str, int]:
    """Rows of every table that holds something of its own (search can be derived again)."""
    names = [
        name
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%'"
            " ESCAPE '\\' ORDER BY name"
        )
        if not name.startswith(("patient_search", "patient_words", "patient_infix", "name_"))
        and name != "store_meta"
    ]
    return {
        name: int(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])
        for name in names
    }


def _journal_head(connection: Any) -> tuple[int, str]:
    row = connection.execute(
        "SELECT operation_id, mac FROM chain_link ORDER BY operation_id DESC LIMIT 1"
    ).fetchone()
    return (0, "") if row is None else (int(row[0]), str(row[1]))


def _check_pages(connection: Any) -> None:
    if connection.execute("PRAGMA cipher_integrity_check").fetchone() is not None:
        raise _failed("A page of the database is damaged.")
    verdict = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if verdict != "ok":
        raise _failed(f"The database is damaged ({verdict}).")
    broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    if broken is not None:
        raise _failed(f"A row of the table {broken[0]} refers to something that is not there.")


def _manifest(
    folder: Path, source: Database, made_at: str, made_utc: str, program: str
) -> Manifest:
    """What is in the copy, read from the copy itself."""
    with opened_copy(folder, source.data_key) as copy:
        length, head = _journal_head(copy)
        tables = _counts(copy)
        schema = int(copy.execute("PRAGMA user_version").fetchone()[0])
    names = _names(folder)
    return Manifest(
        practice_id=keys.KeySlots(folder).practice_id,
        practice=source.folder.name,
        made_at=made_at,
        made_utc=made_utc,
        program=program,
        schema=schema,
        journal_length=length,
        journal_head=head,
        tables=tables,
        sha256={name: _hash(folder / name) for name in names},
        size_bytes=sum((folder / name).stat().st_size for name in names),
    )


def _names(folder: Path) -> list[str]:
    """Every file of a backup by its path inside it, except the manifest."""
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.name != MANIFEST and path.name not in _BESIDE
    )


# What opening a backup as a practice leaves beside it; none of it is part of the backup.
_BESIDE = (
    f"{FILE_NAME}-wal", f"{FILE_NAME}-shm", "practice.lock", "practice.holder", keys.LOCK_NAME
)  # fmt: skip


def _copy_files(source: Path, target: Path, earlier: Path | None, report: Report | None) -> None:
    """Copy the attachments; one that an earlier backup on this drive has is linked, not copied.

    Attachments are named by their content and never change, so one copy on a drive is enough for
    all the backups there.
    """
    target.mkdir()
    if not source.is_dir():
        return
    names = [
        path.relative_to(source)
        for path in sorted(source.rglob("*"))
        if path.is_file() and not path.name.endswith((".new", ".part", ".tmp"))
    ]
    for number, name in enumerate(names, 1):
        if report:
            report(number, len(names), "Copying documents")
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        known = earlier / FILES / name if earlier else None
        if known and known.is_file() and known.stat().st_size == (source / name).stat().st_size:
            try:
                os.link(known, target / name)
                continue
            except OSError:
                pass  # a drive without links, such as a USB stick: copied below
        _copy(source / name, target / name)


def _copy(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)
    _sync(target)


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _latest(destination: Path) -> Path | None:
    return next((folder for folder, _ in backups_in(destination)), None)


def _free_name(destination: Path, name: str) -> Path:
    path, number = destination / name, 2
    while path.exists():
        path = destination / f"{name} ({number})"
        number += 1
    return path


def _sweep(destination: Path) -> None:
    """Take away what an interrupted backup left behind."""
    for folder in destination.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(folder, ignore_errors=True)


def _need_room(source: Path, destination: Path) -> None:
    needed = sum(path.stat().st_size for path in source.rglob("*") if path.is_file())
    free = shutil.disk_usage(destination).free
    if free < needed:
        raise Unavailable(
            "There is not enough room for the copy.",
            f"It needs {needed / 1e6:,.1f} MB and {free / 1e6:,.1f} MB are free.",
            "Free some space there, or choose another drive.",
        )


def _failed(why: str) -> Unavailable:
    return Unavailable(
        "The backup did not pass its check.",
        why,
        "Do not rely on it: make a new one, best on another drive.",
    )


@contextmanager
def told(what: str) -> Iterator[None]:
    """Run a block so that what the drive refuses arrives as a Problem beginning with `what`."""
    try:
        yield
    except OSError as error:
        raise Unavailable(
            what,
            f"The system says: {error.strerror or error}.",
            "Check that the drive is connected, has room and may be written to.",
        ) from error
