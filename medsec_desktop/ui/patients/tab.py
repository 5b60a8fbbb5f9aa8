"""The Patients tab: a search line over the people found, a file, or the editor."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.services.patients import DuplicateHit, PatientDraft
from medsec_desktop.ui.patients.finding import FindingPage
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import Tab

if TYPE_CHECKING:
    from medsec_desktop.services.session import Changes
    from medsec_desktop.ui.desk import Desk
    from medsec_desktop.ui.patients.documents.document_page import DocumentPage
    from medsec_desktop.ui.patients.editor import PatientEditor
    from medsec_desktop.ui.patients.file import PatientFileView
    from medsec_desktop.ui.patients.timeline_page import TimelinePage
    from medsec_desktop.ui.widgets.page import Page

_TABLES = (
    "patient", "patient_phone", "patient_address", "related_person", "coverage", "patient_alert",
    "appointment", "encounter", "letter", "provider", "payer", "appointment_type", "setting",
    "authorization", "coverage_verification", "referral", "referral_event", "document",
    "custom_value", "custom_field",
    "document_category", "printed_form",
    "patient_merge", "not_duplicate",
    "consent", "consent_kind", "records_request", "disclosure", "claim", "claim_event",
)  # fmt: skip
# Lists over all patients, made when first asked for.
LISTS = {
    "insurance": "medsec_desktop.ui.patients.lists.insurance_page:InsurancePage",
    "referrals": "medsec_desktop.ui.patients.lists.referrals_page:ReferralsPage",
    "sorting": "medsec_desktop.ui.patients.documents.sorting_page:SortingPage",
    "duplicates": "medsec_desktop.ui.patients.lists.duplicates_page:DuplicatesPage",
    "merge": "medsec_desktop.ui.patients.merging.merge_page:MergePage",
    "unmerge": "medsec_desktop.ui.patients.merging.unmerge_page:UnmergePage",
    "records-requests": "medsec_desktop.ui.patients.lists.requests_page:RequestsPage",
    "consents": "medsec_desktop.ui.patients.lists.consents_page:ConsentsPage",
}


class PatientsTab(Tab):
    """Find people, open their files, register and amend them."""

    title = "Patients"
    icon = "users"
    help_page = "patients"
    new_text = "New patient"

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(desk, parent)
        self.file: PatientFileView | None = None
        self.timeline: TimelinePage | None = None
        self.document: DocumentPage | None = None
        self._from: QWidget | None = None  # where the open document was opened from
        self.editor: PatientEditor | None = None
        self._lists: dict[str, Page] = {}
        self._stale = False
        self._user_id = desk.office.session.user.id
        self.finding = FindingPage(desk, self.new_thing)
        self.finding.chosen.connect(self.open_patient)
        self.search, self.people = self.finding.search, self.finding.people
        self.pages = QStackedWidget()
        self.pages.addWidget(self.finding)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.pages)

        self._to_compare: PatientDraft | None = None
        self._comparisons = 0
        self._ask_to_compare = desk.jobs.latest(self._find_duplicates, self._show_duplicates)

    # -- what the window asks -----------------------------------------------------------------

    def new_thing(self) -> None:
        """Register a new patient (Ctrl+N, Ctrl+Shift+N)."""
        self.edit_patient(None)

    def showing(self) -> None:
        self.finding.showing()
        if self._user_id != self.desk.office.session.user.id:
            self._change_user()
        if self._stale:
            self._reload()
        page = self.pages.currentWidget()
        if page is self.finding:
            self.finding.begin()
        elif page is self.file and self.file is not None:
            self.file.setFocus()
        elif page is self.document and self.document is not None and not self.document.reload():
            self._leave_document()
        elif page in self._lists.values():
            page.showing()  # type: ignore[attr-defined]

    def refresh(self, changes: Changes) -> None:
        page = self.pages.currentWidget()
        if page in self._lists.values() and self.isVisible():
            page.refresh(changes)  # type: ignore[attr-defined]
            return
        if not changes.touches(*_TABLES):
            return
        if self.isVisible():
            self._reload()
        else:
            self._stale = True

    @property
    def foot_height(self) -> int:
        """How much of the foot the buttons of the list in front take; not every page has some."""
        shown = self.pages.currentWidget()
        return int(getattr(shown, "foot_height", 0)) if shown in self._lists.values() else 0

    @property
    def patient_id(self) -> int | None:
        for page in (self.file, self.timeline, self.document):
            if page is not None and self.pages.currentWidget() is page:
                return page.patient_id
        return None

    @property
    def patient_at_hand(self) -> int | None:
        shown = self.pages.currentWidget()
        for page in self._lists.values():
            if page is shown:
                return page.patient_at_hand
        return self.patient_id

    def open_patient(self, patient_id: int, part: str = "") -> None:
        """Show a patient's file, recorded as seen: at its top, or at a “referral” or a “request”."""
        from medsec_desktop.ui.patients.file import PatientFileView

        file = guarded(self.desk, lambda: self.desk.office.patients.open(patient_id))
        if file is None:
            return
        self._leave_editor()
        self.finding.remember()
        if self.file is None:
            self.file = PatientFileView(self.desk)
            self.file.left.connect(self.show_finding)
            self.file.edit_wanted.connect(self.edit_patient)
            self.file.timeline_wanted.connect(self.show_timeline)
            self.pages.addWidget(self.file)
        self.file.show_file(file)
        self.pages.setCurrentWidget(self.file)
        self.file.setFocus()
        if part:
            self.file.go_to_part(part)
        if file.id != patient_id:
            (merged,) = self.desk.office.patients.hits((patient_id,))
            self.desk.messages.say(
                f"Chart {merged.chart_number}, {merged.name.listed}, was merged into this file.",
                tone="info",
            )

    def show_timeline(self) -> None:
        """Everything that happened about the patient whose file is open."""
        from medsec_desktop.ui.patients.timeline_page import TimelinePage

        if self.file is None or self.file.file is None:
            return
        if self.timeline is None:
            self.timeline = TimelinePage(self.desk)
            self.timeline.left.connect(self._leave_timeline)
            self.pages.addWidget(self.timeline)
        self.timeline.show_file(self.file.file)
        self.pages.setCurrentWidget(self.timeline)
        self.timeline.setFocus()

    def _leave_timeline(self) -> None:
        if self.file is not None:
            self.file.reload()
            self.pages.setCurrentWidget(self.file)
            self.file.setFocus()

    def open_document(self, document_id: int, begin: str = "") -> None:
        """Show a document on the whole page; going back leads to where it was opened from."""
        from medsec_desktop.ui.patients.documents.document_page import DocumentPage

        if self.document is None:
            self.document = DocumentPage(self.desk)
            self.document.left.connect(self._leave_document)
            self.pages.addWidget(self.document)
        if not self.document.show_document(document_id, begin):
            return
        self._leave_editor()
        if self.pages.currentWidget() is not self.document:
            self._from = self.pages.currentWidget()
        self.pages.setCurrentWidget(self.document)
        if not begin:
            self.document.setFocus()

    def _leave_document(self) -> None:
        """Back to the page it was opened from, else to the file it lies in."""
        origin, self._from = self._from, None
        patient_id = self.document.patient_id if self.document is not None else None
        if origin in self._lists.values():
            self.pages.setCurrentWidget(origin)
            origin.showing()  # type: ignore[union-attr]
        elif origin is self.timeline and self.timeline is not None:
            self.pages.setCurrentWidget(self.timeline)
            self._reload()
            self.timeline.setFocus()
        elif origin is self.file and self.file is not None and self.file.patient_id is not None:
            self._leave_timeline()
        elif patient_id is not None:
            self.open_patient(patient_id)
        else:
            self.show_finding()

    def show_list(self, name: str) -> Page:
        """Bring a list of `LISTS` to the front; Escape goes back to the search."""
        if name not in self._lists:
            module, _, kind = LISTS[name].partition(":")
            page = getattr(import_module(module), kind)(self)
            self._lists[name] = page
            page.left.connect(self.show_finding)
            self.pages.addWidget(page)
        self._leave_editor()
        self.pages.setCurrentWidget(self._lists[name])
        self._lists[name].showing()
        return self._lists[name]

    def merge_patients(self, patient_id: int, other_id: int | None = None) -> None:
        """Lay two files side by side, or ask which the other one is."""
        came_from = self.pages.currentWidget()
        page: Any = self.show_list("merge")
        if came_from is not page:
            page.came_from = came_from
        if other_id is None:
            page.begin(patient_id)
        else:
            page.compare(patient_id, other_id)

    def take_apart(self, merge_id: int) -> None:
        """Show what taking a merge apart would do, and ask about what came since."""
        came_from = self.pages.currentWidget()
        page: Any = self.show_list("unmerge")
        if came_from is not page:
            page.came_from = came_from
        if not page.ask(merge_id):
            page.leave()

    def go_back(self, page: QWidget | None) -> None:
        """Where one came from: a list, the file, or the search."""
        if page is self.file and self.file is not None and self.file.reload():
            self.pages.setCurrentWidget(self.file)
            self.file.setFocus()
        elif page in self._lists.values():
            self.pages.setCurrentWidget(page)
            page.showing()  # type: ignore[union-attr]
        else:
            self.show_finding()

    def resume_in_file(
        self, kind: str, patient_id: int, state: dict[str, Any], draft_id: int
    ) -> None:
        """Open her file with the form of a part of it as it was left."""
        self.open_patient(patient_id)
        if self.file is not None:
            self.file.resume_form(kind, state, draft_id)

    def edit_patient(
        self,
        patient_id: int | None,
        state: dict[str, Any] | None = None,
        draft_id: int | None = None,
    ) -> None:
        """Open the editor: on a file, on a new one, or on a draft where it was left."""
        from medsec_desktop.ui.patients.editor import PatientEditor

        office = self.desk.office
        what = "change a patient’s file" if patient_id else "register a patient"
        if (
            self.editor is not None
            and state is None
            and patient_id is not None
            and self.editor.patient_id == patient_id
        ):
            self.pages.setCurrentWidget(self.editor)
            self.editor.start()
            return
        allowed = guarded(
            self.desk,
            lambda: office.session.require(Permission.EDIT_PATIENTS, what) or True,  # type: ignore[func-returns-value]
        )
        if not allowed:
            return
        draft = guarded(self.desk, lambda: office.patients.draft(patient_id))
        if draft is None:
            return
        self._leave_editor()
        editor = PatientEditor(self.desk, patient_id, draft)
        if state is not None:
            editor.restore_state(state)
        self.editor = editor
        editor.saved.connect(self._saved)
        editor.left.connect(self._editor_left)
        editor.compare_wanted.connect(self._compare)
        self.pages.addWidget(editor)
        self.pages.setCurrentWidget(editor)
        self.desk.drafts.watch(editor, close=self._close_editor, draft_id=draft_id)
        editor.start()

    def resume_part(self, patient_id: int, state: dict[str, Any], draft_id: int) -> None:
        """Open the part of the file in front that a parked draft was typed in."""
        if self.file is not None and self.file.patient_id == patient_id:
            self.file.resume(state, draft_id)

    # -- file and editor ----------------------------------------------------------------------

    def show_finding(self) -> None:
        """Back to the search, as it was left."""
        self.pages.setCurrentWidget(self.finding)
        self.finding.count_twice()
        self.finding.begin()

    def _change_user(self) -> None:
        """Somebody else is at the desk: her look at the open file is recorded as hers, with her
        rights, and what her colleague had half typed waits for the colleague."""
        self._user_id = self.desk.office.session.user.id
        self._leave_editor()
        if self.file is not None:
            self.file.leave_forms()
        patient_id = self.patient_id
        if patient_id is not None:  # an open document too is looked at again under the new name
            self.show_finding()
            self.open_patient(patient_id)

    def _reload(self) -> None:
        self._stale = False
        page = self.pages.currentWidget()
        if page is self.finding:
            self.finding.ask_again()
        elif page is self.timeline and self.timeline is not None:
            if self.timeline.patient_id is not None:
                self.timeline.read(self.timeline.patient_id)
        elif page is self.document and self.document is not None:
            if not self.document.reload():
                self._leave_document()
        elif page is self.file and self.file is not None and not self.file.reload():
            self.show_finding()

    def _compare(self, draft: PatientDraft) -> None:
        self._to_compare = draft
        self._comparisons += 1
        self._ask_to_compare(str(self._comparisons))

    def _find_duplicates(self, _: str) -> tuple[PatientDraft | None, tuple[DuplicateHit, ...]]:
        """In a thread of its own: who on file may be the person being typed."""
        draft = self._to_compare
        if draft is None:
            return None, ()
        return draft, self.desk.office.patients.possible_duplicates(draft)

    def _show_duplicates(
        self, answer: tuple[PatientDraft | None, tuple[DuplicateHit, ...]]
    ) -> None:
        draft, hits = answer
        if self.editor is not None and draft is not None:
            self.editor.show_duplicates(draft, hits)

    def _saved(self, patient_id: int) -> None:
        self._close_editor()
        self.open_patient(patient_id)

    def _editor_left(self) -> None:
        """Cancel or Escape: what was typed is parked, not lost, and nothing is asked."""
        editor = self.editor
        if editor is None:
            return
        patient_id = editor.patient_id
        self.desk.drafts.leave(editor)
        self._close_editor()
        if patient_id is not None and self.file is not None and self.file.patient_id == patient_id:
            self.file.reload()
            self.pages.setCurrentWidget(self.file)
            self.file.setFocus()
        else:
            self.show_finding()

    def _leave_editor(self) -> None:
        if self.editor is not None:
            self.desk.drafts.leave(self.editor)
            self._close_editor()

    def _close_editor(self) -> None:
        editor, self.editor = self.editor, None
        if editor is None:
            return
        self.pages.removeWidget(editor)
        editor.hide()
        editor.deleteLater()
        if self.pages.currentWidget() is self.file and self.file is not None:
            self.file.setFocus()
