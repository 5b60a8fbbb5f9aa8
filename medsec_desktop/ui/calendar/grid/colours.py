"""What a visit's colour stands for: its type, its provider, how it stands, or who pays."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

from medsec_desktop.domain.calendar import STATUS_WORDS, VisitStatus

if TYPE_CHECKING:
    from collections.abc import Iterable

    from medsec_desktop.services.calendar import AppointmentRow
    from medsec_desktop.services.calendar.views import MonthVisit

COLOURED_BY = {"type": "Type", "provider": "Provider", "status": "Status", "payer": "Payer"}
TOLD_APART_BY = {
    "type": "type_id", "provider": "provider_id", "status": "status", "payer": "payer_name",
}  # fmt: skip
_NONE = "slate"
_STATUS = {
    VisitStatus.SCHEDULED: "blue",
    VisitStatus.CONFIRMED: "teal",
    VisitStatus.ARRIVED: "amber",
    VisitStatus.IN_ROOM: "violet",
    VisitStatus.DONE: "green",
    VisitStatus.NO_SHOW: "red",
    VisitStatus.CANCELLED: "slate",
    VisitStatus.LEFT: "orange",
}
# A payer has no colour of its own: its name picks one, the same on every workstation.
_PAYERS = ("blue", "green", "violet", "orange", "teal", "pink", "amber", "indigo", "red")


def category_of(visit: AppointmentRow | MonthVisit, by: str) -> str:
    """The palette name a visit is drawn in."""
    if by == "provider":
        return visit.provider_colour or _NONE
    if by == "status":
        return _STATUS[visit.status]
    if by == "payer":
        return _of_payer(visit.payer_name)
    return visit.colour or _NONE


def legend(visits: Iterable[AppointmentRow | MonthVisit], by: str) -> tuple[tuple[str, str], ...]:
    """What each colour on the screen means: (palette name, words), in alphabetical order."""
    found: dict[str, str] = {}
    for visit in visits:
        words = _words(visit, by)
        if words not in found:
            found[words] = category_of(visit, by)
    return tuple((found[words], words) for words in sorted(found, key=str.casefold))


def _words(visit: AppointmentRow | MonthVisit, by: str) -> str:
    if by == "provider":
        return visit.provider_name
    if by == "status":
        return STATUS_WORDS[visit.status]
    if by == "payer":
        return visit.payer_name or "No insurance on file"
    return visit.type_name or "No type"


def _of_payer(name: str) -> str:
    return _PAYERS[crc32(name.casefold().encode()) % len(_PAYERS)] if name else _NONE
