"""What every change to a visit shares: the door it goes through, its stamp, and who was faster."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.calendar import VisitStatus
from medsec_desktop.domain.people import PersonName
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import Appointment, AppointmentEvent
from medsec_desktop.problems import Conflict, Invalid, Link
from medsec_desktop.services.calendar import reading
from medsec_desktop.services.calendar.records import (
    AppointmentDetail,
    AppointmentRow,
    BookingDraft,
)
from medsec_desktop.services.practice import Practice
from medsec_desktop.services.saving import insert_row, save_row
from medsec_desktop.services.session import Session

# Today is read at the start of the program, which does without what judges a booking.
if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from medsec_desktop.services.calendar.judging import Judge


class Changing:
    """Reads one visit and writes it back, with its stamp, at the version it was read."""

    def __init__(self, session: Session, practice: Practice):
        self._session = session
        self._db = session.db
        self._practice = practice
        # Run inside the operation, so that what follows from a visit is done and undone with it.
        self.after_booking: list[Callable[[int, BookingDraft], None]] = []
        self.after_freed: list[Callable[[int], None]] = []  # cancelled, missed or left, not moved

    @cached_property
    def _judge(self) -> Judge:
        from medsec_desktop.services.calendar.judging import Judge

        return Judge(self._session, self._practice)

    def appointment(self, appointment_id: int) -> AppointmentDetail:
        """One visit. Raises Conflict when there is no longer such a one."""
        detail = reading.detail(self._db, self._session.clock.today(), appointment_id)
        if detail is None:
            raise Conflict(
                "This visit is no longer there.",
                remedy="The day is shown as it is now; choose again.",
            )
        return detail

    def successor(self, appointment_id: int) -> int | None:
        """The visit this one was moved to, or None while it stands itself."""
        found: int | None = self._db.value(
            "SELECT id FROM appointment WHERE rescheduled_from_id = ? ORDER BY id DESC LIMIT 1",
            (appointment_id,),
        )
        return found

    def standing(self, appointment_id: int) -> int:
        """The visit that stands now for one that may have been moved, however often."""
        while (following := self.successor(appointment_id)) is not None:
            appointment_id = following
        return appointment_id

    def what_became_of(self, row: AppointmentRow) -> int:
        """The visit that stands for one shown: where it went, or whence it came if that was undone."""
        try:
            self.appointment(row.id)
        except Conflict:
            return row.rescheduled_from_id or row.id
        return self.standing(row.id)

    # -- inside -------------------------------------------------------------------------------

    @contextmanager
    def _changing(
        self, label: str, patient_id: int, reason: str, initiator: object | None
    ) -> Iterator[None]:
        with self._session.change(
            label,
            Permission.EDIT_CALENDAR,
            patient_id=patient_id,
            reason=reason,
            initiator=initiator,
        ):
            yield

    def _read(self, appointment_id: int, version: int) -> AppointmentDetail:
        """The visit, still at the version it was shown at. Raises Conflict."""
        detail = self.appointment(appointment_id)
        if detail.row.version != version:
            raise self._moved_on(detail)
        return detail

    def _save(self, appointment_id: int, version: int, fields: dict[str, Any]) -> None:
        try:
            save_row(Appointment, appointment_id, version, **fields)
        except Conflict as conflict:
            raise self._moved_on(self.appointment(appointment_id)) from conflict

    def _stamp(
        self,
        appointment_id: int,
        status: VisitStatus,
        detail: str = "",
        *,
        is_late: bool = False,
        is_correction: bool = False,
    ) -> None:
        insert_row(
            AppointmentEvent,
            appointment_id=appointment_id,
            status=str(status),
            at=self._now_text(),
            detail=detail,
            is_late=is_late,
            is_correction=is_correction,
        )

    def _freed(self, appointment_id: int) -> None:
        for follow in self.after_freed:
            follow(appointment_id)

    def _moved_on(self, detail: AppointmentDetail) -> Conflict:
        row = detail.row
        by = self._db.one(
            "SELECT o.user_name, o.label FROM row_change c JOIN operation o ON o.id = c.operation_id"
            " WHERE c.table_name = 'appointment' AND c.row_id = ? ORDER BY c.id DESC LIMIT 1",
            (row.id,),
        )
        who = f" by {by[0]}" if by else ""
        standing = self.standing(row.id)
        if standing != row.id:
            row = self.appointment(standing).row
        where = f"{self._when(row.starts_at)}, {row.duration_min} minutes with {row.provider_name}"
        return Conflict(
            f"This visit was changed{who} while you had it open.",
            f"It is now {status_word(row.status)}: {where}.",
            "Look at both, then save again.",
            (self._link(row),),
        )

    def _patient_name(self, patient_id: int) -> str:
        row = self._db.one(
            "SELECT family_name, given_name, middle_name, name_prefix, name_suffix,"
            " preferred_name FROM patient WHERE id = ?",
            (patient_id,),
        )
        if row is None:
            raise Invalid("Choose a patient.", field="patient_id")
        return PersonName(*row).listed

    def _visits(self, where: str, *params: Any) -> tuple[AppointmentRow, ...]:
        return reading.visits(self._db, self._session.clock.today(), where, params)

    def _link(self, row: AppointmentRow) -> Link:
        return Link("appointment", str(row.id), f"{row.patient_name}, {self._when(row.starts_at)}")

    def _who_and_when(self, row: AppointmentRow) -> str:
        return f"{row.patient_name}, {self._when(row.starts_at)}"

    def _when(self, at: datetime) -> str:
        formats = self._practice.formats
        return f"{formats.short_date(at.date())}, {formats.time(at)}"

    def _now_text(self) -> str:
        return self._session.clock.now().isoformat(timespec="minutes")


def status_word(status: VisitStatus) -> str:
    """How a visit stands, inside a sentence: “is a no-show”, “is in progress”."""
    words = {
        VisitStatus.NO_SHOW: "a no-show",
        VisitStatus.IN_ROOM: "in progress",
        VisitStatus.LEFT: "one the patient left unseen",
    }
    return words.get(status, status.value)
