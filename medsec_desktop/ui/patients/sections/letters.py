"""In a patient's file: the letters written about her."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from medsec_desktop.services.patients import PatientFile
from medsec_desktop.ui.patients import words
from medsec_desktop.ui.patients.file_section import FileSection
from medsec_desktop.ui.patients.sections.visits import WHEN_WIDTH
from medsec_desktop.ui.widgets import ElidedLabel, LinkButton, Text

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_MOST = 25


class LettersSection(FileSection):
    """The latest letters, each a link to the very page."""

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__("Letters", desk, parent)

    def draw(self, file: PatientFile) -> None:
        if not file.letters:
            self.rows.addWidget(Text("None written yet.", "muted"))
            return
        desk = self._desk
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnMinimumWidth(0, desk.theme.px(WHEN_WIDTH))
        grid.setColumnStretch(1, 1)
        for number, letter in enumerate(file.letters[:_MOST]):
            written = desk.office.formats.date(letter.written_on)
            link = LinkButton(written, lambda letter=letter: desk.go.show_letter(letter.id))
            link.setAccessibleName(f"{letter.subject}, {written}")
            grid.addWidget(link, number, 0, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(ElidedLabel(letter.subject or "Letter"), number, 1)
            status = Text(words.LETTER_STATUSES.get(letter.status, letter.status), "muted")
            grid.addWidget(status, number, 2, Qt.AlignmentFlag.AlignRight)
        self.rows.addLayout(grid)
