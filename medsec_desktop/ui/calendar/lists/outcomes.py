"""How a call ended, at one key: numbered buttons, whose numbers work in the list beside them too."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from medsec_desktop.ui.widgets import PlainButton


class Outcomes(QWidget):
    """Buttons for (value, words), numbered from 1; `chosen` gives the value.

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
        parent: QWidget | None = None,
    ):
        super().__init__(parent)
        self.setAccessibleName(name)
        self.buttons: list[PlainButton] = []
        self._values = [value for value, _ in pairs]
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        for number, (value, words) in enumerate(pairs, 1):
            button = PlainButton(
                f"{number}  {words}",
                lambda value=value: self.chosen.emit(value),
                kind="primary" if hoped and number == 1 else "plain",
                tip=f"{words} ({number})",
            )
            button.setAccessibleName(words)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            self.buttons.append(button)
            place = number - 2 if hoped else number - 1
            if place < 0:
                grid.addWidget(button, 0, 0, 1, 2)
            else:
                grid.addWidget(button, 1 + place // 2, place % 2)

    def listen_to(self, widget: QWidget) -> None:
        """Take the digits pressed there as presses of the buttons."""
        widget.installEventFilter(self)

    def set_words(self, number: int, words: str) -> None:
        """Say something else on one of the buttons."""
        button = self.buttons[number - 1]
        button.setText(f"{number}  {words}")
        button.setAccessibleName(words)
        button.setToolTip(f"{words} ({number})")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        ):
            number = event.key() - int(Qt.Key.Key_0)
            if 1 <= number <= len(self.buttons):
                if self.buttons[number - 1].isEnabled():
                    self.chosen.emit(self._values[number - 1])
                return True
        return super().eventFilter(watched, event)
