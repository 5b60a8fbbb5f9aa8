"""In a patient's file: every alert with where it comes up and until when, expired ones too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from medsec_desktop.services.patients import AlertRow, PatientFile
from medsec_desktop.ui.patients.parts.lists import AlertsPart
from medsec_desktop.ui.patients.sections.editing import EditableSection

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_COLUMNS = (
    "text", "kind", "expires_on", "is_shown_on_selection", "is_shown_on_booking",
    "is_shown_on_arrival", "is_shown_on_billing",
)  # fmt: skip


class AlertsSection(EditableSection):
    """What the banners above say, with where else it is said."""

    key = "alerts"
    what = "the alerts"
    tables = ("patient_alert",)
    part = AlertsPart

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__("Alerts", desk, parent)

    def draw(self, file: PatientFile) -> None:
        order = {row.id: place for place, row in enumerate(sorted(file.alerts, key=lambda r: r.id))}
        for row in sorted(file.alerts, key=lambda row: not row.is_current):
            about = self._about(row)
            self.lines.add_told(
                row.said,
                [about],
                is_quiet=not row.is_current,
                keys=[("patient_alert", row.id, name) for name in _COLUMNS],
                field=f"alerts.{order[row.id]}.text",
            )
        if not file.alerts:
            self.lines.add_words("Nothing that must not be missed.")

    def _about(self, row: AlertRow) -> str:
        shown = [
            word
            for is_so, word in (
                (row.is_shown_on_selection, "with the file"),
                (row.is_shown_on_booking, "when booking"),
                (row.is_shown_on_arrival, "at arrival"),
                (row.is_shown_on_billing, "when billing"),
            )
            if is_so
        ]
        text = f"Shown {', '.join(shown)}"
        if row.expires_on:
            day = self._desk.office.formats.date(row.expires_on)
            text += f"  ·  until {day}" if row.is_current else f"  ·  expired {day}"
        return text
