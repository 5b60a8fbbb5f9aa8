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
    HARD_BY_DEFAULT,
    RULES,
    BookingRefused,
    DayFacts,
    HeldVisit,
    Rule,
    RuleBreach,
    WantedVisit,
    breaches_of,
    refuse_impossible,
)
from medsec_desktop.domain.calendar.slots import Slot, legal_starts, nearest, slot_starts
from medsec_desktop.domain.calendar.spans import DAY_MIN, Span, free_within, merged
from medsec_desktop.domain.calendar.visits import STATUS_WORDS, VisitStatus

__all__ = [
    "DAY_MIN",
    "HARD_BY_DEFAULT",
    "RULES",
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
    "breaches_of",
    "closed_by",
    "free_within",
    "hours_on",
    "lanes_for",
    "legal_starts",
    "merged",
    "nearest",
    "refuse_impossible",
    "slot_starts",
]
