"""Short lines under a form, each with a button that takes it off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from medsec_desktop.ui.widgets import ElidedLabel, IconButton

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk


class LinesList(QWidget):
    """“Enclosed: Map  ×”, a row for each; hidden where there is none. `drop` gets the place of a row."""

    def __init__(self, desk: Desk, label: str, drop: Callable[[int], object]):
        super().__init__()
        self._desk, self._label, self._drop = desk, label, drop
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self.hide()

    def show_lines(self, lines: Sequence[str]) -> None:
        while (item := self._column.takeAt(0)) is not None:
            if item.widget() is not None:
                item.widget().deleteLater()
        for place, line in enumerate(lines):
            row = QWidget()
            beside = QHBoxLayout(row)
            beside.setContentsMargins(0, 0, 0, 0)
            beside.setSpacing(8)
            beside.addWidget(ElidedLabel(f"{self._label}: {line}" if self._label else line), 1)
            beside.addWidget(
                IconButton(
                    self._desk.theme,
                    "x",
                    f"Take off: {line}",
                    lambda place=place: self._drop(place),
                )
            )
            self._column.addWidget(row)
        self.setVisible(bool(lines))
