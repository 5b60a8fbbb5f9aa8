"""Whose Ctrl+Z it is: the text field's while there is typing to undo in it, else the program's.

A field whose typing was all undone keeps the program's changes safe: who presses once too often there means
the typing, and would take back something elsewhere unseen.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

_UNDO = QKeySequence("Ctrl+Z")
_REDO = (QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y"))
_TEXT_FIELDS = (QLineEdit, QPlainTextEdit, QTextEdit)


class TextUndo(QObject):
    """Watches the field with the focus: Qt's fields claim the key even when they have nothing to undo.

    Only that one field is filtered; a filter on the application would slow every paint.
    """

    def __init__(self, parent: QObject):
        super().__init__(parent)
        self._field: QWidget | None = None
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._follow)

    def _follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        if self._field is not None:
            try:
                self._field.removeEventFilter(self)
            except RuntimeError:  # deleted while it had the focus
                self._field = None
        self._field = now if isinstance(now, _TEXT_FIELDS) else None
        if self._field is not None:
            self._field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        claims = event.type() == QEvent.Type.ShortcutOverride
        if claims and isinstance(event, QKeyEvent) and isinstance(watched, _TEXT_FIELDS):
            key = QKeySequence(event.keyCombination())
            undo = key == _UNDO and not _has(watched, "isUndoAvailable")
            redo = key in _REDO and not _has(watched, "isRedoAvailable")
            if undo or redo:
                event.ignore()
                return True
        return super().eventFilter(watched, event)


def redo_of_typing() -> Callable[[], object] | None:
    """Does again what was undone in the field that has the keys; None where nothing was."""
    field = QApplication.focusWidget()
    if isinstance(field, _TEXT_FIELDS) and _has(field, "isRedoAvailable"):
        return field.redo
    return None


def _has(field: QWidget, question: str) -> bool:
    """Whether the field answers yes, itself or by its document; a read-only one never does."""
    if isinstance(field, QLineEdit):
        return bool(getattr(field, question)()) and not field.isReadOnly()
    if isinstance(field, (QPlainTextEdit, QTextEdit)):
        return bool(getattr(field.document(), question)()) and not field.isReadOnly()
    return False
