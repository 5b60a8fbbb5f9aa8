"""What the windows beside the main one have in common: a body, a foot of buttons, a bar that tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from medsec_desktop.ui.message_bar import MessageBar
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import Hairline, WindowBeside

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_AROUND = 64  # pixels of the screen that are left free


class SideWindow(WindowBeside):
    """Work goes on in the main window while it is open, and what was begun here waits meanwhile."""

    def __init__(self, desk: Desk, window: QWidget, title: str):
        super().__init__(window)
        self._desk = desk
        self.setWindowTitle(title)
        self.setAccessibleName(title)

    def open_at(self, width: int, height: int) -> None:
        """So large at normal zoom, as far as the screen has room."""
        room, px = self.screen().availableGeometry(), self._desk.theme.px
        self.resize(
            min(px(width), room.width() - _AROUND), min(px(height), room.height() - _AROUND)
        )

    def lay_in(self, *parts: QWidget | QLayout, foot: QHBoxLayout) -> QWidget:
        """The parts under each other, the last with what room is left, then the buttons; the body."""
        foot.setContentsMargins(24, 12, 24, 12)
        foot.setSpacing(8)
        body = QWidget()
        body.setProperty("kind", "surface")
        body.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        inside = QVBoxLayout(body)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        for part in parts:
            stretch = 1 if part is parts[-1] else 0
            if isinstance(part, QLayout):
                inside.addLayout(part, stretch)
            else:
                inside.addWidget(part, stretch)
        inside.addWidget(Hairline())
        inside.addLayout(foot)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(body)
        return body

    def tell_over(self, page: QWidget, parent: QWidget, foot: QHBoxLayout) -> MessageBar:
        """A bar that says what is said while one works in this window.

        It stands between the buttons of the `foot`, or over the foot of `page` what is longer.
        """
        desk = self._desk
        self.bar = MessageBar(desk.theme, self._undo, desk.go.open_link, parent=parent)
        self.bar.float_over(page, buttons=foot)
        self.bar.listen(desk.messages)
        return self.bar

    def _undo(self, operation_id: int) -> None:
        changes = guarded(self._desk, lambda: self._desk.office.session.undo(operation_id))
        if changes is not None:
            self._desk.messages.say(f"Undone: {changes.label}.")
