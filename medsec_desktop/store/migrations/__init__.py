"""The schema's history: numbered files of plain SQL, frozen once released."""

from __future__ import annotations

from importlib import resources


def scripts() -> tuple[tuple[int, str], ...]:
    """Every migration as (schema version it leads to, its SQL), oldest first."""
    found = []
    for entry in resources.files(__package__).iterdir():
        if entry.name.startswith("m") and entry.name.endswith(".sql"):
            found.append((int(entry.name[1:5]), entry.read_text("utf-8")))
    return tuple(sorted(found))
