"""The Letters tab with nothing being written: the archive, or the letters on their way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.wording import counted
from medsec_desktop.services.letters import LetterRow
from medsec_desktop.services.letters.line import LineRow
from medsec_desktop.ui.letters.archive import Archive
from medsec_desktop.ui.letters.board import LineBoard
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import ElidedLabel, Hairline, PlainButton
from medsec_desktop.ui.widgets.buttons import TabButton

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk
    from medsec_desktop.ui.letters.templates.library_page import LibraryPage


class LetterHome(QWidget):
    """Three pages and the way from one to the other; `dictate_wanted` and `batch_wanted` ask for more.

    `template_wanted` carries the template to be changed.
    """

    dictate_wanted = Signal()
    template_wanted = Signal(object)
    batch_wanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self.desk = desk
        self.archive = Archive(desk)
        self.board = LineBoard(desk)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.archive)
        self.pages.addWidget(self.board)
        self.archive_button = TabButton("Archive", self.show_archive)
        self.board_button = TabButton("On their way", self.show_board)
        self.library: LibraryPage | None = None
        self.templates_button = TabButton("Templates", self.show_templates)
        group = QButtonGroup(self)
        for button in (self.archive_button, self.board_button, self.templates_button):
            group.addButton(button)
        self.archive_button.setChecked(True)
        self.figures = ElidedLabel("", "muted")
        self.dictate_button = PlainButton(
            "Dictate…", self.dictate_wanted.emit, tip="Put a letter on the line (Ctrl+Shift+I)"
        )
        self.batch_button = PlainButton(
            "Letters to many…", self.batch_wanted.emit, tip="One letter to a list (Ctrl+Shift+5)"
        )
        head = QFrame()
        head.setObjectName("segments")
        bar = QHBoxLayout(head)
        bar.setContentsMargins(20, 8, 24, 8)
        bar.setSpacing(8)
        bar.addWidget(self.archive_button)
        bar.addWidget(self.board_button)
        bar.addWidget(self.templates_button)
        bar.addSpacing(8)
        bar.addWidget(self.figures, 1)
        bar.addWidget(self.batch_button)
        bar.addWidget(self.dictate_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(head)
        whole.addWidget(Hairline())
        whole.addWidget(self.pages, 1)
        self._may_write()

    @property
    def is_board(self) -> bool:
        return self.pages.currentWidget() is self.board

    @property
    def foot_height(self) -> int:
        """How much of the foot tells of the letter selected on the board, or is the library's bar."""
        if self.library is not None and self.pages.currentWidget() is self.library:
            return self.library.foot_height
        return self.board.strip.height() if self.is_board and self.board.strip.isVisible() else 0

    @property
    def patient_at_hand(self) -> int | None:
        """Whom the letter selected is about."""
        if self.is_board:
            rows = self.board.selected
            return rows[0].patient_id if rows and not rows[0].is_many else None
        return self.archive.row.patient_id if self.archive.row is not None else None

    @property
    def letter_at_hand(self) -> LetterRow | None:
        """The letter in front whose pages stand."""
        if not self.is_board:
            return self.archive.row
        rows = self.board.selected
        if len(rows) != 1 or rows[0].is_many or rows[0].status.is_on_the_line:
            return None
        return guarded(self.desk, lambda: self.desk.office.letters.letter(rows[0].id))

    def take_focus(self) -> None:
        if self.is_board:
            self.board.take_focus()
        elif self.library is not None and self.pages.currentWidget() is self.library:
            self.library.take_focus()
        else:
            self.archive.take_focus()

    def show_archive(self) -> None:
        self.archive_button.setChecked(True)
        self.pages.setCurrentWidget(self.archive)
        self.figures.setText("")
        self.archive.take_focus()

    def show_board(self, letter_id: int | None = None) -> None:
        """The letters on their way, one of them selected."""
        self.board_button.setChecked(True)
        self.pages.setCurrentWidget(self.board)
        self.board.reload()
        self.figures.setText(self.board.turnaround())
        if letter_id is not None:
            self.board.select(letter_id)
        else:
            self.board.take_focus()

    def show_templates(self) -> None:
        """The templates that letters begin with; their page is made when it is first looked at."""
        from medsec_desktop.ui.letters.templates.library_page import LibraryPage

        if self.library is None:
            self.library = LibraryPage(self.desk)
            self.library.edit_wanted.connect(self.template_wanted)
            self.library.left.connect(self.show_archive)
            self.pages.addWidget(self.library)
        self.templates_button.setChecked(True)
        self.pages.setCurrentWidget(self.library)
        self.figures.setText("")
        self.library.take_focus()

    def reload(self) -> None:
        """Read what is shown anew."""
        self._may_write()
        self.archive.reload()
        if self.is_board:
            self.board.reload()

    def _may_write(self) -> None:
        may = self.desk.office.session.may(Permission.WRITE_LETTERS)
        self.dictate_button.setVisible(may)
        self.batch_button.setVisible(may)

    def print_rows(self, rows: Sequence[LineRow]) -> None:
        """Print what is ready to go, which sends it; of a letter not signed yet a sheet to be signed."""
        office = self.desk.office
        ids = [row.id for row in rows if not row.is_many]
        of_batches = [letter_id for row in rows if row.is_many for letter_id in row.ids]
        if rows[0].status.is_on_the_line:

            def printed(count: int) -> None:
                what = counted(count, "letter")
                self.desk.messages.say(f"{what} printed to be signed.")

            self.desk.jobs.run(
                "Print to be signed",
                lambda _: office.letter_line.print_to_sign(ids),
                printed,
                cancellable=False,
            )
            return

        def work(_: object) -> int:
            if ids:
                office.letters.print_many(ids)
            if of_batches:
                office.letters.print_many(of_batches, with_enclosures=True)
            return len(ids) + len(of_batches)

        self.desk.jobs.run(
            "Print letters",
            work,
            lambda count: self.desk.messages.say(f"{counted(count, 'letter')} printed."),
            cancellable=False,
        )

    def replace_selected(self) -> None:
        """Ask why the letter shown in the archive is replaced."""
        row = self.archive.row
        if row is None:
            return

        def ask(reason: str) -> None:
            draft = guarded(self.desk, lambda: self.desk.office.letters.replacement(row.id, reason))
            if draft is not None:
                self.archive.replacement_wanted.emit(draft)

        self.desk.prompts.ask_text(
            "Replace this letter",
            "Reason",
            ask,
            text="A new one begins with its words. When that is filed, this one is void.",
            button="Write the new one",
        )
