"""The whole-file form: a new patient is registered in it, and a file changed from end to end."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from medsec_desktop.domain.patients import PatientDraft
from medsec_desktop.problems import Conflict, Invalid, Link, Problem
from medsec_desktop.services.patients import DuplicateHit
from medsec_desktop.services.patients.drafting import CHILDREN
from medsec_desktop.ui.patients.duplicates import DuplicatesPane
from medsec_desktop.ui.patients.forms import FormContext, RowsEditor, sentence
from medsec_desktop.ui.patients.parts.contact import ContactPart
from medsec_desktop.ui.patients.parts.custom import CustomPart
from medsec_desktop.ui.patients.parts.details import DetailsPart, NotePart
from medsec_desktop.ui.patients.parts.identity import IdentityPart
from medsec_desktop.ui.patients.parts.lists import AlertsPart, CoveragesPart, PeoplePart
from medsec_desktop.ui.patients.parts.part import DraftPart
from medsec_desktop.ui.widgets import (
    Banner,
    ElidedLabel,
    IconButton,
    PlainButton,
    PrimaryButton,
    Section,
)
from medsec_desktop.ui.widgets.tab_order import tab_as_laid_out

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_COMPARE_AFTER_MS = 250  # after the last key, look for files already about this person
_SIDE_WIDTH, _FORM_WIDTH = 272, 984
_FIELD_NAMES = {
    "family": "family name", "given": "given name", "middle": "middle name",
    "preferred": "preferred name", "former": "former name", "birth": "date of birth",
    "email": "e-mail", "deceased_on": "date of death", "primary_provider_id": "provider",
    "referring_provider_id": "referring provider", "people": "people around",
    "custom": "the practice’s own fields", "is_not_to_contact": "do not contact",
}  # fmt: skip


class PatientEditor(QWidget):
    """Every part of a `PatientDraft` under each other; a `draft_kind` that can be parked and resumed."""

    saved = Signal(int)
    left = Signal()
    compare_wanted = Signal(object)  # a PatientDraft to look for on file
    draft_kind = "patient"

    def __init__(
        self,
        desk: Desk,
        patient_id: int | None,
        draft: PatientDraft,
        parent: QWidget | None = None,
    ):
        super().__init__(parent)
        self._desk = desk
        self.patient_id = patient_id
        self._draft = draft
        self._initial: dict[str, Any] | None = None
        self._duplicates: tuple[DuplicateHit, ...] = ()
        self._context = FormContext.of(desk, is_new=patient_id is None)
        self.setAccessibleName("Edit patient" if patient_id else "New patient")

        self.title = ElidedLabel("", "title")
        back = IconButton(
            desk.theme, "arrow-left", "Leave; what was typed is parked", self.left.emit, key="Esc"
        )
        self.cancel_button = PlainButton(
            "Cancel", self.left.emit, tip="Leave; what was typed is parked (Esc)"
        )
        self.save_button = PrimaryButton(
            "Register" if patient_id is None else "Save", self.save, tip="Save (Ctrl+S)"
        )
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(back)
        top.addWidget(self.title, 1)
        top.addWidget(self.cancel_button)
        top.addWidget(self.save_button)

        self.banner = Banner(desk.theme, "danger", "", open_link=desk.go.open_link)
        self.banner.hide()
        self.keep_mine = PlainButton("Keep mine", self._keep_mine)
        self.take_theirs = PlainButton("Take what is on file", self._take_theirs)
        self._choices = QWidget()
        row = QHBoxLayout(self._choices)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.keep_mine)
        row.addWidget(self.take_theirs)
        row.addStretch(1)
        self._choices.hide()

        self.identity = IdentityPart(self._context)
        self.parts: tuple[DraftPart, ...] = (
            self.identity,
            ContactPart(self._context),
            *((CoveragesPart(self._context),) if patient_id is None else ()),
            PeoplePart(self._context),
            AlertsPart(self._context),
            DetailsPart(self._context),
            CustomPart(self._context),
            NotePart(self._context),
        )
        self.fields: dict[str, QWidget] = {}
        self.rows: dict[str, RowsEditor] = {}
        page = QWidget()
        page.setProperty("kind", "surface")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 12, 24)
        column.setSpacing(24)
        for part in self.parts:
            self.fields |= part.fields
            self.rows |= part.rows
            part.changed.connect(self._changed)
            column.addWidget(self._framed(part))
        column.addStretch(1)

        self.scroll = QScrollArea()
        self.scroll.setWidgetResizable(True)
        self.scroll.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scroll.setWidget(page)
        middle = QHBoxLayout()
        middle.setSpacing(24)
        self.scroll.setMaximumWidth(desk.theme.px(_FORM_WIDTH))
        middle.addWidget(self.scroll, 100)
        self.duplicates: DuplicatesPane | None = None
        if patient_id is None:
            self.duplicates = DuplicatesPane(desk.theme, desk.office.formats)
            self.duplicates.setFixedWidth(desk.theme.px(_SIDE_WIDTH))
            self.duplicates.opened.connect(desk.go.open_patient)
            middle.addWidget(self.duplicates)
        middle.addStretch(1)

        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 16, 24, 0)
        whole.setSpacing(12)
        whole.addLayout(top)
        whole.addWidget(self.banner)
        whole.addWidget(self._choices)
        whole.addLayout(middle, 1)

        self._compare = QTimer(self)
        self._compare.setSingleShot(True)
        self._compare.setInterval(_COMPARE_AFTER_MS)
        self._compare.timeout.connect(self._ask_to_compare)
        self._fill(draft)
        tab_as_laid_out(page)
        self._initial = self._state()
        self._compare.stop()
        desk.actions.bind("form.save", self.save, owner=self)

    def _framed(self, part: DraftPart) -> QWidget:
        """A part under its title; lists of rows bring titles of their own."""
        # Hidden only: shown before they have their place they would flash, and take the keys.
        if isinstance(part, CustomPart) and not part.fields:
            part.hide()
        if not part.title:
            return part
        section = Section(part.title)
        section.body.addWidget(part)
        if part.isHidden():
            section.hide()
        return section

    @property
    def birth(self) -> QLineEdit:
        return self.identity.birth

    def text(self, name: str) -> str:
        """What stands in one of the lines."""
        return next((part.text(name) for part in self.parts if name in part.fields), "")

    # -- what the tab and the draft keeper ask ------------------------------------------------

    def start(self) -> None:
        """Put the focus where typing begins."""
        field = self.fields["family" if self.patient_id is None else "given"]
        assert isinstance(field, QLineEdit)
        field.setFocus()
        field.end(False)
        self._name_title()

    def draft_title(self) -> str:
        names = (self.text("given"), self.text("family"))
        name = " ".join(part for part in names if part.strip()).strip()
        if self.patient_id is None:
            return f"New patient {name}".strip()
        return f"Edit {name or 'patient'}"

    def draft_patient_id(self) -> int | None:
        return self.patient_id

    def draft_state(self) -> dict[str, Any] | None:
        """Everything typed, or None while nothing was."""
        state = self._state()
        return None if state == self._initial else state

    def restore_state(self, state: dict[str, Any]) -> None:
        """Put a parked draft back as it was typed, on top of the file it was typed on."""
        for part in self.parts:
            part.restore(state)
        self._draft = replace(
            self._draft,
            version=int(state.get("version", self._draft.version)),
            rows_read=tuple(
                (str(table), int(row_id), int(version))
                for table, row_id, version in state.get("rows_read", ())
            ),
        )
        self._initial = None
        self._name_title()
        self._changed()

    def show_duplicates(self, draft: PatientDraft, hits: tuple[DuplicateHit, ...]) -> None:
        """Say who on file may be this person already."""
        if self.duplicates is not None:
            self._duplicates = hits
            self.duplicates.show_hits(hits, is_known=bool(draft.family and draft.given))

    # -- saving -------------------------------------------------------------------------------

    def save(self) -> None:
        """Register or amend; what cannot be accepted is said next to its field."""
        self.banner.hide()
        self._choices.hide()
        office = self._desk.office
        draft, faults = self._typed()
        fields_named = set(faults)
        for fault in office.patients.check(draft):
            if fault.field not in fields_named:
                faults[fault.field] = sentence(fault)
        if faults:
            self._show_faults(faults)
            return
        self._clear_faults()
        try:
            if self.patient_id is None:
                # Who saves faster than the comparison beside her answers is told all the same.
                self._duplicates = office.patients.possible_duplicates(draft)
                patient_id = office.patients.register(draft)
            else:
                patient_id = self.patient_id
                office.patients.amend(patient_id, draft)
        except Invalid as fault:
            self._show_faults({fault.field: sentence(fault)}, fault.links)
            return
        except Conflict as conflict:
            self._show_conflict(conflict)
            return
        except Problem as problem:
            self._desk.messages.problem(problem)
            return
        self._desk.drafts.done(self)
        self._say_saved(patient_id, draft)
        self.saved.emit(patient_id)

    def _say_saved(self, patient_id: int, draft: PatientDraft) -> None:
        name = draft.name.spoken
        if self.patient_id is not None:
            self._desk.messages.say(f"Saved the file of {name}.", undo=True)
            return
        likely = [hit for hit in self._duplicates if hit.is_nearly_certain]
        alike = (likely or self._duplicates)[:2]
        links = tuple(Link("patient", str(one.hit.id), one.hit.name.listed) for one in alike)
        how = "Probably" if likely else "Perhaps"
        warning = f" {how} already on file:" if alike else ""
        self._desk.messages.say(f"Registered {name}.{warning}", undo=True, links=links)

    def _typed(self) -> tuple[PatientDraft, dict[str, str]]:
        """The draft as typed, and what in it is not even a date or an amount."""
        draft, faults = self._draft, {}
        for part in self.parts:
            draft, wrong = part.typed(draft)
            faults |= wrong
        return draft, faults

    def _show_faults(self, faults: dict[str, str], links: tuple[Link, ...] = ()) -> None:
        self._clear_faults()
        first: QWidget | None = None
        elsewhere = []
        for field, text in faults.items():
            marked = (part.mark(field, text) for part in self.parts)
            widget = next((widget for widget in marked if widget is not None), None)
            if widget is None:
                elsewhere.append(text)
            first = first or widget
        count = len(faults)
        text = next(iter(faults.values())) if count == 1 else f"{count} things need a look below."
        self._say_in_banner(
            "danger", " ".join([text, *(elsewhere if count > 1 else ())]),
            "Not saved yet", links,
        )  # fmt: skip
        if first is not None:
            first.setFocus()
            self.scroll.ensureWidgetVisible(first, 0, 80)

    def _clear_faults(self) -> None:
        for part in self.parts:
            part.clear_problems()

    # -- somebody else changed the file -------------------------------------------------------

    def _show_conflict(self, conflict: Conflict) -> None:
        if self.patient_id is None:
            self._say_in_banner("danger", str(conflict), "Not saved yet", conflict.links)
            return
        differences = self._differences()
        text = " ".join(part for part in (conflict.what, conflict.why) if part)
        if differences:
            text += f"\nDifferent on file: {'; '.join(differences)}."
        self._say_in_banner("warning", text, "Not saved yet")
        self._choices.show()
        self.keep_mine.setFocus()

    def _differences(self) -> list[str]:
        """What somebody else changed on file, in words."""
        try:
            now = self._desk.office.patients.draft(self.patient_id)
        except Problem:
            return ["the file itself is gone"]
        read = self._draft
        if _content(read) == _content(now):  # resumed: what it was read as is not known any more
            read = self._typed()[0]
        found = []
        for field in fields(PatientDraft):
            was, there = getattr(read, field.name), getattr(now, field.name)
            if field.name in ("version", "rows_read", "ssn") or was == there:
                continue
            said = _FIELD_NAMES.get(field.name, field.name.replace("_", " "))
            if field.name in CHILDREN:
                if _bare(was) != _bare(there):
                    found.append(said)
            elif isinstance(there, str) and field.name != "note" and there:
                found.append(f"{said} “{there}”")
            else:
                found.append(said)
        return found[:6]

    def _keep_mine(self) -> None:
        """Save what is typed here over what is on file; rows the other one added stay."""
        try:
            now = self._desk.office.patients.draft(self.patient_id)
        except Problem as problem:
            self._desk.messages.problem(problem)
            return
        known = {(table, row_id) for table, row_id, _ in self._draft.rows_read}
        for part in self.parts:
            part.go_over(now, known)
        self._draft = replace(self._draft, version=now.version, rows_read=now.rows_read)
        self.save()

    def _take_theirs(self) -> None:
        try:
            now = self._desk.office.patients.draft(self.patient_id)
        except Problem as problem:
            self._desk.messages.problem(problem)
            return
        self.banner.hide()
        self._choices.hide()
        self._draft = now
        self._fill(now)
        self._initial = self._state()
        self.start()

    def _say_in_banner(
        self, tone: str, text: str, title: str, links: tuple[Link, ...] = ()
    ) -> None:
        self.banner.show_message(tone, text, title=title, links=links)
        self.banner.show()

    # -- inside -------------------------------------------------------------------------------

    def _fill(self, draft: PatientDraft) -> None:
        for part in self.parts:
            part.fill(draft)
        self._name_title()

    def _state(self) -> dict[str, Any]:
        texts: dict[str, Any] = {}
        rows: dict[str, Any] = {}
        for part in self.parts:
            state = part.state()
            texts |= state["texts"]
            rows |= state["rows"]
        return {
            "texts": texts,
            "rows": rows,
            "version": self._draft.version,
            "rows_read": [list(row) for row in self._draft.rows_read],
        }

    def _changed(self) -> None:
        self._name_title()
        if self.duplicates is not None:
            self._compare.start()

    def _name_title(self) -> None:
        given, family = self.text("given").strip(), self.text("family").strip()
        name = ", ".join(part for part in (family, given) if part)
        if self.patient_id is None:
            self.title.setText(name or "New patient")
        else:
            self.title.setText(f"Edit {name}" if name else "Edit patient")

    def _ask_to_compare(self) -> None:
        if self.isVisible():
            self.compare_wanted.emit(self._typed()[0])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not event.modifiers():
            self.left.emit()
        else:
            super().keyPressEvent(event)


def _content(draft: PatientDraft) -> PatientDraft:
    return replace(draft, version=0, rows_read=())


def _bare(rows: tuple[Any, ...]) -> list[Any]:
    return [replace(row, id=0, version=0) for row in rows]
