"""Who is meant, in one line: a search, or her name once she is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import Banner, ElidedLabel, FastList, LinkButton, ListRow, Text
from medsec_desktop.ui.widgets.search_line import SearchLine
from medsec_desktop.ui.widgets.search_list import steer

if TYPE_CHECKING:
    from medsec_desktop.services.calendar import PatientCard
    from medsec_desktop.ui.desk import Desk

_PEOPLE = 3


class PersonLine(QWidget):
    """Who is to come: a line that finds people, or her name once she is chosen."""

    chosen = Signal(object)  # her id, or None when she is taken back

    def __init__(self, desk: Desk):
        super().__init__()
        self._desk = desk
        self.card: PatientCard | None = None
        self.line = SearchLine("Patient", "Name, birth date, phone (may stay open)")
        self.found = FastList(self._desk.theme, "Patients found", one_click=True)
        self.found.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.found.chosen.connect(self.choose)
        self._name = ElidedLabel("", "strong")
        self._about = Text("", "small")
        self._alert = Banner(desk.theme, "warning", "")
        self.change_button = LinkButton("Change", self.take_back)
        self.change_button.setAccessibleName("Choose another patient")
        self._chosen = QWidget()
        row = QHBoxLayout(self._chosen)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._name, 1)
        row.addWidget(self.change_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for part in (self.line, self.found, self._chosen, self._about, self._alert):
            column.addWidget(part)
        self._ask = self._desk.jobs.latest(self._search, self._show_found)
        self.line.textChanged.connect(self._ask)
        self.line.installEventFilter(self)
        self._show()

    @property
    def patient_id(self) -> int | None:
        return self.card.patient_id if self.card else None

    def choose(self, patient_id: int) -> None:
        """Take her; her alerts are shown, and the look at her file is recorded."""
        calendar = self._desk.office.calendar
        card = guarded(self._desk, lambda: calendar.patient_card(patient_id))
        if card is not None:
            self.card = card
            self._show()
            self.chosen.emit(patient_id)

    def take_back(self) -> None:
        self.clear()
        self.chosen.emit(None)
        self.line.setFocus()

    def clear(self) -> None:
        self.card = None
        self.line.clear()
        self._show()

    def _search(self, text: str) -> list[ListRow]:
        if not text.strip():
            return []
        formats = self._desk.office.formats
        return [
            ListRow(hit.id, hit.name.listed, trailing=formats.birth(hit.birth))
            for hit in self._desk.office.patients.find(text, _PEOPLE)
        ]

    def _show_found(self, rows: list[ListRow]) -> None:
        self.found.set_rows(rows)
        self.found.setFixedHeight(self._desk.theme.px(32) * len(rows) + 2)
        self.found.setVisible(bool(rows) and self.card is None)

    def _show(self) -> None:
        card = self.card
        self.line.setVisible(card is None)
        self.found.hide()
        self._chosen.setVisible(card is not None)
        self._about.setVisible(card is not None)
        self._alert.setVisible(card is not None and bool(card.alerts))
        if card is not None:
            about = (self._desk.office.formats.birth(card.birth), card.chart_number)
            self._name.setText(card.name.listed)
            self._about.setText(" · ".join(each for each in about if each))
            self._alert.show_message("warning", "\n".join(card.alerts))
        self.setFocusProxy(self.line if card is None else self.change_button)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        pressed = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if watched is self.line and pressed and self.found.isVisible() and steer(self.found, event):
            return True
        return super().eventFilter(watched, event)
