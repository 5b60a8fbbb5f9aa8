"""In a patient's file: who pays, whether it is ready for her next visit, and who paid before."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.services.patients import PatientFile
from medsec_desktop.services.patients.coverage_records import CoverageDetail
from medsec_desktop.ui.patients.coverage_box import CoverageBox
from medsec_desktop.ui.patients.coverage_form import CoverageForm
from medsec_desktop.ui.patients.file_section import FileSection, empty
from medsec_desktop.ui.patients.order_by_mouse import OrderByMouse
from medsec_desktop.ui.patients.readiness_view import ReadinessView
from medsec_desktop.ui.patients.verification_form import VerificationForm
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import DateEdit, LinkButton

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk


class CoveragesSection(FileSection):
    """What pays for her today in its order; what is to come and what has ended on request."""

    help_page = "insurance"

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__("Coverage", desk, parent)
        self._shows_ended = False
        self._day: date | None = None  # the light's, where somebody asked for another than the next
        self.boxes: dict[int, CoverageBox] = {}
        self.order = OrderByMouse(desk.theme, self)
        self.order.moved.connect(lambda box, by: self.move(box.detail, by))
        self.add_button = LinkButton("Add…", lambda: self.add())
        self.add_button.setAccessibleName("Add a coverage")
        self.header.addWidget(self.add_button)
        self.light = ReadinessView(desk.theme)
        self.day_edit = DateEdit(desk.theme, desk.office.formats, desk.office.clock.today)
        self.day_edit.setAccessibleName("Show how ready the insurance is on")
        self.day_edit.setMaximumWidth(desk.theme.px(136))
        self.day_edit.settled.connect(self._ask_day)
        self.form = CoverageForm(desk)
        self.verification = VerificationForm(desk)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self.light, 1)
        top.addWidget(self.day_edit, 0, Qt.AlignmentFlag.AlignTop)
        self.body.insertLayout(0, top)
        forms = QVBoxLayout()
        for form in (self.form, self.verification):
            forms.addWidget(form)
            form.closed.connect(self.add_button.setFocus)
            form.kept.connect(self.add_button.setFocus)
        self.body.insertLayout(1, forms)
        desk.actions.bind("coverage.verify", self.verify_next, self._why_not_verify, owner=self)
        desk.actions.bind("coverage.add", self.add, self._may_add, owner=self)

    # -- what the file asks ---------------------------------------------------------------------

    def show_file(self, file: PatientFile) -> None:
        if self._file is None or self._file.id != file.id:
            self._shows_ended = False
            self._day = None
            self.leave_forms()
        super().show_file(file)

    def draw(self, file: PatientFile) -> None:
        self._details = self._desk.office.coverages.of(file.id)
        may = self._desk.office.session.may(Permission.EDIT_PATIENTS)
        self.add_button.setVisible(may)
        self._show_light(file)
        self.boxes = {}
        empty(self.rows)
        current = [one for one in self._details if one.when == "current"]
        coming = [one for one in self._details if one.when == "coming"]
        ended = [one for one in self._details if one.when == "ended"]
        if not self._details:
            self.say("No coverage on file: self-pay.")
        else:
            self.say("" if current else "No coverage today: self-pay.")
        for place, one in enumerate(current):
            self._add_box(one, may, place, len(current))
        movable = [self.boxes[one.id] for one in current] if may else []
        self.order.follow([(box.title, box) for box in movable])
        for one in coming:
            self._add_box(one, may)
        for one in ended if self._shows_ended else ():
            self._add_box(one, may)
        noun = "coverage" if len(ended) == 1 else "coverages"
        hidden = ended and not self._shows_ended
        self.offer(f"Show {len(ended)} ended {noun}" if hidden else "")

    # -- what one does --------------------------------------------------------------------------

    def add(self) -> None:
        """A new coverage."""
        if self._file is not None:
            self.leave_forms()
            self.form.open_for(self._file.id, self._file.name.listed)
            self.form_opened.emit(self.form)

    def change(self, detail: CoverageDetail) -> None:
        """Change one of hers."""
        if self._file is not None:
            self.leave_forms()
            self.form.open_for(self._file.id, self._file.name.listed, detail)
            self.form_opened.emit(self.form)

    def replace(self, detail: CoverageDetail) -> None:
        """Another one in its place from a day on."""
        if self._file is not None:
            self.leave_forms()
            self.form.open_for(self._file.id, self._file.name.listed, replaces=detail)
            self.form_opened.emit(self.form)

    def verify(self, detail: CoverageDetail) -> None:
        """Note what the payer says of one of hers."""
        if self._file is not None:
            self.leave_forms()
            self.verification.open_for(self._file.id, self._file.name.listed, detail)
            self.form_opened.emit(self.verification)

    def verify_next(self) -> None:
        """Note an answer for the first of hers that wants one, else for the first that pays."""
        asked = [one for one in self._details if one.when != "ended"]
        wanting = {finding.coverage_id for finding in self._readiness().open if finding.coverage_id}
        found = next((one for one in asked if one.id in wanting), next(iter(asked), None))
        if found is not None:
            self.verify(found)

    def move(self, detail: CoverageDetail, by: int) -> None:
        """Let it pay earlier or later than its neighbour."""
        file = self._file
        if file is None:
            return
        book = self._desk.office.coverages
        if guarded(self._desk, lambda: book.move(file.id, detail.id, by)):
            self._desk.messages.say(f"{detail.payer_name} changed places.", undo=True)
            box = self.boxes.get(detail.id)
            if box is not None:
                first, second = (box.up, box.down) if by < 0 else (box.down, box.up)
                (first if first.isEnabled() else second).setFocus()

    def resume(self, state: dict[str, Any], draft_id: int | None) -> None:
        """Go on with a parked coverage, or answer of a payer, of the patient in front."""
        if self._file is None:
            return
        self.leave_forms()
        form = self.verification if "coverage_id" in state else self.form
        form.resume(self._file.id, self._file.name.listed, state, draft_id)
        self.form_opened.emit(form)

    # -- inside ---------------------------------------------------------------------------------

    def leave_forms(self) -> None:
        """Close the forms, of which one is open at a time; what was typed is parked."""
        for form in (self.form, self.verification):
            form.leave()

    def _add_box(self, one: CoverageDetail, may: bool, place: int = 0, count: int = 1) -> None:
        assert self._file is not None
        box = CoverageBox(self._desk, self._file.id, one, may=may, place=place, count=count)
        box.verify_wished.connect(self.verify)
        box.change_wished.connect(self.change)
        box.replace_wished.connect(self.replace)
        box.move_wished.connect(self.move)
        self.boxes[one.id] = box
        self.rows.addWidget(box)

    def show_more(self) -> None:
        self._shows_ended = True
        self.redraw()

    def _next_visit(self) -> int | None:
        """Her next visit, while no other day was asked for."""
        if self._file is None or self._day is not None:
            return None
        visits = self._file.next_visits(self._desk.office.clock.now())
        return visits[0].id if visits else None

    def _readiness(self) -> Any:
        office, file = self._desk.office, self._file
        assert file is not None
        visit_id = self._next_visit()
        ready = office.readiness.of_visit(visit_id) if visit_id is not None else None
        return ready or office.readiness.of_patient(file.id, self._day)

    def _show_light(self, file: PatientFile) -> None:
        ready = self._readiness()
        office = self._desk.office
        if self._next_visit() is not None:
            what_for = f"for the visit of {office.formats.date(ready.day)}"
        elif ready.day == office.clock.today():
            what_for = "for today"
        else:
            what_for = f"for {office.formats.date(ready.day)}"
        self.light.show_readiness(ready, what_for)
        if not self.day_edit.hasFocus():
            self.day_edit.blockSignals(True)
            self.day_edit.set_value(ready.day)
            self.day_edit.blockSignals(False)

    def _ask_day(self, day: object) -> None:
        if self._file is not None and isinstance(day, date):
            self._day = day
            self._show_light(self._file)

    def _may_add(self) -> bool | str:
        return self._file is not None

    def _why_not_verify(self) -> bool | str:
        if self._file is None:
            return False
        if not any(one.when != "ended" for one in self._details):
            return "There is no coverage to ask about: add one first (Ctrl+Alt+A)."
        return True
