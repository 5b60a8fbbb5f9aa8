"""Books what is already whole, from wherever it was said, and shows it to be read back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from medsec_desktop.ui.report import guarded

if TYPE_CHECKING:
    from medsec_desktop.services.calendar import BookingDraft
    from medsec_desktop.ui.calendar.tab import CalendarTab


def book_at_once(tab: CalendarTab, drafts: Sequence[BookingDraft]) -> bool:
    """Book, with Undo and the summary to read back; several visits as one operation.

    A booking being filled in is parked first. Says why not, and gives False, where it cannot be.
    """
    office = tab.desk.office

    def book() -> tuple[int, ...]:
        if len(drafts) == 1:
            return (office.calendar.book(drafts[0], initiator=tab),)
        return office.finder.book_all(drafts, initiator=tab)

    booked = guarded(tab.desk, book)
    if not booked:
        return False
    if tab.pane.is_open:
        tab.pane.close_pane()
    tab.pane.booked.emit(booked[0])
    if len(booked) > 1:
        formats = office.formats
        when = "; ".join(
            f"{formats.short_date(draft.starts_at.date())}, {formats.time(draft.starts_at)}"
            for draft in drafts
        )
        tab.desk.messages.say(f"Booked {len(booked)} visits: {when}.", undo=True)
    return True
