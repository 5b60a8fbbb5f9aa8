"""The work-lists left in the Claims tab: what is to be done, in the order in which claims go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from medsec_desktop.ui.widgets import FastList, ListRow

if TYPE_CHECKING:
    from medsec_desktop.services.claims.records import ListCount
    from medsec_desktop.ui.desk import Desk

ICONS = {
    "uncharged": "stethoscope", "unclaimed": "file-plus", "drafts": "square-pen", "held": "circle-alert",
    "checked": "check", "ready": "badge-check", "deadlines": "timer", "sent": "file-up",
    "no-answer": "hourglass", "rejected": "rotate-ccw", "decided": "receipt", "mine": "user",
    "next": "calendar-clock", "all": "list",
}  # fmt: skip


class WorkLists(QWidget):
    """`chosen` carries the key of the list to show; Right or Enter goes to its claims."""

    chosen = Signal(str)
    entered = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._filling = False
        self.list = _List(desk.theme, "Work-lists of claims")
        self.list.setProperty("kind", "side")
        self.list.selectionModel().currentChanged.connect(lambda *_: self._tell())
        self.list.chosen.connect(lambda _: self.entered.emit())
        self.list.left_to_right.connect(self.entered)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(self.list)
        self.setFocusProxy(self.list)

    @property
    def key(self) -> str:
        """The list that is shown."""
        return str(self.list.current_value() or "")

    def show_counts(self, counts: Sequence[ListCount], key: str) -> None:
        """Show how much hangs in each; the one selected stays, at first `key`."""
        kept = self.key or key
        self._filling = True
        self.list.set_rows([self._row(one) for one in counts], preselect=False)
        self.select(kept)
        self._filling = False

    @staticmethod
    def _row(one: ListCount) -> ListRow:
        count = f"{one.count:,}" if one.count else ""
        return ListRow(
            one.key,
            one.title,
            trailing="" if one.is_late else count,
            icon=ICONS.get(one.key, "list"),
            mark=count if one.is_late else "",
            tone="danger",
        )

    def select(self, key: str) -> None:
        """Put the selection on a list."""
        for at, row in enumerate(self.list.rows.rows):
            if row.value == key:
                self.list.setCurrentIndex(self.list.rows.index(at, 0))

    def _tell(self) -> None:
        if not self._filling and self.key:
            self.chosen.emit(self.key)


class _List(FastList):
    """Right goes over to the claims, as in a tree."""

    left_to_right = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Right and not event.modifiers():
            self.left_to_right.emit()
        else:
            super().keyPressEvent(event)
