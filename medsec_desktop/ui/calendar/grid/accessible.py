"""The calendar's painted views as a screen reader walks them: a list with an item for all that shows.

The time grid lists each column's head, then what stands in it; the month lists its days.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtGui import QAccessible, QAccessibleInterface, QColor, QWindow
from PySide6.QtWidgets import QAbstractScrollArea


class Items(Protocol):
    """What a painted view shows; keys say which item is which from one reload to the next."""

    def order(self) -> Sequence[Any]: ...

    def text(self, key: Any) -> str: ...

    def rect(self, key: Any) -> QRect: ...

    def role(self, key: Any) -> QAccessible.Role: ...

    def at(self, point: QPoint) -> Any: ...

    def current(self) -> Any: ...


# Qt owns an interface once it is handed out, but only Python keeps its methods alive.
_VIEWS: dict[int, ViewInterface] = {}


class ViewInterface(QAccessibleInterface):
    """A whole view; its children are what it shows, in reading order."""

    def __init__(self, view: Any):
        super().__init__()
        self.view = view
        self.items: Items = view.items
        self._children: dict[Any, ItemInterface] = {}

    def isValid(self) -> bool:
        return True

    def object(self) -> QObject:
        return self.view  # type: ignore[no-any-return]

    def window(self) -> QWindow | None:
        return self.view.window().windowHandle()  # type: ignore[no-any-return]

    def parent(self) -> QAccessibleInterface | None:
        return QAccessible.queryAccessibleInterface(self.view.parentWidget())

    def childCount(self) -> int:
        return len(self.items.order())

    def child(self, index: int) -> QAccessibleInterface | None:
        keys = self.items.order()
        return self._item(keys[index]) if 0 <= index < len(keys) else None

    def _item(self, key: Any) -> ItemInterface:
        if key not in self._children:
            self._children[key] = ItemInterface(self, key)
            QAccessible.registerAccessibleInterface(self._children[key])
        return self._children[key]

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        keys = list(self.items.order())
        if not isinstance(child, ItemInterface) or child.key not in keys:
            return -1
        return keys.index(child.key)

    def focusChild(self) -> QAccessibleInterface | None:
        key = self.items.current()
        return self._item(key) if key is not None and key in self.items.order() else None

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:
        key = self.items.at(self.view.viewport().mapFromGlobal(QPoint(x, y)))
        return self._item(key) if key is not None else None

    def rect(self) -> QRect:
        return QRect(self.view.mapToGlobal(self.view.rect().topLeft()), self.view.size())

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.List

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        state.focusable = True
        state.focused = self.view.hasFocus()
        state.invisible = not self.view.isVisible()
        return state

    def text(self, kind: QAccessible.Text) -> str:
        if kind == QAccessible.Text.Name:
            return self.view.accessibleName()  # type: ignore[no-any-return]
        if kind == QAccessible.Text.Description:
            return self.view.accessibleDescription()  # type: ignore[no-any-return]
        return ""

    def setText(self, kind: QAccessible.Text, text: str) -> None:
        """A reader does not rename the day."""

    def backgroundColor(self) -> QColor:
        return self.view.palette().base().color()  # type: ignore[no-any-return]

    def foregroundColor(self) -> QColor:
        return self.view.palette().text().color()  # type: ignore[no-any-return]


class ItemInterface(QAccessibleInterface):
    """One item; it looks its words and place up when asked, so a reload never leaves it stale."""

    def __init__(self, view: ViewInterface, key: Any):
        super().__init__()
        self._view = view
        self.key = key

    def isValid(self) -> bool:
        return self.key in self._view.items.order()

    def object(self) -> QObject | None:
        return None

    def window(self) -> QWindow | None:
        return self._view.window()

    def parent(self) -> QAccessibleInterface:
        return self._view

    def childCount(self) -> int:
        return 0

    def child(self, index: int) -> QAccessibleInterface | None:
        return None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return -1

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:
        return None

    def rect(self) -> QRect:
        view = self._view.view
        area = self._view.items.rect(self.key)
        return QRect(view.viewport().mapToGlobal(area.topLeft()), area.size())

    def role(self) -> QAccessible.Role:
        return self._view.items.role(self.key)

    def state(self) -> QAccessible.State:
        view = self._view.view
        state = QAccessible.State()
        state.selectable = state.focusable = True
        state.selected = self._view.items.current() == self.key
        state.focused = state.selected and view.hasFocus()
        state.offscreen = not view.viewport().rect().intersects(self._view.items.rect(self.key))
        return state

    def text(self, kind: QAccessible.Text) -> str:
        if kind != QAccessible.Text.Name or not self.isValid():
            return ""
        return self._view.items.text(self.key)  # type: ignore[no-any-return]

    def setText(self, kind: QAccessible.Text, text: str) -> None:
        """What is shown is changed in its pane."""


def _factory(class_name: str, thing: QObject | None) -> QAccessibleInterface | None:
    if not isinstance(thing, QAbstractScrollArea) or not hasattr(thing, "items"):
        return None
    key = id(thing)
    if key not in _VIEWS or _VIEWS[key].view is not thing:
        _VIEWS[key] = ViewInterface(thing)
        thing.destroyed.connect(lambda: _VIEWS.pop(key, None))
    return _VIEWS[key]


def install() -> None:
    """Let screen readers into every painted view made from now on."""
    if not getattr(install, "done", False):
        QAccessible.installFactory(_factory)
        install.done = True  # type: ignore[attr-defined]
