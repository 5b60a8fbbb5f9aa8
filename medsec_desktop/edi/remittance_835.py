"""Payments and explanations of payers: 835, 005010X221A1.

What comes is read whatever its order and gaps; what does not add up is told, never corrected. The rules
of balancing are those of the guide, section 1.10.2: line, claim, and payment.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from medsec_desktop.domain.money import Money
from medsec_desktop.edi.reading import (
    Faults,
    Transaction,
    cents,
    components,
    day,
    days,
    decimal,
    place,
)
from medsec_desktop.edi.segments import Segment

_OF_LINE = ("472", "150", "151")  # dates of a service: of the day, its first, its last


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Why a part of a charge was not paid: CAS. `group` is CO, PR, OA or PI."""

    group: str
    reason: str
    amount_cents: int
    quantity: str = ""


@dataclass(frozen=True, slots=True)
class Name:
    """Somebody in a remittance. `code` is NM101 or N101: QC patient, IL insured, 82 rendering …"""

    code: str
    family: str
    given: str = ""
    middle: str = ""
    suffix: str = ""
    id_kind: str = ""
    id: str = ""


@dataclass(slots=True)
class ServicePayment:
    """What was paid for one line. `code` is what the payer decided on, `submitted` what was billed."""

    code: str = ""
    modifiers: tuple[str, ...] = ()
    charge_cents: int = 0
    paid_cents: int = 0
    units: str = ""
    submitted: str = ""
    submitted_modifiers: tuple[str, ...] = ()
    from_on: date | None = None
    to_on: date | None = None
    control: str = ""  # our own number of the line, REF*6R
    allowed_cents: int | None = None
    remarks: tuple[str, ...] = ()
    adjustments: list[Adjustment] = field(default_factory=list)

    @property
    def out_of_balance_cents(self) -> int:
        """Charge less payment less adjustments; 0 where the line adds up."""
        return self.charge_cents - self.paid_cents - _sum(self.adjustments)


@dataclass(slots=True)
class ClaimPayment:
    """What a payer decided on one claim. `id` is our own number of it, `status` CLP02."""

    id: str
    status: str = ""
    charge_cents: int = 0
    paid_cents: int = 0
    patient_cents: int = 0
    filing: str = ""
    payer_control: str = ""
    facility: str = ""
    frequency: str = ""
    names: list[Name] = field(default_factory=list)
    references: list[tuple[str, str]] = field(default_factory=list)
    from_on: date | None = None
    to_on: date | None = None
    received_on: date | None = None
    remarks: tuple[str, ...] = ()
    adjustments: list[Adjustment] = field(default_factory=list)  # of the claim as a whole
    lines: list[ServicePayment] = field(default_factory=list)
    position: int = 0  # the segment it begins with

    def named(self, code: str) -> Name | None:
        """The first name of that code, None where there is none."""
        return next((name for name in self.names if name.code == code), None)

    @property
    def all_adjustments(self) -> tuple[Adjustment, ...]:
        """Those of the claim and of each of its lines."""
        lines = (one for line in self.lines for one in line.adjustments)
        return (*self.adjustments, *lines)

    @property
    def out_of_balance_cents(self) -> int:
        """Charge less payment less every adjustment; 0 where the claim adds up."""
        return self.charge_cents - self.paid_cents - _sum(self.all_adjustments)


@dataclass(frozen=True, slots=True)
class ProviderAdjustment:
    """Money taken or given outside any claim: PLB. A positive amount makes the payment smaller."""

    provider: str
    year_end: date | None
    code: str
    reference: str
    amount_cents: int


@dataclass(slots=True)
class Payment:
    """One payment: a transaction set of an 835."""

    amount_cents: int = 0
    handling: str = ""  # BPR01: I, C, D, H …
    method: str = ""  # BPR04: ACH, CHK, NON …
    paid_on: date | None = None
    trace: str = ""  # number of the check or transfer
    payer_id: str = ""
    payer: Name | None = None
    payee: Name | None = None
    references: list[tuple[str, str]] = field(default_factory=list)
    produced_on: date | None = None
    claims: list[ClaimPayment] = field(default_factory=list)
    provider_adjustments: list[ProviderAdjustment] = field(default_factory=list)
    number: str = ""  # ST02

    @property
    def out_of_balance_cents(self) -> int:
        """The payment less what its claims and provider adjustments come to; 0 where it adds up."""
        paid = sum(claim.paid_cents for claim in self.claims)
        taken = sum(one.amount_cents for one in self.provider_adjustments)
        return self.amount_cents - (paid - taken)


def imbalances(payment: Payment) -> tuple[str, ...]:
    """A sentence for everything in it that does not add up."""
    found = []
    if payment.out_of_balance_cents:
        found.append(
            f"Payment {payment.trace or payment.number} does not add up: it differs from its claims"
            f" and provider adjustments by {Money(payment.out_of_balance_cents)}."
        )
    for claim in payment.claims:
        if claim.out_of_balance_cents:
            found.append(
                f"Claim {claim.id} (segment {claim.position}) does not add up: charge less payment"
                f" and adjustments leaves {Money(claim.out_of_balance_cents)}."
            )
        for line in claim.lines:
            if line.out_of_balance_cents:
                found.append(
                    f"Line {line.code} of claim {claim.id} does not add up: charge less payment and"
                    f" adjustments leaves {Money(line.out_of_balance_cents)}."
                )
    return tuple(found)


def read_payment(transaction: Transaction, faults: Faults) -> Payment:
    """The payment of one transaction set; what cannot be read is told and left out."""
    return _Reader(transaction, faults).payment


class _Reader:
    """Goes through the segments once; what follows a CLP is of that claim, what follows an SVC of that line."""

    def __init__(self, transaction: Transaction, faults: Faults):
        self.payment = Payment(number=transaction.number)
        self._faults = faults
        self._claim: ClaimPayment | None = None
        self._line: ServicePayment | None = None
        for segment in transaction.segments:
            self._read(segment)

    def _read(self, segment: Segment) -> None:
        match segment.id:
            case "CLP":
                self._begin_claim(segment)
            case "PLB":
                self._claim = self._line = None
                self._provider_adjustments(segment)
            case "LX":
                self._claim = self._line = None
            case "SVC" if self._claim is not None:
                self._begin_line(segment, self._claim)
            case _ if self._line is not None:
                self._of_line(segment, self._line)
            case _ if self._claim is not None:
                self._of_claim(segment, self._claim)
            case "SVC" | "CAS":
                self._faults.tell(
                    f"The {segment.id} in segment {segment.position} belongs to no claim."
                )
            case _:
                self._of_payment(segment)

    def _of_payment(self, segment: Segment) -> None:
        payment = self.payment
        match segment.id, segment[1]:
            case "BPR", _:
                amount = cents(segment, 2, self._faults)
                payment.amount_cents = -amount if segment[3] == "D" else amount
                payment.handling, payment.method = segment[1], segment[4]
                payment.paid_on, _ = days(segment, 16, self._faults)
            case "TRN", _:
                payment.trace, payment.payer_id = segment[2].strip(), segment[3].strip()
            case "N1", "PR":
                payment.payer = Name(
                    "PR", segment[2].strip(), id_kind=segment[3], id=segment[4].strip()
                )
            case "N1", "PE":
                payment.payee = Name(
                    "PE", segment[2].strip(), id_kind=segment[3], id=segment[4].strip()
                )
            case "REF", _:
                payment.references.append((segment[1], segment[2].strip()))
            case "DTM", "405":
                payment.produced_on, _ = days(segment, 2, self._faults)

    def _begin_claim(self, segment: Segment) -> None:
        self._line = None
        self._claim = ClaimPayment(
            id=segment[1].strip(),
            status=segment[2].strip(),
            charge_cents=cents(segment, 3, self._faults),
            paid_cents=cents(segment, 4, self._faults),
            patient_cents=cents(segment, 5, self._faults),
            filing=segment[6].strip(),
            payer_control=segment[7].strip(),
            facility=segment[8].strip(),
            frequency=segment[9].strip(),
            position=segment.position,
        )
        self.payment.claims.append(self._claim)

    def _of_claim(self, segment: Segment, claim: ClaimPayment) -> None:
        match segment.id, segment[1]:
            case "CAS", _:
                claim.adjustments.extend(self._adjustments(segment))
            case "NM1", _:
                claim.names.append(_name(segment))
            case "REF", _:
                claim.references.append((segment[1], segment[2].strip()))
            case "MOA", _:
                claim.remarks += tuple(segment[at] for at in range(3, 8) if segment[at].strip())
            case "MIA", _:
                claim.remarks += tuple(
                    segment[at] for at in (5, 20, 21, 22, 23) if segment[at].strip()
                )
            case "DTM", "232":
                claim.from_on, _ = days(segment, 2, self._faults)
            case "DTM", "233":
                claim.to_on, _ = days(segment, 2, self._faults)
            case "DTM", "050":
                claim.received_on, _ = days(segment, 2, self._faults)

    def _begin_line(self, segment: Segment, claim: ClaimPayment) -> None:
        code, modifiers = _procedure(segment, 1)
        submitted, submitted_modifiers = _procedure(segment, 6) if segment[6] else ("", ())
        self._line = ServicePayment(
            code,
            modifiers,
            cents(segment, 2, self._faults),
            cents(segment, 3, self._faults),
            self._units(segment, 5),
            submitted,
            submitted_modifiers,
        )
        claim.lines.append(self._line)

    def _of_line(self, segment: Segment, line: ServicePayment) -> None:
        match segment.id:
            case "CAS":
                line.adjustments.extend(self._adjustments(segment))
            case "DTM" if segment[1] in _OF_LINE:
                first, last = days(segment, 2, self._faults)
                match segment[1]:
                    case "472":
                        line.from_on, line.to_on = first, last
                    case "150":
                        line.from_on = first
                    case "151":
                        line.to_on = first
            case "REF":
                if segment[1] == "6R":
                    line.control = segment[2].strip()
            case "AMT":
                if segment[1] == "B6":
                    line.allowed_cents = cents(segment, 2, self._faults)
            case "LQ":
                line.remarks += (segment[2].strip(),)

    def _units(self, segment: Segment, number: int) -> str:
        text = segment[number].strip()
        if text and not (text.isascii() and text.isdigit()) and decimal(text) is None:
            self._faults.tell(f"{place(segment, number)} is not a number: “{text[:20]}”.")
        return text

    def _adjustments(self, segment: Segment) -> Iterable[Adjustment]:
        """Up to six of a reason, an amount and a quantity each, in one group."""
        group = segment[1].strip()
        for at in range(2, min(20, len(segment.elements) + 1), 3):
            reason = segment[at].strip()
            if reason or segment[at + 1].strip():
                amount = cents(segment, at + 1, self._faults)
                yield Adjustment(group, reason, amount, segment[at + 2].strip())

    def _provider_adjustments(self, segment: Segment) -> None:
        for at in range(3, 15, 2):
            if segment[at].strip():
                code, *reference = components(segment, at)
                self.payment.provider_adjustments.append(
                    ProviderAdjustment(
                        segment[1].strip(),
                        day(segment[2]),
                        code,
                        ":".join(reference),
                        cents(segment, at + 1, self._faults),
                    )
                )


def _name(segment: Segment) -> Name:
    return Name(
        segment[1],
        segment[3].strip(),
        segment[4].strip(),
        segment[5].strip(),
        segment[7].strip(),
        segment[8].strip(),
        segment[9].strip(),
    )


def _procedure(segment: Segment, number: int) -> tuple[str, tuple[str, ...]]:
    """The code and its modifiers in a procedure composite; a code without its qualifier is taken too."""
    parts = components(segment, number)
    if len(parts) > 1:
        return parts[1], tuple([part for part in parts[2:6] if part])
    return parts[0] if parts else "", ()


def _sum(adjustments: Iterable[Adjustment]) -> int:
    return sum(one.amount_cents for one in adjustments)
