"""Watches for times that come free, and brings whoever waits for one to the secretary's eye."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.ui.widgets import ElidedLabel, Hairline, IconButton, LinkButton
from medsec_desktop.ui.widgets.page import Panel

if TYPE_CHECKING:
    from medsec_desktop.services.calendar.waiting import Slot, WaitingDraft
    from medsec_desktop.services.session import Changes
    from medsec_desktop.ui.calendar.lists.waiting_page import WaitingPage
    from medsec_desktop.ui.calendar.lists.waiting_panel import WaitingPanel
    from medsec_desktop.ui.calendar.tab import CalendarTab

# Whatever can make somebody fit, or fit no longer.
_MATTERS = (
    "appointment", "waiting_entry", "call_attempt", "closure", "hold", "block_out",
    "hours_exception",
)  # fmt: skip
_LOOKED_AT = 12  # freed slots of one operation


class FreedWatch(QObject):
    """Opens the waiting panel by itself, but never over something being worked with.

    Where a booking is being filled in or read back, or a panel or page is open, one line at the
    foot of the side says that somebody could come; the panel comes when it is asked for.
    """

    def __init__(self, tab: CalendarTab):
        super().__init__(tab)
        self._tab, self._desk = tab, tab.desk
        self.slots: tuple[Slot, ...] = ()  # free again, with somebody who fits
        self.strip = _Strip(tab, self.show_panel, self.forget)
        column = tab.side.layout()
        assert isinstance(column, QVBoxLayout)
        column.addWidget(self.strip)
        tab.side.pages.currentChanged.connect(lambda _: self._say())
        bind = tab.desk.actions.bind
        bind("visit.wait", self.wait, owner=tab, text=self._wait_text)
        bind("list.waiting", self._show_list, owner=tab)

    def look(self, changes: Changes) -> None:
        """Something was changed: which freed times are there to fill now?"""
        if not changes.touches(*_MATTERS):
            return
        office = self._desk.office
        if not office.session.may(Permission.EDIT_CALENDAR):
            return
        fresh = office.calendar.freed_slots(changes)[:_LOOKED_AT]
        if not fresh and not self.slots:
            return
        now = office.clock.now()
        found = [
            slot
            for slot in dict.fromkeys((*fresh, *self.slots))
            if slot.starts_at > now and office.waiting.fits(slot, limit=1)
        ]
        is_new = any(slot in found for slot in fresh)
        self.slots = tuple(found)
        if is_new:
            # Whoever changed something goes on first: selects the visit, shows what was booked.
            QTimer.singleShot(0, self, self._offer)
        else:
            self._tidy()

    def show_panel(self) -> None:
        """Bring the panel to the front and into the keys (Ctrl+Alt+1)."""
        self._panel().offer(self.slots, anew=not self._is_in_front())
        self._tab.show_panel("waiting")

    def show_who_fits(self, slot: Slot) -> None:
        """Ask who could take any free time, freed or not."""
        self.slots = tuple(dict.fromkeys((slot, *self.slots)))
        self._panel().offer(self.slots, anew=True)
        self._tab.show_panel("waiting")

    def forget(self) -> None:
        """Nobody is to be called about these times."""
        self.slots = ()
        self._tidy()

    def wait(self) -> None:
        """Put the person in hand on the waiting list, or ask who could take the free time chosen."""
        self._tab.pane.settle_newcomer()
        slot = self._free_slot()
        if slot is not None and self._draft_of() is None:
            self.show_who_fits(slot)
            return
        page: WaitingPage = self._tab.show_page("waiting")  # type: ignore[assignment]
        page.add(self._draft_of(), then_back=True)

    # -- inside -----------------------------------------------------------------------------------

    def _panel(self) -> WaitingPanel:
        panel: WaitingPanel = self._tab.panel("waiting")  # type: ignore[assignment]
        if not panel.property("watched"):
            panel.setProperty("watched", True)
            panel.settled.connect(self._settled)
        return panel

    def _offer(self) -> None:
        """Open the panel where nothing is being worked with; else say it in one line."""
        if not self.slots:
            self._tidy()
            return
        side, panel = self._tab.side, None
        if side.pages.currentWidget() in (side.idle, side.visit) or self._is_in_front():
            panel = self._panel()
        if panel is None or not self._tab.shows_grid:
            self._say()
            return
        panel.offer(self.slots, anew=not self._is_in_front())
        if not self._is_in_front():
            if _has_keys(side):
                self._tab.take_focus()  # else the keys would fall to the panel
            panel.quiet = True
            side.show_panel(panel)
        self._say()

    def _tidy(self) -> None:
        """What is shown follows what is left; a panel with nothing to fill goes by itself."""
        if self._is_in_front():
            panel = self._panel()
            if self.slots:
                panel.offer(self.slots)
            elif not panel.fits:
                had_keys = _has_keys(panel)
                self._tab.side.leave()
                if had_keys:
                    self._tab.take_focus()
        self._say()

    def _settled(self, slot: Slot) -> None:
        self.slots = tuple(one for one in self.slots if one != slot)
        QTimer.singleShot(0, self, self._tidy)

    def _is_in_front(self) -> bool:
        front = self._tab.side.pages.currentWidget()
        return isinstance(front, Panel) and front.help_page == "waiting"

    def _say(self) -> None:
        self.strip.setVisible(bool(self.slots) and not self._is_in_front())
        if self.slots:
            office, first = self._desk.office, self.slots[0]
            when = office.formats.short_date(first.starts_at.date())
            at = office.formats.time(first.starts_at)
            more = f" +{len(self.slots) - 1}" if len(self.slots) > 1 else ""
            self.strip.say(f"Free: {when}, {at}{more}")

    def _show_list(self) -> None:
        if self.slots and not self._is_in_front() and self._tab.shows_grid:
            self.show_panel()
        else:
            self._tab.show_page("waiting")

    def _draft_of(self) -> WaitingDraft | None:
        """What is in hand as an entry: the booking being filled in, or the visit selected."""
        waiting, side, tab = self._desk.office.waiting, self._tab.side, self._tab
        card = tab.pane.who.card
        if tab.pane.is_open and card is not None:
            return waiting.draft_for(card.patient_id)
        booked = side.booked.detail
        if side.pages.currentWidget() is side.booked and booked is not None:
            return waiting.draft_from_visit(booked.row.id)
        if tab.grid.selected_id is not None:
            return waiting.draft_from_visit(tab.grid.selected_id)
        return None

    def _free_slot(self) -> Slot | None:
        """The free time the cursor stands on."""
        from medsec_desktop.domain.calendar import Slot

        grid = self._tab.grid
        column, cursor = grid.column_at_cursor, grid.cursor_at
        if column is None or cursor is None or column.provider_id is None or grid.selected_id:
            return None
        if not self._tab.shows_grid or self._tab.pane.is_open:
            return None
        starts_at = cursor.span.starts_at(column.day)
        if starts_at <= self._desk.office.clock.now():
            return None
        return Slot(starts_at, max(cursor.span.duration_min, grid.step_min), column.provider_id)

    def _wait_text(self) -> str:
        if self._draft_of() is None and self._free_slot() is not None:
            return "Who could come at this time"
        return "Put on the waiting list…"


class _Strip(QFrame):
    """One line at the foot of the side."""

    def __init__(self, tab: CalendarTab, show: Callable[[], object], forget: Callable[[], object]):
        super().__init__(tab.side)
        self._text = ElidedLabel("")
        self.show_button = LinkButton("Who fits", show)
        self.show_button.setToolTip("Who on the waiting list could come (Ctrl+Alt+1)")
        self.forget_button = IconButton(tab.desk.theme, "x", "Call nobody about this", forget)
        row = QHBoxLayout()
        row.setContentsMargins(16, 8, 8, 8)
        row.setSpacing(8)
        row.addWidget(self._text, 1)
        row.addWidget(self.show_button)
        row.addWidget(self.forget_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Hairline())
        column.addLayout(row)
        self.hide()

    def say(self, text: str) -> None:
        self._text.setText(text)
        self.setAccessibleName(text)


def _has_keys(place: QWidget) -> bool:
    focus = QApplication.focusWidget()
    return focus is not None and place.isAncestorOf(focus)
