"""One service of a claim on a line; what few of them need is made below it when somebody wants it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from medsec_desktop.domain.claims.claim import Claim, ServiceLine
from medsec_desktop.domain.claims.entered import modifiers_of, pointers_of, pointers_text
from medsec_desktop.domain.money import Money
from medsec_desktop.problems import Invalid
from medsec_desktop.ui.claims.line_more import LineMore
from medsec_desktop.ui.claims.part import look_only
from medsec_desktop.ui.patients.forms import Form
from medsec_desktop.ui.widgets import DateEdit, IconButton, Text

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
_FIRST = frozenset(name for name, *_ in FIRST)


class LineRow(Form):
    """A service line. `number` counts from 1; `more` opens by its arrow, or where it is filled."""

    removed = Signal()
    added = Signal(QWidget)  # a row below it

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self._line: ServiceLine | None = None
        self._claim: Claim | None = None
        self._is_read_only = False
        self.more: LineMore | None = None
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
            widget = self._bare(name, label)
            if width:
                widget.setFixedWidth(theme.px(width))
            first.addWidget(widget, 0 if width else 1)
        for button in (self.more_button, self.remove_button):
            button.setFixedWidth(theme.px(BUTTON))
            policy = button.sizePolicy()
            # In line with the head also where nothing is removed.
            policy.setRetainSizeWhenHidden(True)
            button.setSizePolicy(policy)
            first.addWidget(button)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addLayout(first)
        theme.changed.connect(self._resize)

    def _bare(self, name: str, label: str) -> QLineEdit:
        """A field without a label above it: the head of the list says it once for all lines."""
        office = self._desk.office
        is_day = name == "from_on"
        widget = (
            DateEdit(self._desk.theme, office.formats, office.clock.today)
            if is_day
            else QLineEdit()
        )
        self.fields[name] = widget
        widget.textChanged.connect(lambda _: self.changed.emit())
        widget.setProperty("shown", True)
        widget.setToolTip(label)
        if name in RIGHT:
            widget.setAlignment(Qt.AlignmentFlag.AlignRight)
        return widget

    def _resize(self) -> None:
        for name, _, width in FIRST:
            if width:
                self.fields[name].setFixedWidth(self._desk.theme.px(width))

    # -- showing --------------------------------------------------------------------------------

    def show_line(self, claim: Claim, of: int = -1, *, is_read_only: bool = False) -> None:
        """Fill the fields from a line of the claim; a new one begins with the day of the last."""
        line = claim.lines[of] if 0 <= of < len(claim.lines) else None
        self._line, self.of, self._claim = line, of, claim
        self._is_read_only = is_read_only
        line = line or _new_line(claim)
        self.put(
            {
                "place": line.place,
                "code": line.code,
                "modifiers": " ".join(line.modifiers),
                "pointers": pointers_text(line.pointers),
                "charge_cents": str(Money(line.charge_cents)) if line.charge_cents else "",
                "units": line.units,
            }
        )
        day = self.fields["from_on"]
        assert isinstance(day, DateEdit)
        day.set_value(line.from_on if line.from_on != date.min else None)
        self.say_place(claim.place)
        look_only(self, is_read_only)
        self.remove_button.setVisible(not is_read_only)
        if self.more is not None:
            self.more.show_line(line, claim, is_read_only=is_read_only)
        self.set_open(LineMore.is_needed(line))

    def say_place(self, place: str) -> None:
        """Where the service was given unless the line says something else."""
        widget = self.fields["place"]
        assert isinstance(widget, QLineEdit)
        widget.setPlaceholderText(place)

    def count_as(self, number: int) -> None:
        """Say which line this is, to the eye and to a screen reader."""
        self.number = number
        self.mark.setText(str(number))
        for name, label, *_ in FIRST:
            self.fields[name].setAccessibleName(f"Line {number}: {label}")
        self.more_button.setAccessibleName(f"More of line {number}")
        self.remove_button.setAccessibleName(f"Remove line {number}")

    @property
    def is_open(self) -> bool:
        return self.more is not None and not self.more.isHidden()

    def toggle(self) -> None:
        self.set_open(not self.is_open)
        if self.is_open:
            self._more().fields["to_on"].setFocus()

    def set_open(self, is_open: bool) -> None:
        """Show what few services need, or fold it away."""
        if is_open or self.more is not None:
            self._more().setVisible(is_open)
        icon = "chevron-up" if is_open else "chevron-down"
        self._desk.theme.wear(self.more_button, icon, "muted", 18)

    def _more(self) -> LineMore:
        if self.more is None:
            assert self._claim is not None
            right = 2 * self._desk.theme.px(BUTTON) + 16
            self.more = LineMore(self._desk, right, self)
            self.more.show_line(
                self._line or _new_line(self._claim), self._claim, is_read_only=self._is_read_only
            )
            self.more.hide()
            self.more.changed.connect(self.changed)
            self.more.added.connect(self.added)
            self._column.addWidget(self.more)
        return self.more

    def raw(self) -> dict[str, Any]:
        """What is typed; of what is below, only where it was made: else it is as in the claim."""
        more = {"more": self.more.raw()} if self.more is not None else {}
        return {**super().raw(), **more}

    def put(self, raw: Mapping[str, Any]) -> None:
        super().put({name: value for name, value in raw.items() if name in _FIRST})
        if "more" in raw:
            more = self._more()
            before = more.raw()
            more.put(raw["more"])
            if more.raw() != before:
                self.set_open(True)

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
            to_on=from_on if old.to_on == old.from_on else old.to_on,  # one day stays one day
            modifiers=modifiers_of(self.text("modifiers")),
            pointers=self._pointers(),
            units=self.text("units").strip(),
            place=self.text("place").strip(),
        )
        return line if self.more is None else self.more.taken(line)

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

    # -- leading to a field ---------------------------------------------------------------------

    def widget_at(self, inside: str) -> QWidget:
        """The widget of a place inside the line, such as “drug.code”; the code where there is none."""
        if inside in _FIRST:
            return self.fields[inside]
        below = self._more().widget_at(inside) if inside else None
        if below is None:
            return self.fields["code"]
        self.set_open(True)
        return below


def _new_line(claim: Claim) -> ServiceLine:
    last = claim.lines[-1] if claim.lines else None
    return ServiceLine("", 0, last.from_on if last is not None else date.min, units="1")
