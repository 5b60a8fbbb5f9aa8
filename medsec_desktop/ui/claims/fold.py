"""A group of fields under its title, which folds it away and brings it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from medsec_desktop.ui.widgets import ElidedLabel, Hairline
from medsec_desktop.ui.widgets.buttons import PlainButton

if TYPE_CHECKING:
    from medsec_desktop.ui.theme import Theme


class Fold(QWidget):
    """`body` takes what is folded, `grid` fields in six columns; `remark` says what is inside."""

    toggled = Signal(bool)

    def __init__(self, theme: Theme, title: str, parent: QWidget | None = None):
        super().__init__(parent)
        self._theme = theme
        self.title = title
        self.button = PlainButton(title, self.toggle, kind="fold")
        self.button.by_enter = True
        self.remark = ElidedLabel("", "muted")
        self.header = QHBoxLayout()
        self.header.setSpacing(8)
        self.header.addWidget(self.button)
        self.header.addWidget(self.remark, 1)
        self.header.addStretch()
        self.body_widget = QWidget()
        self.body = QVBoxLayout(self.body_widget)
        self.body.setContentsMargins(0, 4, 0, 0)
        self.body.setSpacing(8)
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(12)
        self.grid.setVerticalSpacing(8)
        self.body.addLayout(self.grid)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self.header)
        column.addWidget(Hairline())
        column.addWidget(self.body_widget)
        self.is_open = True
        self._tell()

    def toggle(self) -> None:
        """Fold it away, or bring it back."""
        self.set_open(not self.is_open)
        self.toggled.emit(self.is_open)

    def set_open(self, is_open: bool) -> None:
        if is_open != self.is_open:
            self.is_open = is_open
            self.body_widget.setVisible(is_open)
            self._tell()

    def _tell(self) -> None:
        self._theme.wear(self.button, "chevron-down" if self.is_open else "chevron-right")
        state = "shown" if self.is_open else "folded away"
        self.button.setAccessibleName(f"{self.title}, {state}")
        self.remark.setVisible(not self.is_open)
