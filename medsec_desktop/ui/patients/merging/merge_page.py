"""Two files side by side, field by field: what the one file will say, and what moves into it."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from medsec_desktop.problems import Conflict, Link, Problem
from medsec_desktop.services.patients import PatientHit
from medsec_desktop.services.patients.merging import MergeDraft, MergePreview, PartRow
from medsec_desktop.ui.actions import BY_ID, native
from medsec_desktop.ui.patients import words
from medsec_desktop.ui.patients.file_section import empty
from medsec_desktop.ui.patients.merging.sides import LABEL_WIDTH, Part, SideRow
from medsec_desktop.ui.patients.patient_pick import PatientPick
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import (
    Banner,
    ElidedLabel,
    EmptyState,
    LinkButton,
    PlainButton,
    PrimaryButton,
    Text,
)
from medsec_desktop.ui.widgets.page import Page
from medsec_desktop.ui.widgets.scrolled import ScrolledColumn, in_line

if TYPE_CHECKING:
    from medsec_desktop.services.session import Changes
    from medsec_desktop.ui.patients.tab import PatientsTab

_HEADS = {
    "patient_phone": "Phones",
    "patient_address": "Addresses",
    "related_person": "People around",
    "coverage": "Insurance",
    "patient_alert": "Alerts",
}
_REMARKS = {**words.PHONE_KINDS, **words.ADDRESS_KINDS, **words.RANKS}


class MergePage(Page):
    """Differences first, each with its two answers; what is alike on both is said in one line."""

    title = "Merge two files"
    help_page = "duplicates"
    bleeds = True

    def __init__(self, tab: PatientsTab):
        super().__init__(tab)  # type: ignore[arg-type]  # any tab with a desk
        self.preview: MergePreview | None = None
        self.fields: list[SideRow] = []
        self.parts: list[Part] = []
        self.came_from: QWidget | None = None
        self._first: int | None = None
        desk = self.desk
        self.why = Text("", "muted", wrap=True)
        self.pick = PatientPick(desk, "The other file", "The other file: type to find it")
        self.pick.setMaximumWidth(desk.theme.px(480))
        self.pick.chosen.connect(self._picked)
        self.nothing = EmptyState(
            desk.theme,
            "users",
            "Which other file is this patient’s?",
            "Find it by name, date of birth, phone or chart number. Nothing is merged yet.",
        )
        self.scroll = ScrolledColumn("The two files side by side")
        self.scroll.column.setSpacing(16)
        self.merge_button = PrimaryButton("Merge", self.merge, tip="Merge the two files (Ctrl+S)")
        self.exchange_button = PlainButton(
            "Exchange the files",
            lambda: desk.actions.trigger("patient.exchange"),
            tip=f"Let the other file stay ({native(BY_ID['patient.exchange'].key)})",
        )
        self.apart_button = PlainButton(
            "Not the same person", self.tell_apart, tip="Never show this pair again"
        )
        desk.theme.wear(self.exchange_button, "arrow-right-left")
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.merge_button)
        buttons.addWidget(self.exchange_button)
        buttons.addWidget(self.apart_button)
        buttons.addStretch(1)
        self.foot = (self.merge_button,)
        self.body.addLayout(in_line(self.why))
        line = QHBoxLayout()
        line.addWidget(self.pick, 1)
        line.addStretch(1)
        self.body.addLayout(in_line(line))
        self._likely = QVBoxLayout()
        self._likely.setSpacing(8)
        self.body.addLayout(in_line(self._likely))
        self.body.addWidget(self.nothing, 1)
        self.body.addWidget(self.scroll, 1)
        self.body.addLayout(in_line(buttons))
        desk.actions.bind("form.save", self.merge, owner=self)
        desk.actions.bind("patient.exchange", self.exchange, lambda: bool(self.preview), owner=self)

    # -- which two ----------------------------------------------------------------------------

    def begin(self, patient_id: int) -> None:
        """Ask which other file is this patient's as well."""
        self._first = patient_id
        self.preview = None
        hits = self.desk.office.patients.hits((patient_id,))
        name = hits[0].name.listed if hits else ""
        self.why.setText(f"{name}, chart {hits[0].chart_number}" if hits else "")
        self.pick.set_patient(None)
        empty(self._likely)
        likely = self.desk.office.duplicates.of_patient(patient_id)
        for found in likely:
            hit, formats = found.hit, self.desk.office.formats
            about = f"{hit.name.listed}, {formats.birth(hit.birth)}, chart {hit.chart_number}"
            link = LinkButton(about, lambda hit=hit: self.compare(patient_id, hit.id))
            self._likely.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
            self._likely.addWidget(Text(words.likeness(found.reasons), "muted", wrap=True))
        self._show_parts(False)
        self.pick.setFocus()

    def compare(self, survivor_id: int, absorbed_id: int) -> None:
        """Show these two side by side; the first is the one that stays."""
        preview = guarded(
            self.desk, lambda: self.desk.office.merging.preview(survivor_id, absorbed_id)
        )
        if preview is None:
            if self.preview is None:
                self._show_parts(False)
            return
        self._fill(preview)
        self._show_parts(True)
        first = next(iter(self.fields), None)
        if first is not None:
            first.take_focus()
        else:
            self.merge_button.setFocus()

    def exchange(self) -> None:
        """The other file stays, this one goes into it."""
        if self.preview is not None:
            self.compare(self.preview.absorbed.id, self.preview.survivor.id)

    # -- what is done -------------------------------------------------------------------------

    def merge(self) -> None:
        """Make them one as chosen; one step, taken back by Undo and at any later time."""
        preview = self.preview
        if preview is None:
            return
        draft = MergeDraft(
            preview.survivor.id,
            preview.absorbed.id,
            frozenset(row.name for row in self.fields if row.is_right),
            frozenset(part.key for part in self.parts if not part.isChecked()),
            preview.read,
        )
        try:
            # Nothing to choose any more: what it changes must not be compared anew.
            self.preview = None
            self.desk.office.merging.merge(draft)
        except Conflict as moved_on:
            self.preview = preview
            self._compare_again(moved_on)
            return
        except Problem as problem:
            self.preview = preview
            self.desk.messages.problem(problem)
            return
        survivor = preview.survivor
        if self._is_from_list:
            self.leave()  # the next pair waits there
        else:
            self.desk.go.open_patient(survivor.id)
        self.desk.messages.say(
            f"Merged: chart {preview.absorbed.chart_number} goes on in the file of"
            f" {survivor.name.spoken}.",
            undo=True,
            links=(Link("patient", str(survivor.id), survivor.name.listed),),
        )

    def tell_apart(self) -> None:
        """They are two people; the pair is never shown again."""
        if self.preview is None:
            return
        one, other = self.preview.survivor, self.preview.absorbed

        def do() -> bool:
            self.desk.office.duplicates.tell_apart(one.id, other.id)
            return True

        if guarded(self.desk, do):
            self.preview = None
            self.leave()
            self.desk.messages.say(
                f"{one.name.spoken} and {other.name.spoken} are two people.", undo=True
            )

    # -- what the tab asks --------------------------------------------------------------------

    def showing(self) -> None:
        self._compare_again(None)

    def leave(self) -> None:
        """Back to the list or the file one came from."""
        self.tab.go_back(self.came_from)  # type: ignore[attr-defined]

    @property
    def _is_from_list(self) -> bool:
        return isinstance(self.came_from, Page)

    def refresh(self, changes: Changes) -> None:
        """One of the two was changed: show what is on file, the choices kept."""
        preview = self.preview
        if preview is None or not changes.touches(*_HEADS, "patient", "custom_value"):
            return
        self._compare_again(None)

    # -- inside -------------------------------------------------------------------------------

    def _picked(self, patient_id: int | None) -> None:
        if patient_id is not None and self._first is not None:
            self.compare(self._first, patient_id)

    def _compare_again(self, moved_on: Conflict | None) -> None:
        old = self.preview
        if old is None:
            return
        if moved_on is not None:
            self.desk.messages.problem(moved_on)
        chosen = {row.name: row.is_right for row in self.fields}
        kept = {part.key: part.isChecked() for part in self.parts}
        preview = guarded(
            self.desk,
            lambda: self.desk.office.merging.preview(old.survivor.id, old.absorbed.id),
        )
        if preview is None:
            self.preview = None
            self.leave()
            return
        self._fill(preview)
        for row in self.fields:
            row.choose(chosen.get(row.name, row.is_right))
        for part in self.parts:
            part.setChecked(kept.get(part.key, part.isChecked()))

    def _show_parts(self, are_two: bool) -> None:
        for part in (self.scroll, self.merge_button, self.exchange_button, self.apart_button):
            part.setVisible(are_two)
        if are_two:
            empty(self._likely)
        self.pick.setVisible(not are_two)
        self.nothing.setVisible(not are_two)

    def _fill(self, preview: MergePreview) -> None:
        self.preview = preview
        self.why.setText(words.likeness(preview.reasons) or "Nothing on file says they are one.")
        self.fields, self.parts = [], []
        empty(self.scroll.column)
        add = self.scroll.column.addWidget
        for remark in preview.remarks:
            add(Banner(self.desk.theme, "warning", remark))
        add(self._heads(preview))
        different = [field for field in preview.fields if field.differs]
        grid = _Grid("What differs", self.desk.theme.px(LABEL_WIDTH))
        for field in different:
            mine, other = (
                words.field_value(field.name, each) for each in (field.mine, field.other)
            )
            row = SideRow(field.name, field.label, mine, other, is_right=field.takes_other)
            row.place(grid.grid, grid.next_row())
            self.fields.append(row)
        if different:
            add(grid)
        for table, title in _HEADS.items():
            rows = [part for part in preview.parts if part.table == table]
            if rows:
                add(self._part_grid(title, rows))
        same = [
            f"{field.label.lower()} {words.field_value(field.name, field.mine)}"
            for field in preview.fields
            if not field.differs and field.mine
        ]
        if same:
            add(Text(f"The same on both: {', '.join(same)}.", "muted", wrap=True))
        moves = ", ".join(f"{move.count:,} {move.noun}" for move in preview.moves)
        add(
            Text(
                f"Moves along: {moves}."
                if moves
                else "Nothing else is attached to the other file.",
                "strong" if moves else "muted",
                wrap=True,
            )
        )
        self.scroll.column.addStretch(1)
        steps: list[SideRow | Part] = [*self.fields, *self.parts]
        for at, step in enumerate(steps):
            step.stepped.connect(lambda down, at=at: self._step(at + down))
        self.scroll.verticalScrollBar().setValue(0)

    def _step(self, at: int) -> None:
        steps: list[SideRow | Part] = [*self.fields, *self.parts]
        if at >= len(steps):
            self.merge_button.setFocus(Qt.FocusReason.TabFocusReason)
        elif at >= 0:
            step = steps[at]
            if isinstance(step, SideRow):
                step.take_focus()
                self.scroll.ensureWidgetVisible(step.sides[0], 0, 60)
            else:
                step.setFocus(Qt.FocusReason.TabFocusReason)
                self.scroll.ensureWidgetVisible(step, 0, 60)

    def _heads(self, preview: MergePreview) -> QWidget:
        heads = _Grid("", self.desk.theme.px(LABEL_WIDTH))
        heads.grid.addWidget(Text(""), 0, 0)  # else Qt leaves out the gap beside it
        for column, (said, hit) in enumerate(
            (("This file stays", preview.survivor), ("Goes into it", preview.absorbed)), 1
        ):
            heads.grid.addWidget(self._head(said, hit), 0, column)
        return heads

    def _head(self, said: str, hit: PatientHit) -> QWidget:
        formats = self.desk.office.formats
        card = QFrame()
        card.setProperty("kind", "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(2)
        column.addWidget(Text(said, "caption"))
        column.addWidget(ElidedLabel(hit.name.listed, "strong"))
        facts = [formats.birth(hit.birth), f"Chart {hit.chart_number}"]
        facts += [formats.phone(hit.phone)] if hit.phone else []
        column.addWidget(ElidedLabel("  ·  ".join(fact for fact in facts if fact), "muted"))
        after = formats.when(hit.next_visit_at) if hit.next_visit_at else ""
        column.addWidget(
            ElidedLabel(f"Next visit {after}" if after else "No visit to come", "muted")
        )
        return card

    def _part_grid(self, title: str, rows: list[PartRow]) -> QWidget:
        grid = _Grid("", self.desk.theme.px(LABEL_WIDTH))
        mine = [row for row in rows if row.is_mine]
        other = [row for row in rows if not row.is_mine]
        columns: list[list[Part]] = []
        for side in (mine, other):
            made = []
            for row in side:
                remark = _REMARKS.get(row.remark, row.remark).lower()
                remark += (", " if remark else "") + "the same" if row.is_twice else ""
                made.append(Part(row.key, row.text, remark, not row.is_twice))
            columns.append(made)
        for number, (left, right) in enumerate(zip_longest(*columns)):
            line = grid.next_row()
            grid.grid.addWidget(Text("" if number else title, "muted"), line, 0)
            for at, part in ((1, left), (2, right)):
                if part is not None:
                    grid.grid.addWidget(part, line, at)
        for made in columns:
            self.parts += made
        return grid


class _Grid(QWidget):
    """Label, left, right: the same columns in every part of the page."""

    def __init__(self, title: str, label_width: int):
        super().__init__()
        self.grid = QGridLayout()
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setHorizontalSpacing(12)
        self.grid.setVerticalSpacing(4)
        self.grid.setColumnMinimumWidth(0, label_width)
        self.grid.setColumnStretch(1, 1)
        self.grid.setColumnStretch(2, 1)
        self._rows = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        if title:
            column.addWidget(Text(title, "heading"))
        column.addLayout(self.grid)

    def next_row(self) -> int:
        """The number of a further row."""
        self._rows += 1
        return self._rows
