"""A day's working hours as one line of text: “8-12, 1-5” and back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import time

from medsec_desktop.domain.formats import Formats
from medsec_desktop.problems import Invalid

Stretch = tuple[int, int]  # minutes after midnight

_BETWEEN = re.compile(r"\s*(?:-|–|—|\bto\b|\buntil\b)\s*")
_AND = re.compile(r"\s*(?:,|;|\+|&|\band\b)\s*")
_CLOSED = frozenset({"", "closed", "off", "-", "–", "none", "no"})
_NOON, _MIDNIGHT = 12 * 60, 24 * 60


def parse_stretches(text: str, formats: Formats) -> tuple[Stretch, ...]:
    """The stretches someone means by `8-12, 1-5`, `9 to 17:30` or `closed`; none for a day off.

    A stretch that seems to end before it begins ends in the afternoon, as in `8-7`. Raises Invalid
    with a sentence for anything else, and for stretches that overlap or are not in order.
    """
    typed = " ".join(text.lower().split())
    if typed in _CLOSED:
        return ()
    stretches: list[Stretch] = []
    for part in _AND.split(typed):
        ends = _BETWEEN.split(part)
        if len(ends) != 2 or not all(ends):
            raise _not_hours(text)
        first, last = (_minutes(formats.parse_time(end)) for end in ends)
        if last <= first and last == 0:
            last = _MIDNIGHT
        elif last <= first and last < _NOON:
            last += _NOON
        if last <= first:
            raise Invalid(
                "The hours end before they begin.",
                remedy="Type them like 8-12, 1-5.",
                field="hours",
            )
        if stretches and first < stretches[-1][1]:
            raise Invalid(
                "The second stretch begins before the first ends.",
                remedy="Leave the break between them, like 8-12, 1-5.",
                field="hours",
            )
        stretches.append((first, last))
    return tuple(stretches)


def spell_stretches(stretches: Iterable[Stretch], formats: Formats) -> str:
    """The stretches as the practice writes times: `8:00 AM–12:00 PM, 1:00 PM–5:00 PM`."""
    return ", ".join(
        f"{formats.time(_time(first))}–{formats.time(_time(last))}" for first, last in stretches
    )


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _time(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)


def _not_hours(text: str) -> Invalid:
    return Invalid(
        f"“{text.strip()}” is not a time range.",
        remedy="Type it like 8-12, 1-5, or leave it empty for a day off.",
        field="hours",
    )
