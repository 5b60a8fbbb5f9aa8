"""A view of the time grid with everything in its place, and the picture of it where one is painted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from medsec_desktop.ui.calendar.grid.geometry import (
    MOST_BAND_ROWS,
    Banner,
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


@dataclass(frozen=True, slots=True)
class Arranged:
    """What stands where in a view, before its pixels are known."""

    view: GridView
    places: tuple[Placed, ...]
    marks: tuple[Marked, ...]
    banners: tuple[Banner, ...]

    @classmethod
    def of(cls, view: GridView) -> Arranged:
        return cls(view, *laid_out(view), banners(view))

    @property
    def counts_down(self) -> bool:
        """Whether its picture is true only now: a hold says how long it still lasts."""
        return any(mark.kind == "hold" for mark in self.marks)

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
