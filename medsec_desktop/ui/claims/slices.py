"""Work of many small steps, done between two events of the screen, so that no key waits for it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, QTimer

_SLICE_MS = 8.0  # then keys, the mouse and painting have their turn


class Slices(QObject):
    """`begin` takes steps, of which each is a few milliseconds; new ones take the place of the old."""

    def __init__(self, parent: QObject | None = None, after: Callable[[], object] = lambda: None):
        """`after` is called after each slice, before anything is painted."""
        super().__init__(parent)
        self._after = after
        self._steps: Iterator[None] = iter(())
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._go_on)

    @property
    def is_running(self) -> bool:
        return self._timer.isActive()

    def begin(self, steps: Iterator[None]) -> None:
        """Do the first slice now, and the rest between the events to come."""
        self._steps = steps
        self._timer.start(0)
        self._go_on()

    def stop(self) -> None:
        self._timer.stop()
        self._steps = iter(())

    def _go_on(self) -> None:
        ends = time.perf_counter() + _SLICE_MS / 1000
        for _ in self._steps:
            if time.perf_counter() >= ends:
                break
        else:
            self._timer.stop()
        self._after()
