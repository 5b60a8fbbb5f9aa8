"""What few services of a claim need: a second line of fields, and lists of providers and conditions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QVBoxLayout, QWidget

from medsec_desktop.domain.claims.claim import Claim, Drug, Note, ServiceLine
from medsec_desktop.domain.claims.words import DRUG_UNITS, UNITS
from medsec_desktop.domain.money import Money
from medsec_desktop.problems import Invalid
from medsec_desktop.ui.claims.part import a_line, chosen, look_only, ticked
from medsec_desktop.ui.claims.small_lists import LineConditions, LineProviders
from medsec_desktop.ui.patients.forms import Form, choice, even_columns, share_evenly
from medsec_desktop.ui.widgets import DateEdit

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_TICKS = {
    "is_emergency": "Emergency",
    "is_epsdt": "EPSDT",
    "is_family_planning": "Family planning",
}
_DRUG = ("code", "quantity", "unit", "number")


class LineMore(Form):
    """Made when a service has something here, or somebody opens it."""

    added = Signal(QWidget)  # a row of one of its lists

    def __init__(self, desk: Desk, right: int, parent: QWidget | None = None):
        """`right` is the air kept at the right, below the buttons of the line."""
        super().__init__(parent)
        self._desk = desk
        self._line: ServiceLine | None = None
        self.providers = LineProviders(desk)
        self.conditions = LineConditions(desk)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        even_columns(grid)

        def place(
            name: str, label: str, widget: QWidget, at: tuple[int, int, int], hint: str = ""
        ) -> None:
            field = self.add(name, label, widget, hint=hint)
            widget.setProperty("shown", True)
            share_evenly(field)
            grid.addWidget(field, at[0], at[1], 1, at[2], Qt.AlignmentFlag.AlignTop)

        office = desk.office
        to_on = DateEdit(desk.theme, office.formats, office.clock.today)
        place("to_on", "To", to_on, (0, 0, 2))
        place("unit", "Counted in", choice(UNITS), (0, 2, 1))
        place("description", "Words for an unlisted code", a_line(80), (0, 3, 3))
        place("drug.code", "NDC of the drug", a_line(15), (1, 0, 2))
        place("drug.quantity", "Quantity", a_line(11), (1, 2, 1))
        place("drug.unit", "in", choice({"": "", **DRUG_UNITS}), (1, 3, 2))
        place("drug.number", "Prescription", a_line(20), (1, 5, 1))
        place("note", "Note to the payer", a_line(80), (2, 0, 3))
        place("purchased_cents", "Purchased for", a_line(16), (2, 3, 1))
        place("purchased_from", "from (its number)", a_line(50), (2, 4, 2))
        for at, (name, label) in enumerate(_TICKS.items()):
            place(name, label, QCheckBox(label), (3, 2 * at, 2))
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 0, right, 8)
        column.setSpacing(8)
        column.addLayout(grid)
        for part in (self.providers, self.conditions):
            part.changed.connect(self.changed)
            part.added.connect(self.added)
            column.addWidget(part)

    # -- showing --------------------------------------------------------------------------------

    def show_line(self, line: ServiceLine, claim: Claim, *, is_read_only: bool) -> None:
        """Fill every field from the service."""
        self._line = line
        self.clear_problems()
        drug, bought = line.drug, line.purchased_cents
        self.put(
            {
                "unit": line.unit,
                "description": line.description,
                "note": line.notes[0].text if line.notes else "",
                **{f"drug.{name}": getattr(drug, name) if drug else "" for name in _DRUG},
                "purchased_from": line.purchased_from,
                "purchased_cents": "" if bought is None else str(Money(bought)),
                **{name: getattr(line, name) for name in _TICKS},
            }
        )
        to_on = self.fields["to_on"]
        assert isinstance(to_on, DateEdit)
        to_on.set_value(line.to_on)
        self.providers.show_now(line.providers, claim, is_read_only=is_read_only)
        self.conditions.show_now(line.conditions, claim, is_read_only=is_read_only)
        look_only(self, is_read_only)

    @staticmethod
    def is_needed(line: ServiceLine) -> bool:
        """Whether a service has anything that is shown here."""
        return bool(
            (line.to_on and line.to_on != line.from_on)
            or line.unit != "UN"
            or line.description
            or line.drug
            or line.notes
            or line.purchased_from
            or line.purchased_cents is not None
            or any(getattr(line, name) for name in _TICKS)
            or line.providers
            or line.conditions
        )

    def raw(self) -> dict[str, Any]:
        lists = {"providers": self.providers.raw(), "conditions": self.conditions.raw()}
        return {**super().raw(), **lists}

    def put(self, raw: Mapping[str, Any]) -> None:
        super().put(raw)
        for name, part in (("providers", self.providers), ("conditions", self.conditions)):
            if name in raw:
                part.restore(raw[name])

    # -- reading --------------------------------------------------------------------------------

    def taken(self, line: ServiceLine) -> ServiceLine:
        """The service with what stands here. Raises Invalid with the field in it."""
        for name, fault in self.own_faults().items():
            raise Invalid(fault, field=name)
        return replace(
            line,
            to_on=self._to_on(line),
            unit=chosen(self, "unit") or "UN",
            description=self.text("description").strip(),
            drug=self._drug(line),
            notes=self._notes(line),
            purchased_from=self.text("purchased_from").strip(),
            purchased_cents=self._purchased(),
            providers=self.providers.taken_values(),
            conditions=self.conditions.taken_values(),
            is_emergency=ticked(self, "is_emergency"),
            is_epsdt=ticked(self, "is_epsdt"),
            is_family_planning=ticked(self, "is_family_planning"),
        )

    def _to_on(self, line: ServiceLine) -> Any:
        to_on = self.day("to_on")
        return None if to_on == line.from_on and line.to_on is None else to_on

    def _purchased(self) -> int | None:
        text = self.text("purchased_cents").strip()
        if not text:
            return None
        try:
            return Money.parse(text).cents
        except Invalid as fault:
            raise Invalid(fault.what, remedy=fault.remedy, field="purchased_cents") from None

    def _drug(self, line: ServiceLine) -> Drug | None:
        code, quantity = self.text("drug.code").strip(), self.text("drug.quantity").strip()
        number, unit = self.text("drug.number").strip(), chosen(self, "drug.unit")
        if not (code or quantity or number):
            return None
        if line.drug is None:
            return Drug(code, quantity, unit, number)
        return replace(line.drug, code=code, quantity=quantity, unit=unit, number=number)

    def _notes(self, line: ServiceLine) -> tuple[Note, ...]:
        text = self.text("note").strip()
        kind = line.notes[0].kind if line.notes else "ADD"
        return (*((Note(kind, text),) if text else ()), *line.notes[1:])

    # -- leading to a field ---------------------------------------------------------------------

    def widget_at(self, inside: str) -> QWidget | None:
        """The widget of “drug.code” or “providers[0].id”; None where it is not here."""
        if inside.startswith("providers"):
            return self.providers.widget_at(inside)
        if inside.startswith("conditions"):
            return self.conditions.widget_at(inside)
        name = "note" if inside.startswith("notes") else inside
        if name == "drug":
            name = "drug.code"
        return self.fields.get(name)
