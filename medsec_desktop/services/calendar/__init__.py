"""The appointment book: what a day holds, and booking, moving and cancelling visits."""

from medsec_desktop.services.calendar.calendar import Calendar
from medsec_desktop.services.calendar.records import (
    AppointmentDetail,
    AppointmentRow,
    BookingDraft,
    DayView,
    EventRow,
    PatientCard,
    ProviderColumn,
)

__all__ = [
    "AppointmentDetail",
    "AppointmentRow",
    "BookingDraft",
    "Calendar",
    "DayView",
    "EventRow",
    "PatientCard",
    "ProviderColumn",
]
