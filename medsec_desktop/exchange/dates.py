"""Dates as other programs write them, and the order of day and month that a whole column betrays."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from medsec_desktop.domain.people import PartialDate
from medsec_desktop.exchange.quarantine import Unreadable
from medsec_desktop.problems import Invalid

_NUMERIC = re.compile(r"(\d{1,4})\s*[/.\- ]\s*(\d{1,2})\s*[/.\- ]\s*(\d{1,4})", re.ASCII)
_TIME = re.compile(
    r"[T\s]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*([ap]\.?m\.?)?\s*(Z|[+-]\d{2}:?\d{2})?$", re.I
)
_WORDS = re.compile(r"\d+|[^\W\d_]+")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january ene enero", "feb february febrero", "mar march marzo", "apr april abr abril",
            "may mayo", "jun june junio", "jul july julio", "aug august ago agosto",
            "sep sept september septiembre set setiembre", "oct october octubre",
            "nov november noviembre", "dec december dic diciembre",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_FILLERS = {"de", "del", "of", "the", "st", "nd", "rd", "th"} | {
    name.casefold()
    for name in (*calendar.day_name, *calendar.day_abbr, "lunes", "martes", "miércoles", "jueves",
                 "viernes", "sábado", "domingo")
}  # fmt: skip
_SERIAL_DAY_ZERO = date(1899, 12, 30)  # of spreadsheets, which take 1900 for a leap year


@dataclass(slots=True)
class OrderSigns:
    """What the dates of a column say about their order, counted as they pass by."""

    year_first: int = 0
    day_first: int = 0  # the first number is beyond any month
    month_first: int = 0  # the second one is
    two_ways: int = 0  # another date with day and month exchanged
    same: int = 0  # the same date either way

    def see(self, text: str) -> None:
        """Count one value in; what is no date of numbers is passed over."""
        match = _NUMERIC.match(text)
        if match is None:
            return
        first, second = int(match[1]), int(match[2])
        if len(match[1]) == 4 or first > 31:
            self.year_first += 1
        elif first > 12 >= second:
            self.day_first += 1
        elif first <= 12 < second <= 31:
            self.month_first += 1
        elif first <= 12 and second <= 12:
            self.two_ways += first != second
            self.same += first == second

    @property
    def needs_order(self) -> bool:
        """Whether there are dates that must be read in one order."""
        return bool(self.two_ways or self.day_first or self.month_first)


def order_of(signs: Iterable[OrderSigns]) -> str:
    """The order several columns agree on, '' where it must be asked."""
    told = list(signs)
    if any(one.needs_order for one in told):
        is_day = any(one.day_first for one in told)
        is_month = any(one.month_first for one in told)
        return "" if is_day == is_month else "dmy" if is_day else "mdy"
    return "mdy" if any(one.same for one in told) else "ymd"


def read_date(text: str, order: str, today: date, *, may_be_partial: bool = True) -> PartialDate:
    """The date of a cell; two-digit years are the latest that has begun.

    Takes ISO, numbers in `order`, names of months in English and Spanish, a time behind it, and the
    day numbers of spreadsheets. Raises Unreadable with a sentence.
    """
    plain = _TIME.sub("", text.strip()).strip(" .,")
    numbers = _numbers(plain, order) or _worded(plain)
    if numbers is None:
        raise Unreadable(f"“{text[:40]}” is not a date.")
    year, month, day = numbers
    if year < 100:
        year += 1900 + (100 if 2000 + year <= today.year else 0)
    try:
        found = PartialDate(year, month, day)
    except Invalid as error:
        hint = ""
        if month > 12 >= day > 0:
            read = {"mdy": "month first", "dmy": "day first"}.get(order, "year first")
            hint = f" The file’s dates are read {read}."
        raise Unreadable(f"“{text[:40]}” is not a date: {_lower(error.what)}{hint}") from error
    if not (found.day or may_be_partial):
        raise Unreadable(f"“{text[:40]}” lacks the day.")
    return found


def _numbers(plain: str, order: str) -> tuple[int, int, int] | None:
    if re.fullmatch(r"\d{4}", plain, re.ASCII):
        return int(plain), 0, 0
    if re.fullmatch(r"\d{5}", plain, re.ASCII):  # a spreadsheet's day number
        day = _SERIAL_DAY_ZERO + timedelta(days=int(plain))
        return day.year, day.month, day.day
    if re.fullmatch(r"\d{8}", plain, re.ASCII):
        if order in ("ymd", "") or plain[:2] in ("18", "19", "20"):
            return int(plain[:4]), int(plain[4:6]), int(plain[6:])
        plain = f"{plain[:2]}/{plain[2:4]}/{plain[4:]}"
    partial = re.fullmatch(r"(\d{4})[/.\-](\d{1,2})|(\d{1,2})[/.\-](\d{4})", plain, re.ASCII)
    if partial:
        return int(partial[1] or partial[4]), int(partial[2] or partial[3]), 0
    match = _NUMERIC.fullmatch(plain)
    if match is None:
        return None
    one, two, three = (int(part) for part in match.groups())
    if len(match[1]) >= 3 or order == "ymd":
        return one, two, three
    return (three, two, one) if order == "dmy" else (three, one, two)


def _worded(plain: str) -> tuple[int, int, int] | None:
    """“14 Mar 1984”, “March 14, 1984”, “14 de marzo de 1984”, “Mar 1984”."""
    words = [word.casefold() for word in _WORDS.findall(plain)]
    words = [word for word in words if word not in _FILLERS]
    months = [_MONTHS[word] for word in words if word in _MONTHS]
    numbers = [int(word) for word in words if word.isascii() and word.isdigit() and len(word) <= 4]
    if len(months) != 1 or len(months) + len(numbers) != len(words):
        return None
    if len(numbers) == 1 and numbers[0] > 31:
        return numbers[0], months[0], 0
    if len(numbers) != 2:
        return None
    day, year = numbers if numbers[0] <= 31 else reversed(numbers)
    return year, months[0], day


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
