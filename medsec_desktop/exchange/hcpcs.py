"""The HCPCS Level II code list in CMS's fixed-width layout.

Source: CMS, "HCPCS record layout": code in columns 1–5 (a modifier stands right), sequence 6–10, record id
11 (3 code, 4 its continuation, 7 modifier, 8 its continuation), long description 12–91, short description
92–119, coverage code 230, added 269–276, effective 277–284, ended 285–292, action 293.

Codes of dental procedures (D) are the American Dental Association's and are never taken in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from medsec_desktop.exchange.findings import DateSpan, Findings
from medsec_desktop.exchange.text import open_text

_RECORD = re.compile(r"(   [A-Z0-9]{2}|[A-Z]\d{4})(\d{5})([3478])")
_LONG, _SHORT = slice(11, 91), slice(91, 119)
_ADDED, _EFFECTIVE, _ENDED = slice(268, 276), slice(276, 284), slice(284, 292)


@dataclass(slots=True)
class HcpcsCode:
    """One code or modifier of a release, on `line` of its file."""

    code: str
    words: str
    short_words: str
    is_modifier: bool
    line: int
    coverage: str = ""
    added_on: date | None = None
    effective_on: date | None = None
    ended_on: date | None = None
    action: str = ""

    def holds_on(self, day: date) -> bool:
        """Whether a service of that day may be billed by it."""
        return (self.added_on is None or self.added_on <= day) and (
            self.ended_on is None or day <= self.ended_on
        )


@dataclass(slots=True)
class HcpcsList:
    """A release as it was read: its codes, how many dental ones were left out, and what could not be read."""

    codes: list[HcpcsCode]
    dental: int = 0
    problems: tuple[str, ...] = ()


def read(path: Path) -> HcpcsList:
    """Every code and modifier of a release; a line that is none becomes a problem and the rest goes on.

    Raises Unavailable where the file cannot be read.
    """
    found = HcpcsList([])
    problems: list[str] = []
    with open_text(path) as file:
        for item in _records(file):
            if isinstance(item, str):
                problems.append(item)
            elif item.code.startswith("D") and not item.is_modifier:
                found.dental += 1
            else:
                found.codes.append(item)
    found.problems = tuple(problems[:200])
    return found


def _records(lines: Iterator[str]) -> Iterator[HcpcsCode | str]:
    """Codes with the words of their continuations; a sentence for each line that is no record."""
    current: HcpcsCode | None = None
    for number, raw in enumerate(lines, 1):
        line = raw.rstrip("\r\n")
        record = _RECORD.match(line)
        if record is None:
            # Notes stand before the first code.
            if current is not None and line.strip("\x1a \t"):
                yield f"Line {number} is no record of this layout."
            continue
        code = record[1].strip()
        if record[3] in "48":
            if current is None or current.code != code:
                yield f"Line {number} continues {code}, which does not stand before it."
            else:
                current.words = f"{current.words} {line[_LONG].strip()}".strip()
            continue
        if current is not None:
            yield current
        current = HcpcsCode(
            code,
            " ".join(line[_LONG].split()),
            " ".join(line[_SHORT].split()),
            record[3] == "7",
            number,
            line[229:230].strip(),
            _day(line[_ADDED]),
            _day(line[_EFFECTIVE]),
            _day(line[_ENDED]),
            line[292:293].strip(),
        )
    if current is not None:
        yield current


def _day(digits: str) -> date | None:
    if not re.fullmatch(r"[12]\d{7}", digits, re.ASCII):
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def looks_like_hcpcs(head: str) -> bool:
    """Whether the first part of a file is in this layout (a few lines of notes may come first)."""
    lines = [line for line in head.splitlines()[:-1] if line.strip()]
    records = sum(1 for line in lines if _RECORD.match(line) and len(line) > 60)
    return records >= 3 and records >= len(lines) / 2


def look(path: Path) -> Findings:
    """How many codes and modifiers `path` holds, and from when they are in force."""
    codes = modifiers = notes = 0
    span = DateSpan()
    problems: list[str] = []
    with open_text(path) as file:
        for number, raw in enumerate(file, 1):
            line = raw.rstrip("\r\n")
            record = _RECORD.match(line)
            if record is None:
                if line.strip("\x1a \t"):
                    if codes or modifiers:
                        problems.append(f"Line {number} is no record of this layout.")
                    else:
                        notes += 1
                continue
            if record[3] == "3":
                codes += 1
            elif record[3] == "7":
                modifiers += 1
            if record[3] in "37":
                day = _day(line[_EFFECTIVE])
                if day is not None:
                    span.add(day.isoformat())
    return Findings(
        "hcpcs",
        "a HCPCS Level II code list (CMS, fixed width)",
        path.name,
        counts={"codes": codes, "modifiers": modifiers},
        first_on=span.first,
        last_on=span.last,
        fields=("code", "sequence", "record id", "long description", "short description"),
        facts={"lines of notes": notes} if notes else {},
        problems=tuple(problems[:200]),
        remedy="Code lists are taken in with the claims part of the program.",
    )
