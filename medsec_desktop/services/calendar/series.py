"""Visits that repeat: a rule, the visits made from it, and what becomes of them together."""

from __future__ import annotations

from medsec_desktop.services.practice import Practice
from medsec_desktop.services.session import Session


class SeriesBook:
    """Series of visits of one practice."""

    def __init__(self, session: Session, practice: Practice):
        self._session = session
        self._db = session.db
        self._practice = practice
