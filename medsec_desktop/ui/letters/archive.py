"""The archive: every letter filed, newest first, and the pages of the one that is selected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from medsec_desktop.domain.letter_states import LetterStatus
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.problems import Problem
from medsec_desktop.services.letters import LetterRow
from medsec_desktop.ui.letters.pages import PageView
from medsec_desktop.ui.rows import Column, RowsView
from medsec_desktop.ui.widgets import (
    Banner,
    ElidedLabel,
    EmptyState,
    Hairline,
    IconButton,
    LinkButton,
    PlainButton,
    PrimaryButton,
    SearchLine,
)

if TYPE_CHECKING:
    from medsec_desktop.services.page_images import PageImage
    from medsec_desktop.ui.desk import Desk

_STATES = {
    LetterStatus.SIGNED: "Signed",
    LetterStatus.FILED: "Filed",
    LetterStatus.PRINTED: "Printed",
    LetterStatus.SENT: "Sent",
    LetterStatus.VOID: "Void",
}


def state_of(row: LetterRow) -> str:
    """How far it has come, and how it left: “Mailed”."""
    if row.status is LetterStatus.SENT and row.sent_how is not None:
        return str(row.sent_how).capitalize()
    return _STATES[row.status]


class Archive(QWidget):
    """Search line and list at the left, the selected letter at the right.

    `new_wanted` asks for a letter to be written; `print_wanted`, `options_wanted` and `void_wanted`
    carry the row they are about.
    """

    new_wanted = Signal()
    print_wanted = Signal(object)
    options_wanted = Signal(object)
    void_wanted = Signal(object)
    replace_wanted = Signal()
    print_enclosed_wanted = Signal(object)
    print_copy_wanted = Signal(object)
    replacement_wanted = Signal(object)  # the draft that takes the place of the one shown

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self.desk = desk
        self.row: LetterRow | None = None
        self._wanted: tuple[int, float] = (0, 96.0)
        self._build()
        self._search_for = desk.jobs.latest(self._find, self._show_found)
        self._ask_pages = desk.jobs.latest(self._draw, self._show_pages)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(80)  # walking down the list reads only the letter one stops at
        self._pause.timeout.connect(self._show_selected)
        bind = desk.actions.bind
        bind("letter.replace", self.replace_wanted.emit, self._why_not_void, owner=self)
        bind("letter.void", self.void, self._why_not_void, owner=self)
        bind("visit.open_patient", self.open_patient, self._why_no_row, owner=self)
        bind("edit.edit", lambda: None, self._why_not_edit, owner=self)

    # -- building -----------------------------------------------------------------------------

    def _build(self) -> None:
        desk = self.desk
        formats = desk.office.formats
        self.search = SearchLine(
            "Find a letter", "Find a letter: patient, subject, address", desk.theme
        )
        self.search.installEventFilter(self)
        self.search.textChanged.connect(self.reload)
        self.list = RowsView(
            desk.theme,
            [
                Column("Filed", lambda row: formats.date(row.filed_at.date()), _filed, width=11),
                Column("Patient", lambda row: row.patient_name, width=22),
                Column("Subject", lambda row: row.subject, width=0),
                Column("State", state_of, width=8),
            ],
            "Letters, newest first",
        )
        self.list.setSelectionMode(RowsView.SelectionMode.SingleSelection)
        self.list.selectionModel().currentRowChanged.connect(self._moved)
        self.list.chosen.connect(lambda _: self.pages.setFocus())
        self.list.installEventFilter(self)
        self.empty = EmptyState(desk.theme, "mail", "No letters yet", "")
        self.lists = QStackedWidget()
        self.lists.addWidget(self.list)
        self.lists.addWidget(self.empty)

        left = QWidget()
        left.setMinimumWidth(420)
        side = QVBoxLayout(left)
        side.setContentsMargins(24, 16, 16, 16)
        side.setSpacing(8)
        self.new_button = PlainButton("New letter", self.new_wanted.emit, tip="New letter (Ctrl+N)")
        desk.theme.wear(self.new_button, "plus")
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.search, 1)
        top.addWidget(self.new_button)
        side.addLayout(top)
        side.addWidget(self.lists, 1)

        self.subject = ElidedLabel("", "heading")
        self.patient = LinkButton("", self.open_patient)
        self.remark = ElidedLabel("", "muted")
        self.print_button = PrimaryButton("Print", self.print, tip="Print it again (Ctrl+P)")
        self.options_button = IconButton(
            desk.theme, "ellipsis", "Choose printer and copies", self.print_with_options
        )
        self.void_button = PlainButton(
            "Void…", self.void, tip="Mark it as not valid (Ctrl+Shift+Del)"
        )
        self.replace_button = PlainButton(
            "Replace…", self.replace_wanted.emit, tip="Write another in its place (Ctrl+Shift+Q)"
        )
        self.other_link = LinkButton("The one in its place", self._open_other)
        self._other_id: int | None = None
        self.enclosed_link = LinkButton(
            "Print with enclosures", lambda: self.print_enclosed_wanted.emit(self.row)
        )
        self.copy_link = LinkButton(
            "Print marked COPY", lambda: self.print_copy_wanted.emit(self.row)
        )
        first, second = QHBoxLayout(), QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(self.subject, 1)
        first.addWidget(self.void_button)
        first.addWidget(self.replace_button)
        first.addWidget(self.print_button)
        first.addWidget(self.options_button)
        second.setSpacing(8)
        second.addWidget(self.patient)
        second.addWidget(self.remark, 1)
        for link in (self.enclosed_link, self.copy_link, self.other_link):
            second.addWidget(link)
        self.banner = Banner(desk.theme, "danger", "")
        self.pages = PageView(desk.theme, "Pages of the letter")
        self.pages.resolution_changed.connect(self._ask_for_pages)
        head = QVBoxLayout()
        head.setContentsMargins(16, 12, 24, 12)
        head.setSpacing(4)
        head.addLayout(first)
        head.addLayout(second)
        head.addWidget(self.banner)
        self.letter = QWidget()
        column = QVBoxLayout(self.letter)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(Hairline())
        column.addWidget(self.pages, 1)
        self.nothing = EmptyState(
            desk.theme, "mail-open", "No letter selected", "Its pages are shown here."
        )
        self.shown = QStackedWidget()
        self.shown.addWidget(self.letter)
        self.shown.addWidget(self.nothing)
        self.shown.setMinimumWidth(400)
        self.shown.setCurrentWidget(self.nothing)

        self.splitter = QSplitter()
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(1)
        self.splitter.addWidget(left)
        self.splitter.addWidget(self.shown)
        self.splitter.setSizes([550, 450])
        self.splitter.setStretchFactor(0, 55)
        self.splitter.setStretchFactor(1, 45)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.splitter)

    # -- the list -----------------------------------------------------------------------------

    def take_focus(self) -> None:
        if self.list.rows.rows and not self.search.text():
            self.list.setFocus()
        else:
            self.search.setFocus()

    def reload(self) -> None:
        """Read the list anew, keeping the selection."""
        self._search_for(self.search.text())

    def select(self, letter_id: int) -> None:
        """Show one letter, whatever the search line says."""
        self.search.blockSignals(True)
        self.search.clear()
        self.search.blockSignals(False)
        self.row = self.desk.office.letters.letter(letter_id)
        self._show_found(self._find(""))

    def _find(self, query: str) -> tuple[LetterRow, ...]:
        return self.desk.office.letters.recent(query)

    def _show_found(self, rows: tuple[LetterRow, ...]) -> None:
        kept = self.row
        if kept is not None and not self.search.text() and all(row.id != kept.id for row in rows):
            # An old letter, opened from a file, beyond the newest ones listed.
            try:
                rows = (*rows, self.desk.office.letters.letter(kept.id))
            except Problem:  # its filing was undone
                kept = None
        self.list.set_rows(rows)
        if self.search.text():
            self.empty.say(
                "No letter found", "Try part of a name, of the subject or of the street."
            )
        else:
            self.empty.say(
                "No letters yet",
                "Press Ctrl+N and choose a visit, or Ctrl+Shift+L on one in the calendar: its letter is "
                "written for you, and every letter filed is kept here.",
            )
        self.lists.setCurrentWidget(self.list if rows else self.empty)
        at = next((n for n, row in enumerate(rows) if kept and row.id == kept.id), 0)
        if rows:
            self.list.setCurrentIndex(self.list.order.mapFromSource(self.list.rows.index(at, 0)))
        self._show_selected()

    def _moved(self) -> None:
        if self.isVisible():
            self._pause.start()

    # -- the letter shown ---------------------------------------------------------------------

    def _show_selected(self) -> None:
        self._pause.stop()
        may_write = self.desk.office.session.may(Permission.WRITE_LETTERS)
        self.new_button.setVisible(may_write)
        row: LetterRow | None = self.list.current_row() if self.list.rows.rows else None
        self.row = row
        self.shown.setCurrentWidget(self.letter if row else self.nothing)
        if row is None:
            return
        is_void = row.status is LetterStatus.VOID
        self.subject.setText(row.subject or "Letter")
        self.patient.setText(row.patient_name.replace("&", "&&"))
        self.patient.setAccessibleName(f"Open the file of {row.patient_name}")
        self.remark.setText(
            f"{state_of(row)} · written by {row.written_by},"
            f" {self.desk.office.formats.when(row.filed_at)}"
        )
        self.print_button.setText("Print again" if row.status.is_out else "Print")
        for button in (
            self.print_button,
            self.options_button,
            self.void_button,
            self.replace_button,
        ):
            button.setVisible(may_write and not is_void)
        self.enclosed_link.setVisible(may_write and not is_void and bool(row.enclosed_ids))
        self.copy_link.setVisible(may_write and row.status.is_out)
        self._other_id = row.replaced_by_id or row.replaces_id
        self.other_link.setVisible(self._other_id is not None)
        self.other_link.setText(
            "The one in its place" if row.replaced_by_id else "The one it replaces"
        )
        self.other_link.setAccessibleName(self.other_link.text())
        self.banner.setVisible(is_void)
        if is_void:
            reason = self.desk.office.letters.reason_void(row.id)
            self.banner.show_message("danger", reason, title="This letter is void")
        self._ask_for_pages()

    def _ask_for_pages(self) -> None:
        if self.row is not None and self.isVisible():
            self._wanted = self.row.id, self.pages.dpi
            self._ask_pages("pages")

    def _draw(self, _: str) -> tuple[int, tuple[PageImage, ...], str]:
        letter_id, dpi = self._wanted
        letters = self.desk.office.letters
        try:
            pdf = letters.pdf(letter_id)
            return letter_id, letters.pages(pdf, dpi), letters.text(pdf)
        except Problem as problem:
            return letter_id, (), str(problem)

    def _show_pages(self, drawn: tuple[int, tuple[PageImage, ...], str]) -> None:
        letter_id, images, text = drawn
        if self.row is None or self.row.id != letter_id:
            return
        self.pages.show_pages(images, text)
        if not images:
            self.banner.show_message("danger", text)
            self.banner.setVisible(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._pause.stop()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.list.rows.rows:
            self._show_selected()

    # -- what can be done with it -------------------------------------------------------------

    def print(self) -> None:
        if self.row is not None:
            self.print_wanted.emit(self.row)

    def print_with_options(self) -> None:
        if self.row is not None:
            self.options_wanted.emit(self.row)

    def void(self) -> None:
        if self.row is not None:
            self.void_wanted.emit(self.row)

    def _open_other(self) -> None:
        if self._other_id is not None:
            self.desk.go.show_letter(self._other_id)

    def open_patient(self) -> None:
        if self.row is not None:
            self.desk.go.open_patient(self.row.patient_id)

    def _why_no_row(self) -> bool | str:
        return self.row is not None or "Select a letter first."

    def why_not_print(self) -> bool | str:
        """True, or the sentence that says why the letter shown is not printed."""
        if self.row is not None and self.row.status is LetterStatus.VOID:
            return "This letter is void, so it is not printed. Write a new one from the visit."
        return self._why_no_row()

    def _why_not_void(self) -> bool | str:
        if self.row is not None and self.row.status is LetterStatus.VOID:
            return "This letter is void already."
        return self._why_no_row()

    def _why_not_edit(self) -> str:
        return (
            "A filed letter is never edited: what was sent must stay what was sent. "
            "Ctrl+Shift+Q replaces it by another one."
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows and Enter work from the search line; Delete voids from the list only."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            down = event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if watched is self.search and down and self.list.rows.rows:
                self.list.setFocus()
                return True
            if watched is self.list and event.key() == Qt.Key.Key_Delete:
                self.desk.actions.trigger("letter.void")
                return True
        return super().eventFilter(watched, event)


def _filed(row: Any) -> Any:
    return row.filed_at, row.id
