"""A line for a time zone that completes what is typed: “berl” is Europe/Berlin."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

from medsec_desktop.domain.calendar.zones import zone_names


class ZoneLine(QLineEdit):
    """Offers every place a clock can be set by; while it is empty it shows the computer's own."""

    def __init__(self, own: str, parent: QWidget | None = None):
        super().__init__(parent)
        self.setPlaceholderText(f"{own} (this computer)" if own else "America/New_York")

    def focusInEvent(self, event: QFocusEvent) -> None:
        # Listing the world's zones reads a few hundred files: only for somebody who types here.
        if self.completer() is None:
            completer = QCompleter(zone_names(), self)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            self.setCompleter(completer)
        super().focusInEvent(event)
