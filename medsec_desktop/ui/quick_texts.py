"""Quick texts as one types: an abbreviation and a blank, or Tab, become the whole sentence."""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from medsec_desktop.ui.widgets.search_line import SearchLine

# A field whose words are to stay as they are typed carries this property.
LITERAL = "literal"
_TEXT_FIELDS = (QLineEdit, QPlainTextEdit, QTextEdit)
_LAST_WORD = re.compile(r"\S+$")
_ENDS = {Qt.Key.Key_Space: " ", Qt.Key.Key_Tab: ""}


class QuickTextKeys(QObject):
    """Watches the field with the focus only; `text_for` gives what a word stands for, or ''.

    What was expanded is one step of the field's own undo: Ctrl+Z brings the abbreviation back.
    """

    def __init__(self, text_for: Callable[[str], str], parent: QObject):
        super().__init__(parent)
        self._text_for = text_for
        self._field: QWidget | None = None
        self._is_watching = True
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._follow)

    def stop(self) -> None:
        """Watch nothing any more: the practice the texts come from is being closed."""
        self._follow(None, None)
        self._is_watching = False

    def _follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        if not self._is_watching:
            return
        if self._field is not None:
            try:
                self._field.removeEventFilter(self)
            except RuntimeError:  # deleted while it had the focus
                self._field = None
        self._field = now if _takes_text(now) and self._is_ours(now) else None
        if self._field is not None:
            self._field.installEventFilter(self)

    def _is_ours(self, widget: QWidget | None) -> bool:
        """Whether it is in our window or a dialog over it: another window asks its own practice."""
        while widget is not None and widget is not self.parent():
            widget = widget.parentWidget()
        return widget is not None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            end = _ENDS.get(Qt.Key(event.key()))
            if end is not None and not event.modifiers() and isinstance(watched, QWidget):
                return self._expand(watched, end)
        return super().eventFilter(watched, event)

    def _expand(self, field: QWidget, end: str) -> bool:
        """Put the text in the place of the abbreviation before the cursor; whether there was one."""
        found = _LAST_WORD.search(_before_cursor(field))
        text = self._text_for(found[0]) if found is not None else ""
        if found is None or not text:
            return False
        length = len(found[0])
        if isinstance(field, QLineEdit):
            field.setSelection(field.cursorPosition() - length, length)
            field.insert(" ".join(text.split("\n")) + end)
            field.textEdited.emit(field.text())
        elif isinstance(field, (QPlainTextEdit, QTextEdit)):
            cursor = field.textCursor()
            cursor.movePosition(
                QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, length
            )
            cursor.insertText(text + end)
            field.setTextCursor(cursor)
        return True


def _takes_text(widget: QWidget | None) -> bool:
    if not isinstance(widget, _TEXT_FIELDS) or isinstance(widget, SearchLine):
        return False
    if widget.isReadOnly() or widget.property(LITERAL):
        return False
    return not isinstance(widget, QLineEdit) or widget.echoMode() is QLineEdit.EchoMode.Normal


def _before_cursor(field: QWidget) -> str:
    """The line up to the cursor; nothing where something is selected."""
    if isinstance(field, QLineEdit):
        return "" if field.hasSelectedText() else field.text()[: field.cursorPosition()]
    if isinstance(field, (QPlainTextEdit, QTextEdit)):
        cursor = field.textCursor()
        if cursor.hasSelection():
            return ""
        return cursor.block().text()[: cursor.positionInBlock()]
    return ""
