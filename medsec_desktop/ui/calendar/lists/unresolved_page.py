"""Visits nobody has answered for: one key each says what became of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.services.calendar import AppointmentRow
from medsec_desktop.ui.calendar import words
from medsec_desktop.ui.calendar.booking.verbs import VisitVerbs
from medsec_desktop.ui.calendar.lists.waiting_visits import WaitingVisits
from medsec_desktop.ui.rows import Column
from medsec_desktop.ui.widgets import PlainButton

if TYPE_CHECKING:
    from medsec_desktop.ui.calendar.tab import CalendarTab


class UnresolvedPage(WaitingVisits):
    """Earlier days' visits still open, and today's long over; nothing is answered by itself."""

    title = "Unresolved visits"
    help_page = "booking"
    permission = Permission.EDIT_CALENDAR
    reads_again = ("appointment", "patient", "provider")
    settled_by = "to answer. One key says what became of the one selected; Ctrl+Z takes it back."

    def __init__(self, tab: CalendarTab):
        super().__init__(
            tab,
            tab.desk.office.calendar.unresolved,
            attrgetter("id"),
            Column("Stands as", words.status, None, 0),
            (
                "Every visit has its answer",
                "Visits of earlier days that nobody answered for are listed here, and today’s nobody "
                "came for, an hour after their end.",
            ),
        )
        self.list.chosen.connect(lambda _: self.open_visit())
        verbs = VisitVerbs(tab.desk, self)
        answers: tuple[tuple[str, str, Callable[[AppointmentRow], object]], ...] = (
            ("D", "Done", verbs.finish),
            ("N", "Did not come", verbs.no_show),
            ("L", "Left unseen", verbs.leave),
            ("C", "Patient cancelled", lambda visit: verbs.cancel(visit, "patient")),
            ("K", "Clinic cancelled", lambda visit: verbs.cancel(visit, "clinic")),
        )
        self._answers = {key: run for key, _, run in answers}
        self.buttons = {
            key: PlainButton(f"{text} ({key})", partial(self.answer, key))
            for key, text, _ in answers
        }
        letters = {key: partial(self.answer, key) for key in self.buttons}
        self.settle_by(tuple(self.buttons.values()), letters)
        self.open_button.setToolTip("Enter")

    def answer(self, key: str) -> None:
        """Say of the visit selected what the key stands for."""
        visit = self.list.current_row()
        if visit is not None:
            self._answers[key](visit)
            self.list.setFocus()
