"""Every table on screen: columns as data over frozen rows; sorted, filtered, copied, exported alike."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from heapq import nlargest
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from medsec_desktop.ui.theme import Theme

RowRole = int(Qt.ItemDataRole.UserRole)
SortRole = RowRole + 1
_AROUND = 16  # pixels of a cell that its words do not get
_LOOKED_AT = 400  # rows whose words are looked at
_LONGEST = 5  # of them are measured: the most letters are not always the widest words
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its title, the text of a cell, and what it sorts by (the text, unless given).

    `width` is in characters, 0 for the column that takes what is left, but never under `least`.
    A column whose words are longer gets what others can spare. Columns that give way are not shown
    where there is no room for all: those with the largest number go first.
    """

    title: str
    value: Callable[[Any], str]
    sort: Callable[[Any], Any] | None = None
    width: int = 16
    align: str = "left"  # left, right or centre
    least: int = 16
    gives_way: int = 0


class RowsModel(QAbstractTableModel):
    """Rows as columns show them; the row itself under `RowRole`."""

    def __init__(self, columns: Sequence[Column], parent: QObject | None = None):
        super().__init__(parent)
        self.columns = tuple(columns)
        self._rows: tuple[Any, ...] = ()

    def set_rows(self, rows: Sequence[Any]) -> None:
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    @property
    def rows(self) -> tuple[Any, ...]:
        return self._rows

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def data(
        self,
        index: QModelIndex | QPersistentModelIndex,
        role: int = int(Qt.ItemDataRole.DisplayRole),
    ) -> Any:
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], self.columns[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return column.value(row)
        if role == RowRole:
            return row
        if role == SortRole:
            return column.sort(row) if column.sort else column.value(row).casefold()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(_ALIGN[column.align] | Qt.AlignmentFlag.AlignVCenter)
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = int(Qt.ItemDataRole.DisplayRole),
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(_ALIGN[self.columns[section].align] | Qt.AlignmentFlag.AlignVCenter)
        return None


_ALIGN = {
    "left": Qt.AlignmentFlag.AlignLeft,
    "right": Qt.AlignmentFlag.AlignRight,
    "centre": Qt.AlignmentFlag.AlignHCenter,
}


class _Order(QSortFilterProxyModel):
    """Sorts by the sort role and keeps rows in which every typed word is found somewhere."""

    def __init__(self, parent: QObject | None = None):
        super().__init__(parent)
        self._words: tuple[str, ...] = ()
        self.setSortRole(SortRole)

    def set_words(self, text: str) -> None:
        self._words = tuple(text.casefold().split())
        self.invalidate()

    def filterAcceptsRow(
        self, source_row: int, source_parent: QModelIndex | QPersistentModelIndex
    ) -> bool:
        if not self._words:
            return True
        model = self.sourceModel()
        assert isinstance(model, RowsModel)
        row = model.rows[source_row]
        text = " ".join(column.value(row) for column in model.columns).casefold()
        return all(word in text for word in self._words)

    def lessThan(
        self, left: QModelIndex | QPersistentModelIndex, right: QModelIndex | QPersistentModelIndex
    ) -> bool:
        a, b = left.data(SortRole), right.data(SortRole)
        if a is None or b is None:
            return a is None and b is not None
        return bool(a < b)


class RowsView(QTableView):
    """A table of rows: click a header to sort, Ctrl+C copies, Enter or a double click opens."""

    chosen = Signal(object)  # the row

    def __init__(
        self,
        theme: Theme,
        columns: Sequence[Column],
        name: str,
        *,
        parent: QWidget | None = None,
    ):
        super().__init__(parent)
        self._theme = theme
        self._needs = [0] * len(columns)  # pixels for the longest words seen, which never shrink
        self._is_by_hand = False  # somebody has dragged a column's edge: the widths are hers
        self._is_sharing = False
        self.rows = RowsModel(columns, self)
        self.order = _Order(self)
        self.order.setSourceModel(self.rows)
        self.setModel(self.order)
        self.setAccessibleName(name)
        self.setSortingEnabled(True)
        self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.verticalHeader().setAccessibleName(f"{name}: rows")
        self.verticalHeader().hide()
        self.horizontalHeader().setAccessibleName(f"{name}: columns")
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self.doubleClicked.connect(lambda index: self.chosen.emit(index.data(RowRole)))
        theme.changed.connect(self._measure)
        self._measure()
        self.horizontalHeader().sectionResized.connect(self._resized)
        # In another order the row one was at is somewhere else: it is brought along.
        self.horizontalHeader().sortIndicatorChanged.connect(
            lambda *_: self.scrollTo(self.currentIndex())
        )

    def _measure(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self._theme.px(32))
        header = self.horizontalHeader()
        for index, column in enumerate(self.rows.columns):
            if not column.width:
                header.setSectionResizeMode(index, QHeaderView.ResizeMode.Stretch)
        self._is_by_hand = False
        self._needs = [0] * len(self.rows.columns)
        self._look_at_words()
        self._make_room()

    def _look_at_words(self) -> None:
        """How wide each column would like to be; a list's longest words are among its first."""
        width, seen = self.fontMetrics().horizontalAdvance, self.rows.rows[:_LOOKED_AT]
        for index, column in enumerate(self.rows.columns):
            longest = nlargest(_LONGEST, {column.value(row) for row in seen}, key=len)
            words = max(width(text) for text in (*longest, column.title))
            self._needs[index] = max(self._needs[index], words + _AROUND + 2)  # Qt rounds up

    def _make_room(self) -> None:
        """Hide what gives way while the rest would not fit side by side, and share what is left."""
        columns, unit = self.rows.columns, self.fontMetrics().averageCharWidth()
        given = [(column.width or column.least) * unit + _AROUND for column in columns]
        missing = sum(given) - self.viewport().width()
        for index in sorted(range(len(columns)), key=lambda at: -columns[at].gives_way):
            is_hidden = columns[index].gives_way > 0 and missing > 0
            if is_hidden:
                missing -= given[index]
            if self.isColumnHidden(index) != is_hidden and columns[index].gives_way:
                self.setColumnHidden(index, is_hidden)
        if not self._is_by_hand:
            self._share(given)

    def _share(self, given: list[int]) -> None:
        """Let columns with long words have what those with short ones do not need."""
        columns, header = self.rows.columns, self.horizontalHeader()
        shown = [index for index in range(len(columns)) if not self.isColumnHidden(index)]
        fixed = [index for index in shown if columns[index].width]
        stretched = [index for index in shown if not columns[index].width]
        widths = [min(own, need) for own, need in zip(given, self._needs, strict=True)]
        spare = self.viewport().width() - sum(widths[index] for index in shown)
        for wanted, of in ((self._needs, [*fixed, *stretched]), (given, fixed)):
            for index in of:
                more = min(wanted[index] - widths[index], max(spare, 0))
                if more > 0:
                    widths[index] += more
                    spare -= more
        self._is_sharing = True
        for index in fixed:
            header.resizeSection(index, widths[index])
        self._is_sharing = False

    def _resized(self, index: int, before: int, after: int) -> None:
        if not self._is_sharing and self.rows.columns[index].width and before and after:
            self._is_by_hand = True

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def set_rows(self, rows: Sequence[Any]) -> None:
        self.rows.set_rows(rows)
        before = tuple(self._needs)
        self._look_at_words()
        if before != tuple(self._needs):
            self._make_room()

    def filter(self, text: str) -> None:
        """Keep the rows in which every word of `text` occurs in some column."""
        self.order.set_words(text)

    def selectRow(self, row: int) -> None:
        """Select that row only; Qt would look at the keys held, such as those that opened the list."""
        flag = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(
            self.order.index(row, 0), flag.ClearAndSelect | flag.Rows
        )

    def select_next(self) -> None:
        """Select the row below the one one is at; the last one stays."""
        below = self.currentIndex().row() + 1
        if below < self.order.rowCount():
            self.selectRow(below)

    def current_row(self) -> Any:
        """The row one is at; under the mouse it becomes so before it is marked."""
        return self.currentIndex().data(RowRole) if self.currentIndex().isValid() else None

    def marked_row(self) -> Any:
        """The row one is at and sees marked, else None: keys act upon no other."""
        return self.current_row() if self.selectionModel().isSelected(self.currentIndex()) else None

    def selected_rows(self) -> tuple[Any, ...]:
        indexes = sorted(self.selectionModel().selectedRows(), key=lambda index: index.row())
        return tuple(index.data(RowRole) for index in indexes)

    def shown_rows(self) -> tuple[Any, ...]:
        """Every row shown, in its order."""
        return tuple(
            self.order.index(number, 0).data(RowRole) for number in range(self.order.rowCount())
        )

    def as_text(self, separator: str = "\t") -> str:
        """The selected rows, or all shown when none is, with their titles."""
        rows = self.selected_rows() or self.shown_rows()
        return _table(self.rows.columns, rows, separator)

    def as_csv(self) -> str:
        """All rows shown, in their order, safe to open in a spreadsheet."""
        return _table(self.rows.columns, self.shown_rows(), ",")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.as_text())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.marked_row():
            self.chosen.emit(self.marked_row())
        else:
            super().keyPressEvent(event)


def _table(columns: Sequence[Column], rows: Sequence[Any], separator: str) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator="\n")
    writer.writerow([column.title for column in columns])
    for row in rows:
        writer.writerow([_harmless(column.value(row)) for column in columns])
    return out.getvalue()


def _harmless(text: str) -> str:
    """A cell that a spreadsheet shows instead of running (OWASP: CSV injection)."""
    return f"'{text}" if text.startswith(_FORMULA) else text
