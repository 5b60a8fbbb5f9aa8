"""Settings: who bills and with which numbers, and the clearing houses files go to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout

from medsec_desktop.problems import Problem
from medsec_desktop.services.claims.settings import ClearingHouseDraft
from medsec_desktop.services.practice import settings
from medsec_desktop.ui.practice.editors import complain
from medsec_desktop.ui.practice.pick_page import PickPage
from medsec_desktop.ui.practice.settings_page import SettingsPage, below_label
from medsec_desktop.ui.widgets import (
    Choice,
    Field,
    ListRow,
    NumberBox,
    PlainButton,
    PrimaryButton,
    Section,
    Text,
)

_KINDS = (("ZZ", "ZZ, agreed"), ("30", "30, tax id"), ("27", "27, Medicare"), ("28", "28, fiscal"),
          ("01", "01, D-U-N-S"))  # fmt: skip
# Field: label, row, column, columns it takes.
_LINES = (
    ("name", "Name", 0, 0, 4),
    ("sender_id", "Your id (ISA06)", 1, 0, 2),
    ("receiver_id", "Its id (ISA08)", 1, 2, 2),
    ("submitter_id", "Submitter id (1000A)", 2, 0, 2),
    ("receiver_number", "Receiver’s number (1000B)", 2, 2, 2),
    ("group_sender", "GS02, if another", 4, 0, 1),
    ("group_receiver", "GS03, if another", 4, 1, 1),
    ("submitter_name", "Submitter, if another", 4, 2, 1),
    ("receiver_name", "Receiver, if another", 4, 3, 1),
    ("contact_name", "Who is asked", 5, 0, 2),
    ("contact_phone", "Phone", 5, 2, 1),
    ("contact_email", "E-mail", 5, 3, 1),
    ("file_pattern", "File name", 7, 0, 2),
    ("note", "Note", 7, 2, 2),
)
_HINTS = {"file_pattern": "{date}, {number} and {batch} are put in; empty: ours."}


class ClaimsPage(SettingsPage):
    """Who bills, by which numbers, and how patient the practice is with payers."""

    id = "claims"
    name = "Claims"
    icon = "receipt-text"
    words = "Who bills and by which numbers. The name, address, NPI and tax id are the practice’s."
    finds = (
        "billing provider taxonomy clia tax id ssn ein pay to address contact box 33 25 no answer"
        " silent days first day"
    )

    def build(self) -> None:
        for title, group, suffix in (
            ("Who bills", (settings.CLAIMS_BILLER, settings.CLAIMS_TAX_KIND, settings.CLAIMS_TAXONOMY,
                           settings.CLAIMS_CLIA, settings.CLAIMS_CONTACT), ""),
            ("Payments go to", (settings.PAY_TO_LINE1, settings.PAY_TO_CITY, settings.PAY_TO_STATE,
                                settings.PAY_TO_POSTAL_CODE), ""),
            ("Work-lists", (settings.CLAIMS_FROM, settings.CLAIMS_SILENT_DAYS), " days"),
        ):  # fmt: skip
            section = Section(title)
            section.body.addLayout(self.settings_grid(*group, suffix=suffix))
            self.inside.addWidget(section)


class ClearingHousesPage(PickPage):
    """The clearing houses, each with what stands on the envelope of its files."""

    id = "clearing-houses"
    name = "Clearing houses"
    icon = "upload"
    words = "Where files of claims go. One is told these ids when one enrolls there."
    finds = "837 837p isa gs submitter receiver etin electronic claims file folder test production"
    tables = ("clearing_house",)
    noun = "clearing house"
    empty_words = "Claims in files need one; a payer that takes files itself is one as well."

    def build_right(self) -> None:
        top = Qt.AlignmentFlag.AlignTop
        self.lines: dict[str, QLineEdit] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(12)
        needed = ("name", "sender_id", "receiver_id", "submitter_id", "receiver_number")
        for name, label, row, column, span in _LINES:
            line = QLineEdit()
            field = Field(label, line, required=name in needed, hint=_HINTS.get(name, ""))
            line.textEdited.connect(lambda _, field=field: field.problem(""))
            self.lines[name], self.fields[name] = line, field
            grid.addWidget(field, row, column, 1, span, top)
        self.kinds = {name: Choice(_KINDS) for name in ("sender_kind", "receiver_kind")}
        grid.addWidget(Field("Your id is (ISA05)", self.kinds["sender_kind"]), 3, 0, 1, 2, top)
        grid.addWidget(Field("Its id is (ISA07)", self.kinds["receiver_kind"]), 3, 2, 1, 2, top)
        self.most = NumberBox(1, 5000, " claims")
        self.fields["claims_at_most"] = Field("In one file at most", self.most)
        grid.addWidget(self.fields["claims_at_most"], 6, 3, top)
        self.folder = QLineEdit()
        self.fields["out_folder"] = Field("Files are put into", self.folder)
        choose = PlainButton("Choose…", self._choose_folder, kind="quiet")
        choose.setAccessibleName("Choose the folder for files")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.fields["out_folder"], 1, top)
        row.addLayout(below_label(choose))
        grid.addLayout(row, 6, 0, 1, 3)
        for column in range(4):
            grid.setColumnStretch(column, 1)
        self.is_test = QCheckBox("Test files only: nobody pays what is in them (ISA15)")
        self.wants = QCheckBox("Ask for an acknowledgement of the envelope (ISA14)")
        self.is_active = QCheckBox("Used")
        self.keep = PrimaryButton("Save", self.save_house)
        buttons = QHBoxLayout()
        buttons.addWidget(self.keep)
        buttons.addStretch(1)
        self.beside.addLayout(grid)
        ticks = QVBoxLayout()
        ticks.setSpacing(4)
        ticks.addWidget(self.is_test)
        note = Text("Claims written into a test file stay ready to go.", "small", wrap=True)
        note.setContentsMargins(28, 0, 0, 0)
        ticks.addWidget(note)
        ticks.addWidget(self.wants)
        ticks.addWidget(self.is_active)
        self.beside.addLayout(ticks)
        self.beside.addLayout(buttons)

    def read(self) -> Sequence[ClearingHouseDraft]:
        return self.desk.office.claim_settings.houses(retired=True)

    def listed(self, row: ClearingHouseDraft) -> ListRow:
        state = "Not used" if not row.is_active else "Test" if row.is_test else "In use"
        return ListRow(row.id, row.name, f"{state} · {row.receiver_id}")

    def show_row(self, row: ClearingHouseDraft | None) -> None:
        draft = row or ClearingHouseDraft("")
        for name, line in self.lines.items():
            line.setText(getattr(draft, name))
        for name, choice in self.kinds.items():
            choice.set_value(getattr(draft, name))
        self.most.setValue(draft.claims_at_most)
        self.folder.setText(draft.out_folder)
        self.is_test.setChecked(draft.is_test)
        self.wants.setChecked(draft.wants_acknowledgement)
        self.is_active.setChecked(draft.is_active)
        self.is_active.setVisible(row is not None)
        for field in self.fields.values():
            field.problem("")

    def begin(self) -> None:
        super().begin()
        self.lines["name"].setFocus()

    def save_house(self) -> None:
        """Keep what is typed."""
        row: ClearingHouseDraft | None = self.row
        draft = ClearingHouseDraft(
            **{name: line.text() for name, line in self.lines.items()},
            **{name: str(choice.value()) for name, choice in self.kinds.items()},
            claims_at_most=self.most.value(),
            out_folder=self.folder.text(),
            in_folder=row.in_folder if row else "",
            is_test=self.is_test.isChecked(),
            wants_acknowledgement=self.wants.isChecked(),
            is_active=self.is_active.isChecked(),
            id=row.id if row else 0,
            version=row.version if row else 0,
        )
        for field in self.fields.values():
            field.problem("")
        try:
            house_id = self.desk.office.claim_settings.save_house(draft)
        except Problem as problem:
            if not complain(self.fields, problem):
                self.desk.messages.problem(problem)
            return
        self.saved_as(house_id)
        said = f"{draft.name.strip()}: {'changed' if row else 'added'}."
        self.desk.messages.say(said, undo=True)
        self.reload()

    def take_away(self, row: ClearingHouseDraft) -> None:
        self.save(
            f"{row.name}: removed.", lambda: self.desk.office.claim_settings.remove_house(row.id)
        )

    def _choose_folder(self) -> None:
        start = Path(self.folder.text()) if self.folder.text() else Path.home()
        self.desk.prompts.choose_folder("Files of claims", self._chosen_folder, folder=start)

    def _chosen_folder(self, path: object) -> None:
        if path:
            self.folder.setText(str(path))
