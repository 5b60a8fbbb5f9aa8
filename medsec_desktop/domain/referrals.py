"""Referrals, to us and by us: the steps each takes, and when somebody should ask how it stands."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum


class Direction(StrEnum):
    """Who sends whom: a patient sent to us, or by us to somebody else."""

    IN = "in"
    OUT = "out"


class Step(StrEnum):
    """How far a referral has come."""

    READY = "ready"
    SENT = "sent"
    ACCEPTED = "accepted"
    BOOKED = "booked"
    TOLD = "told"
    LETTER_BACK = "letter-back"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"

    @property
    def is_final(self) -> bool:
        """Whether nobody waits for anything any more."""
        return self in (Step.LETTER_BACK, Step.DECLINED, Step.WITHDRAWN)


# One sent to us needs no sending: it is ready when it has come, and accepted when we take her.
PATHS = {
    Direction.OUT: (
        Step.READY, Step.SENT, Step.ACCEPTED, Step.BOOKED, Step.TOLD, Step.LETTER_BACK,
    ),
    Direction.IN: (Step.READY, Step.ACCEPTED, Step.BOOKED, Step.TOLD, Step.LETTER_BACK),
}  # fmt: skip
STEP_WORDS = {
    Direction.OUT: {
        Step.READY: "Ready to send",
        Step.SENT: "Sent",
        Step.ACCEPTED: "Accepted",
        Step.BOOKED: "Booked there",
        Step.TOLD: "Patient told",
        Step.LETTER_BACK: "Letter back",
        Step.DECLINED: "Declined",
        Step.WITHDRAWN: "Withdrawn",
    },
    Direction.IN: {
        Step.READY: "Received",
        Step.SENT: "Sent",
        Step.ACCEPTED: "Accepted",
        Step.BOOKED: "Booked here",
        Step.TOLD: "Patient told",
        Step.LETTER_BACK: "Letter sent back",
        Step.DECLINED: "Declined",
        Step.WITHDRAWN: "Withdrawn",
    },
}
# What somebody waits for after each step.
WAITS_FOR = {
    Direction.OUT: {
        Step.READY: "Send it",
        Step.SENT: "Do they take the patient?",
        Step.ACCEPTED: "When is the visit?",
        Step.BOOKED: "Tell the patient",
        Step.TOLD: "Has their letter come?",
    },
    Direction.IN: {
        Step.READY: "Do we take the patient?",
        Step.ACCEPTED: "Book a visit",
        Step.BOOKED: "Tell the patient",
        Step.TOLD: "Send our letter",
    },
}
_URGENT_DAYS = 2


class Chase(StrEnum):
    """How it ended when somebody asked."""

    NO_ANSWER = "no-answer"
    WAITING = "waiting"


CHASE_WORDS = {Chase.NO_ANSWER: "No answer", Chase.WAITING: "Still waiting"}


def next_step(direction: Direction, step: Step) -> Step | None:
    """The step that usually follows; None after the last."""
    path = PATHS[direction]
    if step.is_final or step not in path:
        return None
    return path[path.index(step) + 1]


def next_chase(
    step: Step, today: date, days: int, *, is_urgent: bool = False, visit_on: date | None = None
) -> date | None:
    """When somebody should ask how it stands after a step taken today; None when all is done.

    Once the patient knows of her visit nothing can come before it: its letter is awaited from it on.
    """
    if step.is_final:
        return None
    wait = timedelta(days=min(_URGENT_DAYS, days) if is_urgent else days)
    if step is Step.TOLD and visit_on is not None:
        return max(visit_on, today) + wait
    if step in (Step.READY, Step.BOOKED):
        return today + timedelta(days=1)  # ours to do, and soon done
    return today + wait


def chased_again(outcome: Chase, today: date, days: int, *, is_urgent: bool = False) -> date:
    """When to ask again after an answer that settled nothing: nobody there, tomorrow."""
    if outcome is Chase.NO_ANSWER:
        return today + timedelta(days=1)
    return today + timedelta(days=min(_URGENT_DAYS, days) if is_urgent else days)
