"""The way through the days: by steps, by months, by a date typed, and with a key held down."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from medsec_desktop.domain.formats import months_later
from medsec_desktop.ui.report import guarded

if TYPE_CHECKING:
    from medsec_desktop.ui.calendar.tab import CalendarTab


class DayWalk:
    """Goes where it is told, and has the tab show it.

    While a key is held down the date moves at once, and the days are read and painted as soon as no
    further step waits: where that takes longer than a repeat, some are passed by.
    """

    def __init__(self, tab: CalendarTab):
        self._tab = tab
        self._desk = tab.desk
        self._put_off = QTimer(tab)  # reading and painting, while a key is held down
        self._put_off.setSingleShot(True)
        self._put_off.timeout.connect(self._catch_up)

    def go_to(self, day: date, *, again: bool = False) -> None:
        """Show a day; read it `again` even where it stands there already."""
        tab = self._tab
        if day == tab.day and not again and not self._put_off.isActive():
            return
        tab.shown.day = day
        tab.reload(again=again)
        if not tab.grid.selected_id:
            tab.side.show_nothing()

    def step(self, days: int) -> None:
        """Some days on or back; whole weeks keep the weekday."""
        tab = self._tab
        tab.show_grid()
        if not self._put_off.isActive() and tab.shown.is_grid and tab.shown.is_week:
            column = tab.grid.column_at_cursor
            tab.shown.day = column.day if column is not None else tab.day
        walk = self._pass_by if tab.grid.is_key_held and tab.shown.is_grid else self.go_to
        guarded(self._desk, lambda: walk(tab.day + timedelta(days=days)))

    def step_months(self, months: int) -> None:
        """The same day some months on or back."""
        guarded(self._desk, lambda: self.go_to(months_later(self._tab.day, months)))

    def today(self) -> None:
        """Back to today, from wherever one is."""
        self._tab.show_grid()
        self.go_to(self._desk.office.clock.today())

    def take_typed(self) -> None:
        """Go to the date in the line of dates, or say why it is none."""
        tab, line = self._tab, self._tab.go_to_line
        day = line.value()
        if day is None:
            text = line.problem()
            if text:
                self._desk.messages.not_now(text)
            line.set_value(tab.day)
        else:
            self.go_to(day)
            line.set_value(day)
        tab.take_focus()

    def ask(self) -> None:
        """Let a date be typed: in the line of dates, or asked for where a page covers it."""
        line = self._tab.go_to_line
        if line.isVisible():
            line.setFocus()
            line.selectAll()
        else:
            self._desk.go.ask_for_day()

    def rest(self) -> None:
        """The days in hand are being read: nothing is put off any more."""
        self._put_off.stop()

    def settle(self) -> None:
        """Whoever goes on from here goes on with the days that stand in the heading."""
        if self._put_off.isActive():
            self._catch_up()

    def _pass_by(self, day: date) -> None:
        tab = self._tab
        tab.shown.day = day
        tab.heading.setText(tab.shown.heading(self._desk.office.formats))
        tab.go_to_line.set_value(day)
        self._put_off.start(0)

    def _catch_up(self) -> None:
        """Show the days last asked for, painted before the next key is taken: it would put them off."""
        tab = self._tab
        tab.reload(again=False)
        if tab.shows_grid:
            tab.grid.viewport().repaint()
        if not tab.grid.selected_id:
            tab.side.show_nothing()
