"""The parts that are lists: people around, alerts, coverages."""

from __future__ import annotations

from medsec_desktop.ui.patients.parts.part import DraftPart
from medsec_desktop.ui.patients.person_form import PersonForm
from medsec_desktop.ui.patients.row_forms import AlertForm, CoverageForm


class PeoplePart(DraftPart):
    """Emergency contacts, next of kin, and who owes the balance. Subscribers stand on a policy."""

    names = ("people",)

    def build(self) -> None:
        self.list_of(
            "people", "People around", "Add person", PersonForm,
            "Nobody yet. Without a guarantor the patient owes the balance.",
        )  # fmt: skip
        if self.context.requires("emergency_contact"):
            self.rows["people"].heading.setText("People around *")


class AlertsPart(DraftPart):
    """What must not be missed."""

    names = ("alerts",)

    def build(self) -> None:
        self.list_of("alerts", "Alerts", "Add alert", AlertForm, "Nothing that must not be missed.")


class CoveragesPart(DraftPart):
    """Who pays, for somebody being registered; afterwards the file's own section knows more."""

    names = ("coverages",)

    def build(self) -> None:
        self.list_of(
            "coverages", "Coverage", "Add coverage", CoverageForm, "Self-pay: no coverage."
        )
