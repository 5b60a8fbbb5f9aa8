"""In a patient's file: the visits to come, and those that were."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from medsec_desktop.services.patients import PatientFile, VisitRow
from medsec_desktop.ui.patients import words
from medsec_desktop.ui.patients.file_section import FileSection, GrowingSection
from medsec_desktop.ui.patients.sections.record_lines import RecordLine, RecordLines, Words

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk
    from medsec_desktop.ui.theme import Theme


class NextVisits(FileSection):
    """What is booked, the nearest first."""

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__("Next visits", desk, parent)
        self._lines = _visit_lines(desk.theme)
        self.rows.addWidget(self._lines)

    def draw(self, file: PatientFile) -> None:
        visits = file.next_visits(self._desk.office.clock.now())
        self._lines.show_lines([*_told(self._desk, visits)], _status_width(file, self))
        self.say("" if visits else "No visit is booked.")


class PastVisits(GrowingSection):
    """Kept, missed, cancelled and taken over, the latest first, some at a time."""

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__("Past visits", desk, parent)
        self._lines = _visit_lines(desk.theme)
        self.rows.addWidget(self._lines)

    def draw(self, file: PatientFile) -> None:
        visits = file.past_visits(self._desk.office.clock.now())
        many = f"Past and cancelled visits ({len(visits):,})"
        self.heading.setText(many if visits else "Past visits")
        shown = visits[: self._shown]
        self._lines.show_lines([*_told(self._desk, shown)], _status_width(file, self))
        self.say("" if visits else "None on file.")
        self.offer_more(len(visits))


def _visit_lines(theme: Theme) -> RecordLines:
    """Columns as wide in every list of visits of the file."""
    return RecordLines(theme, Words("body", 3), Words("muted", 2), Words("muted"))


def _told(desk: Desk, visits: Sequence[VisitRow]) -> Iterator[RecordLine]:
    """Visits as lines, those of the calendar as links to their days."""
    for visit in visits:
        when = desk.office.formats.when(visit.starts_at)
        told = (
            " – ".join(part for part in (visit.what, visit.reason) if part),
            visit.provider_name or visit.where,
            words.VISIT_STATUSES.get(visit.status, ""),
        )
        if visit.kind == "appointment":
            spoken = f"{when}, {visit.what}, {visit.provider_name}"
            go = partial(_show_day, desk, visit)
            yield RecordLine(when, told, go, spoken, "Show it in the calendar")
        else:
            yield RecordLine(when, told)


def _show_day(desk: Desk, visit: VisitRow) -> None:
    desk.go.show_day(visit.starts_at.date(), visit.id)


def _status_width(file: PatientFile, place: QWidget) -> int:
    """What the longest status among this patient's visits needs."""
    measure = place.fontMetrics().horizontalAdvance
    shown = {words.VISIT_STATUSES.get(visit.status, "") for visit in file.visits}
    return max(map(measure, shown), default=0)
