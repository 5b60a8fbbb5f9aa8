"""What is in the way of a booking, and the free times that are not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from medsec_desktop.domain.calendar import RuleBreach, Slot
from medsec_desktop.problems import Link, Problem
from medsec_desktop.ui.widgets import Banner, Field, PlainButton, Text

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_TOLD = 3  # breaches of one rule said one by one; a visit too long may lie across a whole day


class Verdict(QWidget):
    """The rules broken with their links, the nearest slots as buttons, and room for a reason."""

    slot_chosen = Signal(object)  # Slot
    stored_wished = Signal()  # after a stale save: show the visit as it is stored

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self.banner = Banner(desk.theme, "warning", "", open_link=self._open)
        self.reason_line = QLineEdit()
        self.reason_line.setMaxLength(200)
        self.reason = Field(
            "Reason to book anyway",
            self.reason_line,
            hint="Kept with the visit and in the history.",
        )
        self.take_stored = PlainButton("Start from the stored visit", self.stored_wished.emit)
        self._offer = Text("", "small")
        self._buttons = QGridLayout()
        self._buttons.setSpacing(4)
        self.slots: list[PlainButton] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.banner)
        column.addWidget(self.take_stored)
        column.addWidget(self._offer)
        column.addLayout(self._buttons)
        column.addWidget(self.reason)
        self.say_nothing()

    def say_nothing(self) -> None:
        """Nothing is in the way."""
        self._clear()
        self._show_slots(())

    def offer(self, slots: Sequence[Slot]) -> None:
        """Free times while none has been chosen."""
        self._clear()
        self._say_offer("First free" if slots else "", slots)

    def refuse(self, breaches: Sequence[RuleBreach], slots: Sequence[Slot]) -> None:
        """The rules in the way; a reason may be given where all of them are soft."""
        self._clear()
        hard = any(breach.is_hard for breach in breaches)
        told = _first_of_each_rule(breaches)
        left = len(breaches) - len(told)
        more = (f"And {left} more in the way.",) if left else ()
        self.banner.show_message(
            "danger" if hard else "warning",
            "\n".join((*(breach.sentence for breach in told), *more)),
            title="Not possible" if hard else "Needs a reason",
            links=self._short_links(told),
        )
        self.banner.show()
        self.reason.setVisible(not hard)
        self._say_offer("Nearest free" if slots else "No free time within half a year.", slots)

    def impossible(self, problem: Problem) -> None:
        """No visit can be then, whatever the rules; it has the width a field has not."""
        self.say_nothing()
        text = " ".join(part for part in (problem.what, problem.remedy) if part)
        self.banner.show_message("danger", text, title="Not possible")
        self.banner.show()

    def stale(self, problem: Problem) -> None:
        """Somebody else changed the visit meanwhile: what is stored, beside what is typed."""
        self.say_nothing()
        self.banner.show_message(
            "danger", f"{problem.why} {problem.remedy}", title=problem.what, links=problem.links
        )
        self.banner.show()
        self.take_stored.show()

    @property
    def needs_reason(self) -> bool:
        return not self.reason.isHidden()

    def _clear(self) -> None:
        for part in (self.banner, self.reason, self.take_stored, self._offer):
            part.hide()

    def _say_offer(self, text: str, slots: Sequence[Slot]) -> None:
        days = {slot.starts_at.date() for slot in slots}
        if len(days) == 1:
            text = f"{text} on {self._desk.office.formats.short_date(days.pop())}"
        self._offer.setText(text)
        self._offer.setVisible(bool(text))
        self._show_slots(slots)

    def _show_slots(self, slots: Sequence[Slot]) -> None:
        before, self.slots = self.slots, []
        for button in before:
            self._buttons.removeWidget(button)
        formats = self._desk.office.formats
        one_day = len({slot.starts_at.date() for slot in slots}) == 1
        for index, slot in enumerate(slots):
            time = formats.time(slot.starts_at)
            when = f"{formats.short_date(slot.starts_at.date())} · {time}"
            button = PlainButton(
                time if one_day else when, lambda slot=slot: self.slot_chosen.emit(slot), tip=when
            )
            button.setAccessibleName(f"Take {when}")
            button.by_enter = True
            self.slots.append(button)
            self._buttons.addWidget(button, *((0, index) if one_day else (index, 0, 1, 3)))
            button.show()  # at once, so that it can take the focus
        # A look ahead offers anew under her fingers: the keys stay with the offers.
        for button, instead in zip(before, self.slots, strict=False):
            if button.hasFocus():
                instead.setFocus()
        for button in before:
            button.hide()
            button.deleteLater()

    def _short_links(self, breaches: Sequence[RuleBreach]) -> list[Link]:
        """The records in the way, once each, their names cut to the width of the pane."""
        room = self._desk.theme.px(244)
        found = dict.fromkeys(link for breach in breaches for link in breach.links)
        elided = Qt.TextElideMode.ElideMiddle
        return [
            Link(link.kind, link.key, self.fontMetrics().elidedText(link.text, elided, room))
            for link in found
        ]

    def _open(self, link: Link) -> None:
        self._desk.go.open_link(link)


def _first_of_each_rule(breaches: Sequence[RuleBreach]) -> list[RuleBreach]:
    told: list[RuleBreach] = []
    for breach in breaches:
        if sum(one.rule == breach.rule for one in told) < _TOLD:
            told.append(breach)
    return told
