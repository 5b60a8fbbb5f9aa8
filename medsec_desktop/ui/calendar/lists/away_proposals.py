"""What is proposed for each visit of an absence, and how it is said to her."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from medsec_desktop.domain.calendar import provider_called
from medsec_desktop.services.calendar.absences import (
    AbsenceRow,
    AwayPolicy,
    AwayState,
    AwayVisit,
    Slot,
)
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import ListRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from medsec_desktop.ui.desk import Desk


class Proposals:
    """The visits of the absence in front with a time for each that is left; one may be chosen by hand."""

    def __init__(self, desk: Desk):
        self._desk = desk
        self._absence: AbsenceRow | None = None
        self._chosen: dict[int, Slot | None] = {}  # by hand
        self._called: dict[int, str] = {}
        self.visits: tuple[AwayVisit, ...] = ()
        self.slots: dict[int, Slot | None] = {}

    def read_names(self) -> None:
        """What the providers are called now."""
        self._called = {
            row.id: provider_called(row.family_name, row.given_name, row.credential)
            for row in self._desk.office.practice.providers()
        }

    def read(self, absence: AbsenceRow | None, policy: AwayPolicy, *, anew: bool = True) -> None:
        """The visits, and proposals worked out `anew` where a time may have come free or gone."""
        absences = self._desk.office.absences
        self._absence = absence
        self.visits = ()
        if absence is not None:
            self.visits = guarded(self._desk, lambda: absences.visits(absence.id)) or ()
        if anew:
            self.slots = {}
            if absence is not None:
                found = guarded(
                    self._desk, lambda: absences.proposals(absence.id, policy, self._chosen)
                )
                self.slots = found or {}

    def choose(self, visit: AwayVisit, slot: Slot) -> None:
        """Propose this time from now on, whatever the policy says."""
        self._chosen[visit.id] = slot

    def forget(self) -> None:
        """Another absence: nothing is chosen by hand."""
        self._chosen = {}

    @property
    def left(self) -> list[AwayVisit]:
        """The visits still to be settled."""
        return [visit for visit in self.visits if visit.state is AwayState.LEFT]

    @property
    def ready(self) -> int:
        """How many of them have a proposal."""
        return sum(1 for visit in self.left if self.has(visit))

    def has(self, visit: AwayVisit) -> bool:
        """Whether a time is proposed for a visit."""
        return self.slots.get(visit.id) is not None

    def of(self, visits: Sequence[AwayVisit]) -> dict[int, Slot]:
        """Their proposals; those that have none are left out."""
        found = ((visit.id, self.slots.get(visit.id)) for visit in visits)
        return {visit_id: slot for visit_id, slot in found if slot is not None}

    def options(self, visit: AwayVisit, day: date | None) -> list[ListRow]:
        """Other times for a visit that is left, from a day on."""
        absence = self._absence
        if absence is None or visit.state is not AwayState.LEFT:
            return []
        absences = self._desk.office.absences
        found = guarded(self._desk, lambda: absences.options(absence.id, visit.id, self.slots, day))
        return [
            ListRow(slot, self._place(slot), trailing=self._called.get(slot.provider_id, ""))
            for slot in found or ()
            if slot != self.slots.get(visit.id)
        ]

    def offer(self, visit: AwayVisit) -> str:
        """What to say to her, or what became of it."""
        if visit.now is not None:
            at = self._place(Slot(visit.now.starts_at, visit.now.duration_min, 0))
            return f"Moved to {at}, {visit.now.provider_name}"
        if visit.state is AwayState.CANCELLED:
            return "Cancelled"
        slot = self.slots.get(visit.id)
        if slot is None:
            return "No free time found: choose another day."
        return f"{self._place(slot)}, {self._called.get(slot.provider_id, '')}"

    def _place(self, slot: Slot) -> str:
        formats = self._desk.office.formats
        return f"{formats.short_date(slot.starts_at.date())}, {formats.time(slot.starts_at)}"
