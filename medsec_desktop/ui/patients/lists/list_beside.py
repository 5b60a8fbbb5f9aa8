"""A list of patients' matters with a card beside it: what is selected is told and dealt with there."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from medsec_desktop.ui.rows import RowsView
from medsec_desktop.ui.widgets import EmptyState, Hairline, Text
from medsec_desktop.ui.widgets.page import Page
from medsec_desktop.ui.widgets.scrolled import ScrolledColumn


class ListBesideCard(Page):
    """Subclasses make `remark`, `table`, `nothing` and `card`, then call `lay_beside`."""

    card_width = 344  # pixels at normal zoom
    remark: Text
    table: RowsView
    nothing: EmptyState
    card: QWidget

    def lay_beside(self, title: str, more: QWidget) -> None:
        """Put the list and its card beside each other, `more` after the remark above them."""
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self.remark)
        top.addWidget(more)
        top.addStretch(1)
        self.right = ScrolledColumn(title)
        self.right.column.setContentsMargins(0, 0, 0, 0)
        self.right.column.addWidget(self.card)
        self.line = Hairline(vertical=True)
        below = QHBoxLayout()
        below.setSpacing(0)
        below.addWidget(self.table, 1)
        below.addWidget(self.nothing, 1)
        below.addWidget(self.line)
        below.addWidget(self.right)
        self.body.addLayout(top)
        self.body.addLayout(below, 1)

    def _fit(self) -> None:
        self.right.setFixedWidth(self.desk.theme.px(self.card_width))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
