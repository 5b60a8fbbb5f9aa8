"""In a patient's file: the practice's own fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from medsec_desktop.services.patients import PatientFile
from medsec_desktop.ui.patients.parts.custom import CustomPart
from medsec_desktop.ui.patients.sections.editing import EditableSection

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk


class CustomSection(EditableSection):
    """Out of sight in a practice that has none."""

    key = "custom"
    what = "the practice’s own fields"
    tables = ("custom_value",)
    part = CustomPart

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__("Practice’s own fields", desk, parent)

    def draw(self, file: PatientFile) -> None:
        self.setVisible(bool(file.custom))
        filled = [row for row in file.custom if row.value]
        for row in filled:
            self.lines.add(
                row.field.name,
                row.shown,
                "" if row.field.is_active else "no longer asked",
                keys=[("custom_value", row.row_id, "value")],
                field=row.field.place,
                is_quiet=not row.field.is_active,
            )
        if not filled:
            self.lines.add_words("Nothing filled in yet.")
