"""The strip below the board of letters: what is selected, how it came there, and what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from medsec_desktop.domain.letter_states import LetterStatus, SentHow, step_back
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.wording import counted
from medsec_desktop.services.letters.line import LineRow, StepRow
from medsec_desktop.ui.widgets import ElidedLabel, PlainButton, PrimaryButton, Text

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_S = LetterStatus
_FORWARD = {
    _S.DICTATED: "Write…",
    _S.TYPED: "Checked",
    _S.CHECKED: "Signed",
    _S.SIGNED: "Print",
    _S.FILED: "Print",
}
SENT_WORDS = {
    SentHow.MAILED: "Mailed",
    SentHow.HANDED: "Handed over",
    SentHow.FAXED: "Faxed",
    SentHow.E_MAILED: "E-mailed",
}


class BoardStrip(QFrame):
    """Tells of the letters selected; its buttons ask the board, which knows which they are."""

    open_wanted = Signal()
    back_wanted = Signal()
    void_wanted = Signal()
    on_wanted = Signal()
    sent = Signal(object)  # how it left

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self.desk = desk
        self.about = ElidedLabel("", "strong")
        self.steps = ElidedLabel("", "muted")
        self.note = Text("", "body", wrap=True)
        self.open_button = PlainButton("Open", self.open_wanted.emit, tip="Enter")
        self.back_button = PlainButton("Send back…", self.back_wanted.emit)
        self.void_button = PlainButton("Void…", self.void_wanted.emit, kind="danger")
        self.on_button = PrimaryButton("Move on", self.on_wanted.emit, tip="F4")
        self.sent_buttons = {
            how: PlainButton(words, lambda how=how: self.sent.emit(how))
            for how, words in SENT_WORDS.items()
        }
        head = QHBoxLayout()
        head.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.about)
        words.addWidget(self.steps)
        head.addLayout(words, 1)
        for button in (
            self.void_button,
            self.back_button,
            self.open_button,
            *self.sent_buttons.values(),
            self.on_button,
        ):
            head.addWidget(button)
        strip = QVBoxLayout(self)
        strip.setContentsMargins(24, 12, 24, 12)
        strip.setSpacing(4)
        strip.addLayout(head)
        strip.addWidget(self.note)

    def show_rows(self, rows: Sequence[LineRow]) -> None:
        """Show what is selected, one letter or several of one column."""
        may = self.desk.office.session.may(Permission.WRITE_LETTERS)
        one, count = rows[0], sum(len(row.ids) for row in rows)
        several = count > 1
        is_batch = len(rows) == 1 and one.is_many
        status = one.status
        subject = one.subject or "Letter"
        whose = f"{one.batch} · {counted(count, 'letter')}" if is_batch else ""
        whose = whose or (f"{count:,} letters selected" if several else "")
        self.about.setText(whose or f"{subject} · {one.name.spoken}")
        steps = () if several else self.desk.office.letter_line.steps(one.id)
        self.steps.setText(self._told(one, steps))
        self.steps.setVisible(not several)
        noted = one.note if not several else ""
        back = next((step.note for step in reversed(steps) if step.note), "")
        if back and status is _S.TYPED:
            noted = f"To put right: {back}"
        self.note.setText(noted[:600])
        self.note.setVisible(bool(noted))
        self.on_button.setText(_FORWARD.get(status, "Move on"))
        self.on_button.setVisible(
            may and status in _FORWARD and not (several and status is _S.DICTATED)
        )
        self.open_button.setVisible(is_batch or (not several and status is not _S.DICTATED))
        self.back_button.setVisible(may and step_back(status) is _S.TYPED)
        self.void_button.setVisible(may and not several and not status.is_out)
        for button in self.sent_buttons.values():
            button.setVisible(may and status.is_to_send)

    def _told(self, row: LineRow, steps: Sequence[StepRow]) -> str:
        """“Dictated Mon, Mar 9, typed Tue, Mar 10 (Olive) → checked … · 2 days”."""
        formats, today = self.desk.office.formats, self.desk.office.clock.today()
        told: list[str] = []
        for by, some in groupby(steps, key=lambda step: step.by):
            what = ", ".join(f"{step.status} {formats.short_date(step.at.date())}" for step in some)
            told.append(f"{what} ({by})" if by else what)
        days = row.days(today)
        took = "same day" if days == 0 else counted(days, "day")
        said = " → ".join(told)
        return f"{said[:1].upper()}{said[1:]} · {took}" if said else took
