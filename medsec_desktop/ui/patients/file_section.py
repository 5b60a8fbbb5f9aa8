"""A part of a patient's file: shows what came with the file, or reads its own rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget

from medsec_desktop.services.patients import PatientFile
from medsec_desktop.ui.widgets import Section

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_HEAD = 30  # pixels at normal zoom


class FileSection(Section):
    """Lives as long as the file's screen, so that what is typed in it outlives a reload.

    A section puts what it shows into `rows` when it is told to `draw`; one that has more to do
    when another file comes up says so in `show_file`.
    """

    form_opened = Signal(QWidget)  # what should be brought into sight

    def __init__(self, title: str, desk: Desk, parent: QWidget | None = None):
        super().__init__(title, parent=parent)
        self._desk = desk
        self._file: PatientFile | None = None
        # As high with a button in it as without, so that the two columns stand in line.
        self.header.addStrut(desk.theme.px(_HEAD))
        self.rows = QVBoxLayout()
        self.rows.setSpacing(12)
        self.body.addLayout(self.rows)

    def show_file(self, file: PatientFile) -> None:
        """Show this patient's; a form open for the same patient stays as it is."""
        self._file = file
        empty(self.rows)
        self.draw(file)

    def draw(self, file: PatientFile) -> None:
        """Put what is on file into `rows`, which is empty."""


def empty(layout: QLayout) -> None:
    """Take everything out of a layout, at once for the eye, later for Qt."""
    while (item := layout.takeAt(0)) is not None:
        part = item.widget()
        if part is not None:
            part.hide()
            part.deleteLater()
        elif item.layout() is not None:
            empty(item.layout())
