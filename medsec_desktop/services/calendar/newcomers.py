"""Somebody not on file yet: her file is opened by the very booking that needs it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.services.patients import filing

if TYPE_CHECKING:
    from medsec_desktop.domain.patients import PatientDraft
    from medsec_desktop.services.calendar import BookingDraft, Calendar
    from medsec_desktop.services.patients import Patients
    from medsec_desktop.services.session import Session


class Newcomers:
    """Books for people who call for the first time."""

    def __init__(self, session: Session, patients: Patients, calendar: Calendar):
        self._session = session
        self._patients = patients
        self._calendar = calendar

    def book(
        self,
        person: PatientDraft,
        draft: BookingDraft,
        override_reason: str = "",
        initiator: object | None = None,
    ) -> int:
        """Register her and book as one operation, undone as one; the visit's number.

        Where either is refused, nothing is kept of the other. Raises as `Patients.register` and
        `Calendar.book`.
        """
        with self._session.change(
            f"Register and book {person.name.listed}",
            Permission.EDIT_CALENDAR,
            patient_id=filing.next_patient_id(self._session.db),
            reason=override_reason.strip(),
            initiator=initiator,
        ):
            patient_id = self._patients.register(person, in_a_hurry=True)
            booking = replace(draft, patient_id=patient_id)
            return self._calendar.book(booking, override_reason, initiator)
