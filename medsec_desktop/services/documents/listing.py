"""Documents out of the database: plain SQL into frozen rows."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from medsec_desktop.domain.people import PersonName
from medsec_desktop.problems import Conflict
from medsec_desktop.services.documents.records import DocumentRow, FormRow, Status
from medsec_desktop.store.database import Database

# Letters have a place of their own in the file, and a history that nothing here may touch.
LETTER = "letter"
_MOST = 2_000


def documents(
    db: Database, where: str, values: tuple[Any, ...], order: str = "d.id DESC"
) -> tuple[DocumentRow, ...]:
    """The documents that `where` is true of, letters left out."""
    return tuple(
        DocumentRow(
            *(
                *row[:7],
                _day(row[7]),
                datetime.fromisoformat(row[8]),
                Status(row[9]),
                *row[10:18],
                row[18] or "",
            )
        )
        for row in db.rows(
            "SELECT d.id, d.version, d.patient_id, d.kind, d.title, d.category_id,"
            " coalesce(c.name, ''), d.dated_on, d.filed_at, d.status, d.pages, d.size_bytes,"
            " d.media_type, d.sha256, d.source, d.original_name, d.note, d.made_from_id,"
            " (SELECT o.user_name FROM row_change r JOIN operation o ON o.id = r.operation_id"
            "   WHERE r.table_name = 'document' AND r.row_id = d.id ORDER BY r.id LIMIT 1)"
            " FROM document d LEFT JOIN document_category c ON c.id = d.category_id"
            f" WHERE d.kind <> '{LETTER}' AND {where} ORDER BY {order} LIMIT {_MOST}",
            values,
        )
    )


def document(db: Database, document_id: int) -> DocumentRow:
    """One document. Raises Conflict where it is not there, e.g. because its taking in was undone."""
    rows = documents(db, "d.id = ?", (document_id,))
    if not rows:
        raise Conflict(
            "This document is no longer there.",
            "Its taking in was undone.",
            "Redo it, or take the document in again.",
        )
    return rows[0]


def forms(db: Database, where: str, values: tuple[Any, ...]) -> tuple[FormRow, ...]:
    """The printed forms that `where` is true of, the newest first."""
    return tuple(
        FormRow(
            *(
                *row[:8],
                datetime.fromisoformat(row[8]),
                datetime.fromisoformat(row[9]) if row[9] else None,
                *row[10:],
            )
        )
        for row in db.rows(
            "SELECT f.id, f.version, f.code, f.kind, f.title, f.patient_id, f.category_id,"
            " f.pages, f.made_at, f.printed_at, f.printed_document_id, f.document_id"
            f" FROM printed_form f WHERE {where} ORDER BY f.id DESC LIMIT {_MOST}",
            values,
        )
    )


def name_of(db: Database, patient_id: int | None) -> PersonName:
    """Whose file it is. Raises Conflict where there is none."""
    row = db.one(
        "SELECT family_name, given_name, middle_name, name_prefix, name_suffix, preferred_name"
        " FROM patient WHERE id = ?",
        (patient_id,),
    )
    if row is None:
        raise Conflict("This patient’s file is no longer there.")
    return PersonName(*row)


def file_now(db: Database, patient_id: int | None) -> int | None:
    """The file that goes on for hers: another one where two were merged."""
    seen: set[int] = set()
    while patient_id is not None and patient_id not in seen:
        seen.add(patient_id)
        onward = db.value("SELECT merged_into_id FROM patient WHERE id = ?", (patient_id,))
        if onward is None:
            return patient_id
        patient_id = int(onward)
    return patient_id


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
