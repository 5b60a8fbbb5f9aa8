"""A slot kept for somebody for a while: made, prolonged, released, booked."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from medsec_desktop.problems import Invalid
from medsec_desktop.services.calendar.notes import HoldDraft
from medsec_desktop.services.calendar.views import ColumnKey
from medsec_desktop.ui.calendar.grid.captions import hold_left
from medsec_desktop.ui.calendar.grid_wishes import at
from medsec_desktop.ui.calendar.small_form import SmallForm
from medsec_desktop.ui.widgets import Choice, DateEdit, PlainButton, PrimaryButton, Text

if TYPE_CHECKING:
    from medsec_desktop.services.calendar.availability import HoldRow
    from medsec_desktop.ui.calendar.tab import CalendarTab

_KEPT = (
    (15, "15 minutes"),
    (30, "30 minutes"),
    (60, "One hour"),
    (240, "Four hours"),
    (-1, "To the end of today"),
    (24 * 60, "One day"),
    (7 * 24 * 60, "One week"),
)
_USUAL = 30


class HoldPanel(SmallForm):
    """Keeps the time the cursor stands on."""

    title = "Hold this time"

    def __init__(self, tab: CalendarTab):
        super().__init__(tab)
        desk = self.desk
        self._hold: HoldRow | None = None
        self.what = QLineEdit()
        self.what.setPlaceholderText("Mrs. T. calls back")
        self.whose = Choice()
        self.date = DateEdit(desk.theme, desk.office.formats, desk.office.clock.today)
        self.at = QLineEdit()
        self.length = QLineEdit()
        self.kept = Choice(_KEPT, _USUAL)
        self.left_text = Text("", "muted", wrap=True)
        self.save_button = PrimaryButton("Hold", self.save, tip="Ctrl+S")
        self.release_button = PlainButton("Release", self.release)
        self.book_button = PlainButton("Book it…", self.book)
        self.add(("title", "For whom or what", self.what))
        self.add(("provider_id", "Whose time", self.whose))
        self.add(("day", "Day", self.date))
        self.add(("starts_at", "From", self.at), ("duration_min", "Length", self.length))
        self.add(("expires_at", "Keep it for", self.kept))
        self.body.addWidget(self.left_text)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.save_button, 1)
        foot.addWidget(self.book_button)
        foot.addWidget(self.release_button)
        self.body.addLayout(foot)
        self.body.addStretch(1)
        desk.actions.bind("form.save", self.save, owner=self)

    def begin(self) -> None:
        """A hold of the time chosen on the grid."""
        column, cursor = self.tab.grid.column_at_cursor, self.tab.grid.cursor_at
        self._fill(None)
        self.what.clear()
        self.date.set_value(self.tab.day)
        if column is not None and cursor is not None:
            self.whose.set_value(str(column.key))
            self.at.setText(self.text_of(cursor.span.starts_min))
            self.length.setText(f"{max(cursor.span.duration_min, self.tab.grid.step_min)} min")
        self.what.setFocus()

    def edit(self, hold: HoldRow) -> None:
        """A hold that stands: keep it longer, let it go, or book it."""
        self._fill(hold)
        key = (
            ColumnKey("provider", hold.provider_id)
            if hold.provider_id is not None
            else ColumnKey("room", hold.room_id or 0)
        )
        self.what.setText(hold.title)
        self.whose.set_value(str(key))
        self.date.set_value(hold.starts_at.date())
        self.at.setText(self.desk.office.formats.time(hold.starts_at))
        self.length.setText(f"{hold.duration_min} min")
        self.book_button.setFocus()

    def _fill(self, hold: HoldRow | None) -> None:
        self._hold = hold
        self.whose.set_pairs(
            (str(choice.key), choice.title) for choice in self.desk.office.views.choices()
        )
        self.heading.setText("Held time" if hold else self.title)
        self.save_button.setText("Keep it on" if hold else "Hold")
        for button in (self.release_button, self.book_button):
            button.setVisible(hold is not None)
        self.left_text.setVisible(hold is not None)
        if hold is not None:
            now = self.desk.office.clock.now()
            self.left_text.setText(hold_left(hold.expires_at, now, self.desk.office.formats) + ".")
        self.kept.set_value(_USUAL)
        self.clear_problems()

    def _draft(self) -> HoldDraft:
        day, whose = self.date.value(), self.whose.value()
        if day is None:
            raise Invalid(self.date.problem() or "Say on which day.", field="day")
        if whose is None:
            raise Invalid("Choose whose time is held.", field="provider_id")
        key = ColumnKey.parse(str(whose))
        try:
            length = self.desk.office.formats.parse_duration(self.length.text())
        except Invalid as problem:
            raise Invalid(problem.what, problem.why, problem.remedy, field="duration_min") from None
        return HoldDraft(
            self.what.text(),
            at(day, self.minute_of(self.at.text(), "starts_at")),
            length,
            self._until(),
            key.id if key.kind == "provider" else None,
            key.id if key.kind == "room" else None,
            self._hold.patient_id if self._hold else None,
            self._hold.id if self._hold else None,
            self._hold.version if self._hold else 0,
        )

    def _until(self) -> datetime:
        now, kept = self.desk.office.clock.now(), self.kept.value()
        if isinstance(kept, int) and kept > 0:
            return now + timedelta(minutes=kept)
        return datetime.combine(now.date(), time(23, 59))

    def save(self) -> None:
        """Keep the time, and go back to the grid."""
        if self.attempt(lambda: self.desk.office.notes.save_hold(self._draft())) is not None:
            until = self.desk.office.formats.when(self._until())
            self.desk.messages.say(f"Held until {until}.", undo=True)
            self.leave()

    def release(self) -> None:
        """Let the time go."""
        hold = self._hold
        if hold is not None and self.attempt(
            lambda: self.desk.office.notes.release(hold.id) or True
        ):
            self.desk.messages.say("The time is free again.", undo=True)
            self.leave()

    def book(self) -> None:
        """Fill the booking pane with the time held; booking it takes the hold's place."""
        hold = self._hold
        if hold is not None:
            self.tab.book_held(hold)
