"""With what else: other payers, authorizations, earlier claims, and what the file can carry."""

from __future__ import annotations

from collections.abc import Iterator

from medsec_desktop.domain.claims.claim import Claim
from medsec_desktop.domain.claims.form import payers_before
from medsec_desktop.domain.claims.plain import safe
from medsec_desktop.domain.claims.rules_of_people import providers_in
from medsec_desktop.domain.claims.scrubbing import Fix, Severity, Surroundings, Told, rule
from medsec_desktop.domain.money import Money

_GUIDE = "005010X222A1"
_SECONDARY_TYPES = ("12", "13", "14", "15", "16", "41", "42", "43", "47")
_DELAY_REASONS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "15")
_ID_AT_MOST = 20


@rule(
    "authorization",
    Severity.WARNING,
    "authorizations",
    "payer settings; X222A1 REF G1, 9F",
    "CO-197",
)
def _authorization(claim: Claim, around: Surroundings) -> Iterator[Told]:
    numbers = {one.value for one in claim.references if one.kind in ("G1", "9F")}
    for line in claim.lines:
        numbers |= {one.value for one in line.references if one.kind in ("G1", "9F")}
    needing = [one.code for one in claim.lines if one.code in around.authorization_codes]
    if not numbers:
        if needing:
            yield f"{needing[0]} needs an authorization; none is named.", "references"
        elif around.payer.needs_authorization:
            yield "This payer wants an authorization; none is named.", "references"
    first = min((line.from_on for line in claim.lines), default=None)
    last = max((line.to_on or line.from_on for line in claim.lines), default=None)
    for one in around.authorizations:
        if one.number not in numbers or first is None or last is None:
            continue
        if (one.from_on and first < one.from_on) or (one.to_on and last > one.to_on):
            yield f"The authorization {one.number} does not hold on these days.", "references"
        if one.is_used_up:
            yield f"The authorization {one.number} is used up.", "references"


@rule(
    "frequency",
    Severity.ERROR,
    "replacing and voiding",
    f"{_GUIDE} CLM05-3, REF F8",
    "A7:464, A7:535",
)
def _frequency(claim: Claim, _: Surroundings) -> Iterator[Told]:
    named = [one.value for one in claim.references if one.kind == "F8"]
    if claim.frequency not in ("1", "7", "8"):
        yield f"“{claim.frequency}” is no frequency; it is 1, 7 or 8.", "frequency"
    elif claim.frequency == "1" and named:
        fix = Fix("references{F8}", "", "Take it away")
        what = "An original claim does not name the payer’s number of another one."
        yield what, "references", fix
    elif claim.frequency in ("7", "8") and not named:
        what = "replacement" if claim.frequency == "7" else "void"
        yield f"A {what} needs the payer’s number of the claim it is for.", "references"


@rule(
    "other-payer",
    Severity.ERROR,
    "what the payer before has decided",
    f"{_GUIDE} 2320, 2330B, 2430",
    "CO-22",
)
def _others(claim: Claim, around: Surroundings) -> Iterator[Told]:
    before = payers_before(claim)
    wanted = {"S": 1, "T": 2}.get(claim.insured.rank, 0)
    if len(before) < min(wanted, 1):
        yield "A secondary claim needs the payer before and its decision.", "others"
    elif len(before) < wanted:
        yield "A claim to the third payer needs what both before it decided.", "others"
    for at, other in enumerate(claim.others):
        path = f"others[{at}]"
        if other.insured.rank == claim.insured.rank:
            yield "Two payers have the same place in the order.", f"{path}.insured.rank"
        if other not in before or claim.insured.rank == "P":
            continue
        if other.paid_cents is None:
            yield f"What {other.payer.family} has paid is missing.", f"{path}.paid_cents"
        decided = [
            one for line in claim.lines for one in line.decisions if one.payer_id == other.payer.id
        ]
        if other.paid_on is None and not any(one.paid_on for one in decided):
            yield f"The day {other.payer.family} decided is missing.", f"{path}.paid_on"
        if other.paid_on is not None and other.paid_on > around.today:
            yield f"{other.payer.family} decided on a day to come.", f"{path}.paid_on"
    known = {other.payer.id for other in claim.others}
    for number, line in enumerate(claim.lines, start=1):
        for at, one in enumerate(line.decisions):
            path = f"lines[{number - 1}].decisions[{at}]"
            if one.payer_id not in known:
                yield f"Line {number} has a decision of {one.payer_id}, which is not named.", path
            if one.paid_on is None and not around.is_on_paper:
                yield f"Line {number}: the day of the decision is missing.", path


@rule(
    "other-payer-adds-up",
    Severity.ERROR,
    "decisions that add up",
    f"{_GUIDE} 2430: charge less payment is what was adjusted",
    "",
)
def _adds_up(claim: Claim, around: Surroundings) -> Iterator[Told]:
    for number, line in enumerate(claim.lines, start=1):
        for at, one in enumerate(line.decisions):
            adjusted = sum(each.amount_cents for each in one.adjustments)
            left = line.charge_cents - one.paid_cents - adjusted
            if left:
                yield (
                    f"Line {number}: charge less what the payer before paid and adjusted leaves"
                    f" {Money(left)}.",
                    f"lines[{number - 1}].decisions[{at}]",
                )
    if around.is_on_paper:  # its notice is enclosed there
        return
    for at, other in enumerate(claim.others):
        if other not in payers_before(claim) or other.paid_cents is None:
            continue
        decided = [
            one for line in claim.lines for one in line.decisions if one.payer_id == other.payer.id
        ]
        adjusted = sum(one.amount_cents for one in other.adjustments)
        adjusted += sum(each.amount_cents for one in decided for each in one.adjustments)
        left = claim.charge_cents - other.paid_cents - adjusted
        if left:
            yield (
                f"The charge less what {other.payer.family} paid and adjusted leaves {Money(left)}.",
                f"others[{at}].paid_cents",
            )


@rule(
    "crosses-over",
    Severity.WARNING,
    "claims the payer before sends on itself",
    "payer settings; an 835 says so by CLP02 19, 20 or 21",
    "CO-18",
)
def _crosses(claim: Claim, around: Surroundings) -> Iterator[Told]:
    for at, other in enumerate(claim.others):
        if other in payers_before(claim) and other.payer.id.upper() in around.crossing_payers:
            yield (
                f"{other.payer.family} sends claims on to the next payer itself; this one may come twice.",
                f"others[{at}].payer.id",
            )


@rule("medicare-secondary", Severity.ERROR, "why Medicare is second", f"{_GUIDE} SBR05", "")
def _medicare_second(claim: Claim, _: Surroundings) -> Iterator[Told]:
    is_medicare = claim.insured.filing in ("MA", "MB")
    kind = claim.insured.insurance_type
    if is_medicare and claim.insured.rank in ("S", "T") and kind not in _SECONDARY_TYPES:
        yield "Medicare as second payer needs the reason why (12 to 47).", "insured.insurance_type"
    if kind and not (is_medicare and claim.insured.rank in ("S", "T")):
        path = "insured.insurance_type"
        yield (
            "A reason why Medicare is second stands on a claim that is not to it as second payer.",
            path,
            Fix(path, "", "Take it away"),
        )


@rule(
    "billed-before",
    Severity.WARNING,
    "services billed already",
    "earlier claims of the patient",
    "CO-18",
)
def _billed_before(claim: Claim, around: Surroundings) -> Iterator[Told]:
    if claim.frequency != "1":
        return
    renders = {party.id for role, party, _ in providers_in(claim) if role == "82"} or {
        claim.billing.id
    }
    for number, line in enumerate(claim.lines, start=1):
        for one in around.billed:
            same = (one.code, one.on, set(one.modifiers)) == (
                line.code, line.from_on, set(line.modifiers),
            )  # fmt: skip
            if same and one.provider in renders and one.claim != claim.id:
                yield (
                    f"Line {number}: {line.code} of this day is on claim {one.claim} already.",
                    f"lines[{number - 1}].code",
                )


@rule(
    "line-twice",
    Severity.WARNING,
    "a line that is there twice",
    "the same service twice wants modifier 76 or 77, or units",
    "CO-18",
)
def _line_twice(claim: Claim, _: Surroundings) -> Iterator[Told]:
    seen: dict[tuple[object, ...], int] = {}
    for number, line in enumerate(claim.lines, start=1):
        key = (line.code, frozenset(line.modifiers), line.from_on, line.units, line.charge_cents)
        if key in seen:
            yield f"Line {number} repeats line {seen[key]}.", f"lines[{number - 1}].code"
        seen.setdefault(key, number)


@rule(
    "one-number-on-paper",
    Severity.WARNING,
    "what the form has no place for",
    "CMS-1500 item 23 holds one number, item 9 one other payer",
    "",
)
def _on_paper(claim: Claim, around: Surroundings) -> Iterator[Told]:
    if not around.is_on_paper:
        return
    named = [kind for kind in _ITEM_23 if any(one.kind == kind for one in claim.references)]
    for kind in named[1:]:
        yield (
            f"Item 23 holds one number: the {_ITEM_23[named[0]]} is printed, the {_ITEM_23[kind]} is"
            " not. Send the claim in a file, or split it.",
            f"references{{{kind}}}",
        )
    if len(claim.others) > 1:
        yield "The form names one other payer; this claim has more.", "others"
    if claim.attachments:
        yield "The form has no item for reports; enclose them.", "attachments"


_ITEM_23 = {"G1": "authorization", "9F": "referral", "X4": "CLIA number"}


@rule("patient-file", Severity.ERROR, "whose file it is", "the patient’s file", "")
def _patient_file(_: Claim, around: Surroundings) -> Iterator[Told]:
    if around.is_merged:
        yield "This file was merged; the claim belongs to the file that goes on.", "patient"


@rule(
    "claim-id",
    Severity.ERROR,
    "our number of the claim",
    f"{_GUIDE} CLM01; many payers keep 20 characters",
    "",
)
def _claim_id(claim: Claim, around: Surroundings) -> Iterator[Told]:
    if not safe(claim.id):
        yield "The claim has no number.", "id"
    elif len(claim.id) > _ID_AT_MOST or not claim.id.isascii():
        yield f"The claim’s number has at most {_ID_AT_MOST} plain characters.", "id"
    elif claim.id in around.numbers_taken:
        yield f"Another claim has the number {claim.id}.", "id"


@rule("delay-reason", Severity.ERROR, "why it comes late", f"{_GUIDE} CLM20", "")
def _delay(claim: Claim, _: Surroundings) -> Iterator[Told]:
    if claim.delay_reason and claim.delay_reason not in _DELAY_REASONS:
        yield f"“{claim.delay_reason}” is no reason for delay.", "delay_reason"


@rule("line-control", Severity.ERROR, "a number for each line", "835 and 277CA repeat REF 6R", "")
def _line_control(claim: Claim, _: Surroundings) -> Iterator[Told]:
    seen: set[str] = set()
    for number, line in enumerate(claim.lines, start=1):
        path = f"lines[{number - 1}].control"
        if not safe(line.control):
            yield f"Line {number} has no number of its own.", path
        elif line.control in seen:
            yield f"Line {number} has the number of another line.", path
        seen.add(line.control)
