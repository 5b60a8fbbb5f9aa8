"""Which of a patient's authorizations a visit is counted on, how much of it, and what is left."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from medsec_desktop.domain.insurance import FEW_LEFT
from medsec_desktop.services.patients.authorizations import AuthorizationRow
from medsec_desktop.ui.widgets import Choice, Field, NumberBox

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk


class AuthorizationField(Field):
    """Hidden for a patient without any."""

    chosen = Signal()

    def __init__(self, desk: Desk):
        self.choice = Choice()
        super().__init__("Authorization", self.choice)
        self._desk = desk
        self._leaves: dict[int, AuthorizationRow] = {}
        self.units = NumberBox(0, 999, " units")
        self.units.setAccessibleName("Units this visit uses")
        self.units.setValue(1)
        self.layout().insertWidget(2, self.units)
        self.choice.currentIndexChanged.connect(self._choose)
        self.units.valueChanged.connect(lambda _: self._choose())
        self.hide()

    def value(self) -> int | None:
        """The authorization chosen, None for none."""
        value = self.choice.value()
        return None if value is None else int(str(value))

    def units_used(self) -> int:
        """How many units the visit uses of one that counts them; 1 of any other."""
        leave = self._leaves.get(self.value() or 0)
        return self.units.value() if leave is not None and leave.counts == "units" else 1

    def offer(
        self, leaves: Sequence[AuthorizationRow], chosen_id: int | None = None, units: int = 1
    ) -> None:
        """Offer those that still hold, and the one chosen even where it does not."""
        self.units.blockSignals(True)
        self.units.setValue(units)
        self.units.blockSignals(False)
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
        units = " units" if leave.counts == "units" else ""
        return f"{leave.number} · {leave.used} of {leave.allowed}{units} used{until}"

    def _choose(self) -> None:
        self._count()
        self.chosen.emit()

    def _count(self) -> None:
        leave = self._leaves.get(self.value() or 0)
        words = ""
        self.units.setVisible(leave is not None and leave.counts == "units")
        if leave is not None and leave.left == 0:
            words = f"All its {leave.counts} are used."
        elif leave is not None and leave.left <= FEW_LEFT:
            words = f"{leave.amount(leave.left)} left on it."
        self.note.setText(words)
        self.note.setVisible(bool(words))
