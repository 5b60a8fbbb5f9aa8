"""The services of a claim, one line each, under one head of labels, with their sum."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from medsec_desktop.domain.claims.claim import Claim, ServiceLine
from medsec_desktop.domain.money import Money
from medsec_desktop.problems import Invalid
from medsec_desktop.ui.claims.line_row import BUTTON, FIRST, RIGHT, LineRow
from medsec_desktop.ui.claims.part import ClaimPart
from medsec_desktop.ui.widgets import PlainButton, Text
from medsec_desktop.ui.widgets.tab_order import tab_as_laid_out

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk


class LinesEditor(ClaimPart):
    """Lines that can be added and taken away; the claim’s charge is their sum.

    `rows_changed` says that there are others, or that they have another code.
    """

    rows_changed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self._claim: Claim | None = None
        self.rows: list[LineRow] = []
        self._spare: list[LineRow] = []  # to make one takes longer than to fill ten
        self._is_read_only = False
        self._heads: list[Text] = []
        self._head = QHBoxLayout()
        self._head.setSpacing(8)
        self._head.addSpacing(desk.theme.px(12) + 8)
        for name, label, width in FIRST:
            head = Text(label, "small")
            if name in RIGHT:
                head.setAlignment(Qt.AlignmentFlag.AlignRight)
            if width:
                head.setFixedWidth(desk.theme.px(width))
            self._heads.append(head)
            self._head.addWidget(head, 0 if width else 1)
        buttons = 2 * desk.theme.px(BUTTON) + 16
        self._head.addSpacing(buttons)
        self.add_button = PlainButton("Add a service", self.add_and_go, kind="quiet")
        self.add_button.by_enter = True
        desk.theme.wear(self.add_button, "plus")
        self.total = Text("", "strong")
        foot = QHBoxLayout()
        foot.addWidget(self.add_button)
        foot.addStretch(1)
        foot.addWidget(self.total)
        foot.addSpacing(buttons + desk.theme.px(56) + 8)
        self._column = QVBoxLayout()
        self._column.setSpacing(4)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(4)
        whole.addLayout(self._head)
        whole.addLayout(self._column)
        whole.addLayout(foot)
        desk.theme.changed.connect(self._resize)

    def _resize(self) -> None:
        for head, (_, _, width) in zip(self._heads, FIRST, strict=True):
            if width:
                head.setFixedWidth(self._desk.theme.px(width))

    # -- showing --------------------------------------------------------------------------------

    @property
    def size_of_list(self) -> int:
        return len(self.rows)

    def steps(self, claim: Claim, *, is_read_only: bool) -> Iterator[None]:
        """One row for each service of the claim, each in a step."""
        self._claim, self._is_read_only = claim, is_read_only
        self.add_button.setVisible(not is_read_only)
        self._drop_to(len(claim.lines))
        for of in range(len(claim.lines)):
            row = self.rows[of] if of < len(self.rows) else self._new_row()
            row.count_as(of + 1)
            row.show_line(claim, of, is_read_only=is_read_only)
            yield
        self._sum()
        self.rows_changed.emit()

    def raw(self) -> list[dict[str, Any]]:
        """What is typed, with which line of the claim each row was made from."""
        return [{"of": row.of, **row.raw()} for row in self.rows]

    def restore(self, raw: Sequence[Mapping[str, Any]]) -> None:
        assert self._claim is not None
        self._drop_to(len(raw))
        for at, state in enumerate(raw):
            row = self.rows[at] if at < len(self.rows) else self._new_row()
            row.show_line(self._claim, int(state.get("of", -1)), is_read_only=self._is_read_only)
            row.put(state)
        self._number()
        self._sum()
        self.rows_changed.emit()

    def say_place(self, place: str) -> None:
        """Where services are given that name no place of their own."""
        for row in self.rows:
            row.say_place(place)

    def _drop_to(self, count: int) -> None:
        while len(self.rows) > count:
            self._put_by(self.rows.pop())

    def _new_row(self) -> LineRow:
        if self._spare:
            row = self._spare.pop()
        else:
            row = LineRow(self._desk)
            row.changed.connect(lambda: self._changed())
            row.removed.connect(lambda row=row: self.remove(row))
            row.added.connect(self.added)
        self.rows.append(row)
        self._column.addWidget(row)
        row.show()
        return row

    def _put_by(self, row: LineRow) -> None:
        self._column.removeWidget(row)
        row.hide()
        self._spare.append(row)

    def _number(self) -> None:
        for number, row in enumerate(self.rows, start=1):
            row.count_as(number)

    def _sum(self) -> None:
        cents = 0
        for row in self.rows:
            try:
                cents += Money.parse(row.text("charge_cents") or "0").cents
            except Invalid:
                self.total.setText("")
                return
        self.total.setText(f"Total {Money(cents)}")

    def _changed(self) -> None:
        self._sum()
        self.rows_changed.emit()
        self.changed.emit()

    # -- adding and taking away -----------------------------------------------------------------

    def add_and_go(self) -> None:
        """A new service, the cursor in its code."""
        assert self._claim is not None
        row = self._new_row()
        self._number()
        row.show_line(self._claim)
        tab_as_laid_out(self)
        row.fields["code"].setFocus()
        self._changed()
        self.added.emit(row)

    def remove(self, row: LineRow) -> None:
        """Take a service off; the focus stays where the hands are."""
        at = self.rows.index(row)
        self.rows.remove(row)
        self._put_by(row)
        self._number()
        follower = self.rows[min(at, len(self.rows) - 1)] if self.rows else None
        (follower.remove_button if follower else self.add_button).setFocus()
        self._changed()

    # -- reading --------------------------------------------------------------------------------

    def taken(self, claim: Claim) -> Claim:
        """The claim with these services and their sum. Raises Invalid with the place of the fault."""
        lines: list[ServiceLine] = []
        for at, row in enumerate(self.rows):
            try:
                lines.append(row.line())
            except Invalid as fault:
                raise Invalid(
                    fault.what, fault.why, fault.remedy, field=f"lines[{at}].{fault.field}"
                ) from None
        # As long as nobody touched a charge, the claim says what it said.
        same = [line.charge_cents for line in lines] == [
            line.charge_cents for line in (self._claim.lines if self._claim else ())
        ]
        total = claim.charge_cents if same else sum(line.charge_cents for line in lines)
        return replace(claim, lines=tuple(lines), charge_cents=total)

    def widget_at(self, place: str) -> QWidget | None:
        """The widget of “lines[1].pointers”; the button that adds one where there is no such line."""
        found = re.match(r"lines\[(\d+)\]\.?(.*)", place)
        if not found or int(found[1]) >= len(self.rows):
            return self.add_button
        return self.rows[int(found[1])].widget_at(found[2])
