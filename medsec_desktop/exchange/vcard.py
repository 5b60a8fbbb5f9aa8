"""Address cards (vCard 2.1, 3.0, 4.0) as phones and mail programs write them."""

from __future__ import annotations

from pathlib import Path

from medsec_desktop.exchange.findings import Findings
from medsec_desktop.exchange.lines import content_lines
from medsec_desktop.exchange.text import read_text


def look(path: Path) -> Findings:
    """How many cards `path` holds, of which versions, with what properties."""
    cards = named = 0
    versions: list[str] = []
    properties: dict[str, None] = {}
    problems: list[str] = []
    begun_at = 0
    has_name = False
    for line in content_lines(read_text(path)):
        value = line.value.upper()
        if line.name == "BEGIN" and value == "VCARD":
            if begun_at:
                problems.append(f"The card begun in line {begun_at} has no END:VCARD.")
            begun_at, has_name = line.number, False
            cards += 1
        elif line.name == "END" and value == "VCARD":
            if not begun_at:
                problems.append(f"Line {line.number} ends a card that was not begun.")
            elif not has_name:
                problems.append(f"The card begun in line {begun_at} has no name.")
            named += has_name
            begun_at = 0
        elif not line.name:
            problems.append(f"Line {line.number} is no property.")
        elif begun_at:
            if line.name == "VERSION" and line.value not in versions:
                versions.append(line.value)
            elif line.name in ("N", "FN", "ORG") and line.value.strip("; "):
                has_name = True
            properties[line.name] = None
    if begun_at:
        problems.append(
            f"The card begun in line {begun_at} has no END:VCARD; the file is cut short."
        )
    return Findings(
        "vcard",
        "an address book (vCard)",
        path.name,
        counts={"cards": cards},
        fields=tuple(name for name in properties if name != "VERSION"),
        facts={"versions": ", ".join(versions)},
        problems=tuple(problems),
        remedy="“medsec-desktop import vcard” takes in its people; --dry-run shows what that would do."
        if named
        else "",
    )
