"""Conditions, questions, pictures and tables by form: rows to choose from, no expressions to type."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from PySide6.QtWidgets import (
    QDialog,
    QDoubleSpinBox,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from medsec_desktop.domain.writing.document import Align, Check, Condition, Picture, Question
from medsec_desktop.domain.writing.fields import ASKED, SUBJECTS, subject_named
from medsec_desktop.ui.letters.editing.fields import FieldList
from medsec_desktop.ui.letters.editing.wording import HOW_WORDS
from medsec_desktop.ui.theme import Theme
from medsec_desktop.ui.widgets import (
    Choice,
    Field,
    IconButton,
    NumberBox,
    PlainButton,
    PrimaryButton,
    Text,
)

_HOWS = {
    "choice": ("is", "is-not"),
    "number": ("at-least", "below", "is"),
    "text": ("is", "is-not", "is-filled", "is-empty"),
}
_NO_VALUE = ("is-filled", "is-empty")
KINDS = {
    "text": "Words",
    "yes-no": "Yes or no",
    "choice": "One of a list",
    "date": "A date",
}


class _Form(QDialog):
    """A sheet over the window: a heading, what `build` adds, and its buttons."""

    def __init__(self, title: str, words: str, parent: QWidget | None):
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(520)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(24, 20, 24, 20)
        self.column.setSpacing(12)
        self.column.addWidget(Text(title, "heading"))
        if words:
            self.column.addWidget(Text(words, "muted", wrap=True))
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(8)
        self.finished.connect(self.deleteLater)

    def end(self, accept: str, done: Callable[[], object], *more: PlainButton) -> None:
        """The foot: quiet buttons at the left, Cancel and the one that does it at the right."""
        self.ok = PrimaryButton(accept, done)
        self.cancel = PlainButton("Cancel", self.reject)
        for button in more:
            self.buttons.addWidget(button)
        self.buttons.addStretch(1)
        self.buttons.addWidget(self.cancel)
        self.buttons.addWidget(self.ok)
        self.column.addLayout(self.buttons)


# -- conditions ---------------------------------------------------------------------------------


class CheckRow(QWidget):
    """One thing a condition asks: subject, how, value."""

    def __init__(self, theme: Theme, subjects: Iterable[tuple[str, str]], check: Check | None):
        super().__init__()
        self._kind = ""
        self.subject = Choice(subjects)
        self.subject.setAccessibleName("What is asked")
        self.how = Choice()
        self.how.setAccessibleName("How")
        self.choice = Choice()
        self.choice.setAccessibleName("Value")
        self.words = QLineEdit()
        self.words.setAccessibleName("Value")
        self.remove = IconButton(theme, "x", "Take this row away")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.subject, 4)
        row.addWidget(self.how, 3)
        row.addWidget(self.choice, 3)
        row.addWidget(self.words, 3)
        row.addWidget(self.remove)
        self.subject.currentIndexChanged.connect(self._fit)
        self.how.currentIndexChanged.connect(self._fit_value)
        if check is not None:
            self.subject.set_value(check.subject)
        self._fit()
        if check is not None:
            self.how.set_value(check.how)
            self.choice.set_value(check.value)
            self.words.setText(check.value)
        self._fit_value()

    def _fit(self) -> None:
        """Offer what can be asked of the subject."""
        subject = subject_named(str(self.subject.value()))
        kind = subject.kind if subject is not None else "text"
        if kind != self._kind:
            self._kind = kind
            self.how.clear()  # else what was chosen for the other kind would stay
        self.how.set_pairs((how, HOW_WORDS[how]) for how in _HOWS[kind])
        self.choice.set_pairs(subject.choices if subject is not None else ())
        self._fit_value()

    def _fit_value(self) -> None:
        has_value = self.how.value() not in _NO_VALUE
        self.choice.setVisible(has_value and self.choice.count() > 0)
        self.words.setVisible(has_value and self.choice.count() == 0)

    def check(self) -> Check:
        """What the row asks now."""
        how: Any = str(self.how.value())
        value = ""
        if how not in _NO_VALUE:
            value = str(self.choice.value()) if self.choice.count() else self.words.text().strip()
        return Check(str(self.subject.value()), how, value)

    def problem(self) -> str:
        """What is missing or wrong, in a sentence; '' for nothing."""
        check = self.check()
        subject = subject_named(check.subject)
        if check.how in _NO_VALUE:
            return ""
        if subject is not None and subject.kind == "number":
            if not check.value.isdigit():
                return f"“{subject.meaning}” is compared with a whole number."
        elif not check.value:
            return "Fill in what it is compared with, or choose “is empty”."
        return ""


class ConditionForm(_Form):
    """When something is printed. `then` gets the condition, None for always."""

    def __init__(
        self,
        theme: Theme,
        fields: FieldList,
        what: str,
        condition: Condition | None,
        then: Callable[[Condition | None], object],
        parent: QWidget | None = None,
    ):
        super().__init__("Print only if…", f"{what} is printed only if this holds.", parent)
        self._theme, self._then = theme, then
        self._subjects = [(subject.name, subject.meaning) for subject in SUBJECTS]
        self._subjects += [
            (info.name, f"Answer: {info.meaning}")
            for info in fields.all()
            if info.name.startswith(ASKED)
        ]
        self.needs = Choice((("all", "all of these hold"), ("any", "one of these holds")))
        self.needs.setAccessibleName("How many must hold")
        self.needs_field = Field("Print it if", self.needs)
        self.column.addWidget(self.needs_field)
        self.rows: list[CheckRow] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        self.column.addLayout(self._list)
        self.add = PlainButton("Add a row", lambda: self._add(None), kind="quiet")
        line = QHBoxLayout()
        line.addWidget(self.add)
        line.addStretch(1)
        self.column.addLayout(line)
        self.trouble = Text("", "problem", wrap=True)
        self.trouble.hide()
        self.column.addWidget(self.trouble)
        self.always = PlainButton("Always print it", lambda: self._done(None), kind="quiet")
        self.end("Set the condition", self._set, self.always)
        for check in condition.checks if condition is not None else ():
            self._add(check)
        if not self.rows:
            self._add(None)
        if condition is not None:
            self.needs.set_value(condition.needs)
        self.rows[0].subject.setFocus()

    def _add(self, check: Check | None) -> None:
        row = CheckRow(self._theme, self._subjects, check)
        row.remove.clicked.connect(lambda: self._remove(row))
        self.rows.append(row)
        self._list.addWidget(row)
        self._count()
        row.subject.setFocus()

    def _remove(self, row: CheckRow) -> None:
        self.rows.remove(row)
        row.hide()
        row.deleteLater()
        self._count()

    def _count(self) -> None:
        self.needs_field.setVisible(len(self.rows) > 1)
        for row in self.rows:
            row.remove.setVisible(len(self.rows) > 1)

    def _set(self) -> None:
        trouble = next((words for row in self.rows if (words := row.problem())), "")
        self.trouble.setText(trouble)
        self.trouble.setVisible(bool(trouble))
        if not trouble:
            needs: Any = self.needs.value()
            self._done(Condition(tuple(row.check() for row in self.rows), needs))

    def _done(self, condition: Condition | None) -> None:
        self.accept()
        self._then(condition)


# -- questions ----------------------------------------------------------------------------------


class QuestionForm(_Form):
    """Something that is asked while a letter is written."""

    def __init__(
        self,
        question: Question | None,
        taken: Sequence[str],
        then: Callable[[Question], object],
        parent: QWidget | None = None,
    ):
        super().__init__(
            "Ask while writing",
            "The answer can be put in like any field, and asked by conditions.",
            parent,
        )
        self._question, self._taken, self._then = question, taken, then
        self.prompt = QLineEdit(question.prompt if question else "")
        self.kind = Choice(KINDS.items(), question.kind if question else "text")
        self.choices = QPlainTextEdit("\n".join(question.choices) if question else "")
        self.choices.setTabChangesFocus(True)
        self.choices.setFixedHeight(96)
        self.answer = QLineEdit(question.answer if question else "")
        self.yes_no = Choice((("", "nothing"), ("yes", "Yes"), ("no", "No")))
        self.yes_no.set_value(question.answer if question else "")
        self.date = Choice((("", "nothing"), ("today", "today’s date")))
        self.date.set_value(question.answer if question else "")
        self.prompt_field = Field("Question", self.prompt, required=True)
        self.choices_field = Field("Choices", self.choices, hint="One in each line.")
        self.answers = {
            "text": Field("Answer at first", self.answer),
            "choice": Field("Answer at first", self.answer_choice()),
            "yes-no": Field("Answer at first", self.yes_no),
            "date": Field("Answer at first", self.date),
        }
        for part in (self.prompt_field, Field("Kind of answer", self.kind), self.choices_field):
            self.column.addWidget(part)
        for field in self.answers.values():
            self.column.addWidget(field)
        self.end("Keep the question", self._keep)
        self.kind.currentIndexChanged.connect(self._fit)
        self.choices.textChanged.connect(self._fit)
        self._fit()
        self.prompt.setFocus()

    def answer_choice(self) -> Choice:
        """The choices, to offer one of them at first."""
        self.first = Choice()
        return self.first

    def _fit(self) -> None:
        kind = str(self.kind.value())
        self.choices_field.setVisible(kind == "choice")
        for name, field in self.answers.items():
            field.setVisible(name == kind)
        kept = self.first.value() or (self._question.answer if self._question else "")
        self.first.set_pairs([("", "nothing"), *((one, one) for one in self._choices())])
        self.first.set_value(kept)

    def _choices(self) -> tuple[str, ...]:
        lines = (line.strip() for line in self.choices.toPlainText().split("\n"))
        return tuple(dict.fromkeys(line for line in lines if line))

    def _keep(self) -> None:
        kind: Any = str(self.kind.value())
        prompt = self.prompt.text().strip()
        self.prompt_field.problem("" if prompt else "Write what is to be asked.")
        is_short = kind == "choice" and len(self._choices()) < 2
        self.choices_field.problem("Write at least two choices." if is_short else "")
        if not prompt or is_short:
            return
        answers = {
            "text": self.answer.text().strip(),
            "choice": str(self.first.value() or ""),
            "yes-no": str(self.yes_no.value() or ""),
            "date": str(self.date.value() or ""),
        }
        key = self._question.key if self._question else free_key(prompt, self._taken)
        choices = self._choices() if kind == "choice" else ()
        self.accept()
        self._then(Question(key, prompt, kind, choices, answers[kind]))


def free_key(prompt: str, taken: Sequence[str]) -> str:
    """A short name for a question that no other has: the answer's field is `ask.KEY`."""
    plain = unicodedata.normalize("NFKD", prompt).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)[:4]
    base = "_".join(words) or "answer"
    if not base[0].isalpha():
        base = f"q_{base}"
    key, number = base[:40], 2
    while key in taken:
        key, number = f"{base[:40]}_{number}", number + 1
    return key


# -- pictures and tables ------------------------------------------------------------------------


class PictureForm(_Form):
    """How wide a picture is, where it stands, and what it shows in words."""

    def __init__(
        self,
        picture: Picture,
        widest_mm: float,
        then: Callable[[Picture], object],
        parent: QWidget | None = None,
    ):
        super().__init__("Picture", "", parent)
        self._picture, self._then = picture, then
        self.width = QDoubleSpinBox()
        self.width.setRange(5, round(widest_mm, 1))
        self.width.setDecimals(1)
        self.width.setSuffix(" mm")
        self.width.setValue(picture.width_mm)
        self.align = Choice(
            (("start", "At the left"), ("center", "In the middle"), ("end", "At the right")),
            str(picture.align),
        )
        self.words = QLineEdit(picture.words)
        self.column.addWidget(
            Field("Width on paper", self.width, hint=f"The text is {widest_mm:.0f} mm wide.")
        )
        self.column.addWidget(Field("Place", self.align))
        self.column.addWidget(
            Field(
                "What it shows",
                self.words,
                hint="For those who hear the page instead of seeing it.",
            )
        )
        self.end("Keep", self._keep)
        self.width.setFocus()

    def _keep(self) -> None:
        self.accept()
        self._then(
            Picture(
                self._picture.sha256,
                float(self.width.value()),
                self.words.text().strip(),
                Align(str(self.align.value())),
                self._picture.when,
            )
        )


class TableForm(_Form):
    """How many rows and columns a new table has, and its lines. `then` gets these three."""

    def __init__(self, then: Callable[[int, int, str], object], parent: QWidget | None = None):
        super().__init__("Insert a table", "", parent)
        self._then = then
        self.rows = NumberBox(1, 100)
        self.rows.setValue(3)
        self.columns = NumberBox(1, 8)
        self.columns.setValue(2)
        self.rules = Choice(RULES.items(), "grid")
        both = QHBoxLayout()
        both.setSpacing(12)
        both.addWidget(Field("Rows", self.rows))
        both.addWidget(Field("Columns", self.columns))
        self.column.addLayout(both)
        self.column.addWidget(Field("Lines", self.rules))
        self.end("Insert", self._insert)
        self.rows.setFocus()

    def _insert(self) -> None:
        self.accept()
        self._then(self.rows.value(), self.columns.value(), str(self.rules.value()))


RULES = {"grid": "Around every cell", "rows": "Between the rows", "none": "None"}
