"""Files that were merged into another: where they go on, and that nothing is added to them."""

from __future__ import annotations

from typing import Any

from medsec_desktop.domain.people import PersonName
from medsec_desktop.problems import Conflict, Link
from medsec_desktop.services.session import Changes
from medsec_desktop.store.database import Database

# Whether operation ?1 is the one that merged patient `p` into another.
_MERGED_HERE = (
    "EXISTS (SELECT 1 FROM row_change m WHERE m.operation_id = ?1 AND m.table_name = 'patient'"
    " AND m.row_id = p.id AND json_extract(m.before, '$.merged_into_id') IS NULL"
    " AND json_extract(m.after, '$.merged_into_id') IS NOT NULL)"
)


def current(db: Database, patient_id: int) -> int:
    """Where this patient's file goes on: her own number, unless it was merged into another."""
    into = db.value("SELECT merged_into_id FROM patient WHERE id = ?", (patient_id,))
    return patient_id if into is None else int(into)


def files_of(db: Database, patient_id: int) -> tuple[int, ...]:
    """This file and those merged into it: under any of these numbers the journal knows her."""
    merged = db.rows("SELECT id FROM patient WHERE merged_into_id = ? ORDER BY id", (patient_id,))
    return (patient_id, *(row_id for (row_id,) in merged))


def refuse_merged(db: Database, patient_id: int) -> None:
    """Raise Conflict where this file goes on in another, naming that one."""
    row = db.one(
        "SELECT s.id, s.family_name, s.given_name FROM patient p"
        " JOIN patient s ON s.id = p.merged_into_id WHERE p.id = ?",
        (patient_id,),
    )
    if row is not None:
        raise _merged(*row)


def refuse_additions(db: Database, changes: Changes) -> None:
    """Raise Conflict where an operation is about a merged file, or adds a row to one: it would not be
    seen there.

    A form that was open while somebody merged the two hands in the number it was opened with. Taking
    something back is not held up: it puts right what was done before; nor is an operation that merged
    the two itself, after it had added to both.
    """
    row = db.one(
        "SELECT s.id, s.family_name, s.given_name FROM row_change c"
        " JOIN patient p ON p.id = json_extract(c.after, '$.patient_id')"
        " JOIN patient s ON s.id = p.merged_into_id"
        f" WHERE c.operation_id = ?1 AND c.before IS NULL AND NOT {_MERGED_HERE}"
        " UNION ALL SELECT s.id, s.family_name, s.given_name FROM operation o"
        " JOIN patient p ON p.id = o.patient_id JOIN patient s ON s.id = p.merged_into_id"
        f" WHERE o.id = ?1 AND o.kind = 'change' AND NOT {_MERGED_HERE} LIMIT 1",
        (changes.operation_id,),
    )
    if row is not None:
        raise _merged(*row)


def _merged(patient_id: int, family: str, given: str) -> Conflict:
    name = PersonName(family, given).listed
    return Conflict(
        "This file was merged into another meanwhile.",
        f"It goes on in the file of {name}.",
        "Open that one, and do it there.",
        (Link("patient", str(patient_id), name),),
    )


def follow(db: Database, state: dict[str, Any]) -> dict[str, Any]:
    """Unfinished work as it was kept, its patients' numbers where their files go on today."""
    return {
        name: current(db, value)
        if name == "patient_id" and isinstance(value, int)
        else follow(db, value)
        if isinstance(value, dict)
        else value
        for name, value in state.items()
    }
