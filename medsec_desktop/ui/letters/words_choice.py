"""Which words a letter has: its kind, its language, and what the kind asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from medsec_desktop.ui.letters.questions_sheet import QuestionsSheet
from medsec_desktop.ui.widgets import Choice, Field, PlainButton

if TYPE_CHECKING:
    from medsec_desktop.services.letters import LetterDraft
    from medsec_desktop.ui.desk import Desk

_ASKED_AFTER_MS = 400  # arrow keys go past kinds that ask questions without being asked


class WordsChoice(QWidget):
    """`chosen` carries a kind, a language, and the answers where it was asked for them, else None."""

    chosen = Signal(str, str, object)

    def __init__(self, desk: Desk, draft: Callable[[], LetterDraft], parent: QWidget | None = None):
        super().__init__(parent)
        self.desk = desk
        self._draft = draft  # the letter as it is now
        self._filling = False
        self.kind = Choice(self.kinds())
        self.kind.currentIndexChanged.connect(self._change)
        self.language = Choice(
            [
                (row.language, row.language_name)
                for row in desk.office.letters.templates()
                if row.key == draft().template
            ]
        )
        self.language.currentIndexChanged.connect(self._change)
        self.ask_button = PlainButton(
            "Questions…", self.ask, tip="Answer what this kind of letter asks"
        )
        self._about_to_ask = QTimer(self)
        self._about_to_ask.setSingleShot(True)
        self._about_to_ask.setInterval(_ASKED_AFTER_MS)
        self._about_to_ask.timeout.connect(self._ask_chosen)
        above = QHBoxLayout()
        above.setSpacing(12)
        above.addWidget(Field("Kind of letter", self.kind), 2)
        above.addWidget(Field("Language", self.language), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(above)
        column.addWidget(self.ask_button, 0, Qt.AlignmentFlag.AlignLeft)

    def kinds(self) -> list[tuple[object, str]]:
        """Every letter about what this one is about, and the one being written."""
        draft = self._draft()
        return [
            (row.key, row.title)
            for row in self.desk.office.letters.templates()
            if row.language == "en" and (row.suits(draft) or row.key == draft.template)
        ]

    def show_draft(self) -> None:
        """Show the kind and language of the letter as it is, and whether it asks anything."""
        draft = self._draft()
        self._filling = True
        self.language.set_value(draft.language)
        self.kind.set_value(draft.template)
        self._filling = False
        self.ask_button.setVisible(bool(self.desk.office.letters.questions_of(draft)))

    # -- asking -------------------------------------------------------------------------------

    def ask(self) -> None:
        """Ask what this kind of letter asks, with the answers so far, and compose it by them."""
        draft = self._draft()
        self._ask(draft.template, draft.language)

    def _ask(self, kind: str, language: str) -> None:
        letters = self.desk.office.letters
        questions = letters.questions(kind, language)
        answers = letters.answers_for(self._draft(), kind, language)
        sheet = QuestionsSheet(
            self.desk, self.kind.currentText(), questions, answers, self.window()
        )
        sheet.answered.connect(lambda found: self.chosen.emit(kind, language, found))
        sheet.rejected.connect(self.show_draft)
        sheet.open()

    def _change(self) -> None:
        """Another kind or language was chosen: ask what it asks, or compose it at once."""
        if self._filling:
            return
        self._about_to_ask.stop()
        language, kind = str(self.language.value()), str(self.kind.value())
        if kind != self._draft().template and self.desk.office.letters.questions(kind, language):
            self._about_to_ask.start()
        else:
            self.chosen.emit(kind, language, None)

    def _ask_chosen(self) -> None:
        self._ask(str(self.kind.value()), str(self.language.value()))

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._about_to_ask.stop()
