"""The life of a claim: its states, who may follow whom, and which of the three nets it hangs in.

A claim that left is sealed: it is replaced or voided by another one, never changed. What payers answer is
kept as their own words beside it; here is only how far it has come.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class ClaimStatus(StrEnum):
    """How far a claim has come."""

    DRAFT = "draft"
    CHECKED = "checked"  # the scrubber has nothing against it
    READY = "ready"  # somebody says it may go
    SENT = "sent"  # in a file that left, or on paper
    REJECTED = "rejected"  # came back before any decision: mend and send again
    ACCEPTED = "accepted"  # the payer has it
    DECIDED = "decided"  # paid, or denied
    CLOSED = "closed"  # nothing is expected any more
    REPLACED = "replaced"  # another claim stands for it
    VOID = "void"


_NEXT: dict[ClaimStatus, frozenset[ClaimStatus]] = {
    ClaimStatus.DRAFT: frozenset({ClaimStatus.CHECKED, ClaimStatus.VOID}),
    ClaimStatus.CHECKED: frozenset({ClaimStatus.DRAFT, ClaimStatus.READY, ClaimStatus.VOID}),
    ClaimStatus.READY: frozenset({ClaimStatus.DRAFT, ClaimStatus.SENT, ClaimStatus.VOID}),
    ClaimStatus.SENT: frozenset(
        {
            ClaimStatus.REJECTED,
            ClaimStatus.ACCEPTED,
            ClaimStatus.DECIDED,
            ClaimStatus.REPLACED,
            ClaimStatus.VOID,
        }
    ),
    ClaimStatus.REJECTED: frozenset({ClaimStatus.DRAFT, ClaimStatus.VOID}),
    ClaimStatus.ACCEPTED: frozenset(
        {ClaimStatus.REJECTED, ClaimStatus.DECIDED, ClaimStatus.REPLACED, ClaimStatus.VOID}
    ),
    ClaimStatus.DECIDED: frozenset({ClaimStatus.CLOSED, ClaimStatus.REPLACED, ClaimStatus.VOID}),
    ClaimStatus.CLOSED: frozenset({ClaimStatus.DECIDED, ClaimStatus.REPLACED, ClaimStatus.VOID}),
    ClaimStatus.REPLACED: frozenset(),
    ClaimStatus.VOID: frozenset(),
}


def may_become(status: ClaimStatus, then: ClaimStatus) -> bool:
    """Whether a claim of that state may get the other."""
    return then in _NEXT[status]


def is_sealed(status: ClaimStatus) -> bool:
    """Whether it left the office, so that its words stay as they are.

    A rejected claim never reached the payer's books: it is mended and sent again under its own number.
    """
    return status not in (
        ClaimStatus.DRAFT,
        ClaimStatus.CHECKED,
        ClaimStatus.READY,
        ClaimStatus.REJECTED,
    )


class Net(StrEnum):
    """The three nets through which no visit falls unpaid."""

    NOT_BILLED = "not billed"  # a visit without a claim
    NOT_SENT = "not sent"  # a claim that has not left
    NO_ANSWER = "no answer"  # a claim that left, and nobody said a word


@dataclass(frozen=True, slots=True)
class Watched:
    """A visit or a claim as the nets look at it. `answered_on` is the last word of anybody about it."""

    id: str
    visited_on: date
    status: ClaimStatus | None = None  # None: the visit has no claim
    sent_on: date | None = None
    answered_on: date | None = None
    is_not_billable: bool = False  # somebody said that nothing is charged for it


def caught(
    watched: Iterable[Watched], today: date, patience: timedelta = timedelta(days=21)
) -> dict[Net, tuple[Watched, ...]]:
    """What hangs in each net, the oldest first; `patience` is how long a payer may be silent."""
    found: dict[Net, list[Watched]] = {net: [] for net in Net}
    for one in watched:
        net = _net(one, today, patience)
        if net is not None:
            found[net].append(one)
    return {
        net: tuple(sorted(those, key=lambda one: (one.sent_on or one.visited_on, one.id)))
        for net, those in found.items()
    }


def _net(one: Watched, today: date, patience: timedelta) -> Net | None:
    if one.status is None:
        return None if one.is_not_billable or one.visited_on > today else Net.NOT_BILLED
    if one.status in (ClaimStatus.SENT, ClaimStatus.ACCEPTED):
        last = max(day for day in (one.sent_on, one.answered_on, one.visited_on) if day is not None)
        return Net.NO_ANSWER if today - last >= patience else None
    return None if is_sealed(one.status) else Net.NOT_SENT
