"""A referral as it stands, and every way to take it on: the next step, an answer, its visit, its letter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.referrals import (
    CHASE_WORDS,
    STEP_WORDS,
    WAITS_FOR,
    Chase,
    Direction,
    Step,
    next_step,
)
from medsec_desktop.problems import Invalid, Problem
from medsec_desktop.services.patients.referral_records import ReferralRow
from medsec_desktop.ui.patients import words
from medsec_desktop.ui.patients.card_strip import open_preview
from medsec_desktop.ui.patients.forms import sentence
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import Choice, DateEdit, Field, LinkButton, PlainButton, Text

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_ASKED = "asked"  # beside the steps: an answer that settled nothing


class ReferralVerbs:
    """What is done to a referral, said in the message bar with Undo; each answers whether it was."""

    def __init__(self, desk: Desk):
        self._desk = desk

    def chase(self, row: ReferralRow, outcome: Chase, note: str = "") -> bool:
        """Somebody asked; the date to ask again moves."""
        office = self._desk.office
        again = guarded(
            self._desk, lambda: office.referrals.chase(row.id, row.version, outcome, note)
        )
        if again is not None:
            day = office.formats.date(again)
            self._desk.messages.say(f"{CHASE_WORDS[outcome]}: asked again {day}.", undo=True)
        return again is not None

    def book(self, row: ReferralRow) -> None:
        """Open the calendar for her; the visit booked there is the referral’s."""
        self._desk.go.book_referral(row.id)


class StepForm(QFrame):
    """How far it has come, in the box itself: Enter keeps it, Escape closes it."""

    done = Signal()
    left = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self._row: ReferralRow | None = None
        self.setProperty("kind", "card")
        office = desk.office
        self.heading = Text("", "strong", wrap=True)
        self.step = Choice()
        self.note = QLineEdit()
        self.note.setMaxLength(200)
        self.day = DateEdit(desk.theme, office.formats, office.clock.today)
        self.letter = Choice()
        self.step_field = Field("It has come so far", self.step)
        self.note_field = Field("Note", self.note)
        self.day_field = Field("The visit there", self.day)
        self.letter_field = Field("The letter", self.letter)
        self.keep_button = PlainButton("Keep", self.keep, kind="primary", tip="Enter")
        close = PlainButton("Close", self.leave, kind="quiet", tip="Esc")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(12)
        column.addWidget(self.heading)
        for field in (self.step_field, self.day_field, self.letter_field, self.note_field):
            column.addWidget(field)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.keep_button)
        buttons.addWidget(close)
        buttons.addStretch(1)
        column.addLayout(buttons)
        self.step.currentIndexChanged.connect(self._fit)
        self.hide()

    def open_for(self, row: ReferralRow, step: Step | None = None) -> None:
        """For a referral, with the step that usually follows chosen."""
        self._row = row
        self.heading.setText(called(row))
        wanted = step or next_step(row.direction, row.step)
        if wanted is Step.BOOKED and row.direction is Direction.IN and row.appointment_id is None:
            wanted = None
        pairs: list[tuple[object, str]] = [
            (one, word) for one, word in STEP_WORDS[row.direction].items() if one is not row.step
        ]
        if row.direction is Direction.IN:
            pairs = [pair for pair in pairs if pair[0] is not Step.SENT]
        if not row.step.is_final:
            pairs += [(f"{_ASKED}:{one}", word) for one, word in CHASE_WORDS.items()]
        self.step.set_pairs(pairs)
        self.step.setCurrentIndex(0)
        if wanted is not None:
            self.step.set_value(wanted)
        elif not row.step.is_final:  # rather than a step back, which Enter would keep
            self.step.set_value(f"{_ASKED}:{Chase.WAITING}")
        letters: list[tuple[object, str]] = [(None, "Not on file yet")]
        letters += self._desk.office.referrals.letters_for(row)
        self.letter.set_pairs(letters)
        self.letter.setCurrentIndex(0)
        self.letter.set_value(row.document_id)
        self.day.set_value(row.their_visit_on)
        self.note.clear()
        self._clear()
        self._fit()
        self.show()
        self.step.setFocus()

    @property
    def referral_id(self) -> int:
        """The one it was opened for last."""
        return self._row.id if self._row is not None else 0

    def leave(self) -> None:
        self.hide()
        self.left.emit()

    def keep(self) -> None:
        """Keep what was chosen; what is missing is told at its field."""
        row = self._row
        if row is None:
            return
        self._clear()
        value, office = str(self.step.value()), self._desk.office
        if value.startswith(_ASKED):
            if ReferralVerbs(self._desk).chase(
                row, Chase(value.partition(":")[2]), self.note.text()
            ):
                self._finish()
            return
        step = Step(value)
        if self.day.text().strip() and self.day.value() is None:
            self.day_field.problem(self.day.problem())
            self.day.setFocus()
            return
        letter = self.letter.value() if step is Step.LETTER_BACK else None

        try:
            office.referrals.take_step(
                row.id,
                row.version,
                step,
                self.note.text(),
                their_visit_on=self.day.value(),
                document_id=None if letter is None else int(str(letter)),
            )
        except Invalid as problem:
            field = {"their_visit_on": self.day_field, "note": self.note_field}.get(
                problem.field, self.step_field
            )
            field.problem(sentence(problem))
            field.editor.setFocus()
        except Problem as problem:
            self._desk.messages.problem(problem)
        else:
            word = STEP_WORDS[row.direction][step]
            self._desk.messages.say(f"Referral of {row.patient_name}: {word.lower()}.", undo=True)
            self._finish()

    def _finish(self) -> None:
        self.hide()
        self.done.emit()

    def _clear(self) -> None:
        for field in (self.step_field, self.note_field, self.day_field):
            field.problem("")

    def _fit(self) -> None:
        row, value = self._row, self.step.value()
        is_out = row is not None and row.direction is Direction.OUT
        self.day_field.setVisible(is_out and value in (Step.ACCEPTED, Step.BOOKED, Step.TOLD))
        self.letter_field.setVisible(value == Step.LETTER_BACK)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.keep()
        else:
            super().keyPressEvent(event)


class ReferralBox(QWidget):
    """One referral in a file: who, how far, what is awaited, and the steps it took."""

    change_wished = Signal(object)  # ReferralRow
    step_wished = Signal(object)

    def __init__(self, desk: Desk, row: ReferralRow, *, may: bool, may_book: bool):
        super().__init__()
        self._desk, self.row = desk, row
        self.verbs = ReferralVerbs(desk)
        formats = desk.office.formats
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self._column = column
        title = called(row)
        is_over = row.step.is_final
        column.addWidget(Text(title, "muted" if is_over else "strong", wrap=True))
        about = [row.word, formats.date(row.begun_on)]
        about += ["urgent"] if row.is_urgent else []
        about += [row.reason] if row.reason else []
        column.addWidget(Text("  ·  ".join(about), "muted", wrap=True))
        numbers = [f"No. {row.number}"] if row.number else []
        numbers += [f"holds until {formats.date(row.expires_on)}"] if row.expires_on else []
        numbers += [f"phone {formats.phone(row.other_phone)}"] if row.other_phone else []
        numbers += [f"fax {formats.phone(row.other_fax)}"] if row.other_fax else []
        numbers += [row.note] if row.note else []
        if numbers:
            told = "  ·  ".join(numbers)
            column.addWidget(Text(told[:1].upper() + told[1:], "muted", wrap=True))
        self._add_visit(column, row)
        awaited = WAITS_FOR[row.direction].get(row.step, "")
        if row.chase_on is not None:
            late = row.chase_on <= desk.office.clock.today()
            when = f"Ask on {formats.date(row.chase_on)}: {awaited}"
            column.addWidget(Text(when, "problem" if late else "muted", wrap=True))
        self._steps = self._step_lines()
        links = QHBoxLayout()
        links.setSpacing(16)
        for button in self._links(may, may_book):
            links.addWidget(button)
        links.addStretch(1)
        column.addLayout(links)
        self.setAccessibleName(f"{title}, {row.word}")

    def _add_visit(self, column: QVBoxLayout, row: ReferralRow) -> None:
        formats, go = self._desk.office.formats, self._desk.go
        if row.visit_at is not None and row.appointment_id is not None:
            day, number = row.visit_at.date(), row.appointment_id
            status = words.VISIT_STATUSES.get(row.visit_status, "").lower()
            text = f"Visit {formats.when(row.visit_at)}, {status}"
            self.visit = LinkButton(text, lambda: go.show_day(day, number))
            column.addWidget(self.visit, 0, Qt.AlignmentFlag.AlignLeft)
        elif row.their_visit_on is not None:
            column.addWidget(Text(f"Visit there {formats.date(row.their_visit_on)}", "muted"))
        if row.document_id is not None:
            number = row.document_id
            self.letter = LinkButton(
                f"Letter: {row.document_title}",
                lambda: open_preview(self._desk, number, self.window()),
            )
            column.addWidget(self.letter, 0, Qt.AlignmentFlag.AlignLeft)

    def _links(self, may: bool, may_book: bool) -> list[LinkButton]:
        row = self.row
        links = []
        following = next_step(row.direction, row.step)
        is_to_book = (
            row.direction is Direction.IN and not row.step.is_final and row.appointment_id is None
        )
        if may_book and is_to_book:
            self.book = LinkButton("Book a visit…", lambda: self.verbs.book(row))
            links.append(self.book)
        if may:
            word = "" if following is None else STEP_WORDS[row.direction][following]
            text = f"{word}…" if word and not is_to_book else "Take a step…"
            self.step = LinkButton(text, lambda: self.step_wished.emit(row))
            self.change = LinkButton("Change…", lambda: self.change_wished.emit(row))
            links += [self.step, self.change]
        if self._desk.office.session.may(Permission.WRITE_LETTERS):
            self.write = LinkButton(
                "Write a letter…",
                lambda: self._desk.go.write_to(row.patient_id, referral_id=row.id),
            )
            links.append(self.write)
        if self._steps:
            self.history = LinkButton("Steps", self._show_steps)
            links.append(self.history)
        for link in links:
            link.setAccessibleName(f"{link.text()} referral {called(row)}")
        return links

    def _show_steps(self) -> None:
        self.history.hide()
        for line in self._steps:
            self._column.addWidget(Text(line, "small", wrap=True))

    def _step_lines(self) -> list[str]:
        formats = self._desk.office.formats
        lines = []
        for step in self.row.steps:
            word = STEP_WORDS[self.row.direction][step.step] if step.step else ""
            told = ": ".join(part for part in (word, step.note) if part)
            lines.append(f"{formats.when(step.at)}  {told}, {step.user_name}")
        return lines


def called(row: ReferralRow) -> str:
    """“To Luz Vega, MD – Cardiology”, “From …”."""
    word = "From" if row.direction is Direction.IN else "To"
    who = " – ".join(
        part for part in (row.other_name, row.organization_name, row.specialty) if part
    )
    return f"{word} {who or 'somebody not named'}"
