"""A provider is away: the visits affected, a proposal for each, and how many are left."""

from __future__ import annotations

from medsec_desktop.services.calendar.calendar import Calendar
from medsec_desktop.services.calendar.finding import Finder
from medsec_desktop.services.practice import Practice
from medsec_desktop.services.session import Session


class Absences:
    """Absences of providers."""

    def __init__(self, session: Session, practice: Practice, calendar: Calendar, finder: Finder):
        self._session = session
        self._db = session.db
        self._practice = practice
        self._calendar = calendar
        self._finder = finder
