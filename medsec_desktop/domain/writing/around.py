"""What stands on paper around a document, as both the printed page and the editor's sheet show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Said:
    """A line of the letterhead, the address or the date: its left end and baseline, in points from below."""

    x: float
    baseline: float
    text: str
    size: float
    ink: Literal["accent", "soft", "ink"] = "ink"
    is_bold: bool = False
