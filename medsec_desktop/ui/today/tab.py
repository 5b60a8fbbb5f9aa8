"""Today: who comes, who is here, who waits; beside it what to ask, who leaves, what is left to do.

Only the board is built for the first picture of the day. The panel beside it and the filters follow
when the window is on the screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from medsec_desktop.ui.today.board_list import BoardList
from medsec_desktop.ui.today.wording import counted, lines
from medsec_desktop.ui.widgets.buttons import PlainButton
from medsec_desktop.ui.widgets.empty import EmptyState
from medsec_desktop.ui.widgets.labels import ElidedLabel, Hairline, Text
from medsec_desktop.ui.widgets.tab import Tab

if TYPE_CHECKING:
    from medsec_desktop.services.session import Changes
    from medsec_desktop.services.today import BoardRow
    from medsec_desktop.ui.desk import Desk
    from medsec_desktop.ui.today.beside import Beside
    from medsec_desktop.ui.today.filters import Filters
    from medsec_desktop.ui.today.verbs import DeskVerbs
    from medsec_desktop.ui.today.wording import BoardLine

# Whatever can change a line of the board; what only the panel beside it shows is in beside.py.
_ON_THE_BOARD = (
    "appointment", "appointment_event", "patient", "patient_alert", "provider",
    "appointment_type", "room", "setting",
)  # fmt: skip
_AFTER_PAINT_MS = 50  # the visits are on the screen before the panel beside them is built
_ROOM_FOR_FILTERS = 800
_NARROW, _WIDE, _WIDE_FROM = 352, 432, 1560


class TodayTab(Tab):
    """The front-desk board; Enter shows a visit in the calendar, F3 and F4 move it on."""

    title = "Today"
    icon = "sun"
    help_page = "today"
    new_text = "New visit…"

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(desk, parent)
        self.day = Text("", "title")
        self.count = ElidedLabel("", "muted")
        self.list = BoardList(desk.theme, "Today’s visits")
        self.list.chosen.connect(self._show_in_calendar)
        self.list.step_wished.connect(self._step)
        self.list.selected.connect(self._selection_changed)
        self.list.menu_wished.connect(self._open_menu)
        self.empty = EmptyState(
            desk.theme,
            "sun",
            "No visits today",
            "Visits booked for today are listed here by time, with who has arrived.",
            "Book a visit",
            lambda: desk.actions.trigger("visit.book"),
        )
        self.book_button = PlainButton(
            "Book a visit", lambda: desk.actions.trigger("visit.book"), tip="Ctrl+B"
        )
        self._rows: tuple[BoardRow, ...] = ()
        self._marks: dict[int, str] = {}
        self._beside: Beside | None = None
        self._filters: Filters | None = None
        self._verbs: DeskVerbs | None = None
        self._shown_day = desk.office.clock.today()
        self._minute = QTimer(self)
        self._minute.setSingleShot(True)
        self._minute.timeout.connect(self.tick)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._furnish)
        self._lay_out()
        self.setFocusProxy(self.list)
        desk.theme.changed.connect(self._fit)
        self._bind()

    # -- what the window asks -------------------------------------------------------------------

    def showing(self) -> None:
        self.reload()
        # The list is hidden where nobody comes, and cannot take the keys.
        (self.list if self.list.isVisible() else self.empty.button or self).setFocus()

    def refresh(self, changes: Changes) -> None:
        if changes.touches(*_ON_THE_BOARD):
            self.reload(beside=False)
        if self._beside is not None:
            self._beside.refresh(changes)

    def new_thing(self) -> None:
        self.desk.actions.trigger("visit.book")

    def select_visit(self, visit_id: int) -> bool:
        """Select a visit of today, whatever the filters leave out; whether there is such a one."""
        if not self.list.select(visit_id) and self._filters is not None:
            self._filters.clear()
        return self.list.select(visit_id)

    @property
    def patient_at_hand(self) -> int | None:
        return self.selected.patient_id if self.selected is not None else None

    def visits_in_front(self) -> tuple[tuple[str, Sequence[BoardRow]], ...]:
        """Those on the board as the filters leave them, but for who cancelled or did not come."""
        if not self.list.isVisible():
            return ()
        rows = [line.value for line in self.list.rows.rows if line.value.status.holds_its_slot]
        return (("The visits of today", rows),)

    @property
    def visit_at_hand(self) -> int | None:
        return self.selected.id if self.selected is not None else None

    @property
    def selected(self) -> BoardRow | None:
        """The visit selected on the board."""
        return self.list.current_value()  # type: ignore[no-any-return]

    @property
    def all_rows(self) -> tuple[BoardRow, ...]:
        """Today's visits, whatever the filters leave out."""
        return self._rows

    # -- reading --------------------------------------------------------------------------------

    def reload(self, *, beside: bool = True) -> None:
        """Read today's visits again, in one statement, staying on the one selected."""
        office = self.desk.office
        self._shown_day = office.clock.today()
        self._rows = office.board.today()
        self.day.setText(office.formats.long_date(self._shown_day))
        if self._filters is not None:
            self._filters.offer(self._rows)
        self._show_rows()
        if beside and self._beside is not None:
            self._beside.reload()

    def tick(self) -> None:
        """A minute has passed: tell the waiting times anew, from what was read; a new day is read."""
        if self.desk.office.clock.today() != self._shown_day:
            self.reload()
        else:
            told = self._lines()
            if not self.list.rows.tell(told):
                self.list.set_rows(told)
            self._count()
            if self._beside is not None:
                self._beside.tick()
        self._await_minute()

    def note_marks(self, marks: dict[int, str]) -> None:
        """What is to ask of each visit at the desk, as the panel beside has found out."""
        if marks != self._marks:
            self._marks = marks
            self.list.rows.tell(self._lines())

    def _show_rows(self) -> None:
        told = self._lines()
        if not self.list.rows.tell(told):
            self.list.set_rows(told)
        self._count()
        self.list.setVisible(bool(told))
        self.empty.setVisible(not told)
        self.book_button.setVisible(bool(self._rows))
        if self._filters is not None:
            self._filters.setVisible(bool(self._rows))
        if not told and self._rows:
            self.empty.say("Nobody by these filters", "Choose another provider or room above.")
        elif not told:
            self.empty.say(
                "No visits today",
                "Visits booked for today are listed here by time, with who has arrived.",
            )
        self._selection_changed()

    def _lines(self) -> list[BoardLine]:
        office = self.desk.office
        return lines(self._filtered(), self._marks, office.clock.now(), office.formats)

    def _filtered(self) -> tuple[BoardRow, ...]:
        if self._filters is None:
            return self._rows
        return tuple(row for row in self._rows if self._filters.lets_through(row))

    def _count(self) -> None:
        self.count.setText(counted(self._filtered(), self.desk.office.clock.now()))

    # -- moving visits on -----------------------------------------------------------------------

    def _bind(self) -> None:
        bind = self.desk.actions.bind
        bind("visit.open_patient", self._open_patient, self._is_selected, owner=self)
        bind("visit.letter", self._write_letter, self._is_selected, owner=self)
        for action_id in ("edit.edit", "visit.cancel", "visit.correct", "visit.recall", "visit.pin",
                          "visit.cut", "visit.series", "visit.wait"):  # fmt: skip
            bind(
                action_id,
                lambda action_id=action_id: self._in_calendar(action_id),
                self._is_selected,
                owner=self,
            )

    @property
    def verbs(self) -> DeskVerbs:
        """What F3, F4 and the rest do here."""
        if self._verbs is None:
            from medsec_desktop.ui.today.verbs import DeskVerbs

            self._verbs = DeskVerbs(self.desk, lambda: self.selected)
            self._verbs.bind(self)
        return self._verbs

    def _step(self, row: BoardRow) -> None:
        if self.list.select(row.id):
            self.verbs.step()

    def _is_selected(self) -> bool | str:
        return self.selected is not None or "Select a visit first."

    def _open_patient(self) -> None:
        if self.selected is not None:
            self.desk.go.open_patient(self.selected.patient_id)

    def _write_letter(self) -> None:
        if self.selected is not None:
            self.desk.go.write_letter(self.selected.id)

    def _show_in_calendar(self, row: BoardRow) -> None:
        self.desk.go.show_day(row.starts_at.date(), row.id)

    def _in_calendar(self, action_id: str) -> None:
        """What is done to a visit in the calendar: go there with it, then do it."""
        row = self.selected
        if row is not None:
            self._show_in_calendar(row)
            self.desk.actions.trigger(action_id)

    def _open_menu(self, where: object) -> None:
        from medsec_desktop.ui.today.menu import open_menu

        open_menu(self, where)  # type: ignore[arg-type]

    # -- the panel beside -----------------------------------------------------------------------

    @property
    def beside(self) -> Beside:
        """The panel at the right, built when it is first wanted."""
        self._furnish()
        assert self._beside is not None
        return self._beside

    @property
    def filters(self) -> Filters:
        self._furnish()
        assert self._filters is not None
        return self._filters

    def _furnish(self) -> None:
        """Build what the first picture could do without."""
        if self._beside is not None:
            return
        from medsec_desktop.ui.today.beside import Beside
        from medsec_desktop.ui.today.filters import Filters

        _ = self.verbs
        self._filters = Filters(self._show_rows)
        self._filters.offer(self._rows)
        self._filter_row.addWidget(self._filters)
        self._filters.setVisible(bool(self._rows))
        self._beside = Beside(self)
        self._place.layout().addWidget(self._beside)
        self._fit()
        self._beside.reload()

    def _selection_changed(self) -> None:
        if self._beside is not None:
            self._beside.show_visit(self.list.current_line())

    # -- inside ---------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.day)
        words.addWidget(self.count)
        self._head = QHBoxLayout()
        self._head.setContentsMargins(24, 16, 24, 12)
        self._head.setSpacing(8)
        self._head.addLayout(words, 1)
        self._head.addWidget(self.book_button)
        self._filter_row = QHBoxLayout()  # where the head has no room for them
        self._filter_row.setContentsMargins(24, 0, 24, 0)
        body = QVBoxLayout()
        body.setContentsMargins(12, 0, 12, 0)
        body.addWidget(self.list, 1)
        body.addWidget(self.empty, 1)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addLayout(self._head)
        left.addLayout(self._filter_row)
        left.addWidget(Hairline())
        left.addLayout(body, 1)
        self._place = QFrame()  # its room is kept from the beginning, so that nothing jumps
        inside = QVBoxLayout(self._place)
        inside.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(left, 1)
        row.addWidget(Hairline(vertical=True))
        row.addWidget(self._place)
        self._fit()

    def _fit(self) -> None:
        px = self.desk.theme.px
        self._place.setFixedWidth(px(_WIDE if self.width() >= px(_WIDE_FROM) else _NARROW))
        if self._filters is not None:
            is_low = self.width() - self._place.width() < px(_ROOM_FOR_FILTERS)
            self._filter_row.setContentsMargins(24, 0, 24, 12 if is_low else 0)
            if is_low:
                self._filter_row.insertWidget(0, self._filters, 1)
            else:
                self._head.insertWidget(1, self._filters)

    def _await_minute(self) -> None:
        now = self.desk.office.clock.now()
        passed_ms = now.second * 1000 + now.microsecond // 1000
        self._minute.start(60_000 - passed_ms + 20)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._await_minute()
        if self._beside is None:
            self._soon.start(_AFTER_PAINT_MS)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._minute.stop()
        self._soon.stop()
        if self._beside is not None:
            self._beside.rest()
