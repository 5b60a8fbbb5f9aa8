"""What stands beside the grid or takes its place: found by name, made when first asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from medsec_desktop.ui.calendar.scrolled import EDGE
from medsec_desktop.ui.widgets import Hairline, IconButton, Text

if TYPE_CHECKING:
    from medsec_desktop.services.session import Changes
    from medsec_desktop.ui.calendar.tab import CalendarTab

# name -> where it lives; a panel stands at the right of the grid, a page in the grid's place.
PANELS: dict[str, str] = {
    "find": "medsec_desktop.ui.calendar.finding.find_panel:FindPanel",
    "series": "medsec_desktop.ui.calendar.series.series_panel:SeriesPanel",
    "waiting": "medsec_desktop.ui.calendar.lists.waiting_panel:WaitingPanel",
    "pinboard": "medsec_desktop.ui.calendar.booking.pinboard:Pinboard",
    "recall": "medsec_desktop.ui.calendar.lists.recall_panel:RecallPanel",
    "block": "medsec_desktop.ui.calendar.marks.block_panel:BlockPanel",
    "note": "medsec_desktop.ui.calendar.marks.note_panel:NotePanel",
    "hold": "medsec_desktop.ui.calendar.marks.hold_panel:HoldPanel",
    "views": "medsec_desktop.ui.calendar.marks.views_panel:ViewsPanel",
}
PAGES: dict[str, str] = {
    "print": "medsec_desktop.ui.calendar.paper.print_page:PrintPage",
    "waiting": "medsec_desktop.ui.calendar.lists.waiting_page:WaitingPage",
    "recalls": "medsec_desktop.ui.calendar.lists.recalls_page:RecallsPage",
    "confirm": "medsec_desktop.ui.calendar.lists.confirm_page:ConfirmPage",
    "away": "medsec_desktop.ui.calendar.lists.away_page:AwayPage",
    "unresolved": "medsec_desktop.ui.calendar.lists.unresolved_page:UnresolvedPage",
    "outside": "medsec_desktop.ui.calendar.lists.outside_page:OutsidePage",
}


class Panel(QWidget):
    """A titled place of the calendar tab with a way out: Escape, or the cross in its head.

    `body` takes the content. `showing` is called when it comes to the front, `refresh` when rows
    have changed while it is there. A panel that `bleeds` gives its body the air at the right too,
    for a scrolled column with its bar; what stands beside that column is put `in_line`.
    """

    title = ""
    help_page = "calendar"
    heading_kind = "heading"
    bleeds = False
    stays = False  # beside the grid whatever is selected there; else a visit selected replaces it
    left = Signal()

    def __init__(self, tab: CalendarTab):
        super().__init__()
        self.tab, self.desk = tab, tab.desk
        self.heading = Text(self.title, self.heading_kind)
        self.close_button = IconButton(tab.desk.theme, "x", "Close", self.leave, key="Esc")
        self.header = QHBoxLayout()
        self.header.setSpacing(8)
        self.header.addWidget(self.heading, 1)
        self.header.addWidget(self.close_button)
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        self._lay_frame()
        self.setAccessibleName(self.title)

    def _lay_frame(self) -> None:
        self.header.setContentsMargins(0, 0, EDGE, 0)
        self.body.setContentsMargins(0, 0, 0 if self.bleeds else EDGE, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 0, 12)
        column.setSpacing(12)
        column.addLayout(self.header)
        column.addLayout(self.body, 1)

    def showing(self) -> None:
        """It has come to the front: read what is shown, and take the focus."""

    def refresh(self, changes: Changes) -> None:
        """Rows have changed while it is in front."""

    def leave(self) -> None:
        """Go back to what was there before."""
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)


class Page(Panel):
    """A panel in the grid's place: its head stands where the calendar's line of dates did."""

    heading_kind = "title"
    foot: tuple[QWidget, ...] = ()  # its last row of buttons, which no message may cover

    @property
    def foot_height(self) -> int:
        """How much of the page its last row of buttons takes, in pixels; 0 while none is shown."""
        tops = [part.mapTo(self, QPoint(0, 0)).y() for part in self.foot if part.isVisible()]
        return self.height() - min(tops) if tops else 0

    @property
    def patient_at_hand(self) -> int | None:
        """Whom the row in front is about; None where there is none."""
        return None

    def _lay_frame(self) -> None:
        self.head = QWidget()
        self.head.setLayout(self.header)
        self.header.setContentsMargins(16, 8, 16, 8)
        self.body.setContentsMargins(16, 12, 0 if self.bleeds else EDGE, 12)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(Hairline())
        column.addLayout(self.body, 1)


def make(home: str, tab: CalendarTab) -> Panel:
    """A panel or page by where it lives; its module is imported only now."""
    module, _, name = home.partition(":")
    return getattr(import_module(module), name)(tab)  # type: ignore[no-any-return]
