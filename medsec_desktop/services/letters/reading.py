"""Archived letters as lists show them, and what became of each."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from medsec_desktop.domain.letter_states import LetterStatus, SentHow
from medsec_desktop.domain.people import PersonName
from medsec_desktop.services.documents.records import LEAFLET
from medsec_desktop.services.letters.records import LetterRow
from medsec_desktop.store.database import Database


def letter_rows(
    db: Database, where: str, values: tuple[Any, ...], limit: int
) -> tuple[LetterRow, ...]:
    """The archived letters for which `where` holds, newest first."""
    return tuple(
        LetterRow(
            id=row[0],
            version=row[1],
            patient_id=row[2],
            name=PersonName(*row[3:9]),
            appointment_id=row[9],
            document_id=row[10],
            template=row[11],
            subject=row[12],
            recipient=tuple(row[13].split("\n")) if row[13] else (),
            status=LetterStatus(row[14]),
            written_on=date.fromisoformat(row[15]),
            filed_at=datetime.fromisoformat(row[16]),
            written_by=row[17] or "",
            pages=row[18],
            sha256=row[19],
            sent_how=SentHow(row[20]) if row[20] else None,
            replaces_id=row[21],
            replaced_by_id=row[22],
            enclosed_ids=tuple(
                one["document_id"] for one in json.loads(row[23]) if one["document_id"]
            ),
            batch_id=row[24],
        )
        for row in db.rows(
            "SELECT l.id, l.version, l.patient_id, p.family_name, p.given_name, p.middle_name,"
            " p.name_prefix, p.name_suffix, p.preferred_name, l.appointment_id, l.document_id,"
            " l.template, l.subject, l.recipient, l.status, l.written_on, d.filed_at,"
            " (SELECT o.user_name FROM row_change c JOIN operation o ON o.id = c.operation_id"
            "   WHERE c.table_name = 'letter' AND c.row_id = l.id ORDER BY c.id LIMIT 1),"
            " d.pages, d.sha256, l.sent_how, l.replaces_letter_id,"
            " (SELECT n.id FROM letter n WHERE n.replaces_letter_id = l.id AND n.status <> 'void'"
            "   ORDER BY n.id DESC LIMIT 1), l.enclosures, l.batch_id"
            " FROM letter l JOIN document d ON d.id = l.document_id"
            " JOIN patient p ON p.id = l.patient_id"
            " LEFT JOIN patient_search s ON s.patient_id = l.patient_id"
            f" WHERE {where} ORDER BY l.id DESC LIMIT ?",
            (*values, limit),
        )
    )


def filed_pages(db: Database, patient_id: int, document_id: int) -> tuple[str, int] | None:
    """Under what hash a document of this file lies, and its pages; None where it is not filed there.

    A leaflet is there for every file, also once it is out of use.
    """
    found = db.one(
        "SELECT sha256, pages FROM document WHERE id = ?"
        " AND (patient_id = ? AND status = 'filed' OR kind = ?)",
        (document_id, patient_id, LEAFLET),
    )
    return None if found is None else (str(found[0]), int(found[1]))


def reason_void(db: Database, letter_id: int) -> str:
    """Why a letter was voided, by whom; '' for one that was not."""
    found = db.one(
        "SELECT s.note, s.by FROM letter_step s JOIN letter l ON l.id = s.letter_id"
        " WHERE s.letter_id = ? AND s.status = 'void' AND l.status = 'void'"
        " ORDER BY s.id DESC LIMIT 1",
        (letter_id,),
    ) or db.one(  # one made void by an earlier program
        "SELECT o.reason, o.user_name FROM row_change c JOIN operation o ON o.id = c.operation_id"
        " WHERE c.table_name = 'letter' AND c.row_id = ? AND o.reason <> ''"
        " ORDER BY c.id DESC LIMIT 1",
        (letter_id,),
    )
    return f"{found[0]} ({found[1]})" if found else ""
