"""A week of hours, and other weeks from a date on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from medsec_desktop.problems import Invalid
from medsec_desktop.services.practice import HoursRow
from medsec_desktop.services.practice.weeks import (
    Period,
    periods_of,
    split_from,
    stored,
    without,
)
from medsec_desktop.ui.desk import Desk
from medsec_desktop.ui.practice.editors import WeekEditor
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import Choice, PlainButton


class DatedWeek(QWidget):
    """The hours of a provider or a room: a week to type, for all time or for the period chosen."""

    left = Signal()  # time to save

    def __init__(self, desk: Desk, *, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self._periods: tuple[Period, ...] = periods_of(())
        self._at = 0
        self.period = Choice()
        self.period.setAccessibleName("Hours of which time")
        self.period.activated.connect(lambda _: self._choose(int(str(self.period.value()))))
        self.split = PlainButton("New hours from a date…", self._ask_date, kind="quiet")
        desk.theme.wear(self.split, "calendar-plus")
        self.drop = PlainButton("Remove", self._drop, kind="quiet")
        self.drop.setAccessibleName("Remove these hours")
        self.drop.setToolTip("The hours before them hold as long instead")
        desk.theme.wear(self.drop, "trash-2")
        self.week = WeekEditor(desk.theme, desk.office.formats)
        self.week.left.connect(self._typed)
        self.period.setMinimumWidth(desk.theme.px(200))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.period)
        row.addWidget(self.drop)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.week)
        column.addWidget(self.split, 0, Qt.AlignmentFlag.AlignLeft)

    def set_rows(self, rows: Sequence[HoursRow], *, again: bool = False) -> None:
        """Show stored hours; the period that holds today, or with `again` the one shown before."""
        before = self._periods[self._at].first_on
        self._periods = periods_of(rows)
        firsts = [period.first_on for period in self._periods]
        today = self._desk.office.clock.today()
        if again and before in firsts:
            self._at = firsts.index(before)
        else:
            begun = [n for n, first in enumerate(firsts) if first is None or first <= today]
            self._at = begun[-1]
        self._show()

    def rows(self) -> tuple[HoursRow, ...]:
        """The hours as typed, to be stored. Raises Invalid, with the line marked."""
        return stored(self._with_typed())

    def _with_typed(self) -> tuple[Period, ...]:
        periods = list(self._periods)
        periods[self._at] = replace(periods[self._at], week=self.week.rows())
        return tuple(periods)

    def _show(self) -> None:
        self.period.set_pairs((n, self._called(each)) for n, each in enumerate(self._periods))
        self.period.set_value(self._at)
        several = len(self._periods) > 1
        self.period.setVisible(several)
        self.drop.setVisible(several)
        self.week.set_formats(self._desk.office.formats)
        self.week.set_rows(self._periods[self._at].week)

    def _called(self, period: Period) -> str:
        formats = self._desk.office.formats
        if period.first_on is None and period.last_on is None:
            return "Always"
        if period.first_on is None:
            return f"Until {formats.date(period.last_on)}"
        if period.last_on is None:
            return f"From {formats.date(period.first_on)} on"
        return f"{formats.date(period.first_on)} to {formats.date(period.last_on)}"

    def _choose(self, at: int) -> None:
        self._at = at
        self._show()

    def _typed(self) -> None:
        try:
            self._periods = self._with_typed()
        except Invalid:
            return  # another line makes no sense yet: it is marked, and nothing is stored
        self.left.emit()

    def _ask_date(self) -> None:
        office = self._desk.office

        def split(text: str) -> None:
            guarded(
                self._desk,
                lambda: self.begin_from(office.formats.parse_date(text, office.clock.today())),
            )

        self._desk.prompts.ask_text(
            "New hours from a date",
            "First day",
            split,
            text="The hours before it stay as they are. They end the day before.",
            button="Continue",
        )

    def begin_from(self, day: date) -> None:
        """A period of its own from `day` on, with the same hours until others are typed."""
        self._periods = split_from(self._with_typed(), day)
        self._at = next(n for n, each in enumerate(self._periods) if each.first_on == day)
        self._show()
        self.week.lines[0].setFocus()
        self.week.lines[0].selectAll()

    def _drop(self) -> None:
        self._periods = without(self._periods, self._at)
        self._at = max(self._at - 1, 0)
        self._show()
        self.left.emit()
