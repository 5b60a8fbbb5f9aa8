"""What a foreign file is and holds, for a person and for a program."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from medsec_desktop.domain.money import Money

_FIELDS_SHOWN = 8
_PROBLEMS_SHOWN = 10
_DETAILS_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Findings:
    """One file or folder, recognised. `kind` is stable and short; `title` says it in words."""

    kind: str
    title: str
    name: str
    counts: dict[str, int] = field(default_factory=dict)  # plural noun → how many
    first_on: str = ""  # ISO dates
    last_on: str = ""
    fields: tuple[str, ...] = ()  # column or property names, in the file's order
    facts: dict[str, Any] = field(default_factory=dict)  # noun → value, e.g. sender
    problems: tuple[str, ...] = ()
    remedy: str = ""  # what to do with it
    details: tuple[str, ...] = ()  # sentences about what it holds one by one, for a person

    def as_dict(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "kind": self.kind,
            "title": self.title,
            "name": self.name,
            "counts": self.counts,
            "dates": {"first": self.first_on, "last": self.last_on} if self.first_on else None,
            "fields": list(self.fields),
            "problems": list(self.problems),
            "remedy": self.remedy,
        }
        return found | {
            key.replace(" ", "_"): value for key, value in self.facts.items() if key not in found
        }

    def words(self) -> str:
        """A few lines a person reads."""
        lines = [f"“{self.name}” is {self.title}."]
        if self.counts:
            held = _listed(_counted(number, noun) for noun, number in self.counts.items())
            lines.append(f"It holds {held}.")
        if self.first_on:
            until = f" to {self.last_on}" if self.last_on != self.first_on else ""
            lines.append(f"Dates: {self.first_on}{until}.")
        for noun, value in self.facts.items():
            if noun.endswith(" cents") and isinstance(value, int):
                amount = noun.removesuffix(" cents").capitalize()
                lines.append(f"{amount}: {Money(value)}")
            elif isinstance(value, str | int) and not isinstance(value, bool) and value != "":
                lines.append(f"{noun[0].upper()}{noun[1:]}: {value}")
        lines.extend(self.details[:_DETAILS_SHOWN])
        if len(self.details) > _DETAILS_SHOWN:
            lines.append(f"And {len(self.details) - _DETAILS_SHOWN:,} lines more; --json has all.")
        if self.fields:
            shown = ", ".join(self.fields[:_FIELDS_SHOWN])
            more = len(self.fields) - _FIELDS_SHOWN
            lines.append(f"Fields: {shown}{f' and {more} more' if more > 0 else ''}.")
        for problem in self.problems[:_PROBLEMS_SHOWN]:
            lines.append(f"Problem: {problem}")
        if len(self.problems) > _PROBLEMS_SHOWN:
            lines.append(f"And {len(self.problems) - _PROBLEMS_SHOWN} problems more.")
        if self.remedy:
            lines.append(self.remedy)
        return "\n".join(lines)


class DateSpan:
    """The first and last of many dates; what is no date is passed over."""

    def __init__(self) -> None:
        self.first = self.last = ""

    def add(self, iso: str) -> None:
        """Count in `iso`, a text beginning YYYY-MM-DD."""
        day = iso[:10]
        if len(day) == 10 and day[4] == day[7] == "-" and day[:4].isdigit():
            self.first = min(self.first or day, day)
            self.last = max(self.last, day)


def _counted(number: int, noun: str) -> str:
    if number == 1 and noun.endswith("ies"):
        noun = f"{noun[:-3]}y"
    elif number == 1 and noun.endswith("s"):
        noun = noun[:-1]
    return f"{number:,} {noun}"


def _listed(parts: Any) -> str:
    words = list(parts)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
