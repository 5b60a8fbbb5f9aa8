"""What the lists of visits that wait for somebody's word have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.ui.calendar import words
from medsec_desktop.ui.rows import Column, RowsView
from medsec_desktop.ui.widgets import EmptyState, PlainButton, Text
from medsec_desktop.ui.widgets.page import Page

if TYPE_CHECKING:
    from medsec_desktop.services.session import Changes
    from medsec_desktop.ui.calendar.tab import CalendarTab

MOST = 500


class WaitingVisits(Page):
    """The oldest first; letters and buttons settle the one selected, and the next one takes its place.

    `read` gives so many of them at most, `visit_of` which visit a row is of; `last` is the column after
    those of every list, and `nothing` is said where no visit waits.
    """

    permission: Permission  # without it the visits are shown, and nothing settles them
    reads_again: tuple[str, ...]  # tables
    settled_by = ""  # follows the count above the list

    def __init__(
        self,
        tab: CalendarTab,
        read: Callable[[int], Sequence[Any]],
        visit_of: Callable[[Any], int],
        last: Column,
        nothing: tuple[str, str],
    ):
        super().__init__(tab)
        self._rows, self._visit_of = read, visit_of
        desk = tab.desk
        formats, clock = desk.office.formats, desk.office.clock
        self._buttons: tuple[QWidget, ...] = ()
        self._letters: dict[str, Callable[[], object]] = {}
        self.remark = Text("", "muted", wrap=True)
        self.list = RowsView(
            desk.theme,
            (
                Column("When", lambda row: words.listed(row.starts_at, clock.today(), formats),
                       lambda row: row.starts_at, 20),
                Column("Patient", lambda row: row.patient_name, None, 36),
                Column("Visit", lambda row: row.type_name or "Visit", None, 20),
                Column("With", lambda row: row.provider_name, None, 20),
                last,
            ),
            self.title,
        )  # fmt: skip
        self.list.installEventFilter(self)
        self.open_button = PlainButton("Open in the calendar", self.open_visit)
        self.nothing = EmptyState(desk.theme, "circle-check", *nothing)
        self.body.addWidget(self.remark)
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self.nothing, 1)

    def settle_by(
        self, buttons: Sequence[QWidget], letters: dict[str, Callable[[], object]]
    ) -> None:
        """Lay these in the foot, and let the list take these letters."""
        self._buttons, self._letters = tuple(buttons), letters
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in buttons:
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.open_button)
        self.body.addLayout(row)
        self.foot = (*buttons, self.open_button)

    @property
    def visit_at_hand(self) -> int | None:
        row = self.list.current_row()
        return self._visit_of(row) if row is not None else None

    @property
    def patient_at_hand(self) -> int | None:
        row = self.list.current_row()
        return row.patient_id if row is not None else None

    def showing(self) -> None:
        self.read()
        self.list.setFocus()

    def refresh(self, changes: Changes) -> None:
        if changes.touches(*self.reads_again):
            self.read()

    def read(self) -> None:
        """Read what is open now; the selection stays at its place in the list."""
        at = max(self.list.currentIndex().row(), 0)
        rows = self._rows(MOST)
        self.list.set_rows(rows)
        if rows:
            self.list.selectRow(min(at, len(rows) - 1))
        count = f"The oldest {MOST}" if len(rows) == MOST else words.counted(len(rows), "visit")
        self.remark.setText(f"{count} {self.settled_by}")
        may = self.desk.office.session.may(self.permission)
        for part in (self.remark, self.list, self.open_button):
            part.setVisible(bool(rows))
        for button in self._buttons:
            button.setVisible(bool(rows) and may)
        self.nothing.setVisible(not rows)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A letter on the list settles; the table would look for a cell beginning with it."""
        if watched is self.list and isinstance(event, QKeyEvent):
            plain = not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
            settle = self._letters.get(event.text().upper())
            if event.type() == QEvent.Type.KeyPress and plain and settle is not None:
                if self.desk.office.session.may(self.permission):
                    settle()
                return True
        return super().eventFilter(watched, event)

    def open_visit(self) -> None:
        """Show the one selected in the calendar."""
        row = self.list.current_row()
        if row is not None:
            self.tab.show_day(row.starts_at.date(), self._visit_of(row))
