"""What the program tells a person when something cannot be done.

A `Problem` is a sentence the user can act on: what happened, why, and what to do next. Anything
that is not a `Problem` is our own fault and goes to the crash reporter.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """A record a message points at; the window opens it on a click or Enter."""

    kind: str  # "patient", "appointment", "provider", "letter", "day" …
    key: str  # the record's id, or an ISO date for "day"
    text: str


class Problem(Exception):
    """A refusal that explains itself: `what` happened, `why`, and the `remedy`, each a sentence."""

    def __init__(self, what: str, why: str = "", remedy: str = "", links: tuple[Link, ...] = ()):
        super().__init__(what, why, remedy)
        self.what = what
        self.why = why
        self.remedy = remedy
        self.links = links

    def __str__(self) -> str:
        return " ".join(part for part in (self.what, self.why, self.remedy) if part)


class Invalid(Problem):
    """Something typed or read cannot be accepted; `field` names where."""

    def __init__(
        self,
        what: str,
        why: str = "",
        remedy: str = "",
        links: tuple[Link, ...] = (),
        *,
        field: str = "",
    ):
        super().__init__(what, why, remedy, links)
        self.field = field


class Conflict(Problem):
    """The request is sound but something already there is in the way."""


class NotAllowed(Problem):
    """The person logged in may not do this."""


class Unavailable(Problem):
    """The world failed: disk full, file locked, printer gone, wrong key, damaged file."""
