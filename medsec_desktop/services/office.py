"""The open practice, as each screen is handed it: who is working, and all the verbs."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from medsec_desktop.domain.clock import Clock
from medsec_desktop.services.session import Changes, Session
from medsec_desktop.store.database import close_practice
from medsec_desktop.store.lock import PracticeLock

if TYPE_CHECKING:
    from medsec_desktop.domain.formats import Formats
    from medsec_desktop.services.backups import Backups
    from medsec_desktop.services.calendar import Calendar
    from medsec_desktop.services.drafts import Drafts
    from medsec_desktop.services.find import Find
    from medsec_desktop.services.imports import Imports
    from medsec_desktop.services.letters import Letters
    from medsec_desktop.services.patients import Patients
    from medsec_desktop.services.practice import Practice
    from medsec_desktop.services.users import Users


class Office:
    """One open practice. Each part is made, and imported, when it is first asked for."""

    def __init__(self, session: Session, lock: PracticeLock | None = None):
        self.session = session
        self._lock = lock
        session.guard(self._bring_calendar_rules)

    @property
    def clock(self) -> Clock:
        return self.session.clock

    @property
    def formats(self) -> Formats:
        """How this practice writes dates, times and phone numbers."""
        return self.practice.formats

    @cached_property
    def practice(self) -> Practice:
        from medsec_desktop.services.practice import Practice

        return Practice(self.session)

    @cached_property
    def users(self) -> Users:
        from medsec_desktop.services.users import Users

        return Users(self.session)

    @cached_property
    def patients(self) -> Patients:
        from medsec_desktop.services.patients import Patients

        return Patients(self.session, self.practice)

    @cached_property
    def calendar(self) -> Calendar:
        from medsec_desktop.services.calendar import Calendar

        return Calendar(self.session, self.practice)

    @cached_property
    def letters(self) -> Letters:
        from medsec_desktop.services.letters import Letters

        return Letters(self.session, self.practice)

    @cached_property
    def drafts(self) -> Drafts:
        from medsec_desktop.services.drafts import Drafts

        return Drafts(self.session)

    @cached_property
    def imports(self) -> Imports:
        from medsec_desktop.services.imports import Imports

        return Imports(self.session, self.practice)

    @cached_property
    def backups(self) -> Backups:
        from medsec_desktop.services.backups import Backups

        return Backups(self.session, self.practice)

    def _bring_calendar_rules(self, changes: Changes) -> None:
        """Have the calendar's guard asked about a visit also where nobody opened a calendar yet."""
        if changes.touches("appointment"):
            _ = self.calendar  # registers its guard, which is asked after this one

    @cached_property
    def find(self) -> Find:
        from medsec_desktop.services.find import Find

        return Find(self)

    def close(self) -> None:
        """Close the practice in good order and give its lock back."""
        try:
            close_practice(self.session.db)
        finally:
            if self._lock is not None:
                self._lock.release()
