"""What stands beside the grid or takes its place: found by name, made when first asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from medsec_desktop.ui.calendar.tab import CalendarTab
    from medsec_desktop.ui.widgets.page import Panel

# name -> where it lives; a panel stands at the right of the grid, a page in the grid's place.
PANELS: dict[str, str] = {
    "find": "medsec_desktop.ui.calendar.finding.find_panel:FindPanel",
    "series": "medsec_desktop.ui.calendar.series.series_panel:SeriesPanel",
    "waiting": "medsec_desktop.ui.calendar.lists.waiting_panel:WaitingPanel",
    "pinboard": "medsec_desktop.ui.calendar.booking.pinboard:Pinboard",
    "recall": "medsec_desktop.ui.calendar.lists.recall_panel:RecallPanel",
    "block": "medsec_desktop.ui.calendar.marks.block_panel:BlockPanel",
    "note": "medsec_desktop.ui.calendar.marks.note_panel:NotePanel",
    "hold": "medsec_desktop.ui.calendar.marks.hold_panel:HoldPanel",
    "views": "medsec_desktop.ui.calendar.marks.views_panel:ViewsPanel",
}
PAGES: dict[str, str] = {
    "print": "medsec_desktop.ui.calendar.paper.print_page:PrintPage",
    "waiting": "medsec_desktop.ui.calendar.lists.waiting_page:WaitingPage",
    "recalls": "medsec_desktop.ui.calendar.lists.recalls_page:RecallsPage",
    "confirm": "medsec_desktop.ui.calendar.lists.confirm_page:ConfirmPage",
    "away": "medsec_desktop.ui.calendar.lists.away_page:AwayPage",
    "unresolved": "medsec_desktop.ui.calendar.lists.unresolved_page:UnresolvedPage",
    "uncharged": "medsec_desktop.ui.calendar.lists.uncharged_page:UnchargedPage",
    "outside": "medsec_desktop.ui.calendar.lists.outside_page:OutsidePage",
}


def make(home: str, tab: CalendarTab) -> Panel:
    """A panel or page by where it lives; its module is imported only now."""
    module, _, name = home.partition(":")
    return getattr(import_module(module), name)(tab)  # type: ignore[no-any-return]
