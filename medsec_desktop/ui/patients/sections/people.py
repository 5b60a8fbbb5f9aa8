"""In a patient's file: who is around her, and what for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from medsec_desktop.services.patients import PatientFile, PersonRow
from medsec_desktop.ui.patients.file_section import FileSection
from medsec_desktop.ui.widgets import LinkButton, Text

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_OF_AGE = 18


class PeopleSection(FileSection):
    """Emergency contact, next of kin, and who owes the balance."""

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__("People around", desk, parent)

    def draw(self, file: PatientFile) -> None:
        for person in file.people:
            self.rows.addWidget(self._person(person))
        if not any(person.is_guarantor for person in file.people):
            minor = file.age is not None and file.age < _OF_AGE and not file.deceased_on
            text = (
                "No guarantor named, although under 18."
                if minor
                else "Guarantor: the patient owes the balance."
            )
            self.rows.addWidget(Text(text, "muted", wrap=True))

    def _person(self, person: PersonRow) -> QWidget:
        roles = [
            word
            for is_so, word in (
                (person.is_guarantor, "guarantor (owes the balance)"),
                (person.is_emergency_contact, "emergency contact"),
                (person.is_next_of_kin, "next of kin"),
            )
            if is_so
        ]
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        if person.linked_patient_id is not None:
            linked = person.linked_patient_id
            column.addWidget(
                LinkButton(person.name, lambda: self._desk.go.open_patient(linked)),
                0,
                Qt.AlignmentFlag.AlignLeft,
            )
        else:
            column.addWidget(Text(person.name, "strong", wrap=True))
        parts = [person.relation] if person.relation else []
        parts += [self._desk.office.formats.phone(person.phone)] if person.phone else []
        parts += roles
        text = "  ·  ".join(parts)
        if text:
            column.addWidget(Text(text[:1].upper() + text[1:], "muted", wrap=True))
        return box
