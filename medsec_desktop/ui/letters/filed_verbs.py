"""What is done with a letter once it is filed: printed as it stands or after choosing how, and voided."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from medsec_desktop.services.letters import LetterRow
from medsec_desktop.services.printing import AS_REMEMBERED
from medsec_desktop.ui.letters.archive import Archive
from medsec_desktop.ui.letters.print_sheet import choose_printer, print_or_ask
from medsec_desktop.ui.report import guarded

if TYPE_CHECKING:
    from medsec_desktop.services.printing import Way
    from medsec_desktop.ui.desk import Desk

_PAPER = "letters"


class FiledVerbs:
    """Does what the archive wishes, and prints what was filed just now; the archive then shows it."""

    def __init__(self, desk: Desk, archive: Archive):
        self._desk, self._archive = desk, archive
        self._letters = desk.office.letters
        archive.print_wanted.connect(self.print_or_ask)
        archive.options_wanted.connect(
            lambda row: self.choose_printer(
                lambda way: self.print(row, way), lambda: self._letters.pdf(row.id)
            )
        )
        archive.print_enclosed_wanted.connect(
            lambda row: self.print(row, AS_REMEMBERED, with_enclosures=True)
        )
        archive.print_copy_wanted.connect(lambda row: self.print(row, AS_REMEMBERED, mark="COPY"))
        archive.void_wanted.connect(self.void)

    def print_or_ask(self, row: LetterRow) -> None:
        """Print it as it is remembered, or ask first where that is wished."""
        print_or_ask(
            self._desk,
            self._letters.printing,
            _PAPER,
            lambda way: self.print(row, way),
            self._archive.window(),
            pages=lambda: self._letters.pdf(row.id),
        )

    def print(
        self, row: LetterRow, way: Way, *, with_enclosures: bool = False, mark: str = ""
    ) -> None:
        """Print it, with what goes with it or a mark across it where that is wished."""

        def printed(row: LetterRow) -> None:
            self._archive.reload()
            self._desk.messages.say(f"The letter to {row.name.spoken} went to the printer.")

        self._desk.jobs.run(
            "Printing a letter",
            lambda _: self._letters.print(row.id, way, with_enclosures=with_enclosures, mark=mark),
            printed,
            cancellable=False,
        )

    def choose_printer(
        self, then: Callable[[Way], object], pages: Callable[[], bytes] | None = None
    ) -> None:
        """Ask how a letter goes to paper, its pages shown where there are some."""
        choose_printer(
            self._desk, self._letters.printing, _PAPER, then, self._archive.window(), pages=pages
        )

    def void(self, row: LetterRow) -> None:
        """Ask why it is void, and mark it so."""

        def void(reason: str) -> None:
            done = guarded(self._desk, lambda: self._letters.void(row.id, reason))
            if done is not None:
                self._archive.reload()
                self._desk.messages.say(f"The letter to {row.name.spoken} is void.", undo=True)

        self._desk.prompts.ask_text(
            "Void this letter",
            "Reason",
            void,
            text="Its pages stay in the archive, marked as not valid. The reason is recorded.",
            button="Void the letter",
        )
