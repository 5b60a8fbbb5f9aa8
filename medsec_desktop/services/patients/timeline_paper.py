"""A patient's timeline on paper: what happened, without the clinic's own bookkeeping."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from medsec_desktop.services.practice import settings

if TYPE_CHECKING:
    from medsec_desktop.services.office import Office


def timeline_pdf(
    office: Office, patient_id: int, first: date | None = None, last: date | None = None
) -> bytes:
    """What happened from `first` to `last`, all of it where none is named. Raises NotAllowed."""
    from medsec_desktop.documents.calendar_pages import ListGroup, ListSheet, list_pdf
    from medsec_desktop.services.patients.timeline import KINDS

    formats, profile = office.formats, office.practice.profile()
    name = office.patients.reread(patient_id).name.listed
    rows = tuple(
        (
            formats.when(row.at) if row.has_time else formats.date(row.at.date()),
            KINDS[row.kind],
            row.title,
            " · ".join(part for part in (row.status, row.detail) if part),
        )
        for row in office.timeline.of(patient_id).rows
        if row.kind != "change"
        and (first is None or first <= row.at.date())
        and (last is None or row.at.date() <= last)
    )
    return list_pdf(
        ListSheet(
            title="Everything that happened",
            practice=profile.name,
            columns=("When", "Kind", "What", "More"),
            widths=(0.2, 0.17, 0.33, 0.3),
            groups=(ListGroup(name, rows, remark="" if rows else "Nothing happened."),),
            printed=formats.when(office.clock.now()),
            paper=profile.paper,
            mark="DEMO" if office.practice.get(settings.IS_DEMO) else "",
        )
    )
