"""A date that is typed as one says it: “fri”, “+2w”, “3/14”; the arrows walk through the days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Protocol

from PySide6.QtCore import QDate, QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QIcon, QKeyEvent
from PySide6.QtWidgets import QCalendarWidget, QFrame, QLineEdit, QVBoxLayout, QWidget

from medsec_desktop.problems import Problem
from medsec_desktop.ui.theme import Theme
from medsec_desktop.ui.widgets.fields import keeps_alt_down

_STEPS = {
    Qt.Key.Key_Up: 1,
    Qt.Key.Key_Down: -1,
    Qt.Key.Key_PageUp: 7,
    Qt.Key.Key_PageDown: -7,
}


class _Formats(Protocol):
    """The part of the practice's formats a date field needs."""

    def date(self, d: date) -> str: ...

    def parse_date(self, text: str, today: date) -> date: ...


class DateEdit(QLineEdit):
    """A line that holds a date in the practice's format.

    `value()` is the date, or None while it is empty or not understood; `problem()` says what is
    wrong with what was typed. Up and Down walk a day, PgUp and PgDn a week, Alt+Down (or the icon)
    opens a month to pick from.

    `value_changed` follows every key, and a date half typed is often another one (“2/3” on the way to
    “2/30/2027”). Whoever writes by it takes `chosen`, which comes when the line is left, at Enter and
    from the month. Whoever reads by it takes `settled`: that comes then as well, and also for each day
    the arrows walk to or the program puts here, and with None when the line is left empty or wrong.
    """

    value_changed = Signal(object)
    chosen = Signal(object)
    settled = Signal(object)

    def __init__(
        self,
        theme: Theme,
        formats: _Formats,
        today: Callable[[], date],
        value: date | None = None,
        *,
        parent: QWidget | None = None,
    ):
        super().__init__(parent)
        self._theme = theme
        self._formats = formats
        self._today = today
        self._value: date | None = None
        self._told: date | None = None  # the last one chosen or put here
        self._settled: tuple[date | None, str] = (None, "")  # as it was told, with its problem
        self._problem = ""
        self._popup: QFrame | None = None
        icon = self.addAction(QIcon(), QLineEdit.ActionPosition.TrailingPosition)
        icon.setText("Pick from a month")
        icon.setToolTip("Pick from a month (Alt+Down)")
        icon.triggered.connect(self.open_month)
        theme.wear(icon, "calendar-days")
        self.setPlaceholderText(_pattern(formats))
        self.textEdited.connect(lambda _: self._read(tidy=False))
        self.editingFinished.connect(self.settle)
        if value is not None:
            self.set_value(value)

    def value(self) -> date | None:
        return self._value

    def problem(self) -> str:
        """Why what was typed is not a date; empty when it is one, or when nothing was typed."""
        return self._problem

    @property
    def is_being_typed(self) -> bool:
        """Whether what stands here has not been settled yet."""
        return (self._value, self._problem) != self._settled

    def set_value(self, value: date | None) -> None:
        self.setText(self._formats.date(value) if value else "")
        self._problem = ""
        self._told = value
        self._keep(value)
        self._tell_settled()

    def settle(self) -> None:
        """Take what stands here as it is, as if the line were left."""
        self._read(tidy=True)
        self._tell_settled()
        if not self._problem and self._value != self._told:
            self._told = self._value
            self.chosen.emit(self._value)

    def _tell_settled(self) -> None:
        if self.is_being_typed:
            self._settled = self._value, self._problem
            self.settled.emit(self._value)

    def _keep(self, value: date | None) -> None:
        if value != self._value:
            self._value = value
            self.value_changed.emit(value)

    def _read(self, *, tidy: bool) -> None:
        text = self.text().strip()
        if not text:
            self._problem = ""
            self._keep(None)
            return
        try:
            value = self._formats.parse_date(text, self._today())
        except Problem as problem:
            self._problem = str(problem)
            self._keep(None)
            return
        self._problem = ""
        if tidy:
            self.setText(self._formats.date(value))
        self._keep(value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.open_month()
        elif key in _STEPS and not event.modifiers():
            self._put((self._value or self._today()) + timedelta(days=_STEPS[key]))
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        return keeps_alt_down(event) or super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.selectAll()

    def open_month(self) -> None:
        """Show a month under the field; Enter or a click takes the day, Escape leaves it."""
        if self._popup is None:
            self._popup = QFrame(self, Qt.WindowType.Popup)
            self._popup.setProperty("kind", "card")
            month = QCalendarWidget()
            month.setObjectName("month")
            month.setAccessibleName("Month")
            month.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
            month.setGridVisible(False)
            month.activated.connect(self._picked)
            month.clicked.connect(self._picked)
            column = QVBoxLayout(self._popup)
            column.setContentsMargins(4, 4, 4, 4)
            column.addWidget(month)
        month = self._popup.findChild(QCalendarWidget, "month")
        shown = self._value or self._today()
        month.setSelectedDate(QDate(shown.year, shown.month, shown.day))
        self._popup.adjustSize()
        self._popup.move(self.mapToGlobal(QPoint(0, self.height() + 4)))
        self._popup.show()
        month.setFocus()

    def _picked(self, day: QDate) -> None:
        if self._popup is not None:
            self._popup.hide()
        self._put(date(day.year(), day.month(), day.day()))
        self.settle()
        self.setFocus()

    def _put(self, value: date) -> None:
        self.setText(self._formats.date(value))
        self._problem = ""
        self._keep(value)
        self._tell_settled()


def _pattern(formats: _Formats) -> str:
    """The practice's date format as a person would spell it: MM/DD/YYYY."""
    shown = formats.date(date(2001, 11, 22))
    return shown.replace("2001", "YYYY").replace("11", "MM").replace("22", "DD")
