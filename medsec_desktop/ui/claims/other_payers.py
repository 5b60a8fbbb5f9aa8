"""The other payers of the same patient, and what each decided: of the whole claim and of each service."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from medsec_desktop.domain.claims import words
from medsec_desktop.domain.claims.claim import (
    Adjusted,
    Claim,
    Insured,
    LineDecision,
    OtherCoverage,
    Party,
    ServiceLine,
)
from medsec_desktop.domain.claims.entered import adjustments_of, adjustments_text
from medsec_desktop.domain.money import Money
from medsec_desktop.problems import Invalid
from medsec_desktop.ui.claims.line_row import LineRow
from medsec_desktop.ui.claims.part import a_line, chosen
from medsec_desktop.ui.claims.part_rows import PartRow, PartRows
from medsec_desktop.ui.patients.forms import choice
from medsec_desktop.ui.widgets import Choice, DateEdit, Text

if TYPE_CHECKING:
    from medsec_desktop.ui.claims.lines_editor import LinesEditor
    from medsec_desktop.ui.desk import Desk

_HINT = "As the payer wrote it: CO 45 29.50, PR 3 6.00"
_RANKS = "PST"
_NAMED = {
    "paid_cents": "paid", "patient_owes_cents": "owes", "insured.rank": "rank",
    "insured.filing": "filing", "insured.party.id": "member", "adjustments": "adjusted",
    "insured.party.family": "family", "insured.party.given": "given",
    "insured.relationship": "relationship", "insured.group_number": "group",
}  # fmt: skip


@dataclass(slots=True)
class _Decided:
    """What is typed of the decision on one service."""

    mark: Text
    paid: QLineEdit
    adjusted: QLineEdit

    @property
    def widgets(self) -> tuple[QWidget, ...]:
        return self.mark, self.paid, self.adjusted


class OtherPayerRow(PartRow):
    """One other payer: her plan, its subscriber, what it paid, and why not more."""

    noun = "insurance"

    def __init__(self, desk: Desk, lines: LinesEditor, parent: QWidget | None = None):
        self._lines = lines
        self._claim: Claim | None = None
        self._is_read_only = False
        self.decided: dict[LineRow, _Decided] = {}
        super().__init__(desk, parent)

    def build(self) -> None:
        self.place("payer.family", "Payer", a_line(60), (0, 0, 3))
        self.place("payer.id", "Payer id", a_line(80), (0, 3, 1))
        self.place("filing", "Kind of insurance", choice({"": "", **words.FILINGS}), (0, 4, 2))
        self.place("rank", "Order", choice(words.RANKS), (1, 0, 2))
        self.place("member", "Member number", a_line(80), (1, 2, 2))
        self.place("group", "Group number", a_line(50), (1, 4, 2))
        self.place("family", "Its subscriber: last name", a_line(60), (2, 0, 2))
        self.place("given", "First name", a_line(35), (2, 2, 2))
        self.place("relationship", "The patient is", choice(words.RELATIONS), (2, 4, 2))
        self.place("paid", "It paid", a_line(16), (3, 0, 2))
        self.place("paid_on", "on", self.day_field(), (3, 2, 2))
        self.place("owes", "Left to the patient", a_line(16), (3, 4, 2))
        self.place("adjusted", "Not paid of the whole claim", a_line(200), (4, 0, 6), _HINT)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(2, 1)
        self.body.addWidget(Text("What it decided on each service", "strong"))
        for column, head in ((1, "Paid"), (2, "Not paid, and why")):
            self._grid.addWidget(Text(head, "small"), 0, column)
        self.body.addLayout(self._grid)

    # -- showing --------------------------------------------------------------------------------

    def fill(self, value: OtherCoverage | None, claim: Claim) -> None:
        self._claim = claim
        other = value or blank(claim)
        insured = other.insured
        self.put(
            {
                "payer.family": other.payer.family,
                "payer.id": other.payer.id,
                "filing": insured.filing,
                "rank": insured.rank,
                "member": insured.party.id,
                "group": insured.group_number,
                "family": insured.party.family,
                "given": insured.party.given,
                "relationship": insured.relationship or "18",
                "paid": _money(other.paid_cents),
                "owes": _money(other.patient_owes_cents),
                "adjusted": adjustments_text(other.adjustments),
            }
        )
        day = self.fields["paid_on"]
        assert isinstance(day, DateEdit)
        day.set_value(other.paid_on or _decided_on(claim, other))
        self.sync()
        for row, decided in self.decided.items():
            decision = self._was(row) if value is not None else None
            decided.paid.setText(_money(decision.paid_cents) if decision else "")
            decided.adjusted.setText(adjustments_text(decision.adjustments) if decision else "")

    def sync(self) -> None:
        """A place for the decision on each service there is now, in their order."""
        for row in [row for row in self.decided if row not in self._lines.rows]:
            for widget in self.decided.pop(row).widgets:
                self._grid.removeWidget(widget)
                widget.hide()
                widget.deleteLater()
        for at, row in enumerate(self._lines.rows, start=1):  # below the heads of the columns
            if row not in self.decided:
                self.decided[row] = self._new_decided()
            decided = self.decided[row]
            decided.mark.setText(f"{row.number}  {row.text('code').strip().upper()}")
            for field, what in ((decided.paid, "paid"), (decided.adjusted, "not paid")):
                field.setAccessibleName(f"Line {row.number}: {what}")
            if self._grid.itemAtPosition(at, 0) is None or (
                self._grid.itemAtPosition(at, 0).widget() is not decided.mark
            ):
                for column, widget in enumerate(decided.widgets):
                    self._grid.addWidget(widget, at, column)
                    widget.show()

    def _new_decided(self) -> _Decided:
        decided = _Decided(Text("", "muted"), a_line(16), a_line(200, _HINT))
        decided.paid.setMaximumWidth(self._desk.theme.px(120))
        for line in (decided.paid, decided.adjusted):
            line.setProperty("shown", True)
            line.setReadOnly(self._is_read_only)
            line.textChanged.connect(lambda _: self.changed.emit())
        return decided

    def set_read_only(self, is_read_only: bool) -> None:
        super().set_read_only(is_read_only)
        self._is_read_only = is_read_only
        for decided in self.decided.values():
            decided.paid.setReadOnly(is_read_only)
            decided.adjusted.setReadOnly(is_read_only)

    def raw(self) -> dict[str, Any]:
        shown = [self.decided[row] for row in self._lines.rows if row in self.decided]
        return {
            **super().raw(),
            "decided": [(one.paid.text(), one.adjusted.text()) for one in shown],
        }

    def put(self, raw: Mapping[str, Any]) -> None:
        super().put(raw)
        for row, texts in zip(self._lines.rows, raw.get("decided", ()), strict=False):
            self.decided[row].paid.setText(texts[0])
            self.decided[row].adjusted.setText(texts[1])

    # -- reading --------------------------------------------------------------------------------

    def taken(self) -> OtherCoverage:
        assert self._claim is not None
        old: OtherCoverage = self.value or blank(self._claim)
        party = replace(
            old.insured.party,
            family=self.text("family").strip(),
            given=self.text("given").strip(),
            id=self.text("member").strip(),
        )
        insured = replace(
            old.insured,
            party=party,
            rank=chosen(self, "rank"),
            relationship=chosen(self, "relationship"),
            group_number=self.text("group").strip(),
            filing=chosen(self, "filing"),
        )
        payer = replace(
            old.payer, family=self.text("payer.family").strip(), id=self.text("payer.id").strip()
        )
        day = self.day("paid_on")
        shown_day = old.paid_on or _decided_on(self._claim, old)
        return replace(
            old,
            insured=insured,
            payer=payer,
            paid_cents=self._cents("paid"),
            patient_owes_cents=self._cents("owes"),
            paid_on=old.paid_on if day == shown_day else day,
            adjustments=_adjustments("adjusted", self.text("adjusted")),
        )

    def decision_on(
        self, row: LineRow, line: ServiceLine, other: OtherCoverage, at: tuple[int, int]
    ) -> LineDecision | None:
        """What it decided on a service; None where nothing is typed. `at` says which row and line."""
        was, decided = self._was(row), self.decided[row]
        paid, adjusted = decided.paid.text(), decided.adjusted.text()
        is_as_shown = was is not None and (
            paid == _money(was.paid_cents)
            and adjusted == adjustments_text(was.adjustments)
            and was.payer_id == other.payer.id
        )
        if is_as_shown:
            return was
        if not (paid.strip() or adjusted.strip()):
            return None
        place = f"others[{at[0]}].decided[{at[1]}]"
        try:
            cents = Money.parse(paid or "0").cents
        except Invalid as fault:
            raise Invalid(fault.what, remedy=fault.remedy, field=f"{place}.paid") from None
        base = was or LineDecision(
            other.payer.id, 0, line.code, line.modifiers, line.units, paid_on=self.day("paid_on")
        )
        adjustments = _adjustments(f"{place}.adjusted", adjusted)
        return replace(base, payer_id=other.payer.id, paid_cents=cents, adjustments=adjustments)

    def _was(self, row: LineRow) -> LineDecision | None:
        """The decision on that service, as the claim has it."""
        claim = self._claim
        if claim is None or self.value is None or not 0 <= row.of < len(claim.lines):
            return None
        return _decision(claim.lines[row.of].decisions, self.value.payer.id)

    def _cents(self, name: str) -> int | None:
        text = self.text(name).strip()
        if not text:
            return None
        try:
            return Money.parse(text).cents
        except Invalid as fault:
            raise Invalid(fault.what, remedy=fault.remedy, field=name) from None

    def widget_at(self, inside: str) -> QWidget:
        on_line = re.match(r"decided\[(\d+)\]\.(paid|adjusted)", inside)
        if on_line and int(on_line[1]) < len(self._lines.rows):
            decided = self.decided[self._lines.rows[int(on_line[1])]]
            return decided.paid if on_line[2] == "paid" else decided.adjusted
        return super().widget_at(_NAMED.get(inside, inside))


class OtherPayers(PartRows):
    """All other payers, the first in order first."""

    noun, path, add_text, at_most = "insurance", "others", "Add another insurance", 10

    def __init__(self, desk: Desk, lines: LinesEditor, parent: QWidget | None = None):
        super().__init__(desk, parent)
        self._lines = lines
        self._last: Claim | None = None  # as it was taken last: where its decisions stand
        lines.rows_changed.connect(self._sync)

    def make(self) -> PartRow:
        return OtherPayerRow(self._desk, self._lines)

    def values(self, claim: Claim) -> Sequence[OtherCoverage]:
        return claim.others

    def with_values(self, claim: Claim, values: tuple[Any, ...]) -> Claim:
        return replace(claim, others=values)

    def _sync(self) -> None:
        for row in self.rows:
            assert isinstance(row, OtherPayerRow)
            row.sync()

    def add_and_go(self) -> PartRow:
        """Another payer, next in order to those there are."""
        row = super().add_and_go()
        rank = row.fields["rank"]
        assert isinstance(rank, Choice)
        others = {chosen(one, "rank") for one in self.rows if one is not row}
        own = self._claim.insured.rank if self._claim is not None else ""
        free = [one for one in _RANKS if one != own and one not in others]
        rank.put(free[0] if free else _RANKS[-1])
        return row

    def taken(self, claim: Claim) -> Claim:
        """The claim with these payers and their decisions. Raises Invalid with the place of the fault."""
        others = self.taken_values()
        assert self._claim is not None
        shown = {other.payer.id for other in self._claim.others}
        lines = []
        for at, (line, row) in enumerate(zip(claim.lines, self._lines.rows, strict=True)):
            new = {
                place: decision
                for place, (mine, other) in enumerate(zip(self.rows, others, strict=True))
                if isinstance(mine, OtherPayerRow)
                and (decision := mine.decision_on(row, line, other, (place, at))) is not None
            }
            lines.append(replace(line, decisions=self._in_order(line, new, shown)))
        self._last = replace(claim, others=others, lines=tuple(lines))
        return self._last

    def _in_order(
        self, line: ServiceLine, new: dict[int, LineDecision], shown: set[str]
    ) -> tuple[LineDecision, ...]:
        """The decisions as they stood, each in its place; those that are new come last."""
        left, found = dict(new), []
        met: set[str] = set()
        for old in line.decisions:
            if old.payer_id in met or old.payer_id not in shown:
                found.append(old)  # a second one of the same payer, or of one who is not listed
                continue
            met.add(old.payer_id)
            place = next(
                (at for at, one in enumerate(self.rows) if _is_of(one, old.payer_id)), None
            )
            if place is not None and place in left:
                found.append(left.pop(place))
        return (*found, *left.values())

    def widget_at(self, place: str) -> QWidget | None:
        """The widget of “others[0].paid_cents” or of “lines[1].decisions[0]”."""
        decided = re.match(r"lines\[(\d+)\]\.decisions\[(\d+)\]", place)
        if decided is None:
            return super().widget_at(place)
        at, number = int(decided[1]), int(decided[2])
        lines = self._last.lines if self._last is not None else ()
        decisions = lines[at].decisions if at < len(lines) else ()
        payer = decisions[number].payer_id if number < len(decisions) else ""
        of = next(
            (one for one in self.rows if one.text("payer.id").strip() == payer),
            self.rows[0] if self.rows else None,
        )
        return self.add_button if of is None else of.widget_at(f"decided[{at}].paid")


def blank(claim: Claim) -> OtherCoverage:
    """Another payer as one begins to type it."""
    rank = "P" if claim.insured.rank != "P" else "S"
    party = replace(claim.insured.party, id="")
    return OtherCoverage(
        Insured(party, rank=rank, relationship=claim.insured.relationship or "18"),
        Party(id_kind="PI"),
    )


def _is_of(row: PartRow, payer_id: str) -> bool:
    return row.value is not None and row.value.payer.id == payer_id


def _money(cents: int | None) -> str:
    return "" if cents is None else str(Money(cents))


def _adjustments(place: str, text: str) -> tuple[Adjusted, ...]:
    try:
        return adjustments_of(text)
    except Invalid as fault:
        raise Invalid(fault.what, remedy=fault.remedy, field=place) from None


def _decision(decisions: tuple[LineDecision, ...], payer_id: str) -> LineDecision | None:
    return next((one for one in decisions if one.payer_id == payer_id), None)


def _decided_on(claim: Claim, other: OtherCoverage) -> Any:
    """The day this payer decided, where only its lines say it."""
    found = (_decision(line.decisions, other.payer.id) for line in claim.lines)
    return next((one.paid_on for one in found if one is not None), None)
