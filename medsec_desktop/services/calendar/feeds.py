"""The calendar as iCalendar files, out and in."""

from __future__ import annotations

from medsec_desktop.services.practice import Practice
from medsec_desktop.services.session import Session


class CalendarFeeds:
    """Writes and reads iCalendar files."""

    def __init__(self, session: Session, practice: Practice):
        self._session = session
        self._db = session.db
        self._practice = practice
