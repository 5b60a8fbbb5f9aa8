"""Backups of the open practice, and putting one back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from medsec_desktop import __version__
from medsec_desktop.domain.backups import worth_keeping
from medsec_desktop.domain.clock import Clock, SystemClock, utc_text
from medsec_desktop.domain.permissions import Permission, Role, allows
from medsec_desktop.problems import Conflict, NotAllowed, Unavailable
from medsec_desktop.services.claims.batches import skip_numbers
from medsec_desktop.services.practice import Practice, settings
from medsec_desktop.services.progress import Progress, Quiet
from medsec_desktop.services.session import Session
from medsec_desktop.services.welcome import Unlocked, open_office
from medsec_desktop.store import backup, journal
from medsec_desktop.store.backup import Manifest
from medsec_desktop.store.keys import KeySlots
from medsec_desktop.store.lock import PracticeLock

_LAST = "last_backup"

# What a person wants to hear counted, in her words.
_SPOKEN = (
    ("patient", "patient", "patients"),
    ("appointment", "appointment", "appointments"),
    ("encounter", "past visit", "past visits"),
    ("letter", "letter", "letters"),
    ("claim", "claim", "claims"),
    ("document", "document", "documents"),
    ("coverage", "coverage", "coverages"),
    ("operation", "journal entry", "journal entries"),
)


@dataclass(frozen=True, slots=True)
class BackupRow:
    """One backup on disk."""

    path: Path
    made_at: datetime
    practice: str
    counts: Mapping[str, int]  # rows per table
    size_bytes: int
    journal_length: int
    program: str

    @property
    def sentence(self) -> str:
        """What is in it."""
        return f"{counted(self.counts)}, {self.size_bytes / 1e6:,.1f} MB"


@dataclass(frozen=True, slots=True)
class BackupReport:
    """A backup that was made and read back."""

    row: BackupRow
    removed: tuple[str, ...]  # names of older backups that gave way
    documents_missing: int  # named in the database, but without a file in the practice itself

    @property
    def sentence(self) -> str:
        """What was done, for the message bar."""
        text = (
            f"Backed up to “{self.row.path.name}” in {self.row.path.parent}: {self.row.sentence}. "
            "It was opened again with the key, every page checked and every row counted."
        )
        if self.documents_missing:
            text += f" {self.documents_missing} filed documents have no file in the practice."
        if self.removed:
            text += f" {len(self.removed)} older ones gave way."
        return text

    def as_dict(self) -> dict[str, Any]:
        return {
            "folder": str(self.row.path),
            "made_at": self.row.made_at.isoformat(timespec="seconds"),
            "tables": dict(self.row.counts),
            "size_bytes": self.row.size_bytes,
            "verified": True,
            "removed": list(self.removed),
            "documents_missing": self.documents_missing,
        }


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What checking a practice or a backup found; `faults` is empty where all is well."""

    what: str
    counts: Mapping[str, int]
    operations: int
    faults: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        return not self.faults

    @property
    def sentence(self) -> str:
        if self.faults:
            return f"{self.what} is not sound. {' '.join(self.faults)}"
        return (
            f"{self.what} is sound: {counted(self.counts)}; every page and reference checked, "
            f"the journal's {self.operations:,} operations follow on from each other."
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "what": self.what,
            "sound": self.is_sound,
            "faults": list(self.faults),
            "tables": dict(self.counts),
            "operations": self.operations,
        }


@dataclass(frozen=True, slots=True)
class RestorePreview:
    """What putting a backup back would change."""

    backup: BackupRow
    practice: Path
    replaces: bool  # there is a practice in the folder now
    now: Mapping[str, int]  # rows per table now; empty where it cannot be read
    lost: tuple[tuple[str, str, str], ...]  # when (UTC), who, what: done since the backup
    set_aside: Path
    is_other_practice: bool

    @property
    def sentences(self) -> tuple[str, ...]:
        """What would happen, a sentence each."""
        when = f"{self.backup.made_at:%Y-%m-%d %H:%M}"
        said = [f"The backup of {when} holds {self.backup.sentence}."]
        if not self.replaces:
            return (*said, f"It becomes a new practice in “{self.practice}”.")
        if self.is_other_practice:
            said.append("It is of another practice than the one in this folder.")
        elif not self.now:
            said.append("The practice there now cannot be read; what differs is not known.")
        else:
            said += [
                f"{words[0].upper()}{words[1:]}: {self.now.get(table, 0):,} now, "
                f"{self.backup.counts.get(table, 0):,} after."
                for table, _, words in _SPOKEN
                if self.now.get(table, 0) != self.backup.counts.get(table, 0)
            ]
            changes = len(self.lost)
            said.append(
                f"{changes:,} change{'' if changes == 1 else 's'} made since would not be in it."
                if changes
                else "Nothing was changed since."
            )
        return (*said, f"The folder there now is kept as “{self.set_aside.name}”.")

    def as_dict(self) -> dict[str, Any]:
        return {
            "backup": str(self.backup.path),
            "made_at": self.backup.made_at.isoformat(timespec="seconds"),
            "practice": str(self.practice),
            "replaces": self.replaces,
            "tables_now": dict(self.now),
            "tables_after": dict(self.backup.counts),
            "changes_lost": [{"at_utc": at, "by": by, "what": what} for at, by, what in self.lost],
            "set_aside": str(self.set_aside) if self.replaces else None,
        }


class Backups:
    """Makes, lists and checks backups of the open practice."""

    def __init__(self, session: Session, practice: Practice):
        self._session = session
        self._practice = practice

    @property
    def folder(self) -> Path:
        """Where backups go: as set, or beside the practice's own folder."""
        chosen = self._practice.get(settings.BACKUP_FOLDER)
        here = self._session.db.folder
        return Path(chosen) if chosen else here.with_name(f"{here.name} backups")

    def make(self, progress: Progress | None = None, folder: Path | None = None) -> BackupReport:
        """Back the practice up and read the copy back; older ones beyond 7 days, 5 weeks and
        12 months give way.

        Raises Unavailable where the drive is missing, full or read-only; then nothing is left behind
        and the earlier backups stay.
        """
        self._session.require(Permission.MAKE_BACKUPS, "make a backup")
        destination = folder or self.folder
        listener = progress or Quiet()
        clock = self._session.clock
        made = backup.make(
            self._session.db,
            destination,
            clock.now().strftime("%Y-%m-%dT%H:%M:%S"),
            utc_text(clock.now_utc()),
            __version__,
            listener.report,
        )
        row = _row(made, backup.read_manifest(made))
        missing = backup.documents_without_file(made, self._session.db.data_key)
        removed = self._prune(destination)
        self._session.db.note_meta(
            _LAST, json.dumps({"at": row.made_at.isoformat(), "folder": str(made)})
        )
        self._session.event("Made a backup", reason=made.name)
        return BackupReport(row, removed, missing)

    def at_closing(self, progress: Progress | None = None) -> BackupReport | None:
        """The backup that closing makes, or None where there is no need.

        There is none where it is switched off, for the demo clinic, for who may not make one, and
        when nothing was changed since the last one.
        """
        wanted = self._practice.get(settings.BACKUP_AT_CLOSING)
        if not wanted or self._practice.get(settings.IS_DEMO):
            return None
        if not self._session.may(Permission.MAKE_BACKUPS) or not self._changed_since_last():
            return None
        return self.make(progress)

    def _changed_since_last(self) -> bool:
        last = next(iter(self.list()), None)
        return bool(
            self._session.db.value(
                "SELECT 1 FROM operation WHERE id > ? AND kind <> 'event' LIMIT 1",
                (last.journal_length if last else 0,),
            )
        )

    def list(self, folder: Path | None = None) -> tuple[BackupRow, ...]:
        """This practice's backups, newest first."""
        return tuple(
            _row(path, manifest)
            for path, manifest in backup.backups_in(folder or self.folder)
            if manifest.practice_id == self._practice_id
        )

    def last_verified(self) -> datetime | None:
        """When the last backup was made and passed its check, for the status bar."""
        try:
            return datetime.fromisoformat(json.loads(self._session.db.meta(_LAST))["at"])
        except (ValueError, LookupError, TypeError):
            return None

    def check(self, row: BackupRow, progress: Progress | None = None) -> VerifyReport:
        """Read one backup back again, now."""
        return verify_backup(row.path, self._session.db.data_key, progress)

    def verify(self, progress: Progress | None = None) -> VerifyReport:
        """Check the open practice: every page, every reference, the whole journal.

        The journal must also still hold what the backups know of it.
        """
        db = self._session.db
        listener = progress or Quiet()
        faults = []
        listener.report(0, 0, "Checking every page")
        try:
            backup.check_pages(db)
        except Unavailable as problem:
            faults.append(problem.why or problem.what)
        listener.report(0, 0, "Checking the journal")
        known = tuple(
            (manifest.journal_length, manifest.journal_head)
            for _, manifest in backup.backups_in(self.folder)
            if manifest.practice_id == self._practice_id
        )
        verdict = journal.verify(db, known)
        if not verdict.is_sound:
            faults.append(verdict.fault)
        missing = backup.documents_without_file(db.folder, db.data_key)
        if missing:
            faults.append(f"{missing} filed documents have no file.")
        counts = backup.counts_in(db.folder, db.data_key)
        return VerifyReport("The practice", counts, verdict.operations, tuple(faults))

    @property
    def _practice_id(self) -> str:
        return KeySlots(self._session.db.folder).practice_id

    def _prune(self, destination: Path) -> tuple[str, ...]:
        """Delete this practice's backups that are no longer worth keeping; never the newest."""
        rows = self.list(destination)
        kept = worth_keeping(row.made_at for row in rows)
        removed = []
        for row in rows[1:]:
            if row.made_at not in kept:
                backup.remove(row.path)
                removed.append(row.path.name)
        return tuple(removed)


def read(folder: Path) -> BackupRow:
    """What the backup in `folder` says it holds. Raises Unavailable where it is not a backup."""
    return _row(folder, backup.read_manifest(folder))


def unlock_backup(folder: Path, login: str, password: str) -> Unlocked:
    """Who this is in a backup, by the password as it was when the backup was made.

    Raises WrongPassword; failures are not counted, since a backup is never written to.
    """
    backup.read_manifest(folder)
    return Unlocked(*KeySlots(folder).unlock(login, password))


def verify_backup(folder: Path, data_key: bytes, progress: Progress | None = None) -> VerifyReport:
    """Read a backup back whole; its faults are told, not raised."""
    manifest = backup.read_manifest(folder)
    try:
        backup.verify(folder, data_key, (progress or Quiet()).report)
    except Unavailable as problem:
        return VerifyReport(
            f"The backup “{folder.name}”", manifest.tables, 0, (problem.why or problem.what,)
        )
    return VerifyReport(f"The backup “{folder.name}”", manifest.tables, manifest.journal_length, ())


def preview_restore(
    folder: Path, data_key: bytes, practice: Path, clock: Clock | None = None
) -> RestorePreview:
    """What putting the backup in `folder` back into `practice` would change. Changes nothing.

    Raises Unavailable where the backup is not sound.
    """
    manifest = backup.verify(folder, data_key)
    now: Mapping[str, int] = {}
    lost: tuple[tuple[str, str, str], ...] = ()
    replaces = practice.exists() and any(practice.iterdir())
    is_other = False
    if replaces:
        try:
            is_other = KeySlots(practice).practice_id != manifest.practice_id
            if not is_other:
                now = backup.counts_in(practice, data_key)
                lost = tuple(backup.operations_after(practice, data_key, manifest.journal_length))
        except Unavailable:
            now = {}
    return RestorePreview(
        _row(folder, manifest),
        practice,
        replaces,
        now,
        lost,
        _aside(practice, (clock or SystemClock()).now()),
        is_other,
    )


def restore(preview: RestorePreview, who: Unlocked, clock: Clock | None = None) -> None:
    """Put the backup back as previewed, and record in its journal who did.

    Nobody may have the practice open. Raises Conflict where another practice or other files would be
    replaced, Held where somebody has it open, NotAllowed where `who` may not; then nothing is changed.
    """
    clock = clock or SystemClock()
    practice = preview.practice
    if preview.is_other_practice:
        raise Conflict(
            "The backup is of another practice than the one in this folder.",
            remedy="Choose that practice's folder, or an empty one.",
        )
    if preview.replaces and not KeySlots(practice).path.exists():
        raise Conflict(
            f"“{practice.name}” holds other files.",
            "A practice needs a folder of its own.",
            "Choose an empty folder or a new name.",
        )
    _require_may_restore(preview.backup.path, who)
    if practice.exists():
        lock = PracticeLock(practice)
        lock.acquire(clock.now().strftime("%H:%M"))
        lock.release()  # a held file cannot be renamed on Windows
    backup.put_back(preview.backup.path, who.data_key, practice, preview.set_aside)
    made_at = f"{preview.backup.made_at:%Y-%m-%d %H:%M}"
    office = open_office(practice, who, clock, f"Put back the backup of {made_at}")
    try:
        skip_numbers(office.session)
    finally:
        office.close()


def _require_may_restore(folder: Path, who: Unlocked) -> None:
    with backup.opened_copy(folder, who.data_key) as copy:
        row = copy.execute("SELECT role FROM user_account WHERE id = ?", (who.user_id,)).fetchone()
    role = Role(row[0]) if row else Role.READ_ONLY
    if not allows(role, Permission.RESTORE_BACKUPS):
        raise NotAllowed(
            "You may not put a backup back.",
            f"The role “{role}” does not include it.",
            "Ask the owner.",
        )


def counted(counts: Mapping[str, int]) -> str:
    """ "3,000 patients, 9,214 appointments and 12 letters"."""
    parts = [
        f"{counts[table]:,} {one if counts[table] == 1 else many}"
        for table, one, many in _SPOKEN
        if counts.get(table)
    ]
    if not parts:
        return "nothing yet"
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _row(folder: Path, manifest: Manifest) -> BackupRow:
    return BackupRow(
        folder,
        datetime.fromisoformat(manifest.made_at),
        manifest.practice,
        manifest.tables,
        manifest.size_bytes,
        manifest.journal_length,
        manifest.program,
    )


def _aside(practice: Path, now: datetime) -> Path:
    """A free name beside the practice for the folder that gives way."""
    plain = practice.with_name(f"{practice.name} before restoring {now:%Y-%m-%d %H.%M}")
    path, number = plain, 2
    while path.exists():
        path = plain.with_name(f"{plain.name} ({number})")
        number += 1
    return path
