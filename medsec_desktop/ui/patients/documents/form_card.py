"""Which form to print or save for a patient, or blank, in which language, on a card in her file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QWidget

from medsec_desktop.domain.letters import LANGUAGES, language_for
from medsec_desktop.services.documents.form_contents import FormKind
from medsec_desktop.services.documents.printed_forms import CHOICES
from medsec_desktop.services.documents.records import FormRow
from medsec_desktop.services.patients import PatientFile
from medsec_desktop.ui.letters.print_sheet import choose_printer
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import Choice, Field, PlainButton, PrimaryButton

if TYPE_CHECKING:
    from medsec_desktop.services.printing import Way
    from medsec_desktop.ui.desk import Desk


class FormCard(QFrame):
    """Enter shows the pages and prints; Escape leaves. `left` tells that it was put away."""

    left = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self._file: PatientFile | None = None
        self.setProperty("kind", "card")
        self.kind = Choice([(str(one.kind), one.name) for one in CHOICES])
        self.language = Choice([(key, one.name) for key, one in LANGUAGES.items()])
        self.whose = Choice([("patient", "This patient"), ("blank", "Nobody: a blank form")])
        self.whose.activated.connect(lambda _: self._say_about())
        self.kind.activated.connect(lambda _: self._say_about())
        self.kind_field = Field("Form", self.kind, hint=CHOICES[0].about)
        self.print_button = PrimaryButton(
            "Print…", self.print, tip="Look at the pages, then print (Enter)"
        )
        self.look_button = PlainButton("Make it and look", self.look)
        self.save_button = PlainButton("Save to fill in…", self.save)
        self.save_button.setToolTip("A PDF with fields that can be filled in on a screen")
        self.cancel_button = PlainButton("Cancel", self.leave, kind="quiet")
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (
            self.print_button,
            self.look_button,
            self.save_button,
            self.cancel_button,
        ):
            buttons.addWidget(button)
        buttons.addStretch(1)
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 12, 12, 12)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(12)
        grid.addWidget(self.kind_field, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(Field("Language", self.language), 0, 1, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(Field("For", self.whose), 1, 0, 1, 2, Qt.AlignmentFlag.AlignTop)
        grid.addLayout(buttons, 2, 0, 1, 2)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)

    def start(self, file: PatientFile) -> None:
        """Offer the forms for this patient, in her language first."""
        self._file = file
        self.language.set_value(language_for(file.language))
        self.whose.setItemText(0, file.name.listed)
        self.whose.set_value("patient")
        self._say_about()
        self.show()
        self.kind.setFocus()

    @property
    def _is_blank(self) -> bool:
        return self.whose.value() == "blank"

    @property
    def _chosen(self) -> tuple[FormKind, str]:
        return FormKind(str(self.kind.value())), str(self.language.value())

    def print(self) -> None:
        """Show the pages and ask how they print; then make the form and print it, a blank one only print."""
        (kind, language), forms = self._chosen, self._desk.office.printed_forms
        whose = None if self._is_blank or self._file is None else self._file.id
        choose_printer(
            self._desk,
            self._desk.office.printing,
            "documents",
            self._print_blank if self._is_blank else self._print,
            self.window(),
            "documents and forms",
            pages=lambda: forms.preview(kind, language, whose),
        )

    def _print(self, way: Way) -> None:
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
            lambda _: self._desk.office.printed_forms.print(form.id, way),
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

    def save(self) -> None:
        """Save the form as a PDF to be filled in on a screen, under a name that is asked for."""
        kind, _ = self._chosen
        name = next(one.name for one in CHOICES if one.kind is kind)
        self._desk.prompts.save_file("Save to fill in", self._save_as, name=f"{name}.pdf")

    def _save_as(self, path: str) -> None:
        forms = self._desk.office.printed_forms
        kind, language = self._chosen
        if self._is_blank:
            done = guarded(self._desk, lambda: forms.save_blank(kind, language, Path(path)) or True)
        else:
            form = self._made()
            if form is None:
                return
            done = guarded(self._desk, lambda: forms.save_fillable(form.id, Path(path), language))
        if done:
            self._desk.messages.say(f"“{Path(path).name}” is saved.", tone="done")
            self.leave()

    def _print_blank(self, way: Way) -> None:
        kind, language = self._chosen

        def told(printer: str) -> None:
            self._desk.messages.say(f"The blank form went to “{printer}”.", tone="done")

        self._desk.jobs.run(
            "Print a blank form",
            lambda _: self._desk.office.printed_forms.print_blank(kind, language, way),
            told,
            cancellable=False,
        )
        self.leave()

    def leave(self) -> None:
        """Put the card away."""
        self.hide()
        self.left.emit()

    def _made(self) -> FormRow | None:
        file = self._file
        if file is None:
            return None
        kind, language = self._chosen
        return guarded(
            self._desk, lambda: self._desk.office.printed_forms.make(file.id, kind, language)
        )

    def _say_about(self) -> None:
        self.kind_field.hint(CHOICES[self.kind.currentIndex()].about)
        self.look_button.setVisible(not self._is_blank)  # nothing is kept of a blank one

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.print()
            case Qt.Key.Key_Escape:
                self.leave()
            case _:
                super().keyPressEvent(event)
