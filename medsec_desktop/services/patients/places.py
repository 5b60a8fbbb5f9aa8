"""Cities by ZIP code, from the list of the postal service that a library brings along."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where a ZIP code is: what the postal service calls the city, and other names it accepts."""

    city: str
    state: str
    also: tuple[str, ...] = ()


def place_of(postal_code: str) -> Place | None:
    """The place of a US ZIP code, or None. The first call reads the list and takes a moment: ask
    it from a thread of its own."""
    if not re.fullmatch(r"\d{5}(-?\d{4})?", postal_code.strip()):
        return None
    import zipcodes  # some 50 MB while it is asked; most sittings never do

    found = zipcodes.matching(postal_code.strip()[:5])  # type: ignore[no-untyped-call]
    if not found:
        return None
    return Place(found[0]["city"], found[0]["state"], tuple(found[0]["acceptable_cities"]))
