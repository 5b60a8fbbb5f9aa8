"""The list to telephone from while a provider is away, on paper."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime

from medsec_desktop.domain.calendar.absences import AwayState
from medsec_desktop.domain.calendar.slots import Slot
from medsec_desktop.domain.calendar.visits import provider_called
from medsec_desktop.services.calendar.affected import AwayDays, AwayVisit
from medsec_desktop.services.practice import Practice, settings

_COLUMNS = (
    ("Was", 9.0), ("Patient", 21.0), ("Phone", 14.0), ("Visit", 14.0), ("Proposal", 26.0),
    ("Last call", 16.0), ("", 16.0),
)  # fmt: skip


class CallList:
    """Writes the list of one absence."""

    def __init__(self, practice: Practice, away: AwayDays, now: datetime, user_name: str):
        self._practice, self._away, self._now, self._user_name = practice, away, now, user_name
        self._formats = practice.formats
        self._called = {
            row.id: provider_called(row.family_name, row.given_name, row.credential)
            for row in practice.providers()
        }

    def pdf(self, visits: Collection[AwayVisit], proposals: Mapping[int, Slot | None]) -> bytes:
        """The visits by day: whom to call at which number, what she had, what she is offered."""
        from medsec_desktop.documents.calendar_pages import ListGroup, ListSheet, list_pdf

        by_day: dict[date, list[tuple[str, ...]]] = {}
        for visit in visits:
            rows = by_day.setdefault(visit.was.starts_at.date(), [])
            rows.append(self._row(visit, proposals.get(visit.id)))
        groups = tuple(
            ListGroup(self._formats.long_date(day), tuple(rows)) for day, rows in by_day.items()
        )
        return list_pdf(
            ListSheet(
                f"Calls: {self._away.provider_name} away",
                self._practice.profile().name,
                tuple(title for title, _ in _COLUMNS),
                tuple(width for _, width in _COLUMNS),
                groups or (ListGroup(self._away.name, (), remark="No visit is affected."),),
                f"Printed {self._formats.when(self._now)} by {self._user_name}",
                paper=self._practice.profile().paper,
                mark="DEMO" if self._practice.get(settings.IS_DEMO) else "",
            )
        )

    def _row(self, visit: AwayVisit, slot: Slot | None) -> tuple[str, ...]:
        formats, last = self._formats, visit.last_call
        return (
            formats.time(visit.was.starts_at),
            visit.was.patient_name,
            formats.phone(visit.phone),
            visit.was.type_name,
            self._fate(visit, slot),
            f"{last.words}, {formats.short_date(last.at.date())}" if last else "",
            "",
        )

    def _fate(self, visit: AwayVisit, slot: Slot | None) -> str:
        if visit.now is not None:
            return f"Moved: {self._place(visit.now.starts_at, visit.now.provider_name)}"
        if visit.state is AwayState.CANCELLED:
            return "Cancelled"
        if slot is None:
            return "No free time found"
        return self._place(slot.starts_at, self._called.get(slot.provider_id, ""))

    def _place(self, at: datetime, provider: str) -> str:
        formats = self._formats
        return f"{formats.short_date(at.date())}, {formats.time(at)}, {provider}"
