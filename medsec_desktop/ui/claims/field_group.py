"""A group of plain fields of a claim, in a grid of six columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from medsec_desktop.domain.claims.claim import Claim
from medsec_desktop.problems import Invalid
from medsec_desktop.ui.claims.entry import Shown, shown, with_all
from medsec_desktop.ui.claims.fields import CHOICE, DATE, TICK, FieldSpec, Group
from medsec_desktop.ui.claims.part import ClaimPart, a_line, look_only
from medsec_desktop.ui.patients.forms import Form, choice, even_columns, share_evenly
from medsec_desktop.ui.widgets import Choice, DateEdit

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_AT_ONCE = 3  # fields that one step makes


class FieldGroup(ClaimPart):
    """The fields a `Group` lists; what no field shows stays as it is in the claim."""

    def __init__(self, desk: Desk, group: Group, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self._group = group
        self._specs: dict[str, FieldSpec] = {}
        self.form = _Fields(self)
        self.form.changed.connect(self.changed)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.form)

    @property
    def fields(self) -> dict[str, QWidget]:
        return self.form.fields

    def steps(self, claim: Claim, *, is_read_only: bool) -> Iterator[None]:
        specs = self._group.fields
        for at in range(len(self._specs), len(specs), _AT_ONCE):
            for spec in specs[at : at + _AT_ONCE]:
                self._make(spec)
            yield
        self.form.clear_problems()
        for at in range(0, len(specs), 2 * _AT_ONCE):
            self.form.put({one.path: shown(claim, one) for one in specs[at : at + 2 * _AT_ONCE]})
            yield
        look_only(self.form, is_read_only)

    def _make(self, spec: FieldSpec) -> None:
        widget = self.form.add(spec.path, spec.label, self._widget(spec), hint=spec.hint)
        self.form.fields[spec.path].setProperty("shown", True)
        share_evenly(widget)
        self._specs[spec.path] = spec
        top, bottom = Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignBottom
        aligned = bottom if spec.kind == TICK else top
        self.form.grid.addWidget(widget, spec.row, spec.column, 1, spec.span, aligned)
        widget.show()

    def _widget(self, spec: FieldSpec) -> QWidget:
        if spec.kind == CHOICE:
            return choice(spec.choices or {})
        if spec.kind == TICK:
            return QCheckBox(spec.label)
        if spec.kind == DATE:
            office = self._desk.office
            return DateEdit(self._desk.theme, office.formats, office.clock.today)
        return a_line(spec.longest, spec.placeholder)

    def raw(self) -> dict[str, Any]:
        return self.form.raw()

    def restore(self, raw: Mapping[str, Any]) -> None:
        self.form.put(raw)

    def taken(self, claim: Claim) -> Claim:
        for name, fault in self.form.own_faults().items():
            raise Invalid(fault, field=name)
        return with_all(claim, {path: self._value(path) for path in self._specs}, self._specs)

    def _value(self, path: str) -> Shown:
        widget = self.form.fields[path]
        if isinstance(widget, DateEdit):
            return widget.value()
        if isinstance(widget, QCheckBox):
            return widget.isChecked()
        if isinstance(widget, Choice):
            return str(widget.value() or "")
        assert isinstance(widget, QLineEdit)
        return widget.text()

    def widget_at(self, place: str) -> QWidget | None:
        return self.form.fields.get(place)

    def problem(self, place: str, text: str) -> None:
        self.form.problem(place, text)


class _Fields(Form):
    """Six even columns; a choice also shows what it does not offer, and a date may be none."""

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.grid = QGridLayout(self)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setHorizontalSpacing(12)
        self.grid.setVerticalSpacing(8)
        even_columns(self.grid)

    def put(self, raw: Mapping[str, Any]) -> None:
        super().put({name: value for name, value in raw.items() if value is not None})
        for name, value in raw.items():
            widget = self.fields.get(name)
            if value is None and isinstance(widget, DateEdit):
                widget.set_value(None)

    def forget(self, name: str, same_as: QWidget) -> None:
        """Empty a field that says what another one says."""
        widget = self.fields[name]
        if isinstance(widget, DateEdit) and isinstance(same_as, DateEdit):
            if widget.value() == same_as.value():
                widget.set_value(None)
        elif isinstance(widget, Choice) and isinstance(same_as, Choice):
            if widget.value() == same_as.value():
                widget.set_value("")
        elif (
            isinstance(widget, QLineEdit)
            and isinstance(same_as, QLineEdit)
            and widget.text() == same_as.text()
        ):
            widget.clear()
