"""All fields in their groups beside the sheet: a double click or Enter puts one in."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from medsec_desktop.domain.writing.fields import INSERTS
from medsec_desktop.ui.letters.editing.fields import FieldList
from medsec_desktop.ui.widgets import SearchLine, Text

_ROLE = int(Qt.ItemDataRole.UserRole)
_BLOCKS_TITLE = "Whole blocks"


class FieldTree(QWidget):
    """`field_chosen` carries the name of a field, `block_chosen` the kind of a block."""

    field_chosen = Signal(str)
    block_chosen = Signal(str)

    def __init__(self, fields: FieldList, parent: QWidget | None = None):
        super().__init__(parent)
        self._fields = fields
        self.line = SearchLine("Find a field", "Find a field")
        self.tree = _Tree()
        self.tree.setItemDelegate(_Roomy(self.tree))
        self.tree.setHeaderHidden(True)
        self.tree.setAccessibleName("Fields")
        self.tree.setRootIsDecorated(True)
        self.tree.setUniformRowHeights(True)
        self.tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.about = Text("", "small", wrap=True)
        self.about.setMinimumHeight(48)
        self.about.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.line.textChanged.connect(self.fill)
        self.line.returnPressed.connect(self._choose_first)
        self.tree.taken.connect(self._choose)
        self.tree.itemDoubleClicked.connect(lambda item, _: self._choose(item))
        self.tree.currentItemChanged.connect(lambda item, _: self._tell(item))
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(self.line)
        column.addWidget(self.tree, 1)
        column.addWidget(self.about)
        self.fill()

    def fill(self) -> None:
        """Show the fields that fit what is typed; all groups closed while nothing is."""
        typed = self.line.text().strip()
        open_groups = {
            self.tree.topLevelItem(number).text(0)
            for number in range(self.tree.topLevelItemCount())
            if self.tree.topLevelItem(number).isExpanded()
        }
        self.tree.clear()
        groups: dict[str, QTreeWidgetItem] = {}
        for info in self._fields.found(typed) if typed else self._fields.all():
            item = _item(self._group(groups, info.group), self._fields.label(info.name))
            item.setData(0, _ROLE, info.name)
            example = info.example.replace("\n", ", ")
            item.setData(
                0, _ROLE + 1, f"{info.meaning}. {f'Such as: {example}' if example else ''}".strip()
            )
        for kind, words in INSERTS.items():
            if typed.casefold() in words.casefold():
                item = _item(self._group(groups, _BLOCKS_TITLE), words)
                item.setData(0, _ROLE, f"block:{kind}")
                item.setData(0, _ROLE + 1, f"{words}, filled in as a block of its own.")
        for title, group in groups.items():
            group.setExpanded(bool(typed) or title in open_groups)
        if typed and self.tree.topLevelItemCount():
            self.tree.setCurrentItem(self.tree.topLevelItem(0).child(0))

    def _group(self, groups: dict[str, QTreeWidgetItem], title: str) -> QTreeWidgetItem:
        if title not in groups:
            groups[title] = QTreeWidgetItem(self.tree, [title])
            font = groups[title].font(0)
            font.setBold(True)
            groups[title].setFont(0, font)
        return groups[title]

    def _tell(self, item: QTreeWidgetItem | None) -> None:
        self.about.setText(str(item.data(0, _ROLE + 1) or "") if item is not None else "")

    def _choose_first(self) -> None:
        if (item := self.tree.currentItem()) is not None:
            self._choose(item)

    def _choose(self, item: QTreeWidgetItem) -> None:
        name = str(item.data(0, _ROLE) or "")
        if not name:
            item.setExpanded(not item.isExpanded())
        elif name.startswith("block:"):
            self.block_chosen.emit(name.removeprefix("block:"))
        else:
            self.field_chosen.emit(name)


class _Tree(QTreeWidget):
    """Enter takes the item it stands on."""

    taken = Signal(object)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and item is not None:
            self.taken.emit(item)
        else:
            super().keyPressEvent(event)


class _Roomy(QStyledItemDelegate):
    """Rows with air between them, as in every other list."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return super().sizeHint(option, index) + QSize(0, 6)


def _item(group: QTreeWidgetItem, words: str) -> QTreeWidgetItem:
    return QTreeWidgetItem(group, [words])
