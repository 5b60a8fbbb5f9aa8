"""Handing pages to a printer while the screen goes on: one that does not answer says so after seconds."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk


def print_away(
    desk: Desk,
    what: str,
    work: Callable[[], str],
    then: Callable[[], object] = lambda: None,
) -> None:
    """Have `work` print `what` and give the printer it went to, which is told; then do `then`."""

    def done(went_to: str) -> None:
        desk.messages.say(f"{what} went to “{went_to}”.", tone="info")
        then()

    desk.jobs.run(f"Print: {what}", lambda _: work(), done, cancellable=False)
