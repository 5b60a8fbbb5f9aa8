"""The calendar on paper: day sheets, weeks, months, lists, cards, slips and labels."""

from __future__ import annotations

from medsec_desktop.services.practice import Practice
from medsec_desktop.services.session import Session


class Sheets:
    """Prints the calendar of one practice."""

    def __init__(self, session: Session, practice: Practice):
        self._session = session
        self._db = session.db
        self._practice = practice
