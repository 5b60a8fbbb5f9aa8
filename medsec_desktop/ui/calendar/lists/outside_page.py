"""Visits left outside the hours: each with the reason, to be moved, or kept for another reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.services.calendar.hours_records import OutsideRow
from medsec_desktop.ui.calendar.words import counted, listed
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.rows import Column, RowsView
from medsec_desktop.ui.widgets import EmptyState, PlainButton, Text
from medsec_desktop.ui.widgets.page import Page

if TYPE_CHECKING:
    from medsec_desktop.services.session import Changes
    from medsec_desktop.ui.calendar.tab import CalendarTab

_READ_FROM = (
    "appointment", "patient", "provider", "room", "working_hours", "room_hours", "closure",
    "hours_exception", "public_holiday", "block_out", "block_out_type", "block_out_exception",
    "setting",
)  # fmt: skip


class OutsidePage(Page):
    """What a change of hours, a closure, a holiday or a block-out left to do."""

    title = "Visits outside hours"
    help_page = "hours"

    def __init__(self, tab: CalendarTab):
        super().__init__(tab)
        desk = tab.desk
        verbs: tuple[tuple[str, str, Callable[[OutsideRow], object]], ...] = (
            ("M", "Move…", self._move),
            ("P", "To the pinboard", self._pin),
            ("K", "Keep, with a reason…", self._keep),
        )
        self._verbs = {key: run for key, _, run in verbs}
        self.remark = Text("", "muted", wrap=True)
        office = desk.office
        self.list = RowsView(
            desk.theme,
            (
                Column("When",
                       lambda row: listed(row.visit.starts_at, office.clock.today(), office.formats),
                       lambda row: row.visit.starts_at, 22),
                Column("Patient", lambda row: row.visit.patient_name, None, 24),
                Column("With", lambda row: row.visit.provider_name, None, 18),
                Column("Why it is outside", _why, None, 0),
            ),
            self.title,
        )  # fmt: skip
        self.list.chosen.connect(self._open)
        self.list.installEventFilter(self)
        self.buttons = {
            key: PlainButton(f"{text} ({key})", lambda key=key: self.act(key))
            for key, text, _ in verbs
        }
        self.open_button = PlainButton("Open in the calendar", self._open_current, tip="Enter")
        self.nothing = EmptyState(
            desk.theme,
            "calendar-check",
            "Every visit lies within the hours",
            "After a change of hours, a closure, a holiday or a block-out, the visits it leaves "
            "outside are listed here.",
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
        if changes.touches(*_READ_FROM):
            self.read()

    def read(self) -> None:
        """Read what lies outside now; the selection stays at its place in the list."""
        at = max(self.list.currentIndex().row(), 0)
        rows = self.desk.office.hours.outside()
        self.list.set_rows(rows)
        if rows:
            self.list.selectRow(min(at, len(rows) - 1))
        kept = sum(bool(row.kept) for row in rows)
        said = f"{counted(len(rows) - kept, 'visit')} to settle"
        if kept:
            said += f", {kept} kept for a reason"
        self.remark.setText(f"{said}. Nobody has been told yet: call before you move a visit.")
        may = self.desk.office.session.may(Permission.EDIT_CALENDAR)
        for part in (self.remark, self.list, self.open_button):
            part.setVisible(bool(rows))
        for button in self.buttons.values():
            button.setVisible(bool(rows) and may)
        self.nothing.setVisible(not rows)

    def act(self, key: str) -> None:
        """Do with the visit selected what the key stands for."""
        row = self.list.current_row()
        if row is not None:
            self._verbs[key](row)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A letter on the list acts; the table would look for a cell beginning with it."""
        if watched is self.list and isinstance(event, QKeyEvent):
            plain = not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
            key = event.text().upper()
            if event.type() == QEvent.Type.KeyPress and plain and key in self._verbs:
                self.act(key)
                return True
        return super().eventFilter(watched, event)

    def _move(self, row: OutsideRow) -> None:
        self._open(row)
        self.tab.edit(row.visit.id)

    def _pin(self, _row: OutsideRow) -> None:
        """All that are selected; the pinboard finds times for them together."""
        for row in self.list.selected_rows():
            self.tab.visits.pin(row.visit.id)

    def _keep(self, row: OutsideRow) -> None:
        def keep(reason: str) -> None:
            hours, visit = self.desk.office.hours, row.visit
            if guarded(self.desk, lambda: hours.keep(visit.id, visit.version, reason) or True):
                self.desk.messages.say(f"{visit.patient_name}: stays where it is.", undo=True)
                self.list.setFocus()

        self.desk.prompts.ask_text(
            "Keep the visit where it is", "Reason", keep, text=row.reason, button="Keep"
        )

    def _open_current(self) -> None:
        row = self.list.current_row()
        if row is not None:
            self._open(row)

    def _open(self, row: OutsideRow) -> None:
        self.leave()
        self.tab.show_day(row.visit.starts_at.date(), row.visit.id)


def _why(row: OutsideRow) -> str:
    return f"{row.reason} Kept: {row.kept}" if row.kept else row.reason
