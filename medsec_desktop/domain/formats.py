"""Dates, times and phone numbers as this practice writes them, and as people type them.

Order of day and month, the twelve- or twenty-four-hour clock and the phone region come from the
practice's settings and live in one `Formats`; nothing else in the program assumes them. The words
are English whatever the machine's locale says, because letters and screens must not disagree.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

from medsec_desktop.domain.people import PartialDate
from medsec_desktop.problems import Invalid

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

_WORDS = {
    "today": 0, "tod": 0, "now": 0, "t": 0,
    "tomorrow": 1, "tomorow": 1, "tmrw": 1, "tom": 1,
    "yesterday": -1, "yest": -1,
}  # fmt: skip
_UNITS = {"d": "day", "w": "week", "m": "month", "y": "year"}
# Compiled, and kept by `re`, when something is typed rather than at the start of the program.
_RELATIVE = (
    r"(?:in\s+)?([+-]?)\s*(\d{1,4})\s*(d|w|m|y|days?|weeks?|wks?|months?|mos?|years?|yrs?)"
    r"(\s+ago)?"
)
_TIME = r"(\d{1,2})(?:[:.h ]?([0-5]\d))?(?::[0-5]\d)?\s*([ap])?\.?(?:m\.?)?"
_DURATION = r"(?:(\d+(?:[.,]\d+)?)\s*h(?:ours?|rs?)?)?\s*(?:(\d+)\s*(?:m(?:in(?:utes?|s)?)?)?)?"


# Inside Formats, `date` and `time` are its methods.
Day: TypeAlias = date
TimeOfDay: TypeAlias = time
_BETWEEN_DIGITS = str.maketrans("", "", " .-")


@dataclass(frozen=True, slots=True)
class Formats:
    """How one practice writes dates, times and phone numbers."""

    date_order: str = "mdy"  # "mdy" 03/14/2026, "dmy" 14/03/2026, "ymd" 2026-03-14
    clock_24h: bool = False
    region: str = "US"  # two-letter country, for phone numbers typed without a country code
    paper: str = "letter"  # "letter" or "a4"

    # -- written ------------------------------------------------------------------------------

    def date(self, day: Day) -> str:
        """03/14/2026, 14/03/2026 or 2026-03-14."""
        if self.date_order == "ymd":
            return f"{day.year:04}-{day.month:02}-{day.day:02}"
        if self.date_order == "dmy":
            return f"{day.day:02}/{day.month:02}/{day.year:04}"
        return f"{day.month:02}/{day.day:02}/{day.year:04}"

    @property
    def date_pattern(self) -> str:
        """What a date field expects, as a hint: MM/DD/YYYY."""
        return {"ymd": "YYYY-MM-DD", "dmy": "DD/MM/YYYY"}.get(self.date_order, "MM/DD/YYYY")

    def time(self, at: TimeOfDay | datetime) -> str:
        """3:05 PM, or 15:05."""
        if self.clock_24h:
            return f"{at.hour:02}:{at.minute:02}"
        return f"{at.hour % 12 or 12}:{at.minute:02} {'AM' if at.hour < 12 else 'PM'}"

    def hour(self, hour: int) -> str:
        """A full hour as a time ruler shows it: 3 PM, or 15:00."""
        if self.clock_24h:
            return f"{hour % 24:02}:00"
        return f"{hour % 12 or 12} {'AM' if hour % 24 < 12 else 'PM'}"

    def when(self, at: datetime) -> str:
        """03/14/2026 3:00 PM."""
        return f"{self.date(at.date())} {self.time(at)}"

    def span(self, starts_at: datetime, duration_min: int) -> str:
        """3:00–3:30 PM; the half of the day is said twice only when it changes."""
        ends_at = starts_at + timedelta(minutes=duration_min)
        first, last = self.time(starts_at), self.time(ends_at)
        if not self.clock_24h and first[-2:] == last[-2:]:
            first = first[:-3]
        return f"{first}–{last}"

    def long_date(self, day: Day) -> str:
        """Tuesday, March 14, 2026; in day-first practices Tuesday, 14 March 2026."""
        return f"{WEEKDAYS[day.weekday()]}, {self.day_and_month(day)}{self._year(day)}"

    def day_and_month(self, day: Day) -> str:
        """March 14, or 14 March."""
        month = MONTHS[day.month - 1]
        return f"{day.day} {month}" if self.date_order == "dmy" else f"{month} {day.day}"

    def short_date(self, day: Day) -> str:
        """Tue, Mar 14: for a button or a column head, where the year goes without saying."""
        month = MONTHS[day.month - 1][:3]
        written = f"{day.day} {month}" if self.date_order == "dmy" else f"{month} {day.day}"
        return f"{WEEKDAYS[day.weekday()][:3]}, {written}"

    def spoken(self, at: datetime, today: Day) -> str:
        """As one reads it to a caller: Tuesday, March 14, 3:00 PM; another year is said."""
        day = at.date()
        year = "" if day.year == today.year else self._year(day)
        return f"{WEEKDAYS[day.weekday()]}, {self.day_and_month(day)}{year}, {self.time(at)}"

    def birth(self, born: PartialDate | None) -> str:
        """A date of birth as far as it is known: 03/14/1984, March 1984, 1984 or ''."""
        if born is None:
            return ""
        if born.exact is not None:
            return self.date(born.exact)
        return f"{MONTHS[born.month - 1]} {born.year}" if born.month else f"{born.year:04}"

    def phone(self, number: str) -> str:
        """A stored number as people here read it: (212) 555-0100; anything odd as it was typed.

        Seven digits are a number without its area code: 555-0100.
        """
        dials_north_american = self.region in ("US", "CA", "PR")
        local = number.removeprefix("+1").translate(_BETWEEN_DIGITS)
        if dials_north_american and len(local) == 7 and local.isdigit():
            return f"{local[:3]}-{local[3:]}"
        if not number.startswith("+"):
            return number
        # The numbers a North American front desk shows all day need no library, which costs 60 ms.
        if number.startswith("+1") and len(number) == 12 and number[1:].isdigit():
            local = f"({number[2:5]}) {number[5:8]}-{number[8:]}"
            return local if dials_north_american else f"+1 {local}"
        import phonenumbers

        try:
            parsed = phonenumbers.parse(number, self.region)
        except phonenumbers.NumberParseException:
            return number
        home = phonenumbers.region_code_for_number(parsed) == self.region
        style = phonenumbers.PhoneNumberFormat
        return phonenumbers.format_number(parsed, style.NATIONAL if home else style.INTERNATIONAL)

    def parse_phone(self, text: str) -> str:
        """`text` as it is stored: +12125550100 where it is a possible number, else as typed."""
        typed = " ".join(text.split())
        import phonenumbers

        try:
            parsed = phonenumbers.parse(typed, self.region)
        except phonenumbers.NumberParseException:
            return typed
        # One without its area code is possible, but only for whoever stands in that area.
        possible = phonenumbers.is_possible_number_with_reason(parsed)
        if parsed.extension or possible != phonenumbers.ValidationResult.IS_POSSIBLE:
            return typed
        return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)

    @property
    def week_starts_on(self) -> int:
        """The first column of a month here, Monday being 0: Sunday in North America."""
        return 6 if self.region in ("US", "CA", "MX", "PR") else 0

    # -- typed --------------------------------------------------------------------------------

    def parse_date(self, text: str, today: Day) -> Day:
        """The day someone means by `today`, `fri`, `+2w`, `3/14`, `mar 14`, `031426`, `2026-03-14`.

        A weekday is the next one to come, never today. A date without a year is the next to come,
        and today counts. Two-digit years reach 20 ahead and 79 back. `next fri` is the Friday of
        next week. Raises Invalid with a sentence for anything else.
        """
        typed = " ".join(text.lower().replace(",", " ").split())
        found = (
            _worded(typed, today)
            or _relative(typed, today)
            or self._named_month(typed, today)
            or self._numbers(typed, today)
        )
        if found is None:
            raise _not_a_date(text, self.date_pattern)
        return _real(found.year, found.month, found.day)

    def parse_time(self, text: str) -> TimeOfDay:
        """The time of day someone means by `3pm`, `1530`, `9`, `9:15`, `noon`.

        On the twelve-hour clock a bare 1 to 6 (also 230 or 5:45) is the afternoon, as clinics are
        shut at night; a leading zero (0230) or an `a` keeps it in the morning.
        """
        typed = " ".join(text.lower().split())
        if typed in ("noon", "midday", "n"):
            return time(12)
        match = re.fullmatch(_TIME, typed) or re.fullmatch(
            _TIME, typed.zfill(4) if len(typed) == 3 else ""
        )
        if match is None:
            raise _not_a_time(text)
        hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
        if half:
            if not 1 <= hour <= 12:
                raise _not_a_time(text)
            hour = hour % 12 + (12 if half == "p" else 0)
        elif not self.clock_24h and 1 <= hour <= 6 and not typed.startswith("0"):
            hour += 12
        if hour > 23:
            raise _not_a_time(text)
        return time(hour, minute)

    def parse_when(self, text: str, today: Day) -> datetime:
        """The moment someone means by a date and a time in one breath: `fri 3pm`, `+2w 9:15 am`.

        Raises Invalid when either half is missing or makes no sense.
        """
        words = text.split()
        for split in (len(words) - 2, len(words) - 1):
            if split < 1:
                continue
            try:
                at = self.parse_time(" ".join(words[split:]))
                return datetime.combine(self.parse_date(" ".join(words[:split]), today), at)
            except Invalid:
                continue
        raise Invalid(
            f"“{text.strip()}” is not a day and a time.",
            remedy="Type one such as “fri 3pm”.",
            field="date",
        )

    def parse_duration(self, text: str) -> int:
        """Minutes, from `30`, `45 min`, `1h`, `1:30`, `1.5 h`."""
        typed = " ".join(text.lower().split())
        clock = re.fullmatch(r"(\d{1,2}):([0-5]\d)", typed)
        if clock:
            return int(clock[1]) * 60 + int(clock[2])
        match = re.fullmatch(_DURATION, typed)
        if not typed or match is None:
            raise Invalid(
                f"“{text.strip()}” is not a length of time.",
                remedy="Type minutes, such as 30, or hours, such as 1:30.",
                field="duration_min",
            )
        hours = float(match[1].replace(",", ".")) if match[1] else 0.0
        return round(hours * 60) + int(match[2] or 0)

    def _year(self, day: Day) -> str:
        return f" {day.year}" if self.date_order == "dmy" else f", {day.year}"

    def _named_month(self, typed: str, today: Day) -> Day | None:
        """`mar 14`, `14 march`, `14 mar 2027`."""
        words = re.findall(r"\d+|[a-z]+", re.sub(r"(\d)(st|nd|rd|th)\b", r"\1", typed))
        names = [word for word in words if word.isalpha() and word not in ("of", "the")]
        months = [number for name in names if (number := _month(name))]
        numbers = [int(word) for word in words if word.isdecimal()]
        weekdays = [name for name in names if _weekday(name) is not None and not _month(name)]
        if len(months) != 1 or len(months) + len(weekdays) != len(names):
            return None
        if len(numbers) == 1:
            return _coming(months[0], numbers[0], today)
        if len(numbers) == 2:
            day, year = numbers if numbers[0] <= 31 else reversed(numbers)
            return _real(_century(year, today), months[0], day)
        return None

    def _numbers(self, typed: str, today: Day) -> Day | None:
        """`3/14`, `3/14/26`, `2026-03-14`, `14.3.`, `031426`, `20260314`, `14`."""
        if re.fullmatch(r"\d{6}|\d{8}", typed):
            parts = self._cut(typed)
        elif re.search(r"[/\-]", typed) and re.search(r"\d \d", typed):
            return None  # “3/14 9” is a day and an hour, and not the year 2009
        else:
            parts = re.split(r"[/.\- ]+", typed.strip("."))
        if not all(part.isdecimal() and len(part) <= 4 for part in parts) or len(parts) > 3:
            return None
        if len(parts) == 1:
            return _coming_day(int(parts[0]), today) if len(parts[0]) <= 2 else None
        if len(parts) == 2:
            first, second = (int(part) for part in parts)
            month, day = (second, first) if self.date_order == "dmy" else (first, second)
            return _coming(month, day, today)
        if len(parts[0]) == 4 or (self.date_order == "ymd" and len(parts[2]) < 4):
            year, month, day = (int(part) for part in parts)
        elif self.date_order == "dmy":
            day, month, year = (int(part) for part in parts)
        else:
            month, day, year = (int(part) for part in parts)
        return _real(_century(year, today), month, day)

    def _cut(self, digits: str) -> list[str]:
        """Six or eight digits cut where this practice writes its separators."""
        year_length = len(digits) - 4
        if self.date_order == "ymd" or (year_length == 4 and digits[:2] in ("19", "20")):
            return [digits[:year_length], digits[year_length:-2], digits[-2:]]
        return [digits[:2], digits[2:4], digits[4:]]


def months_later(day: date, months: int) -> date:
    """The same day of the month, `months` on; the last day where that month is too short."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    if not 1 <= year <= 9998:
        raise Invalid("That is too far from today.", field="date")
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _worded(typed: str, today: date) -> date | None:
    if typed in _WORDS:
        return today + timedelta(days=_WORDS[typed])
    if typed in ("next week", "next month", "next year"):
        return _later(today, 1, typed[5])
    skip_week = typed.startswith("next ")
    weekday = _weekday(typed.removeprefix("next ").removeprefix("this "))
    if weekday is None:
        return None
    if skip_week:
        return today - timedelta(days=today.weekday()) + timedelta(days=7 + weekday)
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _relative(typed: str, today: date) -> date | None:
    match = re.fullmatch(_RELATIVE, typed)
    if match is None:
        return None
    count = int(match[2]) * (-1 if match[1] == "-" or match[4] else 1)
    return _later(today, count, match[3][0])


def _later(today: date, count: int, unit: str) -> date:
    if unit in ("m", "y"):
        return months_later(today, count * (12 if unit == "y" else 1))
    try:
        return today + timedelta(days=count * (7 if unit == "w" else 1))
    except OverflowError:
        raise Invalid("That is too far from today.", field="date") from None


def _weekday(word: str) -> int | None:
    """0 for `m…` of Monday on; two letters are enough, `tues` and `thurs` are welcome."""
    if len(word) < 2 or not word.isalpha():
        return None
    hits = [number for number, name in enumerate(WEEKDAYS) if name.lower().startswith(word)]
    return hits[0] if len(hits) == 1 else None


def _month(word: str) -> int | None:
    if len(word) < 3:
        return None
    hits = [number for number, name in enumerate(MONTHS, 1) if name.lower().startswith(word)]
    return hits[0] if hits else (9 if word == "sept" else None)


def _century(year: int, today: date) -> int:
    if year >= 100:
        return year
    full = today.year // 100 * 100 + year
    if full > today.year + 20:
        return full - 100
    return full + 100 if full <= today.year - 80 else full


def _real(year: int, month: int, day: int) -> date:
    """That date, or Invalid saying in words why there is none."""
    if not 1850 <= year <= 2200:
        raise Invalid(f"The year {year} is not plausible.", field="date")
    if not 1 <= month <= 12:
        raise Invalid(f"There is no month {month}.", field="date")
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        raise Invalid(f"{MONTHS[month - 1]} {year} has no day {day}.", field="date")
    return date(year, month, day)


def _coming(month: int, day: int, today: date) -> date:
    """The next such day, today included; February 29 waits for its leap year."""
    if not 1 <= month <= 12 or not 1 <= day <= 31:
        return _real(today.year, month, day)
    for year in range(today.year, today.year + 9):
        if day <= calendar.monthrange(year, month)[1]:
            found = date(year, month, day)
            if found >= today:
                return found
    raise Invalid(f"{MONTHS[month - 1]} has no day {day}.", field="date")


def _coming_day(day: int, today: date) -> date | None:
    """The next such day of a month, today included."""
    if not 1 <= day <= 31:
        return None
    month = today.replace(day=1)
    while day > calendar.monthrange(month.year, month.month)[1] or month.replace(day=day) < today:
        month = months_later(month, 1)
    return month.replace(day=day)


def _not_a_date(text: str, pattern: str) -> Invalid:
    if not text.strip():
        return Invalid("The date is missing.", remedy="Type one, or “fri” or “+2w”.", field="date")
    return Invalid(
        f"“{text.strip()}” is not a date.",
        remedy=f"Type {pattern}, or a word such as “fri”, “tomorrow” or “+2w”.",
        field="date",
    )


def _not_a_time(text: str) -> Invalid:
    if not text.strip():
        return Invalid(
            "The time is missing.", remedy="Type one, such as 9:30 or 3pm.", field="time"
        )
    return Invalid(
        f"“{text.strip()}” is not a time of day.",
        remedy="Type one such as 9:30, 3pm or 1530.",
        field="time",
    )
