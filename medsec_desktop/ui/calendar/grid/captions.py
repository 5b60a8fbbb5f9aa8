"""What the grid's columns, days and marks are called, on the screen and to a screen reader."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from medsec_desktop.domain.calendar import Span
from medsec_desktop.domain.formats import MONTHS, WEEKDAYS, Formats
from medsec_desktop.ui.calendar.words import counted

if TYPE_CHECKING:
    from medsec_desktop.services.calendar.notes import NoteRow
    from medsec_desktop.services.calendar.views import GridColumn, GridView, MonthDay
    from medsec_desktop.ui.calendar.grid.geometry import Marked

_KINDS = {
    "blocked": "Blocked",
    "break": "Break",
    "meeting": "Meeting",
    "away": "Away",
    "reserved": "Reserved",
}


def column_day(day: date, formats: Formats) -> str:
    """The head of a day in a week: “Wednesday 11”."""
    return f"{WEEKDAYS[day.weekday()]} {day.day}"


def day_head(column: GridColumn, formats: Formats, *, is_brief: bool = False) -> str:
    """Over several people's columns: “Sunday 8 · 23-hour day, clocks go from 2 AM to 3 AM”."""
    day = column_day(column.day, formats)
    if column.clock is None:
        return day
    change = column.clock.short(formats)
    told = "" if is_brief else f", {change[0].lower()}{change[1:]}"
    return f"{day} · {column.clock.length}{told}"


def column_title(column: GridColumn, view: GridView, is_grouped: bool, formats: Formats) -> str:
    """The first line of a column's head: the day in one person's week, else the name."""
    if view.is_week and not is_grouped:
        return f"{WEEKDAYS[column.day.weekday()][:3]} {column.day.day}"
    return column.title


def hours(column: GridColumn, formats: Formats) -> str:
    """The second line: as `worked`, and how long a day is on which the clocks are changed.

    They are at night, out of sight.
    """
    said = worked(column, formats)
    return f"{said} · {column.clock.length}" if column.clock is not None else said


def worked(column: GridColumn, formats: Formats) -> str:
    """From when to when the column is worked that day, or why not."""
    if column.closed:
        return f"Closed: {column.closed}"
    if not column.hours:
        return f"Away: {column.differs}" if column.differs else "Not working"
    first, last = column.hours[0], column.hours[-1]
    if first.starts_min == 0 and last.ends_min == 24 * 60:
        return "Open all day"
    times = f"{_short(first.starts_at(column.day), formats)}–{_clock(last.ends_min, formats)}"
    for row in column.away:
        part = formats.span(row.span.starts_at(column.day), row.span.duration_min)
        times = f"{times} · away {part}"
    return f"{times} · {column.differs}" if column.differs else times


def brief_hours(column: GridColumn, formats: Formats) -> str:
    """What is worked where there is little room: 8:30–5:30; why not, as it is."""
    said = worked(column, formats)
    if column.closed:
        return column.closed
    if not column.hours or "–" not in said:
        return said
    return said.partition(" · ")[0].replace(" AM", "").replace(" PM", "")


def _clock(minute: int, formats: Formats) -> str:
    return _short(Span(minute, minute).starts_at(date(2000, 1, 1)), formats)


def _short(at: datetime, formats: Formats) -> str:
    """8 AM rather than 8:00 AM."""
    return formats.time(at) if at.minute else formats.hour(at.hour)


def period(days: tuple[date, ...], formats: Formats) -> str:
    """The heading over a stretch of days: “March 9–13, 2026”."""
    first, last = days[0], days[-1]
    if len(days) == 1:
        return formats.long_date(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{MONTHS[first.month - 1]} {first.day}–{last.day}, {first.year}"
    start = f"{MONTHS[first.month - 1][:3]} {first.day}"
    if first.year != last.year:
        start += f", {first.year}"
    return f"{start} – {MONTHS[last.month - 1][:3]} {last.day}, {last.year}"


def hold_left(until: datetime, now: datetime, formats: Formats) -> str:
    """How long a hold is still kept, or when it ran out."""
    if until <= now:
        return f"Hold ran out at {formats.time(until)}"
    minutes = -(-int((until - now).total_seconds()) // 60)
    if minutes < 60:
        return f"Held {minutes} more min"
    if until.date() == now.date():
        return f"Held until {formats.time(until)}"
    return f"Held until {formats.short_date(until.date())}"


def spoken_grid(view: GridView, formats: Formats) -> str:
    """The grid's own name: which days, and how much is on it."""
    what = "Week view" if view.is_week else "Day view"
    people = {column.key for column in view.columns}
    kinds = {key.kind for key in people}
    noun = "provider" if kinds <= {"provider"} else "room" if kinds <= {"room"} else "column"
    parts = [what, period(view.days, formats), counted(view.visit_count, "visit")]
    if view.is_week and len(people) == 1:
        parts.append(view.columns[0].called)
    else:
        parts.append(counted(len(people), noun))
    return ", ".join(parts)


def spoken_column(column: GridColumn, view: GridView, formats: Formats) -> str:
    """A column's head: whose, on which day, when it is worked, how much is in it."""
    parts = [column.title]
    if view.is_week:
        parts.append(formats.long_date(column.day))
    parts += [hours(column, formats), counted(len(column.visits), "visit")]
    return ", ".join(parts)


def spoken_mark(mark: Marked, column: GridColumn, now: datetime, formats: Formats) -> str:
    """A note, hold, block-out, absence or change of the clocks in one sentence."""
    at = formats.span(mark.span.starts_at(column.day), mark.span.duration_min)
    row = mark.row
    if mark.kind == "clock" and column.clock is not None:
        return f"{at}: {'not on this day' if column.clock.is_gap else 'twice'}. {column.clock.short(formats)}"
    if mark.kind == "note":
        return f"{at}, note: {getattr(row, 'text', '')}"
    title = getattr(row, "title", "")
    if mark.kind == "hold":
        return f"{at}, {title}, {hold_left(getattr(row, 'expires_at', now), now, formats)}"
    if mark.kind == "away":
        return f"{at}, away: {title}"
    return f"{at}, {_KINDS.get(getattr(row, 'kind', ''), 'Blocked')}: {title}"


def spoken_note(note: NoteRow, formats: Formats) -> str:
    """A note above its day."""
    return f"Note on {formats.long_date(note.day)}: {note.text}"


def spoken_month_day(shown: MonthDay, formats: Formats) -> str:
    """A cell of the month."""
    parts = [formats.long_date(shown.day), counted(len(shown.visits), "visit")]
    if shown.closed:
        parts.append(f"Closed: {shown.closed}")
    elif not shown.works:
        parts.append("nobody works")
    parts += [f"note: {note.text}" for note in shown.notes]
    return ", ".join(parts)
