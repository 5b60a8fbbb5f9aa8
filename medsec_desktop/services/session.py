"""Who is working, and the one door through which anything changes."""

from __future__ import annotations

import platform
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from medsec_desktop.domain.clock import Clock, utc_text
from medsec_desktop.domain.people import PersonName
from medsec_desktop.domain.permissions import Permission, Role, allows
from medsec_desktop.problems import Conflict, NotAllowed, Unavailable
from medsec_desktop.services.progress import Progress, Quiet, ToldToOthers
from medsec_desktop.store import journal, search_index
from medsec_desktop.store.database import Database
from medsec_desktop.store.errors import Busy, DiskFull, sorted_errors
from medsec_desktop.store.journal import Entry, Touched
from medsec_desktop.store.replay import play_backwards

__all__ = ["Changes", "OperationRow", "Session", "User"]

# Rows whose change makes a patient findable by something else, and where they name her.
_SEARCHED = {
    "patient": ("id", "merged_into_id"),  # who was merged into her leads to her
    "patient_phone": ("patient_id",),
    "coverage": ("patient_id",),
}
_PUT_BACK_AT_ONCE = 500  # rows: more take longer than the screen may stand still
_REINDEXED_AT_ONCE = 4_000  # changes of the journal
# Whether operation `o`, or the one it takes back, was last undone or redone.
_LATEST = "(SELECT f.kind FROM operation f WHERE f.target_id = {} ORDER BY f.id DESC LIMIT 1)"
_LATEST_REPLAY, _LATEST_REPLAY_OF_TARGET = _LATEST.format("o.id"), _LATEST.format("o.target_id")


@dataclass(frozen=True, slots=True)
class User:
    """The person logged in."""

    id: int
    login: str
    name: str
    role: Role

    @classmethod
    def program(cls) -> User:
        """The program itself, at set-up, before there is anybody."""
        return cls(0, "", "MedSec Desktop", Role.OWNER)


@dataclass(frozen=True, slots=True)
class Changes:
    """What a committed operation touched; screens reload the rows they show."""

    operation_id: int
    label: str
    initiator: object | None
    rows: Touched
    undoes: int | None = None  # the operation taken back (or repeated, for a redo)

    def touches(self, *tables: str) -> bool:
        """Whether a row of any of these tables was written."""
        return not self.rows.tables.isdisjoint(tables)

    def ids(self, table: str) -> frozenset[int]:
        """The rows of a table that were written."""
        return self.rows.ids(table)


@dataclass(frozen=True, slots=True)
class OperationRow:
    """One line of the history: who did what, when, and whether it still stands."""

    patient_name: str  # as one greets her; empty where it is about nobody, or she is gone
    id: int
    kind: str
    label: str
    user_id: int
    user_name: str
    at_utc: str
    patient_id: int | None
    reason: str
    state: str  # done, undone, sealed, event
    rows: int


@dataclass(slots=True)
class _Writing:
    """The operation that is open in one of this program's threads, as the others see it."""

    label: str
    thread: int
    pace: str = ""  # how far it is, where it says so
    seen_meanwhile: list[Entry] = field(default_factory=list)  # by others, recorded when it ends


class Session:
    """One sitting of one person at one workstation."""

    def __init__(self, db: Database, clock: Clock, user: User, workstation: str = ""):
        self.db = db
        self.clock = clock
        self.user = user
        self.workstation = workstation or platform.node()
        self._subscribers: list[Callable[[Changes], None]] = []
        self._guards: list[Callable[[Changes], None]] = []
        self._open = threading.local()
        self._writing: _Writing | None = None
        self._writing_lock = threading.Lock()
        self._first_operation = self._last_operation() + 1

    def may(self, permission: Permission) -> bool:
        """Whether the person logged in may do this."""
        return allows(self.user.role, permission)

    def require(self, permission: Permission, what: str) -> None:
        """Raise NotAllowed, naming `what`, unless the person logged in may do it."""
        if not self.may(permission):
            raise NotAllowed(
                f"You may not do this: {what}.",
                f"The role “{self.user.role}” does not include “{permission}”.",
                "Ask the owner or manager, or switch to a user who may.",
            )

    @contextmanager
    def change(
        self,
        label: str,
        needs: Permission,
        *,
        patient_id: int | None = None,
        reason: str = "",
        sealed: bool = False,
        initiator: object | None = None,
    ) -> Iterator[None]:
        """A change to data: checked, all or nothing, recorded, undoable, and told to the screens.

        `sealed` is for what has an effect outside the program and can never be undone. A change inside
        a change belongs to the outer one, which it seals if it is sealed; where it fails and the outer
        one goes on, nothing of it is left. Raises NotAllowed before anything happens.
        """
        self.require(needs, label)
        outer = getattr(self._open, "operation_id", None)
        if outer is not None:
            with self._part():
                journal.join(self.db, outer, needs, sealed)
                yield
            return
        entry = self._entry("change", label, patient_id, reason, needs=needs, is_sealed=sealed)
        with self._operation(entry, initiator):
            yield

    def event(self, label: str, patient_id: int | None = None, reason: str = "") -> None:
        """Record something that changed no row: a log-in, an export, a print.

        Inside a change it is recorded right after it, in the same commit. While another thread writes
        for long, as an import does, files can be looked at all the same: what was seen is recorded,
        with its own time, as soon as that operation ends, however it ends.
        """
        entry = self._entry("event", label, patient_id, reason)
        if getattr(self._open, "operation_id", None) is not None:
            self._open.waiting.append(entry)
            return
        with self._writing_lock:
            if self._writing is not None:
                self._writing.seen_meanwhile.append(entry)
                return
        with self._operation(entry, None):
            pass

    def viewed(self, patient_id: int, why: str) -> None:
        """Record that the person logged in saw a patient's file."""
        self.event(why, patient_id)

    def say_pace(self, words: str) -> None:
        """How far the operation open in this thread is, for those who wait for it."""
        with self._writing_lock:
            if self._writing is not None and self._writing.thread == threading.get_ident():
                self._writing.pace = words

    def written_meanwhile(self) -> str:
        """What another thread of this program is writing at this moment, '' where none is.

        Nothing can be saved until it ends; asking spares the wait for a lock that is not given.
        """
        with self._writing_lock:
            if self._writing is None or self._writing.thread == threading.get_ident():
                return ""
            return self._writing.label

    def undo(self, operation_id: int | None = None, progress: Progress | None = None) -> Changes:
        """Take a change back: the given one, or the latest of this person in this sitting.

        What stops its `progress` leaves everything as it is. Raises Conflict where it cannot be taken
        back and NotAllowed where it is somebody else's.
        """
        if operation_id is None:
            operation_id = self.next_to_undo()
            if operation_id is None:
                raise Conflict("There is nothing to undo in this sitting.")
        return self._replay("undo", operation_id, progress)

    def redo(self, operation_id: int | None = None, progress: Progress | None = None) -> Changes:
        """Do again what was undone: the given one, or the latest that this person undid."""
        if operation_id is None:
            operation_id = self.next_to_redo()
            if operation_id is None:
                raise Conflict("There is nothing to redo.")
        return self._replay("redo", operation_id, progress)

    def takes_long(self, operation_id: int) -> bool:
        """Whether taking it back, or doing it again, moves more rows than somebody should wait for."""
        many = self.db.value(
            "SELECT 1 FROM row_change WHERE operation_id = ? LIMIT 1 OFFSET ?",
            (operation_id, _PUT_BACK_AT_ONCE),
        )
        return many is not None

    def next_to_undo(self) -> int | None:
        """This person's latest change of this sitting that still stands."""
        found: int | None = self.db.value(
            "SELECT id FROM operation o WHERE id >= ? AND user_id = ? AND kind = 'change'"
            f" AND {_LATEST_REPLAY} IS NOT 'undo' ORDER BY id DESC LIMIT 1",
            (self._first_operation, self.user.id),
        )
        return found

    def next_to_redo(self) -> int | None:
        """What this person undid last and is still undone, unless she has changed something since."""
        mine = (self._first_operation, self.user.id)
        found: int | None = self.db.value(
            "SELECT target_id FROM operation o WHERE id >= ? AND user_id = ? AND kind = 'undo'"
            f" AND {_LATEST_REPLAY_OF_TARGET} = 'undo' AND id > coalesce((SELECT max(id)"
            " FROM operation WHERE id >= ? AND user_id = ? AND kind = 'change'), 0)"
            " ORDER BY id DESC LIMIT 1",
            (*mine, *mine),
        )
        return found

    def can_undo(self) -> str:
        """The label of what `undo()` would take back, '' for nothing."""
        return self._label(self.next_to_undo())

    def can_redo(self) -> str:
        """The label of what `redo()` would do again, '' for nothing."""
        return self._label(self.next_to_redo())

    def history(self, limit: int = 200) -> tuple[OperationRow, ...]:
        """The latest operations, newest first."""
        return tuple(
            _operation(*row)
            for row in self.db.rows(
                "SELECT p.family_name, p.given_name, p.preferred_name,"
                " o.id, o.kind, label, user_id, user_name, at_utc, o.patient_id, reason,"
                " CASE WHEN kind <> 'change' THEN 'event' WHEN is_sealed THEN 'sealed'"
                f" WHEN {_LATEST_REPLAY} = 'undo' THEN 'undone' ELSE 'done' END,"
                " (SELECT count(*) FROM row_change r WHERE r.operation_id = o.id)"
                " FROM operation o LEFT JOIN patient p ON p.id = o.patient_id"
                " ORDER BY o.id DESC LIMIT ?",
                (limit,),
            )
        )

    def subscribe(self, callback: Callable[[Changes], None]) -> None:
        """Call back after every committed operation, in the thread that committed it."""
        self._subscribers.append(callback)

    def guard(self, callback: Callable[[Changes], None]) -> None:
        """Call back before every commit; a Problem raised there rolls the operation back."""
        self._guards.append(callback)

    def switch_user(self, user: User) -> None:
        """Go on as another person; undo starts anew with her."""
        self.user = user
        self._first_operation = self._last_operation() + 1

    @contextmanager
    def _operation(self, entry: Entry, initiator: object | None) -> Iterator[list[Changes]]:
        """An operation around the block; the list given holds its `Changes` once it is committed."""
        committed: list[Changes] = []
        try:
            with (
                self._ballast(),
                self._named_when_busy(),
                sorted_errors(),
                self.db.engine.transaction("IMMEDIATE"),
            ):
                self._begin_writing(entry.label)
                operation_id = journal.begin(self.db, entry)
                self._open.operation_id = operation_id
                self._open.waiting = []
                try:
                    yield committed
                finally:
                    self._open.operation_id = None
                self._require_transaction()
                made = [self._finished(operation_id, entry, initiator)]
                # In the same commit: nothing is saved without the record of what was seen for it.
                for event in (*self._open.waiting, *self._end_writing()):
                    made.append(self._finished(journal.begin(self.db, event), event, None))
        finally:
            for event in self._end_writing():  # taken back: what others saw meanwhile was seen
                with self._operation(event, None):
                    pass
        committed += made
        self._publish(committed)

    def _begin_writing(self, label: str) -> None:
        with self._writing_lock:
            self._writing = _Writing(label, threading.get_ident())

    def _end_writing(self) -> list[Entry]:
        """Nobody is to wait for this thread's operation any more; what others saw meanwhile."""
        with self._writing_lock:
            if self._writing is None or self._writing.thread != threading.get_ident():
                return []
            seen, self._writing = self._writing.seen_meanwhile, None
            return seen

    @contextmanager
    def _named_when_busy(self) -> Iterator[None]:
        """Where the lock is not given, say for whom one waits and how long."""
        try:
            yield
        except Busy as busy:
            with self._writing_lock:
                writing = self._writing
            if writing is None or writing.thread == threading.get_ident():
                raise
            raise Busy(
                f"Nothing can be saved while this is written: {writing.label}.",
                f"It is under way: {writing.pace}." if writing.pace else "",
                "Look at everything meanwhile and save again when it is done; nothing typed is lost.",
            ) from busy

    def _finished(self, operation_id: int, entry: Entry, initiator: object | None) -> Changes:
        rows = journal.finish(self.db, operation_id)
        changes = Changes(operation_id, entry.label, initiator, rows, entry.target_id)
        self._reindex(changes)
        for guard in self._guards:
            guard(changes)
        return changes

    def _publish(self, committed: list[Changes]) -> None:
        """Tell every screen, also after one that fails; the first fault flies when all have heard."""
        faults = []
        for changes in committed:
            for subscriber in self._subscribers:
                try:
                    subscriber(changes)
                except Exception as fault:
                    faults.append(fault)
        if faults:
            raise faults[0]

    @contextmanager
    def _part(self) -> Iterator[None]:
        """A part of an operation that can fail alone."""
        self.db.execute("SAVEPOINT part")
        try:
            yield
        except BaseException:
            # On a full disk SQLite has already rolled everything back by itself.
            if self.db.engine.connection().in_transaction:
                self.db.execute("ROLLBACK TO part")
                self.db.execute("RELEASE part")
            raise
        self.db.execute("RELEASE part")

    def _require_transaction(self) -> None:
        """Raise Unavailable where SQLite has rolled back by itself and the fault was caught inside."""
        if not self.db.engine.connection().in_transaction:
            raise Unavailable(
                "Nothing was saved.",
                "The drive was full or did not answer, so the whole change was taken back.",
                "Check the practice's drive, then try again.",
            )

    @contextmanager
    def _ballast(self) -> Iterator[None]:
        try:
            yield
        except DiskFull as full:
            if not self.db.drop_ballast():
                raise
            raise DiskFull(
                full.what,
                "The program has given free the little room it holds back for this.",
                "Save once more now, then free some space on the practice's drive.",
            ) from full

    def _replay(self, kind: str, target_id: int, progress: Progress | None) -> Changes:
        target = self.db.one(
            "SELECT kind, label, user_id, user_name, patient_id, needs, is_sealed FROM operation"
            " WHERE id = ?",
            (target_id,),
        )
        if target is None or target[0] != "change":
            raise Conflict("This is not a change that can be undone.")
        _, label, user_id, user_name, patient_id, needs, is_sealed = target
        for permission in needs.split():
            self.require(Permission(permission), f"{kind} “{label}”")
        if is_sealed:
            raise Conflict(
                f"“{label}” cannot be undone.",
                "It had an effect outside the program.",
                "Void or replace it instead.",
            )
        if user_id != self.user.id and not self.may(Permission.UNDO_OTHERS):
            raise NotAllowed(
                f"“{label}” was done by {user_name}.",
                "Only the same person or a manager may undo it.",
                "Ask one of them, or change the record by hand.",
            )
        family = self.db.one(
            "SELECT id, kind FROM operation WHERE target_id = ? ORDER BY id DESC LIMIT 1",
            (target_id,),
        )
        is_undone = family is not None and family[1] == "undo"
        if is_undone == (kind == "undo"):
            raise Conflict(f"“{label}” is {'already' if kind == 'undo' else 'not'} undone.")
        entry = self._entry(kind, label, patient_id, "", target_id=target_id, needs=needs)
        replayed = target_id if family is None else int(family[0])
        with self._operation(entry, None) as committed:
            self._play_backwards(replayed, ToldToOthers(progress or Quiet(), self.say_pace))
        return committed[0]

    def _play_backwards(self, operation_id: int, progress: Progress) -> None:
        count = "SELECT count(*) FROM row_change WHERE operation_id = ?"
        done, total = 0, int(self.db.value(count, (operation_id,)))

        def told(rows: int) -> None:
            nonlocal done
            done += rows
            progress.report(done, total, "Putting rows back")

        play_backwards(self.db, operation_id, told)
        progress.report(0, 0, "Finishing: journal and search index")

    def _entry(
        self,
        kind: str,
        label: str,
        patient_id: int | None,
        reason: str,
        *,
        target_id: int | None = None,
        needs: str = "",
        is_sealed: bool = False,
    ) -> Entry:
        return Entry(
            kind,
            label,
            self.user.id,
            self.user.name,
            self.workstation,
            utc_text(self.clock.now_utc()),
            patient_id,
            reason,
            target_id,
            needs,
            is_sealed,
        )

    def _label(self, operation_id: int | None) -> str:
        if operation_id is None:
            return ""
        return str(self.db.value("SELECT label FROM operation WHERE id = ?", (operation_id,)))

    def _last_operation(self) -> int:
        return int(self.db.value("SELECT max(id) FROM operation") or 0)

    def _reindex(self, changes: Changes) -> None:
        """Keep the search rows of every patient touched in step, within the same transaction."""
        named = [
            # Both: a number given to somebody else leaves the one who had it.
            f"SELECT json_extract(image.value, '$.{column}') AS named"
            " FROM row_change r, json_each(json_array(before, after)) AS image"
            " WHERE operation_id = ?1 AND r.id BETWEEN ?2 AND ?3"
            f" AND table_name = '{table}' AND image.value IS NOT NULL AND named IS NOT NULL"
            for table, columns in _SEARCHED.items()
            if changes.touches(table)
            for column in columns
        ]
        if not named:
            return
        first, last = self.db.rows(
            "SELECT min(id), max(id) FROM row_change WHERE operation_id = ?",
            (changes.operation_id,),
        )[0]
        just_done: set[int] = set()
        # Some at a time: a hundred thousand at once the database would sort in memory.
        for begin in range(first, last + 1, _REINDEXED_AT_ONCE):
            span = (changes.operation_id, begin, begin + _REINDEXED_AT_ONCE - 1)
            found = {int(named) for (named,) in self.db.rows(" UNION ".join(named), span)}
            search_index.reindex(self.db, found - just_done)
            just_done = found


def _operation(
    family: str | None, given: str | None, preferred: str | None, *row: Any
) -> OperationRow:
    name = PersonName(family, given or "", preferred=preferred or "").spoken if family else ""
    return OperationRow(name, *row)
