"""How claims are spoken of on the screen: states, days left, who and how much."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from medsec_desktop.domain.claims.deadlines import Nearness
from medsec_desktop.domain.claims.life import ClaimStatus
from medsec_desktop.domain.money import Money

if TYPE_CHECKING:
    from medsec_desktop.domain.formats import Formats
    from medsec_desktop.services.claims.records import ClaimRow

STATES = {
    ClaimStatus.DRAFT: "Draft",
    ClaimStatus.CHECKED: "Checked",
    ClaimStatus.READY: "Ready",
    ClaimStatus.SENT: "Sent",
    ClaimStatus.REJECTED: "Rejected",
    ClaimStatus.ACCEPTED: "Accepted",
    ClaimStatus.DECIDED: "Decided",
    ClaimStatus.CLOSED: "Closed",
    ClaimStatus.REPLACED: "Replaced",
    ClaimStatus.VOID: "Void",
}
RANKS = {"P": "", "S": "second payer", "T": "third payer"}
WAYS = {"file": "File", "paper": "Paper"}
_KINDS = {"7": "replacement", "8": "void"}


def state_of(row: ClaimRow) -> str:
    """“Draft, 2 errors”, “Sent”."""
    words = STATES[row.status]
    if row.errors and not row.is_sealed:
        words += ", 1 error" if row.errors == 1 else f", {row.errors} errors"
    return words


def what_it_is(row: ClaimRow) -> str:
    """“Claim 100041”, “Replacement 100041”, with the payer it goes to where that is not the first."""
    kind = _KINDS.get(row.frequency, "claim").capitalize()
    return " · ".join(part for part in (f"{kind} {row.number}", RANKS.get(row.rank, "")) if part)


def days_left(row: ClaimRow) -> str:
    """“12 d”, “today”, “3 d late”; '' where nothing presses."""
    left = row.days_left
    if left is None:
        return ""
    if left < 0:
        return f"{-left} d late"
    return "today" if left == 0 else f"{left} d"


def deadline_sentence(row: ClaimRow, formats: Formats) -> tuple[str, str]:
    """Tone and sentence about the last day that matters; an empty sentence where it is far."""
    if row.due_on is None or row.days_left is None or row.nearness is None:
        return "", ""
    day = formats.date(row.due_on)
    if row.nearness is Nearness.PASSED:
        return "danger", f"The last day to file was {day}."
    if row.nearness is Nearness.THIS_WEEK:
        left = "today" if row.days_left == 0 else f"in {_days(row.days_left)}"
        return "danger", f"The last day to file is {left}: {day}."
    if row.nearness is Nearness.NEAR:
        return "warning", f"{_days(row.days_left).capitalize()} left to file: until {day}."
    return "", ""


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def amount(cents: int) -> str:
    """“$1,234.50”."""
    return f"${Money(cents)}"


def span(first_on: date, last_on: date, formats: Formats) -> str:
    """“11/02/2026”, “11/02/2026 – 11/05/2026”."""
    if first_on == last_on:
        return formats.date(first_on)
    return f"{formats.date(first_on)} – {formats.date(last_on)}"


def counted(count: int, one: str, many: str) -> str:
    """“1 claim”, “1,200 claims”."""
    return f"1 {one}" if count == 1 else f"{count:,} {many}"
