"""What is asked about time kept free: beside the grid and in the settings alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from medsec_desktop.domain.calendar.repeats import WORKDAYS, Repeat
from medsec_desktop.domain.calendar.spans import Span
from medsec_desktop.domain.formats import WEEKDAYS
from medsec_desktop.domain.weekly_hours import parse_stretches, spell_stretches
from medsec_desktop.problems import Invalid
from medsec_desktop.services.calendar.hours_records import BLOCK_KINDS, EVERYBODY, BlockDraft
from medsec_desktop.ui.desk import Desk
from medsec_desktop.ui.widgets import Choice, DateEdit, Field, NumberBox, Text

_NTHS = {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last"}


class BlockForm(QWidget):
    """Fields of a block-out; `draft` gives what is typed, or raises Invalid naming the field."""

    entered = Signal()  # Enter in a line: save

    def __init__(self, desk: Desk, *, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self._known: BlockDraft | None = None
        theme, office = desk.theme, desk.office
        self.kind = Choice(BLOCK_KINDS.items())
        self.title, self.note, self.time = QLineEdit(), QLineEdit(), QLineEdit()
        self.title.setPlaceholderText(BLOCK_KINDS["blocked"])
        self.time.setPlaceholderText("12-1")
        self.whose = Choice()
        self.day = DateEdit(theme, office.formats, office.clock.today)
        self.until = DateEdit(theme, office.formats, office.clock.today)
        self.repeat = Choice()
        self.every = NumberBox(1, 12, "")
        self.weekdays = [QCheckBox(name[:3]) for name in WEEKDAYS]
        for name, tick in zip(WEEKDAYS, self.weekdays, strict=True):
            tick.setAccessibleName(name)
        self.types: dict[int, QCheckBox] = {}
        self.fields = {
            "kind": Field("What for", self.kind),
            "title": Field("Title", self.title),
            "whose": Field("Whose time", self.whose),
            "day": Field("Day", self.day),
            "span": Field("From–to", self.time),
            "repeat": Field("Repeats", self.repeat),
            "every": Field("Every so many weeks", self.every),
            "last_on": Field("Until, if it ends", self.until),
            "note": Field("Note", self.note),
        }
        self._lay_out()
        self.kind.activated.connect(lambda _: self._fit())
        self.repeat.activated.connect(lambda _: self._repeat_chosen())
        self.day.settled.connect(lambda _: self._name_repeats())
        for name, line in (
            ("title", self.title),
            ("span", self.time),
            ("day", self.day),
            ("last_on", self.until),
            ("note", self.note),
        ):
            line.returnPressed.connect(self.entered)
            line.textEdited.connect(lambda _, name=name: self.fields[name].problem(""))

    def _lay_out(self) -> None:
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)

        def row(*names: str) -> None:
            line = QHBoxLayout()
            line.setSpacing(8)
            for name in names:
                line.addWidget(self.fields[name], 1, Qt.AlignmentFlag.AlignTop)
            column.addLayout(line)

        row("kind")
        row("title")
        row("whose")
        row("day", "span")
        row("repeat")
        self._days = QWidget()
        days = QVBoxLayout(self._days)
        days.setContentsMargins(0, 0, 0, 0)
        days.setSpacing(8)
        grid = QGridLayout()
        grid.setHorizontalSpacing(4)
        grid.setVerticalSpacing(4)
        for n, tick in enumerate(self.weekdays):
            grid.addWidget(tick, n // 4, n % 4)
        grid.setColumnStretch(4, 1)
        days.addLayout(grid)
        self.days_note = Text("", "problem", wrap=True)
        self.days_note.hide()
        days.addWidget(self.days_note)
        column.addWidget(self._days)
        row("every", "last_on")
        self._admitted = QWidget()
        admitted = QVBoxLayout(self._admitted)
        admitted.setContentsMargins(0, 0, 0, 0)
        admitted.setSpacing(4)
        admitted.addWidget(Text("Visits it admits", "small"))
        self._types_column = QVBoxLayout()
        self._types_column.setSpacing(4)
        admitted.addLayout(self._types_column)
        self.types_note = Text("", "problem", wrap=True)
        self.types_note.hide()
        admitted.addWidget(self.types_note)
        column.addWidget(self._admitted)
        row("note")

    # -- show -----------------------------------------------------------------------------------

    def show_draft(self, draft: BlockDraft) -> None:
        """Show a block-out, new or known."""
        self._known = draft
        self._offer()
        self.kind.set_value(draft.kind)
        self.title.setText(draft.title)
        self.whose.set_value(_whose_key(draft))
        self.day.set_value(draft.starts_on)
        span = (draft.span.starts_min, draft.span.ends_min)
        self.time.setText(spell_stretches([span], self._desk.office.formats))
        self.time.setCursorPosition(0)
        self.until.set_value(draft.last_on)
        self.note.setText(draft.note)
        for type_id, tick in self.types.items():
            tick.setChecked(type_id in draft.admits)
        self._show_rule(draft)
        for field in self.fields.values():
            field.problem("")
        self._complain_days("")
        self._complain_types("")
        self._fit()

    def _offer(self) -> None:
        practice = self._desk.office.practice
        pairs: list[tuple[object, str]] = [("", EVERYBODY)]
        pairs += [
            (f"provider:{row.id}", row.name) for row in practice.providers(bookable_only=True)
        ]
        pairs += [(f"room:{row.id}", row.name) for row in practice.rooms(active_only=True)]
        self.whose.set_pairs(pairs)
        while (item := self._types_column.takeAt(0)) is not None:
            if item.widget() is not None:
                item.widget().hide()
                item.widget().deleteLater()
        self.types = {}
        for row in practice.types(active_only=True):
            tick = self.types[row.id] = QCheckBox(row.name)
            tick.setAccessibleName(row.name)
            tick.toggled.connect(lambda _: self._complain_types(""))
            self._types_column.addWidget(tick)

    def _show_rule(self, draft: BlockDraft) -> None:
        repeat = Repeat.parse(draft.rule) if draft.rule else None
        shown = "once"
        if repeat is not None:
            shown = repeat.frequency
            if repeat.nth:
                shown = "nth"
            elif repeat.every == 1 and repeat.weekdays == WORKDAYS:
                shown = "weekdays"
        self._name_repeats()
        self.repeat.set_value(shown)
        self.every.setValue(repeat.every if repeat else 1)
        chosen = repeat.weekdays if repeat and repeat.weekdays else {draft.starts_on.weekday()}
        for weekday, tick in enumerate(self.weekdays):
            tick.setChecked(weekday in chosen)

    def _name_repeats(self) -> None:
        """The choices speak of the day typed: every month on the second Tuesday."""
        day = self.day.value() or self._desk.office.clock.today()
        nth = _nth(day)
        self.repeat.set_pairs(
            (
                ("once", "Once"),
                ("daily", "Every day"),
                ("weekdays", "Every weekday"),
                ("weekly", "On days of the week"),
                ("monthly", f"Every month on day {day.day}"),
                ("nth", f"Every month on the {_NTHS[nth]} {WEEKDAYS[day.weekday()]}"),
            )
        )

    def _repeat_chosen(self) -> None:
        if self.repeat.value() == "weekly" and not any(t.isChecked() for t in self.weekdays):
            day = self.day.value() or self._desk.office.clock.today()
            self.weekdays[day.weekday()].setChecked(True)
        self._fit()

    def _fit(self) -> None:
        """Only what the choices made ask for is shown."""
        repeats = self.repeat.value()
        self._days.setVisible(repeats == "weekly")
        self.fields["every"].setVisible(repeats == "weekly")
        self.fields["last_on"].setVisible(repeats != "once")
        self._admitted.setVisible(self.kind.value() == "reserved")
        self.title.setPlaceholderText(BLOCK_KINDS[str(self.kind.value() or "blocked")])

    # -- read -----------------------------------------------------------------------------------

    def draft(self) -> BlockDraft:
        """What is typed now. Raises Invalid naming the field."""
        assert self._known is not None
        day = self.day.value()
        if day is None:
            raise Invalid(self.day.problem() or "Type the day.", field="day")
        if self.until.problem():
            raise Invalid(self.until.problem(), field="last_on")
        provider_id, room_id = _whose(str(self.whose.value() or ""))
        return replace(
            self._known,
            title=self.title.text(),
            kind=str(self.kind.value()),
            starts_on=day,
            span=self._span(),
            provider_id=provider_id,
            room_id=room_id,
            rule=self._rule(day),
            last_on=self.until.value() if self.repeat.value() != "once" else None,
            note=self.note.text(),
            admits=frozenset(each for each, tick in self.types.items() if tick.isChecked()),
        )

    def _span(self) -> Span:
        try:
            stretches = parse_stretches(self.time.text(), self._desk.office.formats)
        except Invalid as problem:
            raise Invalid(problem.what, remedy="Type it like 12-1.", field="span") from problem
        if len(stretches) != 1:
            raise Invalid("Type one stretch of time.", remedy="Like 12-1.", field="span")
        return Span(*stretches[0])

    def _rule(self, day: date) -> str:
        kind = self.repeat.value()
        if kind == "once":
            return ""
        if kind == "weekdays":
            return Repeat("weekly", 1, WORKDAYS).rule
        if kind == "weekly":
            chosen = frozenset(n for n, tick in enumerate(self.weekdays) if tick.isChecked())
            if not chosen:
                raise Invalid("Choose at least one day of the week.", field="weekdays")
            return Repeat("weekly", self.every.value(), chosen).rule
        if kind == "nth":
            return Repeat("monthly", 1, frozenset([day.weekday()]), _nth(day)).rule
        return Repeat(str(kind)).rule

    def complain(self, problem: Invalid) -> bool:
        """Show a problem where it belongs; False where it names no place here."""
        text = " ".join(part for part in (problem.what, problem.remedy) if part)
        if problem.field == "admits":
            self._complain_types(text)
        elif problem.field == "weekdays":
            self._complain_days(text)
        elif problem.field in self.fields:
            self.fields[problem.field].problem(text)
            self.fields[problem.field].editor.setFocus()
        else:
            return False
        return True

    def _complain_types(self, text: str) -> None:
        self.types_note.setText(text)
        self.types_note.setVisible(bool(text))

    def _complain_days(self, text: str) -> None:
        self.days_note.setText(text)
        self.days_note.setVisible(bool(text))


def _whose_key(draft: BlockDraft) -> str:
    if draft.provider_id is not None:
        return f"provider:{draft.provider_id}"
    return f"room:{draft.room_id}" if draft.room_id is not None else ""


def _whose(key: str) -> tuple[int | None, int | None]:
    whose, _, owner = key.partition(":")
    if not owner:
        return None, None
    return (int(owner), None) if whose == "provider" else (None, int(owner))


def _nth(day: date) -> int:
    """Which of its weekdays of the month it is; the fifth counts as the last."""
    nth = (day.day - 1) // 7 + 1
    return nth if nth < 5 else -1
