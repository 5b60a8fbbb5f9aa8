"""Whose insurance to ask about, with everything the payer asks for, and its answer at one key."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from medsec_desktop.domain.insurance import RESULT_WORDS, Result
from medsec_desktop.domain.money import Money
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.problems import Invalid
from medsec_desktop.services.patients.coverage_records import ToVerifyRow, VerificationDraft
from medsec_desktop.ui.patients import words
from medsec_desktop.ui.patients.forms import choice, sentence
from medsec_desktop.ui.patients.verification_form import HOWS
from medsec_desktop.ui.widgets import Field, LinkButton, Text
from medsec_desktop.ui.widgets.outcomes import Outcomes

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_BUTTONS = (
    (Result.ACTIVE, "Active"),
    (Result.INACTIVE, "Not active"),
    (Result.NOT_FOUND, "Not found"),
    (Result.UNCLEAR, "Unclear"),
)


class InsuranceCard(QWidget):
    """The coverage in front; `answered` gives the answer as it is to be kept."""

    answered = Signal(object)  # VerificationDraft

    def __init__(
        self,
        desk: Desk,
        open_file: Callable[[], object],
        open_visit: Callable[[], object],
        add_coverage: Callable[[], object],
    ):
        super().__init__()
        self._desk = desk
        self._shown: tuple[int, int | None] = (0, None)
        self.state = Text("", "caption")
        self.name = Text("", "heading", wrap=True)
        self.born = Text("", wrap=True)
        self.when = Text("", "muted", wrap=True)
        self.payer = Text("", "strong", wrap=True)
        self.phone = Text("", "title")
        self.numbers = Text("", wrap=True)
        self.how = choice(HOWS)
        self.reference, self.copay, self.note = QLineEdit(), QLineEdit(), QLineEdit()
        for line, longest in ((self.reference, 200), (self.copay, 12), (self.note, 200)):
            line.setMaxLength(longest)
        self.copay.setPlaceholderText("0.00")
        self.copay_field = Field("Copay it named", self.copay)
        self.outcomes = Outcomes(_BUTTONS, "What the payer said")
        self.outcomes.chosen.connect(self._answer)
        self.add_button = LinkButton("Add a coverage…", add_coverage)
        links = QHBoxLayout()
        links.setSpacing(16)
        links.addWidget(LinkButton("Open the file", open_file))
        links.addWidget(LinkButton("Show in the calendar", open_visit))
        links.addStretch(1)
        asked = QGridLayout()
        asked.setHorizontalSpacing(8)
        asked.setVerticalSpacing(8)
        asked.setColumnStretch(0, 1)
        asked.setColumnStretch(1, 1)
        asked.addWidget(Field("Asked", self.how), 0, 0)
        asked.addWidget(self.copay_field, 0, 1)
        asked.addWidget(Field("Reference", self.reference), 1, 0, 1, 2)
        asked.addWidget(Field("Note", self.note), 2, 0, 1, 2)
        self._asking = QWidget()
        inside = QVBoxLayout(self._asking)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(12)
        inside.addLayout(asked)
        inside.addWidget(self.outcomes)
        who = QVBoxLayout()
        who.setSpacing(2)
        for label in (self.state, self.name, self.born, self.when):
            who.addWidget(label)
        call = QVBoxLayout()
        call.setSpacing(2)
        for label in (self.payer, self.phone, self.numbers):
            call.addWidget(label)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(12)
        column.addLayout(who)
        column.addLayout(call)
        column.addWidget(self._asking)
        column.addWidget(self.add_button)
        column.addLayout(links)
        column.addStretch(1)

    def lines(self) -> tuple[QLineEdit, ...]:
        """Where one types, in order."""
        return self.reference, self.copay, self.note

    def show_row(self, row: ToVerifyRow) -> None:
        """Show a coverage; what was half typed for another one is not taken along."""
        office = self._desk.office
        formats, key = office.formats, (row.patient_id, row.coverage_id)
        if key != self._shown:
            self._shown = key
            for line in self.lines():
                line.clear()
            self.copay_field.problem("")
        self.state.setText(so_far(row, formats))
        self.name.setText(row.patient_name)
        self.born.setText(
            f"Born {formats.birth(row.birth)}" if row.birth else "Date of birth missing"
        )
        more = f", and {row.visits - 1} more" if row.visits > 1 else ""
        self.when.setText(
            f"Visit {formats.spoken(row.visit_at, office.clock.today())} with {row.provider_name}{more}"
        )
        has = row.coverage_id is not None
        self.payer.setText(f"{words.RANKS[row.rank]}: {row.payer_name}" if has else "")
        reached = formats.phone(row.payer_phone) or row.payer_portal
        self.phone.setText((reached or "No phone on file") if has else "")
        member = f"Member {row.member_id}" if row.member_id else "No member id on file"
        group = f"Group {row.group_number}" if row.group_number else ""
        numbers = [member, " · ".join(filter(None, (group, row.plan_name)))]
        if row.copay_cents is not None:
            numbers.append(f"Copay {words.money(row.copay_cents)}")
        numbers += [f"Subscriber: {row.subscriber_name}"] if row.subscriber_name else []
        self.numbers.setText("\n".join(filter(None, numbers)))
        for label in (self.payer, self.phone, self.numbers):
            label.setVisible(has)
        may = office.session.may(Permission.EDIT_PATIENTS)
        self._asking.setVisible(may and has)
        self.add_button.setVisible(may and not has)

    def _answer(self, result: object) -> None:
        assert isinstance(result, Result)
        typed = self.copay.text().strip()
        try:
            copay = Money.parse(typed).cents if typed else None
        except Invalid as problem:
            self.copay_field.problem(sentence(problem))
            self.copay.setFocus()
            return
        self.copay_field.problem("")
        self.answered.emit(
            VerificationDraft(
                result, str(self.how.value()), self.reference.text(), copay, self.note.text()
            )
        )


def so_far(row: ToVerifyRow, formats: object) -> str:
    """How it stands: never asked, asked when, or what the payer said."""
    if row.coverage_id is None:
        return "No insurance for that day"
    if row.asked_on is None or row.result is None:
        return "Never asked"
    day = formats.date(row.asked_on)  # type: ignore[attr-defined]
    if row.result is Result.ACTIVE:
        return f"Verified {day}"
    return f"{RESULT_WORDS[row.result]} {day}"
