"""Parts of a claim as somebody types them on one line: “AB”, “25 59”, “CO 45 29.50, PR 3 6.00”.

Each has its way back, so that a form shows what stands in the claim and takes what is typed.
"""

from __future__ import annotations

import re
from dataclasses import replace

from medsec_desktop.domain.claims.claim import Adjusted, Claim, Insured, Party, Patient
from medsec_desktop.domain.money import Money
from medsec_desktop.problems import Invalid

LETTERS = "ABCDEFGHIJKL"
SELF = "18"
_ADJUSTED = re.compile(r"([A-Z]{2})[\s-]*([A-Z]?\d{1,3})\s+\$?(-?[\d,]+(?:\.\d{1,2})?)", re.ASCII)


def pointers_text(pointers: tuple[int, ...]) -> str:
    """“AB” for the first two diagnoses."""
    return "".join(LETTERS[one - 1] for one in pointers if 1 <= one <= len(LETTERS))


def pointers_of(text: str) -> tuple[int, ...]:
    """The diagnoses a line points to, typed as letters or numbers: “AB”, “a, b”, “1 2”. Raises Invalid."""
    found: list[int] = []
    for word in re.findall(r"\d+|[A-Za-z]", text):
        number = int(word) if word.isdigit() else LETTERS.find(word.upper()) + 1
        if not 1 <= number <= len(LETTERS):
            raise Invalid(
                f"“{word}” points to no diagnosis.", remedy="Type letters from A to L, such as AB."
            )
        found.append(number)
    if not found and text.strip():
        raise Invalid(f"“{text}” points to no diagnosis.", remedy="Type letters, such as AB.")
    return tuple(found)


def modifiers_of(text: str) -> tuple[str, ...]:
    """The modifiers typed one after the other, with blanks, commas or nothing between them."""
    words = re.findall(r"[0-9A-Za-z]+", text.upper())
    return tuple(word[at : at + 2] for word in words for at in range(0, len(word), 2))


def adjustments_text(adjustments: tuple[Adjusted, ...]) -> str:
    """“CO 45 29.50, PR 3 6.00”."""
    return ", ".join(
        f"{one.group} {one.reason} {Money(one.amount_cents)}".replace(",", "")
        for one in adjustments
    )


def adjustments_of(text: str) -> tuple[Adjusted, ...]:
    """What another payer did not pay, as group, reason and amount. Raises Invalid."""
    found = [
        Adjusted(group, reason, Money.parse(amount).cents)
        for group, reason, amount in _ADJUSTED.findall(text.upper())
    ]
    rest = _ADJUSTED.sub("", text.upper())
    if re.search(r"[0-9A-Z]", rest):
        raise Invalid(
            f"“{text.strip()}” is not understood.",
            remedy="Type group, reason and amount as the payer wrote them: CO 45 29.50, PR 3 6.00.",
        )
    return tuple(found)


# -- who is insured ------------------------------------------------------------------------------


def relation_of(claim: Claim) -> str:
    """How the patient is related to the subscriber; 18 is herself."""
    return SELF if claim.patient is None else claim.patient.relationship


def with_relation(claim: Claim, relation: str) -> Claim:
    """The claim with another relation: a patient who is the subscriber has no place of her own.

    What is known of the patient stays hers; the subscriber keeps her number.
    """
    if relation == relation_of(claim):
        return claim
    insured = claim.insured
    if relation == SELF:
        assert claim.patient is not None
        mine = claim.patient
        party = replace(mine.party, id_kind=insured.party.id_kind, id=insured.party.id)
        own = replace(insured, party=party, relationship=SELF, birth_on=mine.birth_on, sex=mine.sex)
        return replace(claim, patient=None, insured=own)
    if claim.patient is not None:
        return replace(claim, patient=replace(claim.patient, relationship=relation))
    party = replace(insured.party, id_kind="", id="")
    patient = Patient(party, relation, insured.birth_on, insured.sex)
    holder = Party(is_person=True, id_kind=insured.party.id_kind, id=insured.party.id)
    return replace(claim, patient=patient, insured=_without_person(insured, holder))


def _without_person(insured: Insured, holder: Party) -> Insured:
    return replace(insured, party=holder, relationship="", birth_on=None, sex="")
