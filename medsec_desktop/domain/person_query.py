"""What somebody meant who typed a few characters into the search box."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from medsec_desktop.domain.people import fold

_EARLIEST_YEAR = 1850
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_GAP = r"[\s.,/-]*"
# Compiled, and kept by `re`, at the first search rather than at the start of the program.
_YEAR_FIRST = r"(?<!\d)(\d{4})([-/.])(\d{1,2})(?:\2(\d{1,2}))?(?!\d)"
_YEAR_LAST = r"(?<!\d)(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?!\d)"
_YEAR_LAST_SPACED = r"(?<!\d)(\d{1,2})( )(\d{1,2}) (\d{4})(?!\d)"
_MONTH_YEAR = r"(?<!\d)(\d{1,2})[/.](\d{4})(?!\d)"
_NAMED_FIRST = (
    rf"\b{_MONTH}{_GAP}(\d{{1,2}})(?:st|nd|rd|th)?{_GAP}(?<!\d)('?\d{{4}}|'?\d{{2}})(?!\d)"
)
_NAMED_SECOND = (
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?{_GAP}{_MONTH}{_GAP}('?\d{{4}}|'?\d{{2}})(?!\d)"
)
_NAMED_MONTH = rf"\b{_MONTH}{_GAP}(\d{{4}})(?!\d)"
_BARE = r"(?<![\d(+.-])(\d{6}|\d{8})(?![\d-])"


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand what was typed; every part given must fit the person.

    `words` are folded beginnings of names or numbers in any order, `births` dates of birth as
    `1984`, `1984-03` or `1984-03-14` of which one must fit, `number` the digits of a phone, a
    chart number or a member id when nothing else was typed.
    """

    words: tuple[str, ...] = ()
    births: tuple[str, ...] = ()
    number: str = ""


def understand(text: str, today: date, day_first: bool = False) -> tuple[Reading, ...]:
    """The ways to read `text`, the likelier first; empty when there is nothing to look for."""
    text = " ".join(text.split())[:200]
    births, rest, sure = _birth_in(text, today, day_first)
    readings = []
    if births:
        words, number = _words_and_number(rest)
        readings.append(Reading(words + ((number,) if number else ()), births))
    if not births or not sure:
        words, number = _words_and_number(text)
        if words:
            readings.append(Reading(words + ((number,) if number else ())))
        elif number:
            readings.append(Reading(number=number))
    return tuple(readings)


def _birth_in(text: str, today: date, day_first: bool) -> tuple[tuple[str, ...], str, bool]:
    """Dates of birth in `text`, the text without them, and whether it can mean nothing else."""

    def without(match: re.Match[str]) -> str:
        return f"{text[: match.start()]} {text[match.end() :]}"

    for match in re.finditer(_YEAR_FIRST, text):
        year, _, month, day = match.groups()
        if found := _plausible(today, (int(year), int(month), int(day or 0))):
            return found, without(match), True
    for pattern in (_YEAR_LAST, _YEAR_LAST_SPACED):
        for match in re.finditer(pattern, text):
            one, sign, two, year = match.groups()
            orders = _both_orders(int(one), int(two), day_first or sign == ".")
            # With dots the day usually comes first, yet an American may mean the month.
            kept = orders if sign == "." else orders[:1]
            found = _plausible(today, *_dated(year, kept)) or _plausible(
                today, *_dated(year, orders)
            )
            if found:
                return found, without(match), True
    for match in re.finditer(_NAMED_FIRST, text, re.I):
        month, day, year = match.groups()
        if found := _plausible(today, *_dated(year, [(_month(month), int(day))])):
            return found, without(match), True
    for match in re.finditer(_NAMED_SECOND, text, re.I):
        day, month, year = match.groups()
        if found := _plausible(today, *_dated(year, [(_month(month), int(day))])):
            return found, without(match), True
    for match in re.finditer(_MONTH_YEAR, text):
        if found := _plausible(today, (int(match[2]), int(match[1]), 0)):
            return found, without(match), True
    for match in re.finditer(_NAMED_MONTH, text, re.I):  # or April, born in 1984
        if found := _plausible(today, (int(match[2]), _month(match[1]), 0)):
            return found, without(match), False
    for match in re.finditer(_BARE, text):  # or a chart number
        if found := _plausible(today, *_undivided(match[1], day_first)):
            return found, without(match), False
    return (), text, False


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1


def _both_orders(one: int, two: int, day_first: bool) -> list[tuple[int, int]]:
    """(month, day) as written in the practice's order, then in the other."""
    return [(two, one), (one, two)] if day_first else [(one, two), (two, one)]


def _dated(year: str, days: list[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Every (year, month, day) meant; two digits of a year may mean this century or the last."""
    digits = year.lstrip("'")
    years = [int(digits)] if len(digits) == 4 else [2000 + int(digits), 1900 + int(digits)]
    return [(a_year, month, day) for month, day in days if day for a_year in years]


def _undivided(digits: str, day_first: bool) -> list[tuple[int, int, int]]:
    """031484, 03141984 and 19840314 as dates."""
    one, two = int(digits[:2]), int(digits[2:4])
    dates = _dated(digits[4:], _both_orders(one, two, day_first)[:1])
    if len(digits) == 8:
        dates.append((int(digits[:4]), int(digits[4:6]), int(digits[6:])))
    return [each for each in dates if each[2]]


def _plausible(today: date, *dates: tuple[int, int, int]) -> tuple[str, ...]:
    """Those of `dates` (day 0: only the month is known) on which somebody alive may be born."""
    texts = []
    for year, month, day in dates:
        try:
            born = date(year, month, day or 1)
        except ValueError:
            continue
        if year >= _EARLIEST_YEAR and born <= today:
            texts.append(born.isoformat() if day else f"{year:04}-{month:02}")
    return tuple(dict.fromkeys(texts))


def _words_and_number(text: str) -> tuple[tuple[str, ...], str]:
    """The folded words of `text`, and the digits of everything in it that is only a number."""
    words: list[str] = []
    digits: list[str] = []
    for token in text.split():
        folded = fold(token)
        if any(character.isalpha() for character in folded):
            # A member id keeps its parts together; a double-barrelled name comes apart.
            with_digits = any(character.isdigit() for character in folded)
            words += [folded.replace(" ", "")] if with_digits else folded.split()
        else:
            digits.append(folded.replace(" ", ""))
    return tuple(dict.fromkeys(words)), "".join(digits)
