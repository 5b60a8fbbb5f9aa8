"""What becomes of a visit, said in one call: done, told in the message bar, with Undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from medsec_desktop.domain.calendar import STATUS_WORDS, VisitStatus
from medsec_desktop.services.calendar import AppointmentRow
from medsec_desktop.ui.report import guarded

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk


class VisitVerbs:
    """Each answers whether it was done; what was in the way is in the message bar."""

    def __init__(self, desk: Desk, initiator: object | None = None):
        self._desk = desk
        self._initiator = initiator

    def confirm(self, visit: AppointmentRow, how: str) -> bool:
        """She says she comes (`how` "person"), or it was left on a "machine"."""
        book = self._desk.office.calendar
        said = "Confirmed" if how == "person" else "Message left"
        return self._do(
            visit, said, lambda: book.confirm(visit.id, visit.version, how, self._initiator)
        )

    def arrive(self, visit: AppointmentRow) -> bool:
        book = self._desk.office.calendar
        return self._do(
            visit, "Arrived", lambda: book.arrive(visit.id, visit.version, self._initiator)
        )

    def move_on(self, visit: AppointmentRow) -> bool:
        """From the waiting room to the room, from there to done."""
        book = self._desk.office.calendar
        in_room = visit.status == VisitStatus.ARRIVED
        return self._do(
            visit,
            "In room" if in_room else "Done",
            lambda: book.move_on(visit.id, visit.version, self._initiator),
        )

    def finish(self, visit: AppointmentRow) -> bool:
        book = self._desk.office.calendar
        return self._do(
            visit, "Done", lambda: book.finish(visit.id, visit.version, self._initiator)
        )

    def no_show(self, visit: AppointmentRow, reason: str = "") -> bool:
        book = self._desk.office.calendar
        return self._do(
            visit,
            "Did not come",
            lambda: book.no_show(visit.id, visit.version, reason, self._initiator),
        )

    def leave(self, visit: AppointmentRow, reason: str = "") -> bool:
        book = self._desk.office.calendar
        return self._do(
            visit,
            "Left without being seen",
            lambda: book.leave(visit.id, visit.version, reason, self._initiator),
        )

    def cancel(self, visit: AppointmentRow, by: str = "patient", reason: str = "") -> bool:
        book = self._desk.office.calendar
        return self._do(
            visit,
            "Cancelled",
            lambda: book.cancel(visit.id, visit.version, by, reason, self._initiator),
        )

    def correct(
        self, visit: AppointmentRow, status: VisitStatus, reason: str, by: str = "patient"
    ) -> bool:
        book = self._desk.office.calendar
        return self._do(
            visit,
            f"Corrected to “{STATUS_WORDS[status].lower()}”",
            lambda: book.correct(visit.id, visit.version, status, reason, by, self._initiator),
        )

    def _do(self, visit: AppointmentRow, said: str, change: Callable[[], object]) -> bool:
        def run() -> bool:
            change()
            return True

        if not guarded(self._desk, run):
            return False
        formats = self._desk.office.formats
        when = f"{formats.short_date(visit.starts_at.date())}, {formats.time(visit.starts_at)}"
        self._desk.messages.say(f"{said}: {visit.patient_name}, {when}.", undo=True)
        return True
