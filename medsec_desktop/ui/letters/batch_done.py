"""What is done with letters to many once they are written: printed, with labels and a list, or saved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from medsec_desktop.domain.wording import counted
from medsec_desktop.services.letters.batch import BatchMade, BatchRow
from medsec_desktop.ui.widgets import PlainButton, PrimaryButton, Text

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_NAMED = 5  # of those passed over


class DoneCard(QFrame):
    """Tells what was written and offers what comes next; hidden while nothing is."""

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self.desk = desk
        self.made: BatchMade | None = None
        self.setProperty("kind", "card")
        self.text = Text("", "strong", wrap=True)
        self.passed = Text("", "muted", wrap=True)
        self.print_button = PrimaryButton("Print all", self.print, tip="Ctrl+P")
        self.labels_button = PlainButton(
            "Labels, envelopes…",
            lambda: self.desk.actions.trigger("file.post"),
            tip="For everybody on the list (Ctrl+E)",
        )
        self.list_button = PlainButton("List", self.print_list, tip="Print who got one")
        self.more_button = PlainButton("More", self._open_more, tip="Save as PDF, print as a copy")
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.print_button, self.labels_button, self.list_button, self.more_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(self.text)
        column.addWidget(self.passed)
        column.addLayout(buttons)
        self.hide()

    # -- what is told -----------------------------------------------------------------------------

    def forget(self) -> None:
        """Nothing is written yet."""
        self.made = None
        self.hide()

    def tell(self, made: BatchMade) -> None:
        """Letters were written just now."""
        told = [f"{name}: {why}" for name, why in made.passed_over[:_NAMED]]
        if len(made.passed_over) > _NAMED:
            told.append(f"and {len(made.passed_over) - _NAMED:,} more passed over")
        self._show(made, f"{counted(made.letters, 'letter')} written, a copy in each file.", told)

    def tell_earlier(self, row: BatchRow, letters: int) -> None:
        """A batch of another day is in front."""
        out = f", {row.sent:,} of them sent" if row.sent else ""
        said = f"{counted(letters, 'letter')} written by {row.made_by}{out}."
        self._show(BatchMade(row.id, letters, ()), said, [])

    def _show(self, made: BatchMade, said: str, told: list[str]) -> None:
        self.made = made
        self.text.setText(said)
        self.passed.setText("\n".join(told))
        self.passed.setVisible(bool(told))
        self.show()
        self.print_button.setFocus()

    @property
    def written_to(self) -> tuple[int, ...]:
        """Who got one of the letters in front, each once."""
        if self.made is None:
            return ()
        return self.desk.office.batches.written_to(self.made.id)

    # -- what is done -----------------------------------------------------------------------------

    def more_menu(self) -> QMenu:
        """The rarer ways out."""
        menu = QMenu(self)
        ways: list[tuple[str, Callable[[], object]]] = [
            ("Save as one PDF…", self.save),
            ("Save a PDF each…", self.save_each),
        ]
        if self.made is not None and self.desk.office.batches.encloses(self.made.id):
            ways.append(("Print without the enclosures", lambda: self.print(with_enclosures=False)))
        ways.append(("Print those already sent again, marked COPY", lambda: self.print("COPY")))
        for words, act in ways:
            menu.addAction(words).triggered.connect(lambda _=False, act=act: act())
        return menu

    def _open_more(self) -> None:
        menu = self.more_menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.more_button.mapToGlobal(QPoint(0, self.more_button.height() + 4)))

    def print(self, mark: str = "", *, with_enclosures: bool = True) -> None:
        """Print all of them with what goes with each, which sends them.

        Those that left before as they are, or with a mark.
        """
        if self.made is None:
            return
        batch_id, batches = self.made.id, self.desk.office.batches
        self.desk.jobs.run(
            "Print the letters",
            lambda _: batches.print(batch_id, mark=mark, with_enclosures=with_enclosures),
            lambda count: self.desk.messages.say(f"{counted(count, 'letter')} printed."),
            cancellable=False,
        )

    def print_list(self) -> None:
        """Who got a letter, to be ticked off."""
        if self.made is None:
            return
        batch_id, batches = self.made.id, self.desk.office.batches
        self.desk.jobs.run(
            "Print the list",
            lambda _: batches.print_list(batch_id),
            lambda _: self.desk.messages.say("The list is printed."),
            cancellable=False,
        )

    def save(self) -> None:
        """All letters as one PDF file."""
        if self.made is None:
            return
        batch_id, batches = self.made.id, self.desk.office.batches

        def to(path: str) -> None:
            self.desk.jobs.run(
                "Save the letters",
                lambda progress: batches.save(batch_id, Path(path), progress),
                lambda count: self.desk.messages.say(
                    f"{counted(count, 'letter')} saved as one file."
                ),
            )

        self.desk.prompts.save_file(
            "Save the letters", to, name="Letters.pdf", pattern="PDF (*.pdf)"
        )

    def save_each(self) -> None:
        """A PDF file for each letter, into a folder."""
        if self.made is None:
            return
        batch_id, batches = self.made.id, self.desk.office.batches

        def to(folder: str) -> None:
            self.desk.jobs.run(
                "Save the letters",
                lambda progress: batches.save_each(batch_id, Path(folder), progress),
                lambda count: self.desk.messages.say(f"{count:,} files saved."),
            )

        self.desk.prompts.choose_folder("Where to?", to)
