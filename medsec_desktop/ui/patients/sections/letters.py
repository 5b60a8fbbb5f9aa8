"""In a patient's file: the letters written about her."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from medsec_desktop.services.patients import PatientFile
from medsec_desktop.ui.patients import words
from medsec_desktop.ui.patients.file_section import GrowingSection
from medsec_desktop.ui.patients.sections.record_lines import RecordLine, RecordLines, Words

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk


class LettersSection(GrowingSection):
    """The latest letters, each a link to the very page."""

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__("Letters", desk, parent)
        self._lines = RecordLines(desk.theme, Words("body", 1), Words("muted"))
        self.rows.addWidget(self._lines)

    def draw(self, file: PatientFile) -> None:
        desk, lines = self._desk, []
        for letter in file.letters[: self._shown]:
            written = desk.office.formats.date(letter.written_on)
            status = words.LETTER_STATUSES.get(letter.status, letter.status)
            told, spoken = (letter.subject or "Letter", status), f"{letter.subject}, {written}"
            lines.append(RecordLine(written, told, partial(self._open, letter.id), spoken))
        self._lines.show_lines(lines)
        self.say("" if file.letters else "None written yet.")
        self.offer_more(len(file.letters))

    def _open(self, letter_id: int) -> None:
        self._desk.go.show_letter(letter_id)
