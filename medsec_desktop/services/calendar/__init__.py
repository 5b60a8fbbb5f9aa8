"""The appointment book: what a day holds, and booking, moving and cancelling visits."""

from medsec_desktop.services.calendar.calendar import Calendar
from medsec_desktop.services.calendar.records import (
    AppointmentDetail,
    AppointmentRow,
    BookingDraft,
    EventRow,
    PatientCard,
)

__all__ = [
    "AppointmentDetail",
    "AppointmentRow",
    "BookingDraft",
    "Calendar",
    "EventRow",
    "PatientCard",
]
