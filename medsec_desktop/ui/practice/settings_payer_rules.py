"""Settings: what one payer wants of claims, and the numbers one is known by at payers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLineEdit, QWidget

from medsec_desktop.domain.claims.words import ASSIGNMENTS, FILINGS
from medsec_desktop.problems import Problem
from medsec_desktop.services.claims.settings import (
    NUMBER_KINDS,
    NumberDraft,
    NumberRow,
    PayerRuleDraft,
)
from medsec_desktop.ui.practice.editors import complain
from medsec_desktop.ui.practice.pick_page import PickPage
from medsec_desktop.ui.practice.settings_page import SettingsPage
from medsec_desktop.ui.widgets import Choice, Field, ListRow, NumberBox, PrimaryButton, Section


class PayerRuleForm(Section):
    """What one payer wants of claims; each answer is kept as it is left."""

    def __init__(self, page: SettingsPage):
        super().__init__("Claims to this payer", "Empty limits are what is usual; verify them.")
        self._page, self._payer_id = page, 0
        self._kept = PayerRuleDraft(0)
        self.fields: dict[str, Field] = {}
        filings = [("", "Not said"), *((key, f"{key} · {words}") for key, words in FILINGS.items())]
        self.choices = {
            "filing": Choice(filings),
            "way": Choice((("file", "In a file"), ("paper", "On paper"))),
            "clearing_house_id": Choice(((None, "None"),)),
            "totals": Choice((("each sheet", "Each sheet"), ("last sheet", "The last sheet"))),
            "assignment": Choice(ASSIGNMENTS.items()),
        }
        self.numbers = {
            name: NumberBox(0, 3660, " days")
            for name in ("filing_days", "corrected_days", "appeal_days", "silent_days")
        }
        self.texts = {
            name: QLineEdit() for name in ("member_pattern", "member_words", "filing_source")
        }
        self.ticks = {
            "needs_referrer": QCheckBox("Wants the referring provider"),
            "needs_authorization": QCheckBox("Wants an authorization"),
            "needs_rendering_taxonomy": QCheckBox("Wants the taxonomy of who gave the service"),
            "is_crossing_over": QCheckBox("Sends on to the next payer itself"),
        }
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(12)
        places = (
            ("filing", "Kind of insurance (SBR09)", 0, 0, 2), ("way", "Claims go", 0, 2, 1),
            ("clearing_house_id", "Clearing house", 0, 3, 1),
            ("filing_days", "To file, from the service", 1, 0, 1),
            ("corrected_days", "To correct, from the answer", 1, 1, 1),
            ("appeal_days", "To appeal, from the answer", 1, 2, 1),
            ("silent_days", "No answer after", 1, 3, 1),
            ("filing_source", "Where the limits are from", 2, 0, 2),
            ("totals", "Over six lines, totals on", 2, 2, 1),
            ("assignment", "Assignment", 2, 3, 1),
            ("member_pattern", "Pattern of member numbers", 3, 0, 2),
            ("member_words", "The same in words", 3, 2, 2),
        )  # fmt: skip
        editors: dict[str, QWidget] = {**self.choices, **self.numbers, **self.texts}
        for name, label, row, column, span in places:
            self.fields[name] = Field(label, editors[name])
            grid.addWidget(self.fields[name], row, column, 1, span, Qt.AlignmentFlag.AlignTop)
        for column in range(4):
            grid.setColumnStretch(column, 1)
        for number in self.numbers.values():
            number.setSpecialValueText("as usual")
            number.editingFinished.connect(self.keep)
        for choice in self.choices.values():
            choice.activated.connect(lambda _: self.keep())
        for line in self.texts.values():
            line.editingFinished.connect(self.keep)
        ticks = QGridLayout()
        for at, tick in enumerate(self.ticks.values()):
            tick.clicked.connect(lambda _: self.keep())
            ticks.addWidget(tick, at // 2, at % 2)
        self.body.addLayout(grid)
        self.body.addLayout(ticks)

    def show_payer(self, payer_id: int | None) -> None:
        """Show what a payer wants; nothing for one that is only being typed."""
        self.setVisible(payer_id is not None)
        self._payer_id = payer_id or 0
        if payer_id is None:
            return
        office = self._page.desk.office
        houses = office.claim_settings.houses()
        self.choices["clearing_house_id"].set_pairs(
            [(None, "None"), *((house.id, house.name) for house in houses)]
        )
        self._kept = office.claim_settings.payer(payer_id)
        for name, choice in self.choices.items():
            choice.set_value(getattr(self._kept, name))
        for name, number in self.numbers.items():
            number.setValue(getattr(self._kept, name) or 0)
        for name, line in self.texts.items():
            line.setText(getattr(self._kept, name))
        for name, tick in self.ticks.items():
            tick.setChecked(getattr(self._kept, name))
        for field in self.fields.values():
            field.problem("")

    def keep(self) -> None:
        """Save what stands here, where it is other than what is kept."""
        if not self._payer_id:
            return
        draft = replace(
            self._kept,
            **{name: choice.value() for name, choice in self.choices.items()},
            **{name: number.value() or None for name, number in self.numbers.items()},
            **{name: line.text().strip() for name, line in self.texts.items()},
            **{name: tick.isChecked() for name, tick in self.ticks.items()},
        )
        if draft == self._kept:
            return
        for field in self.fields.values():
            field.problem("")
        claims = self._page.desk.office.claim_settings

        def write() -> None:
            self._kept = claims.save_payer(draft)

        self._page.save("What this payer wants: changed.", write, self.fields)


class BillingNumbersPage(PickPage):
    """Tax ids, licenses and payers’ own numbers, each with whose it is and where it counts."""

    id = "billing-numbers"
    name = "Numbers at payers"
    icon = "id-card"
    words = "Numbers beside the NPI: a provider’s own tax id, a number one payer gave, a license."
    finds = (
        "g2 tax id ein ssn license location clia taxonomy provider number payer legacy reference"
    )
    tables = ("billing_number", "provider", "payer", "organization")
    noun = "number"
    new_hint = "Choose what it is and whose"
    empty_words = "Most payers need none: the NPI and the tax id of the practice are enough."

    def build_right(self) -> None:
        top = Qt.AlignmentFlag.AlignTop
        self.kind = Choice(NUMBER_KINDS.items())
        self.number = QLineEdit()
        self.whose = Choice()
        self.payer = Choice()
        self.fields = {
            "kind": Field("What it is", self.kind),
            "number": Field("Number", self.number, required=True),
            "whose": Field("Whose", self.whose),
            "payer_id": Field("It counts", self.payer),
        }
        self.number.textEdited.connect(lambda _: self.fields["number"].problem(""))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(12)
        for at, field in enumerate(self.fields.values()):
            grid.addWidget(field, at // 2, at % 2, top)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        self.keep = PrimaryButton("Save", self.save_number)
        buttons = QHBoxLayout()
        buttons.addWidget(self.keep)
        buttons.addStretch(1)
        self.beside.addLayout(grid)
        self.beside.addLayout(buttons)

    def read(self) -> Sequence[NumberRow]:
        office = self.desk.office
        self.whose.set_pairs(
            [
                ((None, None), "The practice"),
                *(((row.id, None), row.name) for row in self.practice.providers()),
                *(((None, row.id), row.name) for row in office.directory.find("", "organization")),
            ]
        )
        self.payer.set_pairs(
            [
                (None, "At every payer"),
                *((row.id, f"At {row.name}") for row in office.coverages.payers()),
            ]
        )
        return office.claim_settings.all_numbers()

    def listed(self, row: NumberRow) -> ListRow:
        where = row.payer_name or "every payer"
        return ListRow(row.id, row.draft.number, f"{row.whose} · {where}")

    def words_of(self, row: NumberRow) -> str:
        return f"{row.draft.number} {row.whose} {row.payer_name} {NUMBER_KINDS[row.draft.kind]}"

    def show_row(self, row: NumberRow | None) -> None:
        draft = row.draft if row is not None else NumberDraft("G2", "")
        self.kind.set_value(draft.kind)
        self.number.setText(draft.number)
        self.whose.set_value((draft.provider_id, draft.organization_id))
        self.payer.set_value(draft.payer_id)
        for field in self.fields.values():
            field.problem("")

    def begin(self) -> None:
        super().begin()
        self.kind.setFocus()

    def save_number(self) -> None:
        """Keep what is typed."""
        row: NumberRow | None = self.row
        provider_id, organization_id = self.whose.value() or (None, None)
        draft = NumberDraft(
            str(self.kind.value()),
            self.number.text(),
            provider_id,
            organization_id,
            self.payer.value(),
            row.draft.id if row else 0,
            row.draft.version if row else 0,
        )
        try:
            number_id = self.desk.office.claim_settings.save_number(draft)
        except Problem as problem:
            field = getattr(problem, "field", "")
            if field in ("tax_id", "taxonomy"):  # as the numbers themselves call it
                self.fields["number"].problem(problem.what)
            elif not complain(self.fields, problem):
                self.desk.messages.problem(problem)
            return
        self.saved_as(number_id)
        self.desk.messages.say(f"{draft.number}: {'changed' if row else 'added'}.", undo=True)
        self.reload()

    def take_away(self, row: NumberRow) -> None:
        self.save(
            f"{row.draft.number}: removed.",
            lambda: self.desk.office.claim_settings.remove_number(row.id),
        )
