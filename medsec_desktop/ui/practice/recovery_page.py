"""The step that shows the recovery key once and lets it be printed, saved or written down."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QHBoxLayout, QWidget

from medsec_desktop.problems import Problem, Unavailable
from medsec_desktop.services import founding
from medsec_desktop.services.files_out import write_out
from medsec_desktop.ui.practice.wizard_page import Page
from medsec_desktop.ui.prompts import Prompts
from medsec_desktop.ui.theme import Theme
from medsec_desktop.ui.widgets import Banner, PlainButton, Text


class RecoveryPage(Page):
    """The key that opens everything when all passwords are lost; it must be kept to go on."""

    name = "Recovery sheet"
    title = "The recovery sheet"
    words = (
        "Your practice is set up. If every password is ever forgotten, only this key opens it. "
        "It is kept nowhere on the computer: print it and lock it away."
    )

    kept = Signal()

    def __init__(self, theme: Theme, prompts: Prompts):
        super().__init__()
        self._theme = theme
        self._prompts = prompts
        self.key = ""
        self._sheet: Callable[[], bytes] = bytes
        self.groups: list[Text] = []
        frame = QFrame()
        frame.setProperty("kind", "card")
        frame.setAccessibleName("Recovery key")
        grid = QGridLayout(frame)
        grid.setContentsMargins(24, 20, 24, 20)
        grid.setHorizontalSpacing(32)
        grid.setVerticalSpacing(12)
        for index in range(8):
            group = Text("", "title")
            group.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            group.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(group, index // 4, index % 4)
            self.groups.append(group)
        self.print = PlainButton("Print…", self._print)
        theme.wear(self.print, "printer")
        self.save = PlainButton("Save as PDF…", self._save)
        theme.wear(self.save, "save")
        self.result = Banner(theme, "success", "")
        self.result.hide()
        self.noted = QCheckBox("I have written the key down on paper")
        self.noted.setAccessibleName("I have written the key down on paper")
        self.noted.toggled.connect(lambda _: self.kept.emit())
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.print)
        row.addWidget(self.save)
        row.addStretch(1)
        self.body.addWidget(frame)
        self.body.addLayout(row)
        self.body.addWidget(self.result)
        self.body.addWidget(self.noted, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(
            Text(
                "Not on a photo, not in an e-mail, not beside the computer. "
                "A new sheet can be made in Settings, Users; it makes this one void.",
                "muted",
                wrap=True,
            )
        )
        self.body.addStretch(1)
        self.is_kept = False

    def show_key(self, key: str, practice_name: str, made_on: str, paper: str) -> None:
        """Show a key; its sheet is made when it is wanted."""
        self.key = key
        self._sheet = lambda: founding.recovery_sheet(practice_name, key, made_on, paper)
        self.is_kept = False
        self.noted.setChecked(False)
        self.result.hide()
        for label, group in zip(self.groups, key.split("-"), strict=True):
            label.setText(group)

    @property
    def may_go_on(self) -> bool:
        return self.is_kept or self.noted.isChecked()

    def first(self) -> QWidget:
        return self.print

    def _print(self) -> None:
        try:
            printer = founding.print_recovery_sheet(self._sheet())
        except Problem as problem:
            self._say("danger", str(problem))
            return
        self._say("success", f"Sent to “{printer}”. Take it from the printer before you go on.")
        self._keep()

    def _save(self) -> None:
        self._prompts.save_file(
            "Save the recovery sheet",
            self._save_to,
            name="Recovery sheet.pdf",
            pattern="PDF (*.pdf)",
            folder=str(Path.home()),
        )

    def _save_to(self, path: str) -> None:
        target = Path(path)
        if not target.suffix:
            target = target.with_suffix(".pdf")
        try:
            write_out(target, self._sheet())
        except Unavailable as problem:
            self._say("danger", str(problem))
            return
        self._say("success", f"Saved as {target.name}. Print it, then delete the file.")
        self._keep()

    def _say(self, tone: str, text: str) -> None:
        self.result.show_message(tone, text)
        self.result.show()

    def _keep(self) -> None:
        self.is_kept = True
        self.kept.emit()
