"""The questions of a template beside the sheet."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from medsec_desktop.domain.writing.document import Question
from medsec_desktop.ui.letters.editing.forms import KINDS, QuestionForm
from medsec_desktop.ui.theme import Theme
from medsec_desktop.ui.widgets import EmptyState, FastList, ListRow, PlainButton, Text

_ABOUT = "Asked while a letter is written. Put the answer in from the fields, or ask for it in “Only if”."

_NONE = "Whoever writes the letter is asked, and the answer stands in it like a field."


class QuestionList(QWidget):
    """`changed` carries all questions in their order; `put_in` the field of one."""

    changed = Signal(object)
    put_in = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None):
        super().__init__(parent)
        self.questions: tuple[Question, ...] = ()
        self.list = _List(theme, "Questions", two_lines=True)
        self.list.chosen.connect(self.edit)
        self.list.unwanted.connect(self.remove)
        self.add_button = PlainButton("Add a question", self.add)
        self.remove_button = PlainButton("Remove", self.remove, kind="quiet")
        self.put_button = PlainButton("Put the answer in", self._put, kind="quiet")
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.add_button, self.put_button, self.remove_button):
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        self.about = Text(_ABOUT, "small", wrap=True)
        self.empty = EmptyState(theme, "circle-question-mark", "No questions yet", _NONE)
        self.lists = QStackedWidget()
        self.lists.addWidget(self.list)
        self.lists.addWidget(self.empty)
        column.addWidget(self.about)
        column.addWidget(self.lists, 1)
        column.addLayout(row)
        self.set_questions(())

    def set_questions(self, questions: tuple[Question, ...]) -> None:
        """Show these."""
        self.questions = questions
        self.list.set_rows(
            [
                ListRow(number, question.prompt, _detail(question), icon="circle-question-mark")
                for number, question in enumerate(questions)
            ]
        )
        self.lists.setCurrentWidget(self.list if questions else self.empty)
        self.about.setVisible(bool(questions))
        self.put_button.setEnabled(bool(questions))
        self.remove_button.setEnabled(bool(questions))

    def add(self) -> None:
        """Ask for a new one by form."""
        taken = [question.key for question in self.questions]
        QuestionForm(
            None, taken, lambda new: self._put_all((*self.questions, new)), self.window()
        ).open()

    def edit(self, number: int) -> None:
        """Change one by form; its name, and so its field, stays."""

        def changed(new: Question) -> None:
            self._put_all((*self.questions[:number], new, *self.questions[number + 1 :]))

        QuestionForm(self.questions[number], (), changed, self.window()).open()

    def remove(self) -> None:
        """Take the one selected away; chips of its answer stay and say that nobody knows them."""
        number = self.list.current_value()
        if number is not None:
            self._put_all((*self.questions[:number], *self.questions[number + 1 :]))

    def _put(self) -> None:
        number = self.list.current_value()
        if number is not None:
            self.put_in.emit(f"ask.{self.questions[number].key}")

    def _put_all(self, questions: tuple[Question, ...]) -> None:
        self.set_questions(questions)
        self.changed.emit(questions)


class _List(FastList):
    """Delete takes the question selected away."""

    unwanted = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.unwanted.emit()
        else:
            super().keyPressEvent(event)


def _detail(question: Question) -> str:
    words = KINDS[question.kind]
    if question.kind == "choice":
        words = f"{words}: {', '.join(question.choices)}"
    return f"{words}; at first: {question.answer}" if question.answer else words
