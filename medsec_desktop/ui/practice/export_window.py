"""The export: what goes out, to whom, under which password; then how far it is, then what was written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from medsec_desktop.domain.wording import counted
from medsec_desktop.problems import Invalid, Problem
from medsec_desktop.services.exports import PatientPackage, require_password
from medsec_desktop.services.progress import Progress
from medsec_desktop.ui.jobs import Cancelled, Job
from medsec_desktop.ui.patients.patient_pick import PatientPick
from medsec_desktop.ui.practice.import_working import WorkingPage
from medsec_desktop.ui.practice.password_line import PasswordLine
from medsec_desktop.ui.practice.side_window import SideWindow
from medsec_desktop.ui.widgets import (
    Banner,
    Choice,
    ElidedLabel,
    Field,
    PlainButton,
    PrimaryButton,
    Text,
)

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

# Kind: what it is called, what it means, its file's ending, and the sort of files a dialog offers.
_KINDS: dict[str, tuple[str, str, str, str]] = {
    "patient": (
        "One patient’s file",
        "Face sheet, timeline, claims, every filed document and the file for other programs (FHIR R4), in a ZIP"
        " that opens only with the password below. It is logged as a disclosure and cannot be undone.",
        ".zip",
        "Encrypted archives (*.zip)",
    ),
    "csv": (
        "Patients as a table",
        "Everybody on file with addresses, phones and primary insurance, for a spreadsheet. Cells that"
        " a spreadsheet would run are made harmless. The table is not encrypted: keep it safe.",
        ".csv",
        "Tables (*.csv)",
    ),
    "vcard": (
        "Patients as address cards",
        "Name, birth date, phones, e-mail and address, for a phone or an address book. The cards are not"
        " encrypted: keep them safe.",
        ".vcf",
        "Address cards (*.vcf)",
    ),
    "practice": (
        "The whole practice",
        "Every record, the journal and every document in documented open formats, in a ZIP that opens"
        " only with the password below. A new practice can be made from it without losing anything.",
        ".zip",
        "Encrypted archives (*.zip)",
    ),
    "calendar": (
        "The calendar",
        "Visits for other calendars (iCalendar). What goes out is asked on the next page.",
        "",
        "",
    ),
}
_WITH_PATIENT, _WITH_PASSWORD = ("patient", "csv", "vcard"), ("patient", "practice")
_WIDTH = 620


class ExportWindow(SideWindow):
    """A window beside the main one; work goes on there while it writes."""

    help_page = "export"

    def __init__(self, desk: Desk, window: QWidget):
        super().__init__(desk, window, "Export")
        self._exports = desk.office.exports
        self._job: Job | None = None
        self._make()
        self._lay_out()
        self.setMinimumWidth(desk.theme.px(_WIDTH))
        self._turn()

    # -- its parts -----------------------------------------------------------------------------

    def _make(self) -> None:
        desk, theme = self._desk, self._desk.theme
        self.kind = Choice([(kind, words[0]) for kind, words in _KINDS.items()])
        self.kind.currentIndexChanged.connect(lambda _: self._turn())
        self.meaning = Text("", "muted", wrap=True)
        self.patient = PatientPick(desk, placeholder="Type to choose")
        self.recipient, self.purpose = QLineEdit(), QLineEdit()
        self.address = QPlainTextEdit()
        self.address.setTabChangesFocus(True)
        self.address.setFixedHeight(theme.px(64))
        self.documents = QCheckBox("With every filed document and letter")
        self.documents.setChecked(True)
        self.password, self.again = PasswordLine(theme), PasswordLine(theme)
        self.fields: dict[str, Field] = {
            "patient_id": Field("Patient", self.patient),
            "recipient": Field("Who gets it", self.recipient, required=True),
            "recipient_address": Field("Address", self.address),
            "purpose": Field("What for", self.purpose),
            "password": Field(
                "Password of the archive",
                self.password,
                required=True,
                hint="At least 8 characters. Tell it by another way than the file.",
            ),
            "again": Field("The same once more", self.again, required=True),
        }
        for name, line in (("recipient", self.recipient), ("password", self.password),
                           ("again", self.again)):  # fmt: skip
            line.textEdited.connect(lambda _, name=name: self.fields[name].problem(""))
        self.patient.chosen.connect(lambda _: self.fields["patient_id"].problem(""))
        self.banner = Banner(theme, "info", "")
        self.banner.hide()
        self.working = WorkingPage(theme, self.cancel)
        self.working.progress.setAccessibleName("How far the export is")

    def _lay_out(self) -> None:
        self.title = ElidedLabel("Export", "title")
        passwords = QHBoxLayout()
        passwords.setSpacing(16)
        for name in ("password", "again"):
            passwords.addWidget(self.fields[name], 1, Qt.AlignmentFlag.AlignTop)
        form = QWidget()
        column = QVBoxLayout(form)
        column.setContentsMargins(24, 0, 24, 16)
        column.setSpacing(12)
        column.addWidget(Field("What", self.kind))
        column.addWidget(self.meaning)
        for name in ("patient_id", "recipient", "recipient_address", "purpose"):
            column.addWidget(self.fields[name])
        column.addWidget(self.documents)
        column.addLayout(passwords)
        column.addWidget(self.banner)
        column.addStretch(1)
        self.stack = QStackedWidget()
        self.stack.addWidget(form)
        self.stack.addWidget(self.working)
        self._form = form
        self.close_button = PlainButton("Close", self.close)
        self.export_button = PrimaryButton("Export…", self.export)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        foot.addWidget(self.export_button)
        head = QVBoxLayout()
        head.setContentsMargins(24, 20, 24, 12)
        head.addWidget(self.title)
        self.lay_in(head, self.stack, foot=foot)

    # -- asking --------------------------------------------------------------------------------

    def begin(self, patient_id: int | None) -> None:
        """Offer the file of the patient in front, or, without one, a table of all."""
        if self._job is not None:
            return  # one is being written
        self.patient.set_patient(patient_id)
        self.kind.set_value("patient" if patient_id is not None else "csv")
        for line in (self.recipient, self.purpose, self.password, self.again):
            line.clear()
        self.address.clear()
        self.documents.setChecked(True)
        self.banner.hide()
        self._turn()
        self.kind.setFocus()

    def _turn(self) -> None:
        """Show what this kind asks for."""
        kind = str(self.kind.value())
        self.banner.hide()  # it told of another one
        self.meaning.setText(_KINDS[kind][1])
        self.fields["patient_id"].setVisible(kind in _WITH_PATIENT)
        for name in ("recipient", "recipient_address", "purpose"):
            self.fields[name].setVisible(kind == "patient")
        self.documents.setVisible(kind == "patient")
        for name in ("password", "again"):
            self.fields[name].setVisible(kind in _WITH_PASSWORD)
        for field in self.fields.values():
            field.problem("")
        self.patient.setPlaceholderText("Type to choose" if kind == "patient" else "Everybody")
        self.export_button.setText("Next" if kind == "calendar" else "Export…")
        self.export_button.setAccessibleName(self.export_button.text())
        self._fit()

    def _fit(self) -> None:
        """As high as what is asked needs, sentences wrapped to the window's width."""
        self.layout().activate()
        width = max(self.width(), self.minimumWidth())
        needed = self.layout().totalHeightForWidth(width)
        height = max(needed, self.layout().totalMinimumSize().height())
        height = min(height, self.screen().availableGeometry().height() - 64)
        self.setMinimumHeight(height)
        self.resize(width, height)

    def export(self) -> None:
        """Check what was asked, ask where it goes, and write it."""
        kind = str(self.kind.value())
        if kind == "calendar":
            self.close()
            self._desk.actions.trigger("file.export_calendar")
            return
        faults = self._faults(kind)
        for name, field in self.fields.items():
            field.problem(faults.get(name, ""))
        if faults:
            self._fit()
            self.fields[next(iter(faults))].editor.setFocus()
            return
        write = self._writer(kind)
        ending, pattern = _KINDS[kind][2:]
        name = {"patient": "patient file", "practice": "practice"}.get(kind, "patients")
        self._desk.prompts.save_file(
            "Export",
            lambda path: self._run(write, Path(path).with_suffix(ending)),
            name=f"{name}{ending}",
            pattern=pattern,
        )

    def _faults(self, kind: str) -> dict[str, str]:
        """All that is missing or wrong at once, by field, as they stand."""
        faults = {}
        if kind == "patient" and self.patient.patient_id is None:
            faults["patient_id"] = "Choose whose file it is."
        if kind == "patient" and not self.recipient.text().strip():
            faults["recipient"] = "Say who gets it: it is logged."
        if kind in _WITH_PASSWORD:
            try:
                require_password(self.password.text())
            except Invalid as weak:
                faults["password"] = f"{weak.what} {weak.remedy}"
            if self.again.text() != self.password.text():
                faults["again"] = "The two are not the same. Type it again."
        return faults

    def _writer(self, kind: str) -> Callable[[Path, Progress], str]:
        """What writes the file and says what it wrote."""
        exports, patient = self._exports, self.patient.patient_id
        password = self.password.text()
        if kind == "patient":
            assert patient is not None  # else it is a fault
            asked = PatientPackage(
                patient,
                self.recipient.text(),
                password,
                self.purpose.text(),
                self.address.toPlainText(),
                self.documents.isChecked(),
            )
            return lambda path, progress: exports.patient_package(asked, path, progress).sentence
        if kind == "practice":
            return lambda path, progress: (
                f"The whole practice: {exports.practice(path, password, progress).words}, encrypted."
            )
        ids = None if patient is None else (patient,)
        write = exports.people_csv if kind == "csv" else exports.people_vcard
        return lambda path, progress: _people_words(write(path, ids, progress), path.name)

    # -- writing -------------------------------------------------------------------------------

    def _run(self, write: Callable[[Path, Progress], str], path: Path) -> None:
        self.working.begin("Exporting", "You can close this window and go on working meanwhile.")
        self.stack.setCurrentWidget(self.working)
        self.export_button.hide()
        job = self._desk.jobs.run(
            "Export", lambda progress: write(path, progress), self._done, self._failed
        )
        if self.stack.currentWidget() is self.working:
            self._job = job
            job.progressed.connect(self.working.show_progress)

    def cancel(self) -> None:
        if self._job is not None:
            self.working.stopping()
            self._job.cancel()

    def _done(self, said: str) -> None:
        self._back()
        for line in (self.password, self.again):
            line.clear()
        self.banner.show_message("success", said, title="Written.")
        self.banner.show()
        self._fit()
        self._desk.messages.say(said, tone="info")
        self.close_button.setFocus()

    def _failed(self, error: BaseException) -> None:
        self._back()
        if isinstance(error, Cancelled):
            self._tell("info", Problem("Stopped.", remedy="No file was left."))
        elif isinstance(error, Problem):
            self._tell("danger", error)
        else:
            self._desk.jobs.on_failure("Export", error)

    def _back(self) -> None:
        self._job = None
        self.stack.setCurrentWidget(self._form)
        self.export_button.show()

    def _tell(self, tone: str, problem: Problem) -> None:
        text = " ".join(part for part in (problem.why, problem.remedy) if part)
        self.banner.show_message(tone, text, title=problem.what)
        self.banner.show()
        self._fit()


def _people_words(count: int, name: str) -> str:
    return f"“{name}” holds {counted(count, 'patient')}."


def open_export_window(desk: Desk, window: QWidget, patient_id: int | None = None) -> ExportWindow:
    """Show the export beside `window`; the one that is already open comes forward."""
    dialog = window.findChild(ExportWindow)
    if dialog is None:
        dialog = ExportWindow(desk, window)
    dialog.come_forward()
    dialog.begin(patient_id)
    return dialog
