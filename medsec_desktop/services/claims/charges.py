"""Charge capture: what was done at a visit and why, from the first key to the sheet a claim is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from medsec_desktop.domain.calendar.visits import VisitStatus
from medsec_desktop.domain.claims import charges as rules
from medsec_desktop.domain.claims.charges import ChargeLine
from medsec_desktop.domain.claims.modifiers import parse_modifiers
from medsec_desktop.domain.claims.places import place_code
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import ChargeDiagnosis, ChargeSheet, Encounter
from medsec_desktop.models import ChargeLine as LineRow
from medsec_desktop.problems import Conflict, Invalid, Link
from medsec_desktop.services.claims import charge_reading as reading
from medsec_desktop.services.claims.charge_records import (
    ChargeDetail,
    ChargeDraft,
    CodeHit,
    VisitToCharge,
    dotted,
)
from medsec_desktop.services.claims.diagnoses import diagnoses
from medsec_desktop.services.claims.uncharged import first_day, how_many, uncharged
from medsec_desktop.services.patients.merged import refuse_merged
from medsec_desktop.services.practice import settings
from medsec_desktop.services.saving import insert_row, save_row

if TYPE_CHECKING:
    from medsec_desktop.services.claims.fees import FeeSchedules
    from medsec_desktop.services.claims.procedures import Procedures
    from medsec_desktop.services.practice import Practice
    from medsec_desktop.services.session import Session

_TOOK_PLACE = (VisitStatus.ARRIVED, VisitStatus.IN_ROOM, VisitStatus.DONE)


class Charges:
    """The charges of a practice's visits."""

    def __init__(
        self, session: Session, practice: Practice, procedures: Procedures, fees: FeeSchedules
    ):
        self._session = session
        self._db = session.db
        self._practice = practice
        self._procedures = procedures
        self._fees = fees

    # -- reading ------------------------------------------------------------------------------

    def open(self, appointment_id: int) -> ChargeDetail:
        """A visit's charges, or an empty sheet with what is known of the visit.

        Raises Conflict where the visit is gone, Invalid where it did not take place.
        """
        visit = reading.visit(self._db, appointment_id, self._session.clock.today())
        if visit is None:
            raise Conflict("This visit is no longer there.")
        if visit.status not in _TOOK_PLACE:
            raise Invalid(
                f"{visit.patient_name} has not been here for this visit.",
                "Charges are put down for visits that took place.",
                "Mark the patient as arrived first (F3).",
                (Link("appointment", str(appointment_id), "Show the visit"),),
            )
        return reading.detail(self._db, visit)

    def uncharged(self, limit: int = 500) -> tuple[VisitToCharge, ...]:
        """The kept visits without charges, the oldest first."""
        return uncharged(self._db, self._since(), limit)

    def how_many_uncharged(self) -> tuple[int, date | None]:
        """How many kept visits have no charges, and the day of the oldest."""
        return how_many(self._db, self._since())

    def visit_of(self, patient_id: int) -> int | None:
        """Which visit of a patient is to be charged: the oldest without charges, else the latest that
        took place; None where none did."""
        waiting = next((row for row in self.uncharged() if row.patient_id == patient_id), None)
        if waiting is not None:
            return waiting.appointment_id
        found = self._db.value(
            "SELECT id FROM appointment WHERE patient_id = ?"
            " AND status IN ('arrived', 'in-room', 'done') ORDER BY starts_at DESC, id DESC LIMIT 1",
            (patient_id,),
        )
        return None if found is None else int(found)

    def payer_of(self, coverage_id: int) -> int | None:
        """Whose coverage it is; None where it is gone."""
        found = self._db.value("SELECT payer_id FROM coverage WHERE id = ?", (coverage_id,))
        return None if found is None else int(found)

    def line_for(
        self, hit: CodeHit, payer_id: int | None, day: date, pointers: tuple[int, ...]
    ) -> ChargeLine:
        """The line a code begins with: what the procedure list says, and its fee on that day."""
        row = next((one for one in self._procedures.all() if one.id == hit.procedure_id), None)
        line = ChargeLine(
            hit.code,
            tuple(hit.modifiers.split()),
            pointers,
            words=hit.words,
            procedure_id=hit.procedure_id,
        )
        if row is not None:
            draft = row.draft
            line = replace(
                line,
                units=draft.units,
                unit=draft.unit,
                place=draft.place,
                description=draft.description,
                drug=rules.DrugGiven(draft.ndc, draft.ndc_quantity or "1", draft.ndc_unit or "UN")
                if draft.ndc
                else None,
            )
        found = self._fees.fee(line.code, line.modifiers, payer_id, day)
        return line.with_fee(found.cents) if found is not None else line

    def priced(self, line: ChargeLine, payer_id: int | None, day: date) -> ChargeLine:
        """The line at the fee that holds for its modifiers; as it is where nobody says one."""
        found = self._fees.fee(line.code, line.modifiers, payer_id, day)
        return line.with_fee(found.cents) if found is not None else line

    def asks_for_drug(self, line: ChargeLine) -> bool:
        """Whether the procedure list says that a line needs the drug's code."""
        row = self._procedures.find(line.code, " ".join(line.modifiers))
        return row is not None and row.draft.needs_drug

    # -- writing ------------------------------------------------------------------------------

    def save(self, draft: ChargeDraft) -> ChargeDetail:
        """Keep what a visit is charged. Raises Invalid at the field, Conflict, NotAllowed."""
        kept = self._to_write(draft.appointment_id, draft.version)
        visit, today = kept.visit, self._session.clock.today()
        place_code(draft.place)
        rules.check(draft.diagnoses, draft.lines, visit.starts_at.date(), today)
        self._check_codes(draft)
        with self._session.change(
            f"Charge the visit of {visit.patient_name}",
            Permission.EDIT_CHARGES,
            patient_id=visit.patient_id,
        ):
            encounter_id = self._encounter(kept, draft.provider_id)
            values = {
                "status": "charged",
                "no_charge_reason": "",
                "is_self_pay": draft.is_self_pay,
                "coverage_id": draft.coverage_id,
                "place": place_code(draft.place),
                "note": draft.note.strip(),
                "decided_at": self._now(),
                "decided_by": self._session.user.name,
            }
            if kept.id:
                save_row(ChargeSheet, kept.id, draft.version, **values)
                sheet_id = kept.id
            else:
                sheet_id = insert_row(ChargeSheet, encounter_id=encounter_id, **values)
            self._write_diagnoses(sheet_id, draft.diagnoses)
            self._write_lines(sheet_id, draft.lines, draft.provider_id)
        return self.open(draft.appointment_id)

    def no_charge(self, appointment_id: int, reason: str, version: int = 0) -> ChargeDetail:
        """Say that a visit costs nothing, and why. Raises Invalid, Conflict, NotAllowed."""
        said = " ".join(reason.split())
        if not said:
            raise Invalid(
                "Say why nothing is charged.",
                remedy="Such as “Included in surgery”.",
                field="reason",
            )
        kept = self._to_write(appointment_id, version)
        visit = kept.visit
        with self._session.change(
            f"No charge for the visit of {visit.patient_name}",
            Permission.EDIT_CHARGES,
            patient_id=visit.patient_id,
            reason=said,
        ):
            encounter_id = self._encounter(kept, kept.draft.provider_id)
            values = {
                "status": "no-charge", "no_charge_reason": said, "decided_at": self._now(),
                "decided_by": self._session.user.name,
            }  # fmt: skip
            if kept.id:
                save_row(ChargeSheet, kept.id, kept.draft.version, **values)
                self._write_lines(kept.id, (), kept.draft.provider_id)
                self._write_diagnoses(kept.id, ())
            else:
                insert_row(ChargeSheet, encounter_id=encounter_id, **values)
        return self.open(appointment_id)

    # -- inside -------------------------------------------------------------------------------

    def _to_write(self, appointment_id: int, version: int) -> ChargeDetail:
        """The charges as they are now, which must be those that were read."""
        kept = self.open(appointment_id)
        refuse_merged(self._db, kept.visit.patient_id)
        if kept.draft.version != version:
            raise Conflict(
                "The charges of this visit were changed meanwhile.",
                f"They stand as “{kept.status}” by {kept.decided or 'somebody else'}.",
                "Open them again and compare; what you typed is still here.",
            )
        if kept.claim_id is not None:
            raise Conflict(
                f"This visit is on claim {kept.claim_number}.",
                "What a claim says is changed on the claim, so that both agree.",
                "Change it there, or void the claim first.",
                (Link("claim", str(kept.claim_id), f"Claim {kept.claim_number}"),),
            )
        return kept

    def _check_codes(self, draft: ChargeDraft) -> None:
        for at, code in enumerate(draft.diagnoses):
            found = diagnoses().book.get(code)
            if found is None:
                raise Invalid(
                    f"There is no diagnosis {dotted(code)} in ICD-10-CM.",
                    field=f"diagnoses[{at}]",
                )
            if not found.is_billable:
                raise Invalid(
                    f"{found.written} is a heading, which no payer takes.",
                    remedy="Choose a code below it.",
                    field=f"diagnoses[{at}]",
                )
        for at, line in enumerate(draft.lines):
            parse_modifiers(" ".join(line.modifiers))
            if line.place:
                place_code(line.place)
            if self.asks_for_drug(line) and line.drug is None:
                raise Invalid(
                    f"{line.code}: the drug’s code is missing.",
                    "Payers ask for it with this code.",
                    "Type the NDC from the package.",
                    field=f"lines[{at}].drug",
                )

    def _encounter(self, kept: ChargeDetail, provider_id: int) -> int:
        visit = kept.visit
        row = self._db.one(
            "SELECT id, version FROM encounter WHERE appointment_id = ?", (visit.appointment_id,)
        )
        if row is not None:
            save_row(Encounter, row[0], row[1], provider_id=provider_id)
            return int(row[0])
        return insert_row(
            Encounter,
            patient_id=visit.patient_id,
            provider_id=provider_id,
            appointment_id=visit.appointment_id,
            starts_at=visit.starts_at.strftime("%Y-%m-%dT%H:%M"),
            duration_min=visit.duration_min,
            kind=visit.type_name,
            description=visit.reason,
        )

    def _write_diagnoses(self, sheet_id: int, codes: Sequence[str]) -> None:
        there = self._db.rows(
            "SELECT id, version FROM charge_diagnosis WHERE charge_sheet_id = ? ORDER BY position, id",
            (sheet_id,),
        )
        for position, code in enumerate(codes):
            if position < len(there):
                row_id, version = there[position]
                save_row(ChargeDiagnosis, row_id, version, code=code, position=position)
            else:
                insert_row(ChargeDiagnosis, charge_sheet_id=sheet_id, position=position, code=code)
        for row_id, _ in there[len(codes) :]:
            ChargeDiagnosis.delete().where(ChargeDiagnosis.id == row_id).execute()

    def _write_lines(self, sheet_id: int, lines: Sequence[ChargeLine], provider_id: int) -> None:
        there = dict(
            self._db.rows(
                "SELECT id, version FROM charge_line WHERE charge_sheet_id = ?", (sheet_id,)
            )
        )
        for position, line in enumerate(lines):
            values = {
                "position": position,
                "procedure_id": line.procedure_id,
                "code": line.code,
                "modifiers": " ".join(line.modifiers),
                "words": line.words,
                "description": line.description,
                "pointers": rules.written_pointers(line.pointers),
                "units": line.units,
                "unit": line.unit,
                "charge_cents": rules.charged(line.charge_cents),
                "place": line.place,
                "provider_id": line.provider_id if line.provider_id != provider_id else None,
                "ndc": rules.ndc(line.drug.code) if line.drug is not None else "",
                "ndc_quantity": line.drug.quantity if line.drug is not None else "",
                "ndc_unit": line.drug.unit if line.drug is not None else "",
                "note": line.note,
            }
            if line.id in there:
                save_row(LineRow, line.id, there.pop(line.id), **values)
            else:
                insert_row(LineRow, charge_sheet_id=sheet_id, **values)
        for row_id in there:
            LineRow.delete().where(LineRow.id == row_id).execute()

    def _since(self) -> date:
        kept = self._practice.get(settings.CLAIMS_FROM)
        return first_day(kept, self._session.clock.today())

    def _now(self) -> str:
        return datetime.strftime(self._session.clock.now(), "%Y-%m-%dT%H:%M")
