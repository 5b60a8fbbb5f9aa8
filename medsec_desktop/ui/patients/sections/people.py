"""In a patient's file: who is around her, and what for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from medsec_desktop.services.patients import FamilyRow, PatientFile, PersonRow
from medsec_desktop.ui.patients.parts.lists import PeoplePart
from medsec_desktop.ui.patients.sections.editing import EditableSection
from medsec_desktop.ui.widgets import LinkButton, Text

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_OF_AGE = 18
_COLUMNS = (
    "name", "relation", "phone", "email", "is_emergency_contact", "is_next_of_kin",
    "is_guarantor", "linked_patient_id", "line1", "line2", "city", "state", "postal_code",
    "birth_on",
)  # fmt: skip


class PeopleSection(EditableSection):
    """Emergency contact, next of kin, and who owes the balance; who holds a policy is no matter here."""

    key = "people"
    what = "the family and contacts"
    tables = ("related_person",)
    part = PeoplePart

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__("People around", desk, parent)

    def draw(self, file: PatientFile) -> None:
        for place, person in enumerate(file.people):
            box, spoken = self._person(person)
            keys = [("related_person", person.id, column) for column in _COLUMNS]
            self.lines.add_box(box, spoken, keys=keys, field=f"people.{place}.name")
        if not any(person.is_guarantor for person in file.people):
            minor = file.age is not None and file.age < _OF_AGE and not file.deceased_on
            self.lines.add_words(
                "No guarantor named, although under 18."
                if minor
                else "Guarantor: the patient owes the balance."
            )
        for row in file.family:
            self.lines.add_box(self._elsewhere(row), f"Named in the file of {row.name.listed}")

    def _person(self, person: PersonRow) -> tuple[QWidget, str]:
        formats = self._desk.office.formats
        roles = [
            word
            for is_so, word in (
                (person.is_guarantor, "guarantor (owes the balance)"),
                (person.is_emergency_contact, "emergency contact"),
                (person.is_next_of_kin, "next of kin"),
            )
            if is_so
        ]
        box, column = _box()
        if person.linked_patient_id is not None:
            column.addWidget(self._link(person.name, person.linked_patient_id), 0, _LEFT)
        else:
            column.addWidget(Text(person.name, "strong", wrap=True))
        parts = [person.relation, *roles]
        about = "  ·  ".join(part for part in parts if part)
        reach = [formats.phone(person.phone) if person.phone else "", person.email]
        reach += [f"born {formats.birth(person.birth)}"] if person.birth else []
        lines = [about[:1].upper() + about[1:], "  ·  ".join(part for part in reach if part)]
        lines += [", ".join(person.lines)]
        for line in lines:
            if line:
                column.addWidget(Text(line, "muted", wrap=True))
        return box, ", ".join((person.name, *(line for line in lines if line)))

    def _elsewhere(self, row: FamilyRow) -> QWidget:
        """Somebody whose file names her, though hers does not name that person."""
        box, column = _box()
        column.addWidget(self._link(row.name.listed, row.patient_id), 0, _LEFT)
        role = f"as {row.relation}" if row.relation else ""
        owes = "as guarantor (owes that balance)" if row.is_guarantor else ""
        named = " and ".join(part for part in (role, owes) if part)
        column.addWidget(Text(f"Names this patient {named}".rstrip(), "muted", wrap=True))
        return box

    def _link(self, name: str, patient_id: int) -> LinkButton:
        return LinkButton(name, lambda: self._desk.go.open_patient(patient_id))


_LEFT = Qt.AlignmentFlag.AlignLeft


def _box() -> tuple[QWidget, QVBoxLayout]:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    return box, column
