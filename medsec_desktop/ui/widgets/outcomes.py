"""How a call ended, at one key: numbered buttons, whose numbers work in the list beside them too."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from medsec_desktop.ui.rows import RowsView
from medsec_desktop.ui.widgets import PlainButton


class Outcomes(QWidget):
    """Buttons for (value, words), numbered from 1 or with `digits`; `chosen` gives the value.

    With `hoped` the first stands out, over the whole width: it is what one hopes for. `listen_to`
    lets the digits work while a list has the focus.
    """

    chosen = Signal(object)

    def __init__(
        self,
        pairs: Sequence[tuple[object, str]],
        name: str,
        *,
        hoped: bool = True,
        digits: Sequence[int] = (),
        parent: QWidget | None = None,
    ):
        super().__init__(parent)
        self.setAccessibleName(name)
        self.buttons: list[PlainButton] = []
        self.digits = tuple(digits) or tuple(range(1, len(pairs) + 1))
        self._values = [value for value, _ in pairs]
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        for index, (value, words) in enumerate(pairs):
            digit = self.digits[index]
            button = PlainButton(
                f"{digit}  {words}",
                lambda value=value: self.chosen.emit(value),
                kind="primary" if hoped and index == 0 else "plain",
                tip=f"{words} ({digit})",
            )
            button.setAccessibleName(words)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            self.buttons.append(button)
            place = index - 1 if hoped else index
            if place < 0:
                grid.addWidget(button, 0, 0, 1, 2)
            else:
                grid.addWidget(button, 1 + place // 2, place % 2)

    def listen_to(self, widget: QWidget) -> None:
        """Take the digits pressed there as presses of the buttons."""
        widget.installEventFilter(self)

    def button(self, digit: int) -> PlainButton:
        """The button a digit presses."""
        return self.buttons[self.digits.index(digit)]

    def set_words(self, digit: int, words: str) -> None:
        """Say something else on one of the buttons."""
        button = self.button(digit)
        button.setText(f"{digit}  {words}")
        button.setAccessibleName(words)
        button.setToolTip(f"{words} ({digit})")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        ):
            digit = event.key() - int(Qt.Key.Key_0)
            if digit in self.digits:
                is_seen = not isinstance(watched, RowsView) or watched.marked_row() is not None
                if is_seen and self.button(digit).isEnabled():
                    self.chosen.emit(self._values[self.digits.index(digit)])
                return True
        return super().eventFilter(watched, event)
