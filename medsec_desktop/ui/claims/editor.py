"""A claim being written: the form, with the scrubber looking over one's shoulder."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from medsec_desktop.domain.claims.claim import Claim
from medsec_desktop.domain.claims.paths import mended, place_of
from medsec_desktop.domain.claims.scrubbing import Finding, Fix, Surroundings, scrub
from medsec_desktop.problems import Invalid
from medsec_desktop.services.claims.charge_records import DIAGNOSIS, PROCEDURE, CodeHit
from medsec_desktop.ui.claims.claim_form import ClaimForm
from medsec_desktop.ui.claims.scrubber_strip import ScrubberStrip
from medsec_desktop.ui.patients.in_sight import InSight
from medsec_desktop.ui.widgets import Hairline, ListRow
from medsec_desktop.ui.widgets.scrolled import ScrolledColumn

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_PAUSE_MS = 150  # after the last key, before the scrubber looks


class ClaimEditor(QWidget):
    """`show_claim` begins; `claim()` gives what stands on the screen; `looked` says the scrubber has.
    `days_typed` says that there are services of other days, of which other claims may tell something.

    Nothing here asks the database: what the rules may know comes with the claim.
    """

    looked = Signal()
    changed = Signal()
    days_typed = Signal()

    def __init__(self, desk: Desk, words_of: Callable[[str], str], parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self._around: Surroundings | None = None
        self._days: set[date] = set()  # of which other claims are known
        self._is_to_lead = False  # to a message, once the scrubber has looked
        self._begun_at: QWidget | None = None
        self._read: Claim | None = None  # as it came, before any message was mended
        self._fixes: list[Fix] = []
        self.form = ClaimForm(desk, words_of)
        self.strip = ScrubberStrip(desk)
        self.scroll = ScrolledColumn("The claim")
        self.scroll.set_margins(16, 12, 24)
        # At twice the size of text a service is wider than the place there is for it.
        self.scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.scroll.column.addWidget(self.form)
        self.scroll.column.addStretch(1)
        self._sight = InSight(self.scroll)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.scroll, 1)
        column.addWidget(Hairline())
        column.addWidget(self.strip)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self.look)
        self.form.changed.connect(self._typed)
        self.form.added.connect(self._sight.bring)
        self.strip.field_wanted.connect(self.lead_to)
        self.strip.mend_wanted.connect(self.mend)
        bind = desk.actions.bind
        bind("claim.next_message", self.strip.go_to_next, self.why_no_message, owner=self)
        bind("claim.find_code", self.find_code, self._why_no_code, owner=self)
        bind("claim.mend", self.strip.mend, self._why_not_mend, owner=self)

    # -- showing --------------------------------------------------------------------------------

    def show_claim(
        self, claim: Claim, around: Surroundings | None, *, is_sealed: bool = False
    ) -> None:
        """Show a claim; one that is sealed is looked at only.

        The scrubber waits for what it may know beside the claim, where that is not known yet.
        """
        self._is_to_lead = False
        self._around, self._read, self._fixes = around, claim, []
        self._days = {line.from_on for line in claim.lines}
        self.form.set_read_only(is_sealed)
        self.form.show_claim(claim)
        self.scroll.verticalScrollBar().setValue(0)
        self.strip.setVisible(not is_sealed)
        if around is None:
            self.strip.wait()
        self.look()

    @property
    def is_waiting(self) -> bool:
        """Whether the scrubber still waits for what it may know."""
        return self._read is not None and self._around is None

    def let_scrub(self, around: Surroundings) -> None:
        """What the rules may know has been read: say what they find, and lead to it who has asked."""
        self._around = around
        self.look()
        focus = self.window().focusWidget()
        if self._is_to_lead and self.strip.list.rows.rowCount() and focus is self._begun_at:
            self.strip.go_to_current()
        self._is_to_lead = False

    def begin(self) -> None:
        """Into the first field, or to the first message as soon as the scrubber has looked.

        Of a claim after another one it is known who is insured: there one begins at the services.
        """
        self._is_to_lead = self.is_waiting
        claim = self._read
        is_after = claim is not None and (claim.frequency != "1" or claim.insured.rank != "P")
        has_lines = claim is not None and bool(claim.lines)
        first = "lines[0].code" if is_after and has_lines else "insured.party.id"
        self._begun_at = self.form.go_to(first)
        if self._begun_at is not None and is_after:
            self._sight.bring(self._begun_at)

    def refresh_words(self) -> None:
        """The list of diagnoses was read: say what each means."""
        if self._read is not None:
            self.form.diagnoses.refresh_words()

    def claim(self) -> Claim:
        """The claim as it stands on the screen. Raises Invalid with the field of what cannot be read."""
        return self.form.claim()

    @property
    def is_touched(self) -> bool:
        """Whether something was typed, or mended, since the claim was shown."""
        return bool(self._fixes) or self.form.is_touched

    def typed(self) -> dict[str, Any] | None:
        """What was typed and mended, fit for JSON; None while nothing was."""
        if not self.is_touched:
            return None
        # Some fixes change what no field shows, so that they are kept beside the fields.
        return {**self.form.state(), "fixes": [[*_parts(one)] for one in self._fixes]}

    def restore(self, state: dict[str, Any]) -> None:
        """Put back what was typed into the claim shown."""
        claim = self._read
        assert claim is not None
        self._fixes = [Fix(*one) for one in state.get("fixes", ())]
        for fix in self._fixes:
            if not fix.field.startswith("lines["):  # all of a line stands in its fields
                claim = mended(claim, fix)
        self.form.show_claim(claim, fold=False)
        self.form.restore(state)
        self.look()

    # -- the scrubber ---------------------------------------------------------------------------

    def _typed(self) -> None:
        self._pause.start()
        self.changed.emit()

    def look(self) -> None:
        """Ask the scrubber about the claim as it stands on the screen now."""
        self._pause.stop()
        if self._around is None or self.form.is_read_only:
            return
        try:
            claim = self.form.claim()
        except Invalid as fault:
            self.strip.show_findings((), fault)
        else:
            self.strip.show_findings(scrub(claim, self._around))
            days = {line.from_on for line in claim.lines}
            if not days <= self._days:
                self._days |= days
                self.days_typed.emit()
        self.looked.emit()

    def lead_to(self, what: Finding | Invalid) -> None:
        """Put the cursor into the field that a message is about."""
        if isinstance(what, Invalid):
            widget = self.form.go_to(what.field)
        else:
            widget = self.form.go_to(place_of(what, self.form.claim()))
        if widget is not None:
            self._sight.bring(widget)

    def mend(self, finding: Finding) -> None:
        """Do what a message offers, and offer it back."""
        fix = finding.fix
        assert fix is not None
        before = {**self.form.state(), "fixes": [[*_parts(one)] for one in self._fixes]}
        try:
            claim = mended(self.form.claim(), fix)
        except Invalid as fault:
            self.tell(fault)
            return
        self._fixes.append(fix)
        self.form.show_claim(claim, fold=False)
        self.look()
        self.changed.emit()
        self._desk.messages.say(
            f"{fix.words}: done.", offers=[("Undo", lambda: self.restore(before))]
        )

    # -- codes ----------------------------------------------------------------------------------

    def find_code(self) -> None:
        """Ask by words for the code of the field one is in, else for the next diagnosis."""
        from medsec_desktop.ui.claims.charges.code_finder import listed
        from medsec_desktop.ui.letters.pick_sheet import PickSheet

        target, kind = self._code_field()
        search, day = self._desk.office.code_search, self._first_day()

        def find(text: str) -> list[ListRow]:
            hits = search.search(text, None, day) if text.strip() else search.waiting(None, day)
            return [listed(hit) for hit in hits if hit.kind == kind]

        def put(hit: CodeHit) -> None:
            is_diagnosis = kind == DIAGNOSIS
            target.setText(hit.written if is_diagnosis else hit.code)
            self.form.folds["diagnoses" if is_diagnosis else "lines"].set_open(True)
            target.setFocus()

        title = "Find a diagnosis" if kind == DIAGNOSIS else "Find a procedure"
        PickSheet(
            self._desk, title, "Code or words: htn, i10, flu shot", find, put, self.window()
        ).open()

    def _code_field(self) -> tuple[QLineEdit, str]:
        focus = self.window().focusWidget()
        for row in self.form.lines.rows:
            field = row.fields["code"]
            if focus is field and isinstance(field, QLineEdit):
                return field, PROCEDURE
        lines = self.form.diagnoses.lines
        there = next((line for line in lines if line is focus), None)
        return there or next((line for line in lines if not line.text()), lines[-1]), DIAGNOSIS

    def _first_day(self) -> date:
        claim = self._read
        today = self._desk.office.clock.today()
        return min((line.from_on for line in claim.lines), default=today) if claim else today

    def _why_no_code(self) -> bool | str:
        if self.form.is_read_only:
            return "This claim left the office: it stays as it was sent."
        return self._read is not None or "Select a claim first."

    def tell(self, fault: Invalid) -> None:
        """Lead to what cannot be read, and say what is wrong with it."""
        widget = self.form.tell(fault)
        if widget is not None:
            self._sight.bring(widget)

    def why_no_message(self) -> bool | str:
        """True, or why there is no message to go to."""
        if self.form.is_read_only:
            return "This claim left the office: it is not checked any more."
        if self.is_waiting:
            return "The rules are being read…"
        return bool(self.strip.list.rows.rows) or "Nothing wrong was found in this claim."

    def _why_not_mend(self) -> bool | str:
        if self.form.is_read_only:
            return "This claim left the office: it stays as it was sent."
        return self.strip.why_not_mend()


def _parts(fix: Fix) -> tuple[str, str, str]:
    return fix.field, fix.value, fix.words
