"""The sheet one types on: a text edit whose text stands on pages of paper."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QFocusEvent,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QShowEvent,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtWidgets import QTextEdit, QToolTip, QWidget

from medsec_desktop.domain.paper import INCH, Paper
from medsec_desktop.domain.writing.document import (
    Document,
    ListKind,
    Paragraph,
    Style,
    words_of,
)
from medsec_desktop.domain.writing.storing import document_from, stored
from medsec_desktop.problems import Problem
from medsec_desktop.ui.actions import BY_ID
from medsec_desktop.ui.letters.editing import (
    commands,
    faces,
    inserting,
    marks,
    pasting,
    storing,
    wording,
)
from medsec_desktop.ui.letters.editing.fields import FieldList
from medsec_desktop.ui.letters.editing.marks import Thing
from medsec_desktop.ui.letters.editing.painting import Painter, Stationery
from medsec_desktop.ui.letters.editing.paper_layout import GAP, PaperLayout
from medsec_desktop.ui.theme import Theme

MIME = "application/x-medsec-writing"
FIT = 0.0  # as a zoom: as wide as there is room
_WIDEST_FIT = 1.5
_LOOK_KEYS = {look: QKeySequence(BY_ID[f"write.{look}"].key) for look in commands.LOOKS}
_NEXT_STYLE = {Style.SUBJECT, Style.HEADING, Style.SUBHEADING}


class PageEdit(QTextEdit):
    """A `Document` on paper. `brace_typed` asks for the list of fields; `changed` says it was typed in."""

    changed = Signal()
    brace_typed = Signal()
    zoom_changed = Signal()

    def __init__(
        self,
        theme: Theme,
        fields: FieldList,
        picture: Callable[[str], QImage | None],
        *,
        takes_fields: bool = True,
        parent: QWidget | None = None,
    ):
        super().__init__(parent)
        self.theme = theme
        self.fields = fields
        self.takes_fields = takes_fields
        self.language = "en"
        self.zoom = FIT
        self.setProperty("kind", "paper")
        self.setLineWrapMode(QTextEdit.LineWrapMode.NoWrap)
        self.setAcceptRichText(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setUndoRedoEnabled(True)
        self._text = QTextDocument(self)
        self._text.setDocumentMargin(0)
        self._text.setDefaultFont(faces.document_font())
        self.paper_layout = PaperLayout(self._text, picture, fields.label)
        self.painter = Painter(
            theme, self.paper_layout, wording.insert_words, self._condition_words
        )
        self._text.setDocumentLayout(self.paper_layout)
        self.setDocument(self._text)
        self._text.setDefaultFont(faces.document_font())
        self.paper_layout.setPaintDevice(None)  # type: ignore[arg-type]  # sizes are in points of paper
        storing.fill(self._text, Document((Paragraph(),)))
        self._text.contentsChanged.connect(self._tell_changed)
        self._filling = False
        self._spoken = ""
        self.cursorPositionChanged.connect(self._speak_chip)
        theme.changed.connect(self.viewport().update)

    # -- the document -------------------------------------------------------------------------

    def set_document(self, document: Document) -> None:
        """Show a document; nothing of it can be undone."""
        self._filling = True
        self.language = document.language
        self.fields.set_questions(document.questions)
        storing.fill(self._text, document)
        self._filling = False
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self._describe()

    def put_document(self, document: Document) -> None:
        """Show a document in the place of this one; one Undo brings this one back."""
        self._filling = True
        self.language = document.language
        storing.put(self._text, document)
        self._filling = False
        self._describe()

    def blocks(self) -> tuple[Any, ...]:
        """What stands on the paper now."""
        return storing.read(self._text)

    def set_paper(self, paper: Paper, *, has_letterhead: bool = True) -> None:
        self.paper_layout.set_sheet(paper, has_letterhead)
        self._fit()

    def set_stationery(self, stationery: Stationery) -> None:
        """What stands around the words: the letterhead, the address, the date."""
        self.painter.stationery = stationery
        self.viewport().update()

    def show_marks(self, shown: bool) -> None:
        """Whether conditions and stretches are marked."""
        self.painter.shows_marks = shown
        self.viewport().update()

    def fields_changed(self) -> None:
        """The words on the chips are others now."""
        self.paper_layout.again()

    def _tell_changed(self) -> None:
        if not self._filling:
            self.changed.emit()

    def _describe(self) -> None:
        words = [words_of(block) for block in self.blocks() if isinstance(block, Paragraph)]
        self.setAccessibleDescription("\n".join(words)[:2000])

    def _condition_words(self, form: QTextFormat) -> str:
        when = marks.when_of(form)
        if when is None:
            return ""
        return wording.condition_words(when, self.fields)

    # -- zoom ---------------------------------------------------------------------------------

    def set_zoom(self, zoom: float) -> None:
        """`FIT`, or how large paper is shown: 1.0 is its real size on this screen."""
        self.zoom = zoom
        self._fit()
        self.zoom_changed.emit()

    def _fit(self) -> None:
        dpi = float(self.logicalDpiY())
        room = self.viewport().width()
        if self.zoom == FIT:
            wide = max(200.0, room - 2 * GAP) / self.paper_layout.paper.width
            scale = faces.whole_scale(min(wide, _WIDEST_FIT * dpi / INCH))
        else:
            scale = self.zoom * dpi / INCH
        self.paper_layout.set_view(scale, float(room))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)
        self.zoom_changed.emit()

    def showEvent(self, event: QShowEvent) -> None:
        self._fit()
        super().showEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            # Qt gives the document the font of the screen; paper has its own.
            self.document().setDefaultFont(faces.document_font())

    # -- keys ---------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Bold, italic and underlined are the sheet's keys while one types on it."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            if not self.isReadOnly() and _look_of(event):
                event.accept()
                return True
        elif event.type() == QEvent.Type.ToolTip:
            return self._tell_chip(event)
        return super().event(event)

    def _tell_chip(self, event: QEvent) -> bool:
        assert isinstance(event, QHelpEvent)
        point = QPointF(self.viewport().mapFrom(self, event.pos()))
        name = self.chip_at(point)
        words = (
            self.fields.spoken(name) if name else self.painter.condition_at(self._on_sheet(point))
        )
        if words:
            QToolTip.showText(event.globalPos(), words, self)
        else:
            QToolTip.hideText()
        return True

    def _on_sheet(self, point: QPointF) -> QPointF:
        return QPointF(
            point.x() + self.horizontalScrollBar().value(),
            point.y() + self.verticalScrollBar().value(),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.isReadOnly():
            super().keyPressEvent(event)
        elif self._steps(event) or self._own_key(event):
            event.accept()
        else:
            self._leave_stretch(event)
            super().keyPressEvent(event)
            if event.text() == "{" and self.takes_fields:
                self.brace_typed.emit()

    def _steps(self, event: QKeyEvent) -> bool:
        """Tab: to the next cell, a level deeper in a list, else to the next control."""
        if event.key() not in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            return False
        if event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier:
            return False
        step = -1 if event.key() == Qt.Key.Key_Backtab else 1
        cursor = self.textCursor()
        table = cursor.currentTable()
        if table is not None:
            moved = commands.next_cell(cursor, table, step)
            self.setTextCursor(moved)
        elif marks.list_of(cursor.blockFormat()) is not ListKind.NONE:
            commands.change_level(cursor, step)
        else:
            self.focusNextPrevChild_(step > 0)
        return True

    def focusNextPrevChild_(self, forward: bool) -> None:
        """Leave the sheet: Qt would keep the key for a tab stop, which paper does not have."""
        self.setTabChangesFocus(True)
        self.focusNextPrevChild(forward)
        self.setTabChangesFocus(False)

    def _own_key(self, event: QKeyEvent) -> bool:
        cursor = self.textCursor()
        if look := _look_of(event):
            commands.toggle(self, look)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return self._enter(cursor, event.modifiers())
        elif event.key() == Qt.Key.Key_Backspace and not event.modifiers():
            return self._backspace(cursor)
        elif event.text() and event.text().isprintable() and not cursor.hasSelection():
            self._step_out_of_thing(cursor, event)
            return False
        else:
            return False
        return True

    def _enter(self, cursor: QTextCursor, modifiers: Qt.KeyboardModifier) -> bool:
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            return False
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            cursor.insertText(marks.LINE_END)
            self.setTextCursor(cursor)
            return True
        block, form = cursor.block(), cursor.blockFormat()
        is_list = marks.list_of(form) is not ListKind.NONE
        if is_list and block.length() == 1:
            if marks.level_of(form):
                commands.change_level(cursor, -1)
            else:
                commands.set_list(cursor, ListKind.NONE)
            return True
        at_end = cursor.atBlockEnd()
        cursor.beginEditBlock()
        cursor.removeSelectedText()
        if marks.block_thing(block) is not None:
            cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
            cursor.insertBlock(marks.block_format(), marks.char_format())
        else:
            cursor.insertBlock()
            if at_end:
                # What follows is printed whatever the condition of this one says.
                fresh = cursor.blockFormat()
                fresh.clearProperty(marks.Prop.WHEN)
                if marks.style_of(form) in _NEXT_STYLE:
                    fresh.clearProperty(marks.Prop.STYLE)
                    cursor.setBlockCharFormat(marks.char_format())
                cursor.setBlockFormat(fresh)
        cursor.endEditBlock()
        self.setTextCursor(cursor)
        self.ensureCursorVisible()
        return True

    def _backspace(self, cursor: QTextCursor) -> bool:
        """At the start of an item: out of the list. After a picture or page break: it goes whole."""
        if cursor.hasSelection() or not cursor.atBlockStart():
            return False
        form = cursor.blockFormat()
        if marks.list_of(form) is not ListKind.NONE:
            if marks.level_of(form):
                commands.change_level(cursor, -1)
            else:
                commands.set_list(cursor, ListKind.NONE)
            return True
        before = cursor.block().previous()
        if not before.isValid() or marks.block_thing(before) is None or cursor.currentTable():
            return False
        cursor.beginEditBlock()
        kept = QTextCursor(before)
        kept.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        kept.removeSelectedText()
        kept.deleteChar()  # the empty line that is left
        kept.setBlockFormat(form)
        cursor.endEditBlock()
        return True

    def _step_out_of_thing(self, cursor: QTextCursor, event: QKeyEvent) -> None:
        """Words typed beside a picture go into a paragraph of their own."""
        if marks.block_thing(cursor.block()) is None:
            return
        if cursor.atBlockStart():
            cursor.insertBlock(marks.block_format(), marks.char_format())
            whole = cursor.block().blockFormat()
            before = QTextCursor(cursor.block().previous())
            form = before.blockFormat()
            cursor.setBlockFormat(form)
            before.setBlockFormat(marks.block_format() if whole else form)
            self.setTextCursor(before)
        else:
            cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
            cursor.insertBlock(marks.block_format(), marks.char_format())
            self.setTextCursor(cursor)

    def _leave_stretch(self, event: QKeyEvent) -> None:
        """What is typed right after a stretch does not disappear with it."""
        if not event.text() or not event.text().isprintable():
            return
        cursor = self.textCursor()
        number = marks.stretch_of(self.currentCharFormat())
        if number and not cursor.hasSelection():
            after = QTextCursor(cursor)
            inside = after.movePosition(QTextCursor.MoveOperation.NextCharacter) and (
                marks.stretch_of(after.charFormat()) == number and not cursor.atBlockEnd()
            )
            if not inside:
                form = self.currentCharFormat()
                form.clearProperty(marks.Prop.STRETCH)
                self.setCurrentCharFormat(form)
        form = self.currentCharFormat()
        if marks.field_of(form):
            form.clearProperty(marks.Prop.FIELD)
            form.setObjectType(0)
            self.setCurrentCharFormat(form)

    # -- clipboard ----------------------------------------------------------------------------

    def createMimeDataFromSelection(self) -> QMimeData:
        blocks = inserting.selected_blocks(self.textCursor())
        document = Document(blocks, self.language)
        data = QMimeData()
        data.setData(MIME, json.dumps(stored(document)).encode())
        paragraphs = inserting.all_paragraphs(document)
        data.setText("\n".join(words_of(paragraph) for paragraph in paragraphs))
        data.setHtml(pasting.html_from(paragraphs))
        return data

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasFormat(MIME) or source.hasText() or source.hasHtml()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Take what was copied: ours whole, of other programs the words, bold, italic and lists."""
        blocks: tuple[Any, ...] = ()
        if source.hasFormat(MIME):
            try:
                blocks = document_from(json.loads(bytes(source.data(MIME).data()))).blocks
            except (Problem, ValueError):
                blocks = ()  # another version's: its plain words are beside it
        if not blocks and source.hasHtml():
            blocks = pasting.paragraphs_from_html(source.html())
        if not blocks and source.hasText():
            blocks = pasting.paragraphs_from_text(source.text())
        if not self.takes_fields:
            blocks = inserting.without_fields(blocks)
        inserting.insert_blocks(self, blocks)

    # -- screen readers -----------------------------------------------------------------------

    def _speak_chip(self) -> None:
        """Say what the object beside the cursor is: to Qt it is one nameless character."""
        words = wording.words_at(self.textCursor(), self.fields)
        if words and words != self._spoken and self.hasFocus() and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))
        self._spoken = words

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._describe()

    def chip_at(self, point: QPointF) -> str:
        """The name of the field at a point of the view, '' where there is none."""
        position = self.paper_layout.hitTest(self._on_sheet(point), Qt.HitTestAccuracy.ExactHit)
        if position < 0:
            return ""
        for shift in (0, 1):
            cursor = QTextCursor(self._text)
            cursor.setPosition(min(position + shift, self._text.characterCount() - 1))
            form = cursor.charFormat()
            if marks.thing_of(form) is Thing.FIELD:
                return marks.field_of(form)
        return ""


def _look_of(event: QKeyEvent) -> str:
    """Which look a key is for; '' for none."""
    pressed = QKeySequence(event.keyCombination())
    return next((look for look, key in _LOOK_KEYS.items() if key == pressed), "")
