"""In a patient's file: who asked for the records and when it is due, and what was given to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.services.patients import PatientFile
from medsec_desktop.services.patients.rights_records import DisclosureRow, RequestRow
from medsec_desktop.ui.letters.print_sheet import choose_printer
from medsec_desktop.ui.patients.disclosure_form import AccountingCard, DisclosureForm
from medsec_desktop.ui.patients.file_section import FileSection, empty
from medsec_desktop.ui.patients.in_place import following
from medsec_desktop.ui.patients.request_box import DisclosureBox, RequestBox
from medsec_desktop.ui.patients.request_form import RequestForm
from medsec_desktop.ui.patients.request_package import PackageForm
from medsec_desktop.ui.patients.request_steps import RequestStepForm, Step
from medsec_desktop.ui.printing.print_job import print_away
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import LinkButton

if TYPE_CHECKING:
    from medsec_desktop.services.printing import Way
    from medsec_desktop.ui.desk import Desk

_MOST = 5  # disclosures and closed requests shown at first, each


class RecordsSection(FileSection):
    """Open requests first with the days left, then the log; older ones on request."""

    help_page = "rights"

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__("Records requests and disclosures", desk, parent)
        self._shows_all = False
        self.boxes: dict[int, RequestBox] = {}
        self.entries: dict[int, DisclosureBox] = {}
        self.add_button = self._header_link("Request…", self.add, "Add a records request")
        self.log_button = self._header_link("Disclosure…", self.log, "Log a disclosure")
        self.account_button = self._header_link(
            "Accounting…", self.account, "Accounting of disclosures"
        )
        self.request_form, self.package_form = RequestForm(desk), PackageForm(desk)
        self.step_form, self.disclosure_form = RequestStepForm(desk), DisclosureForm(desk)
        self.accounting = AccountingCard(desk)
        self._forms = (self.request_form, self.package_form, self.step_form, self.disclosure_form)
        self._worked_on = 0  # the request a form is open for
        for form in self._forms[:3]:
            following(self._back_to_request, form)
        following(self.log_button.setFocus, self.disclosure_form)
        self.accounting.left.connect(self.account_button.setFocus)
        for place, part in enumerate((*self._forms, self.accounting)):
            self.body.insertWidget(place, part)
        is_shown = lambda: self._file is not None  # noqa: E731
        desk.actions.bind("records.request", self.add, is_shown, owner=self)
        desk.actions.bind("records.disclosure", self.log, is_shown, owner=self)

    def show_file(self, file: PatientFile) -> None:
        if self._file is None or self._file.id != file.id:
            self._shows_all = False
            self._close_forms()
        self.request_form.patient_asking = file.name.full
        super().show_file(file)

    def draw(self, file: PatientFile) -> None:
        office = self._desk.office
        may = office.session.may(Permission.EDIT_PATIENTS)
        for button in (self.add_button, self.log_button):
            button.setVisible(may)
        requests = office.records_requests.of(file.id)
        log = office.disclosures.of(file.id)
        self.account_button.setVisible(bool(log))
        self.boxes, self.entries = {}, {}
        empty(self.rows)
        opened = [row for row in requests if row.status.is_open]
        closed = [row for row in requests if not row.status.is_open]
        hidden = 0 if self._shows_all else max(0, len(closed) - _MOST) + max(0, len(log) - _MOST)
        most = None if self._shows_all else _MOST
        for row in (*opened, *closed[:most]):
            box = self.boxes[row.id] = RequestBox(self, row, may=may)
            self.rows.addWidget(box)
        for entry in log[:most]:
            line = self.entries[entry.id] = DisclosureBox(self, entry, may=may)
            self.rows.addWidget(line)
        nothing = "Nobody asked for records, and none were given."
        self.say("" if requests or log else nothing)
        self.offer(f"Show {hidden} more" if hidden else "")

    # -- what one does --------------------------------------------------------------------------

    def add(self) -> None:
        """A new request."""
        self.change(None)

    def change(self, row: RequestRow | None) -> None:
        """What is said of a request."""
        if self._file is not None:
            self._close_forms()
            self._worked_on = row.id if row is not None else 0
            self.request_form.open_for(self._file.id, self._file.name.listed, row)
            self.form_opened.emit(self.request_form)

    def choose(self, row: RequestRow) -> None:
        """What goes out with a request."""
        if self._file is not None:
            self._close_forms()
            self._worked_on = row.id
            self.package_form.open_for(self._file.id, self._file.name.listed, row)
            self.form_opened.emit(self.package_form)

    def take(self, row: RequestRow, step: Step) -> None:
        """A step that wants a word."""
        if self._file is not None:
            self._close_forms()
            self._worked_on = row.id
            self.step_form.open_for(self._file.id, self._file.name.listed, row, step)
            self.form_opened.emit(self.step_form)

    def withdraw(self, row: RequestRow) -> None:
        """The requester no longer wants them."""
        book = self._desk.office.records_requests

        def do() -> bool:
            book.withdraw(row.id, row.version)
            return True

        if guarded(self._desk, do):
            self._desk.messages.say(f"Request of {row.requester} withdrawn.", undo=True)
            self.add_button.setFocus()

    def open_package(self, document_id: int) -> None:
        """What went out, or will, in the viewer of documents."""
        self._desk.go.open_document(document_id)

    def print_package(self, row: RequestRow) -> None:
        """Ask for the printer, then print the package."""
        book = self._desk.office.records_requests

        def chosen(way: Way) -> None:
            print_away(self._desk, "The package", lambda: book.print_package(row.id, way))

        printing = self._desk.office.printing
        choose_printer(self._desk, printing, "documents", chosen, self, "documents")

    def log(self) -> None:
        """A disclosure by hand."""
        self.change_entry(None)

    def change_entry(self, row: DisclosureRow | None) -> None:
        """What is said of a disclosure."""
        if self._file is not None:
            self._close_forms()
            self.disclosure_form.open_for(self._file.id, self._file.name.listed, row)
            self.form_opened.emit(self.disclosure_form)

    def account(self) -> None:
        """The accounting of a period."""
        if self._file is not None:
            self._close_forms()
            self.accounting.open_for(self._file.id)
            self.form_opened.emit(self.accounting)

    def resume(self, kind: str, state: dict[str, Any], draft_id: int | None) -> None:
        """Go on with a form that was parked, of the patient in front."""
        forms = {form.draft_kind: form for form in self._forms}
        if self._file is not None:
            form = forms[kind]
            self._close_forms()
            form.resume(self._file.id, self._file.name.listed, state, draft_id)
            self.form_opened.emit(form)

    # -- inside ---------------------------------------------------------------------------------

    def _back_to_request(self) -> None:
        """The focus on what is done next with the request a form was open for."""
        box = self.boxes.get(self._worked_on)
        first = next(iter(box.links.values()), None) if box is not None else None
        (first or self.add_button).setFocus()

    def _header_link(self, text: str, act: Any, name: str) -> LinkButton:
        button = LinkButton(text, act)
        button.setAccessibleName(name)
        self.header.addWidget(button)
        return button

    def _close_forms(self) -> None:
        for form in self._forms:
            form.leave()
        self.accounting.hide()

    def show_more(self) -> None:
        self._shows_all = True
        self.redraw()
