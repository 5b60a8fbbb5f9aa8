"""What else is known of her, as a form: numbers, language, work, providers, status; and the note."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QCheckBox, QLineEdit, QPlainTextEdit

from medsec_desktop.domain.patients import PatientDraft
from medsec_desktop.domain.people import PatientStatus
from medsec_desktop.ui.patients import words
from medsec_desktop.ui.patients.forms import choice
from medsec_desktop.ui.patients.parts.part import DraftPart
from medsec_desktop.ui.widgets import Choice, DateEdit


class DetailsPart(DraftPart):
    """The SSN is only shown to those who may see it; typing there replaces it for anybody."""

    title = "Details"
    names = (
        "chart_number", "ssn", "marital_status", "language", "needs_interpreter", "employer",
        "employer_phone", "primary_provider_id", "referring_provider_id", "status", "deceased_on",
    )  # fmt: skip

    def build(self) -> None:
        context, place, add = self.context, self.grid(), self.field
        self.chart = QLineEdit()
        self.chart.setPlaceholderText("Next free number" if context.is_new else "Chart number")
        self.ssn = QLineEdit()
        self._is_ssn_hidden = False
        people: list[tuple[object, str]] = [(None, "None"), *context.physicians]
        place(add("chart_number", "Chart number", self.chart), 0, 0, 3)
        place(add("ssn", "SSN", self.ssn), 0, 3, 3)
        place(add("marital_status", "Marital status", choice(words.MARITAL)), 1, 0, 3)
        place(add("language", "Language", choice(words.LANGUAGES)), 1, 3, 3)
        interpreter = QCheckBox("Needs an interpreter")
        place(add("needs_interpreter", "", interpreter), 2, 3, 3)
        place(add("employer", "Employer", QLineEdit()), 3, 0, 3)
        place(add("employer_phone", "Phone at work", QLineEdit()), 3, 3, 3)
        place(add("primary_provider_id", "Primary provider", Choice(people)), 4, 0, 3)
        place(add("referring_provider_id", "Referred by", Choice(people)), 4, 3, 3)
        status = choice({str(key): text for key, text in words.STATUSES.items()})
        place(add("status", "Status", status), 5, 0, 3)
        died = DateEdit(context.theme, context.formats, context.today)
        place(add("deceased_on", "Died on", died), 5, 3, 3)
        status.currentIndexChanged.connect(
            lambda _: died.setEnabled(status.value() == str(PatientStatus.DECEASED))
        )
        died.setEnabled(False)

    def fill(self, draft: PatientDraft) -> None:
        self._is_ssn_hidden = draft.ssn is None
        self.ssn.setPlaceholderText(
            "On file; type to replace it" if draft.ssn is None else "Nine digits or last four"
        )
        super().fill(draft)

    def shown(self, draft: PatientDraft) -> dict[str, Any]:
        formats = self.context.formats
        return super().shown(draft) | {
            "ssn": draft.ssn or "",
            "status": str(draft.status),
            "employer_phone": formats.phone(draft.employer_phone) if draft.employer_phone else "",
        }

    def values(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        left_alone = self._is_ssn_hidden and not raw["ssn"].strip()
        return super().values(raw) | {
            "ssn": None if left_alone else raw["ssn"],
            "status": PatientStatus(raw["status"]),
        }


class NotePart(DraftPart):
    """A note in the practice's own words."""

    title = "Note"
    names = ("note",)

    def build(self) -> None:
        note = QPlainTextEdit()
        note.setTabChangesFocus(True)
        note.setFixedHeight(self.context.theme.px(120))
        self.column.addWidget(self.field("note", "Note", note))
