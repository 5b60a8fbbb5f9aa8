"""Parked work taken up again: which screen goes on with which kind of draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from medsec_desktop.services.drafts import DraftRow
    from medsec_desktop.ui.desk import Desk
    from medsec_desktop.ui.frame.doors import Doors
    from medsec_desktop.ui.main_window import MainWindow

State = dict[str, Any]

_FORMS_IN_FILE = (
    "coverage", "verification", "authorization", "referral", "consent", "records-request",
    "records-package", "records-step", "disclosure",
)  # fmt: skip


class Resuming:
    """Binds what takes parked work up again, the latest first, and the screen of each kind."""

    def __init__(self, desk: Desk, go: Doors, window: MainWindow):
        self._desk, self._go, self._window = desk, go, window
        drafts = desk.drafts
        desk.actions.bind("draft.park", drafts.park_current, lambda: drafts.current() is not None)
        desk.actions.bind(
            "draft.resume",
            drafts.resume_latest,
            lambda: bool(drafts.waiting()) or "No parked work is waiting.",
        )
        drafts.resumes("booking", self._booking)
        drafts.resumes("patient", self._patient)
        drafts.resumes("file-part", self._part_of_file)
        for kind in _FORMS_IN_FILE:
            drafts.resumes(kind, self._form_in_file)
        drafts.resumes("letter", lambda row, state: go.letters().resume_letter(state, row.id))
        drafts.resumes(
            "letter-template", lambda row, state: go.letters().resume_template(state, row.id)
        )
        drafts.resumes("claim", lambda row, state: go.claims().resume_claim(state, row.id))
        drafts.resumes("charges", self._charges)
        drafts.resumes("waiting", self._waiting)
        drafts.resumes("note", self._note)
        drafts.resumes("pinboard", self._pinboard)
        drafts.resumes("directory", lambda row, state: go.open_directory().resume(state, row.id))

    def _booking(self, row: DraftRow, state: State) -> None:
        self._go.book(row.patient_id, state=state, draft_id=row.id)

    def _patient(self, row: DraftRow, state: State) -> None:
        self._go.edit_patient(row.patient_id, state, row.id)

    def _part_of_file(self, row: DraftRow, state: State) -> None:
        """A part of a file that was being edited in place."""
        if row.patient_id is not None:
            self._go.open_patient(row.patient_id)
            self._go.patients().resume_part(row.patient_id, state, row.id)

    def _form_in_file(self, row: DraftRow, state: State) -> None:
        if row.patient_id is not None:
            self._go.patients().resume_in_file(row.kind, row.patient_id, state, row.id)

    def _charges(self, row: DraftRow, state: State) -> None:
        from medsec_desktop.ui.claims.charges.charge_window import resume_charges

        resume_charges(self._desk, self._window, state, row.id)

    def _waiting(self, row: DraftRow, state: State) -> None:
        self._go.calendar_place("waiting", page=True).resume(state, row.id)

    def _note(self, row: DraftRow, state: State) -> None:
        self._go.calendar_place("note").resume(state, row.id)

    def _pinboard(self, row: DraftRow, state: State) -> None:
        self._go.calendar().panel("pinboard").resume(state, row.id)
        self._go.calendar_place("pinboard")
