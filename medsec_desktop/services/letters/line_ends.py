"""Where paper may end a line, for a screen whose own rules would differ."""

from __future__ import annotations


def line_ends(text: str) -> bytes:
    """For each character 1 where paper may end a line before it, else 0; one more for the end."""
    from medsec_desktop.documents.writing.breaking import break_places

    return break_places(text)
