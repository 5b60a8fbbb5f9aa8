"""Who she is, as a form: names, birth, sex."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from medsec_desktop.domain.patients import PatientDraft, parse_birth
from medsec_desktop.domain.people import PartialDate, Sex
from medsec_desktop.problems import Invalid
from medsec_desktop.ui.patients import words
from medsec_desktop.ui.patients.forms import choice, sentence
from medsec_desktop.ui.patients.parts.part import DraftPart
from medsec_desktop.ui.widgets import Field, LinkButton

_RARE = ("prefix", "suffix", "former", "pronouns", "gender")


class IdentityPart(DraftPart):
    """What is asked first; the rarer names wait behind a link where somebody is registered."""

    title = "Who"
    names = (
        "family", "given", "middle", "preferred", "birth", "is_birth_estimated", "sex", *_RARE,
    )  # fmt: skip

    def build(self) -> None:
        place, add = self.grid(), self.field
        self.birth = QLineEdit()
        self.birth.setPlaceholderText(self.context.formats.date_pattern)
        self.birth_field = add("birth", "Date of birth", self.birth, hint=" ")
        family = self.add("family", "Family name", QLineEdit(), required=True)
        place(family, 0, 0, 2)
        place(add("given", "Given name", QLineEdit()), 0, 2, 2)
        place(add("middle", "Middle name", QLineEdit()), 0, 4, 2)
        place(self.birth_field, 1, 0, 2)
        self.birth.textChanged.connect(lambda _: self.explain_birth())
        self.birth.editingFinished.connect(self._tidy_birth)
        sexes = {str(key): text for key, text in words.SEXES.items()}
        place(add("sex", "Sex", choice(sexes)), 1, 2, 2)
        place(add("preferred", "Preferred name", QLineEdit()), 1, 4, 2)
        # Family name first, whatever was made first.
        self.fields = {"family": self.fields.pop("family"), **self.fields}
        self.more_button = LinkButton("Prefix, former name, pronouns…", self.show_more)
        self.column.addWidget(self.more_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.more = QWidget()
        inside = QVBoxLayout(self.more)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(12)
        place = self.grid(inside)
        place(add("prefix", "Prefix", QLineEdit()), 0, 0, 2)
        place(add("suffix", "Suffix", QLineEdit()), 0, 2, 2)
        place(add("former", "Former family name", QLineEdit()), 0, 4, 2)
        place(add("pronouns", "Pronouns", QLineEdit()), 1, 0, 2)
        place(add("gender", "Gender", QLineEdit()), 1, 2, 2)
        inside.addWidget(add("is_birth_estimated", "", QCheckBox("Date of birth is estimated")))
        self.column.addWidget(self.more)
        self.more.setVisible(not self.context.is_new)
        self.more_button.setVisible(self.context.is_new)

    def show_more(self) -> None:
        """Show the names that are rarely asked for."""
        self.more.show()
        self.more_button.hide()
        self.fields["prefix"].setFocus()

    def fill(self, draft: PatientDraft) -> None:
        super().fill(draft)
        self.explain_birth()

    def restore(self, state: Mapping[str, Any]) -> None:
        super().restore(state)
        if any(self.text(name).strip() for name in _RARE) or self.raw()["is_birth_estimated"]:
            self.more.show()
            self.more_button.hide()

    def shown(self, draft: PatientDraft) -> dict[str, Any]:
        formats = self.context.formats
        return super().shown(draft) | {
            "birth": formats.birth(draft.birth),
            "sex": str(draft.sex),
        }

    def values(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        try:
            birth = self._parsed_birth()
        except Invalid:  # said by own_faults
            birth = None
        return super().values(raw) | {"birth": birth, "sex": Sex(raw["sex"])}

    def own_faults(self) -> dict[str, str]:
        faults = super().own_faults()
        try:
            self._parsed_birth()
        except Invalid as fault:
            faults["birth"] = sentence(fault)
        return faults

    def clear_problems(self) -> None:
        super().clear_problems()
        self.explain_birth()

    def explain_birth(self) -> None:
        """Under the date of birth: how it was understood, so that a slip shows while typing."""
        field, today = self.birth_field, self.context.today()
        assert isinstance(field, Field)
        try:
            born = self._parsed_birth()
        except Invalid:
            born = None
        text = " "
        if born is not None and born.iso <= today.isoformat():
            said = self.context.formats.birth(born)
            if born.exact:
                said = self.context.formats.long_date(born.exact).split(", ", 1)[1]
            text = f"{said}: {words.age_sentence(born, today)}"
        if not field.has_problem:
            field.note.setText(text)

    def _parsed_birth(self) -> PartialDate | None:
        return parse_birth(self.birth.text(), self.context.formats, self.context.today())

    def _tidy_birth(self) -> None:
        try:
            born = self._parsed_birth()
        except Invalid:
            return
        if born is not None:
            self.birth.setText(self.context.formats.birth(born))
