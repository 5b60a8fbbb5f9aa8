"""Python's cycle collector, kept on the screen's thread while others run.

A widget that is garbage is often part of a cycle (it holds the lambdas connected to it). Python
collects cycles on whichever thread happens to allocate next; a widget destroyed by a worker
thread takes the program down. So while there are workers, only this timer collects.
"""

from __future__ import annotations

import gc
from typing import ClassVar

from PySide6.QtCore import QObject, QTimer

_EVERY_MS = 500


class GarbageHere(QObject):
    """Collects on its own thread between `begin()` and `end()`; several may be at work at once."""

    _at_work: ClassVar[int] = 0

    def __init__(self, parent: QObject | None = None):
        super().__init__(parent)
        self._is_at_work = False
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.collect)

    def begin(self) -> None:
        """From now on no other thread collects."""
        if not self._is_at_work:
            self._is_at_work = True
            GarbageHere._at_work += 1
            gc.disable()
            self._timer.start()

    def end(self) -> None:
        """The other threads are gone: Python may collect where it likes again."""
        if self._is_at_work:
            self._is_at_work = False
            self._timer.stop()
            GarbageHere._at_work -= 1
            if not GarbageHere._at_work:
                gc.enable()

    def collect(self) -> None:
        """What the collector would have done by its own thresholds."""
        thresholds, counts = gc.get_threshold(), gc.get_count()
        for generation in (2, 1, 0):
            if counts[generation] > thresholds[generation]:
                gc.collect(generation)
                return
