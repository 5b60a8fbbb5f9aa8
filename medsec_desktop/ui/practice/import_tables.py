"""The tables of an import: what each file becomes, who comes in, who may be on file, what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from medsec_desktop.domain.formats import Formats
from medsec_desktop.domain.people import PartialDate
from medsec_desktop.services.imports import (
    AsideRow,
    Choice,
    DuplicateRow,
    ImportPlan,
    ImportProblem,
    ImportReport,
    TableCount,
)
from medsec_desktop.ui.rows import Column, RowsView
from medsec_desktop.ui.theme import Theme
from medsec_desktop.ui.widgets import PlainButton, Text

_CHOSEN = {
    Choice.SKIP: "Skip",
    Choice.IMPORT: "Take as another person",
    Choice.ATTACH: "Merge into the file here",
}
_BECOMES = {
    "new": "New",
    "changed": "Changed",
    "unchanged": "On file, the same",
    "kept": "On file, edited here",
    "skipped": "Skipped",
    "attached": "Merged into",
}


def _number(name: str) -> Callable[[TableCount], str]:
    return lambda table: f"{getattr(table, name):,}" if getattr(table, name) else "–"


def _same(table: TableCount) -> int:
    return table.unchanged + table.kept


def _accounted(table: TableCount) -> int:
    return table.skipped + table.merged + table.set_aside + table.attached


def _how_accounted(table: TableCount) -> str:
    """Rows that make no record of their own, in words."""
    parts = [
        f"{number:,} {words}"
        for number, words in (
            (table.merged, "part of another row"),
            (table.set_aside, "no insurance"),
            (table.attached, "merged into files here"),
            (table.skipped, "skipped"),
            (table.kept, "edited here"),
        )
        if number
    ]
    return ", ".join(parts)


def count_columns() -> tuple[Column, ...]:
    """What becomes of the rows of each file."""

    def numeric(title: str, name: str, width: int = 8) -> Column:
        return Column(title, _number(name), lambda table: getattr(table, name), width, "right")

    return (
        Column("What", lambda table: table.what, width=15),
        Column("File", lambda table: table.file, width=22),
        numeric("Rows", "rows"),
        numeric("New", "new"),
        numeric("Changed", "changed"),
        Column("The same", lambda table: f"{_same(table):,}" if _same(table) else "–", _same, 8,
               "right"),
        numeric("Left out", "left_out"),
        Column("Other rows", _how_accounted, _accounted, 0),
    )  # fmt: skip


def people_columns(formats: Formats) -> tuple[Column, ...]:
    """Each patient of the file, and what becomes of her, field by field."""
    return (
        Column("Row", lambda row: str(row.row), lambda row: row.row, 6, "right"),
        Column("Name", lambda row: row.name, width=28),
        Column("Born", lambda row: _born(row.birth_date, formats), lambda row: row.birth_date, 12),
        Column("Sex", lambda row: {"F": "Female", "M": "Male"}.get(row.sex, "Unknown"), width=9),
        Column("Place", lambda row: row.place, width=20, gives_way=1),
        Column("Becomes", lambda row: _BECOMES.get(row.becomes, row.becomes), width=18),
        Column("What changes", lambda row: row.details, width=0, least=24),
    )


def visit_columns(formats: Formats) -> tuple[Column, ...]:
    """The first visits of a calendar file, as they will stand in the calendar."""
    return (
        Column("Line", lambda row: str(row.row), lambda row: row.row, 6, "right"),
        Column("When", lambda row: formats.when(row.starts_at), lambda row: row.starts_at, 20),
        Column("Minutes", lambda row: str(row.duration_min), lambda row: row.duration_min, 8,
               "right"),
        Column("Patient", lambda row: row.patient, width=24),
        Column("With", lambda row: row.provider, width=22),
        Column("In the file", lambda row: row.title, width=0),
    )  # fmt: skip


def duplicate_columns(formats: Formats) -> tuple[Column, ...]:
    """Patients who seem to be on file already, and what is to be done with them."""
    return (
        Column("Row", lambda row: str(row.row), lambda row: row.row, 5, "right"),
        Column("In the file", lambda row: row.name, width=20),
        Column("Born", lambda row: _born(row.birth_date, formats), lambda row: row.birth_date, 11),
        Column("On file here", lambda row: row.existing, width=27),
        Column("Because of", lambda row: row.reason, width=0),
        Column("What to do", lambda row: _CHOSEN[row.choice], width=24),
    )


def problem_columns() -> tuple[Column, ...]:
    """Rows left out, and rows taken in with a remark."""
    return (
        Column("File", lambda row: row.file, width=24),
        Column("Row", lambda row: str(row.row or ""), lambda row: row.row, 8, "right"),
        Column("Result", lambda row: "Left out" if row.is_left_out else "Taken in", width=12),
        Column("Remark", lambda row: row.sentence, width=0),
    )


def aside_columns() -> tuple[Column, ...]:
    """Files and columns that this version has no place for."""
    return (
        Column("File", lambda row: row.file, width=26),
        Column("Rows", lambda row: f"{row.rows:,}" if row.rows >= 0 else "", lambda row: row.rows,
               10, "right"),
        Column("Holds", lambda row: row.holds, width=0),
    )  # fmt: skip


def _born(iso: str, formats: Formats) -> str:
    return formats.birth(PartialDate.from_iso(iso)) if iso else "unknown"


class OutcomeTabs(QTabWidget):
    """Everything a plan or a report says, a tab each; the tab titles carry the numbers."""

    def __init__(self, theme: Theme, formats: Formats, parent: QWidget | None = None):
        super().__init__(parent)
        self.setDocumentMode(True)
        self.tabBar().setDrawBase(False)
        self.setAccessibleName("What the import does")
        self.counts = RowsView(theme, count_columns(), "What becomes of each file")
        self.people = RowsView(theme, people_columns(formats), "Each patient of the file")
        self.visits = RowsView(theme, visit_columns(formats), "The first visits")
        self.duplicates = RowsView(
            theme, duplicate_columns(formats), "Patients who seem to be on file already"
        )
        self.problems = RowsView(theme, problem_columns(), "Problems, row by row")
        self.aside = RowsView(theme, aside_columns(), "Not taken in by this version")
        for view in (
            self.counts, self.people, self.visits, self.duplicates, self.problems, self.aside,
        ):  # fmt: skip
            view.setFrameShape(RowsView.Shape.NoFrame)
        self.choose_skip = PlainButton("&Skip", lambda: self._choose(Choice.SKIP))
        self.choose_import = PlainButton(
            "Take as &another person", lambda: self._choose(Choice.IMPORT)
        )
        self.choose_attach = PlainButton(
            "&Merge into the file here", lambda: self._choose(Choice.ATTACH)
        )
        self._duplicates_page = self._page_of_duplicates()
        self._pages: tuple[tuple[QWidget, str], ...] = (
            (self.counts, "Files"),
            (self.people, "Person by person"),
            (self.visits, "First visits"),
            (self._duplicates_page, "On file already"),
            (self.problems, "Problems"),
            (self.aside, "Not taken in"),
        )

    def show_plan(self, plan: ImportPlan) -> None:
        """What would happen, with a choice for every patient who seems to be on file."""
        self._show(plan, is_plan=True)

    def show_report(self, report: ImportReport) -> None:
        """What happened; the choices are made."""
        self._show(report, is_plan=False)

    @property
    def choices(self) -> dict[str, Choice]:
        """What was decided, by foreign id."""
        return {row.external_id: row.choice for row in self.duplicates.rows.rows}

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Everything in the tabs that takes the focus, in its order."""
        return (
            self.counts,
            self.people,
            self.visits,
            self.duplicates,
            *self._choice_buttons,
            self.problems,
            self.aside,
        )

    def _show(self, of: ImportPlan | ImportReport, *, is_plan: bool) -> None:
        self.counts.set_rows(of.tables)
        self.people.set_rows(of.people)
        visits = of.visits if isinstance(of, ImportPlan) else ()
        self.visits.set_rows(visits)
        self.duplicates.set_rows(of.duplicates)
        self.problems.set_rows(_worst_first(of.problems))
        self.aside.set_rows(_aside_rows(of))
        self._instructions.setVisible(is_plan)
        for button in self._choice_buttons:
            button.setVisible(is_plan)
        current = self.currentWidget()
        self.clear()
        numbers = {
            "On file already": len(of.duplicates),
            "Problems": len(of.problems) + of.problems_unlisted,
            "Not taken in": len(of.aside) + len(of.columns_aside),
        }
        for page, title in self._pages:
            number = numbers.get(title)
            if number == 0 or (page is self.people and not of.people):
                continue
            if page is self.visits and not visits:
                continue
            self.addTab(page, f"{title} ({number:,})" if number else title)
        at = self.indexOf(current) if current is not None else -1
        self.setCurrentIndex(max(0, at))
        if self.duplicates.rows.rows:
            self.duplicates.selectRow(0)

    @property
    def _choice_buttons(self) -> tuple[PlainButton, ...]:
        return self.choose_skip, self.choose_import, self.choose_attach

    def _page_of_duplicates(self) -> QWidget:
        page = QWidget()
        self._instructions = Text(
            "Select one or several and say what to do. A file that is merged into keeps what it says"
            " here, and gets what it does not say yet.",
            "muted",
            wrap=True,
        )
        buttons = QHBoxLayout()
        buttons.setContentsMargins(12, 8, 12, 8)
        buttons.setSpacing(8)
        buttons.addWidget(self._instructions, 1)
        for button in self._choice_buttons:
            buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.duplicates, 1)
        column.addLayout(buttons)
        return page

    def _choose(self, choice: Choice) -> None:
        """Give every selected row this choice, and go on to the next one."""
        selected = {row.external_id for row in self.duplicates.selected_rows()}
        if not selected:
            return
        at = self.duplicates.currentIndex().row()
        self.duplicates.set_rows(
            [
                _with_choice(row, choice) if row.external_id in selected else row
                for row in self.duplicates.rows.rows
            ]
        )
        last = self.duplicates.order.rowCount() - 1
        self.duplicates.selectRow(min(at + 1, last))
        self.duplicates.setFocus()


def _with_choice(row: DuplicateRow, choice: Choice) -> DuplicateRow:
    return replace(row, choice=choice)


def _worst_first(problems: Sequence[ImportProblem]) -> list[ImportProblem]:
    return sorted(problems, key=lambda problem: not problem.is_left_out)


def _aside_rows(of: ImportPlan | ImportReport) -> list[AsideRow]:
    """Whole files first, then the columns of the others; -1 rows where a number has no meaning."""
    columns = [
        AsideRow(file, f"Columns: {', '.join(names)}", -1) for file, names in of.columns_aside
    ]
    whole = [
        AsideRow(row.file, f"{row.holds[:1].upper()}{row.holds[1:]}", row.rows) for row in of.aside
    ]
    return whole + columns
