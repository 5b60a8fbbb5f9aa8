"""The times of the week a patient could come, as she says them and as they are kept.

"Mon Thu mornings, Fri after 3" is read as a stream of days and times: times belong to the days just
before them, and a day after a time begins anew. Times without a day hold on every day, a day without
times holds whole.
"""

from __future__ import annotations

import re
from datetime import date

from medsec_desktop.domain.calendar.spans import DAY_MIN, Span, merged
from medsec_desktop.domain.formats import WEEKDAYS, Formats
from medsec_desktop.problems import Invalid

# Weekday (Monday is 0) and span, in order, as few as possible; none at all means any time.
TimesAsked = tuple[tuple[int, Span], ...]

_NOON = 12 * 60
_WHOLE = Span(0, DAY_MIN)
_NAMED = {
    "morning": Span(0, _NOON),
    "am": Span(0, _NOON),
    "afternoon": Span(_NOON, DAY_MIN),
    "pm": Span(_NOON, DAY_MIN),
    "evening": Span(17 * 60, DAY_MIN),
    "lunch": Span(_NOON, 14 * 60),
    "lunchtime": Span(_NOON, 14 * 60),
}
_GROUPS = {
    "weekday": range(5),
    "workday": range(5),
    "weekend": range(5, 7),
    "daily": range(7),
    "day": range(7),
    "anyday": range(7),
    "everyday": range(7),
}
_FROM, _UNTIL = ("after", "from"), ("before", "until", "till", "by")
_CLOCK = r"\d{1,2}(?:[:.]\d{2})?\s*(?:[ap]\.?m?\b\.?)?|noon|midday"
_TOKEN = re.compile(rf"\s*(?P<clock>{_CLOCK})|\s*(?P<word>[a-z]+)|\s*(?P<dash>[-–—])|\s*[,;&.+]")
_IDLE = frozenset(
    ["and", "or", "on", "only", "at", "the", "any", "every", "all", "also", "o'clock"]
)


def times_text(times: TimesAsked) -> str:
    """The times as they are stored: '0:540-720,3:780-1020', '' for any."""
    return ",".join(f"{day}:{span.starts_min}-{span.ends_min}" for day, span in times)


def times_from(text: str) -> TimesAsked:
    """The times from what `times_text` gave. Raises ValueError for anything else."""
    found = []
    for part in text.split(",") if text else ():
        day, _, span = part.partition(":")
        starts, _, ends = span.partition("-")
        found.append((int(day), Span(int(starts), int(ends))))
    return tidied(found)


def tidied(times: list[tuple[int, Span]]) -> TimesAsked:
    """In order, touching spans of a day joined; the whole week is the same as any time."""
    kept = tuple(
        (day, span) for day in range(7) for span in merged(span for on, span in times if on == day)
    )
    return () if kept == tuple((day, _WHOLE) for day in range(7)) else kept


def times_on(times: TimesAsked, day: date) -> tuple[Span, ...]:
    """When she could come on `day`; the whole of it where nothing was asked."""
    if not times:
        return (_WHOLE,)
    return tuple(span for weekday, span in times if weekday == day.weekday())


def times_words(times: TimesAsked, formats: Formats) -> str:
    """“Mon, Thu until 12:00 PM; Fri from 3:00 PM”, which `parse_times` understands; '' for any."""
    by_spans: dict[tuple[Span, ...], list[int]] = {}
    for weekday in range(7):
        spans = tuple(span for on, span in times if on == weekday)
        if spans:
            by_spans.setdefault(spans, []).append(weekday)
    # Whole days last: a day without times before one with some would be read as having the same.
    in_turn = sorted(by_spans.items(), key=lambda group: group[0] == (_WHOLE,))
    return "; ".join(
        " ".join(part for part in (_days(days), _spans(spans, formats)) if part)
        for spans, days in in_turn
    )


def parse_times(text: str, formats: Formats) -> TimesAsked:
    """The times someone means by `mon thu mornings, fri after 3` or `weekdays 9-12`; '' is any.

    Raises Invalid naming the word that is not understood.
    """
    return _Reader(text, formats).read()


class _Reader:
    """Reads one text, token by token."""

    def __init__(self, text: str, formats: Formats):
        self._text, self._formats = text, formats
        self._tokens = self._cut(" ".join(text.lower().split()))
        self._days: list[int] = []
        self._spans: list[Span] = []
        self._found: list[tuple[int, Span]] = []

    def read(self) -> TimesAsked:
        while self._tokens:
            kind, token = self._tokens.pop(0)
            if kind == "clock":
                self._spans.append(self._range_from(token))
            elif kind == "word" and token not in _IDLE:
                self._word(token)
            elif kind == "dash":
                raise self._puzzled(token)
        self._close()
        return tidied(self._found)

    def _word(self, word: str) -> None:
        singular = word.removesuffix("s")
        if word in _FROM:
            self._spans.append(Span(self._clock_next(word), DAY_MIN))
        elif word in _UNTIL:
            self._spans.append(Span(0, self._clock_next(word)))
        elif singular in _NAMED:
            self._spans.append(_NAMED[singular])
        else:
            days = self._days_meant(word)
            if self._spans:
                self._close()
            self._days += days

    def _days_meant(self, word: str) -> list[int]:
        singular = word.removesuffix("s")
        if singular in _GROUPS:
            return list(_GROUPS[singular])
        first = _weekday(word)
        if first is None:
            raise self._puzzled(word)
        if (self._tokens[:1] and self._tokens[0][0] == "dash") or self._tokens[:1] == [
            ("word", "to")
        ]:
            joint = self._tokens.pop(0)[1]
            last = _weekday(self._tokens.pop(0)[1]) if self._tokens else None
            if last is None:
                raise self._puzzled(f"{word}{joint}")
            return [(first + step) % 7 for step in range((last - first) % 7 + 1)]
        return [first]

    def _range_from(self, first: str) -> Span:
        joined = self._tokens[:1] and (
            self._tokens[0][0] == "dash" or self._tokens[0][1] in ("to", "until", "till")
        )
        if not joined:
            raise Invalid(
                f"“{first.strip()}” is one time: from then, or until then?",
                remedy="Type “after 3”, “before 11” or “9-12”.",
                field="availability",
            )
        self._tokens.pop(0)
        if not self._tokens or self._tokens[0][0] != "clock":
            raise self._puzzled(f"{first}-")
        last = self._tokens.pop(0)[1]
        ends = self._minute(last)
        half = re.search(r"[ap]", last)
        starts = self._minute(first)
        if half and not re.search(r"[apn]", first):
            # "9-11 am" and "1-3 pm" say the half of the day once.
            alike = self._minute(f"{first} {half[0]}m") if _hour(first) <= 12 else starts
            starts = alike if alike < ends else starts
        if starts >= ends:
            raise Invalid(
                f"“{first.strip()}–{last.strip()}” ends before it begins.",
                remedy="Type the earlier time first.",
                field="availability",
            )
        return Span(starts, ends)

    def _clock_next(self, word: str) -> int:
        if not self._tokens or self._tokens[0][0] != "clock":
            raise self._puzzled(word)
        return self._minute(self._tokens.pop(0)[1])

    def _minute(self, text: str) -> int:
        at = self._formats.parse_time(text)
        return at.hour * 60 + at.minute

    def _close(self) -> None:
        """The days and times read so far belong together."""
        if self._days or self._spans:
            days = self._days or list(range(7))
            spans = [span for span in self._spans if span.duration_min > 0] or [_WHOLE]
            self._found += [(day, span) for day in days for span in spans]
        self._days, self._spans = [], []

    def _cut(self, text: str) -> list[tuple[str, str]]:
        tokens, at = [], 0
        while at < len(text):
            match = _TOKEN.match(text, at)
            if match is None:
                raise self._puzzled(text[at:].strip())
            if match.lastgroup is not None:
                tokens.append((match.lastgroup, match[match.lastgroup].strip()))
            at = match.end()
        return tokens

    def _puzzled(self, word: str) -> Invalid:
        return Invalid(
            f"“{word}” is not a day or a time of day.",
            remedy="Type days and times such as “mon thu mornings, fri after 3”.",
            field="availability",
        )


def _hour(clock: str) -> int:
    return int(re.split(r"\D", clock)[0])


def _weekday(word: str) -> int | None:
    stem = word.removesuffix("s") if len(word) > 4 else word
    hits = [day for day, name in enumerate(WEEKDAYS) if name.lower().startswith(stem)]
    return hits[0] if len(stem) >= 2 and len(hits) == 1 else None


def _days(days: list[int]) -> str:
    names = [WEEKDAYS[day][:3] for day in days]
    if len(days) == 7:
        return ""
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return f"{names[0]}–{names[-1]}"
    return ", ".join(names)


def _spans(spans: tuple[Span, ...], formats: Formats) -> str:
    return ", ".join(_span(span, formats) for span in spans if span != _WHOLE)


def _span(span: Span, formats: Formats) -> str:
    day = date(2000, 1, 1)
    first = formats.time(span.starts_at(day))
    last = formats.time(Span(span.ends_min, span.ends_min).starts_at(day))
    if span.ends_min == DAY_MIN:
        return f"from {first}"
    return f"until {last}" if span.starts_min == 0 else f"{first}–{last}"
