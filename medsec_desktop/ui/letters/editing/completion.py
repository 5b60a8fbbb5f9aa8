"""The list of fields under a `{` just typed: it narrows as one goes on typing, Enter takes one."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QVBoxLayout

from medsec_desktop.ui.letters.editing import inserting
from medsec_desktop.ui.letters.editing.page_edit import PageEdit
from medsec_desktop.ui.widgets import FastList, ListRow, Text
from medsec_desktop.ui.widgets.search_list import steer

_ROWS = 7
_LONGEST = 40  # letters typed after the brace; more is no search for a field


class FieldCompletion(QFrame):
    """Shown over the sheet while a field is being named; what is typed stays in the text until then."""

    def __init__(self, edit: PageEdit):
        super().__init__(edit.viewport())
        self._edit = edit
        self._start = -1
        self.setProperty("kind", "card")
        self.setAutoFillBackground(True)
        self.setAccessibleName("Fields")
        self.list = FastList(edit.theme, "Fields", two_lines=True, one_click=True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.chosen.connect(self._take)
        self.hint = Text(
            "No field is called that. Esc leaves the words as they are.", "small", wrap=True
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 4)
        column.addWidget(self.list)
        column.addWidget(self.hint)
        self.hide()
        edit.brace_typed.connect(self.begin)
        edit.installEventFilter(self)
        edit.cursorPositionChanged.connect(self._follow)
        edit.verticalScrollBar().valueChanged.connect(self._place)

    def begin(self) -> None:
        """Show the fields; the brace stands right before the cursor."""
        self._start = self._edit.textCursor().position() - 1
        self._show()

    def typed(self) -> str:
        """What stands behind the brace so far."""
        cursor = QTextCursor(self._edit.document())
        cursor.setPosition(self._start + 1)
        cursor.setPosition(self._edit.textCursor().position(), QTextCursor.MoveMode.KeepAnchor)
        return cursor.selectedText()

    def leave(self) -> None:
        """Hide the list; what was typed stays as words."""
        self._start = -1
        self.hide()

    def _follow(self) -> None:
        if self._start < 0:
            return
        cursor = self._edit.textCursor()
        brace = QTextCursor(self._edit.document())
        brace.setPosition(min(self._start, self._edit.document().characterCount() - 1))
        brace.movePosition(QTextCursor.MoveOperation.NextCharacter, QTextCursor.MoveMode.KeepAnchor)
        at = cursor.position() - self._start
        if brace.selectedText() != "{" or not 0 < at <= _LONGEST or "}" in self.typed():
            self.leave()
        else:
            self._show()

    def _show(self) -> None:
        found = self._edit.fields.found(self.typed())
        self.list.set_rows(
            [
                ListRow(
                    info.name,
                    self._edit.fields.label(info.name),
                    f"{info.meaning}{', such as ' + _one_line(info.example) if info.example else ''}",
                    trailing=info.group,
                )
                for info in found
            ]
        )
        self.list.setVisible(bool(found))
        self.hint.setVisible(not found)
        self._place()
        self.show()
        self.raise_()

    def _place(self) -> None:
        if self._start < 0:
            return
        theme, view = self._edit.theme, self._edit.viewport()
        rows = min(_ROWS, max(1, self.list.rows.rowCount()))
        height = rows * max(1, self.list.sizeHintForRow(0)) + 14
        if self.list.isHidden():
            height = self.hint.heightForWidth(theme.px(400)) + 16
        width = min(theme.px(440), view.width() - 16)
        at: QRect = self._edit.cursorRect()
        top = at.bottom() + 6
        if top + height > view.height():
            top = max(4, at.top() - height - 6)
        left = min(max(8, at.left() - 24), max(8, view.width() - width - 8))
        self.setGeometry(left, top, width, height)

    def _take(self, name: str) -> None:
        cursor = self._edit.textCursor()
        end = cursor.position()
        cursor.beginEditBlock()
        cursor.setPosition(self._start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        self.leave()
        self._edit.setTextCursor(cursor)
        inserting.insert_field(self._edit, name)
        cursor.endEditBlock()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._start < 0 or watched is not self._edit:
            return super().eventFilter(watched, event)
        if event.type() == QEvent.Type.FocusOut:
            self.leave()
        if isinstance(event, QKeyEvent) and event.type() in (
            QEvent.Type.KeyPress,
            QEvent.Type.ShortcutOverride,
        ):
            return self._key(event)
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        is_press = event.type() == QEvent.Type.KeyPress
        if event.key() == Qt.Key.Key_Escape:
            if is_press:
                self.leave()
            event.accept()
            return True
        if self.list.isHidden():
            return False
        if event.key() == Qt.Key.Key_Tab and is_press:
            self.list.choose_current()
            return True
        return is_press and steer(self.list, event)


def _one_line(words: str) -> str:
    return words.replace("\n", ", ")
