"""Claims: not here yet, and says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from medsec_desktop.ui.widgets.empty import EmptyState
from medsec_desktop.ui.widgets.tab import Tab

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk


class ClaimsTab(Tab):
    """What will be here, in a sentence; nothing that looks as if it worked."""

    title = "Claims"
    icon = "receipt-text"
    help_page = "claims"

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(desk, parent)
        self.empty = EmptyState(
            desk.theme,
            "receipt-text",
            "Claims come with a later version",
            "Visits will become CMS-1500 and 837P claims here, be checked before they leave, and "
            "be followed until they are paid. Coverages are already kept in each patient’s file.",
        )
        column = QVBoxLayout(self)
        column.addWidget(self.empty)

    def showing(self) -> None:
        self.setFocus()
