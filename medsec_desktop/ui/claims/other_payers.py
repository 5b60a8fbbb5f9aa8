"""Another payer of the same patient, and what it decided: of the whole claim and of each service."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from medsec_desktop.domain.claims import words
from medsec_desktop.domain.claims.claim import (
    Claim,
    Insured,
    LineDecision,
    OtherCoverage,
    Party,
)
from medsec_desktop.domain.claims.entered import adjustments_of, adjustments_text
from medsec_desktop.domain.money import Money
from medsec_desktop.problems import Invalid
from medsec_desktop.ui.claims.fold import show_when_sealed
from medsec_desktop.ui.patients.forms import Form, choice, even_columns, share_evenly
from medsec_desktop.ui.widgets import Choice, DateEdit, PlainButton, Text

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_HINT = "As the payer wrote it: CO 45 29.50, PR 3 6.00"


class OtherPayers(Form):
    """The first of the other payers; further ones stay as they are in the claim."""

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self._claim: Claim | None = None
        self._has_one = False
        self._is_read_only = False
        self.add_button = PlainButton("Add another insurance", self.add_one, kind="quiet")
        self.remove_button = PlainButton("Take it off", self.take_off, kind="quiet")
        desk.theme.wear(self.add_button, "plus")
        desk.theme.wear(self.remove_button, "trash-2")
        self.card = QWidget()
        self._lay_card()
        show_when_sealed(self)
        self._decided = QGridLayout()
        self._decided.setHorizontalSpacing(12)
        self._decided.setVerticalSpacing(8)
        self._decided.setColumnStretch(2, 1)
        self._decision_parts: list[tuple[Text, QLineEdit, QLineEdit]] = []
        self._of_lines = Text("What it decided on each service", "strong")
        buttons = QHBoxLayout()
        buttons.addWidget(self.add_button)
        buttons.addWidget(self.remove_button)
        buttons.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        whole.addWidget(self.card)
        whole.addWidget(self._of_lines)
        whole.addLayout(self._decided)
        whole.addLayout(buttons)

    def _lay_card(self) -> None:
        grid = QGridLayout(self.card)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        even_columns(grid)

        def place(name: str, label: str, widget: QWidget, at: tuple[int, int, int], hint: str = ""):
            field = self.add(name, label, widget, hint=hint)
            share_evenly(field)
            grid.addWidget(field, at[0], at[1], 1, at[2], Qt.AlignmentFlag.AlignTop)

        place("payer.family", "Payer", self._text(60), (0, 0, 3))
        place("payer.id", "Payer id", self._text(80), (0, 3, 1))
        place("filing", "Kind of insurance", choice({"": "", **words.FILINGS}), (0, 4, 2))
        place("rank", "Order", choice(words.RANKS), (1, 0, 2))
        place("member", "Member number", self._text(80), (1, 2, 2))
        place("group", "Group number", self._text(50), (1, 4, 2))
        place("family", "Its subscriber: last name", self._text(60), (2, 0, 2))
        place("given", "First name", self._text(35), (2, 2, 2))
        place("relationship", "The patient is", choice(words.RELATIONS), (2, 4, 2))
        place("paid", "It paid", self._text(16), (3, 0, 2))
        place("paid_on", "on", self._date(), (3, 2, 2))
        place("owes", "Left to the patient", self._text(16), (3, 4, 2))
        place("adjusted", "Not paid of the whole claim", self._text(200), (4, 0, 6), _HINT)

    def _text(self, longest: int) -> QLineEdit:
        line = QLineEdit()
        line.setMaxLength(longest)
        return line

    def _date(self) -> DateEdit:
        office = self._desk.office
        return DateEdit(self._desk.theme, office.formats, office.clock.today)

    # -- showing --------------------------------------------------------------------------------

    def show_others(self, claim: Claim) -> None:
        """Fill in the first other payer; an empty card where there is none."""
        self._claim = claim
        self.clear_problems()
        other = claim.others[0] if claim.others else None
        self._show_parts(other is not None)
        self._fill(other or _blank(claim), claim)

    def _fill(self, other: OtherCoverage, claim: Claim) -> None:
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
        self._have_decisions(len(claim.lines))
        for number, (line, parts) in enumerate(
            zip(claim.lines, self._decision_parts, strict=False), start=1
        ):
            decision = _decision(line.decisions, other.payer.id)
            mark, paid, adjusted = parts
            mark.setText(f"{number}  {line.code}")
            paid.setAccessibleName(f"Line {number}: paid")
            adjusted.setAccessibleName(f"Line {number}: not paid")
            paid.setText(_money(decision.paid_cents) if decision else "")
            adjusted.setText(adjustments_text(decision.adjustments) if decision else "")

    def _have_decisions(self, count: int) -> None:
        while len(self._decision_parts) < count:
            at = len(self._decision_parts)
            mark, paid, adjusted = Text("", "muted"), self._text(16), self._text(200)
            paid.setPlaceholderText("Paid")
            adjusted.setPlaceholderText(_HINT)
            for line in (paid, adjusted):
                line.textChanged.connect(lambda _: self.changed.emit())
                line.setReadOnly(self._is_read_only)
            for column, part in enumerate((mark, paid, adjusted)):
                self._decided.addWidget(part, at, column)
            paid.setMaximumWidth(self._desk.theme.px(120))
            self._decision_parts.append((mark, paid, adjusted))
        for at, parts in enumerate(self._decision_parts):
            for part in parts:
                part.setVisible(at < count and self._has_one)

    def _show_parts(self, has_one: bool) -> None:
        self._has_one = has_one
        self.card.setVisible(has_one)
        self._of_lines.setVisible(has_one)
        self.add_button.setVisible(not has_one and not self._is_read_only)
        self.remove_button.setVisible(has_one and not self._is_read_only)
        self._have_decisions(len(self._claim.lines) if self._claim is not None else 0)

    def set_read_only(self, is_read_only: bool) -> None:
        self._is_read_only = is_read_only
        for widget in self.fields.values():
            if isinstance(widget, QLineEdit) and not isinstance(widget, DateEdit):
                widget.setReadOnly(is_read_only)
            else:
                widget.setEnabled(not is_read_only)
        for _, paid, adjusted in self._decision_parts:
            paid.setReadOnly(is_read_only)
            adjusted.setReadOnly(is_read_only)
        self._show_parts(self._has_one)

    def add_one(self) -> None:
        """Begin another insurance, the cursor in the payer's name."""
        self._show_parts(True)
        self.fields["payer.family"].setFocus()
        self.changed.emit()

    def take_off(self) -> None:
        """No other insurance after all."""
        self._show_parts(False)
        self.add_button.setFocus()
        self.changed.emit()

    # -- keeping what is typed ------------------------------------------------------------------

    def raw(self) -> dict[str, Any]:
        decided = [(paid.text(), adjusted.text()) for _, paid, adjusted in self._decision_parts]
        return {"has_one": self._has_one, "fields": super().raw(), "decided": decided}

    def restore(self, state: Mapping[str, Any]) -> None:
        self._show_parts(bool(state["has_one"]))
        self.put(state["fields"])
        self._have_decisions(len(state["decided"]))
        for (_, paid, adjusted), texts in zip(self._decision_parts, state["decided"], strict=False):
            paid.setText(texts[0])
            adjusted.setText(texts[1])
        self._show_parts(self._has_one)

    # -- reading --------------------------------------------------------------------------------

    def taken(self, claim: Claim) -> Claim:
        """The claim with that other payer. Raises Invalid with the place of the fault."""
        old = claim.others[0] if claim.others else None
        if not self._has_one:
            return claim if old is None else self._without(claim, old)
        for name, fault in self.own_faults().items():
            raise Invalid(fault, field=f"others[0].{name}")
        other = self._other(old or _blank(claim))
        claim = replace(claim, others=(other, *claim.others[1:]))
        lines = list(claim.lines)
        old_id = old.payer.id if old is not None else other.payer.id
        for at, (line, parts) in enumerate(zip(lines, self._decision_parts, strict=False)):
            was = _decision(line.decisions, old_id)
            is_as_shown = was is not None and (
                parts[1].text() == _money(was.paid_cents)
                and parts[2].text() == adjustments_text(was.adjustments)
                and was.payer_id == other.payer.id
            )
            if is_as_shown or (was is None and not (parts[1].text() or parts[2].text())):
                continue
            rest = tuple(one for one in line.decisions if one is not was)
            new = self._decided_on_line(at, line.code, line.modifiers, line.units, was, other)
            lines[at] = replace(line, decisions=(*new, *rest))
        return replace(claim, lines=tuple(lines))

    def _without(self, claim: Claim, old: OtherCoverage) -> Claim:
        lines = tuple(
            replace(
                line,
                decisions=tuple(one for one in line.decisions if one.payer_id != old.payer.id),
            )
            for line in claim.lines
        )
        return replace(claim, others=claim.others[1:], lines=lines)

    def _other(self, old: OtherCoverage) -> OtherCoverage:
        insured = replace(
            old.insured,
            party=replace(
                old.insured.party,
                family=self.text("family").strip(),
                given=self.text("given").strip(),
                id=self.text("member").strip(),
            ),
            rank=self._chosen("rank"),
            relationship=self._chosen("relationship"),
            group_number=self.text("group").strip(),
            filing=self._chosen("filing"),
        )
        payer = replace(
            old.payer, family=self.text("payer.family").strip(), id=self.text("payer.id").strip()
        )
        day = self.day("paid_on")
        shown_day = old.paid_on or (self._claim and _decided_on(self._claim, old))
        return replace(
            old,
            insured=insured,
            payer=payer,
            paid_cents=self._cents("paid"),
            patient_owes_cents=self._cents("owes"),
            paid_on=old.paid_on if day == shown_day else day,
            adjustments=self._adjustments("adjusted", self.text("adjusted")),
        )

    def _decided_on_line(
        self,
        at: int,
        code: str,
        modifiers: tuple[str, ...],
        units: str,
        was: LineDecision | None,
        other: OtherCoverage,
    ) -> tuple[LineDecision, ...]:
        _, paid, adjusted = self._decision_parts[at]
        if not (paid.text().strip() or adjusted.text().strip()):
            return ()
        place = f"lines[{at}].decisions[0]"
        try:
            cents = Money.parse(paid.text() or "0").cents
        except Invalid as fault:
            raise Invalid(fault.what, remedy=fault.remedy, field=place) from None
        adjustments = self._adjustments(place, adjusted.text())
        base = was or LineDecision(
            other.payer.id, 0, code, modifiers, units, paid_on=self.day("paid_on")
        )
        return (replace(base, payer_id=other.payer.id, paid_cents=cents, adjustments=adjustments),)

    def _adjustments(self, place: str, text: str) -> Any:
        try:
            return adjustments_of(text)
        except Invalid as fault:
            field = place if place.startswith("lines") else f"others[0].{place}"
            raise Invalid(fault.what, remedy=fault.remedy, field=field) from None

    def _cents(self, name: str) -> int | None:
        text = self.text(name).strip()
        if not text:
            return None
        try:
            return Money.parse(text).cents
        except Invalid as fault:
            raise Invalid(fault.what, remedy=fault.remedy, field=f"others[0].{name}") from None

    def _chosen(self, name: str) -> str:
        widget = self.fields[name]
        assert isinstance(widget, Choice)
        return str(widget.value() or "")

    def widget_at(self, place: str) -> QWidget | None:
        """The widget of “others[0].paid_cents” or of what was decided on a line."""
        if not self._has_one:
            return self.add_button
        decided = re.match(r"lines\[(\d+)\]\.decisions", place)
        if decided:
            return self._decision_parts[int(decided[1])][1]
        inside = re.sub(r"^others(\[\d+\]\.?)?", "", place)
        named = {
            "paid_cents": "paid", "patient_owes_cents": "owes", "insured.rank": "rank",
            "insured.filing": "filing", "insured.party.id": "member", "adjustments": "adjusted",
        }  # fmt: skip
        name = named.get(inside, inside)
        return self.fields.get(name) or self.fields["payer.family"]


def _blank(claim: Claim) -> OtherCoverage:
    rank = "P" if claim.insured.rank != "P" else "S"
    party = replace(claim.insured.party, id="")
    return OtherCoverage(
        Insured(party, rank=rank, relationship=claim.insured.relationship or "18"),
        Party(id_kind="PI"),
    )


def _money(cents: int | None) -> str:
    return "" if cents is None else str(Money(cents))


def _decision(decisions: tuple[LineDecision, ...], payer_id: str) -> LineDecision | None:
    return next((one for one in decisions if one.payer_id == payer_id), None)


def _decided_on(claim: Claim, other: OtherCoverage) -> Any:
    """The day this payer decided, where only its lines say it."""
    found = (_decision(line.decisions, other.payer.id) for line in claim.lines)
    return next((one.paid_on for one in found if one is not None), None)
