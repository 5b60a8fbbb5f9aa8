"""Addresses as two of them are compared: house number, street, town and ZIP, each on its own.

Files rarely spell one address alike: "12 Main St Apt 3" and "12 Main Street #3" are one place, and
a town with a letter missing still is that town.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA, Indel

from medsec_desktop.domain.people import fold

SAME, NEARLY, PARTLY = 17, 12, 8  # of the 23 points that two addresses can have in common

_NUMBER, _STREET, _MORE, _CITY, _POSTAL = 4, 8, 3, 4, 4
_ALIKE = 0.8  # share of letters in common from which two streets or towns are one, misspelt
# How the Postal Service shortens what streets and units end in (Publication 28, appendix C).
_IN_FULL = {
    "ave": "avenue", "av": "avenue", "blvd": "boulevard", "cir": "circle", "ct": "court",
    "cres": "crescent", "dr": "drive", "hwy": "highway", "ln": "lane", "pkwy": "parkway",
    "pl": "place", "rd": "road", "sq": "square", "st": "street", "ter": "terrace",
    "trl": "trail", "n": "north", "s": "south", "e": "east", "w": "west",
    "apartment": "", "apt": "", "unit": "", "suite": "", "ste": "", "no": "", "number": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """One address, folded; what is unknown stays empty."""

    number: str
    street: str
    more: str  # the second line: an apartment, a building
    city: str
    postal: str


@lru_cache(maxsize=50_000)
def place_of(line1: str, line2: str = "", city: str = "", postal_code: str = "") -> Place:
    """An address as it stands on file, made ready to be compared."""
    words = _words(line1)
    # The house number leads the line here; where it follows, as in much of Europe, it is found too.
    at = next((at for at, word in enumerate(words) if word[0].isdigit()), -1)
    number = words.pop(at) if at >= 0 and at in (0, len(words) - 1) else ""
    return Place(number, " ".join(words), " ".join(_words(line2)), fold(city), _postal(postal_code))


def in_common(one: Place, two: Place) -> int:
    """How much of two addresses agrees, 0 to 23: see SAME, NEARLY and PARTLY.

    The same town alone is nothing: most patients of a practice live in it.
    """
    # The two lines are often filled in the other way round.
    straight = _alike(one.street, two.street, _STREET) + _alike(one.more, two.more, _MORE)
    crossed = _alike(one.street, two.more, _STREET) + _alike(one.more, two.street, _STREET)
    door = min(max(straight, crossed), _STREET + _MORE) + _number(one.number, two.number)
    if door < _NUMBER:
        return 0
    points = door + _alike(one.city, two.city, _CITY) + _postal_in_common(one.postal, two.postal)
    if one.number and two.number and one.number != two.number:
        # Two doors of a street are two addresses: a slip of the finger at best.
        points = min(points, SAME - 1) if _one_slip(one.number, two.number) else points - 5
    return points


def _number(one: str, two: str) -> int:
    if not one or not two:
        return 0
    return _NUMBER if one == two else _NUMBER // 2 if _one_slip(one, two) else 0


def _postal_in_common(one: str, two: str) -> int:
    if not one or not two:
        return 0
    return _POSTAL if one == two else _POSTAL - 1 if _one_slip(one, two) else 0


def _alike(one: str, two: str, points: int) -> int:
    if not one or not two:
        return 0
    if one == two:
        return points
    likeness = Indel.normalized_similarity(
        one.replace(" ", ""), two.replace(" ", ""), score_cutoff=_ALIKE
    )
    return points - 1 if likeness else 0


def _one_slip(one: str, two: str) -> bool:
    return OSA.distance(one, two, score_cutoff=1) <= 1 and max(len(one), len(two)) > 1


def _words(line: str) -> list[str]:
    words = (_IN_FULL.get(word, word) for word in fold(line).split())
    return [word for word in words if word]


def _postal(code: str) -> str:
    """The five digits everybody knows of a ZIP+4; another country's code as it is."""
    compact = fold(code).replace(" ", "")
    return compact[:5] if compact.isdigit() else compact
