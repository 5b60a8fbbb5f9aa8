"""Saved views: which providers and rooms stand side by side, and under which key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
)

from medsec_desktop.services.calendar.views import ColumnKey, SavedView, SavedViewDraft
from medsec_desktop.ui.calendar.small_form import SmallForm
from medsec_desktop.ui.widgets import (
    FastList,
    IconButton,
    ListRow,
    PlainButton,
    PrimaryButton,
    Text,
)

if TYPE_CHECKING:
    from medsec_desktop.services.session import Changes
    from medsec_desktop.ui.calendar.tab import CalendarTab

_KEY = int(Qt.ItemDataRole.UserRole)


class ViewsPanel(SmallForm):
    """The saved views above, the one being edited below; the first eight have F5 to F12."""

    title = "Saved views"

    def __init__(self, tab: CalendarTab):
        super().__init__(tab)
        desk = self.desk
        self._view: SavedView | None = None
        self.saved = FastList(desk.theme, "Saved views", one_click=True)
        self.saved.setFixedHeight(desk.theme.px(132))
        self.hint = Text(
            "None yet. Check the columns you often need side by side, and give them a name.",
            "muted",
            wrap=True,
        )
        self.name = QLineEdit()
        self.columns = QListWidget()
        self.columns.setAccessibleName("Columns of the view")
        self.columns.setProperty("kind", "ticks")
        self.columns.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.columns.itemChanged.connect(lambda _: self.fields["columns"].problem(""))
        self.up = IconButton(desk.theme, "arrow-up", "Column further left", lambda: self._shift(-1))
        self.down = IconButton(
            desk.theme, "arrow-down", "Column further right", lambda: self._shift(1)
        )
        self.save_button = PrimaryButton("Save", self.save, tip="Ctrl+S")
        self.remove_button = PlainButton("Remove", self.remove, kind="danger")
        self.new_button = PlainButton("New view", self._begin_new)
        self.sooner = PlainButton("Key before", lambda: self._reorder(-1))
        self.later = PlainButton("Key after", lambda: self._reorder(1))
        self.body.addWidget(self.hint)
        self.body.addWidget(self.saved)
        order = QHBoxLayout()
        order.setSpacing(8)
        for button in (self.sooner, self.later, self.new_button):
            order.addWidget(button)
        self.body.addLayout(order)
        self.add(("name", "Name", self.name))
        self.add(("columns", "Columns, from left to right", self.columns), stretch=1)
        moves = QHBoxLayout()
        moves.setSpacing(4)
        moves.addWidget(self.up)
        moves.addWidget(self.down)
        moves.addStretch(1)
        moves.addWidget(self.remove_button)
        moves.addWidget(self.save_button)
        self.body.addLayout(moves)
        self.saved.chosen.connect(self.edit)
        desk.actions.bind("form.save", self.save, owner=self)

    def refresh(self, changes: Changes) -> None:
        if changes.touches("calendar_view"):
            self._list()

    def begin(self) -> None:
        """The view in force when it is a saved one, else a new one of the columns on the screen."""
        self._list()
        whose = self.tab.shown.whose
        for view in self.tab.shown.saved:
            if whose == f"saved:{view.id}":
                self.edit(view)
                return
        self._begin_new()

    def _begin_new(self) -> None:
        grid = self.tab.grid.view
        on_screen = tuple(dict.fromkeys(column.key for column in grid.columns)) if grid else ()
        self._fill(None, "", on_screen)
        self.name.setFocus()

    def edit(self, view: SavedView) -> None:
        """Change a saved view."""
        self._fill(view, view.name, view.columns)
        self.name.setFocus()
        self.name.selectAll()

    def _fill(self, view: SavedView | None, name: str, columns: tuple[ColumnKey, ...]) -> None:
        self._view = view
        self.name.setText(name)
        for button in (self.remove_button, self.sooner, self.later, self.new_button):
            button.setVisible(view is not None)
        choices = {choice.key: choice for choice in self.desk.office.views.choices()}
        order = [key for key in columns if key in choices]
        order += [key for key in choices if key not in order]
        self.columns.clear()
        for key in order:
            item = QListWidgetItem(choices[key].title)
            item.setData(_KEY, str(key))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            ticked = Qt.CheckState.Checked if key in columns else Qt.CheckState.Unchecked
            item.setCheckState(ticked)
            self.columns.addItem(item)
        self.clear_problems()

    def _list(self) -> None:
        saved = self.desk.office.views.saved()
        self.hint.setVisible(not saved)
        self.saved.setVisible(bool(saved))
        self.saved.set_rows(
            [
                ListRow(view, view.name, trailing=f"F{5 + number}" if number < 8 else "")
                for number, view in enumerate(saved)
            ],
            preselect=False,
        )

    def ticked(self) -> tuple[ColumnKey, ...]:
        """The columns chosen, in order."""
        items = (self.columns.item(row) for row in range(self.columns.count()))
        return tuple(
            ColumnKey.parse(item.data(_KEY))
            for item in items
            if item.checkState() == Qt.CheckState.Checked
        )

    def _shift(self, by: int) -> None:
        row = self.columns.currentRow()
        if row >= 0 and 0 <= row + by < self.columns.count():
            item = self.columns.takeItem(row)
            self.columns.insertItem(row + by, item)
            self.columns.setCurrentRow(row + by)

    def _reorder(self, by: int) -> None:
        view = self._view
        if view is not None:
            self.attempt(lambda: self.desk.office.views.move(view.id, by))
            self._view = next(
                (each for each in self.desk.office.views.saved() if each.id == view.id), None
            )

    def save(self) -> None:
        """Keep the view and show it."""
        view = self._view
        draft = SavedViewDraft(
            self.name.text(),
            self.ticked(),
            view.id if view else None,
            view.version if view else 0,
        )
        number = self.attempt(lambda: self.desk.office.views.save(draft))
        if number is not None:
            self.desk.messages.say(f"View kept: {draft.name.strip()}.", undo=True)
            self.leave()
            self.tab.show_who(f"saved:{number}")

    def remove(self) -> None:
        """Forget the view."""
        view = self._view
        if view is not None and self.attempt(
            lambda: self.desk.office.views.remove(view.id) or True
        ):
            self.desk.messages.say(f"View removed: {view.name}.", undo=True)
            self.begin()
