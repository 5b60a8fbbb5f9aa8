"""The import: choose a folder or file, look at what it would do, take it in, read what happened."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.problems import Problem
from medsec_desktop.services.imports import ImportOptions, ImportPlan, ImportReport
from medsec_desktop.services.progress import Progress
from medsec_desktop.services.session import Changes
from medsec_desktop.ui.desk import Desk
from medsec_desktop.ui.jobs import Cancelled, Job
from medsec_desktop.ui.practice.import_tables import OutcomeTabs
from medsec_desktop.ui.widgets import (
    Banner,
    Choice,
    ElidedLabel,
    EmptyState,
    Field,
    Hairline,
    PlainButton,
    PrimaryButton,
    Text,
)

_INVITATION = (
    "Take in another program’s data",
    "Choose a Synthea CSV folder, the one with patients.csv in it, or a calendar file (.ics), or drop"
    " either here. You see what would happen before anything is written, and can undo it afterwards.",
)


class ImportDialog(QDialog):
    """A window beside the main one: work goes on there while an import runs.

    Closing it does not stop an import under way; its end is told in the main window.
    """

    help_page = "import"

    def __init__(self, desk: Desk, window: QWidget):
        super().__init__(window)
        self._desk = desk
        self._imports = desk.office.imports
        self._job: Job | None = None
        self._path: Path | None = None
        self._kind = "synthea"
        self.plan: ImportPlan | None = None
        self.report: ImportReport | None = None
        self.setWindowTitle("Import")
        self.setAccessibleName("Import")
        self.setAcceptDrops(True)
        self._build()
        self._choose_screen()
        room = self.screen().availableGeometry()
        width, height = desk.theme.px(1080), desk.theme.px(680)
        self.resize(min(width, room.width() - 80), min(height, room.height() - 80))
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
            *_INVITATION,
            "Choose a folder…",
            self.choose_folder,
        )
        self.file_button = PlainButton("Choose a &calendar file…", self.choose_file)
        self.start.beside(self.file_button)
        self.not_allowed = EmptyState(
            theme,
            "lock",
            "Importing is not among your rights",
            "The owner or a manager can take in data, or give you a role that may.",
        )
        self.stack = QStackedWidget()
        for page in (self.start, self._working_page(), outcome, self.not_allowed):
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
        self.undo_button = PlainButton("&Undo the import", self.undo_import)
        theme.wear(self.undo_button, "undo-2")
        self.other_button = PlainButton("&Other folder…", self.choose_other)
        self.close_button = PlainButton("Close", self.close)
        self.import_button = PrimaryButton("Import", self.run_import)
        foot = QHBoxLayout()
        foot.setContentsMargins(24, 12, 24, 12)
        foot.setSpacing(8)
        foot.addWidget(self.save_button)
        foot.addStretch(1)
        foot.addWidget(self.undo_button)
        foot.addWidget(self.other_button)
        foot.addWidget(self.close_button)
        foot.addWidget(self.import_button)

        body = QWidget()
        body.setProperty("kind", "surface")
        body.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        inside = QVBoxLayout(body)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addWidget(head)
        inside.addWidget(self.stack, 1)
        inside.addWidget(Hairline())
        inside.addLayout(foot)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(body)

    def _working_page(self) -> QWidget:
        self.doing = Text("", "heading")
        self.doing.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.progress = QProgressBar()
        self.progress.setAccessibleName("How far the import is")
        self.progress.setTextVisible(False)
        self.progress.setFixedWidth(self._desk.theme.px(420))
        self.step = Text("", "muted")
        self.step.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.cancel_button = PlainButton("Cancel", self.cancel)
        self.go_on = Text("You can close this window and go on working meanwhile.", "muted")
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        column.addStretch(2)
        for widget in (self.doing, self.progress, self.step, self.go_on, self.cancel_button):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self._working = page
        return page

    # -- what it shows -------------------------------------------------------------------------

    def _choose_screen(self) -> None:
        may = self._desk.office.session.may(Permission.IMPORT_DATA)
        self.start.say(*_INVITATION)
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
        for button in (
            self.save_button, self.undo_button, self.other_button, self.close_button,
            self.import_button,
        ):  # fmt: skip
            button.setVisible(button in buttons)
        is_visits = self._kind == "icalendar"
        self.strip_digits.setVisible(self.import_button in buttons and not is_visits)
        self.provider_field.setVisible(self.import_button in buttons and is_visits)
        self.other_button.setText("&Other file…" if is_visits else "&Other folder…")
        self._order_tabs()

    def _order_tabs(self) -> None:
        """From top to bottom; a table put into another tab would else come first."""
        chain = (
            self.strip_digits,
            self.provider,
            self.tabs.tabBar(),
            *self.tabs.stops,
            self.save_button,
            self.undo_button,
            self.other_button,
            self.close_button,
            self.import_button,
        )
        here = [widget for widget in chain if widget.window() is self]
        for before, after in pairwise(here):
            self.setTabOrder(before, after)

    def _show_plan(self, plan: ImportPlan) -> None:
        self._job = None
        self.plan, self.report = plan, None
        self.tabs.show_plan(plan)
        left_out = sum(table.left_out for table in plan.tables)
        aside = sum(row.rows for row in plan.aside)
        said = []
        if plan.duplicates:
            said.append(
                f"{_people(len(plan.duplicates))} to be on file already: "
                "see that tab and say what to do."
            )
        is_visits = plan.kind == "icalendar"
        if left_out:
            noun = "event" if is_visits else "row"
            said.append(
                f"{left_out:,} {noun}{'' if left_out == 1 else 's'} would be left out: see Problems."
            )
        if aside and is_visits:
            parts = [f"{row.holds} ({row.rows:,})" for row in plan.aside]
            said.append(f"Not appointments, and not taken in: {', '.join(parts)}.")
        elif aside:
            said.append(
                f"{aside:,} rows of {len(plan.aside)} other files are not taken in by this version."
            )
        title = "Nothing is written yet."
        if plan.changes_nothing:
            title = _NOTHING_NEW[bool(left_out), is_visits]
        tone = "warning" if plan.duplicates or left_out else "info"
        self.banner.show_message(tone, " ".join(said), title=title)
        self.import_button.setText(_button_words(plan))
        self.import_button.setAccessibleName(self.import_button.text())
        self.import_button.setEnabled(not plan.changes_nothing)
        self._show(
            self._outcome,
            f"Import “{plan.source}”",
            f"{plan.rows:,} event{'' if plan.rows == 1 else 's'}"
            if is_visits
            else f"{plan.rows:,} rows in {len(plan.tables)} files",
            (self.save_button, self.other_button, self.close_button, self.import_button),
        )
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
            (self.save_button, self.undo_button, self.other_button, self.close_button),
        )
        self.close_button.setFocus()
        self._desk.messages.say(report.sentence, undo=True)

    # -- what it does --------------------------------------------------------------------------

    def choose_folder(self) -> None:
        """Ask for the folder, beginning beside the last one."""
        start = str(self._path.parent) if self._path else str(Path.home())
        self._desk.prompts.choose_folder(
            "Synthea CSV folder", lambda path: self.look_at(Path(path)), folder=start
        )

    def choose_file(self) -> None:
        """Ask for the calendar file, beginning beside the last one."""
        start = str(self._path.parent) if self._path else str(Path.home())
        self._desk.prompts.choose_file(
            "Calendar file",
            lambda path: self.look_at(Path(path)),
            folder=start,
            pattern="Calendar files (*.ics *.ical *.ifb);;All files (*)",
        )

    def choose_other(self) -> None:
        """Ask for another folder or file, of the kind that is shown."""
        if self._kind == "icalendar":
            self.choose_file()
        else:
            self.choose_folder()

    def look_at(self, path: Path) -> None:
        """Find out what taking in `path` would do: a file is a calendar, a folder holds tables."""
        self._path = path
        kind = self._kind = "icalendar" if path.is_file() else "synthea"
        if kind == "icalendar":
            self._offer_providers()
        options = ImportOptions(
            strip_digits=self.strip_digits.isChecked(),
            provider_id=int(self.provider.value()) or None,
        )
        what = "file" if kind == "icalendar" else "folder"
        self._begin(f"Reading the {what}", f"Import: look at a {what}")

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
        self._begin("Taking in the data", "Import")

        def work(progress: Progress) -> ImportReport:
            return self._imports.run(plan, choices, progress)

        self._watch(self._desk.jobs.run("Import", work, self._show_report, self._stopped))

    def cancel(self) -> None:
        """Stop the job under way; what it had begun is taken back."""
        if self._job is not None:
            self.step.setText("Stopping …")
            self.cancel_button.setEnabled(False)
            self._job.cancel()

    def undo_import(self) -> None:
        """Take the whole import back."""
        report = self.report
        if report is None:
            return
        self._begin("Taking the import back", "Undo the import")
        self.cancel_button.setEnabled(False)

        def work(progress: Progress) -> Changes:
            del progress
            return self._desk.office.session.undo(report.operation_id)

        self._watch(
            self._desk.jobs.run("Undo the import", work, self._undone, self._stopped, False)
        )

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

    def _begin(self, heading: str, name: str) -> None:
        self.doing.setText(f"{heading} …")
        self.step.setText("")
        self.progress.setRange(0, 0)
        self.cancel_button.setEnabled(True)
        title = f"Import “{self._path.name}”" if self._path else name
        self._show(self._working, title, "", (self.close_button,))
        self.cancel_button.setFocus()

    def _watch(self, job: Job) -> None:
        """Follow a job; one that has ended at once is not followed."""
        if self.stack.currentWidget() is self._working:
            self._job = job
            job.progressed.connect(self._progressed)

    def _progressed(self, done: int, total: int, text: str) -> None:
        self.progress.setRange(0, max(0, total))
        self.progress.setValue(done)
        counted = f": {done:,} of {total:,} rows" if total else ""
        self.step.setText(f"{text}{counted}")

    def _stopped(self, error: BaseException) -> None:
        """A job ended early: back to where it was begun, with the reason."""
        was_running = self.doing.text()
        self._job = None
        if self.report is not None:
            self._show_again(self.report)
        elif self.plan is not None and self.plan.path == self._path:
            self._show_plan(self.plan)
        else:
            self._choose_screen()
        if isinstance(error, Cancelled):
            self._tell(Problem("Stopped.", remedy="Nothing was taken in."))
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
            (self.save_button, self.undo_button, self.other_button, self.close_button),
        )

    def _tell(self, problem: Problem) -> None:
        """Say it where the person looks: in this window if it has a place for it, and outside."""
        if self.stack.currentWidget() is self.start:
            why = " ".join(part for part in (problem.why, problem.remedy) if part)
            self.start.say(problem.what, why)
        else:
            self.banner.show_message("warning", str(problem))
        self._desk.messages.problem(problem)

    def _undone(self, changes: Changes) -> None:
        self._job = None
        self.report = None
        self._desk.messages.say(f"Undone: {changes.label}.")
        if self._path is not None:
            self.look_at(self._path)

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


_NOTHING_NEW = {  # (is something left out, are they events)
    (False, False): "Everything in this folder is on file already.",
    (True, False): "Everything in this folder is on file already.",
    (False, True): "Every event of this file is in the calendar already.",
    (True, True): "There is no event in this file that can be taken in now.",
}


def _people(number: int) -> str:
    return f"{number:,} patient seems" if number == 1 else f"{number:,} patients seem"


def _button_words(plan: ImportPlan) -> str:
    """What the button does, with the number that matters."""
    patients = next((table for table in plan.tables if table.what == "Patients"), None)
    if patients is not None and patients.new:
        return f"Import {patients.new:,} patient{'' if patients.new == 1 else 's'}"
    visits = next((table for table in plan.tables if table.what == "Visits"), None)
    if visits is not None and visits.new and plan.kind == "icalendar":
        return f"Import {visits.new:,} visit{'' if visits.new == 1 else 's'}"
    changed = sum(table.changed for table in plan.tables)
    return f"Bring {changed:,} up to date" if changed else "Import"


def open_import(desk: Desk, window: QWidget) -> ImportDialog:
    """Show the import beside `window`; the one that is already open comes forward."""
    dialog = window.findChild(ImportDialog)
    if dialog is None:
        dialog = ImportDialog(desk, window)
    dialog.show()
    dialog.raise_()
    dialog.activateWindow()
    return dialog
