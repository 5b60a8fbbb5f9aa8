"""What is said of a document: title, category, date and note, in one small form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from medsec_desktop.problems import Invalid
from medsec_desktop.services.documents.records import DocumentDraft, DocumentRow
from medsec_desktop.ui.widgets import Choice, DateEdit, Field

if TYPE_CHECKING:
    from medsec_desktop.domain.formats import Formats
    from medsec_desktop.ui.desk import Desk

_NOTE_LINES = 2


class DocumentFacts(QWidget):
    """`changed` follows a line that was left or a choice made; `entered` is Enter in a line."""

    changed = Signal()
    entered = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self._shown = DocumentDraft("")
        office = desk.office
        self.title = QLineEdit()
        self.title.setMaxLength(200)
        self.category = Choice()
        self.dated = DateEdit(desk.theme, _DatesThatWere(office.formats), office.clock.today)
        self.note = QPlainTextEdit()
        self.note.setTabChangesFocus(True)
        self.note.setFixedHeight(desk.theme.px(22) * _NOTE_LINES + 12)
        self.fields = {
            "title": Field("Title", self.title, required=True),
            "category_id": Field("Category", self.category),
            "dated_on": Field("Date of the document", self.dated),
            "note": Field("Note", self.note),
        }
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for field in self.fields.values():
            column.addWidget(field)
        for line in (self.title, self.dated):
            line.editingFinished.connect(self.changed)
            line.returnPressed.connect(self.entered)
        self.category.activated.connect(lambda _: self.changed.emit())
        self._note_left = _Left(self.note, self.changed.emit)

    def show_draft(self, draft: DocumentDraft) -> None:
        """Show what is on record."""
        self._shown = draft
        self.clear_problems()
        rows = self._desk.office.documents.categories.all()
        pairs: list[tuple[object, str]] = [(None, "None")]
        pairs += [
            (row.id, row.name) for row in rows if row.is_active or row.id == draft.category_id
        ]
        self.category.set_pairs(pairs)
        self.category.setCurrentIndex(0)
        self.category.set_value(draft.category_id)
        self.title.setText(draft.title)
        self.title.setCursorPosition(0)
        self.dated.set_value(draft.dated_on)
        self.note.setPlainText(draft.note)

    def draft(self, version: int) -> DocumentDraft:
        """What the form says. Raises Invalid where the date is none."""
        if self.dated.text().strip() and self.dated.value() is None:
            raise Invalid(self.dated.problem() or "Type a date, such as 6/30.", field="dated_on")
        category = self.category.value()
        return DocumentDraft(
            self.title.text(),
            None if category is None else int(str(category)),
            self.dated.value(),
            self.note.toPlainText(),
            version,
        )

    @property
    def is_changed(self) -> bool:
        """Whether anything differs from what was shown."""
        if self.dated.text().strip() and self.dated.value() is None:
            return True
        now, before = self.draft(0), self._shown
        return (now.title.strip(), now.category_id, now.dated_on, now.note.strip()) != (
            before.title, before.category_id, before.dated_on, before.note,
        )  # fmt: skip

    def complain(self, problem: Invalid) -> None:
        """Say what is wrong at its field."""
        field = self.fields.get(problem.field, self.fields["title"])
        field.problem(" ".join(part for part in (problem.what, problem.remedy) if part))

    def clear_problems(self) -> None:
        for field in self.fields.values():
            if field.has_problem:
                field.problem("")


class _DatesThatWere:
    """A document’s date is past: 3/9 typed on March 11 is two days ago, not next year."""

    def __init__(self, formats: Formats):
        self._formats = formats

    def date(self, d: date) -> str:
        return self._formats.date(d)

    def parse_date(self, text: str, today: date) -> date:
        found = self._formats.parse_date(text, today)
        if found <= today:
            return found
        # The same words a year before: where they name no year, they mean the day that was.
        earlier = self._formats.parse_date(text, _year_before(today))
        is_same_day = (earlier.month, earlier.day) == (found.month, found.day)
        return earlier if is_same_day and earlier <= today else found


def _year_before(day: date) -> date:
    return day - timedelta(days=365)


class _Left(QObject):
    """Tells when a text of several lines is left, which Qt does for single lines only."""

    def __init__(self, text: QPlainTextEdit, tell: Callable[[], object]):
        super().__init__(text)
        self._tell = tell
        text.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self._tell()
        return super().eventFilter(watched, event)


def row_draft(row: DocumentRow) -> DocumentDraft:
    """A document's facts as the form shows them."""
    return DocumentDraft(row.title, row.category_id, row.dated_on, row.note, row.version)
