"""Every key on one page, made from the actions themselves (Ctrl+/)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from medsec_desktop.ui.action_map import ActionMap
from medsec_desktop.ui.actions import MENUS, Action
from medsec_desktop.ui.widgets.buttons import PlainButton
from medsec_desktop.ui.widgets.labels import KeyHint, Text
from medsec_desktop.ui.widgets.search_line import SearchLine

if TYPE_CHECKING:
    from medsec_desktop.ui.theme import Theme

# Keys that belong to a place rather than to an action; they are not in any menu.
PLACES: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "In every list",
        (("Up", "Row up"), ("Down", "Row down"), ("Return", "Open"), ("Ctrl+C", "Copy")),
    ),
    (
        "In a date field",
        (
            ("Up", "A day later"),
            ("Down", "A day earlier"),
            ("PgUp", "A week later"),
            ("PgDown", "A week earlier"),
            ("Alt+Down", "Pick from a month"),
        ),
    ),
    (
        "On the sheet of a letter",
        (("Tab", "Next cell, or a level deeper in a list"),),
    ),
    ("In a form", (("Tab", "Next field"), ("Ctrl+Return", "Save"), ("Esc", "Leave and park"))),
)


def by_menu(actions: ActionMap) -> list[tuple[str, list[Action]]]:
    """The actions that some screen does, under the menu they are in."""
    offered = list(actions.offered())
    groups = [(menu, [action for action in offered if action.menu == menu]) for menu in MENUS]
    return [(menu, group) for menu, group in groups if group]


class CheatSheet(QDialog):
    """The keys in columns; typing filters them, Escape closes."""

    def __init__(self, theme: Theme, actions: ActionMap, parent: QWidget):
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._theme = theme
        self.filter = SearchLine("Filter the keys", "Filter")
        self.filter.setFixedWidth(theme.px(240))
        self.filter.textChanged.connect(self._filter)
        head = QHBoxLayout()
        head.addWidget(Text("Keys", "title"), 1)
        head.addWidget(self.filter)
        self._lines: list[tuple[str, list[QWidget], QWidget]] = []
        columns = QHBoxLayout()
        columns.setSpacing(40)
        stacks = [QVBoxLayout() for _ in range(3)]
        for stack in stacks:
            stack.setSpacing(20)
            columns.addLayout(stack, 1)
        heights = [0, 0, 0]
        blocks = [
            (menu, [(action.key, action.name) for action in group])
            for menu, group in by_menu(actions)
        ]
        blocks += [(title, list(lines)) for title, lines in PLACES]
        for title, lines in blocks:
            shortest = heights.index(min(heights))
            stacks[shortest].addWidget(self._block(title, lines))
            heights[shortest] += len(lines) + 2
        for stack in stacks:
            stack.addStretch(1)
        inner = QWidget()
        inner.setLayout(columns)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inner)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.viewport().setAutoFillBackground(False)
        inner.setAutoFillBackground(False)
        foot = QHBoxLayout()
        foot.addWidget(Text("F1 explains the screen in front.", "small"), 1)
        foot.addWidget(PlainButton("Close", self.close))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(16)
        column.addLayout(head)
        column.addWidget(area, 1)
        column.addLayout(foot)
        width, height = theme.px(960), theme.px(720)
        self.resize(min(width, parent.width() - 48), min(height, parent.height() - 48))
        self.filter.setFocus()

    def _block(self, title: str, lines: list[tuple[str, str]]) -> QWidget:
        block = QWidget()
        grid = QGridLayout(block)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        heading = Text(title, "caption")
        grid.addWidget(heading, 0, 0, 1, 2)
        for row, (keys, words) in enumerate(lines, start=1):
            name, hint = Text(words), KeyHint(keys)
            grid.addWidget(name, row, 0)
            grid.addWidget(hint, row, 1, Qt.AlignmentFlag.AlignRight)
            self._lines.append((f"{words} {keys}".casefold(), [name, hint], block))
        return block

    def _filter(self, text: str) -> None:
        words = text.casefold().split()
        shown: set[QWidget] = set()
        for line, widgets, block in self._lines:
            fits = all(word in line for word in words)
            for widget in widgets:
                widget.setVisible(fits)
            if fits:
                shown.add(block)
        for _, _, block in self._lines:
            block.setVisible(block in shown)
