"""From a visit to its claim: opened where there is one, made from its charges where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medsec_desktop.domain.claims.life import ClaimStatus
from medsec_desktop.ui.report import guarded

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk
    from medsec_desktop.ui.main_window import MainWindow

_GONE = (ClaimStatus.VOID, ClaimStatus.REPLACED)


class VisitClaim:
    """Binds it for the whole window; the visit is the one selected in the tab in front."""

    def __init__(self, desk: Desk, window: MainWindow):
        self._desk, self._window = desk, window
        desk.actions.bind("visit.claim", self.open, lambda: self._visit() is not None)

    def _visit(self) -> int | None:
        tab = self._window.tab
        return tab.visit_at_hand if tab is not None else None

    def open(self) -> None:
        """Show the claim of the visit, the first payer’s first; make it where there is none."""
        visit = self._visit()
        if visit is None:
            return
        claims = self._desk.office.claims
        rows = claims.of_visit(visit)
        standing = [row for row in rows if row.status not in _GONE]
        if standing:
            self._desk.go.show_claim(standing[0].id)
            return
        made = guarded(self._desk, lambda: claims.build_for_visit(visit))
        if made is not None:
            self._desk.go.show_claim(made)
            self._desk.messages.say("The claim of the visit is made.", undo=True)
