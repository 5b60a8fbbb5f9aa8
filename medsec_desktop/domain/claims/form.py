"""A claim on the CMS-1500 (02/12): what stands in each item, on as many sheets as its lines need.

The items follow the NUCC's instructions, in our own words: capitals, no punctuation in addresses, names as
"LAST SUFFIX, FIRST, M", codes without dots, dollars and cents apart. Medicare reads items 4, 6, 7, 9 and 11
in its own way: they are of whoever pays before it, and blank where nobody does (Medicare Claims Processing
Manual, chapter 26, section 10.2, as the contractors Noridian and Novitas publish it); its item 29 is what the
patient paid (AMT F5 of a file), and its item 32 is filled wherever a service was given (10.4). Nothing is
drawn here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from medsec_desktop.domain.claims.claim import (
    Address,
    Claim,
    OtherCoverage,
    Party,
    Reference,
    ServiceLine,
)
from medsec_desktop.domain.claims.plain import plain

LINES_A_SHEET = 6
_ORDER = "PST"  # of payers: SBR01
_ON_FILE = "SIGNATURE ON FILE"
_AT_HOME = "12"  # place of service
_KINDS = {
    "MA": "Medicare", "MB": "Medicare", "MC": "Medicaid", "CH": "TRICARE", "VA": "CHAMPVA",
    "OF": "FECA Blk Lung", "BL": "Group Health Plan", "CI": "Group Health Plan",
    "HM": "Group Health Plan", "FI": "Group Health Plan",
}  # fmt: skip
_RELATIONS = {"18": "Self", "01": "Spouse", "19": "Child"}
_ITEM_15 = ("454", "304", "453", "439", "455", "471", "090", "091", "444")
_NUMBERS_OF_24 = ("0B", "1G", "G2", "LU")


class Totals(StrEnum):
    """What a claim of more than one sheet totals; payers differ."""

    EACH_SHEET = "each sheet"  # every sheet is a claim by itself
    LAST_SHEET = "last sheet"  # the others say "CONTINUED"


@dataclass(slots=True)
class Sheet:
    """One sheet: text by item and part, such as ("2", "patient name"); lines by their place from 0."""

    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    lines: list[dict[tuple[str, str], str]] = field(default_factory=list)


def sheets(claim: Claim, totals: Totals = Totals.EACH_SHEET) -> tuple[Sheet, ...]:
    """The claim on paper, six lines a sheet; diagnoses and everything above them on every sheet."""
    groups = [
        claim.lines[at : at + LINES_A_SHEET] for at in range(0, len(claim.lines), LINES_A_SHEET)
    ] or [()]
    found = []
    for number, lines in enumerate(groups, start=1):
        sheet = Sheet(dict(_head(claim)))
        if len(groups) > 1:
            sheet.texts["CARRIER", "page n of m"] = f"PAGE {number} OF {len(groups)}"
        sheet.lines = [dict(_line(claim, line)) for line in lines]
        is_last = number == len(groups)
        sheet.texts.update(_foot(claim, lines, totals, number == 1, is_last))
        found.append(sheet)
    return tuple(found)


# -- the upper half ----------------------------------------------------------------------------

Part = tuple[tuple[str, str], str]


def _head(claim: Claim) -> Iterator[Part]:
    yield from _carrier(claim.payer)
    yield from _who(claim)
    yield from _others(claim)
    yield from _happened(claim)
    yield from _diagnoses(claim)


def _carrier(payer: Party) -> Iterator[Part]:
    yield ("CARRIER", "name"), plain(payer.family)
    if payer.address is not None:
        yield ("CARRIER", "line2"), _street(payer.address.line1)
        yield ("CARRIER", "line3"), _street(payer.address.line2)  # stays blank where there is none
        yield ("CARRIER", "line4"), _place(payer.address)


def _who(claim: Claim) -> Iterator[Part]:
    insured, patient = claim.insured, claim.patient
    party = patient.party if patient else insured.party
    born, sex = (patient.birth_on, patient.sex) if patient else (insured.birth_on, insured.sex)
    filing = insured.filing
    kind = _KINDS.get(filing, "Group Health Plan" if filing.isdigit() else "Other")
    yield ("1", kind), "X"
    yield ("1a", "insured ID"), _number(insured.party.id)
    yield ("2", "patient name"), _name(party)
    yield from _full_date("3", "birth ", born)
    if sex in ("M", "F"):
        yield ("3", f"sex {sex}"), "X"
    yield from _home("5", party)
    yield from _policy(claim)
    casualty = _first(insured.party.references + party.references, "Y4")
    if casualty:
        yield ("11b", "qualifier"), "Y4"
        yield ("11b", "other claim id"), _number(casualty)
    if claim.release == "Y":
        yield ("12", "signature"), _ON_FILE
    if claim.benefits_assigned == "Y":
        yield ("13", "signature"), _ON_FILE


def _policy(claim: Claim) -> Iterator[Part]:
    """Items 4, 6, 7, 11, 11a and 11c: whose policy it is. Before Medicare: the policy that pays first."""
    insured = claim.insured
    relation = "18" if claim.patient is None else claim.patient.relationship
    if _is_medicare(claim):
        first = next(iter(payers_before(claim)), None)
        if first is None:
            yield ("11", "group/FECA no"), "NONE"
            return
        held = first.insured
        is_same = held.relationship == "18"
        yield ("4", "insured name"), "SAME" if is_same else _name(held.party)
        yield ("6", _RELATIONS.get(held.relationship, "Other")), "X"
        if is_same:
            yield ("7", "street"), "SAME"
        else:
            yield from _home("7", held.party)
            yield from _full_date("11a", "", held.birth_on)  # item 3 says it of herself
            if held.sex in ("M", "F"):
                yield ("11a", f"sex {held.sex}"), "X"
        yield ("11", "group/FECA no"), _number(held.group_number or held.party.id)
        yield ("11c", "plan name"), plain(held.group_name or first.payer.family)
        return
    yield ("4", "insured name"), _name(insured.party)
    yield ("6", _RELATIONS.get(relation, "Other")), "X"
    yield from _home("7", insured.party)
    yield ("11", "group/FECA no"), _number(insured.group_number)
    yield from _full_date("11a", "", insured.birth_on)
    if insured.sex in ("M", "F"):
        yield ("11a", f"sex {insured.sex}"), "X"
    yield ("11c", "plan name"), plain(insured.group_name)


def _is_medicare(claim: Claim) -> bool:
    return claim.insured.filing in ("MA", "MB")


def payers_before(claim: Claim) -> tuple[OtherCoverage, ...]:
    """Those who decide before the payer of this claim, the first one first."""
    rank = _ORDER.find(claim.insured.rank)
    found = [one for one in claim.others if 0 <= _ORDER.find(one.insured.rank) < rank]
    return tuple(sorted(found, key=lambda one: _ORDER.find(one.insured.rank)))


def _others(claim: Claim) -> Iterator[Part]:
    if _is_medicare(claim):
        return  # 9 is for Medigap there, and 11d is not asked
    other = next(iter(claim.others), None)
    if other is not None:
        yield ("9", "other insured name"), _name(other.insured.party)
        yield (
            ("9a", "other policy/group"),
            _number(other.insured.group_number or other.insured.party.id),
        )
        yield ("9d", "other plan name"), plain(other.insured.group_name or other.payer.family)
    yield ("11d", "YES" if other is not None else "NO"), "X"


def _happened(claim: Claim) -> Iterator[Part]:
    for item, cause in (("10a", "EM"), ("10b", "AA"), ("10c", "OA")):
        yield (item, "YES" if cause in claim.causes else "NO"), "X"
    if "AA" in claim.causes:
        yield ("10b", "state"), claim.accident_state
    yield ("10d", "claim codes"), "   ".join(claim.condition_codes)
    dates = {one.kind: one for one in claim.dates}
    for kind in ("431", "484"):
        if kind in dates:
            yield from _full_date("14", "", dates[kind].on, "YY")
            yield ("14", "qualifier"), kind
            break
    kind = next((one for one in _ITEM_15 if one in dates), "")
    if kind:
        yield from _full_date("15", "", dates[kind].on, "YY")
        yield ("15", "qualifier"), kind
    if "314" in dates:
        yield from _full_date("16", "from ", dates["314"].on, "YY")
        yield from _full_date("16", "to ", dates["314"].last, "YY")
    else:
        yield from _full_date("16", "from ", dates["360"].on if "360" in dates else None, "YY")
        yield from _full_date("16", "to ", dates["361"].on if "361" in dates else None, "YY")
    yield from _full_date("18", "from ", dates["435"].on if "435" in dates else None, "YY")
    yield from _full_date("18", "to ", dates["096"].on if "096" in dates else None, "YY")
    yield from _referrer(claim)
    if claim.note is not None:
        yield ("19", "additional info"), plain(claim.note.text)


def _referrer(claim: Claim) -> Iterator[Part]:
    named = dict(reversed([*claim.providers, *(p for line in claim.lines for p in line.providers)]))
    role = next((one for one in ("DN", "DK", "DQ") if one in named), "")
    if not role:
        return
    party = named[role]
    words = (party.given, party.middle[:1], party.family, party.suffix)
    yield ("17", "qualifier"), role
    yield ("17", "name"), _street(" ".join(word for word in words if word))
    yield ("17b", "NPI"), party.id
    other = next((one for one in party.references if one.kind in _NUMBERS_OF_24), None)
    if other is not None:
        yield ("17a", "qualifier"), other.kind
        yield ("17a", "other id"), _number(other.value)


def _diagnoses(claim: Claim) -> Iterator[Part]:
    bought = [line.purchased_cents for line in claim.lines if line.purchased_cents is not None]
    yield ("20", "YES" if bought else "NO"), "X"
    if bought:
        yield from _money("20", "charge ", sum(bought))
    if claim.diagnoses:
        is_old = claim.diagnoses[0].kind in ("BK", "BF")
        yield ("21", "ICD indicator"), "9" if is_old else "0"
    for letter, one in zip("ABCDEFGHIJKL", claim.diagnoses, strict=False):
        yield ("21", letter), one.code.replace(".", "")
    if claim.frequency in ("7", "8"):
        yield ("22", "resubmission code"), claim.frequency
        yield ("22", "original ref no"), _first(claim.references, "F8")
    number = next(
        (value for kind in ("G1", "9F", "X4") if (value := _first(claim.references, kind))), ""
    )
    yield ("23", "prior auth / CLIA / referral"), _number(number)


# -- lines and foot ----------------------------------------------------------------------------


def _line(claim: Claim, line: ServiceLine) -> Iterator[Part]:
    yield ("24", "shaded supplemental (24A-24G)"), _supplement(line)
    for word, on in (("from", line.from_on), ("to", line.to_on or line.from_on)):
        yield ("24A", f"{word} MM"), f"{on.month:02}"
        yield ("24A", f"{word} DD"), f"{on.day:02}"
        yield ("24A", f"{word} YY"), f"{on.year % 100:02}"
    yield ("24B", "POS"), line.place or claim.place
    yield ("24C", "EMG"), "Y" if line.is_emergency else ""
    yield ("24D", "CPT/HCPCS"), line.code
    for number, one in enumerate(line.modifiers[:4], start=1):
        yield ("24D", f"mod{number}"), one
    letters = "".join("ABCDEFGHIJKL"[one - 1] for one in line.pointers if 1 <= one <= 12)
    yield ("24E", "pointers"), letters
    yield from _money("24F", "charge ", line.charge_cents)
    yield ("24G", "units"), line.units
    yield ("24H", "EPSDT unshaded"), "Y" if line.is_epsdt or line.is_family_planning else ""
    referred = next((one for one in claim.conditions if one.category == "ZZ"), None)
    if line.is_epsdt and referred is not None and referred.codes:
        yield ("24H", "EPSDT shaded reason"), referred.codes[0]
    who = dict(line.providers).get("82") or dict(claim.providers).get("82")
    if who is not None and who.id != claim.billing.id:
        yield ("24J", "NPI"), who.id
        other = next((one for one in who.references if one.kind in _NUMBERS_OF_24), None)
        if other is not None:
            yield ("24I", "shaded qualifier"), other.kind
            yield ("24J", "shaded other id"), _number(other.value)
        elif who.taxonomy:
            yield ("24I", "shaded qualifier"), "ZZ"
            yield ("24J", "shaded other id"), who.taxonomy


def _supplement(line: ServiceLine) -> str:
    """The shaded half: a drug, words for an unlisted code, a note; three blanks between them."""
    parts = []
    if line.drug is not None:
        parts.append(f"N4{_number(line.drug.code)}   {line.drug.unit}{line.drug.quantity}")
    if line.description:
        parts.append(f"ZZ{plain(line.description)}")
    parts.extend(plain(note.text) for note in line.notes)
    return "   ".join(parts)


def _foot(
    claim: Claim, lines: Sequence[ServiceLine], totals: Totals, is_first: bool, is_last: bool
) -> Iterator[Part]:
    tax = next((one for one in claim.billing.references if one.kind in ("EI", "SY")), None)
    if tax is not None:
        yield ("25", "tax id"), _number(tax.value)
        yield ("25", "SSN" if tax.kind == "SY" else "EIN"), "X"
    yield ("26", "patient account no"), claim.id
    yield ("27", "YES" if claim.assignment in ("A", "B") else "NO"), "X"
    paid = claim.patient_paid_cents or 0
    if not _is_medicare(claim):
        paid += sum(one.paid_cents or 0 for one in claim.others)
    if totals is Totals.LAST_SHEET and not is_last:
        yield ("28", "total $"), "CONTINUED"
    else:
        whole = (
            claim.charge_cents
            if totals is Totals.LAST_SHEET
            else sum(line.charge_cents for line in lines)
        )
        yield from _money("28", "total ", whole)
        if paid and (is_last if totals is Totals.LAST_SHEET else is_first):
            yield from _money("29", "paid ", paid)
    if claim.provider_signature:
        yield ("31", "signature"), _ON_FILE
    yield from _places(claim)


def _places(claim: Claim) -> Iterator[Part]:
    facility = dict(claim.providers).get("77")
    if facility is not None:
        yield ("32", "name"), _street(facility.family)
        if facility.address is not None:
            yield ("32", "street"), _lines(facility.address)
            yield ("32", "city st zip"), _place(facility.address)
        yield ("32a", "NPI"), facility.id
        other = next((one for one in facility.references if one.kind in _NUMBERS_OF_24), None)
        if other is not None:
            yield ("32b", "other id"), f"{other.kind}{_number(other.value)}"
    billing = claim.billing
    if facility is None and _is_medicare(claim) and claim.place != _AT_HOME:
        yield from _whose("32", billing)
    if billing.contact is not None and len(billing.contact.phone) == 10:
        yield ("33", "phone area"), billing.contact.phone[:3]
        yield ("33", "phone"), billing.contact.phone[3:]
    yield from _whose("33", billing)
    yield ("33a", "NPI"), billing.id
    other = next((one for one in billing.references if one.kind in _NUMBERS_OF_24), None)
    if other is not None:
        yield ("33b", "other id"), f"{other.kind}{_number(other.value)}"
    elif billing.taxonomy:
        yield ("33b", "other id"), f"ZZ{billing.taxonomy}"


def _whose(item: str, party: Party) -> Iterator[Part]:
    words = (party.given, party.middle, party.family, party.suffix)
    yield (item, "name"), _street(" ".join(word for word in words if word))
    if party.address is not None:
        yield (item, "street"), _lines(party.address)
        yield (item, "city st zip"), _place(party.address)


# -- how things are written --------------------------------------------------------------------


def _name(party: Party) -> str:
    """LAST SUFFIX, FIRST, M; an organization by its name."""
    if not party.is_person:
        return _street(party.family)
    last = " ".join(part for part in (party.family, party.suffix) if part)
    parts = (plain(last), plain(party.given), plain(party.middle)[:1])
    return ", ".join(re.sub(r"[.,]", "", part) for part in parts if part)


def _street(text: str) -> str:
    """Capitals without punctuation; a hyphen and the stroke of a fraction stay."""
    return " ".join(re.sub(r"[^A-Z0-9&'/ -]", " ", plain(text)).split())


def _lines(address: Address) -> str:
    return _street(f"{address.line1} {address.line2}")


def _place(address: Address) -> str:
    code = re.sub(r"\D", "", address.postal_code)
    zip_code = f"{code[:5]}-{code[5:]}" if len(code) == 9 else address.postal_code
    words = (_street(address.city), address.state, plain(zip_code))
    return " ".join(word for word in words if word)


def _number(text: str) -> str:
    """A number without blanks and hyphens."""
    return re.sub(r"[\s-]", "", plain(text))


def _home(item: str, party: Party) -> Iterator[Part]:
    if party.address is not None:
        yield (item, "street"), _lines(party.address)
        yield (item, "city"), _street(party.address.city)
        yield (item, "state"), party.address.state
        yield (item, "zip"), _number(party.address.postal_code)
    if party.contact is not None and len(party.contact.phone) == 10:
        yield (item, "phone area"), party.contact.phone[:3]
        yield (item, "phone"), party.contact.phone[3:]


def _full_date(item: str, words: str, on: date | None, year: str = "YYYY") -> Iterator[Part]:
    if on is not None:
        yield (item, f"{words}MM"), f"{on.month:02}"
        yield (item, f"{words}DD"), f"{on.day:02}"
        yield (item, f"{words}{year}"), f"{on.year:04}"


def _money(item: str, words: str, cents: int) -> Iterator[Part]:
    yield (item, f"{words}$"), str(cents // 100)
    yield (item, f"{words}c"), f"{cents % 100:02}"


def _first(references: Sequence[Reference], kind: str) -> str:
    return next((one.value for one in references if one.kind == kind), "")
