"""The visits of the next clinic days that are to be confirmed, and what came of the calls."""

from __future__ import annotations

from medsec_desktop.services.practice import Practice
from medsec_desktop.services.session import Session


class Confirmations:
    """The confirmation list of one practice."""

    def __init__(self, session: Session, practice: Practice):
        self._session = session
        self._db = session.db
        self._practice = practice
