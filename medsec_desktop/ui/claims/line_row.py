"""One service of a claim on a line, with a second one for what few of them need."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from medsec_desktop.domain.claims.claim import Claim, Drug, Note, Party, ServiceLine
from medsec_desktop.domain.claims.entered import modifiers_of, pointers_of, pointers_text
from medsec_desktop.domain.claims.words import DRUG_UNITS, UNITS
from medsec_desktop.domain.money import Money
from medsec_desktop.problems import Invalid
from medsec_desktop.ui.claims.fold import show_when_sealed
from medsec_desktop.ui.patients.forms import Form, choice, even_columns, share_evenly
from medsec_desktop.ui.widgets import Choice, DateEdit, IconButton, Text

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

# Name, label, width in pixels at normal zoom; 0 takes what is left.
FIRST = (
    ("from_on", "Date", 116),
    ("place", "Place", 48),
    ("code", "Code", 72),
    ("modifiers", "Modifiers", 0),
    ("pointers", "Diagnoses", 72),
    ("charge_cents", "Charge", 84),
    ("units", "Units", 56),
)
BUTTON = 30
RIGHT = ("charge_cents", "units")
_TICKS = {
    "is_emergency": "Emergency",
    "is_epsdt": "EPSDT",
    "is_family_planning": "Family planning",
}


class LineRow(Form):
    """A service line. `number` counts from 1; the second line opens by its arrow, or where it is filled."""

    removed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self._line: ServiceLine | None = None
        self.of = -1  # which line of the claim it was made from
        self.number = 1
        self.mark = Text("1", "caption")
        theme = desk.theme
        self.more_button = IconButton(theme, "chevron-down", "More of this line", self.toggle)
        self.remove_button = IconButton(theme, "trash-2", "Remove this line", self.removed.emit)
        first = QHBoxLayout()
        first.setSpacing(8)
        self.mark.setFixedWidth(theme.px(12))
        first.addWidget(self.mark)
        for name, label, width in FIRST:
            widget: QLineEdit = self._date() if name == "from_on" else QLineEdit()
            self.add(name, label, widget)
            self._bare(name, label, widget)
            if width:
                widget.setFixedWidth(theme.px(width))
            first.addWidget(widget, 0 if width else 1)
        for button in (self.more_button, self.remove_button):
            button.setFixedWidth(theme.px(BUTTON))
            policy = button.sizePolicy()
            policy.setRetainSizeWhenHidden(
                True
            )  # in line with the head also where nothing is removed
            button.setSizePolicy(policy)
        first.addWidget(self.more_button)
        first.addWidget(self.remove_button)
        self.second = QWidget()
        self._lay_second()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(first)
        column.addWidget(self.second)
        self.second.hide()
        show_when_sealed(self)
        theme.changed.connect(self._resize)

    def _bare(self, name: str, label: str, widget: QLineEdit) -> None:
        """Without a label above it: the head of the list says it once for all lines."""
        field = self.labelled.pop(name)
        widget.setParent(self)
        field.deleteLater()
        widget.setToolTip(label)
        if name in RIGHT:
            widget.setAlignment(Qt.AlignmentFlag.AlignRight)

    def _resize(self) -> None:
        for name, _, width in FIRST:
            if width:
                self.fields[name].setFixedWidth(self._desk.theme.px(width))

    def _lay_second(self) -> None:
        grid = QGridLayout(self.second)
        grid.setContentsMargins(20, 0, 2 * BUTTON + 16, 8)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        even_columns(grid)

        def place(widget: QWidget, row: int, column: int, span: int = 1) -> None:
            share_evenly(widget)
            grid.addWidget(widget, row, column, 1, span, Qt.AlignmentFlag.AlignTop)

        place(self.add("to_on", "To", self._date()), 0, 0, 2)
        place(self.add("unit", "Counted in", choice(UNITS)), 0, 2)
        place(self.add("description", "Words for an unlisted code", self._text(80)), 0, 3, 3)
        place(self.add("drug.code", "NDC of the drug", self._text(15)), 1, 0, 2)
        place(self.add("drug.quantity", "Quantity", self._text(11)), 1, 2)
        place(self.add("drug.unit", "in", choice({"": "", **DRUG_UNITS})), 1, 3, 2)
        place(self.add("drug.number", "Prescription", self._text(20)), 1, 5)
        place(self.add("note", "Note to the payer", self._text(80)), 2, 0, 3)
        place(self.add("82.family", "Another gave it: last name", self._text(60)), 2, 3, 2)
        place(self.add("82.id", "NPI", self._text(10)), 2, 5)
        for at, (name, label) in enumerate(_TICKS.items()):
            place(self.add(name, label, QCheckBox(label)), 3, 2 * at, 2)

    def _text(self, longest: int) -> QLineEdit:
        line = QLineEdit()
        line.setMaxLength(longest)
        return line

    def _date(self) -> DateEdit:
        office = self._desk.office
        return DateEdit(self._desk.theme, office.formats, office.clock.today)

    # -- showing --------------------------------------------------------------------------------

    def show_line(self, claim: Claim, of: int = -1) -> None:
        """Fill the fields from a line of the claim; a new one begins with the day of the last."""
        line = claim.lines[of] if 0 <= of < len(claim.lines) else None
        self._line, self.of = line, of
        self.clear_problems()
        if line is None:
            last = claim.lines[-1] if claim.lines else None
            first = last.from_on if last is not None else None
            line = ServiceLine("", 0, first or date.min, units="1", pointers=(1,))
        shown: dict[str, Any] = {
            "place": line.place,
            "code": line.code,
            "modifiers": " ".join(line.modifiers),
            "pointers": pointers_text(line.pointers),
            "charge_cents": str(Money(line.charge_cents)) if line.charge_cents else "",
            "units": line.units,
            "unit": line.unit,
            "description": line.description,
            "note": line.notes[0].text if line.notes else "",
            "drug.code": line.drug.code if line.drug else "",
            "drug.quantity": line.drug.quantity if line.drug else "",
            "drug.unit": line.drug.unit if line.drug else "",
            "drug.number": line.drug.number if line.drug else "",
            **{name: getattr(line, name) for name in _TICKS},
        }
        named = dict(line.providers).get("82")
        shown["82.family"] = named.family if named else ""
        shown["82.id"] = named.id if named else ""
        self.put(shown)
        for name, on in (("from_on", line.from_on), ("to_on", line.to_on)):
            widget = self.fields[name]
            assert isinstance(widget, DateEdit)
            widget.set_value(on if on is not None and on != date.min else None)
        self.say_place(claim.place)
        self.set_open(self._needs_second(line))

    def say_place(self, place: str) -> None:
        """Where the service was given unless the line says something else."""
        widget = self.fields["place"]
        assert isinstance(widget, QLineEdit)
        widget.setPlaceholderText(place)

    @staticmethod
    def _needs_second(line: ServiceLine) -> bool:
        return bool(
            (line.to_on and line.to_on != line.from_on)
            or line.unit != "UN"
            or line.description
            or line.drug
            or line.notes
            or line.is_emergency
            or line.is_epsdt
            or line.is_family_planning
            or line.providers
        )

    def count_as(self, number: int) -> None:
        """Say which line this is, to the eye and to a screen reader."""
        self.number = number
        self.mark.setText(str(number))
        for name, label, *_ in FIRST:
            self.fields[name].setAccessibleName(f"Line {number}: {label}")
        self.more_button.setAccessibleName(f"More of line {number}")
        self.remove_button.setAccessibleName(f"Remove line {number}")

    def toggle(self) -> None:
        self.set_open(self.second.isHidden())
        if not self.second.isHidden():
            self.fields["to_on"].setFocus()

    def set_open(self, is_open: bool) -> None:
        """Show the second line, or fold it away."""
        self.second.setVisible(is_open)
        icon = "chevron-up" if is_open else "chevron-down"
        self._desk.theme.wear(self.more_button, icon, "muted", 18)

    def set_read_only(self, is_read_only: bool) -> None:
        for widget in self.fields.values():
            if isinstance(widget, QLineEdit) and not isinstance(widget, DateEdit):
                widget.setReadOnly(is_read_only)
            else:
                widget.setEnabled(not is_read_only)
        self.remove_button.setVisible(not is_read_only)

    # -- reading --------------------------------------------------------------------------------

    def line(self) -> ServiceLine:
        """The line as it stands on the screen. Raises Invalid, with the field in the line."""
        for name, fault in self.own_faults().items():
            raise Invalid(fault, field=name)
        from_on = self.day("from_on")
        if from_on is None:
            raise Invalid(f"Line {self.number} has no day of service.", field="from_on")
        old = self._line or ServiceLine("", 0, from_on)
        line = replace(
            old,
            code=self.text("code").strip().upper(),
            charge_cents=self._money(),
            from_on=from_on,
            to_on=self._to_on(old, from_on),
            modifiers=modifiers_of(self.text("modifiers")),
            pointers=self._pointers(),
            units=self.text("units").strip(),
            unit=str(self._chosen("unit") or "UN"),
            description=self.text("description").strip(),
            place=self.text("place").strip(),
            drug=self._drug(old),
            notes=self._notes(old),
            **{name: self._ticked(name) for name in _TICKS},
        )
        return self._with_provider(line)

    def _to_on(self, old: ServiceLine, from_on: date) -> date | None:
        to_on = self.day("to_on")
        return None if to_on == from_on and old.to_on is None else to_on

    def _money(self) -> int:
        text = self.text("charge_cents").strip()
        if not text:
            return 0
        try:
            return Money.parse(text).cents
        except Invalid as fault:
            raise Invalid(fault.what, remedy=fault.remedy, field="charge_cents") from None

    def _pointers(self) -> tuple[int, ...]:
        try:
            return pointers_of(self.text("pointers"))
        except Invalid as fault:
            raise Invalid(fault.what, remedy=fault.remedy, field="pointers") from None

    def _drug(self, old: ServiceLine) -> Drug | None:
        code, quantity = self.text("drug.code").strip(), self.text("drug.quantity").strip()
        number, unit = self.text("drug.number").strip(), str(self._chosen("drug.unit") or "")
        if not (code or quantity or number):
            return None
        new = Drug(code, quantity, unit, number)
        return replace(old.drug, **_parts(new)) if old.drug is not None else new

    def _notes(self, old: ServiceLine) -> tuple[Note, ...]:
        text = self.text("note").strip()
        kind = old.notes[0].kind if old.notes else "ADD"
        return (*((Note(kind, text),) if text else ()), *old.notes[1:])

    def _with_provider(self, line: ServiceLine) -> ServiceLine:
        """Who gave this service, where it is not who the claim says."""
        family, npi = self.text("82.family").strip(), re.sub(r"\D", "", self.text("82.id"))
        others = tuple(one for one in line.providers if one[0] != "82")
        old = dict(line.providers).get("82") or Party(is_person=True, id_kind="XX")
        if not (family or npi):
            return replace(line, providers=others)
        return replace(line, providers=(*others, ("82", replace(old, family=family, id=npi))))

    def _chosen(self, name: str) -> object:
        widget = self.fields[name]
        assert isinstance(widget, Choice)
        return widget.value()

    def _ticked(self, name: str) -> bool:
        widget = self.fields[name]
        assert isinstance(widget, QCheckBox)
        return widget.isChecked()

    # -- leading to a field ---------------------------------------------------------------------

    def widget_at(self, inside: str) -> QWidget:
        """The widget of a place inside the line, such as “drug.code”; the code where there is none."""
        name = inside if inside in self.fields else ""
        if not name and inside.startswith("notes"):
            name = "note"
        if not name and inside.startswith("providers"):
            name = "82.id" if inside.endswith(".id") else "82.family"
        if not name:
            name = "code"
        if name not in {first for first, *_ in FIRST}:
            self.set_open(True)
        return self.fields[name]


def _parts(drug: Drug) -> dict[str, str]:
    return {name: getattr(drug, name) for name in ("code", "quantity", "unit", "number")}
