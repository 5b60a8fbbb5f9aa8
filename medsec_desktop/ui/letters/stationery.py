"""What stands around the words of a letter, shown on the editor's sheet as it prints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from medsec_desktop.ui.letters.editing.painting import Stationery

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk


def stationery(desk: Desk, language: str, recipient: Sequence[str], date: str) -> Stationery:
    """The practice's letterhead in that language, with an address and a date."""
    profile = desk.office.practice.profile()
    return Stationery(
        profile.name,
        tuple(recipient),
        date,
        profile.footer,
        desk.office.letters.first_page(language, recipient, date),
    )
