"""The HCPCS Level II code list in CMS's fixed-width layout.

Source: CMS, "HCPCS record layout": code in columns 1–5, sequence 6–10, record id 11 (3 code, 4 its
continuation, 7 modifier, 8 its continuation), long description 12–91, effective date 277–284.
"""

from __future__ import annotations

import re
from pathlib import Path

from medsec_desktop.exchange.findings import DateSpan, Findings
from medsec_desktop.exchange.text import open_text

_RECORD = re.compile(r"(   [A-Z0-9]{2}|[A-Z]\d{4})(\d{5})([3478])")
_EFFECTIVE = slice(276, 284)


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
                day = line[_EFFECTIVE]
                if re.fullmatch(r"[12]\d{7}", day, re.ASCII):
                    span.add(f"{day[:4]}-{day[4:6]}-{day[6:]}")
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
