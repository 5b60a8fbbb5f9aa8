"""What a free time is looked for by: for whom, what, with whom, when and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QPushButton, QWidget

from medsec_desktop.domain.calendar import DAY_MIN, provider_called
from medsec_desktop.domain.calendar.finding import PARTS_OF_DAY, FindQuery
from medsec_desktop.domain.calendar.times_asked import parse_times
from medsec_desktop.domain.formats import WEEKDAYS
from medsec_desktop.problems import Invalid
from medsec_desktop.ui.calendar.current import CurrentFormats
from medsec_desktop.ui.calendar.finding.many_choice import ManyChoice
from medsec_desktop.ui.calendar.lists.person_line import PersonLine
from medsec_desktop.ui.widgets import Choice, DateEdit, Field, LinkButton, Text
from medsec_desktop.ui.widgets.page import Panel
from medsec_desktop.ui.widgets.scrolled import ScrolledColumn

if TYPE_CHECKING:
    from medsec_desktop.ui.calendar.tab import CalendarTab

SLOTS_A_DAY = 4
_TIMES = 250  # pixels the times found keep at normal zoom, however much is asked of one visit
_WAYS = 180  # and of several
_ROOM_FOR_ALL = 720  # pixels of panel from which every filter is shown


class FindForm(Panel):
    """Takes in what is wanted and gives it back as a query; what is found is for others to show.

    Where there is no room for everything, the times found come first: days, times of day and room
    are said in the words of “Patient can come”, and their own fields shown on request.
    """

    changed = Signal()

    def __init__(self, tab: CalendarTab):
        super().__init__(tab)
        self._filling = True  # nobody is typing
        self._with_more = False  # filters asked for where there is little room
        self._lengths: dict[object, int] = {}
        self._type_names: dict[int | None, str] = {}
        self._provider_names: dict[int, str] = {}
        self._room_names: dict[int, str] = {}
        self._make_fields()
        self._lay_out()
        self._connect()
        self._filling = False

    # -- what is asked ------------------------------------------------------------------------

    def query(self) -> FindQuery:
        """What the form says. Raises Invalid at the first field that makes no sense."""
        office = self.desk.office
        formats = office.formats
        first, last = self._between()
        with _SaidAt(self.can_come_field):
            available = parse_times(self.can_come.text(), formats)
        with _SaidAt(self.length_field):
            text = self.length.text().strip()
            duration = formats.parse_duration(text) if text else 0
        type_id = self.what.value()
        if type_id is None and not duration:
            raise Invalid("Say how long the visit is.", field="length")
        problem = self.earliest.problem()
        if self.earliest.text().strip() and problem:
            self.earliest_field.problem(problem)
            raise Invalid(problem, field="earliest")
        return FindQuery(
            type_id=int(str(type_id)) if type_id is not None else None,
            duration_min=duration,
            provider_ids=tuple(int(str(each)) for each in self.providers.values()),
            weekdays=frozenset(n for n, button in enumerate(self.weekdays) if button.isChecked()),
            from_min=first,
            to_min=last,
            earliest_on=self.earliest.value(),
            room_ids=self._rooms_meant(self.rooms.values()),
            patient_id=self.who.patient_id,
            available=available,
            count=SLOTS_A_DAY,
        )

    def _rooms_meant(self, chosen: tuple[object, ...]) -> tuple[int, ...]:
        """Rooms by themselves and by their kinds."""
        kinds = {str(each)[5:] for each in chosen if str(each).startswith("kind:")}
        ids = {int(str(each)) for each in chosen if not str(each).startswith("kind:")}
        rooms = self.desk.office.practice.rooms(active_only=True)
        return tuple(room.id for room in rooms if room.id in ids or room.kind in kinds)

    def _between(self) -> tuple[int, int]:
        """The times of day, or a part of the day by its name in the first line."""
        part = PARTS_OF_DAY.get(self.after.text().strip().lower().removesuffix("s"))
        if part is not None and not self.before.text().strip():
            return part.starts_min, part.ends_min
        return self._minute(self.after, self.after_field, 0), self._minute(
            self.before, self.before_field, DAY_MIN
        )

    def _minute(self, line: QLineEdit, field: Field, empty: int) -> int:
        if not line.text().strip():
            return empty
        with _SaidAt(field):
            at = self.desk.office.formats.parse_time(line.text())
        return at.hour * 60 + at.minute

    # -- what can be chosen -------------------------------------------------------------------

    def load_choices(self) -> None:
        """Types, providers and rooms as they are now; what is chosen stays where it still is."""
        practice = self.desk.office.practice
        self._filling = True
        types = practice.types(active_only=True)
        self._type_names = {row.id: row.name for row in types}
        self._lengths = {row.id: row.duration_min for row in types}
        self.what.set_pairs((row.id, row.name) for row in types)
        if self.what.currentIndex() < 0 and types:
            self.what.setCurrentIndex(0)
        providers = practice.providers(bookable_only=True)
        self._provider_names = {
            row.id: provider_called(row.family_name, row.given_name, row.credential)
            for row in providers
        }
        self.providers.set_pairs(self._provider_names.items())
        rooms = practice.rooms(active_only=True)
        self._room_names = {row.id: row.name for row in rooms}
        kinds = dict.fromkeys(row.kind for row in rooms if row.kind)
        self.rooms.set_pairs(
            [*((f"kind:{kind}", f"Any: {kind}") for kind in kinds), *self._room_names.items()]
        )
        self.rooms_field.setVisible(bool(rooms))
        self._say_length()
        self._filling = False

    def _say_length(self) -> None:
        minutes = self._lengths.get(self.what.value())
        self.length.setPlaceholderText(f"{minutes} min" if minutes else "Minutes")

    def clear_filters(self) -> None:
        """All filters as they were; the patient stays."""
        was_filling, self._filling = self._filling, True
        for line in (self.length, self.after, self.before, self.can_come):
            line.clear()
        self.earliest.set_value(None)
        for button in self.weekdays:
            button.setChecked(False)
        for choice in (self.providers, self.rooms):
            choice.set_values(())
        self._filling = was_filling
        self._with_more = False
        self._fit()
        self._typed()

    def _type_chosen(self) -> None:
        self._say_length()
        self._typed()

    # -- building -----------------------------------------------------------------------------

    def _make_fields(self) -> None:
        desk = self.desk
        formats = CurrentFormats(desk.office)
        self.who = PersonLine(desk)
        self.what = Choice()
        self.length = QLineEdit()
        self.providers = ManyChoice("Anybody")
        self.earliest = DateEdit(desk.theme, formats, desk.office.clock.today)
        self.earliest.setPlaceholderText("Today")
        self.weekdays = [self._weekday(number) for number in range(7)]
        self.after, self.before = QLineEdit(), QLineEdit()
        self.after.setPlaceholderText("3pm, morning")
        self.before.setPlaceholderText("5pm")
        self.rooms = ManyChoice("No room")
        self.can_come = QLineEdit()
        self.can_come.setPlaceholderText("mon thu mornings, fri after 3")
        self.with_these = Text("", "body", wrap=True)
        self.same_day = QCheckBox("All on one day")
        self.in_order = QCheckBox("In this order")
        self.more = LinkButton("More filters", self._turn_more)
        self.another = LinkButton("Another visit as well")
        self.only_one = LinkButton("Only one visit")
        self.clear_button = LinkButton("Clear", self.clear_filters)
        self.clear_button.setAccessibleName("Clear all filters")
        self.who_field = Field("Patient", self.who)
        self.what_field = Field("Visit", self.what)
        self.length_field = Field("Length", self.length)
        self.providers_field = Field("With", self.providers)
        self.earliest_field = Field("From", self.earliest)
        self.after_field = Field("After", self.after)
        self.before_field = Field("Before", self.before)
        self.rooms_field = Field("Room", self.rooms)
        self.can_come_field = Field("Patient can come", self.can_come)
        self._fields = (
            self.length_field, self.earliest_field, self.after_field, self.before_field,
            self.can_come_field,
        )  # fmt: skip

    def _weekday(self, number: int) -> QPushButton:
        button = QPushButton(WEEKDAYS[number][:2])
        button.setCheckable(True)
        button.setAutoDefault(False)
        button.setProperty("kind", "day")
        button.setAccessibleName(WEEKDAYS[number])
        button.setToolTip(WEEKDAYS[number])
        button.clicked.connect(self._typed)
        return button

    def _lay_out(self) -> None:
        first = self.desk.office.formats.week_starts_on
        self.header.insertWidget(1, self.clear_button)
        form = ScrolledColumn("What is looked for")
        column = form.column
        column.setSpacing(8)
        column.addWidget(self.who_field)
        self.days_row, self.times_row = QWidget(), QWidget()
        for place, parts in (
            (QWidget(), ((self.what_field, 2), (self.length_field, 1))),
            (QWidget(), ((self.providers_field, 3), (self.earliest_field, 2))),
            (
                self.days_row,
                tuple((self.weekdays[number % 7], 1) for number in range(first, first + 7)),
            ),
            (
                self.times_row,
                ((self.after_field, 1), (self.before_field, 1), (self.rooms_field, 1)),
            ),
        ):
            row = QHBoxLayout(place)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(8 if len(parts) < 7 else 4)
            for part, share in parts:
                row.addWidget(part, share, Qt.AlignmentFlag.AlignTop)
            column.addWidget(place)
        column.addWidget(self.can_come_field)
        asked = QHBoxLayout()
        asked.addWidget(self.with_these, 1)
        asked.addWidget(self.only_one, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(asked)
        ticks = QHBoxLayout()
        ticks.setSpacing(12)
        ticks.addWidget(self.same_day)
        ticks.addWidget(self.in_order)
        ticks.addStretch(1)
        column.addLayout(ticks)
        links = QHBoxLayout()
        links.addWidget(self.another)
        links.addStretch(1)
        links.addWidget(self.more)
        column.addLayout(links)
        self.form = form
        form.widget().installEventFilter(self)
        self.body.setSpacing(8)
        self.body.addWidget(form)

    def _connect(self) -> None:
        self.who.chosen.connect(self._person_chosen)
        self.what.currentIndexChanged.connect(self._type_chosen)
        for line in (self.length, self.after, self.before, self.can_come):
            line.textChanged.connect(self._typed)
        self.earliest.settled.connect(self._typed)
        for choice in (self.providers, self.rooms):
            choice.changed.connect(self._typed)
        for box in (self.same_day, self.in_order):
            box.clicked.connect(self._typed)

    def _person_chosen(self, patient_id: int | None) -> None:
        self._typed()
        if patient_id is not None:
            self.what.setFocus()

    def _typed(self, *_: object) -> None:
        if not self._filling:
            self.changed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.form.widget() and event.type() == QEvent.Type.Resize:
            QTimer.singleShot(0, self, self._fit)
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _turn_more(self) -> None:
        self._with_more = not self._with_more
        self._fit()
        if self._with_more:
            self.after.setFocus()

    def _fit(self) -> None:
        """The form as tall as what it holds, but the times get their share of the panel."""
        has_room = self.height() >= self.desk.theme.px(_ROOM_FOR_ALL)
        sets_more = bool(
            any(button.isChecked() for button in self.weekdays)
            or self.after.text()
            or self.before.text()
            or self.rooms.values()
        )
        shows_more = has_room or self._with_more or sets_more
        self.days_row.setVisible(shows_more)
        self.times_row.setVisible(shows_more)
        self.can_come_field.setVisible(has_room or not shows_more or bool(self.can_come.text()))
        self.more.setVisible(not has_room and not sets_more)
        self.more.setText("Fewer filters" if shows_more else "More filters")
        page = self.form.widget()
        tall = max(page.minimumHeight(), page.minimumSizeHint().height())
        kept = self.desk.theme.px(_WAYS if self.with_these.text() else _TIMES)
        share = max(self.height() - kept, round(self.height() * 0.55))
        self.form.setFixedHeight(min(tall, share))


class _SaidAt:
    """Shows an Invalid raised within at its field, and lets it go on."""

    def __init__(self, field: Field):
        self._field = field

    def __enter__(self) -> None:
        return None

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, Invalid):
            self._field.problem(error.what)
