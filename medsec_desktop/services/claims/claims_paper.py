"""A patient's claims on paper: each with its services, to whom it went, and how far it came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medsec_desktop.domain.claims.life import ClaimStatus
from medsec_desktop.domain.money import Money
from medsec_desktop.services.claims.charge_records import dotted
from medsec_desktop.services.practice import settings

if TYPE_CHECKING:
    from medsec_desktop.documents.calendar_pages import ListGroup
    from medsec_desktop.domain.claims.claim import Claim, ServiceLine
    from medsec_desktop.services.claims.records import ClaimRow
    from medsec_desktop.services.office import Office


def claims_pdf(office: Office, patient_id: int) -> bytes:
    """Every claim of hers that was not given up, the latest first; b"" where there are none.

    Raises NotAllowed.
    """
    from medsec_desktop.documents.calendar_pages import ListSheet, list_pdf

    rows = [row for row in office.claims.of_patient(patient_id) if row.status != ClaimStatus.VOID]
    if not rows:
        return b""
    formats, profile = office.formats, office.practice.profile()
    return list_pdf(
        ListSheet(
            title=f"Claims for {rows[0].name.listed}",
            practice=profile.name,
            columns=("Day", "Service", "Diagnoses", "Units", "Charge"),
            widths=(0.2, 0.26, 0.3, 0.1, 0.14),
            groups=tuple(_group(office, row) for row in rows),
            printed=formats.when(office.clock.now()),
            paper=profile.paper,
            mark="DEMO" if office.practice.get(settings.IS_DEMO) else "",
        )
    )


def _group(office: Office, row: ClaimRow) -> ListGroup:
    from medsec_desktop.documents.calendar_pages import ListGroup

    formats = office.formats
    steps = [str(row.status).capitalize()]
    steps += [f"sent {formats.date(row.sent_at.date())}"] if row.sent_at else []
    steps += [f"answered {formats.date(row.answered_on)}"] if row.answered_on else []
    head = (f"Claim {row.number} to {row.payer_name}", f"${Money(row.total_cents)}", *steps)
    claim = office.claims.filing.content(row.id)
    return ListGroup(
        " · ".join(head),
        tuple(_line(office, claim, line) for line in claim.lines),
        remark="" if claim.lines else "No services yet.",
    )


def _line(office: Office, claim: Claim, line: ServiceLine) -> tuple[str, ...]:
    days = office.formats.date(line.from_on)
    if line.to_on is not None and line.to_on != line.from_on:
        days += f" – {office.formats.date(line.to_on)}"
    pointed = [
        dotted(claim.diagnoses[at - 1].code)
        for at in line.pointers
        if 0 < at <= len(claim.diagnoses)
    ]
    what = " ".join((line.code, *line.modifiers))
    return days, what, ", ".join(pointed), line.units, f"${Money(line.charge_cents)}"
