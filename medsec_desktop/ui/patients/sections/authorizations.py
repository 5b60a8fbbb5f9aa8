"""In a patient's file: what her payer allows, and with a bar how much of it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from medsec_desktop.domain.insurance import FEW_LEFT
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.services.patients import PatientFile
from medsec_desktop.services.patients.authorizations import AuthorizationRow
from medsec_desktop.ui.patients import words
from medsec_desktop.ui.patients.authorization_form import AuthorizationForm
from medsec_desktop.ui.patients.file_section import FileSection, empty
from medsec_desktop.ui.widgets import LinkButton, Text

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk


class AuthorizationsSection(FileSection):
    """Those that run first; what has ended below them, told in grey."""

    help_page = "insurance"

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__("Authorizations", desk, parent)
        self.add_button = LinkButton("Add…", lambda: self.edit(None))
        self.add_button.setAccessibleName("Add an authorization")
        self.header.addWidget(self.add_button)
        self.form = AuthorizationForm(desk)
        self.form.kept.connect(self.add_button.setFocus)
        self.form.closed.connect(self.add_button.setFocus)
        self.body.insertWidget(0, self.form)

    def show_file(self, file: PatientFile) -> None:
        """Show this patient's; a form open for her stays as it is."""
        if self._file is None or self._file.id != file.id:
            self.form.leave()
        super().show_file(file)

    def draw(self, file: PatientFile) -> None:
        may = self._desk.office.session.may(Permission.EDIT_PATIENTS)
        self.add_button.setVisible(may)
        rows = self._desk.office.authorizations.of(file.id)
        empty(self.rows)
        for row in rows:
            self.rows.addWidget(self._shown(row, may))
        self.say("" if rows else "None on file.")

    def leave_forms(self) -> None:
        """Close the form; what was typed is parked."""
        self.form.leave()

    def edit(self, row: AuthorizationRow | None) -> None:
        """Open the form for one of them, or for a new one."""
        if self._file is not None:
            self.form.leave()
            self.form.open_for(self._file.id, self._file.name.listed, row)
            self.form_opened.emit(self.form)

    def resume(self, state: dict[str, Any], draft_id: int | None) -> None:
        """Go on with a parked authorization of the patient in front."""
        if self._file is not None:
            self.form.leave()
            self.form.resume(self._file.id, self._file.name.listed, state, draft_id)
            self.form_opened.emit(self.form)

    # -- inside ---------------------------------------------------------------------------------

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
        used = f"{row.used:,} of {row.amount(row.allowed)} used"
        bar.setAccessibleName(used)
        column.addWidget(bar)
        span = words.period(formats, row.starts_on, row.ends_on)
        elsewhere = f"{row.used_elsewhere} of them elsewhere" if row.used_elsewhere else ""
        about = (used, elsewhere, span, "ended" if ended else "")
        column.addWidget(Text("  ·  ".join(part for part in about if part), "muted", wrap=True))
        more = (row.codes, f"for {row.provider_name}" if row.provider_name else "", row.note)
        if any(more):
            column.addWidget(Text("  ·  ".join(part for part in more if part), "muted", wrap=True))
        if not ended and row.left <= FEW_LEFT:
            left = f"Only {row.amount(row.left)} left."
            used_up = f"All its {row.counts} are used."
            column.addWidget(Text(left if row.left else used_up, "problem"))
        return box
