"""The appointment book: what a day holds, and booking, moving and cancelling visits."""

from medsec_desktop.services.calendar.calendar import Calendar
from medsec_desktop.services.calendar.records import (
    NEWCOMER,
    AppointmentDetail,
    AppointmentRow,
    BookingDraft,
    EventRow,
    PatientCard,
)

__all__ = [
    "NEWCOMER",
    "AppointmentDetail",
    "AppointmentRow",
    "BookingDraft",
    "Calendar",
    "EventRow",
    "PatientCard",
]
