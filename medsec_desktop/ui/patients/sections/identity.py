"""In a patient's file: her names, birth and sex."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from medsec_desktop.services.patients import PatientFile
from medsec_desktop.ui.patients import words
from medsec_desktop.ui.patients.parts.identity import IdentityPart
from medsec_desktop.ui.patients.sections.editing import EditableSection

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk


class IdentitySection(EditableSection):
    """The legal name as on the ID card, and what else she is called."""

    key = "identity"
    what = "name and birth"
    part = IdentityPart

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__("Name and birth", desk, parent)

    def draw(self, file: PatientFile) -> None:
        formats, name = self._desk.office.formats, file.name
        whole = ("name_prefix", "given_name", "middle_name", "family_name", "name_suffix")
        born = formats.birth(file.birth)
        for label, value, remark, columns, field in (
            ("Legal name", name.full, "", whole, "family"),
            ("Preferred", name.preferred, "", ("preferred_name",), "preferred"),
            ("Former name", file.former_name, "", ("former_name",), "former"),
            ("Born", born or "Not known", "estimated" if file.is_birth_estimated else "",
             ("birth_date", "is_birth_estimated"), "birth"),
            ("Sex", words.SEXES[file.sex], "", ("sex",), "sex"),
            ("Gender", file.gender, "", ("gender",), "gender"),
            ("Pronouns", file.pronouns, "", ("pronouns",), "pronouns"),
        ):  # fmt: skip
            if value:
                self.lines.add(label, value, remark, keys=self.column(*columns), field=field)
