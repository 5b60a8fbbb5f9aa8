"""The audit trail: who saw and changed what, asked in any way, told before and after, proved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.problems import Problem
from medsec_desktop.services.audit import (
    KINDS,
    MOST_PRINTED,
    AuditChange,
    AuditDetail,
    AuditField,
    AuditPage,
    AuditQuery,
    AuditRow,
)
from medsec_desktop.ui.jobs import Job
from medsec_desktop.ui.letters.print_sheet import choose_printer
from medsec_desktop.ui.patients.patient_pick import PatientPick
from medsec_desktop.ui.practice.side_window import SideWindow
from medsec_desktop.ui.printing.print_job import print_away
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.rows import Column, RowsView
from medsec_desktop.ui.widgets import (
    Banner,
    Choice,
    DateEdit,
    ElidedLabel,
    EmptyState,
    Field,
    PlainButton,
    SearchLine,
    Text,
)

if TYPE_CHECKING:
    from medsec_desktop.services.backups import VerifyReport
    from medsec_desktop.services.printing import Way
    from medsec_desktop.services.session import Changes
    from medsec_desktop.ui.desk import Desk

_AFTER_A_KEY_MS = 200
_ACTIONS = {"added": "Added", "changed": "Changed", "removed": "Removed"}


class AuditWindow(SideWindow):
    """A window beside the main one. Its own opening, prints and exports are in the trail as well."""

    help_page = "audit"

    def __init__(self, desk: Desk, window: QWidget):
        super().__init__(desk, window, "Audit trail")
        self._audit = desk.office.audit
        self._job: Job | None = None
        self._verdict: VerifyReport | None = None
        self.page = AuditPage((), 0)
        self.detail: AuditDetail | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_AFTER_A_KEY_MS)
        self._pause.timeout.connect(self.look)
        self._make_filters()
        self._make_lists()
        self._lay_out()
        self.open_at(1180, 720)
        desk.bus.changed.connect(self._changed)

    # -- its parts -----------------------------------------------------------------------------

    def _make_filters(self) -> None:
        desk = self._desk
        self.patient = PatientPick(desk)
        self.patient.chosen.connect(self.look)
        self.user = Choice([(None, "Anybody")])
        self.kind = Choice([("", "Everything"), *KINDS.items()])
        for choice in (self.user, self.kind):
            choice.currentIndexChanged.connect(self.look)
        self.first = DateEdit(desk.theme, desk.office.formats, desk.office.clock.today)
        self.last = DateEdit(desk.theme, desk.office.formats, desk.office.clock.today)
        self.first_field, self.last_field = Field("From", self.first), Field("Until", self.last)
        for edit in (self.first, self.last):
            edit.setMinimumWidth(desk.theme.px(148))  # the pattern and the icon side by side
            edit.value_changed.connect(self._pause.start)
        self.words = SearchLine("Words", "Words of the entry")
        self.words.textChanged.connect(self._pause.start)

    def _make_lists(self) -> None:
        formats = self._desk.office.formats
        self.list = RowsView(
            self._desk.theme,
            (
                Column("When", lambda row: formats.when(row.at), lambda row: row.id, 20),
                Column("Who", lambda row: row.user_name, width=18),
                Column("Kind", lambda row: KINDS[row.kind], width=18, gives_way=2),
                Column("What", _what, width=0, least=30),
                Column("About", lambda row: row.patient_name, width=24),
                Column("Records", _count, lambda row: row.rows, 12, "right", gives_way=1),
                Column("Workstation", lambda row: row.workstation, width=14, gives_way=3),
            ),
            "Entries of the audit trail",
        )
        self.list.selectionModel().currentChanged.connect(lambda *_: self._show_detail())
        self.list.chosen.connect(self._open)
        self.nothing = EmptyState(
            self._desk.theme, "search", "Nothing found", "No entry answers all of what is asked."
        )
        self.fields = RowsView(
            self._desk.theme,
            (
                Column("Record", lambda line: line[0], width=24),
                Column("Field", lambda line: line[1].name, width=20),
                Column("Before", lambda line: line[1].before, width=0),
                Column("After", lambda line: line[1].after, width=0),
            ),
            "What this entry changed",
        )
        self.told = Text("", "muted", wrap=True)
        self.told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def _lay_out(self) -> None:
        theme = self._desk.theme
        self.title = ElidedLabel("Audit trail", "title")
        self.remark = Text("", "muted", wrap=True)
        self.banner = Banner(theme, "info", "")
        self.banner.hide()
        filters = QHBoxLayout()
        filters.setSpacing(12)
        for field, stretch in (
            (Field("Patient", self.patient), 4),
            (Field("Who", self.user), 3),
            (Field("Kind", self.kind), 3),
            (self.first_field, 2),
            (self.last_field, 2),
            (Field("Words", self.words), 3),
        ):
            filters.addWidget(field, stretch, Qt.AlignmentFlag.AlignTop)
        head = QFrame()
        head.setProperty("kind", "surface")
        top = QVBoxLayout(head)
        top.setContentsMargins(24, 16, 24, 12)
        top.setSpacing(8)
        top.addWidget(self.title)
        top.addWidget(self.remark)
        top.addLayout(filters)
        top.addWidget(self.banner)

        upper = QWidget()
        column = QVBoxLayout(upper)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list, 1)
        column.addWidget(self.nothing, 1)
        lower = QWidget()
        column = QVBoxLayout(lower)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.told)
        column.addWidget(self.fields, 1)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(upper)
        self.splitter.addWidget(lower)
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 2)
        page = QWidget()
        middle = QHBoxLayout(page)
        middle.setContentsMargins(24, 0, 24, 12)
        middle.addWidget(self.splitter)

        self.verify_button = PlainButton("&Verify", self.verify)
        self.verify_button.setToolTip("Check that nothing was altered since it was written")
        theme.wear(self.verify_button, "badge-check")
        self.print_button = PlainButton("&Print…", self.print)
        theme.wear(self.print_button, "printer")
        self.save_button = PlainButton("Save as P&DF…", self.save_pdf, kind="quiet")
        self.csv_button = PlainButton("Save as &table…", self.save_csv, kind="quiet")
        self.close_button = PlainButton("Close", self.close)
        foot = QHBoxLayout()
        for button in (self.verify_button, self.print_button, self.save_button, self.csv_button):
            foot.addWidget(button)
        foot.addStretch(1)
        foot.addWidget(self.close_button)

        body = self.lay_in(head, page, foot=foot)
        self.tell_over(page, body, foot)

    # -- asking --------------------------------------------------------------------------------

    def begin(self, patient_id: int | None = None) -> None:
        """Open on one patient's entries, or on everybody's, and record that it was opened."""
        if guarded(self._desk, lambda: (self._audit.opened(), True)) is None:
            self.close()
            return
        self.user.blockSignals(True)
        self.user.set_pairs([(None, "Anybody"), *self._audit.users()])
        self.user.blockSignals(False)
        self.patient.set_patient(patient_id)
        self.look()
        self.list.setFocus()

    def query(self) -> AuditQuery:
        """What the filters ask for."""
        user, kind = self.user.value(), self.kind.value()
        return AuditQuery(
            self.patient.patient_id,
            int(user) if user is not None else None,
            self.first.value(),
            self.last.value(),
            str(kind or ""),
            self.words.text(),
        )

    def look(self, *_: object) -> None:
        """Read what is asked for, away from the screen."""
        self._pause.stop()
        for edit, field in ((self.first, self.first_field), (self.last, self.last_field)):
            field.problem(edit.problem())
            if edit.problem():
                return
        query = self.query()
        if query.first_on and query.last_on and query.first_on > query.last_on:
            self.first_field.problem("After the last day.")
            return
        if self._job is not None:
            self._job.cancel()
        self._job = self._desk.jobs.run(
            "Reading the audit trail", lambda _: (query, self._audit.find(query)), self._show
        )

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._pause.stop()  # nothing is read for nobody, and perhaps from a practice just closed

    def _changed(self, _: Changes) -> None:
        """Every operation, also one that changed no record, is an entry more."""
        if self.isVisible():
            self._pause.start()

    def _show(self, answer: tuple[AuditQuery, AuditPage]) -> None:
        query, self.page = answer
        if query != self.query():
            return  # asked anew meanwhile
        self._job = None
        kept = self.list.current_row()
        self.list.set_rows(self.page.rows)
        self.list.setVisible(bool(self.page.rows))
        self.nothing.setVisible(not self.page.rows)
        shown, total = len(self.page.rows), self.page.total
        what = "entry" if total == 1 else "entries"
        more = "" if shown == total else f" The newest {shown:,} are shown: ask for less."
        self.remark.setText(f"{total:,} {what}.{more}")
        at = next((n for n, row in enumerate(self.page.rows) if kept and row.id == kept.id), 0)
        if self.page.rows:
            self.list.setCurrentIndex(self.list.order.mapFromSource(self.list.rows.index(at, 0)))
        self._show_detail()

    def _show_detail(self) -> None:
        row = self.list.current_row() if self.page.rows else None
        self.detail = None
        if row is not None:
            self.detail = guarded(self._desk, lambda: self._audit.detail(row.id))
        self.fields.set_rows([] if self.detail is None else _lines(self.detail.changes))
        self.told.setText("" if self.detail is None else self._words_of(self.detail))

    def _words_of(self, detail: AuditDetail) -> str:
        row, formats = detail.row, self._desk.office.formats
        about = f" About {row.patient_name}." if row.patient_name else ""
        reason = f" Reason: {row.reason}." if row.reason else ""
        wrote = "" if detail.changes else " It changed no record."
        cut = (
            "" if detail.is_whole else f" The first {len(detail.changes)} of {row.rows:,} records:"
        )
        return (
            f"No. {row.id:,}: {row.label}. {row.user_name}, {formats.when(row.at)},"
            f" on {row.workstation}.{about}{reason}{wrote}"
            f" Sealed by {detail.link[:16]}….{cut}"
        )

    def _open(self, row: AuditRow) -> None:
        """Enter: the file it is about."""
        if row.patient_id is not None and self._desk.office.session.may(Permission.VIEW_PATIENTS):
            self._desk.go.open_patient(row.patient_id)
            self.parentWidget().activateWindow()

    # -- proving and giving away ---------------------------------------------------------------

    def verify(self) -> None:
        """Check the whole journal; the result stands at the top and on what is printed after."""
        self.verify_button.setEnabled(False)
        self.banner.show_message("info", "Every page and every entry is read.", title="Verifying…")
        self.banner.show()
        self._desk.jobs.run(
            "Verify the audit trail", self._audit.verify, self._verified, self._failed
        )

    def _verified(self, report: VerifyReport) -> None:
        self._verdict = report
        self.verify_button.setEnabled(True)
        title = "Sound." if report.is_sound else "Not sound."
        self.banner.show_message(
            "success" if report.is_sound else "danger", report.sentence, title=title
        )
        self.look()

    def _failed(self, error: BaseException) -> None:
        self.verify_button.setEnabled(True)
        self.banner.hide()
        if not isinstance(error, Problem):
            raise error
        self._desk.messages.problem(error)

    def print(self) -> None:
        """Ask for the printer, then print what is asked for, with what the verification found."""
        choose_printer(
            self._desk,
            self._audit.printing,
            "lists",
            lambda way: self._make(lambda pdf: self._printed(pdf, way)),
            self,
            what="lists",
            save=self.save_pdf,
        )

    def _printed(self, pdf: bytes, way: Way) -> None:
        print_away(self._desk, "The audit trail", lambda: self._audit.print(pdf, way))

    def save_pdf(self) -> None:
        self._desk.prompts.save_file(
            "Save the audit trail",
            lambda path: self._make(lambda pdf: self._saved(pdf, Path(path))),
            name="audit trail.pdf",
            pattern="PDF (*.pdf)",
        )

    def save_csv(self) -> None:
        content = self.list.as_csv().encode("utf-8-sig")
        self._desk.prompts.save_file(
            "Save the audit trail",
            lambda path: self._saved(content, Path(path)),
            name="audit trail.csv",
            pattern="Tables (*.csv)",
        )

    def _make(self, then: Callable[[bytes], object]) -> None:
        """The pages, made away from the screen."""
        query, verdict = self.query(), self._verdict
        self._desk.jobs.run(
            f"Audit trail: up to {MOST_PRINTED:,} entries as pages",
            lambda _: self._audit.pdf(query, verdict),
            then,
            self._failed,
        )

    def _saved(self, content: bytes, path: Path) -> None:
        if guarded(self._desk, lambda: (self._audit.save(content, path), True)) is not None:
            self._desk.messages.say(f"Saved as “{path.name}”.", tone="info")


def _what(row: AuditRow) -> str:
    return ": ".join(part for part in (row.label, row.reason) if part)


def _count(row: AuditRow) -> str:
    return f"{row.rows:,}" if row.rows else "–"


def _lines(changes: tuple[AuditChange, ...]) -> list[tuple[str, AuditField]]:
    """A line for each field; a record that differs in nothing told still shows that it was written."""
    lines = []
    for change in changes:
        record = f"{_ACTIONS[change.action]}: {change.record} {change.number}"
        for field in change.fields or (AuditField("–", "", ""),):
            lines.append((record, field))
    return lines


def open_audit(desk: Desk, window: QWidget, patient_id: int | None = None) -> AuditWindow:
    """Show the audit trail beside `window`; the one that is already open comes forward."""
    dialog = window.findChild(AuditWindow)
    if dialog is None:
        dialog = AuditWindow(desk, window)
    dialog.come_forward()
    dialog.begin(patient_id)
    return dialog
