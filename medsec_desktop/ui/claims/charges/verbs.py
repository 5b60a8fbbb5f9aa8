"""Charging from anywhere: the visit selected, or the one of the patient whose file is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk
    from medsec_desktop.ui.main_window import MainWindow


class ChargeVerbs:
    """Binds what may be done about charges for the whole window."""

    def __init__(self, desk: Desk, window: MainWindow):
        self._desk, self._window = desk, window
        bind = desk.actions.bind
        bind("visit.charges", self._charge, self._can_charge)
        bind("visit.superbill", self._print_visit, self._has_visit)
        bind("visit.superbills", self._print_day)

    def _visit(self) -> int | None:
        """The visit in front; of a patient's file the one that waits longest for its charges."""
        tab = self._window.tab
        if tab is None:
            return None
        if tab.visit_at_hand is not None:
            return tab.visit_at_hand
        patient_id = tab.patient_at_hand
        return None if patient_id is None else self._desk.office.charges.visit_of(patient_id)

    def _can_charge(self) -> bool | str:
        tab = self._window.tab
        if tab is None or tab.visit_at_hand is not None:
            return tab is not None
        if tab.patient_at_hand is None:
            return False
        return self._visit() is not None or "No visit of this patient took place yet."

    def _charge(self) -> None:
        number = self._visit()
        if number is not None:
            self._desk.go.open_charges(number)

    def _has_visit(self) -> bool:
        return self._visit() is not None

    def _print_visit(self) -> None:
        from medsec_desktop.ui.claims.charges.superbills import print_visit

        number = self._visit()
        if number is not None:
            print_visit(self._desk, self._window, number)

    def _print_day(self) -> None:
        """Of the day the calendar shows, where it is in front; else of today."""
        from medsec_desktop.ui.claims.charges.superbills import print_day

        day = self._window.tab.day_shown if self._window.tab is not None else None
        print_day(self._desk, self._window, day or self._desk.office.clock.today())
