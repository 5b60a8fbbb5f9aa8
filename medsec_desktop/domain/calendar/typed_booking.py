"""A booking typed in one line, in any sensible order: `smith tue 3pm 30 follow-up dr chen`.

What can be told by its looks is taken first (a provider after “dr”, the full name of a type, a
time with “pm”, a date), then what needs its neighbours (a bare number is a time after a day, and
a length after a time); what is left is who. Words in quotes, and those after “for” that are nothing
else, are the reason. Nothing is guessed: what is not said stays open, and what fits several
is handed back as several.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta

from medsec_desktop.domain.calendar.finding import PARTS_OF_DAY
from medsec_desktop.domain.formats import MONTHS, WEEKDAYS, Formats
from medsec_desktop.domain.people import fold
from medsec_desktop.problems import Invalid

_NEAR_DAYS = 730  # a date further off is a birthday and says who
_VERBS = ("book", "appt", "appointment", "schedule")
_FILLERS = frozenset(
    [
        "a",
        "an",
        "and",
        "appt",
        "at",
        "for",
        "in",
        "of",
        "on",
        "please",
        "the",
        "to",
        "visit",
        "with",
    ]
)
_TITLES = ("dr", "doctor", "with", "w/")
_REASONS = ("for", "re", "because")
_CLOCK = r"\d{1,2}(?::?[0-5]\d)?\s?(?:am|pm|a\.m\.?|p\.m\.?|a|p)|\d{1,2}:[0-5]\d|noon|midday"
_RANGE = r"(\d{1,2}(?::[0-5]\d)?)(am|pm|a|p)?-(\d{1,2}(?::[0-5]\d)?)(am|pm|a|p)?"
_LENGTH = r"\d+(?:[.,]\d+)?\s?h(?:ours?|rs?)?(?:\s?\d+\s?m?(?:in)?)?|\d+\s?m(?:ins?|inutes?)?"
_LENGTH_WORDS = {"an hour": 60, "half an hour": 30, "half hour": 30, "hour": 60}
_PARTS = {f"{part}{plural}": span for part, span in PARTS_OF_DAY.items() for plural in ("", "s")}
_PARTS |= {"am": PARTS_OF_DAY["morning"], "pm": PARTS_OF_DAY["afternoon"]}
_DATED = (
    r"\d{1,4}[/\-]\d{1,2}(?:[/\-]\d{1,4})?|\d{1,2}\.\d{1,2}\.(?:\d{2,4})?"
    r"|[+-]\d{1,3}(?:d|w|m|y)|\d{1,2}(?:d|w)|\d{1,2}(?:st|nd|rd|th)"
)
_DAY_WORDS = ("today", "tomorrow", "tomorow", "tmrw")
_WEAK_DAY_WORDS = ("tod", "tom", "mo", "tu", "we", "th", "fr", "sa", "su")


@dataclass(frozen=True, slots=True)
class Named:
    """A type, provider or room as she may be called; `also` are further words, as a given name."""

    id: int
    name: str
    also: str = ""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What this practice has names for."""

    types: tuple[Named, ...] = ()
    providers: tuple[Named, ...] = ()
    rooms: tuple[Named, ...] = ()


@dataclass(frozen=True, slots=True)
class TypedBooking:
    """How a line was understood; several ids mean that any of them may be meant."""

    who: str = ""
    day: date | None = None
    at: time | None = None
    from_min: int = 0  # “after 3”, “morning”: where no time is said
    to_min: int = 24 * 60
    duration_min: int | None = None
    type_ids: tuple[int, ...] = ()
    provider_ids: tuple[int, ...] = ()
    room_ids: tuple[int, ...] = ()
    reason: str = ""
    is_ordered: bool = False  # it began with “book”
    problems: tuple[str, ...] = ()

    @property
    def says_when(self) -> bool:
        return self.at is not None or self.from_min > 0 or self.to_min < 24 * 60

    @property
    def is_booking(self) -> bool:
        """Whether this asks for a visit, and not for a person or a day."""
        what = bool(self.type_ids or self.provider_ids or self.duration_min)
        if self.is_ordered:
            return bool(self.who or self.day or self.says_when or what)
        if not self.who:
            return self.day is not None and self.at is not None
        return self.says_when or (self.day is not None and what)


@dataclass(slots=True)
class _Line:
    """The words of a line and what has been understood of them."""

    words: list[str]
    formats: Formats
    today: date
    taken: list[bool] = field(default_factory=list)
    found: TypedBooking = field(default_factory=TypedBooking)

    def __post_init__(self) -> None:
        self.taken = [False] * len(self.words)

    def runs(self, longest: int) -> Iterator[tuple[int, int, str]]:
        """Every run of words not taken yet, longer before shorter, as (from, up to, folded)."""
        for size in range(longest, 0, -1):
            for first in range(len(self.words) - size + 1):
                last = first + size
                said = _plain(" ".join(self.words[first:last])).strip()
                if said and not any(self.taken[first:last]):
                    yield first, last, said

    def take(self, first: int, last: int, before: Iterable[str] = ()) -> None:
        """Take words, with a small word just before them that led up to them."""
        self.taken[first:last] = [True] * (last - first)
        if first and not self.taken[first - 1] and self.words[first - 1].lower() in before:
            self.taken[first - 1] = True

    def left(self) -> list[str]:
        """The words nothing has been made of, without those that only join others."""
        return [
            word
            for word, taken in zip(self.words, self.taken, strict=True)
            if not taken and word.lower() not in _FILLERS
        ]

    def note(self, **fields: object) -> None:
        self.found = replace(self.found, **fields)  # type: ignore[arg-type]

    def complain(self, problem: Invalid) -> None:
        self.note(problems=(*self.found.problems, problem.what))


def _plain(text: str) -> str:
    """Lower case without accents; unlike `fold` it leaves what stands between digits."""
    parts = unicodedata.normalize("NFKD", text)
    return "".join(each for each in parts if not unicodedata.combining(each)).lower()


def understand(text: str, today: date, formats: Formats, known: Vocabulary) -> TypedBooking:
    """What `text` says of a visit to book. Never raises; what makes no sense is in `problems`."""
    quoted = re.search(r"[\"“”]([^\"“”]+)[\"“”]?", text)
    if quoted:
        text = text.replace(quoted[0], " ", 1)
    line = _Line([word.strip(",;") for word in text.split() if word.strip(",;")], formats, today)
    if line.words and line.words[0].lower() in _VERBS:
        line.take(0, 1)
        line.note(is_ordered=True)
    for read in (
        _titled_provider, _room, _whole_type, _range, _after_and_before, _clock, _date, _length,
        _numbers, _begun_type, _plain_provider,
    ):  # fmt: skip
        read(line, known)
    reason = quoted[1].strip() if quoted else _reason(line)
    line.note(who=" ".join(line.left()), reason=reason)
    return line.found


# -- who works here, and where ----------------------------------------------------------------


def _titled_provider(line: _Line, known: Vocabulary) -> None:
    """The provider after “dr” or “with”, by the beginnings of her names."""
    for first, word in enumerate(line.words):
        title = word.lower().rstrip(".")
        if title not in _TITLES or line.taken[first]:
            continue
        for last in range(min(first + 4, len(line.words)), first + 1, -1):
            said = [fold(each).strip(".") for each in line.words[first + 1 : last]]
            said = [each for each in said if each not in _TITLES]
            ids = _called(said, known.providers) if said else ()
            if ids:
                line.take(first, last)
                line.note(provider_ids=ids)
                return
        if title in ("dr", "doctor") and first + 1 < len(line.words):
            name = line.words[first + 1]
            line.take(first, first + 2)
            line.complain(Invalid(f"There is no provider called “{name}”."))
            return


def _plain_provider(line: _Line, known: Vocabulary) -> None:
    """A provider's family name without a title, where somebody else is named as well."""
    if line.found.provider_ids:
        return
    for first, last, said in line.runs(3):
        ids = tuple(each.id for each in known.providers if fold(each.name) == fold(said))
        if ids and len(line.left()) > last - first:
            line.take(first, last)
            line.note(provider_ids=ids)
            return


def _called(said: Sequence[str], named: Iterable[Named]) -> tuple[int, ...]:
    """Whom these words call: each begins one of her names, one of them the family name."""
    everybody = [(each.id, fold(each.name).split(), fold(each.also).split()) for each in named]
    whole = [one for one, family, _ in everybody if list(said) == family]
    if whole:
        return tuple(whole)
    return tuple(
        one
        for one, family, given in everybody
        if _begin(said, [*family, *given])
        and any(family_name.startswith(word) for word in said for family_name in family)
    )


def _begin(said: Sequence[str], names: list[str]) -> bool:
    """Whether each word begins a name of its own."""
    for word in said:
        name = next((each for each in names if each.startswith(word)), None)
        if name is None:
            return False
        names.remove(name)
    return True


def _room(line: _Line, known: Vocabulary) -> None:
    for first, last, said in line.runs(3):
        ids = tuple(
            room.id
            for room in known.rooms
            if _key(room.name) in (_key(said), _key(said.removeprefix("room ").removeprefix("rm ")))
            or (
                said.startswith(("room ", "rm "))
                and fold(room.name).split()[-1:] == said.split()[1:]
            )
        )
        if ids and not said.isdigit():
            line.take(first, last, ("in",))
            line.note(room_ids=ids)
            return


# -- what for ---------------------------------------------------------------------------------


def _key(name: str) -> str:
    """A name by which “follow-up”, “follow up” and “Followup” are the same."""
    return re.sub(r"[\W_]+", "", fold(name))


def _whole_type(line: _Line, known: Vocabulary) -> None:
    for first, last, said in line.runs(4):
        ids = tuple(each.id for each in known.types if _key(each.name) == _key(said))
        if ids and _key(said):
            line.take(first, last, ("for", "a"))
            line.note(type_ids=ids)
            return


def _begun_type(line: _Line, known: Vocabulary) -> None:
    """The beginning of a type's name, where somebody is named as well."""
    if line.found.type_ids:
        return
    for first, last, said in line.runs(2):
        begun = _key(said)
        ids = tuple(each.id for each in known.types if _key(each.name).startswith(begun))
        if len(begun) >= 3 and ids and len(line.left()) > last - first:
            line.take(first, last, ("for", "a"))
            line.note(type_ids=ids)
            return


def _reason(line: _Line) -> str:
    """The words after “for” that nothing else was made of."""
    for first, word in enumerate(line.words[:-1]):
        if word.lower() in _REASONS and not line.taken[first]:
            last = first + 1
            while last < len(line.words) and not line.taken[last]:
                last += 1
            if last > first + 1:
                line.take(first, last)
                return " ".join(line.words[first + 1 : last])
    return ""


# -- when -------------------------------------------------------------------------------------


def _range(line: _Line, _: Vocabulary) -> None:
    """`3-3:30pm`: from when to when, which says the length as well."""
    for first, last, said in line.runs(1):
        match = re.fullmatch(_RANGE, said)
        if match and (":" in said or match[2] or match[4]):
            begins = f"{match[1]}{match[2] or match[4] or ''}"
            at, ends = (
                _minutes(line.formats, each) for each in (begins, f"{match[3]}{match[4] or ''}")
            )
            if at is not None and ends is not None and ends > at:
                line.take(first, last, ("at", "from"))
                line.note(at=time(*divmod(at, 60)), duration_min=ends - at)
                return


def _after_and_before(line: _Line, _: Vocabulary) -> None:
    """`after 3`, `before 10:30`, `morning`."""
    for first, last, said in line.runs(3):
        word, rest = [*said.split(" ", 1), ""][:2]
        minute = _minutes(line.formats, rest) if rest else None
        if minute is not None and word in ("after", "from", "since"):
            line.take(first, last)
            line.note(from_min=minute)
        elif minute is not None and word in ("before", "until", "till", "by"):
            line.take(first, last)
            line.note(to_min=minute)
    if line.found.says_when:
        return
    for first, last, said in line.runs(1):
        # “3 pm” is a time of day and not the afternoon.
        follows_number = first > 0 and line.words[first - 1][-1:].isdigit()
        if said in _PARTS and not (len(said) == 2 and follows_number):
            line.take(first, last, ("in", "the"))
            line.note(from_min=_PARTS[said].starts_min, to_min=_PARTS[said].ends_min)
            return


def _clock(line: _Line, _: Vocabulary) -> None:
    """A time by its looks: `3pm`, `3 pm`, `15:30`, `noon`, `at 3`, `@3`."""
    if line.found.at is not None:
        return
    for first, last, said in line.runs(3):
        bare = said.removeprefix("at ").removeprefix("@").strip()
        if not re.fullmatch(_CLOCK, bare) and not (bare != said and re.fullmatch(r"\d{1,4}", bare)):
            continue
        try:
            at = line.formats.parse_time(bare)
        except Invalid as problem:
            if ":" in bare:
                line.take(first, last, ("at",))
                line.complain(problem)
                return
            continue
        line.take(first, last, ("at",))
        line.note(at=at)
        return


def _minutes(formats: Formats, text: str) -> int | None:
    try:
        at = formats.parse_time(text)
    except Invalid:
        return None
    return at.hour * 60 + at.minute


def _date(line: _Line, _: Vocabulary) -> None:
    """The day: of several words that could be one the last, unless they agree with each other."""
    weekdays: list[tuple[int, int, int]] = []  # from, up to, which
    dates: list[tuple[int, int, date]] = []
    for first, last, said in line.runs(4):
        if any(low < last and first < high for low, high, _ in (*dates, *weekdays)):
            continue
        number = _weekday(said)
        if number is not None:
            weekdays.append((first, last, number))
        elif _looks_like_a_date(said):
            try:
                day = line.formats.parse_date(_without_ordinal(said), line.today)
            except Invalid as problem:
                if re.fullmatch(_DATED, said):
                    line.take(first, last, ("on",))
                    line.complain(problem)
                continue
            if abs((day - line.today).days) <= _NEAR_DAYS:
                dates.append((first, last, day))
    if dates:
        first, last, day = max(dates)
        line.take(first, last, ("on",))
        line.note(day=_on_weekday(line, weekdays, day, line.words[first]))
    elif weekdays:
        first, last, number = max(weekdays)
        line.take(first, last, ("on", "this"))
        line.note(day=line.today + timedelta(days=(number - line.today.weekday() - 1) % 7 + 1))
    else:
        _weak_date(line)


def _on_weekday(
    line: _Line, weekdays: Sequence[tuple[int, int, int]], day: date, said: str
) -> date:
    """The day, and a weekday said beside it: it agrees, picks one of a week, or is a slip."""
    if not weekdays:
        return day
    first, last, number = max(weekdays)
    if day.weekday() == number:
        line.take(first, last, ("on",))
    elif said.endswith(("w", "weeks", "wks")) or said in ("in", "next") or said.startswith("+"):
        line.take(first, last, ("on",))
        return day + timedelta(days=number - day.weekday())
    elif len(line.left()) > 2 or line.found.says_when:
        line.take(first, last, ("on",))
        line.complain(Invalid(f"{line.formats.day_and_month(day)} is a {WEEKDAYS[day.weekday()]}."))
    return day


def _weak_date(line: _Line) -> None:
    """`tom` and `su` may be names: they are days only where somebody else is named."""
    for first, last, said in line.runs(1):
        if said in _WEAK_DAY_WORDS and len(line.left()) > 1 and line.found.says_when:
            line.take(first, last, ("on",))
            line.note(day=line.formats.parse_date(said, line.today))
            return


def _weekday(said: str) -> int | None:
    if len(said) < 3 or not said.isalpha():
        return None
    hits = [number for number, name in enumerate(WEEKDAYS) if name.lower().startswith(said)]
    return hits[0] if len(hits) == 1 else None


def _is_month(word: str) -> bool:
    return len(word) >= 3 and (
        word == "sept" or any(name.lower().startswith(word) for name in MONTHS)
    )


def _looks_like_a_date(said: str) -> bool:
    words = said.split()
    if len(words) == 1:
        return said in _DAY_WORDS or re.fullmatch(_DATED, said) is not None
    if words[0] in ("next", "this"):
        return len(words) == 2
    if re.fullmatch(r"(?:in )?\d{1,3} (?:days?|weeks?|wks?|months?)", said):
        return True
    number = r"\d{1,4}(?:st|nd|rd|th)?"
    return any(_is_month(word) for word in words) and all(
        _is_month(word) or _weekday(word) is not None or re.fullmatch(number, word)
        for word in words
    )


def _without_ordinal(said: str) -> str:
    return re.sub(r"\b(\d{1,2})(?:st|nd|rd|th)\b", r"\1", said)


def _length(line: _Line, _: Vocabulary) -> None:
    if line.found.duration_min is not None:
        return
    for first, last, said in line.runs(3):
        minutes = _LENGTH_WORDS.get(said)
        if minutes is None and re.fullmatch(_LENGTH, said):
            minutes = line.formats.parse_duration(said)
        if minutes is not None:
            line.take(first, last, ("for",))
            line.note(duration_min=minutes)
            return


def _numbers(line: _Line, _: Vocabulary) -> None:
    """Bare numbers: after a day that still lacks its time the time, after a time the length."""
    for first, last, said in line.runs(1):
        if not said.isdigit():
            continue
        found, number = line.found, int(said)
        if not found.says_when and found.day is not None and _is_hour(said, line.formats):
            line.take(first, last, ("at",))
            line.note(at=line.formats.parse_time(said))
        elif found.duration_min is None and _is_length(said) and (found.day or found.says_when):
            line.take(first, last, ("for",))
            line.note(duration_min=number)


def _is_hour(said: str, formats: Formats) -> bool:
    if len(said) <= 2:
        return int(said) <= (23 if formats.clock_24h else 12) and int(said) > 0
    return len(said) in (3, 4) and _minutes(formats, said) is not None


def _is_length(said: str) -> bool:
    return len(said) <= 3 and 5 <= int(said) <= 480 and int(said) % 5 == 0
