"""Content lines as vCard and iCalendar share them: folded over several lines, name;params:value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_NAME = re.compile(r"([A-Za-z0-9_.-]+)((?:;[^:\"]*(?:\"[^\"]*\"[^:\"]*)*)?):(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ContentLine:
    """One property: on which line it begins, its name in capitals, parameters, raw value."""

    number: int
    name: str
    parameters: str
    value: str


def content_lines(text: str) -> Iterator[ContentLine]:
    """Every property of `text`, unfolded; a line that is none comes with an empty name.

    Folded quoted-printable lines of old phones, which end in "=", are joined as well.
    Source: RFC 5545 §3.1, RFC 6350 §3.2, vCard 2.1 §2.1.
    """
    pending, pending_at = "", 0
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text.lstrip("\ufeff")), 1):
        if pending and line[:1] in (" ", "\t"):
            pending += line[1:]
        elif pending.endswith("=") and "QUOTED-PRINTABLE" in pending.upper():
            pending = pending[:-1] + line
        else:
            if pending.strip():
                yield _parsed(pending_at, pending)
            pending, pending_at = line, number
    if pending.strip():
        yield _parsed(pending_at, pending)


def _parsed(number: int, line: str) -> ContentLine:
    match = _NAME.match(line)
    if match is None:
        return ContentLine(number, "", "", line)
    name = match[1].rpartition(".")[2].upper()  # "item1.TEL" groups properties
    return ContentLine(number, name, match[2].lstrip(";"), match[3].strip())
