"""The Claims tab: work-lists left, their claims in the middle, the claim in front at the right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from medsec_desktop.problems import Link, Problem
from medsec_desktop.services.claims.records import ClaimRow, SheetToClaim
from medsec_desktop.ui.claims.claim_panel import ClaimPanel
from medsec_desktop.ui.claims.claim_table import ClaimTable
from medsec_desktop.ui.claims.verbs import ClaimVerbs
from medsec_desktop.ui.claims.wording import counted
from medsec_desktop.ui.claims.work_lists import WorkLists
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import Tab
from medsec_desktop.ui.widgets.page import Page

if TYPE_CHECKING:
    from medsec_desktop.services.claims.records import BuiltAll, ListCount
    from medsec_desktop.services.session import Changes
    from medsec_desktop.ui.claims.files_page import FilesPage
    from medsec_desktop.ui.desk import Desk

_SHOWN = (
    "claim", "claim_line", "claim_event", "claim_batch", "claim_batch_item", "charge_sheet",
    "charge_line", "appointment", "patient", "payer_rule", "coverage",
    # What the scrubber may know beside a claim:
    "payer", "authorization", "procedure", "listed_code", "setting",
)  # fmt: skip
# The lists with their counts, the one in front with its rows, or why they could not be read.
_Read: TypeAlias = "tuple[Sequence[ListCount], str, Sequence[Any], Problem | None]"
_PAUSE_MS = 80  # walking down the list opens only the claim one stops at
_LISTS_WIDE, _TABLE_WIDE = 244, 380
_WIDE_FROM, _TABLE_WIDEST = 1560, 620
_NARROW_BELOW, _LISTS_NARROW, _TABLE_NARROW = 1150, 170, 320
# The buttons that act on the list in front: words, and what they do.
_MANY = {
    "uncharged": ("Charge…", "charge"),
    "unclaimed": ("Make claims", "make"),
    "drafts": ("Check all", "check"),
    "held": ("Check again", "check"),
    "checked": ("Ready to go", "claim.ready"),
    "ready": ("Write files…", "claim.send"),
}


class ClaimsTab(Tab):
    """One screen for the biller, from the visit nobody has charged to the claim nobody has answered."""

    title = "Claims"
    icon = "receipt-text"
    help_page = "claims"

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(desk, parent)
        self.lists = WorkLists(desk)
        self.table = ClaimTable(desk)
        self.panel = ClaimPanel(desk)
        self._files: FilesPage | None = None
        self._titles: dict[str, str] = {}
        self._is_stale = True
        self._held: int | None = None  # the claim in front, though no row of the list is it
        self._wanted: int | None = None  # to be selected once the rows are there
        self._goes_to_table = False
        self._habit = ""  # the list this workstation looked at last
        self.splitter = QSplitter()
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(1)
        for part in (self.lists, self.table, self.panel):
            self.splitter.addWidget(part)
        self.splitter.setStretchFactor(2, 1)
        self.table.setMinimumWidth(320)
        self.panel.setMinimumWidth(520)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.splitter)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.pages)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._stopped_at)
        self._ask = desk.jobs.latest(self._read, self._show)
        self.lists.chosen.connect(self._ask)
        self.lists.entered.connect(self.table.take_focus)
        self.table.selected.connect(self._pause.start)
        self.table.opened.connect(self._open)
        self.table.went_left.connect(self.lists.setFocus)
        self.table.many_wanted.connect(self._do_many)
        self.panel.left.connect(self._back_to_table)
        self.verbs = ClaimVerbs(self)
        desk.actions.bind("list.claim_files", self.show_batches, owner=self)
        self._sizes = (0, 0)

    # -- what the window asks -------------------------------------------------------------------

    @property
    def foot_height(self) -> int:
        page = self.pages.currentWidget()
        return page.foot_height if isinstance(page, Page) else 0

    @property
    def patient_at_hand(self) -> int | None:
        row = self.table.row or (self.panel.detail.row if self.panel.detail else None)
        return row.patient_id if row is not None else None

    @property
    def visit_at_hand(self) -> int | None:
        """The visit that the row or the claim in front is of."""
        row = self.table.row or (self.panel.detail.row if self.panel.detail else None)
        return row.appointment_id if row is not None else None

    def showing(self) -> None:
        if self._is_stale:
            self.reload()
        page = self.pages.currentWidget()
        if page is not self.splitter and hasattr(page, "take_focus"):
            page.take_focus()
        elif self.table.row is not None:
            self.table.take_focus()
        else:
            self.lists.setFocus()

    def refresh(self, changes: Changes) -> None:
        if not changes.touches(*_SHOWN):
            return
        if not self.isVisible():
            self._is_stale = True  # read when somebody looks
            return
        self.reload()
        if self._files is not None:
            self._files.refresh(changes)

    def habits(self) -> dict[str, str]:
        return {"list": self.lists.key} if self.lists.key else {}

    def take_habits(self, habits: dict[str, str]) -> None:
        self._habit = habits.get("list", "")

    # -- reading --------------------------------------------------------------------------------

    def reload(self) -> None:
        """Read the lists, their claims and the claim in front anew, away from the screen."""
        self._is_stale = False
        self._ask(self.lists.key or self._habit)

    def _read(self, key: str) -> _Read:
        """In the worker: what hangs where, and what hangs in the list in front."""
        lists = self.desk.office.claim_lists
        try:
            counts = lists.counts()
            known = [one.key for one in counts]
            first = next((one.key for one in counts if one.count), known[0])
            key = key if key in known else first
            return counts, key, lists.rows(key), None
        except Problem as problem:
            return (), key, (), problem

    def _show(self, read: _Read) -> None:
        counts, key, rows, problem = read
        if problem is not None:
            self.desk.messages.problem(problem)
            return
        self._titles = {one.key: one.title for one in counts}
        self.lists.show_counts(counts, key)
        if self.lists.key != key:
            return  # somebody has gone on to another list, which is being read
        is_other = key != self.table.key
        # Rows that come late take no claim away from under the hands of who types into it.
        stays = not is_other or self.panel.is_touched
        self._held = self._wanted or (self._in_hand() if stays else None)
        words, _ = _MANY.get(key, ("", ""))
        of = next(one.count for one in counts if one.key == key)
        self.table.show_rows(key, self._titles[key], rows, of, words)
        if self._held is not None and not self.table.select(self._held):
            self.table.view.clearSelection()
            if self._wanted is not None and key != "all":
                self.lists.select("all")  # which is read, and the claim looked for there
                return
        self._wanted = None
        if self._goes_to_table:
            self._goes_to_table = False
            self.table.take_focus()
        self.panel.refresh()

    def _in_hand(self) -> int | None:
        """The claim one is in, which stays in front though it may hang in another list by now."""
        focus = self.window().focusWidget()
        return self.panel.claim_id if focus is not None and self.panel.isAncestorOf(focus) else None

    @property
    def selected_claims(self) -> tuple[ClaimRow, ...]:
        """The claims selected, else the one in front; where the list is of visits, none."""
        found = tuple(row for row in self.table.selected_rows if isinstance(row, ClaimRow))
        detail = self.panel.detail
        return found or ((detail.row,) if detail is not None else ())

    def _stopped_at(self) -> None:
        """One has stopped walking down the list; nobody looks where the window closed meanwhile."""
        if self.isVisible():
            self._show_selected()

    def _show_selected(self) -> None:
        self._pause.stop()
        row = self.table.row
        if self._wanted is not None or (row is None and self._held == self.panel.claim_id):
            return
        if isinstance(row, ClaimRow):
            if row.id != self.panel.claim_id:
                self.panel.show_claim(row.id)
        elif isinstance(row, SheetToClaim):
            self.panel.show_nothing(
                "Not claimed yet", "Enter makes the claim from what the visit was charged."
            )
        elif row is not None:
            self.panel.show_nothing("Not charged yet", "Enter puts down what was done and found.")
        else:
            self.panel.show_nothing()

    # -- opening --------------------------------------------------------------------------------

    def show_claim(self, claim_id: int) -> None:
        """Bring a claim to the front, in the list that is shown or in that of all."""
        self.pages.setCurrentWidget(self.splitter)
        if self.panel.claim_id != claim_id:
            self.panel.show_claim(claim_id)
        self.panel.show_page(self.panel.editor)
        self._held = claim_id
        if self._is_stale or not self.table.select(claim_id):
            self._wanted = claim_id
            self.table.search.clear()
            self.reload()
        self._pause.stop()

    def show_list(self, key: str) -> None:
        """Bring a work-list to the front."""
        self.pages.setCurrentWidget(self.splitter)
        self._goes_to_table = True
        if self.lists.key and self.lists.key != key:
            self.lists.select(key)
        else:
            self._habit = key
            self.reload()

    def resume_claim(self, state: dict[str, Any], draft_id: int) -> None:
        """Go on with what was typed into a claim and parked."""
        claim_id = int(state["claim"])
        self.show_claim(claim_id)
        self.panel.show_claim(claim_id, state, draft_id)
        if state["typed"] is None:
            self.panel.show_page(self.panel.history)  # a note was left half written
        self.panel.take_focus()

    def _open(self, row: Any) -> None:
        """Enter on a row: into the claim, or make it, or charge the visit."""
        if isinstance(row, ClaimRow):
            self._show_selected()
            self.panel.take_focus()
        elif isinstance(row, SheetToClaim):
            self._make([row])
        else:
            self.desk.go.open_charges(row.appointment_id)

    def _back_to_table(self) -> None:
        self.panel.leave()
        claim_id = self.panel.claim_id
        if claim_id is not None and self.panel.is_touched:
            self.panel.show_claim_anew()  # what was typed is parked; the claim shows what is on file
        self.table.take_focus()

    # -- many at once ---------------------------------------------------------------------------

    def _do_many(self) -> None:
        _, what = _MANY.get(self.table.key, ("", ""))
        if what == "charge":
            row = self.table.row
            if row is not None:
                self._open(row)
        elif what == "make":
            chosen = [row for row in self.table.selected_rows if isinstance(row, SheetToClaim)]
            self._make(chosen if len(chosen) > 1 else list(self.table.view.shown_rows()))
        elif what == "check":
            self._check([row.id for row in self._many_claims()])
        elif what == "claim.ready":
            if len(self.selected_claims) < 2:
                self.table.view.selectAll()
            self.desk.actions.trigger("claim.ready")
        elif what:
            self.desk.actions.trigger(what)

    def _many_claims(self) -> tuple[ClaimRow, ...]:
        """Those selected where several are, else all of the list."""
        chosen = self.selected_claims
        return chosen if len(chosen) > 1 else tuple(self.table.view.shown_rows())

    def _make(self, sheets: list[SheetToClaim]) -> None:
        """Make claims from what visits were charged."""
        claims = self.desk.office.claims
        if len(sheets) == 1:
            made = guarded(self.desk, lambda: claims.build(sheets[0].sheet_id))
            if made is not None:
                self.show_claim(made)
                self.desk.messages.say(f"A claim for {sheets[0].name.spoken} is made.", undo=True)
            return
        ids = [sheet.sheet_id for sheet in sheets]
        names = {sheet.sheet_id: sheet.name.listed for sheet in sheets}
        self.desk.jobs.run(
            f"Make {len(ids):,} claims",
            lambda progress: claims.build_all(ids, progress),
            lambda built: self._made(built, names),
        )

    def _made(self, built: BuiltAll, names: dict[int, str]) -> None:
        words = f"{counted(len(built.made), 'claim', 'claims')} made."
        if built.refused:
            first = built.refused[0]
            words += (
                f" {counted(len(built.refused), 'visit was', 'visits were')} left out."
                f" {names.get(first.id, '')}: {first.words}"
            )
        self.desk.messages.say(
            words, undo=bool(built.made), tone="refused" if built.refused else "done"
        )

    def _check(self, ids: list[int]) -> None:
        claims = self.desk.office.claims

        def told(checked: Any) -> None:
            clean, held = len(checked.clean), len(checked.held)
            words = f"{counted(clean, 'claim is', 'claims are')} clean"
            links = ()
            if held:
                words += f", {counted(held, 'is', 'are')} held back: {checked.held[0].words}"
                links = (Link("claim", str(checked.held[0].id), "Show it"),)
            self.desk.messages.say(f"{words.rstrip('.')}.", links=links)

        self.desk.jobs.run(
            f"Check {counted(len(ids), 'claim', 'claims')}",
            lambda progress: claims.check(ids, progress),
            told,
        )

    # -- pages in the tab's place ---------------------------------------------------------------

    def show_page(self, page: Page) -> None:
        """Give a page the whole place of the tab until it is left."""
        if self.pages.indexOf(page) < 0:
            self.pages.addWidget(page)
            page.left.connect(self.show_lists)
        self.pages.setCurrentWidget(page)
        page.showing()

    def show_lists(self) -> None:
        """Back to the lists."""
        self.pages.setCurrentWidget(self.splitter)
        self.reload()
        self.table.take_focus()

    def files(self) -> FilesPage:
        """The page of files and stacks, made when it is first looked at."""
        from medsec_desktop.ui.claims.files_page import FilesPage

        if self._files is None:
            self._files = FilesPage(self)
        return self._files

    def show_files(self, ids: list[int] | None = None) -> None:
        """What would go into files now, of these claims or of all that are ready."""
        page = self.files()
        self.show_page(page)
        page.plan(ids)

    def show_batches(self) -> None:
        """Every file and stack that left."""
        page = self.files()
        self.show_page(page)
        page.show_batches()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.table.row is not None:  # it may have been selected while nobody saw the tab
            self._pause.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        px, width = self.desk.theme.px, self.width()
        if width >= px(_WIDE_FROM):
            sizes = px(_LISTS_WIDE), px(_TABLE_WIDEST)
        elif width < px(_NARROW_BELOW):
            sizes = px(_LISTS_NARROW), px(_TABLE_NARROW)
        else:
            sizes = px(_LISTS_WIDE), px(_TABLE_WIDE)
        if sizes != self._sizes:  # else they stay as somebody has dragged them
            self._sizes = sizes
            self.splitter.setSizes([*sizes, max(width - sum(sizes), 1)])
