"""How large a document may be, and what is said of one that is larger."""

from __future__ import annotations

MIB = 1024 * 1024

MOST_BYTES = 200 * MIB
MOST_PAGES = 2_000
# The most a page may measure: 200 inches, what PDF allows (ISO 32000-1, annex C.2).
LONGEST_SIDE_PT = 14_400.0
# An A3 sheet at 600 dpi has 70 million pixels; a bomb has thousands of millions.
MOST_PIXELS = 150_000_000
# What is drawn for the screen or a printer at once.
MOST_DRAWN_PIXELS = 36_000_000

MEMORY_BYTES = 2_048 * MIB
CPU_SECONDS = 600  # over the whole life of a process; each request has its own, shorter limit


class Refused(Exception):
    """A document that is not taken, as the sentences a person reads."""

    def __init__(self, what: str, why: str = "", remedy: str = ""):
        super().__init__(what, why, remedy)
        self.what, self.why, self.remedy = what, why, remedy


def too_large(what: str) -> Refused:
    """A document beyond a limit; `what` says in which way."""
    return Refused(
        "This file is too large to be taken.",
        what,
        "Scan it again with fewer pages or at 300 dpi.",
    )


def broken(kind: str) -> Refused:
    """A document that cannot be read at all."""
    return Refused(
        f"This {kind} cannot be read.",
        "It is damaged or not complete.",
        "Have it sent or scanned again.",
    )
