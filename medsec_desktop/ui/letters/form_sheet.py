"""A sheet over the window with a form in it, saved by Ctrl+Enter from any of its fields."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QWidget

from medsec_desktop.ui.theme import Theme
from medsec_desktop.ui.widgets import Banner, PlainButton, PrimaryButton


class FormSheet(QDialog):
    """Subclasses lay out `banner`, their fields and `foot`, and say what `save` does."""

    def __init__(self, theme: Theme, title: str, save: str, parent: QWidget | None):
        super().__init__(parent)
        self.setWindowTitle(title)
        self.banner = Banner(theme, "danger", "")
        self.banner.hide()
        self.save_button = PrimaryButton(save, self.save, tip="Ctrl+Enter")
        self.cancel_button = PlainButton("Cancel", self.reject)
        self.foot = QHBoxLayout()
        self.foot.setSpacing(8)
        self.foot.addStretch(1)
        self.foot.addWidget(self.cancel_button)
        self.foot.addWidget(self.save_button)
        self.finished.connect(self.deleteLater)

    def save(self) -> None:
        """Take what the fields say, or refuse it."""
        raise TypeError("each form saves in its own way")

    def refuse(self, why: str) -> None:
        """Say above the fields what is wrong."""
        self.banner.show_message("danger", why)
        self.banner.show()
        self._make_room()

    def _make_room(self) -> None:
        """Grow by what the message takes, so that fields and buttons stay in sight."""
        layout = self.layout()
        if layout is None:
            return
        layout.activate()
        wants = layout.totalHeightForWidth(self.width()) if layout.hasHeightForWidth() else 0
        wants = max(wants, layout.totalSizeHint().height())
        room = self.screen().availableGeometry()
        if wants <= self.height():
            return
        self.resize(self.width(), min(wants, room.height()))
        over = self.frameGeometry().bottom() - room.bottom()
        if over > 0:
            self.move(self.x(), max(self.y() - over, room.top()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and (
            event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self.save()
        else:
            super().keyPressEvent(event)
