"""A part of a long page brought into sight, and kept there while the page finds its height."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

_SETTLES_MS = 400  # how long a page may go on growing after something was brought into sight


class InSight(QObject):
    """Scrolls to a part once it has its height.

    Words that wrap find theirs some rounds of events later, and push down what was in sight.
    """

    def __init__(self, scroll: QScrollArea):
        super().__init__(scroll)
        self._scroll = scroll
        self._part: QWidget | None = None  # what was brought into sight last
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(_SETTLES_MS)
        scroll.verticalScrollBar().rangeChanged.connect(lambda *_: self._height_changed())

    def bring(self, part: QWidget) -> None:
        """Show as much of it as there is room for, and in any case the field one types into."""
        # It has its height only after the layout has been asked for it: once now, for who is quick,
        # and once when all that was queued for it has happened.
        place: QWidget | None = part
        while place is not None and place is not self._scroll:
            QCoreApplication.sendPostedEvents(place, QEvent.Type.LayoutRequest.value)
            place = place.parentWidget()
        self._part = part
        self._settling.start()
        QTimer.singleShot(0, self, lambda: self._show(part))

    def _height_changed(self) -> None:
        if self._part is not None and self._settling.isActive():
            self._show(self._part)

    def _show(self, part: QWidget) -> None:
        self._scroll.ensureWidgetVisible(part, 0, 24)
        focus = QApplication.focusWidget()
        if focus is not None and part.isAncestorOf(focus):
            self._scroll.ensureWidgetVisible(focus, 0, 80)
