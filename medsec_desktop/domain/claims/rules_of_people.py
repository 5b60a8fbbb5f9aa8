"""Who: the billing provider and the others, the payer, the subscriber, the patient."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from medsec_desktop.domain.claims.claim import Address, Claim, Party
from medsec_desktop.domain.claims.scrubbing import Fix, Severity, Surroundings, Told, rule
from medsec_desktop.domain.claims.us_zip_prefixes import STATES, may_be
from medsec_desktop.domain.identifiers import Npi
from medsec_desktop.problems import Invalid

_GUIDE = "005010X222A1"
_ROLES = {
    "DN": "referring provider",
    "P3": "primary care provider",
    "82": "rendering provider",
    "77": "service facility",
    "DQ": "supervising provider",
    "DK": "ordering provider",
    "QB": "provider of the purchased service",
}
_PO_BOX = re.compile(r"\bP\.?\s*O\.?\s*BOX\b|\bPOST OFFICE BOX\b", re.IGNORECASE)
_TITLES = re.compile(r"\b(MR|MRS|MS|MISS|DR|PROF|REV|MD|DO|PHD|RN|NP)\b\.?", re.IGNORECASE)
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
        who = _ROLES.get(role, "provider")
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


@rule(
    "billing-street",
    Severity.ERROR,
    "a street for the billing provider",
    f"{_GUIDE} 2010AA N3",
    "A7:503",
)
def _billing_street(claim: Claim, _: Surroundings) -> Iterator[Told]:
    address = claim.billing.address
    if address is None or not address.line1.strip():
        yield "The billing provider has no street address.", "billing.address"
    elif _PO_BOX.search(f"{address.line1} {address.line2}"):
        yield (
            "The billing address is a post office box; it must be a street. A box may stand in the"
            " pay-to address."
        ), "billing.address.line1"  # fmt: skip


@rule(
    "billing-zip",
    Severity.ERROR,
    "nine-digit ZIP where services are given",
    f"{_GUIDE} 2010AA, 2310C N403",
    "A7:500",
)
def _billing_zip(claim: Claim, around: Surroundings) -> Iterator[Told]:
    if around.is_on_paper:
        return
    at: list[tuple[str, Address | None, str]] = [
        ("billing provider", claim.billing.address, "billing.address.postal_code")
    ]
    at += [
        ("service facility", party.address, f"{path}.address.postal_code")
        for role, party, path in providers_in(claim)
        if role == "77"
    ]
    for who, address, path in at:
        if address is None or address.country not in ("", "US"):
            continue
        if len(re.sub(r"\D", "", address.postal_code)) != 9:
            yield f"The ZIP code of the {who} must have nine digits.", path


@rule("zip-guessed", Severity.WARNING, "a real ZIP+4", f"{_GUIDE} 2010AA N403", "A7:500")
def _guessed_zip(claim: Claim, _: Surroundings) -> Iterator[Told]:
    address = claim.billing.address
    if address is not None and re.sub(r"\D", "", address.postal_code)[5:] in ("0000", "9998"):
        yield (
            f"The billing ZIP code ends in {address.postal_code[-4:]}, which is a stopgap.",
            "billing.address.postal_code",
        )


@rule(
    "facility-address",
    Severity.ERROR,
    "address of the service facility",
    f"{_GUIDE} 2310C N3, N4",
    "",
)
def _facility_address(claim: Claim, _: Surroundings) -> Iterator[Told]:
    for role, party, path in providers_in(claim):
        if role == "77" and (party.address is None or not party.address.line1):
            yield f"The service facility {party.family} has no address.", f"{path}.address"


@rule("addresses", Severity.ERROR, "ZIP codes and states", f"{_GUIDE} N402, N403", "A7:500, A7:501")
def _addresses(claim: Claim, _: Surroundings) -> Iterator[Told]:
    for who, address, path in _addresses_of(claim):
        if address.country not in ("", "US"):
            continue
        digits = re.sub(r"[-\s]", "", address.postal_code)
        if not re.fullmatch(r"\d{5}(\d{4})?", digits, re.ASCII):
            yield f"The ZIP code of the {who} has five or nine digits.", f"{path}.postal_code"
        if address.state not in STATES:
            yield f"“{address.state}” in the {who}’s address is no state.", f"{path}.state"
        if not address.city.strip():
            yield f"The {who}’s address has no city.", f"{path}.city"


@rule(
    "zip-and-state",
    Severity.WARNING,
    "a ZIP code that lies in its state",
    "the prefixes of the postal service, see us_zip_prefixes",
    "A7:501",
)
def _zip_in_state(claim: Claim, _: Surroundings) -> Iterator[Told]:
    for who, address, path in _addresses_of(claim):
        if address.country in ("", "US") and not may_be(address.postal_code, address.state):
            yield (
                f"The {who}’s ZIP code {address.postal_code[:5]} does not lie in {address.state}.",
                f"{path}.postal_code",
            )


def _addresses_of(claim: Claim) -> Iterator[tuple[str, Address, str]]:
    if claim.billing.address is not None:
        yield "billing provider", claim.billing.address, "billing.address"
    if claim.pay_to is not None:
        yield "pay-to address", claim.pay_to, "pay_to"
    if claim.insured.party.address is not None:
        yield "subscriber", claim.insured.party.address, "insured.party.address"
    if claim.patient is not None and claim.patient.party.address is not None:
        yield "patient", claim.patient.party.address, "patient.party.address"
    if claim.payer.address is not None:
        yield "payer", claim.payer.address, "payer.address"
    for role, party, path in providers_in(claim):
        if party.address is not None:
            yield _ROLES.get(role, "provider"), party.address, f"{path}.address"


@rule("payer-id", Severity.ERROR, "the payer’s id", f"{_GUIDE} 2010BB NM109", "A3:116, A7:153:PR")
def _payer_id(claim: Claim, around: Surroundings) -> Iterator[Told]:
    if not claim.payer.id.strip():
        if not around.is_on_paper:
            yield "The payer has no payer id.", "payer.id"
    elif len(claim.payer.id) > 80:
        yield "The payer id is longer than 80 characters.", "payer.id"
    elif not around.payer.is_known:
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
    if not number.strip():
        yield "The subscriber has no member number.", path
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
        if not party.family.strip():
            yield f"The {who} has no last name.", f"{path}.family"
        if not party.given.strip():
            yield f"The {who} has no first name.", f"{path}.given"
        for part, text in (("family", party.family), ("given", party.given)):
            if re.search(r"\d", text):
                yield f"The {who}’s name “{text}” has a digit in it.", f"{path}.{part}"
            elif found := _TITLES.search(text):
                yield (
                    f"The {who}’s name “{text}” has a title in it ({found[0]}).",
                    f"{path}.{part}",
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
    sex, path = (
        (claim.insured.sex, "insured.sex")
        if claim.patient is None
        else (claim.patient.sex, "patient.sex")
    )
    if sex not in ("F", "M", "U"):
        fix = Fix(path, "U", "Set it to unknown")
        yield "The patient’s sex must be F, M or U (unknown) on a claim.", path, fix


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
    if party.address is None or not party.address.line1.strip():
        yield f"The {who} has no address, which the payer asks for.", f"{path}.address"


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
        for role, party, path in providers_in(claim):
            if role in ("DN", "DK") and not party.is_person:
                yield f"{party.family} is an organization; a person refers or orders.", path
    elif codes:
        yield f"{codes[0]} needs a referring or ordering provider.", "providers"
    elif around.payer.needs_referrer:
        yield "This payer wants to know who referred the patient.", "providers"
