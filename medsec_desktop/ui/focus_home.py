"""Keeps the keys in the page: what had them and goes out of sight does not hand them to the header."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid


class FocusHome(QObject):
    """Gives the focus to `home()` when a hidden part of `page` has let it fall into `header`.

    Qt hands the focus of a widget that is hidden to the next one in the order of Tab; for the last
    parts of a page that is the first tab button, where the next key would leave the page.
    """

    def __init__(self, page: QWidget, header: QWidget, home: Callable[[], object], parent: QObject):
        super().__init__(parent)
        self._page, self._header, self._home = page, header, home
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._moved)

    def _moved(self, before: QWidget | None, now: QWidget | None) -> None:
        if before is None or now is None or not self._header.isAncestorOf(now):
            return
        if self._page.isAncestorOf(before):
            # Whoever hid it may still say where the keys go; and Shift+Tab hides nothing.
            QTimer.singleShot(0, self, lambda: self._look(before, now))

    def _look(self, before: QWidget, now: QWidget) -> None:
        is_gone = not isValid(before) or not before.isVisible()
        if is_gone and isValid(now) and now.hasFocus():
            self._home()
