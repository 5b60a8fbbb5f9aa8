"""A button that opens a list of which several may be ticked."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu, QPushButton, QWidget


class _StayingMenu(QMenu):
    """A menu that stays open while things are ticked; Escape or a click elsewhere closes it."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        action = self.actionAt(event.position().toPoint())
        if action is not None and action.isCheckable():
            action.trigger()
        else:
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        action = self.activeAction()
        if event.key() == Qt.Key.Key_Space and action is not None and action.isCheckable():
            action.trigger()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if action is not None and action.isCheckable() and not action.isChecked():
                action.trigger()
            self.close()
        else:
            super().keyPressEvent(event)


class ManyChoice(QPushButton):
    """Shows what is ticked, or `nothing` (such as “Anybody”). Down, Enter or Space opens it."""

    changed = Signal()

    def __init__(self, nothing: str, parent: QWidget | None = None):
        super().__init__(nothing, parent)
        self._nothing = nothing
        self.setProperty("kind", "choice")
        self.setAutoDefault(False)
        self.menu_of_choices = _StayingMenu(self)
        self.clicked.connect(self.open)

    def set_pairs(self, pairs: Iterable[tuple[object, str]]) -> None:
        """Replace what can be ticked; what was ticked before stays so if it is still there."""
        kept = self.values()
        self.menu_of_choices.clear()
        for value, text in pairs:
            action = QAction(text.replace("&", "&&"), self.menu_of_choices)
            action.setData(value)
            action.setCheckable(True)
            action.setChecked(value in kept)
            action.triggered.connect(self._ticked)
            self.menu_of_choices.addAction(action)
        self._say()

    def values(self) -> tuple[object, ...]:
        """What is ticked, in the order of the list."""
        return tuple(
            action.data() for action in self.menu_of_choices.actions() if action.isChecked()
        )

    def set_values(self, values: Iterable[object]) -> None:
        """Tick these and nothing else."""
        wanted = tuple(values)
        for action in self.menu_of_choices.actions():
            action.setChecked(action.data() in wanted)
        self._say()

    def open(self) -> None:
        """Show the list below the button."""
        actions = self.menu_of_choices.actions()
        if actions:
            self.menu_of_choices.setMinimumWidth(self.width())
            self.menu_of_choices.popup(self.mapToGlobal(QPoint(0, self.height())))
            self.menu_of_choices.setActiveAction(actions[0])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Space):
            self.open()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        super().resizeEvent(event)
        self._say()

    def _ticked(self) -> None:
        self._say()
        self.changed.emit()

    def _say(self) -> None:
        names = [
            action.text().replace("&&", "&")
            for action in self.menu_of_choices.actions()
            if action.isChecked()
        ]
        text = ", ".join(names) or self._nothing
        room = max(40, self.width() - 24)
        self.setText(
            self.fontMetrics()
            .elidedText(text, Qt.TextElideMode.ElideRight, room)
            .replace("&", "&&")
        )
        self.setToolTip(text if len(names) > 1 else "")
        self.setAccessibleDescription(text)
