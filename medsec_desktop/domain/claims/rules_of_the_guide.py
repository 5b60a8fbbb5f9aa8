"""What a file can say: codes and kinds of numbers as the guide knows them, place by place.

Most of it cannot be typed wrong in the window; a claim that was read from elsewhere, a number of the
settings at a place that has no room for it, or a letter no file carries can still make it so. What none
of these rules holds back is a file that validates. Source: 005010X222A1, the loop beside each list.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterator

from medsec_desktop.domain.claims.claim import (
    Adjusted,
    Attachment,
    Claim,
    Dated,
    Party,
    Reference,
    ServiceLine,
)
from medsec_desktop.domain.claims.countries import ABROAD
from medsec_desktop.domain.claims.plain import safe
from medsec_desktop.domain.claims.rules_of_coding import NUMBER
from medsec_desktop.domain.claims.rules_of_people import FILINGS, ROLES, providers_in, too_short
from medsec_desktop.domain.claims.scrubbing import Fix, Severity, Surroundings, Told, rule
from medsec_desktop.domain.claims.us_zip_prefixes import STATES

_GUIDE = "005010X222A1"
_RANKS = frozenset("ABCDEFGHPSTU")  # SBR01
_OTHER_RELATIONS = ("01", "18", "19", "20", "21", "39", "40", "53", "G8")  # 2320 SBR02
_MEDICARE_SECOND = ("", "12", "13", "14", "15", "16", "41", "42", "43", "47")  # SBR05
_GROUPS = ("CO", "CR", "OA", "PI", "PR")  # CAS01
_CLAIM_ROLES = ("DN", "P3", "82", "77", "DQ")  # 2310
_LINE_ROLES = ("82", "QB", "77", "DQ", "DK", "DN", "P3")  # 2420
_ALWAYS_PEOPLE = ("DN", "P3", "DQ", "DK")  # NM102 is 1 only
_NEVER_PEOPLE = ("77",)

# Kinds of numbers, by whose they are: REF01.
_OF_BILLING = {"EI": 1, "SY": 1, "0B": 1, "1G": 1, "G2": 1, "LU": 1}  # 2010AA; G2 and LU in 2010BB
_OF_SUBSCRIBER = {"SY": 1, "Y4": 1}  # 2010BA
_OF_PATIENT = {"Y4": 1}  # 2010CA
_OF_PAYER = {"2U": 1, "EI": 1, "FY": 1, "NF": 1}  # 2010BB
_OF_CLAIM = dict.fromkeys(
    ("4N", "F5", "EW", "9F", "G1", "F8", "X4", "9A", "9C", "LX", "D9", "EA", "P4", "1J"), 1
)  # 2300
_OF_OTHER_SUBSCRIBER = {"SY": 1}  # 2330A
_OF_OTHER_PAYER = {**_OF_PAYER, "G1": 1, "9F": 1, "T4": 1, "F8": 1}  # 2330B
_OF_LINE = {"9B": 1, "9D": 1, "G1": 5, "EW": 1, "X4": 1, "F4": 1, "BT": 1, "9F": 5}  # 2400
_OF_PROVIDER = {
    "DN": ("0B", "1G", "G2"), "P3": ("0B", "1G", "G2"), "82": ("0B", "1G", "G2", "LU"),
    "77": ("0B", "G2", "LU"), "DQ": ("0B", "1G", "G2", "LU"), "DK": ("0B", "1G", "G2"),
    "QB": ("0B", "1G", "G2"),
}  # fmt: skip  # 2310, 2420
_IN_WORDS = {
    "0B": "state license", "1G": "UPIN", "G2": "number at a payer", "LU": "location number",
}  # fmt: skip

# DTP01: of a claim, and of a line.
_DATES_OF_CLAIM = frozenset({
    "431", "454", "304", "453", "439", "484", "455", "471", "314", "360", "361", "297", "296",
    "435", "096", "090", "091", "444", "050",
})  # fmt: skip
_DATES_OF_LINE = frozenset({"471", "607", "463", "461", "304", "738", "739", "011", "455", "454"})
# PWK01, PWK02.
_REPORTS = frozenset({
    "03", "04", "05", "06", "07", "08", "09", "10", "11", "13", "15", "21", "A3", "A4", "AM",
    "AS", "B2", "B3", "B4", "BR", "BS", "BT", "CB", "CK", "CT", "D2", "DA", "DB", "DG", "DJ",
    "DS", "EB", "HC", "HR", "I5", "IR", "LA", "M1", "MT", "NN", "OB", "OC", "OD", "OE", "OX",
    "OZ", "P4", "P5", "PE", "PN", "PO", "PQ", "PY", "PZ", "RB", "RR", "RT", "RX", "SG", "V5",
    "XP",
})  # fmt: skip
_ON_REQUEST = "AA"
_WAYS = ("BM", "EL", "EM", "FT", "FX", _ON_REQUEST)
# CRC01 with the codes it takes.
_CONDITIONS_OF_CLAIM = {
    "E1": "L1 L2 L3 L4 L5", "E2": "L1 L2 L3 L4 L5", "E3": "L1 L2 L3 L4 L5", "75": "IH",
    "ZZ": "AV NU S2 ST", "07": "01 04 05 06 07 08 09 12",
}  # fmt: skip
_CONDITIONS_OF_LINE = {"70": "65", "09": "38 ZV", "07": "01 04 05 06 07 08 09 12"}


@rule(
    "codes", Severity.ERROR, "codes the guide knows", f"{_GUIDE} SBR, CLM, NM108, SV1", "999 IK4 7"
)
def _codes(claim: Claim, around: Surroundings) -> Iterator[Told]:
    if around.is_on_paper:
        return
    for what, value, path, known in _coded(claim):
        if value not in known:
            yield f"“{value}” is no code for {what}.", path


Coded = tuple[str, str, str, Container[str]]


def _coded(claim: Claim) -> Iterator[Coded]:
    yield "the payer’s place in the order", claim.insured.rank, "insured.rank", _RANKS
    yield "the assignment", claim.assignment, "assignment", ("A", "B", "C")
    yield "to whom benefits are paid", claim.benefits_assigned, "benefits_assigned", ("N", "W", "Y")
    yield "the release of information", claim.release, "release", ("I", "Y")
    yield "whose signature it is", claim.patient_signature, "patient_signature", ("", "P")
    special = ("", "02", "03", "05", "09")
    yield "a special program", claim.special_program, "special_program", special
    if claim.accident_state:
        yield "a state", claim.accident_state, "accident_state", STATES
    if claim.accident_country:
        yield "a country", claim.accident_country, "accident_state", ABROAD
    if claim.note is not None:
        kinds = ("ADD", "CER", "DCP", "DGN", "TPO")
        yield "a note on a claim", claim.note.kind, "note.kind", kinds
    for at, other in enumerate(claim.others):
        insured, path = other.insured, f"others[{at}]"
        yield "a payer’s place in the order", insured.rank, f"{path}.insured.rank", _RANKS
        relation = f"{path}.insured.relationship"
        yield "the patient’s relationship", insured.relationship, relation, _OTHER_RELATIONS
        kind = f"{path}.insured.insurance_type"
        yield "why Medicare is second", insured.insurance_type, kind, _MEDICARE_SECOND
        yield "the kind of insurance", insured.filing, f"{path}.insured.filing", FILINGS
        yield "benefits", other.benefits_assigned, f"{path}.benefits_assigned", ("N", "W", "Y")
        yield "the release", other.release, f"{path}.release", ("I", "Y")
        yield "whose signature it is", other.signature_source, f"{path}.signature_source", ("", "P")
        yield from _of_reasons(other.adjustments, path)
    for at, line in enumerate(claim.lines):
        yield from _coded_line(line, f"lines[{at}]")


def _coded_line(line: ServiceLine, path: str) -> Iterator[Coded]:
    yield "units", line.unit, f"{path}.unit", ("UN", "MJ")
    kinds: tuple[str, ...] = ("ADD", "DCP", "TPO")
    for at, note in enumerate(line.notes):
        yield "a note on a service", note.kind, f"{path}.notes[{at}]", kinds
        # One for the payer, and one of a third party.
        kinds = tuple(one for one in kinds if (one == "TPO") != (note.kind == "TPO"))
    if line.drug is not None and line.drug.number:
        yield "a prescription", line.drug.number_kind, f"{path}.drug.number_kind", ("XZ", "VY")
    for at, one in enumerate(line.decisions):
        yield from _of_reasons(one.adjustments, f"{path}.decisions[{at}]")


def _of_reasons(adjustments: tuple[Adjusted, ...], path: str) -> Iterator[Coded]:
    for at, one in enumerate(adjustments):
        here = f"{path}.adjustments[{at}]"
        yield "the group of an adjustment", one.group, f"{here}.group", _GROUPS
        if not re.fullmatch(r"[0-9A-Z]{1,5}", one.reason, re.ASCII):
            yield "the reason of an adjustment", one.reason, f"{here}.reason", ()
        if one.quantity and not NUMBER.fullmatch(one.quantity):
            yield "a number of units", one.quantity, f"{here}.quantity", ()


@rule(
    "who-is-named",
    Severity.ERROR,
    "people and organizations where each belongs",
    f"{_GUIDE} NM102, NM103, NM108",
    "999 IK4 1",
)
def _named(claim: Claim, around: Surroundings) -> Iterator[Told]:
    seen: Counter[str] = Counter()
    for role, party, path in providers_in(claim):
        who = ROLES.get(role, "provider")
        if role not in (_LINE_ROLES if path.startswith("lines") else _CLAIM_ROLES):
            yield f"A {who} ({role}) has no place there.", path
        if role != "QB" and not safe(party.family):
            yield f"The {who} has no name.", f"{path}.family"
        if role in _ALWAYS_PEOPLE and not party.is_person:
            what = "a person refers, orders or supervises"
            yield f"{party.family or 'The ' + who} is an organization; {what}.", path
        if role in _NEVER_PEOPLE and party.is_person:
            yield f"The {who} {party.family} is a place, and stands there as a person.", path
        place = path.rpartition("providers")[0] + role
        seen[place] += 1
        if seen[place] == (3 if role in ("DN", "P3") else 2):
            yield f"There is more than one {who}.", path
    for who, one, path in (
        ("patient", claim.patient.party if claim.patient else None, "patient.party"),
        ("subscriber", claim.insured.party, "insured.party"),
    ):
        if one is not None and not one.is_person and not safe(one.family):
            yield f"The {who} has no name.", f"{path}.family"
        elif one is not None and not one.is_person and who == "patient":
            yield "The patient stands there as an organization.", f"{path}.family"
    if not safe(claim.billing.family):
        yield "The billing provider has no name.", "billing.family"
    for path, payer in _payers_of(claim):
        if not safe(payer.family):
            who = "payer" if path == "payer" else "other payer"
            yield f"The {who} has no name.", f"{path}.family"
        if payer.is_person:
            yield f"{payer.family} is a payer, and stands there as a person.", f"{path}.family"
    if around.is_on_paper:
        return
    for at, other in enumerate(claim.others):
        path = f"others[{at}]"
        name = other.payer.family or "The other payer"
        if len(safe(other.payer.id)) < 2:
            what = too_short(other.payer.id, "payer id", f"{name} has no payer id.")
            yield what, f"{path}.payer.id"
        if not safe(other.insured.party.family):
            yield f"Who holds the policy at {name} has no name.", f"{path}.insured.party.family"
        if len(safe(other.insured.party.id)) < 2:
            missing = f"The member number at {name} is missing."
            what = too_short(other.insured.party.id, "member number", missing)
            yield what, f"{path}.insured.party.id"
    for party, path, kinds in _identified(claim):
        if party.id and party.id_kind not in kinds:
            fix = None
            if "[" not in path:
                fix = Fix(f"{path}.id_kind", kinds[0], f"Mark it {kinds[0]}")
            yield f"The number of {party.family} is of no kind the guide knows.", path, fix


def _payers_of(claim: Claim) -> Iterator[tuple[str, Party]]:
    yield "payer", claim.payer
    for at, other in enumerate(claim.others):
        yield f"others[{at}].payer", other.payer


def _identified(claim: Claim) -> Iterator[tuple[Party, str, tuple[str, ...]]]:
    """Everybody with a number, and of which kinds it may be: NM108."""
    yield claim.billing, "billing", ("XX",)
    yield claim.insured.party, "insured.party", ("MI", "II")
    yield claim.payer, "payer", ("PI", "XV")
    for at, other in enumerate(claim.others):
        yield other.insured.party, f"others[{at}].insured.party", ("MI", "II")
        yield other.payer, f"others[{at}].payer", ("PI", "XV")
    for _, party, path in providers_in(claim):
        yield party, path, ("XX",)


@rule(
    "kinds-of-numbers",
    Severity.ERROR,
    "numbers where the guide has a place for them",
    f"{_GUIDE} REF01",
    "999 IK3 1",
)
def _numbers(claim: Claim, around: Surroundings) -> Iterator[Told]:
    if around.is_on_paper:
        return
    for whose, references, path, allowed in _numbered(claim):
        if not references:
            continue
        counts: Counter[str] = Counter()
        for one in references:
            counts[one.kind] += 1
            most = allowed.get(one.kind, 0)
            called = f"{_IN_WORDS.get(one.kind, 'number')} ({one.kind or 'of no kind'})"
            if not most:
                yield f"A {called} has no place with {whose}.", path
            elif counts[one.kind] == most + 1:
                times = "once" if most == 1 else f"{most} times"
                yield f"A {called} stands more than {times} with {whose}.", path
            if not safe(one.value):
                yield f"A {called} of {whose} is empty.", path
    taxes = [one for one in claim.billing.references if one.kind in ("EI", "SY")]
    if len(taxes) > 1:
        yield "The billing provider has two tax ids; a claim names one.", "billing.references"


def _numbered(
    claim: Claim,
) -> Iterator[tuple[str, tuple[Reference, ...], str, dict[str, int]]]:
    billing, subscriber = claim.billing.references, claim.insured.party.references
    yield "the billing provider", billing, "billing.references", _OF_BILLING
    yield "the subscriber", subscriber, "insured.party.references", _OF_SUBSCRIBER
    if claim.patient is not None:
        found = claim.patient.party.references
        yield "the patient", found, "patient.party.references", _OF_PATIENT
    yield "the payer", claim.payer.references, "payer.references", _OF_PAYER
    yield "the claim", claim.references, "references", _OF_CLAIM
    for at, other in enumerate(claim.others):
        found, path = other.insured.party.references, f"others[{at}]"
        yield "the other subscriber", found, f"{path}.insured.party", _OF_OTHER_SUBSCRIBER
        yield "the other payer", other.references, f"{path}.payer.id", _OF_OTHER_PAYER
    for at, line in enumerate(claim.lines):
        if line.references:
            yield f"line {at + 1}", line.references, f"lines[{at}].code", _OF_LINE
    for role, party, path in providers_in(claim):
        if not party.references:
            continue
        most = 1 if "lines" not in path else 20
        allowed = dict.fromkeys(_OF_PROVIDER.get(role, ()), most)
        yield f"the {ROLES.get(role, 'provider')}", party.references, f"{path}.id", allowed


@rule("kinds-of-dates", Severity.ERROR, "dates the guide knows", f"{_GUIDE} DTP01", "999 IK3 1")
def _dates(claim: Claim, around: Surroundings) -> Iterator[Told]:
    if around.is_on_paper:
        return
    yield from _dates_of("the claim", claim.dates, "dates", _DATES_OF_CLAIM)
    for at, line in enumerate(claim.lines):
        if line.dates:
            path = f"lines[{at}].from_on"
            yield from _dates_of(f"line {at + 1}", line.dates, path, _DATES_OF_LINE)


def _dates_of(
    whose: str, dates: tuple[Dated, ...], path: str, known: Container[str]
) -> Iterator[Told]:
    counts: Counter[str] = Counter()
    for one in dates:
        counts[one.kind] += 1
        if one.kind not in known:
            yield f"A date “{one.kind}” has no place with {whose}.", path
        elif counts[one.kind] == 2:
            yield f"A date “{one.kind}” stands twice with {whose}.", path
        if one.last is not None and one.last != one.on and one.kind != "314":
            yield f"A date “{one.kind}” is one day; it has an end.", path
        if one.last is not None and one.last < one.on:
            yield "A span of days ends before it begins.", path
    if "314" in counts and counts["360"] + counts["361"]:
        yield "Days unable to work stand there as a span and one by one.", path


@rule("attachments", Severity.ERROR, "what comes beside the claim", f"{_GUIDE} PWK", "A7:481")
def _attachments(claim: Claim, around: Surroundings) -> Iterator[Told]:
    if around.is_on_paper:
        return
    yield from _attached(claim.attachments, "attachments")
    for at, line in enumerate(claim.lines):
        yield from _attached(line.attachments, f"lines[{at}].attachments")


def _attached(attachments: tuple[Attachment, ...], path: str) -> Iterator[Told]:
    if len(attachments) > 10:
        yield "At most ten reports come with it.", path
    for at, one in enumerate(attachments):
        here = f"{path}[{at}]"
        if one.kind not in _REPORTS:
            yield (
                f"“{one.kind}” is no kind of report; B4 is a referral, OZ any other.",
                f"{here}.kind",
            )
        if one.how not in _WAYS:
            yield "How the report comes is missing.", f"{here}.how"
        elif one.how != _ON_REQUEST and len(safe(one.control)) < 2:
            missing = "A report that is sent has a number on it that the claim names."
            yield too_short(one.control, "number of a report", missing), f"{here}.control"


@rule(
    "conditions",
    Severity.ERROR,
    "conditions and notes the guide knows",
    f"{_GUIDE} CRC, NTE",
    "999 IK4 7",
)
def _conditions(claim: Claim, around: Surroundings) -> Iterator[Told]:
    if around.is_on_paper:
        return
    found = [(one, _CONDITIONS_OF_CLAIM, "conditions") for one in claim.conditions]
    for at, line in enumerate(claim.lines):
        found += [(one, _CONDITIONS_OF_LINE, f"lines[{at}].conditions") for one in line.conditions]
    for one, known, path in found:
        codes = known.get(one.category, "").split()
        wrong = [code for code in one.codes if code not in codes]
        most = min(len(codes), 3 if one.category == "ZZ" else 5)
        if wrong or not 1 <= len(one.codes) <= most:
            yield (
                f"The condition {one.category} with {' '.join(one.codes)} has no place here.",
                path,
            )
    for text, path in _written(claim):
        if not safe(text):
            yield (
                "There is a place for words or a number, with nothing a file can carry in it.",
                path,
            )
    for at, line in enumerate(claim.lines):
        has_price, has_seller = line.purchased_cents is not None, bool(safe(line.purchased_from))
        if has_price != has_seller:
            what = "for how much" if has_seller else "from whom"
            path = f"lines[{at}].purchased_from"
            yield f"Line {at + 1}: {what} the service was bought is missing.", path
    for code in claim.condition_codes:
        if not re.fullmatch(r"[0-9A-Z]{2}", code, re.ASCII):
            yield f"“{code}” is no condition code; it has two letters or digits.", "condition_codes"


def _written(claim: Claim) -> Iterator[tuple[str, str]]:
    """What would be a segment with nothing in it."""
    if claim.note is not None:
        yield claim.note.text, "note.text"
    for at, line in enumerate(claim.lines):
        for number, note in enumerate(line.notes):
            yield note.text, f"lines[{at}].notes[{number}].text"
        if line.drug is not None and line.drug.number:
            yield line.drug.number, f"lines[{at}].drug.number"
    for text in claim.file_information:
        yield text, "note.text"


@rule("numbers", Severity.ERROR, "counts and amounts", f"{_GUIDE} SV104, CTP04, AMT", "999 IK4 6")
def _counts(claim: Claim, _: Surroundings) -> Iterator[Told]:
    amounts = [("what the patient has paid", claim.patient_paid_cents, "patient_paid_cents")]
    for at, other in enumerate(claim.others):
        name = other.payer.family
        amounts += [
            (f"what {name} has paid", other.paid_cents, f"others[{at}].paid_cents"),
            (f"what {name} does not cover", other.not_covered_cents, f"others[{at}].paid_cents"),
        ]
    for number, line in enumerate(claim.lines, start=1):
        path = f"lines[{number - 1}]"
        for at, one in enumerate(line.decisions):
            here = f"{path}.decisions[{at}]"
            amounts.append((f"what was paid for line {number}", one.paid_cents, here))
            if not NUMBER.fullmatch(one.units):
                yield f"Line {number}: “{one.units}” is no number of units paid.", here
            if one.bundled_line and not re.fullmatch(r"\d{1,6}", one.bundled_line, re.ASCII):
                yield f"Line {number}: “{one.bundled_line}” is no number of a line.", here
            if not re.fullmatch(r"[0-9A-Z]{1,48}", one.code, re.ASCII):
                yield f"Line {number}: the code the payer before decided on is missing.", here
            if any(not re.fullmatch(r"[0-9A-Z]{2}", each, re.ASCII) for each in one.modifiers):
                yield f"Line {number}: a modifier of the payer before is none.", here
    for what, cents, path in amounts:
        if cents is not None and cents < 0:
            yield f"An amount below zero stands for {what}.", path
