"""One step of a wizard: a title, a sentence, fields, and what is checked before the next."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from medsec_desktop.problems import Invalid, Problem
from medsec_desktop.services import founding
from medsec_desktop.ui.practice.editors import complain
from medsec_desktop.ui.prompts import Prompts
from medsec_desktop.ui.widgets import Field, PlainButton, Text


class Page(QWidget):
    """One step: a title, a sentence, and fields. `check` raises Invalid for what cannot be kept."""

    name = ""
    title = ""
    words = ""

    def __init__(self, *, parent: QWidget | None = None):
        super().__init__(parent)
        self.fields: dict[str, Field] = {}
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(40, 32, 40, 24)
        self.body.setSpacing(16)
        head = QVBoxLayout()
        head.setSpacing(4)
        head.addWidget(Text(self.title, "title", wrap=True))
        self.words_label = Text(self.words, "muted", wrap=True)
        head.addWidget(self.words_label)
        self.body.addLayout(head)

    def first(self) -> QWidget:
        """Where the focus goes when the page comes up."""
        return self

    def check(self) -> None:
        """Nothing, or Invalid; the page itself has marked the field."""

    def complain(self, problem: Problem) -> bool:
        return complain(self.fields, problem)

    def add_field(
        self,
        name: str,
        label: str,
        editor: QWidget,
        *,
        hint: str = "",
        required: bool = False,
    ) -> Field:
        field = Field(label, editor, hint=hint, required=required)
        if isinstance(editor, QLineEdit):
            editor.textChanged.connect(lambda _: field.problem(""))
        self.fields[name] = field
        return field

    def add_folder(
        self, name: str, label: str, line: QLineEdit, choose: Callable[[], object], *, hint: str
    ) -> None:
        """A line for a folder with a button that lets one choose it."""
        beside = QVBoxLayout()
        beside.setSpacing(4)
        beside.addWidget(Text(" ", "small"))  # as high as the label of the line
        beside.addWidget(PlainButton("Choose…", choose))
        beside.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.add_field(name, label, line, hint=hint), 1, Qt.AlignmentFlag.AlignTop)
        row.addLayout(beside)
        self.body.addLayout(row)


def choose_new_folder(prompts: Prompts, line: QLineEdit) -> None:
    """Let one choose the folder of a new practice into `line`."""
    start = Path(line.text()).parent
    prompts.choose_folder(
        "Folder for the new practice",
        line.setText,
        folder=str(start if start.exists() else Path.home()),
    )


def check_new_folder(text: str) -> None:
    """Nothing, or Invalid for the field “folder” where no practice can be made there."""
    path = Path(text.strip()).expanduser()
    if not text.strip() or not path.is_absolute():
        raise Invalid("Type the whole path of a folder.", remedy="Or choose one.", field="folder")
    try:
        founding.check_new_folder(path)
    except Problem as problem:
        raise Invalid(problem.what, problem.why, problem.remedy, field="folder") from problem
