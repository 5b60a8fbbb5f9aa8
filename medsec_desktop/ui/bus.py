"""Tells every screen which rows changed, always on the screen's own thread."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

if TYPE_CHECKING:
    from medsec_desktop.services.session import Changes, Session


class Bus(QObject):
    """`changed` carries the `Changes` of each committed operation; connect a bound method to it."""

    changed = Signal(object)
    _committed_elsewhere = Signal(object)

    def __init__(self, session: Session | None = None, parent: QObject | None = None):
        super().__init__(parent)
        self.last_operation_id: int | None = None
        self._home = threading.get_ident()
        self._committed_elsewhere.connect(self._publish, Qt.ConnectionType.QueuedConnection)
        if session is not None:
            session.subscribe(self.committed)

    def committed(self, changes: Changes) -> None:
        """Take the news from whichever thread committed it."""
        # Python's own question: asking Qt from a thread it did not start has crashed it.
        if threading.get_ident() == self._home:
            self._publish(changes)
        else:
            self._committed_elsewhere.emit(changes)

    @Slot(object)
    def _publish(self, changes: Changes) -> None:
        self.last_operation_id = changes.operation_id
        self.changed.emit(changes)
