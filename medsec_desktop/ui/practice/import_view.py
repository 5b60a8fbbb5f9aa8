"""The import: choose a file or folder, say what its columns are, look at what it would do, take it
in, read what happened."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.problems import Problem
from medsec_desktop.services.imports import ImportOptions, ImportPlan, ImportReport, TableChoice
from medsec_desktop.services.progress import Progress
from medsec_desktop.services.session import Changes
from medsec_desktop.ui.desk import Desk
from medsec_desktop.ui.jobs import Cancelled, Job
from medsec_desktop.ui.practice.import_mapping import MappingPage
from medsec_desktop.ui.practice.import_tables import OutcomeTabs
from medsec_desktop.ui.practice.import_words import (
    INVITATION,
    MEANWHILE,
    PATTERNS,
    WRITING,
    button_words,
    plan_words,
    size_words,
)
from medsec_desktop.ui.practice.import_working import WorkingPage
from medsec_desktop.ui.practice.side_window import SideWindow
from medsec_desktop.ui.widgets import (
    Banner,
    Choice,
    ElidedLabel,
    EmptyState,
    Field,
    PlainButton,
    PrimaryButton,
    Text,
)


class ImportDialog(SideWindow):
    """A window beside the main one: work goes on there while an import runs.

    Closing it does not stop an import under way; its end is told in the main window.
    """

    help_page = "import"

    def __init__(self, desk: Desk, window: QWidget):
        super().__init__(desk, window, "Import")
        self._imports = desk.office.imports
        self._job: Job | None = None
        self._path: Path | None = None
        self._kind = "synthea"
        self._options = ImportOptions()
        self.plan: ImportPlan | None = None
        self.report: ImportReport | None = None
        self.setAcceptDrops(True)
        self._build()
        self._choose_screen()
        self.open_at(1080, 680)
        desk.bus.changed.connect(self._changed)

    # -- its parts -----------------------------------------------------------------------------

    def _build(self) -> None:
        theme = self._desk.theme
        self.title = ElidedLabel("Import", "title")
        self.remark = Text("", "muted", wrap=True)
        self.strip_digits = QCheckBox("Take the digits off names")
        self.strip_digits.setToolTip(
            "Synthea marks invented people with digits: “Maynard46”. Kept, they are found here by"
            " the name they have there."
        )
        self.strip_digits.toggled.connect(lambda _: self._look_again())
        self.provider = Choice([(0, "Nobody: leave them out")], 0)
        self.provider.setMinimumContentsLength(24)
        self.provider.setAccessibleName("Whose the events are that name nobody")
        self.provider.activated.connect(lambda _: self._look_again())
        self.provider_field = Field("Events that name no provider go to", self.provider)
        self.banner = Banner(theme, "info", "")
        self.tabs = OutcomeTabs(theme, self._desk.office.formats)
        self.tabs.setAccessibleName("What the import does")
        outcome = QWidget()
        column = QVBoxLayout(outcome)
        column.setContentsMargins(24, 0, 24, 0)
        column.setSpacing(12)
        column.addWidget(self.banner)
        column.addWidget(self.tabs, 1)

        self.start = EmptyState(
            theme,
            "download",
            *INVITATION,
            "Choose a &file…",
            self.choose_file,
        )
        self.folder_button = PlainButton("Choose a f&older…", self.choose_folder)
        self.start.beside(self.folder_button)
        self.not_allowed = EmptyState(
            theme,
            "lock",
            "Importing is not among your rights",
            "The owner or a manager can take in data, or give you a role that may.",
        )
        self.working = WorkingPage(theme, self.cancel)
        self.mapping = MappingPage(theme, self._desk.office.formats)
        self.mapping.changed.connect(self._mapping_changed)
        self.stack = QStackedWidget()
        for page in (self.start, self.mapping, self.working, outcome, self.not_allowed):
            self.stack.addWidget(page)
        self._outcome = outcome

        head = QFrame()
        head.setProperty("kind", "surface")
        head_row = QHBoxLayout(head)
        head_row.setContentsMargins(24, 16, 24, 12)
        head_row.setSpacing(16)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self.title)
        words.addWidget(self.remark)
        head_row.addLayout(words, 1)
        head_row.addWidget(self.strip_digits, 0, Qt.AlignmentFlag.AlignTop)
        head_row.addWidget(self.provider_field, 0, Qt.AlignmentFlag.AlignTop)

        self.save_button = PlainButton("Save as &text…", self.save_text, kind="quiet")
        theme.wear(self.save_button, "save")
        self.refused_button = PlainButton(
            "Save what is &left out…", self.save_refused, kind="quiet"
        )
        self.refused_button.setToolTip(
            "A table with each row left out and its reason: mend it, and import it alone."
        )
        theme.wear(self.refused_button, "save")
        self.undo_button = PlainButton("&Undo the import", self.undo_import)
        theme.wear(self.undo_button, "undo-2")
        self.other_button = PlainButton("&Other file…", self.choose_other)
        self.columns_button = PlainButton("Change the &columns…", self.change_columns)
        self.look_button = PrimaryButton("Look at what it would do", self.look_with_mapping)
        self.close_button = PlainButton("Close", self.close)
        self.import_button = PrimaryButton("Import", self.run_import)
        foot = QHBoxLayout()
        foot.addWidget(self.save_button)
        foot.addWidget(self.refused_button)
        foot.addStretch(1)
        foot.addWidget(self.undo_button)
        foot.addWidget(self.other_button)
        foot.addWidget(self.columns_button)
        foot.addWidget(self.close_button)
        foot.addWidget(self.look_button)
        foot.addWidget(self.import_button)

        self.lay_in(head, self.stack, foot=foot)

    # -- what it shows -------------------------------------------------------------------------

    def _choose_screen(self) -> None:
        may = self._desk.office.session.may(Permission.IMPORT_DATA)
        self.start.say(*INVITATION)
        self._show(
            self.start if may else self.not_allowed, "Import", "", buttons=(self.close_button,)
        )
        if may and self.start.button is not None:
            self.start.button.setFocus()

    def _show(
        self, page: QWidget, title: str, remark: str, buttons: tuple[PlainButton, ...]
    ) -> None:
        self.stack.setCurrentWidget(page)
        self.title.setText(title)
        self.remark.setText(remark)
        self.remark.setVisible(bool(remark))
        for button in self._foot:
            button.setVisible(button in buttons)
        shows_plan = self.import_button in buttons
        self.strip_digits.setVisible(shows_plan and self._kind == "synthea")
        has_visits = self._kind == "icalendar" or self._has_appointments
        self.provider_field.setVisible(shows_plan and has_visits)
        self.other_button.setText("&Other folder…" if self._is_folder else "&Other file…")
        self._order_tabs()

    @property
    def _foot(self) -> tuple[PlainButton, ...]:
        return (
            self.save_button,
            self.refused_button,
            self.undo_button,
            self.other_button,
            self.columns_button,
            self.close_button,
            self.look_button,
            self.import_button,
        )

    @property
    def _is_folder(self) -> bool:
        return self._path is not None and self._path.is_dir()

    @property
    def _has_appointments(self) -> bool:
        tables = self.plan.tables if self.plan is not None else ()
        return any(table.what == "Appointments" for table in tables)

    def _order_tabs(self) -> None:
        """From top to bottom; a table put into another tab would else come first."""
        chain = (
            self.strip_digits,
            self.provider,
            *self.mapping.stops,
            self.tabs.tabBar(),
            *self.tabs.stops,
            *self._foot,
        )
        here = [widget for widget in chain if widget.window() is self]
        for before, after in pairwise(here):
            self.setTabOrder(before, after)

    def _show_table(self, choice: TableChoice) -> None:
        """The columns of a table, to be said what they are."""
        self._job = None
        self.plan, self.report = None, None
        self.mapping.show_table(choice, self._imports.mappings.custom_names())
        self._show_mapping()

    def _show_mapping(self) -> None:
        name = self._path.name if self._path else ""
        self._show(
            self.mapping,
            f"Import “{name}”",
            "Which column is what? Nothing is written yet.",
            (self.other_button, self.close_button, self.look_button),
        )
        self._mapping_changed()
        asked = self.mapping.order
        first = asked if asked.isVisible() else next(iter(self.mapping.choices), self.look_button)
        (self.look_button if self.mapping.is_ready else first).setFocus()

    def _mapping_changed(self) -> None:
        self.look_button.setEnabled(self.mapping.is_ready)

    def _show_plan(self, plan: ImportPlan) -> None:
        self._job = None
        self.plan, self.report = plan, None
        self.tabs.show_plan(plan)
        title, text, tone = plan_words(plan)
        self.banner.show_message(tone, text, title=title)
        self.import_button.setText(button_words(plan))
        self.import_button.setAccessibleName(self.import_button.text())
        self.import_button.setEnabled(not plan.changes_nothing)
        buttons = [self.save_button, self.other_button, self.close_button, self.import_button]
        if any(table.left_out for table in plan.tables):
            buttons.append(self.refused_button)
        if plan.kind == "csv":
            buttons.append(self.columns_button)
        self._show(self._outcome, f"Import “{plan.source}”", size_words(plan), tuple(buttons))
        target = self.import_button if self.import_button.isEnabled() else self.close_button
        target.setFocus()

    def _show_report(self, report: ImportReport) -> None:
        self._job = None
        self.report = report
        self.tabs.show_report(report)
        self.undo_button.setEnabled(True)
        self.banner.show_message("success", report.sentence, title="Done.")
        self._show(
            self._outcome,
            f"Imported “{report.source}”",
            f"{report.by}, {self._desk.office.formats.when(self._desk.office.clock.now())}",
            self._report_buttons(report),
        )
        self.close_button.setFocus()
        self._desk.messages.say(report.sentence, undo=True)

    def _report_buttons(self, report: ImportReport) -> tuple[PlainButton, ...]:
        buttons = [self.save_button, self.undo_button, self.other_button, self.close_button]
        if any(table.left_out for table in report.tables):
            buttons.append(self.refused_button)
        return tuple(buttons)

    # -- what it does --------------------------------------------------------------------------

    def choose_folder(self) -> None:
        """Ask for the folder, beginning beside the last one."""
        start = str(self._path.parent) if self._path else str(Path.home())
        self._desk.prompts.choose_folder(
            "Folder to import", lambda path: self.look_at(Path(path)), folder=start
        )

    def choose_file(self) -> None:
        """Ask for the file, beginning beside the last one."""
        start = str(self._path.parent) if self._path else str(Path.home())
        self._desk.prompts.choose_file(
            "File to import",
            lambda path: self.look_at(Path(path)),
            folder=start,
            pattern=PATTERNS,
        )

    def choose_other(self) -> None:
        """Ask for another folder or file, of the kind that is shown."""
        if self._is_folder:
            self.choose_folder()
        else:
            self.choose_file()

    def begin_again(self) -> None:
        """Invite anew, to a file or a folder; a table whose columns were being said stays."""
        if self._job is None and self.stack.currentWidget() is self._outcome:
            self.plan = self.report = None
            self._choose_screen()

    def look_at(self, path: Path) -> None:
        """Find out what `path` is: of a table first what its columns are, else what it would do."""
        self._path = path
        try:
            self._kind = self._imports.kind_of(path)
        except Problem as problem:
            self.plan = self.report = None
            self._choose_screen()
            self._tell(problem)
            return
        if self._kind == "csv":
            self._begin("Reading the table", "Import: look at a table", MEANWHILE)

            def look(progress: Progress) -> TableChoice:
                progress.check()
                return self._imports.table(path)

            self._watch(
                self._desk.jobs.run(
                    "Import: look at a table", look, self._show_table, self._stopped
                )
            )
            return
        self._offer_providers()
        self._look(
            ImportOptions(
                strip_digits=self.strip_digits.isChecked(),
                provider_id=int(self.provider.value()) or None,
            )
        )

    def look_with_mapping(self) -> None:
        """Find out what the table would do, its columns being what is chosen."""
        if self.mapping.is_ready:
            self._look(ImportOptions(mapping=self.mapping.mapping))

    def change_columns(self) -> None:
        """Back to what each column is."""
        self._show_mapping()

    def _look(self, options: ImportOptions) -> None:
        path, kind = self._path, self._kind
        assert path is not None
        self._options = options
        what = "folder" if path.is_dir() else "file"
        self._begin(f"Reading the {what}", f"Import: look at a {what}", MEANWHILE)

        def work(progress: Progress) -> ImportPlan:
            return self._imports.preview(kind, path, progress, options)

        self._watch(
            self._desk.jobs.run(f"Import: look at a {what}", work, self._show_plan, self._stopped)
        )

    def _offer_providers(self) -> None:
        """The providers as they are now; the one chosen stays chosen."""
        rows = self._desk.office.practice.providers(bookable_only=True)
        nobody = (0, "Nobody: leave them out")
        self.provider.set_pairs([nobody, *((row.id, row.name) for row in rows)])

    def _look_again(self) -> None:
        if self._path is not None and self.stack.currentWidget() is self._outcome:
            self.look_at(self._path)

    def run_import(self) -> None:
        """Take in what the plan says."""
        plan = self.plan
        if plan is None or self._job is not None:
            return
        choices = self.tabs.choices
        self._begin("Taking in the data", "Import", WRITING)

        def work(progress: Progress) -> ImportReport:
            return self._imports.run(plan, choices, progress)

        self._watch(self._desk.jobs.run("Import", work, self._show_report, self._stopped))

    def cancel(self) -> None:
        """Stop the job under way; what it had begun is taken back."""
        if self._job is not None:
            self.working.stopping()
            self._job.cancel()

    def undo_import(self) -> None:
        """Take the whole import back."""
        report = self.report
        if report is None:
            return
        self._begin("Taking the import back", "Undo the import", WRITING)

        def work(progress: Progress) -> Changes:
            return self._desk.office.session.undo(report.operation_id, progress)

        self._watch(self._desk.jobs.run("Undo the import", work, self._undone, self._stopped))

    def save_text(self) -> None:
        """Save what is shown as plain text."""
        shown = self.report or self.plan
        if shown is None:
            return
        today = self._desk.office.clock.today().isoformat()
        name = f"Import {'report' if self.report else 'preview'} {today}.txt"
        self._desk.prompts.save_file(
            "Save as text", lambda path: self._save(Path(path), shown.text()), name=name
        )

    def _save(self, path: Path, text: str) -> None:
        try:
            self._imports.save_text(path, text)
        except Problem as problem:
            self._tell(problem)
        else:
            self.banner.show_message("success", f"Saved as “{path.name}”.")

    def save_refused(self) -> None:
        """Save the rows left out with their reasons, as a table to mend and take in alone."""
        shown, source = self.report or self.plan, self._path
        if shown is None or source is None:
            return
        self._desk.prompts.save_file(
            "Save what is left out",
            lambda path: self._write_refused(shown, source, Path(path)),
            name=f"{source.stem} – left out.csv",
        )

    def _write_refused(self, shown: ImportPlan | ImportReport, source: Path, path: Path) -> None:
        try:
            rows = self._imports.save_refused(shown, source, path)
        except Problem as problem:
            self._tell(problem)
            return
        noun = "row" if rows == 1 else "rows"
        more = " Mend them there, and import that file alone." if shown.kind == "csv" else ""
        self.banner.show_message("success", f"{rows:,} {noun} saved as “{path.name}”.{more}")

    def _begin(self, heading: str, name: str, go_on: str) -> None:
        self.working.begin(heading, go_on)
        title = f"Import “{self._path.name}”" if self._path else name
        self._show(self.working, title, "", (self.close_button,))
        self.working.cancel_button.setFocus()

    def _watch(self, job: Job) -> None:
        """Follow a job; one that has ended at once is not followed."""
        if self.stack.currentWidget() is self.working:
            self._job = job
            job.progressed.connect(self.working.show_progress)

    def _stopped(self, error: BaseException) -> None:
        """A job ended early: back to where it was begun, with the reason."""
        was_running = self.working.doing.text()
        self._job = None
        if self.report is not None:
            self._show_again(self.report)
        elif self.plan is not None and self.plan.path == self._path:
            self._show_plan(self.plan)
        elif self._kind == "csv" and self.mapping.choices and self._options.mapping is not None:
            self._show_mapping()
        else:
            self._choose_screen()
        if isinstance(error, Cancelled):
            kept = "taken back" if self.report is not None else "taken in"
            self._tell(Problem("Stopped.", remedy=f"Nothing was {kept}."))
        elif isinstance(error, Problem):
            self._tell(error)
        else:
            self._desk.jobs.on_failure(was_running, error)

    def _show_again(self, report: ImportReport) -> None:
        self.tabs.show_report(report)
        self._show(
            self._outcome,
            f"Imported “{report.source}”",
            "",
            self._report_buttons(report),
        )

    def _tell(self, problem: Problem) -> None:
        """Say it where the person looks: in this window if it has a place for it, and outside."""
        if self.stack.currentWidget() is self.start:
            why = " ".join(part for part in (problem.why, problem.remedy) if part)
            self.start.say(problem.what, why)
        elif self.stack.currentWidget() is self.mapping:
            self.mapping.banner.show_message("warning", str(problem))
        else:
            self.banner.show_message("warning", str(problem))
        self._desk.messages.problem(problem)

    def _undone(self, changes: Changes) -> None:
        self._job = None
        self.report = None
        self._desk.messages.say(f"Undone: {changes.label}.")
        if self._path is not None:
            self._look(self._options)

    def _changed(self, changes: Changes) -> None:
        """The import was taken back from elsewhere: Undo here would have nothing to do."""
        if self.report is not None and changes.undoes == self.report.operation_id:
            self.undo_button.setEnabled(False)
            self.banner.show_message("info", "This import was taken back.", title="Undone.")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._dropped(event) is not None and self._job is None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = self._dropped(event)
        if path is not None and self._job is None:
            event.acceptProposedAction()
            self.look_at(path)

    @staticmethod
    def _dropped(event: QDropEvent) -> Path | None:
        urls = [url for url in event.mimeData().urls() if url.isLocalFile()]
        return Path(urls[0].toLocalFile()) if len(urls) == 1 else None


def open_import(desk: Desk, window: QWidget) -> ImportDialog:
    """Show the import beside `window`; the one that is already open comes forward."""
    dialog = window.findChild(ImportDialog)
    if dialog is None:
        dialog = ImportDialog(desk, window)
    elif dialog.isHidden():
        dialog.begin_again()
    dialog.come_forward()
    return dialog
