"""Which of a patient's authorizations a visit is counted on, and how many visits are left."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from medsec_desktop.services.patients.authorizations import AuthorizationRow
from medsec_desktop.ui.calendar.words import counted
from medsec_desktop.ui.widgets import Choice, Field

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_FEW_LEFT = 5  # so few are worth saying while she is on the phone


class AuthorizationField(Field):
    """Hidden for a patient without any."""

    chosen = Signal()

    def __init__(self, desk: Desk):
        self.choice = Choice()
        super().__init__("Authorization", self.choice)
        self._desk = desk
        self._leaves: dict[int, AuthorizationRow] = {}
        self.choice.currentIndexChanged.connect(self._choose)
        self.hide()

    def value(self) -> int | None:
        """The authorization chosen, None for none."""
        value = self.choice.value()
        return None if value is None else int(str(value))

    def offer(self, leaves: Sequence[AuthorizationRow], chosen_id: int | None = None) -> None:
        """Offer those that still hold, and the one chosen even where it does not."""
        today = self._desk.office.clock.today()
        self._leaves = {
            leave.id: leave
            for leave in leaves
            if leave.ends_on is None or leave.ends_on >= today or leave.id == chosen_id
        }
        pairs: list[tuple[object, str]] = [(None, "None")]
        pairs += [(leave.id, self._called(leave)) for leave in self._leaves.values()]
        self.choice.blockSignals(True)
        self.choice.set_pairs(pairs)
        self.choice.setCurrentIndex(0)
        if chosen_id is not None:
            self.choice.set_value(chosen_id)
        self.choice.blockSignals(False)
        self.setVisible(bool(self._leaves))
        self._count()

    def take_the_only_one(self, day: date) -> None:
        """Where there is just one she could use on that day, it is hers to use."""
        usable = [one.id for one in self._leaves.values() if one.left and one.holds_on(day)]
        if len(usable) == 1:
            self.choice.set_value(usable[0])

    def _called(self, leave: AuthorizationRow) -> str:
        until = f" · to {self._desk.office.formats.date(leave.ends_on)}" if leave.ends_on else ""
        return f"{leave.number} · {leave.used} of {leave.allowed} used{until}"

    def _choose(self) -> None:
        self._count()
        self.chosen.emit()

    def _count(self) -> None:
        leave = self._leaves.get(self.value() or 0)
        words = ""
        if leave is not None and leave.left == 0:
            words = "All its visits are used."
        elif leave is not None and leave.left <= _FEW_LEFT:
            words = f"{counted(leave.left, 'visit').capitalize()} left on it."
        self.note.setText(words)
        self.note.setVisible(bool(words))
