"""Patients out of the database: plain SQL into frozen rows, a query a list and never one a row."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from medsec_desktop.domain.patients import (
    AddressDraft,
    AlertDraft,
    CoverageDraft,
    PatientDraft,
    PersonDraft,
    PhoneDraft,
)
from medsec_desktop.domain.people import PartialDate, PatientStatus, PersonName, Sex
from medsec_desktop.services.patients.records import (
    AddressRow,
    AlertRow,
    CoverageRow,
    LetterLine,
    PatientFile,
    PatientHit,
    PersonRow,
    PhoneRow,
    VisitRow,
)
from medsec_desktop.store.database import Database

# The rows below a patient that one save of the file writes.
CHILD_TABLES = ("patient_phone", "patient_address", "related_person", "coverage", "patient_alert")

_NAME = "family_name, given_name, middle_name, name_prefix, name_suffix, preferred_name"
_THESE = "(SELECT value FROM json_each(?))"
_MOST_VISITS = 2_000


def hits(db: Database, patient_ids: Sequence[int], today: date) -> tuple[PatientHit, ...]:
    """A list's line for each of these patients, in the order given; who is gone is left out.

    A visit of today that nobody has answered yet is still the next one: she may just be late.
    """
    if not patient_ids:
        return ()
    found = {
        row[0]: PatientHit(
            row[0],
            PersonName(*row[1:7]),
            row[7],
            birth_of(row[8]),
            Sex(row[9]),
            row[10] or "",
            PatientStatus(row[11]),
            datetime.fromisoformat(row[12]) if row[12] else None,
            bool(row[13]),
        )
        for row in db.rows(
            f"SELECT p.id, {_NAME}, chart_number, birth_date, sex,"
            " (SELECT number FROM patient_phone f WHERE f.patient_id = p.id"
            "  ORDER BY position, f.id LIMIT 1),"
            " p.status,"
            " (SELECT starts_at FROM appointment a WHERE a.patient_id = p.id AND starts_at >= ?"
            "  AND a.status IN ('scheduled', 'confirmed') ORDER BY starts_at LIMIT 1),"
            " EXISTS (SELECT 1 FROM patient_alert l WHERE l.patient_id = p.id"
            "  AND is_shown_on_selection AND (expires_on IS NULL OR expires_on >= ?))"
            f" FROM patient p WHERE p.id IN {_THESE}",
            (
                today.isoformat(),
                today.isoformat(),
                json.dumps(list(patient_ids)),
            ),
        )
    }
    return tuple(found[patient_id] for patient_id in patient_ids if patient_id in found)


def file_of(db: Database, patient_id: int, today: date) -> PatientFile | None:
    """Everything the file's screen shows; None where there is no such patient."""
    row = db.one(
        f"SELECT p.version, {', '.join('p.' + part for part in _NAME.split(', '))},"
        " p.former_name, p.pronouns, p.chart_number, p.birth_date, p.is_birth_estimated, p.sex,"
        " p.gender, p.ssn, p.marital_status, p.language, p.needs_interpreter, p.email,"
        " p.contact_preference, p.status, p.deceased_on, p.note,"
        " coalesce(d.given_name || ' ' || d.family_name, ''), coalesce(d.credential, '')"
        " FROM patient p LEFT JOIN provider d ON d.id = p.primary_provider_id WHERE p.id = ?",
        (patient_id,),
    )
    if row is None:
        return None
    born, died = birth_of(row[10]), _day(row[21])
    last = last_change(db, patient_id)
    return PatientFile(
        id=patient_id,
        version=row[0],
        name=PersonName(*row[1:7]),
        former_name=row[7],
        pronouns=row[8],
        chart_number=row[9],
        birth=born,
        is_birth_estimated=bool(row[11]),
        age=born.age_on(died or today) if born else None,
        sex=Sex(row[12]),
        gender=row[13],
        ssn=shown_ssn(row[14], in_full=False),
        marital_status=row[15],
        language=row[16],
        needs_interpreter=bool(row[17]),
        email=row[18],
        contact_preference=row[19],
        status=PatientStatus(row[20]),
        deceased_on=died,
        primary_provider=", ".join(part for part in (row[23].strip(), row[24]) if part),
        note=row[22],
        phones=_phones(db, patient_id),
        addresses=_addresses(db, patient_id, today),
        people=_people(db, patient_id),
        coverages=_coverages(db, patient_id, today),
        alerts=_alerts(db, patient_id, today),
        visits=visits(db, patient_id),
        letters=_letters(db, patient_id),
        changed_by=last[0],
        changed_utc=last[1],
    )


def shown_ssn(ssn: str, in_full: bool) -> str:
    """123-45-6789 where it may be seen and is known, else •••-••-6789."""
    if not ssn:
        return ""
    if in_full and len(ssn) == 9:
        return f"{ssn[:3]}-{ssn[3:5]}-{ssn[5:]}"
    return f"•••-••-{ssn[-4:]}"


def visits(db: Database, patient_id: int) -> tuple[VisitRow, ...]:
    """Appointments and encounters, newest first; an appointment that became an encounter once, and
    one that was moved only where it went."""
    return tuple(
        VisitRow(row[0], row[1], datetime.fromisoformat(row[2]), *row[3:])
        for row in db.rows(
            "SELECT 'appointment', a.id, a.starts_at, a.duration_min,"
            "  trim(coalesce(d.given_name, '') || ' ' || coalesce(d.family_name, '')),"
            "  coalesce(t.name, 'Visit'), a.status, a.reason, coalesce(r.name, '')"
            " FROM appointment a LEFT JOIN provider d ON d.id = a.provider_id"
            "  LEFT JOIN appointment_type t ON t.id = a.type_id"
            "  LEFT JOIN room r ON r.id = a.room_id"
            " WHERE a.patient_id = ? AND NOT (a.status = 'cancelled' AND EXISTS"
            "  (SELECT 1 FROM appointment n WHERE n.rescheduled_from_id = a.id))"
            " UNION ALL"
            " SELECT 'encounter', e.id, e.starts_at, e.duration_min,"
            "  trim(coalesce(d.given_name, '') || ' ' || coalesce(d.family_name, '')),"
            "  CASE WHEN e.description <> '' THEN e.description ELSE e.kind END, '', '',"
            "  coalesce(o.name, '')"
            " FROM encounter e LEFT JOIN provider d ON d.id = e.provider_id"
            "  LEFT JOIN organization o ON o.id = e.organization_id"
            " WHERE e.patient_id = ? AND e.appointment_id IS NULL"
            " ORDER BY 3 DESC, 2 DESC LIMIT ?",
            (patient_id, patient_id, _MOST_VISITS),
        )
    )


def draft_of(db: Database, patient_id: int, *, shows_ssn: bool) -> PatientDraft | None:
    """The file as a form edits it; None where there is no such patient."""
    row = db.one(
        f"SELECT {_NAME}, former_name, pronouns, sex, gender, birth_date, is_birth_estimated,"
        " chart_number, ssn, marital_status, language, needs_interpreter, email,"
        " contact_preference, status, deceased_on, primary_provider_id, note, version"
        " FROM patient WHERE id = ?",
        (patient_id,),
    )
    if row is None:
        return None
    family, given, middle, prefix, suffix, preferred, former, pronouns = row[:8]
    return PatientDraft(
        family, given, middle, prefix, suffix, preferred, former, pronouns,
        sex=Sex(row[8]),
        gender=row[9],
        birth=birth_of(row[10]),
        is_birth_estimated=bool(row[11]),
        chart_number=row[12],
        ssn=row[13] if shows_ssn or not row[13] else None,
        marital_status=row[14],
        language=row[15],
        needs_interpreter=bool(row[16]),
        email=row[17],
        contact_preference=row[18],
        status=PatientStatus(row[19]),
        deceased_on=_day(row[20]),
        primary_provider_id=row[21],
        note=row[22],
        version=row[23],
        phones=tuple(
            PhoneDraft(number, kind, bool(may), note, row_id, version)
            for number, kind, may, note, row_id, version in db.rows(
                "SELECT number, kind, may_leave_message, note, id, version FROM patient_phone"
                " WHERE patient_id = ? ORDER BY position, id",
                (patient_id,),
            )
        ),
        addresses=tuple(
            AddressDraft(
                line1, line2, city, state, code, country, kind, _day(since), _day(until),
                row_id, version,
            )
            for line1, line2, city, state, code, country, kind, since, until, row_id, version
            in db.rows(
                "SELECT line1, line2, city, state, postal_code, country, kind, valid_from_on,"
                " valid_to_on, id, version FROM patient_address WHERE patient_id = ?"
                " ORDER BY position, id",
                (patient_id,),
            )
        ),
        people=tuple(
            PersonDraft(
                name, relation, phone, bool(emergency), bool(kin), bool(owes), linked,
                row_id, version,
            )
            for name, relation, phone, emergency, kin, owes, linked, row_id, version in db.rows(
                "SELECT name, relation, phone, is_emergency_contact, is_next_of_kin, is_guarantor,"
                " linked_patient_id, id, version FROM related_person WHERE patient_id = ?"
                " ORDER BY position, id",
                (patient_id,),
            )
        ),
        coverages=tuple(
            CoverageDraft(
                payer, rank, plan, member, group, relation, holder, copay, _day(since), _day(until),
                row_id, version,
            )
            for payer, rank, plan, member, group, relation, holder, copay, since, until, row_id,
            version in db.rows(
                "SELECT payer_id, rank, plan_name, member_id, group_number, subscriber_relation,"
                " subscriber_name, copay_cents, starts_on, ends_on, id, version FROM coverage"
                f" WHERE patient_id = ? ORDER BY {_COVERAGE_ORDER}",
                (patient_id,),
            )
        ),
        alerts=tuple(
            AlertDraft(text, bool(one), bool(two), _day(until), row_id, version)
            for text, one, two, until, row_id, version in db.rows(
                "SELECT text, is_shown_on_selection, is_shown_on_booking, expires_on, id, version"
                " FROM patient_alert WHERE patient_id = ? ORDER BY id",
                (patient_id,),
            )
        ),
        rows_read=child_rows(db, patient_id),
    )  # fmt: skip


def child_rows(db: Database, patient_id: int) -> tuple[tuple[str, int, int], ...]:
    """Every row below the patient as (table, id, version)."""
    select = " UNION ALL ".join(
        f"SELECT '{table}', id, version FROM {table} WHERE patient_id = ?1"
        for table in CHILD_TABLES
    )
    return tuple(sorted(db.rows(select, (patient_id,))))


def last_change(db: Database, patient_id: int) -> tuple[str, str]:
    """Who wrote the file last and when (UTC, as the journal has it); '' where nobody did."""
    tables = ", ".join(repr(name) for name in ("patient", *CHILD_TABLES))
    last = db.one(
        "SELECT user_name, at_utc FROM operation WHERE id = max("
        " coalesce((SELECT max(id) FROM operation o WHERE patient_id = ?1 AND kind <> 'event'"
        "  AND EXISTS (SELECT 1 FROM row_change c WHERE c.operation_id = o.id"
        f"   AND c.table_name IN ({tables}))), 0),"
        " coalesce((SELECT max(operation_id) FROM row_change"
        "  WHERE table_name = 'patient' AND row_id = ?1), 0))",
        (patient_id,),
    )
    return (last[0], last[1]) if last else ("", "")


def birth_of(text: str | None) -> PartialDate | None:
    """A stored date of birth, or None."""
    return PartialDate.from_iso(text) if text else None


_COVERAGE_ORDER = (
    "CASE rank WHEN 'primary' THEN 0 WHEN 'secondary' THEN 1 ELSE 2 END,"
    " coalesce(starts_on, '') DESC, id"
)


def _phones(db: Database, patient_id: int) -> tuple[PhoneRow, ...]:
    return tuple(
        PhoneRow(row_id, kind, number, bool(may), note)
        for row_id, kind, number, may, note in db.rows(
            "SELECT id, kind, number, may_leave_message, note FROM patient_phone"
            " WHERE patient_id = ? ORDER BY position, id",
            (patient_id,),
        )
    )


def _addresses(db: Database, patient_id: int, today: date) -> tuple[AddressRow, ...]:
    rows = []
    for row_id, kind, line1, line2, city, state, code, country, since, until in db.rows(
        "SELECT id, kind, line1, line2, city, state, postal_code, country, valid_from_on,"
        " valid_to_on FROM patient_address WHERE patient_id = ? ORDER BY position, id",
        (patient_id,),
    ):
        place = " ".join(part for part in (state, code) if part)
        place = ", ".join(part for part in (city, place) if part)
        abroad = country if country != "US" else ""
        lines = tuple(part for part in (line1, line2, place, abroad) if part)
        current = kind != "former" and _holds(since, until, today)
        rows.append(AddressRow(row_id, kind, lines, _day(since), _day(until), current))
    return tuple(sorted(rows, key=lambda row: not row.is_current))


def _people(db: Database, patient_id: int) -> tuple[PersonRow, ...]:
    return tuple(
        PersonRow(row_id, name, relation, phone, linked, bool(emergency), bool(kin), bool(owes))
        for row_id, name, relation, phone, linked, emergency, kin, owes in db.rows(
            "SELECT id, name, relation, phone, linked_patient_id, is_emergency_contact,"
            " is_next_of_kin, is_guarantor FROM related_person WHERE patient_id = ?"
            " ORDER BY position, id",
            (patient_id,),
        )
    )


def _coverages(db: Database, patient_id: int, today: date) -> tuple[CoverageRow, ...]:
    rows = [
        CoverageRow(
            row_id, payer_id, payer, rank, plan, member, group, holder, relation, copay,
            _day(since), _day(until), _holds(since, until, today),
        )
        for row_id, payer_id, payer, rank, plan, member, group, holder, relation, copay, since,
        until in db.rows(
            "SELECT c.id, c.payer_id, y.name, rank, plan_name, member_id, group_number,"
            " subscriber_name, subscriber_relation, copay_cents, starts_on, ends_on"
            " FROM coverage c JOIN payer y ON y.id = c.payer_id WHERE c.patient_id = ?"
            f" ORDER BY {_COVERAGE_ORDER.replace(' id', ' c.id')}",
            (patient_id,),
        )
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda row: not row.is_current))


def _alerts(db: Database, patient_id: int, today: date) -> tuple[AlertRow, ...]:
    return tuple(
        AlertRow(row_id, text, bool(one), bool(two), _day(until))
        for row_id, text, one, two, until in db.rows(
            "SELECT id, text, is_shown_on_selection, is_shown_on_booking, expires_on"
            " FROM patient_alert WHERE patient_id = ?"
            " AND (expires_on IS NULL OR expires_on >= ?) ORDER BY id",
            (patient_id, today.isoformat()),
        )
    )


def _letters(db: Database, patient_id: int) -> tuple[LetterLine, ...]:
    return tuple(
        LetterLine(row_id, subject, recipient, date.fromisoformat(on), status)
        for row_id, subject, recipient, on, status in db.rows(
            "SELECT id, subject, recipient, written_on, status FROM letter WHERE patient_id = ?"
            " ORDER BY written_on DESC, id DESC",
            (patient_id,),
        )
    )


def _holds(since: str | None, until: str | None, today: date) -> bool:
    return (since or "") <= today.isoformat() <= (until or "9999")


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None
