"""Somebody around a patient as a form: what for, how to reach her, and whether she has a file here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QCompleter, QGridLayout, QLineEdit, QWidget

from medsec_desktop.domain.family import RELATIONS
from medsec_desktop.domain.patients import PersonDraft
from medsec_desktop.ui.patients.forms import RowForm
from medsec_desktop.ui.patients.patient_pick import PatientPick
from medsec_desktop.ui.patients.row_forms import ZipFiller
from medsec_desktop.ui.widgets import Field

_ADDRESS = ("birth_on", "line1", "line2", "postal_code", "city", "state")


class PersonForm(RowForm):
    """The address is asked of a guarantor only, and of one without a file: statements go there."""

    noun = "person"
    table = "related_person"

    def build(self) -> None:
        relation = self._line("e.g. mother")
        completer = QCompleter(list(RELATIONS), relation)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.InlineCompletion)  # no list to close
        relation.setCompleter(completer)
        self._place(self.add("name", "Name", self._line(), required=True), 0, 0, 3)
        self._place(self.add("relation", "Relation", relation), 0, 3, 3)
        self._place(self.add("phone", "Phone", self._line()), 1, 0, 3)
        self._place(self.add("email", "E-mail", self._line()), 1, 3, 3)
        self.link = PatientPick(self.context.desk, "Own file", "Type a name to link a file")
        self.link.chosen.connect(self._linked)
        self._place(Field("Own file, if a patient here", self.link), 2, 0, 6)
        ticks = QWidget()
        grid = QGridLayout(ticks)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        for place, (name, text) in enumerate(
            (
                ("is_emergency_contact", "Emergency contact"),
                ("is_next_of_kin", "Next of kin"),
                ("is_guarantor", "Guarantor (owes the balance)"),
            )
        ):
            grid.addWidget(self.add(name, "", QCheckBox(text)), place // 2, place % 2)
        grid.setColumnStretch(1, 1)
        self._place(ticks, 3, 0, 6)
        for name, label, row, column, span in (
            ("line1", "Street", 4, 0, 6),
            ("line2", "Apartment, unit", 5, 0, 3),
            ("postal_code", "ZIP", 5, 3, 3),
            ("city", "City", 6, 0, 4),
            ("state", "State", 6, 4, 2),
        ):
            self._place(self.add(name, label, self._line()), row, column, span)
        self._place(self.add("birth_on", "Date of birth", self._date()), 7, 0, 3)
        self._zip = ZipFiller(self.context, self)
        guarantor = self.fields["is_guarantor"]
        assert isinstance(guarantor, QCheckBox)
        guarantor.toggled.connect(lambda _: self._follow())
        self._follow()

    def fill(self, draft: PersonDraft) -> None:
        super().fill(draft)
        self.link.set_patient(draft.linked_patient_id)
        self.put({"phone": self.context.formats.phone(draft.phone)})
        self._follow()

    def state(self) -> dict[str, Any]:
        return {**super().state(), "linked": self.link.patient_id}

    def restore(self, state: Mapping[str, Any]) -> None:
        super().restore(state)
        self.link.set_patient(state.get("linked"))
        self._follow()

    def draft(self) -> PersonDraft:
        raw = self.raw()
        return PersonDraft(
            raw["name"], raw["relation"], raw["phone"], raw["is_emergency_contact"],
            raw["is_next_of_kin"], raw["is_guarantor"], self.link.patient_id, raw["email"],
            raw["line1"], raw["line2"], raw["city"], raw["state"], raw["postal_code"],
            self.day("birth_on"), self.row_id, self.version,
        )  # fmt: skip

    def _linked(self, patient_id: int | None) -> None:
        """A file was chosen: its name is hers, unless another was typed."""
        name = self.fields["name"]
        assert isinstance(name, QLineEdit)
        if patient_id is not None and not name.text().strip():
            (hit,) = self.context.desk.office.patients.hits((patient_id,))
            name.setText(hit.name.spoken)
        self._follow()
        self.changed.emit()

    def _follow(self) -> None:
        """An address is asked where statements need one, and kept in sight where there is one."""
        raw = self.raw()
        wanted = raw["is_guarantor"] and self.link.patient_id is None
        shown = wanted or any(str(raw[name]).strip() for name in _ADDRESS)
        for name in _ADDRESS:
            self.labelled[name].setVisible(bool(shown))
