"""In a patient's file: the visits to come, and those that were."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from medsec_desktop.services.patients import PatientFile, VisitRow
from medsec_desktop.ui.patients import words
from medsec_desktop.ui.patients.file_section import FileSection, GrowingSection, date_grid
from medsec_desktop.ui.widgets import ElidedLabel, LinkButton, Text

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk


class NextVisits(FileSection):
    """What is booked, the nearest first."""

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__("Next visits", desk, parent)

    def draw(self, file: PatientFile) -> None:
        visits = file.next_visits(self._desk.office.clock.now())
        if visits:
            self.rows.addLayout(visit_grid(self._desk, visits, file, self))
        else:
            self.rows.addWidget(Text("No visit is booked.", "muted"))


class PastVisits(GrowingSection):
    """Kept, missed, cancelled and taken over, the latest first, some at a time."""

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__("Past visits", desk, parent)

    def draw(self, file: PatientFile) -> None:
        visits = file.past_visits(self._desk.office.clock.now())
        many = f"Past and cancelled visits ({len(visits):,})"
        self.heading.setText(many if visits else "Past visits")
        if not visits:
            self.rows.addWidget(Text("None on file.", "muted"))
            return
        self.rows.addLayout(visit_grid(self._desk, visits[: self._shown], file, self))
        self.offer_more(len(visits))


def visit_grid(
    desk: Desk, visits: Sequence[VisitRow], file: PatientFile, place: QWidget
) -> QGridLayout:
    """Visits under each other, each a link to its day; columns as wide in every list of the file."""
    formats, grid = desk.office.formats, date_grid(desk)
    grid.setColumnMinimumWidth(3, _status_width(file, place))
    grid.setColumnStretch(1, 3)
    grid.setColumnStretch(2, 2)
    for number, visit in enumerate(visits):
        when = formats.when(visit.starts_at)
        if visit.kind == "appointment":
            opened: QWidget = LinkButton(
                when, lambda visit=visit: desk.go.show_day(visit.starts_at.date(), visit.id)
            )
            opened.setAccessibleName(f"{when}, {visit.what}, {visit.provider_name}")
            opened.setToolTip("Show it in the calendar")
        else:
            opened = Text(when)
        what = " – ".join(part for part in (visit.what, visit.reason) if part)
        grid.addWidget(opened, number, 0, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(ElidedLabel(what), number, 1)
        grid.addWidget(ElidedLabel(visit.provider_name or visit.where, "muted"), number, 2)
        status = Text(words.VISIT_STATUSES.get(visit.status, ""), "muted")
        grid.addWidget(status, number, 3, Qt.AlignmentFlag.AlignRight)
    return grid


def _status_width(file: PatientFile, place: QWidget) -> int:
    """What the longest status among this patient's visits needs."""
    measure = place.fontMetrics().horizontalAdvance
    shown = {words.VISIT_STATUSES.get(visit.status, "") for visit in file.visits}
    return max(map(measure, shown), default=0)
