"""With what else: other payers, authorizations, earlier claims, and what the file can carry."""

from __future__ import annotations

from collections.abc import Iterator

from medsec_desktop.domain.claims.claim import Claim
from medsec_desktop.domain.claims.rules_of_people import providers_in
from medsec_desktop.domain.claims.scrubbing import Fix, Severity, Surroundings, Told, rule
from medsec_desktop.domain.money import Money

_GUIDE = "005010X222A1"
_SECONDARY_TYPES = ("12", "13", "14", "15", "16", "41", "42", "43", "47")
_DELAY_REASONS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "15")
_ID_AT_MOST = 20
_ROOM = {"line": 55, "name": 60, "given": 35, "note": 80, "city": 30, "group": 50}


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
        yield "An original claim does not name the payer’s number of another one.", "references"
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
def _others(claim: Claim, _: Surroundings) -> Iterator[Told]:
    before = [one for one in claim.others if one.insured.rank < claim.insured.rank]
    if claim.insured.rank in ("S", "T"):
        before = [one for one in claim.others if one.insured.rank in ("P", "S")]
        if not before:
            yield "A secondary claim needs the payer before and its decision.", "others"
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


@rule(
    "other-payer-adds-up",
    Severity.ERROR,
    "decisions that add up",
    f"{_GUIDE} 2430: charge less payment is what was adjusted",
    "",
)
def _adds_up(claim: Claim, _: Surroundings) -> Iterator[Told]:
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


@rule("patient-file", Severity.ERROR, "whose file it is", "the patient’s file", "")
def _patient_file(_: Claim, around: Surroundings) -> Iterator[Told]:
    if around.is_merged:
        yield "This file was merged; the claim belongs to the file that goes on.", "patient"


@rule(
    "size",
    Severity.ERROR,
    "how much a claim can hold",
    f"{_GUIDE}: LX 50, lengths of N3, NM1, NTE",
    "999 IK4 5",
)
def _size(claim: Claim, around: Surroundings) -> Iterator[Told]:
    most = min(50, around.payer.lines_at_most)
    if len(claim.lines) > most:
        yield f"A claim to this payer holds {most} lines; this one has {len(claim.lines)}.", "lines"
    for path, text, room in _texts(claim):
        if len(text) > room:
            yield f"“{text[:24]}…” is longer than the {room} characters there is room for.", path


@rule(
    "claim-id",
    Severity.ERROR,
    "our number of the claim",
    f"{_GUIDE} CLM01; many payers keep 20 characters",
    "",
)
def _claim_id(claim: Claim, around: Surroundings) -> Iterator[Told]:
    if not claim.id.strip():
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
        if not line.control:
            yield f"Line {number} has no number of its own.", path
        elif line.control in seen:
            yield f"Line {number} has the number of another line.", path
        seen.add(line.control)


def _texts(claim: Claim) -> Iterator[tuple[str, str, int]]:
    parties = [("billing", claim.billing), ("insured.party", claim.insured.party)]
    parties += [("payer", claim.payer)]
    if claim.patient is not None:
        parties.append(("patient.party", claim.patient.party))
    parties += [(path, party) for _, party, path in providers_in(claim)]
    for path, party in parties:
        yield f"{path}.family", party.family, _ROOM["name"]
        yield f"{path}.given", party.given, _ROOM["given"]
        if party.address is not None:
            yield f"{path}.address.line1", party.address.line1, _ROOM["line"]
            yield f"{path}.address.line2", party.address.line2, _ROOM["line"]
            yield f"{path}.address.city", party.address.city, _ROOM["city"]
    yield "insured.group_number", claim.insured.group_number, _ROOM["group"]
    if claim.note is not None:
        yield "note.text", claim.note.text, _ROOM["note"]
    for number, line in enumerate(claim.lines):
        yield f"lines[{number}].description", line.description, _ROOM["note"]
        for at, note in enumerate(line.notes):
            yield f"lines[{number}].notes[{at}].text", note.text, _ROOM["note"]
