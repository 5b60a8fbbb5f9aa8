"""How a call ended: one outcome has one digit, whichever list the call was made from."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from PySide6.QtWidgets import QWidget

from medsec_desktop.domain.calendar.calls import CallOutcome
from medsec_desktop.ui.widgets.outcomes import Outcomes

# The only place that gives outcomes their digits, counted from 1. A list that has no use for one
# leaves its digit out; what only one list knows comes after these.
ORDER = (
    (CallOutcome.REACHED, "Reached"),
    (CallOutcome.LEFT_ON_MACHINE, "Message left"),
    (CallOutcome.LEFT_WITH_PERSON, "Word left"),
    (CallOutcome.NO_ANSWER, "No answer"),
    (CallOutcome.WRONG_NUMBER, "Wrong number"),
    (CallOutcome.DECLINED, "Declined"),
)


class CallOutcomes(Outcomes):
    """Buttons for the outcomes of a call; `chosen` gives the outcome, or what it means here.

    `means` gives an outcome the value and the words of this list: "Agrees: move the visit" is what
    reaching her comes to on the bench. `more` follows with digits of its own.
    """

    def __init__(
        self,
        name: str,
        means: Mapping[CallOutcome, tuple[object, str]] | None = None,
        *,
        without: Collection[CallOutcome] = (),
        more: Sequence[tuple[object, str]] = (),
        hoped: bool = True,
        parent: QWidget | None = None,
    ):
        here = means or {}
        known = [
            (digit, here.get(outcome, (outcome, words)))
            for digit, (outcome, words) in enumerate(ORDER, 1)
            if outcome not in without
        ]
        known += list(enumerate(more, len(ORDER) + 1))
        super().__init__(
            [pair for _, pair in known],
            name,
            hoped=hoped,
            digits=[digit for digit, _ in known],
            parent=parent,
        )
