"""What patients are recalled for: how often, which visit answers it, and when reminders go out."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout

from medsec_desktop.domain.calendar.recalls import interval_said, read_rounds, rounds_said
from medsec_desktop.problems import Problem
from medsec_desktop.services.calendar.recalls import RecallTypeDraft, RecallTypeRow
from medsec_desktop.ui.practice.editors import complain
from medsec_desktop.ui.practice.settings_page import SettingsPage
from medsec_desktop.ui.widgets import (
    Choice,
    EmptyState,
    FastList,
    Field,
    IconButton,
    ListRow,
    NumberBox,
    PlainButton,
)


class RecallsPage(SettingsPage):
    """A list at the left, the kind in front at the right; each field is kept as it is left."""

    id = "recalls"
    name = "Recalls"
    icon = "bell-ring"
    words = "What patients come back for, how often, and when each is reminded of it."
    finds = "recall reminder yearly visit check-up interval rounds come back"
    tables = ("recall_type", "recall", "appointment_type")

    def build(self) -> None:
        theme = self.desk.theme
        self._rows: tuple[RecallTypeRow, ...] = ()
        self._shown = 0
        self.list = FastList(theme, "Kinds of recall", two_lines=True)
        self.list.setProperty("kind", "boxed")
        self.list.setMinimumHeight(theme.px(280))
        self.add = PlainButton("Add", self.add_type, kind="quiet")
        theme.wear(self.add, "plus")
        self.remove = IconButton(theme, "trash-2", "Remove this kind of recall", self._remove)
        self.name_line = QLineEdit()
        self.name_line.setPlaceholderText("Yearly visit")
        self.months = NumberBox(1, 240, " months")
        self.answer = Choice()
        self.rounds = QLineEdit()
        self.offered = QCheckBox("Offered for new recalls")
        self.offered.setAccessibleName("Offered for new recalls")
        self.fields["name"] = Field("Name", self.name_line, required=True)
        self.fields["interval_months"] = Field("Every", self.months)
        self.fields["type_id"] = Field("Answered by", self.answer)
        self.fields["rounds"] = Field(
            "Reminders",
            self.rounds,
            hint="Days from the due date, such as 30 before, 0, 30 after. Each has its own letter.",
        )
        self.none = EmptyState(
            theme,
            "bell-ring",
            "Nothing to recall for yet",
            "Add what patients should come back for, such as a yearly visit or an eye check.",
            "Add one",
            self.add_type,
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(12)
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(self.fields["name"], 0, 0, 1, 3, top)
        grid.addWidget(self.fields["interval_months"], 1, 0, 1, 1, top)
        grid.addWidget(self.fields["type_id"], 1, 1, 1, 2, top)
        grid.addWidget(self.fields["rounds"], 2, 0, 1, 3, top)
        grid.addWidget(self.offered, 3, 0, 1, 3, top)
        for column in range(3):
            grid.setColumnStretch(column, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(self.add)
        buttons.addStretch(1)
        buttons.addWidget(self.remove)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.list, 1)
        left.addLayout(buttons)
        right = QVBoxLayout()
        right.setSpacing(12)
        right.addLayout(grid)
        right.addStretch(1)
        both = QHBoxLayout()
        both.setSpacing(24)
        both.addLayout(left, 2)
        both.addLayout(right, 4)
        self.inside.addWidget(self.none)
        self.inside.addLayout(both)
        self.list.selectionModel().currentChanged.connect(lambda *_: self._chosen())
        for line in (self.name_line, self.rounds):
            line.editingFinished.connect(self._save)
        self.name_line.textEdited.connect(lambda _: self.fields["name"].problem(""))
        self.rounds.textEdited.connect(lambda _: self.fields["rounds"].problem(""))
        self.months.editingFinished.connect(self._save)
        self.answer.activated.connect(lambda _: self._save())
        self.offered.clicked.connect(lambda _: self._save())

    def reload(self) -> None:
        super().reload()
        self._rows = self.desk.office.recalls.types()
        if self._shown not in [row.id for row in self._rows] and self._shown >= 0:
            self._shown = self._rows[0].id if self._rows else 0
        pairs: list[tuple[object, str]] = [(None, "Any visit")]
        pairs += [(row.id, row.name) for row in self.practice.types(active_only=True)]
        self.answer.set_pairs(pairs)
        self._show_list()
        self._show_form()

    def add_type(self) -> None:
        """An empty form; it is kept from its name on."""
        self._shown = -1
        self._show_list()
        self._show_form()
        self.name_line.setFocus()

    # -- inside -----------------------------------------------------------------------------------

    def _current(self) -> RecallTypeRow | None:
        return next((row for row in self._rows if row.id == self._shown), None)

    def _show_list(self) -> None:
        rows = [
            ListRow(
                row.id,
                row.name,
                f"{interval_said(row.interval_months)[0].upper()}"
                f"{interval_said(row.interval_months)[1:]} · {row.type_name or 'any visit'}",
                mark="" if row.is_active else "Not offered",
            )
            for row in self._rows
        ]
        if self._shown < 0:
            rows.append(ListRow(-1, "New kind of recall", "Type the name"))
        model = self.list.selectionModel()
        model.blockSignals(True)
        self.list.set_rows(rows, preselect=False)
        for index, row in enumerate(rows):
            if row.value == self._shown:
                self.list.setCurrentIndex(self.list.rows.index(index, 0))
        model.blockSignals(False)
        self.list.viewport().update()
        empty = not rows
        self.none.setVisible(empty)
        for part in (self.list, self.add, self.remove, self.offered, *self.fields.values()):
            part.setVisible(not empty)

    def _show_form(self) -> None:
        row = self._current()
        draft = RecallTypeDraft("") if row is None else _draft_of(row)
        for field in self.fields.values():
            field.problem("")
        self.name_line.setText(draft.name)
        self.months.setValue(draft.interval_months)
        if row is not None and self.answer.findData(row.type_id) < 0 and row.type_id is not None:
            self.answer.addItem(row.type_name, row.type_id)
        self.answer.setCurrentIndex(0)
        if draft.type_id is not None:
            self.answer.set_value(draft.type_id)
        self.rounds.setText(rounds_said(draft.rounds))
        self.offered.setChecked(draft.is_active)
        self.remove.setEnabled(row is not None)

    def _chosen(self) -> None:
        value = self.list.current_value()
        if value is not None and value != self._shown:
            self._shown = int(value)
            self._show_list()
            self._show_form()

    def _save(self) -> None:
        row = self._current()
        if row is None and not self.name_line.text().strip():
            return
        answer = self.answer.value()
        try:
            draft = RecallTypeDraft(
                self.name_line.text(),
                self.months.value(),
                answer if isinstance(answer, int) else None,
                read_rounds(self.rounds.text()),
                self.offered.isChecked(),
                row.id if row else 0,
                row.version if row else 0,
            )
        except Problem as problem:
            complain(self.fields, problem)
            return
        if row is not None and draft == _draft_of(row):
            return

        def write() -> None:
            self._shown = self.desk.office.recalls.save_type(draft)

        verb = "changed" if row else "added"
        if self.save(f"{draft.name.strip()}: {verb}.", write) and row is None:
            self.reload()

    def _remove(self) -> None:
        row = self._current()
        if row is not None:
            recalls = self.desk.office.recalls
            verb = "no longer offered" if recalls.is_used(row.id) else "removed"
            self.save(f"{row.name}: {verb}.", lambda: recalls.remove_type(row.id))


def _draft_of(row: RecallTypeRow) -> RecallTypeDraft:
    draft = RecallTypeDraft(row.name, row.interval_months, row.type_id, row.rounds)
    return replace(draft, is_active=row.is_active, id=row.id, version=row.version)
