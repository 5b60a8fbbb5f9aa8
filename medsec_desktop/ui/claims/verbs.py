"""What can be done with the claims selected: each verb once, for its key, its menu and its button."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.claims.life import ClaimStatus
from medsec_desktop.problems import Link
from medsec_desktop.ui.claims.paper_verbs import PaperVerbs
from medsec_desktop.ui.claims.sheets import AnswerSheet, NextPayerSheet, PlanSheet, about, names_of
from medsec_desktop.ui.claims.wording import STATES, counted
from medsec_desktop.ui.letters.pick_sheet import PickSheet
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import ListRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from medsec_desktop.services.claims.records import AnswerDraft, Checked, ClaimRow, Figures
    from medsec_desktop.ui.claims.tab import ClaimsTab

_S = ClaimStatus
_OPEN = (_S.DRAFT, _S.CHECKED, _S.READY, _S.REJECTED)
_ANSWERABLE = (_S.SENT, _S.ACCEPTED, _S.DECIDED)


class ClaimVerbs:
    """Asks the tab what is selected, the services to do it, and says what was done."""

    def __init__(self, tab: ClaimsTab):
        self.tab, self.desk = tab, tab.desk
        bind = tab.desk.actions.bind
        verbs: dict[str, tuple[Callable[[], object], Callable[[], bool | str]]] = {
            "claim.ready": (self.make_ready, self._why_not_ready),
            "claim.back": (self.back, self._why_not_back),
            "claim.send": (self.send, lambda: True),
            "claim.answer": (self.answer, self._why_not_answer),
            "claim.next_payer": (self.to_next_payer, self._why_not_next),
            "claim.close": (self.close, self._why_not_close),
            "claim.replace": (self.replace, self._why_not_replace),
            "claim.void": (self.void, self._why_not_void),
            "claim.assign": (self.assign, self.why_none),
            "claim.plan": (self.plan, self.why_none),
            "claim.note": (self.note, self.why_none),
            "visit.open_patient": (self.open_patient, self._why_nobody),
            "edit.edit": (self.open, self.why_none),
        }
        for action_id, (run, why_not) in verbs.items():
            bind(action_id, run, why_not, owner=tab)
        self.paper = PaperVerbs(self)

    # -- what is selected -----------------------------------------------------------------------

    @property
    def rows(self) -> tuple[ClaimRow, ...]:
        return self.tab.selected_claims

    @property
    def ids(self) -> list[int]:
        return [row.id for row in self.rows]

    def kept_first(self) -> bool:
        """Whether what is typed into the claim in front is kept, so that it is not left behind."""
        panel = self.tab.panel
        return panel.claim_id not in self.ids or not panel.may_edit or panel.save()

    def _do(self, work: Callable[[], Any]) -> Any:
        """What the work gives, True for nothing, None where its problem was told."""

        def done() -> Any:
            found = work()
            return True if found is None else found

        return guarded(self.desk, done)

    # -- a step further -------------------------------------------------------------------------

    def make_ready(self) -> None:
        """Check them and say that they may go; the first thing that holds one back is led to."""
        if not self.kept_first():
            return
        ids, claims = self.ids, self.desk.office.claims
        if len(ids) == 1:
            checked = self._do(lambda: claims.make_ready(ids))
            if checked is not None:
                self._told_ready(checked)
            return
        self.desk.jobs.run(
            f"Check {names_of(ids)}",
            lambda _: claims.make_ready(ids),
            self._told_ready,
            cancellable=False,
        )

    def _told_ready(self, checked: Checked) -> None:
        clean, held = len(checked.clean), len(checked.held)
        if not held:
            self.desk.messages.say(f"{counted(clean, 'claim', 'claims')} ready to go.", undo=True)
            return
        first = checked.held[0]
        link = Link("claim", str(first.id), "Show it")
        words = f"{counted(held, 'claim is', 'claims are')} held back: {first.words}"
        if clean:
            words = f"{counted(clean, 'claim', 'claims')} ready. {words}"
        self.desk.messages.say(words, links=(link,), tone="refused")
        if self.tab.panel.claim_id == first.id:
            self.tab.panel.take_focus()

    def back(self) -> None:
        """Take them back to be worked on."""
        ids = self.ids

        def back(note: str) -> None:
            if self._do(lambda: self.desk.office.claims.back_to_draft(ids, note)):
                self.desk.messages.say(f"{names_of(ids)} back to a draft.", undo=True)

        self.desk.prompts.ask_text(
            "Back to a draft", "What is to be put right?", back, button="Take it back"
        )

    def send(self) -> None:
        """Show what would go into files."""
        if self.kept_first():
            chosen = [row.id for row in self.rows if row.status is _S.READY]
            self.tab.show_files(chosen if len(chosen) > 1 else None)

    # -- answers, and claims after claims -------------------------------------------------------

    def answer(self) -> None:
        """Keep what the payer said."""
        detail = self.tab.panel.detail
        if detail is None:
            return
        claims, row = self.desk.office.claims, detail.row

        def keep(draft: AnswerDraft) -> None:
            claims.answer(row.id, detail.version, draft)
            self.desk.messages.say(f"{STATES[draft.status]}: claim {row.number}.", undo=True)

        AnswerSheet(self.desk, detail, keep, self.tab.window()).open()

    def to_next_payer(self) -> None:
        """Begin the claim to the second insurance with what the first one decided."""
        detail = self.tab.panel.detail
        if detail is None:
            return

        def keep(figures: Figures) -> None:
            made = self.desk.office.claims.follow_up(detail.row.id, figures)
            self.tab.show_claim(made)
            self.desk.messages.say("The claim to the next payer is begun.", undo=True)

        NextPayerSheet(self.desk, detail, keep, self.tab.window()).open()

    def close(self) -> None:
        """Say that nothing more is expected of it."""
        row, claims = self.rows[0], self.desk.office.claims

        def close(note: str) -> None:
            if self._do(lambda: claims.close(row.id, row.version, note)) is not None:
                self.desk.messages.say(f"Claim {row.number} is closed.", undo=True)

        self.desk.prompts.ask_text(
            "Close the claim",
            "Why nothing more is expected (may stay empty)",
            close,
            button="Close it",
        )

    def replace(self) -> None:
        """A claim in the place of one the payer has."""
        self._again("Replace the claim", "Why is it replaced?", "Begin the replacement", "replace")

    def void(self) -> None:
        """Give up a claim that never left, or take back one the payer has."""
        row = self.rows[0]
        if row.is_sealed:
            self._again("Void the claim", "Why is it taken back?", "Begin the void", "cancel")
            return

        def void(reason: str) -> None:
            claims = self.desk.office.claims
            if self._do(lambda: claims.void(row.id, row.version, reason)) is not None:
                self.desk.messages.say(f"Claim {row.number} is void.", undo=True)

        if self.kept_first():
            self.desk.prompts.ask_text(
                "Void the claim", "Why is it given up?", void, button="Void it"
            )

    def _again(self, title: str, label: str, button: str, verb: str) -> None:
        row = self.rows[0]

        def begin(reason: str) -> None:
            claims = self.desk.office.claims
            made = self._do(lambda: getattr(claims, verb)(row.id, reason))
            if made is not None:
                self.tab.show_claim(made)
                self.desk.messages.say(f"{title}: begun as a draft.", undo=True)

        self.desk.prompts.ask_text(title, label, begin, button=button)

    # -- whose it is, and what is next ----------------------------------------------------------

    def assign(self) -> None:
        """Say who sees to them."""
        if not self.kept_first():
            return
        ids, office = self.ids, self.desk.office

        def find(text: str) -> Sequence[ListRow]:
            people = [ListRow(0, "Nobody", "Takes it out of everybody’s hands")]
            people += [
                ListRow(user.id, user.name, user.login)
                for user in office.users.everyone()
                if user.is_active
            ]
            words = text.casefold().split()
            return [row for row in people if all(word in row.spoken.casefold() for word in words)]

        def chosen(user_id: int) -> None:
            if self._do(lambda: office.claims.assign(ids, user_id or None)):
                self.desk.messages.say(f"{names_of(ids)} given on.", undo=True)

        PickSheet(self.desk, "Whose it is", "Name", find, chosen, self.tab.window()).open()

    def plan(self) -> None:
        """Say what is to be done next, and when."""
        if not self.kept_first():
            return
        ids, rows, claims = self.ids, self.rows, self.desk.office.claims
        detail = self.tab.panel.detail
        words = about(detail) if len(rows) == 1 and detail is not None else names_of(rows)

        def keep(action: str, on: Any) -> None:
            claims.plan(ids, action, on)
            self.desk.messages.say(f"Planned for {names_of(ids)}.", undo=True)

        PlanSheet(self.desk, words, rows[0].next_action, keep, self.tab.window()).open()

    def note(self) -> None:
        """To the history, the cursor in the line of the note."""
        panel = self.tab.panel
        panel.show_page(panel.history)

    def open_patient(self) -> None:
        patient_id = self.tab.patient_at_hand
        if patient_id is not None:
            self.desk.go.open_patient(patient_id)

    def open(self) -> None:
        """Into the claim (F2, Enter)."""
        self.tab.panel.take_focus()

    # -- why not --------------------------------------------------------------------------------

    def _why_nobody(self) -> bool | str:
        return self.tab.patient_at_hand is not None or "Select a claim or a visit first."

    def why_none(self) -> bool | str:
        """True where any is selected, else what to do."""
        return bool(self.rows) or "Select a claim first."

    def why_not(self, states: tuple[ClaimStatus, ...], why: str) -> bool | str:
        """True where every one is in such a state, else `why`, with the first one’s number and state."""
        rows = self.rows
        if not rows:
            return "Select a claim first."
        other = next((row for row in rows if row.status not in states), None)
        return (
            True
            if other is None
            else why.format(number=other.number, state=STATES[other.status].lower())
        )

    def _why_not_ready(self) -> bool | str:
        return self.why_not(
            (_S.DRAFT, _S.CHECKED, _S.REJECTED),
            "Claim {number} is {state}: only a draft is said to be ready.",
        )

    def _why_not_back(self) -> bool | str:
        return self.why_not(
            (_S.CHECKED, _S.READY, _S.REJECTED),
            "Claim {number} is {state}: only what has not left goes back.",
        )

    def _one(self) -> bool | str:
        if len(self.rows) > 1:
            return "This is done with one claim at a time."
        return self.why_none()

    def _why_not_answer(self) -> bool | str:
        one = self._one()
        return (
            one
            if one is not True
            else self.why_not(
                _ANSWERABLE, "Claim {number} is {state}: a payer answers what it got."
            )
        )

    def _why_not_next(self) -> bool | str:
        one = self._one()
        if one is True:
            one = self.why_not(
                (_S.DECIDED, _S.CLOSED),
                "Claim {number} is {state}: keep what this payer decided first.",
            )
        detail = self.tab.panel.detail
        if one is not True or detail is None:
            return one
        if detail.followed_by_id is not None:
            return "The next payer has its claim already: the History page leads to it."
        if not detail.next_payer:
            return (
                f"{detail.row.name.listed} had no further insurance on the day of the visit:"
                " add the coverage to the file first (Ctrl+O)."
            )
        return True

    def _why_not_close(self) -> bool | str:
        one = self._one()
        if one is not True:
            return one
        return self.why_not(
            (_S.DECIDED,), "Claim {number} is {state}: what a payer has decided is closed."
        )

    def _why_not_replace(self) -> bool | str:
        one = self._one()
        if one is not True:
            return one
        if self.rows[0].status in _OPEN:
            return "This claim has not left: change it as it is."
        return self._why_not_gone()

    def _why_not_void(self) -> bool | str:
        one = self._one()
        return one if one is not True else self._why_not_gone()

    def _why_not_gone(self) -> bool | str:
        if self.rows[0].status in (_S.VOID, _S.REPLACED):
            return f"This claim is {STATES[self.rows[0].status].lower()} already."
        return True
