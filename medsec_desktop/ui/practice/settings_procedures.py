"""Settings: the practice's own procedures, with what a line begins with and asks for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLineEdit, QWidget

from medsec_desktop.domain.claims.charges import DRUG_UNITS
from medsec_desktop.domain.claims.places import PLACES
from medsec_desktop.domain.money import Money
from medsec_desktop.problems import Invalid
from medsec_desktop.services.claims.charge_records import ProcedureDraft, ProcedureRow
from medsec_desktop.services.claims.procedures import LICENCE
from medsec_desktop.ui.calendar.current import CurrentFormats
from medsec_desktop.ui.practice.pick_page import PickPage
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import (
    Choice,
    DateEdit,
    Field,
    ListRow,
    NumberBox,
    PlainButton,
    Section,
    Text,
)

_TICKS = (
    ("needs_drug", "Needs the drug’s code (NDC)"),
    ("needs_referrer", "Needs a referring provider"),
    ("needs_authorization", "Needs an authorization"),
    ("needs_clia", "Needs the laboratory’s CLIA number"),
    ("is_spanning", "May span several days"),
    ("is_unlisted", "Unlisted: words for the payer go with it"),
)


class ProceduresPage(PickPage):
    """One procedure at a time; each field is kept as it is left."""

    id = "procedures"
    name = "Procedures"
    icon = "list-checks"
    words = "What your practice does and how it is coded: your own list, in your own words."
    finds = "cpt hcpcs code fee charge superbill price list import modifier units ndc drug"
    tables = ("procedure",)
    noun = "procedure"
    new_hint = "Type the code"
    empty_words = "Type the codes your practice uses, or take in a table of them."
    has_order = True

    def build(self) -> None:
        super().build()
        self.take_in = PlainButton("Take in a table…", self._take_in, kind="quiet")
        self.save_as = PlainButton("Save as a table…", self._save_as, kind="quiet")
        row = QHBoxLayout()
        row.addWidget(self.take_in)
        row.addWidget(self.save_as)
        row.addStretch(1)
        self.inside.addLayout(row)
        self.inside.addWidget(Text(LICENCE, "small", wrap=True))

    def build_right(self) -> None:
        formats, today = CurrentFormats(self.desk.office), self.desk.office.clock.today
        self.code, self.modifiers, self.description = QLineEdit(), QLineEdit(), QLineEdit()
        self.words_line, self.section, self.charge = QLineEdit(), QLineEdit(), QLineEdit()
        self.units, self.ndc, self.quantity = QLineEdit(), QLineEdit(), QLineEdit()
        self.section.setPlaceholderText("Visits, Laboratory …")
        self.place = Choice([("", "As the visit"), *((c, f"{c} {w}") for c, w in PLACES.items())])
        self.unit = Choice([("UN", "Units"), ("MJ", "Minutes (anesthesia)")])
        self.ndc_unit = Choice([("", "None"), *DRUG_UNITS.items()])
        self.most = NumberBox(0, 9999)
        self.most.setSpecialValueText("any number")
        self.starts = DateEdit(self.desk.theme, formats, today)
        self.ends = DateEdit(self.desk.theme, formats, today)
        grid = self._grid(
            ("code", "Code", self.code, 0, 0, 2),
            ("modifiers", "Modifiers", self.modifiers, 0, 2, 2),
            ("charge", "Charge", self.charge, 0, 4, 2),
            ("words", "Words", self.words_line, 1, 0, 4),
            ("section", "Heading on the superbill", self.section, 1, 4, 2),
            ("units", "Units", self.units, 2, 0, 1),
            ("unit", "Counted in", self.unit, 2, 1, 2),
            ("place", "Place of service", self.place, 2, 3, 3),
            ("starts_on", "Valid from", self.starts, 3, 0, 2),
            ("ends_on", "Valid until", self.ends, 3, 2, 2),
            ("most", "Units at most", self.most, 3, 4, 2),
        )
        drug = Section("What claims ask with it")
        ticks = QGridLayout()
        self.ticks: dict[str, QCheckBox] = {}
        for at, (name, words) in enumerate(_TICKS):
            tick = self.ticks[name] = QCheckBox(words)
            tick.setAccessibleName(words)
            tick.clicked.connect(lambda _: self._save_form())
            ticks.addWidget(tick, at // 2, at % 2)
        drug.body.addLayout(ticks)
        drug.body.addLayout(
            self._grid(
                ("drug", "Drug code (NDC)", self.ndc, 0, 0, 2),
                ("ndc_quantity", "Quantity", self.quantity, 0, 2, 2),
                ("ndc_unit", "Unit", self.ndc_unit, 0, 4, 2),
                ("description", "Words for the payer", self.description, 1, 0, 6),
            )
        )
        self.beside.addLayout(grid)
        self.beside.addWidget(drug)

    def _grid(self, *places: tuple[str, str, QWidget, int, int, int]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(12)
        for name, label, editor, row, column, span in places:
            field = self.fields[name] = Field(label, editor, required=name == "code")
            if isinstance(editor, DateEdit):
                editor.chosen.connect(lambda _: self._save_form())
            elif isinstance(editor, QLineEdit):
                editor.textEdited.connect(lambda _, field=field: field.problem(""))
                editor.editingFinished.connect(self._save_form)
            elif isinstance(editor, Choice):
                editor.activated.connect(lambda _: self._save_form())
            elif isinstance(editor, NumberBox):
                editor.editingFinished.connect(self._save_form)
            grid.addWidget(field, row, column, 1, span, Qt.AlignmentFlag.AlignTop)
        for column in range(6):
            grid.setColumnStretch(column, 1)
        return grid

    # -- the list -----------------------------------------------------------------------------

    def read(self) -> Sequence[ProcedureRow]:
        return [row for row in self.desk.office.procedures.all() if row.draft.is_active]

    def listed(self, row: ProcedureRow) -> ListRow:
        draft = row.draft
        charge = "" if draft.charge_cents is None else str(Money(draft.charge_cents))
        ended = draft.ends_on is not None and draft.ends_on < self.desk.office.clock.today()
        return ListRow(
            row.id, row.written, draft.words, charge, mark="ended" if ended else "", tone="warning"
        )

    def words_of(self, row: ProcedureRow) -> str:
        return f"{row.written} {row.draft.words} {row.draft.section}"

    def show_row(self, row: ProcedureRow | None) -> None:
        draft = row.draft if row is not None else ProcedureDraft("")
        for line, text in (
            (self.code, draft.code), (self.modifiers, draft.modifiers),
            (self.words_line, draft.words), (self.section, draft.section),
            (self.charge, "" if draft.charge_cents is None else str(Money(draft.charge_cents))),
            (self.units, draft.units), (self.ndc, draft.ndc),
            (self.quantity, draft.ndc_quantity), (self.description, draft.description),
        ):  # fmt: skip
            line.setText(text)
            line.setCursorPosition(0)
        self.place.put(draft.place)
        self.unit.set_value(draft.unit)
        self.ndc_unit.set_value(draft.ndc_unit)
        self.most.setValue(draft.units_at_most or 0)
        self.starts.set_value(draft.starts_on)
        self.ends.set_value(draft.ends_on)
        for name, tick in self.ticks.items():
            tick.setChecked(getattr(draft, name))
        for field in self.fields.values():
            field.problem("")

    def begin(self) -> None:
        super().begin()
        self.code.setFocus()

    def draft(self) -> ProcedureDraft:
        """The form as it stands. Raises Invalid for a charge that is no amount."""
        row: ProcedureRow | None = self.row
        kept = row.draft if row is not None else ProcedureDraft("")
        charge = self.charge.text().strip()
        try:
            cents = Money.parse(charge).cents if charge else None
        except Invalid as wrong:
            raise Invalid(wrong.what, wrong.why, wrong.remedy, field="charge") from wrong
        return ProcedureDraft(
            code=self.code.text().strip().upper(),
            modifiers=self.modifiers.text().strip().upper(),
            words=self.words_line.text().strip(),
            section=self.section.text().strip(),
            charge_cents=cents,
            units=self.units.text().strip() or "1",
            unit=str(self.unit.value()),
            place=str(self.place.value() or ""),
            description=self.description.text().strip(),
            ndc=self.ndc.text().strip(),
            ndc_quantity=self.quantity.text().strip(),
            ndc_unit=str(self.ndc_unit.value() or ""),
            units_at_most=self.most.value() or None,
            starts_on=self.starts.value(),
            ends_on=self.ends.value(),
            note=kept.note,
            is_active=kept.is_active,
            id=kept.id,
            version=kept.version,
            **{name: tick.isChecked() for name, tick in self.ticks.items()},
        )

    def _save_form(self) -> None:
        row: ProcedureRow | None = self.row
        if row is None and not self.code.text().strip():
            return
        procedures = self.desk.office.procedures

        def write() -> None:
            self.saved_as(procedures.save(self.draft()))

        try:
            if row is not None and self.draft() == row.draft:
                return
        except Invalid:
            pass  # `save` says it at its field
        said = f"{self.code.text().strip().upper()}: {'changed' if row else 'added'}."
        if self.save(said, write) and row is None:
            self.reload()

    def take_away(self, row: ProcedureRow) -> None:
        self.save(f"{row.written}: removed.", lambda: self.desk.office.procedures.remove(row.id))

    def move_row(self, row: ProcedureRow, by: int) -> None:
        procedures = self.desk.office.procedures
        self.save("Order of the procedures: changed.", lambda: procedures.move(row.id, by))

    # -- tables -------------------------------------------------------------------------------

    def _take_in(self) -> None:
        from medsec_desktop.ui.practice.table_sheet import choose_table

        choose_table(
            self.desk,
            self.window(),
            "Take in procedures",
            lambda table, targets, progress: self.desk.office.procedures.take_in(
                table, targets, progress
            ),
            notice=LICENCE,
        )

    def _save_as(self) -> None:
        desk = self.desk

        def write(path: str) -> None:
            count = guarded(desk, lambda: desk.office.procedures.save_table(Path(path)))
            if count is not None:
                desk.messages.say(f"{count:,} procedures saved as “{Path(path).name}”.")

        desk.prompts.save_file(
            "Save the procedures", write, name="procedures.csv", pattern="Tables (*.csv)"
        )
