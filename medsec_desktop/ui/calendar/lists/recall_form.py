"""What somebody should come back for, when and with whom: the fields of one recall."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from medsec_desktop.domain.calendar import provider_called
from medsec_desktop.domain.calendar.recalls import due_after, interval_said
from medsec_desktop.problems import Invalid, Problem
from medsec_desktop.services.calendar.recalls import RecallDraft, RecallRow
from medsec_desktop.ui.widgets import Choice, DateEdit, Field, PlainButton, PrimaryButton

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk


class RecallForm(QWidget):
    """Adds a recall, or changes one; the due date follows the kind until it is typed."""

    saved = Signal(int)
    left = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self._patient_id: int | None = None
        self._editing: RecallRow | None = None
        self._counted_from: date | None = None
        self._due_typed = False
        self.kind = Choice()
        self.due = DateEdit(desk.theme, desk.office.formats, desk.office.clock.today)
        self.due.setPlaceholderText("+12m, 3/14")
        self.provider = Choice()
        self.note = QLineEdit()
        self.note.setMaxLength(300)
        self.kind_field = Field("Should come back for", self.kind)
        self.due_field = Field("Due", self.due)
        self.provider_field = Field("With", self.provider)
        self.note_field = Field("Note", self.note)
        self.save_button = PrimaryButton("Recall", self.save, tip="Enter, or Ctrl+S")
        self.back_button = PlainButton("Back", self.left.emit, tip="Esc")
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.save_button, 1)
        foot.addWidget(self.back_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for field in (self.kind_field, self.due_field, self.provider_field, self.note_field):
            column.addWidget(field)
        column.addLayout(foot)
        self.setFocusProxy(self.kind)
        self.kind.currentIndexChanged.connect(lambda _: self._count())
        self.due.textEdited.connect(lambda _: self._typed())
        for line in (self.due, self.note):
            line.returnPressed.connect(self.save)
        desk.actions.bind("form.save", self.save, owner=self)

    def start(
        self,
        patient_id: int,
        counted_from: date | None = None,
        provider_id: int | None = None,
    ) -> None:
        """A new recall of a patient, due so long after a visit or today."""
        self._begin(patient_id, None)
        self._counted_from = counted_from or self._desk.office.clock.today()
        self.provider.set_value(provider_id)
        self._count()

    def edit(self, row: RecallRow) -> None:
        """Change a recall that stands."""
        self._begin(row.patient_id, row)
        self._due_typed = True
        if self.kind.findData(row.type.id) < 0:  # a kind no longer offered
            self.kind.addItem(row.type.name, row.type.id)
        self.kind.set_value(row.type.id)
        self.due.set_value(row.due_on)
        self.provider.set_value(row.provider_id)
        self.note.setText(row.note)

    @property
    def is_editing(self) -> bool:
        return self._editing is not None

    def save(self) -> None:
        """Keep the recall; what is wrong is said at its field."""
        recalls = self._desk.office.recalls
        for field in (self.kind_field, self.due_field):
            field.problem("")
        try:
            draft = self._draft()
            if self._editing is None:
                recall_id = recalls.add(draft, initiator=self)
            else:
                recall_id = draft.id
                recalls.amend(draft, initiator=self)
        except Invalid as problem:
            field = self.due_field if problem.field == "due_on" else self.kind_field
            field.problem(" ".join(part for part in (problem.what, problem.remedy) if part))
            field.editor.setFocus()
        except Problem as problem:
            self._desk.messages.problem(problem)
        else:
            row = recalls.recall(recall_id)
            when = self._desk.office.formats.long_date(row.due_on)
            verb = "Changed" if self.is_editing else "Recall"
            self._desk.messages.say(
                f"{verb}: {row.patient_name}, {row.type.name}, {when}.", undo=True
            )
            self.saved.emit(recall_id)

    # -- inside -----------------------------------------------------------------------------------

    def _begin(self, patient_id: int, row: RecallRow | None) -> None:
        office = self._desk.office
        self._patient_id, self._editing = patient_id, row
        self._due_typed = False
        self.save_button.setText("Save" if row else "Recall")
        self.kind.set_pairs(
            (kind.id, f"{kind.name} · {interval_said(kind.interval_months)}")
            for kind in office.recalls.types(active_only=True)
        )
        people: list[tuple[object, str]] = [(None, "Anybody")]
        for provider in office.practice.providers(bookable_only=True):
            called = provider_called(provider.family_name, provider.given_name, provider.credential)
            people.append((provider.id, called))
        self.provider.set_pairs(people)
        self.provider.setCurrentIndex(0)
        self.note.clear()
        for field in (self.kind_field, self.due_field):
            field.problem("")

    def _typed(self) -> None:
        self._due_typed = bool(self.due.text())

    def _count(self) -> None:
        """The due date a kind of recall comes to, unless another was typed."""
        if self._due_typed or self._counted_from is None:
            return
        for kind in self._desk.office.recalls.types():
            if kind.id == self.kind.value():
                self.due.set_value(due_after(self._counted_from, kind.interval_months))

    def _draft(self) -> RecallDraft:
        due_on, kind, provider = self.due.value(), self.kind.value(), self.provider.value()
        if not isinstance(kind, int):
            raise Invalid("Choose what the patient should come back for.", field="recall_type_id")
        if due_on is None:
            raise Invalid(self.due.problem() or "Say when, such as “+12m”.", field="due_on")
        assert self._patient_id is not None
        before = self._editing
        return RecallDraft(
            self._patient_id,
            kind,
            due_on,
            provider if isinstance(provider, int) else None,
            self.note.text(),
            before.id if before else 0,
            before.version if before else 0,
        )
