"""A fax put together: to whom, a number made sure of, cover, letter and documents in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from medsec_desktop.domain.rights import Purpose
from medsec_desktop.problems import Invalid, Problem
from medsec_desktop.services.letters.faxing import FaxDraft, FaxRow, MadeSure
from medsec_desktop.services.letters.recipients import RecipientChoice
from medsec_desktop.ui.printing.print_job import print_away
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import (
    Banner,
    Choice,
    Field,
    PlainButton,
    PrimaryButton,
    Text,
)

if TYPE_CHECKING:
    from medsec_desktop.services.letters import LetterRow
    from medsec_desktop.ui.desk import Desk

_ROLE = int(Qt.ItemDataRole.UserRole)


class FaxSheet(QDialog):
    """Asks, makes and prints the packet; `made` carries it. Space ticks a document, Alt+arrows move it."""

    made = Signal(object)

    def __init__(
        self,
        desk: Desk,
        patient_id: int,
        patient_name: str,
        parent: QWidget | None = None,
        letter: LetterRow | None = None,
    ):
        super().__init__(parent)
        self._desk, self._patient_id, self._letter = desk, patient_id, letter
        office = desk.office
        self.setWindowTitle("Fax")
        self._people: tuple[RecipientChoice, ...] = (
            guarded(desk, lambda: office.recipients.of_patient(patient_id)) or ()
        )
        self.to = Choice(
            [(None, "As typed"), *((one.key, f"{one.name} · {one.role}") for one in self._people)]
        )
        self.to.currentIndexChanged.connect(lambda _: self._chosen())
        self.recipient = QLineEdit()
        self.number = QLineEdit()
        self.number.textChanged.connect(lambda _: self._look_at_number())
        self.again = QLineEdit()
        self.read_back = QCheckBox("It was read back to whoever it belongs to")
        self.read_back.toggled.connect(lambda on: self.again.setEnabled(not on))
        self.about = QLineEdit(letter.subject if letter is not None else "")
        self.about.setCursorPosition(0)
        self.message = QPlainTextEdit()
        self.message.setTabChangesFocus(True)
        self.message.setFixedHeight(desk.theme.px(64))
        self.urgent = QCheckBox("Urgent")
        self.to_patient = QCheckBox("It goes to the patient")
        self.to_patient.toggled.connect(lambda on: self.purpose_field.setVisible(not on))
        self.purpose = Choice([(purpose, str(purpose)) for purpose in Purpose], Purpose.TREATMENT)
        self.purpose_field = Field("Why it is given", self.purpose)
        self.documents = QListWidget()
        self.documents.setProperty("kind", "boxed")
        self.documents.setAccessibleName("What is faxed, in this order")
        self.documents.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)  # elided
        self.documents.installEventFilter(self)
        self._list_documents()
        self.banner = Banner(desk.theme, "danger", "")
        self.banner.hide()
        self.sure = QWidget()
        sure = QVBoxLayout(self.sure)
        sure.setContentsMargins(0, 0, 0, 0)
        sure.setSpacing(8)
        sure.addWidget(
            Field(
                "The number once more",
                self.again,
                hint="Nobody has faxed to it yet: a wrong digit sends papers to a stranger.",
            )
        )
        sure.addWidget(self.read_back)
        self.print_button = PrimaryButton("Put together and print", self._print)
        self.make_button = PlainButton("Put together", self._make)
        self.cancel_button = PlainButton("Cancel", self.reject)
        self._lay_out(patient_name)
        self._look_at_number()
        if letter is not None:
            self._begin_with(letter)
        self.finished.connect(self.deleteLater)

    def _lay_out(self, patient_name: str) -> None:
        theme = self._desk.theme
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(12)
        left.addWidget(Field("To", self.to))
        left.addWidget(Field("Name on the cover", self.recipient, required=True))
        left.addWidget(Field("Fax number", self.number, required=True))
        left.addWidget(self.sure)
        left.addWidget(self.to_patient)
        left.addWidget(self.purpose_field)
        left.addStretch(1)
        right.addWidget(
            Field("About", self.about, hint="On the cover, which anybody may see: no diagnosis.")
        )
        right.addWidget(Field("Message", self.message))
        right.addWidget(self.urgent)
        papers = Field(
            "What is faxed, in this order",
            self.documents,
            hint="Space checks, Alt+Up and Alt+Down move.",
        )
        # It takes the room that is left: shared out, the two columns would not stand level.
        papers.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        right.addWidget(papers, 1)
        two = QHBoxLayout()
        two.setSpacing(24)
        two.addLayout(left, 1)
        two.addLayout(right, 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        for button in (self.cancel_button, self.make_button, self.print_button):
            foot.addWidget(button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 20, 24, 20)
        whole.setSpacing(12)
        whole.addWidget(Text(f"Fax about {patient_name}", "heading", wrap=True))
        whole.addWidget(self.banner)
        whole.addLayout(two, 1)
        whole.addLayout(foot)
        room = self.screen().availableGeometry()
        self.resize(min(theme.px(840), room.width() - 80), min(theme.px(560), room.height() - 80))

    def _list_documents(self) -> None:
        office = self._desk.office
        if self._letter is not None:
            self._item(f"The letter: {self._letter.subject or 'Letter'}", None, ticked=True)
        own = self._letter.document_id if self._letter is not None else None
        enclosed = self._letter.enclosed_ids if self._letter is not None else ()
        rows = guarded(self._desk, lambda: office.documents.of_patient(self._patient_id)) or ()
        for row in sorted(rows, key=lambda one: one.id not in enclosed):
            if row.id != own and row.kind != "fax":
                title = f"{row.title}, {office.formats.date(row.shown_on)}"
                self._item(title, row.id, ticked=row.id in enclosed)
        for row in office.leaflets.all(enclosed):
            self._item(f"{row.title}, leaflet", row.id, ticked=row.id in enclosed)

    def _item(self, title: str, document_id: int | None, *, ticked: bool) -> None:
        item = QListWidgetItem(title)
        item.setData(_ROLE, document_id)
        item.setSizeHint(QSize(0, self._desk.theme.px(28)))
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        if document_id is None:
            item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        self.documents.addItem(item)

    def _begin_with(self, letter: LetterRow) -> None:
        self.recipient.setText(letter.recipient[0] if letter.recipient else "")
        named = guarded(
            self._desk, lambda: self._desk.office.recipients.search(self.recipient.text())
        )
        everybody = (*self._people, *(named or ()))
        match = next((one for one in everybody if one.name == self.recipient.text()), None)
        if match is not None and match not in self._people:
            self._people = (*self._people, match)
            self.to.addItem(f"{match.name} · {match.role}", match.key)
        if match is not None:
            self.to.set_value(match.key)

    # -- to whom ----------------------------------------------------------------------------------

    def _chosen(self) -> None:
        choice = next((one for one in self._people if one.key == self.to.value()), None)
        if choice is None:
            return
        self.recipient.setText(choice.name)
        self.number.setText(self._desk.office.formats.phone(choice.fax))
        self.to_patient.setChecked(choice.kind == "patient")

    def _look_at_number(self) -> None:
        """A number nobody has made sure of is to be typed twice, or read back."""
        try:
            known = self._desk.office.faxes.is_known(self.number.text())
        except Invalid:
            known = False
        self.sure.setVisible(bool(self.number.text().strip()) and not known)

    # -- what was chosen --------------------------------------------------------------------------

    def draft(self) -> FaxDraft:
        """What the form says."""
        chosen = [
            self.documents.item(place).data(_ROLE)
            for place in range(self.documents.count())
            if self.documents.item(place).checkState() == Qt.CheckState.Checked
        ]
        purpose = self.purpose.value()
        return FaxDraft(
            self._patient_id,
            self.recipient.text(),
            self.number.text(),
            self.about.text(),
            self.message.toPlainText(),
            self.urgent.isChecked(),
            letter_id=self._letter.id if self._letter is not None else None,
            document_ids=tuple(one for one in chosen if one is not None),
            is_to_patient=self.to_patient.isChecked(),
            purpose=purpose if isinstance(purpose, Purpose) else Purpose.TREATMENT,
        )

    def _make(self) -> None:
        self._put_together(then_print=False)

    def _print(self) -> None:
        self._put_together(then_print=True)

    def _put_together(self, *, then_print: bool) -> None:
        """Make sure of the number, then make the packet away from the screen."""
        faxes, draft = self._desk.office.faxes, self.draft()
        try:
            if self.sure.isVisibleTo(self):
                how = MadeSure.READ_BACK if self.read_back.isChecked() else MadeSure.TYPED_TWICE
                faxes.confirm(draft.number, self.again.text(), how, draft.recipient)
        except Problem as problem:
            self._refuse(problem)
            return
        self._desk.jobs.run(
            "Put the fax together",
            lambda _: faxes.make(draft),
            lambda row: self._is_made(row, then_print),
            self._refuse,
        )

    def _is_made(self, row: FaxRow, then_print: bool) -> None:
        self.accept()
        self.made.emit(row)
        if then_print:
            faxes = self._desk.office.faxes
            print_away(self._desk, "The fax", lambda: faxes.print(row.id))

    def _refuse(self, problem: BaseException) -> None:
        if not isinstance(problem, Problem):
            raise problem
        self.banner.show_message("danger", str(problem))
        self.banner.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Alt+Up and Alt+Down put what is faxed in order."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
            key = Qt.Key(event.key())
            if key in steps and event.modifiers() & Qt.KeyboardModifier.AltModifier:
                self._move(steps[key])
                return True
        return super().eventFilter(watched, event)

    def _move(self, step: int) -> None:
        first = 1 if self._letter is not None else 0  # the letter goes first
        here = self.documents.currentRow()
        there = here + step
        if here >= first and first <= there < self.documents.count():
            item = self.documents.takeItem(here)
            self.documents.insertItem(there, item)
            self.documents.setCurrentRow(there)
