"""In a patient's file: the letters written about her."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from medsec_desktop.services.patients import PatientFile
from medsec_desktop.ui.patients import words
from medsec_desktop.ui.patients.file_section import FileSection, empty
from medsec_desktop.ui.patients.sections.visits import WHEN_WIDTH
from medsec_desktop.ui.widgets import ElidedLabel, LinkButton, Text

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_FIRST, _MORE = 8, 25


class LettersSection(FileSection):
    """The latest letters, each a link to the very page."""

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__("Letters", desk, parent)
        self._shown = _FIRST

    def show_file(self, file: PatientFile) -> None:
        if self._file is None or self._file.id != file.id:
            self._shown = _FIRST
        super().show_file(file)

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
        for number, letter in enumerate(file.letters[: self._shown]):
            written = desk.office.formats.date(letter.written_on)
            link = LinkButton(written, lambda letter=letter: desk.go.show_letter(letter.id))
            link.setAccessibleName(f"{letter.subject}, {written}")
            grid.addWidget(link, number, 0, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(ElidedLabel(letter.subject or "Letter"), number, 1)
            status = Text(words.LETTER_STATUSES.get(letter.status, letter.status), "muted")
            grid.addWidget(status, number, 2, Qt.AlignmentFlag.AlignRight)
        self.rows.addLayout(grid)
        left = len(file.letters) - self._shown
        if left > 0:
            more = min(left, _MORE)
            text = f"Show {more} more" + (f" of {left:,}" if left > more else "")
            button = LinkButton(text, self._show_more)
            self.rows.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def _show_more(self) -> None:
        self._shown += _MORE
        if self._file is not None:
            empty(self.rows)
            self.draw(self._file)
