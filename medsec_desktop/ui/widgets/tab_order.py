"""Tab goes through a form as the eye does, also where rows were added after it was built.

What a widget names in its `tabbed_last` comes after all else in it: the button above rows that adds one.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLayout, QScrollArea, QWidget

_IN_A_STEP = 12  # fields


def tab_as_laid_out(whole: QWidget) -> None:
    """Have Tab visit what is in the layouts of `whole` in the order in which it stands there."""
    before: QWidget | None = None
    for widget in _in_order(whole):
        if before is not None:
            QWidget.setTabOrder(before, widget)
        before = widget


def tab_in_steps(whole: QWidget) -> Iterator[None]:
    """The same for a long form, a few fields in each step, so that it holds up no key."""
    before: QWidget | None = None
    for at, widget in enumerate(_in_order(whole)):
        if before is not None:
            QWidget.setTabOrder(before, widget)
        before = widget
        if at % _IN_A_STEP == 0:
            yield


def _in_order(whole: QWidget) -> Iterator[QWidget]:
    is_scrolled = isinstance(whole, QScrollArea)
    if whole.focusPolicy() & Qt.FocusPolicy.TabFocus:
        yield whole
        if not is_scrolled:
            return
    if is_scrolled and whole.widget() is not None:
        yield from _in_order(whole.widget())
    elif (layout := whole.layout()) is not None:
        last: tuple[QWidget, ...] = getattr(whole, "tabbed_last", ())
        yield from (widget for widget in in_layout(layout) if widget not in last)
        yield from last


def in_layout(layout: QLayout) -> Iterator[QWidget]:
    """What Tab can reach in a layout, in the order in which it stands there."""
    places = list(range(layout.count()))
    if isinstance(layout, QGridLayout):
        places.sort(key=lambda place: layout.getItemPosition(place)[:2])  # type: ignore[index]
    for place in places:
        item = layout.itemAt(place)
        assert item is not None
        if (widget := item.widget()) is not None:
            yield from _in_order(widget)
        elif (inner := item.layout()) is not None:
            yield from in_layout(inner)
