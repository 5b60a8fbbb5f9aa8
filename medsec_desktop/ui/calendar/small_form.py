"""A panel with a few fields and one button that saves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from medsec_desktop.problems import Invalid, Problem
from medsec_desktop.ui.widgets import Field
from medsec_desktop.ui.widgets.page import Panel

if TYPE_CHECKING:
    from medsec_desktop.ui.calendar.tab import CalendarTab

T = TypeVar("T")


class SmallForm(Panel):
    """Fields by the names their problems carry; a refusal is said at its field."""

    def __init__(self, tab: CalendarTab):
        super().__init__(tab)
        self.fields: dict[str, Field] = {}

    def add(self, *fields: tuple[str, str, QWidget], stretch: int = 0) -> None:
        """Fields (name, label, editor) beside each other in one row; Enter in a line saves."""
        row = QHBoxLayout()
        row.setSpacing(8)
        top = Qt.AlignmentFlag(0) if stretch else Qt.AlignmentFlag.AlignTop
        for name, label, editor in fields:
            field = self.fields[name] = Field(label, editor)
            row.addWidget(field, 1, top)
            if isinstance(editor, QLineEdit):
                editor.returnPressed.connect(self.save)
                editor.textEdited.connect(lambda _, field=field: field.problem(""))
        self.body.addLayout(row, stretch)

    def clear_problems(self) -> None:
        for field in self.fields.values():
            field.problem("")

    def attempt(self, act: Callable[[], T]) -> T | None:
        """What `act` gives; None where it was refused, which stands at the field or in the bar."""
        self.clear_problems()
        try:
            return act()
        except Invalid as problem:
            field = self.fields.get(problem.field)
            if field is None:
                self.desk.messages.problem(problem)
            else:
                field.problem(" ".join(part for part in (problem.what, problem.remedy) if part))
                field.setFocus()
        except Problem as problem:
            self.desk.messages.problem(problem)
        return None

    def minute_of(self, text: str, field: str) -> int:
        """A typed time in minutes after midnight. Raises Invalid at its field."""
        try:
            at = self.desk.office.formats.parse_time(text)
        except Invalid as problem:
            raise Invalid(problem.what, problem.why, problem.remedy, field=field) from problem
        return at.hour * 60 + at.minute

    def text_of(self, minute: int) -> str:
        """Minutes after midnight as the practice writes a time."""
        moment = datetime.combine(self.tab.day, time()) + timedelta(minutes=minute)
        return self.desk.office.formats.time(moment)

    def showing(self) -> None:
        self.begin()

    def begin(self) -> None:
        """An empty form, where the cursor stands."""

    def save(self) -> None:
        """Keep what is filled in."""

    def edit(self, row: Any) -> None:
        """Change what stands on the calendar."""
