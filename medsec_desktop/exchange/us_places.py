"""States and ZIP codes of the United States as forms and payers write them."""

from __future__ import annotations

STATES = {
    "alabama": "AL", "alaska": "AK", "american samoa": "AS", "arizona": "AZ", "arkansas": "AR",
    "california": "CA", "colorado": "CO", "connecticut": "CT", "delaware": "DE",
    "district of columbia": "DC", "florida": "FL", "georgia": "GA", "guam": "GU", "hawaii": "HI",
    "idaho": "ID", "illinois": "IL", "indiana": "IN", "iowa": "IA", "kansas": "KS",
    "kentucky": "KY", "louisiana": "LA", "maine": "ME", "maryland": "MD", "massachusetts": "MA",
    "michigan": "MI", "minnesota": "MN", "mississippi": "MS", "missouri": "MO", "montana": "MT",
    "nebraska": "NE", "nevada": "NV", "new hampshire": "NH", "new jersey": "NJ",
    "new mexico": "NM", "new york": "NY", "north carolina": "NC", "north dakota": "ND",
    "northern mariana islands": "MP", "ohio": "OH", "oklahoma": "OK", "oregon": "OR",
    "pennsylvania": "PA", "puerto rico": "PR", "rhode island": "RI", "south carolina": "SC",
    "south dakota": "SD", "tennessee": "TN", "texas": "TX", "utah": "UT", "vermont": "VT",
    "virgin islands": "VI", "virginia": "VA", "washington": "WA", "west virginia": "WV",
    "wisconsin": "WI", "wyoming": "WY",
}  # fmt: skip

# Where ZIP codes begin with 0, which spreadsheets take for a number and drop.
_LEADING_ZERO = {"CT", "MA", "ME", "NH", "NJ", "PR", "RI", "VI", "VT"}


def state_code(name: str) -> str:
    """The two letters for a state's name or code, or `name` as it stands when it is neither."""
    plain = " ".join(name.split())
    if len(plain) == 2 and plain.upper() in STATES.values():
        return plain.upper()
    return STATES.get(plain.casefold(), plain)


def whole_zip(postal_code: str, state: str) -> str:
    """`postal_code` with the leading zero a spreadsheet dropped, where its state has such codes."""
    digits, dash, rest = postal_code.partition("-")
    if state in _LEADING_ZERO and digits.isascii() and digits.isdigit() and 3 <= len(digits) < 5:
        return digits.zfill(5) + dash + rest
    return postal_code
