"""Python's cycle collector, kept to moments at which nothing of Qt is half done.

A widget that is garbage is often part of a cycle (it holds the lambdas connected to it). Python
collects cycles wherever somebody happens to allocate next. On a worker thread, a widget destroyed
there takes the program down; and on the screen's own thread it may be in the middle of destroying
another object, whose locks the second one then waits for without end (seen with PySide 6.11: a
QObject looks for an override of its own while it holds them). So a program with a window collects
by this timer alone, from its first moment to its last.
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
        """No window and no thread needs it any more: Python may collect where it likes again."""
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
