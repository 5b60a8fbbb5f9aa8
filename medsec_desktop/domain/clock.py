"""What time it is, as something a caller is handed rather than something it asks the machine for."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time: the clinic's wall clock for the calendar, UTC for the audit trail."""

    def now(self) -> datetime:
        """The clinic's wall-clock time, without a time zone."""
        ...

    def now_utc(self) -> datetime:
        """The same instant in UTC, with its time zone."""
        ...

    def today(self) -> date:
        """The clinic's date."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now()

    def now_utc(self) -> datetime:
        return datetime.now(UTC)

    def today(self) -> date:
        return self.now().date()


class FixedClock:
    """A clock that stands still until it is moved; for tests and for the demo clinic's pictures."""

    def __init__(self, at: datetime):
        self._at = at

    def now(self) -> datetime:
        return self._at

    def now_utc(self) -> datetime:
        return self._at.replace(tzinfo=UTC)

    def today(self) -> date:
        return self._at.date()

    def advance(self, by: timedelta) -> None:
        self._at += by


def utc_text(at: datetime) -> str:
    """`at` as the audit trail stores it: 2026-03-14T15:09:26.535897Z, which sorts as it reads."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"
