"""Who would come sooner, who fits a slot that opened, and what came of calling her."""

from __future__ import annotations

from medsec_desktop.services.practice import Practice
from medsec_desktop.services.session import Session


class WaitingList:
    """The waiting list of one practice."""

    def __init__(self, session: Session, practice: Practice):
        self._session = session
        self._db = session.db
        self._practice = practice
