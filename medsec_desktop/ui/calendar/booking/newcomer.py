"""Who is not on file yet: name, birth date and phone, and a look whether she is after all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from medsec_desktop.domain.patients import PatientDraft, PhoneDraft, parse_birth
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.problems import Invalid, Problem
from medsec_desktop.services.patients import DuplicateHit
from medsec_desktop.ui.calendar.short_link import short_link
from medsec_desktop.ui.patients import words
from medsec_desktop.ui.widgets import Field, IconButton, PlainButton, Text

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_GO_ON = "Go on with the booking"
_LINK_ROOM = 268  # pixels for a name in the warning at normal zoom
_PHONE_DIGITS = 7  # so many in a row of a search are a phone number rather than a date


class NewcomerForm(QWidget):
    """Three lines; Enter goes through them, and the booking goes on. It is what registers her.

    Whoever looks like one on file is shown first: a click books for her instead, Enter once more
    goes on all the same.
    """

    agreed = Signal(
        object
    )  # PatientDraft: her lines are in order, and she is none of those on file
    known = Signal(int)  # she is on file after all
    left = Signal()
    changed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self._warned_of: tuple[int, ...] = ()  # who has been shown and was passed over
        self.name_line = QLineEdit()
        self.name_line.setMaxLength(120)
        self.name_line.setPlaceholderText("Ada Testperson, or Testperson, Ada")
        self.birth_line = QLineEdit()
        self.phone_line = QLineEdit()
        self.phone_line.setPlaceholderText("Number to call back")
        self.name_field = Field("Name", self.name_line)
        self.birth_field = Field("Birth date", self.birth_line)
        self.phone_field = Field("Phone", self.phone_line)
        self.go_on_button = PlainButton(_GO_ON, self.agree)
        self.close_button = IconButton(
            desk.theme, "x", "Back to the search", self.left.emit, key="Esc"
        )
        self.warning = QFrame()
        self.warning.setProperty("tone", "warning")
        self._alike = QVBoxLayout(self.warning)
        self._alike.setContentsMargins(12, 8, 12, 8)
        self._alike.setSpacing(4)
        self.warning.hide()
        head = QHBoxLayout()
        head.addWidget(Text("New patient", "strong"), 1)
        head.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        for field in (self.name_field, self.birth_field, self.phone_field):
            column.addWidget(field)
        column.addWidget(self.warning)
        column.addWidget(self.go_on_button)
        self.name_line.returnPressed.connect(lambda: self._go_on(self.birth_line))
        self.birth_line.returnPressed.connect(lambda: self._go_on(self.phone_line))
        self.phone_line.returnPressed.connect(self.agree)
        for field in (self.name_field, self.birth_field, self.phone_field):
            field.editor.textEdited.connect(lambda _, field=field: self._typed(field))
            field.editor.editingFinished.connect(self._look)
        self.birth_line.editingFinished.connect(self._check_birth)
        self.setFocusProxy(self.name_line)

    def start(self, text: str = "") -> None:
        """Empty lines, with what was searched for put where it belongs."""
        self.restore({"name": "", "birth": "", "phone": ""})
        formats, today = self._desk.office.formats, self._desk.office.clock.today()
        self.birth_line.setPlaceholderText(formats.date_pattern)
        line = self.name_line
        if sum(one.isdigit() for one in text) >= _PHONE_DIGITS and not _is_birth(text):
            line = self.phone_line
        elif any(one.isdigit() for one in text):
            try:
                parse_birth(text, formats, today)
                line = self.birth_line
            except Invalid:
                line = self.name_line
        line.setText(text.strip())
        self.name_line.setFocus()
        self.name_line.setCursorPosition(len(self.name_line.text()))

    @property
    def is_empty(self) -> bool:
        return not any(self.state().values())

    def state(self) -> dict[str, str]:
        """What is typed, for a booking that is parked."""
        return {
            "name": self.name_line.text(),
            "birth": self.birth_line.text(),
            "phone": self.phone_line.text(),
        }

    def restore(self, state: dict[str, str]) -> None:
        """Put back what `state` found."""
        self.name_line.setText(state["name"])
        self.birth_line.setText(state["birth"])
        self.phone_line.setText(state["phone"])
        self._warned_of = ()
        self._clear_problems()
        self._show_alike(())

    def agree(self) -> bool:
        """Take her as she is written; False where something is still in the way."""
        self._clear_problems()
        patients = self._desk.office.patients
        try:
            draft = self._draft()
            faults = patients.check(draft)
            if faults:
                raise faults[0]
        except Invalid as problem:
            self._show_problem(problem)
            self._field_of(problem).editor.setFocus()
            return False
        alike = patients.possible_duplicates(draft)
        ids = tuple(found.hit.id for found in alike)
        if alike and ids != self._warned_of:
            self._warned_of = ids
            self._show_alike(alike)
            self.go_on_button.setFocus()
            return False
        self.agreed.emit(draft)
        return True

    # -- inside ---------------------------------------------------------------------------------

    def _draft(self) -> PatientDraft:
        office = self._desk.office
        office.session.require(Permission.EDIT_PATIENTS, "register a patient")
        family, given = _split(self.name_line.text())
        if not family:
            raise Invalid("Type the name.", field="family")
        birth = parse_birth(self.birth_line.text(), office.formats, office.clock.today())
        number = self.phone_line.text().strip()
        phones = (PhoneDraft(number),) if number else ()
        return PatientDraft(family, given, birth=birth, phones=phones)

    def _show_problem(self, problem: Invalid) -> None:
        words = " ".join(part for part in (problem.what, problem.remedy) if part)
        self._field_of(problem).problem(words)

    def _field_of(self, problem: Invalid) -> Field:
        fields = {"family": self.name_field, "birth": self.birth_field}
        is_phone = problem.field.startswith("phones")
        return self.phone_field if is_phone else fields.get(problem.field, self.name_field)

    def _clear_problems(self) -> None:
        for field in (self.name_field, self.birth_field, self.phone_field):
            field.problem("")

    def _go_on(self, line: QLineEdit) -> None:
        line.setFocus()
        line.selectAll()

    def _typed(self, field: Field) -> None:
        field.problem("")
        self._warned_of = ()
        self.go_on_button.setText(_GO_ON)
        self.changed.emit()

    def _check_birth(self) -> None:
        """A date that cannot be is told on leaving it, while the caller is being asked."""
        office, text = self._desk.office, self.birth_line.text()
        try:
            parse_birth(text, office.formats, office.clock.today())
        except Invalid as problem:
            self._show_problem(problem)

    def _look(self) -> None:
        """Between the lines: show who is alike as soon as there is enough to tell."""
        if not (self.birth_line.text().strip() or self.phone_line.text().strip()):
            return
        try:
            draft = self._draft()
            alike = self._desk.office.patients.possible_duplicates(draft)
        except Problem:
            return  # half typed; going on says what is wrong
        if tuple(found.hit.id for found in alike) != self._warned_of:
            self._show_alike(alike)

    def _show_alike(self, alike: tuple[DuplicateHit, ...]) -> None:
        while (item := self._alike.takeAt(0)) is not None:
            part = item.widget()
            if part is not None:
                part.hide()
                part.deleteLater()
        self.warning.setVisible(bool(alike))
        warned = bool(alike) and tuple(found.hit.id for found in alike) == self._warned_of
        self.go_on_button.setText("A new patient all the same" if warned else _GO_ON)
        self.go_on_button.setAccessibleName(self.go_on_button.text())
        if not alike:
            return
        formats = self._desk.office.formats
        self._alike.addWidget(Text("Already on file?", "strong"))
        for found in alike[:3]:
            hit = found.hit
            link = short_link(
                self._desk.theme,
                hit.name.listed,
                lambda hit=hit: self.known.emit(hit.id),
                _LINK_ROOM,
            )
            reasons = words.likeness(found.reasons)
            numbers = (formats.birth(hit.birth), formats.phone(hit.phone))
            about = " · ".join(number for number in numbers if number)
            link.setAccessibleName(f"Book for {hit.name.listed}, {about}: {reasons}")
            self._alike.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
            self._alike.addWidget(Text(about, "small", wrap=True))
            self._alike.addWidget(Text(reasons, "small", wrap=True))
        self.warning.setAccessibleName("Already on file?")


def _split(text: str) -> tuple[str, str]:
    """Family and given name of “Testperson, Ada” or “Ada Testperson”."""
    words = " ".join(text.split())
    if "," in words:
        family, _, given = words.partition(",")
        return family.strip(), given.strip()
    given, _, family = words.rpartition(" ")
    return family, given


def _is_birth(text: str) -> bool:
    """Whether digits stand as in a date: 3/14/1984, not as in a number one dials."""
    return text.count("/") == 2 or text.count(".") == 2
