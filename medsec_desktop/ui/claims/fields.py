"""The fields of a claim as data: where each stands in the claim, what it is called, how it is typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from medsec_desktop.domain.claims import words
from medsec_desktop.domain.claims.claim import Claim

LINE, DATE, MONEY, CHOICE, TICK = "line", "date", "money", "choice", "tick"
ZIP, DIGITS, CODES = "zip", "digits", "codes"
RELATION, TAX_KIND, OTHER_DATE_KIND, OTHER_DATE = (
    "relation",
    "tax kind",
    "other date kind",
    "other date",
)
CAUSES = {"AA": "Car accident", "EM": "At work", "OA": "Another accident"}


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field: its place in the claim (see domain.claims.paths), in a grid of six columns."""

    path: str
    label: str
    row: int
    column: int
    span: int = 2
    kind: str = LINE
    choices: Mapping[str, str] | None = None
    hint: str = ""
    placeholder: str = ""
    longest: int = 60


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together; `is_open` says whether a claim needs them shown at first."""

    key: str
    title: str
    fields: tuple[FieldSpec, ...]
    is_open: Callable[[Claim], bool] = lambda _: True


F = FieldSpec


def _address(path: str, row: int, street: str = "Street") -> tuple[FieldSpec, ...]:
    return (
        F(f"{path}.line1", street, row, 0, 4, longest=55),
        F(f"{path}.line2", "Apartment or suite", row, 4, 2, longest=55),
        F(f"{path}.city", "City", row + 1, 0, 3, longest=30),
        F(f"{path}.state", "State", row + 1, 3, 1, longest=2),
        F(f"{path}.postal_code", "ZIP", row + 1, 4, 2, ZIP, longest=10),
    )


def _person(path: str, row: int) -> tuple[FieldSpec, ...]:
    return (
        F(f"{path}.family", "Last name", row, 0, 2),
        F(f"{path}.given", "First name", row, 2, 2, longest=35),
        F(f"{path}.middle", "Middle", row, 4, 1, longest=25),
        F(f"{path}.suffix", "Suffix", row, 5, 1, longest=10),
    )


def _provider(role: str, row: int) -> tuple[FieldSpec, ...]:
    path, name = f"providers{{{role}}}", words.ROLES[role]
    if role == "77":
        return (
            F(f"{path}.family", f"{name}: name", row, 0, 4),
            F(f"{path}.id", "NPI", row, 4, 2, DIGITS, longest=10),
            *_address(f"{path}.address", row + 1),
        )
    return (
        F(f"{path}.family", f"{name}: last name", row, 0, 2),
        F(f"{path}.given", "First name", row, 2, 2, longest=35),
        F(f"{path}.id", "NPI", row, 4, 2, DIGITS, longest=10),
    )


def _has_second(claim: Claim) -> bool:
    return claim.patient is not None


def _has_numbers(claim: Claim) -> bool:
    return bool(
        claim.references
        or claim.note
        or claim.delay_reason
        or claim.condition_codes
        or claim.frequency != "1"
        or claim.patient_paid_cents
    )


def _has_happened(claim: Claim) -> bool:
    return bool(claim.dates or claim.causes)


GROUPS: tuple[Group, ...] = (
    Group("diagnoses", "Diagnoses", ()),
    Group("lines", "Services", ()),
    Group("insurance", "Insurance", (
        F("payer.family", "Payer", 0, 0, 3),
        F("payer.id", "Payer id", 0, 3, 1, longest=80),
        F("insured.filing", "Kind of insurance", 0, 4, 2, CHOICE, words.FILINGS),
        F("insured.rank", "Order", 1, 0, 2, CHOICE, words.RANKS),
        F("insured.party.id", "Member number", 1, 2, 2, longest=80),
        F("insured.group_number", "Group number", 1, 4, 2, longest=50),
        F("insured.group_name", "Plan or group name", 2, 0, 2),
        F("insured.insurance_type", "Why Medicare is second", 2, 2, 2, CHOICE, words.MEDICARE_SECOND),
        F("assignment", "Assignment", 2, 4, 2, CHOICE, words.ASSIGNMENTS),
        *_address("payer.address", 3, "Street of the payer"),
    )),
    Group("patient", "Patient", (
        F(RELATION, "Relation to the subscriber", 0, 0, 2, CHOICE, words.RELATIONS),
        F("who.birth_on", "Date of birth", 0, 2, 2, DATE),
        F("who.sex", "Sex", 0, 4, 2, CHOICE, words.SEXES),
        *_person("who.party", 1),
        *_address("who.party.address", 2),
    )),
    Group("subscriber", "Subscriber", (
        *_person("insured.party", 0),
        F("insured.birth_on", "Date of birth", 1, 0, 2, DATE),
        F("insured.sex", "Sex", 1, 2, 2, CHOICE, {"": "Not said", **words.SEXES}),
        *_address("insured.party.address", 2),
    ), _has_second),
    Group("providers", "Providers", (
        F("billing.family", "Bills: last or practice name", 0, 0, 3),
        F("billing.given", "First name", 0, 3, 1, longest=35),
        F("billing.id", "NPI", 0, 4, 2, DIGITS, longest=10),
        F(TAX_KIND, "Tax id is", 1, 0, 2, CHOICE, words.TAX_IDS),
        F("billing.references{tax}", "Tax id", 1, 2, 2, longest=15),
        F("billing.taxonomy", "Taxonomy", 1, 4, 2, longest=10),
        *_address("billing.address", 2, "Street (no post office box)"),
        F("providers{82}.family", "Gave the service: last name", 4, 0, 2),
        F("providers{82}.given", "First name", 4, 2, 1, longest=35),
        F("providers{82}.id", "NPI", 4, 3, 1, DIGITS, longest=10),
        F("providers{82}.taxonomy", "Taxonomy", 4, 4, 2, longest=10),
        *_provider("DN", 5),
        *_provider("DQ", 6),
    )),
    Group("facility", "Place of service", (
        F("place", "Place", 0, 0, 4, CHOICE, {key: f"{key} · {said}" for key, said in words.PLACES.items()}),
        F("benefits_assigned", "Benefits are paid", 0, 4, 2, CHOICE, words.BENEFITS),
        *_provider("77", 1),
    ), lambda claim: claim.place not in ("11", "02", "10")),
    Group("happened", "Dates and accident", (
        F("dates{431}", "Onset of illness", 0, 0, 2, DATE),
        F("dates{484}", "Last menstrual period", 0, 2, 2, DATE),
        F("dates{439}", "Accident", 0, 4, 2, DATE),
        F("causes AA", CAUSES["AA"], 1, 0, 2, TICK),
        F("causes EM", CAUSES["EM"], 1, 2, 2, TICK),
        F("causes OA", CAUSES["OA"], 1, 4, 2, TICK),
        F("accident_state", "State of the accident", 2, 0, 2, longest=2),
        F(OTHER_DATE_KIND, "Another date", 2, 2, 2, CHOICE, words.OTHER_DATES),
        F(OTHER_DATE, "on", 2, 4, 2, DATE),
        F("dates{360}", "Unable to work from", 3, 0, 2, DATE),
        F("dates{361}", "to", 3, 2, 2, DATE),
        F("dates{435}", "In hospital from", 4, 0, 2, DATE),
        F("dates{096}", "to", 4, 2, 2, DATE),
    ), _has_happened),
    Group("numbers", "Numbers and notes", (
        F("references{G1}", "Authorization", 0, 0, 2, longest=50),
        F("references{9F}", "Referral", 0, 2, 2, longest=50),
        F("references{X4}", "CLIA", 0, 4, 2, longest=50),
        F("frequency", "This claim is", 1, 0, 2, CHOICE, words.FREQUENCIES),
        F("references{F8}", "Payer’s number of the earlier claim", 1, 2, 2, longest=50),
        F("patient_paid_cents", "The patient has paid", 1, 4, 2, MONEY),
        F("note.text", "Note to the payer", 2, 0, 6, longest=80),
        F("condition_codes", "Condition codes", 3, 0, 2, CODES, longest=40),
        F("delay_reason", "Why it comes late", 3, 2, 4, CHOICE, words.DELAYS),
    ), _has_numbers),
    Group("others", "Other insurances", (), lambda claim: bool(claim.others)),
    Group("attachments", "Attachments", (), lambda claim: bool(claim.attachments)),
    Group("conditions", "Conditions (EPSDT, homebound, ambulance, vision)", (),
          lambda claim: bool(claim.conditions)),
)  # fmt: skip
