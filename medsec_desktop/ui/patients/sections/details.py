"""In a patient's file: what else is known of her, and who wrote the file last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.services.patients import PatientFile
from medsec_desktop.ui.patients import words
from medsec_desktop.ui.patients.file_section import FileSection
from medsec_desktop.ui.patients.sections.facts import LABEL_WIDTH, Facts
from medsec_desktop.ui.widgets import Text

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk


class DetailsSection(FileSection):
    """Names she had, numbers, language, provider."""

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__("Details", desk, parent)

    def draw(self, file: PatientFile) -> None:
        facts = Facts(self._desk.theme.px(LABEL_WIDTH))
        interpreter = "needs an interpreter" if file.needs_interpreter else ""
        for label, value, remark in (
            ("Former name", file.former_name, ""),
            ("Gender", file.gender, ""),
            ("SSN", file.ssn, ""),
            ("Marital status", words.MARITAL.get(file.marital_status, file.marital_status)
             if file.marital_status else "", ""),
            ("Language", words.LANGUAGES.get(file.language, file.language)
             if file.language else interpreter.capitalize(),
             interpreter if file.language else ""),
            ("Provider", file.primary_provider, ""),
        ):  # fmt: skip
            if value:
                facts.add(label, value, remark)
            if label == "SSN" and self._may_show_ssn(file):
                facts.add_button(
                    "Show it all", lambda: self._desk.office.patients.full_ssn(file.id)
                )
        if file.changed_by and file.changed_utc:
            at = self._desk.office.patients.wall_clock(file.changed_utc)
            when = self._desk.office.formats.when(at)
            facts.add("Last change", f"{when} by {file.changed_by}", is_quiet=True)
        self.rows.addWidget(facts if facts.count else Text("Nothing more on file.", "muted"))

    def _may_show_ssn(self, file: PatientFile) -> bool:
        return bool(file.ssn) and self._desk.office.session.may(Permission.VIEW_FULL_SSN)


class NoteSection(FileSection):
    """What somebody wrote down about her, in her own words."""

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__("Note", desk, parent)

    def draw(self, file: PatientFile) -> None:
        self.setVisible(bool(file.note))
        note = Text(file.note, wrap=True)
        note.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.rows.addWidget(note)
