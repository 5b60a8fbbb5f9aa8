"""The calendar's views, one of them in front: the time grid, the month, the agenda, or how to begin."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.ui.calendar.grid import colours
from medsec_desktop.ui.calendar.grid.agenda_view import AgendaView
from medsec_desktop.ui.calendar.grid.ahead import ReadAhead, Stretch
from medsec_desktop.ui.calendar.grid.month_view import MonthView
from medsec_desktop.ui.calendar.grid.time_grid import TimeGrid
from medsec_desktop.ui.calendar.shown import ROOMS, VIEWS, Shown
from medsec_desktop.ui.widgets import EmptyState

if TYPE_CHECKING:
    from medsec_desktop.services.calendar import AppointmentRow
    from medsec_desktop.services.calendar.views import MonthVisit
    from medsec_desktop.ui.desk import Desk

_NOBODY = (
    "No provider has a calendar column yet",
    "Add a provider with working hours in Settings; visits can be booked at once then.",
)
_NO_ROOM = ("No room is in use yet", "Add the rooms of the practice in Settings.")


class Front(QStackedWidget):
    """Reads what `shown` says into the view it belongs to; the tab's pages come and go among them."""

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        office = desk.office
        self._desk = desk
        self.shown = Shown(office.clock.today())
        self.coloured_by = "type"
        self.grid = TimeGrid(desk.theme, office.formats, office.clock.now)
        self.month_view = MonthView(desk.theme, office.formats, office.clock.today)
        self.agenda = AgendaView(desk.theme, lambda: office.formats)
        self.nobody = EmptyState(
            desk.theme,
            "stethoscope",
            *_NOBODY,
            "Open Settings",
            lambda: desk.go.open_settings("providers"),
        )
        self.ahead = ReadAhead(desk, self.grid.prepare, self)
        self._view: QWidget = self.grid
        for view in (self.grid, self.month_view, self.agenda, self.nobody):
            self.addWidget(view)

    # -- what is shown --------------------------------------------------------------------------

    def turn_to(self, kind: str) -> None:
        """Choose a view; a week is the one of whoever the cursor stood with."""
        shown, column, view = self.shown, self.grid.column_at_cursor, self.grid.view
        if shown.is_grid and column is not None and view is not None:
            shown.day = column.day
            several = len({each.key for each in view.columns}) > 1
            if several and not shown.is_week and not shown.week_who:
                shown.week_who = str(column.key)
        shown.kind = kind

    def read(self, *, with_cancelled: bool, again: bool = True) -> None:
        """Read the view in force; a handful of statements, none for days read ahead.

        With `again` the days are read whatever is known of them.
        """
        office, shown = self._desk.office, self.shown
        formats = self.grid.formats = self.month_view.formats = office.formats
        days, (keys, kind) = shown.days(formats.week_starts_on), shown.keys()
        if shown.kind == "month":
            read = office.views.month(days[0], days[-1], keys, kind=kind)
            self.month_view.show_month(read, shown.day, shown.heading(formats))
            self._view = self.month_view
        elif shown.kind == "agenda":
            self.agenda.show_visits(
                office.views.agenda(days[0], days[-1], keys, with_cancelled=with_cancelled)
            )
            self._view = self.agenda
        else:
            self.grid.may_edit = office.session.may(Permission.EDIT_CALENDAR)
            stretch = Stretch(days, keys, kind, with_cancelled)
            view = self.ahead.view(stretch, again=again)
            self.grid.show_view(view)
            if shown.is_week:
                self.grid.stand_on(shown.day)
            self.nobody.say(*(_NO_ROOM if shown.whose == ROOMS else _NOBODY))
            self._view = self.grid if view.columns else self.nobody

    def bring(self) -> None:
        """Put the view that was read in front."""
        self.setCurrentWidget(self._view)

    def take_focus(self) -> None:
        """Give the view in front the keys."""
        view = self.currentWidget()
        if view is self.agenda:
            self.agenda.take_focus()
        elif view is not None and view is not self.nobody:
            view.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.ahead.rest()

    # -- how it looks ---------------------------------------------------------------------------

    def colour_by(self, by: str) -> None:
        """Colour visits by type, provider, status or payer."""
        self.coloured_by = by
        self.grid.colour_by(by)
        self.month_view.colour_by(by)

    def legend(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        """What visits are coloured by, and what each colour in the view means."""
        by = self.coloured_by
        return colours.COLOURED_BY[by], colours.legend(self._coloured(), by)

    def _coloured(self) -> Iterable[AppointmentRow | MonthVisit]:
        if self.shown.kind == "month":
            return [visit for day in self.month_view.days for visit in day.visits]
        if self.grid.view is None or not self.shown.is_grid:
            return ()
        return self.grid.view.one_of_each(colours.TOLD_APART_BY[self.coloured_by])

    def habits(self) -> dict[str, str]:
        """The view, whose columns, the colours and the height of the hours."""
        shown = self.shown
        return {
            "view": shown.kind,
            "who": shown.who,
            "week_who": shown.week_who,
            "coloured_by": self.coloured_by,
            "zoom": str(self.grid.zoom),
        }

    def take_habits(self, habits: dict[str, str]) -> None:
        """Look as last time; what is not known any more is passed over."""
        shown = self.shown
        shown.kind = habits["view"] if habits.get("view") in VIEWS else shown.kind
        shown.who = habits.get("who") or shown.who
        shown.week_who = habits.get("week_who", "")
        by, zoom = habits.get("coloured_by", ""), habits.get("zoom", "")
        if by in colours.COLOURED_BY:
            self.colour_by(by)
        if zoom.isdigit():
            self.grid.zoom_by(int(zoom) - self.grid.zoom)
