"""A view of the time grid with everything in its place, and the picture of it where one is painted."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from medsec_desktop.ui.calendar.grid.geometry import (
    MOST_BAND_ROWS,
    Geometry,
    Marked,
    Placed,
    banners,
    laid_out,
)

if TYPE_CHECKING:
    from datetime import date

    from PySide6.QtGui import QPixmap

    from medsec_desktop.services.calendar.views import GridView
    from medsec_desktop.ui.calendar.grid.look import Look


class Arranged:
    """What stands where in a view, before its pixels are known.

    A column is laid out when it is first asked for: a week of twelve people has sixty, of which a
    screen shows a dozen.
    """

    def __init__(self, view: GridView):
        self.view = view
        self.banners = banners(view)
        self._columns: dict[int, tuple[tuple[Placed, ...], tuple[Marked, ...]]] = {}
        self._columns_of: dict[int, list[int]] | None = None

    def places_in(self, column: int) -> tuple[Placed, ...]:
        """The visits of a column with their places, by time."""
        return self._laid_out(column)[0]

    def marks_in(self, column: int) -> tuple[Marked, ...]:
        """What else stands at a time of a column."""
        return self._laid_out(column)[1]

    def places_of(self, visit_id: int) -> tuple[Placed, ...]:
        """Every card of a visit: by provider and by room there may be two."""
        if self._columns_of is None:
            self._columns_of = {}
            for index, column in enumerate(self.view.columns):
                for visit in column.visits:
                    self._columns_of.setdefault(visit.id, []).append(index)
        columns = self._columns_of.get(visit_id, ())
        return tuple(p for c in columns for p in self.places_in(c) if p.visit.id == visit_id)

    @cached_property
    def places(self) -> tuple[Placed, ...]:
        """Every visit, column by column."""
        columns = range(len(self.view.columns))
        return tuple(place for column in columns for place in self.places_in(column))

    @cached_property
    def marks(self) -> tuple[Marked, ...]:
        """Every mark, column by column."""
        columns = range(len(self.view.columns))
        return tuple(mark for column in columns for mark in self.marks_in(column))

    @property
    def has_visits(self) -> bool:
        return any(column.visits for column in self.view.columns)

    @property
    def counts_down(self) -> bool:
        """Whether its picture is true only now: a hold says how long it still lasts."""
        return any(column.holds for column in self.view.columns)

    def _laid_out(self, column: int) -> tuple[tuple[Placed, ...], tuple[Marked, ...]]:
        known = self._columns.get(column)
        if known is None:
            known = self._columns[column] = laid_out(self.view, column)
        return known

    def shape(self, geometry: Geometry) -> None:
        """Tell the measures how many columns there are, and what stands above them."""
        view = self.view
        rows = max((banner.row + 1 for banner in self.banners), default=0)
        geometry.columns = len(view.columns)
        geometry.groups_shown = view.is_week and len(view.columns) > len(view.days)
        geometry.band_rows = min(rows, MOST_BAND_ROWS)


class Picture:
    """The still layer of a view as it looks at some measures, in a look, on a day."""

    def __init__(
        self, arranged: Arranged, layer: QPixmap, geometry: Geometry, look: Look, today: date
    ):
        self.arranged = arranged
        self.layer = layer
        self._geometry = replace(geometry)
        self._look = look
        self._today = today

    def holds(self, geometry: Geometry, look: Look, today: date) -> bool:
        """Whether the view would be painted the same again."""
        same = self._look is look and self._today == today and self._geometry == geometry
        return same and not self.arranged.counts_down
