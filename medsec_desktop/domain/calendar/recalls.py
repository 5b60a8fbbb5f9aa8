"""When somebody should come back, and when she is reminded of it."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from medsec_desktop.domain.formats import MONTHS
from medsec_desktop.problems import Invalid

MOST_ROUNDS = 6
_FURTHEST_DAYS = 730
# A visit this long before the due date answers a recall, whatever its first reminder.
_EARLY_DAYS = 60
_LEAST_GAP_DAYS = 14  # between two reminders


def due_after(day: date, months: int) -> date:
    """The same day so many months on; the last of the month where there is no such day."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def round_on(
    due_on: date, rounds: tuple[int, ...], number: int, last_sent_on: date | None = None
) -> date | None:
    """The day reminder `number` (from 1) goes out, or None when there is no such round.

    One that went out late is given two weeks to be answered before the next.
    """
    if not 1 <= number <= len(rounds):
        return None
    meant = due_on + timedelta(days=rounds[number - 1])
    if last_sent_on is None:
        return meant
    return max(meant, last_sent_on + timedelta(days=_LEAST_GAP_DAYS))


def answered_by(due_on: date, rounds: tuple[int, ...], visit_on: date) -> bool:
    """Whether a visit that day is the one she was to come back for, and not one long before."""
    early = max(_EARLY_DAYS, -min(rounds, default=0))
    return visit_on >= due_on - timedelta(days=early)


def read_rounds(text: str) -> tuple[int, ...]:
    """Days from the due date, in order, from `30 before, 0, 30 after` or `-30, 0, 30`.

    Raises Invalid for anything else.
    """
    days: list[int] = []
    for part in re.split(r"[,;]", text):
        words = " ".join(part.lower().replace("days", "").replace("day", "").split())
        if not words:
            continue
        match = re.fullmatch(r"([+-]?\d{1,3})( before| after)?", words, re.ASCII)
        if words in ("on the", "on it", "due"):
            days.append(0)
        elif match is None or (match[2] and match[1][0] in "+-"):
            raise Invalid(
                f"“{part.strip()}” does not say when a reminder goes out.",
                remedy="Type days from the due date, such as “30 before, 0, 30 after”.",
                field="rounds",
            )
        else:
            days.append(-int(match[1]) if match[2] == " before" else int(match[1]))
    if any(abs(day) > _FURTHEST_DAYS for day in days):
        raise Invalid("A reminder goes out within two years of the due date.", field="rounds")
    days = sorted(set(days))
    if len(days) > MOST_ROUNDS:
        raise Invalid(f"At most {MOST_ROUNDS} reminders go out.", field="rounds")
    return tuple(days)


def rounds_said(rounds: tuple[int, ...]) -> str:
    """As `read_rounds` understands it: 30 before, 0, 30 after."""
    return ", ".join(
        "0" if not day else f"{-day} before" if day < 0 else f"{day} after" for day in rounds
    )


def interval_said(months: int) -> str:
    """Every 12 months is every year."""
    if months % 12:
        return "every month" if months == 1 else f"every {months} months"
    return "every year" if months == 12 else f"every {months // 12} years"


_SPANISH = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip


def due_said(due_on: date, language: str = "en") -> str:
    """The month she should come back in, as a letter says it: April 2026, abril de 2026."""
    if language == "es":
        return f"{_SPANISH[due_on.month - 1]} de {due_on.year}"
    return f"{MONTHS[due_on.month - 1]} {due_on.year}"
