"""A window that stands beside the main one, which may come in front of it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QWidget


class WindowBeside(QDialog):
    """Ends with its `window`, but has a place of its own among the windows of the screen.

    A plain dialog lies over the window it was opened from for as long as it is open.
    """

    def __init__(self, window: QWidget):
        super().__init__(window, Qt.WindowType.Window)

    def come_forward(self) -> None:
        """Show it in front of all others, with the keys."""
        self.show()
        self.raise_()
        self.activateWindow()

    def showEvent(self, event: QShowEvent) -> None:
        self.windowHandle().setTransientParent(None)  # type: ignore[arg-type]
        super().showEvent(event)
