"""In a patient's file: who is around her, and what for."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from medsec_desktop.services.patients import FamilyRow, PatientFile, PersonRow
from medsec_desktop.ui.patients.parts.lists import PeoplePart
from medsec_desktop.ui.patients.sections.editing import EditableSection

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
            linked = person.linked_patient_id
            self.lines.add_told(
                person.name,
                self._about(person),
                go=partial(self._go_to, linked) if linked is not None else None,
                keys=[("related_person", person.id, column) for column in _COLUMNS],
                field=f"people.{place}.name",
            )
        if not any(person.is_guarantor for person in file.people):
            minor = file.age is not None and file.age < _OF_AGE and not file.deceased_on
            self.lines.add_words(
                "No guarantor named, although under 18."
                if minor
                else "Guarantor: the patient owes the balance."
            )
        for row in file.family:
            self.lines.add_told(
                row.name.listed,
                [_names_her(row)],
                go=partial(self._go_to, row.patient_id),
                spoken=f"Named in the file of {row.name.listed}",
            )

    def _go_to(self, patient_id: int) -> None:
        self._desk.go.open_patient(patient_id)

    def _about(self, person: PersonRow) -> list[str]:
        """What there is to say of a person, line by line."""
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
        about = "  ·  ".join(part for part in (person.relation, *roles) if part)
        reach = [formats.phone(person.phone) if person.phone else "", person.email]
        reach += [f"born {formats.birth(person.birth)}"] if person.birth else []
        lines = [about[:1].upper() + about[1:], "  ·  ".join(part for part in reach if part)]
        return [line for line in (*lines, ", ".join(person.lines)) if line]


def _names_her(row: FamilyRow) -> str:
    """Of somebody whose file names her, though hers does not name that person."""
    role = f"as {row.relation}" if row.relation else ""
    owes = "as guarantor (owes that balance)" if row.is_guarantor else ""
    named = " and ".join(part for part in (role, owes) if part)
    return f"Names this patient {named}".rstrip()
