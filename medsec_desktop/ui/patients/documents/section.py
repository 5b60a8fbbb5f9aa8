"""In a patient's file: her documents, taken in here by drag, paste or choice, and the forms to print."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu, QWidget

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.wording import counted
from medsec_desktop.services.documents.records import DocumentRow
from medsec_desktop.services.patients import PatientFile
from medsec_desktop.ui.patients.documents import verbs
from medsec_desktop.ui.patients.documents.form_card import FormCard
from medsec_desktop.ui.patients.documents.intake import DropGround, Intake
from medsec_desktop.ui.patients.file_section import GrowingSection
from medsec_desktop.ui.patients.sections.record_lines import RecordLine, RecordLines, Words
from medsec_desktop.ui.widgets import Choice, LinkButton, Text

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_ALL, _PUT_AWAY = "all", "put away"


class DocumentsSection(GrowingSection):
    """The list, by date, filtered by category; `live_on` makes a whole screen take drops."""

    step = 50

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__("Documents", desk, parent)
        self.intake = Intake(desk, self._whose, self)
        self.filter = Choice([(_ALL, "All categories")])
        self.filter.setAccessibleName("Documents shown")
        self.filter.setMinimumContentsLength(16)
        self.filter.activated.connect(lambda _: self.redraw())
        self.form_button = LinkButton(
            "Print a form…", lambda: desk.actions.trigger("document.form")
        )
        self.add_button = LinkButton("Add…", lambda: desk.actions.trigger("document.add"))
        self.add_button.setAccessibleName("Add documents")
        self.add_button.setToolTip("Add documents; or drop files here, or paste them (Ctrl+V)")
        for part in (self.filter, self.form_button, self.add_button):
            self.header.addWidget(part)
        self._out = Text("", "muted", wrap=True)
        self._lines = RecordLines(
            desk.theme, Words("body", 3), Words("muted", 2), Words("muted"), spacing=4
        )
        self.rows.addWidget(self._out)
        self.rows.addWidget(self._lines)
        self.card = FormCard(desk)
        self.card.left.connect(self.form_button.setFocus)
        self.card.hide()
        self.body.addWidget(self.card)

    def live_on(self, screen: QWidget) -> None:
        """Take drops and the keys of documents on all of this screen."""
        self.drops = DropGround(screen, self.intake, self._drop_words)
        bind = self._desk.actions.bind
        bind("document.add", self.intake.choose, owner=screen)
        bind("document.paste", self.intake.paste, owner=screen)
        bind("document.form", self.ask_form, owner=screen)

    def show_file(self, file: PatientFile) -> None:
        if self._file is None or self._file.id != file.id:
            self.card.hide()
            self.filter.set_value(_ALL)
        super().show_file(file)

    def draw(self, file: PatientFile) -> None:
        office = self._desk.office
        may = office.session.may(Permission.EDIT_PATIENTS)
        self.add_button.setVisible(may)
        self.form_button.setVisible(may)
        rows = office.documents.of_patient(file.id)
        away = office.documents.of_patient(file.id, put_away=True)
        self._offer(rows, len(away))
        self.heading.setText(f"Documents ({len(rows):,})" if rows else "Documents")
        self._draw_forms(file)
        chosen = self.filter.value()
        if chosen == _PUT_AWAY:
            shown = away
        else:
            shown = tuple(row for row in rows if chosen in (_ALL, row.category_id))
        self._lines.show_lines([*map(self._line, shown[: self._shown])])
        words = "None in this category."
        if not rows and chosen == _ALL:
            how = "None yet: drop a file anywhere on this screen, or paste a picture."
            words = how if may else "None on file."
        self.say("" if shown else words)
        self.offer_more(len(shown))

    def ask_form(self) -> None:
        """Offer the forms there are (Print a form…)."""
        if self._file is not None:
            self.card.start(self._file)
            self.form_opened.emit(self.card)

    # -- inside

    def _whose(self) -> tuple[int, str] | None:
        return None if self._file is None else (self._file.id, self._file.name.spoken)

    def _drop_words(self) -> str:
        whose = self._whose()
        return f"Drop it into the file of {whose[1]}" if whose else ""

    def _offer(self, rows: tuple[DocumentRow, ...], away: int) -> None:
        """In the filter only what there is something of."""
        used = {row.category_id: row.category or "No category" for row in rows}
        pairs: list[tuple[object, str]] = [(_ALL, "All categories")]
        pairs += sorted(used.items(), key=lambda pair: pair[1].casefold())
        if away:
            pairs.append((_PUT_AWAY, f"Put away ({away:,})"))
        self.filter.set_pairs(pairs)
        self.filter.setVisible(len(pairs) > 2 or bool(away))

    def _draw_forms(self, file: PatientFile) -> None:
        """The forms that are out."""
        out = [
            form
            for form in self._desk.office.printed_forms.of_patient(file.id)
            if form.document_id is None and form.printed_at is not None
        ]
        told = []
        for form in out[:3]:
            assert form.printed_at is not None
            day = self._desk.office.formats.date(form.printed_at.date())
            told.append(f"{form.title}: printed {day}, not back yet")
        self._out.setText("\n".join(told))
        self._out.setVisible(bool(told))

    def _line(self, row: DocumentRow) -> RecordLine:
        day = self._desk.office.formats.date(row.shown_on)
        pages = counted(row.pages, "page")
        return RecordLine(
            day,
            (row.title, row.category, pages),
            partial(self._open, row),
            f"{row.title}, {day}",
            "Open the document",
            partial(self._menu, row),
            f"What can be done with {row.title}",
        )

    def _open(self, row: DocumentRow) -> None:
        self._desk.go.open_document(row.id)

    def menu_of(self, row: DocumentRow) -> QMenu:
        """What can be done with one of them, as a menu."""
        desk = self._desk
        may = desk.office.session.may
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        edits = may(Permission.EDIT_PATIENTS)
        is_away = row.status == "discarded"
        offered = [
            ("Open", "eye", lambda: desk.go.open_document(row.id), True),
            ("Print…", "printer", lambda: verbs.print_document(desk, row, self), True),
            ("Rename…", "pencil", lambda: verbs.rename_document(desk, row), edits),
            ("Move to another patient…", "arrow-right-left",
             lambda: desk.go.open_document(row.id, begin="move"), edits and not is_away),
            ("Save the original…", "file-down", lambda: verbs.export_document(desk, row),
             may(Permission.EXPORT_DATA)),
            ("Bring back", "undo-2", lambda: verbs.restore_document(desk, row), edits and is_away),
            ("Put away", "archive", lambda: verbs.discard_document(desk, row),
             edits and not is_away),
        ]  # fmt: skip
        for text, icon, run, is_offered in offered:
            if is_offered:
                entry = menu.addAction(text)
                entry.triggered.connect(lambda _=False, run=run: run())
                desk.theme.wear(entry, icon)
        return menu

    def _menu(self, row: DocumentRow, button: QWidget) -> None:
        self.menu_of(row).popup(button.mapToGlobal(QPoint(0, button.height())))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.card.isVisible():
            self.card.leave()
        else:
            super().keyPressEvent(event)
