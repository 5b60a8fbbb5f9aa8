"""In a patient's file: how to reach her."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from medsec_desktop.domain.rights import joined_words
from medsec_desktop.services.patients import PatientFile
from medsec_desktop.services.patients.parts import PartDraft
from medsec_desktop.ui.patients import words
from medsec_desktop.ui.patients.parts.contact import ContactPart
from medsec_desktop.ui.patients.parts.part import DraftPart
from medsec_desktop.ui.patients.sections.editing import EditableSection

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_PHONE = ("number", "kind", "may_leave_message", "note")
_ADDRESS = ("line1", "line2", "city", "state", "postal_code", "country", "kind",
            "valid_from_on", "valid_to_on")  # fmt: skip


class ContactSection(EditableSection):
    """Phones, e-mail, what she prefers, and addresses."""

    key = "contact"
    what = "the contact details"
    tables = ("patient", "patient_phone", "patient_address")
    part = ContactPart

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__("Contact", desk, parent)

    def draw(self, file: PatientFile) -> None:
        formats, add = self._desk.office.formats, self.lines.add
        for place, phone in enumerate(file.phones):
            remarks = [] if phone.may_leave_message else ["no messages"]
            remarks += [phone.note] if phone.note else []
            add(
                words.PHONE_KINDS[phone.kind],
                formats.phone(phone.number),
                " · ".join(remarks),
                keys=[("patient_phone", phone.id, column) for column in _PHONE],
                field=f"phones.{place}.number",
            )
        if file.email:
            add("E-mail", file.email, keys=self.column("email"), field="email")
        prefers = words.CONTACT[file.contact_preference] if file.contact_preference else ""
        if prefers:
            keys = self.column("contact_preference")
            add("Prefers", prefers, keys=keys, field="contact_preference")
        for place, address in enumerate(file.addresses):
            span = words.period(formats, address.valid_from_on, address.valid_to_on)
            remark = " · ".join(
                part for part in ("" if address.is_current else "not current", span) if part
            )
            add(
                f"{words.ADDRESS_KINDS[address.kind]} address",
                "\n".join(address.lines),
                remark,
                keys=[("patient_address", address.id, column) for column in _ADDRESS],
                field=f"addresses.{place}.line1",
                is_quiet=not address.is_current,
            )
        if not self.lines.shown:
            self.lines.add_words("No phone, e-mail or address on file.")

    def prepare(self, form: DraftPart) -> None:
        assert isinstance(form, ContactPart)
        assert self._file is not None
        form.show_family(self._desk.office.patients.family(self._file.id))

    def amend(self, part: PartDraft, over: bool) -> str:
        assert isinstance(self.form, ContactPart)
        assert self._file is not None
        read = self._read.draft.addresses if self._read is not None else ()
        has_moved = part.draft.addresses != read
        moved = self._desk.office.patients.amend_part(
            self._file.id,
            part,
            self.what,
            over=over,
            same_address_for=self.form.chosen_family if has_moved else (),
        )
        names = [self.form.family_names[who] for who in moved]
        if not names:
            return ""
        verb = "has" if len(names) == 1 else "have"
        return f"; {joined_words(names)} {verb} the new address too"
