"""What a change of some visits of a series would do to each of them, as a list shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from medsec_desktop.domain.calendar import STATUS_WORDS, RuleBreach, VisitStatus
from medsec_desktop.domain.formats import Formats
from medsec_desktop.services.calendar import AppointmentRow, BookingDraft
from medsec_desktop.services.calendar.series_records import CarryPlan, PlannedVisit
from medsec_desktop.ui.widgets import ListRow


@dataclass(frozen=True, slots=True)
class Foretold:
    """By visit: when it would be, and what is in its way.

    A visit with something in its way that does not go anywhere stays as it is. `is_hard`: no reason
    helps the visit that is changed itself.
    """

    goes: dict[int, datetime]
    said: dict[int, str]
    is_hard: bool

    def in_order(self, visits: Sequence[AppointmentRow]) -> tuple[AppointmentRow, ...]:
        """Those first that something is in the way of, above all the one that is changed itself."""

        def place(visit: AppointmentRow) -> tuple[bool, bool]:
            is_in_the_way = visit.id in self.said
            return not is_in_the_way, is_in_the_way and visit.id not in self.goes

        return tuple(sorted(visits, key=place))


def foretell(
    visit_id: int,
    stored: BookingDraft,
    after: BookingDraft,
    plan: CarryPlan,
    own: Sequence[RuleBreach],
    formats: Formats,
) -> Foretold:
    """What becomes of the visit itself, with the rules it would break, and of the others.

    The visit itself may stand as wished already, when its change is carried over to the others.
    """
    goes = {visit.visit_id: visit.draft.starts_at for visit in plan.possible if visit.visit_id}
    said = {visit.visit_id: stays(visit, formats) for visit in plan.blocked if visit.visit_id}
    if after != stored:
        goes[visit_id] = after.starts_at
    if own:
        said[visit_id] = " ".join(breach.sentence for breach in own)
    is_hard = any(breach.is_hard for breach in own)
    return Foretold(goes, said, is_hard)


def stays(visit: PlannedVisit, formats: Formats) -> str:
    """Why a visit stays as it is."""
    day = formats.short_date(visit.original_at.date())
    return f"{day} stays as it is: {' '.join(visit.obstacles)}"


def listed(visit: AppointmentRow, foretold: Foretold | None, formats: Formats) -> ListRow:
    """A visit of the series in one line; while a change is typed, as it would be."""
    at, tone = visit.starts_at, "muted"
    mark = "" if visit.status == VisitStatus.SCHEDULED else STATUS_WORDS[visit.status]
    if foretold is not None and visit.id in foretold.goes:
        at = foretold.goes[visit.id]
        mark = "Changes" if at == visit.starts_at else "Moves"
        if visit.id in foretold.said:
            mark, tone = ("Not possible", "danger") if foretold.is_hard else ("Why?", "warning")
    elif foretold is not None and visit.id in foretold.said:
        mark, tone = "Stays", "warning"
    return ListRow(
        visit, f"{formats.short_date(at.date())}, {formats.time(at)}", mark=mark, tone=tone
    )
