"""The panel that changes one template: its sheet, and beside it how a patient would get it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from medsec_desktop.domain.letters import LANGUAGES
from medsec_desktop.domain.paper import paper_named
from medsec_desktop.domain.writing.document import Question
from medsec_desktop.domain.writing.template import (
    TOPICS,
    WITHOUT_LETTERHEAD,
    Template,
    template_from,
    template_stored,
)
from medsec_desktop.services.letters.templates import TemplateDetail
from medsec_desktop.ui.letters.editing.editor import DocumentEditor
from medsec_desktop.ui.letters.editing.field_tree import FieldTree
from medsec_desktop.ui.letters.editing.question_list import QuestionList
from medsec_desktop.ui.letters.print_sheet import choose_printer, save_pages
from medsec_desktop.ui.letters.stationery import stationery
from medsec_desktop.ui.letters.templates.trial_view import TrialView
from medsec_desktop.ui.report import guarded
from medsec_desktop.ui.widgets import Choice, ElidedLabel, Hairline, PlainButton, PrimaryButton
from medsec_desktop.ui.widgets.buttons import TabButton

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_PAUSE_MS = 40  # of typing, before the letter beside the sheet is drawn anew


class TemplatePanel(QWidget):
    """One template being changed. `saved` carries it as it was kept, `left` says the panel is to go."""

    draft_kind = "letter-template"
    help_page = "letter-templates"

    saved = Signal(object)
    left = Signal()

    def __init__(self, desk: Desk, detail: TemplateDetail, parent: QWidget | None = None):
        super().__init__(parent)
        self.desk = desk
        self.detail = detail
        self._opened: Template | None = detail.template
        self._filling = False
        self.setProperty("kind", "surface")
        self._build()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._preview)
        self._fill(detail.template)
        desk.actions.bind("form.save", self.save, owner=self, text=lambda: "Save the template")
        desk.actions.bind("file.print", self.test_print, owner=self)
        desk.actions.bind("write.question", self.ask_question, owner=self)

    # -- building -----------------------------------------------------------------------------

    def _build(self) -> None:
        desk = self.desk
        self.title = QLineEdit()
        self.title.setAccessibleName("Name of the template")
        self.title.setMaxLength(80)
        self.about = Choice((topic, f"About {words}") for topic, words in TOPICS.items())
        self.about.setAccessibleName("What the template is about")
        self.where = ElidedLabel("", "muted")
        self.editor = DocumentEditor(desk, desk.office.letter_pictures)
        self.trial = TrialView(desk)
        self.tree = FieldTree(self.editor.fields)
        self.questions = QuestionList(desk.theme)
        self.tree.field_chosen.connect(self.editor.insert_field)
        self.tree.block_chosen.connect(self.editor.insert_block)
        self.questions.put_in.connect(self.editor.insert_field)
        self.questions.changed.connect(self._take_questions)
        self.sides = QStackedWidget()
        head = QFrame()
        head.setObjectName("segments")
        bar = QHBoxLayout(head)
        bar.setContentsMargins(12, 6, 16, 6)
        bar.setSpacing(8)
        group = QButtonGroup(self)
        self.side_buttons = []
        for words, side in (
            ("Preview", self.trial),
            ("Fields", self.tree),
            ("Questions", self.questions),
        ):
            self.sides.addWidget(side)
            button = TabButton(words, lambda side=side: self._show_side(side))
            group.addButton(button)
            bar.addWidget(button)
            self.side_buttons.append(button)
        bar.addStretch(1)
        self.side_buttons[0].setChecked(True)
        beside = QWidget()
        beside.setMinimumWidth(desk.theme.px(340))
        side_column = QVBoxLayout(beside)
        side_column.setContentsMargins(0, 0, 0, 0)
        side_column.setSpacing(0)
        side_column.addWidget(head)
        side_column.addWidget(Hairline())
        side_column.addWidget(self.sides, 1)
        self.splitter = QSplitter()
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(1)
        self.splitter.addWidget(self.editor)
        self.splitter.addWidget(beside)
        self.splitter.setSizes([860, 500])
        self.splitter.setStretchFactor(0, 62)
        self.splitter.setStretchFactor(1, 38)

        top = QHBoxLayout()
        top.setContentsMargins(16, 12, 16, 4)
        top.setSpacing(12)
        top.addWidget(self.title, 3)
        top.addWidget(self.about, 2)
        top.addWidget(self.where, 3)
        self.save_button = PrimaryButton("Save", self.save, tip="Keep the template (Ctrl+S)")
        self.print_button = PlainButton(
            "Test print…",
            self.test_print,
            tip="Print it for this patient, marked as a test (Ctrl+P)",
        )
        self.close_button = PlainButton("Close", self.leave, kind="quiet", tip="Close (Esc)")
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 8, 16, 12)
        foot.setSpacing(8)
        foot.addWidget(self.close_button)
        foot.addStretch(1)
        foot.addWidget(self.print_button)
        foot.addWidget(self.save_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(top)
        whole.addWidget(self.splitter, 1)
        whole.addWidget(Hairline())
        whole.addLayout(foot)
        self.editor.changed.connect(self._typed)
        self.title.textEdited.connect(lambda _: self._typed())
        self.about.currentIndexChanged.connect(self._about_changed)

    def _fill(self, template: Template) -> None:
        self._filling = True
        self.title.setText(template.title)
        self.title.setCursorPosition(0)
        self.about.set_value(template.about)
        self._say_where_from()
        profile = self.desk.office.practice.profile()
        self.editor.set_paper(
            paper_named(profile.paper),
            stationery(self.desk, template.language, ("The address", "of who gets it"), "The date"),
            has_letterhead=template.about not in WITHOUT_LETTERHEAD,
        )
        self.editor.set_document(template.document)
        self.questions.set_questions(template.document.questions)
        self.tree.fill()
        self.trial.set_topic(template.about)
        self.trial.show_document(template.document)
        self._filling = False

    def _say_where_from(self) -> None:
        language = LANGUAGES[self.detail.template.language].name
        self.where.setText(f"{language} · {ORIGINS[self.detail.origin]}")

    # -- what the window asks -----------------------------------------------------------------

    @property
    def foot_height(self) -> int:
        """How much of the foot the buttons take, with the line above them."""
        return self.height() - self.close_button.mapTo(self, QPoint(0, 0)).y() + 9

    def template(self) -> Template:
        """The template as it stands now."""
        about: Any = self.about.value()
        return replace(
            self.detail.template,
            title=self.title.text().strip(),
            about=about,
            document=self.editor.document(),
        )

    def draft_title(self) -> str:
        return f"Template: {self.title.text().strip() or self.detail.template.title}"

    def draft_state(self) -> dict[str, Any] | None:
        """What would be parked; None while the template is as it was opened."""
        now = self.template()
        if now == self._opened:
            return None
        return {"template": template_stored(now), "opened": [now.key, now.language]}

    def restore_state(self, state: dict[str, Any]) -> None:
        self._fill(template_from(state["template"]))

    def take_focus(self) -> None:
        self.editor.page.setFocus()

    # -- what one does ------------------------------------------------------------------------

    def save(self) -> None:
        """Keep the template; letters written before stay as they are."""
        wanted = replace(self.detail, template=self.template())
        kept = guarded(self.desk, lambda: self.desk.office.letters.library.save(wanted))
        if kept is not None:
            self.desk.drafts.done(self)
            self.detail = kept
            self._opened = self.template()
            self._say_where_from()
            self.desk.messages.say(f"The template “{kept.template.title}” is kept.", undo=True)
            self.saved.emit(kept)

    def leave(self) -> None:
        """Close the panel; what was changed is parked."""
        self.desk.drafts.leave(self)
        self.left.emit()

    def test_print(self) -> None:
        """Print the letter beside the sheet, marked as a test."""
        office = self.desk.office
        trial, document = self.trial.trial, self.editor.document()
        if trial is None:
            self.desk.messages.not_now("There is no patient to try it with yet.")
            return

        def pages() -> bytes:
            return office.letter_trials.test_pages(trial, document)

        def print_it(way: Any) -> None:
            self.desk.jobs.run(
                "Test print",
                lambda _: office.letters.printing.print_pdf(
                    pages(), "letters", title="Test of a template", way=way
                ),
                lambda _: self.desk.messages.say("The test page went to the printer."),
                cancellable=False,
            )

        name = self.title.text().strip() or self.detail.template.title
        choose_printer(
            self.desk,
            office.letters.printing,
            "letters",
            print_it,
            self.window(),
            save=lambda: save_pages(self.desk, office.letters.printing, pages, f"{name}, test.pdf"),
            pages=pages,
        )

    def ask_question(self) -> None:
        """Show the questions and ask for a new one."""
        self.side_buttons[2].click()
        self.questions.add()

    # -- typing -------------------------------------------------------------------------------

    def _show_side(self, side: QWidget) -> None:
        self.sides.setCurrentWidget(side)
        if side is self.trial:
            self._preview()

    def _take_questions(self, questions: tuple[Question, ...]) -> None:
        self.editor.set_questions(questions)
        self.tree.fill()

    def _about_changed(self) -> None:
        if not self._filling:
            about: Any = self.about.value()
            self.trial.set_topic(about)
            self._typed()

    def _typed(self) -> None:
        if not self._filling:
            self._pause.start()

    def _preview(self) -> None:
        if self.sides.currentWidget() is self.trial:
            self.trial.show_document(self.editor.document(), self.editor.place())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)


ORIGINS = {
    "shipped": "as it came with the program",
    "changed": "changed by the practice",
    "own": "the practice’s own",
}
