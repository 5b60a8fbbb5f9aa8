"""Numbers other people gave us, each a small type that refuses what its issuer would refuse."""

from __future__ import annotations

import re
from dataclasses import dataclass

from medsec_desktop.problems import Invalid


def _luhn_sum(digits: str) -> int:
    """The Luhn sum of `digits` (ISO/IEC 7812-1, Annex B); a sound number gives a multiple of ten."""
    total = 0
    for place, character in enumerate(reversed(digits)):
        value = int(character) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total


def _only_digits(text: str) -> str:
    return re.sub(r"[\s.\-]", "", text)


@dataclass(frozen=True, slots=True)
class Npi:
    """A National Provider Identifier: ten digits, the last a check digit.

    Raises Invalid for anything else. Source: 45 CFR 162.406; the check digit is Luhn's over the
    number with 80840 (the card-issuer prefix for United States health care) set before it.
    """

    number: str

    def __post_init__(self) -> None:
        digits = _only_digits(self.number)
        if not (digits.isascii() and digits.isdigit()):
            raise Invalid(
                "An NPI has digits only.", remedy="Copy the ten digits again.", field="npi"
            )
        if len(digits) != 10:
            raise Invalid(
                f"An NPI has 10 digits; this one has {len(digits)}.",
                remedy="Copy the number again.",
                field="npi",
            )
        if digits[0] not in "12":
            raise Invalid(
                "An NPI begins with 1 or 2.", remedy="Copy the number again.", field="npi"
            )
        if _luhn_sum("80840" + digits) % 10:
            raise Invalid(
                "This NPI’s check digit does not fit: a digit is wrong or two are swapped.",
                remedy="Compare it with the original.",
                field="npi",
            )
        object.__setattr__(self, "number", digits)

    def __str__(self) -> str:
        return self.number


# Two-digit prefixes the Internal Revenue Service has assigned to its campuses and to the internet.
# Source: irs.gov, "How EINs are assigned and valid EIN prefixes".
_NEVER_ISSUED = frozenset({"00", "07", "08", "09", "17", "18", "19", "28", "29", "49", "69", "70",
                           "78", "79", "89", "96", "97"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class TaxId:
    """An employer identification number, as CMS-1500 box 25 asks for it: nine digits.

    Raises Invalid for anything else, and for prefixes the Internal Revenue Service never issued.
    """

    number: str

    def __post_init__(self) -> None:
        digits = _only_digits(self.number)
        if not (digits.isascii() and digits.isdigit() and len(digits) == 9):
            raise Invalid(
                "A tax id (EIN) has 9 digits.", remedy="Type it like 12-3456789.", field="tax_id"
            )
        if digits[:2] in _NEVER_ISSUED:
            raise Invalid(
                f"No tax id (EIN) begins with {digits[:2]}.",
                remedy="Compare it with the letter from the IRS.",
                field="tax_id",
            )
        object.__setattr__(self, "number", digits)

    def __str__(self) -> str:
        return f"{self.number[:2]}-{self.number[2:]}"


_ZIP = re.compile(r"\d{5}(-?\d{4})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class ZipCode:
    """A United States ZIP code, five digits or nine, kept as 02115 or 02115-1234. Raises Invalid."""

    number: str

    def __post_init__(self) -> None:
        text = self.number.strip()
        if not _ZIP.fullmatch(text):
            raise Invalid("A ZIP code has 5 digits, or 9 like 02115-1234.", field="postal_code")
        digits = text.replace("-", "")
        object.__setattr__(
            self, "number", digits if len(digits) == 5 else f"{digits[:5]}-{digits[5:]}"
        )

    def __str__(self) -> str:
        return self.number


_TAXONOMY = re.compile(r"[0-9]{3}[0-9A-Z]{6}X", re.ASCII)


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """What a provider is, by the NUCC's code: ten characters, three digits first and X last.

    Raises Invalid for another shape; whether the code exists is the list's matter. Source: NUCC
    Health Care Provider Taxonomy, code structure; X12 loop 2000A, PRV03.
    """

    code: str

    def __post_init__(self) -> None:
        code = self.code.strip().upper()
        if not _TAXONOMY.fullmatch(code):
            raise Invalid(
                "A taxonomy code has ten characters like 207Q00000X.",
                remedy="Copy it again.",
                field="taxonomy",
            )
        object.__setattr__(self, "code", code)

    def __str__(self) -> str:
        return self.code
