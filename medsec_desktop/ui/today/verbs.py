"""F3, F4 and the rest: what is said of a visit of today, from wherever it is selected."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from medsec_desktop.domain.calendar.visits import STATUS_WORDS, VisitStatus

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from medsec_desktop.services.today import BoardRow
    from medsec_desktop.ui.calendar.booking.verbs import VisitVerbs
    from medsec_desktop.ui.desk import Desk

_EXPECTED = (VisitStatus.SCHEDULED, VisitStatus.CONFIRMED)
_HERE = (VisitStatus.ARRIVED, VisitStatus.IN_ROOM)
_PERSON, _MACHINE = "With a person", "On the machine"


class DeskVerbs:
    """Does to the visit that `current` names what its key says; a key that cannot says why."""

    def __init__(self, desk: Desk, current: Callable[[], BoardRow | None]):
        self._desk = desk
        self._current = current

    @cached_property
    def _verbs(self) -> VisitVerbs:
        """The calendar's own, imported with the first key: the start does without."""
        from medsec_desktop.ui.calendar.booking.verbs import VisitVerbs

        return VisitVerbs(self._desk)

    def bind(self, owner: QWidget | None = None) -> None:
        """Give the keys their meaning while `owner` is on screen; without one, everywhere else."""
        bind = self._desk.actions.bind
        for action_id, do, may in (
            ("visit.arrive", lambda row: self._verbs.arrive(row), self._may_arrive),
            ("visit.move_on", lambda row: self._verbs.move_on(row), self._may_move_on),
            ("visit.confirm", self._ask_how, self._may_confirm),
            ("visit.no_show", lambda row: self._verbs.no_show(row), self._may_confirm),
            ("visit.left", lambda row: self._verbs.leave(row), self._may_leave),
        ):
            bind(
                action_id,
                lambda do=do: self._with_current(do),
                lambda may=may: self._ask_current(may),
                owner=owner,
            )

    def step(self) -> None:
        """Whatever comes next: arrived, in room, done."""
        row = self._current()
        expected = row is not None and row.status in _EXPECTED
        self._desk.actions.trigger("visit.arrive" if expected else "visit.move_on")

    # -- inside ---------------------------------------------------------------------------------

    def _with_current(self, do: Callable[[BoardRow], object]) -> None:
        row = self._current()
        if row is not None:
            do(row)

    def _ask_current(self, may: Callable[[BoardRow], str]) -> bool | str:
        row = self._current()
        return row is not None and (may(row) or True)

    def _ask_how(self, row: BoardRow) -> None:
        """A message on a machine is not yet a yes, and is noted as what it is."""

        def confirmed(answer: str) -> None:
            how = {_PERSON: "person", _MACHINE: "machine"}.get(answer)
            if how is not None:
                self._verbs.confirm(row, how)

        self._desk.prompts.ask(
            "Confirm the visit",
            f"How was the visit of {row.patient_name} confirmed?",
            [_PERSON, _MACHINE, "Cancel"],
            confirmed,
        )

    def _may_arrive(self, row: BoardRow) -> str:
        if row.status is VisitStatus.ARRIVED:
            return f"{row.patient_name} has arrived already. F4 moves on to the room."
        return "" if row.status in _EXPECTED else _stands(row)

    def _may_move_on(self, row: BoardRow) -> str:
        if row.status in _EXPECTED:
            return f"{row.patient_name} has not arrived yet. F3 notes the arrival."
        return "" if row.status in _HERE else _stands(row)

    def _may_confirm(self, row: BoardRow) -> str:
        return "" if row.status in _EXPECTED else _stands(row)

    def _may_leave(self, row: BoardRow) -> str:
        return "" if row.status in _EXPECTED + _HERE else _stands(row)


def _stands(row: BoardRow) -> str:
    word = STATUS_WORDS[row.status].lower()
    return f"The visit of {row.patient_name} is noted: {word}. Ctrl+Alt+S corrects it."
