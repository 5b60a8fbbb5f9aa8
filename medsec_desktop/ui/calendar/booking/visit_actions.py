"""What the Visit menu does to the visit selected in the calendar; and what is carried elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from medsec_desktop.domain.calendar import VisitStatus
from medsec_desktop.services.calendar import AppointmentRow
from medsec_desktop.ui.calendar.booking.verbs import VisitVerbs
from medsec_desktop.ui.report import guarded

if TYPE_CHECKING:
    from medsec_desktop.services.calendar.views import GridColumn
    from medsec_desktop.services.session import Changes
    from medsec_desktop.ui.calendar.tab import CalendarTab

_EXPECTED = (VisitStatus.SCHEDULED, VisitStatus.CONFIRMED)
_HERE = (VisitStatus.ARRIVED, VisitStatus.IN_ROOM)


class VisitActions(QObject):
    """Binds the actions of a visit, and remembers what was cut and what is pinned.

    A visit cut or pinned keeps its time until it has another: nothing is lost by walking away.
    """

    changed = Signal()  # something was pinned, placed or taken off

    def __init__(self, tab: CalendarTab):
        super().__init__(tab)
        self._tab, self._desk = tab, tab.desk
        self._verbs = VisitVerbs(tab.desk, tab)
        self.cut_id: int | None = None
        self.pinned: tuple[int, ...] = ()
        self._pinned_before: dict[int, tuple[int, ...]] = {}  # by the operation that placed some
        card = tab.side.visit
        card.pin_wished.connect(self.pin)
        card.cut_wished.connect(self.cut)
        card.again_wished.connect(self._book_again)
        tab.grid.cut_wished.connect(self.cut)
        tab.grid.paste_wished.connect(self.paste_at)
        self._bind()

    # -- carrying -------------------------------------------------------------------------------

    def cut(self, visit_id: int) -> None:
        """Take a visit along; it stays where it is until it is put somewhere."""
        visit = self._movable(visit_id)
        if visit is not None:
            self.cut_id = visit_id
            self._desk.messages.say(
                f"Cut: {visit.patient_name}. Choose a time and press Ctrl+V.", tone="info"
            )

    def paste(self) -> None:
        """Put what was cut, else the visit pinned first, where the cursor stands."""
        cursor, column = self._tab.grid.cursor_at, self._tab.grid.column_at_cursor
        if not self._tab.grid.isVisible() or cursor is None or column is None:
            self._desk.messages.not_now("Go to a day or week and choose a time first.")
        else:
            self.paste_at(column, cursor.span.starts_min)

    def paste_at(self, column: GridColumn, start_min: int) -> None:
        """Put what was cut, else the visit pinned first, on a column."""
        visit_id = self.cut_id or (self.pinned[0] if self.pinned else None)
        if visit_id is None:
            self._desk.messages.not_now("Cut a visit first (Ctrl+X), or pin one (Ctrl+Alt+P).")
        else:
            self._tab.wishes.move(visit_id, column, start_min)

    def pin(self, visit_id: int) -> None:
        """Put a visit on the pinboard, which comes to the front."""
        if visit_id in self.pinned:
            self._tab.show_panel("pinboard")
        elif self._movable(visit_id) is not None:
            self.pinned = (*self.pinned, visit_id)
            self._tab.show_panel("pinboard")
            self.changed.emit()

    def pin_again(self, visit_ids: Iterable[int]) -> None:
        """Put back those that were pinned before the program ended and can still be moved."""
        wanted = (*self.pinned, *visit_ids)
        stays = frozenset(self._desk.office.calendar.still_movable(wanted))
        self.pinned = tuple(one for one in dict.fromkeys(wanted) if one in stays)
        self.changed.emit()

    def unpin_all(self) -> None:
        """Clear the board; every visit stays where it is."""
        self.pinned = ()
        self.changed.emit()

    def unpin(self, visit_id: int) -> None:
        """Take a visit off the board; it stays where it is."""
        self.pinned = tuple(one for one in self.pinned if one != visit_id)
        self.changed.emit()

    def refresh(self, changes: Changes) -> None:
        """What has found its place, or fell away, is carried no longer; undone, it is again."""
        if not changes.touches("appointment"):
            return
        if changes.undoes in self._pinned_before:
            self.pin_again(self._pinned_before.pop(changes.undoes))
        calendar = self._desk.office.calendar
        stays = frozenset(calendar.still_movable((*self.pinned, *filter(None, [self.cut_id]))))
        kept = tuple(one for one in self.pinned if one in stays)
        if self.cut_id not in stays:
            self.cut_id = None
        if kept != self.pinned:
            self._pinned_before[changes.operation_id] = self.pinned
            self.pinned = kept
            self.changed.emit()

    # -- inside ---------------------------------------------------------------------------------

    def _bind(self) -> None:
        verbs = self._verbs
        simple: tuple[tuple[str, Callable[[AppointmentRow], object], tuple[VisitStatus, ...]], ...]
        simple = (
            ("arrive", verbs.arrive, _EXPECTED),
            ("move_on", verbs.move_on, _HERE),
            ("no_show", verbs.no_show, _EXPECTED),
            ("left", verbs.leave, (*_EXPECTED, *_HERE)),
            ("confirm", self._ask_confirmed, _EXPECTED),
            ("correct", self._ask_status, tuple(VisitStatus)),
            ("cancel", self._ask_why, (*_EXPECTED, VisitStatus.ARRIVED)),
            ("cut", lambda visit: self.cut(visit.id), _EXPECTED),
            ("pin", lambda visit: self.pin(visit.id), _EXPECTED),
        )
        for name, run, states in simple:
            self._desk.actions.bind(
                f"visit.{name}",
                lambda run=run: self._on_selected(run),
                lambda states=states: self._fits(states),
                owner=self._tab,
            )
        self._desk.actions.bind("visit.paste", self.paste, self._may_paste, owner=self._tab)

    def selected(self) -> AppointmentRow | None:
        """The visit the actions are about: the one selected, else the one shown beside the grid."""
        visit = self._tab.grid.visit_at_cursor() if self._tab.grid.isVisible() else None
        if visit is None and self._tab.side.shows_visit and self._tab.side.visit.detail:
            visit = self._tab.side.visit.detail.row
        return visit

    def _on_selected(self, run: Callable[[AppointmentRow], object]) -> None:
        visit = self.selected()
        if visit is not None:
            run(visit)

    def _fits(self, states: tuple[VisitStatus, ...]) -> bool | str:
        visit = self.selected()
        if visit is None:
            return False
        if visit.status not in states:
            return f"This does not fit: the visit is marked “{_said(visit.status)}”."
        return True

    def _may_paste(self) -> bool:
        return self.cut_id is not None or bool(self.pinned)

    def _movable(self, visit_id: int) -> AppointmentRow | None:
        detail = guarded(self._desk, lambda: self._desk.office.calendar.appointment(visit_id))
        if detail is None:
            return None
        if not detail.row.status.may_be_moved:
            self._desk.messages.not_now(
                f"The visit is marked “{_said(detail.row.status)}”; it stays where it is."
            )
            return None
        return detail.row

    def _ask_confirmed(self, visit: AppointmentRow) -> None:
        """By the patient or on the machine: the card's two buttons."""
        if visit.confirmed_how == "person":
            self._desk.messages.not_now("The patient has confirmed already.")
            return
        self._tab.side.show_visit(visit.id, asked=True)
        button = self._tab.side.visit.person_button
        if button.isVisible():
            button.setFocus()
        else:
            self._verbs.confirm(visit, "person")

    def _ask_why(self, visit: AppointmentRow) -> None:
        self._tab.side.show_visit(visit.id, asked=True)
        if self._tab.side.shows_visit:
            self._tab.side.visit.ask_why()

    def _ask_status(self, visit: AppointmentRow) -> None:
        self._tab.side.show_visit(visit.id, asked=True)
        if self._tab.side.shows_visit:
            self._tab.side.visit.ask_status()

    def _book_again(self, visit: AppointmentRow) -> None:
        self._tab.pane.start_like(visit)


def _said(status: VisitStatus) -> str:
    from medsec_desktop.domain.calendar import STATUS_WORDS

    return STATUS_WORDS[status].lower()
