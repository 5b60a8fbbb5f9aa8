"""A patient's file: who she is, what must not be missed, what is next, what was."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from medsec_desktop.domain.people import PatientStatus
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.required import REQUIRABLE
from medsec_desktop.problems import Problem
from medsec_desktop.services.patients import PatientFile, VisitRow
from medsec_desktop.ui.actions import BY_ID
from medsec_desktop.ui.patients import words
from medsec_desktop.ui.patients.copy_menu import open_copy_menu
from medsec_desktop.ui.patients.documents.section import DocumentsSection
from medsec_desktop.ui.patients.file_section import FileSection
from medsec_desktop.ui.patients.in_place import InPlaceForm, following
from medsec_desktop.ui.patients.in_sight import InSight
from medsec_desktop.ui.patients.photo import PhotoBadge
from medsec_desktop.ui.patients.sections.alerts import AlertsSection
from medsec_desktop.ui.patients.sections.authorizations import AuthorizationsSection
from medsec_desktop.ui.patients.sections.claims import ClaimsSection
from medsec_desktop.ui.patients.sections.consents import ConsentsSection
from medsec_desktop.ui.patients.sections.contact import ContactSection
from medsec_desktop.ui.patients.sections.coverages import CoveragesSection
from medsec_desktop.ui.patients.sections.custom import CustomSection
from medsec_desktop.ui.patients.sections.details import DetailsSection, NoteSection
from medsec_desktop.ui.patients.sections.editing import EditableSection
from medsec_desktop.ui.patients.sections.identity import IdentitySection
from medsec_desktop.ui.patients.sections.letters import LettersSection
from medsec_desktop.ui.patients.sections.matters import MattersSection
from medsec_desktop.ui.patients.sections.merges import MergesSection, TwiceSection
from medsec_desktop.ui.patients.sections.people import PeopleSection
from medsec_desktop.ui.patients.sections.records import RecordsSection
from medsec_desktop.ui.patients.sections.referrals import ReferralsSection
from medsec_desktop.ui.patients.sections.visits import NextVisits, PastVisits
from medsec_desktop.ui.widgets import (
    Banner,
    ElidedLabel,
    IconButton,
    PlainButton,
    PrimaryButton,
    Text,
)
from medsec_desktop.ui.widgets.tab_order import tab_as_laid_out

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_SIDE_BY_SIDE = 1040  # pixels at normal zoom from which two columns are worth having


class PatientFileView(QWidget):
    """One calm screen; everything on it came in one `PatientFile`."""

    left = Signal()
    edit_wanted = Signal(int)
    timeline_wanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self.file: PatientFile | None = None
        self._is_wide: bool | None = None

        self.back = IconButton(desk.theme, "arrow-left", "All patients", self.left.emit, key="Esc")
        self.coverages = CoveragesSection(desk)
        self.authorizations = AuthorizationsSection(desk)
        self.referrals = ReferralsSection(desk)
        self.documents = DocumentsSection(desk)
        self.documents.live_on(self)
        self.consents, self.records = ConsentsSection(desk), RecordsSection(desk)
        # The file's parts, left and right: what happened, then who she is and who pays.
        self.matters = MattersSection(desk)
        self.matters.missing_wanted.connect(self._ask_missing)
        self.matters.part_wanted.connect(self.go_to_part)
        self.standing: tuple[tuple[FileSection, ...], tuple[FileSection, ...]] = (
            (
                NextVisits(desk),
                self.matters,
                PastVisits(desk),
                self.referrals,
                ClaimsSection(desk),
                LettersSection(desk),
                self.documents,
                self.records,
            ),
            (
                TwiceSection(desk),
                ContactSection(desk),
                self.coverages,
                self.authorizations,
                self.consents,
                PeopleSection(desk),
                IdentitySection(desk),
                DetailsSection(desk),
                AlertsSection(desk),
                CustomSection(desk),
                NoteSection(desk),
                MergesSection(desk),
            ),
        )
        self.scroll = QScrollArea()
        self._sight = InSight(self.scroll)
        sections = (*self.standing[0], *self.standing[1])
        # What is edited in place, by the name a parked draft finds it by.
        self.editable = {one.key: one for one in sections if isinstance(one, EditableSection)}
        for section in sections:
            section.form_opened.connect(self._sight.bring)
            for form in section.findChildren(InPlaceForm):
                following(partial(self._sight.bring, section), form)
        self.name = ElidedLabel("", "title")
        self.facts = ElidedLabel("", "muted")
        self.facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._chip = QFrame()
        self._chip.setProperty("kind", "chip")
        self._chip_text = Text("", "small")
        chip_row = QHBoxLayout(self._chip)
        chip_row.setContentsMargins(10, 2, 10, 2)
        chip_row.addWidget(self._chip_text)

        self.timeline_button = self._button("Timeline", "patient.timeline", "history")
        self.letter_button = self._button("Write letter", "visit.letter", "mail")
        self.copy_button = IconButton(
            desk.theme, "copy", "Copy for…", lambda: desk.actions.trigger("patient.copy"),
            key=BY_ID["patient.copy"].key,
        )  # fmt: skip
        self.post_button = IconButton(
            desk.theme, "tag", "Labels and envelopes…", lambda: desk.actions.trigger("file.post"),
            key=BY_ID["file.post"].key,
        )  # fmt: skip
        self.book_button = self._button("Book visit", "visit.book", "calendar-plus", primary=True)

        title = QHBoxLayout()
        title.setSpacing(8)
        title.addWidget(self.name)
        title.addWidget(self._chip, 0, Qt.AlignmentFlag.AlignVCenter)
        title.addStretch(1)
        self.photo = PhotoBadge(desk)
        who = QVBoxLayout()
        who.setSpacing(2)
        who.addLayout(title)
        who.addWidget(self.facts)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.back, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.photo, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(who, 1)
        buttons = (
            self.copy_button,
            self.post_button,
            self.timeline_button,
            self.letter_button,
            self.book_button,
        )
        for button in buttons:
            top.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)

        self._banners = QVBoxLayout()
        self._banners.setSpacing(8)
        self.scroll.setWidgetResizable(True)
        self.scroll.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll.setAccessibleName("Patient file")
        self.scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusProxy(self.scroll)
        page = QWidget()
        page.setProperty("kind", "surface")
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 4, 12, 24)
        row.setSpacing(32)
        self._columns = (QVBoxLayout(), QVBoxLayout())
        for stretch, column in zip((11, 9), self._columns, strict=True):
            column.setSpacing(24)
            row.addLayout(column, stretch)
        self.scroll.setWidget(page)

        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 12, 0)
        column.setSpacing(12)
        head = QVBoxLayout()
        head.setContentsMargins(0, 0, 12, 0)
        head.setSpacing(12)
        head.addLayout(top)
        head.addLayout(self._banners)
        column.addLayout(head)
        column.addWidget(self.scroll, 1)

        self._lay_out(wide=True)
        actions = desk.actions
        actions.bind("edit.edit", self.editable["identity"].edit, owner=self)
        actions.bind("patient.edit_all", self._edit, owner=self)
        actions.bind("patient.photo", self.photo.open_menu, owner=self)
        actions.bind("patient.copy", self._copy, owner=self)
        actions.bind("patient.timeline", self.timeline_wanted.emit, owner=self)
        actions.bind("patient.merge", self._merge, owner=self)
        actions.bind("patient.take_apart", self._take_apart, owner=self)
        actions.bind("file.print", self.print, owner=self)
        actions.bind("visit.book", self._book, self._may_book, owner=self)
        actions.bind("visit.recall", self._recall, self._may_book, owner=self)
        actions.bind("visit.find_slot", self._find_slot, self._may_book, owner=self)
        actions.bind("visit.letter", self._write_letter, self._may_write, owner=self)

    @property
    def banners(self) -> list[Banner]:
        """What must not be missed, in the order it stands above the file."""
        found = (self._banners.itemAt(at).widget() for at in range(self._banners.count()))
        return [one for one in found if isinstance(one, Banner) and not one.isHidden()]

    @property
    def patient_id(self) -> int | None:
        return self.file.id if self.file else None

    def show_file(self, file: PatientFile) -> None:
        """Show another patient's file, from its top."""
        is_other = self.patient_id != file.id
        self.file = file
        page = self.scroll.widget()
        if is_other:
            page.hide()  # laid out once, when everything is in its place
        self._fill()
        page.show()
        self.scroll.verticalScrollBar().setValue(0)

    def reload(self) -> bool:
        """Show what is on file now; False where the patient is gone."""
        if self.file is None:
            return False
        at = self.scroll.verticalScrollBar().value()
        try:
            self.file = self._desk.office.patients.reread(self.file.id)
        except Problem as gone:
            self._desk.messages.problem(gone)
            self.file = None
            return False
        self._fill()
        self.scroll.verticalScrollBar().setValue(at)
        return True

    def resume_form(self, kind: str, state: dict[str, Any], draft_id: int | None) -> None:
        """Go on with a form of one of the parts that was parked."""
        parts = {
            "coverage": self.coverages,
            "verification": self.coverages,
            "authorization": self.authorizations,
            "referral": self.referrals,
            "consent": self.consents,
        }
        if kind in parts:
            parts[kind].resume(state, draft_id)
        else:
            self.records.resume(kind, state, draft_id)

    # -- what can be done ---------------------------------------------------------------------

    def _button(
        self, text: str, action_id: str, icon: str, *, primary: bool = False
    ) -> PlainButton:
        key = QKeySequence(BY_ID[action_id].key).toString(QKeySequence.SequenceFormat.NativeText)
        kind = PrimaryButton if primary else PlainButton
        button = kind(text, lambda: self._desk.actions.trigger(action_id), tip=f"{text} ({key})")
        self._desk.theme.wear(button, icon, "on_accent" if primary else "muted")
        return button

    def leave_forms(self) -> None:
        """Close what is being edited in place; what was typed is parked."""
        for section in self.editable.values():
            section.leave()
        for part in (self.coverages, self.authorizations, self.referrals):
            part.leave_forms()

    def resume(self, state: dict[str, Any], draft_id: int) -> None:
        """Open the part again that a parked draft was typed in."""
        section = self.editable.get(str(state.get("part", "")))
        if section is not None:
            section.resume(state, draft_id)

    def _ask_missing(self, label: str) -> None:
        """Open the part in which something required is missing."""
        required = next((one for one in REQUIRABLE if one.label == label), None)
        field = (required.field or required.name) if required is not None else "custom"
        for section in self.editable.values():
            if field in section.part.names:
                section.edit(field)
                return

    def _copy(self) -> None:
        if self.file is not None:
            open_copy_menu(self._desk, self.file.id, self.copy_button)

    def _edit(self) -> None:
        if self.file is not None:
            self.edit_wanted.emit(self.file.id)

    def _merge(self) -> None:
        if self.file is not None:
            self._desk.go.merge_patients(self.file.id)

    def _take_apart(self) -> None:
        """The latest merge into this file first, as they must come apart."""
        if self.file is None:
            return
        merges = self._desk.office.merging.merges_into(self.file.id)
        if merges:
            self._desk.go.take_apart(merges[0].id)
        else:
            self._desk.messages.not_now("No other file was merged into this one.")

    def print(self) -> None:
        """Ask for the printer, then print the face sheet; Ctrl+P."""
        from medsec_desktop.ui.patients.face_sheet import print_face_sheet

        if self.file is not None:
            print_face_sheet(self._desk, self.file.id, self)

    def _find_slot(self) -> None:
        if self.patient_id is not None:
            self._desk.go.calendar_place("find").begin_for(self.patient_id)

    def _book(self) -> None:
        if self.file is not None:
            self._desk.go.book(patient_id=self.file.id)

    def _recall(self) -> None:
        if self.file is not None:
            self._desk.go.calendar_place("recall").show_patient(self.file.id)

    def go_to_part(self, kind: str) -> None:
        """Show where a referral or a request for records is worked on, the focus on it."""
        part = {"referral": self.referrals, "request": self.records}[kind]
        part.focus_first()
        self._sight.bring(part)

    def _may_book(self) -> bool | str:
        if self.file is not None and self.file.status is PatientStatus.DECEASED:
            return f"{self.file.name.spoken} is deceased; no visit can be booked."
        return True

    def _write_letter(self) -> None:
        visit = self._visit_to_write_about()
        if visit is not None:
            self._desk.go.write_letter(visit.id)

    def _may_write(self) -> bool | str:
        if self._visit_to_write_about() is None:
            return "There is no visit to write about yet: book one first (Ctrl+B)."
        return True

    def _visit_to_write_about(self) -> VisitRow | None:
        """The next visit, else the latest one."""
        if self.file is None:
            return None
        now = self._desk.office.clock.now()
        booked = [*self.file.next_visits(now), *self.file.past_visits(now)]
        return next((visit for visit in booked if visit.kind == "appointment"), None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not event.modifiers():
            self.leave_forms()
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):  # a scroll area leaves these alone
            bar = self.scroll.verticalScrollBar()
            bar.setValue(bar.minimum() if event.key() == Qt.Key.Key_Home else bar.maximum())
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab goes down the columns, whatever was drawn last."""
        tab_as_laid_out(self)
        return bool(super().focusNextPrevChild(next))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= self._desk.theme.px(_SIDE_BY_SIDE)
        if wide != self._is_wide:
            self._lay_out(wide)

    # -- drawing up ---------------------------------------------------------------------------

    def _fill(self) -> None:
        file = self.file
        assert file is not None
        session = self._desk.office.session
        self.book_button.setVisible(session.may(Permission.EDIT_CALENDAR))
        self.letter_button.setVisible(session.may(Permission.WRITE_LETTERS))
        self.name.setText(file.name.listed)
        self.name.setAccessibleName(f"File of {file.name.listed}")
        self._chip.setVisible(file.status is not PatientStatus.ACTIVE)
        self._chip_text.setText(words.STATUSES[file.status])
        self.facts.setText("  ·  ".join(self._who(file)))
        self._fill_banners(file)
        self.photo.show_file(file)
        for section in (*self.standing[0], *self.standing[1]):
            section.show_file(file)

    def _lay_out(self, wide: bool) -> None:
        """The parts in two columns, or all under each other with the next visits first."""
        self._is_wide = wide
        left, right = self.standing
        columns = (left, right) if wide else ((*left[:1], *right, *left[1:]), ())
        for column, sections in zip(self._columns, columns, strict=True):
            while column.takeAt(0) is not None:  # the sections themselves stay
                pass
            for section in sections:
                column.addWidget(section)
            if sections:
                column.addStretch(1)
        self.scroll.widget().layout().setStretch(1, 9 if wide else 0)

    def _who(self, file: PatientFile) -> list[str]:
        formats, today = self._desk.office.formats, self._desk.office.clock.today()
        facts = []
        if file.birth:
            about = " (estimated)" if file.is_birth_estimated else ""
            facts.append(f"{formats.birth(file.birth)}{about}")
            on = file.deceased_on or today
            if file.status is not PatientStatus.DECEASED or file.deceased_on:
                facts.append(words.age_sentence(file.birth, on))
        else:
            facts.append("Date of birth unknown")
        facts.append(words.SEXES[file.sex] if file.sex != "U" else "Sex unknown")
        if file.pronouns:
            facts.append(file.pronouns)
        facts.append(f"Chart {file.chart_number}")
        facts += [formats.phone(phone.number) for phone in file.phones[:1]]
        return facts

    def _fill_banners(self, file: PatientFile) -> None:
        told = self._must_not_be_missed(file)
        while self._banners.count() < len(told):
            self._banners.addWidget(Banner(self._desk.theme, "info", ""))
        for place in range(self._banners.count()):
            banner = self._banners.itemAt(place).widget()
            assert isinstance(banner, Banner)
            if place < len(told):
                tone, title, text = told[place]
                banner.show_message(tone, text, title=title)
            banner.setVisible(place < len(told))

    def _must_not_be_missed(self, file: PatientFile) -> list[tuple[str, str, str]]:
        """Tone, title and words of each banner."""
        formats, told = self._desk.office.formats, []
        if file.status is PatientStatus.DECEASED:
            when = f" on {formats.date(file.deceased_on)}" if file.deceased_on else ""
            told.append(("info", "", f"Deceased{when}."))
        alerts = [row for row in file.alerts if row.is_current and row.is_shown_on_selection]
        grave = [row for row in alerts if row.kind != "note"]
        notes = [row for row in alerts if row.kind == "note"]
        for tone, rows, one, many in (
            ("danger", grave, "", ""),
            ("warning", notes, "Alert", f"{len(notes)} alerts"),
        ):
            if rows:
                lines = [
                    row.said
                    + (f"  (until {formats.date(row.expires_on)})" if row.expires_on else "")
                    for row in rows
                ]
                text = lines[0] if len(lines) == 1 else "\n".join(f"•  {line}" for line in lines)
                told.append((tone, one if len(lines) == 1 else many, text))
        if file.is_not_to_contact:
            words = "Do not contact: no calls, letters or reminders."
            told.append(("warning", "", words))
        return told
