"""The last small window: it says what closing still does, and what went wrong with it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from medsec_desktop.problems import Problem
from medsec_desktop.ui.theme import Theme
from medsec_desktop.ui.widgets import Banner, PlainButton, Text


class ClosingNote(QWidget):
    """“Closing…” with how far the backup is; `leave` is called when the person will not wait."""

    def __init__(self, theme: Theme, leave: Callable[[], object]):
        super().__init__()
        self._leave = leave
        self.setWindowTitle("MedSec Desktop")
        self.setAccessibleName("Closing")
        self.setFixedWidth(theme.px(440))
        self.words = Text("Making a backup and checking it…", "muted", wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 0)
        self.bar.setAccessibleName("Progress")
        self.banner = Banner(theme, "warning", "")
        self.banner.hide()
        self.button = PlainButton("Close without a backup", self.close)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(Text("Closing", "heading"))
        column.addWidget(self.words)
        column.addWidget(self.bar)
        column.addWidget(self.banner)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignRight)

        # Not on the button: the Enter that closed the window must not stop the backup.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocus()

    def advance(self, done: int, total: int, text: str) -> None:
        """Say how far the backup is."""
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        if text:
            self.words.setText(f"{text}…")

    def tell(self, problem: Problem) -> None:
        """Say why there is no backup, and wait to be closed: an unseen failure helps nobody."""
        self.words.setText("Everything is saved in the practice itself.")
        self.bar.hide()
        rest = " ".join(part for part in (problem.what, problem.why, problem.remedy) if part)
        self.banner.show_message("warning", rest, title="No backup was made.")
        self.banner.show()
        self.button.setText("Close")
        self.button.setFocus()
        self.adjustSize()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self._leave()
