"""What a practice may require in every file, and what of it is missing in one."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from medsec_desktop.problems import Invalid


@dataclass(frozen=True, slots=True)
class Requirable:
    """A thing that can be asked of every file; `has` is asked of a draft or of a file as read."""

    name: str
    label: str
    sentence: str
    has: Callable[[Any], bool]
    field: str = ""  # where the form shows it, if not under its own name


REQUIRABLE = (
    Requirable("given", "Given name", "Type the given name.", lambda it: bool(it.name.given)),
    Requirable("birth", "Date of birth", "Ask for the date of birth; a year alone will do.",
               lambda it: it.birth is not None),
    Requirable("sex", "Sex", "Choose the sex the payer has on record.", lambda it: it.sex != "U"),
    Requirable("phones", "Phone", "Add a number to call.",
               lambda it: bool(it.phones)),
    Requirable("email", "E-mail", "Ask for an e-mail address.", lambda it: bool(it.email)),
    Requirable("addresses", "Address", "Add an address.", lambda it: bool(it.addresses)),
    Requirable("contact_preference", "Preferred contact", "Choose how the patient likes to be reached.",
               lambda it: bool(it.contact_preference)),
    Requirable("emergency_contact", "Emergency contact",
               "Add somebody to call in an emergency, and check it.",
               lambda it: any(person.is_emergency_contact for person in it.people),
               field="people"),
    Requirable("ssn", "SSN", "Type the social security number, or its last four digits.",
               lambda it: it.ssn != ""),
    Requirable("marital_status", "Marital status", "Choose the marital status.",
               lambda it: bool(it.marital_status)),
    Requirable("language", "Language", "Choose the language spoken.",
               lambda it: bool(it.language)),
    Requirable("employer", "Employer", "Type the employer, or “none”.",
               lambda it: bool(it.employer)),
    Requirable("primary_provider_id", "Primary provider", "Choose a primary provider.",
               lambda it: it.primary_provider_id is not None),
    Requirable("referring_provider_id", "Referring provider", "Choose who referred the patient.",
               lambda it: it.referring_provider_id is not None),
)  # fmt: skip
BY_NAME = {each.name: each for each in REQUIRABLE}


def read_required(text: str) -> frozenset[str]:
    """The names in a stored list such as `birth phones`; what is not known any more is left out."""
    return frozenset(text.split()) & BY_NAME.keys()


def missing(it: Any, required: Collection[str]) -> list[Invalid]:
    """A fault for everything required that a draft, or a file as read, does not have."""
    return [
        Invalid(
            f"This practice asks every patient for this: {each.label}.",
            remedy=each.sentence,
            field=each.field or each.name,
        )
        for each in REQUIRABLE
        if each.name in required and not each.has(it)
    ]
