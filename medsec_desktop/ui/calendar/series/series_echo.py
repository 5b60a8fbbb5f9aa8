"""After a visit of a series was moved, changed or cancelled: the same for the later ones, or for all.

What was done is done to this visit alone, and said with Undo; the message offers the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from medsec_desktop.problems import Invalid
from medsec_desktop.services.calendar.series_records import Scope
from medsec_desktop.ui.calendar.words import counted
from medsec_desktop.ui.report import guarded

if TYPE_CHECKING:
    from medsec_desktop.services.calendar.series_echo import OneChanged
    from medsec_desktop.services.session import Changes
    from medsec_desktop.ui.calendar.lists.recall_panel import RecallPanel
    from medsec_desktop.ui.calendar.series.series_panel import SeriesPanel
    from medsec_desktop.ui.calendar.tab import CalendarTab


class SeriesEcho(QObject):
    """Listens to what is done to visits, wherever it is done from."""

    def __init__(self, tab: CalendarTab):
        super().__init__(tab)
        self._tab = tab
        self._desk = tab.desk
        self._pending: tuple[int, OneChanged] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._offer)
        tab.desk.bus.changed.connect(self._heard)

    def _heard(self, changes: Changes) -> None:
        if changes.initiator is self or not changes.touches("appointment"):
            return
        found = self._desk.office.series.one_changed(changes)
        self._pending = (changes.operation_id, found) if found else None
        if found:
            self._timer.start()  # whoever did it says so first

    def _offer(self) -> None:
        if self._pending is None:
            return
        operation_id, change = self._pending
        self._pending = None
        said = self._desk.messages.last
        if said is None or said.undoes != operation_id:
            return
        series = self._desk.office.series
        offers = []
        later = len(series.others(change.visit_id, Scope.LATER))
        everyone = len(series.others(change.visit_id, Scope.ALL))
        for scope, count, words in (
            (
                Scope.LATER,
                later,
                "Also the later one" if later == 1 else f"Also the {later} later ones",
            ),
            (Scope.ALL, everyone, f"Also all {everyone} others"),
        ):
            if count and (scope == Scope.LATER or everyone > later):
                offers.append((words, lambda scope=scope: self.carry(change, scope)))
        if offers:
            self._desk.messages.say(f"{said.text} It repeats.", undo=True, offers=offers)

    def carry(self, change: OneChanged, scope: Scope) -> None:
        """Do the same to the others; where something is in the way of one, show it first."""
        series = self._desk.office.series
        if change.is_cancelled:
            count = guarded(
                self._desk, lambda: series.cancel_others(change.visit_id, scope, initiator=self)
            )
            if count is not None:
                self._desk.messages.say(f"Cancelled {counted(count, 'more visit')}.", undo=True)
            return
        after = self._desk.office.calendar.appointment(change.visit_id).draft
        plan = guarded(
            self._desk, lambda: series.preview(change.visit_id, change.before, after, scope)
        )
        if plan is None:
            return
        if plan.blocked:
            panel: SeriesPanel = self._tab.show_panel("series")  # type: ignore[assignment]
            panel.show_visit(change.visit_id, change.before, scope)
            return
        done = guarded(
            self._desk,
            lambda: series.carry(change.visit_id, change.before, scope, initiator=self),
        )
        if done is not None:
            count = len(done.possible)
            self._desk.messages.say(f"Changed {counted(count, 'more visit')}.", undo=True)


def open_series(tab: CalendarTab) -> None:
    """What Ctrl+R does in the calendar: repeat the booking in the pane, else the visit selected."""
    pane = tab.pane
    if pane.is_open and pane.editing_id is None:
        pane.settle_newcomer()
        try:
            draft = pane.draft()
        except Invalid as problem:
            pane.show_problem(problem)
            return
        name = pane.who.card.name.listed if pane.who.card else ""
        panel: SeriesPanel = tab.show_panel("series")  # type: ignore[assignment]  # parks the booking
        waiting = tab.desk.drafts.waiting()
        tab.desk.messages.move_on()
        panel.make_of(draft, name, waiting[0].id if waiting else None)
        return
    visit_id = pane.editing_id if pane.is_open else at_hand(tab)
    if visit_id is not None:
        panel = tab.show_panel("series")  # type: ignore[assignment]
        panel.show_visit(visit_id)


def can_repeat(tab: CalendarTab) -> bool:
    """Whether there is something to repeat."""
    return tab.pane.is_open or at_hand(tab) is not None


def at_hand(tab: CalendarTab) -> int | None:
    """The visit one works with: the one shown beside the calendar, else the one selected in it."""
    detail = tab.side.visit.detail if tab.side.shows_visit else None
    return tab.grid.selected_id if detail is None else detail.row.id


def can_recall(tab: CalendarTab) -> bool:
    """Whether a visit or a patient is at hand."""
    return at_hand(tab) is not None or (tab.pane.is_open and tab.pane.who.is_settled)


def recall(tab: CalendarTab) -> None:
    """What Ctrl+Alt+R does in the calendar: recall whose visit is at hand, or who is being booked."""
    tab.pane.settle_newcomer()
    visit_id, card = at_hand(tab), tab.pane.who.card
    panel: RecallPanel = tab.show_panel("recall")  # type: ignore[assignment]
    if visit_id is not None:
        row = tab.desk.office.calendar.appointment(visit_id).row
        panel.show_patient(row.patient_id, row.starts_at.date(), row.provider_id)
    elif card is not None:
        panel.show_patient(card.patient_id, None, card.usual_provider_id)
