"""Small sheets over a claim: what the payer answered, what is next, what the payer before decided."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from medsec_desktop.domain.claims.entered import adjustments_of
from medsec_desktop.domain.claims.life import ClaimStatus
from medsec_desktop.domain.claims.words import MEDICARE_SECOND
from medsec_desktop.domain.money import Money
from medsec_desktop.problems import Invalid, Problem
from medsec_desktop.services.claims.records import AnswerDraft, Figures, LineFigures
from medsec_desktop.ui.claims.wording import amount, what_it_is
from medsec_desktop.ui.letters.form_sheet import FormSheet
from medsec_desktop.ui.widgets import Choice, DateEdit, Field, Text
from medsec_desktop.ui.widgets.scrolled import ScrolledColumn

if TYPE_CHECKING:
    from medsec_desktop.services.claims.records import ClaimDetail
    from medsec_desktop.ui.desk import Desk

_HINT = "CO 45 29.50, PR 3 6.00"


class _ClaimSheet(FormSheet):
    """A heading, who it is about, the banner, fields, and the buttons."""

    def __init__(self, desk: Desk, title: str, about: str, save: str, parent: QWidget | None):
        super().__init__(desk.theme, title, save, parent)
        self.setAccessibleName(title)
        self._desk = desk
        self.column = QVBoxLayout()
        self.column.setSpacing(12)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 20, 24, 20)
        whole.setSpacing(12)
        whole.addWidget(Text(title, "heading"))
        whole.addWidget(Text(about, "muted", wrap=True))
        whole.addWidget(self.banner)
        whole.addLayout(self.column, 1)
        whole.addLayout(self.foot)
        self.setMinimumWidth(desk.theme.px(460))

    def date_edit(self) -> DateEdit:
        office = self._desk.office
        return DateEdit(self._desk.theme, office.formats, office.clock.today)

    def refuse_at(self, problem: Problem, fields: dict[str, QWidget]) -> None:
        """Say what is wrong, the cursor where it is put right."""
        self.refuse(str(problem))
        widget = fields.get(getattr(problem, "field", ""))
        if widget is not None:
            widget.setFocus()


def about(detail: ClaimDetail) -> str:
    """Which claim a sheet is about."""
    row = detail.row
    return f"{what_it_is(row)}  ·  {row.name.listed}  ·  {row.payer_name}  ·  {amount(row.total_cents)}"


class AnswerSheet(_ClaimSheet):
    """A payer's word, typed in."""

    def __init__(
        self,
        desk: Desk,
        detail: ClaimDetail,
        keep: Callable[[AnswerDraft], object],
        parent: QWidget | None = None,
    ):
        super().__init__(desk, "The payer answered", about(detail), "Keep the answer", parent)
        self._keep = keep
        self.status = Choice(
            [
                (ClaimStatus.ACCEPTED, "Accepted: it has the claim"),
                (ClaimStatus.REJECTED, "Rejected: mend it and send it again"),
                (ClaimStatus.DECIDED, "Decided: paid or denied"),
            ]
        )
        self.on = self.date_edit()
        self.on.set_value(desk.office.clock.today())
        self.number = QLineEdit(detail.row.payer_claim_number)
        self.number.setMaxLength(50)
        self.note = QLineEdit()
        self.note.setMaxLength(500)
        self.column.addWidget(Field("What it said", self.status))
        two = QHBoxLayout()
        two.setSpacing(12)
        two.addWidget(Field("On", self.on), 1, Qt.AlignmentFlag.AlignTop)
        number = Field("Its own number of the claim", self.number, hint="A replacement names it.")
        two.addWidget(number, 2)
        self.column.addLayout(two)
        self.column.addWidget(Field("In its words", self.note))
        self.status.setFocus()

    def save(self) -> None:
        """Keep it; what is wrong is said here."""
        day = self.on.value()
        if day is None:
            self.refuse_at(Invalid("Say on which day it answered.", field="on"), {"on": self.on})
            return
        status = ClaimStatus(str(self.status.value()))
        try:
            self._keep(AnswerDraft(status, day, self.number.text(), self.note.text()))
        except Problem as problem:
            self.refuse_at(problem, {"on": self.on, "status": self.status})
            return
        self.accept()


class PlanSheet(_ClaimSheet):
    """What is to be done next, and when."""

    def __init__(
        self,
        desk: Desk,
        words: str,
        action: str,
        keep: Callable[[str, object], object],
        parent: QWidget | None = None,
    ):
        super().__init__(desk, "What is next", words, "Keep", parent)
        self._keep = keep
        self.action = QLineEdit(action)
        self.action.setMaxLength(200)
        self.action.setPlaceholderText("Call the payer, send the notes…")
        self.on = self.date_edit()
        two = QHBoxLayout()
        two.setSpacing(12)
        two.addWidget(Field("To do", self.action), 2, Qt.AlignmentFlag.AlignTop)
        two.addWidget(Field("On", self.on, hint="fri, +2w, 3/14"), 1)
        self.column.addLayout(two)
        self.action.selectAll()
        self.action.setFocus()

    def save(self) -> None:
        """Keep it; what is wrong is said here."""
        fields: dict[str, QWidget] = {"next_action": self.action, "on": self.on}
        if self.on.problem():
            self.refuse_at(Invalid(self.on.problem(), field="on"), fields)
            return
        try:
            self._keep(self.action.text(), self.on.value())
        except Problem as problem:
            self.refuse_at(problem, fields)
            return
        self.accept()


class NextPayerSheet(_ClaimSheet):
    """What this payer decided, for the claim to the next one: of the whole, or service by service."""

    def __init__(
        self,
        desk: Desk,
        detail: ClaimDetail,
        keep: Callable[[Figures], object],
        parent: QWidget | None = None,
    ):
        words = f"{about(detail)}. {detail.next_payer} pays after it and asks what it decided."
        super().__init__(desk, "To the next payer", words, "Make the claim", parent)
        self._keep = keep
        self.on = self.date_edit()
        day = detail.row.answered_on
        self.on.set_value(day)
        self.owes = QLineEdit()
        self.why = Choice(list(MEDICARE_SECOND.items()), "")
        top = QHBoxLayout()
        top.setSpacing(12)
        for field in (
            Field("Decided on", self.on),
            Field("Left to the patient", self.owes),
            Field("Why Medicare is second, where it is", self.why),
        ):
            top.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
        self.column.addLayout(top)
        self.lines: list[tuple[QLineEdit, QLineEdit]] = []
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(2, 1)
        for column, head in enumerate(("Service", "Paid", "Not paid, and why")):
            grid.addWidget(Text(head, "small"), 0, column)
        for number, line in enumerate(detail.content.lines, start=1):
            paid, why = QLineEdit(), QLineEdit()
            paid.setFixedWidth(desk.theme.px(96))
            paid.setAccessibleName(f"Line {number}: paid")
            why.setAccessibleName(f"Line {number}: not paid, and why")
            why.setPlaceholderText(_HINT)
            mark = Text(f"{number}  {line.code}  {amount(line.charge_cents)}", "muted")
            for column, widget in enumerate((mark, paid, why)):
                grid.addWidget(widget, number, column)
            self.lines.append((paid, why))
        scroll = ScrolledColumn("Services")
        scroll.widget().setProperty("kind", "")  # the sheet's own ground, not that of a page
        scroll.column.addLayout(grid)
        scroll.column.addStretch(1)
        scroll.setMinimumHeight(min(desk.theme.px(40 + 40 * len(self.lines)), desk.theme.px(280)))
        self.column.addWidget(scroll, 1)
        self.setMinimumWidth(desk.theme.px(620))
        (self.on if day is None else self.lines[0][0] if self.lines else self.owes).setFocus()

    def save(self) -> None:
        """Make the claim; figures that do not add up are said here."""
        try:
            self._keep(self._figures())
        except Problem as problem:
            self.refuse_at(problem, self._fields())
            return
        self.accept()

    def _fields(self) -> dict[str, QWidget]:
        found: dict[str, QWidget] = {
            "decided_on": self.on,
            "patient_owes_cents": self.owes,
            "insurance_type": self.why,
            "paid_cents": self.lines[0][0] if self.lines else self.owes,
        }
        for at, (paid, why) in enumerate(self.lines):
            found[f"lines[{at}]"] = found[f"lines[{at}].paid_cents"] = paid
            found[f"lines[{at}].adjustments"] = why
        return found

    def _figures(self) -> Figures:
        day = self.on.value()
        if day is None:
            raise Invalid("Say on which day it decided.", field="decided_on")
        lines = []
        for at, (paid, why) in enumerate(self.lines):
            lines.append(
                LineFigures(
                    _cents(paid.text(), f"lines[{at}].paid_cents") or 0,
                    _adjusted(why.text(), f"lines[{at}].adjustments"),
                )
            )
        return Figures(
            day,
            sum(line.paid_cents for line in lines),
            tuple(lines),
            patient_owes_cents=_cents(self.owes.text(), "patient_owes_cents"),
            insurance_type=str(self.why.value() or ""),
        )


def _cents(text: str, field: str) -> int | None:
    if not text.strip():
        return None
    try:
        return Money.parse(text).cents
    except Invalid as fault:
        raise Invalid(fault.what, remedy=fault.remedy, field=field) from None


def _adjusted(text: str, field: str) -> tuple:  # type: ignore[type-arg]
    try:
        return adjustments_of(text)
    except Invalid as fault:
        raise Invalid(fault.what, remedy=fault.remedy, field=field) from None


def names_of(rows: Sequence[object]) -> str:
    """“1 claim”, “12 claims”: what a sheet over several is about."""
    return "1 claim" if len(rows) == 1 else f"{len(rows):,} claims"
