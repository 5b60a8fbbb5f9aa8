"""Lists of patients' matters, alone or with a card beside them for the one that is selected."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from medsec_desktop.ui.rows import RowRole, RowsView
from medsec_desktop.ui.widgets import EmptyState, Hairline, Text
from medsec_desktop.ui.widgets.page import Page
from medsec_desktop.ui.widgets.scrolled import ScrolledColumn

if TYPE_CHECKING:
    from medsec_desktop.services.session import Changes

Row = TypeVar("Row")


class PatientList(Page):
    """Subclasses make `remark`, `table` and `nothing`, and `read` the rows; Enter opens the file."""

    looked_at: tuple[str, ...] = ()  # the kinds of what, changed, is read anew
    part = ""  # of the file, where what the list is about is worked on
    remark: Text
    table: RowsView
    nothing: EmptyState

    def read(self) -> None:
        """Read the rows anew."""
        raise TypeError("each list reads its own rows")

    @property
    def patient_at_hand(self) -> int | None:
        row = self.table.current_row()
        whose = row if hasattr(row, "patient_id") else getattr(row, "visit", None)
        return getattr(whose, "patient_id", None)

    def showing(self) -> None:
        self.read()
        self.table.setFocus()

    def refresh(self, changes: Changes) -> None:
        if changes.touches(*self.looked_at):
            self.read()

    def fill(self, rows: Sequence[Row], key: Callable[[Row], object]) -> None:
        """Show these; the one selected stays so, found by its key, else the one at its place."""
        kept: Any = self.table.current_row()
        at = max(self.table.currentIndex().row(), 0)
        self.table.set_rows(rows)
        if not rows:
            return
        order = self.table.order
        for place in range(order.rowCount() if kept is not None else 0):
            if key(order.index(place, 0).data(RowRole)) == key(kept):
                self.table.selectRow(place)
                return
        self.table.selectRow(min(at, len(rows) - 1))

    def open_file(self) -> None:
        """The file of the patient in front."""
        row = self.table.current_row()
        if row is not None:
            self.desk.go.open_patient(row.patient_id, part=self.part)

    def has_current(self) -> bool:
        return self.table.current_row() is not None


class ListBesideCard(PatientList):
    """They make a `card` as well, then call `lay_beside`, and show in the card who is in front."""

    card_width = 344  # pixels at normal zoom
    card: QWidget

    def lay_beside(self, title: str, more: QWidget) -> None:
        """Put the list and its card beside each other, `more` after the remark above them."""
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self.remark)
        top.addWidget(more)
        top.addStretch(1)
        self.right = ScrolledColumn(title)
        self.right.column.setContentsMargins(0, 0, 0, 0)
        self.right.column.addWidget(self.card)
        self.line = Hairline(vertical=True)
        below = QHBoxLayout()
        below.setSpacing(0)
        below.addWidget(self.table, 1)
        below.addWidget(self.nothing, 1)
        below.addWidget(self.line)
        below.addWidget(self.right)
        self.body.addLayout(top)
        self.body.addLayout(below, 1)
        self.table.chosen.connect(lambda _: self.open_file())
        self.table.selectionModel().currentChanged.connect(lambda *_: self.show_current())
        desk = self.desk
        desk.theme.changed.connect(self._fit)
        desk.actions.bind("visit.open_patient", self.open_file, self.has_current, owner=self)
        self._fit()

    def show_current(self) -> None:
        """Show in the card the one in front, where there is one."""
        raise TypeError("each list shows its own card")

    def fill(self, rows: Sequence[Row], key: Callable[[Row], object]) -> None:
        """Show these beside the card of the one selected, or that there is nothing."""
        super().fill(rows, key)
        for part in (self.table, self.right, self.line):
            part.setVisible(bool(rows))
        self.nothing.setVisible(not rows)
        self.show_current()

    def _fit(self) -> None:
        self.right.setFixedWidth(self.desk.theme.px(self.card_width))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
