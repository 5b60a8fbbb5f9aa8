"""In a patient's file: what is open, each a link to where it is done."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from medsec_desktop.services.patients import PatientFile
from medsec_desktop.services.patients.open_matters import OpenMatter
from medsec_desktop.ui.patients.file_section import FileSection
from medsec_desktop.ui.patients.sections.record_lines import RecordLine, RecordLines, Words
from medsec_desktop.ui.widgets import LinkButton

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk


class MattersSection(FileSection):
    """What somebody still has to do, and what the practice asks of everybody and is missing."""

    missing_wanted = Signal(str)  # the label of what is missing
    part_wanted = Signal(str)  # the kind of what is done in another part of the file

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__("Open", desk, parent)
        self._ask = LinkButton("", self._ask_missing)
        self._ask.hide()
        self.rows.addWidget(self._ask, 0, Qt.AlignmentFlag.AlignLeft)
        self._lines = RecordLines(desk.theme, Words("body", 1))
        self.rows.addWidget(self._lines)

    def draw(self, file: PatientFile) -> None:
        matters = self._desk.office.open_matters.of(file.id)
        if file.missing:
            words = ", ".join(file.missing)
            text = f"Still to ask: {words[:1].upper()}{words[1:]}"
            self._ask.say(text)
        self._ask.setVisible(bool(file.missing))
        lines = []
        for matter in matters:
            day = self._desk.office.formats.date(matter.day) if matter.day else "Open"
            go = partial(self._go, matter, file.id)
            lines.append(RecordLine(day, (matter.text,), go, f"{matter.text}, {day}"))
        self._lines.show_lines(lines)
        self.say("" if matters or file.missing else "Nothing is open.")

    def _ask_missing(self) -> None:
        if self._file is not None and self._file.missing:
            self.missing_wanted.emit(self._file.missing[0])

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
