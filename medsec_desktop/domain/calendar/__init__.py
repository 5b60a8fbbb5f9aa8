"""The rules of the appointment book: hours, slots, lanes and what forbids a booking.

Everything here is a value or a function of values; times are the clinic's wall clock and a visit
lies within one calendar day.
"""

from medsec_desktop.domain.calendar.hours import (
    ClosurePeriod,
    WeeklyHours,
    closed_by,
    hours_on,
)
from medsec_desktop.domain.calendar.lanes import Lane, lanes_for
from medsec_desktop.domain.calendar.rules import (
    RULES,
    SHIPPED_WEIGHTS,
    BookingRefused,
    DayFacts,
    HeldVisit,
    Rule,
    RuleBreach,
    WantedVisit,
    Weight,
    breaches_of,
    refuse_impossible,
)
from medsec_desktop.domain.calendar.slots import Slot, legal_starts, nearest, slot_starts
from medsec_desktop.domain.calendar.spans import DAY_MIN, Span, free_within, merged
from medsec_desktop.domain.calendar.visits import FREED, STATUS_WORDS, VisitStatus, provider_called

__all__ = [
    "DAY_MIN",
    "FREED",
    "RULES",
    "SHIPPED_WEIGHTS",
    "STATUS_WORDS",
    "BookingRefused",
    "ClosurePeriod",
    "DayFacts",
    "HeldVisit",
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
