"""Names, birth dates and the folding that makes them findable."""

from __future__ import annotations

import calendar
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from medsec_desktop.problems import Invalid

# Letters that Unicode does not decompose, spelled as a keyboard without them would.
_UNDECOMPOSED = str.maketrans(
    {
        "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th",
        "ł": "l", "ħ": "h", "ı": "i", "ŋ": "n", "ŧ": "t", "'": None, "’": None, "ʼ": None,
        "`": None, "´": None, "‘": None, "ʻ": None,
    }
)  # fmt: skip


# Most names are ASCII, and for those one table says all that Unicode would.
_ASCII = {
    code: chr(code).lower() if chr(code).isalnum() else None if chr(code) in "'`" else " "
    for code in range(128)
}


def fold(text: str) -> str:
    """`text` as search compares it: lower case, no accents, apostrophes gone, other signs a blank.

    "Muñoz-O’Brien" becomes "munoz obrien"; every script keeps its letters and digits.
    """
    if text.isascii():
        return " ".join(text.translate(_ASCII).split())
    lowered = unicodedata.normalize("NFKD", text.translate(_UNDECOMPOSED)).casefold()
    lowered = lowered.translate(_UNDECOMPOSED)
    plain = "".join(
        character if character.isalnum() else " "
        for character in lowered
        if not unicodedata.combining(character)
    )
    return " ".join(plain.split())


class Sex(StrEnum):
    """Sex as payers ask for it (CMS-1500 box 3; X12 DMG03)."""

    FEMALE = "F"
    MALE = "M"
    UNKNOWN = "U"


class PatientStatus(StrEnum):
    """Whether a file is in use."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    ARCHIVED = "archived"
    DECEASED = "deceased"


def listed_name(family: str, given: str, middle: str, suffix: str, preferred: str) -> str:
    """As `PersonName.listed`, for long lists: the name itself is made for nobody else."""
    first = f"{given} {middle}" if given and middle else given or middle
    text = f"{family}, {first}" if first else family
    if suffix:
        text += f" {suffix}"
    if preferred and preferred != given:
        text += f" “{preferred}”"
    return text


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's legal name with the one she prefers to hear."""

    family: str
    given: str = ""
    middle: str = ""
    prefix: str = ""
    suffix: str = ""
    preferred: str = ""

    @property
    def listed(self) -> str:
        """As a list shows it: `Muñoz, Ana María “Anita” Jr.`"""
        return listed_name(self.family, self.given, self.middle, self.suffix, self.preferred)

    @property
    def full(self) -> str:
        """As an envelope shows it: `Ms. Ana María Muñoz Jr.`"""
        parts = (self.prefix, self.given, self.middle, self.family, self.suffix)
        return " ".join(part for part in parts if part)

    @property
    def spoken(self) -> str:
        """As one greets her: `Anita Muñoz`."""
        return " ".join(part for part in (self.preferred or self.given, self.family) if part)

    @property
    def initials(self) -> str:
        """One or two capitals for a badge."""
        letters = [part[0].upper() for part in (self.preferred or self.given, self.family) if part]
        return "".join(letters)


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A date of birth as far as it is known: a year, a year and month, or a day."""

    year: int
    month: int = 0
    day: int = 0

    def __post_init__(self) -> None:
        if not 1850 <= self.year <= 2200:
            raise Invalid(f"The year {self.year} is not plausible.", field="birth_date")
        if self.month == 0:
            if self.day:
                raise Invalid("A day needs a month.", field="birth_date")
        elif not 1 <= self.month <= 12:
            raise Invalid(f"There is no month {self.month}.", field="birth_date")
        elif self.day and self.day > calendar.monthrange(self.year, self.month)[1]:
            raise Invalid(
                f"{calendar.month_name[self.month]} {self.year} has no day {self.day}.",
                field="birth_date",
            )

    @classmethod
    def from_iso(cls, text: str) -> PartialDate:
        """The value stored as `1984`, `1984-03` or `1984-03-14`."""
        try:
            return cls(*(int(part) for part in text.split("-")))
        except (ValueError, TypeError) as error:
            raise Invalid(f"“{text}” is not a date.", field="birth_date") from error

    @classmethod
    def of(cls, day: date) -> PartialDate:
        return cls(day.year, day.month, day.day)

    @property
    def iso(self) -> str:
        if not self.month:
            return f"{self.year:04}"
        if not self.day:
            return f"{self.year:04}-{self.month:02}"
        return f"{self.year:04}-{self.month:02}-{self.day:02}"

    @property
    def exact(self) -> date | None:
        """The day, or None where only the month or year is known."""
        return date(self.year, self.month, self.day) if self.day else None

    def age_on(self, day: date) -> int:
        """Completed years on `day`; for a partial date, the age after the latest possible birthday."""
        month = self.month or 12
        last = self.day or calendar.monthrange(self.year, month)[1]
        return day.year - self.year - ((day.month, day.day) < (month, last))
