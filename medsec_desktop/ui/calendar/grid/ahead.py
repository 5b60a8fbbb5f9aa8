"""The days next to those on the screen, read while the hands are free."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QTimer

from medsec_desktop.problems import Problem

if TYPE_CHECKING:
    from medsec_desktop.services.calendar.views import ColumnKey, GridView
    from medsec_desktop.ui.desk import Desk

_IDLE_MS = 150  # since the last step: longer than between two of a key held down
_FRESH_S = 60  # what is true only for a time (holds, alerts of a day) is read again after this
_MOST = 4


class Stretch(NamedTuple):
    """Days of the time grid, and whose."""

    days: tuple[date, ...]
    keys: tuple[ColumnKey, ...] | None
    kind: str
    with_cancelled: bool

    def moved(self, days: int) -> Stretch:
        return self._replace(days=tuple(day + timedelta(days=days) for day in self.days))


class ReadAhead(QObject):
    """Holds what has been read of the stretches beside the one shown.

    Whatever is committed anywhere makes all of it worthless: each stretch carries the number of the
    operation after which it was read.
    """

    def __init__(self, desk: Desk, prepare: Callable[[GridView], object], parent: QObject):
        super().__init__(parent)
        self._desk = desk
        self._prepare = prepare
        self._held: dict[Stretch, tuple[int | None, GridView]] = {}
        self._wished: list[Stretch] = []
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.timeout.connect(self._read_one)
        desk.bus.changed.connect(self._forget)

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to be read."""
        return not self._wished

    def view(self, stretch: Stretch, *, again: bool) -> GridView:
        """The stretch, as held or, with `again` in any case, read now; its neighbours come next."""
        view = (None if again else self._taken(stretch)) or self._read(stretch)
        self._keep(stretch, view)
        self._wish_for_neighbours(stretch)
        return view

    def rest(self) -> None:
        """Nobody looks at the grid: read nothing more."""
        self._wished.clear()
        self._idle.stop()

    def _wish_for_neighbours(self, stretch: Stretch) -> None:
        by = 7 if len(stretch.days) > 1 else 1
        nearby = (stretch.moved(by), stretch.moved(-by))
        self._wished = [each for each in nearby if self._taken(each) is None]
        self._idle.start(_IDLE_MS)

    def _read_one(self) -> None:
        """One stretch, or its picture; then the hands may come first again."""
        if not self._wished:
            return
        stretch = self._wished[0]
        known = self._taken(stretch)
        if known is not None:
            self._wished.pop(0)
            self._prepare(known)
        else:
            try:
                self._keep(stretch, self._read(stretch))
            except Problem:
                self._wished.clear()  # it is told to whoever goes there
        if self._wished:
            self._idle.start(0)

    def _read(self, stretch: Stretch) -> GridView:
        return self._desk.office.views.grid(
            stretch.days,
            stretch.keys,
            kind=stretch.kind,
            with_cancelled=stretch.with_cancelled,
        )

    def _taken(self, stretch: Stretch) -> GridView | None:
        operation_id, view = self._held.get(stretch, (None, None))
        if view is None or operation_id != self._desk.bus.last_operation_id:
            return None
        age = self._desk.office.clock.now() - view.read_at if view.read_at else timedelta.max
        return view if timedelta() <= age < timedelta(seconds=_FRESH_S) else None

    def _keep(self, stretch: Stretch, view: GridView) -> None:
        self._held.pop(stretch, None)
        self._held[stretch] = (self._desk.bus.last_operation_id, view)
        while len(self._held) > _MOST:
            del self._held[next(iter(self._held))]

    def _forget(self) -> None:
        self._held.clear()
        if self._wished:
            self._idle.start(_IDLE_MS)
