"""A form that opens inside a part of a patient's file, and closes where it stood.

Enter keeps it; Escape closes it and parks what was typed. What cannot be is told at its field, and
what somebody else changed meanwhile in the message bar.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from medsec_desktop.domain.money import Money
from medsec_desktop.problems import Invalid, Problem
from medsec_desktop.ui.patients.forms import Form, sentence
from medsec_desktop.ui.widgets import DateEdit, PlainButton, PrimaryButton, Text
from medsec_desktop.ui.widgets.buttons import press_by_enter

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk


class InPlaceForm(Form):
    """A card in a section. Subclasses say what is typed into it and what keeping it means."""

    draft_kind = ""
    noun = ""  # what is kept, as in “Park the coverage”

    kept = Signal()
    closed = Signal()  # without keeping anything

    def __init__(self, desk: Desk, keep_text: str, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self._patient_id: int | None = None
        self._patient_name = ""
        self._untouched: dict[str, Any] = {}
        self.heading = Text("", "strong", wrap=True)
        self.save_button = PrimaryButton(keep_text, self.save, tip="Enter, or Ctrl+S")
        self.cancel_button = PlainButton("Close", self.leave, kind="quiet", tip="Esc")
        self.remove_button = PlainButton("Remove", self.remove, kind="quiet")
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(12)
        self.grid.setVerticalSpacing(12)
        card = QFrame()
        card.setProperty("kind", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(12, 12, 12, 12)
        inside.setSpacing(12)
        inside.addWidget(self.heading)
        inside.addLayout(self.grid)
        self.below = QVBoxLayout()
        self.below.setSpacing(8)
        inside.addLayout(self.below)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.save_button)
        buttons.addWidget(self.cancel_button)
        buttons.addStretch(1)
        buttons.addWidget(self.remove_button)
        inside.addLayout(buttons)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(card)
        self.build()
        press_by_enter(self)  # Enter on Close or Remove is no way to keep it
        desk.actions.bind("form.save", self.save, owner=self)
        self.hide()

    # -- what each kind of form says ------------------------------------------------------------

    def build(self) -> None:
        """Make the fields and lay them into `grid`."""
        raise TypeError("each form builds its own fields")

    def keep(self, patient_id: int) -> str:
        """Hand what is typed to its service; what to say of it. Raises Problem."""
        raise TypeError("each form keeps its own kind of thing")

    def take_off(self, patient_id: int) -> str:
        """Remove what the form shows; what to say of it. Raises Problem."""
        raise TypeError("this form removes nothing")

    def title(self) -> str:
        """What is being written down, for the strip of parked work."""
        return self.noun.capitalize()

    # -- opening and leaving --------------------------------------------------------------------

    def begin(self, patient_id: int, patient_name: str, draft_id: int | None = None) -> None:
        """Open, filled in as it stands; what is typed from now on is kept safe."""
        self._patient_id, self._patient_name = patient_id, patient_name
        self.clear_problems()
        if draft_id is None:
            self._untouched = self.raw()
        self._desk.drafts.watch(self, close=self._close, draft_id=draft_id)
        self.show()

    def leave(self) -> None:
        """Close; what was typed is parked, not lost."""
        if self.isHidden():
            return
        self._desk.drafts.leave(self)
        self._close()

    def _close(self) -> None:
        self.hide()
        self.closed.emit()

    @property
    def is_open(self) -> bool:
        return not self.isHidden()

    # -- what the draft keeper asks -------------------------------------------------------------

    def draft_title(self) -> str:
        return f"{self.title()} · {self._patient_name}"

    def draft_patient_id(self) -> int | None:
        return self._patient_id

    def draft_state(self) -> dict[str, Any] | None:
        if self.isHidden() or self.raw() == self._untouched:
            return None
        return {"form": self.raw(), "untouched": self._untouched, **self.more_state()}

    def restore_state(self, state: dict[str, Any]) -> None:
        self.restore_more(state)
        self._untouched = dict(state.get("untouched", {}))
        self.put(state["form"])

    def more_state(self) -> dict[str, Any]:
        """What the form must remember beside what stands in its fields, fit for JSON."""
        return {}

    def restore_more(self, state: dict[str, Any]) -> None:
        """Take up again what `more_state` gave."""

    # -- keeping --------------------------------------------------------------------------------

    def save(self) -> None:
        """Keep what the form says; what cannot be is told at its field."""
        patient_id = self._patient_id
        if patient_id is None or self.isHidden():
            return
        self.clear_problems()
        faults = self.own_faults()
        if faults:
            self._complain(faults)
            return
        try:
            said = self.keep(patient_id)
        except Invalid as problem:
            if self.problem(problem.field, sentence(problem)) is None:
                self._desk.messages.problem(problem)
            else:
                self.fields[problem.field].setFocus()
        except Problem as problem:
            self._desk.messages.problem(problem)
        else:
            self._finish(said)

    def remove(self) -> None:
        """Take off what the form shows."""
        if self._patient_id is None:
            return
        try:
            said = self.take_off(self._patient_id)
        except Problem as problem:
            self._desk.messages.problem(problem)
        else:
            self._finish(said)

    def _finish(self, said: str) -> None:
        self._desk.drafts.done(self)
        self.hide()
        self._desk.messages.say(said, undo=True)
        self.kept.emit()

    def _complain(self, faults: dict[str, str]) -> None:
        for name, text in faults.items():
            self.problem(name, text)
        self.fields[next(iter(faults))].setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.save()
        else:
            super().keyPressEvent(event)

    # -- for those who build fields -------------------------------------------------------------

    def _date(self) -> DateEdit:
        office = self._desk.office
        return DateEdit(self._desk.theme, office.formats, office.clock.today)

    def _line(self, placeholder: str = "", longest: int = 200) -> QLineEdit:
        line = QLineEdit()
        line.setPlaceholderText(placeholder)
        line.setMaxLength(longest)
        return line

    def _place(self, widget: QWidget, row: int, column: int, span: int = 1) -> None:
        self.grid.addWidget(widget, row, column, 1, span, Qt.AlignmentFlag.AlignTop)

    def _cents(self, name: str) -> int | None:
        """The amount typed into a field, None for none. Raises Invalid naming the field."""
        typed = self.text(name).strip()
        if not typed:
            return None
        try:
            return Money.parse(typed).cents
        except Invalid as fault:
            raise Invalid(fault.what, fault.why, fault.remedy, field=name) from fault

    def _number(self, name: str, what: str) -> int:
        """The whole number typed into a field. Raises Invalid, saying `what` to type."""
        typed = self.text(name).strip()
        if not (typed.isascii() and typed.isdigit()):
            raise Invalid(what, field=name)
        return int(typed)


def following(focus: Callable[[], object], form: InPlaceForm) -> None:
    """Give the focus back where the form was opened from, however it is closed."""
    form.kept.connect(focus)
    form.closed.connect(focus)
