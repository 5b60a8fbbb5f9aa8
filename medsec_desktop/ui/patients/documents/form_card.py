"""Which form to print for a patient, in which language, on a card in her file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QWidget

from medsec_desktop.domain.letters import LANGUAGES, language_for
from medsec_desktop.services.documents.printed_forms import CHOICES, FormKind
from medsec_desktop.services.documents.records import FormRow
from medsec_desktop.services.patients import PatientFile
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import Choice, Field, PlainButton, PrimaryButton

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk


class FormCard(QFrame):
    """Enter prints; Escape leaves. `left` tells that it was put away."""

    left = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self._file: PatientFile | None = None
        self.setProperty("kind", "card")
        self.kind = Choice([(str(one.kind), one.name) for one in CHOICES])
        self.language = Choice([(key, one.name) for key, one in LANGUAGES.items()])
        self.kind.activated.connect(lambda _: self._say_about())
        self.kind_field = Field("Form", self.kind, hint=CHOICES[0].about)
        self.print_button = PrimaryButton("Print", self.print)
        self.look_button = PlainButton("Make it and look", self.look)
        self.cancel_button = PlainButton("Cancel", self.leave, kind="quiet")
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.print_button, self.look_button, self.cancel_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 12, 12, 12)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(12)
        grid.addWidget(self.kind_field, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(Field("Language", self.language), 0, 1, Qt.AlignmentFlag.AlignTop)
        grid.addLayout(buttons, 1, 0, 1, 2)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)

    def start(self, file: PatientFile) -> None:
        """Offer the forms for this patient, in her language first."""
        self._file = file
        self.language.set_value(language_for(file.language))
        self._say_about()
        self.show()
        self.kind.setFocus()

    def print(self) -> None:
        """Make the form and print it."""
        form = self._made()
        if form is None:
            return
        self.hide()
        title = form.title

        def told(_: FormRow) -> None:
            self._desk.messages.say(
                f"“{title}” is printed. Its barcode files it when it is scanned.", tone="done"
            )

        self._desk.jobs.run(
            "Print a form",
            lambda _: self._desk.office.printed_forms.print(form.id),
            told,
            cancellable=False,
        )
        self.left.emit()

    def look(self) -> None:
        """Make the form and show its pages, from where it can be printed."""
        form = self._made()
        if form is not None and form.printed_document_id is not None:
            self.hide()
            self._desk.messages.say(f"“{form.title}” is made.", undo=True)
            self._desk.go.open_document(form.printed_document_id)

    def leave(self) -> None:
        """Put the card away."""
        self.hide()
        self.left.emit()

    def _made(self) -> FormRow | None:
        file = self._file
        if file is None:
            return None
        kind, language = FormKind(str(self.kind.value())), str(self.language.value())
        return guarded(
            self._desk, lambda: self._desk.office.printed_forms.make(file.id, kind, language)
        )

    def _say_about(self) -> None:
        self.kind_field.hint(CHOICES[self.kind.currentIndex()].about)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.print()
            case Qt.Key.Key_Escape:
                self.leave()
            case _:
                super().keyPressEvent(event)
