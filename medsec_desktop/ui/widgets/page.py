"""What stands beside a tab's main place, and what takes that place for a while."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from medsec_desktop.ui.widgets.buttons import IconButton
from medsec_desktop.ui.widgets.labels import Hairline, Text
from medsec_desktop.ui.widgets.scrolled import EDGE

if TYPE_CHECKING:
    from medsec_desktop.services.session import Changes


class Panel(QWidget):
    """A titled place of a tab with a way out: Escape, or the cross in its head.

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

    def __init__(self, tab: Any):
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
    """A panel in the main place: its head stands where the tab's own line did."""

    heading_kind = "title"
    new_text = ""  # what Ctrl+N makes here in place of the tab's own new thing
    foot: tuple[QWidget, ...] = ()  # its last row of buttons, which no message may cover

    @property
    def foot_height(self) -> int:
        """How much of the page its last row of buttons takes, in pixels; 0 while none is shown."""
        tops = [part.mapTo(self, QPoint(0, 0)).y() for part in self.foot if part.isVisible()]
        return self.height() - min(tops) if tops else 0

    def new_thing(self) -> None:
        """Make what `new_text` says."""

    @property
    def patient_at_hand(self) -> int | None:
        """Whom the row in front is about; None where there is none."""
        return None

    @property
    def visit_at_hand(self) -> int | None:
        """Which visit the row in front is about; None where it is about none."""
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
