"""The whole practice out into open formats, and back in as a new practice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from peewee import IntegrityError

from medsec_desktop.domain.permissions import Permission, Role
from medsec_desktop.domain.wording import counted
from medsec_desktop.exchange import encrypted_zip, practice_archive
from medsec_desktop.exchange.practice_archive import Manifest, PracticeArchive, TableRows
from medsec_desktop.problems import Conflict, Invalid, Unavailable
from medsec_desktop.services.audit_words import row_word
from medsec_desktop.services.files_out import whole_file
from medsec_desktop.services.progress import Progress, Quiet
from medsec_desktop.store import journal
from medsec_desktop.store.database import newest_schema, schema_of
from medsec_desktop.store.files import Files

if TYPE_CHECKING:
    from medsec_desktop.services.session import Session
    from medsec_desktop.store.database import Database

_JOURNAL = ("operation", "row_change", "chain_link")
_BATCH = 500


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What a practice made from an archive holds; `missing` documents had no file in it."""

    manifest: Manifest
    rows: int
    documents: int
    missing: int

    @property
    def sentence(self) -> str:
        lost = f" {counted(self.missing, 'document')} had no file in it." if self.missing else ""
        return (
            f"“{self.manifest.practice}” as it was on {self.manifest.written_at}:"
            f" {counted(self.rows, 'record')} and {counted(self.documents, 'document')}.{lost}"
        )


def write(
    session: Session, path: Path, password: str, practice: str, progress: Progress | None = None
) -> Manifest:
    """Every record and document of the open practice into an encrypted ZIP.

    Raises NotAllowed, Invalid for a weak password, Unavailable where it cannot be written or a
    document is damaged; nothing is left of an archive that did not become whole.
    """
    session.require(Permission.EXPORT_DATA, "export the whole practice")
    session.require(Permission.VIEW_FULL_SSN, "export whole social security numbers")
    session.require(Permission.VIEW_AUDIT, "export who saw and changed what")
    db, listener = session.db, progress or Quiet()
    tables = journal.journalled_tables(db)
    total = sum(int(db.value(f"SELECT count(*) FROM {name}")) for name in (*tables, *_JOURNAL))
    done = 0

    def rows_of(name: str) -> TableRows:
        columns = tuple(c for (c,) in db.rows("SELECT name FROM pragma_table_info(?)", (name,)))

        def rows() -> Iterator[tuple[Any, ...]]:
            nonlocal done
            key = "operation_id" if name == "chain_link" else "id"
            last = -1
            while True:  # in pieces, so that memory stays flat and others may write
                found = db.rows(
                    f"SELECT {', '.join(columns)} FROM {name} WHERE {key} > ? ORDER BY {key} LIMIT ?",
                    (last, _BATCH),
                )
                if not found:
                    return
                yield from found
                last = found[-1][columns.index(key)]
                done += len(found)
                listener.report(done, total, f"Writing {name.replace('_', ' ')}")

        return TableRows(name, columns, rows())

    files = Files.of(db)
    hashes = [h for (h,) in db.rows("SELECT DISTINCT sha256 FROM document ORDER BY sha256")]
    manifest = Manifest(
        schema_of(db),
        practice,
        session.clock.now().isoformat(" ", "minutes"),
        session.user.name,
        {},
        0,
    )

    def record() -> None:
        session.event("Exported the whole practice", reason=f"to “{path.name}”")

    with whole_file(path, record) as file:
        return practice_archive.write(
            file,
            password,
            manifest,
            map(rows_of, tables),
            map(rows_of, _JOURNAL),
            ((sha256, files.get(sha256)) for sha256 in hashes),
            lambda _: listener.check(),
        )


def take_in(
    session: Session, path: Path, password: str, progress: Progress | None = None
) -> TakenIn:
    """Fill a practice that is still empty from an archive, as one operation that is never undone.

    Raises Unavailable for a damaged or newer archive and a wrong password, Conflict where the
    practice already holds patients; then nothing was taken in.
    """
    db, listener = session.db, progress or Quiet()
    if db.value("SELECT 1 FROM patient LIMIT 1"):
        raise Conflict(
            "This practice already holds patients.",
            "A whole practice is taken in only into a new one.",
            "Name a folder that does not exist yet.",
        )
    with encrypted_zip.opened(path, password) as opened:
        archive = PracticeArchive(opened, path.name)
        _refuse_newer(archive, path)
        total = sum(archive.manifest.rows.values())
        done = 0
        label = f"Take in the practice of {archive.manifest.written_at}"
        with session.change(label, Permission.MANAGE_USERS, sealed=True):
            db.execute("PRAGMA defer_foreign_keys = 1")
            for table in journal.journalled_tables(db):
                known = {c for (c,) in db.rows("SELECT name FROM pragma_table_info(?)", (table,))}
                for row in archive.rows(table):
                    _insert(db, archive, table, known, row)
                    done += 1
                    if not done % _BATCH:
                        listener.report(done, total, f"Reading: {row_word(table)}")
            documents, missing = _documents(db, archive, listener)
    return TakenIn(archive.manifest, done, documents, missing)


@dataclass(frozen=True, slots=True)
class Looked:
    """What an archive holds, each of its lines read and nothing written."""

    manifest: Manifest
    owner_name: str
    owner_login: str
    rows: dict[str, int]  # by table, as they were counted

    @property
    def total(self) -> int:
        return sum(self.rows.values())


def look_into(path: Path, password: str, progress: Progress | None = None) -> Looked:
    """What taking in would bring, without writing anything.

    Raises Unavailable for a wrong password and an archive that is damaged, newer or short of rows.
    """
    listener = progress or Quiet()
    _, login, name = owners_in(path, password)[0]
    with encrypted_zip.opened(path, password) as opened:
        archive = PracticeArchive(opened, path.name)
        _refuse_newer(archive, path)
        manifest = archive.manifest
        total, done = sum(manifest.rows.values()), 0
        counted: dict[str, int] = {}
        for table, said in manifest.rows.items():
            count = 0
            for _ in archive.rows(table):
                count += 1
                if not (done + count) % _BATCH:
                    listener.report(done + count, total, f"Reading: {row_word(table)}")
            if count != said:
                raise archive.damaged(f"It holds {count:,} of {said:,} rows of {table}.")
            counted[table] = count
            done += count
    return Looked(manifest, name, login, counted)


def _refuse_newer(archive: PracticeArchive, path: Path) -> None:
    if archive.manifest.schema > newest_schema():
        raise Unavailable(
            f"“{path.name}” was written by a newer version of the program.",
            remedy="Install the newest version, then try again.",
        )


def owners_in(path: Path, password: str) -> tuple[tuple[int, str, str], ...]:
    """Who may be given the first password of the practice taken in: number, log-in and name."""
    with encrypted_zip.opened(path, password) as opened:
        found = tuple(
            (int(row["id"]), str(row["login"]), str(row["display_name"]))
            for row in PracticeArchive(opened, path.name).rows("user_account")
            if row.get("role") == Role.OWNER and row.get("is_active")
            and isinstance(row.get("id"), int) and row.get("login") and row.get("display_name")
        )  # fmt: skip
    if not found:
        raise Invalid(f"“{path.name}” names no owner of the practice.")
    return found


def _insert(
    db: Database, archive: PracticeArchive, table: str, known: set[str], row: dict[str, Any]
) -> None:
    columns = [column for column in row if column in known]
    if not columns:
        raise archive.damaged(f"A row of {table} says nothing.")
    marks = ", ".join("?" * len(columns))
    try:
        db.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})",
            [row[column] for column in columns],
        )
    except IntegrityError as error:
        raise Unavailable(
            f"Row {row.get('id')} of {table} cannot be taken in.",
            "It does not fit the rules of its table: the archive was changed since it was written.",
            "Write the archive again, or use a backup.",
        ) from error


def _documents(db: Database, archive: PracticeArchive, listener: Progress) -> tuple[int, int]:
    files, kept, missing = Files.of(db), 0, 0
    hashes = [h for (h,) in db.rows("SELECT DISTINCT sha256 FROM document")]
    for number, sha256 in enumerate(hashes):
        listener.report(number, len(hashes), "Reading documents")
        content = archive.document(sha256)
        if content is None:
            missing += 1
        else:
            files.put(content)
            kept += 1
    return kept, missing
