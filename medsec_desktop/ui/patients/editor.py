"""The patient editor: inline in the tab, nothing asked, nothing typed ever lost."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from medsec_desktop.domain.patients import PatientDraft, parse_birth
from medsec_desktop.domain.people import PartialDate, PatientStatus, Sex
from medsec_desktop.problems import Conflict, Invalid, Link, Problem
from medsec_desktop.services.patients import DuplicateHit
from medsec_desktop.ui.patients import words
from medsec_desktop.ui.patients.duplicates import DuplicatesPane
from medsec_desktop.ui.patients.forms import (
    AddressForm,
    AlertForm,
    CoverageForm,
    Form,
    FormContext,
    PersonForm,
    PhoneForm,
    RowsEditor,
    choice,
    sentence,
)
from medsec_desktop.ui.widgets import (
    Banner,
    Choice,
    DateEdit,
    ElidedLabel,
    IconButton,
    PlainButton,
    PrimaryButton,
    Section,
)

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_COMPARE_AFTER_MS = 250  # after the last key, look for files already about this person
_SIDE_WIDTH, _FORM_WIDTH = 272, 984

_TEXTS = (
    "family", "given", "middle", "prefix", "suffix", "preferred", "former", "pronouns", "gender",
    "chart_number", "email",
)  # fmt: skip
_LISTS = ("phones", "addresses", "people", "coverages", "alerts")
_FIELD_NAMES = {
    "family": "family name", "given": "given name", "middle": "middle name",
    "preferred": "preferred name", "former": "former name", "birth": "date of birth",
    "email": "e-mail", "deceased_on": "date of death", "primary_provider_id": "provider",
    "people": "people around",
}  # fmt: skip


class PatientEditor(QWidget):
    """A form over one `PatientDraft`; a `draft_kind` that can be parked and resumed."""

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
        office = desk.office
        self._context = FormContext(
            desk.theme,
            office.formats,
            office.clock.today,
            tuple((payer.id, payer.name) for payer in office.practice.payers()),
            office.formats.region,
        )
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

        self.form = Form()
        self.form.changed.connect(self._changed)
        page = QWidget()
        page.setProperty("kind", "surface")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 12, 24)
        column.setSpacing(24)
        self.rows: dict[str, RowsEditor] = {
            "phones": RowsEditor(
                "Phones", "Add phone", PhoneForm, self._context, "No phone number yet."
            ),
            "addresses": RowsEditor(
                "Addresses", "Add address", AddressForm, self._context, "No address yet."
            ),
            "coverages": RowsEditor(
                "Coverage", "Add coverage", CoverageForm, self._context, "Self-pay: no coverage."
            ),
            "people": RowsEditor(
                "People around", "Add person", PersonForm, self._context,
                "Nobody yet. Without a guarantor the patient owes the balance.",
            ),
            "alerts": RowsEditor(
                "Alerts", "Add alert", AlertForm, self._context, "Nothing that must not be missed."
            ),
        }  # fmt: skip
        column.addWidget(self._identity())
        for rows in self.rows.values():
            rows.changed.connect(self._changed)
        column.addWidget(self.rows["phones"])
        column.addWidget(self._contact())
        column.addWidget(self.rows["addresses"])
        column.addWidget(self.rows["coverages"])
        column.addWidget(self.rows["people"])
        column.addWidget(self.rows["alerts"])
        column.addWidget(self._more())
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
            self.duplicates = DuplicatesPane(desk.theme, office.formats)
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
        self._initial = self._state()
        self._compare.stop()
        desk.actions.bind("form.save", self.save, owner=self)

    # -- building -----------------------------------------------------------------------------

    def _identity(self) -> Section:
        section, add = Section("Who"), self.form.add
        grid = _grid(section)
        place = _placer(grid)
        place(add("family", "Family name", QLineEdit(), required=True), 0, 0, 2)
        place(add("given", "Given name", QLineEdit()), 0, 2, 2)
        place(add("middle", "Middle name", QLineEdit()), 0, 4, 2)
        self.birth = QLineEdit()
        self.birth.setPlaceholderText(self._context.formats.date_pattern)
        self._birth_field = add("birth", "Date of birth", self.birth, hint=" ")
        place(self._birth_field, 1, 0, 2)
        self.birth.textChanged.connect(lambda _: self._explain_birth())
        self.birth.editingFinished.connect(self._tidy_birth)
        place(add("sex", "Sex", choice({str(key): text for key, text in words.SEXES.items()})),
              1, 2, 2)  # fmt: skip
        place(add("preferred", "Preferred name", QLineEdit()), 1, 4, 2)
        return section

    def _contact(self) -> Section:
        section, add = Section("E-mail and preference"), self.form.add
        place = _placer(_grid(section))
        place(add("email", "E-mail", QLineEdit()), 0, 0, 3)
        place(add("contact_preference", "Prefers", choice(words.CONTACT)), 0, 3, 3)
        return section

    def _more(self) -> Section:
        section, add = Section("More"), self.form.add
        place = _placer(_grid(section))
        office = self._desk.office
        chart = QLineEdit()
        chart.setPlaceholderText("Next free number" if self.patient_id is None else "Chart number")
        ssn = QLineEdit()
        ssn.setPlaceholderText(
            "On file; type to replace it" if self._draft.ssn is None else "Nine digits or last four"
        )
        providers: list[tuple[Any, str]] = [(None, "None")]
        providers += [(row.id, row.name) for row in office.practice.providers()]
        place(add("prefix", "Prefix", QLineEdit()), 0, 0)
        place(add("suffix", "Suffix", QLineEdit()), 0, 1)
        place(add("former", "Former family name", QLineEdit()), 0, 2, 2)
        place(add("pronouns", "Pronouns", QLineEdit()), 0, 4)
        place(add("gender", "Gender", QLineEdit()), 0, 5)
        place(add("chart_number", "Chart number", chart), 1, 0, 2)
        place(add("ssn", "SSN", ssn), 1, 2, 2)
        place(add("marital_status", "Marital status", choice(words.MARITAL)), 1, 4, 2)
        languages = dict(words.LANGUAGES)
        if self._draft.language not in languages:
            languages[self._draft.language] = self._draft.language
        place(add("language", "Language", choice(languages)), 2, 0, 2)
        place(add("primary_provider_id", "Primary provider", Choice(providers)), 2, 2, 2)
        status = choice({str(key): text for key, text in words.STATUSES.items()})
        place(add("status", "Status", status), 2, 4)
        died = DateEdit(self._desk.theme, office.formats, office.clock.today)
        place(add("deceased_on", "Died on", died), 2, 5)
        status.currentIndexChanged.connect(
            lambda _: died.setEnabled(status.value() == str(PatientStatus.DECEASED))
        )
        died.setEnabled(False)
        ticks = QHBoxLayout()
        ticks.setSpacing(16)
        ticks.addWidget(add("needs_interpreter", "", QCheckBox("Needs an interpreter")))
        ticks.addWidget(add("is_birth_estimated", "", QCheckBox("Date of birth is estimated")))
        ticks.addStretch(1)
        section.body.addLayout(ticks)
        note = QPlainTextEdit()
        note.setTabChangesFocus(True)
        note.setFixedHeight(self._desk.theme.px(96))
        section.body.addWidget(add("note", "Note", note))
        return section

    # -- what the tab and the draft keeper ask ------------------------------------------------

    def start(self) -> None:
        """Put the focus where typing begins."""
        field = self.form.fields["family" if self.patient_id is None else "given"]
        assert isinstance(field, QLineEdit)
        field.setFocus()
        field.end(False)
        self._name_title()

    def draft_title(self) -> str:
        name = " ".join(
            part for part in (self.form.text("given"), self.form.text("family")) if part.strip()
        ).strip()
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
        self.form.put(state.get("texts", {}))
        for name, rows in self.rows.items():
            rows.restore(state.get("rows", {}).get(name, ()))
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
        links = tuple(Link("patient", str(one.hit.id), one.hit.name.listed) for one in likely[:2])
        warning = " Probably already on file:" if likely else ""
        self._desk.messages.say(f"Registered {name}.{warning}", undo=True, links=links)

    def _typed(self) -> tuple[PatientDraft, dict[str, str]]:
        """The draft as typed, and what in it is not even a date or an amount."""
        raw, faults = self.form.raw(), dict(self.form.own_faults())
        birth: PartialDate | None = None
        try:
            birth = self._parsed_birth()
        except Invalid as fault:
            faults["birth"] = sentence(fault)
        for name, rows in self.rows.items():
            for place, form in enumerate(rows.forms):
                for field, text in form.own_faults().items():
                    faults[f"{name}.{place}.{field}"] = text
        ssn: str | None = raw["ssn"]
        if self._draft.ssn is None and not raw["ssn"].strip():
            ssn = None
        typed = {name: raw[name] for name in _TEXTS}
        draft = replace(
            self._draft,
            **typed,
            birth=birth,
            is_birth_estimated=raw["is_birth_estimated"],
            sex=Sex(raw["sex"]),
            ssn=ssn,
            marital_status=raw["marital_status"],
            language=raw["language"],
            needs_interpreter=raw["needs_interpreter"],
            contact_preference=raw["contact_preference"],
            status=PatientStatus(raw["status"]),
            deceased_on=self.form.day("deceased_on"),
            primary_provider_id=raw["primary_provider_id"],
            note=raw["note"],
            **{name: rows.drafts() for name, rows in self.rows.items()},
        )
        return draft, faults

    def _show_faults(self, faults: dict[str, str], links: tuple[Link, ...] = ()) -> None:
        self._clear_faults()
        first: QWidget | None = None
        elsewhere = []
        for field, text in faults.items():
            widget = self._mark(field, text)
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

    def _mark(self, field: str, text: str) -> QWidget | None:
        list_name, _, rest = field.partition(".")
        if list_name in self.rows and rest:
            place, _, name = rest.partition(".")
            forms = self.rows[list_name].forms
            if int(place) < len(forms):
                return forms[int(place)].problem(name, text)
            return None
        return self.form.problem(field, text)

    def _clear_faults(self) -> None:
        for form in (self.form, *(form for rows in self.rows.values() for form in rows.forms)):
            form.clear_problems()
        self._explain_birth()

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
            if field.name in _LISTS:
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
        for name, rows in self.rows.items():
            theirs = {row.id: row for row in getattr(now, name)}
            for form in rows.forms:
                if form.row_id in theirs:
                    form.version = theirs[form.row_id].version
                else:
                    form.row_id = form.version = 0
            table = _TABLES[name]
            for row in theirs.values():
                if (table, row.id) not in known:
                    rows.add_row().fill(row)
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
        self.form.put(
            {
                **{name: getattr(draft, name) for name in _TEXTS},
                "birth": self._context.formats.birth(draft.birth),
                "sex": str(draft.sex),
                "ssn": draft.ssn or "",
                "marital_status": draft.marital_status,
                "language": draft.language,
                "needs_interpreter": draft.needs_interpreter,
                "is_birth_estimated": draft.is_birth_estimated,
                "contact_preference": draft.contact_preference,
                "status": str(draft.status),
                "deceased_on": draft.deceased_on,
                "primary_provider_id": draft.primary_provider_id,
                "note": draft.note,
            }
        )
        for name, rows in self.rows.items():
            rows.fill(getattr(draft, name))
        if self.patient_id is None:
            self.rows["phones"].add_row()  # nearly everybody has one: no need to press Add
        self._name_title()
        self._explain_birth()

    def _state(self) -> dict[str, Any]:
        return {
            "texts": self.form.raw(),
            "rows": {name: rows.state() for name, rows in self.rows.items()},
            "version": self._draft.version,
            "rows_read": [list(row) for row in self._draft.rows_read],
        }

    def _changed(self) -> None:
        self._name_title()
        if self.duplicates is not None:
            self._compare.start()

    def _name_title(self) -> None:
        given, family = self.form.text("given").strip(), self.form.text("family").strip()
        name = ", ".join(part for part in (family, given) if part)
        if self.patient_id is None:
            self.title.setText(name or "New patient")
        else:
            self.title.setText(f"Edit {name}" if name else "Edit patient")

    def _ask_to_compare(self) -> None:
        if self.isVisible():
            self.compare_wanted.emit(self._typed()[0])

    def _parsed_birth(self) -> PartialDate | None:
        return parse_birth(self.birth.text(), self._context.formats, self._context.today())

    def _explain_birth(self) -> None:
        """Under the date of birth: how it was understood, so that a slip shows while typing."""
        field = self._birth_field
        today = self._context.today()
        try:
            born = self._parsed_birth()
        except Invalid:
            born = None
        text = " "
        if born is not None and born.iso <= today.isoformat():
            said = self._context.formats.birth(born)
            if born.exact:
                said = self._context.formats.long_date(born.exact).split(", ", 1)[1]
            text = f"{said}: {words.age_sentence(born, today)}"
        if not field.has_problem:  # type: ignore[attr-defined]
            field.note.setText(text)  # type: ignore[attr-defined]

    def _tidy_birth(self) -> None:
        try:
            born = self._parsed_birth()
        except Invalid:
            return
        if born is not None:
            self.birth.setText(self._context.formats.birth(born))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not event.modifiers():
            self.left.emit()
        else:
            super().keyPressEvent(event)


_TABLES = {
    "phones": "patient_phone", "addresses": "patient_address", "people": "related_person",
    "coverages": "coverage", "alerts": "patient_alert",
}  # fmt: skip


def _content(draft: PatientDraft) -> PatientDraft:
    return replace(draft, version=0, rows_read=())


def _bare(rows: tuple[Any, ...]) -> list[Any]:
    return [replace(row, id=0, version=0) for row in rows]


def _grid(section: Section) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(12)
    for column in range(6):
        grid.setColumnStretch(column, 1)
    section.body.addLayout(grid)
    return grid


def _placer(grid: QGridLayout) -> Any:
    def place(widget: QWidget, row: int, column: int, span: int = 1) -> None:
        grid.addWidget(widget, row, column, 1, span, Qt.AlignmentFlag.AlignTop)

    return place
