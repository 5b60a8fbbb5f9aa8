"""What stands around the words of a letter, shown on the editor's sheet as it prints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from medsec_desktop.ui.letters.editing.painting import Stationery

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_PHONES = {"es": ("Teléfono", "Fax")}


def stationery(desk: Desk, language: str, recipient: Sequence[str], date: str) -> Stationery:
    """The practice's letterhead in that language, with an address and a date."""
    profile = desk.office.practice.profile()
    *street, place = profile.address_lines or ("",)
    phone, fax = _PHONES.get(language, ("Phone", "Fax"))
    contact = (
        ", ".join(street),
        place,
        f"{phone} {profile.phone}" if profile.phone else "",
        f"{fax} {profile.fax}" if profile.fax else "",
        profile.email,
        profile.website,
    )
    return Stationery(
        profile.name,
        profile.tagline,
        tuple(line for line in contact if line),
        tuple(recipient),
        date,
        profile.footer,
    )
