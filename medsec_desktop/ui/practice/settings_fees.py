"""Settings: fee schedules, by payer and the day from which they hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from medsec_desktop.domain.money import Money
from medsec_desktop.problems import Invalid, Problem
from medsec_desktop.services.claims.charge_records import FeeRow, ScheduleDraft, ScheduleRow
from medsec_desktop.services.claims.procedures import LICENCE
from medsec_desktop.ui.calendar.current import CurrentFormats
from medsec_desktop.ui.desk import Desk
from medsec_desktop.ui.practice.editors import complain
from medsec_desktop.ui.practice.pick_page import PickPage
from medsec_desktop.ui.practice.settings_page import below_label
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.rows import Column, RowsView
from medsec_desktop.ui.widgets import (
    Choice,
    DateEdit,
    Field,
    ListRow,
    PlainButton,
    PrimaryButton,
    Text,
)

_STEPS = ((1, "the cent"), (5, "5 cents"), (25, "25 cents"), (50, "50 cents"), (100, "the dollar"),
          (500, "5 dollars"))  # fmt: skip


class FeesPage(PickPage):
    """A schedule at a time: for whom, from when, and what each code costs."""

    id = "fees"
    name = "Fee schedules"
    icon = "tag"
    words = (
        "What services cost, by payer and date. The payer’s own schedule goes before everybody’s; "
        "what neither says comes from the procedure list."
    )
    finds = "fee schedule price charge payer contract percent copy year import csv"
    tables = ("fee_schedule", "fee", "procedure", "payer")
    noun = "schedule"
    new_hint = "Type the name"
    empty_words = "Without one, services cost what the procedure list says."

    def build_right(self) -> None:
        formats, today = CurrentFormats(self.desk.office), self.desk.office.clock.today
        self.name_line, self.payer = QLineEdit(), Choice()
        self.from_on = DateEdit(self.desk.theme, formats, today)
        self.to_on = DateEdit(self.desk.theme, formats, today)
        for name, label, editor in (
            ("name", "Name", self.name_line), ("payer_id", "For", self.payer),
            ("valid_from_on", "Holds from", self.from_on), ("valid_to_on", "Until", self.to_on),
        ):  # fmt: skip
            self.fields[name] = Field(label, editor, required=name in ("name", "valid_from_on"))
        self.name_line.editingFinished.connect(self._save_form)
        self.payer.activated.connect(lambda _: self._save_form())
        self.from_on.chosen.connect(lambda _: self._save_form())
        self.to_on.chosen.connect(lambda _: self._save_form())
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(12)
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(self.fields["name"], 0, 0, 1, 2, top)
        grid.addWidget(self.fields["payer_id"], 0, 2, 1, 2, top)
        grid.addWidget(self.fields["valid_from_on"], 1, 0, 1, 2, top)
        grid.addWidget(self.fields["valid_to_on"], 1, 2, 1, 2, top)
        for column in range(4):
            grid.setColumnStretch(column, 1)
        self.fees = RowsView(
            self.desk.theme,
            (
                Column("Code", lambda row: row.written, None, 14),
                Column("Words", lambda row: row.words, None, 0),
                Column("Fee", lambda row: str(Money(row.amount_cents)),
                       lambda row: row.amount_cents, 14, align="right"),
            ),
            "Fees of the schedule",
        )  # fmt: skip
        self.fees.setProperty("kind", "boxed")
        self.fees.setFixedHeight(self.desk.theme.px(220))
        self.fees.selectionModel().currentChanged.connect(lambda *_: self._fee_chosen())
        self._build_fee_line()
        self.copy_button = PlainButton("Copy…", self._copy)
        self.in_button = PlainButton("Take in a table…", self._take_in, kind="quiet")
        self.out_button = PlainButton("Save as a table…", self._save_as, kind="quiet")
        buttons = QHBoxLayout()
        for button in (self.copy_button, self.in_button, self.out_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.parts = QWidget()
        parts = QVBoxLayout(self.parts)
        parts.setContentsMargins(0, 0, 0, 0)
        parts.setSpacing(12)
        parts.addWidget(self.fees)
        parts.addLayout(self.fee_line)
        parts.addLayout(buttons)
        self.beside.addLayout(grid)
        self.beside.addWidget(self.parts)

    def _build_fee_line(self) -> None:
        self.code, self.modifiers, self.amount = QLineEdit(), QLineEdit(), QLineEdit()
        self.set_button = PlainButton("Set", self.set_fee)
        self.drop_button = PlainButton("Take out", self.drop_fee, kind="quiet")
        self.fee_fields = {
            "code": Field("Code", self.code),
            "modifiers": Field("Modifiers", self.modifiers),
            "charge": Field("Fee for one unit", self.amount),
        }
        self.fee_line = QHBoxLayout()
        self.fee_line.setSpacing(12)
        for field in self.fee_fields.values():
            self.fee_line.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
        for button in (self.set_button, self.drop_button):
            self.fee_line.addLayout(below_label(button))
        for line in (self.code, self.modifiers, self.amount):
            line.returnPressed.connect(self.set_fee)
            line.textEdited.connect(lambda _: self._forget_problems())

    # -- schedules ----------------------------------------------------------------------------

    def read(self) -> Sequence[ScheduleRow]:
        return self.desk.office.fees.all()

    def listed(self, row: ScheduleRow) -> ListRow:
        fees, formats = self.desk.office.fees, self.desk.office.formats
        holds = fees.holds(row, self.desk.office.clock.today())
        about = f"{formats.date(row.valid_from_on)} · {row.payer_name or 'Everybody'}"
        return ListRow(row.id, row.name, about, mark="now" if holds else "", tone="success")

    def words_of(self, row: ScheduleRow) -> str:
        return f"{row.name} {row.payer_name}"

    def show_row(self, row: ScheduleRow | None) -> None:
        payers = [(one.id, one.name) for one in self.practice.payers()]
        self.payer.set_pairs([(None, "Everybody"), *payers])
        self.name_line.setText(row.name if row else "")
        self.payer.setCurrentIndex(max(self.payer.findData(row.payer_id if row else None), 0))
        self.from_on.set_value(row.valid_from_on if row else self.desk.office.clock.today())
        self.to_on.set_value(row.valid_to_on if row else None)
        for field in self.fields.values():
            field.problem("")
        self.parts.setVisible(row is not None)
        if row is not None:
            at = self.fees.currentIndex().row()
            self.fees.set_rows(self.desk.office.fees.fees(row.id))
            if at >= 0:
                self.fees.selectRow(at)

    def begin(self) -> None:
        super().begin()
        self.name_line.setFocus()

    def _save_form(self) -> None:
        row: ScheduleRow | None = self.row
        first = self.from_on.value()
        if not self.name_line.text().strip() or first is None:
            return
        draft = ScheduleDraft(
            self.name_line.text().strip(), self.payer.value(), first, self.to_on.value(),
            row.note if row else "", row.id if row else 0, row.version if row else 0,
        )  # fmt: skip
        if row is not None and draft == row.draft():
            return
        fees = self.desk.office.fees

        def write() -> None:
            self.saved_as(fees.save(draft))

        if self.save(f"{draft.name}: {'changed' if row else 'added'}.", write) and row is None:
            self.reload()

    def take_away(self, row: ScheduleRow) -> None:
        self.save(f"{row.name}: removed.", lambda: self.desk.office.fees.remove(row.id))

    # -- fees ---------------------------------------------------------------------------------

    def _fee_chosen(self) -> None:
        fee: FeeRow | None = self.fees.current_row()
        self.drop_button.setEnabled(fee is not None)
        if fee is not None:
            self.code.setText(fee.code)
            self.modifiers.setText(fee.modifiers)
            self.amount.setText(str(Money(fee.amount_cents)))
            self._forget_problems()

    def _forget_problems(self) -> None:
        for field in self.fee_fields.values():
            field.problem("")

    def set_fee(self) -> None:
        """Keep what the line says: of a code the schedule has, its new fee; else one more."""
        row: ScheduleRow | None = self.row
        if row is None:
            return
        code, modifiers = self.code.text().strip().upper(), self.modifiers.text().strip().upper()
        there = next(
            (
                fee
                for fee in self.fees.rows.rows
                if (fee.code, fee.modifiers) == (code, " ".join(modifiers.split()))
            ),
            None,
        )

        def write() -> None:
            try:
                cents = Money.parse(self.amount.text()).cents
            except Invalid as wrong:
                raise Invalid(wrong.what, wrong.why, wrong.remedy, field="charge") from wrong
            self.desk.office.fees.set_fee(row.id, code, modifiers, cents, there)

        if self.save(f"Fee of {code}: set.", write, self.fee_fields):
            for line in (self.code, self.modifiers, self.amount):
                line.clear()
            self.code.setFocus()

    def drop_fee(self) -> None:
        """Take the fee selected out of the schedule."""
        row, fee = self.row, self.fees.current_row()
        if row is not None and fee is not None:
            self.save(
                f"{fee.written} taken out.",
                lambda: self.desk.office.fees.set_fee(row.id, fee.code, fee.modifiers, None, fee),
            )

    # -- tables and copies --------------------------------------------------------------------

    def _copy(self) -> None:
        row: ScheduleRow | None = self.row
        if row is not None:
            CopySheet(self.desk, row, self._copied, self.window()).open()

    def _copied(self, schedule_id: int) -> None:
        self.saved_as(schedule_id)
        self.reload()

    def _take_in(self) -> None:
        from medsec_desktop.ui.practice.table_sheet import choose_table

        row: ScheduleRow | None = self.row
        if row is not None:
            choose_table(
                self.desk,
                self.window(),
                f"Take in fees into {row.name}",
                lambda table, targets, progress: self.desk.office.fees.take_in(
                    row.id, table, targets, progress
                ),
                notice=LICENCE,
                wants_fee=True,
            )

    def _save_as(self) -> None:
        row: ScheduleRow | None = self.row
        desk = self.desk
        if row is None:
            return

        def write(path: str) -> None:
            count = guarded(desk, lambda: desk.office.fees.save_table(row.id, Path(path)))
            if count is not None:
                desk.messages.say(f"{count:,} fees saved as “{Path(path).name}”.")

        desk.prompts.save_file(
            "Save the fees", write, name=f"{row.name}.csv", pattern="Tables (*.csv)"
        )


class CopySheet(QDialog):
    """Asks for whom, from when and at how many percent a schedule is copied."""

    def __init__(self, desk: Desk, row: ScheduleRow, then: object, parent: QWidget):
        super().__init__(parent)
        self._desk, self._row, self._then = desk, row, then
        self.setWindowTitle("Copy a fee schedule")
        self.setMinimumWidth(desk.theme.px(440))
        office = desk.office
        today = office.clock.today()
        next_year = date(max(today.year, row.valid_from_on.year) + 1, 1, 1)
        self.name_line = QLineEdit(_next_name(row.name, next_year.year))
        payers = [(one.id, one.name) for one in office.practice.payers()]
        self.payer = Choice([(None, "Everybody"), *payers])
        self.payer.setCurrentIndex(max(self.payer.findData(row.payer_id), 0))
        self.from_on = DateEdit(desk.theme, office.formats, office.clock.today, next_year)
        self.percent = QLineEdit("100")
        self.step = Choice(_STEPS, 1)
        self.fields = {
            "name": Field("Name", self.name_line, required=True),
            "payer_id": Field("For", self.payer),
            "valid_from_on": Field("Holds from", self.from_on, required=True),
            "percent": Field("Percent of these fees", self.percent, required=True),
            "step": Field("Rounded up to", self.step),
        }
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(Text(f"Copy {row.name}", "heading", wrap=True))
        fees = "1 fee" if row.fees == 1 else f"{row.fees:,} fees"
        column.addWidget(
            Text(f"{fees}. For the same payer it ends the day before the copy begins.", "muted",
                 wrap=True)
        )  # fmt: skip
        for field in self.fields.values():
            column.addWidget(field)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        self.copy_button = PrimaryButton("Copy", self.copy)
        foot.addWidget(PlainButton("Cancel", self.reject))
        foot.addWidget(self.copy_button)
        column.addLayout(foot)
        self.finished.connect(self.deleteLater)
        self.name_line.selectAll()

    def copy(self) -> None:
        """Make the copy; a refusal stands at its field."""
        for field in self.fields.values():
            field.problem("")
        try:
            new = self._copied()
        except Problem as problem:
            if not complain(self.fields, problem):
                self._desk.messages.problem(problem)
            return
        self.accept()
        self._desk.messages.say(f"{self.name_line.text().strip()}: made.", undo=True)
        self._then(new)  # type: ignore[operator]

    def _copied(self) -> int:
        first = self.from_on.value()
        if first is None:
            raise Invalid("Say from which day it holds.", field="valid_from_on")
        try:
            percent = Decimal(self.percent.text().strip().rstrip("%").strip())
        except InvalidOperation as error:
            raise Invalid("Percent are a number such as 103.5.", field="percent") from error
        if not percent.is_finite():
            raise Invalid("Percent are a number such as 103.5.", field="percent")
        draft = ScheduleDraft(self.name_line.text(), self.payer.value(), first)
        step = self.step.value()
        assert isinstance(step, int)
        return self._desk.office.fees.copy(self._row.id, draft, percent, step)


def _next_name(name: str, year: int) -> str:
    """“Standard 2026” becomes “Standard 2027”; a name without a year gets it."""
    words = name.split()
    if words and words[-1].isdecimal() and len(words[-1]) == 4:
        words[-1] = str(year)
        return " ".join(words)
    return f"{name} {year}"
