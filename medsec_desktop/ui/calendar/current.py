"""The practice's formats as they are at each moment."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from medsec_desktop.services.office import Office


class CurrentFormats:
    """For date fields, which outlive a change of the practice's settings."""

    def __init__(self, office: Office):
        self._office = office

    def date(self, day: datetime.date) -> str:
        return self._office.formats.date(day)

    def parse_date(self, text: str, today: datetime.date) -> datetime.date:
        return self._office.formats.parse_date(text, today)
