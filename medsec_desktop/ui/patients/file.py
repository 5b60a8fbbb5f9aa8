"""A patient's file: who she is, what must not be missed, what is next, what was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from medsec_desktop.domain.people import PatientStatus
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.problems import Problem
from medsec_desktop.services.patients import CoverageRow, PatientFile, PersonRow, VisitRow
from medsec_desktop.ui.actions import BY_ID
from medsec_desktop.ui.patients import words
from medsec_desktop.ui.patients.authorizations import AuthorizationsSection
from medsec_desktop.ui.patients.file_section import FileSection
from medsec_desktop.ui.widgets import (
    Banner,
    ElidedLabel,
    IconButton,
    LinkButton,
    PlainButton,
    PrimaryButton,
    Section,
    Text,
)

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_FIRST_VISITS, _MORE_VISITS = 8, 25
_SIDE_BY_SIDE = 900  # pixels at normal zoom from which two columns are worth having


class PatientFileView(QWidget):
    """One calm screen; everything on it came in one `PatientFile`."""

    left = Signal()
    edit_wanted = Signal(int)

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self.file: PatientFile | None = None
        self._visits_shown = _FIRST_VISITS
        self._earlier_coverages = False
        self._is_wide: bool | None = None

        self.back = IconButton(desk.theme, "arrow-left", "All patients", self.left.emit, key="Esc")
        self.authorizations = AuthorizationsSection(desk, self)
        # Parts that read their own rows, under what `PatientFile` brings, left and right.
        self.standing: tuple[tuple[FileSection, ...], tuple[FileSection, ...]] = (
            (),
            (self.authorizations,),
        )
        for section in (*self.standing[0], *self.standing[1]):
            section.hide()
            section.form_opened.connect(self._bring_into_sight)
        self.name = ElidedLabel("", "title")
        self.facts = ElidedLabel("", "muted")
        self.facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._chip = QFrame()
        self._chip.setProperty("kind", "chip")
        self._chip_text = Text("", "small")
        chip_row = QHBoxLayout(self._chip)
        chip_row.setContentsMargins(10, 2, 10, 2)
        chip_row.addWidget(self._chip_text)

        self.letter_button = self._button("Write letter", "visit.letter", "mail")
        self.edit_button = self._button("Edit", "edit.edit", "user-pen")
        self.book_button = self._button("Book visit", "visit.book", "calendar-plus", primary=True)

        title = QHBoxLayout()
        title.setSpacing(8)
        title.addWidget(self.name)
        title.addWidget(self._chip, 0, Qt.AlignmentFlag.AlignVCenter)
        title.addStretch(1)
        who = QVBoxLayout()
        who.setSpacing(2)
        who.addLayout(title)
        who.addWidget(self.facts)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.back, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(who, 1)
        for button in (self.letter_button, self.edit_button, self.book_button):
            top.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)

        self._banners = QVBoxLayout()
        self._banners.setSpacing(8)
        self.scroll = QScrollArea()
        self.scroll.setWidgetResizable(True)
        self.scroll.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll.setAccessibleName("Patient file")
        self.scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusProxy(self.scroll)

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

        actions = desk.actions
        actions.bind("edit.edit", self._edit, owner=self)
        actions.bind("visit.book", self._book, self._may_book, owner=self)
        actions.bind("visit.recall", self._recall, self._may_book, owner=self)
        actions.bind("visit.find_slot", self._find_slot, self._may_book, owner=self)
        actions.bind("visit.letter", self._write_letter, self._may_write, owner=self)

    @property
    def patient_id(self) -> int | None:
        return self.file.id if self.file else None

    def show_file(self, file: PatientFile) -> None:
        """Show another patient's file, from its top."""
        if self.patient_id != file.id:
            self._visits_shown = _FIRST_VISITS
            self._earlier_coverages = False
        self.file = file
        self._fill()
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

    # -- what can be done ---------------------------------------------------------------------

    def _button(
        self, text: str, action_id: str, icon: str, *, primary: bool = False
    ) -> PlainButton:
        key = QKeySequence(BY_ID[action_id].key).toString(QKeySequence.SequenceFormat.NativeText)
        kind = PrimaryButton if primary else PlainButton
        button = kind(text, lambda: self._desk.actions.trigger(action_id), tip=f"{text} ({key})")
        self._desk.theme.wear(button, icon, "on_accent" if primary else "muted")
        return button

    def _edit(self) -> None:
        if self.file is not None:
            self.edit_wanted.emit(self.file.id)

    def _find_slot(self) -> None:
        if self.patient_id is not None:
            self._desk.go.calendar_place("find").begin_for(self.patient_id)

    def _book(self) -> None:
        if self.file is not None:
            self._desk.go.book(patient_id=self.file.id)

    def _recall(self) -> None:
        if self.file is not None:
            self._desk.go.calendar_place("recall").show_patient(self.file.id)

    def _bring_into_sight(self, form: QWidget) -> None:
        # It has its height only after the layout has been asked for it.
        QTimer.singleShot(0, self, lambda: self.scroll.ensureWidgetVisible(form, 0, 24))

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
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= self._desk.theme.px(_SIDE_BY_SIDE)
        if wide != self._is_wide and self.file is not None:
            self._fill()

    # -- drawing up ---------------------------------------------------------------------------

    def _fill(self) -> None:
        file = self.file
        assert file is not None
        session = self._desk.office.session
        self.edit_button.setVisible(session.may(Permission.EDIT_PATIENTS))
        self.book_button.setVisible(session.may(Permission.EDIT_CALENDAR))
        self.letter_button.setVisible(session.may(Permission.WRITE_LETTERS))
        self.name.setText(file.name.listed)
        self.name.setAccessibleName(f"File of {file.name.listed}")
        self._chip.setVisible(file.status is not PatientStatus.ACTIVE)
        self._chip_text.setText(words.STATUSES[file.status])
        self.facts.setText("  ·  ".join(self._who(file)))
        self._fill_banners(file)

        self._is_wide = self.width() >= self._desk.theme.px(_SIDE_BY_SIDE)
        first = [self._next_visits(file), self._past_visits(file), self._letters(file)]
        first += self.standing[0]
        second = [
            self._contact(file),
            self._coverages(file),
            *self.standing[1],
            self._people(file),
            self._details(file),
        ]
        if file.note:
            second.append(self._note(file))
        for section in (*self.standing[0], *self.standing[1]):
            section.setParent(self)  # out of the old page, which is thrown away
            section.show_file(file)
            section.show()
        page = QWidget()
        page.setProperty("kind", "surface")
        columns = [first, second] if self._is_wide else [[*first[:1], *second, *first[1:]]]
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 4, 12, 24)
        row.setSpacing(32)
        for stretch, sections in zip((11, 9), columns, strict=False):
            column = QVBoxLayout()
            column.setSpacing(24)
            for section in sections:
                column.addWidget(section)
            column.addStretch(1)
            row.addLayout(column, stretch)
        self.scroll.setWidget(page)

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
        while (item := self._banners.takeAt(0)) is not None:
            if item.widget():
                item.widget().hide()
                item.widget().deleteLater()
        theme, formats = self._desk.theme, self._desk.office.formats
        if file.status is PatientStatus.DECEASED:
            when = f" on {formats.date(file.deceased_on)}" if file.deceased_on else ""
            self._banners.addWidget(Banner(theme, "info", f"Deceased{when}."))
        alerts = [alert for alert in file.alerts if alert.is_shown_on_selection]
        if alerts:
            title = "Alert" if len(alerts) == 1 else f"{len(alerts)} alerts"
            lines = [
                alert.text
                + (f"  (until {formats.date(alert.expires_on)})" if alert.expires_on else "")
                for alert in alerts
            ]
            text = lines[0] if len(lines) == 1 else "\n".join(f"•  {line}" for line in lines)
            self._banners.addWidget(Banner(theme, "warning", text, title=title))

    def _next_visits(self, file: PatientFile) -> Section:
        section = Section("Next visits")
        visits = file.next_visits(self._desk.office.clock.now())
        if visits:
            section.body.addLayout(self._visit_rows(visits))
        else:
            section.body.addWidget(Text("No visit is booked.", "muted"))
        return section

    def _past_visits(self, file: PatientFile) -> Section:
        visits = file.past_visits(self._desk.office.clock.now())
        section = Section(
            f"Past and cancelled visits ({len(visits):,})" if visits else "Past visits"
        )
        if not visits:
            section.body.addWidget(Text("None on file.", "muted"))
            return section
        section.body.addLayout(self._visit_rows(visits[: self._visits_shown]))
        left = len(visits) - self._visits_shown
        if left > 0:
            more = min(left, _MORE_VISITS)
            section.body.addWidget(
                LinkButton(
                    f"Show {more} more" + (f" of {left:,}" if left > more else ""),
                    self._show_more_visits,
                ),
                0,
                Qt.AlignmentFlag.AlignLeft,
            )
        return section

    def _show_more_visits(self) -> None:
        self._visits_shown += _MORE_VISITS
        self.reload()

    def _visit_rows(self, visits: Sequence[VisitRow]) -> QGridLayout:
        formats, px = self._desk.office.formats, self._desk.theme.px
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnMinimumWidth(0, px(148))
        # The same in every list of the file, so that their columns stand in one line.
        grid.setColumnMinimumWidth(3, self._status_width())
        grid.setColumnStretch(1, 3)
        grid.setColumnStretch(2, 2)
        for number, visit in enumerate(visits):
            when = formats.when(visit.starts_at)
            if visit.kind == "appointment":
                opened: QWidget = LinkButton(when, lambda visit=visit: self._show_visit(visit))
                opened.setAccessibleName(f"{when}, {visit.what}, {visit.provider_name}")
                opened.setToolTip("Show it in the calendar")
            else:
                opened = Text(when)
            what = " – ".join(part for part in (visit.what, visit.reason) if part)
            grid.addWidget(opened, number, 0, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(ElidedLabel(what), number, 1)
            grid.addWidget(ElidedLabel(visit.provider_name or visit.where, "muted"), number, 2)
            status = Text(words.VISIT_STATUSES.get(visit.status, ""), "muted")
            grid.addWidget(status, number, 3, Qt.AlignmentFlag.AlignRight)
        return grid

    def _status_width(self) -> int:
        """What the longest status among this patient's visits needs."""
        measure = self.fontMetrics().horizontalAdvance
        visits = self.file.visits if self.file is not None else ()
        shown = {words.VISIT_STATUSES.get(visit.status, "") for visit in visits}
        return max(map(measure, shown), default=0)

    def _show_visit(self, visit: VisitRow) -> None:
        self._desk.go.show_day(visit.starts_at.date(), visit.id)

    def _letters(self, file: PatientFile) -> Section:
        section = Section("Letters")
        if not file.letters:
            section.body.addWidget(Text("None written yet.", "muted"))
            return section
        formats = self._desk.office.formats
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnMinimumWidth(0, self._desk.theme.px(148))
        grid.setColumnStretch(1, 1)
        for number, letter in enumerate(file.letters[:_MORE_VISITS]):
            written = formats.date(letter.written_on)
            link = LinkButton(written, lambda letter=letter: self._desk.go.show_letter(letter.id))
            link.setAccessibleName(f"{letter.subject}, {written}")
            grid.addWidget(link, number, 0, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(ElidedLabel(letter.subject or "Letter"), number, 1)
            status = Text(words.LETTER_STATUSES.get(letter.status, letter.status), "muted")
            grid.addWidget(status, number, 2, Qt.AlignmentFlag.AlignRight)
        section.body.addLayout(grid)
        return section

    def _contact(self, file: PatientFile) -> Section:
        section, formats = Section("Contact"), self._desk.office.formats
        facts = _Facts(self._desk.theme.px(116))
        for phone in file.phones:
            remarks = [] if phone.may_leave_message else ["no messages"]
            remarks += [phone.note] if phone.note else []
            facts.add(
                words.PHONE_KINDS[phone.kind], formats.phone(phone.number), " · ".join(remarks)
            )
        if file.email:
            facts.add("E-mail", file.email)
        if file.contact_preference:
            facts.add("Prefers", words.CONTACT[file.contact_preference])
        for address in file.addresses:
            span = words.period(formats, address.valid_from_on, address.valid_to_on)
            remark = " · ".join(
                part for part in ("" if address.is_current else "not current", span) if part
            )
            facts.add(
                f"{words.ADDRESS_KINDS[address.kind]} address",
                "\n".join(address.lines),
                remark,
                is_quiet=not address.is_current,
            )
        return _with_facts(section, facts, "No phone, e-mail or address on file.")

    def _coverages(self, file: PatientFile) -> Section:
        section = Section("Coverage")
        current = [row for row in file.coverages if row.is_current]
        earlier = [row for row in file.coverages if not row.is_current]
        if not file.coverages:
            section.body.addWidget(Text("No coverage on file: self-pay.", "muted"))
        elif not current:
            section.body.addWidget(Text("No coverage today: self-pay.", "muted"))
        for row in current:
            section.body.addWidget(self._coverage(row, file))
        if earlier and not self._earlier_coverages:
            noun = "coverage" if len(earlier) == 1 else "coverages"
            section.body.addWidget(
                LinkButton(f"Show {len(earlier)} other {noun}", self._show_earlier),
                0,
                Qt.AlignmentFlag.AlignLeft,
            )
        elif earlier:
            for row in earlier:
                section.body.addWidget(self._coverage(row, file))
        return section

    def _show_earlier(self) -> None:
        self._earlier_coverages = True
        self.reload()

    def _coverage(self, row: CoverageRow, file: PatientFile) -> QWidget:
        formats = self._desk.office.formats
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        kind = "strong" if row.is_current else "muted"
        payer = " – ".join(part for part in (row.payer_name, row.plan_name) if part)
        column.addWidget(Text(f"{words.RANKS[row.rank]}: {payer}", kind, wrap=True))
        numbers = [f"Member {row.member_id}"] if row.member_id else []
        numbers += [f"Group {row.group_number}"] if row.group_number else []
        if row.copay_cents is not None:
            numbers.append(f"Copay {words.money(row.copay_cents)}")
        span = words.period(formats, row.starts_on, row.ends_on)
        numbers += [span] if span else []
        if numbers:
            column.addWidget(Text("  ·  ".join(numbers), "muted", wrap=True))
        if row.subscriber_relation != "self":
            relation = words.SUBSCRIBERS[row.subscriber_relation].lower()
            holder = row.subscriber or "unknown"
            column.addWidget(
                Text(f"Subscriber: {holder}; patient’s relation: {relation}", "muted", wrap=True)
            )
        return box

    def _people(self, file: PatientFile) -> Section:
        section = Section("People around")
        for person in file.people:
            section.body.addWidget(self._person(person))
        if not any(person.is_guarantor for person in file.people):
            minor = file.age is not None and file.age < 18 and not file.deceased_on
            text = (
                "No guarantor named, although under 18."
                if minor
                else "Guarantor: the patient owes the balance."
            )
            section.body.addWidget(Text(text, "muted", wrap=True))
        return section

    def _person(self, person: PersonRow) -> QWidget:
        roles = [
            word
            for is_so, word in (
                (person.is_guarantor, "guarantor (owes the balance)"),
                (person.is_emergency_contact, "emergency contact"),
                (person.is_next_of_kin, "next of kin"),
            )
            if is_so
        ]
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        if person.linked_patient_id is not None:
            linked = person.linked_patient_id
            column.addWidget(
                LinkButton(person.name, lambda: self._desk.go.open_patient(linked)),
                0,
                Qt.AlignmentFlag.AlignLeft,
            )
        else:
            column.addWidget(Text(person.name, "strong", wrap=True))
        parts = [person.relation] if person.relation else []
        parts += [self._desk.office.formats.phone(person.phone)] if person.phone else []
        parts += roles
        text = "  ·  ".join(parts)
        if text:
            column.addWidget(Text(text[:1].upper() + text[1:], "muted", wrap=True))
        return box

    def _details(self, file: PatientFile) -> Section:
        section, facts = Section("Details"), _Facts(self._desk.theme.px(116))
        interpreter = "needs an interpreter" if file.needs_interpreter else ""
        for label, value, remark in (
            ("Former name", file.former_name, ""),
            ("Gender", file.gender, ""),
            ("SSN", file.ssn, ""),
            ("Marital status", words.MARITAL.get(file.marital_status, file.marital_status)
             if file.marital_status else "", ""),
            ("Language", words.LANGUAGES.get(file.language, file.language)
             if file.language else interpreter.capitalize(),
             interpreter if file.language else ""),
            ("Provider", file.primary_provider, ""),
        ):  # fmt: skip
            if value:
                facts.add(label, value, remark)
            if label == "SSN" and self._may_show_ssn(file):
                facts.add_button(
                    "Show it all", lambda: self._desk.office.patients.full_ssn(file.id)
                )
        if file.changed_by and file.changed_utc:
            at = self._desk.office.patients.wall_clock(file.changed_utc)
            when = self._desk.office.formats.when(at)
            facts.add("Last change", f"{when} by {file.changed_by}", is_quiet=True)
        return _with_facts(section, facts, "Nothing more on file.")

    def _may_show_ssn(self, file: PatientFile) -> bool:
        return bool(file.ssn) and self._desk.office.session.may(Permission.VIEW_FULL_SSN)

    def _note(self, file: PatientFile) -> Section:
        section = Section("Note")
        note = Text(file.note, wrap=True)
        note.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        section.body.addWidget(note)
        return section


class _Facts(QWidget):
    """Labels on the left, what is so on the right."""

    def __init__(self, label_width: int, parent: QWidget | None = None):
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnMinimumWidth(0, label_width)
        self._grid.setColumnStretch(1, 1)
        self.count = 0

    def add(self, label: str, value: str, remark: str = "", *, is_quiet: bool = False) -> None:
        shown = Text(value, "muted" if is_quiet else "body", wrap=True)
        shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        shown.setAccessibleName(f"{label}: {value}" + (f", {remark}" if remark else ""))
        top = Qt.AlignmentFlag.AlignTop
        told = QVBoxLayout()
        told.setSpacing(0)
        told.addWidget(shown)
        if remark:
            told.addWidget(Text(remark, "small", wrap=True))
        self._grid.addWidget(Text(label, "muted"), self.count, 0, top)
        self._grid.addLayout(told, self.count, 1)
        self._shown, self._told = shown, told
        self.count += 1

    def add_button(self, text: str, ask: Callable[[], str]) -> None:
        """Under the fact added last: a button that puts the answer of `ask` in its place."""
        shown = self._shown

        def show() -> None:
            shown.setText(ask())
            shown.setAccessibleName(shown.text())
            button.hide()

        button = LinkButton(text, show)
        self._told.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)


def _with_facts(section: Section, facts: _Facts, otherwise: str) -> Section:
    section.body.addWidget(facts if facts.count else Text(otherwise, "muted"))
    return section
