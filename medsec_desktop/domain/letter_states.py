"""How far a letter has come: dictated, typed, checked, signed, sent; or filed at once; or void.

A letter goes forward, over a step where the practice leaves one out, and back to be typed again until it is
signed. From then on its pages stand: it is sent, or it is void and another one takes its place.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum


class LetterStatus(StrEnum):
    """How far a letter has come."""

    DICTATED = "dictated"  # somebody wants it written
    TYPED = "typed"  # it has words
    CHECKED = "checked"  # read by somebody else, or once more
    SIGNED = "signed"  # archived, and ready to go
    FILED = "filed"  # archived without having been on the line; nobody outside has it
    PRINTED = "printed"  # left the building, as earlier programs wrote it
    SENT = "sent"  # left the building
    VOID = "void"  # kept, and not valid

    @property
    def is_on_the_line(self) -> bool:
        """Whether somebody still has something to do for it before its pages are archived."""
        return self in (LetterStatus.DICTATED, LetterStatus.TYPED, LetterStatus.CHECKED)

    @property
    def is_to_send(self) -> bool:
        """Whether its pages wait to leave."""
        return self in (LetterStatus.SIGNED, LetterStatus.FILED)

    @property
    def is_out(self) -> bool:
        """Whether it left the building."""
        return self in (LetterStatus.SENT, LetterStatus.PRINTED)


class SentHow(StrEnum):
    """The way a letter left."""

    PRINTED = "printed"
    MAILED = "mailed"
    FAXED = "faxed"
    HANDED = "handed"
    E_MAILED = "e-mailed"


_S = LetterStatus
_NEXT: dict[LetterStatus, tuple[LetterStatus, ...]] = {
    _S.DICTATED: (_S.TYPED, _S.VOID),
    _S.TYPED: (_S.CHECKED, _S.SIGNED, _S.DICTATED, _S.VOID),
    _S.CHECKED: (_S.SIGNED, _S.TYPED, _S.VOID),
    _S.SIGNED: (_S.SENT, _S.VOID),
    _S.FILED: (_S.SENT, _S.VOID),
    _S.PRINTED: (_S.SENT, _S.PRINTED, _S.VOID),
    _S.SENT: (_S.SENT, _S.VOID),
    _S.VOID: (),
}
_BACK = {_S.CHECKED: _S.TYPED, _S.TYPED: _S.DICTATED}


def may_become(status: LetterStatus, then: LetterStatus) -> bool:
    """Whether a letter of that status may get the other; a void one stays void."""
    return then in _NEXT[status]


def next_step(status: LetterStatus) -> LetterStatus | None:
    """What comes after it on the line; None where nothing does."""
    following = _NEXT[status][0] if _NEXT[status] else None
    return None if following in (status, LetterStatus.VOID) or status.is_out else following


def step_back(status: LetterStatus) -> LetterStatus | None:
    """Where it goes when something is to be put right; None where its pages stand."""
    return _BACK.get(status)


def turnaround_days(first: date, last: date) -> int:
    """Days from the first step to the last; 0 for a letter that leaves the same day."""
    return max(0, (last - first).days)
