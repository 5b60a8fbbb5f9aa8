"""What the waiting list says of an entry."""

from __future__ import annotations

from datetime import date

from medsec_desktop.domain.calendar.times_asked import times_words
from medsec_desktop.domain.formats import Formats
from medsec_desktop.services.calendar.waiting import WaitingRow

NOTICES = (
    (0, "None"),
    (60, "1 hour"),
    (120, "2 hours"),
    (240, "4 hours"),
    (1440, "1 day"),
    (2880, "2 days"),
    (10080, "1 week"),
)


def notice(minutes: int) -> str:
    """How long before she must know: “2 hours”."""
    for size, noun in ((10080, "week"), (1440, "day"), (60, "hour")):
        if minutes % size == 0 and minutes:
            count = minutes // size
            return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
    return f"{minutes} minutes"


def what(row: WaitingRow) -> str:
    """“Follow-up, 30 min”."""
    return ", ".join(part for part in (row.type_name, f"{row.draft.duration_min} min") if part)


def when(row: WaitingRow, formats: Formats) -> str:
    """When she could come: “By Fri, Mar 20 · Mon 9:00 AM–12:00 PM · 1 hour notice”."""
    draft = row.draft
    parts = []
    if draft.earliest_on is not None:
        parts.append(f"from {formats.short_date(draft.earliest_on)}")
    if draft.latest_on is not None:
        parts.append(f"by {formats.short_date(draft.latest_on)}")
    if draft.times:
        parts.append(times_words(draft.times, formats))
    if draft.notice_min:
        parts.append(f"{notice(draft.notice_min)} notice")
    said = " · ".join(parts) or "Any time"
    return f"{said[0].upper()}{said[1:]}"


def has(row: WaitingRow, formats: Formats) -> str:
    """The visit she has meanwhile, or the next one she has anyway."""
    if row.interim_at is not None:
        kept = ", keeps it" if row.draft.keeps_interim else ""
        return f"{formats.short_date(row.interim_at.date())}{kept}"
    if row.next_visit_at is not None:
        return f"{formats.short_date(row.next_visit_at.date())}, another"
    return ""


def waits(row: WaitingRow, today: date) -> str:
    """How long she has waited: “3 weeks”."""
    days = (today - row.added_at.date()).days
    if days <= 0:
        return "today"
    if days < 14:
        return "1 day" if days == 1 else f"{days} days"
    return f"{days // 7} weeks"
