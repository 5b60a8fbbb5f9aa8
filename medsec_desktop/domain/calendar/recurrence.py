"""How a series of visits repeats: RFC 5545 rules, read, written, said in words and counted out.

The counting is python-dateutil's, imported when first needed. What it gets wrong, what repeats
within a day and what can never happen is refused when the rule is read, each with a sentence:

* FREQ=YEARLY with BYMONTHDAY and no BYMONTH, which programs read in different ways;
* FREQ=WEEKLY with BYSETPOS, which dateutil counts from the first visit and not from the week's start;
* FREQ=HOURLY and shorter, times within a rule (BYHOUR …), BYWEEKNO, BYYEARDAY: no clinic books so.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from medsec_desktop.domain.formats import MONTHS, WEEKDAYS, Formats
from medsec_desktop.problems import Invalid

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOST_VISITS = 366  # a series longer than this is a slip of the finger
_HORIZON = timedelta(days=3660)  # ten years: no rule is counted out further than this
_END_OF_DAY = time(23, 59)
_NTHS = {
    1: "first",
    2: "second",
    3: "third",
    4: "fourth",
    5: "fifth",
    -1: "last",
    -2: "second-last",
}
_NUMBERS = {
    "COUNT": (1, MOST_VISITS), "INTERVAL": (1, 99), "BYMONTH": (1, 12), "BYMONTHDAY": (-31, 31),
    "BYSETPOS": (-31, 31),
}  # fmt: skip
_UNITS = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A rule, checked: every one that can be built can be counted out. Raises Invalid.

    `weekdays` pairs a number with a weekday (Monday is 0): (2, 1) is the second Tuesday, (-1, 4) the
    last Friday, (0, 0) every Monday. Without weekdays, days of the month or months the first visit
    says which. `count` and `until` (the last moment, included) exclude each other.
    """

    frequency: str  # "DAILY", "WEEKLY", "MONTHLY" or "YEARLY"
    interval: int = 1
    weekdays: tuple[tuple[int, int], ...] = ()
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    count: int | None = None
    until: datetime | None = None
    week_starts_on: int = 0

    def __post_init__(self) -> None:
        if self.frequency not in _UNITS:
            raise Invalid(f"Visits cannot repeat {self.frequency.lower()}.", remedy=_REMEDY)
        if self.count is not None and self.until is not None:
            raise Invalid("A series ends after a number of visits or on a date, not both.")
        _check_number("INTERVAL", self.interval)
        if self.count is not None:
            _check_number("COUNT", self.count)
        for name, numbers in (
            ("BYMONTH", self.months),
            ("BYMONTHDAY", self.month_days),
            ("BYSETPOS", self.positions),
        ):
            for number in numbers:
                _check_number(name, number)
        self._refuse_misread()
        self._refuse_never()

    def _refuse_misread(self) -> None:
        """What the counting gets wrong, or what programs read in different ways."""
        if self.frequency == "YEARLY" and self.month_days and not self.months:
            raise Invalid(
                "A yearly rule that names a day of the month must name the month too.",
                "Programs disagree on whether it means each month or one.",
                "Add BYMONTH, or make it monthly.",
            )
        if self.frequency == "WEEKLY" and self.positions:
            raise Invalid(
                "A weekly rule cannot pick days by their place in the week.",
                "BYSETPOS would be counted from the first visit instead of the start of the week.",
                "Name the weekdays.",
            )
        if self.frequency in ("DAILY", "WEEKLY") and self.month_days:
            raise Invalid("Days of the month belong to a monthly or yearly rule.", remedy=_REMEDY)
        if self.frequency == "DAILY" and (self.positions or self.weekdays) and self.interval > 1:
            raise Invalid(
                "“Every few days” cannot name weekdays as well: some would never come.",
                remedy="Make it weekly.",
            )
        if self.positions and not (self.weekdays or self.month_days):
            raise Invalid("A place among days needs the days it is counted among.", remedy=_REMEDY)
        numbered = any(number for number, _ in self.weekdays)
        if numbered and self.frequency in ("DAILY", "WEEKLY"):
            raise Invalid("“The second Tuesday” belongs to a monthly rule.", remedy=_REMEDY)
        if numbered and (self.month_days or self.positions):
            raise Invalid("A numbered weekday and a day of the month exclude each other.")
        if numbered and self.frequency == "YEARLY" and not self.months:
            raise Invalid("A yearly rule with a numbered weekday must name the month too.")

    def _refuse_never(self) -> None:
        """What no calendar has, and would be looked for until the end of time."""
        longest = max((_longest(month) for month in self.months), default=31)
        if self.month_days and all(abs(day) > longest for day in self.month_days):
            raise Invalid("No month named has such a day.", remedy="Choose another day.")
        if self.positions:
            among = longest
            if self.weekdays:
                among = min(among, 5 * len(self.weekdays) * (len(self.months) or 1))
            if self.month_days:
                among = min(among, len(self.month_days) * (len(self.months) or 1))
            if all(abs(position) > among for position in self.positions):
                raise Invalid("There are never that many days to choose among.")

    @property
    def is_endless(self) -> bool:
        return self.count is None and self.until is None

    def __str__(self) -> str:
        """The value of an RRULE, in the order RFC 5545 writes its examples."""
        parts = [f"FREQ={self.frequency}"]
        if self.until is not None:
            day = self.until.strftime("%Y%m%d")
            whole_day = self.until.time() >= _END_OF_DAY
            parts.append(f"UNTIL={day}" + ("" if whole_day else self.until.strftime("T%H%M%S")))
        if self.count is not None:
            parts.append(f"COUNT={self.count}")
        if self.interval > 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.weekdays:
            parts.append("BYDAY=" + ",".join(f"{n or ''}{DAYS[day]}" for n, day in self.weekdays))
        for name, numbers in (
            ("BYMONTHDAY", self.month_days),
            ("BYMONTH", self.months),
            ("BYSETPOS", self.positions),
        ):
            if numbers:
                parts.append(f"{name}=" + ",".join(map(str, numbers)))
        if self.week_starts_on:
            parts.append(f"WKST={DAYS[self.week_starts_on]}")
        return ";".join(parts)


_REMEDY = "Repeat by days, weeks, months or years."


def parse(text: str, zone_name: str = "") -> Recurrence:
    """The rule that `text`, the value of an RRULE, stands for.

    An end in universal time (UNTIL=…Z) is turned into the wall clock of `zone_name`. Raises Invalid
    for what is not a rule, and for a rule that cannot be kept here. Source: RFC 5545, 3.3.10.
    """
    parts: dict[str, str] = {}
    for part in text.strip().removeprefix("RRULE:").upper().split(";"):
        name, equals, value = part.partition("=")
        if not equals or not value or name in parts:
            raise _not_a_rule(text)
        parts[name] = value
    if "FREQ" not in parts:
        raise _not_a_rule(text)
    unknown = set(parts) - {"FREQ", "UNTIL", "BYDAY", "WKST", *_NUMBERS}
    if unknown:
        raise Invalid(
            f"Visits cannot repeat by {', '.join(sorted(unknown))}.",
            remedy=_REMEDY,
            field="rule",
        )
    if parts.get("WKST", "MO") not in DAYS:
        raise _not_a_rule(text)
    return Recurrence(
        frequency=parts["FREQ"],
        interval=_numbers(text, parts.get("INTERVAL", "1"))[0],
        weekdays=_weekdays(text, parts.get("BYDAY", "")),
        month_days=_numbers(text, parts.get("BYMONTHDAY", "")),
        months=_numbers(text, parts.get("BYMONTH", "")),
        positions=_numbers(text, parts.get("BYSETPOS", "")),
        count=_numbers(text, parts["COUNT"])[0] if "COUNT" in parts else None,
        until=_until(text, parts["UNTIL"], zone_name) if "UNTIL" in parts else None,
        week_starts_on=DAYS.index(parts.get("WKST", "MO")),
    )


def weekly(days: Iterable[int], count: int | None = None, interval: int = 1) -> Recurrence:
    """Every week, or every few, on these weekdays (Monday is 0)."""
    weekdays = tuple((0, day) for day in sorted(set(days)))
    return Recurrence("WEEKLY", interval, weekdays, count=count)


def occurrences(
    first: datetime,
    rule: Recurrence,
    between: tuple[date, date] | None = None,
    limit: int = MOST_VISITS,
) -> tuple[datetime, ...]:
    """When the rule takes place from `first` on, at the same time of day, at most `limit` times.

    `between` keeps to some days, both included. A month without the day, such as February 30, is
    passed over. `first` itself is left out where the rule does not fall on it; nothing further ahead
    than ten years is given.
    """
    from dateutil.rrule import rrule, weekday
    from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY  # isort: skip

    frequency = {"DAILY": DAILY, "WEEKLY": WEEKLY, "MONTHLY": MONTHLY, "YEARLY": YEARLY}
    last = min(rule.until or datetime.max, first + _HORIZON)
    if between is not None:
        last = min(last, datetime.combine(between[1], _END_OF_DAY))
    found = rrule(
        frequency[rule.frequency],
        dtstart=first,
        interval=rule.interval,
        wkst=rule.week_starts_on,
        bysetpos=rule.positions or None,
        bymonth=rule.months or None,
        bymonthday=rule.month_days or None,
        byweekday=[weekday(day, n) if n else weekday(day) for n, day in rule.weekdays] or None,
        until=last,
    )
    starts = islice(found, rule.count) if rule.count is not None else iter(found)
    if between is not None:
        starts = (start for start in starts if start.date() >= between[0])
    return tuple(islice(starts, limit))


def split(
    first: datetime, rule: Recurrence, at: datetime
) -> tuple[Recurrence | None, Recurrence | None]:
    """The rule for what comes before `at`, and the one for `at` and later; None where nothing is.

    A counted rule is counted on: together the two hold as many visits as before. The later one
    begins at `at`, or at the first time the rule takes place after it.
    """
    starts = occurrences(first, rule)
    before = [start for start in starts if start < at]
    later = len(starts) - len(before)
    if not before:
        return None, rule
    if rule.count is not None:
        head = replace(rule, count=len(before))
        return head, replace(rule, count=later) if later else None
    head = replace(rule, until=datetime.combine(before[-1].date(), _END_OF_DAY))
    return head, rule if later else None


def words(rule: Recurrence, first: date, formats: Formats) -> str:
    """As one says it: every Monday and Thursday, 6 times."""
    text = _rhythm(rule, first)
    if rule.months and rule.frequency != "YEARLY":
        text += f" in {_listed([MONTHS[month - 1] for month in rule.months])}"
    if rule.count is not None:
        text += ", once" if rule.count == 1 else f", {rule.count} times"
    elif rule.until is not None:
        text += f", until {formats.long_date(rule.until.date())}"
    return text


def _rhythm(rule: Recurrence, first: date) -> str:
    unit = _UNITS[rule.frequency]
    every = f"every {unit}" if rule.interval == 1 else f"every {rule.interval} {unit}s"
    if rule.frequency == "WEEKLY":
        days = [WEEKDAYS[day] for _, day in rule.weekdays] or [WEEKDAYS[first.weekday()]]
        if rule.interval == 1:
            return f"every {_listed(days)}"
        return f"{every} on {_listed(days)}"
    if rule.frequency == "DAILY":
        days = [WEEKDAYS[day] for _, day in rule.weekdays]
        return f"every {_listed(days)}" if days else every
    if rule.frequency == "YEARLY":
        months = [MONTHS[month - 1] for month in rule.months] or [MONTHS[first.month - 1]]
        return f"{every} on {_days_of_month(rule, first)} of {_listed(months)}"
    return f"{every} on {_days_of_month(rule, first)}"


def _days_of_month(rule: Recurrence, first: date) -> str:
    if rule.weekdays:
        days = [
            (f"the {_nth(number)} " if number else "every ") + WEEKDAYS[day]
            for number, day in rule.weekdays
        ]
        if rule.positions:
            among = _listed([WEEKDAYS[day] for _, day in rule.weekdays], "or")
            if {day for _, day in rule.weekdays} == set(range(5)):
                among = "weekday"
            return f"the {_listed([_nth(n) for n in rule.positions])} {among}"
        return _listed(days)
    if rule.positions:
        numbered = _listed([_ordinal(day) for day in rule.month_days], "or")
        return f"the {_listed([_nth(n) for n in rule.positions])} of {numbered}"
    return "the " + _listed([_ordinal(day) for day in rule.month_days or (first.day,)])


def _nth(number: int) -> str:
    return _NTHS.get(number) or _ordinal(number)


def _ordinal(number: int) -> str:
    """14th; counted from the end of the month, 2nd to last."""
    if number < 0:
        return "last day" if number == -1 else f"{_ordinal(-number)} to last day"
    teens = 10 < number % 100 < 20
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _listed(names: list[str], last_word: str = "and") -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last_word} {names[-1]}"


def _longest(month: int) -> int:
    return calendar.monthrange(2024, month)[1]  # a leap year


def _check_number(name: str, number: int) -> None:
    lowest, highest = _NUMBERS[name]
    if not lowest <= number <= highest or number == 0:
        what = {"COUNT": "visits", "INTERVAL": "of them between visits"}.get(name, "there")
        raise Invalid(
            f"{number} {what} is not possible in a rule.",
            remedy=f"Choose between {max(lowest, 1)} and {highest}.",
            field="count" if name == "COUNT" else "rule",
        )


def _numbers(text: str, value: str) -> tuple[int, ...]:
    if not value:
        return ()
    if not re.fullmatch(r"[+-]?\d{1,4}(,[+-]?\d{1,4})*", value, re.ASCII):
        raise _not_a_rule(text)
    return tuple(dict.fromkeys(int(number) for number in value.split(",")))


def _weekdays(text: str, value: str) -> tuple[tuple[int, int], ...]:
    days: list[tuple[int, int]] = []
    for one in value.split(",") if value else ():
        match = re.fullmatch(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)", one, re.ASCII)
        if match is None or (match[1] and not 1 <= abs(int(match[1])) <= 5):
            raise _not_a_rule(text)
        days.append((int(match[1] or 0), DAYS.index(match[2])))
    return tuple(dict.fromkeys(days))


def _until(text: str, value: str, zone_name: str) -> datetime:
    match = re.fullmatch(r"(\d{8})(?:T(\d{6})(Z)?)?", value, re.ASCII)
    if match is None:
        raise _not_a_rule(text)
    try:
        if match[2] is None:
            return datetime.combine(datetime.strptime(match[1], "%Y%m%d").date(), _END_OF_DAY)
        until = datetime.strptime(match[1] + match[2], "%Y%m%d%H%M%S")
    except ValueError as error:
        raise _not_a_rule(text) from error
    if match[3] is None:
        return until
    if not zone_name:
        raise Invalid(
            "This rule ends at a universal time, and the clinic’s time zone is not known.",
            remedy="Choose the time zone in Settings, Practice.",
            field="rule",
        )
    return until.replace(tzinfo=UTC).astimezone(ZoneInfo(zone_name)).replace(tzinfo=None)


def _not_a_rule(text: str) -> Invalid:
    return Invalid(
        f"“{text.strip()}” does not say how visits repeat.",
        remedy="A rule reads like FREQ=WEEKLY;BYDAY=MO,TH;COUNT=6.",
        field="rule",
    )
