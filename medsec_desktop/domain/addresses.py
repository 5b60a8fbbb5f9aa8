"""Postal addresses: what stands on an envelope, and the shapes postal codes have."""

from __future__ import annotations

import re

from medsec_desktop.problems import Invalid

_POSTAL_CODES = {  # ISO 3166 country: the shape of its postal codes
    "US": re.compile(r"\d{5}(-\d{4})?"),
    "CA": re.compile(r"[A-Z]\d[A-Z] \d[A-Z]\d"),
    "GB": re.compile(r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}"),
    "MX": re.compile(r"\d{5}"), "DE": re.compile(r"\d{5}"), "FR": re.compile(r"\d{5}"),
    "ES": re.compile(r"\d{5}"), "IT": re.compile(r"\d{5}"), "AT": re.compile(r"\d{4}"),
    "CH": re.compile(r"\d{4}"), "AU": re.compile(r"\d{4}"), "NZ": re.compile(r"\d{4}"),
}  # fmt: skip
_POSTAL_EXAMPLES = {"US": "02139 or 02139-4307", "CA": "K1A 0B1", "GB": "SW1A 1AA"}


def checked_place(country: str, state: str, postal_code: str, field: str) -> tuple[str, str, str]:
    """Country, state and postal code as they are kept. Raises Invalid naming `field.state` or such."""
    kept = country.upper() or "US"
    if not re.fullmatch(r"[A-Z]{2}", kept):
        raise Invalid(
            f"“{country}” is not a country code.",
            remedy="Two letters, such as US or CA.",
            field=f"{field}.country",
        )
    state = state.upper() if len(state) == 2 else state
    if kept == "US" and state and not re.fullmatch(r"[A-Z]{2}", state):
        raise Invalid("A state is two letters, such as MA.", field=f"{field}.state")
    return kept, state, checked_postal_code(postal_code, kept, field)


def checked_postal_code(text: str, country: str, field: str) -> str:
    """A postal code as it is kept. Raises Invalid naming `field.postal_code`."""
    shape = _POSTAL_CODES.get(country)
    if not text or shape is None:
        return text
    code = text.upper()
    packed = re.sub(r"[\s-]", "", code)
    if country == "US":
        code = f"{packed[:5]}-{packed[5:]}" if len(packed) == 9 else packed
    elif country in ("CA", "GB"):
        code = f"{packed[:-3]} {packed[-3:]}"
    if not shape.fullmatch(code):
        what = "ZIP code" if country == "US" else "postal code"
        example = _POSTAL_EXAMPLES.get(country, "")
        raise Invalid(
            f"“{text}” is not a {what} of {country}.",
            remedy=f"It looks like {example}." if example else "",
            field=f"{field}.postal_code",
        )
    return code


def place_line(city: str, state: str, postal_code: str) -> str:
    """The last line of an address: `Cambridge, MA 02139`."""
    return ", ".join(part for part in (city, f"{state} {postal_code}".strip()) if part)
