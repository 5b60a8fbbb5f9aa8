"""After a change of hours: how many visits it left outside, and the way to them."""

from __future__ import annotations

from collections.abc import Callable

from medsec_desktop.ui.desk import Desk


def change_hours(
    desk: Desk,
    said: str,
    write: Callable[[], object],
    *,
    before_showing: Callable[[], object] | None = None,
) -> None:
    """Write a change of hours and say so with Undo; where it left visits outside, offer the list.

    `before_showing` clears the way to the calendar, such as by closing the settings.
    """
    hours = desk.office.hours
    before = hours.outside_ids()
    write()
    new = len(hours.outside_ids() - before)

    def show() -> None:
        if before_showing is not None:
            before_showing()
        desk.actions.trigger("list.outside")

    if new:
        visits = "1 visit now lies" if new == 1 else f"{new} visits now lie"
        said = f"{said} {visits} outside the hours."
    desk.messages.say(said, undo=True, offers=[("Show them", show)] if new else ())
