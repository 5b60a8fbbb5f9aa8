"""In a patient's file: what her payer allows, how much of it is used, and a form to write it down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.problems import Conflict, Invalid, Problem
from medsec_desktop.services.patients import PatientFile
from medsec_desktop.services.patients.authorizations import AuthorizationDraft, AuthorizationRow
from medsec_desktop.ui.patients import words
from medsec_desktop.ui.patients.file_section import FileSection
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import (
    Choice,
    DateEdit,
    Field,
    LinkButton,
    PlainButton,
    Text,
)

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

FEW_LEFT = 5  # from so few visits left on it is said


class AuthorizationsSection(FileSection):
    """What a payer allows her, with bars of how much is used."""

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__("Authorizations", desk, parent)
        self._changing: AuthorizationRow | None = None
        self.add_button = LinkButton("Add…", lambda: self.edit(None))
        self.add_button.setAccessibleName("Add an authorization")
        self.header.addWidget(self.add_button)
        self._make_form()
        self.body.addWidget(self.form)

    def show_file(self, file: PatientFile) -> None:
        """Show this patient's; a form open for her stays as it is."""
        if self._file is None or self._file.id != file.id:
            self.form.hide()
        super().show_file(file)

    def draw(self, file: PatientFile) -> None:
        may = self._desk.office.session.may(Permission.EDIT_PATIENTS)
        self.add_button.setVisible(may)
        rows = self._desk.office.authorizations.of(file.id)
        for row in rows:
            self.rows.addWidget(self._shown(row, may))
        if not rows:
            self.rows.addWidget(Text("None on file.", "muted"))

    # -- the form -------------------------------------------------------------------------------

    def edit(self, row: AuthorizationRow | None) -> None:
        """Open the form for one of them, or for a new one."""
        file = self._file
        if file is None:
            return
        self._changing = row
        pairs: list[tuple[object, str]] = [(None, "Not said")]
        pairs += [(one.id, one.payer_name) for one in file.coverages]
        self.coverage.set_pairs(pairs)
        self.coverage.setCurrentIndex(0)
        current = [one.id for one in file.coverages if one.is_current]
        self.coverage.set_value(row.coverage_id if row else next(iter(current), None))
        self.number.setText(row.number if row else "")
        self.allowed.setText(str(row.allowed) if row else "")
        self.first.set_value(row.starts_on if row else None)
        self.last.set_value(row.ends_on if row else None)
        self.note.setText(row.note if row else "")
        self.remove_button.setVisible(row is not None)
        self._clear()
        self.form.show()
        self.number.setFocus()
        self.form_opened.emit(self.form)

    def save(self) -> None:
        """Keep what the form says; what cannot be is told at its field."""
        file = self._file
        if file is None:
            return
        self._clear()
        try:
            draft = self._draft()
            self._desk.office.authorizations.save(file.id, draft)
        except Invalid as problem:
            field = self._fields.get(problem.field, self._fields["number"])
            field.problem(" ".join(part for part in (problem.what, problem.remedy) if part))
            field.editor.setFocus()
        except Conflict as problem:
            self._desk.messages.problem(problem)
            self.form.hide()
        except Problem as problem:
            self._desk.messages.problem(problem)
        else:
            self.form.hide()
            self.add_button.setFocus()
            self._desk.messages.say(f"Authorization {draft.number.strip()} kept.", undo=True)

    def remove(self) -> None:
        """Take the one in the form off the file."""
        file, row = self._file, self._changing
        if file is None or row is None:
            return

        def do() -> bool:
            self._desk.office.authorizations.remove(file.id, row.id)
            return True

        if guarded(self._desk, do):
            self.form.hide()
            self._desk.messages.say(f"Authorization {row.number} removed.", undo=True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.form.isVisible():
            self.form.hide()
            self.add_button.setFocus()
        else:
            super().keyPressEvent(event)

    # -- inside ---------------------------------------------------------------------------------

    def _draft(self) -> AuthorizationDraft:
        for name, edit in (("starts_on", self.first), ("ends_on", self.last)):
            if edit.text().strip() and edit.value() is None:
                raise Invalid(edit.problem() or "Type a date, such as 6/30.", field=name)
        allowed = self.allowed.text().strip()
        if not allowed.isdigit():
            raise Invalid("Type how many visits it allows.", field="visits_allowed")
        coverage, row = self.coverage.value(), self._changing
        return AuthorizationDraft(
            self.number.text(),
            int(allowed),
            self.first.value(),
            self.last.value(),
            None if coverage is None else int(str(coverage)),
            self.note.text(),
            row.id if row else None,
            row.version if row else 0,
        )

    def _clear(self) -> None:
        for field in self._fields.values():
            field.problem("")

    def _shown(self, row: AuthorizationRow, may: bool) -> QWidget:
        formats, today = self._desk.office.formats, self._desk.office.clock.today()
        ended = row.ends_on is not None and row.ends_on < today
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        head = QHBoxLayout()
        head.setSpacing(8)
        name = " – ".join(part for part in (row.number, row.payer_name) if part)
        head.addWidget(Text(name, "muted" if ended else "strong", wrap=True), 1)
        if may:
            change = LinkButton("Change", lambda: self.edit(row))
            change.setAccessibleName(f"Change authorization {row.number}")
            head.addWidget(change)
        column.addLayout(head)
        bar = QProgressBar()
        bar.setRange(0, row.allowed)
        bar.setValue(min(row.used, row.allowed))
        bar.setTextVisible(False)
        bar.setAccessibleName(f"{row.used} of {row.allowed} visits used")
        column.addWidget(bar)
        about = [f"{row.used} of {row.allowed} visits used"]
        span = words.period(formats, row.starts_on, row.ends_on)
        about += [part for part in (span, "ended" if ended else "", row.note) if part]
        column.addWidget(Text("  ·  ".join(about), "muted", wrap=True))
        if not ended and row.left <= FEW_LEFT:
            noun = "visit" if row.left == 1 else "visits"
            left = f"Only {row.left} {noun} left." if row.left else "All its visits are used."
            column.addWidget(Text(left, "problem"))
        return box

    def _make_form(self) -> None:
        desk = self._desk
        formats, today = desk.office.formats, desk.office.clock.today
        self.number, self.allowed, self.note = QLineEdit(), QLineEdit(), QLineEdit()
        self.number.setMaxLength(40)
        self.note.setMaxLength(200)
        self.first = DateEdit(desk.theme, formats, today)
        self.last = DateEdit(desk.theme, formats, today)
        self.coverage = Choice()
        self._fields = {
            "number": Field("Number", self.number, required=True),
            "visits_allowed": Field("Visits allowed", self.allowed, required=True),
            "starts_on": Field("From", self.first),
            "ends_on": Field("Until", self.last),
            "coverage_id": Field("Payer", self.coverage),
            "note": Field("Note", self.note),
        }
        for line in (self.number, self.allowed, self.first, self.last, self.note):
            line.returnPressed.connect(self.save)
        self.save_button = PlainButton("Keep the authorization", self.save)
        self.remove_button = PlainButton("Remove", self.remove, kind="quiet")
        self.form = QFrame()
        self.form.setProperty("kind", "card")
        grid = QGridLayout(self.form)
        grid.setContentsMargins(12, 12, 12, 12)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(12)
        for place, field in enumerate(self._fields.values()):
            grid.addWidget(field, place // 2, place % 2, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.save_button, 3, 0)
        grid.addWidget(self.remove_button, 3, 1, Qt.AlignmentFlag.AlignLeft)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        self.form.hide()
