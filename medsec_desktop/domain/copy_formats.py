"""“Copy for…”: a text with fields of a closed list, filled from a file and put on the clipboard."""

from __future__ import annotations

import re
from collections.abc import Mapping

from medsec_desktop.problems import Invalid

FIELDS = {
    "name": "Name as spoken",
    "full": "Whole name",
    "listed": "Family name first",
    "first": "Given name",
    "middle": "Middle name",
    "last": "Family name",
    "preferred": "Preferred name",
    "birth": "Date of birth",
    "age": "Age",
    "sex": "Sex",
    "pronouns": "Pronouns",
    "chart": "Chart number",
    "phone": "First phone",
    "mobile": "Mobile phone",
    "home_phone": "Home phone",
    "work_phone": "Work phone",
    "email": "E-mail",
    "street": "Street",
    "unit": "Apartment, unit",
    "city": "City",
    "state": "State",
    "zip": "ZIP code",
    "language": "Language",
    "payer": "Primary payer",
    "plan": "Plan",
    "member": "Member id",
    "group": "Group number",
    "subscriber": "Subscriber",
    "guarantor": "Guarantor",
    "emergency": "Emergency contact",
    "emergency_phone": "Phone of the emergency contact",
    "provider": "Primary provider",
    "next_visit": "Next visit",
    "today": "Today’s date",
}
SHIPPED = (
    ("Address label", "{full}\n{street}\n{unit}\n{city}, {state} {zip}"),
    ("Portal line", "{last}, {first} {middle}; {birth}; {sex}; {phone}; {payer} {member}"),
    ("Phone line", "{listed}, {birth}: {phone}"),
)
LONGEST = 2_000
_FIELD = re.compile(r"\{([a-z_]+)\}")
_BRACES = re.compile(r"\{[^{}\n]*\}")
# What only stood between two values, once one of them is not there.
_DOUBLED = re.compile(r"(?<=[,;:·|/])(?:[ ]*[,;:·|/])+")
_LEFT_OVER = re.compile(r"^[\s,;:·|/]+|[\s,;:·|/]+$")


def checked_format(text: str) -> str:
    """A format as it is kept. Raises Invalid for a field that is not in the list, naming it."""
    if not text.strip():
        raise Invalid("There is nothing to copy in it.", remedy="Pick a field.", field="text")
    if len(text) > LONGEST:
        raise Invalid(f"This is longer than {LONGEST:,} letters.", field="text")
    for found in _BRACES.findall(text):
        if found[1:-1] not in FIELDS:
            raise Invalid(
                f"There is no field {found}.",
                remedy="Pick one of the list; they are written as there.",
                field="text",
            )
    return text.strip("\n")


def fill(text: str, values: Mapping[str, str]) -> str:
    """The format with its fields filled in. A line whose fields are all empty is left out, and so
    are the commas around an empty one."""
    lines = []
    for line in text.split("\n"):
        names = [name for name in _FIELD.findall(line) if name in FIELDS]
        if names and not any(values.get(name) for name in names):
            continue
        filled = _FIELD.sub(
            lambda found: values.get(found[1], "") if found[1] in FIELDS else found[0], line
        )
        if any(not values.get(name) for name in names):
            filled = _LEFT_OVER.sub("", _DOUBLED.sub("", " ".join(filled.split(" "))))
            filled = re.sub(r"[ ]+([,;:])", r"\1", re.sub(r"[ ]{2,}", " ", filled))
        lines.append(filled)
    return "\n".join(lines)
