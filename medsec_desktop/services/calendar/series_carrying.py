"""What becomes of the other visits of a series when one of them is changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from medsec_desktop.problems import Invalid, Link
from medsec_desktop.services.calendar.calendar import Calendar
from medsec_desktop.services.calendar.records import AppointmentRow, BookingDraft
from medsec_desktop.services.calendar.series_records import CarryPlan, PlannedVisit, carried


def carry_plan(
    calendar: Calendar,
    visit_id: int,
    before: BookingDraft,
    after: BookingDraft,
    others: tuple[AppointmentRow, ...],
) -> CarryPlan:
    """What becomes of each when one goes from `before` to `after`; nothing is written.

    One that has to stay may be in the way of the next.
    """
    stay: set[int | None] = set()
    while True:
        moving = {str(row.id) for row in others if row.id not in stay} | {str(visit_id)}
        visits = (_carried(calendar, row, before, after, moving) for row in others)
        plan = CarryPlan(_one_a_day(after, visits))
        blocked = {visit.visit_id for visit in plan.blocked}
        if blocked <= stay:
            return plan
        stay |= blocked


def _carried(
    calendar: Calendar,
    row: AppointmentRow,
    before: BookingDraft,
    after: BookingDraft,
    moving: set[str],
) -> PlannedVisit:
    draft = carried(before, after, calendar.appointment(row.id).draft)
    try:
        breaches = calendar.check_change(row.id, draft)
    except Invalid as problem:
        return PlannedVisit(row.starts_at, draft, (problem.what,), True, visit_id=row.id)
    # A visit that moves along will have gone by then.
    real = [
        breach
        for breach in breaches
        if not breach.links or {_key(link) for link in breach.links} - moving
    ]
    return PlannedVisit(
        row.starts_at,
        draft,
        tuple(breach.sentence for breach in real),
        any(breach.is_hard for breach in real),
        tuple(link for breach in real for link in breach.links),
        visit_id=row.id,
    )


def _one_a_day(changed: BookingDraft, visits: Iterable[PlannedVisit]) -> tuple[PlannedVisit, ...]:
    """Of two that had times of their own on one day, only one goes to the new time."""
    days, kept = {changed.starts_at.date()}, []
    for visit in visits:
        day = visit.draft.starts_at.date()
        if visit.is_free and day in days and visit.draft.starts_at != visit.original_at:
            why = "Another visit of the series is on that day."
            visit = replace(visit, obstacles=(why,), is_hard=True)
        if visit.is_free:
            days.add(day)
        kept.append(visit)
    return tuple(kept)


def _key(link: Link) -> str:
    return link.key if link.kind == "appointment" else f"{link.kind} {link.key}"
