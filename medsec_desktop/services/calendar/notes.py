"""Sticky notes on the calendar and slots held for a while."""

from __future__ import annotations

from medsec_desktop.services.practice import Practice
from medsec_desktop.services.session import Session


class GridNotes:
    """Notes and holds of one practice."""

    def __init__(self, session: Session, practice: Practice):
        self._session = session
        self._db = session.db
        self._practice = practice
