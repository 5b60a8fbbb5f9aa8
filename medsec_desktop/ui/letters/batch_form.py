"""Whom a letter to many goes to, asked by form: visits of a day, recalls due, or people by what is on file."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from medsec_desktop.domain.calendar import provider_called
from medsec_desktop.services.letters.targets import PeopleQuery, Target
from medsec_desktop.ui.widgets import Choice, DateEdit, Field

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

SOURCES = (
    ("visits", "The visits of a day"),
    ("recalls", "Recalls that are due"),
    ("people", "People by what is on file"),
)
_TOPICS = {"visits": "visit", "recalls": "recall", "people": "patient", "given": "patient"}
_LANGUAGES = (("", "Any"), ("en", "English"), ("es", "Spanish"))
_SEXES = (("", "Any"), ("F", "Female"), ("M", "Male"), ("X", "Other"), ("U", "Unknown"))
_AGES = range(0, 131)


class BatchForm(QWidget):
    """`changed` says that the list is another one; `targets` reads it, in any thread."""

    changed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self.desk = desk
        self._given: tuple[Target, ...] = ()
        self._given_title = ""
        office, theme = desk.office, desk.theme
        today = office.clock.today()

        def a_date(value: date | None = None) -> DateEdit:
            return DateEdit(theme, office.formats, office.clock.today, value)

        self.source = Choice(SOURCES)
        self.day = a_date(today + timedelta(days=1))
        self.visits_with = Choice()
        self.until = a_date(today)
        self.least_age, self.most_age = QLineEdit(), QLineEdit()
        self.sex = Choice(_SEXES)
        self.seen_since, self.not_seen_since = a_date(), a_date()
        self.payer = Choice()
        self.postal_code = QLineEdit()
        self.doctor = Choice()
        self.language = Choice(_LANGUAGES)
        self.recall = Choice([(None, "Either"), (True, "With a recall"), (False, "Without one")])
        self._fill_choices()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(200)
        self._pause.timeout.connect(self.changed)
        self.pages = QStackedWidget()
        self.pages.addWidget(_page(Field("Day", self.day), Field("With", self.visits_with)))
        self.pages.addWidget(_page(Field("Due until", self.until)))
        self.pages.addWidget(
            _page(
                _two(Field("Age from", self.least_age), Field("to", self.most_age)),
                Field("Sex", self.sex),
                _two(
                    Field("Seen since", self.seen_since),
                    Field("Not seen since", self.not_seen_since),
                ),
                Field("Payer", self.payer),
                _two(Field("ZIP begins with", self.postal_code), Field("Language", self.language)),
                Field("Primary doctor", self.doctor),
                Field("Recall", self.recall),
            )
        )
        self.pages.addWidget(_page())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(Field("Who gets it", self.source))
        column.addWidget(self.pages)
        self._fit()
        self._connect()

    def _connect(self) -> None:
        self.source.currentIndexChanged.connect(self._source_changed)
        for choice in (
            self.visits_with, self.sex, self.payer, self.doctor, self.language, self.recall,
        ):  # fmt: skip
            choice.currentIndexChanged.connect(lambda _: self._pause.start())
        for day in (self.day, self.until, self.seen_since, self.not_seen_since):
            day.value_changed.connect(lambda _: self._pause.start())
        for line in (self.least_age, self.most_age, self.postal_code):
            line.textEdited.connect(lambda _: self._pause.start())

    def _fill_choices(self) -> None:
        office = self.desk.office
        people: list[tuple[object, str]] = [
            (row.id, provider_called(row.family_name, row.given_name, row.credential))
            for row in office.practice.providers(bookable_only=True)
        ]
        self.visits_with.set_pairs([(None, "Anybody"), *people])
        self.doctor.set_pairs([(None, "Any"), *people])
        self.payer.set_pairs(
            [(None, "Any"), *((row.id, row.name) for row in office.coverages.payers())]
        )

    def give(self, targets: tuple[Target, ...], title: str) -> None:
        """Take a list of another screen."""
        self._given, self._given_title = targets, title
        self.source.set_pairs([("given", title), *SOURCES])
        self.source.set_value("given")
        self._source_changed()

    @property
    def kind(self) -> str:
        return str(self.source.value())

    @property
    def topic(self) -> str:
        """What the letter is about: a visit, a recall, or the patient only."""
        if self.kind == "given" and self._given:
            first = self._given[0]
            return "visit" if first.appointment_id else "recall" if first.recall_id else "patient"
        return _TOPICS[self.kind]

    @property
    def title(self) -> str:
        """The list as a sentence names it: “Visits of Thu, Mar 12”."""
        formats = self.desk.office.formats
        if self.kind == "given":
            return self._given_title
        if self.kind == "visits":
            day = self.day.value()
            return f"Visits of {formats.short_date(day)}" if day else "Visits"
        if self.kind == "recalls":
            until = self.until.value()
            return f"Recalls due by {formats.short_date(until)}" if until else "Recalls"
        return "People by query"

    def targets(self) -> tuple[Target, ...]:
        """The list as it stands now. Raises Invalid."""
        found = self.desk.office.targets
        with_id = self.visits_with.value()
        if self.kind == "given":
            return self._given
        if self.kind == "visits":
            day = self.day.value()
            provider = with_id if isinstance(with_id, int) else None
            return found.visits_of(day, provider) if day else ()
        if self.kind == "recalls":
            until = self.until.value()
            return found.recalls_due(until) if until else ()
        return found.people(self.query())

    def query(self) -> PeopleQuery:
        """What the form asks of people."""
        payer, doctor, recall = self.payer.value(), self.doctor.value(), self.recall.value()
        return PeopleQuery(
            _age(self.least_age),
            _age(self.most_age),
            str(self.sex.value()),
            self.seen_since.value(),
            self.not_seen_since.value(),
            payer if isinstance(payer, int) else None,
            self.postal_code.text().strip(),
            doctor if isinstance(doctor, int) else None,
            str(self.language.value()),
            recall if isinstance(recall, bool) else None,
        )

    def _source_changed(self) -> None:
        self.pages.setCurrentIndex({"visits": 0, "recalls": 1, "people": 2, "given": 3}[self.kind])
        self._fit()
        self.changed.emit()

    def _fit(self) -> None:
        """Only the page shown says how high the form is."""
        for place in range(self.pages.count()):
            is_shown = place == self.pages.currentIndex()
            height = QSizePolicy.Policy.Preferred if is_shown else QSizePolicy.Policy.Ignored
            self.pages.widget(place).setSizePolicy(QSizePolicy.Policy.Preferred, height)


def _age(line: QLineEdit) -> int | None:
    text = line.text().strip()
    return int(text) if text.isdecimal() and int(text) in _AGES else None


def _page(*fields: QWidget) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(12)
    for field in fields:
        column.addWidget(field)
    column.addStretch(1)
    return page


def _two(one: QWidget, other: QWidget) -> QWidget:
    place = QWidget()
    row = QHBoxLayout(place)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(12)
    row.addWidget(one, 1)
    row.addWidget(other, 1)
    return place
