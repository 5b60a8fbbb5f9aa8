"""In a patient's file: the letters written about her."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from medsec_desktop.services.patients import PatientFile
from medsec_desktop.ui.patients import words
from medsec_desktop.ui.patients.file_section import GrowingSection, date_grid
from medsec_desktop.ui.widgets import ElidedLabel, LinkButton, Text

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk


class LettersSection(GrowingSection):
    """The latest letters, each a link to the very page."""

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__("Letters", desk, parent)

    def draw(self, file: PatientFile) -> None:
        if not file.letters:
            self.rows.addWidget(Text("None written yet.", "muted"))
            return
        desk = self._desk
        grid = date_grid(desk)
        grid.setColumnStretch(1, 1)
        for number, letter in enumerate(file.letters[: self._shown]):
            written = desk.office.formats.date(letter.written_on)
            link = LinkButton(written, lambda letter=letter: desk.go.show_letter(letter.id))
            link.setAccessibleName(f"{letter.subject}, {written}")
            grid.addWidget(link, number, 0, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(ElidedLabel(letter.subject or "Letter"), number, 1)
            status = Text(words.LETTER_STATUSES.get(letter.status, letter.status), "muted")
            grid.addWidget(status, number, 2, Qt.AlignmentFlag.AlignRight)
        self.rows.addLayout(grid)
        self.offer_more(len(file.letters))
