"""Files and stacks: what would go where, writing it, and everything that left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QStackedWidget

from medsec_desktop.ui.claims.batches_view import BatchesView
from medsec_desktop.ui.claims.plan_view import PlanView
from medsec_desktop.ui.widgets.buttons import TabButton
from medsec_desktop.ui.widgets.page import Page

if TYPE_CHECKING:
    from medsec_desktop.services.claims.files import FileReport
    from medsec_desktop.services.session import Changes
    from medsec_desktop.ui.claims.tab import ClaimsTab


class FilesPage(Page):
    """Two pages under one head: what would be written now, and what left."""

    title = "Files and stacks"
    help_page = "claim-files"

    def __init__(self, tab: ClaimsTab):
        super().__init__(tab)
        self.plan_view = PlanView(self.desk)
        self.batches_view = BatchesView(self.desk)
        self.pages = QStackedWidget()
        self.plan_button = TabButton("To be written", lambda: self.plan(None))
        self.batches_button = TabButton("What left", self.show_batches)
        group = QButtonGroup(self)
        bar = QFrame()
        bar.setObjectName("segments")
        row = QHBoxLayout(bar)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for button, page in (
            (self.plan_button, self.plan_view),
            (self.batches_button, self.batches_view),
        ):
            group.addButton(button)
            row.addWidget(button)
            self.pages.addWidget(page)
        self.header.insertWidget(1, bar)
        self.header.setStretch(0, 0)
        self.header.insertStretch(2, 1)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.addWidget(self.pages)
        self.plan_view.written.connect(self._written)
        self.foot = (self.plan_view.foot, self.batches_view.foot)

    def showing(self) -> None:
        self.take_focus()

    def take_focus(self) -> None:
        page = self.pages.currentWidget()
        if isinstance(page, PlanView | BatchesView):
            page.take_focus()

    def plan(self, ids: list[int] | None) -> None:
        """Look at what would be written, of these claims or of all that are ready."""
        self.plan_button.setChecked(True)
        self.pages.setCurrentWidget(self.plan_view)
        self.plan_view.plan(ids)

    def show_batches(self, batch_id: int | None = None) -> None:
        """Everything that left, the latest first."""
        self.batches_button.setChecked(True)
        self.pages.setCurrentWidget(self.batches_view)
        self.batches_view.reload(batch_id)
        self.batches_view.take_focus()

    def _written(self, report: FileReport) -> None:
        self.show_batches(report.batches[-1].id)

    def refresh(self, changes: Changes) -> None:
        if changes.touches("claim_batch") and self.pages.currentWidget() is self.batches_view:
            self.batches_view.reload()
