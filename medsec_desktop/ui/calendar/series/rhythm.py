"""How visits repeat, chosen in a few fields: every so often, on which days, and how many."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from medsec_desktop.domain.calendar.recurrence import MOST_VISITS, Recurrence, weekly
from medsec_desktop.domain.formats import WEEKDAYS
from medsec_desktop.problems import Invalid
from medsec_desktop.ui.widgets import Choice, DateEdit, Field, NumberBox, PlainButton

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_UNITS = (("WEEKLY", "week"), ("DAILY", "day"), ("MONTHLY", "month"))
_NTHS = ("first", "second", "third", "fourth")


class Rhythm(QWidget):
    """The fields of a rule; `changed` whenever it may be another one."""

    changed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._busy = False
        formats, clock = desk.office.formats, desk.office.clock
        self.every = NumberBox(1, 12, "")
        self.every.setAccessibleName("Every how many")
        self.unit = Choice(_UNITS)
        self.unit.setAccessibleName("Days, weeks or months")
        self.days = tuple(_day_button(desk, name) for name in WEEKDAYS)
        self.month_day = Choice()
        self.end = Choice((("count", "After"), ("until", "On a date")))
        self.count = NumberBox(1, MOST_VISITS, " visits")
        self.count.setAccessibleName("How many visits")
        self.until = DateEdit(desk.theme, formats, clock.today)
        self.until.setAccessibleName("Last day")
        self.day_row = QWidget()
        row = QHBoxLayout(self.day_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        order = range(formats.week_starts_on, formats.week_starts_on + 7)
        for weekday in (day % 7 for day in order):
            row.addWidget(self.days[weekday], 1)
        self.month_field = Field("On", self.month_day)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.every_field = Field("Every", _side_by_side(self.every, self.unit))
        self.end_field = Field("Ends", _side_by_side(self.end, self.count, self.until))
        for part in (self.every_field, self.day_row, self.month_field, self.end_field):
            column.addWidget(part)
        # Squeezed from below, a column takes the height of its fields first.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.every.valueChanged.connect(self._changed)
        self.unit.currentIndexChanged.connect(self._changed)
        self.month_day.currentIndexChanged.connect(self._changed)
        self.end.currentIndexChanged.connect(self._changed)
        self.count.valueChanged.connect(self._changed)
        self.until.settled.connect(self._changed)
        for button in self.days:
            button.toggled.connect(self._changed)

    def begin(self, first: datetime) -> None:
        """Six visits a week apart, on the weekday of the first."""
        self._busy = True
        self.every.setValue(1)
        self.unit.set_value("WEEKLY")
        for weekday, button in enumerate(self.days):
            button.setChecked(weekday == first.weekday())
        self.month_day.set_pairs(_month_days(first.date()))
        self.end.set_value("count")
        self.count.setValue(6)
        self.until.set_value(None)
        self._busy = False
        self._changed()

    def take_focus(self) -> None:
        self.every.setFocus()
        self.every.selectAll()

    def rule(self, first: datetime) -> Recurrence:
        """The rule chosen, for a first visit then. Raises Invalid naming the field."""
        until = None
        count: int | None = self.count.value()
        if self.end.value() == "until":
            day = self.until.value()
            if day is None:
                words = self.until.problem() or "Type the last day, such as “+6w”."
                raise Invalid(words, field="end")
            if day < first.date():
                raise Invalid("The last day lies before the first visit.", field="end")
            count, until = None, datetime.combine(day, datetime.max.time())
        unit, interval = str(self.unit.value()), self.every.value()
        if unit == "WEEKLY":
            chosen = [day for day, button in enumerate(self.days) if button.isChecked()]
            if not chosen:
                raise Invalid("Choose at least one day of the week.", field="days")
            rule = weekly(chosen, count, interval)
            return rule if until is None else Recurrence(
                "WEEKLY", interval, rule.weekdays, until=until
            )  # fmt: skip
        if unit == "DAILY":
            return Recurrence("DAILY", interval, count=count, until=until)
        nth = self.month_day.value()
        weekdays = ((int(str(nth)), first.weekday()),) if nth else ()
        return Recurrence("MONTHLY", interval, weekdays, count=count, until=until)

    def problem(self, field: str, text: str) -> None:
        """Say at its field what is wrong; '' takes it away."""
        places = {"end": self.end_field, "count": self.end_field}
        for one in (self.every_field, self.end_field):
            one.problem("")
        if text:
            places.get(field, self.every_field).problem(text)

    def _changed(self) -> None:
        plural = "" if self.every.value() == 1 else "s"
        for index, (_, word) in enumerate(_UNITS):
            self.unit.setItemText(index, f"{word}{plural}")
        unit = self.unit.value()
        self.day_row.setVisible(unit == "WEEKLY")
        self.month_field.setVisible(unit == "MONTHLY")
        self.count.setVisible(self.end.value() == "count")
        self.until.setVisible(self.end.value() == "until")
        if not self._busy:
            self.changed.emit()


def _day_button(desk: Desk, name: str) -> PlainButton:
    button = PlainButton(name[:2], lambda: None, kind="day")
    button.setCheckable(True)
    button.setAccessibleName(name)
    button.setToolTip(name)
    button.setMinimumWidth(desk.theme.px(32))
    return button


def _side_by_side(first: QWidget, *others: QWidget) -> QWidget:
    both = QWidget()
    row = QHBoxLayout(both)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    row.addWidget(first, 2)
    for other in others:
        row.addWidget(other, 3)
    both.setFocusProxy(first)
    return both


def _month_days(first: date) -> list[tuple[int, str]]:
    """The ways a month names the day of the first visit: by number, by weekday, from the end."""
    weekday = WEEKDAYS[first.weekday()]
    number = (first.day - 1) // 7
    ways = [(0, f"day {first.day} of the month")]
    if number < len(_NTHS):
        ways.append((number + 1, f"the {_NTHS[number]} {weekday}"))
    if first.month != date.fromordinal(first.toordinal() + 7).month:
        ways.append((-1, f"the last {weekday}"))
    return ways
