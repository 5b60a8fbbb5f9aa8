"""Settings: public holidays, taken over from a published list."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from medsec_desktop.problems import Invalid
from medsec_desktop.services.calendar.hours_records import HolidayRow
from medsec_desktop.services.practice import settings
from medsec_desktop.ui.practice.settings_page import SettingsPage, below_label
from medsec_desktop.ui.widgets import (
    Choice,
    DateEdit,
    EmptyState,
    FastList,
    Field,
    ListRow,
    PlainButton,
    Section,
    Text,
)

_YEARS_AHEAD = 2


class HolidaysPage(SettingsPage):
    """The public holidays the practice keeps, by country and state."""

    id = "holidays"
    name = "Public holidays"
    icon = "calendar-heart"
    words = "Taken over from the published list of a country or state. Nothing is booked then."
    finds = "thanksgiving christmas new year labor day country state federal closed open"
    tables = ("public_holiday", "setting")
    moves_hours = True

    def build(self) -> None:
        theme, office = self.desk.theme, self.desk.office
        self._is_filled = False
        self.country, self.part = Choice(), Choice()
        self.fields["region"] = Field("Country", self.country)
        self.part_field = Field("State or province", self.part)
        self.take = PlainButton("Take over", self.take_over)
        self.known = Text("", "muted", wrap=True)
        self.country.activated.connect(lambda _: self._show_parts())
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.fields["region"], 3, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.part_field, 3, Qt.AlignmentFlag.AlignTop)
        row.addLayout(below_label(self.take))
        self.list = FastList(theme, "Public holidays")
        self.list.setProperty("kind", "boxed")
        self.list.setMinimumHeight(theme.px(280))
        self.list.selectionModel().currentChanged.connect(lambda *_: self._name_buttons())
        self.empty = EmptyState(
            theme,
            "calendar-heart",
            "No public holidays yet",
            "Choose a country and press Take over. Nothing is booked on them then.",
        )
        self.work = PlainButton("We work that day", self._turn, kind="quiet")
        theme.wear(self.work, "calendar-check")
        self.remove = PlainButton("Remove", self._remove, kind="quiet")
        theme.wear(self.remove, "trash-2")
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        buttons.addWidget(self.work)
        buttons.addWidget(self.remove)
        buttons.addStretch(1)
        self.day = DateEdit(theme, office.formats, office.clock.today)
        self.what = QLineEdit()
        self.fields["held_on"] = Field("Day", self.day)
        self.fields["name"] = Field("What it is called", self.what)
        self.add = PlainButton("Add", self.add_own)
        for line, name in ((self.day, "held_on"), (self.what, "name")):
            line.returnPressed.connect(self.add_own)
            line.textEdited.connect(lambda _, name=name: self.fields[name].problem(""))
        own = Section("One no list has")
        own_row = QHBoxLayout()
        own_row.setSpacing(12)
        own_row.addWidget(self.fields["held_on"], 2, Qt.AlignmentFlag.AlignTop)
        own_row.addWidget(self.fields["name"], 4, Qt.AlignmentFlag.AlignTop)
        own_row.addLayout(below_label(self.add))
        own.body.addLayout(own_row)
        self.inside.addLayout(row)
        self.inside.addWidget(self.known)
        self.inside.addWidget(self.empty)
        self.inside.addWidget(self.list)
        self.inside.addLayout(buttons)
        self.inside.addWidget(own)

    def reload(self) -> None:
        super().reload()
        if not self._is_filled:
            self._show_countries()
        office = self.desk.office
        rows = office.hours.holidays.upcoming(office.clock.today())
        at = max(self.list.currentIndex().row(), 0)
        self.list.set_rows(
            [
                ListRow(
                    row,
                    row.name,
                    mark="We work" if row.is_worked else "",
                    trailing=office.formats.long_date(row.held_on),
                )
                for row in rows
            ]
        )
        if rows:
            self.list.setCurrentIndex(self.list.rows.index(min(at, len(rows) - 1), 0))
        self.list.setVisible(bool(rows))
        self.empty.setVisible(not rows)
        last = max((row.held_on.year for row in rows if row.region), default=0)
        self.known.setText(
            f"Holidays are known to the end of {last}. Take over again to go further."
            if last
            else ""
        )
        self.known.setVisible(bool(last))
        self._name_buttons()

    def _show_countries(self) -> None:
        """The lists are a library's: read when the page is first shown."""
        from medsec_desktop.services.calendar.holidays import countries

        self._is_filled = True
        region = self.practice.get(settings.HOLIDAY_REGION)
        country, _, part = region.partition("-")
        self.country.set_pairs(countries())
        self.country.set_value(country or self.practice.get(settings.REGION))
        self._show_parts()
        self.part.set_value(part or self.practice.profile().state)

    def _show_parts(self) -> None:
        from medsec_desktop.services.calendar.holidays import subdivisions

        parts = subdivisions(str(self.country.value()))
        self.part.set_pairs([("", "The whole country"), *parts])
        self.part_field.setEnabled(bool(parts))

    def take_over(self) -> None:
        """The holidays of what is chosen, this year's and the next two's."""
        from medsec_desktop.services.calendar.holidays import listed

        office = self.desk.office
        today = office.clock.today()
        country, part = str(self.country.value()), str(self.part.value() or "")
        region = f"{country}-{part}" if part else country
        where = self.part.currentText() if part else self.country.currentText()

        def write() -> None:
            years = range(today.year, today.year + _YEARS_AHEAD + 1)
            office.hours.holidays.take_over(region, listed(country, part, years), today)

        self.save(f"Public holidays of {where}: taken over.", write)

    def add_own(self) -> None:
        """Keep a holiday that is in no list."""
        if self.save(f"{self.what.text().strip()}: added.", self._write_own):
            self.day.set_value(None)
            self.what.clear()
            self.day.setFocus()

    def _write_own(self) -> None:
        day = self.day.value()
        if day is None:
            raise Invalid(self.day.problem() or "Type the day.", field="held_on")
        self.desk.office.hours.holidays.add(day, self.what.text())

    @property
    def row(self) -> HolidayRow | None:
        """The holiday picked."""
        row: HolidayRow | None = self.list.current_value()
        return row

    def _name_buttons(self) -> None:
        row = self.row
        for button in (self.work, self.remove):
            button.setVisible(row is not None)
        if row is not None:
            self.work.setText("We are closed that day" if row.is_worked else "We work that day")

    def _turn(self) -> None:
        row = self.row
        if row is not None:
            said = "closed" if row.is_worked else "open"
            self.save(
                f"{row.name}: {said}.",
                lambda: self.desk.office.hours.holidays.work_on(row, not row.is_worked),
            )

    def _remove(self) -> None:
        row = self.row
        if row is not None:
            self.save(
                f"{row.name}: removed.", lambda: self.desk.office.hours.holidays.remove(row.id)
            )
