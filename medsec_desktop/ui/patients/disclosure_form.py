"""A disclosure written down by hand, and the accounting of them on paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from medsec_desktop.domain.rights import Purpose, first_accounted, read_purpose
from medsec_desktop.problems import Problem
from medsec_desktop.services.patients.rights_records import DisclosureDraft, DisclosureRow
from medsec_desktop.ui.letters.print_sheet import choose_printer
from medsec_desktop.ui.patients.forms import choice
from medsec_desktop.ui.patients.in_place import InPlaceForm
from medsec_desktop.ui.printing.print_job import print_away
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import Choice, DateEdit, Field, PlainButton, PrimaryButton, Text

if TYPE_CHECKING:
    from medsec_desktop.services.printing import Way
    from medsec_desktop.ui.desk import Desk

_PURPOSES = {purpose: str(purpose) for purpose in Purpose}


class DisclosureForm(InPlaceForm):
    """For a new entry or one written by hand before; the purpose says whether it is accounted for."""

    draft_kind = "disclosure"
    noun = "disclosure"

    def __init__(self, desk: Desk):
        self._row: DisclosureRow | None = None
        super().__init__(desk, "Keep the entry")

    def open_for(self, patient_id: int, name: str, row: DisclosureRow | None = None) -> None:
        """A new one, or one on file."""
        self._prepare(row)
        purpose, told = read_purpose(row.purpose) if row else (Purpose.TREATMENT, "")
        today = self._desk.office.clock.today()
        self.put(
            {
                "recipient": row.recipient if row else "",
                "disclosed_on": row.disclosed_at.date() if row else today,
                "what": row.what if row else "",
                "purpose": purpose,
                "purpose_words": told,
                "how": row.how if row else "",
                "recipient_address": row.recipient_address if row else "",
            }
        )
        self._fit()
        self.begin(patient_id, name)
        self.fields["recipient"].setFocus()

    def resume(
        self, patient_id: int, name: str, state: dict[str, Any], draft_id: int | None
    ) -> None:
        """Go on where it was left."""
        rows = {row.id: row for row in self._desk.office.disclosures.of(patient_id)}
        row = rows.get(state.get("id") or 0)
        # At the version it was read: what somebody changed meanwhile is found on saving.
        self._prepare(row and replace(row, version=int(state["version"])))
        self.restore_state(state)
        self._fit()
        self.begin(patient_id, name, draft_id)
        self.fields["what"].setFocus()

    def _prepare(self, row: DisclosureRow | None) -> None:
        self._row = row
        self.heading.setText("Change the entry" if row else "Something was given to somebody")
        self.remove_button.setVisible(row is not None)

    def build(self) -> None:
        for column in range(2):
            self.grid.setColumnStretch(column, 1)
        purpose = choice(_PURPOSES)
        to = self._line(longest=120)
        self._place(self.add("recipient", "To whom", to, required=True), 0, 0)
        self._place(self.add("disclosed_on", "On", self._date(), required=True), 0, 1)
        what = self._line("e.g. Lab results of March", 500)
        self._place(self.add("what", "What was given", what, required=True), 1, 0, 2)
        self._place(self.add("purpose", "Why", purpose), 2, 0)
        self._place(self.add("purpose_words", "In words", self._line()), 2, 1)
        self.accounted = Text("", "muted", wrap=True)
        self._place(self.accounted, 3, 0, 2)
        self._place(self.add("how", "How", self._line("Phone, fax, mail …", 60)), 4, 0)
        address = QPlainTextEdit()
        address.setTabChangesFocus(True)
        address.setFixedHeight(self._desk.theme.px(64))
        self._place(self.add("recipient_address", "Address", address), 4, 1)
        purpose.currentIndexChanged.connect(lambda _: self._fit())

    def title(self) -> str:
        return f"Disclosure to {self.text('recipient').strip() or 'somebody'}"

    def more_state(self) -> dict[str, Any]:
        row = self._row
        return {"id": row.id if row else 0, "version": row.version if row else 0}

    def keep(self, patient_id: int) -> str:
        raw, row = self.raw(), self._row
        draft = DisclosureDraft(
            raw["recipient"],
            raw["what"],
            Purpose(raw["purpose"]),
            raw["purpose_words"],
            raw["how"],
            raw["recipient_address"],
            self.day("disclosed_on"),
            row.id if row else None,
            row.version if row else 0,
        )
        self._desk.office.disclosures.save(patient_id, draft)
        return f"Disclosure to {draft.recipient.strip()} logged."

    def take_off(self, patient_id: int) -> str:
        assert self._row is not None
        self._desk.office.disclosures.remove(patient_id, self._row.id)
        return "Entry removed."

    def _fit(self) -> None:
        box = self.fields["purpose"]
        assert isinstance(box, Choice)
        is_told = Purpose(str(box.value())).is_accountable
        self.accounted.setText(
            "The accounting of disclosures lists it."
            if is_told
            else "The accounting leaves it out."
        )


class AccountingCard(QFrame):
    """From which day to which, then paper or a file; six years stand in it already."""

    left = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._desk = desk
        self._patient_id = 0
        office = desk.office
        self.first = DateEdit(desk.theme, office.formats, office.clock.today)
        self.last = DateEdit(desk.theme, office.formats, office.clock.today)
        self.first_field, self.last_field = Field("From", self.first), Field("To", self.last)
        self.count = Text("", "muted", wrap=True)
        self.print_button = PrimaryButton("Print", self.print, tip="Enter")
        self.save_button = PlainButton("Save as PDF…", self.save)
        close = PlainButton("Close", self.leave, kind="quiet", tip="Esc")
        days = QHBoxLayout()
        days.setSpacing(12)
        days.addWidget(self.first_field)
        days.addWidget(self.last_field)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.print_button, self.save_button, close):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(12)
        column.addWidget(Text("Accounting of disclosures", "strong"))
        column.addLayout(days)
        column.addWidget(self.count)
        column.addLayout(buttons)
        for line in (self.first, self.last):
            line.returnPressed.connect(self.print)
            line.textChanged.connect(lambda _: self._counted())
        self.hide()

    def open_for(self, patient_id: int) -> None:
        """For this patient, reaching back as far as the law does."""
        self._patient_id = patient_id
        today = self._desk.office.clock.today()
        self.first.set_value(first_accounted(today))
        self.last.set_value(today)
        self._counted()
        self.show()
        self.print_button.setFocus()

    def leave(self) -> None:
        self.hide()
        self.left.emit()

    def print(self) -> None:
        """Ask for the printer, then print; what cannot be is told."""
        days = self._days()
        if days is None:
            return
        patient_id, log = self._patient_id, self._desk.office.disclosures

        def chosen(way: Way) -> None:
            print_away(
                self._desk,
                "The accounting",
                lambda: log.print_accounting(patient_id, *days, way),
                self.leave,
            )

        choose_printer(
            self._desk,
            log.printing,
            "letters",
            chosen,
            self,
            "letters and face sheets",
            self.save,
            pages=lambda: log.accounting_pdf(patient_id, *days),
        )

    def save(self) -> None:
        """Ask where, then write the pages."""
        days = self._days()
        if days is not None:
            patient_id, log = self._patient_id, self._desk.office.disclosures

            def write(path: str) -> None:
                done = guarded(
                    self._desk,
                    lambda: (log.save_accounting(patient_id, *days, Path(path)), True)[1],
                )
                if done:
                    self._desk.messages.say(f"“{Path(path).name}” is written.", tone="info")
                    self.leave()

            self._desk.prompts.save_file(
                "Save the accounting", write, name="Accounting of disclosures.pdf",
                pattern="PDF (*.pdf)",
            )  # fmt: skip

    def _days(self) -> tuple[date, date] | None:
        days = ((self.first, self.first_field), (self.last, self.last_field))
        for line, field in days:
            field.problem(line.problem() or ("" if line.value() else "Which day?"))
        first, last = self.first.value(), self.last.value()
        if first is None or last is None:
            next(field for _, field in days if field.has_problem).setFocus()
            return None
        if first > last:
            self.first_field.problem("The first day is after the last day.")
            self.first.setFocus()
            return None
        return first, last

    def _counted(self) -> None:
        first, last = self.first.value(), self.last.value()
        if first is None or last is None or first > last:
            self.count.setText("")
            return
        try:
            number = len(self._desk.office.disclosures.accounted(self._patient_id, first, last))
        except Problem as problem:
            self.count.setText(problem.what)
            return
        entries = f"{number} {'entry' if number == 1 else 'entries'}"
        self.count.setText(f"Lists {entries}; printing it is recorded.")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)
