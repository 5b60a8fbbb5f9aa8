"""A claim to the next payer, with what the payer before has decided, and claims that replace or void one.

Source of the balance: 005010X222A1, loop 2430: charge less payment is what was adjusted.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from medsec_desktop.domain.claims.claim import (
    Claim,
    LineDecision,
    OtherCoverage,
    Reference,
    ServiceLine,
)
from medsec_desktop.domain.money import Money
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.claims.building import control
from medsec_desktop.services.claims.records import Figures

if TYPE_CHECKING:
    from medsec_desktop.services.claims.building import Builder
    from medsec_desktop.services.claims.parties import Cover

NEXT = {"P": "S", "S": "T"}  # who pays after whom
_GROUPS = ("CO", "CR", "OA", "PI", "PR")


def next_rank(rank: str) -> str:
    """Who pays after a payer of that rank. Raises Conflict after the third."""
    if rank not in NEXT:
        raise Conflict("There is no payer after the third one.")
    return NEXT[rank]


def to_next_payer(
    before: Claim, figures: Figures, builder: Builder, cover: Cover, patient_id: int, number: str,
    payer_claim_number: str = "",
) -> Claim:  # fmt: skip
    """The claim to the next payer: the same services, the payer before with its decision.

    Raises Invalid, naming the field, where the figures do not add up.
    """
    check_figures(before, figures)
    rule = builder.rule(cover.payer_id)
    on = min(line.from_on for line in before.lines)
    insured = builder.parties.insured(cover, rule.filing, patient_id, on)
    patient = None
    if cover.relation != "self":
        patient = replace(
            builder.parties.treated(patient_id, on), relationship=insured.relationship
        )
        insured = replace(insured, relationship="")
    insured = replace(
        insured, rank=next_rank(before.insured.rank), insurance_type=figures.insurance_type
    )
    decided = OtherCoverage(
        replace(
            before.insured,
            relationship=before.patient.relationship if before.patient else "18",
        ),
        replace(before.payer, references=()),
        adjustments=figures.adjustments,
        paid_cents=figures.paid_cents,
        patient_owes_cents=figures.patient_owes_cents,
        remarks=figures.remarks,
        paid_on=None if figures.lines else figures.decided_on,
        references=_given_by(before, payer_claim_number),
    )
    others = tuple(
        one for one in before.others if one.insured.rank not in (insured.rank, before.insured.rank)
    )
    references = tuple(one for one in before.references if one.kind not in ("F8", "G1", "9F"))
    return replace(
        before,
        id=number,
        insured=insured,
        patient=patient,
        payer=builder.parties.payer(rule),
        assignment=rule.assignment,
        frequency="1",
        references=references,
        others=(decided, *others),
        lines=tuple(
            _decided(line, at, number, before, figures)
            for at, line in enumerate(before.lines, start=1)
        ),
    )


def _given_by(before: Claim, payer_claim_number: str) -> tuple[Reference, ...]:
    """What the payer before gave for these services: its leave, and its own number of the claim (2330B)."""
    found = {one.kind: one for one in before.references if one.kind in ("G1", "9F")}
    if payer_claim_number:
        found["F8"] = Reference("F8", payer_claim_number)
    return tuple(found.values())


def _decided(
    line: ServiceLine, at: int, number: str, before: Claim, figures: Figures
) -> ServiceLine:
    decisions = line.decisions
    if at <= len(figures.lines):
        found = figures.lines[at - 1]
        decisions = (
            *decisions,
            LineDecision(
                before.payer.id,
                found.paid_cents,
                line.code,
                line.modifiers,
                line.units,
                adjustments=found.adjustments,
                paid_on=figures.decided_on,
            ),
        )
    return replace(line, control=control(number, at), decisions=decisions)


def check_figures(before: Claim, figures: Figures) -> None:
    """Raise Invalid, naming the field, where what was typed cannot be what a payer decided."""
    if len(figures.lines) > len(before.lines):
        raise Invalid("There are figures for more lines than the claim has.", field="lines")
    told = [("", figures.adjustments)]
    told += [(f"lines[{at}].", line.adjustments) for at, line in enumerate(figures.lines)]
    for path, adjustments in told:
        for at, one in enumerate(adjustments):
            if one.group not in _GROUPS:
                raise Invalid(
                    f"“{one.group}” is no group of an adjustment.",
                    remedy="It is CO, OA, PI or PR.",
                    field=f"{path}adjustments[{at}].group",
                )
            if not one.reason:
                raise Invalid(
                    "An adjustment needs its reason code.", field=f"{path}adjustments[{at}].reason"
                )
    if figures.paid_cents < 0:
        raise Invalid("A payer pays nothing or more.", field="paid_cents")
    for at, (found, line) in enumerate(zip(figures.lines, before.lines, strict=False)):
        if found.paid_cents < 0:
            raise Invalid("A payer pays nothing or more.", field=f"lines[{at}].paid_cents")
        left = (
            line.charge_cents
            - found.paid_cents
            - sum(one.amount_cents for one in found.adjustments)
        )
        if left:
            raise Invalid(
                f"Line {at + 1}: charge less payment and adjustments leaves {Money(left)}.",
                f"{line.code} was charged {Money(line.charge_cents)}.",
                "Compare it with the payer’s notice: every cent not paid has a reason there.",
                field=f"lines[{at}]",
            )
    paid = sum(line.paid_cents for line in figures.lines)
    of_claim = sum(one.amount_cents for one in figures.adjustments)
    if figures.lines and len(figures.lines) == len(before.lines):
        if paid - of_claim != figures.paid_cents:
            raise Invalid(
                f"The lines were paid {Money(paid)}, the claim {Money(figures.paid_cents)}.",
                remedy="The difference is an adjustment of the claim as a whole, with its reason.",
                field="paid_cents",
            )
    elif not figures.lines:
        left = before.charge_cents - figures.paid_cents - of_claim
        if left:
            raise Invalid(
                f"Charge less payment and adjustments leaves {Money(left)}.",
                f"The claim was {Money(before.charge_cents)}.",
                "Compare it with the payer’s notice: every cent not paid has a reason there.",
                field="paid_cents",
            )


def again(before: Claim, number: str, frequency: str, payer_claim_number: str) -> Claim:
    """The same claim as a replacement (7) or to void it (8), naming the payer’s number of the first."""
    references = tuple(one for one in before.references if one.kind != "F8")
    return replace(
        before,
        id=number,
        frequency=frequency,
        references=(*references, Reference("F8", payer_claim_number)),
        lines=tuple(
            replace(line, control=control(number, at))
            for at, line in enumerate(before.lines, start=1)
        ),
    )
