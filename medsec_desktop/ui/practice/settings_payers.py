"""Settings: the insurers, with what claims need of them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLineEdit

from medsec_desktop.services.practice import PayerDraft, PayerRow
from medsec_desktop.ui.practice.pick_page import PickPage
from medsec_desktop.ui.practice.settings_payer_rules import PayerRuleForm
from medsec_desktop.ui.widgets import Field, ListRow, Text

_GRID = (
    ("name", "Name", 0, 0, 4),
    ("payer_number", "Payer number", 0, 4, 2),
    ("line1", "Street", 1, 0, 4),
    ("line2", "Suite, P.O. box", 1, 4, 2),
    ("city", "City", 2, 0, 3),
    ("state", "State", 2, 3, 1),
    ("postal_code", "ZIP code", 2, 4, 2),
    ("phone", "Phone", 3, 0, 3),
)


class PayersPage(PickPage):
    """The insurers, with what claims need of them."""

    id = "payers"
    name = "Payers"
    icon = "credit-card"
    words = (
        "The insurers of your patients. Imports add theirs; the number is for electronic claims."
    )
    finds = (
        "insurance insurer plan payer number electronic claims filing limit deadline appeal days"
        " clearing house paper member pattern totals referrer authorization"
    )
    tables = ("payer", "coverage", "payer_rule", "clearing_house")
    noun = "payer"
    empty_words = "Coverages name a payer; imports add theirs."

    def build_right(self) -> None:
        self.lines: dict[str, QLineEdit] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(12)
        for name, label, row, column, span in _GRID:
            line = QLineEdit()
            field = Field(label, line, required=name == "name")
            line.textEdited.connect(lambda _, field=field: field.problem(""))
            line.editingFinished.connect(self._save_form)
            self.lines[name], self.fields[name] = line, field
            grid.addWidget(field, row, column, 1, span, Qt.AlignmentFlag.AlignTop)
        for column in range(6):
            grid.setColumnStretch(column, 1)
        self.used = Text("", "muted", wrap=True)
        self.rule = PayerRuleForm(self)
        self.beside.addLayout(grid)
        self.beside.addWidget(self.used)
        self.beside.addWidget(self.rule)

    def read(self) -> Sequence[PayerRow]:
        return self.practice.payers()

    def listed(self, row: PayerRow) -> ListRow:
        return ListRow(row.id, row.name, row.payer_number or row.city)

    def words_of(self, row: PayerRow) -> str:
        return f"{row.name} {row.payer_number}"

    def show_row(self, row: PayerRow | None) -> None:
        for name, line in self.lines.items():
            line.setText(getattr(row, name) if row else "")
            self.fields[name].problem("")
        used = "1 coverage names it." if row and row.coverages == 1 else ""
        self.used.setText(used or (f"{row.coverages:,} coverages name it." if row else ""))
        self.rule.show_payer(row.id if row else None)

    def begin(self) -> None:
        super().begin()
        self.lines["name"].setFocus()

    def _save_form(self) -> None:
        row: PayerRow | None = self.row
        texts = {name: line.text().strip() for name, line in self.lines.items()}
        if row is None and not texts["name"]:
            return
        if row is not None and all(getattr(row, name) == text for name, text in texts.items()):
            return
        draft = PayerDraft(**texts, id=row.id if row else 0, version=row.version if row else 0)

        def write() -> None:
            self.saved_as(self.practice.save_payer(draft))

        if self.save(f"{draft.name}: {'changed' if row else 'added'}.", write) and row is None:
            self.reload()

    def take_away(self, row: PayerRow) -> None:
        self.save(f"{row.name}: removed.", lambda: self.practice.remove_payer(row.id))
