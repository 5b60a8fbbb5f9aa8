"""Taking in a table of codes: which column is what, what is in the first rows, then the whole of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from medsec_desktop.services.claims.tables import TARGETS, ProcedureTable, faults, look_through
from medsec_desktop.ui.widgets import (
    Banner,
    Choice,
    ElidedLabel,
    PlainButton,
    PrimaryButton,
    Text,
)

if TYPE_CHECKING:
    from medsec_desktop.services.claims.charge_records import TakenIn
    from medsec_desktop.services.progress import Progress
    from medsec_desktop.ui.desk import Desk

TakeIn: TypeAlias = Callable[[ProcedureTable, Sequence[str], "Progress"], "TakenIn"]
_MOST_TOLD = 8


class TableSheet(QDialog):
    """Shows the columns with what they probably are; the button takes the table in, with progress."""

    def __init__(
        self,
        desk: Desk,
        table: ProcedureTable,
        title: str,
        take_in: TakeIn,
        parent: QWidget,
        *,
        notice: str = "",
        wants_fee: bool = False,
    ):
        super().__init__(parent)
        self._desk, self._table, self._title = desk, table, title
        self._take_in, self._wants_fee = take_in, wants_fee
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.choices = [
            Choice([("", "Left aside"), *TARGETS.items()], column.target)
            for column in table.columns
        ]
        self.problem = Banner(desk.theme, "warning", "")
        self.problem.hide()
        self.licence = QCheckBox("The practice has what license these codes and words need")
        if not notice:
            self.licence.hide()
        self.take_button = PrimaryButton("Take in", self.take_in)
        self.cancel_button = PlainButton("Cancel", self.reject)
        self._lay_out(notice)
        for choice in self.choices:
            choice.currentIndexChanged.connect(lambda _: self._look())
        self.licence.toggled.connect(lambda _: self._look())
        self.finished.connect(self.deleteLater)
        self._look()

    def _lay_out(self, notice: str) -> None:
        theme = self._desk.theme
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        for at, words in enumerate(("Column", "For example", "Becomes")):
            grid.addWidget(Text(words, "small"), 0, at)
        for row, (column, choice) in enumerate(
            zip(self._table.columns, self.choices, strict=True), start=1
        ):
            choice.setAccessibleName(f"Column {column.heading} becomes")
            choice.setMinimumWidth(theme.px(216))  # else the examples take the room of its words
            grid.addWidget(Text(column.heading or "(no name)", "strong"), row, 0)
            grid.addWidget(ElidedLabel(", ".join(column.samples), "muted"), row, 1)
            grid.addWidget(choice, row, 2)
        grid.setColumnStretch(1, 1)
        inner = QWidget()
        inner.setProperty("kind", "surface")
        inner.setLayout(grid)
        grid.setContentsMargins(0, 0, 12, 0)
        grid.setAlignment(Qt.AlignmentFlag.AlignTop)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inner)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.take_button)
        rows = "1 row" if self._table.rows == 1 else f"{self._table.rows:,} rows"
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(Text(self._title, "heading"))
        column.addWidget(Text(f"“{self._table.path.name}”, {rows}", "muted", wrap=True))
        column.addWidget(scroll, 1)
        if notice:
            column.addWidget(Text(notice, "small", wrap=True))
            column.addWidget(self.licence)
        column.addWidget(self.problem)
        column.addLayout(foot)
        self.resize(theme.px(640), theme.px(520))

    @property
    def targets(self) -> list[str]:
        """What each column becomes."""
        return [str(choice.value() or "") for choice in self.choices]

    def _look(self) -> None:
        wrong = faults(self.targets, wants_fee=self._wants_fee)
        self.problem.show_message("warning", wrong[0] if wrong else "")
        self.problem.setVisible(bool(wrong))
        needs_tick = not self.licence.isHidden() and not self.licence.isChecked()
        self.take_button.setEnabled(not wrong and not needs_tick)

    def take_in(self) -> None:
        """Take the table in away from the screen; what could not be taken in is told row by row."""
        if not self.take_button.isEnabled():
            return
        desk, table, targets = self._desk, self._table, self.targets
        self.accept()
        desk.jobs.run(
            self._title,
            lambda progress: self._take_in(table, targets, progress),
            lambda taken: tell_taken(desk, taken, table.path),
        )


def tell_taken(desk: Desk, taken: TakenIn, path: Path) -> None:
    """Say what became of a table, with its rows that were left out to be read."""
    offers = []
    if taken.refused:
        told = "\n".join(taken.refused[:_MOST_TOLD])
        more = len(taken.refused) - _MOST_TOLD
        if more > 0:
            told += f"\n… and {more:,} more."
        offers = [
            (
                "What was left out",
                lambda: desk.prompts.ask(f"Left out of “{path.name}”", told, ["Close"], _nothing),
            )
        ]
    desk.messages.say(taken.words(), undo=True, offers=offers)


def _nothing(_: str) -> None:
    pass


def choose_table(
    desk: Desk,
    parent: QWidget,
    title: str,
    take_in: TakeIn,
    *,
    notice: str = "",
    wants_fee: bool = False,
) -> None:
    """Ask for a file, look it through away from the screen, and show its columns."""

    def looked(table: ProcedureTable) -> None:
        TableSheet(desk, table, title, take_in, parent, notice=notice, wants_fee=wants_fee).open()

    def chosen(path: str) -> None:
        desk.jobs.run("Looking through the table", lambda _: look_through(Path(path)), looked)

    desk.prompts.choose_file(title, chosen, pattern="Tables (*.csv *.txt *.tsv);;All files (*)")
