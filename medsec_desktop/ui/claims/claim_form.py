"""A claim as a form: calm groups of fields over a domain claim, which it never changes itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from medsec_desktop.domain.claims.claim import Claim
from medsec_desktop.domain.claims.entered import with_relation
from medsec_desktop.problems import Invalid
from medsec_desktop.ui.claims.diagnoses_editor import DiagnosesEditor
from medsec_desktop.ui.claims.entry import field_of, shown, with_all
from medsec_desktop.ui.claims.fields import CHOICE, DATE, GROUPS, TICK, FieldSpec, Group
from medsec_desktop.ui.claims.fold import Fold, show_when_sealed
from medsec_desktop.ui.claims.lines_editor import LinesEditor
from medsec_desktop.ui.claims.other_payers import OtherPayers
from medsec_desktop.ui.patients.forms import Form, choice, even_columns, sentence, share_evenly
from medsec_desktop.ui.widgets import Choice, DateEdit
from medsec_desktop.ui.widgets.tab_order import tab_as_laid_out

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_SUBSCRIBER = "subscriber"
_OWN = ("party.family", "party.given", "party.middle", "party.suffix", "birth_on", "sex")


class ClaimForm(Form):
    """`show_claim` fills it; `claim()` gives the claim as it stands on the screen.

    What no field shows is kept from the claim that was shown.
    """

    def __init__(self, desk: Desk, words_of: Callable[[str], str], parent: QWidget | None = None):
        """`words_of` says of a diagnosis code what it means; '' while that is not known."""
        super().__init__(parent)
        self._desk = desk
        self._base: Claim | None = None
        self._filling = False
        self._ordered_for = -1  # so many services the order of Tab was laid out for
        self.is_read_only = False
        self.specs: dict[str, FieldSpec] = {}
        self.folds: dict[str, Fold] = {}
        self.diagnoses = DiagnosesEditor(desk.theme, words_of)
        self.lines = LinesEditor(desk)
        self.others = OtherPayers(desk)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for group in GROUPS:
            column.addWidget(self._group(group))
        column.addStretch(1)
        show_when_sealed(self)
        for part in (self.diagnoses, self.lines, self.others):
            part.changed.connect(self._changed)
        relation = self.fields["relation"]
        assert isinstance(relation, Choice)
        relation.currentIndexChanged.connect(lambda _: self._relation_chosen())
        place = self.fields["place"]
        assert isinstance(place, Choice)
        place.currentIndexChanged.connect(lambda _: self.lines.say_place(str(place.value() or "")))

    def _group(self, group: Group) -> Fold:
        fold = Fold(self._desk.theme, group.title)
        fold.grid.setContentsMargins(0, 0, 0, 0)
        self.folds[group.key] = fold
        own = {"diagnoses": self.diagnoses, "lines": self.lines, "others": self.others}
        if group.key in own:
            fold.body.addWidget(own[group.key])
            return fold
        even_columns(fold.grid)
        for spec in group.fields:
            widget = self.add(spec.path, spec.label, self._widget(spec), hint=spec.hint)
            share_evenly(widget)
            self.specs[spec.path] = spec
            aligned = (
                Qt.AlignmentFlag.AlignBottom if spec.kind == TICK else Qt.AlignmentFlag.AlignTop
            )
            fold.grid.addWidget(widget, spec.row, spec.column, 1, spec.span, aligned)
        return fold

    def _widget(self, spec: FieldSpec) -> QWidget:
        if spec.kind == CHOICE:
            return choice(spec.choices or {})
        if spec.kind == TICK:
            return QCheckBox(spec.label)
        if spec.kind == DATE:
            office = self._desk.office
            return DateEdit(self._desk.theme, office.formats, office.clock.today)
        line = QLineEdit()
        line.setMaxLength(spec.longest)
        line.setPlaceholderText(spec.placeholder)
        return line

    # -- showing --------------------------------------------------------------------------------

    def show_claim(self, claim: Claim, *, fold: bool = True) -> None:
        """Fill every field; `fold` also shows and hides the groups as this claim needs them."""
        self._base = claim
        self._filling = True
        self.clear_problems()
        self.put({path: shown(claim, spec) for path, spec in self.specs.items()})
        self.diagnoses.show_codes(claim.diagnoses)
        self.lines.show_lines(claim)
        self.others.show_others(claim)
        self._filling = False
        if fold:
            for group in GROUPS:
                self.folds[group.key].set_open(group.is_open(claim))
        self._show_subscriber()
        self._order_tabs()

    def _order_tabs(self) -> None:
        """Tab goes down the form; walking all of it is worth it only where rows came or went."""
        count = len(self.lines.rows)
        if count != self._ordered_for:
            self._ordered_for = count
            tab_as_laid_out(self)

    def put(self, raw: Mapping[str, Any]) -> None:
        """Also what a choice does not offer is shown: the claim says what it says."""
        super().put({name: value for name, value in raw.items() if value is not None})
        for name, value in raw.items():
            widget = self.fields.get(name)
            if value is None and isinstance(widget, DateEdit):
                widget.set_value(None)

    def set_read_only(self, is_read_only: bool) -> None:
        """A claim that left is looked at, not typed into."""
        self.is_read_only = is_read_only
        for widget in self.fields.values():
            if isinstance(widget, QLineEdit) and not isinstance(widget, DateEdit):
                widget.setReadOnly(is_read_only)
            else:
                widget.setEnabled(not is_read_only)
        for part in (self.diagnoses, self.lines, self.others):
            part.set_read_only(is_read_only)

    def _show_subscriber(self) -> None:
        """The subscriber has a group of her own where she is somebody else."""
        relation = self.fields["relation"]
        assert isinstance(relation, Choice)
        is_other = relation.value() != "18"
        self.folds[_SUBSCRIBER].setVisible(is_other)

    def _relation_chosen(self) -> None:
        was_hidden = self.folds[_SUBSCRIBER].isHidden()
        self._show_subscriber()
        if was_hidden and not self._filling and not self.folds[_SUBSCRIBER].isHidden():
            self.folds[_SUBSCRIBER].set_open(True)
            self._forget_patient()

    def _forget_patient(self) -> None:
        """Where the patient stood as her own subscriber, her name is not the new one’s; they may well
        live together."""
        for name in _OWN:
            mine, theirs = self.fields[f"who.{name}"], self.fields[f"insured.{name}"]
            if isinstance(theirs, DateEdit) and isinstance(mine, DateEdit):
                if theirs.value() == mine.value():
                    theirs.set_value(None)
            elif isinstance(theirs, Choice) and isinstance(mine, Choice):
                if theirs.value() == mine.value():
                    theirs.set_value("")
            elif (
                isinstance(theirs, QLineEdit)
                and isinstance(mine, QLineEdit)
                and theirs.text() == mine.text()
            ):
                theirs.clear()

    def _changed(self) -> None:
        if not self._filling:
            self.changed.emit()

    # -- reading --------------------------------------------------------------------------------

    def claim(self) -> Claim:
        """The claim as it stands on the screen. Raises Invalid, with the field, for what is no value."""
        assert self._base is not None
        for name, fault in self.own_faults().items():
            raise Invalid(fault, field=name)
        claim = with_all(self._base, {path: self._value(path) for path in self.specs}, self.specs)
        claim = self.diagnoses.taken(claim)
        claim = self.lines.taken(claim)
        return self.others.taken(claim)

    def _value(self, path: str) -> str | bool | date | None:
        widget = self.fields[path]
        if isinstance(widget, DateEdit):
            return widget.value()
        if isinstance(widget, QCheckBox):
            return widget.isChecked()
        if isinstance(widget, Choice):
            return str(widget.value() or "")
        assert isinstance(widget, QLineEdit)
        return widget.text()

    def state(self) -> dict[str, Any]:
        """What stands in the widgets, fit for JSON, whether it makes sense or not."""
        return {
            "fields": self.raw(),
            "diagnoses": self.diagnoses.raw(),
            "lines": self.lines.raw(),
            "others": self.others.raw(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Show what was typed, over the claim shown before."""
        self._filling = True
        self.put(state["fields"])
        self.diagnoses.restore(state["diagnoses"])
        self.lines.restore(state["lines"])
        self.others.restore(state["others"])
        self._filling = False
        self._show_subscriber()
        self._order_tabs()
        self.changed.emit()

    # -- leading to a field ---------------------------------------------------------------------

    def tell(self, fault: Invalid) -> QWidget | None:
        """Say at its field what is wrong with what was typed there; the field."""
        widget = self.go_to(fault.field)
        if fault.field in self.labelled:
            self.problem(fault.field, sentence(fault))
        return widget

    def go_to(self, place: str) -> QWidget | None:
        """Put the cursor where a place of the claim is typed; its group is opened."""
        widget = self.widget_at(place)
        if widget is not None:
            widget.setFocus(Qt.FocusReason.OtherFocusReason)
            if isinstance(widget, QLineEdit):
                widget.selectAll()
        return widget

    def widget_at(self, place: str) -> QWidget | None:
        """The widget in which a place of the claim is typed, its group opened; None where none is."""
        if ".decisions" in place:
            self.folds["others"].set_open(True)
            return self.others.widget_at(place)
        for key, part in (
            ("diagnoses", self.diagnoses),
            ("lines", self.lines),
            ("others", self.others),
        ):
            if place.startswith(f"{key}[") or place == key:
                self.folds[key].set_open(True)
                return part.widget_at(place)
        assert self._base is not None
        names = (place, field_of(self._shown_claim(), place))
        name = next((one for one in names if one in self.fields and self._is_there(one)), "")
        if not name:
            name = next((one for one in self.fields if one.startswith(names[1].split(".")[0])), "")
        for group in GROUPS:
            if any(spec.path == name for spec in group.fields):
                self.folds[group.key].set_open(True)
        return self.fields.get(name)

    def _is_there(self, name: str) -> bool:
        return not self.folds[self._group_of(name)].isHidden()

    def _group_of(self, name: str) -> str:
        return next(
            group.key for group in GROUPS if any(spec.path == name for spec in group.fields)
        )

    def _shown_claim(self) -> Claim:
        """Enough of what is on the screen to say whose a field is."""
        assert self._base is not None
        relation = self.fields["relation"]
        assert isinstance(relation, Choice)
        return with_relation(self._base, str(relation.value()))
