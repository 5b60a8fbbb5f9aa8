"""Until when a claim must be with its payer.

The usual limits are only where a practice starts: contracts say otherwise, and each is edited with its
payer. They are gathered from what payers and billing companies publish; each is to be verified.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from medsec_desktop.domain.claims.claim import Claim

# By claim filing indicator, in days.
USUAL_DAYS = {
    "MA": 365,
    "MB": 365,
    "CH": 365,
    "MC": 90,
    "BL": 180,
    "CI": 90,
    "HM": 90,
    "12": 90,
    "16": 365,
}
OTHERWISE_DAYS = 90
_CORRECTED_DAYS = 180


class Nearness(StrEnum):
    """How near a deadline is."""

    FAR = "far"
    NEAR = "near"  # four fifths of the time are gone
    THIS_WEEK = "this week"
    PASSED = "passed"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A claim that is not with its payer yet: the first day of service, and the payer's limit."""

    claim: str
    payer: str
    first_on: date
    filing_days: int


@dataclass(frozen=True, slots=True)
class Due:
    """A claim on the radar."""

    claim: str
    payer: str
    due_on: date
    days_left: int
    nearness: Nearness


def usual_days(filing: str) -> int:
    """The limit a payer of that kind usually has, for a practice that has not set its own."""
    return USUAL_DAYS.get(filing, OTHERWISE_DAYS)


def deadline(first_on: date, filing_days: int) -> date:
    """The last day a claim is in time: `filing_days` after the first day of service."""
    return first_on + timedelta(days=filing_days)


def counted_from(claim: Claim) -> date | None:
    """The day from which a payer counts its limit; None for a claim without a line.

    The first day of service. A payer that pays after another counts from that one's decision, where it is
    known; Medicare counts from the service also then. Both are what payers publish; verify with the contract.
    """
    first = min((line.from_on for line in claim.lines), default=None)
    if first is None or claim.insured.rank == "P" or claim.insured.filing in ("MA", "MB"):
        return first
    decided = [one.paid_on for one in claim.others]
    decided += [one.paid_on for line in claim.lines for one in line.decisions]
    return max([first, *(day for day in decided if day is not None)])


def corrected_deadline(answered_on: date, days: int = _CORRECTED_DAYS) -> date:
    """The last day for a replacement, counted from the payer's answer."""
    return answered_on + timedelta(days=days)


def radar(waiting: Iterable[Waiting], today: date) -> tuple[Due, ...]:
    """Every claim with the days left, the most urgent first."""
    found = []
    for one in waiting:
        due = deadline(one.first_on, one.filing_days)
        left = (due - today).days
        used = (today - one.first_on).days
        if left < 0:
            nearness = Nearness.PASSED
        elif left <= 7:
            nearness = Nearness.THIS_WEEK
        elif used * 5 >= one.filing_days * 4:
            nearness = Nearness.NEAR
        else:
            nearness = Nearness.FAR
        found.append(Due(one.claim, one.payer, due, left, nearness))
    return tuple(sorted(found, key=lambda due: (due.due_on, due.claim)))
