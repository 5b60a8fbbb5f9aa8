"""Reads the charges of a visit with what stands around them, in whole statements."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from medsec_desktop.domain.calendar import provider_called
from medsec_desktop.domain.calendar.visits import VisitStatus
from medsec_desktop.domain.claims.charges import ChargeLine, DrugGiven, parse_pointers
from medsec_desktop.domain.claims.places import OFFICE
from medsec_desktop.domain.people import PersonName
from medsec_desktop.services.alerts import TEXT_SQL
from medsec_desktop.services.claims.charge_records import (
    ChargeDetail,
    ChargeDraft,
    ChargedVisit,
    LastCharges,
)
from medsec_desktop.store.database import Database

_MOST_EARLIER = 12
_LINES = (
    "SELECT id, procedure_id, code, modifiers, words, description, pointers, units, unit,"
    " charge_cents, place, provider_id, ndc, ndc_quantity, ndc_unit, note FROM charge_line"
    " WHERE charge_sheet_id = ? ORDER BY position, id"
)
_HOLD = (
    "SELECT c.id, y.id, y.name, c.rank, c.plan_name FROM coverage c JOIN payer y ON y.id = c.payer_id"
    " WHERE c.patient_id = ?1 AND (c.starts_on IS NULL OR c.starts_on <= ?2)"
    " AND (c.ends_on IS NULL OR c.ends_on >= ?2)"
    " ORDER BY CASE c.rank WHEN 'primary' THEN 0 WHEN 'secondary' THEN 1 ELSE 2 END,"
    " c.starts_on DESC, c.id DESC"
)


def visit(db: Database, appointment_id: int, today: date) -> ChargedVisit | None:
    """The visit with who pays for it on its day; None where there is none."""
    row = db.one(
        "SELECT a.id, a.patient_id, p.family_name, p.given_name, p.middle_name, p.name_prefix,"
        " p.name_suffix, p.preferred_name, a.starts_at, a.duration_min, coalesce(t.name, 'Visit'),"
        " a.reason, a.status, coalesce(e.provider_id, a.provider_id), d.family_name, d.given_name,"
        f" d.credential, coalesce((SELECT group_concat({TEXT_SQL}, char(10)) FROM patient_alert w"
        "  WHERE w.patient_id = a.patient_id AND w.is_shown_on_billing"
        "  AND (w.expires_on IS NULL OR w.expires_on >= ?2)), '')"
        " FROM appointment a JOIN patient p ON p.id = a.patient_id"
        " LEFT JOIN appointment_type t ON t.id = a.type_id"
        " LEFT JOIN encounter e ON e.appointment_id = a.id"
        " JOIN provider d ON d.id = coalesce(e.provider_id, a.provider_id) WHERE a.id = ?1",
        (appointment_id, today.isoformat()),
    )
    if row is None:
        return None
    holding = db.one(_HOLD, (row[1], row[8][:10]))
    return ChargedVisit(
        row[0],
        row[1],
        PersonName(*row[2:8]).spoken,
        datetime.fromisoformat(row[8]),
        row[9],
        row[10],
        row[11],
        VisitStatus(row[12]),
        row[13],
        provider_called(*row[14:17]),
        holding[0] if holding else None,
        holding[1] if holding else None,
        holding[2] if holding else "",
        tuple(line for line in row[17].split("\n") if line),
    )


def detail(db: Database, seen: ChargedVisit) -> ChargeDetail:
    """The visit's charges as they are kept, with what was charged before."""
    sheet = db.one(
        "SELECT s.id, s.version, s.status, s.no_charge_reason, s.is_self_pay, s.coverage_id, s.place,"
        " s.note, s.decided_by, s.decided_at FROM charge_sheet s"
        " JOIN encounter e ON e.id = s.encounter_id WHERE e.appointment_id = ?",
        (seen.appointment_id,),
    )
    last = _last(db, seen)
    earlier = tuple(
        code
        for (code,) in db.rows(
            "SELECT x.code FROM charge_diagnosis x JOIN charge_sheet s ON s.id = x.charge_sheet_id"
            " JOIN encounter e ON e.id = s.encounter_id WHERE e.patient_id = ? AND e.starts_at < ?"
            " GROUP BY x.code ORDER BY max(e.starts_at) DESC, min(x.position) LIMIT ?",
            (seen.patient_id, seen.starts_at.strftime("%Y-%m-%dT%H:%M"), _MOST_EARLIER),
        )
    )
    coverages = tuple(
        (row[0], " · ".join(part for part in (row[2], row[4], row[3]) if part))
        for row in db.rows(_HOLD, (seen.patient_id, seen.starts_at.date().isoformat()))
    )
    if sheet is None:
        is_self_pay = seen.coverage_id is None
        draft = ChargeDraft(
            seen.appointment_id, seen.provider_id, OFFICE, (), (), is_self_pay=is_self_pay
        )
        return ChargeDetail(seen, draft, last=last, earlier=earlier, coverages=coverages)
    codes, lines = _content(db, sheet[0])
    draft = ChargeDraft(
        seen.appointment_id, seen.provider_id, sheet[6], codes, lines, sheet[5], bool(sheet[4]),
        sheet[7], sheet[1],
    )  # fmt: skip
    claim = db.one(
        "SELECT id, number FROM claim WHERE charge_sheet_id = ?"
        " AND status NOT IN ('void', 'replaced') ORDER BY id LIMIT 1",
        (sheet[0],),
    )
    claim_id, number = claim or (None, "")
    return ChargeDetail(
        seen,
        draft,
        sheet[0],
        sheet[2],
        sheet[3],
        sheet[8],
        claim_id,
        number,
        last,
        earlier,
        coverages,
    )


def _last(db: Database, seen: ChargedVisit) -> LastCharges | None:
    row = db.one(
        "SELECT s.id, e.starts_at FROM charge_sheet s JOIN encounter e ON e.id = s.encounter_id"
        " WHERE e.patient_id = ? AND s.status = 'charged' AND e.starts_at < ?"
        " ORDER BY e.starts_at DESC, s.id DESC LIMIT 1",
        (seen.patient_id, seen.starts_at.strftime("%Y-%m-%dT%H:%M")),
    )
    if row is None:
        return None
    return LastCharges(date.fromisoformat(row[1][:10]), *_content(db, row[0]))


def _content(db: Database, sheet_id: int) -> tuple[tuple[str, ...], tuple[ChargeLine, ...]]:
    codes = tuple(
        code
        for (code,) in db.rows(
            "SELECT code FROM charge_diagnosis WHERE charge_sheet_id = ? ORDER BY position, id",
            (sheet_id,),
        )
    )
    return codes, tuple(_line(row, len(codes)) for row in db.rows(_LINES, (sheet_id,)))


def _line(row: tuple[Any, ...], diagnoses: int) -> ChargeLine:
    units, unit, cents = row[7], row[8], row[9]
    fee = None
    if unit == "MJ":
        fee = cents
    elif units.isdecimal() and int(units) and not cents % int(units):
        fee = cents // int(units)
    return ChargeLine(
        code=row[2],
        modifiers=tuple(row[3].split()),
        pointers=parse_pointers(row[6], diagnoses),
        units=units,
        unit=unit,
        charge_cents=cents,
        fee_cents=fee,
        place=row[10],
        provider_id=row[11],
        drug=DrugGiven(row[12], row[13], row[14] or "UN") if row[12] else None,
        description=row[5],
        note=row[15],
        words=row[4],
        procedure_id=row[1],
        id=row[0],
    )
