"""In which item of the CMS-1500 a field of a claim stands: the order in which billers read a claim."""

from __future__ import annotations

import re
from functools import lru_cache

from medsec_desktop.domain.claims.claim import Claim

# Beginnings of paths with their item, the longer before the shorter; a half is what stands between two.
_ITEMS: tuple[tuple[str, float], ...] = (
    ("payer", 0),
    ("insured.filing", 1), ("insured.party.id", 1.5), ("insured.insurance_type", 1.6),
    ("insured.rank", 1.7),
    ("insured.relationship", 6), ("patient.relationship", 6),
    ("patient.party.address", 5), ("patient.party", 2), ("patient.birth_on", 3), ("patient.sex", 3),
    ("patient_paid_cents", 29), ("patient_signature", 12), ("patient", 2),
    ("others", 9),
    ("causes", 10), ("accident", 10.5), ("condition_codes", 10.6),
    ("insured.group", 11),
    ("release", 12), ("benefits_assigned", 13),
    ("dates", 14),
    ("note", 19), ("file_information", 19),
    ("diagnoses", 21),
    ("frequency", 22), ("references{F8}", 22), ("references", 23),
    ("lines", 24),
    ("billing.references", 25), ("id", 26), ("assignment", 27), ("charge_cents", 28),
    ("place", 31.5), ("billing", 33), ("pay_to", 33.5),
    ("attachments", 34), ("conditions", 34), ("delay_reason", 35), ("special_program", 35),
)  # fmt: skip
# Who is the subscriber herself stands where a patient does; another one in items of her own.
_OF_HERSELF = (("insured.party.address", 5), ("insured.party", 2), ("insured", 3))
_OF_ANOTHER = (("insured.party.address", 7), ("insured.party", 4), ("insured", 11.5))
_ROLES = {"82": 24.9, "77": 32.0}  # the others stand in item 17
_PROVIDER = re.compile(r"providers(?:\[(\d+)\]|\{(\w+)\})")
_NUMBER = re.compile(r"\[(\d+)\]")


def item_of(path: str, claim: Claim) -> tuple[float, int]:
    """The item a field stands in, and which of its list it is: what to sort messages by."""
    found = _NUMBER.search(path)
    number = int(found[1]) if found else -1
    if path.startswith("providers"):
        return _item_of_provider(path, claim), number
    return _item(path, is_herself=claim.patient is None), number


@lru_cache(1_024)
def _item(path: str, *, is_herself: bool) -> float:
    own = _OF_HERSELF if is_herself else _OF_ANOTHER
    known = (item for beginning, item in (*_ITEMS, *own) if path.startswith(beginning))
    return next(known, 99)


def _item_of_provider(path: str, claim: Claim) -> float:
    found = _PROVIDER.match(path)
    if found is None:
        return 17
    role = found[2] or ""
    if found[1] and int(found[1]) < len(claim.providers):
        role = claim.providers[int(found[1])][0]
    return _ROLES.get(role, 17)
