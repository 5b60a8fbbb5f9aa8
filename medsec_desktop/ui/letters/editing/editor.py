"""The whole editor: the bar, the sheet, and beside it the fields and questions of a template."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import Signal
from PySide6.QtGui import QContextMenuEvent, QImage
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget
from shiboken6 import isValid

from medsec_desktop.domain.paper import MM, Paper
from medsec_desktop.domain.writing.document import (
    Align,
    Condition,
    Document,
    Insert,
    ListKind,
    PageBreak,
    Picture,
    Question,
    Style,
)
from medsec_desktop.domain.writing.fields import INSERTS
from medsec_desktop.ui.actions import BY_ID
from medsec_desktop.ui.letters.editing import commands, inserting, marks, storing
from medsec_desktop.ui.letters.editing.completion import FieldCompletion
from medsec_desktop.ui.letters.editing.fields import FieldList
from medsec_desktop.ui.letters.editing.forms import RULES, ConditionForm, PictureForm, TableForm
from medsec_desktop.ui.letters.editing.page_edit import PageEdit
from medsec_desktop.ui.letters.editing.painting import Stationery
from medsec_desktop.ui.letters.editing.tools import Tools
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import Hairline

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_PICTURE_FILES = "Pictures (*.png *.jpg *.jpeg *.gif *.bmp *.tif *.tiff *.webp)"


class Pictures(Protocol):
    """Where the pictures of letters are kept."""

    def take(self, path: str) -> tuple[str, float]:
        """Keep the picture of a file; its hash and width in mm. Raises Problem."""

    def get(self, sha256: str) -> bytes:
        """Its bytes."""


class DocumentEditor(QWidget):
    """Edits a `Document`. `changed` says that something was typed; `document()` is how it stands now."""

    changed = Signal()

    def __init__(
        self,
        desk: Desk,
        pictures: Pictures,
        *,
        takes_fields: bool = True,
        parent: QWidget | None = None,
    ):
        super().__init__(parent)
        self._desk = desk
        self._pictures = pictures
        self._images: dict[str, QImage] = {}
        self.fields = FieldList()
        self.questions: tuple[Question, ...] = ()
        self.page = _Sheet(self, takes_fields)
        self.page.setAccessibleName(
            "Text of the template" if takes_fields else "Text of the letter"
        )
        self.completion = FieldCompletion(self.page)
        self.tools = Tools(desk.theme, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tools)
        column.addWidget(Hairline())
        column.addWidget(self.page, 1)
        self.setFocusProxy(self.page)
        self.page.changed.connect(self.changed)
        self._bind()

    # -- the document -------------------------------------------------------------------------

    def set_document(self, document: Document, *, keeps_place: bool = False) -> None:
        """Show a document; what stood there before cannot be brought back by Undo."""
        place = self.page.textCursor().position() if keeps_place else 0
        self.questions = document.questions
        for block in document.blocks:
            if isinstance(block, Picture):
                self._load(block.sha256)
        self.page.set_document(document)
        if keeps_place:
            self._stand_at(place)

    def put_document(self, document: Document) -> None:
        """Show a document in the place of this one, the cursor where it was; one Undo brings this one back."""
        place = self.page.textCursor().position()
        self.questions = document.questions
        for block in document.blocks:
            if isinstance(block, Picture):
                self._load(block.sha256)
        self.page.put_document(document)
        self._stand_at(place)

    def _stand_at(self, place: int) -> None:
        cursor = self.page.textCursor()
        cursor.setPosition(min(place, self.page.document().characterCount() - 1))
        self.page.setTextCursor(cursor)

    def go_to_text(self) -> None:
        """Put the cursor where the text begins, below the subject."""
        block = self.page.document().begin()
        while block.isValid() and marks.style_of(block.blockFormat()) is Style.SUBJECT:
            block = block.next()
        cursor = self.page.textCursor()
        cursor.setPosition(block.position() if block.isValid() else 0)
        self.page.setTextCursor(cursor)

    def document(self) -> Document:
        """What stands on the paper."""
        return Document(self.page.blocks(), self.page.language, self.questions)

    def place(self) -> tuple[int, float]:
        """Where one types: the block of the document, and how far in its words, from 0 to 1."""
        return storing.place_of(self.page.textCursor())

    def set_questions(self, questions: tuple[Question, ...]) -> None:
        """Ask these while merging."""
        self.questions = questions
        self.fields.set_questions(questions)
        self.page.fields_changed()
        self.changed.emit()

    def set_paper(
        self, paper: Paper, stationery: Stationery | None = None, *, has_letterhead: bool = True
    ) -> None:
        """Which sheet it prints on, and what stands around its words."""
        self.page.set_stationery(stationery or Stationery())
        self.page.set_paper(paper, has_letterhead=has_letterhead)

    def image(self, sha256: str) -> QImage | None:
        """A picture that was loaded; None for one that is missing."""
        return self._images.get(sha256)

    def _load(self, sha256: str) -> None:
        if sha256 not in self._images:
            image = QImage()
            content = guarded(self._desk, lambda: self._pictures.get(sha256))
            if content is not None:
                image.loadFromData(content)
            self._images[sha256] = image

    # -- putting in ---------------------------------------------------------------------------

    def insertions(self) -> list[tuple[str, Callable[[], object], str]]:
        """What the Insert menu offers: words, what they do, and their key."""
        found: list[tuple[str, Callable[[], object], str]] = []
        if self.page.takes_fields:
            found.append(("Field…", self.ask_field, BY_ID["write.field"].key))
        found += [
            ("Table…", self.ask_table, BY_ID["write.table"].key),
            ("Picture…", self.ask_picture, BY_ID["write.picture"].key),
            ("Page break", self.break_page, BY_ID["write.break"].key),
        ]
        if self.page.takes_fields:
            for kind, words in INSERTS.items():
                found.append((words, partial(self.insert_block, kind), ""))
        return found

    def break_page(self) -> None:
        """What follows begins on the next page."""
        self.insert_alone(PageBreak())

    def format(self, what: Style | Align | ListKind) -> None:
        """Give the paragraphs selected a style or an alignment, or make a list of them."""
        cursor = self.page.textCursor()
        if isinstance(what, Style):
            commands.set_style(cursor, what)
        elif isinstance(what, Align):
            commands.set_align(cursor, what)
        else:
            commands.set_list(cursor, what)
        self.page.setFocus()
        self.tools.show_place()

    def toggle_look(self, look: str) -> None:
        """Bold, italic or underlined, on or off."""
        commands.toggle(self.page, look)
        self.page.setFocus()
        self.tools.show_place()

    def _bind(self) -> None:
        bind = self._desk.actions.bind
        for look in commands.LOOKS:
            bind(f"write.{look}", partial(self.toggle_look, look), owner=self)
        for what in (*Style, *Align, ListKind.BULLET, ListKind.NUMBER, ListKind.TICK):
            bind(f"write.{what}", partial(self.format, what), owner=self)
        bind("write.break", self.break_page, owner=self)
        bind("write.table", self.ask_table, owner=self)
        bind("write.picture", self.ask_picture, owner=self)
        if self.page.takes_fields:
            bind("write.field", self.ask_field, owner=self)
            bind("write.condition", self.ask_condition, owner=self)
            bind("write.stretch", self.toggle_stretch, owner=self)

    def insert_field(self, name: str) -> None:
        """Put a chip in at the cursor."""
        inserting.insert_field(self.page, name)
        self.page.setFocus()

    def insert_block(self, kind: str) -> None:
        """Put a block in that the program fills in."""
        self.insert_alone(Insert(kind))  # type: ignore[arg-type]

    def insert_alone(self, block: Insert | PageBreak | Picture) -> None:
        """Put something in that stands in no line of words."""
        reason = inserting.why_not_alone(self.page)
        if reason:
            self._desk.messages.not_now(reason)
            return
        inserting.insert_alone(self.page, block)
        self.page.setFocus()

    def ask_field(self) -> None:
        """As if a brace were typed: the list of fields opens at the cursor."""
        self.page.setFocus()
        self.page.insertPlainText("{")
        self.page.brace_typed.emit()

    def ask_table(self) -> None:
        """Ask how large a table is to be."""
        reason = inserting.why_not_alone(self.page)
        if reason:
            self._desk.messages.not_now(reason)
            return

        def insert(rows: int, columns: int, rules: str) -> None:
            inserting.insert_table(self.page, commands.new_table(rows, columns, rules))
            self.page.setFocus()

        TableForm(insert, self.window()).open()

    def ask_picture(self) -> None:
        """Ask for the file of a picture; where one is selected already, for its size and words."""
        shown = commands.picture_here(self.page.textCursor())
        if shown is not None:
            PictureForm(shown, self._widest_mm, self._change_picture, self.window()).open()
            return
        reason = inserting.why_not_alone(self.page)
        if reason:
            self._desk.messages.not_now(reason)
            return
        self._desk.prompts.choose_file("Insert a picture", self._take, pattern=_PICTURE_FILES)

    def _take(self, path: str) -> None:
        """Read it away from the screen, as a camera's picture takes seconds; then ask how wide it is."""

        def taken(found: tuple[str, float]) -> None:
            if not isValid(self):
                return  # the letter was left meanwhile
            sha256, width_mm = found
            self._load(sha256)
            picture = Picture(sha256, min(width_mm, self._widest_mm), "", Align.START)
            PictureForm(picture, self._widest_mm, self.insert_alone, self.window()).open()

        self._desk.jobs.run("Reading the picture", lambda _: self._pictures.take(path), taken)

    def _change_picture(self, picture: Picture) -> None:
        commands.change_picture(self.page.textCursor(), picture)
        self.page.setFocus()

    @property
    def _widest_mm(self) -> float:
        return self.page.paper_layout.paper.text_width / MM

    # -- only sometimes -----------------------------------------------------------------------

    def ask_condition(self) -> None:
        """Ask when the paragraph, or the table, of the cursor is printed."""
        here = commands.here(self.page)
        of_table = here.in_table
        what = "This table" if of_table else "This paragraph"
        if here.thing is not None:
            what = {"PICTURE": "This picture", "PAGE_BREAK": "This page break"}.get(
                here.thing.name, "This block"
            )

        def set_it(condition: Condition | None) -> None:
            commands.set_condition(self.page.textCursor(), condition, of_table=of_table)
            self.page.setFocus()

        ConditionForm(
            self._desk.theme,
            self.fields,
            what,
            here.table_when if of_table else here.when,
            set_it,
            self.window(),
        ).open()

    def toggle_stretch(self) -> None:
        """Let the words selected disappear with an empty field among them, or no longer."""
        reason = commands.why_no_stretch(self.page)
        if reason:
            self._desk.messages.not_now(reason)
        else:
            commands.toggle_stretch(self.page)
        self.tools.show_place()
        self.page.setFocus()

    def table_manners(self) -> list[tuple[str, Callable[[], object]]]:
        """How the table of the cursor may be drawn."""
        table = self.page.textCursor().currentTable()
        if table is None:
            return []
        form = table.format()
        found: list[tuple[str, Callable[[], object]]] = [
            (f"Lines: {words.lower()}", lambda rules=rules: commands.set_table(table, rules=rules))
            for rules, words in RULES.items()
            if rules != marks.rules_of(form)
        ]
        heads = marks.head_rows_of(form)
        words = (
            "Do not repeat the first row on the next page"
            if heads
            else "Repeat the first row on the next page"
        )
        found.append((words, lambda: commands.set_table(table, head_rows=0 if heads else 1)))
        return found


class _Sheet(PageEdit):
    """The sheet with the menu of its editor."""

    def __init__(self, editor: DocumentEditor, takes_fields: bool):
        super().__init__(
            editor._desk.theme,
            editor.fields,
            editor.image,
            takes_fields=takes_fields,
            parent=editor,
        )
        self._editor = editor

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        document = self.document()
        for words, key, act, is_on in (
            ("Undo", "Ctrl+Z", self.undo, document.isUndoAvailable()),
            ("Redo", "Ctrl+Shift+Z", self.redo, document.isRedoAvailable()),
            ("", "", None, False),
            ("Cut", "Ctrl+X", self.cut, self.textCursor().hasSelection()),
            ("Copy", "Ctrl+C", self.copy, self.textCursor().hasSelection()),
            ("Paste", "Ctrl+V", self.paste, self.canPaste()),
            ("Select all", "Ctrl+A", self.selectAll, True),
        ):
            if act is None:
                menu.addSeparator()
                continue
            action = menu.addAction(words)
            action.setShortcut(key)
            action.setEnabled(is_on)
            action.triggered.connect(lambda _=False, act=act: act())
        menu.addSeparator()
        looks = self._editor.tools.format_menu()
        looks.setTitle("Format")
        looks.setParent(menu, looks.windowFlags())
        menu.addMenu(looks)
        if commands.picture_here(self.textCursor()) is not None:
            menu.addAction("Picture…").triggered.connect(lambda _=False: self._editor.ask_picture())
        if self.takes_fields:
            menu.addAction("Only if…").triggered.connect(
                lambda _=False: self._editor.ask_condition()
            )
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(event.globalPos())
