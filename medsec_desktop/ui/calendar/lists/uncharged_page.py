"""Visits that took place and have no charges: Enter charges the one selected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.services.claims.charge_records import VisitToCharge
from medsec_desktop.ui.calendar import words
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.rows import Column, RowsView
from medsec_desktop.ui.widgets import EmptyState, PlainButton, PrimaryButton, Text
from medsec_desktop.ui.widgets.page import Page

if TYPE_CHECKING:
    from medsec_desktop.services.session import Changes
    from medsec_desktop.ui.calendar.tab import CalendarTab

_MOST = 500


class UnchargedPage(Page):
    """The kept visits nobody has put charges down for, the oldest first."""

    title = "Visits without charges"
    help_page = "charges"

    def __init__(self, tab: CalendarTab):
        super().__init__(tab)
        desk = tab.desk
        formats, clock = desk.office.formats, desk.office.clock
        self.remark = Text("", "muted", wrap=True)
        self.list = RowsView(
            desk.theme,
            (
                Column("When", lambda row: words.listed(row.starts_at, clock.today(), formats),
                       lambda row: row.starts_at, 20),
                Column("Patient", lambda row: row.patient_name, None, 36),
                Column("Visit", lambda row: row.type_name, None, 20),
                Column("With", lambda row: row.provider_name, None, 20),
                Column("Payer", lambda row: row.payer_name or "No insurance", None, 0),
            ),
            self.title,
        )  # fmt: skip
        self.list.chosen.connect(self._charge)
        self.list.installEventFilter(self)
        self.charge_button = PrimaryButton("Charge", self._charge_current, tip="Enter")
        self.nothing_button = PlainButton("No charge (N)", self.no_charge)
        self.print_button = PlainButton("Superbill…", self._print, tip="Ctrl+Shift+9")
        self.open_button = PlainButton("Open in the calendar", self._open_current)
        self.nothing = EmptyState(
            desk.theme,
            "circle-check",
            "Every visit is charged",
            "Visits that took place are listed here until somebody puts down what they cost, or "
            "says that nothing is charged.",
        )
        self._foot_buttons = (
            self.charge_button, self.nothing_button, self.print_button, self.open_button,
        )  # fmt: skip
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in self._foot_buttons[:3]:
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.open_button)
        self.body.addWidget(self.remark)
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self.nothing, 1)
        self.body.addLayout(row)
        self.foot = self._foot_buttons

    @property
    def visit_at_hand(self) -> int | None:
        row = self.list.current_row()
        return row.appointment_id if row is not None else None

    @property
    def patient_at_hand(self) -> int | None:
        row = self.list.current_row()
        return row.patient_id if row is not None else None

    def showing(self) -> None:
        self.read()
        self.list.setFocus()

    def refresh(self, changes: Changes) -> None:
        if changes.touches("appointment", "patient", "provider", "charge_sheet", "coverage"):
            self.read()

    def read(self) -> None:
        """Read what is open now; the selection stays at its place in the list."""
        at = max(self.list.currentIndex().row(), 0)
        rows = self.desk.office.charges.uncharged(_MOST)
        self.list.set_rows(rows)
        if rows:
            self.list.selectRow(min(at, len(rows) - 1))
        count = f"The oldest {_MOST}" if len(rows) == _MOST else words.counted(len(rows), "visit")
        self.remark.setText(
            f"{count} to charge. Enter puts down what the one selected costs; Ctrl+Z takes it back."
        )
        may = self.desk.office.session.may(Permission.EDIT_CHARGES)
        for part in (self.remark, self.list, self.open_button):
            part.setVisible(bool(rows))
        for button in self._foot_buttons[:3]:
            button.setVisible(bool(rows) and may)
        self.nothing.setVisible(not rows)

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

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """N on the list says no charge; the table would look for a cell beginning with it."""
        if watched is self.list and isinstance(event, QKeyEvent):
            plain = not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
            pressed = event.type() == QEvent.Type.KeyPress
            if pressed and plain and event.text().upper() == "N":
                if self.nothing_button.isVisible():
                    self.no_charge()
                return True
        return super().eventFilter(watched, event)

    def _charge_current(self) -> None:
        row = self.list.current_row()
        if row is not None:
            self._charge(row)

    def _charge(self, row: VisitToCharge) -> None:
        self.desk.go.open_charges(row.appointment_id)

    def _print(self) -> None:
        self.desk.actions.trigger("visit.superbill")

    def _open_current(self) -> None:
        row = self.list.current_row()
        if row is not None:
            self.tab.show_day(row.starts_at.date(), row.appointment_id)
