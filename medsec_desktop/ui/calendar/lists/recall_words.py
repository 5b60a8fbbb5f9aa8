"""What lists say of a recall."""

from __future__ import annotations

from datetime import date

from medsec_desktop.domain.formats import Formats
from medsec_desktop.services.calendar.recalls import RecallRow

_HOW = {"letter": "letter", "label": "card", "call": "call"}


def late(row: RecallRow, today: date) -> str:
    """How long the due date is past: 3 months."""
    days = (today - row.due_on).days
    if days <= 0:
        return ""
    number, unit = (days // 30, "month") if days >= 30 else (days, "day")
    return f"{number} {unit}{'' if number == 1 else 's'}"


def reminders(row: RecallRow) -> str:
    """How many have gone out."""
    if not row.type.rounds:
        return "None wanted"
    sent = row.rounds[-1].number if row.rounds else 0
    return f"{sent} of {len(row.type.rounds)}"


def last_sent(row: RecallRow, formats: Formats) -> str:
    """As what the last reminder went out, and when."""
    if not row.rounds:
        return ""
    last = row.rounds[-1]
    return f"Reminder {last.number}: {_HOW[last.how]}, {formats.short_date(last.sent_on)}"


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
