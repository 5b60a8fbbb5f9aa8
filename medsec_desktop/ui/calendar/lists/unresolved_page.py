"""Visits nobody has answered for: one key each says what became of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.services.calendar import AppointmentRow
from medsec_desktop.ui.calendar import words
from medsec_desktop.ui.calendar.booking.verbs import VisitVerbs
from medsec_desktop.ui.rows import Column, RowsView
from medsec_desktop.ui.widgets import EmptyState, PlainButton, Text
from medsec_desktop.ui.widgets.page import Page

if TYPE_CHECKING:
    from medsec_desktop.services.session import Changes
    from medsec_desktop.ui.calendar.tab import CalendarTab

_MOST = 500


class UnresolvedPage(Page):
    """Earlier days' visits still open, and today's long over; nothing is answered by itself."""

    title = "Unresolved visits"
    help_page = "booking"

    def __init__(self, tab: CalendarTab):
        super().__init__(tab)
        verbs, desk = VisitVerbs(tab.desk, self), tab.desk
        answers: tuple[tuple[str, str, Callable[[AppointmentRow], object]], ...] = (
            ("D", "Done", verbs.finish),
            ("N", "Did not come", verbs.no_show),
            ("L", "Left unseen", verbs.leave),
            ("C", "Patient cancelled", lambda visit: verbs.cancel(visit, "patient")),
            ("K", "Clinic cancelled", lambda visit: verbs.cancel(visit, "clinic")),
        )
        self._answers = {key: run for key, _, run in answers}
        self.remark = Text("", "muted", wrap=True)
        formats, clock = desk.office.formats, desk.office.clock
        self.list = RowsView(
            desk.theme,
            (
                Column("When", lambda visit: words.listed(visit.starts_at, clock.today(), formats),
                       lambda visit: visit.starts_at, 20),
                Column("Patient", lambda visit: visit.patient_name, None, 36),
                Column("Visit", lambda visit: visit.type_name or "Visit", None, 20),
                Column("With", lambda visit: visit.provider_name, None, 20),
                Column("Stands as", words.status, None, 0),
            ),
            self.title,
        )  # fmt: skip
        self.list.chosen.connect(self._open)
        self.list.installEventFilter(self)
        self.buttons = {
            key: PlainButton(f"{text} ({key})", lambda key=key: self.answer(key))
            for key, text, _ in answers
        }
        self.open_button = PlainButton("Open in the calendar", self._open_current, tip="Enter")
        self.nothing = EmptyState(
            desk.theme,
            "circle-check",
            "Every visit has its answer",
            "Visits of earlier days that nobody answered for are listed here, and today’s nobody "
            "came for, an hour after their end.",
        )
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in self.buttons.values():
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.open_button)
        self.body.addWidget(self.remark)
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self.nothing, 1)
        self.body.addLayout(row)
        self.foot = (*self.buttons.values(), self.open_button)

    def showing(self) -> None:
        self.read()
        self.list.setFocus()

    def refresh(self, changes: Changes) -> None:
        if changes.touches("appointment", "patient", "provider"):
            self.read()

    def read(self) -> None:
        """Read what is open now; the selection stays at its place in the list."""
        at = max(self.list.currentIndex().row(), 0)
        rows = self.desk.office.calendar.unresolved(_MOST)
        self.list.set_rows(rows)
        if rows:
            self.list.selectRow(min(at, len(rows) - 1))
        count = f"The oldest {_MOST}" if len(rows) == _MOST else words.counted(len(rows), "visit")
        self.remark.setText(
            f"{count} to answer. One key says what became of the one selected; Ctrl+Z takes it back."
        )
        may = self.desk.office.session.may(Permission.EDIT_CALENDAR)
        for part in (self.remark, self.list, self.open_button):
            part.setVisible(bool(rows))
        for button in self.buttons.values():
            button.setVisible(bool(rows) and may)
        self.nothing.setVisible(not rows)

    def answer(self, key: str) -> None:
        """Say of the visit selected what the key stands for."""
        visit = self.list.current_row()
        if visit is not None:
            self._answers[key](visit)
            self.list.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A letter on the list answers; the table would look for a cell beginning with it."""
        if watched is self.list and isinstance(event, QKeyEvent):
            plain = not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
            key = event.text().upper()
            if event.type() == QEvent.Type.KeyPress and plain and key in self._answers:
                self.answer(key)
                return True
        return super().eventFilter(watched, event)

    def _open_current(self) -> None:
        visit = self.list.current_row()
        if visit is not None:
            self._open(visit)

    def _open(self, visit: AppointmentRow) -> None:
        self.tab.show_day(visit.starts_at.date(), visit.id)
