"""What the command box offers besides the practice's data, and what it does with a hit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medsec_desktop.ui.command_box import link_of

if TYPE_CHECKING:
    from medsec_desktop.services.calendar.typed import Proposal
    from medsec_desktop.services.find import Command, Hit
    from medsec_desktop.ui.desk import Desk
    from medsec_desktop.ui.frame.doors import Doors

_SETTINGS = "settings:"  # before the page, in the name of a command that opens it


class Commands:
    """Every action some screen does and who is at work may do, and each page of the settings."""

    def __init__(self, desk: Desk, go: Doors):
        self._desk, self._go = desk, go
        self._settings_pages: tuple[Command, ...] = ()

    def offer(self) -> None:
        """Tell the search what there is to do now."""
        from medsec_desktop.services.find import Command

        may = self._desk.office.session.may
        actions = (
            Command(action.id, action.name, action.native_key, action.icon, action.words)
            for action in self._desk.actions.offered()
            if action.permission is None or may(action.permission)
        )
        self._desk.office.find.offer((*actions, *self._settings_pages))

    def learn_settings(self) -> None:
        """Let each page of the settings be found; they are read in when all else is there."""

        def read(_: object) -> tuple[Command, ...]:
            from medsec_desktop.services.find import Command
            from medsec_desktop.ui.practice.settings import PAGES

            return tuple(
                Command(
                    f"{_SETTINGS}{page.id}", f"Settings: {page.name}", "", page.icon, page.finds
                )
                for page in PAGES
            )

        def offer(pages: tuple[Command, ...]) -> None:
            self._settings_pages = pages
            self.offer()

        self._desk.jobs.quietly(read, offer)

    def take(self, hit: Hit) -> None:
        """Open what was found, or do it."""
        if hit.kind == "command":
            if hit.key.startswith(_SETTINGS):
                self._go.open_settings(hit.key.removeprefix(_SETTINGS))
            else:
                self._desk.actions.trigger(hit.key)
        elif hit.booking is not None:
            self._book(hit.booking)
        else:
            self._go.open_link(link_of(hit))

    def _book(self, booking: Proposal) -> None:
        """Book what was typed and show it to be read back; what is not whole fills the pane."""
        from medsec_desktop.ui.calendar.booking.at_once import book_at_once

        self._go.show_tab("calendar")
        tab = self._go.calendar()
        if booking.draft is None or not book_at_once(tab, [booking.draft]):
            self._go.book(state=booking.state)
