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
        self._made: list[ConsentBox] = []
        self.boxes: dict[int, ConsentBox] = {}  # those in use, by kind
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
        while len(self._made) < len(found):
            self._made.append(ConsentBox(self, office.formats))
            self.rows.addWidget(self._made[-1])
        for box, one in zip(self._made, found, strict=False):
            box.fill(one, may=may)
            box.show()
        for box in self._made[len(found) :]:
            box.hide()
        self.boxes = {one.kind.id: box for box, one in zip(self._made, found, strict=False)}
        self.say("" if found else "The practice asks for none yet: see the settings.")

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
    """One kind: how it stands, its latest answer, and what can be done about it.

    Made once and filled anew for each file; `links` holds those on offer now.
    """

    def __init__(self, section: ConsentsSection, formats: Formats):
        super().__init__()
        self._section, self._formats = section, formats
        self._one: ConsentStanding | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._name = Text("", "strong", wrap=True)
        self._state = Text("", "muted", wrap=True)
        self._more = Text("", "muted", wrap=True)
        for label in (self._name, self._state, self._more):
            self._column.addWidget(label)
        row = QHBoxLayout()
        row.setSpacing(16)
        self._all: dict[str, LinkButton] = {}
        for name, press in (
            ("signed", lambda: self._answer(Answer.GIVEN)),
            ("refused", lambda: self._answer(Answer.REFUSED)),
            ("new", self._write_new),
            ("revoked", lambda: self._answer(Answer.REVOKED)),
            ("change", self._change),
            ("earlier", self._show_earlier),
        ):
            self._all[name] = LinkButton("", press)
            row.addWidget(self._all[name])
        row.addStretch(1)
        self._column.addLayout(row)
        self._older: list[Text] = []
        self.links: dict[str, LinkButton] = {}

    def fill(self, one: ConsentStanding, *, may: bool) -> None:
        """Show how this kind stands."""
        self._one = one
        state = state_words(one, self._formats)
        needs_it = one.is_due or one.standing in (Standing.REFUSED, Standing.REVOKED)
        self._name.setText(one.kind.name)
        self._state.setText(state)
        self._state.set_kind("problem" if needs_it else "muted")
        more = _more(one.latest) if one.latest is not None else ""
        self._more.setText(more)
        self._more.setVisible(bool(more))
        for label in self._older:
            label.hide()
        texts = _offered(one, may=may)
        self.links = {name: self._all[name] for name in texts}
        for name, link in self._all.items():
            link.setVisible(name in texts)
            if name in texts:
                link.setText(texts[name])
                link.setAccessibleName(f"{texts[name]}: {one.kind.name}")
        self.setAccessibleName(f"{one.kind.name}: {state}")

    def _answer(self, answer: Answer) -> None:
        if self._one is not None:
            self._section.record(self._one, answer)

    def _write_new(self) -> None:
        if self._one is not None:
            self._section.edit(None, self._one.kind.id)

    def _change(self) -> None:
        if self._one is not None:
            self._section.edit(self._one.latest)

    def _show_earlier(self) -> None:
        if self._one is None:
            return
        self.links["earlier"].hide()
        for place, row in enumerate(self._one.earlier):
            if place == len(self._older):
                self._older.append(Text("", "small", wrap=True))
                self._column.addWidget(self._older[-1], 0, Qt.AlignmentFlag.AlignLeft)
            told = f"{_answered(row, self._formats)}  ·  {_more(row)}".rstrip(" ·")
            self._older[place].setText(told)
            self._older[place].show()


def _offered(one: ConsentStanding, *, may: bool) -> dict[str, str]:
    """What can be done about it, and how that is worded."""
    latest, texts = one.latest, {}
    if may and one.kind.is_active:
        if one.standing is not Standing.VALID:
            texts["signed"] = "Signed today"
        if one.standing is Standing.MISSING:
            texts["refused"] = "Refused"
        texts["new"] = "Renew…" if latest is not None else "Other…"
    if may and latest is not None:
        if latest.answer is Answer.GIVEN and one.kind.is_active:
            texts["revoked"] = "Revoked"
        texts["change"] = "Change…"
    if one.earlier:
        texts["earlier"] = f"{len(one.earlier)} earlier"
    return texts


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
