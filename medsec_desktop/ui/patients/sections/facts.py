"""Facts of a file: what it is called on the left, what is so on the right."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from medsec_desktop.ui.widgets import LinkButton, Text

LABEL_WIDTH = 116  # at normal zoom, the same in every section so that their columns stand in line


class Facts(QWidget):
    """Labels on the left, what is so on the right."""

    def __init__(self, label_width: int, parent: QWidget | None = None):
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnMinimumWidth(0, label_width)
        self._grid.setColumnStretch(1, 1)
        self.count = 0

    def add(self, label: str, value: str, remark: str = "", *, is_quiet: bool = False) -> None:
        """One fact more, with a remark in small letters under it."""
        shown = Text(value, "muted" if is_quiet else "body", wrap=True)
        shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        shown.setAccessibleName(f"{label}: {value}" + (f", {remark}" if remark else ""))
        top = Qt.AlignmentFlag.AlignTop
        told = QVBoxLayout()
        told.setSpacing(0)
        told.addWidget(shown)
        if remark:
            told.addWidget(Text(remark, "small", wrap=True))
        self._grid.addWidget(Text(label, "muted"), self.count, 0, top)
        self._grid.addLayout(told, self.count, 1)
        self._shown, self._told = shown, told
        self.count += 1

    def add_button(self, text: str, ask: Callable[[], str]) -> None:
        """Under the fact added last: a button that puts the answer of `ask` in its place."""
        shown = self._shown

        def show() -> None:
            shown.setText(ask())
            shown.setAccessibleName(shown.text())
            button.hide()

        button = LinkButton(text, show)
        self._told.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
