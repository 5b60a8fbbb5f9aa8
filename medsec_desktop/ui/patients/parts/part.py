"""What every part of a file has in common as a form: out of a draft, back into one, kept as typed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from medsec_desktop.domain.patients import PatientDraft
from medsec_desktop.services.patients.drafting import CHILDREN
from medsec_desktop.ui.patients.forms import (
    Form,
    FormContext,
    RowForm,
    RowsEditor,
    even_columns,
    share_evenly,
)
from medsec_desktop.ui.widgets import DateEdit

Placer = Callable[..., None]
# Columns of a patient's own row that a form calls otherwise.
_COLUMNS = {
    "family": "family_name", "given": "given_name", "middle": "middle_name",
    "prefix": "name_prefix", "suffix": "name_suffix", "preferred": "preferred_name",
    "former": "former_name", "birth": "birth_date",
}  # fmt: skip


class DraftPart(Form):
    """A form over the fields `names` of a `PatientDraft`: lines, and lists of rows.

    Built on a grid of six columns, so that it stands in a narrow column as well as on a page.
    """

    title = ""
    names: tuple[str, ...] = ()

    def __init__(self, context: FormContext, parent: QWidget | None = None):
        super().__init__(parent)
        self.context = context
        self.rows: dict[str, RowsEditor] = {}
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(12)
        self.build()

    def build(self) -> None:
        """Make the fields and lay them out."""

    def values(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """What stands in the fields, as the draft holds it. Raises Invalid."""
        return {name: raw[name] for name in self.names if name in raw}

    def shown(self, draft: PatientDraft) -> dict[str, Any]:
        """What the draft holds, as it stands in the fields."""
        return {name: getattr(draft, name) for name in self.fields if name in self.names}

    # -- in and out ---------------------------------------------------------------------------

    def fill(self, draft: PatientDraft) -> None:
        """Show what is on file."""
        self.put(self.shown(draft))
        for name, rows in self.rows.items():
            rows.fill(getattr(draft, name))

    def typed(self, draft: PatientDraft) -> tuple[PatientDraft, dict[str, str]]:
        """The draft with this part as typed, and what in it is not even a date or an amount."""
        faults = dict(self.own_faults())
        for name, rows in self.rows.items():
            for place, form in enumerate(rows.forms):
                for field, text in form.own_faults().items():
                    faults[f"{name}.{place}.{field}"] = text
        values = self.values(self.raw())
        for name, widget in self.fields.items():
            if isinstance(widget, DateEdit) and name in self.names:
                values[name] = widget.value()
        rows_typed = {name: rows.drafts() for name, rows in self.rows.items()}
        return replace(draft, **values, **rows_typed), faults

    def state(self) -> dict[str, Any]:
        """Everything as typed, fit for JSON."""
        return {
            "texts": self.raw(),
            "rows": {name: rows.state() for name, rows in self.rows.items()},
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Put back what `state` gave."""
        self.put(state.get("texts", {}))
        for name, rows in self.rows.items():
            rows.restore(state.get("rows", {}).get(name, ()))

    def go_over(self, now: PatientDraft, known: Collection[tuple[str, int]]) -> None:
        """Have what is typed written over what is on file now; rows not `known` stay beside it."""
        for name, rows in self.rows.items():
            theirs = {row.id: row for row in getattr(now, name)}
            for form in rows.forms:
                if form.row_id in theirs:
                    form.version = theirs[form.row_id].version
                else:
                    form.row_id = form.version = 0
            for row in theirs.values():
                if (CHILDREN[name], row.id) not in known:
                    rows.add_row().fill(row)

    # -- what is wrong, and where the hands are ------------------------------------------------

    def mark(self, field: str, text: str) -> QWidget | None:
        """Say what is wrong next to `family` or `phones.1.number`; the widget, None if not here."""
        name, _, rest = field.partition(".")
        if name in self.rows:
            rows = self.rows[name]
            place, _, inner = rest.partition(".")
            if place.isdigit() and int(place) < len(rows.forms):
                return rows.forms[int(place)].problem(inner, text)
            return rows.problem(text)
        return self.problem(field, text)

    def clear_problems(self) -> None:
        super().clear_problems()
        for rows in self.rows.values():
            rows.problem("")
            for form in rows.forms:
                form.clear_problems()

    def focus_on(self, field: str = "") -> None:
        """Put the cursor into a field (`phones.0.number`), else into the first one."""
        name, _, rest = field.partition(".")
        widget: QWidget | None = self.fields.get(field)
        if name in self.rows:
            place, _, inner = rest.partition(".")
            forms = self.rows[name].forms
            if place.isdigit() and int(place) < len(forms):
                form = forms[int(place)]
                widget = form.fields.get(inner, form.first_field())
            else:
                widget = self.rows[name].add_button
        widget = widget or self._first()
        if widget is not None:
            widget.setFocus()
            if isinstance(widget, QLineEdit):
                widget.selectAll()

    def key_of(self, widget: QWidget | None) -> tuple[tuple[str, int, str], ...]:
        """Where what stands in a field is kept: (table, row, column), row 0 for her own."""
        for name, known in self.fields.items():
            if known is widget:
                return (("patient", 0, _COLUMNS.get(name, name)),)
        for rows in self.rows.values():
            for form in rows.forms:
                for name, known in form.fields.items():
                    if known is widget and form.row_id:
                        return ((form.table, form.row_id, name),)
        return ()

    def widgets(self) -> list[QWidget]:
        """Every field, those of the rows too."""
        inner = [form for rows in self.rows.values() for form in rows.forms]
        return [widget for form in (self, *inner) for widget in form.fields.values()]

    def _first(self) -> QWidget | None:
        if self.fields:
            return next(iter(self.fields.values()))
        for rows in self.rows.values():
            return rows.forms[0].first_field() if rows.forms else rows.add_button
        return None

    # -- for the parts ------------------------------------------------------------------------

    def grid(self, into: QBoxLayout | None = None) -> Placer:
        """A grid of six columns at the foot of the part; a function that puts fields into it."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(12)
        even_columns(grid)
        (into or self.column).addLayout(grid)

        def place(widget: QWidget, row: int, column: int, span: int = 1) -> None:
            share_evenly(widget)
            grid.addWidget(widget, row, column, 1, span, Qt.AlignmentFlag.AlignTop)

        return place

    def list_of(
        self, name: str, title: str, add: str, make: Callable[[FormContext], RowForm], empty: str
    ) -> RowsEditor:
        """A list of rows at the foot of the part."""
        rows = RowsEditor(
            title, add, make, self.context, empty,
            is_required=self.context.requires(name), is_inner=bool(self.title),
        )  # fmt: skip
        rows.changed.connect(self.changed)
        self.rows[name] = rows
        self.column.addWidget(rows)
        return rows

    def field(self, name: str, label: str, widget: QWidget, *, hint: str = "") -> QWidget:
        """A field of this part, marked where the practice asks for it."""
        return self.add(name, label, widget, hint=hint, required=self.context.requires(name))
