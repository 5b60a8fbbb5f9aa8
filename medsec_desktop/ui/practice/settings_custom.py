"""Settings: the fields the practice adds to its patients' files."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLineEdit

from medsec_desktop.domain.custom_fields import KINDS
from medsec_desktop.domain.wording import counted
from medsec_desktop.services.patients.custom_fields import CustomFieldDraft, CustomFieldRow
from medsec_desktop.ui.practice.pick_page import PickPage
from medsec_desktop.ui.practice.prose import Prose
from medsec_desktop.ui.widgets import Choice, Field, ListRow, Text


class CustomFieldsPage(PickPage):
    """Text, a list to pick from, a date, a number or a tick; asked of everybody or of whom it fits."""

    id = "custom-fields"
    name = "Own fields"
    icon = "list-checks"
    words = "What else your practice writes down of every patient."
    finds = "custom fields extra text pick date number tick checkbox required retire patient file"
    tables = ("custom_field", "custom_value")
    noun = "field"
    empty_words = (
        "A pharmacy, a shuttle stop, the day a form was signed: each a field in every file."
    )
    has_order = True

    def build_right(self) -> None:
        self.name_line = QLineEdit()
        self.kind = Choice(list(KINDS.items()))
        self.choices = Prose()
        self.choices.setFixedHeight(self.desk.theme.px(120))
        self.required = QCheckBox("Asked of every patient")
        self.active = QCheckBox("In use")
        self.used = Text("", "muted", wrap=True)
        self.fields["name"] = Field("Name", self.name_line, required=True)
        self.fields["kind"] = Field("Kind", self.kind)
        self.fields["choices"] = Field("Choices, one a line", self.choices, required=True)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(12)
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(self.fields["name"], 0, 0, top)
        grid.addWidget(self.fields["kind"], 0, 1, top)
        grid.addWidget(self.fields["choices"], 1, 0, 1, 2, top)
        grid.addWidget(self.required, 2, 0)
        grid.addWidget(self.active, 2, 1)
        for tick in (self.required, self.active):
            tick.setAccessibleName(tick.text())
            tick.clicked.connect(lambda _: self._save_form())
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        self.beside.addLayout(grid)
        self.beside.addWidget(self.used)
        self.name_line.editingFinished.connect(self._save_form)
        self.name_line.textEdited.connect(lambda _: self.fields["name"].problem(""))
        self.kind.activated.connect(lambda _: self._kind_chosen())
        self.choices.left.connect(self._save_form)
        self.choices.textChanged.connect(lambda: self.fields["choices"].problem(""))

    def read(self) -> Sequence[CustomFieldRow]:
        return self.desk.office.custom_fields.all()

    def listed(self, row: CustomFieldRow) -> ListRow:
        about = KINDS[row.kind] + (", asked of everybody" if row.is_required else "")
        return ListRow(row.id, row.name, about, mark="" if row.is_active else "Retired")

    def show_row(self, row: CustomFieldRow | None) -> None:
        draft = row.draft() if row is not None else CustomFieldDraft()
        for field in self.fields.values():
            field.problem("")
        self.name_line.setText(draft.name)
        self.kind.set_value(draft.kind)
        self.choices.setPlainText("\n".join(draft.choices))
        self.required.setChecked(draft.is_required)
        self.active.setChecked(draft.is_active)
        self.active.setVisible(row is not None)
        files = row.files if row is not None else 0
        self.used.setText(f"Used in {counted(files, 'file')}.")
        self.used.setVisible(files > 0)
        self._fit()

    def begin(self) -> None:
        super().begin()
        self.name_line.setFocus()

    def _fit(self) -> None:
        is_pick, is_tick = self.kind.value() == "pick", self.kind.value() == "tick"
        self.fields["choices"].setVisible(is_pick)
        self.required.setVisible(not is_tick)  # a tick that is not set is an answer too

    def _kind_chosen(self) -> None:
        self._fit()
        if self.kind.value() == "pick" and not self.choices.toPlainText().strip():
            self.choices.setFocus()  # it is kept once there is something to pick
        else:
            self._save_form()

    def _save_form(self) -> None:
        row: CustomFieldRow | None = self.row
        name = self.name_line.text().strip()
        kind, choices = str(self.kind.value()), self.choices.toPlainText().split("\n")
        if row is None and (not name or (kind == "pick" and not any(map(str.strip, choices)))):
            return
        draft = CustomFieldDraft(
            name,
            kind,
            tuple(choices) if kind == "pick" else (),
            self.required.isChecked() and kind != "tick",
            self.active.isChecked(),
            row.id if row else 0,
            row.version if row else 0,
        )
        if row is not None and draft == row.draft():
            return
        verb = "changed" if row else "added"
        fields = self.desk.office.custom_fields

        def write() -> None:
            self.saved_as(fields.save(draft))

        if self.save(f"{name}: {verb}.", write) and row is None:
            self.reload()

    def take_away(self, row: CustomFieldRow) -> None:
        said = f"{row.name}: retired; what is filled in stays." if row.files else (
            f"{row.name}: removed."
        )  # fmt: skip
        self.save(said, lambda: self.desk.office.custom_fields.remove(row.id))

    def move_row(self, row: CustomFieldRow, by: int) -> None:
        self.save(
            "Order of the fields: changed.", lambda: self.desk.office.custom_fields.move(row.id, by)
        )
