"""Taking two merged files apart: what goes back by itself, and a question for each thing since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QWidget

from medsec_desktop.problems import Link, Problem
from medsec_desktop.services.patients.unmerging import UnmergePlan
from medsec_desktop.ui.patients import words
from medsec_desktop.ui.patients.file_section import empty
from medsec_desktop.ui.patients.merging.sides import LABEL_WIDTH, SideRow
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import PlainButton, PrimaryButton, Text
from medsec_desktop.ui.widgets.page import Page
from medsec_desktop.ui.widgets.scrolled import ScrolledColumn, in_line

if TYPE_CHECKING:
    from medsec_desktop.services.session import Changes
    from medsec_desktop.ui.patients.tab import PatientsTab

_KINDS = {"added": "Added since", "changed": "Changed since", "field": "Typed since"}


class UnmergePage(Page):
    """Both files come back; each thing added or changed since stays here or goes to the other."""

    title = "Take two files apart"
    help_page = "duplicates"
    bleeds = True

    def __init__(self, tab: PatientsTab):
        super().__init__(tab)  # type: ignore[arg-type]  # any tab with a desk
        self.came_from: QWidget | None = None
        self.plan: UnmergePlan | None = None
        self.questions: list[SideRow] = []
        self.why = Text("", "body", wrap=True)
        self.scroll = ScrolledColumn("What was added or changed since")
        self.scroll.column.setSpacing(16)
        self.two_people = QCheckBox("They are two people: do not show this pair again")
        self.apart_button = PrimaryButton(
            "Take apart", self.take_apart, tip="Take the two files apart (Ctrl+S)"
        )
        self.cancel_button = PlainButton("Leave them merged", self.leave, tip="Esc")
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.apart_button)
        buttons.addWidget(self.cancel_button)
        buttons.addStretch(1)
        self.foot = (self.apart_button,)
        self.body.addLayout(in_line(self.why))
        self.body.addWidget(self.scroll, 1)
        self.body.addLayout(in_line(self.two_people))
        self.body.addLayout(in_line(buttons))
        self.desk.actions.bind("form.save", self.take_apart, owner=self)

    def ask(self, merge_id: int) -> bool:
        """Show what taking this merge apart would do; False where it cannot be now."""
        self.plan = guarded(self.desk, lambda: self.desk.office.unmerging.plan(merge_id))
        if self.plan is None:
            return False
        self.two_people.setChecked(True)
        self._fill(self.plan)
        self._first_focus()
        return True

    def take_apart(self) -> None:
        """Do it, in one step that Undo takes back."""
        plan = self.plan
        if plan is None:
            return
        goes = frozenset(row.name for row in self.questions if row.is_right)
        try:
            self.plan = None  # nothing to ask any more
            self.desk.office.unmerging.unmerge(
                plan, goes, are_two_people=self.two_people.isChecked()
            )
        except Problem as problem:
            self.plan = plan
            self.desk.messages.problem(problem)
            return
        self.desk.go.open_patient(plan.absorbed.id)
        names = f"{plan.survivor.name.spoken} and {plan.absorbed.name.spoken}"
        here = Link("patient", str(plan.survivor.id), plan.survivor.name.listed)
        self.desk.messages.say(f"Two files again: {names}.", undo=True, links=(here,))

    def leave(self) -> None:
        """Back to the file one came from."""
        self.tab.go_back(self.came_from)  # type: ignore[attr-defined]

    def refresh(self, changes: Changes) -> None:
        """Something was added or changed meanwhile: ask about that as well."""
        plan = self.plan
        if plan is None:
            return
        answers = {row.name: row.is_right for row in self.questions}
        self.plan = guarded(self.desk, lambda: self.desk.office.unmerging.plan(plan.merge_id))
        if self.plan is None:
            self.leave()
            return
        self._fill(self.plan)
        for row in self.questions:
            row.choose(answers.get(row.name, row.is_right))

    def _fill(self, plan: UnmergePlan) -> None:
        office = self.desk.office
        merged = office.formats.when(plan.merged_at)
        count = plan.goes_back
        back = f"{count:,} thing{' goes' if count == 1 else 's go'} back to it" if count else ""
        other = f"{plan.absorbed.name.listed}, chart {plan.absorbed.chart_number}"
        here = f"{plan.survivor.name.listed}, chart {plan.survivor.chart_number}"
        self.why.setText(
            f"Merged {merged}. The file of {other}, comes back as it was"
            + (f"; {back}." if back else ".")
        )
        self.questions = []
        empty(self.scroll.column)
        if not plan.since:
            self.scroll.column.addWidget(
                Text("Nothing was added or changed since: there is nothing to ask.", "muted")
            )
        else:
            self.scroll.column.addWidget(self._grid(plan, here, other))
        self.scroll.column.addStretch(1)

    def _grid(self, plan: UnmergePlan, here: str, other: str) -> QWidget:
        page = QWidget()
        grid = QGridLayout(page)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(12)
        grid.setColumnMinimumWidth(0, 2 * self.desk.theme.px(LABEL_WIDTH))
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        grid.addWidget(Text("Added or changed since", "caption"), 0, 0)
        grid.addWidget(Text(here, "caption", wrap=True), 0, 1)
        grid.addWidget(Text(other, "caption", wrap=True), 0, 2)
        for at, since in enumerate(plan.since):
            name, colon, value = since.text.partition(": ")
            if since.kind == "field":
                value = words.field_value(since.key.partition(":")[2], value)
            label = f"{name}{colon}{value}\n{_KINDS[since.kind]}"
            row = SideRow(since.key, label, "Stays here", "Goes there", is_right=since.goes)
            row.place(grid, at + 1)
            row.stepped.connect(lambda down, at=at: self._step(at + down))
            self.questions.append(row)
        return page

    def _step(self, at: int) -> None:
        if at >= len(self.questions):
            self.apart_button.setFocus(Qt.FocusReason.TabFocusReason)
        elif at >= 0:
            self.questions[at].take_focus()
            self.scroll.ensureWidgetVisible(self.questions[at].sides[0], 0, 60)

    def _first_focus(self) -> None:
        if self.questions:
            self.questions[0].take_focus()
        else:
            self.apart_button.setFocus(Qt.FocusReason.TabFocusReason)
