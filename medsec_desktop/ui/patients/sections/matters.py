"""In a patient's file: what is open, each a link to where it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from medsec_desktop.services.patients import PatientFile
from medsec_desktop.services.patients.open_matters import OpenMatter
from medsec_desktop.ui.patients.file_section import FileSection, date_grid
from medsec_desktop.ui.widgets import ElidedLabel, LinkButton, Text

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk


class MattersSection(FileSection):
    """What somebody still has to do, and what the practice asks of everybody and is missing."""

    missing_wanted = Signal(str)  # the label of what is missing
    part_wanted = Signal(str)  # the kind of what is done in another part of the file

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__("Open", desk, parent)

    def draw(self, file: PatientFile) -> None:
        matters = self._desk.office.open_matters.of(file.id)
        if file.missing:
            words = ", ".join(file.missing)
            link = LinkButton(
                f"Still to ask: {words[:1].upper()}{words[1:]}",
                lambda: self.missing_wanted.emit(file.missing[0]),
            )
            self.rows.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        if not matters and not file.missing:
            self.rows.addWidget(Text("Nothing is open.", "muted"))
            return
        grid = date_grid(self._desk)
        grid.setColumnStretch(1, 1)
        for number, matter in enumerate(matters):
            day = self._desk.office.formats.date(matter.day) if matter.day else "Open"
            link = LinkButton(day, lambda matter=matter: self._go(matter, file.id))
            link.setAccessibleName(f"{matter.text}, {day}")
            grid.addWidget(link, number, 0, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(ElidedLabel(matter.text), number, 1)
        self.rows.addLayout(grid)

    def _go(self, matter: OpenMatter, patient_id: int) -> None:
        go = self._desk.go
        if matter.kind == "visit" and matter.day is not None:
            go.show_day(matter.day, matter.id)
        elif matter.kind == "letter":
            go.show_letter(matter.id)
        elif matter.kind == "waiting":
            go.calendar_place("waiting", page=True)
        elif matter.kind == "recall":
            go.calendar_place("recall").show_patient(patient_id)
        else:
            self.part_wanted.emit(matter.kind)
