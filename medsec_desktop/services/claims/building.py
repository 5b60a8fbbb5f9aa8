"""A claim's content from what a visit was charged and what the files know.

Nothing is written here. What makes a claim impossible is refused with a link to where it is put right;
what only makes it wrong is left to the scrubber, which says so beside the field.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.claims.claim import (
    Claim,
    Dated,
    Diagnosis,
    Drug,
    Note,
    OtherCoverage,
    Party,
    Patient,
    Reference,
    ServiceLine,
)
from medsec_desktop.domain.claims.rules_of_coding import is_laboratory
from medsec_desktop.problems import Conflict, Invalid, Link
from medsec_desktop.services.claims.parties import Cover, Parties
from medsec_desktop.services.claims.settings import PayerRuleDraft, payer_rule
from medsec_desktop.services.patients.merged import refuse_merged
from medsec_desktop.services.patients.names import listed_name

if TYPE_CHECKING:
    from medsec_desktop.services.practice import Practice
    from medsec_desktop.store.database import Database

_RANK_WORDS = {"P": "primary", "S": "secondary", "T": "tertiary"}
_DATES = (
    ("431", "onset_on"), ("484", "last_period_on"), ("454", "first_treated_on"),
    ("304", "last_seen_on"), ("439", "accident_on"), ("435", "admitted_on"), ("096", "discharged_on"),
)  # fmt: skip
_SHEET = (
    "s.id, s.status, s.is_self_pay, s.coverage_id, s.place, s.facility_id, s.referring_provider_id,"
    " s.supervising_provider_id, s.authorization_id, s.referral_id, s.causes, s.accident_on,"
    " s.accident_state, s.casualty_number, s.onset_on, s.last_period_on, s.first_treated_on,"
    " s.last_seen_on, s.admitted_on, s.discharged_on, s.unable_from_on, s.unable_to_on,"
    " s.patient_paid_cents, s.note, e.patient_id, e.provider_id, e.appointment_id, e.starts_at"
)
_SHEET_NAMES = [name.strip().split(".")[1] for name in _SHEET.split(",")]
_LINE = (
    "id, code, modifiers, description, pointers, units, unit, charge_cents, from_on, to_on, place,"
    " provider_id, ordering_provider_id, ndc, ndc_quantity, ndc_unit, prescription, note,"
    " is_emergency, is_epsdt, is_family_planning, procedure_id"
)
_LINE_NAMES = [name.strip() for name in _LINE.split(",")]


@dataclass(frozen=True, slots=True)
class Charged:
    """What a visit was charged: the sheet with its encounter, its diagnoses, and the lines a payer gets."""

    sheet: dict[str, Any]
    diagnoses: tuple[str, ...]
    lines: tuple[dict[str, Any], ...]

    @property
    def patient_id(self) -> int:
        return int(self.sheet["patient_id"])

    @property
    def provider_id(self) -> int | None:
        return self.sheet["provider_id"]  # type: ignore[no-any-return]

    @property
    def day(self) -> date:
        return date.fromisoformat(self.sheet["starts_at"][:10])


@dataclass(frozen=True, slots=True)
class Built:
    """A claim made, for whom, and which charge each of its lines came from."""

    content: Claim
    patient_id: int
    sheet_id: int | None
    cover: Cover
    rule: PayerRuleDraft
    provider_id: int | None
    charge_line_ids: tuple[int | None, ...]


class Builder:
    """Makes the contents of claims; made anew for each piece of work, as what it read is kept."""

    def __init__(self, db: Database, practice: Practice):
        self._db = db
        self.parties = Parties(db, practice)
        self._rules: dict[int, PayerRuleDraft] = {}

    def rule(self, payer_id: int) -> PayerRuleDraft:
        """What this payer wants."""
        if payer_id not in self._rules:
            self._rules[payer_id] = payer_rule(self._db, payer_id)
        return self._rules[payer_id]

    def charged(self, sheet_id: int) -> Charged:
        """What a visit was charged. Raises Conflict where there is nothing to bill."""
        row = self._db.one(
            f"SELECT {_SHEET} FROM charge_sheet s JOIN encounter e ON e.id = s.encounter_id"
            " WHERE s.id = ?",
            (sheet_id,),
        )
        if row is None:
            raise Conflict("The charges of this visit are no longer there.", "They were undone.")
        sheet = dict(zip(_SHEET_NAMES, row, strict=True))
        self._refuse_status(sheet)
        refuse_merged(self._db, sheet["patient_id"])
        diagnoses = tuple(
            code
            for (code,) in self._db.rows(
                "SELECT code FROM charge_diagnosis WHERE charge_sheet_id = ? ORDER BY position, id",
                (sheet_id,),
            )
        )
        lines = tuple(
            dict(zip(_LINE_NAMES, found, strict=True))
            for found in self._db.rows(
                f"SELECT {_LINE} FROM charge_line WHERE charge_sheet_id = ?"
                " AND NOT is_kept_from_payer ORDER BY position, id",
                (sheet_id,),
            )
        )
        found = Charged(sheet, diagnoses, lines)
        self._refuse_charges(found)
        self._refuse_deceased(found)
        return found

    def build(self, charged: Charged, number: str, rank: str = "P") -> Built:
        """The claim to her payer of that rank. Raises Conflict where she has none on that day."""
        cover, others = self._covers(charged, rank)
        rule = self.rule(cover.payer_id)
        content = self._content(charged, cover, rule, number)
        content.others = tuple(self.other(one, charged.patient_id, charged.day) for one in others)
        ids = tuple(line["id"] for line in charged.lines)
        return Built(
            content, charged.patient_id, charged.sheet["id"], cover, rule, charged.provider_id, ids
        )

    def blank(self, patient_id: int, cover: Cover, number: str, on: date) -> Built:
        """A claim with who and whom, and nothing charged yet."""
        rule = self.rule(cover.payer_id)
        content = self._who(patient_id, None, cover, rule, number, on)
        return Built(content, patient_id, None, cover, rule, None, ())

    def other(self, cover: Cover, patient_id: int, on: date) -> OtherCoverage:
        """Another payer of hers, as a claim names it; what it decided is not known here."""
        rule = self.rule(cover.payer_id)
        insured = self.parties.insured(cover, rule.filing, patient_id, on)
        return OtherCoverage(insured, replace(self.parties.payer(rule), references=()))

    # -- who pays -------------------------------------------------------------------------------

    def _covers(self, charged: Charged, rank: str) -> tuple[Cover, list[Cover]]:
        """The coverage the claim goes to, and the others that hold on that day."""
        held = list(self.parties.covers(charged.patient_id, charged.day))
        chosen_id = charged.sheet["coverage_id"]
        if rank == "P" and chosen_id is not None:
            chosen = self.parties.cover(chosen_id)
            if chosen is not None:  # she pays first for this visit, whatever her usual place
                others = [one for one in held if one.id != chosen.id and one.rank != "P"]
                return replace(chosen, rank="P"), _one_of_each_rank(others)
        wanted = next((one for one in held if one.rank == rank), None)
        if wanted is None and rank == "P" and held:
            wanted = replace(held[0], rank="P")
        if wanted is None:
            name = listed_name(self._db, charged.patient_id)
            raise Conflict(
                f"{name} has no {_RANK_WORDS[rank]} insurance on the day of the visit.",
                "A claim needs a coverage that holds on that day.",
                "Add it to the file, or mark the visit as paid by the patient.",
                (Link("patient", str(charged.patient_id), name),),
            )
        return wanted, _one_of_each_rank(
            [one for one in held if one.id != wanted.id and one.rank != wanted.rank]
        )

    # -- the content ----------------------------------------------------------------------------

    def _who(
        self,
        patient_id: int,
        provider_id: int | None,
        cover: Cover,
        rule: PayerRuleDraft,
        number: str,
        on: date,
    ) -> Claim:
        parties = self.parties
        billing, pay_to = parties.billing(provider_id, cover.payer_id)
        insured = parties.insured(cover, rule.filing, patient_id, on)
        patient: Patient | None = None
        if cover.relation != "self":
            treated = parties.treated(patient_id, on)
            patient = replace(treated, relationship=insured.relationship)
            insured = replace(insured, relationship="")
        return Claim(
            id=number,
            charge_cents=0,
            billing=billing,
            insured=insured,
            payer=parties.payer(rule),
            patient=patient,
            pay_to=pay_to,
            assignment=rule.assignment,
        )

    def _content(self, charged: Charged, cover: Cover, rule: PayerRuleDraft, number: str) -> Claim:
        sheet = charged.sheet
        claim = self._who(charged.patient_id, charged.provider_id, cover, rule, number, charged.day)
        claim.place = sheet["place"]
        claim.causes = tuple(sheet["causes"].split())
        claim.accident_state = sheet["accident_state"] if "AA" in claim.causes else ""
        claim.dates = tuple(
            Dated(kind, date.fromisoformat(sheet[column]))
            for kind, column in _DATES
            if sheet[column]
        ) + _unable(sheet)
        claim.patient_paid_cents = sheet["patient_paid_cents"] or None
        claim.note = Note("ADD", sheet["note"]) if sheet["note"] else None
        claim.diagnoses = tuple(
            Diagnosis(code, "ABF" if at else "ABK") for at, code in enumerate(charged.diagnoses)
        )
        claim.references = self._references(charged)
        if sheet["casualty_number"]:
            self._add_casualty(claim, sheet["casualty_number"])
        claim.providers = self._providers(charged, claim.billing, cover.payer_id)
        claim.lines = tuple(
            self._line(claim, line, at, charged, cover.payer_id)
            for at, line in enumerate(charged.lines, start=1)
        )
        claim.charge_cents = sum(line.charge_cents for line in claim.lines)
        return claim

    @staticmethod
    def _add_casualty(claim: Claim, number: str) -> None:
        """The number of a property and casualty claim stands with whoever was hurt (REF Y4)."""
        whose = claim.patient.party if claim.patient is not None else claim.insured.party
        party = replace(whose, references=(*whose.references, Reference("Y4", number)))
        if claim.patient is not None:
            claim.patient = replace(claim.patient, party=party)
        else:
            claim.insured = replace(claim.insured, party=party)

    def _providers(
        self, charged: Charged, billing: Party, payer_id: int
    ) -> tuple[tuple[str, Party], ...]:
        sheet, found = charged.sheet, []
        if sheet["referring_provider_id"] is not None:
            found.append(("DN", self.parties.referrer(sheet["referring_provider_id"], payer_id)))
        if charged.provider_id is not None:
            who = self.parties.provider(charged.provider_id, payer_id)
            if not (who.id and who.id == billing.id):
                found.append(("82", who))
        if sheet["facility_id"] is not None:
            found.append(("77", self.parties.facility(sheet["facility_id"], payer_id)))
        if sheet["supervising_provider_id"] is not None:
            found.append(("DQ", self.parties.referrer(sheet["supervising_provider_id"], payer_id)))
        return tuple(found)

    def _references(self, charged: Charged) -> tuple[Reference, ...]:
        sheet, found = charged.sheet, []
        referral = self._db.value(
            "SELECT number FROM referral WHERE id = ?", (sheet["referral_id"],)
        )
        if referral:
            found.append(Reference("9F", referral))
        leave = self._db.value(
            "SELECT z.number FROM authorization z WHERE z.id = coalesce(?1,"
            " (SELECT a.authorization_id FROM appointment a WHERE a.id = ?2))",
            (sheet["authorization_id"], sheet["appointment_id"]),
        )
        if leave:
            found.append(Reference("G1", leave))
        if any(self._is_laboratory(line) for line in charged.lines):
            clia = self.parties.clia(sheet["facility_id"])
            if clia:
                found.append(Reference("X4", clia))
        return tuple(found)

    def _is_laboratory(self, line: dict[str, Any]) -> bool:
        if is_laboratory(line["code"]) or "QW" in line["modifiers"].split():
            return True
        return bool(
            self._db.value("SELECT needs_clia FROM procedure WHERE id = ?", (line["procedure_id"],))
        )

    def _line(
        self, claim: Claim, line: dict[str, Any], at: int, charged: Charged, payer_id: int
    ) -> ServiceLine:
        first = date.fromisoformat(line["from_on"]) if line["from_on"] else charged.day
        last = date.fromisoformat(line["to_on"]) if line["to_on"] else None
        providers = []
        if line["provider_id"] not in (None, charged.provider_id):
            who = self.parties.provider(line["provider_id"], payer_id)
            if who.id != claim.billing.id:
                providers.append(("82", who))
        if line["ordering_provider_id"] is not None:
            providers.append(("DK", self.parties.orderer(line["ordering_provider_id"], payer_id)))
        drug = None
        if line["ndc"]:
            drug = Drug(line["ndc"], line["ndc_quantity"], line["ndc_unit"], line["prescription"])
        return ServiceLine(
            code=line["code"],
            charge_cents=line["charge_cents"],
            from_on=first,
            to_on=last if last is not None and last > first else None,
            modifiers=tuple(line["modifiers"].split()),
            description=line["description"],
            units=line["units"],
            unit=line["unit"],
            place=line["place"] if line["place"] != claim.place else "",
            pointers=tuple("ABCDEFGHIJKL".find(one) + 1 for one in line["pointers"]),
            is_emergency=bool(line["is_emergency"]),
            is_epsdt=bool(line["is_epsdt"]),
            is_family_planning=bool(line["is_family_planning"]),
            control=control(claim.id, at),
            notes=(Note("ADD", line["note"]),) if line["note"] else (),
            drug=drug,
            providers=tuple(providers),
        )

    # -- what is refused ------------------------------------------------------------------------

    def _refuse_status(self, sheet: dict[str, Any]) -> None:
        name = listed_name(self._db, sheet["patient_id"])
        link = _to_charges(sheet, name)
        if sheet["status"] == "open":
            raise Conflict(
                f"The charges of {name} are not finished.",
                "A claim is made from finished charges.",
                "Finish them first.",
                link,
            )
        if sheet["status"] == "no-charge":
            raise Conflict(
                f"Nothing is charged for this visit of {name}.",
                "Somebody said so, with a reason.",
                "Charge the visit first if that was wrong.",
                link,
            )
        if sheet["is_self_pay"]:
            raise Conflict(
                f"{name} pays for this visit without insurance.",
                "No payer is to hear of it.",
                "Take the mark off its charges to bill a payer.",
                link,
            )

    def _refuse_charges(self, charged: Charged) -> None:
        name = listed_name(self._db, charged.patient_id)
        link = _to_charges(charged.sheet, name)
        if not charged.lines:
            raise Invalid(
                f"There is nothing on the charges of {name} that a payer gets.",
                remedy="Add a line first.",
                links=link,
                field="lines",
            )
        for at, line in enumerate(charged.lines):
            if not line["charge_cents"]:
                raise Invalid(
                    f"Line {at + 1} of the charges of {name}, {line['code']}, has a fee of zero.",
                    "A payer refuses a line without a charge.",
                    "Type its fee, or keep the line from the payer.",
                    link,
                    field=f"lines[{at}].charge_cents",
                )

    def _refuse_deceased(self, charged: Charged) -> None:
        status, died = self._db.one(
            "SELECT status, deceased_on FROM patient WHERE id = ?", (charged.patient_id,)
        ) or ("", None)
        last = max(
            [
                charged.day.isoformat(),
                *(line["to_on"] or line["from_on"] or "" for line in charged.lines),
            ]
        )
        if status == "deceased" and died is not None and len(died) == 10 and last > died:
            name = listed_name(self._db, charged.patient_id)
            raise Conflict(
                f"{name} died before the day of this visit.",
                "A claim for services after a death is never paid.",
                "Correct the date in the file, or the day of the charges.",
                (Link("patient", str(charged.patient_id), name),),
            )


def control(number: str, at: int) -> str:
    """Our number of a line, which answers repeat (REF 6R); `at` counts from 1."""
    return f"{number}-{at}"


def _to_charges(sheet: dict[str, Any], name: str) -> tuple[Link, ...]:
    """Where the charges are put right: by their visit, or in the file where they have none."""
    if sheet["appointment_id"] is None:
        return (Link("patient", str(sheet["patient_id"]), name),)
    return (Link("charges", str(sheet["appointment_id"]), f"Charges of {name}"),)


def _one_of_each_rank(covers: list[Cover]) -> list[Cover]:
    found: dict[str, Cover] = {}
    for one in covers:
        found.setdefault(one.rank, one)
    return list(found.values())


def _unable(sheet: dict[str, Any]) -> tuple[Dated, ...]:
    """Days she could not work: one span where both are known."""
    first, last = sheet["unable_from_on"], sheet["unable_to_on"]
    if first and last:
        return (Dated("314", date.fromisoformat(first), date.fromisoformat(last)),)
    days = (("360", first), ("361", last))
    return tuple(Dated(kind, date.fromisoformat(on)) for kind, on in days if on)
