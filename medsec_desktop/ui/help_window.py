"""The manual inside the program: a page a screen, searchable, opened at the right place by F1."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import (
    QDesktopServices,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextTable,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from medsec_desktop import paths
from medsec_desktop.ui.cheat_sheet import PLACES, by_menu
from medsec_desktop.ui.widgets.labels import Hairline, Text
from medsec_desktop.ui.widgets.search_line import SearchLine
from medsec_desktop.ui.widgets.search_list import FastList, ListRow
from medsec_desktop.ui.widgets.window_beside import WindowBeside

if TYPE_CHECKING:
    from medsec_desktop.ui.action_map import ActionMap
    from medsec_desktop.ui.theme import Theme

# The order of the contents; pages not named here follow by title.
ORDER = (
    "index", "window", "command-box", "today", "calendar", "booking", "patients", "insurance", "letters",
    "claims", "import", "drafts", "undo", "privacy", "backups", "settings", "keys",
    "licences",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the manual."""

    name: str
    title: str
    text: str  # Markdown

    def mentions(self, words: list[str]) -> bool:
        return all(word in f"{self.title} {self.text}".casefold() for word in words)


@cache
def pages() -> tuple[Page, ...]:
    """Every page shipped, in reading order."""
    found = [
        _page(path.stem, path.read_text(encoding="utf-8"))
        for path in paths.resource("help").glob("*.md")
        if path.stem != "CHANGELOG"
    ]
    rank = {name: position for position, name in enumerate(ORDER)}
    return tuple(sorted(found, key=lambda page: (rank.get(page.name, len(rank)), page.title)))


def _page(name: str, text: str) -> Page:
    heading = re.search(r"^# (.+)$", text, re.MULTILINE)
    return Page(name, heading[1] if heading else name, text)


def keys_page(actions: ActionMap) -> str:
    """The cheat-sheet as a page of the manual."""
    lines = ["# Keys", "", "Ctrl+/ shows these beside your work.", ""]
    for menu, group in by_menu(actions):
        lines += [f"## {menu}", "", "| | |", "|---|---|"]
        lines += [f"| **{action.native_key}** | {action.name} |" for action in group] + [""]
    for title, keys in PLACES:
        lines += [f"## {title}", "", "| | |", "|---|---|"]
        lines += [f"| **{key}** | {words} |" for key, words in keys] + [""]
    return "\n".join(lines)


def _set_in_type(document: QTextDocument, theme: Theme) -> None:
    """Give the page our type scale, room between its lines, and tables without a cage.

    Qt's Markdown comes without margins and with headings of its own sizes.
    """
    steps = {1: "title", 2: "heading"}
    block = document.begin()
    while block.isValid():
        cursor = QTextCursor(block)
        level = block.blockFormat().headingLevel()
        look = QTextBlockFormat()
        if not level:
            look.setLineHeight(
                140.0, int(QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
            )
        if level:
            words = QTextCursor(block)
            words.movePosition(
                QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor
            )
            letters = QTextCharFormat()
            letters.setFont(theme.font(steps.get(level, "body"), strong=True))
            words.mergeCharFormat(letters)
            look.setTopMargin(0 if block.position() == 0 else theme.px(20))
            look.setBottomMargin(theme.px(8))
        elif cursor.currentTable() is None:
            look.setBottomMargin(theme.px(4 if block.textList() else 10))
        cursor.mergeBlockFormat(look)
        block = block.next()
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            frame.removeRows(0, 1)  # Markdown wants a head, ours is empty
            grid = frame.format().toTableFormat()
            grid.setBorder(0)
            grid.setCellPadding(theme.px(3))
            grid.setCellSpacing(0)
            frame.setFormat(grid)


class HelpWindow(WindowBeside):
    """Contents and search at the left, the page at the right; it stays open beside the work."""

    def __init__(self, theme: Theme, actions: ActionMap, parent: QWidget):
        super().__init__(parent)
        self.setWindowTitle("Help")
        self._theme = theme
        self._actions = actions
        self.search = SearchLine("Search the manual", "Search the manual")
        self.search.textChanged.connect(self._list_pages)
        self.contents = FastList(theme, "Pages", one_click=True)
        self.contents.chosen.connect(self.open_page)
        self.contents.selectionModel().currentChanged.connect(lambda *_: self._follow())
        self.text = QTextBrowser()
        self.text.setAccessibleName("Page")
        self.text.setOpenLinks(False)
        self.text.setProperty("kind", "page")
        self.text.anchorClicked.connect(self._link)
        self.text.document().setDocumentMargin(32)
        side = QVBoxLayout()
        side.setContentsMargins(16, 16, 8, 16)
        side.setSpacing(8)
        side.addWidget(Text("Help", "heading"))
        side.addWidget(self.search)
        side.addWidget(self.contents, 1)
        left = QWidget()
        left.setProperty("kind", "surface")
        left.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        left.setLayout(side)
        left.setFixedWidth(theme.px(256))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(left)
        row.addWidget(Hairline(vertical=True))
        row.addWidget(self.text, 1)
        self._name = ""
        self.resize(min(theme.px(880), parent.width()), min(theme.px(620), parent.height()))
        theme.changed.connect(self._redraw)  # bound: a lambda would outlive the window
        self._list_pages("")

    @property
    def page(self) -> str:
        """The name of the page shown."""
        return self._name

    def open_page(self, name: str) -> None:
        """Show a page; an unknown one shows the first."""
        known = {page.name: page for page in pages()}
        self._name = name if name in known or name == "keys" else "index"
        document = self.text.document()
        document.setDefaultFont(self._theme.font())
        text = keys_page(self._actions) if self._name == "keys" else known[self._name].text
        document.setMarkdown(text)
        _set_in_type(document, self._theme)
        self.text.moveCursor(self.text.textCursor().MoveOperation.Start)
        self._select(self._name)

    def _redraw(self) -> None:
        self.open_page(self._name or "index")

    def _list_pages(self, text: str) -> None:
        words = text.casefold().split()
        rows = [
            ListRow(page.name, page.title)
            for page in pages()
            if page.name != "keys" and page.mentions(words)
        ]
        if all(word in "keys keyboard shortcuts" for word in words):
            rows.append(ListRow("keys", "Keys"))
        self.contents.blockSignals(True)
        self.contents.set_rows(rows, preselect=False)
        self.contents.blockSignals(False)
        self._select(self._name)
        if words and rows and self._name not in {row.value for row in rows}:
            self.open_page(rows[0].value)

    def _select(self, name: str) -> None:
        for index, row in enumerate(self.contents.rows.rows):
            if row.value == name and self.contents.currentIndex().row() != index:
                self.contents.setCurrentIndex(self.contents.rows.index(index, 0))

    def _follow(self) -> None:
        value = self.contents.current_value()
        if value is not None and value != self._name:
            self.open_page(value)

    def _link(self, url: QUrl) -> None:
        target = url.toString()
        if target.startswith("http"):
            QDesktopServices.openUrl(url)
        else:
            self.open_page(target.removesuffix(".md"))

    def keyPressEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)
