"""The coming days as a list, filtered as one types; Enter opens a visit on its day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from medsec_desktop.domain.calendar import STATUS_WORDS
from medsec_desktop.ui.rows import Column, RowsView
from medsec_desktop.ui.widgets import EmptyState, SearchLine

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from medsec_desktop.domain.formats import Formats
    from medsec_desktop.services.calendar import AppointmentRow
    from medsec_desktop.ui.theme import Theme


class AgendaView(QWidget):
    """Visits of some days, in a table."""

    visit_chosen = Signal(int)  # walked to
    visit_opened = Signal(object)  # AppointmentRow: Enter or a double click

    def __init__(self, theme: Theme, formats: Callable[[], Formats], parent: QWidget | None = None):
        super().__init__(parent)

        def by_time(row: AppointmentRow) -> object:
            return (row.starts_at, row.id)

        def when(row: AppointmentRow) -> str:
            day = formats().short_date(row.starts_at.date())
            return f"{day}, {formats().time(row.starts_at)}"

        self.line = SearchLine("Filter the agenda", "Name, type, provider…", theme)
        self.table = RowsView(
            theme,
            [
                Column("When", when, by_time, 19),
                Column("Patient", lambda row: row.patient_name, width=0),
                Column("Type", lambda row: row.type_name, width=12),
                Column("With", lambda row: row.provider_name, width=14),
                Column("Room", lambda row: row.room_name, width=6),
                Column("Status", lambda row: STATUS_WORDS[row.status], width=9),
            ],
            "Agenda",
        )
        self.empty = EmptyState(
            theme, "calendar-days", "No visits in these days", "Go on with Alt+PgDown, or book one."
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(self.line)
        column.addWidget(self.table, 1)
        column.addWidget(self.empty, 1)
        self.line.textChanged.connect(self.table.filter)
        self.table.chosen.connect(self.visit_opened)
        self.table.selectionModel().currentChanged.connect(self._walked)
        self.show_visits(())

    def show_visits(self, rows: Sequence[AppointmentRow]) -> None:
        """Show visits by time; the one in hand stays in hand where it still is."""
        current = self.table.current_row()
        self.table.set_rows(rows)
        self.table.setVisible(bool(rows))
        self.line.setVisible(bool(rows))
        self.empty.setVisible(not rows)
        if current is not None:
            self.select(current.id)

    def select(self, visit_id: int) -> None:
        """Put the row of a visit in hand."""
        model = self.table.order
        for number in range(model.rowCount()):
            index = model.index(number, 0)
            if index.data(int(Qt.ItemDataRole.UserRole)).id == visit_id:
                self.table.selectRow(number)
                return

    def take_focus(self) -> None:
        """The list, its first row in hand."""
        if self.table.isVisible():
            self.table.setFocus()
            if self.table.marked_row() is None:  # the focus makes a row current, but marks none
                self.table.selectRow(0)

    def _walked(self, index: QModelIndex) -> None:
        row = self.table.current_row()
        if row is not None:
            self.visit_chosen.emit(row.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and self.line.hasFocus():
            self.take_focus()
        else:
            super().keyPressEvent(event)
