"""What the calendar tab shows: which days, in which view, and whose columns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from medsec_desktop.domain.formats import MONTHS
from medsec_desktop.services.calendar.views import ColumnChoice, ColumnKey, SavedView, Views
from medsec_desktop.ui.calendar.grid import captions

if TYPE_CHECKING:
    from medsec_desktop.domain.formats import Formats

VIEWS = {
    "day": "Day",
    "work_week": "Work week",
    "week": "Week",
    "month": "Month",
    "agenda": "Agenda",
}
GRIDS = ("day", "work_week", "week")
_AGENDA_DAYS = 14
EVERYBODY, ROOMS = "provider", "room"


@dataclass(slots=True)
class Shown:
    """The choice a secretary has made; whose columns is kept apart for days and for weeks.

    `who` is "provider" or "room" for all of them, "saved:3" for a saved view, or one column
    ("provider:4").
    """

    day: date
    kind: str = "day"
    who: str = EVERYBODY
    week_who: str = ""  # "" until a week is looked at: then whoever the cursor stands with
    saved: tuple[SavedView, ...] = ()
    choices: tuple[ColumnChoice, ...] = ()  # every column that may be shown

    @property
    def is_grid(self) -> bool:
        return self.kind in GRIDS

    @property
    def is_week(self) -> bool:
        return self.kind in ("week", "work_week")

    @property
    def whose(self) -> str:
        """Whose columns the view in force has."""
        return (self.week_who or self.who) if self.is_week else self.who

    def choose(self, who: str) -> None:
        """Show somebody else's columns."""
        if self.is_week:
            self.week_who = who
        else:
            self.who = who

    def keys(self) -> tuple[tuple[ColumnKey, ...] | None, str]:
        """The columns to read, or None for all of the kind given beside it."""
        whose = self.whose
        if whose in (EVERYBODY, ROOMS):
            return None, whose
        if whose.startswith("saved:"):
            number = int(whose.partition(":")[2])
            for view in self.saved:
                if view.id == number:
                    return view.columns, EVERYBODY
            return None, EVERYBODY
        return (ColumnKey.parse(whose),), EVERYBODY

    def read_choices(self, views: Views) -> None:
        """Read what may be chosen again; who is gone gives way to everybody."""
        self.saved = views.saved()
        self.choices = views.choices()
        known = {EVERYBODY, ROOMS, *(f"saved:{view.id}" for view in self.saved)}
        known |= {str(choice.key) for choice in self.choices}
        if self.who not in known:
            self.who = EVERYBODY
        if self.week_who not in known:
            self.week_who = ""

    def days(self, week_starts_on: int) -> tuple[date, ...]:
        """The days on the screen, in order."""
        if self.kind == "day":
            return (self.day,)
        if self.kind == "agenda":
            return tuple(self.day + timedelta(days=n) for n in range(_AGENDA_DAYS))
        if self.kind == "month":
            first = self.day.replace(day=1)
            first -= timedelta(days=(first.weekday() - week_starts_on) % 7)
            return tuple(first + timedelta(days=n) for n in range(42))
        first = self.day - timedelta(days=(self.day.weekday() - week_starts_on) % 7)
        week = tuple(first + timedelta(days=n) for n in range(7))
        return week if self.kind == "week" else tuple(d for d in week if d.weekday() < 5)

    def heading(self, formats: Formats) -> str:
        """What stands over the view."""
        if self.kind == "month":
            return f"{MONTHS[self.day.month - 1]} {self.day.year}"
        return captions.period(self.days(formats.week_starts_on), formats)
