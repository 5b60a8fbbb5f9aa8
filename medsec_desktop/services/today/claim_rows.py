"""What waits of claims, for those who see to them: a row for each work-list that somebody should open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from medsec_desktop.domain.money import Money
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.problems import Link
from medsec_desktop.services.today.records import QueueRow

if TYPE_CHECKING:
    from medsec_desktop.services.claims.records import ListCount
    from medsec_desktop.services.office import Office


@dataclass(frozen=True, slots=True)
class _Told:
    """How the row of a work-list is worded: with the number before it, one and many."""

    one: str
    many: str
    icon: str
    is_late: bool = False


# In the order of how soon money is lost by leaving it.
_TOLD = {
    "deadlines": _Told("claim near its deadline", "claims near their deadline", "timer", True),
    "rejected": _Told("claim came back", "claims came back", "circle-alert", True),
    "next": _Told("claim to see to today", "claims to see to today", "list-checks"),
    "held": _Told("claim to mend", "claims to mend", "pencil"),
    "unclaimed": _Told(
        "visit charged, not on a claim", "visits charged, not on a claim", "receipt"
    ),
    "ready": _Told("claim ready to go", "claims ready to go", "upload"),
    "no-answer": _Told("claim without an answer", "claims without an answer", "hourglass"),
}


def claim_rows(office: Office) -> Iterator[QueueRow]:
    """The work-lists of claims in which something hangs; nothing for who does not do claims."""
    if not office.session.may(Permission.EDIT_CLAIMS):
        return
    counts = {one.key: one for one in office.claim_lists.counts()}
    for key, told in _TOLD.items():
        found = counts[key]
        if found.count:
            yield QueueRow(
                f"claims-{key}",
                f"{found.count:,} {told.one if found.count == 1 else told.many}",
                _detail(key, found, office),
                Link("claims", key, found.title),
                told.icon,
                is_late=told.is_late,
            )


def _detail(key: str, found: ListCount, office: Office) -> str:
    total = f"${Money(found.total_cents)} in all"
    if key == "deadlines":
        first = office.claim_lists.claims(key)[0]
        left = first.days_left or 0
        days = (
            "over" if left < 0 else "today" if not left else f"{left} day{'s' * (left != 1)} left"
        )
        return f"The first: {first.name.listed}, {first.payer_name}, {days}"
    return total
