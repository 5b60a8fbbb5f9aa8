"""What hangs on a patient's file, found from the schema, and how a merge writes it down row by row."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from medsec_desktop.domain.formats import Formats
from medsec_desktop.services.audit_words import row_word, value_word
from medsec_desktop.store.database import Database

Image = dict[str, Any]
# They tell what was merged into what, once: a later merge does not make it untrue.
_HISTORY = frozenset({("patient_merge", "survivor_id"), ("patient_merge", "absorbed_id")})
# Two files told apart name each other, the smaller number first: moved with their own rule.
_PAIRS = "not_duplicate"
# What a row is told by, the first that says something.
_TOLD_BY = {
    "appointment": ("starts_at", "reason"),
    "patient_phone": ("number", "note"),
    "patient_address": ("line1", "line2", "city", "state", "postal_code"),
    "related_person": ("name", "relation", "phone"),
    "coverage": ("plan_name", "member_id", "group_number"),
    "patient_alert": ("text",),
    "document": ("title", "filed_at"),
    "letter": ("subject", "written_on"),
    "custom_value": ("value",),
}
_USUALLY_TOLD_BY = (
    "title", "name", "text", "number", "starts_at", "begun_on", "signed_on", "received_on",
    "disclosed_at", "due_on", "added_at", "at", "what", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reference:
    """A column that names a row of another table."""

    table: str
    column: str


def references(db: Database, target: str) -> tuple[Reference, ...]:
    """Every column of the schema that names a row of `target`, tables of years to come included."""
    return tuple(
        Reference(table, column)
        for table, column in db.rows(
            'SELECT m.name, f."from" FROM sqlite_master m'
            " JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND f.\"table\" = ?"
            ' ORDER BY m.name, f."from"',
            (target,),
        )
    )


def carried(db: Database) -> tuple[Reference, ...]:
    """The columns through which a row belongs to a patient and goes where her file goes."""
    return tuple(
        each
        for each in references(db, "patient")
        if (each.table, each.column) not in _HISTORY and each.table != _PAIRS
    )


def columns_of(db: Database, table: str) -> tuple[str, ...]:
    """The columns of a table, in order."""
    return tuple(
        name for (name,) in db.rows("SELECT name FROM pragma_table_info(?) ORDER BY cid", (table,))
    )


def row_of(db: Database, table: str, row_id: int) -> Image | None:
    """A row as it stands, by its columns; None where it is gone."""
    columns = columns_of(db, table)
    row = db.one(f"SELECT {', '.join(columns)} FROM {table} WHERE id = ?", (row_id,))
    return None if row is None else dict(zip(columns, row, strict=True))


def ids_of(db: Database, reference: Reference, patient_id: int) -> list[int]:
    """The rows that name this patient, or another row, by this column."""
    return [
        row_id
        for (row_id,) in db.rows(
            f"SELECT id FROM {reference.table} WHERE {reference.column} = ? ORDER BY id",
            (patient_id,),
        )
    ]


def is_limited(db: Database, reference: Reference) -> bool:
    """Whether the table allows only one row that names the same by this column."""
    return bool(_limits(db, reference))


def would_stand_twice(db: Database, reference: Reference, row_id: int, patient_id: int) -> bool:
    """Whether the patient has such a row already where the table allows only one."""
    row = row_of(db, reference.table, row_id) or {}
    for columns in _limits(db, reference):
        others = [column for column in columns if column != reference.column]
        where = " AND ".join(f"{column} = ?" for column in (reference.column, *others))
        values = (patient_id, *(row[column] for column in others))
        if db.value(f"SELECT 1 FROM {reference.table} WHERE {where}", values):
            return True
    return False


def _limits(db: Database, reference: Reference) -> list[list[str]]:
    """The columns that are together unique, this one among them."""
    indexes = [
        [name for (name,) in db.rows("SELECT name FROM pragma_index_info(?)", (index,))]
        for (index,) in db.rows(
            'SELECT name FROM pragma_index_list(?) WHERE "unique"', (reference.table,)
        )
    ]
    return [columns for columns in indexes if reference.column in columns]


def without_version(row: Image) -> Image:
    """What a row says, without the count of its writes."""
    return {column: value for column, value in row.items() if column != "version"}


class Writer:
    """Writes rows and remembers each as it was and as it was left; inside an open operation."""

    def __init__(self, db: Database):
        self._db = db
        self._before: dict[tuple[str, int], Image] = {}

    def write(self, table: str, row_id: int, **values: Any) -> None:
        """Change a row; nothing where it says so already or is gone."""
        row = row_of(self._db, table, row_id)
        if row is None or all(row[column] == value for column, value in values.items()):
            return
        sets = ", ".join(f"{column} = ?" for column in values)
        self._db.execute(
            f"UPDATE {table} SET {sets}, version = version + 1 WHERE id = ?",
            (*values.values(), row_id),
        )
        self._before.setdefault((table, row_id), row)

    def remove(self, table: str, row_id: int) -> None:
        row = row_of(self._db, table, row_id)
        if row is not None:
            self._before.setdefault((table, row_id), row)
            self._db.execute(f"DELETE FROM {table} WHERE id = ?", (row_id,))

    def written(self) -> Iterator[tuple[str, int, str, str | None]]:
        """Table, row, and it as JSON before and after, of every row that is other than it was."""
        for (table, row_id), before in self._before.items():
            after = row_of(self._db, table, row_id)
            if after is None or without_version(after) != without_version(before):
                told = None if after is None else json.dumps(after)
                yield table, row_id, json.dumps(before), told


def told(db: Database, table: str, row: Image, formats: Formats) -> str:
    """A row in a few words: “Visit: 3/12/2026 10:00 AM, cough”."""
    columns = _TOLD_BY.get(table) or next(
        ((column,) for column in _USUALLY_TOLD_BY if row.get(column)), ()
    )
    parts = [value_word(column, row[column], formats) for column in columns if row.get(column)]
    if table == "coverage":
        payer = db.value("SELECT name FROM payer WHERE id = ?", (row["payer_id"],))
        parts.insert(0, str(payer))
    if table == "custom_value":
        ((name, kind),) = db.rows(
            "SELECT name, kind FROM custom_field WHERE id = ?", (row["field_id"],)
        )
        told = {"1": "yes", "0": "no"}.get(str(row["value"])) if kind == "tick" else None
        return f"{name}: {told or ', '.join(parts)}"
    kind = row_word(table)
    return f"{kind[:1].upper()}{kind[1:]}: {', '.join(parts)}" if parts else f"{kind} {row['id']}"
