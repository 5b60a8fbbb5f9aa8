"""Scans that wait to be sorted: the list, the page, whose it is; Enter files it and goes to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.wording import counted
from medsec_desktop.problems import Invalid, Problem
from medsec_desktop.services.documents.records import DocumentRow
from medsec_desktop.ui.patients.documents import verbs
from medsec_desktop.ui.patients.documents.facts import DocumentFacts, row_draft
from medsec_desktop.ui.patients.documents.page_tools import PageTools
from medsec_desktop.ui.patients.documents.preview import Preview
from medsec_desktop.ui.widgets import (
    EmptyState,
    FastList,
    Hairline,
    IconButton,
    ListRow,
    PlainButton,
    PrimaryButton,
    SearchList,
    Text,
)

if TYPE_CHECKING:
    from medsec_desktop.services.session import Changes
    from medsec_desktop.ui.patients.tab import PatientsTab


class SortingPage(QWidget):
    """Keys work from the search line: Ctrl+Alt+arrows go through the list, Ctrl+PgDn through pages."""

    left = Signal()
    help_page = "documents"

    def __init__(self, tab: PatientsTab):
        super().__init__()
        self._desk = desk = tab.desk
        self._rows: tuple[DocumentRow, ...] = ()
        self._shown: DocumentRow | None = None
        theme = desk.theme
        self.back = IconButton(theme, "arrow-left", "Back", self.left.emit, key="Esc")
        self.count = Text("", "muted")
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(Text("Documents to sort", "title"))
        names.addWidget(self.count)
        top = QHBoxLayout()
        top.setContentsMargins(24, 16, 24, 12)
        top.setSpacing(8)
        top.addWidget(self.back, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(names, 1)

        self.list = FastList(theme, "Documents to sort", two_lines=True)
        self.list.setFixedWidth(theme.px(264))
        self.list.selectionModel().currentChanged.connect(lambda *_: self._show_current())
        self.list.chosen.connect(lambda _: self.who.setFocus())
        self.preview = Preview(desk)
        self.tools = PageTools(desk, self.preview)
        self.tools.made.connect(self._made)
        self.preview.tools.insertWidget(3, self.tools)
        self.preview.opened.connect(lambda _: self._show_tools())
        self.who = SearchList(
            theme,
            desk.jobs.latest,
            lambda text: verbs.people_found(desk, text),
            "Whose is it?",
            placeholder="Name, birth date, phone or chart",
            two_lines=True,
            guesses=False,
        )
        self.who.chosen.connect(self._file_with)
        self.facts = DocumentFacts(desk)
        self.facts.entered.connect(self.file)
        self.file_button = PrimaryButton("File it", self.file, tip="File it and go on (Enter)")
        self.discard_button = PlainButton(
            "Put away",
            lambda: desk.actions.trigger("document.discard"),
            tip="Nobody’s: put it away (Ctrl+Alt+D)",
        )
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.file_button, 1)
        buttons.addWidget(self.discard_button)
        self.side = QWidget()
        self.side.setFixedWidth(theme.px(320))
        right = QVBoxLayout(self.side)
        right.setContentsMargins(16, 12, 24, 16)
        right.setSpacing(12)
        right.addWidget(Text("Whose is it?", "heading"))
        right.addWidget(self.who, 1)
        right.addWidget(self.facts)
        right.addLayout(buttons)
        middle = QVBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.preview, 1)
        middle.addWidget(self.tools.bar_box)
        self.work = QWidget()
        both = QHBoxLayout(self.work)
        both.setContentsMargins(0, 0, 0, 0)
        both.setSpacing(0)
        list_box = QVBoxLayout()
        list_box.setContentsMargins(12, 8, 8, 8)
        list_box.addWidget(self.list)
        both.addLayout(list_box)
        both.addWidget(Hairline(vertical=True))
        both.addLayout(middle, 1)
        both.addWidget(Hairline(vertical=True))
        both.addWidget(self.side)
        self.empty = EmptyState(
            theme,
            "inbox",
            "Nothing to sort",
            "Scans from the scan folder wait here until somebody says whose they are. Those with a"
            " barcode of ours file themselves.",
            "Choose the scan folder…",
            lambda: desk.go.open_settings("documents"),
        )
        self.stack = QStackedWidget()
        self.stack.addWidget(self.work)
        self.stack.addWidget(self.empty)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(top)
        whole.addWidget(Hairline())
        whole.addWidget(self.stack, 1)
        self.setFocusProxy(self.who)

        bind = desk.actions.bind
        self.tools.bind(self)
        bind("form.save", self._save, owner=self)
        bind("document.discard", self.discard, self._may, owner=self)
        bind("document.next", lambda: self.list.move_by(1), self._may, owner=self)
        bind("document.previous", lambda: self.list.move_by(-1), self._may, owner=self)
        bind("file.print", self._print, self._may, owner=self)
        bind("edit.edit", self._edit, self._may, owner=self)

    def refresh(self, changes: Changes) -> None:
        """Rows changed: what waits may be something else now."""
        if changes.touches("document", "document_category"):
            self.reload()

    def showing(self) -> None:
        """Read the list anew and begin with what waits longest."""
        self.reload()
        self.who.again()
        (self.who if self._rows else self.empty.button or self).setFocus()

    def reload(self) -> None:
        """Show what waits now, staying at the document in front where it still waits."""
        self._rows = self._desk.office.sorting.waiting()
        formats = self._desk.office.formats
        many = len(self._rows)
        self.count.setText("" if not many else f"{many:,} {'waits' if many == 1 else 'wait'}")
        self.stack.setCurrentWidget(self.work if many else self.empty)
        kept = self._shown.id if self._shown is not None else None
        at = next((n for n, row in enumerate(self._rows) if row.id == kept), None)
        if at is None:
            at = min(max(self.list.currentIndex().row(), 0), max(many - 1, 0))
        model = self.list.selectionModel()
        model.blockSignals(True)
        self.list.set_rows(
            [
                ListRow(
                    row.id,
                    row.title,
                    f"{formats.when(row.filed_at)} · " + counted(row.pages, "page"),
                    icon="file-text",
                )
                for row in self._rows
            ],
            preselect=False,
        )
        if many:
            self.list.setCurrentIndex(self.list.rows.index(at, 0))
        model.blockSignals(False)
        self.list.viewport().update()
        self._show_current()

    def file(self) -> None:
        """File the document in front with the patient found, and go to the next."""
        patient_id = self.who.list.current_value()
        if patient_id is None:
            self._desk.messages.not_now("Type whose it is, and choose in the list.")
            self.who.setFocus()
        else:
            self._file_with(patient_id)

    def discard(self) -> None:
        """Put the document in front away, and go to the next."""
        if self._shown is not None and verbs.discard_document(self._desk, self._shown):
            self.reload()
            self.who.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not event.modifiers():
            if self.who.line.text():
                self.who.line.clear()
                self.who.setFocus()
            else:
                self.left.emit()
        else:
            super().keyPressEvent(event)

    # -- inside

    def _file_with(self, patient_id: int) -> None:
        row = self._shown
        if row is None:
            return
        if self.preview.strip.is_arranged:
            self._desk.messages.not_now("Keep the pages as they lie, or put them back, first.")
            return
        self.facts.clear_problems()
        try:
            draft = self.facts.draft(row.version)
            filed = self._desk.office.sorting.file(row.id, patient_id, draft)
        except Invalid as problem:
            self.facts.complain(problem)
            return
        except Problem as problem:
            self._desk.messages.problem(problem)
            self.reload()
            return
        (hit,) = self._desk.office.patients.hits((filed.patient_id or patient_id,))
        self._desk.messages.say(f"“{filed.title}” is filed with {hit.name.listed}.", undo=True)
        self.who.line.setText("")  # forgets the typing too: Ctrl+Z takes the filing back
        self.reload()
        self.who.setFocus()

    def _show_current(self) -> None:
        at = self.list.currentIndex().row()
        row = self._rows[at] if 0 <= at < len(self._rows) else None
        if row is None:
            self._shown = None
            self.preview.show_document(None)
        elif self._shown is None or (row.id, row.version) != (
            self._shown.id,
            self._shown.version,
        ):
            self._shown = row
            self.facts.show_draft(row_draft(row))
        if row is not None:
            self.preview.show_document(row.id)
        self._show_tools()

    def _show_tools(self) -> None:
        may = self._desk.office.session.may(Permission.EDIT_PATIENTS)
        self.side.setEnabled(may)
        self.tools.show_row(self._shown, may=may and self.preview.page_count > 0)

    def _made(self, row: DocumentRow) -> None:
        self._shown = row
        self.reload()
        self.facts.show_draft(row_draft(row))

    def _save(self) -> None:
        if self.preview.strip.is_arranged:
            self.tools.keep()
        else:
            self.file()

    def _print(self) -> None:
        if self._shown is not None:
            verbs.print_document(self._desk, self._shown, self)

    def _edit(self) -> None:
        self.facts.title.setFocus()
        self.facts.title.selectAll()

    def _may(self) -> bool | str:
        if self._shown is None:
            return "Nothing waits to be sorted."
        if not self._desk.office.session.may(Permission.EDIT_PATIENTS):
            return "Your log-in may look at documents but not file them."
        return True
