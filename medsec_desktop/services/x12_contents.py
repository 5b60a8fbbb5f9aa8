"""What an X12 file says of each claim, payment and answer: in words, and as plain data for a program."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from medsec_desktop.domain.claims.claim import Claim, ServiceLine
from medsec_desktop.domain.money import Money
from medsec_desktop.edi.acknowledgements import (
    ClaimAnswer,
    ClaimsAnswer,
    Fault,
    FileAnswer,
    read_claims_answer,
    read_file_answer,
    read_interchange_answer,
)
from medsec_desktop.edi.read_837p import read_claims
from medsec_desktop.edi.reading import Faults, transactions
from medsec_desktop.edi.remittance_835 import (
    Adjustment,
    ClaimPayment,
    Payment,
    imbalances,
    read_payment,
)

_STATUSES = {
    "1": "paid as primary",
    "2": "paid as secondary",
    "3": "paid as tertiary",
    "4": "denied",
    "19": "paid as primary and forwarded",
    "20": "paid as secondary and forwarded",
    "21": "paid as tertiary and forwarded",
    "22": "reversed",
    "23": "not theirs, forwarded",
    "25": "estimated only",
}  # CLP02, 005010X221A1


@dataclass(slots=True)
class Contents:
    """`facts` are lists by name (claims, payments, transactions …), with amounts in cents."""

    facts: dict[str, Any] = field(default_factory=dict)
    details: list[str] = field(default_factory=list)
    problems: tuple[str, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        return tuple(self.details)

    def add(self, name: str, value: dict[str, Any]) -> None:
        self.facts.setdefault(name, []).append(value)


def contents_of(text: str) -> Contents:
    """Every claim, payment and answer in a file; a kind that has no reader here is only counted."""
    found, faults = Contents(), Faults()
    out_of_balance: list[str] = []
    for transaction in transactions(text):
        match transaction.kind:
            case "837P":
                for claim in read_claims(transaction, faults).claims:
                    _tell_claim(found, claim)
            case "835":
                payment = read_payment(transaction, faults)
                _tell_payment(found, payment)
                out_of_balance.extend(imbalances(payment))
            case "999" | "997":
                _tell_file_answer(found, read_file_answer(transaction, faults))
            case "277CA":
                _tell_claims_answer(found, read_claims_answer(transaction, faults))
            case "TA1":
                answer = read_interchange_answer(transaction)
                found.add(
                    "interchange_answers",
                    {
                        "control_number": answer.number,
                        "accepted": answer.is_accepted,
                        "note": answer.note,
                    },
                )
    found.problems = (*faults.sentences, *out_of_balance)
    return found


# -- claims ------------------------------------------------------------------------------------


def _tell_claim(found: Contents, claim: Claim) -> None:
    who = claim.patient.party if claim.patient else claim.insured.party
    found.add(
        "claims",
        {
            "id": claim.id,
            "charge_cents": claim.charge_cents,
            "patient": ", ".join(part for part in (who.family, who.given) if part),
            "member_id": claim.insured.party.id,
            "payer": claim.payer.family,
            "payer_id": claim.payer.id,
            "place": claim.place,
            "frequency": claim.frequency,
            "diagnoses": [one.code for one in claim.diagnoses],
            "lines": [_line(line) for line in claim.lines],
        },
    )
    lines = f"{len(claim.lines)} line{'s' if len(claim.lines) != 1 else ''}"
    codes = ", ".join(one.code for one in claim.diagnoses if one.code)
    found.details.append(
        f"Claim {claim.id}: {Money(claim.charge_cents)} in {lines}"
        f"{f' for {codes}' if codes else ''}, to {claim.payer.family or 'no payer'}."
    )
    total = sum(line.charge_cents for line in claim.lines)
    if claim.lines and total != claim.charge_cents:
        found.details.append(
            f"  Its lines come to {Money(total)}, not to {Money(claim.charge_cents)}."
        )


def _line(line: ServiceLine) -> dict[str, Any]:
    return {
        "code": line.code,
        "modifiers": list(line.modifiers),
        "charge_cents": line.charge_cents,
        "units": line.units,
        "unit": line.unit,
        "pointers": list(line.pointers),
        "from": _day(line.from_on if line.from_on != date.min else None),
        "to": _day(line.to_on or (line.from_on if line.from_on != date.min else None)),
        "control": line.control,
    }


# -- payments ----------------------------------------------------------------------------------


def _tell_payment(found: Contents, payment: Payment) -> None:
    found.add(
        "payments",
        {
            "amount_cents": payment.amount_cents,
            "trace": payment.trace,
            "method": payment.method,
            "paid_on": _day(payment.paid_on),
            "payer": payment.payer.family if payment.payer else "",
            "payee": payment.payee.family if payment.payee else "",
            "claims": [_claim_payment(claim) for claim in payment.claims],
            "provider_adjustments": [
                {"code": one.code, "reference": one.reference, "amount_cents": one.amount_cents}
                for one in payment.provider_adjustments
            ],
            "out_of_balance_cents": payment.out_of_balance_cents,
        },
    )
    who = payment.payer.family if payment.payer else "an unnamed payer"
    when = f" on {payment.paid_on.isoformat()}" if payment.paid_on else ""
    found.details.append(
        f"Payment {payment.trace or payment.number}: {Money(payment.amount_cents)} by {who}{when}."
    )
    for claim in payment.claims:
        status = _STATUSES.get(claim.status, f"status {claim.status}")
        found.details.append(
            f"  Claim {claim.id}, {status}: charged {Money(claim.charge_cents)}, paid"
            f" {Money(claim.paid_cents)}, left to the patient {Money(claim.patient_cents)}."
        )
    for one in payment.provider_adjustments:
        found.details.append(
            f"  Outside any claim: {Money(-one.amount_cents)} ({one.code} {one.reference})."
        )


def _claim_payment(claim: ClaimPayment) -> dict[str, Any]:
    """`adjustments` are those of the claim and of all its lines, so that a claim adds up by itself."""
    patient = claim.named("QC")
    return {
        "id": claim.id,
        "status": claim.status,
        "payer_control": claim.payer_control,
        "patient": ", ".join(part for part in (patient.family, patient.given) if part)
        if patient
        else "",
        "charge_cents": claim.charge_cents,
        "paid_cents": claim.paid_cents,
        "patient_cents": claim.patient_cents,
        "adjustments": [_adjustment(one) for one in claim.all_adjustments],
        "lines": [
            {
                "code": line.code,
                "modifiers": list(line.modifiers),
                "charge_cents": line.charge_cents,
                "paid_cents": line.paid_cents,
                "control": line.control,
                "adjustments": [_adjustment(one) for one in line.adjustments],
            }
            for line in claim.lines
        ],
        "out_of_balance_cents": claim.out_of_balance_cents,
    }


def _adjustment(one: Adjustment) -> dict[str, Any]:
    return {"group": one.group, "reason": one.reason, "amount_cents": one.amount_cents}


# -- answers -----------------------------------------------------------------------------------


def _tell_file_answer(found: Contents, answer: FileAnswer) -> None:
    found.add(
        "file_answers",
        {
            "group": answer.group,
            "status": answer.status,
            "accepted": answer.is_accepted,
            "transactions": [
                {
                    "number": one.number,
                    "kind": one.kind,
                    "accepted": one.is_accepted,
                    "faults": [_fault(fault) for fault in one.faults],
                }
                for one in answer.sets
            ],
        },
    )
    word = "accepted" if answer.is_accepted else "rejected"
    if answer.is_partly_accepted:
        word = "accepted in part"
    found.details.append(
        f"Group {answer.group} is {word}: {answer.accepted} of {answer.received or answer.counted}."
    )
    for one in answer.sets:
        for fault in one.faults:
            where = f"segment {fault.segment} at {fault.position}"
            element = f", element {fault.element}" if fault.element else ""
            value = f" (“{fault.value}”)" if fault.value else ""
            found.details.append(
                f"  {one.kind} {one.number}, {where}{element}: {fault.words}{value}."
            )


def _fault(fault: Fault) -> dict[str, Any]:
    return {
        "segment": fault.segment,
        "position": fault.position,
        "loop": fault.loop,
        "element": fault.element,
        "code": fault.code,
        "value": fault.value,
    }


def _tell_claims_answer(found: Contents, answer: ClaimsAnswer) -> None:
    for claim in answer.claims:
        found.add("claims", _claim_answer(claim, answer))
        word = (
            "rejected" if claim.is_rejected else "accepted" if claim.is_accepted else "unanswered"
        )
        why = "; ".join(
            dict.fromkeys(f"{one.words}, code {one.code}" for one in claim.statuses if one.code)
        )
        found.details.append(f"Claim {claim.id} is {word}{f' ({why})' if why else ''}.")


def _claim_answer(claim: ClaimAnswer, answer: ClaimsAnswer) -> dict[str, Any]:
    return {
        "id": claim.id,
        "accepted": claim.is_accepted,
        "patient": claim.patient,
        "payer": answer.payer,
        "payer_control": claim.payer_control,
        "batch": answer.batch,
        "statuses": [
            {
                "category": one.category,
                "code": one.code,
                "entity": one.entity,
                "line": one.line,
                "amount_cents": one.amount_cents,
                "message": one.message,
            }
            for one in claim.statuses
        ],
    }


def _day(on: date | None) -> str | None:
    return on.isoformat() if on else None
