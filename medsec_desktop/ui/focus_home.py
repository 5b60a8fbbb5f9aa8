"""Keeps the keys in the page: what had them and is hidden or greyed does not hand them outside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid


class FocusHome(QObject):
    """Calls `home()` when a part of `page`, hidden or greyed, has let the keys fall into `around`.

    Qt hands the focus of such a widget to the next one in the order of Tab; for the last parts of a
    page that is the status line or the first tab button, where the next key would leave the page.
    """

    def __init__(
        self,
        page: QWidget,
        around: Sequence[QWidget],
        home: Callable[[], object],
        parent: QObject,
    ):
        super().__init__(parent)
        self._page, self._around, self._home = page, tuple(around), home
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._moved)

    def _moved(self, before: QWidget | None, now: QWidget | None) -> None:
        if before is None or now is None or not self._page.isAncestorOf(before):
            return
        if any(part.isAncestorOf(now) for part in self._around):
            # Whoever hid it may still say where the keys go; and Shift+Tab hides nothing.
            QTimer.singleShot(0, self, lambda: self._look(before, now))

    def _look(self, before: QWidget, now: QWidget) -> None:
        is_gone = not isValid(before) or not (before.isVisible() and before.isEnabled())
        if is_gone and isValid(now) and now.hasFocus():
            self._home()
