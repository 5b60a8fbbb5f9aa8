"""An import under way: what is being done, how far it is, how fast, and how long it will take."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from medsec_desktop.services.progress import Pace
from medsec_desktop.ui.theme import Theme
from medsec_desktop.ui.widgets import PlainButton, Text


class WorkingPage(QWidget):
    """Shown while a job reads or writes; `cancel_button` stops it as long as that leaves nothing."""

    def __init__(self, theme: Theme, cancel: Callable[[], object]):
        super().__init__()
        self._pace = Pace()
        self.doing = Text("", "heading")
        self.progress = QProgressBar()
        self.progress.setAccessibleName("How far the import is")
        self.progress.setTextVisible(False)
        self.progress.setFixedWidth(theme.px(420))
        self.step = Text("", "muted")
        self.pace = Text("", "muted")
        self.cancel_button = PlainButton("Cancel", cancel)
        self.go_on = Text("You can close this window and go on working meanwhile.", "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        column.addStretch(2)
        for widget in (
            self.doing, self.progress, self.step, self.pace, self.go_on, self.cancel_button,
        ):  # fmt: skip
            if isinstance(widget, Text):
                widget.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def begin(self, doing: str, go_on: str) -> None:
        """A piece of work begins."""
        self._pace = Pace()
        self.doing.setText(f"{doing}…")
        self.go_on.setText(go_on)
        self.step.setText("")
        self.pace.setText("")
        self.progress.setRange(0, 0)
        self.cancel_button.setEnabled(True)

    def stopping(self) -> None:
        self.step.setText("Stopping…")
        self.pace.setText("")
        self.cancel_button.setEnabled(False)

    def show_progress(self, done: int, total: int, text: str) -> None:
        """So far it is; the last step, which has no number, cannot be stopped any more."""
        self.progress.setRange(0, max(0, total))
        self.progress.setValue(done)
        counted = f": {done:,} of about {total:,} rows" if total else ""
        self.step.setText(f"{text}{counted}")
        self.pace.setText(self._pace.words(done, total) if total else "")
        if not total and text.startswith("Finishing"):
            self.cancel_button.setEnabled(False)
