"""Who changed what of a template, the newest change first, words that came and went marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtGui import QFont, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QDialog, QHBoxLayout, QSplitter, QTextEdit, QVBoxLayout, QWidget

from medsec_desktop.services.letters.templates import TemplateChange, TemplateDetail
from medsec_desktop.ui.widgets import EmptyState, FastList, ListRow, PlainButton, Text

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk


class HistorySheet(QDialog):
    """A list of changes at the left, at the right what the one selected did."""

    def __init__(
        self,
        desk: Desk,
        detail: TemplateDetail,
        changes: Sequence[TemplateChange],
        parent: QWidget | None = None,
    ):
        super().__init__(parent)
        self._desk = desk
        self._changes = changes
        title = f"History of “{detail.template.title}”"
        self.setWindowTitle(title)
        self.resize(880, 560)
        formats = desk.office.formats
        self.list = FastList(desk.theme, "Changes, newest first", two_lines=True)
        self.words = QTextEdit()
        self.words.setReadOnly(True)
        self.words.setAccessibleName("What the change did")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(Text(title, "heading", wrap=True))
        if changes:
            both = QSplitter()
            both.setChildrenCollapsible(False)
            both.addWidget(self.list)
            both.addWidget(self.words)
            both.setSizes([300, 540])
            column.addWidget(both, 1)
        else:
            words = "It is as it came with the program."
            column.addWidget(EmptyState(desk.theme, "history", "Nothing was changed yet", words), 1)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(PlainButton("Close", self.reject))
        column.addLayout(foot)
        self.finished.connect(self.deleteLater)
        self.list.selectionModel().currentChanged.connect(lambda *_: self._show())
        self.list.set_rows(
            [
                ListRow(number, change.by, change.label, trailing=formats.when(change.at))
                for number, change in enumerate(changes)
            ]
        )
        self._show()

    def _show(self) -> None:
        number = self.list.current_value()
        self.words.clear()
        if number is None:
            return
        change = self._changes[number]
        cursor = self.words.textCursor()
        plain = QTextCharFormat()
        for other in change.others:
            strong = QTextCharFormat()
            strong.setFontWeight(QFont.Weight.DemiBold)
            cursor.insertText(f"{other}\n", strong)
        if change.others:
            cursor.insertText("\n", plain)
        theme = self._desk.theme
        for piece in change.words:
            form = QTextCharFormat()
            if piece.how == "gone":
                form.setForeground(theme.colour("danger"))
                form.setFontStrikeOut(True)
            elif piece.how == "new":
                form.setForeground(theme.colour("success"))
                form.setBackground(theme.colour("success_soft"))
                form.setFontUnderline(True)
            cursor.insertText(piece.text, form)
        self.words.moveCursor(QTextCursor.MoveOperation.Start)
