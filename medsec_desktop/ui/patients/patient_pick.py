"""Whose: one line that finds a patient and then holds her, with the found under it while one types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent

from medsec_desktop.ui.widgets import FastList, ListRow
from medsec_desktop.ui.widgets.search_line import SearchLine
from medsec_desktop.ui.widgets.search_list import steer

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_PEOPLE = 6


class PatientPick(SearchLine):
    """`patient_id` is None while nobody is chosen; emptying the line lets her go.

    Nothing is recorded here: what is done with her is recorded where it is done.
    """

    chosen = Signal(object)  # her id, or None

    def __init__(
        self, desk: Desk, name: str = "Patient", placeholder: str = "Anybody: type to choose"
    ):
        super().__init__(name, placeholder)
        self._desk = desk
        self.patient_id: int | None = None
        self.found = FastList(desk.theme, f"{name}: found", one_click=True)
        self.found.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.found.setProperty("kind", "popup")
        self.found.chosen.connect(self._take)
        self.found.hide()
        self._ask = desk.jobs.latest(self._search, self._show)
        self.textEdited.connect(self._typed)
        self.textChanged.connect(self._emptied)
        self.installEventFilter(self)

    def set_patient(self, patient_id: int | None) -> None:
        """Hold this patient, or nobody; nothing is emitted."""
        hits = self._desk.office.patients.hits((patient_id,)) if patient_id is not None else ()
        self.patient_id = patient_id if hits else None
        self.setText(hits[0].name.listed if hits else "")
        self.found.hide()

    def _take(self, patient_id: int) -> None:
        self.set_patient(patient_id)
        self.chosen.emit(patient_id)

    def _typed(self, text: str) -> None:
        if self.patient_id is not None:
            self.patient_id = None
            self.chosen.emit(None)
        self._ask(text)

    def _emptied(self, text: str) -> None:
        """The clear button and Escape: she is let go at once."""
        if not text:
            self.found.hide()
            if self.patient_id is not None:
                self.patient_id = None
                self.chosen.emit(None)

    def _search(self, text: str) -> list[ListRow]:
        if not text.strip():
            return []
        formats = self._desk.office.formats
        return [
            ListRow(hit.id, hit.name.listed, trailing=formats.birth(hit.birth))
            for hit in self._desk.office.patients.find(text, _PEOPLE)
        ]

    def _show(self, rows: list[ListRow]) -> None:
        if self.patient_id is not None or not self.hasFocus():
            return
        self.found.set_rows(rows)
        self.found.setParent(self.window())  # over what lies below, within the window
        px = self._desk.theme.px
        self.found.resize(max(self.width(), px(320)), px(32) * len(rows) + 4)
        self.found.move(self.mapTo(self.window(), QPoint(0, self.height() + 4)))
        self.found.setVisible(bool(rows))
        self.found.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self.found.isVisible() and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.KeyPress:
                if event.key() == Qt.Key.Key_Escape:
                    self.found.hide()
                    return True
                if steer(self.found, event):
                    return True
            elif event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:
                event.accept()  # the key is the list's, not the window's
                return True
        if event.type() == QEvent.Type.FocusOut and not self.found.underMouse():
            self.found.hide()
        return super().eventFilter(watched, event)

    def hideEvent(self, event: QHideEvent) -> None:
        self.found.hide()
        super().hideEvent(event)
