"""What can be printed of the claims selected: the red form, a working copy, the very pages again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from medsec_desktop.domain.claims.life import ClaimStatus
from medsec_desktop.services.printing import Way
from medsec_desktop.ui.claims.sheets import names_of
from medsec_desktop.ui.letters.print_sheet import choose_printer

if TYPE_CHECKING:
    from medsec_desktop.services.claims.records import ClaimRow
    from medsec_desktop.services.progress import Progress
    from medsec_desktop.ui.claims.verbs import ClaimVerbs


class PaperVerbs:
    """Shows the pages, asks how they go to paper, prints away from the screen, and says where they went."""

    def __init__(self, verbs: ClaimVerbs):
        self._verbs, self._tab, self._desk = verbs, verbs.tab, verbs.desk
        bind, one = verbs.desk.actions.bind, verbs.why_none
        bind("claim.form", self.print_form, self._why_not_form, owner=verbs.tab)
        bind("file.print", self.print_form, self._why_not_form, owner=verbs.tab)
        bind("claim.working_copy", self.print_copy, one, owner=verbs.tab)
        bind("claim.reprint", self.reprint, self._why_not_reprint, owner=verbs.tab)

    def print_form(self) -> None:
        """Print on the red form, which sends what has not left; the pages are looked at first."""
        if not self._verbs.kept_first():
            return
        rows, ids, forms = self._verbs.rows, self._verbs.ids, self._desk.office.claim_forms
        if all(row.is_sealed for row in rows):
            self.reprint()
            return

        self._ask(
            ("claims", "claim forms"),
            lambda: forms.overlay(ids),
            f"Print {names_of(ids)}",
            lambda way, progress: forms.print(ids, way, progress=progress),
            lambda went_to: f"{names_of(ids)} went to “{went_to}”.",
            _goes_with(rows),
            cancellable=True,
        )

    def print_copy(self) -> None:
        """Print a working copy on plain paper; it sends nothing."""
        row, forms = self._verbs.rows[0], self._desk.office.claim_forms
        self._ask(
            ("lists", "working copies"),
            lambda: forms.preview(row.id),
            f"Print a copy of claim {row.number}",
            lambda way, _: forms.print_copy(row.id, way),
            lambda went_to: f"The working copy went to “{went_to}”.",
        )

    def reprint(self) -> None:
        """Print the very pages once more."""
        row, forms = self._verbs.rows[0], self._desk.office.claim_forms
        self._ask(
            ("claims", "claim forms"),
            lambda: forms.pdf(row.id),
            f"Print claim {row.number} again",
            lambda way, _: forms.reprint(row.id, way),
            lambda went_to: f"The form went to “{went_to}” as it was.",
            _goes_with([row]),
        )

    def _ask(
        self,
        kind: tuple[str, str],
        pages: Callable[[], bytes],
        title: str,
        work: Callable[[Way, Progress], str],
        told: Callable[[str], str],
        note: str = "",
        *,
        cancellable: bool = False,
    ) -> None:
        """Show the pages and ask how they go to paper (`kind`: as it is remembered, and in words); then
        print, and say where they went."""

        def chosen(way: Way) -> None:
            self._desk.jobs.run(
                title,
                lambda progress: work(way, progress),
                lambda went_to: self._desk.messages.say(told(went_to), tone="info"),
                cancellable=cancellable,
            )

        remembered_as, words = kind
        choose_printer(
            self._desk, self._desk.office.printing, remembered_as, chosen, self._tab.window(),
            words, pages=pages, note=note,
        )  # fmt: skip

    def _why_not_form(self) -> bool | str:
        rows = self._verbs.rows
        if len(rows) == 1 and rows[0].is_sealed:
            return self._why_not_reprint()
        return self._verbs.why_not(
            (ClaimStatus.READY,),
            "Claim {number} is {state}: say that it is ready first (Alt+Shift+R).",
        )

    def _why_not_reprint(self) -> bool | str:
        detail = self._tab.panel.detail
        if not self._verbs.rows:
            return "Select a claim first."
        if detail is None or detail.document_id is None:
            return "This claim was not printed here. Alt+Shift+G prints a working copy."
        return True


def _goes_with(rows: Sequence[ClaimRow]) -> str:
    """What has to lie beside the forms in the envelope, as a sentence; '' for claims to the first payer."""
    later = [row for row in rows if row.rank != "P"]
    if not later:
        return ""
    which = "It goes" if len(rows) == 1 else "Some go"
    return (
        f"{which} to a later payer ({', '.join(row.number for row in later[:5])}"
        f"{', …' if len(later) > 5 else ''}): put the notice of the payer before into the envelope."
    )
