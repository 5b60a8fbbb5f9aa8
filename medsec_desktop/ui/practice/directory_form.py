"""One entry of the directory as a form; what its kind does not have is not shown."""

from __future__ import annotations

from dataclasses import asdict, fields, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from medsec_desktop.problems import Problem
from medsec_desktop.services.directory import KINDS, ORGANIZATION_KINDS, EntryDraft
from medsec_desktop.ui.practice.editors import complain
from medsec_desktop.ui.widgets import Choice, Field

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_ALL = ("physician", "organization", "payer")
# Name, label, which kinds have it, row, column, how many of six columns wide.
_LINES: tuple[tuple[str, str, tuple[str, ...], int, int, int], ...] = (
    ("family_name", "Last name", ("physician",), 0, 0, 3),
    ("given_name", "First name", ("physician",), 0, 3, 3),
    ("credential", "Credential", ("physician",), 1, 0, 1),
    ("specialty", "Specialty", ("physician",), 1, 1, 2),
    ("name", "Name", ("organization", "payer"), 0, 0, 4),
    ("payer_number", "Payer number", ("payer",), 0, 4, 2),
    ("phone", "Phone", _ALL, 2, 0, 2),
    ("fax", "Fax", _ALL, 2, 2, 2),
    ("email", "E-mail", _ALL, 2, 4, 2),
    ("line1", "Street", _ALL, 3, 0, 4),
    ("line2", "Suite, P.O. box", _ALL, 3, 4, 2),
    ("city", "City", _ALL, 4, 0, 3),
    ("state", "State", _ALL, 4, 3, 1),
    ("postal_code", "ZIP code", _ALL, 4, 4, 2),
    ("npi", "NPI", ("physician", "organization"), 5, 0, 2),
    ("taxonomy", "Taxonomy code", ("physician",), 5, 2, 2),
    ("portal", "Portal", _ALL, 6, 0, 6),
)


class DirectoryForm(QWidget):
    """What is typed is kept as a draft until it is saved; `saved` gives the kind and the number."""

    saved = Signal(str, int)
    draft_kind = "directory"

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self.read = EntryDraft()
        self.fields: dict[str, Field] = {}
        self.lines: dict[str, QLineEdit] = {}
        self._kinds: dict[str, tuple[str, ...]] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(12)

        def add(name: str, label: str, editor: QWidget, kinds: tuple[str, ...], *at: int) -> None:
            field = Field(label, editor, required=name in ("family_name", "name"))
            self.fields[name], self._kinds[name] = field, kinds
            row, column, span = at
            grid.addWidget(field, row, column, 1, span, Qt.AlignmentFlag.AlignTop)

        self.kind = Choice(list(KINDS.items()))
        self.kind.activated.connect(lambda _: self._turn(str(self.kind.value())))
        self.kind_field = Field("Kind", self.kind)
        for name, label, kinds, row, column, span in _LINES:
            line = QLineEdit()
            line.textEdited.connect(lambda _, name=name: self.fields[name].problem(""))
            self.lines[name] = line
            add(name, label, line, kinds, row, column, span)
        self.sort = Choice(list(ORGANIZATION_KINDS.items()))
        add("organization_kind", "Sort", self.sort, ("organization",), 0, 4, 2)
        self.organization = Choice([(None, "None")])
        add("organization_id", "Belongs to", self.organization, ("physician",), 1, 3, 3)
        self.note = QPlainTextEdit()
        self.note.setTabChangesFocus(True)
        self.note.setFixedHeight(desk.theme.px(64))
        add("note", "Note", self.note, _ALL, 7, 0, 6)
        for column in range(6):
            grid.setColumnStretch(column, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(12)
        whole.addWidget(self.kind_field)
        whole.addLayout(grid)
        whole.addStretch(1)

    # -- what it shows and what it holds -------------------------------------------------------

    def show_entry(self, draft: EntryDraft, *, is_ours: bool = False) -> None:
        """Show an entry to change, or an empty one of its kind; who works here only to be read."""
        self._desk.drafts.leave(self)
        self._take(draft)
        self.read = draft
        self.setEnabled(not is_ours)
        self._desk.drafts.watch(self, close=self._parked)

    def _take(self, draft: EntryDraft) -> None:
        pairs: list[tuple[object, str]] = [
            (None, "None"),
            *self._desk.office.directory.organizations(),
        ]
        self.organization.set_pairs(pairs)
        for name, line in self.lines.items():
            line.setText(getattr(draft, name))
        self.sort.set_value(draft.organization_kind)
        self.organization.set_value(draft.organization_id)
        self.note.setPlainText(draft.note)
        self.kind.set_value(draft.kind)
        self.kind_field.setVisible(not draft.id)
        self._turn(draft.kind)

    def _turn(self, kind: str) -> None:
        """Show what this kind of entry has."""
        self._kind = kind
        for name, field in self.fields.items():
            field.setVisible(kind in self._kinds[name])
            field.problem("")

    def draft(self) -> EntryDraft:
        """What the form says now."""
        values: dict[str, Any] = {name: line.text() for name, line in self.lines.items()}
        organization = self.organization.value()
        return EntryDraft(
            kind=self._kind,
            organization_kind=str(self.sort.value()),
            organization_id=int(str(organization)) if organization is not None else None,
            note=self.note.toPlainText(),
            id=self.read.id,
            version=self.read.version,
            **values,
        )

    @property
    def is_changed(self) -> bool:
        """Whether something typed is not kept yet."""
        now = self.draft()
        return replace(now, kind=self.read.kind) != self.read

    def begin(self) -> None:
        """Put the cursor where one begins to type."""
        first = "family_name" if self._kind == "physician" else "name"
        self.lines[first].setFocus()
        self.lines[first].selectAll()

    def save(self) -> bool:
        """Keep it; what cannot be is told at its field. Whether it is kept."""
        draft = self.draft()
        try:
            entry_id = self._desk.office.directory.save(draft)
        except Problem as problem:
            if not complain(self.fields, problem):
                self._desk.messages.problem(problem)
            return False
        self._desk.drafts.done(self)
        self.read = draft
        said = "changed" if draft.id else "added"
        self._desk.messages.say(f"{draft.called}: {said}.", undo=True)
        self.saved.emit(draft.kind, entry_id)
        return True

    # -- parked work ---------------------------------------------------------------------------

    def draft_title(self) -> str:
        return f"Directory: {self.draft().called or KINDS[self._kind].lower()}"

    def draft_state(self) -> dict[str, Any] | None:
        return {"now": asdict(self.draft()), "read": asdict(self.read)} if self.is_changed else None

    def restore_state(self, state: dict[str, Any]) -> None:
        self._take(_entry(state["now"]))
        self.read = _entry(state["read"])

    def resume(self, state: dict[str, Any], draft_id: int) -> None:
        """Go on with what was parked."""
        self._desk.drafts.leave(self)
        self.setEnabled(True)
        self.restore_state(state)
        self._desk.drafts.watch(self, close=self._parked, draft_id=draft_id)

    def _parked(self) -> None:
        self._take(self.read)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.note.hasFocus():
            self.save()
        else:
            super().keyPressEvent(event)


def _entry(values: dict[str, Any]) -> EntryDraft:
    known = {field.name for field in fields(EntryDraft)}
    return EntryDraft(**{name: value for name, value in values.items() if name in known})
