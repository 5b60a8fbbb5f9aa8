"""A part of a patient's file that reads its own rows and may hold a form half filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from medsec_desktop.services.patients import PatientFile
from medsec_desktop.ui.widgets import Section

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk


class FileSection(Section):
    """Lives as long as the file's screen, so that what is typed in it outlives a reload."""

    form_opened = Signal(QWidget)  # what should be brought into sight

    def __init__(self, title: str, desk: Desk, parent: QWidget | None = None):
        super().__init__(title, parent=parent)
        self._desk = desk

    def show_file(self, file: PatientFile) -> None:
        """Show this patient's; a form open for the same patient stays as it is."""
        raise NotImplementedError
