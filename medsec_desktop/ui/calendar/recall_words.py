"""What lists say of a recall."""

from __future__ import annotations

from datetime import date

from medsec_desktop.domain.formats import Formats
from medsec_desktop.services.calendar.recalls import RecallRow

_HOW = {"letter": "letter", "label": "card", "call": "call"}


def due(row: RecallRow, formats: Formats, today: date) -> str:
    """When, and how long it is past."""
    days = (today - row.due_on).days
    text = formats.date(row.due_on)
    if days >= 31:
        months = days // 30
        text += f" · {months} {'month' if months == 1 else 'months'} late"
    return text


def reminders(row: RecallRow, formats: Formats) -> str:
    """How many have gone out, and how the last did."""
    if not row.type.rounds:
        return "None wanted"
    if not row.rounds:
        return f"0 of {len(row.type.rounds)}"
    last = row.rounds[-1]
    sent = f"{_HOW[last.how]} {formats.short_date(last.sent_on)}"
    return f"{last.number} of {len(row.type.rounds)} · {sent}"


def next_one(row: RecallRow, formats: Formats, today: date) -> str:
    """When the next reminder goes out."""
    if row.next_on is None:
        return "All sent" if row.type.rounds else ""
    return "Now" if row.next_on <= today else formats.short_date(row.next_on)


def standing(row: RecallRow, formats: Formats) -> str:
    """How a recall stands, in the patient's own list."""
    if row.status == "booked" and row.appointment_at is not None:
        return f"Booked {formats.short_date(row.appointment_at.date())}"
    if row.status == "dropped":
        return "Removed"
    return f"Due {formats.date(row.due_on)}"
