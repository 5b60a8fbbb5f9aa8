"""The strip under the header: the message at the left, parked work at the right."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout

from medsec_desktop.problems import Link
from medsec_desktop.ui.desk import Desk
from medsec_desktop.ui.drafts_strip import DraftsStrip
from medsec_desktop.ui.message_bar import MessageBar
from medsec_desktop.ui.report import Message


class Strip(QFrame):
    """Shares its width: the message has what it needs, parked work the rest, down to one button.

    Its height is always kept, so that a message moves nothing below it.
    """

    def __init__(
        self, desk: Desk, undo: Callable[[int], object], open_link: Callable[[Link], object]
    ):
        super().__init__()
        self.setObjectName("strip")
        self._theme = desk.theme
        self.messages = MessageBar(desk.theme, undo, open_link)
        self.drafts = DraftsStrip(desk.theme, desk.drafts)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 4)
        row.setSpacing(12)
        row.addWidget(self.messages, 1)
        row.addWidget(self.drafts)
        self.messages.cleared.connect(self._share)
        desk.messages.said.connect(self._say)
        desk.drafts.changed.connect(self._show_drafts)
        desk.theme.changed.connect(self._restyle)
        self._restyle()

    def _say(self, message: Message) -> None:
        self.messages.show_message(message)
        self._share()

    def _show_drafts(self) -> None:
        self.drafts.reload()
        self._share()

    def _share(self) -> None:
        room = self.width() - 48 - self.messages.wanted_width
        self.drafts.give_room(max(room, self._theme.px(120)))
        # Now rather than in Qt's next round, which would first wrap the message into the old width.
        for part in (self.drafts, self.messages, self):
            part.layout().activate()

    def _restyle(self) -> None:
        # Room for the Undo button even while it is hidden.
        self.setMinimumHeight(self._theme.px(20) + 20)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()
