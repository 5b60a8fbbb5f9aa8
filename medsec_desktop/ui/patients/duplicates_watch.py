"""Keeps the list of people on file twice in step with what is written, while nobody waits for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from medsec_desktop.problems import Unavailable

if TYPE_CHECKING:
    from medsec_desktop.services.progress import Progress
    from medsec_desktop.services.session import Changes
    from medsec_desktop.ui.desk import Desk

_AFTER_MS = 5_000  # without a further change
_COMPARED = ("patient", "patient_phone", "patient_address", "coverage")
_MOST_UNASKED = 20_000  # more files are compared for the first time only when somebody asks


class DuplicatesWatch(QObject):
    """A look at the start, and one some seconds after each change; in a thread of its own."""

    def __init__(self, desk: Desk, parent: QObject | None = None):
        super().__init__(parent)
        self._desk = desk
        self._is_looking = False
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(_AFTER_MS)
        self._wait.timeout.connect(self.look)
        desk.bus.changed.connect(self._changed)
        self._wait.start()

    def look(self) -> None:
        """Compare what was written since the last look."""
        office = self._desk.office
        if self._is_looking:
            self._wait.start()
        elif office.duplicates.is_searched or not office.patients.has_more_than(_MOST_UNASKED):
            self._is_looking = True
            self._desk.jobs.quietly(self._caught_up, self._looked)

    def stop(self) -> None:
        """Look no more: the practice is being closed."""
        self._wait.stop()
        self._wait.timeout.disconnect(self.look)  # a look still under way may ask for another
        self._desk.bus.changed.disconnect(self._changed)

    def _caught_up(self, progress: Progress) -> bool:
        try:
            self._desk.office.duplicates.catch_up(progress)
        except Unavailable:  # an import is writing: nobody asked for this, and it can wait
            return False
        return True

    def _looked(self, is_done: bool) -> None:
        self._is_looking = False
        if not is_done:
            self._wait.start()

    def _changed(self, changes: Changes) -> None:
        if changes.touches(*_COMPARED):
            self._wait.start()
