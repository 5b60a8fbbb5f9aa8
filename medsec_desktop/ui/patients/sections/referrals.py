"""In a patient's file: who sent her to us, whom we sent her to, and how each stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.services.patients import PatientFile
from medsec_desktop.services.patients.referral_records import ReferralRow
from medsec_desktop.ui.patients.file_section import FileSection, empty
from medsec_desktop.ui.patients.referral_form import ReferralForm
from medsec_desktop.ui.patients.referral_steps import ReferralBox, StepForm
from medsec_desktop.ui.widgets import LinkButton

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk


class ReferralsSection(FileSection):
    """Those that wait for something; what is over on request."""

    help_page = "insurance"

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__("Referrals", desk, parent)
        self._shows_over = False
        self.boxes: dict[int, ReferralBox] = {}
        self.add_button = LinkButton("Add…", self.add)
        self.add_button.setAccessibleName("Add a referral")
        self.header.addWidget(self.add_button)
        self.form, self.steps = ReferralForm(desk), StepForm(desk)
        for signal in (self.form.kept, self.form.closed):
            signal.connect(self.add_button.setFocus)
        for signal in (self.steps.done, self.steps.left):
            signal.connect(self._focus_stepped)
        self.body.insertWidget(0, self.form)
        self.body.insertWidget(1, self.steps)
        desk.actions.bind("referral.add", self.add, lambda: self._file is not None, owner=self)

    def show_file(self, file: PatientFile) -> None:
        if self._file is None or self._file.id != file.id:
            self._shows_over = False
            self.leave_forms()
        super().show_file(file)

    def draw(self, file: PatientFile) -> None:
        session = self._desk.office.session
        may = session.may(Permission.EDIT_PATIENTS)
        self.add_button.setVisible(may)
        self.boxes = {}
        empty(self.rows)
        rows = self._desk.office.referrals.of(file.id)
        over = [row for row in rows if row.step.is_final]
        shown = [row for row in rows if self._shows_over or not row.step.is_final]
        for row in shown:
            box = ReferralBox(
                self._desk, row, may=may, may_book=session.may(Permission.EDIT_CALENDAR)
            )
            box.change_wished.connect(self.change)
            box.step_wished.connect(self.take_step)
            self.boxes[row.id] = box
            self.rows.addWidget(box)
        self.say("" if rows else "None on file.")
        noun = "referral" if len(over) == 1 else "referrals"
        hidden = over and not self._shows_over
        self.offer(f"Show {len(over)} {noun} that are over" if hidden else "")

    # -- what one does --------------------------------------------------------------------------

    def add(self) -> None:
        """A new referral, by us or to us."""
        self._edit(None)

    def change(self, row: ReferralRow) -> None:
        """What is said of one of hers."""
        self._edit(row)

    def take_step(self, row: ReferralRow) -> None:
        """How far one of hers has come."""
        self.leave_forms()
        self.steps.open_for(row)
        self.form_opened.emit(self.steps)

    def resume(self, state: dict[str, Any], draft_id: int | None) -> None:
        """Go on with a parked referral of the patient in front."""
        if self._file is not None:
            self.leave_forms()
            self.form.resume(self._file.id, self._file.name.listed, state, draft_id)
            self.form_opened.emit(self.form)

    # -- inside ---------------------------------------------------------------------------------

    def _edit(self, row: ReferralRow | None) -> None:
        if self._file is not None:
            self.leave_forms()
            self.form.open_for(self._file.id, self._file.name.listed, row)
            self.form_opened.emit(self.form)

    def _focus_stepped(self) -> None:
        """Back on the one whose step it was, unless it is over and no longer shown."""
        box = self.boxes.get(self.steps.referral_id)
        (box.step if box is not None else self.add_button).setFocus()
        self.form_opened.emit(self)  # the page has become shorter: stay at it

    def leave_forms(self) -> None:
        """Close the forms; what was typed is parked."""
        self.form.leave()
        self.steps.hide()

    def show_more(self) -> None:
        self._shows_over = True
        self.redraw()
