"""Content lines as vCard and iCalendar share them: folded over several lines, name;params:value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_NAME = re.compile(r"([A-Za-z0-9_.-]+)((?:;[^:\"]*(?:\"[^\"]*\"[^:\"]*)*)?):(.*)", re.DOTALL)
_BASE64 = re.compile(r"[A-Za-z0-9+/]{40,}={0,2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ContentLine:
    """One property: on which line it begins, its name in capitals, parameters, raw value.

    `group` is what stands before the name and a dot: "item1" of item1.TEL.
    """

    number: int
    name: str
    parameters: str
    value: str
    group: str = ""


def content_lines(text: str) -> Iterator[ContentLine]:
    """Every property of `text`, unfolded; a line that is none comes with an empty name."""
    return unfolded(re.split(r"\r\n|\n|\r", text))


def unfolded(lines: Iterable[str]) -> Iterator[ContentLine]:
    """Every property of these lines, read as they come.

    Folded quoted-printable lines of old phones, which end in "=", are joined as well, and pictures
    that are folded without the blank that belongs there.
    Source: RFC 5545 §3.1, RFC 6350 §3.2, vCard 2.1 §2.1.
    """
    pending: list[str] = []
    pending_at = 0
    is_quoted = is_picture = False
    for number, line in enumerate(lines, 1):
        line = line.rstrip("\r\n")
        if number == 1:
            line = line.lstrip("\ufeff")
        if pending and line[:1] in (" ", "\t"):
            pending.append(line[1:])
        elif is_quoted and pending[-1].endswith("="):
            pending[-1] = pending[-1][:-1]
            pending.append(line)
        elif is_picture and line and _BASE64.fullmatch(line):
            pending.append(line)
        else:
            if any(part.strip() for part in pending):
                yield _parsed(pending_at, "".join(pending))
            pending, pending_at = [line], number
            head = line.partition(":")[0].upper()
            is_quoted = "QUOTED-PRINTABLE" in head
            is_picture = "BASE64" in head or "ENCODING=B" in head
    if any(part.strip() for part in pending):
        yield _parsed(pending_at, "".join(pending))


def _parsed(number: int, line: str) -> ContentLine:
    match = _NAME.match(line)
    if match is None:
        return ContentLine(number, "", "", line)
    group, _, name = match[1].rpartition(".")  # "item1.TEL" groups properties
    return ContentLine(
        number, name.upper(), match[2].lstrip(";"), match[3].strip(), group.casefold()
    )
