"""What somebody wants written: about whom, what, for whose signature, by when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from medsec_desktop.domain.calendar import provider_called
from medsec_desktop.problems import Problem
from medsec_desktop.services.letters.line import DictationDraft
from medsec_desktop.services.letters.shipped import BLANK
from medsec_desktop.ui.letters.form_sheet import FormSheet
from medsec_desktop.ui.widgets import Choice, DateEdit, Field, Text

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk


class DictationSheet(FormSheet):
    """Puts a letter on the line that has no words yet; `dictated` carries its number."""

    dictated = Signal(int)

    def __init__(
        self,
        desk: Desk,
        patient_id: int,
        patient_name: str,
        parent: QWidget | None = None,
        *,
        referral_id: int | None = None,
        records_request_id: int | None = None,
    ):
        super().__init__(desk.theme, "Dictate a letter", "Put on the line", parent)
        self._desk = desk
        self._about = DictationDraft(
            patient_id, referral_id=referral_id, records_request_id=records_request_id
        )
        office = desk.office
        self.subject = QLineEdit()
        self.kind = Choice(
            [
                (row.key, row.title)
                for row in office.letters.templates()
                if row.language == "en" and not row.is_about_visit
            ],
            BLANK,
        )
        self.note = QPlainTextEdit()
        self.note.setTabChangesFocus(True)
        self.note.setMinimumHeight(desk.theme.px(120))
        self.signer = Choice(
            [
                (None, "Whoever writes it"),
                *(
                    (row.id, provider_called(row.family_name, row.given_name, row.credential))
                    for row in office.practice.providers(bookable_only=True)
                ),
            ]
        )
        self.wanted = DateEdit(desk.theme, office.formats, office.clock.today)
        two = QHBoxLayout()
        two.setSpacing(12)
        two.addWidget(Field("Signed by", self.signer), 2, Qt.AlignmentFlag.AlignTop)
        two.addWidget(
            Field("Wanted by", self.wanted, hint="fri, +3d, 3/14"), 1, Qt.AlignmentFlag.AlignTop
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(Text(f"Letter about {patient_name}", "heading", wrap=True))
        column.addWidget(self.banner)
        column.addWidget(Field("Subject", self.subject))
        column.addWidget(Field("Kind of letter", self.kind))
        column.addWidget(
            Field("Dictation", self.note, hint="The words, or where they lie, such as “tape 3”.")
        )
        column.addLayout(two)
        column.addLayout(self.foot)
        self.resize(desk.theme.px(520), self.sizeHint().height())
        self.subject.setFocus()

    def save(self) -> None:
        """Put it on the line; what is wrong is said here."""
        signer = self.signer.value()
        draft = DictationDraft(
            self._about.patient_id,
            str(self.kind.value()),
            self.subject.text(),
            self.note.toPlainText(),
            signer if isinstance(signer, int) else None,
            self.wanted.value(),
            referral_id=self._about.referral_id,
            records_request_id=self._about.records_request_id,
        )
        if self.wanted.problem():
            self.refuse(self.wanted.problem())
            return
        try:
            number = self._desk.office.letter_line.dictate(draft)
        except Problem as problem:
            self.refuse(str(problem))
            return
        self.accept()
        self.dictated.emit(number)
