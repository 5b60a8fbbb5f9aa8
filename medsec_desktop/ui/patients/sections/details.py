"""In a patient's file: what else is known of her, who wrote the file last, and the note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from medsec_desktop.domain.people import PatientStatus
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.services.patients import PatientFile
from medsec_desktop.ui.patients import words
from medsec_desktop.ui.patients.parts.details import DetailsPart, NotePart
from medsec_desktop.ui.patients.sections.editing import EditableSection

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk


class DetailsSection(EditableSection):
    """Numbers, language, work, providers, and whether the file is in use."""

    key = "details"
    what = "the details"
    part = DetailsPart

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__("Details", desk, parent)

    def draw(self, file: PatientFile) -> None:
        formats = self._desk.office.formats
        interpreter = "needs an interpreter" if file.needs_interpreter else ""
        language = words.LANGUAGES.get(file.language, file.language) if file.language else ""
        status = "" if file.status is PatientStatus.ACTIVE else words.STATUSES[file.status]
        died = f"on {formats.date(file.deceased_on)}" if file.deceased_on else ""
        marital = words.MARITAL.get(file.marital_status, file.marital_status)
        work = formats.phone(file.employer_phone) if file.employer_phone else ""
        for label, value, remark, columns, field in (
            ("Chart number", file.chart_number, "", ("chart_number",), "chart_number"),
            ("SSN", file.ssn, "", ("ssn",), "ssn"),
            ("Marital status", marital if file.marital_status else "", "", ("marital_status",),
             "marital_status"),
            ("Language", language or interpreter.capitalize(), interpreter if language else "",
             ("language", "needs_interpreter"), "language"),
            ("Employer", file.employer or work, work if file.employer else "",
             ("employer", "employer_phone"), "employer"),
            ("Provider", file.primary_provider, "", ("primary_provider_id",),
             "primary_provider_id"),
            ("Referred by", file.referring_provider, "", ("referring_provider_id",),
             "referring_provider_id"),
            ("Status", status, died, ("status", "deceased_on"), "status"),
        ):  # fmt: skip
            if not value:
                continue
            row = self.lines.add(label, value, remark, keys=self.column(*columns), field=field)
            if label == "SSN" and self._desk.office.session.may(Permission.VIEW_FULL_SSN):
                self.lines.add_button(
                    row, "Show it all", lambda: self._desk.office.patients.full_ssn(file.id)
                )
        if file.changed_by and file.changed_utc:
            at = self._desk.office.patients.wall_clock(file.changed_utc)
            self.lines.add("Last change", f"{formats.when(at)} by {file.changed_by}", is_quiet=True)


class NoteSection(EditableSection):
    """What somebody wrote down about her, in her own words."""

    key = "note"
    what = "the note"
    part = NotePart

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__("Note", desk, parent)

    def draw(self, file: PatientFile) -> None:
        if file.note:
            self.lines.add("Note", file.note, keys=self.column("note"), field="note")
        else:
            self.lines.add_words("No note.")
