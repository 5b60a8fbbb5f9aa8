"""What the calendar says of a visit: on a hover, to a screen reader, and on the phone."""

from __future__ import annotations

from datetime import date, datetime

from medsec_desktop.domain.calendar import STATUS_WORDS, VisitStatus
from medsec_desktop.domain.formats import Formats
from medsec_desktop.services.calendar import AppointmentRow, EventRow


def hover(visit: AppointmentRow, formats: Formats) -> str:
    """A visit in a few lines: when, who, what, how it stands, what to mind."""
    what = " · ".join(part for part in (visit.type_name or "Visit", status(visit)) if part)
    lines = [
        f"{formats.span(visit.starts_at, visit.duration_min)} · {visit.duration_min} min",
        visit.patient_name,
        what,
        " · ".join(part for part in (visit.provider_name, visit.room_name) if part),
        visit.reason,
        *(f"⚠ {line}" for line in visit.alert.splitlines()),
    ]
    return "\n".join(line for line in lines if line)


def status(visit: AppointmentRow) -> str:
    """How a visit stands, and how it was confirmed."""
    if visit.status == VisitStatus.CONFIRMED and visit.confirmed_how == "machine":
        return "Confirmed: message left"
    return STATUS_WORDS[visit.status]


_CONFIRMED = {"person": "Confirmed by the patient", "machine": "Message left on the machine"}


def event(one: EventRow, visit_day: date, formats: Formats) -> tuple[str, str]:
    """A stamped state of a visit: when it was noted, and what, with its reason and by whom."""
    when = formats.time(one.at)
    if one.at.date() != visit_day:
        when = f"{formats.short_date(one.at.date())}, {when}"
    said, detail = STATUS_WORDS[one.status], one.detail
    if one.status == VisitStatus.SCHEDULED and not one.is_correction:
        said = "Booked"
    elif one.status == VisitStatus.CONFIRMED and detail in _CONFIRMED:
        said, detail = _CONFIRMED[detail], ""
    elif one.is_late:
        said = "Cancelled late"
    if one.is_correction:
        said = f"Corrected: {said.lower()}"
    said = f"{said} ({detail})" if detail else said
    return when, " · ".join(part for part in (said, one.user_name) if part)


def listed(at: datetime, today: date, formats: Formats) -> str:
    """When, in a column of a list: “Wed, Mar 11, 1:50 PM”; another year is said."""
    day = at.date()
    year = "" if day.year == today.year else f" {day.year}"
    return f"{formats.short_date(day)}{year}, {formats.time(at)}"


def spoken(visit: AppointmentRow, formats: Formats) -> str:
    """A visit in one sentence for a screen reader."""
    parts = [
        formats.span(visit.starts_at, visit.duration_min),
        visit.patient_name,
        visit.type_name,
        status(visit),
        f"with {visit.provider_name}",
        visit.reason,
        *(f"Alert: {line}" for line in visit.alert.splitlines()),
    ]
    return ", ".join(part for part in parts if part)


def spoken_cell(called: str, starts_at: datetime, duration_min: int, formats: Formats) -> str:
    """Empty time under the cursor."""
    return f"{formats.span(starts_at, duration_min)}, {called}, free"


def read_back(
    starts_at: datetime, duration_min: int, provider: str, today: date, formats: Formats
) -> str:
    """“Tuesday, March 14, 3:00 PM, 30 minutes with Dr. Chen”."""
    return f"{formats.spoken(starts_at, today)}, {counted(duration_min, 'minute')} with {provider}"


def counted(number: int, noun: str) -> str:
    """1 visit, 2 visits, no visits."""
    if number == 0:
        return f"no {noun}s"
    return f"{number} {noun}{'' if number == 1 else 's'}"
