"""Forms over a patient's file: named fields, and rows that can be added and taken away."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QSpacerItem,
    QVBoxLayout,
    QWidget,
)

from medsec_desktop.domain.formats import Formats
from medsec_desktop.domain.patients import Asked
from medsec_desktop.problems import Problem
from medsec_desktop.services.patients.places import Place, place_of
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
from medsec_desktop.ui.widgets.tab_order import tab_as_laid_out

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk


@dataclass(frozen=True, slots=True)
class FormContext:
    """What every part of a form is built with: lists are read once, not once a field."""

    desk: Desk
    payers: tuple[tuple[int, str], ...]
    physicians: tuple[tuple[int, str], ...]
    asked: Asked
    is_new: bool = False  # somebody is being registered

    @classmethod
    def of(cls, desk: Desk, *, is_new: bool = False) -> FormContext:
        """The context for a form over a file, or over one being opened."""
        practice = desk.office.practice
        return cls(
            desk,
            tuple((payer.id, payer.name) for payer in practice.payers()),
            tuple((row.id, row.name) for row in practice.providers()),
            desk.office.patients.asked(),
            is_new,
        )

    @property
    def theme(self) -> Theme:
        return self.desk.theme

    @property
    def formats(self) -> Formats:
        return self.desk.office.formats

    @property
    def country(self) -> str:
        return self.formats.region

    def today(self) -> date:
        return self.desk.office.clock.today()

    def requires(self, name: str) -> bool:
        """Whether the practice asks this of every patient."""
        return name in self.asked.required

    def find_place(self, postal_code: str, then: Callable[[Place | None], object]) -> None:
        """Where a ZIP code is, told on the screen's thread once it is known."""
        self.desk.jobs.quietly(lambda _: place_of(postal_code), then)


_BELOW = 40  # a row that no field stands in


class Form(QWidget):
    """Named fields whose typed text can be taken out and put back as it is.

    `raw()` is what stands in the widgets, fit for JSON, whether it makes sense or not.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.fields: dict[str, QWidget] = {}
        self.labelled: dict[str, Field] = {}

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
        self.labelled[name] = field
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
        if name in self.labelled:
            self.labelled[name].problem(text)
        return self.fields.get(name)

    def clear_problems(self) -> None:
        for field in self.labelled.values():
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
        widget.put(value)
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
    table = ""  # where such rows are kept

    def __init__(self, context: FormContext, parent: QWidget | None = None):
        super().__init__(parent)
        self.context = context
        self.row_id, self.version = 0, 0
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
        even_columns(self.grid)
        side.addWidget(self.remove_button)
        side.addStretch(1)
        inside.addLayout(side)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(card)
        self.build()
        self._blank = self.raw()

    def build(self) -> None:
        """Make the fields and lay them into the grid of six columns."""

    def reset(self) -> None:
        """As it was made, for another row."""
        self.row_id, self.version = 0, 0
        self.clear_problems()
        self.put(self._blank)

    def draft(self) -> Any:
        """What stands in the row, as the service takes it; a row of no kind says nothing."""
        return None

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
        share_evenly(widget)
        self.grid.addWidget(widget, row, column, 1, span, Qt.AlignmentFlag.AlignTop)

    def _line(self, placeholder: str = "") -> QLineEdit:
        line = QLineEdit()
        line.setPlaceholderText(placeholder)
        return line

    def _date(self) -> DateEdit:
        return DateEdit(self.context.theme, self.context.formats, self.context.today)


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
        *,
        is_required: bool = False,
        is_inner: bool = False,
    ):
        super().__init__(f"{title} *" if is_required else title, parent=parent)
        if is_inner:  # a list among other fields, under their common title
            self.heading.set_kind("strong")
            self.line.hide()
        self._make = make
        self._context = context
        self.forms: list[RowForm] = []
        self._spare: list[RowForm] = []  # to make one takes longer than to fill ten
        self.note = Text("", "problem", wrap=True)  # what is wrong with the list as such
        self.note.hide()
        self._empty = Text(empty, "muted", wrap=True)
        self.body.addWidget(self.note)
        self.body.addWidget(self._empty)
        self.add_button = PlainButton(add_text, self._add_and_go, kind="quiet")
        context.theme.wear(self.add_button, "plus")
        self.header.addWidget(self.add_button)
        self.tabbed_last = (self.add_button,)

    def add_row(self) -> RowForm:
        form = self._row()
        tab_as_laid_out(self)
        return form

    def _row(self) -> RowForm:
        if self._spare:
            form = self._spare.pop(0)
            form.reset()
            form.show()
        else:
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
        self._put_by(form)
        self._empty.setVisible(not self.forms)
        # The focus stays where the hands are: in the row that moved up, else on Add.
        follower = self.forms[min(place, len(self.forms) - 1)] if self.forms else None
        (follower.remove_button if follower else self.add_button).setFocus()
        self.changed.emit()

    def fill(self, drafts: Sequence[Any]) -> None:
        """Show these rows instead of all there are."""
        self._clear()
        for draft in drafts:
            self._row().fill(draft)
        tab_as_laid_out(self)

    def drafts(self) -> tuple[Any, ...]:
        return tuple(form.draft() for form in self.forms)

    def state(self) -> list[dict[str, Any]]:
        return [form.state() for form in self.forms]

    def restore(self, states: Sequence[Mapping[str, Any]]) -> None:
        self._clear()
        for state in states:
            self._row().restore(state)
        tab_as_laid_out(self)

    def problem(self, text: str) -> QWidget:
        """Say what is wrong with the list itself; where to begin putting it right."""
        self.note.setText(text)
        self.note.setVisible(bool(text))
        return self.forms[0].first_field() if self.forms else self.add_button

    def _add_and_go(self) -> None:
        form = self.add_row()
        self.changed.emit()
        form.first_field().setFocus()

    def _clear(self) -> None:
        for form in self.forms:
            self._put_by(form)
        self.forms = []
        self._empty.show()

    def _put_by(self, form: RowForm) -> None:
        """Out of sight until there is a row for it."""
        self.body.removeWidget(form)
        form.hide()
        self._spare.append(form)


def sentence(problem: Problem) -> str:
    """A problem in the room under a field: what is wrong and what to type."""
    return " ".join(part for part in (problem.what, problem.remedy) if part)


def even_columns(grid: QGridLayout, count: int = 6) -> None:
    """Columns of one width with a gap before each, below all fields: in a cell that a wider field
    reaches over they would not count, and Qt leaves out the gaps before columns that only such fields
    reach."""
    for column in range(count):
        grid.setColumnStretch(column, 1)
        strut = QSpacerItem(1, 0, QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        grid.addItem(strut, _BELOW, column)


def share_evenly(widget: QWidget) -> None:
    """Have a field take the room of its columns, not what its longest choice would like."""
    if isinstance(widget, Field):
        policy = widget.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
        widget.setSizePolicy(policy)
