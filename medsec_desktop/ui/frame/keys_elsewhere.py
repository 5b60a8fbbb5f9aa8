"""The keys that work in the windows beside the main one as well: a phone rings there too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QWindow
from PySide6.QtWidgets import QApplication

from medsec_desktop.ui.actions import BY_ID

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk
    from medsec_desktop.ui.main_window import MainWindow

_EVERYWHERE = (
    "app.lock",
    "app.curtain",
    "help.page",
    "help.keys",
    "draft.park",
    "view.larger",
    "view.smaller",
    "view.normal",
)
# The main window comes in front for these; not past a question that is to be answered.
_COMES_FORWARD = (
    "go.search",
    "go.today",
    "go.calendar",
    "go.patients",
    "go.letters",
    "go.claims",
    "new.patient",
    "visit.book",
)
_AT_LAST_MS = 1_000  # some desktops give the keys to no window that asks for them


class KeysElsewhere(QObject):
    """Does what such a key says. What is typed before the main window has come follows it there."""

    def __init__(self, desk: Desk, window: MainWindow):
        super().__init__(window)
        self._desk, self._window = desk, window
        self._awaited = ""  # the action that the main window comes for
        self._typed_ahead: list[QKeyEvent] = []
        self._at_last = QTimer(self)
        self._at_last.setSingleShot(True)
        self._at_last.setInterval(_AT_LAST_MS)
        self._at_last.timeout.connect(self._arrived)
        QGuiApplication.instance().focusWindowChanged.connect(self._look)

    def take(self, event: QKeyEvent) -> bool:
        """Keep the event, or leave it to the window it was pressed in."""
        if self._awaited:
            self._typed_ahead.append(event.clone())
            return True
        if QApplication.activeWindow() in (self._window, None) or self._desk.actions.locked:
            return False
        pressed = QKeySequence(event.keyCombination())
        if action_id := _pressed_of(_EVERYWHERE, pressed):
            self._desk.actions.trigger(action_id)
            return True
        if QApplication.activeModalWidget() is None and (
            action_id := _pressed_of(_COMES_FORWARD, pressed)
        ):
            self._awaited = action_id
            self._at_last.start()
            self._window.setWindowState(
                self._window.windowState() & ~Qt.WindowState.WindowMinimized
            )
            self._window.raise_()
            self._window.activateWindow()
            return True
        return False

    def _look(self, window: QWindow | None) -> None:
        if self._awaited and window is not None and window is self._window.windowHandle():
            QTimer.singleShot(0, self._arrived)  # once the window knows of it as well

    def _arrived(self) -> None:
        self._at_last.stop()
        action_id, self._awaited = self._awaited, ""
        if not action_id:
            return
        typed, self._typed_ahead = self._typed_ahead, []
        self._desk.actions.trigger(action_id)
        for event in typed:
            QCoreApplication.postEvent(self._window.windowHandle(), event)


def _pressed_of(action_ids: tuple[str, ...], pressed: QKeySequence) -> str:
    """Whose key it is; '' for none of them."""
    for action_id in action_ids:
        action = BY_ID[action_id]
        if pressed in (QKeySequence(action.key), QKeySequence(action.other_key)):
            return action_id
    return ""
