"""The bottom line: who is logged in, which practice, parked work, whether it is safe, who waits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from medsec_desktop.ui.drafts_strip import DraftsStrip
from medsec_desktop.ui.jobs_strip import JobsStrip
from medsec_desktop.ui.widgets.buttons import PlainButton
from medsec_desktop.ui.widgets.labels import ElidedLabel, Text

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk


class StatusBar(QFrame):
    """Quiet facts that are always true; each one that leads somewhere is a button."""

    def __init__(
        self,
        desk: Desk,
        *,
        switch_user: Callable[[], object],
        show_waiting: Callable[[], object],
        back_up: Callable[[], object],
        parent: QWidget | None = None,
    ):
        super().__init__(parent)
        self.setObjectName("status")
        self._desk = desk
        theme = desk.theme
        self.user = PlainButton("", switch_user, kind="quiet")
        self.user.setToolTip("Switch user (Ctrl+Shift+U)")
        self._lock = QLabel()
        self._lock.setFixedSize(QSize(16, 16))
        self.practice = ElidedLabel()
        self.demo = Text("DEMO", "body")
        self.demo.setObjectName("demo")
        self.demo.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.demo.setToolTip("Everyone in this practice is invented.")
        self.drafts = DraftsStrip(theme, desk.drafts)
        self.jobs = JobsStrip(theme, desk.jobs)
        self.backup = PlainButton("", back_up, kind="quiet")
        self.waiting = PlainButton("", show_waiting, kind="quiet")
        for button, icon in (
            (self.user, "user"),
            (self.backup, "shield-check"),
            (self.waiting, "armchair"),
        ):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            theme.wear(button, icon, size=14)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 2, 8, 2)
        row.setSpacing(8)
        row.addWidget(self.user)
        row.addWidget(self._lock)
        row.addWidget(self.practice, 1)
        row.addWidget(self.drafts)
        row.addWidget(self.demo)
        row.addWidget(self.jobs)
        row.addWidget(self.backup)
        row.addWidget(self.waiting)
        theme.changed.connect(self._draw_lock)
        desk.drafts.changed.connect(self.drafts.reload)
        self._draw_lock()
        self.demo.hide()
        self.backup.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:  # a part came, went, or has other words
            self._share()
        return super().event(event)

    def _share(self) -> None:
        """Give parked work the free middle: what the facts on either side leave."""
        row = self.layout()
        shown = (row.itemAt(index).widget() for index in range(row.count()))
        others = [part for part in shown if part is not self.drafts and not part.isHidden()]
        used = sum(part.sizeHint().width() + row.spacing() for part in others)
        margins = row.contentsMargins()
        self.drafts.give_room(self.width() - used - margins.left() - margins.right())

    def _draw_lock(self) -> None:
        self._lock.setPixmap(self._desk.theme.pixmap("lock", "muted", 14, self.devicePixelRatioF()))

    def reload(self) -> None:
        """Read everything again."""
        from medsec_desktop.services.practice import settings

        office = self._desk.office
        user = office.session.user
        self.user.setText(user.name)
        self.user.setAccessibleName(f"Logged in: {user.name}, {user.role}. Switch user")
        name = office.practice.get(settings.PRACTICE_NAME) or office.session.db.path.parent.name
        self.practice.setText(f"{name} · encrypted")
        self.practice.setToolTip("The database and its files are encrypted on disk.")
        self.demo.setVisible(office.practice.get(settings.IS_DEMO))
        self.reload_waiting()

    def reload_waiting(self) -> None:
        """Count again who has arrived and waits."""
        count = self._desk.office.board.waiting()
        text = f"{count.waiting} waiting" if count.waiting else "Nobody waiting"
        if count.too_long:
            text += f", {count.too_long} too long"
        if text != self.waiting.text():
            self.waiting.setText(text)
            self.waiting.setAccessibleName(f"Waiting room: {text}. Show today")
            icon, colour = (
                ("triangle-alert", "warning") if count.too_long else ("armchair", "muted")
            )
            self._desk.theme.wear(self.waiting, icon, colour, 14)

    def show_backup(self, verified_at: datetime | None) -> None:
        """Say when a backup was last made and read back."""
        office = self._desk.office
        if verified_at is None:
            text, tip, icon, colour = (
                "No backup yet",
                "Back up now (Ctrl+Shift+B). Each backup is opened and checked after it is made.",
                "triangle-alert",
                "warning",
            )
        else:
            age_days = (office.clock.today() - verified_at.date()).days
            if age_days == 0:
                said = f"today {office.formats.time(verified_at)}"
            else:
                said = office.formats.date(verified_at.date())
            text = f"Backup checked {said}"
            tip = "Back up now (Ctrl+Shift+B)"
            icon, colour = (
                ("triangle-alert", "warning") if age_days > 3 else ("shield-check", "muted")
            )
        self.backup.setText(text)
        self.backup.setAccessibleName(f"{text}. Back up now")
        self.backup.setToolTip(tip)
        self._desk.theme.wear(self.backup, icon, colour, 14)
        self.backup.show()
