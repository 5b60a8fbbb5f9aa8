"""Visits that took place and have no charges: Enter charges the one selected."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.services.claims.charge_records import VisitToCharge
from medsec_desktop.ui.calendar.lists.waiting_visits import WaitingVisits
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.rows import Column
from medsec_desktop.ui.widgets import PlainButton, PrimaryButton

if TYPE_CHECKING:
    from medsec_desktop.ui.calendar.tab import CalendarTab


class UnchargedPage(WaitingVisits):
    """The kept visits nobody has put charges down for."""

    title = "Visits without charges"
    help_page = "charges"
    permission = Permission.EDIT_CHARGES
    reads_again = ("appointment", "patient", "provider", "charge_sheet", "coverage")
    settled_by = "to charge. Enter puts down what the one selected costs; Ctrl+Z takes it back."

    def __init__(self, tab: CalendarTab):
        super().__init__(
            tab,
            tab.desk.office.charges.uncharged,
            attrgetter("appointment_id"),
            Column("Payer", lambda row: row.payer_name or "No insurance", None, 0),
            (
                "Every visit is charged",
                "Visits that took place are listed here until somebody puts down what they cost, or "
                "says that nothing is charged.",
            ),
        )
        self.list.chosen.connect(lambda _: self.charge())
        self.charge_button = PrimaryButton("Charge", self.charge, tip="Enter")
        self.nothing_button = PlainButton("No charge (N)", self.no_charge)
        self.print_button = PlainButton("Superbill…", self._print, tip="Ctrl+Shift+9")
        buttons = (self.charge_button, self.nothing_button, self.print_button)
        self.settle_by(buttons, {"N": self.no_charge})

    def charge(self) -> None:
        """Show the charges of the visit selected, to be put down."""
        visit_id = self.visit_at_hand
        if visit_id is not None:
            self.desk.go.open_charges(visit_id)

    def no_charge(self) -> None:
        """Ask why the visit selected costs nothing."""
        row: VisitToCharge | None = self.list.current_row()
        if row is None:
            return
        charges = self.desk.office.charges

        def said(reason: str) -> None:
            done = guarded(
                self.desk,
                lambda: charges.no_charge(
                    row.appointment_id, reason, charges.open(row.appointment_id).draft.version
                ),
            )
            if done is not None:
                self.desk.messages.say(f"{row.patient_name}: no charge.", undo=True)
            self.list.setFocus()

        self.desk.prompts.ask_text(
            "No charge", "Reason", said, text="Why is nothing charged?", button="No charge"
        )

    def _print(self) -> None:
        self.desk.actions.trigger("visit.superbill")
