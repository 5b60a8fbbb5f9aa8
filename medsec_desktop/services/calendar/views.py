"""What a screenful of the calendar holds: day, week, month, agenda, and the saved choices of columns."""

from __future__ import annotations

from medsec_desktop.services.practice import Practice
from medsec_desktop.services.session import Session


class Views:
    """Reads stretches of the calendar, ready to paint."""

    def __init__(self, session: Session, practice: Practice):
        self._session = session
        self._db = session.db
        self._practice = practice
