"""The base of the five tabs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from medsec_desktop.services.session import Changes
    from medsec_desktop.ui.desk import Desk


class Tab(QWidget):
    """One of the five places work is done; the window asks it only these few things."""

    title = ""
    icon = ""
    help_page = ""
    new_text = ""  # what Ctrl+N makes here, e.g. "New booking"; empty where nothing is made

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self.desk = desk
        self.setProperty("kind", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    @property
    def foot_height(self) -> int:
        """How much of the tab's foot holds buttons that a message must not cover, in pixels."""
        return 0

    @property
    def patient_id(self) -> int | None:
        """Whose file is open in front; None where none is."""
        return None

    @property
    def patient_at_hand(self) -> int | None:
        """Whom the tab is about at this moment: the file open, or the one selected in a list."""
        return self.patient_id

    @property
    def visit_at_hand(self) -> int | None:
        """The visit selected in front; None where none is."""
        return None

    @property
    def day_shown(self) -> date | None:
        """The day in front; None where the tab shows none."""
        return None

    @property
    def written_to(self) -> tuple[int, ...]:
        """Who got the letters to many that are in front; labels and envelopes begin with them."""
        return ()

    def visits_in_front(self) -> tuple[tuple[str, Sequence[object]], ...]:
        """The visits the tab shows otherwise than in a table, the narrowest choice first: name and rows."""
        return ()

    def new_thing(self) -> None:
        """Make the new thing of this tab (Ctrl+N)."""

    def showing(self) -> None:
        """The tab was brought to the front: show what is true now and take the focus."""

    def refresh(self, changes: Changes) -> None:
        """Rows changed, by this screen or another: show them."""

    def habits(self) -> dict[str, str]:
        """How this workstation likes the tab to look, by name; the window keeps it until next time."""
        return {}

    def take_habits(self, habits: dict[str, str]) -> None:
        """Look as `habits` says; what is not known any more is passed over."""
