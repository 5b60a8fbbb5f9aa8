"""The place at the right of the grid: nothing yet, the visit selected, a booking, or one just made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from medsec_desktop.problems import Conflict
from medsec_desktop.ui.calendar.cards import BookedCard, VisitCard
from medsec_desktop.ui.calendar.pane import BookingPane
from medsec_desktop.ui.calendar.panel import Panel
from medsec_desktop.ui.widgets import EmptyState

if TYPE_CHECKING:
    from medsec_desktop.services.session import Changes
    from medsec_desktop.ui.desk import Desk

_WIDTH = 328


class Side(QFrame):
    """Shows one of four pages; a booking being filled in is never pushed aside by a selection."""

    panel_left = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self.pages = QStackedWidget()
        self.idle = EmptyState(
            desk.theme,
            "calendar-plus",
            "Nothing selected",
            "Click or drag on a free time to book it, or press Ctrl+B. "
            "Select a visit to see it here.",
        )
        self.visit = VisitCard(desk)
        self.pane = BookingPane(desk)
        self.booked = BookedCard(desk)
        for page in (self.idle, self.visit, self.pane, self.booked):
            self.pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.pages)
        self.pane.opened.connect(lambda: self.pages.setCurrentWidget(self.pane))
        desk.theme.changed.connect(self._fit)
        self._fit()

    def show_visit(self, visit_id: int) -> None:
        """Show a visit, unless a booking is being filled in."""
        if self.pane.is_open:
            return
        try:
            self.visit.show_visit(self._desk.office.calendar.appointment(visit_id))
        except Conflict:
            self.show_nothing()
            return
        self.pages.setCurrentWidget(self.visit)

    def show_booked(self, visit_id: int, *, moved: bool = False) -> None:
        detail = self._desk.office.calendar.appointment(visit_id)
        self.booked.show_booking(detail, self._desk.bus.last_operation_id, moved=moved)
        self.pages.setCurrentWidget(self.booked)
        self.booked.letter_button.setFocus()

    def show_panel(self, panel: Panel) -> None:
        """Show a panel; a booking being filled in is parked first, never lost."""
        if self.pane.is_open:
            self.pane.close_pane()
        if self.pages.indexOf(panel) < 0:
            self.pages.addWidget(panel)
            panel.left.connect(self._panel_left)
        self.pages.setCurrentWidget(panel)
        panel.showing()

    def _panel_left(self) -> None:
        self.pages.setCurrentWidget(self.idle)
        self.panel_left.emit()

    def show_nothing(self) -> None:
        if not self.pane.is_open:
            self.pages.setCurrentWidget(self.idle)

    def refresh(self, changes: Changes) -> None:
        """Rows changed: show what is shown as it is now, or nothing where it is gone."""
        shown = self.pages.currentWidget()
        if shown is self.visit and self.visit.detail is not None:
            self.show_visit(self.visit.detail.row.id)
        elif shown is self.booked and self.booked.detail is not None:
            try:
                self._desk.office.calendar.appointment(self.booked.detail.row.id)
            except Conflict:
                self.show_nothing()
        elif shown is self.pane:
            self.pane.look()
        elif isinstance(shown, Panel):
            shown.refresh(changes)

    @property
    def shows_visit(self) -> bool:
        return self.pages.currentWidget() is self.visit

    def _fit(self) -> None:
        self.setFixedWidth(self._desk.theme.px(_WIDTH))
        # An empty state is laid out for a whole page; here it has a narrow column.
        self.idle.text.setFixedWidth(self._desk.theme.px(_WIDTH - 80))
