"""The rules of the appointment book: hours, slots, lanes and what forbids a booking.

Everything here is a value or a function of values; times are the clinic's wall clock and a visit
lies within one calendar day.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from medsec_desktop.domain.calendar.breaches import breaches_of, refuse_impossible
    from medsec_desktop.domain.calendar.hours import (
        ClosurePeriod,
        WeeklyHours,
        closed_by,
        hours_on,
    )
    from medsec_desktop.domain.calendar.lanes import Lane, lanes_for
    from medsec_desktop.domain.calendar.plans import BlockRow, DayPlan, HoldRow
    from medsec_desktop.domain.calendar.rules import (
        RULES,
        SHIPPED_WEIGHTS,
        AuthorizationFacts,
        BookingRefused,
        DayFacts,
        HeldVisit,
        Rule,
        RuleBreach,
        WantedVisit,
        Weight,
    )
    from medsec_desktop.domain.calendar.slots import (
        Slot,
        free_for,
        legal_starts,
        nearest,
        slot_starts,
    )
    from medsec_desktop.domain.calendar.spans import DAY_MIN, Span, free_within, merged
    from medsec_desktop.domain.calendar.visits import (
        FREED,
        STATUS_WORDS,
        VisitStatus,
        provider_called,
    )

__all__ = [
    "DAY_MIN",
    "FREED",
    "RULES",
    "SHIPPED_WEIGHTS",
    "STATUS_WORDS",
    "AuthorizationFacts",
    "BlockRow",
    "BookingRefused",
    "ClosurePeriod",
    "DayFacts",
    "DayPlan",
    "HeldVisit",
    "HoldRow",
    "Lane",
    "Rule",
    "RuleBreach",
    "Slot",
    "Span",
    "VisitStatus",
    "WantedVisit",
    "WeeklyHours",
    "Weight",
    "breaches_of",
    "closed_by",
    "free_for",
    "free_within",
    "hours_on",
    "lanes_for",
    "legal_starts",
    "merged",
    "nearest",
    "provider_called",
    "refuse_impossible",
    "slot_starts",
]

_HOMES = {
    "AuthorizationFacts": "rules",
    "BlockRow": "plans",
    "BookingRefused": "rules",
    "ClosurePeriod": "hours",
    "DAY_MIN": "spans",
    "DayFacts": "rules",
    "DayPlan": "plans",
    "FREED": "visits",
    "HeldVisit": "rules",
    "HoldRow": "plans",
    "Lane": "lanes",
    "RULES": "rules",
    "Rule": "rules",
    "RuleBreach": "rules",
    "SHIPPED_WEIGHTS": "rules",
    "STATUS_WORDS": "visits",
    "Slot": "slots",
    "Span": "spans",
    "VisitStatus": "visits",
    "WantedVisit": "rules",
    "WeeklyHours": "hours",
    "Weight": "rules",
    "breaches_of": "breaches",
    "closed_by": "hours",
    "free_for": "slots",
    "free_within": "spans",
    "hours_on": "hours",
    "lanes_for": "lanes",
    "legal_starts": "slots",
    "merged": "spans",
    "nearest": "slots",
    "provider_called": "visits",
    "refuse_impossible": "breaches",
    "slot_starts": "slots",
}


def __getattr__(name: str) -> Any:
    """A rule or value, its module imported only now: Today needs few of them."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
