"""Today: who comes, who is here, who waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from medsec_desktop.domain.calendar.visits import STATUS_WORDS, VisitStatus
from medsec_desktop.ui.widgets.buttons import PlainButton
from medsec_desktop.ui.widgets.empty import EmptyState
from medsec_desktop.ui.widgets.labels import Text
from medsec_desktop.ui.widgets.search_list import FastList, ListRow
from medsec_desktop.ui.widgets.tab import Tab

if TYPE_CHECKING:
    from medsec_desktop.services.calendar.records import AppointmentRow
    from medsec_desktop.services.session import Changes
    from medsec_desktop.ui.desk import Desk


_OPEN = (
    VisitStatus.SCHEDULED,
    VisitStatus.CONFIRMED,
    VisitStatus.ARRIVED,
    VisitStatus.IN_ROOM,
)


class TodayTab(Tab):
    """Today's visits by time; Enter shows one in the calendar."""

    title = "Today"
    icon = "sun"
    help_page = "today"
    new_text = "New visit…"

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(desk, parent)
        self.day = Text("", "title")
        self.count = Text("", "muted")
        self.list = FastList(desk.theme, "Today’s visits", two_lines=True)
        self.list.chosen.connect(self._show_in_calendar)
        self.empty = EmptyState(
            desk.theme,
            "sun",
            "No visits today",
            "Visits booked for today are listed here by time, with who has arrived.",
            "Book a visit",
            lambda: desk.actions.trigger("visit.book"),
        )
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.day)
        words.addWidget(self.count)
        head = QHBoxLayout()
        head.setContentsMargins(24, 16, 24, 12)
        head.addLayout(words, 1)
        self.book_button = PlainButton(
            "Book a visit", lambda: desk.actions.trigger("visit.book"), tip="Ctrl+B"
        )
        head.addWidget(self.book_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        body = QVBoxLayout()
        body.setContentsMargins(12, 0, 12, 8)
        body.addWidget(self.list, 1)
        body.addWidget(self.empty, 1)
        column.addLayout(body, 1)
        self.setFocusProxy(self.list)
        desk.actions.bind("visit.open_patient", self._open_patient, self._selected, owner=self)

    def showing(self) -> None:
        self.reload()
        (self.list if self.list.isVisible() else self).setFocus()

    def refresh(self, changes: Changes) -> None:
        if changes.touches("appointment", "patient", "provider", "appointment_type", "setting"):
            self.reload()

    def new_thing(self) -> None:
        self.desk.actions.trigger("visit.book")

    def reload(self) -> None:
        """Read today's visits again, staying on the one selected."""
        office = self.desk.office
        today = office.clock.today()
        visits = office.calendar.of_day(today)
        kept = self._current()
        self.day.setText(office.formats.long_date(today))
        self.count.setText(_counted(visits))
        self.list.set_rows([self._row(visit) for visit in visits])
        self.list.setVisible(bool(visits))
        self.empty.setVisible(not visits)
        self.book_button.setVisible(bool(visits))
        wanted = kept.id if kept is not None else _next_id(visits)
        for index, visit in enumerate(visits):
            if visit.id == wanted:
                self.list.setCurrentIndex(self.list.rows.index(index, 0))

    def _row(self, visit: AppointmentRow) -> ListRow:
        formats = self.desk.office.formats
        detail = " · ".join(
            part
            for part in (
                visit.type_name,
                visit.provider_name,
                visit.reason,
            )
            if part
        )
        return ListRow(
            visit,
            visit.patient_name,
            detail,
            STATUS_WORDS[visit.status],
            lead=formats.time(visit.starts_at),
            mark="Alert" if visit.has_alert else "",
            tone="warning",
        )

    def _current(self) -> AppointmentRow | None:
        return self.list.current_value()  # type: ignore[no-any-return]

    def _selected(self) -> bool | str:
        return self._current() is not None or "Select a visit first."

    def _open_patient(self) -> None:
        visit = self._current()
        if visit is not None:
            self.desk.go.open_patient(visit.patient_id)

    def _show_in_calendar(self, visit: AppointmentRow) -> None:
        self.desk.go.show_day(visit.starts_at.date(), visit.id)


def _next_id(visits: tuple[AppointmentRow, ...]) -> int | None:
    """The first visit still to come or under way: the hands begin there."""
    open_ones = (visit.id for visit in visits if visit.status in _OPEN)
    return next(open_ones, None)


def _counted(visits: tuple[AppointmentRow, ...]) -> str:
    """“14 visits · 3 waiting · 5 done”, leaving out what is nothing."""
    if not visits:
        return ""
    parts = [f"{len(visits)} visit{'' if len(visits) == 1 else 's'}"]
    for status, word in (
        (VisitStatus.ARRIVED, "waiting"),
        (VisitStatus.IN_ROOM, "in a room"),
        (VisitStatus.DONE, "done"),
    ):
        count = sum(1 for visit in visits if visit.status is status)
        if count:
            parts.append(f"{count} {word}")
    return " · ".join(parts)
