"""One document on the whole page: its pages, what is said of it, and what can be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.wording import counted
from medsec_desktop.problems import Invalid, Problem
from medsec_desktop.services.documents.records import DocumentRow, Status
from medsec_desktop.ui.patients.documents import verbs
from medsec_desktop.ui.patients.documents.facts import DocumentFacts, row_draft
from medsec_desktop.ui.patients.documents.page_tools import PageTools
from medsec_desktop.ui.patients.documents.preview import Preview
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import (
    Banner,
    ElidedLabel,
    Hairline,
    IconButton,
    PlainButton,
    PrimaryButton,
    SearchList,
    Text,
)

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_SOURCES = {
    "chosen": "added", "dropped": "dropped in", "pasted": "pasted", "scanned": "scanned",
    "made": "made here", "printed": "printed here", "imported": "imported",
}  # fmt: skip


class DocumentPage(QWidget):
    """`left` asks to go back to where it was opened from."""

    left = Signal()
    help_page = "documents"

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self.row: DocumentRow | None = None
        theme = desk.theme
        self.back = IconButton(theme, "arrow-left", "Back", self.leave, key="Esc")
        self.title = ElidedLabel("", "title")
        self.about = ElidedLabel("", "muted")
        self.print_button = PrimaryButton(
            "Print…", lambda: desk.actions.trigger("file.print"), tip="Print it (Ctrl+P)"
        )
        self.move_button = PlainButton(
            "Move…",
            lambda: desk.actions.trigger("document.move"),
            tip="Move it to another patient’s file (Ctrl+Alt+M)",
        )
        self.export_button = PlainButton(
            "Save original…",
            lambda: desk.actions.trigger("document.export"),
            tip="Save the original outside the practice (Ctrl+Alt+O)",
        )
        self.discard_button = PlainButton(
            "Put away", lambda: desk.actions.trigger("document.discard"), tip="(Ctrl+Alt+D)"
        )
        self.restore_button = PlainButton("Bring back", self.restore)
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(self.title)
        names.addWidget(self.about)
        top = QHBoxLayout()
        top.setContentsMargins(24, 16, 24, 12)
        top.setSpacing(8)
        top.addWidget(self.back, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(names, 1)
        for button in (
            self.discard_button, self.restore_button, self.move_button, self.export_button,
            self.print_button,
        ):  # fmt: skip
            top.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)

        self.preview = Preview(desk)
        self.tools = PageTools(desk, self.preview)
        self.tools.made.connect(self._made)
        self.preview.tools.insertWidget(3, self.tools)
        self.preview.opened.connect(lambda _: self._show_tools())
        self.banner = Banner(theme, "info", "")
        self.facts = DocumentFacts(desk)
        self.facts.changed.connect(self.save)
        self.facts.entered.connect(self.save)
        self.came = Text("", "muted", wrap=True)
        self.mover = SearchList(
            theme,
            desk.jobs.latest,
            lambda text: verbs.people_found(desk, text, without=self.patient_id),
            "Whose document is it?",
            placeholder="Name, birth date, phone or chart",
            two_lines=True,
            guesses=False,
        )
        self.mover.chosen.connect(self._move_to)
        self.mover_box = QWidget()
        box = QVBoxLayout(self.mover_box)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addWidget(Text("Whose document is it?", "heading"))
        box.addWidget(self.mover, 1)
        box.addWidget(PlainButton("Leave it where it is", self._stop_moving, kind="quiet"))
        side = QWidget()
        side.setFixedWidth(theme.px(320))
        right = QVBoxLayout(side)
        right.setContentsMargins(16, 12, 24, 16)
        right.setSpacing(12)
        right.addWidget(self.banner)
        right.addWidget(self.facts)
        right.addWidget(self.came)
        right.addWidget(self.mover_box, 1)
        right.addStretch(0)  # takes what is left only while nobody is looked for
        middle = QVBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.preview, 1)
        middle.addWidget(self.tools.bar_box)
        both = QHBoxLayout()
        both.setSpacing(0)
        both.addLayout(middle, 1)
        both.addWidget(Hairline(vertical=True))
        both.addWidget(side)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(top)
        whole.addWidget(Hairline())
        whole.addLayout(both, 1)
        self.mover_box.hide()
        self.setFocusProxy(self.preview)

        bind = desk.actions.bind
        self.tools.bind(self)
        bind("file.print", self.print, owner=self)
        bind("form.save", self.keep, owner=self)
        bind("edit.edit", self._edit, self._may_edit, owner=self)
        bind("document.move", self.start_move, self._may_edit, owner=self)
        bind("document.export", self.export, owner=self)
        bind("document.discard", self.discard, self._may_edit, owner=self)
        bind("visit.open_patient", self.open_patient, owner=self)

    @property
    def patient_id(self) -> int | None:
        return self.row.patient_id if self.row is not None else None

    def show_document(self, document_id: int, begin: str = "") -> bool:
        """Show a document; with `begin` "move", ask at once whose it is. False where it is gone."""
        row = guarded(self._desk, lambda: self._desk.office.documents.document(document_id))
        if row is None:
            return False
        self._stop_moving()
        self._show(row)
        if begin == "move":
            self.start_move()
        return True

    def reload(self) -> bool:
        """Show what is on record now; False where the document is gone."""
        if self.row is None:
            return False
        try:
            row = self._desk.office.documents.document(self.row.id)
        except Problem:
            return False
        self._show(row)
        return True

    # -- what can be done

    def save(self) -> None:
        """Keep what the form says, if it says anything new."""
        row = self.row
        if row is None or not self.isVisible() or not self.facts.is_changed:
            return
        self.facts.clear_problems()
        try:
            draft = self.facts.draft(row.version)
            self._desk.office.documents.amend(row.id, draft)
        except Invalid as problem:
            self.facts.complain(problem)
        except Problem as problem:
            self._desk.messages.problem(problem)
        else:
            self._desk.messages.say(f"“{draft.title.strip()}”: changed.", undo=True)

    def keep(self) -> None:
        """Ctrl+S: the pages as they lie, and what is said of them."""
        self.save()
        self.tools.keep()

    def print(self) -> None:
        if self.row is not None:
            verbs.print_document(self._desk, self.row, self)

    def export(self) -> None:
        if self.row is not None:
            verbs.export_document(self._desk, self.row)

    def discard(self) -> None:
        if self.row is not None and verbs.discard_document(self._desk, self.row):
            self.left.emit()

    def restore(self) -> None:
        if self.row is not None:
            verbs.restore_document(self._desk, self.row)

    def start_move(self) -> None:
        """Ask whose document it is."""
        self.mover_box.show()
        self.mover.line.clear()
        self.mover.again()
        self.mover.setFocus()

    def open_patient(self) -> None:
        if self.patient_id is not None:
            self._desk.go.open_patient(self.patient_id)

    def leave(self) -> None:
        """Back; pages that lie differently are told of, not lost."""
        if self.mover_box.isVisible():
            self._stop_moving()
            self.preview.setFocus()
        elif self.preview.strip.is_arranged:
            self._desk.messages.say(
                "The pages are not kept as they lie now.",
                tone="info",
                offers=[("Keep them", self.tools.keep), ("Leave them", self._leave_pages)],
            )
        else:
            self.save()
            self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not event.modifiers():
            self.leave()
        else:
            super().keyPressEvent(event)

    # -- inside

    def _show(self, row: DocumentRow) -> None:
        desk = self._desk
        self.row = row
        may = desk.office.session.may
        edits = may(Permission.EDIT_PATIENTS)
        is_away = row.status is Status.DISCARDED
        self.title.setText(row.title)
        self.title.setAccessibleName(f"Document {row.title}")
        self.about.setText("  ·  ".join(self._about(row)))
        self.facts.setEnabled(edits)
        if not self.facts.isVisible() or not self.facts.is_changed:
            self.facts.show_draft(row_draft(row))
        self.came.setText(self._came(row))
        self.banner.setVisible(is_away)
        if is_away:
            self.banner.show_message("info", "It is kept, but not listed in the file.",
                                     title="Put away")  # fmt: skip
        self.discard_button.setVisible(edits and not is_away)
        self.move_button.setVisible(edits and not is_away and row.patient_id is not None)
        self.restore_button.setVisible(edits and is_away)
        self.export_button.setVisible(may(Permission.EXPORT_DATA))
        self.preview.show_document(row.id)
        self._show_tools()

    def _show_tools(self) -> None:
        row = self.row
        may = (
            row is not None
            and row.status is not Status.DISCARDED
            and row.kind != "form"
            and self._desk.office.session.may(Permission.EDIT_PATIENTS)
            and self.preview.page_count > 0
        )
        self.tools.show_row(row, may=may)

    def _about(self, row: DocumentRow) -> list[str]:
        about = []
        if row.patient_id is not None:
            (hit,) = self._desk.office.patients.hits((row.patient_id,))
            about.append(hit.name.listed)
        else:
            about.append("To be sorted")
        about += [row.category] if row.category else []
        about.append(self._desk.office.formats.date(row.shown_on))
        about.append(counted(row.pages, "page"))
        return about

    def _came(self, row: DocumentRow) -> str:
        how = _SOURCES.get(row.source, "filed")
        when = self._desk.office.formats.when(row.filed_at)
        who = f" by {row.filed_by}" if row.filed_by else ""
        named = f" as “{row.original_name}”" if row.original_name else ""
        return f"{how.capitalize()}{named} {when}{who}. {_size(row.size_bytes)}."

    def _made(self, row: DocumentRow) -> None:
        self._show(row)
        self.preview.setFocus()

    def _move_to(self, patient_id: int) -> None:
        if self.row is not None and not self.mover_box.isHidden():
            moved = verbs.move_document(self._desk, self.row, patient_id)
            if moved is not None:
                self._stop_moving()
                self._show(moved)
                self.preview.setFocus()

    def _stop_moving(self) -> None:
        self.mover_box.hide()

    def _leave_pages(self) -> None:
        self.preview.strip.put_back()
        self.left.emit()

    def _edit(self) -> None:
        self.facts.title.setFocus()
        self.facts.title.selectAll()

    def _may_edit(self) -> bool | str:
        if self.row is None or self.row.status is Status.DISCARDED:
            return "This document is put away: bring it back first."
        if not self._desk.office.session.may(Permission.EDIT_PATIENTS):
            return "Your log-in may look at documents but not change them."
        return True


def _size(size_bytes: int) -> str:
    if size_bytes < 1024 * 1024:
        return f"{max(1, round(size_bytes / 1024)):,} KB"
    return f"{size_bytes / 1024 / 1024:,.1f} MB"
