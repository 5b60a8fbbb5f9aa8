"""Writing a patient's file: the rows of one draft, inserted, updated and removed together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from medsec_desktop.domain.patients import PatientDraft
from medsec_desktop.models import (
    Coverage,
    CustomValue,
    Patient,
    PatientAddress,
    PatientAlert,
    PatientPhone,
    RelatedPerson,
)
from medsec_desktop.models.base import Journalled
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.saving import save_row
from medsec_desktop.store.database import Database

_CHILDREN: tuple[tuple[str, type[Journalled]], ...] = (
    ("phones", PatientPhone),
    ("addresses", PatientAddress),
    ("people", RelatedPerson),
    ("coverages", Coverage),
    ("alerts", PatientAlert),
    ("custom", CustomValue),
)
# Columns that point at another row are named without their ending here.
_POINTERS = ("payer_id", "linked_patient_id", "subscriber_patient_id", "field_id")


def patient_fields(draft: PatientDraft) -> dict[str, Any]:
    """The columns of the patient's own row; the SSN only where the draft says one."""
    values: dict[str, Any] = {
        "family_name": draft.family,
        "given_name": draft.given,
        "middle_name": draft.middle,
        "name_prefix": draft.prefix,
        "name_suffix": draft.suffix,
        "preferred_name": draft.preferred,
        "former_name": draft.former,
        "pronouns": draft.pronouns,
        "sex": str(draft.sex),
        "gender": draft.gender,
        "birth_date": draft.birth.iso if draft.birth else None,
        "is_birth_estimated": draft.is_birth_estimated,
        "marital_status": draft.marital_status,
        "language": draft.language,
        "needs_interpreter": draft.needs_interpreter,
        "email": draft.email,
        "contact_preference": draft.contact_preference,
        "status": str(draft.status),
        "deceased_on": _stored(draft.deceased_on),
        "primary_provider": draft.primary_provider_id,
        "note": draft.note,
        "employer": draft.employer,
        "employer_phone": draft.employer_phone,
        "is_not_to_contact": draft.is_not_to_contact,
        "referring_provider": draft.referring_provider_id,
    }
    if draft.ssn is not None:
        values["ssn"] = draft.ssn
    return values


def insert(draft: PatientDraft, patient_id: int, chart_number: str) -> None:
    """A new file under the number announced for it. The caller has an operation open."""
    Patient.insert(id=patient_id, chart_number=chart_number, **patient_fields(draft)).execute()
    for name, model in _CHILDREN:
        for position, row in enumerate(getattr(draft, name)):
            _insert_child(model, row, position, patient_id)


def update(draft: PatientDraft, patient_id: int, chart_number: str) -> None:
    """Everything the draft changes about a file. The caller has an operation open.

    Raises Conflict where the patient's row has moved on; rows below it are checked by the caller.
    """
    save_row(Patient, patient_id, draft.version, chart_number=chart_number, **patient_fields(draft))
    for name, model in _CHILDREN:
        rows = getattr(draft, name)
        kept = {row.id for row in rows if row.id}
        table = model._meta.table_name
        for read_table, row_id, _ in draft.rows_read:
            if read_table == table and row_id not in kept:
                model.delete().where(model.id == row_id).execute()
        for position, row in enumerate(rows):
            if row.id:
                save_row(model, row.id, row.version, **_child_fields(model, row, position))
            else:
                _insert_child(model, row, position, patient_id)


def _insert_child(model: type[Journalled], row: Any, position: int, patient_id: int) -> None:
    model.insert(patient=patient_id, **_child_fields(model, row, position)).execute()


def _child_fields(model: type[Journalled], row: Any, position: int) -> dict[str, Any]:
    values = {
        field.name.removesuffix("_id") if field.name in _POINTERS else field.name: _stored(
            getattr(row, field.name)
        )
        for field in fields(row)
        if field.name not in ("id", "version")
    }
    if "position" in model._meta.fields:
        values["position"] = position
    return values


def _stored(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def next_patient_id(db: Database) -> int:
    """The number the next patient will get: one no patient ever had."""
    return int(db.value("SELECT seq FROM sqlite_sequence WHERE name = 'patient'") or 0) + 1


def chart_numbers(db: Database, mask: str) -> Iterator[str]:
    """Free chart numbers after `mask`, where a run of # is the counter: `######` gives 100001 …

    They follow the patients' own numbers, which are never given twice, so that a number once told
    to somebody stays hers even when her registration is undone.
    """
    match = re.search("#+", mask)
    if match is None:
        raise Invalid(
            f"“{mask}” is no pattern for chart numbers.",
            remedy="Put a # for every digit, such as ###### or A-#####.",
        )
    digits = len(match[0])
    first = 10 ** (digits - 1) if digits == len(mask) else 0

    def written(count: int) -> str:
        return f"{mask[: match.start()]}{first + count:0{digits}}{mask[match.end() :]}"

    count = next_patient_id(db)
    stride = 1
    while True:
        number = written(count)
        if db.value("SELECT 1 FROM patient WHERE chart_number = ?", (number,)) is None:
            stride = 1
            yield number
            count += 1
        else:  # numbers brought along by an import lie ahead: leap over them
            count += stride
            stride = min(stride * 2, 10_000)


def require_unchanged(
    read: Sequence[tuple[str, int, int]], now: Sequence[tuple[str, int, int]]
) -> None:
    """Raise Conflict where rows below the patient are not those the draft was made from."""
    if sorted(read) != sorted(now):
        raise Conflict("This file was changed while you had it open.")
