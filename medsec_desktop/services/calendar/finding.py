"""Finds free slots: by type, providers, days, times of day, rooms, several visits at once."""

from __future__ import annotations

from medsec_desktop.services.practice import Practice
from medsec_desktop.services.session import Session


class Finder:
    """Looks for free slots."""

    def __init__(self, session: Session, practice: Practice):
        self._session = session
        self._db = session.db
        self._practice = practice
