"""In a patient's file: what was signed, what is missing or has run out, and the short way to put it right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.rights import ANSWER_WORDS, Answer, Standing
from medsec_desktop.services.patients import PatientFile
from medsec_desktop.services.patients.rights_records import ConsentRow, ConsentStanding
from medsec_desktop.ui.patients.consent_form import ConsentForm
from medsec_desktop.ui.patients.file_section import FileSection
from medsec_desktop.ui.patients.in_place import following
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import LinkButton, Text

if TYPE_CHECKING:
    from medsec_desktop.domain.formats import Formats
    from medsec_desktop.ui.desk import Desk


class ConsentsSection(FileSection):
    """Every kind the practice asks for, due or not; each with its latest answer."""

    help_page = "rights"

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__("Consents", desk, parent)
        self.boxes: dict[int, ConsentBox] = {}
        self.add_button = LinkButton("Add…", self.add)
        self.add_button.setAccessibleName("Add a consent")
        self.header.addWidget(self.add_button)
        self.form = ConsentForm(desk)
        following(self.add_button.setFocus, self.form)
        self.body.insertWidget(0, self.form)
        desk.actions.bind("consent.add", self.add, lambda: self._file is not None, owner=self)

    def show_file(self, file: PatientFile) -> None:
        if self._file is None or self._file.id != file.id:
            self.form.leave()
        super().show_file(file)

    def draw(self, file: PatientFile) -> None:
        office = self._desk.office
        may = office.session.may(Permission.EDIT_PATIENTS)
        found = office.consents.of(file.id)
        self.add_button.setVisible(may and bool(found))
        self.boxes = {}
        for one in found:
            box = ConsentBox(self, one, office.formats, may=may)
            self.boxes[one.kind.id] = box
            self.rows.addWidget(box)
        if not found:
            self.rows.addWidget(
                Text("The practice asks for none yet: see the settings.", "muted", wrap=True)
            )

    # -- what one does --------------------------------------------------------------------------

    def add(self) -> None:
        """A new answer, to the first kind that is due."""
        self.edit(None)

    def edit(self, row: ConsentRow | None, kind_id: int | None = None) -> None:
        """Open the form on an answer on file, or for a new one."""
        if self._file is not None:
            self.form.leave()
            self.form.open_for(self._file.id, self._file.name.listed, row, kind_id)
            self.form_opened.emit(self.form)

    def record(self, one: ConsentStanding, answer: Answer) -> None:
        """The short way: answered today, by the patient."""
        if self._file is None:
            return
        office, patient_id = self._desk.office, self._file.id
        kept = guarded(self._desk, lambda: office.consents.record(patient_id, one.kind.id, answer))
        if kept is not None:
            word = ANSWER_WORDS[answer].lower()
            self._desk.messages.say(f"{one.kind.name}: {word} today.", undo=True)
            self.add_button.setFocus()

    def resume(self, state: dict[str, Any], draft_id: int | None) -> None:
        """Go on with a parked answer of the patient in front."""
        if self._file is not None:
            self.form.leave()
            self.form.resume(self._file.id, self._file.name.listed, state, draft_id)
            self.form_opened.emit(self.form)


class ConsentBox(QWidget):
    """One kind: how it stands, its latest answer, and what can be done about it."""

    def __init__(
        self, section: ConsentsSection, one: ConsentStanding, formats: Formats, *, may: bool
    ):
        super().__init__()
        self._formats, self._earlier = formats, one.earlier
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._column.addWidget(Text(one.kind.name, "strong", wrap=True))
        state = state_words(one, formats)
        needs_it = one.is_due or one.standing in (Standing.REFUSED, Standing.REVOKED)
        self._column.addWidget(Text(state, "problem" if needs_it else "muted", wrap=True))
        if one.latest is not None:
            more = _more(one.latest)
            if more:
                self._column.addWidget(Text(more, "muted", wrap=True))
        links = QHBoxLayout()
        links.setSpacing(16)
        self.links: dict[str, LinkButton] = {}
        self._add_links(section, one, may=may)
        for link in self.links.values():
            link.setAccessibleName(f"{link.text()}: {one.kind.name}")
            links.addWidget(link)
        links.addStretch(1)
        self._column.addLayout(links)
        self.setAccessibleName(f"{one.kind.name}: {state}")

    def _add_links(self, section: ConsentsSection, one: ConsentStanding, *, may: bool) -> None:
        latest = one.latest
        if may and one.kind.is_active:
            wanted = one.standing is not Standing.VALID
            if wanted:
                self.links["signed"] = LinkButton(
                    "Signed today", lambda: section.record(one, Answer.GIVEN)
                )
            if one.standing is Standing.MISSING:
                self.links["refused"] = LinkButton(
                    "Refused", lambda: section.record(one, Answer.REFUSED)
                )
            text = "Renew…" if latest is not None else "Other…"
            self.links["new"] = LinkButton(text, lambda: section.edit(None, one.kind.id))
        if may and latest is not None:
            if latest.answer is Answer.GIVEN and one.kind.is_active:
                self.links["revoked"] = LinkButton(
                    "Revoked", lambda: section.record(one, Answer.REVOKED)
                )
            self.links["change"] = LinkButton("Change…", lambda: section.edit(latest))
        if one.earlier:
            self.links["earlier"] = LinkButton(f"{len(one.earlier)} earlier", self._show_earlier)

    def _show_earlier(self) -> None:
        self.links["earlier"].hide()
        for row in self._earlier:
            told = f"{_answered(row, self._formats)}  ·  {_more(row)}".rstrip(" ·")
            self._column.addWidget(Text(told, "small", wrap=True), 0, Qt.AlignmentFlag.AlignLeft)


def state_words(one: ConsentStanding, formats: Formats) -> str:
    """“Signed 03/11/2026, holds until 03/11/2027”, “Expired 01/02/2026”, “Not signed yet”."""
    row = one.latest
    if row is None:
        return "Not signed yet" if one.kind.is_required else "Not asked for yet"
    if one.standing is Standing.EXPIRED and row.expires_on:
        return f"Expired {formats.date(row.expires_on)}"
    return _answered(row, formats)


def _answered(row: ConsentRow, formats: Formats) -> str:
    word = f"{ANSWER_WORDS[row.answer]} {formats.date(row.signed_on)}"
    if row.answer is Answer.GIVEN and row.expires_on:
        return f"{word}, holds until {formats.date(row.expires_on)}"
    return word


def _more(row: ConsentRow) -> str:
    by = f"by {row.signed_by}" if row.signed_by else ""
    paper = f"paper: {row.document_title}" if row.document_title else ""
    return "  ·  ".join(part for part in (by, paper, row.note) if part)
