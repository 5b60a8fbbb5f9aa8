"""The dry run: for each clearing house which claims would go, which would not and why; then writing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.problems import Link
from medsec_desktop.ui.claims.wording import amount, counted
from medsec_desktop.ui.rows import Column, RowsView
from medsec_desktop.ui.widgets import (
    Banner,
    EmptyState,
    FastList,
    Field,
    Hairline,
    ListRow,
    PlainButton,
    PrimaryButton,
    Text,
)

if TYPE_CHECKING:
    from medsec_desktop.services.claims.files import FilePlan, FileReport
    from medsec_desktop.ui.desk import Desk

_WARNINGS_SHOWN = 4


_HOW = (
    "Say of claims that they may go (Alt+Shift+R), and those whose payers take files are put into them "
    "here. The forms of the others are printed from Ready to go (Alt+Shift+P)."
)


class PlanView(QWidget):
    """`written` carries the report once files are on the drive."""

    written = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self._ids: list[int] | None = None
        self.plans: tuple[FilePlan, ...] = ()
        self._is_busy = False
        theme = desk.theme
        self.table = RowsView(
            theme,
            [
                Column("To", lambda plan: plan.receiver, width=0),
                Column("Claims", lambda plan: f"{len(plan.claims):,}", lambda plan: len(plan.claims),
                       8, "right"),
                Column("Amount", lambda plan: amount(plan.total_cents), lambda plan: plan.total_cents,
                       12, "right"),
                Column("Left out", lambda plan: f"{len(plan.refused):,}" if plan.refused else "",
                       lambda plan: len(plan.refused), 9, "right"),
                Column("", lambda plan: "Test" if plan.is_test else "", width=6),
            ],
            "Files that would be written",
        )  # fmt: skip
        self.table.setSelectionMode(RowsView.SelectionMode.SingleSelection)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._show_plan())
        self.table.chosen.connect(lambda _: self.claims.setFocus())
        self.banner = Banner(theme, "warning", "")
        self.banner.hide()
        self.heading = Text("", "strong")
        self.claims = FastList(theme, "Claims of the file", two_lines=True)
        self.claims.chosen.connect(self._open)
        self.empty = EmptyState(
            theme,
            "file-up",
            "Nothing is ready",
            _HOW,
        )
        left, right = QWidget(), QWidget()
        side = QVBoxLayout(left)
        side.setContentsMargins(16, 12, 16, 12)
        side.addWidget(self.table)
        inner = QVBoxLayout(right)
        inner.setContentsMargins(16, 12, 16, 12)
        inner.setSpacing(8)
        inner.addWidget(self.banner)
        inner.addWidget(self.heading)
        inner.addWidget(self.claims, 1)
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(left, 5)
        row.addWidget(Hairline(vertical=True))
        row.addWidget(right, 6)
        self.pages = QStackedWidget()
        self.pages.addWidget(both)
        self.pages.addWidget(self.empty)
        self.folder = QLineEdit()
        self.folder.setPlaceholderText("The folder the clearing house’s program looks into")
        self.choose_button = PlainButton("Choose…", self.choose)
        self.write_button = PrimaryButton("Write", self.write)
        self.foot = QWidget()
        foot = QHBoxLayout(self.foot)
        foot.setContentsMargins(16, 8, 16, 12)
        foot.setSpacing(8)
        label = Field("Folder", self.folder)
        foot.addWidget(label, 1)
        for button in (self.choose_button, self.write_button):
            column = QVBoxLayout()
            column.addStretch(1)
            column.addWidget(button)
            foot.addLayout(column)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.pages, 1)
        whole.addWidget(Hairline())
        whole.addWidget(self.foot)
        desk.actions.bind("form.save", self.write, self._why_not_write, owner=self,
                          text=lambda: "Write the files")  # fmt: skip

    # -- looking --------------------------------------------------------------------------------

    def plan(self, ids: list[int] | None) -> None:
        """See what would be written; each claim is checked once more, away from the screen."""
        self._ids = ids
        self._show_plans(())
        self.empty.say("Looking at the claims…", "Each is checked once more.")
        files = self._desk.office.claim_files
        self._desk.jobs.run(
            "Look at the claims", lambda progress: files.plan(ids, progress), self._planned
        )

    def _planned(self, plans: Sequence[FilePlan]) -> None:
        self.empty.say("No claim is to go in a file", _HOW)
        self._show_plans(plans)
        self.take_focus()

    def _show_plans(self, plans: Sequence[FilePlan]) -> None:
        self.plans = tuple(plans)
        self.table.set_rows(self.plans)
        self.pages.setCurrentIndex(0 if self.plans else 1)
        to_write = self._to_write
        self.foot.setVisible(
            bool(to_write) and self._desk.office.session.may(Permission.EDIT_CLAIMS)
        )
        words = counted(len(to_write), "file", "files")
        self.write_button.setText(f"Write {words}")
        self.write_button.setAccessibleName(f"Write {words}")
        if not self.folder.text():
            self.folder.setText(next((plan.folder for plan in self.plans if plan.folder), ""))
        if self.plans:
            self.table.selectRow(0)

    @property
    def _to_write(self) -> list[FilePlan]:
        return [plan for plan in self.plans if plan.may_be_written]

    def _show_plan(self) -> None:
        plan = self.table.marked_row()
        if plan is None:
            return
        formats = self._desk.office.formats
        rows = [self._refused(one) for one in plan.refused]
        rows += [
            ListRow(
                row.id,
                row.name.listed,
                f"Claim {row.number}  ·  {row.payer_name}  ·  {formats.date(row.first_on)}",
                trailing=amount(row.total_cents),
            )
            for row in plan.claims
        ]
        self.claims.set_rows(rows, preselect=False)
        goes = counted(len(plan.claims), "claim goes", "claims go")
        held = f", {counted(len(plan.refused), 'is', 'are')} left out" if plan.refused else ""
        self.heading.setText(
            f"{goes} to {plan.receiver}{held}" if plan.claims else f"Nothing goes{held}"
        )
        shown = plan.warnings[:_WARNINGS_SHOWN]
        more = len(plan.warnings) - len(shown)
        text = "\n".join((*shown, f"and {more:,} more") if more > 0 else shown)
        self.banner.show_message("warning", text)
        self.banner.setVisible(bool(text))

    def _refused(self, one: Any) -> ListRow:
        row = self._desk.office.claims.row(one.id)
        words = one.words if row.number in one.words else f"Claim {row.number}: {one.words}"
        return ListRow(
            one.id,
            row.name.listed,
            words,
            mark="Left out",
            tone="danger",
        )

    def _open(self, claim_id: int) -> None:
        self._desk.go.open_link(Link("claim", str(claim_id), ""))

    def take_focus(self) -> None:
        (self.table if self.plans else self).setFocus()

    # -- writing --------------------------------------------------------------------------------

    def choose(self) -> None:
        """Ask for the folder."""
        self._desk.prompts.choose_folder(
            "Where to?", self.folder.setText, folder=self.folder.text()
        )

    def write(self) -> None:
        """Write every file; asks for the folder where none is named."""
        if not self._to_write or self._is_busy:
            return
        if not self.folder.text().strip():

            def chosen(folder: str) -> None:
                self.folder.setText(folder)
                if folder:
                    self.write()

            self._desk.prompts.choose_folder("Where to?", chosen)
            return
        plans, folder = self._to_write, Path(self.folder.text().strip())
        files = self._desk.office.claim_files
        self._is_busy = True
        title = f"Write {counted(len(plans), 'file', 'files')} of claims"
        self._desk.jobs.run(
            title,
            lambda progress: files.write(plans, folder, progress),
            self._done,
            lambda error: self._failed(title, error),
        )

    def _failed(self, title: str, error: BaseException) -> None:
        self._is_busy = False
        self._desk.jobs.on_failure(title, error)
        self.plan(self._ids)

    def _done(self, report: FileReport) -> None:
        self._is_busy = False
        if not report.batches:
            first = report.refused[0].words if report.refused else ""
            self._desk.messages.say(f"Nothing was written. {first}".strip(), tone="refused")
            self.plan(self._ids)
            return
        words = (
            f"{counted(report.claims, 'claim', 'claims')} written in"
            f" {counted(len(report.batches), 'file', 'files')}."
        )
        if report.refused:
            words += f" {len(report.refused)} left out: {report.refused[0].words}"
        self._desk.messages.say(words, tone="refused" if report.refused else "done")
        self.written.emit(report)

    def _why_not_write(self) -> bool | str:
        return bool(self._to_write) or "There is nothing to write."
