"""Who: the billing provider and the others, the payer, the subscriber, the patient."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from medsec_desktop.domain.claims.claim import Claim, Party
from medsec_desktop.domain.claims.plain import safe
from medsec_desktop.domain.claims.scrubbing import Fix, Severity, Surroundings, Told, rule
from medsec_desktop.domain.identifiers import Npi
from medsec_desktop.problems import Invalid

_GUIDE = "005010X222A1"
ROLES = {
    "DN": "referring provider",
    "P3": "primary care provider",
    "82": "rendering provider",
    "77": "service facility",
    "DQ": "supervising provider",
    "DK": "ordering provider",
    "QB": "provider of the purchased service",
}
TAXONOMY = re.compile(r"[0-9A-Z]{9}X", re.ASCII)
# A title before a name, or a credential after one. Do is a family name, as is Ma: alone each is taken as one.
_TITLES = re.compile(
    r"^\s*(MR|MRS|MS|MISS|DR|PROF|REV)\b\.?\s+(?=\S)"
    r"|(?<=\S)[\s,]+(MD|M\.D\.|DDS|DMD|PHD|PH\.D\.|RN|NP|PA-C|ESQ)\.?\s*$",
    re.IGNORECASE,
)
# Medicare Beneficiary Identifier: eleven places, S L O I B Z never used; CMS, “Understanding the Medicare
# Beneficiary Identifier (MBI) Format”.
_LETTER, _EITHER = "[AC-HJKMNP-RT-Y]", "[0-9AC-HJKMNP-RT-Y]"
_MBI = re.compile(
    f"[1-9]{_LETTER}{_EITHER}[0-9]{_LETTER}{_EITHER}[0-9]{_LETTER}{{2}}[0-9]{{2}}", re.ASCII
)
_MEDICARE = ("MA", "MB")
_RELATIONS = ("01", "19", "20", "21", "39", "40", "53", "G8")
FILINGS = frozenset({
    "11", "12", "13", "14", "15", "16", "17", "AM", "BL", "CH", "CI", "DS", "FI", "HM",
    "LM", "MA", "MB", "MC", "OF", "TV", "VA", "WC", "ZZ",
})  # fmt: skip  # SBR09


def providers_in(claim: Claim) -> Iterator[tuple[str, Party, str]]:
    """Every provider named in a claim or a line of it: role, who, and the path to the field."""
    for at, (role, party) in enumerate(claim.providers):
        yield role, party, f"providers[{at}]"
    for number, line in enumerate(claim.lines):
        for at, (role, party) in enumerate(line.providers):
            yield role, party, f"lines[{number}].providers[{at}]"


def too_short(text: str, what: str, missing: str) -> str:
    """What to say of a number with less than the two signs a file wants: `missing` where it has none."""
    return f"“{text.strip()}” is too short for a {what}." if safe(text) else missing


@lru_cache(1_024)
def _npi_fault(text: str) -> str:
    try:
        Npi(text)
    except Invalid as fault:
        return fault.what
    return ""


@rule(
    "billing-npi",
    Severity.ERROR,
    "NPI of the billing provider",
    f"{_GUIDE} 2010AA NM109; 45 CFR 162.406",
    "A7:562:85",
)
def _billing_npi(claim: Claim, _: Surroundings) -> Iterator[Told]:
    if not claim.billing.id:
        yield "The billing provider has no NPI.", "billing.id"
    elif fault := _npi_fault(claim.billing.id):
        yield f"The billing provider’s NPI is wrong: {fault}", "billing.id"


@rule(
    "provider-npi",
    Severity.ERROR,
    "NPI of every provider named",
    f"{_GUIDE} 2310, 2420 NM109",
    "A7:562",
)
def _provider_npis(claim: Claim, _: Surroundings) -> Iterator[Told]:
    for role, party, path in providers_in(claim):
        who = ROLES.get(role, "provider")
        if not party.id:
            if role not in ("77", "QB"):  # a facility may have none
                yield f"The {who} {party.family} has no NPI.", f"{path}.id"
        elif fault := _npi_fault(party.id):
            yield f"The {who}’s NPI is wrong: {fault}", f"{path}.id"


@rule(
    "billing-tax-id",
    Severity.ERROR,
    "tax id of the billing provider",
    f"{_GUIDE} 2010AA REF EI, SY",
    "A7:128",
)
def _billing_tax_id(claim: Claim, _: Surroundings) -> Iterator[Told]:
    numbers = [one.value for one in claim.billing.references if one.kind in ("EI", "SY")]
    if not numbers:
        yield "The billing provider has no tax id.", "billing.references"
    for number in numbers:
        digits = re.sub(r"[-\s]", "", number)
        if not re.fullmatch(r"\d{9}", digits, re.ASCII):
            yield f"The tax id “{number}” does not have nine digits.", "billing.references"
        elif digits != number:
            fix = Fix("billing.references", digits, f"Write it {digits}")
            yield f"The tax id “{number}” must be digits only.", "billing.references", fix


@rule("payer-id", Severity.ERROR, "the payer’s id", f"{_GUIDE} 2010BB NM109", "A3:116, A7:153:PR")
def _payer_id(claim: Claim, around: Surroundings) -> Iterator[Told]:
    if len(safe(claim.payer.id)) < 2:
        if not around.is_on_paper:
            yield too_short(claim.payer.id, "payer id", "The payer has no payer id."), "payer.id"
    elif len(claim.payer.id) > 80:
        yield "The payer id is longer than 80 characters.", "payer.id"
    elif not around.payer.is_known or (
        around.payer_ids is not None and claim.payer.id.upper() not in around.payer_ids
    ):
        yield f"There is no payer with the id {claim.payer.id} in your list.", "payer.id"


@rule(
    "filing-indicator", Severity.ERROR, "the kind of insurance", f"{_GUIDE} 2000B SBR09", "A7:480"
)
def _filing(claim: Claim, around: Surroundings) -> Iterator[Told]:
    filing, fits = claim.insured.filing, around.payer.filings
    fix = Fix("insured.filing", fits[0], f"Set it to {fits[0]}") if len(fits) == 1 else None
    if not filing:
        yield "The kind of insurance (claim filing indicator) is missing.", "insured.filing", fix
    elif filing not in FILINGS:
        yield f"“{filing}” is no claim filing indicator.", "insured.filing", fix
    elif fits and filing not in fits:
        listed = " or ".join(fits)
        yield f"This payer is filed as {listed}, not as {filing}.", "insured.filing", fix


@rule(
    "member-id",
    Severity.ERROR,
    "the subscriber’s member number",
    f"{_GUIDE} 2010BA NM109",
    "A7:164:IL",
)
def _member_id(claim: Claim, around: Surroundings) -> Iterator[Told]:
    number, path = claim.insured.party.id, "insured.party.id"
    if len(safe(number)) < 2:
        yield too_short(number, "member number", "The subscriber has no member number."), path
        return
    plain = re.sub(r"[\s-]", "", number)
    if plain != number:
        yield (
            f"The member number “{number}” has blanks or hyphens.",
            path,
            Fix(path, plain, f"Write it {plain}"),
        )
    if plain and plain == claim.insured.group_number:
        yield "The member number is the same as the group number.", path
    if claim.insured.filing in _MEDICARE and not _MBI.fullmatch(plain.upper()):
        yield (
            f"“{number}” is no Medicare number: eleven places like 1EG4TE5MK73, never S L O I B Z.",
            path,
        )
    pattern = around.payer.member_pattern
    if pattern and not re.fullmatch(pattern, plain, re.ASCII | re.IGNORECASE):
        wanted = around.payer.member_words or "another form"
        yield f"This payer’s member numbers have {wanted}; “{number}” does not.", path


@rule(
    "names",
    Severity.ERROR,
    "first and last names",
    f"{_GUIDE} 2010BA, 2010CA NM103, NM104",
    "A7:125",
)
def _names(claim: Claim, _: Surroundings) -> Iterator[Told]:
    for who, party, path in _people_of(claim):
        if not party.is_person:
            continue
        if not safe(party.family):
            yield f"The {who} has no last name.", f"{path}.family"
        if not safe(party.given):
            yield f"The {who} has no first name.", f"{path}.given"
        for part, text in (("family", party.family), ("given", party.given)):
            if re.search(r"\d", text):
                yield f"The {who}’s name “{text}” has a digit in it.", f"{path}.{part}"
            elif found := _TITLES.search(text):
                rest = _TITLES.sub("", text).strip(" ,")
                yield (
                    f"The {who}’s name “{text}” has a title in it ({found[0].strip(' ,')}).",
                    f"{path}.{part}",
                    Fix(f"{path}.{part}", rest, f"Write it {rest}"),
                )


def _people_of(claim: Claim) -> Iterator[tuple[str, Party, str]]:
    yield "subscriber", claim.insured.party, "insured.party"
    if claim.patient is not None:
        yield "patient", claim.patient.party, "patient.party"


@rule("birth", Severity.ERROR, "birth dates", f"{_GUIDE} DMG02", "A7:158")
def _births(claim: Claim, around: Surroundings) -> Iterator[Told]:
    first = min((line.from_on for line in claim.lines), default=around.today)
    born: list[tuple[str, date | None, str]] = []
    if claim.patient is None:
        born.append(("patient", claim.insured.birth_on, "insured.birth_on"))
    else:
        born.append(("patient", claim.patient.birth_on, "patient.birth_on"))
        if claim.insured.birth_on is not None:
            born.append(("subscriber", claim.insured.birth_on, "insured.birth_on"))
    for who, on, path in born:
        if on is None:
            yield f"The {who}’s date of birth is missing.", path
        elif on > around.today:
            yield f"The {who}’s date of birth lies in the future.", path
        elif who == "patient" and on > first:
            yield "The patient was born after the first service.", path
        elif around.today.year - on.year >= 125:
            yield f"The {who} would be {around.today.year - on.year} years old.", path


@rule("sex", Severity.ERROR, "sex as the guide writes it", f"{_GUIDE} DMG03", "A7:157")
def _sex(claim: Claim, _: Surroundings) -> Iterator[Told]:
    known = ("F", "M", "U")
    whose, sex, path = (
        ("patient", claim.insured.sex, "insured.sex")
        if claim.patient is None
        else ("patient", claim.patient.sex, "patient.sex")
    )
    told = [(whose, path)] if sex not in known else []
    if claim.patient is not None and claim.insured.sex not in ("", *known):
        told.append(("subscriber", "insured.sex"))
    for whose, path in told:
        fix = Fix(path, "U", "Set it to unknown")
        yield f"The {whose}’s sex must be F, M or U (unknown) on a claim.", path, fix


@rule(
    "relationship",
    Severity.ERROR,
    "subscriber and patient",
    f"{_GUIDE} 2000B SBR02, 2000C PAT01",
    "",
)
def _relationship(claim: Claim, _: Surroundings) -> Iterator[Told]:
    if claim.patient is None:
        if claim.insured.relationship != "18":
            path = "insured.relationship"
            yield (
                "The patient is the subscriber, but the relationship does not say so.",
                path,
                Fix(path, "18", "Set it to self"),
            )
        return
    if claim.insured.relationship:
        yield (
            "The patient is somebody else than the subscriber, but the relationship says self.",
            "insured.relationship",
            Fix("insured.relationship", "", "Take it away"),
        )
    if claim.patient.relationship not in _RELATIONS:
        yield "The patient’s relationship to the subscriber is missing.", "patient.relationship"
    same = (claim.patient.party.family, claim.patient.party.given, claim.patient.birth_on)
    if same == (claim.insured.party.family, claim.insured.party.given, claim.insured.birth_on):
        yield "Patient and subscriber are the same person, yet stand in two places.", "patient"


@rule(
    "demographics",
    Severity.ERROR,
    "address of who is treated",
    f"{_GUIDE} 2010BA, 2010CA N3, N4, DMG",
    "A7:126",
)
def _demographics(claim: Claim, _: Surroundings) -> Iterator[Told]:
    who, party, path = (
        ("subscriber", claim.insured.party, "insured.party")
        if claim.patient is None
        else ("patient", claim.patient.party, "patient.party")
    )
    if party.address is None or not safe(party.address.line1):
        yield f"The {who} has no address, which the payer asks for.", f"{path}.address"
    held = claim.insured.party.address
    if claim.patient is not None and held is not None and not safe(held.line1):
        yield "The subscriber’s address has no street.", "insured.party.address"


@rule(
    "rendering",
    Severity.ERROR,
    "who gave the service",
    f"{_GUIDE} 2310B, 2420A",
    "A7:562:82, A7:145",
)
def _rendering(claim: Claim, around: Surroundings) -> Iterator[Told]:
    named = [(party, path) for role, party, path in providers_in(claim) if role == "82"]
    if not claim.billing.is_person and not named:
        yield (
            "A group bills, but nobody is named as the one who gave the service.",
            "providers",
        )
    for party, path in named:
        if around.payer.needs_rendering_taxonomy and not party.taxonomy:
            yield f"This payer wants the taxonomy code of {party.family}.", f"{path}.taxonomy"


@rule("taxonomy", Severity.ERROR, "taxonomy codes", f"{_GUIDE} PRV03; NUCC’s code set", "A7:145")
def _taxonomies(claim: Claim, _: Surroundings) -> Iterator[Told]:
    named = [(claim.billing, "billing")]
    named += [(party, path) for _, party, path in providers_in(claim)]
    for party, path in named:
        if party.taxonomy and not TAXONOMY.fullmatch(party.taxonomy):
            yield (
                f"“{party.taxonomy}” is no taxonomy code; it is like 207Q00000X.",
                f"{path}.taxonomy",
            )


@rule(
    "rendering-repeated",
    Severity.WARNING,
    "a rendering provider who also bills",
    f"{_GUIDE} 2310B situational",
    "",
)
def _rendering_repeated(claim: Claim, _: Surroundings) -> Iterator[Told]:
    for role, party, path in providers_in(claim):
        if role == "82" and party.id and party.id == claim.billing.id:
            yield "The rendering provider is the billing provider; name that one once.", path


@rule(
    "referrer",
    Severity.WARNING,
    "who referred or ordered",
    "payer settings",
    "A7:562:DN",
)
def _referrer(claim: Claim, around: Surroundings) -> Iterator[Told]:
    roles = {role for role, *_ in providers_in(claim)}
    codes = [line.code for line in claim.lines if line.code in around.referral_codes]
    if roles & {"DN", "DK"}:
        return  # whether it is a person is asked of everybody named
    if codes:
        yield f"{codes[0]} needs a referring or ordering provider.", "providers"
    elif around.payer.needs_referrer:
        yield "This payer wants to know who referred the patient.", "providers"
