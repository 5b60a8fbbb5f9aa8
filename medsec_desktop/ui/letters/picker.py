"""Which visit a letter is for: the coming visits, the nearest first, those without a letter marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from medsec_desktop.ui.widgets import ListRow, PlainButton, SearchList, Text

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk


class VisitPicker(QWidget):
    """Type part of a name, press Enter: `chosen` carries the visit's number; Escape is `left`."""

    chosen = Signal(object)
    left = Signal()
    help_page = "letters"

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self.desk = desk
        self.setProperty("kind", "surface")
        self.visits = SearchList(
            desk.theme,
            desk.jobs.latest,
            self._find,
            "Find the visit",
            placeholder="Patient of a coming visit",
        )
        self.visits.chosen.connect(self.chosen)
        self.close_button = PlainButton("Close", self.left.emit, kind="quiet", tip="Close (Esc)")
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(Text("Write a letter for a visit", "title"))
        top.addStretch(1)
        top.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        column.addLayout(top)
        column.addWidget(Text("The coming visits, the nearest first.", "muted"))
        column.addWidget(self.visits, 1)

    def take_focus(self) -> None:
        self.visits.line.setFocus()
        self.visits.line.selectAll()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.visits.again()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _find(self, query: str) -> Sequence[ListRow]:
        formats = self.desk.office.formats
        return [
            ListRow(
                visit.appointment_id,
                visit.patient_name,
                f"{visit.type_name} with {visit.provider}" if visit.type_name else visit.provider,
                trailing=formats.when(visit.starts_at),
                icon="mail-open" if visit.has_letter else "mail",
                mark="Letter filed" if visit.has_letter else "",
            )
            for visit in self.desk.office.letters.coming_visits(query)
        ]
