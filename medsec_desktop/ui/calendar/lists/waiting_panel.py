"""Beside the grid: who on the waiting list could take a time that has come free."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout

from medsec_desktop.domain.calendar import provider_called
from medsec_desktop.domain.calendar.calls import CALL_WORDS, CallOutcome
from medsec_desktop.services.calendar.waiting import Fit, Slot
from medsec_desktop.ui.calendar.lists.call_outcomes import CallOutcomes
from medsec_desktop.ui.calendar.lists.waiting_card import WaitingCard
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import Choice, FastList, LinkButton, ListRow, PlainButton, Text
from medsec_desktop.ui.widgets.page import Panel
from medsec_desktop.ui.widgets.scrolled import ScrolledColumn, in_line

if TYPE_CHECKING:
    from medsec_desktop.services.session import Changes
    from medsec_desktop.ui.calendar.tab import CalendarTab

_BOOKS = CallOutcome.REACHED
_ROWS_SHOWN = 3
_NOBODY = "Nobody on the waiting list fits this time."


class WaitingPanel(Panel):
    """Opens by itself when a time has come free and somebody fits, without taking the keys."""

    title = "Who could come"
    bleeds = True
    help_page = "waiting"
    settled = Signal(object)  # the Slot that is no longer to be filled

    def __init__(self, tab: CalendarTab):
        super().__init__(tab)
        desk = self.desk
        self.slots: tuple[Slot, ...] = ()
        self.fits: tuple[Fit, ...] = ()
        self.quiet = False  # shown by itself: whoever has the keys keeps them
        self.which = Choice()
        self.which.setAccessibleName("Free time")
        self.when = Text("", "strong", wrap=True)
        self.remark = Text("", "muted", wrap=True)
        self.people = FastList(desk.theme, "Who could come", two_lines=True)
        self.people.setProperty("kind", "boxed")
        self.card = WaitingCard(desk)
        self.outcomes = CallOutcomes(
            "How the call ended", {CallOutcome.REACHED: (_BOOKS, "Reached: book this time")}
        )
        self.outcomes.listen_to(self.people)
        self.list_button = LinkButton("Whole list", self._show_list)
        self._lay_out()
        self.which.currentIndexChanged.connect(lambda _: self._read())
        self.people.selectionModel().currentChanged.connect(lambda *_: self._show_person())
        self.people.chosen.connect(lambda _: self.outcome(_BOOKS))
        self.outcomes.chosen.connect(self.outcome)
        desk.theme.changed.connect(self._fit_list)
        desk.actions.bind("visit.open_patient", self.card._open_file, self._has, owner=self)

    # -- what the tab asks ----------------------------------------------------------------------

    def showing(self) -> None:
        self._read()
        if not self.quiet:
            self.people.setFocus()
        self.quiet = False

    def refresh(self, changes: Changes) -> None:
        if changes.touches(
            "appointment", "waiting_entry", "call_attempt", "closure", "hold", "patient",
            "patient_phone", "patient_alert", "block_out", "hours_exception", "working_hours",
        ):  # fmt: skip
            self._read()

    def offer(self, slots: Sequence[Slot], *, anew: bool = False) -> None:
        """Say which free times there are; the one worked with stays, with `anew` the first is shown."""
        self.slots = tuple(slots)
        kept = None if anew else self.which.value()
        self.which.blockSignals(True)
        self.which.set_pairs((slot, self._called(slot)) for slot in self.slots)
        if self.slots and kept not in self.slots:
            self.which.setCurrentIndex(0)
        self.which.blockSignals(False)
        self.which.setVisible(len(self.slots) > 1)
        self.when.setVisible(len(self.slots) <= 1)
        self._read()

    # -- what one does ----------------------------------------------------------------------------

    def outcome(self, ended: CallOutcome) -> None:
        """How the call to the person in front ended; who is reached is booked."""
        fit = self.current
        if fit is None:
            return
        waiting = self.desk.office.waiting
        if ended is _BOOKS:
            visit_id = guarded(
                self.desk,
                lambda: waiting.book(fit.row.id, fit.row.version, fit.slot, initiator=self),
            )
            if visit_id is not None:
                self.settled.emit(self.which.value())
                self.tab.pane.booked.emit(visit_id)  # to be read back, like any other booking
            return
        if guarded(self.desk, lambda: waiting.note_call(fit.row.id, ended, fit.slot)) is not None:
            said = CALL_WORDS[ended].lower()
            self.desk.messages.say(f"{fit.row.patient_name}: {said}.", undo=True)

    @property
    def current(self) -> Fit | None:
        fit = self.people.current_value()
        return fit if isinstance(fit, Fit) else None

    @property
    def slot(self) -> Slot | None:
        slot = self.which.value()
        return slot if isinstance(slot, Slot) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focus = self.focusWidget()
            if isinstance(focus, PlainButton):
                focus.click()
        else:
            super().keyPressEvent(event)

    # -- inside -----------------------------------------------------------------------------------

    def _read(self) -> None:
        """Who fits now; the person in front stays in front while she fits."""
        slot = self.slot
        if slot is None:
            self.fits = ()
        else:
            self.fits = guarded(self.desk, lambda: self.desk.office.waiting.fits(slot)) or ()
            self.when.setText(self._called(slot))
        self.people.set_rows([self._row(fit) for fit in self.fits])
        found = len(self.fits)
        more = "One person fits." if found == 1 else f"{found} people fit, best first."
        self.remark.setText(more if found else _NOBODY)
        for part in (self.people, self.card, self.outcomes):
            part.setVisible(bool(found))
        self._fit_list()
        self._show_person()

    def _row(self, fit: Fit) -> ListRow:
        formats = self.desk.office.formats
        called = fit.calls[0].words if fit.calls else ""
        starts = formats.time(fit.slot.starts_at)
        at_once = self.slot is not None and fit.slot.starts_at == self.slot.starts_at
        return ListRow(
            fit,
            fit.row.patient_name,
            " · ".join(reason for reason in fit.reasons if reason != "Urgent"),
            called or ("" if at_once else starts),
            mark="Urgent" if fit.row.draft.is_urgent else "",
            tone="danger",
        )

    def _show_person(self) -> None:
        fit = self.current
        if fit is not None:
            self.card.show_row(fit.row, fit.reasons, fit.calls)
            at = self.desk.office.formats.time(fit.slot.starts_at)
            self.outcomes.set_words(1, f"Reached: book {at}")

    def _has(self) -> bool:
        return self.current is not None

    def _called(self, slot: Slot) -> str:
        formats, practice = self.desk.office.formats, self.desk.office.practice
        names = {
            row.id: provider_called(row.family_name, row.given_name, row.credential)
            for row in practice.providers()
        }
        when = formats.span(slot.starts_at, slot.duration_min)
        day = formats.short_date(slot.starts_at.date())
        return f"{day}, {when}, {names.get(slot.provider_id, '')}"

    def _show_list(self) -> None:
        self.tab.show_page("waiting")

    def _fit_list(self) -> None:
        rows = min(max(len(self.fits), 1), _ROWS_SHOWN)
        self.people.setFixedHeight(self.desk.theme.px(48) * rows + 4)

    def _lay_out(self) -> None:
        scrolled = ScrolledColumn(self.title)
        scrolled.column.setSpacing(12)
        counted = QHBoxLayout()
        counted.setSpacing(8)
        counted.addWidget(self.remark, 1)
        counted.addWidget(self.list_button, 0, Qt.AlignmentFlag.AlignTop)
        scrolled.column.addWidget(self.which)
        scrolled.column.addWidget(self.when)
        scrolled.column.addLayout(counted)
        scrolled.column.addWidget(self.people)
        scrolled.column.addWidget(self.card)
        scrolled.column.addStretch(1)
        self.body.addWidget(scrolled, 1)
        self.body.addLayout(in_line(self.outcomes))
