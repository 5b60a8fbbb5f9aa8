"""Handing pages to a printer while the screen goes on: one that does not answer says so after seconds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from medsec_desktop.domain.wording import counted
from medsec_desktop.ui.jobs import Cancelled

if TYPE_CHECKING:
    from medsec_desktop.services.letters import LetterRow
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


def offer_to_print(desk: Desk, letter_ids: Sequence[int]) -> tuple[str, Callable[[], object]]:
    """A button beside the message that letters were written."""
    words = "Print it" if len(letter_ids) == 1 else "Print them"
    return words, lambda: print_letters(desk, letter_ids)


def print_letters(desk: Desk, letter_ids: Sequence[int], noun: str = "letter") -> None:
    """Print letters that are filed, and say how many; stopped on the way, how many of them were."""
    letters, title = desk.office.letters, f"Print {counted(len(letter_ids), noun)}"

    def done(rows: Sequence[LetterRow]) -> None:
        desk.messages.say(f"Printed: {counted(len(rows), noun)}.")

    def failed(error: BaseException) -> None:
        if not isinstance(error, Cancelled):
            desk.jobs.on_failure(title, error)
            return
        out = sum(letters.letter(letter_id).status.is_out for letter_id in letter_ids)
        rest = "The others are filed and not printed." if out else "They are filed."
        desk.messages.say(f"Stopped: {out} of {len(letter_ids)} printed. {rest}", tone="info")

    desk.jobs.run(
        title, lambda progress: letters.print_many(letter_ids, progress=progress), done, failed
    )
