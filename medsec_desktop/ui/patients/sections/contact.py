"""In a patient's file: how to reach her."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from medsec_desktop.services.patients import PatientFile
from medsec_desktop.ui.patients import words
from medsec_desktop.ui.patients.file_section import FileSection
from medsec_desktop.ui.patients.sections.facts import LABEL_WIDTH, Facts
from medsec_desktop.ui.widgets import Text

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk


class ContactSection(FileSection):
    """Phones, e-mail, what she prefers, and addresses."""

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__("Contact", desk, parent)

    def draw(self, file: PatientFile) -> None:
        formats = self._desk.office.formats
        facts = Facts(self._desk.theme.px(LABEL_WIDTH))
        for phone in file.phones:
            remarks = [] if phone.may_leave_message else ["no messages"]
            remarks += [phone.note] if phone.note else []
            facts.add(
                words.PHONE_KINDS[phone.kind], formats.phone(phone.number), " · ".join(remarks)
            )
        if file.email:
            facts.add("E-mail", file.email)
        if file.contact_preference:
            facts.add("Prefers", words.CONTACT[file.contact_preference])
        for address in file.addresses:
            span = words.period(formats, address.valid_from_on, address.valid_to_on)
            remark = " · ".join(
                part for part in ("" if address.is_current else "not current", span) if part
            )
            facts.add(
                f"{words.ADDRESS_KINDS[address.kind]} address",
                "\n".join(address.lines),
                remark,
                is_quiet=not address.is_current,
            )
        missing = Text("No phone, e-mail or address on file.", "muted")
        self.rows.addWidget(facts if facts.count else missing)
