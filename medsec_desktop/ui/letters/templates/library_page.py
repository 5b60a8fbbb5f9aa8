"""All templates in a list: shipped, changed and the practice's own, each with how a patient would get it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSplitter, QVBoxLayout, QWidget

from medsec_desktop.domain.letters import LANGUAGES
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.writing.document import Document, Paragraph, Style
from medsec_desktop.domain.writing.document import Text as Words
from medsec_desktop.domain.writing.template import TOPICS, Template
from medsec_desktop.services.letters.templates import Origin, TemplateDetail
from medsec_desktop.ui.letters.templates.history import HistorySheet
from medsec_desktop.ui.letters.templates.template_panel import ORIGINS
from medsec_desktop.ui.letters.templates.trial_view import TrialView
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import (
    Choice,
    ElidedLabel,
    FastList,
    Hairline,
    ListRow,
    PlainButton,
    PrimaryButton,
    SearchLine,
)
from medsec_desktop.ui.widgets.search_list import steer

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_FILE = "Letter template (*.json)"
_MARKS = {Origin.SHIPPED: "", Origin.CHANGED: "Changed", Origin.OWN: "Own"}


class LibraryPage(QWidget):
    """Find a template, look at it, change it. `edit_wanted` carries the one to be opened; `left` is Esc."""

    help_page = "letter-templates"

    edit_wanted = Signal(object)
    left = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None):
        super().__init__(parent)
        self.desk = desk
        self.library = desk.office.letters.library
        self.setProperty("kind", "surface")
        self._rows: tuple[TemplateDetail, ...] = ()
        self._build()
        bind = desk.actions.bind
        bind("edit.edit", self.edit, self._why_not, owner=self)

    def _build(self) -> None:
        desk = self.desk
        self.search = SearchLine("Find a template", "Find a template", desk.theme)
        self.search.textChanged.connect(self._show_rows)
        self.search.installEventFilter(self)
        self.which = Choice(
            (
                ("all", "All templates"),
                *((language, words.name) for language, words in LANGUAGES.items()),
                ("changed", "Changed"),
                ("own", "The practice’s own"),
                ("off", "Switched off"),
            )
        )
        self.which.setAccessibleName("Which templates")
        self.which.setMinimumWidth(desk.theme.px(150))
        self.which.currentIndexChanged.connect(self._show_rows)
        self.list = FastList(desk.theme, "Letter templates", two_lines=True)
        self.list.chosen.connect(lambda _: self.edit())
        self.list.selectionModel().currentChanged.connect(lambda *_: self._show_selected())
        self.new_button = PlainButton("New template", self.new)
        desk.theme.wear(self.new_button, "plus")
        self.import_button = PlainButton("Import…", self.bring_in, kind="quiet")
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.search, 1)
        top.addWidget(self.which)
        under = QHBoxLayout()
        under.setSpacing(8)
        under.addWidget(self.new_button)
        under.addWidget(self.import_button)
        under.addStretch(1)
        left = QWidget()
        left.setMinimumWidth(desk.theme.px(400))
        side = QVBoxLayout(left)
        side.setContentsMargins(24, 16, 16, 16)
        side.setSpacing(8)
        side.addLayout(top)
        side.addWidget(self.list, 1)
        side.addLayout(under)

        self.title = ElidedLabel("", "heading")
        self.about = ElidedLabel("", "muted")
        self.edit_button = PrimaryButton("Edit", self.edit, tip="Change this template (F2)")
        self.more_button = PlainButton(
            "More", self._open_more, tip="Copy, restore, history, export"
        )
        self.trial = TrialView(desk)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self.title)
        words.addWidget(self.about)
        head = QHBoxLayout()
        head.setContentsMargins(16, 16, 24, 8)
        head.setSpacing(8)
        head.addLayout(words, 1)
        head.addWidget(self.more_button)
        head.addWidget(self.edit_button)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(Hairline())
        column.addWidget(self.trial, 1)
        splitter = QSplitter()
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(1)
        splitter.addWidget(left)
        splitter.addWidget(right)
        splitter.setSizes([500, 700])
        splitter.setStretchFactor(1, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(splitter)

    @property
    def foot_height(self) -> int:
        """How much of the foot the buttons below the list take."""
        return self.height() - self.new_button.mapTo(self, QPoint(0, 0)).y() + 8

    # -- the list -----------------------------------------------------------------------------

    def take_focus(self) -> None:
        self.search.setFocus()

    def reload(self) -> None:
        """Read the templates anew; the one selected stays selected."""
        kept = self.selected
        self._rows = self.library.all(active_only=False)
        self._show_rows()
        if kept is not None:
            self.select(kept.template.key, kept.template.language)

    def select(self, key: str, language: str) -> None:
        """Select a template, as far as it is listed."""
        for number in range(self.list.rows.rowCount()):
            row = self.list.rows.row(number)
            if row is not None and _name(row.value) == (key, language):
                self.list.setCurrentIndex(self.list.rows.index(number, 0))

    @property
    def selected(self) -> TemplateDetail | None:
        found = self.list.current_value()
        return found if isinstance(found, TemplateDetail) else None

    def _show_rows(self) -> None:
        which, typed = str(self.which.value()), self.search.text().casefold().split()
        self.list.set_rows(
            [
                ListRow(
                    row,
                    row.template.title,
                    f"About {TOPICS[row.template.about]} · {row.language_name}",
                    icon="file-text",
                    mark=_MARKS[row.origin] if row.is_active else "Off",
                    tone="muted" if row.is_active else "warning",
                )
                for row in self._rows
                if _is_among(row, which)
                and all(
                    word in f"{row.template.title} {row.template.about}".casefold()
                    for word in typed
                )
            ]
        )
        self._show_selected()

    def _show_selected(self) -> None:
        row = self.selected
        may = self.desk.office.session.may(Permission.WRITE_LETTERS)
        self.edit_button.setEnabled(row is not None and may)
        self.more_button.setEnabled(row is not None)
        self.new_button.setVisible(may)
        self.import_button.setVisible(may)
        if row is None:
            self.title.setText("")
            self.about.setText("")
            return
        newer = " · a newer one came with the program" if row.newer_version is not None else ""
        self.title.setText(row.template.title)
        self.about.setText(f"{row.language_name} · {ORIGINS[row.origin]}{newer}")
        self.trial.set_topic(row.template.about)
        self.trial.show_document(row.template.document)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.reload()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        pressed = isinstance(event, QKeyEvent) and event.type() == QKeyEvent.Type.KeyPress
        if watched is self.search and pressed and steer(self.list, event):
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    # -- what one does ------------------------------------------------------------------------

    def _why_not(self) -> bool | str:
        return self.selected is not None or "Select a template first."

    def edit(self) -> None:
        """Open the template selected."""
        if (row := self.selected) is not None:
            self.edit_wanted.emit(row)

    def new(self) -> None:
        """Begin a template of the practice's own."""

        def add(title: str) -> None:
            document = Document((Paragraph((Words(title),), style=Style.SUBJECT), Paragraph()))
            self._added(lambda: self.library.add(Template("", "en", title, document)))

        self.desk.prompts.ask_text("New template", "What it is called", add, button="Begin")

    def duplicate(self) -> None:
        """A copy of the one selected, the practice's own."""
        if (row := self.selected) is not None:
            self._added(lambda: self.library.duplicate(*_name(row)))

    def _added(self, add: Callable[[], TemplateDetail]) -> None:
        kept = guarded(self.desk, add)
        if kept is not None:
            self.reload()
            self.select(*_name(kept))
            self.desk.messages.say(f"The template “{kept.template.title}” is there.", undo=True)
            self.edit_wanted.emit(kept)

    def _open_more(self) -> None:
        if (row := self.selected) is not None:
            menu = self.more_menu(row)
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(self.more_button.mapToGlobal(QPoint(0, self.more_button.height() + 4)))

    def more_menu(self, row: TemplateDetail) -> QMenu:
        """What else can be done with a template."""
        menu = QMenu(self)
        may = self.desk.office.session.may(Permission.WRITE_LETTERS)
        for words, act, is_there in (
            ("Duplicate", self.duplicate, may),
            *(
                (f"Translate into {words.name}", lambda to=language: self._translate(to), may)
                for language, words in LANGUAGES.items()
                if not self._is_there(row.template.key, language)
            ),
            ("Rename…", self._rename, may),
            (
                "Offer it no longer" if row.is_active else "Offer it again",
                self._switch,
                may,
            ),
            (
                "Restore what came with the program",
                self.restore,
                may and row.origin is Origin.CHANGED,
            ),
            ("Remove", self._remove, may and row.origin is Origin.OWN),
            ("History…", self.show_history, True),
            ("Export…", self.export, True),
        ):
            if is_there:
                menu.addAction(words).triggered.connect(lambda _=False, act=act: act())
        return menu

    def _is_there(self, key: str, language: str) -> bool:
        return any(_name(row) == (key, language) for row in self._rows)

    def _do(self, said: str, act: Callable[[TemplateDetail], object]) -> None:
        row = self.selected
        if row is None:
            return
        done = guarded(self.desk, lambda: (act(row), True)[1])
        if done:
            self.reload()
            self.desk.messages.say(said.format(row.template.title), undo=True)

    def _translate(self, to: str) -> None:
        if (row := self.selected) is not None:
            self._added(lambda: self.library.translate(*_name(row), to))

    def _rename(self) -> None:
        row = self.selected
        if row is not None:
            self.desk.prompts.ask_text(
                "Rename the template",
                "What it is called",
                lambda title: self._do(
                    "The template “{}” has another name.",
                    lambda row: self.library.rename(*_name(row), title),
                ),
                value=row.template.title,
                button="Rename",
            )

    def _switch(self) -> None:
        row = self.selected
        if row is not None:
            said = "“{}” is not offered any more." if row.is_active else "“{}” is offered again."
            self._do(said, lambda row: self.library.set_active(*_name(row), not row.is_active))

    def restore(self) -> None:
        """The shipped template in the place of the practice's copy."""
        self._do(
            "“{}” is again as it came with the program.",
            lambda row: self.library.restore(*_name(row)),
        )

    def _remove(self) -> None:
        self._do("The template “{}” is removed.", lambda row: self.library.remove(*_name(row)))

    def show_history(self) -> None:
        """Who changed what, and when."""
        row = self.selected
        if row is not None:
            HistorySheet(self.desk, row, self.library.history(*_name(row)), self.window()).open()

    # -- files --------------------------------------------------------------------------------

    def export(self) -> None:
        """Write the template selected into a file that another practice can import."""
        row = self.selected
        if row is None:
            return
        files = self.desk.office.letters.template_files

        def write(path: str) -> None:
            if guarded(self.desk, lambda: (files.save(*_name(row), Path(path)), True)):
                self.desk.messages.say(f"The template is in {Path(path).name}.")

        name = f"{row.template.key}.{row.template.language}.json"
        self.desk.prompts.save_file("Export the template", write, name=name, pattern=_FILE)

    def bring_in(self) -> None:
        """Take a template from a file, as the practice's own."""

        files = self.desk.office.letters.template_files

        def take(path: str) -> None:
            self._added(lambda: files.bring_in(Path(path)))

        self.desk.prompts.choose_file("Import a template", take, pattern=_FILE)


def _is_among(row: TemplateDetail, which: str) -> bool:
    if which == "off":
        return not row.is_active
    if which in LANGUAGES:
        return row.template.language == which
    return which == "all" or str(row.origin) == which


def _name(row: TemplateDetail) -> tuple[str, str]:
    return row.template.key, row.template.language
