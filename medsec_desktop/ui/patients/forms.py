"""The rows of the patient editor: phones, addresses, people, coverages, alerts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from medsec_desktop.domain.formats import Formats
from medsec_desktop.domain.money import Money
from medsec_desktop.domain.patients import (
    AddressDraft,
    AlertDraft,
    CoverageDraft,
    PersonDraft,
    PhoneDraft,
)
from medsec_desktop.problems import Invalid, Problem
from medsec_desktop.ui.patients import words
from medsec_desktop.ui.theme import Theme
from medsec_desktop.ui.widgets import (
    Choice,
    DateEdit,
    Field,
    IconButton,
    PlainButton,
    Section,
    Text,
)


@dataclass(frozen=True, slots=True)
class FormContext:
    """What every part of the editor is built with."""

    theme: Theme
    formats: Formats
    today: Callable[[], date]
    payers: tuple[tuple[int, str], ...]
    country: str


class Form(QWidget):
    """Named fields whose typed text can be taken out and put back as it is.

    `raw()` is what stands in the widgets, fit for JSON, whether it makes sense or not.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.fields: dict[str, QWidget] = {}
        self._labelled: dict[str, Field] = {}

    def add(
        self, name: str, label: str, widget: QWidget, *, hint: str = "", required: bool = False
    ) -> QWidget:
        """Take `widget` in as field `name`; what belongs into the layout."""
        self.fields[name] = widget
        if isinstance(widget, QCheckBox):
            widget.setAccessibleName(widget.text())
            widget.toggled.connect(lambda _: self.changed.emit())
            return widget
        if isinstance(widget, Choice):
            widget.currentIndexChanged.connect(lambda _: self.changed.emit())
        elif isinstance(widget, QLineEdit | QPlainTextEdit):
            widget.textChanged.connect(lambda *_: self.changed.emit())
        field = Field(label, widget, hint=hint, required=required)
        self._labelled[name] = field
        return field

    def raw(self) -> dict[str, Any]:
        return {name: _raw(widget) for name, widget in self.fields.items()}

    def put(self, raw: Mapping[str, Any]) -> None:
        for name, value in raw.items():
            if name in self.fields:
                _put(self.fields[name], value)

    def text(self, name: str) -> str:
        value = _raw(self.fields[name])
        return value if isinstance(value, str) else ""

    def day(self, name: str) -> date | None:
        widget = self.fields[name]
        assert isinstance(widget, DateEdit)
        return widget.value()

    def own_faults(self) -> dict[str, str]:
        """What was typed that is not even a date or an amount, by field."""
        return {
            name: widget.problem()
            for name, widget in self.fields.items()
            if isinstance(widget, DateEdit) and widget.problem()
        }

    def problem(self, name: str, text: str) -> QWidget | None:
        """Say what is wrong next to the field; the field, or None where there is none such."""
        if name in self._labelled:
            self._labelled[name].problem(text)
        return self.fields.get(name)

    def clear_problems(self) -> None:
        for field in self._labelled.values():
            if field.has_problem:
                field.problem("")


def _raw(widget: QWidget) -> Any:
    if isinstance(widget, QCheckBox):
        return widget.isChecked()
    if isinstance(widget, Choice):
        return widget.value()
    if isinstance(widget, QPlainTextEdit):
        return widget.toPlainText()
    assert isinstance(widget, QLineEdit)
    return widget.text()


def _put(widget: QWidget, value: Any) -> None:
    if isinstance(widget, QCheckBox):
        widget.setChecked(bool(value))
    elif isinstance(widget, Choice):
        if value is not None and widget.findData(value) < 0:
            widget.addItem(str(value), value)  # an import knows words we don't; none is lost
        widget.set_value(value)
    elif isinstance(widget, QPlainTextEdit):
        widget.setPlainText(str(value or ""))
    elif isinstance(widget, DateEdit) and isinstance(value, date | None):
        widget.set_value(value)
    elif isinstance(widget, QLineEdit):
        widget.setText(str(value or ""))
        widget.setCursorPosition(0)  # a long name shows its beginning
        if isinstance(widget, DateEdit):
            widget.editingFinished.emit()  # reads what was put in, as if typed


def choice(pairs: Mapping[Any, str], value: object = None) -> Choice:
    """A combo box over values and how they are worded."""
    return Choice(list(pairs.items()), value)


class RowForm(Form):
    """One row of a list in the editor, with a button that takes it away."""

    removed = Signal()
    noun = ""

    def __init__(self, context: FormContext, parent: QWidget | None = None):
        super().__init__(parent)
        self.context = context
        self.row_id, self.version = 0, 0
        self._linked: int | None = None
        self.remove_button = IconButton(
            context.theme, "trash-2", f"Remove this {self.noun}", self.removed.emit
        )
        card = QFrame()
        card.setProperty("kind", "card")
        inside = QHBoxLayout(card)
        inside.setContentsMargins(12, 8, 8, 12)
        inside.setSpacing(8)
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(12)
        self.grid.setVerticalSpacing(8)
        inside.addLayout(self.grid, 1)
        side = QVBoxLayout()
        side.addSpacing(context.theme.px(16))
        side.addWidget(self.remove_button)
        side.addStretch(1)
        inside.addLayout(side)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(card)
        self.build()

    def build(self) -> None:
        """Make the fields and lay them into the grid."""
        raise TypeError("each kind of row builds its own fields")

    def draft(self) -> Any:
        """What stands in the row, as the service takes it."""
        raise TypeError("each kind of row makes its own draft")

    def fill(self, draft: Any) -> None:
        """Show a row that is on file."""
        self.row_id, self.version = draft.id, draft.version
        self.put({name: getattr(draft, name) for name in self.fields})

    def state(self) -> dict[str, Any]:
        return {"id": self.row_id, "version": self.version, **self.raw()}

    def restore(self, state: Mapping[str, Any]) -> None:
        self.row_id, self.version = int(state.get("id", 0)), int(state.get("version", 0))
        self.put(state)

    def first_field(self) -> QWidget:
        return next(iter(self.fields.values()))

    def _place(self, widget: QWidget, row: int, column: int, span: int = 1) -> None:
        self.grid.addWidget(widget, row, column, 1, span)

    def _line(self, placeholder: str = "") -> QLineEdit:
        line = QLineEdit()
        line.setPlaceholderText(placeholder)
        return line

    def _date(self) -> DateEdit:
        return DateEdit(self.context.theme, self.context.formats, self.context.today)


class PhoneForm(RowForm):
    """A phone number."""

    noun = "phone"

    def build(self) -> None:
        self.grid.setColumnStretch(0, 3)
        self.grid.setColumnStretch(1, 2)
        self.grid.setColumnStretch(2, 3)
        self._place(self.add("number", "Number", self._line()), 0, 0)
        self._place(self.add("kind", "Kind", choice(words.PHONE_KINDS)), 0, 1)
        self.fields["number"].setMinimumWidth(self.context.theme.px(124))
        self.fields["kind"].setMinimumWidth(self.context.theme.px(104))
        self._place(self.add("note", "Note", self._line("e.g. after five")), 0, 2)
        message = QCheckBox("May leave a message")
        message.setChecked(True)
        column = QVBoxLayout()
        column.addSpacing(self.context.theme.px(24))
        column.addWidget(self.add("may_leave_message", "", message))
        column.addStretch(1)
        self.grid.addLayout(column, 0, 3)

    def fill(self, draft: PhoneDraft) -> None:
        super().fill(draft)
        self.put({"number": self.context.formats.phone(draft.number)})

    def draft(self) -> PhoneDraft:
        raw = self.raw()
        return PhoneDraft(
            raw["number"], raw["kind"], raw["may_leave_message"], raw["note"],
            self.row_id, self.version,
        )  # fmt: skip


class AddressForm(RowForm):
    """An address and the days it holds."""

    noun = "address"

    def build(self) -> None:
        for column in range(6):
            self.grid.setColumnStretch(column, 1)
        self._place(self.add("kind", "Kind", choice(words.ADDRESS_KINDS)), 0, 0)
        self._place(self.add("line1", "Street", self._line()), 0, 1, 3)
        self._place(self.add("line2", "Apartment, unit", self._line()), 0, 4, 2)
        self._place(self.add("city", "City", self._line()), 1, 0, 2)
        self._place(self.add("state", "State", self._line()), 1, 2)
        self._place(self.add("postal_code", "ZIP", self._line()), 1, 3)
        country = self._line()
        country.setText(self.context.country)
        self._place(self.add("country", "Country", country), 1, 4)
        self._place(self.add("valid_from_on", "From", self._date()), 2, 0, 2)
        self._place(self.add("valid_to_on", "Until", self._date()), 2, 2, 2)

    def draft(self) -> AddressDraft:
        raw = self.raw()
        return AddressDraft(
            raw["line1"], raw["line2"], raw["city"], raw["state"], raw["postal_code"],
            raw["country"], raw["kind"], self.day("valid_from_on"), self.day("valid_to_on"),
            self.row_id, self.version,
        )  # fmt: skip


class PersonForm(RowForm):
    """Somebody around the patient, and what for."""

    noun = "person"

    def build(self) -> None:
        for column, stretch in enumerate((3, 2, 3)):
            self.grid.setColumnStretch(column, stretch)
        self._place(self.add("name", "Name", self._line(), required=True), 0, 0)
        self._place(self.add("relation", "Relation", self._line("e.g. mother")), 0, 1)
        self._place(self.add("phone", "Phone", self._line()), 0, 2)
        ticks = QWidget()
        row = QHBoxLayout(ticks)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        for name, text in (
            ("is_emergency_contact", "Emergency contact"),
            ("is_next_of_kin", "Next of kin"),
            ("is_guarantor", "Guarantor (owes the balance)"),
        ):
            row.addWidget(self.add(name, "", QCheckBox(text)))
        row.addStretch(1)
        self._place(ticks, 1, 0, 3)

    def fill(self, draft: PersonDraft) -> None:
        super().fill(draft)
        self._linked = draft.linked_patient_id
        self.put({"phone": self.context.formats.phone(draft.phone)})

    def state(self) -> dict[str, Any]:
        return {**super().state(), "linked": self._linked}

    def restore(self, state: Mapping[str, Any]) -> None:
        super().restore(state)
        self._linked = state.get("linked")

    def draft(self) -> PersonDraft:
        raw = self.raw()
        return PersonDraft(
            raw["name"], raw["relation"], raw["phone"], raw["is_emergency_contact"],
            raw["is_next_of_kin"], raw["is_guarantor"], self._linked,
            id=self.row_id, version=self.version,
        )  # fmt: skip


class CoverageForm(RowForm):
    """A policy: who pays, which numbers, who holds it."""

    noun = "coverage"

    def build(self) -> None:
        for column in range(6):
            self.grid.setColumnStretch(column, 1)
        payers = [(None, "Choose…"), *self.context.payers]
        self._place(self.add("payer_id", "Payer", Choice(payers), required=True), 0, 0, 2)
        self._place(self.add("plan_name", "Plan", self._line()), 0, 2, 2)
        self._place(self.add("rank", "Order", choice(words.RANKS)), 0, 4, 2)
        self._place(self.add("member_id", "Member id", self._line()), 1, 0, 2)
        self._place(self.add("group_number", "Group", self._line()), 1, 2, 2)
        self._place(self.add("copay_cents", "Copay", self._line("0.00")), 1, 4, 2)
        self._place(self.add("starts_on", "From", self._date()), 2, 0, 2)
        self._place(self.add("ends_on", "Until", self._date()), 2, 2, 2)
        relation = choice(
            {
                "self": "Self: holds the policy",
                "spouse": "Spouse of the subscriber",
                "child": "Child of the subscriber",
                "other": "Other relation",
            }
        )
        self._place(self.add("subscriber_relation", "The patient is", relation), 3, 0, 2)
        holder = self._line()
        self._place(self.add("subscriber_name", "Subscriber (holds the policy)", holder), 3, 2, 4)
        relation.currentIndexChanged.connect(self._follow_relation)
        self._follow_relation()

    def _follow_relation(self) -> None:
        """Who holds her own policy has no other subscriber to name."""
        holder, relation = self.fields["subscriber_name"], self.fields["subscriber_relation"]
        assert isinstance(holder, QLineEdit)
        assert isinstance(relation, Choice)
        is_self = relation.value() == "self"
        holder.setEnabled(not is_self)
        holder.setPlaceholderText("The patient" if is_self else "Family name, given name")

    def fill(self, draft: CoverageDraft) -> None:
        super().fill(draft)
        cents = draft.copay_cents
        self.put({"copay_cents": "" if cents is None else str(Money(cents))})

    def own_faults(self) -> dict[str, str]:
        faults = super().own_faults()
        try:
            self._copay()
        except Invalid as fault:
            faults["copay_cents"] = str(fault)
        return faults

    def _copay(self) -> int | None:
        typed = self.text("copay_cents").strip()
        return Money.parse(typed).cents if typed else None

    def draft(self) -> CoverageDraft:
        raw = self.raw()
        try:
            copay = self._copay()
        except Invalid:
            copay = None  # said by own_faults
        return CoverageDraft(
            raw["payer_id"], raw["rank"], raw["plan_name"], raw["member_id"],
            raw["group_number"], raw["subscriber_relation"], raw["subscriber_name"], copay,
            self.day("starts_on"), self.day("ends_on"), self.row_id, self.version,
        )  # fmt: skip


class AlertForm(RowForm):
    """Something that must not be missed."""

    noun = "alert"

    def build(self) -> None:
        self.grid.setColumnStretch(0, 5)
        self.grid.setColumnStretch(1, 2)
        self._place(self.add("text", "Alert", self._line("What must not be missed")), 0, 0)
        self._place(self.add("expires_on", "Until", self._date()), 0, 1)
        ticks = QWidget()
        row = QHBoxLayout(ticks)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        for name, text in (
            ("is_shown_on_selection", "Shown with the file"),
            ("is_shown_on_booking", "Shown when booking"),
        ):
            tick = QCheckBox(text)
            tick.setChecked(True)
            row.addWidget(self.add(name, "", tick))
        row.addStretch(1)
        self._place(ticks, 1, 0, 2)

    def draft(self) -> AlertDraft:
        raw = self.raw()
        return AlertDraft(
            raw["text"], raw["is_shown_on_selection"], raw["is_shown_on_booking"],
            self.day("expires_on"), id=self.row_id, version=self.version,
        )  # fmt: skip


class RowsEditor(Section):
    """A section of rows of one kind that can be added and taken away."""

    changed = Signal()

    def __init__(
        self,
        title: str,
        add_text: str,
        make: Callable[[FormContext], RowForm],
        context: FormContext,
        empty: str,
        parent: QWidget | None = None,
    ):
        super().__init__(title, parent=parent)
        self._make = make
        self._context = context
        self.forms: list[RowForm] = []
        self._empty = Text(empty, "muted", wrap=True)
        self.body.addWidget(self._empty)
        self.add_button = PlainButton(add_text, self._add_and_go, kind="quiet")
        context.theme.wear(self.add_button, "plus")
        self.header.addWidget(self.add_button)

    def add_row(self) -> RowForm:
        form = self._make(self._context)
        form.changed.connect(self.changed)
        form.removed.connect(lambda: self.remove_row(form))
        self.forms.append(form)
        self.body.addWidget(form)
        self._empty.hide()
        return form

    def remove_row(self, form: RowForm) -> None:
        place = self.forms.index(form)
        self.forms.remove(form)
        self.body.removeWidget(form)
        form.hide()
        form.deleteLater()
        self._empty.setVisible(not self.forms)
        # The focus stays where the hands are: in the row that moved up, else on Add.
        follower = self.forms[min(place, len(self.forms) - 1)] if self.forms else None
        (follower.remove_button if follower else self.add_button).setFocus()
        self.changed.emit()

    def fill(self, drafts: Sequence[Any]) -> None:
        """Show these rows instead of all there are."""
        self._clear()
        for draft in drafts:
            self.add_row().fill(draft)

    def drafts(self) -> tuple[Any, ...]:
        return tuple(form.draft() for form in self.forms)

    def state(self) -> list[dict[str, Any]]:
        return [form.state() for form in self.forms]

    def restore(self, states: Sequence[Mapping[str, Any]]) -> None:
        self._clear()
        for state in states:
            self.add_row().restore(state)

    def _add_and_go(self) -> None:
        form = self.add_row()
        self.changed.emit()
        form.first_field().setFocus()

    def _clear(self) -> None:
        for form in self.forms:
            self.body.removeWidget(form)
            form.hide()
            form.deleteLater()
        self.forms = []
        self._empty.show()


def sentence(problem: Problem) -> str:
    """A problem in the room under a field: what is wrong and what to type."""
    return " ".join(part for part in (problem.what, problem.remedy) if part)
