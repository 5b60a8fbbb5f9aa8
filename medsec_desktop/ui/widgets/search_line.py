"""A line to search with: a clear button, and a name for every part of it."""

from __future__ import annotations

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget

from medsec_desktop.ui.theme import Theme


class SearchLine(QLineEdit):
    """Named `name` for screen readers; with `theme` it wears a magnifying glass."""

    def __init__(
        self,
        name: str,
        placeholder: str = "",
        theme: Theme | None = None,
        *,
        parent: QWidget | None = None,
    ):
        super().__init__(parent)
        self.setProperty("kind", "search")
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        if theme is not None:
            glass = self.addAction(QIcon(), QLineEdit.ActionPosition.LeadingPosition)
            glass.setText(name)
            theme.wear(glass, "search")
        self.setClearButtonEnabled(True)
        name_parts(self)


def name_parts(line: QLineEdit) -> None:
    """Name the little buttons Qt puts inside a line; it leaves its own clear button nameless."""
    for button in line.findChildren(QToolButton):
        if not button.accessibleName():
            button.setAccessibleName(button.text() or "Clear")
