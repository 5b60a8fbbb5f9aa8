"""The journal: every write recorded by the database itself, undone from its own record, chained.

Triggers generated from the schema write a before and after image of each touched row. They take the
operation from the one row of `chain_head`, and `row_change.operation_id` may not be NULL, so a write
outside an operation fails in the database, whoever makes it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

import peewee
from sqlcipher3 import dbapi2 as sqlite

if TYPE_CHECKING:
    from medsec_desktop.store.database import Database

_GENESIS = "0" * 64
_INSERT_ONLY = ("operation", "row_change", "chain_link")
_OPEN = "(SELECT open_operation_id FROM chain_head)"
_UNREADABLE = (peewee.OperationalError, sqlite.OperationalError)


@dataclass(frozen=True, slots=True)
class Entry:
    """What the journal says of one operation."""

    kind: str  # change, undo, redo, event
    label: str
    user_id: int
    user_name: str
    workstation: str
    at_utc: str
    patient_id: int | None = None
    reason: str = ""
    target_id: int | None = None
    needs: str = ""  # the permissions it asked for, blank between
    is_sealed: bool = False


class Touched:
    """The rows an operation wrote, by table, those in a row as one: an import writes half a million."""

    def __init__(self) -> None:
        self._runs: dict[str, array[int]] = {}  # first, one past the last, first …

    def add(self, table: str, row_id: int) -> None:
        """Note one row; the same may come again."""
        if table not in self._runs:
            self._runs[table] = array("q")
        runs = self._runs[table]
        if runs and runs[-2] - 1 <= row_id <= runs[-1]:
            runs[-2], runs[-1] = min(runs[-2], row_id), max(runs[-1], row_id + 1)
        else:
            runs.extend((row_id, row_id + 1))

    @property
    def tables(self) -> frozenset[str]:
        return frozenset(self._runs)

    def ids(self, table: str) -> frozenset[int]:
        """The rows of a table that were written."""
        runs = self._runs.get(table, ())
        return frozenset(chain.from_iterable(map(range, runs[::2], runs[1::2])))

    def __bool__(self) -> bool:
        return bool(self._runs)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification of the chain found; `fault` is '' or a sentence naming the first break."""

    operations: int
    row_changes: int
    head: str  # the chain's last link, to be printed and kept in backups
    fault: str

    @property
    def is_sound(self) -> bool:
        return not self.fault


def journalled_tables(database: Database) -> tuple[str, ...]:
    """The tables whose every write is recorded: those with a `version` column."""
    return tuple(
        name
        for (name,) in database.rows(
            "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c"
            " ON c.name = 'version' WHERE m.type = 'table' ORDER BY m.name"
        )
    )


def begin(database: Database, entry: Entry) -> int:
    """Open an operation inside the caller's transaction; its number."""
    cursor = database.execute(
        "INSERT INTO operation (kind, label, user_id, user_name, workstation, at_utc, patient_id,"
        " reason, target_id, needs, is_sealed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        _fields(entry),
    )
    operation_id = int(cursor.lastrowid)
    database.execute("UPDATE chain_head SET open_operation_id = ?", (operation_id,))
    return operation_id


def join(database: Database, operation_id: int, needs: str, is_sealed: bool) -> None:
    """Make a further part belong to the operation still open: what it asks for, and its seal."""
    database.execute(
        "UPDATE operation SET is_sealed = max(is_sealed, ?1),"
        " needs = CASE WHEN instr(' ' || needs || ' ', ' ' || ?2 || ' ') THEN needs"
        " ELSE trim(needs || ' ' || ?2) END WHERE id = ?3",
        (int(is_sealed), needs, operation_id),
    )


def finish(database: Database, operation_id: int) -> Touched:
    """Close and chain the operation, and give the rows it wrote; the caller commits."""
    key = _chain_key(database)
    length, previous = database.one(
        "SELECT length, (SELECT l.mac FROM chain_link l WHERE l.operation_id = length) FROM chain_head"
    ) or (0, None)
    touched = Touched()

    def lines() -> Iterator[bytes]:
        # As it is stored, not as it was handed in: that is what a verification will read.
        yield _line(_operation(database, operation_id))
        for row in _row_changes(database, operation_id):
            touched.add(row[2], row[3])
            yield _line(row)

    mac = _link(key, previous or _GENESIS, lines())
    database.execute(
        "INSERT INTO chain_link (operation_id, mac) VALUES (?, ?)", (operation_id, mac)
    )
    database.execute(
        "UPDATE chain_head SET length = ?, mac = ?, open_operation_id = NULL",
        (length + 1, _head_mac(key, length + 1, mac)),
    )
    return touched


def verify(database: Database, known_heads: tuple[tuple[int, str], ...] = ()) -> Verdict:
    """Whether the whole journal is as it was written.

    `known_heads` are (operation number, link) pairs kept elsewhere, in backups or on paper; each must
    still be in the chain, so a journal cut short together with its head is found as well.
    """
    try:
        # Of one instant: what somebody writes meanwhile must not look like a tampering.
        with database.engine.atomic():
            return _verified(database, known_heads)
    except _UNREADABLE:
        fault = "The journal, or a row of the practice, holds what the program never writes."
        return Verdict(0, 0, _GENESIS, fault)


def _verified(database: Database, known_heads: tuple[tuple[int, str], ...]) -> Verdict:
    key = _chain_key(database)
    previous = _GENESIS
    count = changes = 0
    links = dict(database.rows("SELECT operation_id, mac FROM chain_link"))
    for (operation_id,) in database.rows("SELECT id FROM operation ORDER BY id"):
        count += 1
        if operation_id != count:
            return Verdict(count, changes, previous, f"Operation {count} is missing.")
        lines = list(_lines(database, operation_id))
        changes += len(lines) - 1
        previous = _link(key, previous, iter(lines))
        if links.get(operation_id) != previous:
            return Verdict(
                count,
                changes,
                previous,
                f"Operation {operation_id} or a row it changed was altered after it was written.",
            )
    fault = ""
    head = database.one("SELECT length, mac FROM chain_head") or (0, "")
    if len(links) != count:
        fault = "There are links to operations that are missing."
    elif head[0] != count or (count and head[1] != _head_mac(key, count, previous)):
        fault = f"The journal was cut short: {head[0]} operations were written, {count} are left."
    elif database.value("SELECT count(*) FROM row_change") != changes:
        fault = "There are row changes that belong to no operation."
    else:
        fault = (
            _differs_from_known(links, known_heads)
            or _row_without_record(database)
            or _record_without_row(database)
        )
    return Verdict(count, changes, previous, fault)


def head(database: Database) -> tuple[int, str]:
    """The chain's length and last link, to be kept where the database is not."""
    row = database.one(
        "SELECT operation_id, mac FROM chain_link ORDER BY operation_id DESC LIMIT 1"
    )
    return (0, _GENESIS) if row is None else (int(row[0]), str(row[1]))


def triggers_are_right(database: Database) -> bool:
    """Whether exactly the triggers that the schema asks for are there, to the letter."""
    present = dict(
        database.rows(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'journal\\_%'"
            " ESCAPE '\\'"
        )
    )
    return present == _wanted_triggers(database)


def regenerate_triggers(database: Database) -> None:
    """Make the triggers anew from the schema, inside the caller's transaction."""
    drop_triggers(database)
    for sql in _wanted_triggers(database).values():
        database.execute(sql)


def drop_triggers(database: Database) -> None:
    """Take the journal's triggers away, for a migration."""
    for (name,) in database.rows(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'journal\\_%' ESCAPE '\\'"
    ):
        database.execute(f"DROP TRIGGER {name}")


def _wanted_triggers(database: Database) -> dict[str, str]:
    triggers: dict[str, str] = {}
    for table in journalled_tables(database):
        columns = columns_of(database, table)
        old, new = image_sql("OLD", columns), image_sql("NEW", columns)
        for event, before, after, row in (
            ("INSERT", "NULL", new, "NEW"),
            ("UPDATE", old, new, "NEW"),
            ("DELETE", old, "NULL", "OLD"),
        ):
            name = f"journal_{table}_{event.lower()}"
            guard = (
                " SELECT RAISE(ABORT, 'a row keeps its number') WHERE NEW.id IS NOT OLD.id;"
                if event == "UPDATE"
                else ""
            )
            triggers[name] = (
                f"CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN{guard}"
                " INSERT INTO row_change (operation_id, table_name, row_id, before, after)"
                f" VALUES ({_OPEN}, '{table}', {row}.id,"
                f" {before}, {after}); END"
            )
    for table in _INSERT_ONLY:
        for event in ("UPDATE", "DELETE"):
            name = f"journal_{table}_no_{event.lower()}"
            # The operation still open may be sealed by a change inside it.
            when = (
                f" WHEN OLD.id IS NOT {_OPEN}" if (table, event) == ("operation", "UPDATE") else ""
            )
            triggers[name] = (
                f"CREATE TRIGGER {name} BEFORE {event} ON {table}{when}"
                " BEGIN SELECT RAISE(ABORT, 'the journal is never rewritten'); END"
            )
    # Asks for NULL too: a statement's OR IGNORE overrules NOT NULL inside a trigger, but never RAISE.
    triggers["journal_row_change_in_operation"] = (
        "CREATE TRIGGER journal_row_change_in_operation BEFORE INSERT ON row_change"
        f" WHEN NEW.operation_id IS NULL OR NEW.operation_id IS NOT {_OPEN}"
        " BEGIN SELECT RAISE(ABORT, 'a change needs an open operation'); END"
    )
    return triggers


def columns_of(database: Database, table: str) -> tuple[str, ...]:
    """The columns of a table, in their order."""
    return tuple(
        name
        for (name,) in database.rows("SELECT name FROM pragma_table_info(?) ORDER BY cid", (table,))
    )


def image_sql(prefix: str, columns: tuple[str, ...]) -> str:
    """SQL for the image of a row as the journal keeps it; `prefix` is what the row is called."""
    dot = f"{prefix}." if prefix else ""
    return "json_object(" + ", ".join(f"'{column}', {dot}{column}" for column in columns) + ")"


def _image(text: str | None) -> dict[str, Any] | None:
    return None if text is None else json.loads(text)


def _chain_key(database: Database) -> bytes:
    return database.key_for("journal chain")


def _fields(entry: Entry) -> tuple[Any, ...]:
    return (
        entry.kind,
        entry.label,
        entry.user_id,
        entry.user_name,
        entry.workstation,
        entry.at_utc,
        entry.patient_id,
        entry.reason,
        entry.target_id,
        entry.needs,
        int(entry.is_sealed),
    )


def _row_changes(database: Database, operation_id: int) -> Any:
    return database.execute(
        "SELECT id, operation_id, table_name, row_id, before, after FROM row_change"
        " WHERE operation_id = ? ORDER BY id",
        (operation_id,),
    )


def _operation(database: Database, operation_id: int) -> tuple[Any, ...] | None:
    return database.one(
        "SELECT id, kind, label, user_id, user_name, workstation, at_utc, patient_id, reason,"
        " target_id, needs, is_sealed FROM operation WHERE id = ?",
        (operation_id,),
    )


def _lines(database: Database, operation_id: int) -> Iterator[bytes]:
    """One operation as JSON lines: its own fields, then each row change. No value can end a line."""
    yield _line(_operation(database, operation_id))
    for row in _row_changes(database, operation_id):
        yield _line(row)


def _line(row: tuple[Any, ...] | None) -> bytes:
    # Bytes are never written; where somebody put them they become a text that differs.
    return json.dumps(row, separators=(",", ":"), default=repr).encode() + b"\n"


def _link(key: bytes, previous: str, lines: Iterator[bytes]) -> str:
    mac = hmac.new(key, previous.encode() + b"\n", hashlib.sha256)
    for line in lines:
        mac.update(line)
    return mac.hexdigest()


def _head_mac(key: bytes, length: int, mac: str) -> str:
    return hmac.new(key, f"head {length} {mac}".encode(), hashlib.sha256).hexdigest()


def _differs_from_known(links: dict[int, str], known: tuple[tuple[int, str], ...]) -> str:
    for length, mac in known:
        if length and links.get(length) != mac:
            return (
                f"Operation {length} is not the one that a backup or printed day sheet knows:"
                " the journal was cut short or replaced."
            )
    return ""


def _row_without_record(database: Database) -> str:
    """A sentence naming a row that is not as its last recorded change left it, or ''."""
    for table in journalled_tables(database):
        columns = columns_of(database, table)
        rows = database.rows(
            f"SELECT * FROM (SELECT id, {image_sql('', columns)} AS now,"
            " (SELECT after FROM row_change r WHERE r.table_name = ? AND r.row_id = t.id"
            f" ORDER BY r.id DESC LIMIT 1) AS recorded FROM {table} t) WHERE now IS NOT recorded",
            (table,),
        )
        for row_id, now, recorded in rows:
            known, current = _image(recorded) or {}, json.loads(now)
            # A migration since may have added or dropped columns: what both know is compared.
            shared = known.keys() & current.keys()
            if not known or any(current[name] != known[name] for name in shared):
                return f"Row {row_id} of {table} was changed without a record."
    return ""


def _record_without_row(database: Database) -> str:
    """A sentence naming a row that is gone although its last recorded change left it there, or ''."""
    for table in journalled_tables(database):
        row_id = database.value(
            "SELECT row_id FROM row_change r WHERE table_name = ? AND after IS NOT NULL"
            f" AND row_id NOT IN (SELECT id FROM {table}) AND NOT EXISTS (SELECT 1 FROM row_change l"
            " WHERE l.table_name = r.table_name AND l.row_id = r.row_id AND l.id > r.id)",
            (table,),
        )
        if row_id is not None:
            return f"Row {row_id} of {table} was deleted without a record."
    return ""
