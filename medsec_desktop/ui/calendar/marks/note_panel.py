"""Sticky notes: those of the day in hand, and one being written."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit

from medsec_desktop.problems import Invalid
from medsec_desktop.services.calendar.notes import NoteDraft, NoteRow
from medsec_desktop.ui.calendar.small_form import SmallForm
from medsec_desktop.ui.widgets import (
    Choice,
    DateEdit,
    FastList,
    ListRow,
    PlainButton,
    PrimaryButton,
    Text,
)

if TYPE_CHECKING:
    from medsec_desktop.services.session import Changes
    from medsec_desktop.ui.calendar.tab import CalendarTab

_COLOURS = (
    ("", "Yellow"),
    ("blue", "Blue"),
    ("green", "Green"),
    ("pink", "Pink"),
    ("red", "Red"),
    ("slate", "Gray"),
)


class NotePanel(SmallForm):
    """Writes a note for the day or the stretch of time the cursor stands on.

    Left without saving, what was typed is parked.
    """

    title = "Note on the calendar"
    draft_kind = "note"

    def __init__(self, tab: CalendarTab):
        super().__init__(tab)
        desk = self.desk
        self._note: NoteRow | None = None
        self._untouched: dict[str, Any] | None = None  # the note as the form first showed it
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(desk.theme.px(84))
        self.date = DateEdit(desk.theme, desk.office.formats, desk.office.clock.today)
        self.at = QLineEdit()
        self.at.setPlaceholderText("All day")
        self.whose = Choice()
        self.colour = Choice(_COLOURS, "")
        self.save_button = PrimaryButton("Save", self.save, tip="Ctrl+S")
        self.remove_button = PlainButton("Remove", self.remove, kind="danger")
        self.others = FastList(desk.theme, "Notes of the day", one_click=True)
        self.others.setMinimumHeight(desk.theme.px(96))
        self.others_title = Text("", "strong")
        self.add(("text", "Note", self.text))
        self.add(("day", "Day", self.date), ("starts_min", "At", self.at))
        self.add(("provider_id", "For", self.whose), ("colour", "Color", self.colour))
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.save_button, 1)
        foot.addWidget(self.remove_button)
        self.body.addLayout(foot)
        self.body.addWidget(self.others_title)
        self.body.addWidget(self.others, 1)
        self.body.addStretch()
        self.others.chosen.connect(self.edit)
        self.date.settled.connect(lambda _: self._list())
        desk.actions.bind("form.save", self.save, owner=self)

    def refresh(self, changes: Changes) -> None:
        if changes.touches("grid_note"):
            self._list()

    def begin(self) -> None:
        """An empty note: above the day, or at the stretch of time chosen."""
        grid = self.tab.grid
        column, cursor = grid.column_at_cursor, grid.cursor_at
        self._fill(None)
        self.date.set_value(self.tab.day)
        if cursor is not None and cursor.span.duration_min > grid.step_min:
            self.at.setText(self.text_of(cursor.span.starts_min))
            self.whose.set_value(column.provider_id if column is not None else None)
        self._ready()

    def edit(self, note: NoteRow) -> None:
        """Change a note that stands on the calendar."""
        self._fill(note)
        self.date.set_value(note.day)
        self._ready()

    def resume(self, state: dict[str, Any], draft_id: int | None) -> None:
        """Go on with a note where it was left."""
        self.restore_state(state)
        self._ready(draft_id)

    def _ready(self, draft_id: int | None = None) -> None:
        self._list()
        self.text.setFocus()
        self._untouched = self._state() if draft_id is None else None
        self.desk.drafts.watch(self, close=super().leave, draft_id=draft_id)

    def leave(self) -> None:
        self.desk.drafts.leave(self)
        super().leave()

    # -- what the draft keeper asks -------------------------------------------------------------

    def draft_title(self) -> str:
        first = self.text.toPlainText().strip().partition("\n")[0]
        return f"Note · {first[:40]}"

    def draft_state(self) -> dict[str, Any] | None:
        """What is typed; None while it is empty or the note as it stands."""
        state = self._state()
        return state if state["text"].strip() and state != self._untouched else None

    def restore_state(self, state: dict[str, Any]) -> None:
        day = date.fromisoformat(state["day"]) if state["day"] else self.tab.day
        known = None
        if state["id"] is not None:
            known = NoteRow(state["id"], state["version"], day, None, None, state["text"], "")
        self._fill(known)
        self.text.setPlainText(state["text"])
        self.date.set_value(day)
        self.at.setText(state["at"])
        self.whose.set_value(state["whose"])
        self.colour.set_value(state["colour"])

    def _state(self) -> dict[str, Any]:
        day = self.date.value()
        return {
            "text": self.text.toPlainText(),
            "day": day.isoformat() if day else None,
            "at": self.at.text(),
            "whose": self.whose.value(),
            "colour": self.colour.value(),
            "id": self._note.id if self._note else None,
            "version": self._note.version if self._note else 0,
        }

    def _fill(self, note: NoteRow | None) -> None:
        self.desk.drafts.leave(self)
        self._note = note
        providers = self.desk.office.practice.providers(bookable_only=True)
        self.whose.set_pairs([(None, "Everybody"), *((each.id, each.name) for each in providers)])
        self.heading.setText("Change the note" if note else self.title)
        self.text.setPlainText(note.text if note else "")
        self.whose.set_value(note.provider_id if note else None)
        self.colour.set_value(note.colour if note else "")
        timed = note is not None and note.starts_min is not None
        self.at.setText(self.text_of(note.starts_min or 0) if note is not None and timed else "")
        self.remove_button.setVisible(note is not None)
        self.clear_problems()

    def _list(self) -> None:
        day = self.date.value() or self.tab.day
        notes = self.desk.office.notes.of_day(day)
        self.others_title.setText(f"On {self.desk.office.formats.short_date(day)}" if notes else "")
        self.others.setVisible(bool(notes))
        self.others.set_rows(
            [
                ListRow(
                    note,
                    note.text.splitlines()[0],
                    trailing="all day"
                    if note.starts_min is None
                    else self.text_of(note.starts_min),
                )
                for note in notes
            ],
            preselect=False,
        )

    def _draft(self) -> NoteDraft:
        day, provider_id = self.date.value(), self.whose.value()
        if day is None:
            raise Invalid(self.date.problem() or "Say on which day.", field="day")
        at = self.at.text().strip()
        return NoteDraft(
            day,
            self.text.toPlainText(),
            provider_id if isinstance(provider_id, int) else None,
            self.minute_of(at, "starts_min") if at else None,
            str(self.colour.value() or ""),
            self._note.id if self._note else None,
            self._note.version if self._note else 0,
        )

    def save(self) -> None:
        """Keep the note, and go back to the grid."""
        if self.attempt(lambda: self.desk.office.notes.save_note(self._draft())) is not None:
            self.desk.drafts.done(self)
            self.desk.messages.say("Note kept.", undo=True)
            self.leave()

    def remove(self) -> None:
        """Take the note away."""
        note = self._note
        if note is not None and self.attempt(
            lambda: self.desk.office.notes.remove_note(note.id) or True
        ):
            self.desk.drafts.done(self)
            self.desk.messages.say("Note removed.", undo=True)
            self.leave()
