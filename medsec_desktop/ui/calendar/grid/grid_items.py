"""What stands on the time grid, one by one, as a screen reader walks it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QAccessible

from medsec_desktop.ui.calendar import words
from medsec_desktop.ui.calendar.grid import captions
from medsec_desktop.ui.calendar.grid.geometry import Banner, Marked, Placed

if TYPE_CHECKING:
    from medsec_desktop.services.calendar.views import GridView
    from medsec_desktop.ui.calendar.grid.time_grid import TimeGrid

Key = tuple[str, int, int]  # what it is, its number, its column


class GridItems:
    """Notes above the days, then each column's head and what stands in it, by time."""

    def __init__(self, grid: TimeGrid):
        self._grid = grid
        self._keys: list[Key] | None = None  # made when asked for: few desks have a reader

    def forget(self) -> None:
        """Something else is shown now."""
        self._keys = None

    def order(self) -> list[Key]:
        """All items in reading order."""
        if self._grid.view is None:
            return []
        if self._keys is None:
            self._keys = self._listed(self._grid.view)
        return self._keys

    def _listed(self, view: GridView) -> list[Key]:
        keys: list[Key] = [("banner", each.note.id, each.first) for each in self._grid.banners]
        inside: dict[int, list[tuple[int, Key]]] = {}
        for place in self._grid.places:
            key = ("visit", place.visit.id, place.column)
            inside.setdefault(place.column, []).append((place.span.starts_min, key))
        for mark in self._grid.marks:
            inside.setdefault(mark.column, []).append((mark.span.starts_min, mark.key))
        for index in range(len(view.columns)):
            keys.append(("column", index, index))
            keys += [key for _, key in sorted(inside.get(index, ()))]
        return keys

    def _item(self, key: Key) -> Placed | Marked | Banner | None:
        kind, number, column = key
        found: list[Placed | Marked | Banner]
        if kind == "visit":
            found = [place for place in self._grid.places_of(number) if place.column == column]
        elif kind == "banner":
            banners = self._grid.banners
            found = [each for each in banners if (each.note.id, each.first) == (number, column)]
        else:
            found = [mark for mark in self._grid.marks if mark.key == key]
        return found[0] if found else None

    def text(self, key: Key) -> str:
        """An item in a sentence."""
        grid = self._grid
        assert grid.view is not None
        column = grid.view.columns[key[2]]
        if key[0] == "column":
            return captions.spoken_column(column, grid.view, grid.formats)
        item = self._item(key)
        if isinstance(item, Placed):
            return words.spoken(item.visit, grid.formats)
        if isinstance(item, Marked):
            return captions.spoken_mark(item, column, grid.now(), grid.formats)
        return captions.spoken_note(item.note, grid.formats) if item is not None else ""

    def rect(self, key: Key) -> QRect:
        """Where an item lies, in pixels of the viewport."""
        measures = self._grid.measures
        if key[0] == "column":
            area = measures.column_rect(key[1])
            return QRect(area.left(), 0, area.width(), measures.header)
        item = self._item(key)
        if item is None:
            return QRect()
        if isinstance(item, Banner):
            return measures.banner_rect(item)
        return measures.visit_rect(item)

    def role(self, key: Key) -> QAccessible.Role:
        is_head = key[0] == "column"
        return QAccessible.Role.ColumnHeader if is_head else QAccessible.Role.ListItem

    def at(self, point: QPoint) -> Key | None:
        """The item at a point of the viewport."""
        grid = self._grid
        place, mark, banner = (
            grid.visit_under(point), grid.mark_under(point), grid.note_under(point),
        )  # fmt: skip
        if place is not None:
            return ("visit", place.visit.id, place.column)
        if mark is not None:
            return mark.key
        return ("banner", banner.note.id, banner.first) if banner is not None else None

    def current(self) -> Key | None:
        """What the keyboard stands on, other than free time."""
        place = self._grid.place_of(self._grid.selected_id)
        if place is not None:
            return ("visit", place.visit.id, place.column)
        mark = self._grid.mark_at_cursor
        return mark.key if mark is not None else None
