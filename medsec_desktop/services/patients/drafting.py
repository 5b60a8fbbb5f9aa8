"""A patient's file out of the database as a form edits it."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

from medsec_desktop.domain.patients import (
    AddressDraft,
    AlertDraft,
    CoverageDraft,
    CustomDraft,
    PatientDraft,
    PersonDraft,
    PhoneDraft,
)
from medsec_desktop.domain.people import PartialDate, PatientStatus, Sex
from medsec_desktop.store.database import Database

# The rows below a patient that one save of the file writes, by the draft's name for them.
CHILDREN = {
    "phones": "patient_phone",
    "addresses": "patient_address",
    "people": "related_person",
    "coverages": "coverage",
    "alerts": "patient_alert",
    "custom": "custom_value",
}
CHILD_TABLES = tuple(CHILDREN.values())
COVERAGE_ORDER = (
    "CASE rank WHEN 'primary' THEN 0 WHEN 'secondary' THEN 1 ELSE 2 END,"
    " coalesce(starts_on, '') DESC, id"
)

_NAME = "family_name, given_name, middle_name, name_prefix, name_suffix, preferred_name"


def draft_of(db: Database, patient_id: int, *, shows_ssn: bool) -> PatientDraft | None:
    """The file as a form edits it; None where there is no such patient."""
    row = db.one(
        f"SELECT {_NAME}, former_name, pronouns, sex, gender, birth_date, is_birth_estimated,"
        " chart_number, ssn, marital_status, language, needs_interpreter, email,"
        " contact_preference, status, deceased_on, primary_provider_id, note, version, employer,"
        " employer_phone, is_not_to_contact, referring_provider_id FROM patient WHERE id = ?",
        (patient_id,),
    )
    if row is None:
        return None
    family, given, middle, prefix, suffix, preferred, former, pronouns = row[:8]
    return PatientDraft(
        family, given, middle, prefix, suffix, preferred, former, pronouns,
        sex=Sex(row[8]),
        gender=row[9],
        birth=PartialDate.from_iso(row[10]) if row[10] else None,
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
        employer=row[24],
        employer_phone=row[25],
        is_not_to_contact=bool(row[26]),
        referring_provider_id=row[27],
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
                name, relation, phone, bool(emergency), bool(kin), bool(owes), linked, email,
                line1, line2, city, state, code, _day(born), row_id, version,
            )
            for name, relation, phone, emergency, kin, owes, linked, email, line1, line2, city,
            state, code, born, row_id, version in db.rows(
                "SELECT name, relation, phone, is_emergency_contact, is_next_of_kin, is_guarantor,"
                " linked_patient_id, email, line1, line2, city, state, postal_code, birth_on, id,"
                " version FROM related_person WHERE patient_id = ? ORDER BY position, id",
                (patient_id,),
            )
        ),
        coverages=_coverages(db, patient_id),
        alerts=tuple(
            AlertDraft(
                text, bool(one), bool(two), _day(until), kind, bool(three), bool(four),
                row_id, version,
            )
            for text, one, two, until, kind, three, four, row_id, version in db.rows(
                "SELECT text, is_shown_on_selection, is_shown_on_booking, expires_on, kind,"
                " is_shown_on_arrival, is_shown_on_billing, id, version FROM patient_alert"
                " WHERE patient_id = ? ORDER BY id",
                (patient_id,),
            )
        ),
        custom=tuple(
            CustomDraft(field_id, value, row_id, version)
            for field_id, value, row_id, version in db.rows(
                "SELECT field_id, value, id, version FROM custom_value WHERE patient_id = ?"
                " ORDER BY id",
                (patient_id,),
            )
        ),
        rows_read=child_rows(db, patient_id),
    )  # fmt: skip


def _coverages(db: Database, patient_id: int) -> tuple[CoverageDraft, ...]:
    """Every column a save would write, so that one that knows less of them takes nothing away."""
    names = tuple(field.name for field in fields(CoverageDraft))
    drafts = []
    for row in db.rows(
        f"SELECT {', '.join(names)} FROM coverage WHERE patient_id = ? ORDER BY {COVERAGE_ORDER}",
        (patient_id,),
    ):
        values = dict(zip(names, row, strict=True))
        for name in names:
            if name.endswith("_on"):
                values[name] = _day(values[name])
            elif name.startswith("needs_"):
                values[name] = bool(values[name])
        drafts.append(CoverageDraft(**values))
    return tuple(drafts)


def child_rows(db: Database, patient_id: int) -> tuple[tuple[str, int, int], ...]:
    """Every row below the patient as (table, id, version)."""
    select = " UNION ALL ".join(
        f"SELECT '{table}', id, version FROM {table} WHERE patient_id = ?1"
        for table in CHILD_TABLES
    )
    return tuple(sorted(db.rows(select, (patient_id,))))


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None
