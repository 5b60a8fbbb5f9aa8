"""One service on the screen: its code, modifiers, what for, units and charge; the rest below on request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QIntValidator, QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from medsec_desktop.domain.claims import charges as rules
from medsec_desktop.domain.claims.charges import DRUG_UNITS, ChargeLine, DrugGiven
from medsec_desktop.domain.claims.modifiers import parse_modifiers
from medsec_desktop.domain.claims.places import PLACES
from medsec_desktop.domain.money import Money
from medsec_desktop.problems import Invalid
from medsec_desktop.ui.widgets import Choice, ElidedLabel, Field, IconButton, Text

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

CELLS = (("modifiers", "Modifiers", 92), ("pointers", "For", 56), ("units", "Units", 60),
         ("charge", "Charge", 88))  # fmt: skip
_GAP = 8


class ServiceLine(QWidget):
    """Shows one line and hands on what is typed; `changed` carries the line as it is now.

    What is typed wrong stays, with a sentence below it, until it is right.
    """

    changed = Signal(object)
    removed = Signal()
    modifiers_typed = Signal(str)  # the word being typed there, to find modifiers by

    def __init__(
        self,
        desk: Desk,
        line: ChargeLine,
        diagnoses: Callable[[], int],
        providers: Callable[[], list[tuple[object, str]]],
        *,
        is_open: bool = False,
        asks_drug: bool = False,
    ):
        super().__init__()
        self._desk, self.line = desk, line
        self._diagnoses, self._providers = diagnoses, providers
        px = desk.theme.px
        self.code = Text(line.code, "strong")
        self.code.setFixedWidth(px(52))
        self.words = ElidedLabel(line.words or "As typed, not in your list", "muted")
        self.cells: dict[str, QLineEdit] = {}
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP)
        row.addWidget(self.code)
        row.addWidget(self.words, 1)
        for name, label, width in CELLS:
            cell = self.cells[name] = QLineEdit()
            cell.setFixedWidth(px(width))
            spoken = "Minutes" if name == "units" and line.unit == "MJ" else label
            cell.setAccessibleName(f"{spoken} of {line.code}")
            cell.textEdited.connect(lambda _, name=name: self._edited(name))
            cell.editingFinished.connect(lambda name=name: self._left(name))
            row.addWidget(cell)
        self.offered = False  # a list of modifiers is beside it: what is typed is no code yet
        self.steer: Callable[[QKeyEvent], bool] = lambda _: False
        self.is_choosing: Callable[[], bool] = lambda: False
        self.cells["modifiers"].textEdited.connect(
            lambda text: self.modifiers_typed.emit(text.rpartition(" ")[2])
        )
        self.cells["modifiers"].installEventFilter(self)
        self.cells["charge"].setAlignment(Qt.AlignmentFlag.AlignRight)
        self.more_button = IconButton(
            desk.theme, "chevron-down", f"More about {line.code}", self.turn
        )
        self.remove_button = IconButton(desk.theme, "x", f"Take {line.code} out", self.removed.emit)
        row.addWidget(self.more_button)
        row.addWidget(self.remove_button)
        self.note = Text("", "problem", wrap=True)
        self.note.hide()
        self.more = QFrame()
        self.more.setProperty("kind", "card")
        self.more.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.note)
        column.addWidget(self.more)
        self._is_filled = False
        self._wrong: dict[str, str] = {}
        self.show_line(line)
        asks_minutes = line.unit == "MJ" and line.units == "1"
        if is_open or asks_minutes or (asks_drug and line.drug is None):
            self.turn()

    @property
    def is_open(self) -> bool:
        return not self.more.isHidden()

    @property
    def problem(self) -> str:
        """What is typed wrong here; '' where nothing is."""
        return next(iter(self._wrong.values()), "")

    def show_line(self, line: ChargeLine) -> None:
        """Show the line as it is; a cell with something wrong in it, or being typed in, stays."""
        self.line = line
        texts = {
            "modifiers": " ".join(line.modifiers),
            "pointers": rules.written_pointers(line.pointers),
            "units": line.units,
            "charge": "" if line.charge_cents is None else str(Money(line.charge_cents)),
        }
        for name, text in texts.items():
            cell = self.cells[name]
            if name not in self._wrong and not (cell.hasFocus() and cell.isModified()):
                cell.setText(text)
        self.cells["charge"].setPlaceholderText("no fee" if line.charge_cents is None else "")

    def put_modifier(self, code: str) -> None:
        """Write a modifier in place of the word it was found by."""
        cell = self.cells["modifiers"]
        before = cell.text().rpartition(" ")[0]
        cell.setText(f"{before} {code}".strip())
        self.offered = False
        self._left("modifiers")
        cell.setFocus()

    def tell_modifiers(self, known: dict[str, str]) -> None:
        """Say under the mouse what its modifiers stand for."""
        told = [f"{one}: {known[one]}" for one in self.line.modifiers if one in known]
        self.cells["modifiers"].setToolTip("; ".join(told))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up, Down and Enter choose from the modifiers beside it while there are some."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self.offered:
            return self.steer(event)
        return super().eventFilter(watched, event)

    def commit(self) -> bool:
        """Take in what stands in every cell, as a key that saves leaves none; whether all of it is sound."""
        self.offered = False
        for name, cell in self.cells.items():
            if cell.isModified() or name in self._wrong:
                self._left(name)
        if self._is_filled:
            self._more_left()
        return not self._wrong

    def complain(self, field: str, sentence: str) -> None:
        """Say what is wrong in one of its cells, and put the cursor there."""
        if field == "drug":
            if not self.is_open:
                self.turn()
            self.ndc.setFocus()
        self._say(field, sentence)
        if field in self.cells:
            self.cells[field].setFocus()
            self.cells[field].selectAll()

    def turn(self) -> None:
        """Show what is rarely said, or put it away; it is built when first shown."""
        if not self._is_filled:
            self._fill()
        is_open = not self.is_open
        self.more.setVisible(is_open)
        icon = "chevron-up" if is_open else "chevron-down"
        self._desk.theme.wear(self.more_button, icon, "muted", 18)

    # -- inside -------------------------------------------------------------------------------

    def _edited(self, name: str) -> None:
        if name in self._wrong:
            del self._wrong[name]
            self._show_note()

    def _left(self, name: str) -> None:
        """A cell was left: take in what it says, or say what is wrong with it."""
        text = self.cells[name].text().strip()
        if name == "modifiers" and self.offered:
            if self.is_choosing():
                return
            self.offered = False
        try:
            line = self._with(name, text)
        except Invalid as problem:
            self._say(name, " ".join(part for part in (problem.what, problem.why) if part))
            return
        self._wrong.pop(name, None)
        self._show_note()
        self.cells[name].setModified(False)
        if line != self.line:
            self.line = line
            self.changed.emit(line)
        self.show_line(self.line)

    def _with(self, name: str, text: str) -> ChargeLine:
        line = self.line
        if name == "modifiers":
            return replace(line, modifiers=parse_modifiers(text))
        if name == "pointers":
            return replace(line, pointers=rules.parse_pointers(text, self._diagnoses()))
        if name == "units":
            return line.with_units(rules.parse_units(text))
        if not text:
            return replace(line, charge_cents=None, fee_cents=None)
        cents = rules.charged(Money.parse(text).cents)
        if cents == line.charge_cents:
            return line
        return replace(line, charge_cents=cents, fee_cents=None)

    def _say(self, field: str, sentence: str) -> None:
        self._wrong[field] = sentence
        self._show_note()

    def _show_note(self) -> None:
        self.note.setText(self.problem)
        self.note.setVisible(bool(self.problem))
        for name, cell in self.cells.items():
            is_wrong = name in self._wrong
            if bool(cell.property("wrong")) != is_wrong:
                cell.setProperty("wrong", is_wrong)
                cell.style().unpolish(cell)
                cell.style().polish(cell)
            cell.setAccessibleDescription(self._wrong.get(name, ""))

    def _fill(self) -> None:
        line, self._is_filled = self.line, True
        drug = line.drug or DrugGiven("", "")
        self.place = Choice([("", "As the visit"), *_places()], line.place)
        self.provider = Choice([(None, "As the visit"), *self._providers()], line.provider_id)
        self.ndc = QLineEdit(drug.code)
        self.ndc.setPlaceholderText("00000-0000-00")
        self.quantity = QLineEdit(drug.quantity)
        self.unit = Choice(list(DRUG_UNITS.items()), drug.unit or "UN")
        self.remark = QLineEdit(line.note)
        self.remark.setMaxLength(80)
        self.minutes = QLineEdit(line.units if line.unit == "MJ" else "")
        self.minutes.setValidator(QIntValidator(0, 1440, self.minutes))
        grid = QGridLayout(self.more)
        grid.setContentsMargins(12, 12, 12, 12)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        top = Qt.AlignmentFlag.AlignTop
        for at, (label, editor, row, column, span) in enumerate(
            (
                ("Place", self.place, 0, 0, 3),
                ("Provider", self.provider, 0, 3, 3),
                ("Minutes of anesthesia", self.minutes, 0, 6, 2),
                ("Drug code (NDC)", self.ndc, 1, 0, 2),
                ("Quantity", self.quantity, 1, 2, 1),
                ("Unit", self.unit, 1, 3, 2),
                ("Note to the payer", self.remark, 1, 5, 3),
            )
        ):
            del at
            grid.addWidget(Field(label, editor), row, column, 1, span, top)
            if isinstance(editor, QLineEdit):
                editor.editingFinished.connect(self._more_left)
                editor.textEdited.connect(lambda _: self._edited("drug"))
            else:
                editor.activated.connect(lambda _: self._more_left())
        for column in range(8):
            grid.setColumnStretch(column, 1)

    def _more_left(self) -> None:
        try:
            line = replace(
                self.line,
                place=str(self.place.value() or ""),
                provider_id=self.provider.value(),
                note=self.remark.text().strip(),
                drug=self._drug(),
            )
        except Invalid as problem:
            self._say("drug", " ".join(part for part in (problem.what, problem.why) if part))
            return
        self._wrong.pop("drug", None)
        self._show_note()
        minutes = self.minutes.text().strip()
        if minutes.isdecimal() and int(minutes):
            line = replace(line, unit="MJ", units=str(int(minutes)))
        elif line.unit == "MJ":
            line = replace(line, unit="UN", units="1")
        if line != self.line:
            self.line = line
            self.changed.emit(line)
            self.show_line(line)

    def _drug(self) -> DrugGiven | None:
        code, quantity = self.ndc.text().strip(), self.quantity.text().strip()
        if not code and not quantity:
            return None
        return DrugGiven(
            rules.ndc(code), rules.parse_units(quantity or "1"), str(self.unit.value())
        )


def _places() -> list[tuple[object, str]]:
    return [(code, f"{code} {words}") for code, words in PLACES.items()]
