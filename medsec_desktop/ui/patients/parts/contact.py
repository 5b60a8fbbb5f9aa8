"""How to reach her, as a form: phones, e-mail, what she wants, addresses."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from medsec_desktop.domain.patients import PatientDraft
from medsec_desktop.services.patients.family import Member
from medsec_desktop.ui.patients import words
from medsec_desktop.ui.patients.forms import choice
from medsec_desktop.ui.patients.parts.part import DraftPart
from medsec_desktop.ui.patients.row_forms import AddressForm, PhoneForm
from medsec_desktop.ui.widgets import Text


class ContactPart(DraftPart):
    """Phones and addresses are rows; a new address may be given to the family at once."""

    title = "Contact"
    names = ("phones", "email", "contact_preference", "is_not_to_contact", "addresses")

    def build(self) -> None:
        self.same_for: dict[int, QCheckBox] = {}
        self.family_names: dict[int, str] = {}
        self.list_of("phones", "Phones", "Add phone", PhoneForm, "No phone number yet.")
        place = self.grid()
        place(self.field("email", "E-mail", QLineEdit()), 0, 0, 3)
        prefers = choice(words.CONTACT)
        place(self.field("contact_preference", "Prefers", prefers), 0, 3, 3)
        never = QCheckBox("Do not contact: no calls, letters or reminders")
        self.column.addWidget(self.field("is_not_to_contact", "", never))
        self.list_of("addresses", "Addresses", "Add address", AddressForm, "No address yet.")
        self.family = QWidget()
        self._ticks = QVBoxLayout(self.family)
        self._ticks.setContentsMargins(0, 0, 0, 0)
        self._ticks.setSpacing(4)
        self.family.hide()
        self.column.addWidget(self.family)

    def fill(self, draft: PatientDraft) -> None:
        super().fill(draft)
        if self.context.is_new and not draft.phones:
            self.rows["phones"].add_row()  # nearly everybody has one: no need to press Add

    def _first(self) -> QWidget | None:
        phones = self.rows["phones"]  # they stand above the fields
        return phones.forms[0].first_field() if phones.forms else phones.add_button

    def show_family(self, members: Sequence[Member]) -> None:
        """Offer to give these people the home address that is saved here."""
        while (item := self._ticks.takeAt(0)) is not None:
            item.widget().hide()
            item.widget().deleteLater()
        self.same_for = {}
        self.family_names = {member.patient_id: member.name.spoken for member in members}
        self.family.setVisible(bool(members))
        if not members:
            return
        self._ticks.addWidget(Text("Give a changed home address to", "small"))
        for member in members:
            relation = f" ({member.relation})" if member.relation else ""
            tick = QCheckBox(f"{member.name.spoken}{relation}")
            tick.setAccessibleName(f"Same address for {member.name.spoken}")
            tick.setChecked(member.lives_there)
            if member.lives_there:
                tick.setToolTip("Has the same address now")
            self.same_for[member.patient_id] = tick
            self._ticks.addWidget(tick)

    @property
    def chosen_family(self) -> tuple[int, ...]:
        return tuple(who for who, tick in self.same_for.items() if tick.isChecked())
