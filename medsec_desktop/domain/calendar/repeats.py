"""How time that is kept free repeats: a small part of RFC 5545, answered by arithmetic.

A block-out may have stood for years, and every screenful of the calendar asks where it stands; so
a day is tested by counting weeks or months from the first one, not by walking there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from medsec_desktop.domain.formats import WEEKDAYS
from medsec_desktop.problems import Invalid

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last"}
WORKDAYS = frozenset(range(5))


@dataclass(frozen=True, slots=True)
class Repeat:
    """Every day, week or month, or every few of them; kept as the value of an RRULE.

    Weekly it stands on `weekdays` (Monday is 0). Monthly it stands on the day of the month it began
    on, left out in months without one, or on the `nth` of its one weekday; -1 is the last.
    Raises Invalid for what cannot be meant.
    """

    frequency: str  # "daily", "weekly" or "monthly"
    every: int = 1
    weekdays: frozenset[int] = frozenset()
    nth: int = 0

    def __post_init__(self) -> None:
        days_wanted = {"daily": (0,), "weekly": range(1, 8), "monthly": (1,) if self.nth else (0,)}
        if (
            self.frequency not in days_wanted
            or not 1 <= self.every <= 99
            or not self.weekdays <= set(range(7))
            or len(self.weekdays) not in days_wanted[self.frequency]
            or (self.nth and (self.frequency != "monthly" or self.nth not in _ORDINALS))
        ):
            raise Invalid("This is not a way to repeat.", remedy="Choose days of the week.")

    @classmethod
    def parse(cls, rule: str) -> Repeat:
        """What `rule` stands for. Raises Invalid for a rule that says more than is known here."""
        parts = dict(part.partition("=")[::2] for part in rule.upper().split(";"))
        parts.pop("BYMONTHDAY", None)  # the day it began on, said again
        frequency = parts.pop("FREQ", "").lower()
        every, days = parts.pop("INTERVAL", "1"), parts.pop("BYDAY", "")
        nth, names = 0, [name for name in days.split(",") if name]
        if frequency == "monthly" and len(names) == 1:
            number, names = names[0][:-2], [names[0][-2:]]
            nth = int(number) if number.removeprefix("-").isdigit() else 9
        if parts or not every.isdigit() or any(name not in _DAYS for name in names):
            raise Invalid(f"“{rule}” is not a way time is kept free here.")
        return cls(frequency, int(every), frozenset(map(_DAYS.index, names)), nth)

    @property
    def rule(self) -> str:
        """As it is kept: FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH."""
        text = f"FREQ={self.frequency.upper()}"
        if self.every > 1:
            text += f";INTERVAL={self.every}"
        if self.weekdays:
            number = str(self.nth) if self.nth else ""
            text += ";BYDAY=" + ",".join(number + _DAYS[day] for day in sorted(self.weekdays))
        return text

    def words(self, starts_on: date) -> str:
        """As one says it: every weekday, every 2 weeks on Monday and Thursday, every last Friday."""
        days = [WEEKDAYS[day] for day in sorted(self.weekdays)]
        if self.frequency == "daily":
            return "every day" if self.every == 1 else f"every {self.every} days"
        if self.frequency == "weekly":
            if self.every == 1 and self.weekdays == WORKDAYS:
                return "every weekday"
            named = days[0] if len(days) == 1 else f"{', '.join(days[:-1])} and {days[-1]}"
            return f"every {named}" if self.every == 1 else f"every {self.every} weeks on {named}"
        months = "month" if self.every == 1 else f"{self.every} months"
        if self.nth:
            return f"every {months} on the {_ORDINALS[self.nth]} {days[0]}"
        return f"every {months} on day {starts_on.day}"

    def stands_on(self, day: date, starts_on: date) -> bool:
        """Whether what began on `starts_on` takes place on `day`."""
        if day < starts_on:
            return False
        if self.frequency == "daily":
            return (day - starts_on).days % self.every == 0
        if self.frequency == "weekly":
            weeks = (_monday(day) - _monday(starts_on)).days // 7
            return day.weekday() in self.weekdays and weeks % self.every == 0
        months = (day.year - starts_on.year) * 12 + day.month - starts_on.month
        if months % self.every:
            return False
        if not self.nth:
            return day.day == starts_on.day
        if day.weekday() not in self.weekdays:
            return False
        if self.nth == -1:
            return (day + timedelta(days=7)).month != day.month
        return (day.day - 1) // 7 + 1 == self.nth


def days_of(
    rule: str, starts_on: date, last_on: date | None, first: date, last: date
) -> list[date]:
    """The days from `first` to `last` on which it stands; without a rule `starts_on` alone."""
    first = max(first, starts_on)
    last = last if last_on is None else min(last, last_on)
    if not rule:
        return [starts_on] if first <= starts_on <= last else []
    repeat = Repeat.parse(rule)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if repeat.stands_on(day, starts_on)]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
