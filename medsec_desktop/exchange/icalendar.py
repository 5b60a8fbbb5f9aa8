"""Calendars (iCalendar, RFC 5545) as other programs write them."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path

from medsec_desktop.exchange.findings import DateSpan, Findings
from medsec_desktop.exchange.lines import content_lines
from medsec_desktop.exchange.text import read_text

_COUNTED = {
    "VEVENT": "events",
    "VTODO": "to-dos",
    "VJOURNAL": "journal entries",
    "VFREEBUSY": "free/busy lists",
    "VTIMEZONE": "time zones",
}
_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T\d{4,6}Z?)?", re.ASCII)


def look(path: Path) -> Findings:
    """How many events `path` holds and when, with each date that cannot be read."""
    counts: Counter[str] = Counter()
    span = DateSpan()
    properties: dict[str, None] = {}
    problems: list[str] = []
    open_parts: list[tuple[str, int]] = []
    has_start = False
    maker = ""
    for line in content_lines(read_text(path)):
        if line.name == "BEGIN":
            part = line.value.upper()
            open_parts.append((part, line.number))
            counts[part] += 1
            has_start = has_start and part != "VEVENT"
        elif line.name == "END":
            part, begun_at = open_parts.pop() if open_parts else ("", 0)
            if part != line.value.upper():
                problems.append(
                    f"Line {line.number} ends {line.value.upper()}, but "
                    f"{f'{part} of line {begun_at}' if part else 'nothing'} is open."
                )
            elif part == "VEVENT" and not has_start:
                problems.append(f"The event begun in line {begun_at} has no beginning (DTSTART).")
        elif not line.name:
            problems.append(f"Line {line.number} is no property.")
        elif line.name == "PRODID":
            maker = line.value
        elif open_parts and open_parts[-1][0] == "VEVENT":
            properties[line.name] = None
            if line.name == "DTSTART":
                has_start = True
                day = _day(line.value)
                if day:
                    span.add(day)
                else:
                    problems.append(f"Line {line.number}: “{line.value[:40]}” is not a date.")
    for part, begun_at in open_parts:
        problems.append(f"{part} of line {begun_at} is not ended; the file is cut short.")
    return Findings(
        "icalendar",
        "a calendar (iCalendar)",
        path.name,
        counts={"events": counts["VEVENT"]}
        | {noun: counts[part] for part, noun in _COUNTED.items() if counts[part]},
        first_on=span.first,
        last_on=span.last,
        fields=tuple(properties),
        facts={"made by": maker},
        problems=tuple(problems),
        remedy="“medsec-desktop import icalendar” takes in its coming events; --dry-run shows what"
        " that would do."
        if counts["VEVENT"]
        else "",
    )


def _day(value: str) -> str:
    match = _DATE.fullmatch(value.strip())
    if match is None:
        return ""
    try:
        return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
    except ValueError:
        return ""
