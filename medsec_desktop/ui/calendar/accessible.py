"""The day view as a screen reader walks it: a list named after the day, with an item a visit."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRect
from PySide6.QtGui import QAccessible, QAccessibleInterface, QColor, QWindow

from medsec_desktop.ui.calendar import words
from medsec_desktop.ui.calendar.day_view import DayGrid

# Qt owns an interface once it is handed out, but only Python keeps its methods alive.
_GRIDS: dict[int, GridInterface] = {}


class GridInterface(QAccessibleInterface):
    """The whole grid; its children are the visits, column by column and by time."""

    def __init__(self, grid: DayGrid):
        super().__init__()
        self.grid = grid
        self._visits: dict[int, VisitInterface] = {}

    def isValid(self) -> bool:
        return True

    def object(self) -> QObject:
        return self.grid

    def window(self) -> QWindow | None:
        return self.grid.window().windowHandle()

    def parent(self) -> QAccessibleInterface | None:
        return QAccessible.queryAccessibleInterface(self.grid.parentWidget())

    def childCount(self) -> int:
        return len(self.grid.places)

    def child(self, index: int) -> QAccessibleInterface | None:
        if not 0 <= index < len(self.grid.places):
            return None
        visit_id = self.grid.places[index].visit.id
        if visit_id not in self._visits:
            self._visits[visit_id] = VisitInterface(self, visit_id)
            QAccessible.registerAccessibleInterface(self._visits[visit_id])
        return self._visits[visit_id]

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        if not isinstance(child, VisitInterface):
            return -1
        return self.index_of(child.visit_id)

    def index_of(self, visit_id: int) -> int:
        for index, place in enumerate(self.grid.places):
            if place.visit.id == visit_id:
                return index
        return -1

    def focusChild(self) -> QAccessibleInterface | None:
        if self.grid.selected_id is None:
            return None
        return self.child(self.index_of(self.grid.selected_id))

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:
        viewport = self.grid.viewport()
        place = self.grid.visit_under(viewport.mapFromGlobal(QRect(x, y, 1, 1).topLeft()))
        return self.child(self.index_of(place.visit.id)) if place else None

    def rect(self) -> QRect:
        return QRect(self.grid.mapToGlobal(self.grid.rect().topLeft()), self.grid.size())

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.List

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        state.focusable = True
        state.focused = self.grid.hasFocus()
        state.invisible = not self.grid.isVisible()
        return state

    def text(self, kind: QAccessible.Text) -> str:
        if kind == QAccessible.Text.Name:
            return self.grid.accessibleName()
        if kind == QAccessible.Text.Description:
            return self.grid.accessibleDescription()
        return ""

    def setText(self, kind: QAccessible.Text, text: str) -> None:
        """A reader does not rename the day."""

    def backgroundColor(self) -> QColor:
        return self.grid.palette().base().color()

    def foregroundColor(self) -> QColor:
        return self.grid.palette().text().color()


class VisitInterface(QAccessibleInterface):
    """One visit; it looks its words and place up when asked, so a reload never leaves it stale."""

    def __init__(self, grid: GridInterface, visit_id: int):
        super().__init__()
        self._grid = grid
        self.visit_id = visit_id

    def isValid(self) -> bool:
        return self._grid.grid.place_of(self.visit_id) is not None

    def object(self) -> QObject | None:
        return None

    def window(self) -> QWindow | None:
        return self._grid.window()

    def parent(self) -> QAccessibleInterface:
        return self._grid

    def childCount(self) -> int:
        return 0

    def child(self, index: int) -> QAccessibleInterface | None:
        return None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return -1

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:
        return None

    def rect(self) -> QRect:
        grid = self._grid.grid
        area = grid.rect_of(self.visit_id)
        return QRect(grid.viewport().mapToGlobal(area.topLeft()), area.size())

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.ListItem

    def state(self) -> QAccessible.State:
        grid = self._grid.grid
        state = QAccessible.State()
        state.selectable = state.focusable = True
        state.selected = grid.selected_id == self.visit_id
        state.focused = state.selected and grid.hasFocus()
        state.offscreen = not grid.viewport().rect().intersects(grid.rect_of(self.visit_id))
        return state

    def text(self, kind: QAccessible.Text) -> str:
        place = self._grid.grid.place_of(self.visit_id)
        if place is None or kind != QAccessible.Text.Name:
            return ""
        return words.spoken(place.visit, self._grid.grid.formats)

    def setText(self, kind: QAccessible.Text, text: str) -> None:
        """Visits are changed in their pane."""


def _factory(class_name: str, thing: QObject | None) -> QAccessibleInterface | None:
    if not isinstance(thing, DayGrid):
        return None
    key = id(thing)
    if key not in _GRIDS or _GRIDS[key].grid is not thing:
        _GRIDS[key] = GridInterface(thing)
        thing.destroyed.connect(lambda: _GRIDS.pop(key, None))
    return _GRIDS[key]


def install() -> None:
    """Let screen readers into every day view made from now on."""
    if not getattr(install, "done", False):
        QAccessible.installFactory(_factory)
        install.done = True  # type: ignore[attr-defined]
