"""The time grid by keyboard: the time cursor walks, stretches, books and opens."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from medsec_desktop.domain.calendar import DAY_MIN, Span
from medsec_desktop.ui.calendar.grid.geometry import Placed

if TYPE_CHECKING:
    from medsec_desktop.ui.calendar.grid.time_grid import TimeGrid

_DAYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}
_USUAL_HOURS = (Span(8 * 60, 17 * 60),)
_ZOOM = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1}


class Keys:
    """What each key does on a grid that shows at least one column."""

    def __init__(self, grid: TimeGrid):
        self._grid = grid

    def press(self, event: QKeyEvent) -> bool:
        """Do what a key says; False leaves it to the window."""
        grid, key = self._grid, Qt.Key(event.key())
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        shift = Qt.KeyboardModifier.ShiftModifier
        if modifiers == Qt.KeyboardModifier.ControlModifier:
            return self._other_day(key) or self._cut_or_paste(key)
        if key in _ZOOM and modifiers in (Qt.KeyboardModifier.NoModifier, shift):
            grid.zoom_by(_ZOOM[key])  # on many keyboards + is a shifted key
        elif modifiers == shift and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._extend(grid.step_min if key == Qt.Key.Key_Down else -grid.step_min)
        elif modifiers:
            return self._begin_name(event)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            grid.enter()
        elif key == Qt.Key.Key_Delete:
            if grid.selected_id is not None:
                grid.cancel_wished.emit(grid.selected_id)
            elif grid.mark_at_cursor is not None:
                grid.mark_removed.emit(grid.mark_at_cursor)
        elif not self._walk(key):
            return self._begin_name(event)
        return True

    def _walk(self, key: Qt.Key) -> bool:
        grid = self._grid
        if grid.view is None or grid.cursor_at is None:
            return False
        column, span = grid.cursor_at.column, grid.cursor_at.span
        page = max(grid.measures.body.height() // grid.measures.hour_height - 1, 1) * 60
        hours = grid.view.columns[column].hours or _USUAL_HOURS
        targets = {
            Qt.Key.Key_Down: span.ends_min if grid.selected_id else span.starts_min + grid.step_min,
            Qt.Key.Key_Up: span.starts_min - grid.step_min,
            Qt.Key.Key_PageDown: span.starts_min + page,
            Qt.Key.Key_PageUp: span.starts_min - page,
            Qt.Key.Key_Home: hours[0].starts_min,
            Qt.Key.Key_End: hours[-1].ends_min - grid.step_min,
        }
        if key in targets:
            grid.go_to(column, targets[key])
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._sideways(1 if key == Qt.Key.Key_Right else -1)
        else:
            return False
        return True

    def _sideways(self, by: int) -> None:
        """To the next visit beside this one, else to the same time in the next column."""
        grid = self._grid
        if grid.view is None or grid.cursor_at is None:
            return
        beside = self._beside(by)
        if beside is not None:
            grid.select_visit(beside.visit.id)
            return
        column = grid.cursor_at.column + by
        if 0 <= column < len(grid.view.columns):
            minute = grid.cursor_at.span.starts_min
            grid.go_to(column, minute // grid.step_min * grid.step_min)

    def _beside(self, by: int) -> Placed | None:
        """The nearest visit to the left or right of the one selected, in its own column."""
        here = self._grid.place_of(self._grid.selected_id)
        if here is None:
            return None
        found = [
            place
            for place in self._grid.places_in(here.column)
            if place.span.overlaps(here.span) and (place.lane.index - here.lane.index) * by > 0
        ]
        return min(found, key=lambda place: abs(place.lane.index - here.lane.index), default=None)

    def _extend(self, by: int) -> None:
        """Make the stretch chosen longer or shorter; one step is the least."""
        grid, cursor = self._grid, self._grid.cursor_at
        if cursor is None or grid.selected_id is not None:
            return
        start = cursor.span.starts_min
        end = min(max(cursor.span.ends_min + by, start + grid.step_min), DAY_MIN)
        grid.set_cursor(replace(cursor, span=Span(start, end)))

    def _other_day(self, key: Qt.Key) -> bool:
        """A day or a week on; in a week view a week or four."""
        if key not in _DAYS:
            return False
        days = _DAYS[key]
        if self._grid.view is not None and self._grid.view.is_week:
            days *= 7 if abs(days) == 1 else 4
        self._grid.days_wished.emit(days)
        return True

    def _cut_or_paste(self, key: Qt.Key) -> bool:
        grid = self._grid
        if key == Qt.Key.Key_X and grid.selected_id is not None:
            grid.cut_wished.emit(grid.selected_id)
        elif key == Qt.Key.Key_V and grid.cursor_at is not None:
            grid.paste_wished.emit(grid.column_at_cursor, grid.cursor_at.span.starts_min)
        else:
            return False
        return True

    def _begin_name(self, event: QKeyEvent) -> bool:
        """A letter typed on free time begins a booking with that letter as the name."""
        grid, text = self._grid, event.text()
        command = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        is_letter = len(text) == 1 and text.isalpha() and not event.modifiers() & command
        if not is_letter or not grid.may_edit:
            return False
        if grid.selected_id is None:
            grid.enter()
            grid.typed.emit(text)
        return True
