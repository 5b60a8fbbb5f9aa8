"""A page of the settings with a list at its left and what is picked from it at its right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from medsec_desktop.ui.practice.settings_page import SettingsPage
from medsec_desktop.ui.widgets import (
    EmptyState,
    FastList,
    IconButton,
    ListRow,
    PlainButton,
    SearchLine,
)


class PickPage(SettingsPage):
    """Subclasses read the rows, say how one is listed, and show the one picked.

    A row has an `id`; the one being added has none yet and stands first in the list.
    """

    noun = ""  # "provider"
    new_hint = "Type the name"
    empty_words = ""  # what the first one would be good for
    has_order = False

    def build(self) -> None:
        theme = self.desk.theme
        self._rows: Sequence[Any] = ()
        self._shown: int | None = None
        title = f"{self.noun[0].upper()}{self.noun[1:]}"
        self.filter = SearchLine(f"Find a {self.noun}", f"Find a {self.noun}")
        self.filter.textChanged.connect(lambda _: self._show_list())
        self.list = FastList(theme, f"{title}s", two_lines=True)
        self.list.setProperty("kind", "boxed")
        self.list.setFixedHeight(theme.px(376))  # what is below it stays in sight
        self.add = PlainButton("Add", self.begin, kind="quiet")
        theme.wear(self.add, "plus")
        self.up = IconButton(theme, "arrow-up", f"Move this {self.noun} up", lambda: self._move(-1))
        self.down = IconButton(
            theme, "arrow-down", f"Move this {self.noun} down", lambda: self._move(1)
        )
        self.remove = IconButton(theme, "trash-2", f"Remove this {self.noun}", self._remove)
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        buttons.addWidget(self.add)
        buttons.addStretch(1)
        for button in (self.up, self.down, self.remove):
            buttons.addWidget(button)
        # Hidden only: shown before they have their place they would flash, and take the keys.
        if not self.has_order:
            self.up.hide()
            self.down.hide()
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.filter)
        left.addWidget(self.list)
        left.addLayout(buttons)
        left.addStretch(1)
        self.empty = EmptyState(
            theme, self.icon, f"No {self.noun} yet", self.empty_words, "Add", self.begin
        )
        self.right = QWidget()
        self.beside = QVBoxLayout(self.right)
        self.beside.setContentsMargins(0, 0, 0, 0)
        self.beside.setSpacing(16)
        self.build_right()
        self.beside.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(24)
        row.addLayout(left, 2)
        row.addWidget(self.right, 5)
        row.addWidget(self.empty, 5)
        self.inside.addLayout(row)
        self.list.selectionModel().currentChanged.connect(self._chosen)

    def build_right(self) -> None:
        """Put what shows one row into `beside`."""

    def read(self) -> Sequence[Any]:
        """The rows as they are kept now."""
        return ()

    def listed(self, row: Any) -> ListRow:
        """A row as the list shows it; its value is the row's id."""
        return ListRow(row.id, row.name)

    def words_of(self, row: Any) -> str:
        """What the filter looks through."""
        return str(row.name)

    def show_row(self, row: Any | None) -> None:
        """Show one row, or the empty form of a new one."""

    def take_away(self, row: Any) -> None:
        """Remove one row, through `save`."""

    def move_row(self, row: Any, by: int) -> None:
        """Move one row up or down, through `save`."""

    # -- the list -------------------------------------------------------------------------------

    @property
    def row(self) -> Any | None:
        """The row picked; None while a new one is typed, or without any."""
        return next((row for row in self._rows if row.id == self._shown), None)

    def reload(self) -> None:
        super().reload()
        self._rows = self.read()
        if self._shown != 0 and self._shown not in [row.id for row in self._rows]:
            self._shown = self._rows[0].id if self._rows else None
        self._show()

    def pick(self, row_id: int) -> None:
        """Bring one row up; 0 is a new one."""
        self._shown = row_id
        self._show()

    def begin(self) -> None:
        """An empty form; what is typed there is kept from its name on."""
        self.pick(0)

    def saved_as(self, row_id: int) -> None:
        """What was new has this number now."""
        self._shown = row_id

    def _show(self) -> None:
        self._show_list()
        row = self.row
        self.right.setVisible(self._shown is not None)
        self.empty.setVisible(self._shown is None)
        self.remove.setEnabled(row is not None)
        for button in (self.up, self.down):
            button.setEnabled(row is not None)
        if self._shown is not None:
            self.show_row(row)

    def _show_list(self) -> None:
        words = self.filter.text().casefold().split()
        rows = [
            self.listed(row)
            for row in self._rows
            if all(word in self.words_of(row).casefold() for word in words)
        ]
        if self._shown == 0:
            rows.insert(0, ListRow(0, f"New {self.noun}", self.new_hint))
        model = self.list.selectionModel()
        model.blockSignals(True)
        self.list.set_rows(rows, preselect=False)
        for index, row in enumerate(rows):
            if row.value == self._shown:
                self.list.setCurrentIndex(self.list.rows.index(index, 0))
        model.blockSignals(False)
        self.list.viewport().update()

    def _chosen(self) -> None:
        value = self.list.current_value()
        if value is not None and value != self._shown:
            self.pick(int(value))

    def _move(self, by: int) -> None:
        if self.row is not None:
            self.move_row(self.row, by)

    def _remove(self) -> None:
        if self.row is not None:
            self.take_away(self.row)
