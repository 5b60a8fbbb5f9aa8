"""In a patient's file: her claims, where each stands, and what is next."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.services.patients import PatientFile
from medsec_desktop.ui.claims.wording import amount, days_left, state_of
from medsec_desktop.ui.patients.file_section import GrowingSection
from medsec_desktop.ui.patients.sections.record_lines import RecordLine, RecordLines, Words

if TYPE_CHECKING:
    from medsec_desktop.services.claims.records import ClaimRow
    from medsec_desktop.ui.desk import Desk


class ClaimsSection(GrowingSection):
    """The latest services first; each line leads to its claim."""

    first = 5

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__("Claims", desk, parent)
        self._lines = RecordLines(desk.theme, Words("body", 2), Words("muted", 3), Words("muted"))
        self.rows.addWidget(self._lines)

    def draw(self, file: PatientFile) -> None:
        may = self._desk.office.session.may(Permission.VIEW_CLAIMS)
        self.setVisible(may)
        if not may:
            return
        found = self._desk.office.claims.of_patient(file.id)
        self._lines.show_lines([self._line(row) for row in found[: self._shown]])
        self.say("" if found else "None yet.")
        self.offer_more(len(found))

    def _line(self, row: ClaimRow) -> RecordLine:
        formats = self._desk.office.formats
        day = formats.date(row.first_on)
        told = (row.payer_name, self._next(row), amount(row.total_cents))
        spoken = f"Claim {row.number}, {day}, {row.payer_name}, {state_of(row)}"
        go = partial(self._desk.go.show_claim, row.id)
        return RecordLine(day, told, go, spoken, f"Claim {row.number}")

    def _next(self, row: ClaimRow) -> str:
        """“Draft, 2 errors · 12 d left”, “Sent · Fri, Dec 4: call the payer”."""
        parts: Sequence[str] = (state_of(row),)
        if row.next_action:
            day = self._desk.office.formats.short_date(row.next_on) if row.next_on else ""
            parts = (*parts, ": ".join(part for part in (day, row.next_action) if part))
        elif not row.is_sealed and (left := days_left(row)):
            parts = (*parts, left if "late" in left or left == "today" else f"{left} left")
        return "  ·  ".join(parts)
