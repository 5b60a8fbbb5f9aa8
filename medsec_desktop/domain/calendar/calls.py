"""What comes of a call from the front desk."""

from __future__ import annotations

from enum import StrEnum


class CallOutcome(StrEnum):
    """How a call about a visit, an offer or a recall ended; the value is stored."""

    REACHED = "reached"
    LEFT_WITH_PERSON = "left-with-person"
    LEFT_ON_MACHINE = "left-on-machine"
    NO_ANSWER = "no-answer"
    WRONG_NUMBER = "wrong-number"
    DECLINED = "declined"

    @property
    def is_answered(self) -> bool:
        """Whether she herself has spoken, so that nobody need call about this again."""
        return self in (CallOutcome.REACHED, CallOutcome.DECLINED)

    @property
    def left_a_message(self) -> bool:
        return self in (CallOutcome.LEFT_WITH_PERSON, CallOutcome.LEFT_ON_MACHINE)


CALL_WORDS = {
    CallOutcome.REACHED: "Reached",
    CallOutcome.LEFT_WITH_PERSON: "Left word with somebody",
    CallOutcome.LEFT_ON_MACHINE: "Left a message",
    CallOutcome.NO_ANSWER: "No answer",
    CallOutcome.WRONG_NUMBER: "Wrong number",
    CallOutcome.DECLINED: "Declined",
}
