"""Patients out of the database: plain SQL into frozen rows, a query a list and never one a row."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from medsec_desktop.domain.addresses import place_line
from medsec_desktop.domain.custom_fields import CustomField
from medsec_desktop.domain.formats import Formats
from medsec_desktop.domain.people import PartialDate, PatientStatus, PersonName, Sex
from medsec_desktop.services.patients.drafting import CHILD_TABLES, COVERAGE_ORDER
from medsec_desktop.services.patients.records import (
    AddressRow,
    AlertRow,
    CoverageRow,
    CustomRow,
    FamilyRow,
    LetterLine,
    PatientFile,
    PatientHit,
    PersonRow,
    PhoneRow,
    VisitRow,
)
from medsec_desktop.store.database import Database

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


def file_of(
    db: Database,
    patient_id: int,
    today: date,
    formats: Formats,
    custom: Sequence[CustomField] = (),
) -> PatientFile | None:
    """Everything the file's screen shows; None where there is no such patient."""
    row = db.one(
        f"SELECT p.version, {', '.join('p.' + part for part in _NAME.split(', '))},"
        " p.former_name, p.pronouns, p.chart_number, p.birth_date, p.is_birth_estimated, p.sex,"
        " p.gender, p.ssn, p.marital_status, p.language, p.needs_interpreter, p.email,"
        " p.contact_preference, p.status, p.deceased_on, p.note,"
        " coalesce(d.given_name || ' ' || d.family_name, ''), coalesce(d.credential, ''),"
        " coalesce(r.given_name || ' ' || r.family_name, ''), coalesce(r.credential, ''),"
        " p.primary_provider_id, p.referring_provider_id, p.employer, p.employer_phone,"
        " p.is_not_to_contact, p.photo_document_id"
        " FROM patient p LEFT JOIN provider d ON d.id = p.primary_provider_id"
        " LEFT JOIN provider r ON r.id = p.referring_provider_id WHERE p.id = ?",
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
        referring_provider=", ".join(part for part in (row[25].strip(), row[26]) if part),
        primary_provider_id=row[27],
        referring_provider_id=row[28],
        employer=row[29],
        employer_phone=row[30],
        is_not_to_contact=bool(row[31]),
        photo_id=row[32],
        note=row[22],
        phones=_phones(db, patient_id),
        addresses=_addresses(db, patient_id, today),
        people=_people(db, patient_id),
        coverages=_coverages(db, patient_id, today),
        family=_family(db, patient_id),
        alerts=_alerts(db, patient_id, today),
        custom=_custom(db, patient_id, custom, formats),
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
        place = place_line(city, state, code)
        abroad = country if country != "US" else ""
        lines = tuple(part for part in (line1, line2, place, abroad) if part)
        current = kind != "former" and _holds(since, until, today)
        rows.append(AddressRow(row_id, kind, lines, _day(since), _day(until), current))
    return tuple(sorted(rows, key=lambda row: not row.is_current))


def _people(db: Database, patient_id: int) -> tuple[PersonRow, ...]:
    """Who has a file of her own is shown as it says today: her name, phone, e-mail and birth."""
    rows = []
    for row_id, name, relation, phone, linked, emergency, kin, owes, *rest in db.rows(
        "SELECT r.id, r.name, r.relation, r.phone, r.linked_patient_id, r.is_emergency_contact,"
        " r.is_next_of_kin, r.is_guarantor, r.email, r.line1, r.line2, r.city, r.state,"
        f" r.postal_code, r.birth_on, {', '.join('p.' + part for part in _NAME.split(', '))},"
        " p.email, p.birth_date, coalesce((SELECT number FROM patient_phone f"
        " WHERE f.patient_id = p.id ORDER BY position, f.id LIMIT 1), '')"
        " FROM related_person r LEFT JOIN patient p ON p.id = r.linked_patient_id"
        " WHERE r.patient_id = ? ORDER BY r.position, r.id",
        (patient_id,),
    ):
        email, line1, line2, city, state, code, born, *hers = rest
        birth = birth_of(born)
        if linked is not None and hers[0] is not None:
            name = PersonName(*hers[:6]).spoken
            email, birth, phone = hers[6] or email, birth_of(hers[7]), hers[8] or phone
        lines = tuple(part for part in (line1, line2, place_line(city, state, code)) if part)
        rows.append(
            PersonRow(
                row_id, name, relation, phone, linked, bool(emergency), bool(kin), bool(owes),
                email, lines, birth,
            )
        )  # fmt: skip
    return tuple(rows)


def _family(db: Database, patient_id: int) -> tuple[FamilyRow, ...]:
    """In whose files she is named, but who is not named in hers."""
    return tuple(
        FamilyRow(row[0], PersonName(*row[1:7]), row[7], bool(row[8]))
        for row in db.rows(
            f"SELECT p.id, {', '.join('p.' + part for part in _NAME.split(', '))}, r.relation,"
            " r.is_guarantor FROM related_person r JOIN patient p ON p.id = r.patient_id"
            " WHERE r.linked_patient_id = ?1 AND p.merged_into_id IS NULL AND NOT EXISTS"
            " (SELECT 1 FROM related_person b WHERE b.patient_id = ?1"
            "  AND b.linked_patient_id = p.id) ORDER BY p.family_name, p.given_name, p.id",
            (patient_id,),
        )
    )


def _custom(
    db: Database, patient_id: int, fields: Sequence[CustomField], formats: Formats
) -> tuple[CustomRow, ...]:
    """The practice's fields with what is in them; a retired one only where something is."""
    kept = {
        field_id: (row_id, value)
        for field_id, row_id, value in db.rows(
            "SELECT field_id, id, value FROM custom_value WHERE patient_id = ?", (patient_id,)
        )
    }
    return tuple(
        CustomRow(field, row_id, value, field.shown(value, formats) if value else "")
        for field in fields
        for row_id, value in (kept.get(field.id, (0, "")),)
        if field.is_active or value
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
            f" ORDER BY {COVERAGE_ORDER.replace(' id', ' c.id')}",
            (patient_id,),
        )
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda row: not row.is_current))


def _alerts(db: Database, patient_id: int, today: date) -> tuple[AlertRow, ...]:
    """What must not be missed most comes first: allergies, risks, then notes."""
    return tuple(
        AlertRow(
            row_id, text, bool(one), bool(two), _day(until), kind, bool(three), bool(four),
            until is None or until >= today.isoformat(),
        )
        for row_id, text, one, two, until, kind, three, four in db.rows(
            "SELECT id, text, is_shown_on_selection, is_shown_on_booking, expires_on, kind,"
            " is_shown_on_arrival, is_shown_on_billing FROM patient_alert WHERE patient_id = ?"
            " ORDER BY CASE kind WHEN 'allergy' THEN 0 WHEN 'risk' THEN 1 ELSE 2 END, id",
            (patient_id,),
        )
    )  # fmt: skip


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
