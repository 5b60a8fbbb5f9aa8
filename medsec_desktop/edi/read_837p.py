"""Claims out of an 837P file, ours or anybody's: every claim as `claim_837p.Claim`.

What the model has no place for is passed over; what cannot be read is told with its segment. A claim is
read to its end even where its levels are out of order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

from medsec_desktop.domain.claims.claim import (
    Address,
    Adjusted,
    Attachment,
    Claim,
    Condition,
    Contact,
    Dated,
    Diagnosis,
    Drug,
    Insured,
    LineDecision,
    Note,
    OtherCoverage,
    Party,
    Patient,
    Reference,
    ServiceLine,
)
from medsec_desktop.edi.reading import Faults, Transaction, cents, components, days, place
from medsec_desktop.edi.segments import Segment
from medsec_desktop.edi.write_837p import BY_PAYER

_CLAIM_ROLES = ("DN", "P3", "82", "77", "DQ")
_LINE_ROLES = ("82", "QB", "77", "DQ", "DK", "DN", "P3")


@dataclass(slots=True)
class Batch:
    """The claims of one transaction set. `number` is its BHT03, which a 277CA echoes."""

    number: str = ""
    submitter: Party = field(default_factory=Party)
    receiver: Party = field(default_factory=Party)
    claims: list[Claim] = field(default_factory=list)


def read_claims(transaction: Transaction, faults: Faults) -> Batch:
    """Every claim of one transaction set."""
    return _Reader(transaction, faults).batch


class _Reader:
    """Goes through the segments once. `_party` is whoever was named last and is still being described."""

    def __init__(self, transaction: Transaction, faults: Faults):
        self.batch = Batch()
        self._faults = faults
        self._level = ""
        self._billing = Party()
        self._pay_to: Address | None = None
        self._by_payer: tuple[Reference, ...] = ()  # numbers of who bills, given by the payer
        self._insured = Insured()
        self._payer = Party()
        self._patient: Patient | None = None
        self._claim: Claim | None = None
        self._other: OtherCoverage | None = None
        self._line: ServiceLine | None = None
        self._decision: LineDecision | None = None
        self._party: Party | None = None
        self._is_pay_to = False
        for segment in transaction.segments:
            self._read(segment)

    def _read(self, segment: Segment) -> None:
        match segment.id:
            case "BHT":
                self.batch.number = segment[3].strip()
            case "HL":
                self._begin_level(segment)
            case "SBR":
                self._subscriber(segment)
            case "PAT" if self._patient is not None:
                self._patient.relationship = segment[1].strip()
            case "NM1":
                self._name(segment)
            case "CLM":
                self._begin_claim(segment)
            case "LX" if self._claim is not None:
                self._line = self._decision = self._party = self._other = None
            case "SV1" if self._claim is not None:
                self._begin_line(segment, self._claim)
            case "SVD" if self._line is not None:
                self._begin_decision(segment, self._line)
            case "N3" | "N4" | "PER" | "PRV" | "DMG":
                self._describe(segment)
            case "REF":
                self._reference(segment)
            case _ if self._claim is not None:
                self._content(segment, self._claim)

    # -- who -----------------------------------------------------------------------------------

    def _begin_level(self, segment: Segment) -> None:
        self._level = segment[3].strip()
        self._claim = self._line = self._other = self._decision = self._party = None
        self._is_pay_to = False
        match self._level:
            case "20":
                self._billing, self._pay_to = Party(), None
            case "22":
                self._insured, self._payer, self._patient = Insured(), Party(), None
                self._by_payer = ()
            case "23":
                self._patient = Patient()

    def _subscriber(self, segment: Segment) -> None:
        insured = Insured(
            rank=segment[1].strip(),
            relationship=segment[2].strip(),
            group_number=segment[3].strip(),
            group_name=segment[4].strip(),
            insurance_type=segment[5].strip(),
            filing=segment[9].strip(),
        )
        if self._claim is None:
            self._insured = insured
            return
        self._other = OtherCoverage(insured, Party())
        self._line = self._party = None
        self._claim.others += (self._other,)

    def _name(self, segment: Segment) -> None:
        code = segment[1].strip()
        party = Party(
            family=segment[3].strip(),
            given=segment[4].strip(),
            middle=segment[5].strip(),
            suffix=segment[7].strip(),
            is_person=segment[2].strip() == "1",
            id_kind=segment[8].strip(),
            id=segment[9].strip(),
        )
        self._party, self._is_pay_to = party, code == "87"
        if code == "41":
            self.batch.submitter = party
        elif code == "40":
            self.batch.receiver = party
        elif code == "85" and self._claim is None:
            party.taxonomy, self._billing = self._billing.taxonomy, party
        elif self._line is not None:
            if code in _LINE_ROLES:
                self._line.providers += ((code, party),)
        elif self._other is not None:
            if code == "IL":
                self._other.insured.party = party
            elif code == "PR":
                self._other.payer = party
        elif self._claim is not None:
            if code in _CLAIM_ROLES:
                self._claim.providers += ((code, party),)
        elif code == "IL":
            self._insured.party = party
        elif code == "PR":
            self._payer = party
        elif code == "QC":
            self._patient = self._patient or Patient()
            self._patient.party = party

    def _describe(self, segment: Segment) -> None:
        """What is said of the party named last."""
        party = self._party
        match segment.id:
            case "PRV" if party is None and self._level == "20":
                self._billing.taxonomy = segment[3].strip()
            case "DMG":
                self._born(segment)
            case _ if party is None:
                return
            case "N3":
                self._place(
                    lambda at: replace(at, line1=segment[1].strip(), line2=segment[2].strip())
                )
            case "N4":
                self._place(
                    lambda at: replace(
                        at,
                        city=segment[1].strip(),
                        state=segment[2].strip(),
                        postal_code=segment[3].strip(),
                        country=segment[4].strip(),
                    )
                )
            case "PER":
                party.contact = _contact(segment)
            case "PRV":
                party.taxonomy = segment[3].strip()

    def _place(self, change: Callable[[Address], Address]) -> None:
        if self._is_pay_to:
            self._pay_to = change(self._pay_to or Address())
        elif self._party is not None:
            self._party.address = change(self._party.address or Address())

    def _born(self, segment: Segment) -> None:
        of: Insured | Patient = self._insured
        if self._level == "23" and self._patient is not None:
            of = self._patient
        if self._claim is not None:
            return
        of.birth_on, _ = days(segment, 2, self._faults)
        of.sex = segment[3].strip()

    def _reference(self, segment: Segment) -> None:
        reference = Reference(segment[1].strip(), segment[2].strip())
        if self._line is not None:
            self._reference_of_line(reference, self._line)
        elif self._other is not None and self._party is self._other.payer:
            self._other.references += (reference,)
        elif self._party is self._payer and reference.kind in BY_PAYER:
            self._by_payer += (reference,)
        elif self._party is not None:
            self._party.references += (reference,)
        elif self._claim is not None:
            self._claim.references += (reference,)

    def _reference_of_line(self, reference: Reference, line: ServiceLine) -> None:
        if self._party is not None:
            self._party.references += (reference,)
        elif line.drug is not None and reference.kind in ("XZ", "VY"):
            line.drug.number, line.drug.number_kind = reference.value, reference.kind
        elif reference.kind == "6R":
            line.control = reference.value
        else:
            line.references += (reference,)

    # -- what ----------------------------------------------------------------------------------

    def _begin_claim(self, segment: Segment) -> None:
        self._line = self._other = self._decision = self._party = None
        at, related = components(segment, 5), components(segment, 11)
        causes = tuple(part for part in related[:3] if part)
        self._claim = Claim(
            id=segment[1].strip(),
            charge_cents=cents(segment, 2, self._faults),
            billing=replace(self._billing, references=(*self._billing.references, *self._by_payer))
            if self._by_payer
            else self._billing,
            insured=self._insured,
            payer=self._payer,
            patient=self._patient,
            pay_to=self._pay_to,
            place=_part(at, 0),
            frequency=_part(at, 2) or "1",
            provider_signature=segment[6].strip() != "N",
            assignment=segment[7].strip(),
            benefits_assigned=segment[8].strip(),
            release=segment[9].strip(),
            patient_signature=segment[10].strip(),
            causes=causes,
            accident_state=_part(related, 3),
            accident_country=_part(related, 4),
            special_program=segment[12].strip(),
            delay_reason=segment[20].strip(),
        )
        self.batch.claims.append(self._claim)

    def _content(self, segment: Segment, claim: Claim) -> None:
        line = self._line
        match segment.id:
            case "DTP":
                self._dated(segment, claim)
            case "AMT":
                self._amount(segment, claim)
            case "CAS":
                self._adjusted(segment)
            case "PWK":
                found = Attachment(segment[1].strip(), segment[2].strip(), segment[6].strip())
                (line or claim).attachments += (found,)
            case "CRC":
                codes = tuple(segment[n].strip() for n in range(3, 8) if segment[n].strip())
                told = Condition(segment[1].strip(), segment[2].strip() == "Y", codes)
                (line or claim).conditions += (told,)
            case "K3":
                (line or claim).file_information += (segment[1].strip(),)
            case "NTE":
                note = Note(segment[1].strip(), segment[2].strip())
                if line is not None:
                    line.notes += (note,)
                else:
                    claim.note = note
            case "HI":
                self._codes(segment, claim)
            case "OI" if self._other is not None:
                self._other.benefits_assigned = segment[3].strip()
                self._other.signature_source = segment[4].strip()
                self._other.release = segment[6].strip()
            case "MOA" if self._other is not None:
                self._other.remarks = tuple(
                    segment[n].strip() for n in range(3, 8) if segment[n].strip()
                )
            case "PS1" if line is not None:
                line.purchased_from = segment[1].strip()
                line.purchased_cents = cents(segment, 2, self._faults)
            case "LIN" if line is not None:
                line.drug = Drug(segment[3].strip(), "", "")
            case "CTP" if line is not None and line.drug is not None:
                line.drug.quantity, line.drug.unit = (
                    segment[4].strip(),
                    _part(components(segment, 5), 0),
                )

    def _codes(self, segment: Segment, claim: Claim) -> None:
        for number in range(1, len(segment.elements) + 1):
            kind, code = (*components(segment, number), "", "")[:2]
            if not code and kind:
                self._faults.tell(f"{place(segment, number)} has no code: “{kind[:20]}”.")
            elif kind in ("ABK", "ABF", "BK", "BF"):
                claim.diagnoses += (Diagnosis(code, kind),)
            elif kind in ("BP", "BO"):
                claim.anesthesia_codes += (code,)
            elif kind == "BG":
                claim.condition_codes += (code,)

    def _dated(self, segment: Segment, claim: Claim) -> None:
        first, last = days(segment, 3, self._faults)
        kind = segment[1].strip()
        if first is None:
            return
        dated = Dated(kind, first, last if last != first else None)
        if self._decision is not None and kind == "573":
            self._decision.paid_on = first
        elif self._line is not None:
            if kind == "472":
                self._line.from_on, self._line.to_on = first, dated.last
            else:
                self._line.dates += (dated,)
        elif self._other is not None:
            if kind == "573":
                self._other.paid_on = first
        else:
            claim.dates += (dated,)

    def _amount(self, segment: Segment, claim: Claim) -> None:
        found = cents(segment, 2, self._faults)
        match segment[1].strip():
            case "EAF" if self._decision is not None:
                self._decision.patient_owes_cents = found
            case "T" if self._line is not None:
                self._line.sales_tax_cents = found
            case "D" if self._other is not None:
                self._other.paid_cents = found
            case "A8" if self._other is not None:
                self._other.not_covered_cents = found
            case "EAF" if self._other is not None:
                self._other.patient_owes_cents = found
            case "F5":
                claim.patient_paid_cents = found

    def _adjusted(self, segment: Segment) -> None:
        found = tuple(
            Adjusted(
                segment[1].strip(),
                segment[at].strip(),
                cents(segment, at + 1, self._faults),
                segment[at + 2].strip(),
            )
            for at in range(2, 20, 3)
            if segment[at].strip()
        )
        if self._decision is not None:
            self._decision.adjustments += found
        elif self._other is not None:
            self._other.adjustments += found

    # -- lines ---------------------------------------------------------------------------------

    def _begin_line(self, segment: Segment, claim: Claim) -> None:
        service = components(segment, 1)
        pointers = components(segment, 7)
        wrong = [one for one in pointers if one and not (one.isascii() and one.isdigit())]
        if wrong:
            self._faults.tell(f"{place(segment, 7)} points to no diagnosis: “{wrong[0][:20]}”.")
        self._line = ServiceLine(
            code=_part(service, 1),
            charge_cents=cents(segment, 2, self._faults),
            from_on=date.min,
            modifiers=tuple(part for part in service[2:6] if part),
            description=_part(service, 6),
            unit=segment[3].strip(),
            units=segment[4].strip(),
            place=segment[5].strip(),
            pointers=tuple(int(one) for one in pointers if one.isascii() and one.isdigit()),
            is_emergency=segment[9].strip() == "Y",
            is_epsdt=segment[11].strip() == "Y",
            is_family_planning=segment[12].strip() == "Y",
            is_copay_exempt=segment[15].strip() == "0",
        )
        claim.lines += (self._line,)

    def _begin_decision(self, segment: Segment, line: ServiceLine) -> None:
        service = components(segment, 3)
        self._party = None
        self._decision = LineDecision(
            segment[1].strip(),
            cents(segment, 2, self._faults),
            _part(service, 1),
            tuple(part for part in service[2:6] if part),
            segment[5].strip(),
            segment[6].strip(),
        )
        line.decisions += (self._decision,)


def _part(parts: tuple[str, ...], at: int) -> str:
    return parts[at] if at < len(parts) else ""


def _contact(segment: Segment) -> Contact:
    ways = {segment[at].strip(): segment[at + 1].strip() for at in (3, 5, 7)}
    return Contact(
        segment[2].strip(),
        ways.get("TE", ""),
        ways.get("EX", ""),
        ways.get("FX", ""),
        ways.get("EM", ""),
    )
