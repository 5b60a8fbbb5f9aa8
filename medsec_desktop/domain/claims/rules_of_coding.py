"""What: diagnoses, procedures, modifiers, charges, units and drugs.

Numbers of procedure codes appear only as ranges; what a code means is no matter of this program.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from medsec_desktop.domain.claims.claim import Claim, ServiceLine
from medsec_desktop.domain.claims.scrubbing import Fix, Severity, Surroundings, Told, rule
from medsec_desktop.domain.money import Money

_GUIDE = "005010X222A1"
_DIAGNOSIS = re.compile(r"[A-TV-Z][0-9][0-9A-Z][0-9A-Z]{0,4}|U[0-9]{2}[0-9A-Z]{0,4}", re.ASCII)
_PROCEDURE = re.compile(r"[0-9A-Z][0-9]{3}[0-9A-Z]", re.ASCII)
_MODIFIER = re.compile(r"[0-9A-Z]{2}", re.ASCII)
# As X12 writes a number of units: eight digits, and three after the point (SV104, CTP04).
NUMBER = re.compile(r"\d{1,8}(\.\d{1,3})?", re.ASCII)
_POINTERS_AT_MOST = 4
_DIAGNOSES_AT_MOST = 12
_DISTINCT = ("XE", "XP", "XS", "XU")  # say more precisely what 59 says
_SIDES = ("LT", "RT", "50")
_UNITS = ("UN", "ML", "GR", "ME", "F2")


@rule("diagnoses", Severity.ERROR, "one to twelve diagnoses", f"{_GUIDE} 2300 HI", "A7:254")
def _diagnoses(claim: Claim, _: Surroundings) -> Iterator[Told]:
    if not claim.diagnoses:
        yield "The claim has no diagnosis.", "diagnoses"
    if len(claim.diagnoses) > _DIAGNOSES_AT_MOST:
        yield f"A claim holds twelve diagnoses; this one has {len(claim.diagnoses)}.", "diagnoses"
    seen = Counter(one.code for one in claim.diagnoses)
    for at, one in enumerate(claim.diagnoses):
        path = f"diagnoses[{at}].code"
        if "." in one.code:
            plain = one.code.replace(".", "")
            yield f"{one.code} is written with a dot.", path, Fix(path, plain, f"Write it {plain}")
        if seen[one.code] > 1 and one.code in [each.code for each in claim.diagnoses[:at]]:
            yield f"The diagnosis {one.code} is there twice.", path


@rule(
    "first-diagnosis",
    Severity.ERROR,
    "which diagnosis is named first",
    "X222A1 HI01; ICD-10-CM Official Guidelines",
    "A7:254",
)
def _first(claim: Claim, _: Surroundings) -> Iterator[Told]:
    if not claim.diagnoses:
        return
    first = claim.diagnoses[0]
    if first.code[:1] in ("V", "W", "X", "Y") and first.kind in ("ABK", "ABF"):
        yield (
            f"{first.code} says how something came about; it cannot stand first.",
            "diagnoses[0].code",
        )
    for at, one in enumerate(claim.diagnoses):
        wanted = "ABK" if at == 0 else "ABF"  # a list is in the claim's order
        if one.kind in ("ABK", "ABF") and one.kind != wanted:
            path = f"diagnoses[{at}].kind"
            yield (
                f"Diagnosis {at + 1} is marked as {'another' if at == 0 else 'the first'} one.",
                path,
                Fix(path, wanted, f"Mark it {wanted}"),
            )


@rule(
    "manifestation-first",
    Severity.WARNING,
    "what lies behind a manifestation named before it",
    "ICD-10-CM Official Guidelines I.A.13, etiology and manifestation",
    "A7:254",
)
def _manifestation(claim: Claim, around: Surroundings) -> Iterator[Told]:
    if claim.diagnoses and around.is_manifestation(claim.diagnoses[0].code.replace(".", "")):
        yield (
            f"{claim.diagnoses[0].code} shows in another disease; that one is named first.",
            "diagnoses[0].code",
        )


@rule(
    "diagnosis-newer",
    Severity.WARNING,
    "diagnoses the program’s list does not reach",
    "the days for which the built-in ICD-10-CM holds",
    "A7:254",
)
def _newer(claim: Claim, around: Surroundings) -> Iterator[Told]:
    if not around.knows_codes or around.codes_reach(_first_day(claim, around)):
        return
    for at, one in enumerate(claim.diagnoses):
        code = one.code.replace(".", "")
        if _DIAGNOSIS.fullmatch(code) and not around.is_billable(code, _first_day(claim, around)):
            yield (
                f"{one.code} is not in the program’s list as billable, which ends before the day of"
                " service; look it up in the new one.",
                f"diagnoses[{at}].code",
            )


@rule(
    "diagnosis-valid",
    Severity.ERROR,
    "diagnoses that exist and are complete",
    "ICD-10-CM of the day of service",
    "A7:254, CO-16 M76",
)
def _valid(claim: Claim, around: Surroundings) -> Iterator[Told]:
    on = _first_day(claim, around)
    for at, one in enumerate(claim.diagnoses):
        code, path = one.code.replace(".", ""), f"diagnoses[{at}].code"
        if one.kind not in ("ABK", "ABF"):
            yield (
                f"{one.code} is marked as ICD-9, which is no longer taken.",
                f"diagnoses[{at}].kind",
            )
        elif not _DIAGNOSIS.fullmatch(code):
            yield f"“{one.code}” does not have the form of a diagnosis code.", path
        elif around.knows_codes and around.codes_reach(on):
            known = around.is_billable(code, on)
            if known is None:
                yield f"There is no diagnosis {one.code} in ICD-10-CM.", path
            elif not known:
                yield f"{one.code} is not complete, or not valid on the day of service.", path


def _first_day(claim: Claim, around: Surroundings) -> date:
    return min((line.from_on for line in claim.lines), default=around.today)


@rule("pointers", Severity.ERROR, "which diagnosis a line is for", f"{_GUIDE} SV107", "A7:477")
def _pointers(claim: Claim, _: Surroundings) -> Iterator[Told]:
    if not claim.diagnoses:
        return  # which is told by itself
    for number, line in enumerate(claim.lines, start=1):
        path = f"lines[{number - 1}].pointers"
        if not line.pointers:
            fix = Fix(path, "1", "Point to the first diagnosis")
            yield f"Line {number} points to no diagnosis.", path, fix
        elif len(line.pointers) > _POINTERS_AT_MOST:
            yield f"Line {number} points to more than four diagnoses.", path
        elif len(set(line.pointers)) < len(line.pointers):
            once = tuple(dict.fromkeys(line.pointers))
            fix = Fix(path, ":".join(map(str, once)), "Name each once")
            yield f"Line {number} points to a diagnosis twice.", path, fix
        for one in line.pointers:
            if not 1 <= one <= len(claim.diagnoses):
                yield f"Line {number} points to diagnosis {one}, which is not there.", path


@rule("lines", Severity.ERROR, "at least one line", f"{_GUIDE} 2400", "")
def _lines(claim: Claim, _: Surroundings) -> Iterator[Told]:
    if not claim.lines:
        yield "The claim has no service line.", "lines"


@rule("procedure", Severity.ERROR, "procedure codes", f"{_GUIDE} SV101-2", "A7:507, CO-181")
def _procedures(claim: Claim, around: Surroundings) -> Iterator[Told]:
    for number, line in enumerate(claim.lines, start=1):
        path = f"lines[{number - 1}].code"
        if not _PROCEDURE.fullmatch(line.code):
            yield f"Line {number}: “{line.code}” does not have the form of a procedure code.", path
        elif around.knows_procedures:
            offered = around.is_offered(line.code, line.from_on)
            if offered is None:
                yield f"Line {number}: {line.code} is not in your list of procedures.", path
            elif not offered:
                yield f"Line {number}: {line.code} was not valid on the day of service.", path


@rule("modifiers", Severity.ERROR, "modifiers", f"{_GUIDE} SV101-3 to 6", "A7:453, CO-4")
def _modifiers(claim: Claim, _: Surroundings) -> Iterator[Told]:
    for number, line in enumerate(claim.lines, start=1):
        path = f"lines[{number - 1}].modifiers"
        if len(line.modifiers) > 4:
            yield f"Line {number} has more than four modifiers.", path
        for one in line.modifiers:
            if not _MODIFIER.fullmatch(one):
                yield f"Line {number}: “{one}” is no modifier; it has two letters or digits.", path
        if len(set(line.modifiers)) < len(line.modifiers):
            once = ":".join(dict.fromkeys(line.modifiers))
            yield f"Line {number} has a modifier twice.", path, Fix(path, once, "Name each once")
        sides = [one for one in line.modifiers if one in _SIDES]
        if len(sides) > 1:
            yield f"Line {number}: {' and '.join(sides)} contradict each other.", path


@rule(
    "modifier-25",
    Severity.WARNING,
    "modifier 25 on visits only",
    "public payer edits: 25 belongs to evaluation and management",
    "CO-4",
)
def _modifier_25(claim: Claim, _: Surroundings) -> Iterator[Told]:
    for number, line in enumerate(claim.lines, start=1):
        if "25" in line.modifiers and not is_visit(line.code):
            path = f"lines[{number - 1}].modifiers"
            rest = ":".join(one for one in line.modifiers if one != "25")
            yield (
                f"Line {number}: 25 belongs to a visit code, not to {line.code}.",
                path,
                Fix(path, rest, "Take 25 away"),
            )


@rule(
    "modifier-59",
    Severity.WARNING,
    "59 beside the modifiers that say more",
    "X{EPSU} say more than 59 (verify with CMS)",
    "CO-4",
)
def _modifier_59(claim: Claim, _: Surroundings) -> Iterator[Told]:
    for number, line in enumerate(claim.lines, start=1):
        more = [one for one in line.modifiers if one in _DISTINCT]
        if "59" in line.modifiers and more:
            yield (
                f"Line {number} has 59 beside {more[0]}, which says it more precisely.",
                f"lines[{number - 1}].modifiers",
            )


@rule(
    "charges", Severity.ERROR, "charges, and their sum", f"{_GUIDE} CLM02, SV102", "A7:178, A7:400"
)
def _charges(claim: Claim, _: Surroundings) -> Iterator[Told]:
    for number, line in enumerate(claim.lines, start=1):
        if line.charge_cents <= 0:
            yield f"Line {number} has no charge above zero.", f"lines[{number - 1}].charge_cents"
    total = sum(line.charge_cents for line in claim.lines)
    if claim.lines and total != claim.charge_cents:
        yield (
            f"The lines come to {Money(total)}, the claim says {Money(claim.charge_cents)}.",
            "charge_cents",
            Fix("charge_cents", str(total), f"Set it to {Money(total)}"),
        )


@rule("units", Severity.ERROR, "units", f"{_GUIDE} SV103, SV104", "A7:476")
def _units(claim: Claim, _: Surroundings) -> Iterator[Told]:
    for number, line in enumerate(claim.lines, start=1):
        units = _number(line.units)
        path = f"lines[{number - 1}].units"
        if units is None or units <= 0:
            yield f"Line {number}: “{line.units}” is no number of units above zero.", path
        elif line.unit == "MJ" and units != units.to_integral_value():
            yield f"Line {number}: minutes are whole numbers.", path
        if line.code in BY_OCCURRENCE:
            continue
        if is_anesthesia(line.code) and line.unit != "MJ":
            path = f"lines[{number - 1}].unit"
            yield (
                f"Line {number}: anesthesia is billed in minutes.",
                path,
                Fix(path, "MJ", "Count in minutes"),
            )
        elif line.unit == "MJ" and not is_anesthesia(line.code):
            path = f"lines[{number - 1}].unit"
            yield (
                f"Line {number} counts minutes, but {line.code} is no anesthesia.",
                path,
                Fix(path, "UN", "Count in units"),
            )


@rule(
    "units-whole",
    Severity.WARNING,
    "whole units",
    f"{_GUIDE} SV104 takes a fraction; most payers take none",
    "A7:476",
)
def _whole_units(claim: Claim, _: Surroundings) -> Iterator[Told]:
    for number, line in enumerate(claim.lines, start=1):
        units = _number(line.units)
        if line.unit == "UN" and units is not None and units != units.to_integral_value():
            path = f"lines[{number - 1}].units"
            yield f"Line {number}: {line.units} units are no whole number.", path


@rule(
    "units-at-most",
    Severity.WARNING,
    "no more units than usual",
    "the practice’s own table",
    "CO-151",
)
def _units_at_most(claim: Claim, around: Surroundings) -> Iterator[Told]:
    for number, line in enumerate(claim.lines, start=1):
        most, units = around.units_at_most.get(line.code), _number(line.units)
        if most is not None and units is not None and units > most:
            yield (
                f"Line {number}: {line.units} units of {line.code} are more than {most} a day.",
                f"lines[{number - 1}].units",
            )


@rule(
    "clia",
    Severity.ERROR,
    "the laboratory’s CLIA number",
    "X222A1 REF X4; 42 CFR 493",
    "CO-B7, A7:627",
)
def _clia(claim: Claim, around: Surroundings) -> Iterator[Told]:
    of_claim = [one.value for one in claim.references if one.kind == "X4"]
    fix = None
    if around.clia and not of_claim:
        fix = Fix("references{X4}", around.clia, f"Name {around.clia}")
    for number, line in enumerate(claim.lines, start=1):
        numbers = of_claim + [one.value for one in line.references if one.kind == "X4"]
        if not (
            is_laboratory(line.code) or "QW" in line.modifiers or line.code in around.clia_codes
        ):
            continue
        if not numbers:
            what = f"Line {number}: {line.code} needs the laboratory’s CLIA number."
            yield what, "references", fix
        for one in numbers:
            if not re.fullmatch(r"\d{2}[A-Z]\d{7}", one.upper(), re.ASCII):
                yield f"“{one}” is no CLIA number; it is like 22D1234567.", "references"


@rule(
    "ndc", Severity.ERROR, "drugs by their National Drug Code", f"{_GUIDE} 2410 LIN, CTP", "A7:218"
)
def _ndc(claim: Claim, around: Surroundings) -> Iterator[Told]:
    for number, line in enumerate(claim.lines, start=1):
        path, drug = f"lines[{number - 1}].drug", line.drug
        if drug is None:
            if needs_drug_code(line, around):
                yield f"Line {number}: {line.code} is a drug; its NDC is missing.", path
            continue
        digits = re.sub(r"[-\s]", "", drug.code)
        if not re.fullmatch(r"\d{11}", digits, re.ASCII):
            padded = _padded(drug.code)
            fix = Fix(f"{path}.code", padded, f"Write it {padded}") if padded else None
            yield f"Line {number}: the NDC “{drug.code}” does not have eleven digits.", path, fix
        elif digits != drug.code:
            fix = Fix(f"{path}.code", digits, f"Write it {digits}")
            yield f"Line {number}: the NDC is written without hyphens.", path, fix
        amount = _number(drug.quantity)
        if amount is None or amount <= 0 or drug.unit not in _UNITS:
            yield f"Line {number}: how much of the drug was given, and in what, is missing.", path


@rule(
    "unlisted",
    Severity.ERROR,
    "words for a code that says nothing by itself",
    f"{_GUIDE} SV101-7",
    "A7:306",
)
def _unlisted(claim: Claim, around: Surroundings) -> Iterator[Told]:
    for number, line in enumerate(claim.lines, start=1):
        if line.code in around.unlisted_codes and not line.description.strip():
            yield (
                f"Line {number}: {line.code} needs words that say what was done.",
                f"lines[{number - 1}].description",
            )


@rule(
    "unlisted-note",
    Severity.WARNING,
    "a note or a report beside such a code",
    f"{_GUIDE} 2400 NTE, PWK; the words alone seldom are enough",
    "A7:306",
)
def _unlisted_note(claim: Claim, around: Surroundings) -> Iterator[Told]:
    for number, line in enumerate(claim.lines, start=1):
        told = line.notes or line.attachments or claim.note or claim.attachments
        if line.code in around.unlisted_codes and line.description.strip() and not told:
            yield (
                f"Line {number}: {line.code} comes with neither a note nor a report.",
                f"lines[{number - 1}].notes[0].text",
            )


# Anesthesia some payers pay by occurrence, not by its minutes: either is taken here.
BY_OCCURRENCE = frozenset({"01953", "01967", "01968", "01969", "01996"})


def _padded(code: str) -> str:
    """An NDC of ten digits in three parts with the nought its short part lacks; '' for any other."""
    parts = code.strip().split("-")
    lengths = [len(part) for part in parts]
    if lengths not in ([4, 4, 2], [5, 3, 2], [5, 4, 1]) or not all(
        part.isascii() and part.isdigit() for part in parts
    ):
        return ""
    return "".join(part.zfill(room) for part, room in zip(parts, (5, 4, 2), strict=True))


def is_visit(code: str) -> bool:
    """Whether a code stands in the range of evaluation and management, of examinations of the eye, which
    payers take 25 with as well, or of preventive visits in HCPCS."""
    in_range = code.isdigit() and (99202 <= int(code) <= 99499 or 92002 <= int(code) <= 92014)
    return in_range or code in ("G0402", "G0438", "G0439")


def is_anesthesia(code: str) -> bool:
    """Whether a code stands in the range of anesthesia."""
    return code.isdigit() and len(code) == 5 and 100 <= int(code) <= 1999


def is_laboratory(code: str) -> bool:
    """Whether a code stands in the range of laboratory work, 80047 to 89398."""
    return code.isdigit() and 80047 <= int(code) <= 89398


def needs_drug_code(line: ServiceLine, around: Surroundings) -> bool:
    """Whether a line is a drug: HCPCS codes with J, or those the practice says."""
    return bool(re.fullmatch(r"J\d{4}", line.code, re.ASCII)) or line.code in around.drug_codes


def _number(text: str) -> Decimal | None:
    return Decimal(text) if NUMBER.fullmatch(text) else None
