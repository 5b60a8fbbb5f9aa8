"""Whose visits go into a calendar file, from when to when, and how much of them: asked before saving."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QVBoxLayout

from medsec_desktop.problems import Invalid
from medsec_desktop.services.calendar.feeds import FeedQuery
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import Choice, DateEdit, Field, PlainButton, PrimaryButton, Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from medsec_desktop.ui.desk import Desk

_SECRET = "Without names the file only says that a provider’s time is taken."
_OPEN = "The file names patients and why they come. It is not encrypted: send it to nobody else."
_HERS = "It says when and with whom, where to come and how to prepare. Give it to the patient."


class ExportSheet(QDialog):
    """Asks, then has the file saved. `patient` is (id, name) of somebody whose own visits are offered."""

    help_page = "calendar-paper"

    def __init__(self, desk: Desk, window: QWidget | None, patient: tuple[int, str] | None = None):
        super().__init__(window)
        self._desk = desk
        self.setWindowTitle("Export the calendar")
        self.setMinimumWidth(desk.theme.px(440))
        office = desk.office
        self._suggested = office.feeds.suggested()
        whose: list[tuple[object, str]] = [("all", "All providers")]
        whose += [
            (f"provider:{row.id}", row.name)
            for row in office.practice.providers(bookable_only=True)
        ]
        if patient is not None:
            whose.append((f"patient:{patient[0]}", f"{patient[1]} (for the patient)"))
        self.whose = Choice(whose, "all")
        self.whose.currentIndexChanged.connect(lambda _: self._explain())
        self.first = DateEdit(desk.theme, office.formats, office.clock.today, self._suggested.first)
        self.last = DateEdit(desk.theme, office.formats, office.clock.today, self._suggested.last)
        self.names = QCheckBox("With names and reasons")
        self.names.toggled.connect(lambda _: self._explain())
        self.cancelled = QCheckBox("Tell of cancelled visits, so that other calendars drop them")
        self.cancelled.setChecked(True)
        self.meaning = Text("", "muted", wrap=True)
        self.first_field = Field("From", self.first)
        self.last_field = Field("Until", self.last)
        days = QHBoxLayout()
        days.setSpacing(12)
        days.addWidget(self.first_field, 1, Qt.AlignmentFlag.AlignTop)
        days.addWidget(self.last_field, 1, Qt.AlignmentFlag.AlignTop)
        self.save_button = PrimaryButton("Save as…", self.save)
        self.cancel_button = PlainButton("Cancel", self.reject)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.save_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(Text("Export the calendar", "heading"))
        column.addWidget(Text("As an iCalendar file, which other calendars read.", "muted"))
        column.addWidget(Field("Visits of", self.whose))
        column.addLayout(days)
        column.addWidget(self.names)
        column.addWidget(self.cancelled)
        column.addWidget(self.meaning)
        column.addSpacing(4)
        column.addLayout(buttons)
        self.finished.connect(lambda _: self.deleteLater())
        self._explain()

    def query(self) -> FeedQuery:
        """What is asked for. Raises Invalid for a day that cannot be read."""
        kind, _, number = str(self.whose.value()).partition(":")
        days = ((self.first, self.first_field), (self.last, self.last_field))
        for edit, field in days:
            field.problem(edit.problem() or ("" if edit.value() else "Type a date."))
        if wrong := [field for _, field in days if field.has_problem]:
            wrong[0].editor.setFocus()
            raise Invalid(wrong[0].note.text(), field="day")
        return replace(
            self._suggested,
            first=self.first.value(),
            last=self.last.value(),
            provider_ids=(int(number),) if kind == "provider" else (),
            patient_id=int(number) if kind == "patient" else None,
            with_names=self.names.isChecked() and kind != "patient",
            with_cancelled=self.cancelled.isChecked(),
        )

    def save(self) -> None:
        """Ask where the file goes, and have it made there; what cannot be made is told before."""
        feeds = self._desk.office.feeds

        def ready() -> tuple[FeedQuery, str]:
            query = self.query()
            return query, feeds.file_name(query)

        asked = guarded(self._desk, ready)
        if asked is None:
            return
        query, name = asked
        self._desk.prompts.save_file(
            "Export the calendar",
            lambda path: self._save(query, Path(path)),
            name=name,
            pattern="Calendar files (*.ics)",
        )

    def _save(self, query: FeedQuery, path: Path) -> None:
        """A year of everybody’s visits takes seconds: the window goes on meanwhile."""
        feeds, messages = self._desk.office.feeds, self._desk.messages
        self.accept()
        self._desk.jobs.run(
            "Export the calendar",
            lambda progress: feeds.save(query, path, progress),
            lambda feed: messages.say(f"Saved as “{path.name}”: {feed.sentence}"),
        )

    def _explain(self) -> None:
        is_hers = str(self.whose.value()).startswith("patient:")
        self.names.setVisible(not is_hers)
        words = _HERS if is_hers else _OPEN if self.names.isChecked() else _SECRET
        self.meaning.setText(words)


def open_export(
    desk: Desk, window: QWidget | None, patient: tuple[int, str] | None = None
) -> ExportSheet:
    """Show the question over `window`."""
    sheet = ExportSheet(desk, window, patient)
    sheet.open()
    sheet.whose.setFocus()
    return sheet
