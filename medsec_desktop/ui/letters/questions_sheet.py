"""What a letter asks before its words are there: one field for each question of its template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from medsec_desktop.domain.writing.merging import TODAY
from medsec_desktop.ui.letters.form_sheet import FormSheet
from medsec_desktop.ui.widgets import Choice, DateEdit, Field, Text

if TYPE_CHECKING:
    from medsec_desktop.domain.writing.document import Question
    from medsec_desktop.ui.desk import Desk

_Answer = QPlainTextEdit | Choice | DateEdit
_YES_NO = (("yes", "Yes"), ("no", "No"))


class QuestionsSheet(FormSheet):
    """Asks the questions of a template; `answered` carries the answers by their keys."""

    answered = Signal(object)

    def __init__(
        self,
        desk: Desk,
        title: str,
        questions: Sequence[Question],
        answers: Mapping[str, str],
        parent: QWidget | None = None,
        *,
        remark: str = "",
        button: str = "Write the letter",
    ):
        super().__init__(desk.theme, title, button, parent)
        self._desk = desk
        self.answers: dict[str, _Answer] = {}
        form = QWidget()
        form.setProperty("kind", "surface")
        fields = QVBoxLayout(form)
        fields.setContentsMargins(24, 16, 24, 16)
        fields.setSpacing(12)
        for question in questions:
            edit = self._edit(question, answers.get(question.key, question.answer))
            self.answers[question.key] = edit
            fields.addWidget(Field(question.prompt, edit))
        fields.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(form)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.foot.setContentsMargins(24, 0, 24, 0)
        head = QVBoxLayout()
        head.setContentsMargins(24, 0, 24, 0)
        head.setSpacing(8)
        above = [Text(title, "heading", wrap=True)]
        above += [Text(remark, "muted", wrap=True)] if remark else []
        for text in above:
            head.addWidget(text)
        head.addWidget(self.banner)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 20, 0, 20)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(scroll, 1)
        column.addLayout(self.foot)
        width = desk.theme.px(520)
        around = sum(text.heightForWidth(width - 48) + 8 for text in above)
        around += self.foot.sizeHint().height() + 64  # the margins and what lies between
        self.resize(width, min(form.sizeHint().height() + around, desk.theme.px(640)))
        next(iter(self.answers.values())).setFocus()

    def _edit(self, question: Question, answer: str) -> _Answer:
        if question.kind == "choice":
            return Choice([(choice, choice) for choice in question.choices], answer)
        if question.kind == "yes-no":
            return Choice(_YES_NO, answer or "no")
        if question.kind == "date":
            office = self._desk.office
            edit = DateEdit(self._desk.theme, office.formats, office.clock.today)
            today = office.clock.today()
            edit.set_value(
                today if answer == TODAY else date.fromisoformat(answer) if answer else None
            )
            return edit
        words = QPlainTextEdit(answer)
        words.setTabChangesFocus(True)
        words.setFixedHeight(self._desk.theme.px(56))
        return words

    def save(self) -> None:
        """Hand the answers over; a day that is none is said here."""
        for edit in self.answers.values():
            if isinstance(edit, DateEdit) and edit.problem():
                self.refuse(edit.problem())
                edit.setFocus()
                return
        found = {key: _said(edit) for key, edit in self.answers.items()}
        self.accept()
        self.answered.emit(found)


def _said(edit: _Answer) -> str:
    if isinstance(edit, QPlainTextEdit):
        return edit.toPlainText().strip()
    if isinstance(edit, DateEdit):
        day = edit.value()
        return day.isoformat() if day else ""
    return str(edit.value() or "")
