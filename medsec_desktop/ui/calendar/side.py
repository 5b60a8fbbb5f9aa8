"""The place at the right of the grid: nothing yet, the visit selected, a booking, or one just made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from medsec_desktop.problems import Conflict
from medsec_desktop.ui.calendar.booking.booked_card import BookedCard, BookedStrip
from medsec_desktop.ui.calendar.booking.pane import BookingPane
from medsec_desktop.ui.calendar.booking.visit_card import VisitCard
from medsec_desktop.ui.widgets import EmptyState
from medsec_desktop.ui.widgets.page import Panel

if TYPE_CHECKING:
    from medsec_desktop.services.session import Changes
    from medsec_desktop.ui.desk import Desk

_WIDTH = 328


class _Pages(QStackedWidget):
    """As tall as the page shown needs to be; a taller one behind it does not squeeze the window."""

    def __init__(self, parent: QWidget):
        super().__init__(parent)
        self.currentChanged.connect(lambda _: self.updateGeometry())

    def minimumSizeHint(self) -> QSize:
        page = self.currentWidget()
        return page.minimumSizeHint() if page is not None else QSize()


class Side(QFrame):
    """Shows one of four pages; a booking being filled in is never pushed aside by a selection.

    A booking just made stays to be read back until it is dismissed: whole while nothing else is
    shown, else in one line on top.
    """

    panel_left = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self.pages = _Pages(self)
        self.idle = EmptyState(
            desk.theme,
            "calendar-plus",
            "Nothing selected",
            "Click or drag on a free time to book it, or press Ctrl+B. "
            "Select a visit to see it here.",
        )
        self.strip = BookedStrip(desk)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.strip)
        column.addWidget(self.pages)
        self.visit = VisitCard(desk, self.pages)
        self.pane = BookingPane(desk, self.pages)
        self.booked = BookedCard(desk, self.pages)
        for page in (self.idle, self.visit, self.pane, self.booked):
            self.pages.addWidget(page)
        self.pages.currentChanged.connect(lambda _: self._show_strip())
        self.booked.left.connect(self._dismiss)
        self.strip.dismissed.connect(self._dismiss)
        self.strip.wished.connect(self._show_booked_again)
        self._behind: Panel | None = None  # a panel that stays, while a booking is filled in
        self.pane.opened.connect(self._show_pane)
        desk.theme.changed.connect(self._fit)
        self._fit()

    def show_visit(self, visit_id: int, *, asked: bool = False) -> None:
        """Show a visit, unless a booking is being filled in, or a panel that stays is in front.

        What is `asked` by an action comes all the same: the booking is parked then.
        """
        if asked and self.pane.is_open:
            self.pane.close_pane()
        front = self.pages.currentWidget()
        if self.pane.is_open or (isinstance(front, Panel) and front.stays and not asked):
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

    def _show_booked_again(self) -> None:
        if self.pane.is_open:
            self.pane.close_pane()
        self.pages.setCurrentWidget(self.booked)
        self.booked.letter_button.setFocus()

    def _dismiss(self) -> None:
        self.booked.detail = None
        self._show_strip()

    def _show_strip(self) -> None:
        """The booking just made, in one line, unless it is shown whole."""
        self.strip.say(self.booked.one_line)
        is_whole = self.pages.currentWidget() is self.booked
        self.strip.setVisible(self.booked.detail is not None and not is_whole)

    def show_panel(self, panel: Panel) -> None:
        """Show a panel; a booking being filled in is parked first, never lost."""
        if self.pane.is_open:
            self.pane.close_pane()
        self._behind = None
        if self.pages.indexOf(panel) < 0:
            self.pages.addWidget(panel)
            panel.left.connect(self._panel_left)
        self.pages.setCurrentWidget(panel)
        panel.showing()

    def _panel_left(self) -> None:
        self._behind = None
        self._show_idle()
        self.panel_left.emit()

    def show_nothing(self) -> None:
        """Nothing is selected; a panel stays, as it is worked with beside the grid."""
        if not self.pane.is_open and not isinstance(self.pages.currentWidget(), Panel):
            self._show_idle()

    def leave(self) -> None:
        """Escape: what is shown goes away; a booking just made is dismissed by it."""
        if self.pages.currentWidget() is self.booked:
            self._dismiss()
        if not self.pane.is_open:
            self._show_idle()

    def _show_pane(self) -> None:
        front = self.pages.currentWidget()
        if isinstance(front, Panel) and front.stays:
            self._behind = front
        self.pages.setCurrentWidget(self.pane)

    def _show_idle(self) -> None:
        front: QWidget = self._behind or self.idle
        self.pages.setCurrentWidget(self.booked if self.booked.detail is not None else front)

    def refresh(self, changes: Changes) -> None:
        """Rows changed: show what is shown as it is now, or nothing where it is gone."""
        shown = self.pages.currentWidget()
        if shown is self.visit and self.visit.detail is not None:
            row = self.visit.detail.row
            self.show_visit(self._desk.office.calendar.what_became_of(row))
        elif shown is self.pane:
            self.pane.refresh(changes)
        elif isinstance(shown, Panel):
            shown.refresh(changes)
        self._refresh_booked(shown)

    def _refresh_booked(self, shown: QWidget) -> None:
        """A booking undone or cancelled meanwhile is not read back any more."""
        calendar, detail = self._desk.office.calendar, self.booked.detail
        if detail is None:
            return
        try:
            now = calendar.appointment(calendar.standing(detail.row.id))
        except Conflict:
            now = None
        if now is None or not now.row.status.holds_its_slot:
            self._dismiss()
            if shown is self.booked:
                self._show_idle()
        elif now != detail:
            self.booked.show_booking(now, None, moved=True)
            self._show_strip()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is shown: no visit, no booking, no panel."""
        return self.pages.currentWidget() is self.idle and self.booked.detail is None

    @property
    def shows_visit(self) -> bool:
        return self.pages.currentWidget() is self.visit

    def _fit(self) -> None:
        self.setFixedWidth(self._desk.theme.px(_WIDTH))
        # An empty state is laid out for a whole page; here it has a narrow column.
        self.idle.text.setFixedWidth(self._desk.theme.px(_WIDTH - 80))
